//! What is kept of one member, and how it stands. PURE.
#![warn(clippy::disallowed_methods)]

use super::phases::{self, PassPhases};
use super::{Health, MemberStanding, Mode, Rules, percentile, reach, words};
use crate::event::{Blame, Cause, End, Phases, Sample};
use crate::target::Member;
use std::sync::Arc;

/// What the failures of a member tell. Bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Evidence {
    target: bool,
    silent: bool,
    no_route: bool,
    checker: bool,
}

impl Evidence {
    fn is_empty(self) -> bool {
        self == Evidence::default()
    }

    fn add(&mut self, sample: &Sample) {
        match sample.failed_step().and_then(|step| step.fault.as_ref()).map(|fault| fault.cause) {
            Some(Cause::NetworkUnreachable) => self.no_route = true,
            Some(cause) => match cause.blame() {
                Blame::Target => self.target = true,
                Blame::Path => self.silent = true,
                Blame::Checker => self.checker = true,
            },
            None => self.target = true,
        }
    }
}

/// How the run ended, as far as a member's answer depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// `None`: it has no end.
    pub(super) end: Option<End>,
    /// Whether any private address answered anything.
    pub(super) private_reached: bool,
}

/// One member since it came.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) member: Member,
    /// Samples that began earlier are of an earlier time of this member.
    since_us: u64,
    streak: u32,
    passes: u32,
    /// Passes within the percentile's time.
    within: u32,
    failures: u32,
    forgiven: u32,
    first_failure: Option<Arc<Sample>>,
    last_failure: Option<Arc<Sample>>,
    last: Option<Arc<Sample>>,
    healthy_at_us: Option<u64>,
    kept: PassPhases,
    pub(super) reached: bool,
    counted: Evidence,
    uncounted: Evidence,
}

impl State {
    pub(super) fn new(member: Member, since_us: u64) -> State {
        State {
            member,
            since_us,
            streak: 0,
            passes: 0,
            within: 0,
            failures: 0,
            forgiven: 0,
            first_failure: None,
            last_failure: None,
            last: None,
            healthy_at_us: None,
            kept: PassPhases::new(),
            reached: false,
            counted: Evidence::default(),
            uncounted: Evidence::default(),
        }
    }

    /// Whether a sample is of this member's present time.
    pub(super) fn takes(&self, sample: &Sample) -> bool {
        sample.at_us >= self.since_us && !sample.steps.is_empty()
    }

    pub(super) fn sampled(&self) -> bool {
        self.passes > 0 || self.failures > 0 || self.forgiven > 0
    }

    pub(super) fn is_private(&self) -> bool {
        self.member.address.is_some_and(|address| reach::is_private(address.ip()))
    }

    pub(super) fn hear(&mut self, rules: &Rules, sample: &Sample) {
        let late = rules.late(sample);
        let failed = !sample.passed();
        if late && !failed {
            return;
        }
        let shared = Arc::new(sample.clone());
        self.reached |= answered(sample);
        if failed {
            self.first_failure.get_or_insert_with(|| shared.clone());
            self.last_failure = Some(shared.clone());
        }
        self.last = Some(shared);
        if late {
            self.uncounted.add(sample);
            return;
        }
        if !failed {
            self.pass(rules, sample);
        } else if sample.at_us < rules.grace_us {
            self.forgiven = self.forgiven.saturating_add(1);
            self.streak = 0;
            self.uncounted.add(sample);
        } else {
            self.failures = self.failures.saturating_add(1);
            self.streak = 0;
            self.counted.add(sample);
        }
        self.healthy_at_us = self.meets(rules).then(|| self.healthy_at_us.unwrap_or_else(|| sample.ended_us()));
    }

    fn pass(&mut self, rules: &Rules, sample: &Sample) {
        self.passes = self.passes.saturating_add(1);
        self.streak = self.streak.saturating_add(1);
        let phases = phases::of(sample);
        if rules.percentile.is_some_and(|bound| phases.total_us <= bound.max_us) {
            self.within = self.within.saturating_add(1);
        }
        self.kept.push(&phases);
    }

    fn meets(&self, rules: &Rules) -> bool {
        self.streak >= rules.passes_needed() && !self.failed(rules) && self.fast_enough(rules)
    }

    fn fast_enough(&self, rules: &Rules) -> bool {
        rules.percentile.is_none_or(|bound| percentile::holds(&bound, self.within, self.passes))
    }

    pub(super) fn healthy(&self) -> bool {
        self.healthy_at_us.is_some()
    }

    /// Whether more failures count than are forgiven.
    pub(super) fn failed(&self, rules: &Rules) -> bool {
        rules.forgiven_failures().is_some_and(|most| self.failures > most)
    }

    /// The answer: the lines a to e of the table above the verdict.
    pub(super) fn health(&self, rules: &Rules, around: Circumstances) -> Health {
        if self.healthy() {
            return if around.end.is_some() { Health::Healthy } else { Health::Cut };
        }
        let evidence = if self.counted.is_empty() { self.uncounted } else { self.counted };
        let no_way = self.is_private() && !self.reached && !around.private_reached;
        // Passes that are too few or too slow stand for themselves where no failure counts.
        let passes_decide = self.counted.is_empty() && self.passes > 0;
        if evidence.is_empty() || passes_decide {
            return match around.end {
                None => Health::Cut,
                Some(End::Stopped) if self.fast_enough(rules) => Health::CheckerFailed,
                Some(_) => Health::Unhealthy,
            };
        }
        match evidence {
            Evidence { target: true, .. } => Health::Unhealthy,
            Evidence { silent: true, .. } if !no_way => Health::Unhealthy,
            Evidence { checker: true, .. } => Health::CheckerFailed,
            Evidence { no_route: true, .. } if !no_way => Health::CheckerFailed,
            _ => Health::Unreachable,
        }
    }

    /// Why it is not healthy.
    fn why(&self, rules: &Rules, around: Circumstances) -> String {
        let last = self.last_failure.as_deref().map_or_else(String::new, |sample| {
            let late = if rules.late(sample) { ", over after the deadline" } else { "" };
            format!("; the last failure: {}{late}", words::failure(sample))
        });
        let when = match (around.end, rules.mode) {
            (None, _) => "before the recording was cut off",
            (Some(End::Stopped), _) => "before it was stopped",
            (_, Mode::Hold) => "at the end",
            _ => "before the deadline",
        };
        if let Some(most) = rules.forgiven_failures().filter(|most| self.failures > *most) {
            let most = if most == 0 {
                "none is".to_owned()
            } else {
                format!("at most {most} {}", if most == 1 { "is" } else { "are" })
            };
            return format!("{}, {most} forgiven{last}", words::count(self.failures, "failure", "failures"));
        }
        if !self.sampled() {
            return format!("no probe was over {when}{last}");
        }
        let needed = rules.passes_needed();
        if self.streak < needed {
            let when = if last.is_empty() { format!(" {when}") } else { String::new() };
            return format!("{} of {} in a row{when}{last}", self.streak, words::count(needed, "pass", "passes"));
        }
        match rules.percentile.filter(|_| !self.fast_enough(rules)) {
            Some(bound) => self.too_slow(&bound),
            // Healthy by itself: what is missing is the end of the recording.
            None => "the recording was cut off".to_owned(),
        }
    }

    fn too_slow(&self, bound: &super::Percentile) -> String {
        let name = words::ordinal(bound.per_mille);
        let passes = words::count(self.passes, "pass", "passes");
        let most = words::time(bound.max_us);
        let totals = || self.kept.to_vec().iter().map(|phases: &Phases| phases.total_us).collect();
        match self.kept.all_kept().then(|| percentile::value(bound.per_mille, totals())).flatten() {
            Some(value) => format!("the {name} percentile of {passes} is {}", words::over(value, bound.max_us)),
            None => format!(
                "{} of {passes} took longer than {most}, too many for the {name} percentile",
                self.passes - self.within
            ),
        }
    }

    pub(super) fn standing(
        &self,
        rules: &Rules,
        target: usize,
        around: Circumstances,
        with_phases: bool,
    ) -> MemberStanding {
        let health = self.health(rules, around);
        let owned = |sample: &Option<Arc<Sample>>| sample.as_deref().cloned();
        let same = self
            .first_failure
            .as_ref()
            .zip(self.last_failure.as_ref())
            .is_some_and(|(first, last)| Arc::ptr_eq(first, last));
        MemberStanding {
            target,
            member: self.member.clone(),
            health,
            why: (health != Health::Healthy).then(|| self.why(rules, around)),
            streak: self.streak,
            passes: self.passes,
            failures: self.failures,
            forgiven: self.forgiven,
            first_failure: owned(&self.first_failure),
            last_failure: if same { None } else { owned(&self.last_failure) },
            last: owned(&self.last),
            healthy_at_us: self.healthy_at_us,
            pass_phases: if with_phases { self.kept.to_vec() } else { Vec::new() },
            reached: self.reached,
        }
    }
}

/// Whether anything at all came back: an answer of any kind, a refused connection, a certificate.
pub(super) fn answered(sample: &Sample) -> bool {
    sample.steps.iter().any(|step| step.fault.as_ref().is_none_or(|fault| fault.cause.blame() == Blame::Target))
}
