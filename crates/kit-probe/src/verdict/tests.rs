//! Each line of the tables, and the words.

use super::histories::{fault, member, miss, sample};
use super::*;
use crate::event::{Cause, End, Event, Fault};
use crate::target::Member;

fn rules(mode: Mode) -> Rules {
    Rules {
        mode,
        passes: 3,
        deadline_us: 60_000_000,
        max_failures: None,
        quorum: None,
        grace_us: 0,
        percentile: None,
        targets: vec![Membership::Given],
    }
}

fn members(at_us: u64, of: &[usize]) -> Event {
    Event::Members { at_us, target: 0, members: of.iter().map(|number| member(*number)).collect() }
}

fn pass(who: usize, round: u32) -> Event {
    Event::Sample(sample(0, member(who), round, u64::from(round) * 1_000_000, 20_000))
}

fn miss_of(who: usize, round: u32) -> Event {
    let mut sample = sample(0, member(who), round, u64::from(round) * 1_000_000, 20_000);
    sample.steps[0].misses.push(miss());
    Event::Sample(sample)
}

fn fault_of(who: usize, round: u32, cause: Cause) -> Event {
    let mut sample = sample(0, member(who), round, u64::from(round) * 1_000_000, 20_000);
    sample.steps[0].fault = Some(fault(cause));
    Event::Sample(sample)
}

fn deadline() -> Event {
    Event::End { at_us: 60_000_000, why: End::Deadline }
}

fn verdict(rules: Rules, events: &[Event]) -> Verdict {
    let mut judge = Judge::new(rules);
    events.iter().for_each(|event| judge.hear(event));
    judge.verdict()
}

fn answer(rules: Rules, events: &[Event]) -> (Health, String) {
    let verdict = verdict(rules, events);
    (verdict.health, verdict.why)
}

#[test]
fn one_lucky_pass_is_not_healthy() {
    let events = [members(0, &[0]), pass(0, 1), miss_of(0, 2), pass(0, 3), pass(0, 4), miss_of(0, 7), deadline()];
    let (health, why) = answer(rules(Mode::Wait), &events);
    assert_eq!(health, Health::Unhealthy);
    assert_eq!(
        why,
        "0 of 1 instance healthy; a: 0 of 3 passes in a row; the last failure: status 503 instead of 200 (round 7)"
    );
}

#[test]
fn a_failure_of_one_while_others_are_waited_for_counts() {
    let begin =
        [members(0, &[0, 1]), pass(0, 1), pass(0, 2), pass(0, 3), miss_of(0, 4), pass(1, 5), pass(1, 6), pass(1, 7)];
    let mut judge = Judge::new(rules(Mode::Wait));
    begin.iter().for_each(|event| judge.hear(event));
    assert_eq!(judge.decision(), Decision::Wait);
    [pass(0, 8), pass(0, 9)].iter().for_each(|event| judge.hear(event));
    assert_eq!(judge.decision(), Decision::Wait);
    judge.hear(&pass(0, 10));
    assert_eq!(judge.decision(), Decision::Done);
    judge.hear(&Event::End { at_us: 10_100_000, why: End::Decided });
    let verdict = judge.verdict();
    assert_eq!(
        (verdict.health, verdict.why.as_str()),
        (Health::Healthy, "2 of 2 instances healthy, each with 3 passes in a row")
    );
    assert_eq!(verdict.instances[0].members[0].healthy_at_us, Some(10_020_000));
    assert_eq!(verdict.instances[1].members[0].healthy_at_us, Some(7_020_000));
}

#[test]
fn hold_forgives_nothing_and_ends_at_once() {
    let mut judge = Judge::new(rules(Mode::Hold));
    [members(0, &[0]), pass(0, 1), pass(0, 2), pass(0, 3)].iter().for_each(|event| judge.hear(event));
    assert_eq!(judge.decision(), Decision::Wait);
    let mut whole = judge.clone();
    whole.hear(&deadline());
    assert_eq!(
        (whole.verdict().health, whole.verdict().why),
        (Health::Healthy, "1 of 1 instance stayed healthy for 60 s".to_owned())
    );
    let mut early = judge.clone();
    early.hear(&Event::End { at_us: 59_999_999, why: End::Deadline });
    assert_eq!(early.verdict().health, Health::CheckerFailed);
    judge.hear(&miss_of(0, 4));
    assert_eq!(judge.decision(), Decision::Done);
    judge.hear(&Event::End { at_us: 4_020_000, why: End::Decided });
    assert_eq!(judge.verdict().health, Health::Unhealthy);
    let why = judge.verdict().instances[0].members[0].why.clone().unwrap();
    assert_eq!(why, "1 failure, none is forgiven; the last failure: status 503 instead of 200 (round 4)");
}

#[test]
fn a_name_that_was_gone_breaks_hold() {
    let gone = Event::NotResolved { at_us: 5, target: 0, fault: fault(Cause::NameNotFound) };
    let events = [members(0, &[0]), gone, members(6, &[0]), pass(0, 1), pass(0, 2), pass(0, 3), deadline()];
    assert_eq!(
        answer(rules(Mode::Hold), &events),
        (Health::Unhealthy, "the name of a target did not exist in 1 round".to_owned())
    );
    assert_eq!(answer(rules(Mode::Wait), &events).0, Health::Healthy);
}

#[test]
fn who_left_is_told() {
    let events = [members(0, &[0, 1, 2]), members(1, &[0, 1]), members(2, &[0, 2]), members(3, &[0]), deadline()];
    let departed = |events: &[Event]| verdict(rules(Mode::Wait), events).departed;
    assert_eq!(departed(&events), [(0, "b".to_owned()), (0, "c".to_owned())]);
    assert_eq!(departed(&[members(0, &[0, 1]), members(1, &[0]), members(2, &[0, 1])]), []);
}

#[test]
fn a_probe_that_hold_began_counts_whenever_it_is_over() {
    let silent = |began_us: u64| {
        let mut sample = sample(0, member(0), 4, began_us, 5_000_000);
        sample.steps[0].fault = Some(fault(Cause::TimedOut));
        Event::Sample(sample)
    };
    let end = Event::End { at_us: 64_900_000, why: End::Deadline };
    let history = |began_us| [members(0, &[0]), pass(0, 1), pass(0, 2), pass(0, 3), silent(began_us), end.clone()];
    assert_eq!(answer(rules(Mode::Hold), &history(59_900_000)).0, Health::Unhealthy);
    // What begins after the time is not asked for.
    assert_eq!(answer(rules(Mode::Hold), &history(60_000_001)).0, Health::Healthy);
}

#[test]
fn whose_fault_it_was() {
    let private = 0;
    let public = 2;
    let loopback = 3;
    for (who, cause, expected) in [
        (private, Cause::ConnectTimedOut, Health::Unreachable),
        (private, Cause::HostUnreachable, Health::Unreachable),
        (private, Cause::NetworkUnreachable, Health::Unreachable),
        (private, Cause::ConnectRefused, Health::Unhealthy),
        (public, Cause::ConnectTimedOut, Health::Unhealthy),
        (public, Cause::HostUnreachable, Health::Unhealthy),
        (public, Cause::NetworkUnreachable, Health::CheckerFailed),
        (public, Cause::SocketFailed, Health::CheckerFailed),
        (private, Cause::ProxyFailed, Health::CheckerFailed),
        (private, Cause::CertificateExpired, Health::Unhealthy),
        (private, Cause::TimedOut, Health::Unhealthy),
        (loopback, Cause::ConnectTimedOut, Health::Unhealthy),
        (loopback, Cause::ConnectRefused, Health::Unhealthy),
    ] {
        let events = [members(0, &[who]), fault_of(who, 1, cause), deadline()];
        assert_eq!(answer(rules(Mode::Wait), &events).0, expected, "{who} {cause:?}");
        assert_eq!(answer(rules(Mode::Once), &events).0, expected, "once {who} {cause:?}");
    }
    // Another private instance answered: there is a way.
    let events =
        [members(0, &[0, 1]), fault_of(0, 1, Cause::ConnectTimedOut), pass(1, 1), pass(1, 2), pass(1, 3), deadline()];
    assert_eq!(answer(rules(Mode::Wait), &events).0, Health::Unhealthy);
    // What is unhealthy beats the checker's trouble, unless the quorum does without it.
    let events = [members(0, &[1, 2, 3]), fault_of(1, 1, Cause::SocketFailed), miss_of(2, 1), pass(3, 1), deadline()];
    assert_eq!(answer(rules(Mode::Once), &events).0, Health::Unhealthy);
    let two = Rules { quorum: Some(Quorum::Count(2)), ..rules(Mode::Once) };
    assert_eq!(answer(two, &events).0, Health::CheckerFailed);
}

#[test]
fn names_and_nobody() {
    let not = |cause, message: &str| Event::NotResolved {
        at_us: 1,
        target: 0,
        fault: Fault { cause, message: message.to_owned() },
    };
    let none = answer(rules(Mode::Wait), &[not(Cause::NameNotFound, "no such name: x.example"), deadline()]);
    assert_eq!(none, (Health::Unhealthy, "no such name: x.example".to_owned()));
    let broken = answer(rules(Mode::Wait), &[not(Cause::ResolverFailed, "no answer"), deadline()]);
    assert_eq!(broken, (Health::CheckerFailed, "no answer".to_owned()));
    let slow = answer(rules(Mode::Wait), &[not(Cause::TimedOut, "no answer"), deadline()]);
    assert_eq!(slow.0, Health::CheckerFailed);
    let nobody = answer(rules(Mode::Wait), &[deadline()]);
    assert_eq!(nobody, (Health::NothingFound, "no instance was found to ask".to_owned()));
    let silent = answer(Rules { targets: vec![Membership::Resolved], ..rules(Mode::Wait) }, &[deadline()]);
    assert_eq!(silent, (Health::CheckerFailed, "the name of a target was not resolved before the deadline".to_owned()));
    assert_eq!(answer(Rules { targets: Vec::new(), ..rules(Mode::Once) }, &[deadline()]).0, Health::NothingFound);
}

#[test]
fn stopped_and_cut() {
    let begin = vec![members(0, &[0]), pass(0, 1), pass(0, 2)];
    let cut = verdict(rules(Mode::Wait), &begin);
    assert_eq!((cut.health, cut.instances[0].health), (Health::Cut, Health::Cut));
    let green = [begin.clone(), vec![pass(0, 3)]].concat();
    let cut = verdict(rules(Mode::Wait), &green);
    assert_eq!((cut.health, cut.instances[0].health), (Health::Cut, Health::Cut));
    let stop = Event::End { at_us: 3_100_000, why: End::Stopped };
    let stopped = answer(rules(Mode::Wait), &[begin, vec![stop.clone()]].concat());
    assert_eq!(
        stopped,
        (
            Health::CheckerFailed,
            "stopped after 3100 ms of 60 s, before it was decided (0 of 1 instance healthy until then)".to_owned()
        )
    );
    // Somebody was still being asked.
    assert_eq!(answer(rules(Mode::Wait), &[green.clone(), vec![stop.clone()]].concat()).0, Health::CheckerFailed);
    let end = Event::End { at_us: 3_100_000, why: End::Decided };
    assert_eq!(answer(rules(Mode::Wait), &[green.clone(), vec![end]].concat()).0, Health::Healthy);
    let silent = [green.clone(), vec![miss_of(0, 4)]].concat();
    assert_ne!(answer(rules(Mode::Wait), &[silent, vec![deadline()]].concat()).0, Health::Healthy);
    assert_eq!(answer(rules(Mode::Hold), &[green, vec![stop]].concat()).0, Health::CheckerFailed);
}

#[test]
fn who_comes_back_begins_at_nothing() {
    let mut events = vec![
        members(0, &[0, 1]),
        pass(0, 1),
        pass(0, 2),
        members(2_500_000, &[1]),
        pass(0, 3),
        members(3_500_000, &[0, 1]),
    ];
    // This one began before it came back.
    let mut late = sample(0, member(0), 3, 3_400_000, 300_000);
    events.push(Event::Sample(late.clone()));
    late.at_us = 3_600_000;
    events.push(Event::Sample(late));
    events.push(Event::End { at_us: 60_000_000, why: End::Deadline });
    let verdict = verdict(rules(Mode::Wait), &events);
    assert_eq!((verdict.instances[0].members[0].passes, verdict.instances[0].members[0].streak), (1, 1));
}

#[test]
fn late_and_forgiven_samples() {
    let slow = |fails: bool| {
        let mut sample = sample(0, member(2), 1, 55_000_000, 5_000_001);
        if fails {
            sample.steps[0].fault = Some(Fault { cause: Cause::TimedOut, message: "no answer in 5 s".to_owned() });
        }
        Event::Sample(sample)
    };
    let passed = verdict(rules(Mode::Once), &[members(0, &[2]), slow(false), deadline()]);
    assert_eq!((passed.health, passed.instances[0].members[0].passes), (Health::Unhealthy, 0));
    let failed = answer(rules(Mode::Once), &[members(0, &[2]), slow(true), deadline()]);
    assert_eq!(failed, (Health::Unhealthy, "0 of 1 instance healthy; c: no probe was over before the deadline; the last failure: no answer in 5 s (round 1), over after the deadline".to_owned()));
    let grace = Rules { grace_us: 2_000_000, max_failures: Some(0), ..rules(Mode::Wait) };
    let forgiven = [members(0, &[0]), miss_of(0, 1), pass(0, 2), pass(0, 3), pass(0, 4), deadline()];
    assert_eq!(answer(grace.clone(), &forgiven).0, Health::Healthy);
    let counted = [members(0, &[0]), miss_of(0, 2), pass(0, 3), pass(0, 4), pass(0, 5), deadline()];
    assert_eq!(answer(grace, &counted).0, Health::Unhealthy);
}

#[test]
fn the_percentile_is_told() {
    let bound = Some(Percentile { per_mille: 950, max_us: 19_999 });
    let events = [members(0, &[0]), pass(0, 1), pass(0, 2), pass(0, 3), deadline()];
    let slow = verdict(Rules { percentile: bound, ..rules(Mode::Wait) }, &events);
    assert_eq!(slow.health, Health::Unhealthy);
    assert_eq!(
        slow.instances[0].members[0].why.as_deref(),
        Some("the 95th percentile of 3 passes is 20000 µs, over 19999 µs")
    );
    let exact = Some(Percentile { per_mille: 950, max_us: 20_000 });
    assert_eq!(answer(Rules { percentile: exact, ..rules(Mode::Wait) }, &events).0, Health::Healthy);
}

#[test]
fn a_sample_without_steps_is_no_pass() {
    let mut empty = sample(0, member(0), 1, 1, 1);
    empty.steps.clear();
    assert_eq!(answer(rules(Mode::Once), &[members(0, &[0]), Event::Sample(empty), deadline()]).0, Health::Unhealthy);
}

#[test]
fn an_id_in_two_targets_is_one_instance() {
    let both = Rules { targets: vec![Membership::Given; 2], quorum: Some(Quorum::Count(1)), ..rules(Mode::Once) };
    let other = Event::Members { at_us: 0, target: 1, members: vec![member(0)] };
    let mut failing = sample(1, member(0), 1, 1, 1);
    failing.steps[0].misses.push(miss());
    let verdict = verdict(both, &[members(0, &[0]), other, pass(0, 1), Event::Sample(failing), deadline()]);
    assert_eq!(
        (verdict.health, verdict.instances.len(), verdict.instances[0].members.len()),
        (Health::Unhealthy, 1, 2)
    );
}

/// Thousands of members cost what their events cost. It is a bound on work, not on time: quadratic work would take minutes.
#[test]
fn thousands_of_members_are_cheap() {
    let who = |number: u32| Member {
        id: format!("i-{number:05}"),
        address: Some(std::net::SocketAddr::from(([10, 1, (number / 256) as u8, (number % 256) as u8], 80))),
        zone: None,
    };
    let all: Vec<Member> = (0..2_000).map(who).collect();
    let mut judge = Judge::new(Rules { passes: 60, ..rules(Mode::Wait) });
    for round in 0..60_u32 {
        let at_us = u64::from(round) * 900_000;
        judge.hear(&Event::Members { at_us, target: 0, members: all.clone() });
        for member in &all {
            assert_eq!(judge.decision(), Decision::Wait);
            judge.hear(&Event::Sample(sample(0, member.clone(), round + 1, at_us, 1_000)));
        }
    }
    assert_eq!(judge.decision(), Decision::Done);
    judge.hear(&Event::End { at_us: 59_000_000, why: End::Decided });
    assert_eq!(judge.verdict().health, Health::Healthy);
}
