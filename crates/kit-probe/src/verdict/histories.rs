//! Random histories for the property tests: rules, and events in the order of their times.

use super::{Mode, Percentile, Quorum, Rules};
use crate::event::{Cause, End, Event, Fault, Miss, MissKind, Phases, Sample, Step};
use crate::target::{Member, Membership};
use proptest::prelude::*;

/// Times are drawn from few values, so that many events share a moment.
const UNIT_US: u64 = 1_000;

pub(crate) fn member(number: usize) -> Member {
    // Two of them are private, one is public, one is loopback; the last two share an id over two addresses.
    let (id, address) = [
        ("a", "10.0.0.1:80"),
        ("b", "10.0.0.2:80"),
        ("c", "203.0.113.3:80"),
        ("d", "127.0.0.1:80"),
        ("e", "10.0.0.5:80"),
        ("e", "203.0.113.5:80"),
    ][number % 6];
    Member { id: id.to_owned(), address: Some(address.parse().unwrap()), zone: None }
}

pub(crate) fn fault(cause: Cause) -> Fault {
    Fault { cause, message: format!("{cause:?}") }
}

pub(crate) fn miss() -> Miss {
    Miss { kind: MissKind::Status, expected: "status 200".to_owned(), got: "status 503".to_owned() }
}

pub(crate) fn step(name: &str, total_us: u64) -> Step {
    Step { name: name.to_owned(), phases: Phases { total_us, ..Phases::default() }, ..Step::default() }
}

pub(crate) fn sample(target: usize, member: Member, round: u32, at_us: u64, took_us: u64) -> Sample {
    Sample { target, member, round, at_us, took_us, steps: vec![step("request", took_us)] }
}

fn causes() -> impl Strategy<Value = Option<Cause>> {
    prop_oneof![
        3 => Just(None),
        2 => Just(Some(Cause::ConnectTimedOut)),
        1 => Just(Some(Cause::HostUnreachable)),
        2 => Just(Some(Cause::NetworkUnreachable)),
        1 => Just(Some(Cause::ConnectRefused)),
        2 => Just(Some(Cause::SocketFailed)),
    ]
}

fn samples() -> impl Strategy<Value = Event> {
    let what = (0..2_usize, 0..6_usize, 0..40_u64, 0..4_u64);
    (what, prop::bool::weighted(0.75), causes()).prop_map(|((target, who, ended, took), passes, cause)| {
        let mut sample =
            sample(target, member(who), 1, ended.saturating_sub(took) * UNIT_US, took.min(ended) * UNIT_US);
        if !passes {
            match cause {
                None => sample.steps[0].misses.push(miss()),
                Some(cause) => sample.steps[0].fault = Some(fault(cause)),
            }
        }
        Event::Sample(sample)
    })
}

fn members() -> impl Strategy<Value = Event> {
    let who = prop::collection::btree_set(0..6_usize, 1..5);
    (0..40_u64, 0..2_usize, who).prop_map(|(at, target, who)| {
        let mut members: Vec<Member> = who.into_iter().map(member).collect();
        members.sort();
        Event::Members { at_us: at * UNIT_US, target, members }
    })
}

fn not_resolved() -> impl Strategy<Value = Event> {
    (0..40_u64, 0..2_usize, any::<bool>()).prop_map(|(at, target, absent)| {
        let cause = if absent { Cause::NameNotFound } else { Cause::ResolverFailed };
        Event::NotResolved { at_us: at * UNIT_US, target, fault: fault(cause) }
    })
}

pub(crate) fn ended_us(event: &Event) -> u64 {
    match event {
        Event::Members { at_us, .. } | Event::NotResolved { at_us, .. } | Event::End { at_us, .. } => *at_us,
        Event::Sample(sample) => sample.ended_us(),
    }
}

pub(crate) fn rules() -> impl Strategy<Value = Rules> {
    let mode = prop_oneof![3 => Just(Mode::Wait), 2 => Just(Mode::Hold), 1 => Just(Mode::Once)];
    let quorum = prop_oneof![
        2 => Just(None),
        1 => (1..5_u32).prop_map(|count| Some(Quorum::Count(count))),
        1 => (1..=100_u32).prop_map(|percent| Some(Quorum::Percent(percent))),
    ];
    let percentile = prop::option::of((1..=1000_u32, 0..4_u64));
    let numbers = (1..4_u32, 20..45_u64, prop::option::of(0..4_u32), prop_oneof![Just(0_u64), 1..20_u64]);
    (mode, quorum, percentile, numbers, 1..3_usize).prop_map(|(mode, quorum, percentile, numbers, targets)| Rules {
        mode,
        passes: numbers.0,
        deadline_us: numbers.1 * UNIT_US,
        max_failures: numbers.2,
        quorum,
        grace_us: numbers.3 * UNIT_US,
        percentile: percentile.map(|(per_mille, max)| Percentile { per_mille, max_us: max * UNIT_US }),
        targets: vec![Membership::Resolved; targets],
    })
}

/// Nobody private answers.
fn without_way(event: &mut Event) {
    if let Event::Sample(sample) = event
        && sample.member.address.unwrap().ip().to_string().starts_with("10.")
    {
        sample.steps[0].misses.clear();
        sample.steps[0].fault = Some(fault(Cause::ConnectTimedOut));
    }
}

/// Rules and a history: the targets' members come at the beginning nearly always, change rarely, and a name fails rarely.
pub(crate) fn histories() -> impl Strategy<Value = (Rules, Vec<Event>)> {
    let who = || prop::collection::btree_set(0..6_usize, 1..5);
    let begin = (who(), who(), prop::bool::weighted(0.95));
    let event = prop_oneof![40 => samples(), 1 => members(), 1 => not_resolved()];
    let end = prop_oneof![
        6 => Just(Some(End::Deadline)),
        2 => Just(Some(End::Decided)),
        1 => Just(Some(End::Stopped)),
        1 => Just(None),
    ];
    (rules(), begin, prop::collection::vec(event, 0..90), end, (prop::bool::weighted(0.9), prop::bool::weighted(0.1)))
        .prop_map(|(rules, (first, second, known), mut events, end, (whole, no_way))| {
            events.sort_by_key(ended_us);
            if no_way {
                events.iter_mut().for_each(without_way);
            }
            if known {
                for (target, who) in [(1, second), (0, first)] {
                    let mut members: Vec<Member> = who.into_iter().map(member).collect();
                    members.sort();
                    events.insert(0, Event::Members { at_us: 0, target, members });
                }
            }
            let last_us = events.last().map_or(0, ended_us);
            let at_us = if whole { last_us.max(rules.deadline_us) } else { last_us };
            events.extend(end.map(|why| Event::End { at_us, why }));
            (rules, events)
        })
}
