//! The verdict over the events of a run. PURE: rules and events in, answer out; no clock, no network.
//!
//! A member is healthy at a moment when it has its passes in a row, its percentile holds over all its passes, and not more
//! of its failures count than are forgiven. A failure that began in the grace time does not count, but it ends a streak. An
//! instance (all members of one id) is healthy when all its members are. The run's condition is that the name of every
//! target is resolved, every target has a member, and at least [`needed`] of the instances are healthy.
//!
//! `wait` and `hold` are asked at their ends, and `wait` may be ended whenever the condition holds, once the probes of healthy
//! members that are under way have been heard: whoever fell silent since its last pass is not healthy. `once` is decided when
//! every member has its one sample or the time is over. `wait` and `hold` are decided against at the first moment at which so many
//! instances have used up their forgiven failures that the others are too few; for `hold`, rounds in which a name did not
//! exist count the same way.
//! A moment is all that is heard of one µs: whatever was over by the moment of a decision still counts when it is heard
//! after it, and may take the decision back; whatever was over later does not, except as just said. Nothing counts that was over after the
//! deadline (`hold`: that began after it), or that is heard after the end. Samples of members that are not known, or that began before a member came back,
//! are left out.
//!
//! When the condition did not hold, the first line that applies is the answer:
//!
//! | | what happened | answer |
//! |---|---|---|
//! | 1 | no [`End`](crate::event::End) was heard | [`Health::Cut`] |
//! | 2 | stopped, or ended without a decision, or (`hold`, `once`) at a deadline before its time | [`Health::CheckerFailed`] |
//! | 3 | a name does not exist when the run ends | [`Health::Unhealthy`] |
//! | 4 | the instances without the unhealthy ones are fewer than needed | [`Health::Unhealthy`] |
//! | 5 | a resolver failed, or never answered | [`Health::CheckerFailed`] |
//! | 6 | the instances without those and the ones that the checker could not ask are fewer than needed | [`Health::CheckerFailed`] |
//! | 7 | there are instances | [`Health::Unreachable`] |
//! | 8 | there are none | [`Health::NothingFound`] |
//!
//! What an instance is that is not healthy: the first of these that any of its members is. A member's counted failures
//! decide (those of the grace time when none counts, and what was over too late when there is nothing else):
//!
//! | | its failures | answer |
//! |---|---|---|
//! | a | one is the target's: an answer other than expected, a refusal, a certificate, a timeout after the connection | [`Health::Unhealthy`] |
//! | b | nobody answered connections, or no way to the host; except as in d | [`Health::Unhealthy`] |
//! | c | one is the checker's, or there is no route to the network; except as in d | [`Health::CheckerFailed`] |
//! | d | those of b and no route, its address is private, and no private address ever answered anything in this run | [`Health::Unreachable`] |
//! | e | none: too few passes, too slow ones | [`Health::Unhealthy`]; stopped: [`Health::CheckerFailed`]; cut: [`Health::Cut`] |
#![warn(clippy::disallowed_methods)]

mod judge;
mod member;
mod percentile;
mod phases;
mod quorum;
mod reach;
mod words;

#[cfg(test)]
pub(crate) mod histories;
#[cfg(test)]
mod model;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use judge::Judge;
pub use phases::KEPT_PASSES;
pub use quorum::needed;
pub use reach::is_private;

use crate::event::Sample;
use crate::target::Membership;
use serde::{Deserialize, Serialize};

/// What is asked of the samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Which question.
    pub mode: Mode,
    /// Passes in a row that make a member healthy; at least 1.
    pub passes: u32,
    /// `wait`: the longest time; `hold`: how long it has to stay healthy; `once`: the longest time. µs since the run began.
    pub deadline_us: u64,
    /// Failures of one member after the grace time that are still forgiven; `None`: any number (`wait`), and none (`hold`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_failures: Option<u32>,
    /// How many of the instances must be healthy; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Quorum>,
    /// Failures that began in this first time don't count, µs.
    pub grace_us: u64,
    /// A bound on the total times of each member's passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentile: Option<Percentile>,
    /// How the members of each target come about; one element a target.
    pub targets: Vec<Membership>,
}

/// Which question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Is it healthy before the deadline? Ends as soon as it is.
    Wait,
    /// Does it stay healthy for the whole time? Ends early only when it does not.
    Hold,
    /// Is it healthy now? One round.
    Once,
}

/// How many instances must be healthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quorum {
    /// So many, at least 1.
    Count(u32),
    /// So many in a hundred, 1 to 100; a part of an instance counts as a whole one.
    Percent(u32),
}

/// A bound on a percentile, by the nearest rank: of n times in order, the ⌈p·n⌉-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Percentile {
    /// Thousandths: 950 is the 95th percentile; 1 to 1000.
    pub per_mille: u32,
    /// The longest time, µs.
    pub max_us: u64,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// More samples could change the verdict.
    Wait,
    /// It is decided.
    Done,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Exit 0.
    Healthy,
    /// Exit 1.
    Unhealthy,
    /// Exit 3: the resolver or the network of the machine that checks is broken, or it was stopped.
    CheckerFailed,
    /// Exit 4: there is no way to the instances from here.
    Unreachable,
    /// Exit 4: nobody was found to ask.
    NothingFound,
    /// Exit 4: the recording has no end, so that it proves nothing.
    Cut,
}

impl Health {
    /// The exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Health::Healthy => 0,
            Health::Unhealthy => 1,
            Health::CheckerFailed => 3,
            Health::Unreachable | Health::NothingFound | Health::Cut => 4,
        }
    }
}

impl Rules {
    /// Passes in a row that are asked for; one in `once`.
    pub(crate) fn passes_needed(&self) -> u32 {
        if self.mode == Mode::Once { 1 } else { self.passes.max(1) }
    }

    /// Whether a sample was over too late to count. `hold` asks for all of its time: what began in it counts, so that
    /// nobody falls silent at the end unseen.
    pub(crate) fn late(&self, sample: &Sample) -> bool {
        self.mode != Mode::Hold && sample.ended_us() > self.deadline_us
    }

    /// Failures that are forgiven; `None`: any number.
    pub(crate) fn forgiven_failures(&self) -> Option<u32> {
        match self.mode {
            Mode::Hold => Some(self.max_failures.unwrap_or(0)),
            Mode::Wait | Mode::Once => self.max_failures,
        }
    }
}

/// How one instance stands at the end: all members of one id, over all targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// [`crate::target::Member::id`].
    pub id: String,
    /// Availability Zone.
    pub zone: Option<String>,
    /// The answer for this instance.
    pub health: Health,
    /// One for each target that it is a member of.
    pub members: Vec<MemberStanding>,
}

/// How one member of one target stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberStanding {
    /// Index of the target.
    pub target: usize,
    /// The member.
    pub member: crate::target::Member,
    /// The answer for it.
    pub health: Health,
    /// Why it is not healthy, one line; `None` when it is.
    pub why: Option<String>,
    /// Passes in a row at the end.
    pub streak: u32,
    /// All passes.
    pub passes: u32,
    /// Failures that count.
    pub failures: u32,
    /// Failures in the grace time.
    pub forgiven: u32,
    /// The first failure, forgiven ones included.
    pub first_failure: Option<Sample>,
    /// The last failure, when it is another one. A probe that failed and was over only after the deadline is one, too, but
    /// does not count.
    pub last_failure: Option<Sample>,
    /// The last sample.
    pub last: Option<Sample>,
    /// When the streak that made it healthy was complete, µs; `None` when it is not healthy.
    pub healthy_at_us: Option<u64>,
    /// Phases of each pass, for the table of times: of the first step, with the total of the whole pass (without a second
    /// step `version`). At most [`KEPT_PASSES`]: of a longer run every second one, every fourth, and so on. Empty in
    /// [`Judge::standing`].
    pub pass_phases: Vec<crate::event::Phases>,
    /// Whether anything at all ever came back from it.
    pub reached: bool,
}

/// The verdict over a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub health: Health,
    /// One line: why.
    pub why: String,
    /// Each instance, sorted by id. Members that went away are not here.
    pub instances: Vec<Standing>,
    /// Names that could not be resolved when the run ended, with the reason; target index and message.
    pub unresolved: Vec<(usize, crate::event::Fault)>,
    /// Who left the answer of a target's name while it ran and did not come back, in order; target index and id.
    pub departed: Vec<(usize, String)>,
    /// How many instances had to be healthy.
    pub needed: u32,
    /// When the run ended, µs.
    pub ended_us: u64,
}
