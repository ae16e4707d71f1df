//! What earlier runs and the base branch left: policy, ratchet and baseline, through the program.

use crate::git::{START_S, git_bytes};
use kit_test::cli::{Cli, Ran};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

/// A repository with `src/order.js`, whose lines are all coverable.
struct Shop {
    folder: TempDir,
}

impl Shop {
    fn new() -> Self {
        let shop = Shop { folder: TempDir::new().unwrap() };
        shop.git(&["init", "--quiet", "--initial-branch=main"]);
        shop.source(10);
        shop.report(10, 8);
        shop
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) {
        git_bytes(self.at(), arguments, START_S);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The source with so many lines, each unlike the others.
    fn source(&self, lines: u32) {
        self.write(
            "src/order.js",
            &(1..=lines).map(|line| format!("call_{line}(of_the_order);\n")).collect::<String>(),
        );
    }

    /// A report, outside of the commits, by which the first `covered` lines ran.
    fn report(&self, lines: u32, covered: u32) {
        let line = |line: u32| format!("DA:{line},{}\n", u32::from(line <= covered));
        let lines = (1..=lines).map(line).collect::<String>();
        self.write("lcov.info", &format!("TN:\nSF:src/order.js\n{lines}end_of_record\n"));
    }

    fn commit(&self) {
        self.git(&["add", "--all", "--", ":!lcov.info", ":!out.json"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=change"]);
    }

    fn run(&self, arguments: &[&str]) -> (Ran, Value) {
        let all = [arguments, &["--reports", "lcov.info", "--json", "out.json"]].concat();
        let ran = Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), self.at()).args(all).run();
        let report = std::fs::read(self.at().join("out.json")).unwrap();
        (ran, serde_json::from_slice(&report).unwrap())
    }
}

#[test]
fn a_change_cannot_loosen_the_policy_that_judges_it() {
    let shop = Shop::new();
    shop.write("coverage-gate.toml", "min-patch = 80\n");
    shop.commit();
    shop.source(12);
    shop.write("coverage-gate.toml", "min-patch = 1\nexclude = [\"src/**\"]\n");
    shop.commit();
    shop.report(12, 10);
    let (ran, report) = shop.run(&["--base", "HEAD^1"]);
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    assert_eq!(report["gates"][0]["threshold"], "80%");
}

#[test]
fn a_policy_that_the_base_does_not_have_yet_only_reports() {
    let shop = Shop::new();
    shop.commit();
    shop.source(12);
    shop.write("coverage-gate.toml", "min-patch = 80\n");
    shop.commit();
    shop.report(12, 10);
    let (ran, report) = shop.run(&["--base", "HEAD^1"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!((&report["gates"][0]["verdict"], &report["gates"][0]["report_only"]), (&"fail".into(), &true.into()));
    let (ran, _) = shop.run(&["--base", "HEAD^1", "--min-patch", "80"]);
    assert_eq!(ran.exit, 1, "what flags ask for decides all the same: {}", ran.stderr);
}

#[test]
fn a_policy_of_a_base_that_cannot_be_found_leaves_everything_unproven() {
    let shop = Shop::new();
    shop.write("coverage-gate.toml", "min-total = 1\n");
    shop.commit();
    let event = shop.at().join("event.json");
    std::fs::write(&event, r#"{"pull_request":{"number":7,"base":{"ref":"release"},"head":{"sha":"0123456789012345678901234567890123456789"}}}"#).unwrap();
    let ran = Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), shop.at())
        .args(["--reports", "lcov.info"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_EVENT_NAME", "pull_request")
        .env("GITHUB_BASE_REF", "release")
        .env("GITHUB_REF", "refs/pull/7/merge")
        .env("GITHUB_EVENT_PATH", event.display().to_string())
        .run();
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("release"), "it says which base is missing: {}", ran.stderr);
}

#[test]
fn init_writes_what_today_holds_and_the_ratchet_keeps_it() {
    let shop = Shop::new();
    shop.write("tools/never_measured.js", "run();\n");
    shop.commit();
    let (ran, _) = shop.run(&["init"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let policy = std::fs::read_to_string(shop.at().join("coverage-gate.toml")).unwrap();
    assert!(policy.contains("min-total = \"80.00%\"") && policy.contains("\"tools/**\""), "{policy}");
    let ratchet = std::fs::read_to_string(shop.at().join("coverage-ratchet.txt")).unwrap();
    assert!(ratchet.contains("\n2/10 src/order.js\n"), "{ratchet}");
    let (ran, _) = shop.run(&["init"]);
    assert_eq!(ran.exit, 2, "it replaces nothing unasked: {}", ran.stderr);
    shop.commit();

    shop.source(14);
    shop.commit();
    shop.report(14, 9);
    let (ran, report) = shop.run(&["--base", "HEAD^1", "--min-patch", "0", "--min-total", "0"]);
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    let ratchet = report["gates"].as_array().unwrap().iter().find(|gate| gate["gate"] == "ratchet").unwrap();
    assert_eq!(ratchet["verdict"], "fail", "{ratchet}");
    assert!(report["ratchet"].as_str().unwrap().starts_with("coverage-ratchet.txt of the base "), "{report}");

    shop.report(14, 13);
    let (ran, _) = shop.run(&["--base", "HEAD^1", "--min-patch", "0", "--tighten"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let ratchet = std::fs::read_to_string(shop.at().join("coverage-ratchet.txt")).unwrap();
    assert!(ratchet.contains("\n1/14 src/order.js\n"), "{ratchet}");
}

#[test]
fn a_file_that_leaves_the_reports_of_its_directory_is_missed_and_not_forgotten() {
    let shop = Shop::new();
    shop.write("src/price.js", "call();\n");
    shop.write("more.info", "TN:\nSF:src/price.js\nDA:1,0\nend_of_record\n");
    shop.commit();
    assert_eq!(shop.run(&["init", "--ratchet-by", "directory", "--reports", "more.info"]).0.exit, 0);
    let ratchet = std::fs::read_to_string(shop.at().join("coverage-ratchet.txt")).unwrap();
    assert!(ratchet.ends_with("\n3/11/2 src/\n"), "{ratchet}");
    shop.commit();
    shop.source(11);
    shop.commit();
    shop.report(11, 10);
    let both = ["--base", "HEAD^1", "--min-patch", "0", "--min-total", "0", "--reports", "more.info"];
    let (ran, _) = shop.run(&both);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let (ran, report) = shop.run(&both[..6]);
    assert_eq!(ran.exit, 4, "less is uncovered, since a file is missing: {}", ran.stderr);
    assert!(report["headline"].as_str().unwrap().contains("in no report: `src/price.js`"), "{report}");
    let (ran, report) = shop.run(&[&both[..6], &["--tighten"]].concat());
    assert_eq!(ran.exit, 4, "{report}");
    assert_eq!(std::fs::read_to_string(shop.at().join("coverage-ratchet.txt")).unwrap(), ratchet);
    assert_eq!(shop.run(&[&both[..], &["--tighten"]].concat()).0.exit, 0);
    let ratchet = std::fs::read_to_string(shop.at().join("coverage-ratchet.txt")).unwrap();
    assert!(ratchet.ends_with("\n2/12/2 src/\n"), "{ratchet}");
}

#[test]
fn a_baseline_is_read_from_a_file_a_ref_and_a_note() {
    let shop = Shop::new();
    shop.commit();
    let (ran, _) = shop.run(&["--write-baseline", "baseline.json"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    shop.git(&["notes", "--ref=coverage", "add", "-F", "baseline.json", "HEAD"]);
    shop.git(&["checkout", "--quiet", "-b", "baselines"]);
    shop.commit();
    shop.git(&["checkout", "--quiet", "main"]);
    shop.source(11);
    shop.commit();
    shop.report(11, 7);
    for baseline in ["git:baselines:baseline.json", "note:refs/notes/coverage"] {
        let gate = |max_drop: &str| shop.run(&["--base", "HEAD^1", "--baseline", baseline, "--max-drop", max_drop]);
        // 8 of 10 before, 7 of 11 now: a drop of 16.36 points.
        let (ran, report) = gate("16");
        assert_eq!(ran.exit, 1, "{baseline}: {}", ran.stderr);
        assert_eq!(report["gates"][0]["before"]["covered"], 8, "{baseline}");
        let from = report["baseline"].as_str().unwrap();
        assert!(from.starts_with(baseline) && from.contains(", of commit "), "{from}");
        assert_eq!(gate("17").0.exit, 0, "{baseline}");
    }
    assert_eq!(shop.run(&["--write-baseline", "baseline.json"]).0.exit, 0);
    let baseline = std::fs::read_to_string(shop.at().join("baseline.json")).unwrap();
    shop.write("baseline.json", &baseline.replace("order", "other"));
    shop.write("src/other.js", "call();\n");
    shop.commit();
    let (ran, report) = shop.run(&["--base", "HEAD^1", "--baseline", "baseline.json"]);
    let left = report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "files-left-reports");
    assert!(ran.exit == 0 && left.unwrap()["message"].as_str().unwrap().contains("src/other.js"), "{report}");
    let (ran, report) = shop.run(&["--base", "HEAD^1", "--baseline", "baseline.json", "--max-drop", "50"]);
    assert!(
        ran.exit == 4 && report["headline"].as_str().unwrap().contains("src/other.js"),
        "the gate says so: {report}"
    );
    let (ran, _) = shop.run(&["--base", "HEAD^1", "--baseline", "gone.json", "--max-drop", "50"]);
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    let skip = ["--base", "HEAD^1", "--baseline", "gone.json", "--max-drop", "50", "--missing-baseline", "skip"];
    assert_eq!(shop.run(&skip).0.exit, 0);
}

#[test]
fn edits_that_are_in_no_commit_are_told_on_a_laptop_and_not_in_a_build() {
    let shop = Shop::new();
    shop.commit();
    shop.source(11);
    shop.commit();
    shop.source(12);
    let notice = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        let told = findings.iter().find(|finding| finding["code"] == "repository-notice");
        told.map(|finding| finding["message"].as_str().unwrap().to_owned())
    };
    let (ran, report) = shop.run(&["--base", "HEAD^1"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let told = "1 tracked file has uncommitted edits, which are not in the change: src/order.js";
    assert_eq!(notice(&report).as_deref(), Some(told));
    shop.commit();
    let (_, report) = shop.run(&["--base", "HEAD^1"]);
    assert_eq!(notice(&report), None);
    shop.source(13);
    let arguments = ["--reports", "lcov.info", "--base", "HEAD^1", "--json", "out.json"];
    let build = Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), shop.at()).args(arguments).env("GITLAB_CI", "true").run();
    assert_eq!(build.exit, 0, "{}", build.stderr);
    let report = std::fs::read(shop.at().join("out.json")).unwrap();
    assert_eq!(notice(&serde_json::from_slice(&report).unwrap()), None);
}
