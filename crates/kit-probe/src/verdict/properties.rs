//! The judge against the model, and what must not happen whatever the history.

use super::histories::{ended_us, histories, sample};
use super::{Decision, Health, Judge, Mode, Percentile, Quorum, Rules, Verdict, model};
use crate::event::{End, Event};
use proptest::prelude::*;

fn judge(rules: &Rules, events: &[Event]) -> Verdict {
    let mut judge = Judge::new(rules.clone());
    events.iter().for_each(|event| judge.hear(event));
    judge.verdict()
}

fn healthy(rules: &Rules, events: &[Event]) -> bool {
    judge(rules, events).health == Health::Healthy
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_judge_says_what_the_model_says((rules, events) in histories()) {
        let verdict = judge(&rules, &events);
        prop_assert_eq!(verdict.health, model::verdict(&rules, &events), "{}", verdict.why);
        for standing in &verdict.instances {
            for member in &standing.members {
                prop_assert_eq!(member.why.is_none(), member.health == Health::Healthy);
                prop_assert_eq!(member.healthy_at_us.is_some() && verdict.health != Health::Cut, member.health == Health::Healthy);
                prop_assert_eq!(member.passes as usize, member.pass_phases.len());
            }
        }
    }

    #[test]
    fn a_pass_more_never_harms((rules, events) in histories(), which in any::<prop::sample::Index>()) {
        let failed = |event: &Event| matches!(event, Event::Sample(sample) if !sample.passed());
        let failures: Vec<usize> = (0..events.len()).filter(|index| failed(&events[*index])).collect();
        if healthy(&rules, &events) && !failures.is_empty() {
            let mut better = events.clone();
            if let Event::Sample(failure) = &mut better[failures[which.index(failures.len())]] {
                *failure = sample(failure.target, failure.member.clone(), 1, failure.at_us, failure.took_us);
                // A slow pass may break a percentile, and shall.
                failure.steps[0].phases.total_us = 0;
            }
            prop_assert!(healthy(&rules, &better));
        }
    }

    #[test]
    fn asking_more_never_heals((rules, events) in histories(), more in 1..3_u32, per_mille in 1..=1000_u32) {
        if !healthy(&rules, &events) {
            let harder = [
                Rules { passes: rules.passes + more, ..rules.clone() },
                Rules { quorum: None, ..rules.clone() },
                Rules {
                    quorum: match rules.quorum {
                        Some(Quorum::Count(count)) => Some(Quorum::Count(count + more)),
                        Some(Quorum::Percent(percent)) => Some(Quorum::Percent((percent + 20 * more).min(100))),
                        None => None,
                    },
                    ..rules.clone()
                },
                Rules {
                    percentile: Some(match rules.percentile {
                        None => Percentile { per_mille, max_us: 1_000 },
                        Some(bound) => Percentile {
                            per_mille: bound.per_mille.max(per_mille),
                            max_us: bound.max_us.saturating_sub(u64::from(more) * 1_000),
                        },
                    }),
                    ..rules.clone()
                },
                Rules { max_failures: rules.max_failures.map(|most| most.saturating_sub(more)), ..rules.clone() },
                Rules { grace_us: rules.grace_us / 2, ..rules.clone() },
            ];
            for (index, harder) in harder.iter().enumerate() {
                // A count above the number of instances is less than all of them when there are more.
                let is_harder = index != 1 || !matches!(rules.quorum, Some(Quorum::Count(_)));
                prop_assert!(!is_harder || !healthy(harder, &events), "{}", index);
            }
        }
    }

    #[test]
    fn the_order_within_a_moment_does_not_matter((rules, mut events) in histories(), keys in prop::collection::vec(any::<u32>(), 128)) {
        let before = judge(&rules, &events);
        // Samples of different members change places within their moment; all else stays where it is.
        let mut from = 0;
        while from < events.len() {
            let run = events[from..].iter().take_while(|event| {
                matches!(event, Event::Sample(_)) && ended_us(event) == ended_us(&events[from])
            }).count().max(1);
            let mut run_events: Vec<(u32, Event)> = events[from..from + run].iter().map(|event| {
                let place = match event {
                    Event::Sample(sample) => keys[(sample.target * 64 + usize::from(sample.member.address.unwrap().ip().to_string().as_bytes()[sample.member.address.unwrap().ip().to_string().len() - 1])) % 128],
                    _ => 0,
                };
                (place, event.clone())
            }).collect();
            run_events.sort_by_key(|(place, _)| *place);
            events.splice(from..from + run, run_events.into_iter().map(|(_, event)| event));
            from += run;
        }
        prop_assert_eq!(before, judge(&rules, &events));
    }

    #[test]
    fn a_decision_stands((rules, events) in histories()) {
        let would_be_healthy = |judge: &Judge| {
            let mut ended = judge.clone();
            ended.hear(&Event::End { at_us: u64::MAX, why: End::Decided });
            rules.mode == Mode::Wait && ended.verdict().health == Health::Healthy
        };
        let mut judge = Judge::new(rules.clone());
        let mut decided: Option<(u64, Judge)> = None;
        for event in events.iter().filter(|event| !matches!(event, Event::End { .. })) {
            // Whoever is of the moment of the decision may take it back; nobody later.
            if let Some((moment_us, then)) = decided.take().filter(|(moment_us, _)| ended_us(event) > *moment_us) {
                judge.hear(event);
                prop_assert_eq!(judge.verdict(), then.verdict());
                prop_assert_eq!(judge.decision(), Decision::Done);
                decided = Some((moment_us, then));
                continue;
            }
            judge.hear(event);
            // Health that is waited for may be taken back until the end.
            if judge.decision() == Decision::Done && !would_be_healthy(&judge) {
                decided = Some((ended_us(event), judge.clone()));
            }
        }
    }

    #[test]
    fn what_is_cut_is_never_healthy((rules, events) in histories(), keep in any::<prop::sample::Index>()) {
        let without_end: Vec<Event> = events.into_iter().filter(|event| !matches!(event, Event::End { .. })).collect();
        let cut = judge(&rules, &without_end[..keep.index(without_end.len() + 1)]);
        prop_assert_eq!(cut.health, Health::Cut);
        prop_assert!(cut.instances.iter().all(|standing| standing.health != Health::Healthy));
    }
}

/// The histories are worth something only if every answer is among them, in every mode.
#[test]
fn every_answer_comes_up() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..6_000 {
        let (rules, events) = histories().new_tree(&mut runner).unwrap().current();
        *seen.entry(format!("{:?} {:?}", rules.mode, judge(&rules, &events).health)).or_insert(0) += 1;
    }
    for mode in ["Wait", "Hold", "Once"] {
        for health in ["Healthy", "Unhealthy", "CheckerFailed", "Unreachable", "Cut"] {
            let count = seen.get(&format!("{mode} {health}")).copied().unwrap_or(0);
            assert!(count >= 2, "{mode} {health}: {count} of {seen:?}");
        }
    }
}
