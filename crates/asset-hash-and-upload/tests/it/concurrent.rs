//! Publishes at the same time: there is no lock, so whoever loses the pointer must not touch a page.

use crate::site::fifty;
use crate::stage::{Stage, ended, prove_settled};
use aws_sim::{Fault, Rule};
use kit_test::cli::finish;

/// Rounds: where the two meet is chance.
const ROUNDS: u64 = 6;

#[test]
fn of_two_publishes_at_once_one_is_live_and_whole() {
    let stage = Stage::new();
    let control = stage.control();
    let mut superseded = 0;
    for round in 0..ROUNDS {
        let revision = |side: u64| u32::try_from(round * 2 + side).unwrap() + 1;
        let trees = [0, 1].map(|side| {
            let name = format!("site{side}");
            stage.tree(&name, &fifty(revision(side)));
            name
        });
        // Writes of the pointer and of pages meet the more often the longer they take.
        control.set_faults(vec![
            Rule::new(Fault::SlowWrite { wait_ms: 20 * round }).prefix(".roadcrew/default/current.json"),
            Rule::new(Fault::Latency { wait_ms: 10 * (round % 3) }).prefix("docs/"),
        ]);
        let started = trees.map(|name| stage.start(&["publish", &name]));
        let runs = started.map(|(child, report)| ended(finish(child), &report));
        control.set_faults(Vec::new());
        for run in &runs {
            assert_eq!(run.exit, 0, "round {round}: {}", run.said);
        }
        superseded += runs.iter().filter(|run| run.report["verdict"] == "superseded").count();
        let live = prove_settled(&control);
        let winner = runs.iter().find(|run| run.report["release"] == live["release"]);
        let winner = winner.unwrap_or_else(|| panic!("round {round}: {} is neither's", live["release"]));
        assert_eq!(winner.report["verdict"], "pass", "round {round}");
        // What the loser has published is whole as well, so that one can go to it.
        for run in &runs {
            let release = run.report["release"].as_str().unwrap();
            let back = stage.run(&["rollback", "--to", release]);
            assert_eq!(back.exit, 0, "round {round}: {}", back.said);
            assert_eq!(prove_settled(&control)["release"].as_str(), Some(release));
        }
    }
    assert!(superseded <= usize::try_from(ROUNDS).unwrap());
}

#[test]
fn two_publishes_of_the_same_tree_agree() {
    let stage = Stage::new();
    stage.tree("site", &fifty(1));
    let started = [(); 2].map(|()| stage.start(&["publish", "site"]));
    let runs = started.map(|(child, report)| ended(finish(child), &report));
    for run in &runs {
        assert_eq!(run.exit, 0, "{}", run.said);
    }
    assert_eq!(runs[0].report["cache_busting_value"], runs[1].report["cache_busting_value"]);
    prove_settled(&stage.control());
}
