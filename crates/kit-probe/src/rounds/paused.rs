//! Runs against a world of the tests' own, in time that passes only when everybody waits.

use super::asker::Asker;
use super::*;
use crate::event::{Miss, MissKind, Phases, Step};
use crate::expectation::Expectations;
use crate::recording::{self, Header, event_line, header_line};
use crate::verdict::{Health, Verdict};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Beginnings are at multiples of this, and nothing ends at one, so that what comes first is never a matter of luck.
const TICK_MS: u64 = 10;

/// What the world does: how long answers take, and what they are.
#[derive(Debug, Clone)]
struct World {
    /// Of each probe in turn: how long, and whether it passes.
    answers: Vec<(u64, bool)>,
    /// Of each look at a name in turn: how long, and who is there; `None`: no such name.
    names: Vec<(u64, Option<BTreeSet<u8>>)>,
}

/// One probe as it was made, ms since the beginning.
#[derive(Debug, Clone)]
struct Asked {
    target: usize,
    member: Member,
    began_ms: u64,
    ended_ms: Option<u64>,
}

struct Fake {
    world: World,
    began: Instant,
    asked: Mutex<Vec<Asked>>,
    looked: Mutex<Vec<u64>>,
    awake: AtomicUsize,
}

/// Counts who is still at work.
struct Awake<'f>(&'f AtomicUsize);

impl<'f> Awake<'f> {
    fn new(count: &'f AtomicUsize) -> Awake<'f> {
        count.fetch_add(1, Ordering::SeqCst);
        Awake(count)
    }
}

impl Drop for Awake<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Fake {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap()
    }
}

impl Asker for Fake {
    fn timeout(&self) -> Duration {
        Duration::from_secs(5)
    }

    async fn resolve(&self, _: &str, _: Instant) -> Result<(Vec<IpAddr>, u64), Fault> {
        let _awake = Awake::new(&self.awake);
        let count = {
            let mut looked = self.looked.lock().unwrap();
            looked.push(self.now_ms());
            looked.len() - 1
        };
        let (took_ms, who) = self.world.names[count % self.world.names.len()].clone();
        tokio::time::sleep(Duration::from_millis(took_ms)).await;
        match who {
            Some(who) => Ok((who.into_iter().map(address).collect(), took_ms * 1000)),
            None => Err(Fault { cause: Cause::NameNotFound, message: "no such name".to_owned() }),
        }
    }

    async fn probe(&self, target: usize, member: &Member, round: u32, began: Instant, until: Instant) -> Sample {
        let _awake = Awake::new(&self.awake);
        let (index, began_ms) = {
            let mut asked = self.asked.lock().unwrap();
            let began_ms = self.now_ms();
            asked.push(Asked { target, member: member.clone(), began_ms, ended_ms: None });
            (asked.len() - 1, began_ms)
        };
        let (took_ms, passes) = self.world.answers[index % self.world.answers.len()];
        let whole = timeout_at(until, tokio::time::sleep(Duration::from_millis(took_ms))).await.is_ok();
        let ended_ms = self.now_ms();
        self.asked.lock().unwrap()[index].ended_ms = Some(ended_ms);
        let took_us = (ended_ms - began_ms) * 1000;
        let miss = Miss { kind: MissKind::Status, expected: "200".to_owned(), got: "503".to_owned() };
        let step = Step {
            name: "request".to_owned(),
            phases: Phases { total_us: took_us, ..Phases::default() },
            misses: if passes { Vec::new() } else { vec![miss] },
            fault: (!whole).then(|| Fault { cause: Cause::TimedOut, message: "too late".to_owned() }),
            ..Step::default()
        };
        let at_us = u64::try_from((Instant::now() - began).as_micros()).unwrap() - took_us;
        Sample { target, member: member.clone(), round, at_us, took_us, steps: vec![step] }
    }
}

fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
}

fn given(count: u8) -> Vec<Member> {
    let member =
        |last| Member { id: format!("i-{last}"), address: Some(SocketAddr::new(address(last), 80)), zone: None };
    (0..count).map(member).collect()
}

/// A run to be made: the first target's members are given, the second's are resolved.
#[derive(Debug, Clone)]
struct Case {
    world: World,
    rules: Rules,
    members: u8,
    interval_ms: u64,
    jitter_per_mille: u32,
    stop_ms: Option<u64>,
}

/// What came of it.
struct Ran {
    events: Vec<Event>,
    asked: Vec<Asked>,
    looked: Vec<u64>,
    verdict: Verdict,
    awake: usize,
    tasks: usize,
}

impl Ran {
    fn end(&self) -> (u64, End) {
        let Some(Event::End { at_us, why }) = self.events.last() else { panic!("no end: {:?}", self.events.last()) };
        (*at_us / 1000, *why)
    }
}

fn ran(case: &Case) -> Ran {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let asker = Arc::new(Fake {
            world: case.world.clone(),
            began: Instant::now(),
            asked: Mutex::default(),
            looked: Mutex::default(),
            awake: AtomicUsize::new(0),
        });
        let target = Target::parse("http://www.example.com/").unwrap();
        let plan = Plan {
            targets: vec![target.clone(); case.rules.targets.len()],
            members: vec![given(case.members), Vec::new()],
            names: vec!["www.example.com".to_owned(); 2],
            probe: Probe {
                method: "GET".to_owned(),
                headers: Vec::new(),
                body: Vec::new(),
                redirects: 0,
                expect: Expectations::default(),
                version_path: None,
                suite: None,
                warm: 0,
                secrets: Vec::new(),
            },
            rules: case.rules.clone(),
            interval: Duration::from_millis(case.interval_ms),
            jitter_per_mille: case.jitter_per_mille,
        };
        let stop_ms = case.stop_ms;
        let stop = async move {
            match stop_ms {
                Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
                None => std::future::pending().await,
            }
        };
        let mut events = Vec::new();
        let judge = go(asker.clone(), Arc::new(plan), 7, stop, |event, _| events.push(event.clone())).await;
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let awake = asker.awake.load(Ordering::SeqCst);
        let (asked, looked) = (asker.asked.lock().unwrap().clone(), asker.looked.lock().unwrap().clone());
        Ran { events, asked, looked, verdict: judge.verdict(), awake, tasks }
    })
}

fn cases() -> impl Strategy<Value = Case> {
    // Times end with 3, beginnings with 0, names take times that end with 1, and stops come at 7.
    let answers =
        prop::collection::vec(((0..60_u64).prop_map(|ticks| ticks * TICK_MS + 3), prop::bool::weighted(0.8)), 1..12);
    let who = prop::option::weighted(0.85, prop::collection::btree_set(0..4_u8, 1..4));
    let names = prop::collection::vec(((0..40_u64).prop_map(|ticks| ticks * TICK_MS + 1), who), 1..8);
    let rules = (
        prop_oneof![3 => Just(Mode::Wait), 2 => Just(Mode::Hold), 1 => Just(Mode::Once)],
        1..4_u32,
        50..300_u64,
        prop::option::of(0..4_u32),
        prop::option::weighted(0.3, 0..20_u64),
    );
    let targets = prop_oneof![Just(vec![Membership::Given]), Just(vec![Membership::Given, Membership::Resolved]),];
    let run = (1..5_u8, 1..30_u64, prop_oneof![3 => Just(0_u32), 1 => 1..500_u32], prop::option::of(0..250_u64));
    (answers, names, rules, targets, run).prop_map(|(answers, names, rules, targets, run)| {
        let (mode, passes, deadline, max_failures, grace) = rules;
        Case {
            world: World { answers, names },
            rules: Rules {
                mode,
                passes,
                deadline_us: (deadline * TICK_MS + 5) * 1000,
                max_failures,
                quorum: None,
                grace_us: grace.unwrap_or(0) * TICK_MS * 1000,
                percentile: None,
                targets,
            },
            members: run.0,
            interval_ms: run.1 * TICK_MS,
            jitter_per_mille: run.2,
            stop_ms: run.3.map(|ticks| ticks * TICK_MS + 7),
        }
    })
}

/// When a member of the first target has to be asked, ms: at every beginning of a round at which it is not.
fn due(case: &Case, ran: &Ran, member: &Member) -> Vec<u64> {
    let mut due = Vec::new();
    let mut free_ms = 0;
    // In `hold` the end waits for whoever was asked before the deadline.
    let end_ms = ran.end().0.min(case.rules.deadline_us / 1000);
    let rounds = if case.rules.mode == Mode::Once { 1 } else { u64::MAX };
    // Nobody is asked while the last answers are awaited.
    let decided = |begin_ms: u64| {
        let mut judge = Judge::new(case.rules.clone());
        let earlier = |event: &&Event| match event {
            Event::Sample(sample) => sample.ended_us() < begin_ms * 1000,
            Event::Members { at_us, .. } | Event::NotResolved { at_us, .. } => *at_us < begin_ms * 1000,
            Event::End { .. } => false,
        };
        ran.events.iter().filter(earlier).for_each(|event| judge.hear(event));
        judge.decision() == Decision::Done
    };
    for begin_ms in (0..rounds).map(|round| round * case.interval_ms).take_while(|begin_ms| *begin_ms < end_ms) {
        if begin_ms >= free_ms && !decided(begin_ms) {
            let asked =
                ran.asked.iter().find(|one| one.target == 0 && one.member == *member && one.began_ms >= begin_ms);
            due.push(begin_ms);
            free_ms = asked.and_then(|one| one.ended_ms).unwrap_or(u64::MAX);
        }
    }
    due
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rounds_begin_at_their_times_whatever_the_probes_do(case in cases()) {
        let ran = ran(&case);
        for member in given(case.members) {
            let began: Vec<u64> =
                ran.asked.iter().filter(|one| one.target == 0 && one.member == member).map(|one| one.began_ms).collect();
            if case.jitter_per_mille == 0 {
                prop_assert_eq!(began, due(&case, &ran, &member));
            } else {
                let widest_ms = case.interval_ms * u64::from(case.jitter_per_mille) / 1000;
                // Tokio's clock counts whole milliseconds, and rounds up.
                prop_assert!(began.iter().all(|at| at % case.interval_ms <= widest_ms + 1), "{:?}", began);
            }
        }
        prop_assert!(ran.looked.iter().all(|at| at % case.interval_ms == 0), "{:?}", ran.looked);
    }

    #[test]
    fn nobody_is_asked_twice_at_once_or_after_leaving(case in cases()) {
        let ran = ran(&case);
        for (index, one) in ran.asked.iter().enumerate() {
            let others = ran.asked[index + 1..].iter().filter(|other| (other.target, &other.member) == (one.target, &one.member));
            for other in others {
                prop_assert!(one.ended_ms.is_some_and(|ended_ms| ended_ms <= other.began_ms), "{:?} and {:?}", one, other);
            }
            if one.target == 1 && case.jitter_per_mille == 0 {
                let known = ran.events.iter().rev().find_map(|event| match event {
                    Event::Members { at_us, target: 1, members } if at_us / 1000 <= one.began_ms => Some(members),
                    _ => None,
                });
                prop_assert!(known.is_some_and(|known| known.contains(&one.member)), "{:?}", one);
            }
        }
    }

    #[test]
    fn whoever_left_does_not_count_and_whoever_is_healthy_passed_since_it_came(case in cases()) {
        let ran = ran(&case);
        for target in 0..case.rules.targets.len() {
            let mut now: Vec<Member> = Vec::new();
            let mut passes: BTreeMap<Member, (u64, u32)> = BTreeMap::new();
            for event in &ran.events {
                match event {
                    Event::Members { at_us, target: of, members } if *of == target => {
                        passes.retain(|member, _| members.contains(member));
                        for member in members {
                            passes.entry(member.clone()).or_insert((*at_us, 0));
                        }
                        now.clone_from(members);
                    }
                    Event::Sample(sample) if sample.target == target => {
                        if let Some((since_us, count)) = passes.get_mut(&sample.member)
                            && sample.at_us >= *since_us
                        {
                            *count = if sample.passed() { *count + 1 } else { 0 };
                        }
                    }
                    _ => {}
                }
            }
            let counted = ran.verdict.instances.iter().flat_map(|one| &one.members).filter(|one| one.target == target);
            let mut counted: Vec<Member> = counted.map(|one| one.member.clone()).collect();
            counted.sort();
            now.sort();
            prop_assert_eq!(&counted, &now);
            if ran.verdict.health == Health::Healthy {
                let needed = if case.rules.mode == Mode::Once { 1 } else { case.rules.passes };
                prop_assert!(!passes.is_empty() && passes.values().all(|(_, count)| *count >= needed), "{:?}", passes);
            }
        }
    }

    #[test]
    fn a_run_ends_once_and_leaves_nobody_at_work(case in cases()) {
        let ran = ran(&case);
        let ends = ran.events.iter().filter(|event| matches!(event, Event::End { .. })).count();
        prop_assert_eq!((ends, ran.awake, ran.tasks), (1, 0, 0));
        let (end_ms, why) = ran.end();
        let deadline_ms = case.rules.deadline_us / 1000;
        match why {
            End::Stopped => prop_assert_eq!(Some(end_ms), case.stop_ms),
            End::Deadline if case.rules.mode == Mode::Hold => prop_assert!(end_ms >= deadline_ms),
            End::Deadline => prop_assert_eq!(end_ms, deadline_ms),
            End::Decided => prop_assert!(end_ms <= deadline_ms || case.rules.mode == Mode::Hold),
        }
        let tail_ms = if case.rules.mode == Mode::Hold { 600 } else { 0 };
        prop_assert!(end_ms <= (deadline_ms + tail_ms).min(case.stop_ms.unwrap_or(u64::MAX)));
        if why == End::Stopped {
            prop_assert_ne!(ran.verdict.health, Health::Healthy);
        }
    }

    #[test]
    fn a_recorded_run_is_judged_the_same(case in cases()) {
        let ran = ran(&case);
        let header = Header {
            recording: recording::VERSION,
            tool: "healthcheck 0.1.0".to_owned(),
            started_s: 0,
            rules: case.rules.clone(),
            targets: vec![Target::parse("http://www.example.com/").unwrap(); case.rules.targets.len()],
            expected_version: None,
            notes: Vec::new(),
        };
        let text = header_line(&header) + &ran.events.iter().map(event_line).collect::<String>();
        let mut replayed = Judge::new(header.rules.clone());
        recording::read(text.as_bytes(), |_, event| replayed.hear(&event)).unwrap();
        prop_assert_eq!(replayed.verdict(), ran.verdict);
    }
}

/// The runs are worth something only if every end and every answer is among them.
#[test]
fn every_end_comes_up() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..600 {
        let ran = ran(&cases().new_tree(&mut runner).unwrap().current());
        *seen.entry(format!("{:?}", ran.end().1)).or_default() += 1;
        *seen.entry(format!("{:?}", ran.verdict.health)).or_default() += 1;
    }
    for what in ["Decided", "Deadline", "Stopped", "Healthy", "Unhealthy", "CheckerFailed"] {
        assert!(seen.get(what).is_some_and(|count| *count >= 20), "{what}: {seen:?}");
    }
}

#[test]
fn a_probe_from_before_a_member_left_does_not_count_when_it_is_back() {
    let there = |last| (1, Some(BTreeSet::from([last])));
    let quick = |passes| (3, passes);
    let case = Case {
        // At 0 the slow one is asked, at 100 the other is there, at 200 the slow one is back and answers at 254.
        world: World {
            answers: vec![quick(true), (253, true), quick(true), quick(false), quick(true), quick(true), quick(true)],
            names: vec![there(1), there(2), there(1), there(1)],
        },
        rules: Rules {
            mode: Mode::Wait,
            passes: 1,
            deadline_us: 1_005_000,
            max_failures: None,
            quorum: None,
            grace_us: 0,
            percentile: None,
            targets: vec![Membership::Given, Membership::Resolved],
        },
        members: 1,
        interval_ms: 100,
        jitter_per_mille: 0,
        stop_ms: None,
    };
    let ran = ran(&case);
    assert_eq!((ran.end(), ran.verdict.health), ((304, End::Decided), Health::Healthy));
}

#[test]
fn whoever_falls_silent_while_another_is_waited_for_is_not_healthy() {
    let passes = (3, true);
    let case = |silent_ms: u64, after: bool| Case {
        // Two members. One passes at 3 and falls silent at 100; the other fails at 3, and passes at 103.
        world: World {
            answers: vec![passes, (3, false), (silent_ms, after), passes, passes, passes, passes, passes],
            names: vec![(1, None)],
        },
        rules: Rules {
            mode: Mode::Wait,
            passes: 1,
            deadline_us: 1_005_000,
            max_failures: None,
            quorum: None,
            grace_us: 0,
            percentile: None,
            targets: vec![Membership::Given],
        },
        members: 2,
        interval_ms: 100,
        jitter_per_mille: 0,
        stop_ms: None,
    };
    // It comes back: nothing was wrong. It does not: both are asked again, and the next round has them both.
    for (silent_ms, passes, end_ms) in [(3, true, 103), (453, true, 553), (453, false, 603)] {
        let ran = ran(&case(silent_ms, passes));
        assert_eq!((ran.end(), ran.verdict.health), ((end_ms, End::Decided), Health::Healthy), "{silent_ms} {passes}");
    }
    // Nobody was asked anew between 103 and the answer.
    let ran = ran(&case(453, true));
    assert_eq!(ran.asked.len(), 4, "{:?}", ran.asked);
}
