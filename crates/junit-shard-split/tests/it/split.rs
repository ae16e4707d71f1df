//! Splits: complete, equal in all workers, locked, stable.

use crate::project::Project;
use serde_json::Value;
use std::collections::BTreeSet;

fn plan(project: &Project, args: &[&str]) -> Value {
    let mut all = vec!["plan", "--tests-from", "tests.txt", "--timings", "reports/*.xml", "--plan", "plan.json"];
    all.extend(args);
    let ran = project.tool(&all).run();
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    serde_json::from_str(&project.read("plan.json")).unwrap()
}

#[test]
fn every_test_is_in_exactly_one_shard_and_plan_and_shard_agree() {
    let project = Project::usual();
    let plan = plan(&project, &["--shards", "4"]);
    let mut seen = BTreeSet::new();
    for shard in 0..4 {
        let alone = project.shard(4, shard).run().stdout;
        let planned = project.tool(&["shard", "--plan", "plan.json", "--shard", &shard.to_string()]).run();
        assert_eq!(planned.exit, 0, "{}", planned.stderr);
        assert_eq!(alone, planned.stdout, "shard {shard}");
        let units: Vec<&str> =
            plan["shards"][shard]["units"].as_array().unwrap().iter().map(|u| u.as_str().unwrap()).collect();
        assert_eq!(units, alone.lines().collect::<Vec<_>>());
        for unit in alone.lines() {
            assert!(seen.insert(unit.to_owned()), "{unit} twice");
        }
    }
    assert_eq!(seen.len(), 12);
    // 49.5 s over four shards: 12.375 s can't be reached with these lengths in whole halves of a second.
    assert_eq!(plan["makespan_us"], 12_500_000);
}

#[test]
fn a_changed_plan_is_refused() {
    let project = Project::usual();
    plan(&project, &["--shards", "2"]);
    let text = project.read("plan.json");
    project.write("plan.json", &text.replacen("tests/t00_test.py", "tests/t99_test.py", 1));
    let ran = project.tool(&["shard", "--plan", "plan.json", "--shard", "0"]).run();
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("was changed after it was made"), "{}", ran.stderr);
}

#[test]
fn a_plan_for_another_tree_is_refused_and_an_equal_tree_is_not() {
    let project = Project::usual();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let output =
            std::process::Command::new("git").args(identity).args(args).current_dir(project.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q"]);
    git(&["add", "tests"]);
    git(&["commit", "-qm", "one"]);
    git(&["gc", "-q"]);
    let plan = plan(&project, &["--shards", "2"]);
    assert_eq!(plan["tree"], git(&["rev-parse", "HEAD^{tree}"]), "read from a pack");
    let shard = || project.tool(&["shard", "--plan", "plan.json", "--shard", "0"]).run();
    git(&["commit", "-q", "--allow-empty", "-m", "same tree, other commit"]);
    assert_eq!(shard().exit, 0, "the tree is the same");
    project.write("tests/new_test.py", "");
    git(&["add", "tests"]);
    git(&["commit", "-qm", "two"]);
    let ran = shard();
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("the plan was made for the git tree"), "{}", ran.stderr);
}

#[test]
fn the_same_inputs_give_the_same_digest_and_other_timings_another() {
    let project = Project::usual();
    let one = plan(&project, &["--shards", "3"]);
    let two = plan(&project, &["--shards", "3"]);
    assert_eq!(one, two);
    let report = project.read("reports/r.xml").replacen("time=\"9.000\"", "time=\"9.100\"", 1);
    project.write("reports/r.xml", &report);
    assert_ne!(plan(&project, &["--shards", "3"])["digest"], one["digest"]);
}

#[test]
fn a_previous_plan_is_kept_where_it_can_be() {
    let project = Project::usual();
    plan(&project, &["--shards", "3"]);
    std::fs::copy(project.path().join("plan.json"), project.path().join("old.json")).unwrap();
    let ran = project
        .tool(&[
            "plan",
            "--tests-from",
            "tests.txt",
            "--timings",
            "reports/*.xml",
            "--shards",
            "3",
            "--previous-plan",
            "old.json",
            "--json",
            "-",
        ])
        .run();
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["moved"], 0);
}

#[test]
fn no_timings_at_all_is_a_loud_split_by_size() {
    let project = Project::new(&[None; 6]);
    let ran = project.shard(2, 0).run();
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("NO TIMINGS: split by file size"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`reports/*.xml` matches no report"), "{}", ran.stderr);
}

#[test]
fn too_few_known_is_unproven_once_there_are_timings() {
    let project = Project::new(&[Some(100), None, None, None]);
    let ran = project.shard(2, 0).run();
    assert_eq!((ran.exit, ran.stdout.as_str()), (4, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("only 1 of 4 tests have timings, and min-known asks for 50%"), "{}", ran.stderr);
    assert_eq!(project.shard(2, 0).args(["--min-known", "25%"]).run().exit, 0, "25 % is reached exactly");
    assert_eq!(project.shard(2, 0).args(["--min-known", "25.0001%"]).run().exit, 4);
    assert_eq!(project.shard(2, 0).args(["--advisory"]).run().exit, 0);
}

#[test]
fn the_number_of_shards_follows_from_a_target() {
    let project = Project::usual();
    let ran = project
        .tool(&[
            "plan",
            "--tests-from",
            "tests.txt",
            "--timings",
            "reports/*.xml",
            "--target-s",
            "20",
            "--setup-s",
            "5",
            "--json",
            "-",
        ])
        .run();
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    // 49.5 s of tests: three shards take 16.5 s and 5 s of setup, four 12.5 s and 5 s.
    assert_eq!(report["choice"]["shards"], 4);
    assert_eq!(report["choice"]["one_fewer"]["predicted_us"], 21_500_000);
    assert_eq!(report["outputs"]["matrix"], "{\"shard\":[0,1,2,3]}");
}

#[test]
fn formats() {
    let project = Project::usual();
    let lines = project.shard(3, 0).run().stdout;
    let nul = project.shard(3, 0).args(["--format", "nul"]).run().stdout;
    assert_eq!(nul.replace('\0', "\n"), lines);
    let json: Vec<String> = serde_json::from_str(&project.shard(3, 0).args(["--format", "json"]).run().stdout).unwrap();
    assert_eq!(json.join("\n") + "\n", lines);
}

#[test]
fn more_shards_than_tests_leave_empty_ones_that_do_not_fail() {
    let project = Project::new(&[Some(100), Some(200)]);
    let ran = project.shard(5, 4).args(["--json", "r.json"]).run();
    assert_eq!((ran.exit, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&project.read("r.json")).unwrap();
    assert_eq!(report["outputs"]["empty"], "true");
    assert_eq!(project.read(".roadcrew/shard-4/files.txt"), "");
}
