//! Servers that are wrong in known ways, and servers that look wrong and aren't: no false green, no false red.

mod table;

use fault_server::{Class, FaultServer, Pace, Setup, Truth};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use table::{Outcome, Table};

/// Runs of each class in the usual tests, and how many at once.
const FEW: (u64, usize) = (8, 24);
/// What the goal names.
const MANY: (u64, usize) = (100, 100);
/// Runs at once of the classes with many instances, each of which is probed twenty times a second.
const LARGE_AT_ONCE: usize = 2;

#[test]
fn no_class_of_faults_is_taken_for_health_or_the_other_way_round() {
    all_classes(FEW);
}

#[test]
#[ignore = "minutes of probing; run it with --ignored"]
fn a_hundred_runs_of_each_class_a_hundred_at_once_are_all_answered_right() {
    all_classes(MANY);
}

#[allow(clippy::print_stdout, reason = "the table is what the test is read for")]
fn all_classes((runs, at_once): (u64, usize)) {
    let (large, small): (Vec<Class>, Vec<Class>) = Class::ALL.iter().partition(|class| class.instances() > 2);
    let mut table = Table::default();
    table.add(pool(&small, runs, at_once));
    table.add(pool(&large, runs, LARGE_AT_ONCE));
    println!("{table}");
    let wrong = table.wrong();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs of each class with seeds of their own, some at once: first one of each, so that all kinds are mixed.
fn pool(classes: &[Class], runs: u64, at_once: usize) -> Vec<(Class, Outcome)> {
    let jobs = (0..runs).flat_map(|seed| classes.iter().map(move |class| (*class, seed)));
    let jobs = Mutex::new(jobs);
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let job = jobs.lock().unwrap().next();
                    let Some((class, seed)) = job else { break };
                    let outcome = one(class, seed);
                    outcomes.lock().unwrap().push((class, outcome));
                }
            });
        }
    });
    outcomes.into_inner().unwrap()
}

/// One server, one run of the tool.
fn one(class: Class, seed: u64) -> Outcome {
    let server = FaultServer::start(Setup::new(class, seed)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record.jsonl");
    let mut command = Command::new(env!("CARGO_BIN_EXE_healthcheck"));
    command.args(server.options(Pace::QUICK).arguments()).arg("--record").arg(&record);
    // Neither a proxy of this machine nor a CI that it may be has a part in this.
    command.env_clear().current_dir(folder.path()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let recording = std::fs::read_to_string(&record).unwrap_or_default();
    let causes = causes(&recording);
    let is_expected = class.causes().is_empty() || class.causes().iter().any(|cause| causes.contains(*cause));
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let requests = server.requests().iter().sum();
    Outcome { seed, exit: output.status.code(), causes, is_expected, requests, said: said.into_owned() }
}

/// Causes of faults and kinds of misses in a recording.
fn causes(recording: &str) -> BTreeSet<String> {
    let mut causes = BTreeSet::new();
    for line in recording.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        for step in event["steps"].as_array().into_iter().flatten() {
            causes.extend(step["fault"]["cause"].as_str().map(str::to_owned));
            let misses = step["misses"].as_array().into_iter().flatten();
            causes.extend(misses.filter_map(|miss| miss["kind"].as_str()).map(str::to_owned));
        }
    }
    causes
}

#[test]
fn truths_cover_both_sides() {
    let healthy = Class::ALL.iter().filter(|class| class.truth() == Truth::Healthy).count();
    assert!(healthy >= 8 && Class::ALL.len() - healthy >= 25);
}
