//! Bad input gets one line that names the file and the line, and the documented exit code.

use crate::project::Project;

/// Runs `shard 0 of 2` after `change`, expects an exit code and a piece of the message.
fn check(change: impl FnOnce(&Project), extra: &[&str], exit: i32, message: &str) {
    let project = Project::usual();
    change(&project);
    let ran = project.shard(2, 0).args(extra.iter().copied()).run();
    assert_eq!(ran.exit, exit, "{}", ran.stderr);
    assert!(ran.stderr.contains(message), "wanted {message:?} in:\n{}", ran.stderr);
    assert!(!ran.stderr.contains("panicked") && !ran.stderr.contains("RUST_BACKTRACE"));
    if exit != 0 {
        assert_eq!(ran.stdout, "", "no result without an answer");
    }
}

#[test]
fn reports_that_are_broken() {
    let bad = |content: &'static str| move |project: &Project| project.write("reports/z.xml", content);
    check(bad("<testsuites>\n<testsuite name='a'>\n<testcase name='x' time='1"), &[], 2, "reports/z.xml:3");
    check(bad("<testsuites>\n<testsuite name='a'>\n"), &[], 2, "reports/z.xml");
    check(
        bad("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n<testsuites>&e;</testsuites>"),
        &[],
        2,
        "reports/z.xml:1",
    );
    check(bad("<test-run><test-suite/></test-run>"), &[], 2, "NUnit");
    check(bad("<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'/>"), &[], 2, "TRX");
    check(bad(""), &[], 2, "empty");
    check(bad("{\"a\":1}"), &[], 2, "reports/z.xml");
    check(bad("<testsuites>\n<testsuite name='a'>\n"), &["--skip-unreadable"], 0, "reports/z.xml");
}

#[test]
fn inputs_that_make_no_sense() {
    let nothing = |_: &Project| {};
    check(nothing, &["--shard", "2"], 2, "cannot be used multiple times");
    check(nothing, &["--min-known", "1"], 2, "may mean 1% or 100%");
    check(nothing, &["--setup-s", "soon"], 2, "`setup-s`: `soon` is not a duration");
    check(nothing, &["--tests", "**/*.py"], 2, "both `tests` and `tests-from`");
    check(nothing, &["--frobnicate"], 2, "unexpected argument '--frobnicate'");
    check(nothing, &["--runner", "nose"], 2, "invalid value 'nose'");
    check(|p| p.write("tests.txt", "\n\n"), &[], 2, "tests.txt holds no tests");
    check(|p| p.write("tests.txt", "ok.py\n::error::x\n"), &[], 2, "tests.txt:2");
    check(
        |p| std::fs::remove_file(p.path().join("tests.txt")).unwrap(),
        &[],
        2,
        "the list of tests tests.txt does not exist",
    );
    check(
        |p| p.write("tests.txt", &(p.read("tests.txt") + "tests/t00_test.py\n")),
        &[],
        0,
        "`tests/t00_test.py` is listed 2 times in tests.txt (lines 1, 13); it runs once",
    );
    check(
        |p| p.write("tests.txt", &(p.read("tests.txt").replace('\n', "\0") + "./tests/t01_test.py\0")),
        &[],
        0,
        "`tests/t01_test.py` is listed 2 times in tests.txt (entries 2, 13); it runs once",
    );
    check(|p| p.write("tests.txt", "ok.py\0::error::x\0"), &[], 2, "tests.txt: entry 2: the name");
}

#[test]
fn an_index_out_of_range_is_refused() {
    let project = Project::usual();
    for (shards, shard, message) in [
        ("3", "3", "`shard` is 3, but there are 3 shards, counted from 0 to 2"),
        ("3", "-1", "`shard` is `-1`"),
        ("0", "0", "`shards` is `0`"),
        ("10001", "0", "`shards` is `10001`"),
        ("3", "99999999999999999999", "`shard` is"),
    ] {
        let ran = project
            .tool(&["shard", "--tests-from", "tests.txt", &format!("--shards={shards}"), &format!("--shard={shard}")])
            .run();
        assert_eq!(ran.exit, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
}

#[test]
fn globs_of_tests_that_match_nothing_are_refused() {
    let project = Project::usual();
    let ran = project.tool(&["shard", "--tests", "spec/**/*_spec.rb", "--shards", "2", "--shard", "0"]).run();
    assert_eq!(ran.exit, 2);
    assert!(ran.stderr.contains("the glob `spec/**/*_spec.rb` of `tests` matches no file"), "{}", ran.stderr);
    let ran = project.tool(&["shard", "--tests", "tests/*.py", "--shards", "1", "--shard", "0"]).run();
    assert_eq!(ran.stdout.lines().count(), 12, "{}", ran.stderr);
}

#[test]
fn odd_times_are_survived_and_named() {
    let report = "<testsuites><testsuite name='s'>\
        <testcase name='a' file='tests/t00_test.py' time='-5'/>\
        <testcase name='b' file='tests/t01_test.py' time='tbd'/>\
        <testcase name='c' file='tests/t02_test.py' time='1,234.5'/>\
        <testcase name='d' file='tests/t03_test.py' time='99999999999'/>\
        </testsuite></testsuites>";
    check(|p| p.write("reports/odd.xml", report), &["--json", "report.json"], 0, "reports/odd.xml");
}

#[test]
fn a_plan_that_is_none_is_refused() {
    let project = Project::usual();
    for (text, message) in [("{}", "not a plan of this tool"), ("[", "plan.json:1"), ("{\"schema\":9}", "not a plan")] {
        project.write("plan.json", text);
        let ran = project.tool(&["shard", "--plan", "plan.json", "--shard", "0"]).run();
        assert_eq!(ran.exit, 2);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    let ran = project.tool(&["shard", "--plan", "missing.json", "--shard", "0"]).run();
    assert_eq!((ran.exit, ran.stderr.contains("missing.json does not exist")), (2, true), "{}", ran.stderr);
}

#[test]
fn a_merged_report_that_cannot_be_written_is_named() {
    let project = Project::usual();
    project.write("taken", "a file");
    for out in ["taken/merged.xml", "/dev/full"] {
        let ran = project.tool(&["merge", "reports", "--out", out]).run();
        assert_eq!(ran.exit, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("cannot write {out}: ")), "{}", ran.stderr);
    }
}
