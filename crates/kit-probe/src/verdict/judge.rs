//! Hears events one by one and keeps counts, so that a decision costs the same for one member and for thousands. PURE.
#![warn(clippy::disallowed_methods)]

use super::member::{self, Circumstances, State};
use super::{Decision, Health, MemberStanding, Mode, Rules, Standing, Verdict, needed, words};
use crate::event::{Cause, End, Event, Fault, Sample};
use crate::target::{Member, Membership};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// Who a member is within its target; its zone is told along.
type Key<'a> = (&'a str, Option<SocketAddr>);

fn key(member: &Member) -> Key<'_> {
    (&member.id, member.address)
}

/// One target.
#[derive(Debug, Clone, Default)]
struct Target {
    /// Sorted by [`Key`].
    members: Vec<State>,
    /// Who left.
    departed: BTreeSet<(String, Option<SocketAddr>)>,
    unresolved: Option<Fault>,
    heard: bool,
    /// Rounds after the grace time in which the name did not exist.
    absences: u32,
}

impl Target {
    fn open(&self) -> bool {
        self.members.is_empty() || self.unresolved.is_some()
    }

    fn settled(&self) -> bool {
        self.heard || self.unresolved.is_some()
    }

    fn position(&self, of: Key<'_>) -> Result<usize, usize> {
        self.members.binary_search_by(|state| key(&state.member).cmp(&of))
    }
}

/// How many of the members of one id are what.
#[derive(Debug, Clone, Copy, Default)]
struct Instance {
    members: u32,
    healthy: u32,
    failed: u32,
}

/// Counts over all targets.
#[derive(Debug, Clone, Default)]
struct Counts {
    instances: BTreeMap<String, Instance>,
    healthy: u32,
    failed: u32,
    /// Members without a sample.
    waiting: u32,
    /// Targets without members, or whose name is not resolved now.
    open: u32,
    /// Targets that nothing has been heard of.
    unsettled: u32,
    /// Targets whose name was absent too often.
    absent: u32,
}

impl Counts {
    fn add(&mut self, rules: &Rules, state: &State) {
        self.waiting += u32::from(!state.sampled());
        self.change(&state.member.id, |instance| {
            instance.members += 1;
            instance.healthy += u32::from(state.healthy());
            instance.failed += u32::from(state.failed(rules));
        });
    }

    fn remove(&mut self, rules: &Rules, state: &State) {
        self.waiting -= u32::from(!state.sampled());
        self.change(&state.member.id, |instance| {
            instance.members -= 1;
            instance.healthy -= u32::from(state.healthy());
            instance.failed -= u32::from(state.failed(rules));
        });
    }

    fn change(&mut self, id: &str, how: impl FnOnce(&mut Instance)) {
        if !self.instances.contains_key(id) {
            self.instances.insert(id.to_owned(), Instance::default());
        }
        let Some(instance) = self.instances.get_mut(id) else { return };
        let marks = |instance: &Instance| {
            (u32::from(instance.members > 0 && instance.healthy == instance.members), u32::from(instance.failed > 0))
        };
        let before = marks(instance);
        how(instance);
        let after = marks(instance);
        let gone = instance.members == 0;
        self.healthy = self.healthy + after.0 - before.0;
        self.failed = self.failed + after.1 - before.1;
        if gone {
            self.instances.remove(id);
        }
    }

    fn instances(&self) -> u32 {
        u32::try_from(self.instances.len()).unwrap_or(u32::MAX)
    }
}

/// Takes events as they come.
#[derive(Debug, Clone)]
pub struct Judge {
    rules: Rules,
    targets: Vec<Target>,
    counts: Counts,
    /// The latest moment that was heard of, µs.
    clock_us: u64,
    /// Whether the condition holds, and the moment since which nothing later counts; see `may_be_taken_back`.
    decided: Option<(bool, u64)>,
    end: Option<(End, u64)>,
    private_reached: bool,
}

impl Judge {
    /// A judge who has heard nothing.
    pub fn new(rules: Rules) -> Judge {
        let targets = vec![Target::default(); rules.targets.len()];
        let open = u32::try_from(targets.len()).unwrap_or(u32::MAX);
        let counts = Counts { open, unsettled: open, ..Counts::default() };
        Judge { rules, targets, counts, clock_us: 0, decided: None, end: None, private_reached: false }
    }

    /// Takes the next event. Samples of members that are not (or no longer) known are left out.
    pub fn hear(&mut self, event: &Event) {
        if self.end.is_some() {
            return;
        }
        let (at_us, began_us) = match event {
            Event::Members { at_us, .. } | Event::NotResolved { at_us, .. } | Event::End { at_us, .. } => {
                (*at_us, *at_us)
            }
            Event::Sample(sample) => (sample.ended_us(), sample.at_us),
        };
        if let Event::End { at_us, why } = event {
            self.end = Some((*why, *at_us));
            return;
        }
        let stands =
            self.decided.is_some_and(|(holds, decided_us)| at_us > decided_us && !self.may_be_taken_back(holds));
        if stands || began_us > self.rules.deadline_us {
            return;
        }
        self.clock_us = self.clock_us.max(at_us);
        match event {
            Event::Members { at_us, target, members } => self.hear_members(*at_us, *target, members),
            Event::NotResolved { at_us, target, fault } => self.hear_not_resolved(*at_us, *target, fault),
            Event::Sample(sample) => self.hear_sample(sample),
            Event::End { .. } => {}
        }
        self.decided = self.outcome().map(|holds| (holds, self.clock_us));
    }

    fn hear_members(&mut self, at_us: u64, index: usize, members: &[Member]) {
        let Some(target) = self.targets.get_mut(index) else { return };
        self.counts.open -= u32::from(target.open());
        self.counts.unsettled -= u32::from(!target.settled());
        target.heard = true;
        target.unresolved = None;
        if !target.members.iter().map(|state| &state.member).eq(members) {
            let mut named: Vec<&Member> = members.iter().collect();
            named.sort_by(|left, right| key(left).cmp(&key(right)));
            named.dedup_by(|left, right| key(left) == key(right));
            let mut earlier: BTreeMap<(String, Option<SocketAddr>), State> = std::mem::take(&mut target.members)
                .into_iter()
                .map(|state| ((state.member.id.clone(), state.member.address), state))
                .collect();
            for member in named {
                let owned = (member.id.clone(), member.address);
                let state = match earlier.remove(&owned) {
                    Some(mut state) => {
                        state.member = member.clone();
                        state
                    }
                    None => {
                        let since_us = if target.departed.remove(&owned) { at_us } else { 0 };
                        let state = State::new(member.clone(), since_us);
                        self.counts.add(&self.rules, &state);
                        state
                    }
                };
                target.members.push(state);
            }
            for (owned, state) in earlier {
                self.counts.remove(&self.rules, &state);
                target.departed.insert(owned);
            }
        }
        self.counts.open += u32::from(target.open());
    }

    fn hear_not_resolved(&mut self, at_us: u64, index: usize, fault: &Fault) {
        let Some(target) = self.targets.get_mut(index) else { return };
        self.counts.open -= u32::from(target.open());
        self.counts.unsettled -= u32::from(!target.settled());
        target.unresolved = Some(fault.clone());
        self.counts.open += 1;
        if self.rules.mode == Mode::Hold && fault.cause == Cause::NameNotFound && at_us >= self.rules.grace_us {
            target.absences = target.absences.saturating_add(1);
            let most = self.rules.forgiven_failures().unwrap_or(0);
            self.counts.absent += u32::from(target.absences == most.saturating_add(1));
        }
    }

    fn hear_sample(&mut self, sample: &Sample) {
        let Some(target) = self.targets.get_mut(sample.target) else { return };
        let Ok(position) = target.position(key(&sample.member)) else { return };
        let state = &mut target.members[position];
        // One round is asked for: what comes after it is not part of the answer.
        let over = self.rules.mode == Mode::Once && state.sampled();
        if over || !state.takes(sample) {
            return;
        }
        self.private_reached |= state.is_private() && member::answered(sample);
        let before = (state.sampled(), state.healthy(), state.failed(&self.rules));
        state.hear(&self.rules, sample);
        let after = (state.sampled(), state.healthy(), state.failed(&self.rules));
        self.counts.waiting -= u32::from(after.0 && !before.0);
        if (before.1, before.2) != (after.1, after.2) {
            self.counts.change(&sample.member.id, |instance| {
                instance.healthy = instance.healthy + u32::from(after.1) - u32::from(before.1);
                instance.failed = instance.failed + u32::from(after.2) - u32::from(before.2);
            });
        }
    }

    /// Whether the condition holds now.
    fn holds(&self) -> bool {
        let instances = self.counts.instances();
        instances > 0 && self.counts.open == 0 && self.counts.healthy >= needed(self.rules.quorum, instances)
    }

    /// The decision at this moment, if there is one: whether the condition holds.
    fn outcome(&self) -> Option<bool> {
        let counts = &self.counts;
        let instances = counts.instances();
        let too_few = instances.saturating_sub(counts.failed) < needed(self.rules.quorum, instances);
        let lost = (counts.failed > 0 && too_few) || counts.absent > 0;
        match self.rules.mode {
            Mode::Wait if self.holds() => Some(true),
            Mode::Wait | Mode::Hold => lost.then_some(false),
            Mode::Once => (counts.unsettled == 0 && counts.waiting == 0).then(|| self.holds()),
        }
    }

    /// Whether a decision can be taken back by what is over later: health that is waited for, until the end is heard.
    fn may_be_taken_back(&self, holds: bool) -> bool {
        holds && self.rules.mode == Mode::Wait
    }

    /// Whether an answer of this member could take the decision back: it counts as healthy, and health was waited for.
    pub fn could_take_back(&self, target: usize, member: &Member) -> bool {
        let Some(target) = self.targets.get(target) else { return false };
        let healthy = || target.position(key(member)).is_ok_and(|position| target.members[position].healthy());
        self.decided.is_some_and(|(holds, _)| self.may_be_taken_back(holds)) && healthy()
    }

    /// Whether the verdict stands already, whatever samples may come: all but one that was over by the moment of the
    /// decision, and was not heard yet, and those of healthy members that are under way when health was waited for. Who ends
    /// a run hears those first and asks again.
    pub fn decision(&self) -> Decision {
        if self.decided.is_some() || self.end.is_some() { Decision::Done } else { Decision::Wait }
    }

    fn around(&self) -> Circumstances {
        Circumstances { end: self.end.map(|(why, _)| why), private_reached: self.private_reached }
    }

    /// The verdict if the run ended now. Without [`Event::End`] no answer is [`Health::Healthy`]: a recording that was cut
    /// off proves nothing.
    pub fn verdict(&self) -> Verdict {
        let instances = self.standings();
        let needed = needed(self.rules.quorum, self.counts.instances());
        let unresolved: Vec<(usize, Fault)> = (self.targets.iter().enumerate())
            .filter_map(|(index, target)| Some((index, target.unresolved.clone()?)))
            .collect();
        let health = self.health(&instances, needed);
        let why = words::one_line(&self.why(health, &instances, needed));
        let ended_us = self.end.map_or(self.clock_us, |(_, at_us)| at_us);
        let departed = (self.targets.iter().enumerate())
            .flat_map(|(index, target)| target.departed.iter().map(move |(id, _)| (index, id.clone())))
            .collect();
        Verdict { health, why, instances, unresolved, departed, needed, ended_us }
    }

    fn standings(&self) -> Vec<Standing> {
        let mut by_id: BTreeMap<&str, Vec<MemberStanding>> = BTreeMap::new();
        for (index, target) in self.targets.iter().enumerate() {
            for state in &target.members {
                let standing = state.standing(&self.rules, index, self.around(), true);
                by_id.entry(&state.member.id).or_default().push(standing);
            }
        }
        let instance = |(id, members): (&str, Vec<MemberStanding>)| Standing {
            id: id.to_owned(),
            zone: members.iter().find_map(|standing| standing.member.zone.clone()),
            health: worst(&members),
            members,
        };
        by_id.into_iter().map(instance).collect()
    }

    /// Whether the run was ended before it could tell, and how.
    fn broken_off(&self) -> Option<String> {
        let (why, at_us) = self.end?;
        if self.decided.is_some_and(|(holds, _)| why != End::Stopped || !self.may_be_taken_back(holds)) {
            return None;
        }
        let so_far = format!("after {} of {}", words::time(at_us), words::time(self.rules.deadline_us));
        match why {
            End::Stopped => Some(format!("stopped {so_far}, before it was decided")),
            End::Decided => Some(format!("ended {so_far} without a decision")),
            End::Deadline if self.rules.mode != Mode::Wait && at_us < self.rules.deadline_us => {
                Some(format!("ended {so_far}"))
            }
            End::Deadline => None,
        }
    }

    /// The answer: the lines of the table above.
    fn health(&self, instances: &[Standing], needed: u32) -> Health {
        if self.end.is_none() {
            return Health::Cut;
        }
        if self.broken_off().is_some() {
            return Health::CheckerFailed;
        }
        let condition = match self.decided {
            Some((holds, _)) => holds,
            None => self.holds(),
        };
        if condition {
            return Health::Healthy;
        }
        let name_missing =
            |target: &Target| target.unresolved.as_ref().is_some_and(|fault| fault.cause == Cause::NameNotFound);
        let number = |health: Health| instances.iter().filter(|standing| standing.health == health).count();
        let without_unhealthy = instances.len() - number(Health::Unhealthy);
        let needed = needed as usize;
        if self.counts.absent > 0
            || self.targets.iter().any(name_missing)
            || (!instances.is_empty() && without_unhealthy < needed)
        {
            return Health::Unhealthy;
        }
        let unasked = |(target, membership): (&Target, &Membership)| {
            target.unresolved.is_some() || (!target.heard && *membership == Membership::Resolved)
        };
        if self.targets.iter().zip(&self.rules.targets).any(unasked) {
            return Health::CheckerFailed;
        }
        if instances.is_empty() {
            return Health::NothingFound;
        }
        if number(Health::CheckerFailed) > 0 && without_unhealthy - number(Health::CheckerFailed) < needed {
            return Health::CheckerFailed;
        }
        if number(Health::Unreachable) > 0 { Health::Unreachable } else { Health::NothingFound }
    }

    fn why(&self, health: Health, instances: &[Standing], needed: u32) -> String {
        let total = words::count(self.counts.instances(), "instance", "instances");
        let healthy = self.counts.healthy;
        if health == Health::Cut {
            return format!(
                "the recording was cut off: it has no end, so it proves nothing ({healthy} of {total} healthy until then)"
            );
        }
        if let Some(why) = self.broken_off() {
            return format!("{why} ({healthy} of {total} healthy until then)");
        }
        if health == Health::Healthy {
            return self.why_healthy(healthy, &total);
        }
        if let Some(why) = self.why_unresolved(health) {
            return why;
        }
        if instances.is_empty() {
            return "no instance was found to ask".to_owned();
        }
        let asked = if self.rules.quorum.is_some() { format!(", {needed} must be") } else { String::new() };
        let culprit = instances.iter().find(|standing| standing.health == health);
        let detail = culprit.and_then(|standing| {
            let member = standing.members.iter().find(|member| member.health == health)?;
            Some(format!("; {}: {}", standing.id, member.why.as_deref()?))
        });
        let others = instances.iter().filter(|standing| standing.health != Health::Healthy).count().saturating_sub(1);
        let others = if others == 0 || detail.is_none() { String::new() } else { format!(", and {others} more") };
        format!("{healthy} of {total} healthy{asked}{}{others}", detail.unwrap_or_default())
    }

    fn why_healthy(&self, healthy: u32, total: &str) -> String {
        let passes = words::count(self.rules.passes_needed(), "pass", "passes");
        match self.rules.mode {
            Mode::Wait => format!("{healthy} of {total} healthy, each with {passes} in a row"),
            Mode::Hold => format!("{healthy} of {total} stayed healthy for {}", words::time(self.rules.deadline_us)),
            Mode::Once => format!("{healthy} of {total} healthy"),
        }
    }

    /// The name that is to blame, when one is.
    fn why_unresolved(&self, health: Health) -> Option<String> {
        let most = self.rules.forgiven_failures().unwrap_or(0);
        let absent = self.targets.iter().find(|target| self.counts.absent > 0 && target.absences > most);
        if let Some(target) = absent {
            return Some(format!(
                "the name of a target did not exist in {}",
                words::count(target.absences, "round", "rounds")
            ));
        }
        let blamed = |fault: &&Fault| (fault.cause == Cause::NameNotFound) == (health == Health::Unhealthy);
        if let Some(fault) = self.targets.iter().filter_map(|target| target.unresolved.as_ref()).find(blamed) {
            return Some(fault.message.clone());
        }
        let silent =
            |(target, membership): (&Target, &Membership)| !target.heard && *membership == Membership::Resolved;
        let any = health == Health::CheckerFailed && self.targets.iter().zip(&self.rules.targets).any(silent);
        any.then(|| "the name of a target was not resolved before the deadline".to_owned())
    }

    /// How a member stands now, for progress: streak and the last sample's failure. `pass_phases` is empty.
    pub fn standing(&self, target: usize, id: &str) -> Option<MemberStanding> {
        let members = &self.targets.get(target)?.members;
        let first = members.partition_point(|state| state.member.id.as_str() < id);
        let state = members.get(first).filter(|state| state.member.id == id)?;
        Some(state.standing(&self.rules, target, self.around(), false))
    }
}

/// The answer for an instance: the first that one of its members has.
fn worst(members: &[MemberStanding]) -> Health {
    let order = [Health::Unhealthy, Health::CheckerFailed, Health::Unreachable, Health::Cut];
    let has = |health: &Health| members.iter().any(|member| member.health == *health);
    order.into_iter().find(has).unwrap_or(Health::Healthy)
}
