//! The verdict over the events of a run. PURE: rules and events in, answer out; no clock, no network.
#![warn(clippy::disallowed_methods)]

use crate::event::{Event, Sample};
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
    /// The last failure, when it is another one.
    pub last_failure: Option<Sample>,
    /// The last sample.
    pub last: Option<Sample>,
    /// When the streak that made it healthy was complete, µs; `None` when it is not healthy.
    pub healthy_at_us: Option<u64>,
    /// Phases of each pass, for percentiles and the table of times.
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
    /// How many instances had to be healthy.
    pub needed: u32,
    /// When the run ended, µs.
    pub ended_us: u64,
}

/// Takes events as they come.
#[derive(Debug, Clone)]
pub struct Judge {
    rules: Rules,
}

impl Judge {
    /// A judge who has heard nothing.
    pub fn new(rules: Rules) -> Judge {
        Judge { rules }
    }

    /// Takes the next event. Samples of members that are not (or no longer) known are left out.
    pub fn hear(&mut self, _event: &Event) {}

    /// Whether the verdict stands already, whatever samples may come.
    pub fn decision(&self) -> Decision {
        Decision::Wait
    }

    /// The verdict if the run ended now. Without [`Event::End`] no answer is [`Health::Healthy`]: a recording that was cut
    /// off proves nothing.
    pub fn verdict(&self) -> Verdict {
        Verdict {
            health: Health::NothingFound,
            why: format!("{:?}", self.rules.mode),
            instances: Vec::new(),
            unresolved: Vec::new(),
            needed: 0,
            ended_us: 0,
        }
    }

    /// How a member stands now, for progress: streak and the last sample's failure.
    pub fn standing(&self, _target: usize, _id: &str) -> Option<MemberStanding> {
        None
    }
}
