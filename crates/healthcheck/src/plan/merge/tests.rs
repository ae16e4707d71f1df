use super::*;
use kit_probe::event::{Cause, Fault, Miss, MissKind, Phases, Sample, Step};
use kit_probe::recording::VERSION;
use kit_probe::target::{Member, Membership, Target};
use kit_probe::verdict::{Health, Mode, Percentile, Rules, Verdict};
use proptest::prelude::*;

/// Times are drawn from few values, so that many events share a moment.
const UNIT_US: u64 = 1_000;

fn member(file: usize, number: usize) -> Member {
    let private = format!("10.0.{file}.{number}:80").parse().unwrap();
    Member { id: format!("i-{file}-{number}"), address: Some(private), zone: None }
}

fn rules() -> impl Strategy<Value = Rules> {
    let mode = prop_oneof![3 => Just(Mode::Wait), 2 => Just(Mode::Hold), 1 => Just(Mode::Once)];
    let percentile = prop::option::weighted(0.3, (1..=1000_u32, 0..4_u64));
    let numbers = (1..4_u32, 20..45_u64, prop::option::of(0..4_u32), prop_oneof![Just(0_u64), 1..20_u64]);
    (mode, percentile, numbers).prop_map(|(mode, percentile, numbers)| Rules {
        mode,
        passes: numbers.0,
        deadline_us: numbers.1 * UNIT_US,
        max_failures: numbers.2,
        quorum: None,
        grace_us: numbers.3 * UNIT_US,
        percentile: percentile.map(|(per_mille, max)| Percentile { per_mille, max_us: max * UNIT_US }),
        targets: vec![Membership::Resolved],
    })
}

/// A sample of one of three members: who, when it was over, how long it took, and how it went.
fn samples() -> impl Strategy<Value = (usize, Sample)> {
    let cause = prop::sample::select(vec![
        None,
        None,
        Some(Cause::ConnectTimedOut),
        Some(Cause::NetworkUnreachable),
        Some(Cause::SocketFailed),
        Some(Cause::ConnectRefused),
    ]);
    ((0..3_usize, 0..45_u64, 0..4_u64), prop::bool::weighted(0.8), cause).prop_map(
        |((who, ended, took), passes, cause)| {
            let took_us = took.min(ended) * UNIT_US;
            let miss = Miss { kind: MissKind::Status, expected: "status 200".to_owned(), got: "status 503".to_owned() };
            let step = Step {
                name: "request".to_owned(),
                phases: Phases { total_us: took_us, ..Phases::default() },
                misses: if passes || cause.is_some() { Vec::new() } else { vec![miss] },
                fault: cause.filter(|_| !passes).map(|cause| Fault { cause, message: format!("{cause:?}") }),
                ..Step::default()
            };
            let at_us = ended * UNIT_US - took_us;
            (who, Sample { target: 0, member: member(0, 0), round: 1, at_us, took_us, steps: vec![step] })
        },
    )
}

/// What one machine saw, without an end: its members, who change rarely, and their samples in the order of their ends.
#[derive(Debug, Clone)]
struct Seen {
    members: usize,
    samples: Vec<(usize, Sample)>,
    /// The name does not exist, or the members are fewer, from then on.
    change: Option<(u64, bool)>,
    end: Option<End>,
    /// How much earlier than the deadline, units.
    early: u64,
}

fn seen() -> impl Strategy<Value = Seen> {
    let end = prop_oneof![8 => Just(Some(End::Deadline)), 2 => Just(Some(End::Decided)), 1 => Just(Some(End::Stopped)), 1 => Just(None)];
    let change = prop::option::weighted(0.15, (1..40_u64, any::<bool>()));
    let early = prop_oneof![6 => Just(0_u64), 1 => 1..20_u64];
    (1..4_usize, prop::collection::vec(samples(), 0..40), change, end, early)
        .prop_map(|(members, samples, change, end, early)| Seen { members, samples, change, end, early })
}

impl Seen {
    fn file(&self, file: usize, rules: &Rules, live: bool) -> Samples {
        let of = |count: usize| (0..count).map(|number| member(file, number)).collect::<Vec<_>>();
        let mut events: Vec<Event> = self
            .samples
            .iter()
            .map(|(who, sample)| Event::Sample(Sample { member: member(file, who % self.members), ..sample.clone() }))
            .collect();
        if let Some((at, absent)) = self.change {
            let at_us = at * UNIT_US;
            events.push(if absent {
                let fault = Fault { cause: Cause::NameNotFound, message: "no such name".to_owned() };
                Event::NotResolved { at_us, target: 0, fault }
            } else {
                Event::Members { at_us, target: 0, members: of(1) }
            });
        }
        events.sort_by_key(at_us);
        events.insert(0, Event::Members { at_us: 0, target: 0, members: of(self.members) });
        let ended_us = events.iter().map(at_us).max().unwrap_or(0).max(rules.deadline_us) - self.early * UNIT_US;
        let mut end = self.end.map(|why| Event::End { at_us: ended_us, why });
        if live {
            // As a run goes: it ends at its decision, or at its deadline.
            events.retain(|event| at_us(event) <= rules.deadline_us);
            let mut judge = Judge::new(rules.clone());
            let decided = events.iter().position(|event| {
                judge.hear(event);
                judge.decision() == Decision::Done
            });
            end = Some(Event::End { at_us: rules.deadline_us, why: End::Deadline });
            if let Some(decided) = decided {
                let moment_us = at_us(&events[decided]);
                events.retain(|event| at_us(event) <= moment_us);
                let mut judge = Judge::new(rules.clone());
                events.iter().for_each(|event| judge.hear(event));
                if judge.decision() == Decision::Done {
                    end = Some(Event::End { at_us: moment_us, why: End::Decided });
                }
            }
        }
        events.extend(end);
        let header = Header {
            recording: VERSION,
            tool: "healthcheck 0.1.0".to_owned(),
            started_s: 0,
            rules: rules.clone(),
            targets: vec![Target::parse("http://www.example.com/").unwrap()],
            expected_version: None,
            notes: Vec::new(),
        };
        Samples { path: format!("{file}.jsonl"), header, events }
    }
}

fn judged(header: &Header, events: &[Event]) -> Verdict {
    let mut judge = Judge::new(header.rules.clone());
    events.iter().for_each(|event| judge.hear(event));
    judge.verdict()
}

fn alone(samples: &Samples) -> Verdict {
    judged(&samples.header, &samples.events)
}

fn together(all: Vec<Samples>) -> Verdict {
    let (header, events) = merge(all, None).unwrap();
    judged(&header, &events)
}

/// A verdict without the numbers of the targets, which depend on how many files there are.
fn without_numbers(mut verdict: Verdict) -> Verdict {
    for member in verdict.instances.iter_mut().flat_map(|one| &mut one.members) {
        member.target = 0;
        for sample in [&mut member.first_failure, &mut member.last_failure, &mut member.last].into_iter().flatten() {
            sample.target = 0;
        }
    }
    verdict.unresolved.iter_mut().for_each(|(target, _)| *target = 0);
    verdict.departed.iter_mut().for_each(|(target, _)| *target = 0);
    verdict.departed.sort();
    verdict
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_file_is_judged_as_it_is_replayed(rules in rules(), one in seen(), places in prop::collection::vec(any::<prop::sample::Index>(), 6)) {
        let mut samples = one.file(0, &rules, false);
        // Some probes are heard a moment after others that ended later.
        let last = samples.events.len() - usize::from(one.end.is_some());
        for place in places.into_iter().filter(|_| last > 2) {
            let at = 1 + place.index(last - 2);
            samples.events.swap(at, at + 1);
        }
        prop_assert_eq!(together(vec![samples.clone()]), alone(&samples));
    }

    #[test]
    fn the_whole_is_the_sum_of_its_machines(rules in rules(), one in seen()) {
        // Every machine saw its own instances of a run that one machine saw as a whole.
        let whole = Seen { change: None, ..one }.file(0, &rules, false);
        let parts: Vec<Samples> = (0..3).filter_map(|number| {
            let own = |who: &Member| *who == member(0, number);
            let events: Vec<Event> = whole.events.iter().filter_map(|event| match event {
                Event::Members { at_us, target, members } => {
                    let members: Vec<Member> = members.iter().filter(|who| own(who)).cloned().collect();
                    (!members.is_empty()).then_some(Event::Members { at_us: *at_us, target: *target, members })
                }
                Event::Sample(sample) => own(&sample.member).then(|| event.clone()),
                other => Some(other.clone()),
            }).collect();
            let has = matches!(events.first(), Some(Event::Members { .. }));
            has.then(|| Samples { path: format!("{number}.jsonl"), events, ..whole.clone() })
        }).collect();
        prop_assert_eq!(without_numbers(together(parts)), without_numbers(alone(&whole)));
    }

    #[test]
    fn together_they_are_healthy_only_if_each_is(rules in rules(), all in prop::collection::vec(seen(), 1..4)) {
        // Whoever failed stays: a run that is decided hears nobody leave.
        let all = all.into_iter().map(|one| Seen { change: None, ..one });
        let files: Vec<Samples> = all.enumerate().map(|(file, one)| one.file(file, &rules, false)).collect();
        let each = files.iter().all(|file| alone(file).health == Health::Healthy);
        prop_assert!(each || together(files).health != Health::Healthy);
    }

    #[test]
    fn runs_that_are_healthy_are_healthy_together_in_any_order(rules in rules(), all in prop::collection::vec(seen(), 1..4), turn in 0..3_usize) {
        let mut files: Vec<Samples> = all.iter().enumerate().map(|(file, one)| one.file(file, &rules, true)).collect();
        let each = files.iter().all(|file| alone(file).health == Health::Healthy);
        let verdict = together(files.clone());
        prop_assert_eq!(verdict.health == Health::Healthy, each, "{}", verdict.why);
        let turn = turn % files.len();
        files.rotate_left(turn);
        let turned = together(files.clone());
        prop_assert_eq!(without_numbers(turned), without_numbers(verdict));
        files.reverse();
        prop_assert_eq!(together(files).health == Health::Healthy, each);
    }

    #[test]
    fn a_file_that_is_missing_or_cut_makes_nobody_healthy(rules in rules(), all in prop::collection::vec(seen(), 2..4), which in 0..3_usize, keep in any::<prop::sample::Index>()) {
        let mut files: Vec<Samples> = all.iter().enumerate().map(|(file, one)| one.file(file, &rules, true)).collect();
        let which = which % files.len();
        let ids: Vec<String> = (0..3).map(|number| member(which, number).id).collect();
        let mut without = files.clone();
        without.remove(which);
        prop_assert!(together(without).instances.iter().all(|one| !ids.contains(&one.id)));
        let keep = keep.index(files[which].events.len());
        files[which].events.truncate(keep);
        let cut = together(files);
        prop_assert_eq!(cut.health, Health::Cut);
        prop_assert!(cut.instances.iter().all(|one| one.health != Health::Healthy));
    }
}

#[test]
fn a_file_is_given_once() {
    let rules = Rules {
        mode: Mode::Wait,
        passes: 1,
        deadline_us: UNIT_US,
        max_failures: None,
        quorum: None,
        grace_us: 0,
        percentile: None,
        targets: vec![Membership::Given],
    };
    let seen = Seen { members: 1, samples: Vec::new(), change: None, end: None, early: 0 };
    let (one, mut other) = (seen.file(0, &rules, false), seen.file(0, &rules, false));
    let refused = |all| merge(all, None).unwrap_err().to_string();
    assert!(refused(vec![one.clone(), one.clone()]).contains("0.jsonl is given twice"));
    other.path = "copy.jsonl".to_owned();
    assert!(refused(vec![one, other]).contains("0.jsonl and copy.jsonl both speak of the instance i-0-0"));
}

#[test]
fn a_machine_that_was_not_watched_to_the_end_does_not_stay_healthy() {
    let rules = Rules {
        mode: Mode::Hold,
        passes: 1,
        deadline_us: 10 * UNIT_US,
        max_failures: None,
        quorum: None,
        grace_us: 0,
        percentile: None,
        targets: vec![Membership::Given],
    };
    let step = Step { name: "request".to_owned(), ..Step::default() };
    let pass = Sample { target: 0, member: member(0, 0), round: 1, at_us: 0, took_us: 1, steps: vec![step] };
    let whole = Seen { members: 1, samples: vec![(0, pass)], change: None, end: Some(End::Deadline), early: 0 };
    assert_eq!(together(vec![whole.file(0, &rules, false), whole.file(1, &rules, false)]).health, Health::Healthy);
    for half in [Seen { early: 5, ..whole.clone() }, Seen { early: 5, end: Some(End::Decided), ..whole.clone() }] {
        assert_eq!(alone(&half.file(1, &rules, false)).health, Health::CheckerFailed);
        let both = together(vec![whole.file(0, &rules, false), half.file(1, &rules, false)]);
        assert_eq!(both.health, Health::CheckerFailed, "{}", both.why);
    }
}
