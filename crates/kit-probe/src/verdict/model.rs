//! The definition of the verdict once more, as plainly as it can be said and from the whole list of events: for every
//! moment it looks at everything that was over by then. It shares no code with the judge but the rules' and events' shapes.

use super::{Health, Mode, Quorum, Rules};
use crate::event::{Cause, End, Event, Sample};
use crate::target::Member;
use std::collections::BTreeSet;
use std::net::IpAddr;

struct Moment<'a> {
    rules: &'a Rules,
    /// All that was over by this moment, in the order heard.
    events: Vec<&'a Event>,
}

fn over_us(event: &Event) -> u64 {
    match event {
        Event::Members { at_us, .. } | Event::NotResolved { at_us, .. } | Event::End { at_us, .. } => *at_us,
        Event::Sample(sample) => sample.at_us + sample.took_us,
    }
}

fn same(left: &Member, right: &Member) -> bool {
    left.id == right.id && left.address == right.address
}

impl<'a> Moment<'a> {
    /// The last list of members of a target.
    fn members(&self, of: usize) -> Vec<&'a Member> {
        let lists = self.events.iter().rev().filter_map(|event| match event {
            Event::Members { target, members, .. } if *target == of => Some(members.iter().collect()),
            _ => None,
        });
        lists.into_iter().next().unwrap_or_default()
    }

    /// The fault with which the last look at a target's name ended, if it ended with one.
    fn unresolved(&self, of: usize) -> Option<Cause> {
        let looks = self.events.iter().rev().filter_map(|event| match event {
            Event::Members { target, .. } if *target == of => Some(None),
            Event::NotResolved { target, fault, .. } if *target == of => Some(Some(fault.cause)),
            _ => None,
        });
        looks.into_iter().next().flatten()
    }

    /// The samples of a member since it was last named after not being named.
    fn samples(&self, of: usize, member: &Member) -> Vec<&'a Sample> {
        let mut here = false;
        let mut been_here = false;
        let mut since_us = 0;
        let mut samples: Vec<&Sample> = Vec::new();
        for event in &self.events {
            match event {
                Event::Members { at_us, target, members } if *target == of => {
                    let named = members.iter().any(|other| same(other, member));
                    if named && !here {
                        samples.clear();
                        since_us = if been_here { *at_us } else { 0 };
                    }
                    here = named;
                    been_here |= named;
                }
                Event::Sample(sample) if here && sample.target == of && same(&sample.member, member) => {
                    samples.extend((sample.at_us >= since_us).then_some(sample));
                }
                _ => {}
            }
        }
        if self.rules.mode == Mode::Once {
            // One round. A late one is no round, but it may be looked at for a reason.
            let in_time = samples.iter().position(|sample| !self.late(sample)).map_or(samples.len(), |first| first + 1);
            samples.truncate(in_time);
        }
        samples
    }

    fn late(&self, sample: &Sample) -> bool {
        // Who holds is asked for the whole time: all that began in it counts.
        self.rules.mode != Mode::Hold && sample.at_us + sample.took_us > self.rules.deadline_us
    }

    fn in_time(&self, of: usize, member: &Member) -> Vec<&'a Sample> {
        self.samples(of, member).into_iter().filter(|sample| !self.late(sample)).collect()
    }

    fn failures_that_count(&self, of: usize, member: &Member) -> usize {
        let counts = |sample: &&&Sample| !sample.passed() && sample.at_us >= self.rules.grace_us;
        self.in_time(of, member).iter().filter(counts).count()
    }

    fn allowed(&self) -> usize {
        match (self.rules.max_failures, self.rules.mode) {
            (Some(most), _) => most as usize,
            (None, Mode::Hold) => 0,
            (None, _) => usize::MAX,
        }
    }

    fn used_up(&self, of: usize, member: &Member) -> bool {
        self.failures_that_count(of, member) > self.allowed()
    }

    fn member_healthy(&self, of: usize, member: &Member) -> bool {
        let samples = self.in_time(of, member);
        let asked = if self.rules.mode == Mode::Once { 1 } else { self.rules.passes as usize };
        let in_a_row = samples.len() >= asked && samples[samples.len() - asked..].iter().all(|sample| sample.passed());
        let mut times: Vec<u64> = samples
            .iter()
            .filter(|sample| sample.passed())
            .map(|sample| sample.steps.iter().map(|step| step.phases.total_us).sum())
            .collect();
        times.sort();
        let fast = match self.rules.percentile {
            None => true,
            Some(_) if times.is_empty() => true,
            Some(bound) => {
                let mut rank = 1;
                while rank * 1000 < times.len() * bound.per_mille as usize {
                    rank += 1;
                }
                times[rank - 1] <= bound.max_us
            }
        };
        in_a_row && fast && !self.used_up(of, member)
    }

    fn targets(&self) -> std::ops::Range<usize> {
        0..self.rules.targets.len()
    }

    fn ids(&self) -> BTreeSet<&'a str> {
        self.targets().flat_map(|target| self.members(target)).map(|member| member.id.as_str()).collect()
    }

    fn all_of(&self, id: &str) -> Vec<(usize, &'a Member)> {
        let of = |target| self.members(target).into_iter().map(move |member| (target, member));
        self.targets().flat_map(of).filter(|(_, member)| member.id == id).collect()
    }

    fn needed(&self) -> usize {
        let all = self.ids().len();
        match self.rules.quorum {
            None => all.max(1),
            Some(Quorum::Count(count)) => count as usize,
            Some(Quorum::Percent(percent)) => (1..=all).find(|some| some * 100 >= all * percent as usize).unwrap_or(1),
        }
    }

    fn healthy(&self) -> bool {
        let everybody_known =
            self.targets().all(|target| !self.members(target).is_empty() && self.unresolved(target).is_none());
        let healthy = |id: &&&str| self.all_of(id).iter().all(|(target, member)| self.member_healthy(*target, member));
        let count = self.ids().iter().filter(healthy).count();
        everybody_known && count >= 1 && count >= self.needed()
    }

    fn absent(&self) -> bool {
        let rounds = |of: usize| {
            let absence = |event: &&&Event| match event {
                Event::NotResolved { at_us, target, fault } => {
                    *target == of && fault.cause == Cause::NameNotFound && *at_us >= self.rules.grace_us
                }
                _ => false,
            };
            self.events.iter().filter(absence).count()
        };
        self.rules.mode == Mode::Hold && self.targets().any(|target| rounds(target) > self.allowed())
    }

    fn lost(&self) -> bool {
        let bad = |id: &&&str| self.all_of(id).iter().any(|(target, member)| self.used_up(*target, member));
        let count = self.ids().iter().filter(bad).count();
        self.absent() || (count > 0 && self.ids().len() - count < self.needed())
    }

    fn every_one_asked(&self) -> bool {
        self.targets().all(|target| {
            (!self.members(target).is_empty() || self.unresolved(target).is_some())
                && self.members(target).iter().all(|member| !self.in_time(target, member).is_empty())
        })
    }

    fn decided(&self) -> Option<bool> {
        match self.rules.mode {
            // Health that is waited for is looked at when the run has ended.
            Mode::Wait | Mode::Hold if self.lost() => Some(false),
            Mode::Once if self.every_one_asked() => Some(self.healthy()),
            _ => None,
        }
    }

    /// Whether any private address answered at any time while it was a member.
    fn private_answered(&self) -> bool {
        (0..self.events.len()).any(|last| {
            let Event::Sample(sample) = self.events[last] else { return false };
            let then = Moment { rules: self.rules, events: self.events[..=last].to_vec() };
            let taken = then.samples(sample.target, &sample.member).iter().any(|other| std::ptr::eq(*other, sample));
            let is_member = then.members(sample.target).iter().any(|member| same(member, &sample.member));
            let heard_pass = !(sample.passed() && self.late(sample)) || came_back(sample);
            sample.target < self.rules.targets.len()
                && is_member
                && taken
                && private(&sample.member)
                && came_back(sample)
                && heard_pass
        })
    }

    fn member_health(&self, of: usize, member: &Member, end: End) -> Health {
        if self.member_healthy(of, member) {
            return Health::Healthy;
        }
        let samples = self.samples(of, member);
        let failed: Vec<&&Sample> = samples.iter().filter(|sample| !sample.passed()).collect();
        let counting: Vec<&&&Sample> =
            failed.iter().filter(|sample| !self.late(sample) && sample.at_us >= self.rules.grace_us).collect();
        let passed = samples.iter().filter(|sample| sample.passed() && !self.late(sample)).count();
        if counting.is_empty() && (passed > 0 || failed.is_empty()) {
            let times: Vec<&Sample> =
                samples.iter().copied().filter(|sample| sample.passed() && !self.late(sample)).collect();
            let only_slow = self.rules.percentile.is_some_and(|bound| {
                let slow = times.iter().filter(|sample| sample.steps[0].phases.total_us > bound.max_us).count();
                // The slow ones are too many when the value of the rank is one of them.
                !times.is_empty() && (times.len() - slow) * 1000 < times.len() * bound.per_mille as usize
            });
            return if end == End::Stopped && !only_slow { Health::CheckerFailed } else { Health::Unhealthy };
        }
        let causes: Vec<Option<Cause>> = if counting.is_empty() {
            failed.iter().map(|sample| sample.steps[0].fault.as_ref().map(|fault| fault.cause)).collect()
        } else {
            counting.iter().map(|sample| sample.steps[0].fault.as_ref().map(|fault| fault.cause)).collect()
        };
        let no_way = private(member) && !self.private_answered();
        let has = |cause: Cause| causes.contains(&Some(cause));
        let silent = has(Cause::ConnectTimedOut) || has(Cause::HostUnreachable);
        if causes.contains(&None) || has(Cause::ConnectRefused) || (silent && !no_way) {
            Health::Unhealthy
        } else if has(Cause::SocketFailed) || (has(Cause::NetworkUnreachable) && !no_way) {
            Health::CheckerFailed
        } else {
            Health::Unreachable
        }
    }
}

fn private(member: &Member) -> bool {
    matches!(member.address.map(|address| address.ip()), Some(IpAddr::V4(ip)) if ip.octets()[0] == 10)
}

fn came_back(sample: &Sample) -> bool {
    match sample.steps[0].fault.as_ref().map(|fault| fault.cause) {
        None => true,
        Some(cause) => cause == Cause::ConnectRefused,
    }
}

/// The answer to a history.
pub(crate) fn verdict(rules: &Rules, history: &[Event]) -> Health {
    let end = history.iter().position(|event| matches!(event, Event::End { .. }));
    let Some(Event::End { at_us: end_us, why }) = end.map(|at| &history[at]) else { return Health::Cut };
    let heard = &history[..end.unwrap_or_default()];
    let begun_in_time = |event: &&Event| match event {
        Event::Sample(sample) => sample.at_us <= rules.deadline_us,
        event => over_us(event) <= rules.deadline_us,
    };
    let by = |moment_us: u64| Moment {
        rules,
        events: heard.iter().filter(begun_in_time).filter(|event| over_us(event) <= moment_us).collect(),
    };
    let moments: BTreeSet<u64> = heard.iter().filter(begun_in_time).map(over_us).collect();
    let decided = moments.into_iter().find_map(|moment_us| Some((moment_us, by(moment_us).decided()?)));
    let last = by(decided.map_or(u64::MAX, |(moment_us, _)| moment_us));
    match (decided, why) {
        (Some((_, true)), _) => return Health::Healthy,
        (Some((_, false)), _) => {}
        (None, End::Decided) if rules.mode == Mode::Wait && last.healthy() => return Health::Healthy,
        (None, End::Stopped | End::Decided) => return Health::CheckerFailed,
        (None, End::Deadline) if rules.mode != Mode::Wait && *end_us < rules.deadline_us => {
            return Health::CheckerFailed;
        }
        (None, End::Deadline) if last.healthy() => return Health::Healthy,
        (None, End::Deadline) => {}
    }
    let order = [Health::Unhealthy, Health::CheckerFailed, Health::Unreachable];
    let of_instance = |id: &&str| {
        let all = last.all_of(id).into_iter();
        let healths: Vec<Health> = all.map(|(target, member)| last.member_health(target, member, *why)).collect();
        order.into_iter().find(|health| healths.contains(health)).unwrap_or(Health::Healthy)
    };
    let healths: Vec<Health> = last.ids().iter().map(of_instance).collect();
    let left_without = |bad: &[Health]| healths.iter().filter(|health| !bad.contains(health)).count();
    let missing = last.targets().any(|target| last.unresolved(target) == Some(Cause::NameNotFound));
    if missing || last.absent() || (!healths.is_empty() && left_without(&order[..1]) < last.needed()) {
        return Health::Unhealthy;
    }
    let unknown = last.targets().any(|target| last.unresolved(target).is_some() || last.members(target).is_empty());
    if unknown || left_without(&order[..2]) < last.needed() { Health::CheckerFailed } else { Health::Unreachable }
}
