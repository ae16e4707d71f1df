//! `run -- COMMAND`: placeholders, receipts, exit codes, signals.

use crate::project::Project;
use serde_json::Value;
use std::process::Stdio;

fn run(project: &Project, shard: &str, shards: &str, command: &[&str]) -> kit_test::Ran {
    let mut args = vec![
        "run",
        "--tests-from",
        "tests.txt",
        "--timings",
        "reports/*.xml",
        "--shards",
        shards,
        "--shard",
        shard,
        "--",
    ];
    args.extend(command);
    project.tool(&args).run()
}

fn receipt(project: &Project, shard: usize) -> Value {
    receipt_at(project, &format!(".roadcrew/shard-{shard}"))
}

fn receipt_at(project: &Project, folder: &str) -> Value {
    serde_json::from_str(&project.read(&format!("{folder}/receipt.json"))).unwrap()
}

#[test]
fn the_command_gets_the_shards_files_and_its_exit_code_is_passed_on() {
    let project = Project::usual();
    let expected = project.shard(3, 1).run().stdout;
    let ran = run(&project, "1", "3", &["printf", "%s\\n"]);
    assert_eq!((ran.exit, &ran.stdout), (0, &expected), "{}", ran.stderr);
    let ran = run(
        &project,
        "1",
        "3",
        &["sh", "-c", "printf '%s\\n' \"$@\"; echo $ROADCREW_SHARD {dir}; exit 7", "x", "{files}"],
    );
    assert_eq!((ran.exit, ran.stdout), (7, format!("{expected}1 .roadcrew/shard-1\n")), "{}", ran.stderr);
    let receipt = receipt(&project, 1);
    assert_eq!((&receipt["exit_code"], &receipt["ran"], &receipt["shards"]), (&7.into(), &true.into(), &3.into()));
    assert_eq!(receipt["units"].as_array().unwrap().len(), expected.lines().count());
}

#[test]
fn an_empty_shard_starts_nothing_and_leaves_a_receipt() {
    let project = Project::new(&[Some(100)]);
    let ran = run(&project, "1", "2", &["false"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!(receipt(&project, 1)["exit_code"], 0);
}

#[test]
fn what_cannot_be_started_is_said() {
    let project = Project::usual();
    let ran = run(&project, "0", "2", &["no-such-command"]);
    assert_eq!(
        (ran.exit, ran.stderr.contains("the command `no-such-command` does not exist")),
        (2, true),
        "{}",
        ran.stderr
    );
    let ran = run(&project, "0", "2", &["echo", "--spec={files}"]);
    assert_eq!((ran.exit, ran.stderr.contains("must be an argument of their own")), (2, true), "{}", ran.stderr);
    let ran = project.tool(&["run", "--tests-from", "tests.txt", "--shards", "2", "--shard", "0"]).run();
    assert_eq!((ran.exit, ran.stderr.contains("no command given")), (2, true), "{}", ran.stderr);
    let ran = project.tool(&["run", "--", "true"]).env("ROADCREW_IMAGE", "1").run();
    assert_eq!(
        (ran.exit, ran.stderr.contains("there is no command to run in this image")),
        (2, true),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_signal_reaches_the_command_and_the_receipt_says_it_did_not_end() {
    let project = Project::usual();
    let script = "trap 'echo got it; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    let args = ["run", "--tests-from", "tests.txt", "--shards", "2", "--shard", "0", "--", "sh", "-c", script];
    let mut child = project
        .tool(&args)
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    assert_eq!(line, "ready\n");
    let killed = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    line.clear();
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    assert_eq!(line, "got it\n");
    let ran = kit_test::cli::finish(child);
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
    assert_eq!(receipt(&project, 0)["exit_code"], Value::Null);
}

#[test]
fn verify_is_green_only_when_everything_ran_once_and_passed() {
    let project = Project::usual();
    let plan =
        ["plan", "--tests-from", "tests.txt", "--timings", "reports/*.xml", "--shards", "3", "--plan", "plan.json"];
    assert_eq!(project.tool(&plan).run().exit, 0);
    let script = "for f in \"$@\"; do printf '<testcase name=\"one\" classname=\"t\" file=\"%s\" time=\"1\"/>' \"$f\"; done > body; \
        { printf '<testsuites><testsuite name=\"s\">'; cat body; printf '</testsuite></testsuites>'; } > \"$0\"";
    for shard in ["0", "1", "2"] {
        let ran = project
            .tool(&[
                "run",
                "--plan",
                "plan.json",
                "--shard",
                shard,
                "--",
                "sh",
                "-c",
                script,
                "{dir}/junit.xml",
                "{files}",
            ])
            .run();
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
    }
    let verify = || project.tool(&["verify", "--plan", "plan.json", ".roadcrew"]).run();
    let ran = verify();
    assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);

    let named = [
        "verify",
        "--plan",
        "plan.json",
        ".roadcrew/shard-0/junit.xml",
        ".roadcrew/shard-1/junit.xml",
        ".roadcrew/shard-2/junit.xml",
    ];
    assert_eq!(project.tool(&named).run().exit, 0, "receipts are found beside the reports");

    let report = project.read(".roadcrew/shard-1/junit.xml");
    project.write(
        ".roadcrew/shard-1/junit.xml",
        &report.replacen("time=\"1\"/>", "time=\"1\"><failure message=\"boom\"/></testcase>", 1),
    );
    let ran = verify();
    assert_eq!((ran.exit, ran.stdout.contains("boom")), (1, true), "{}", ran.stdout);

    project.write(".roadcrew/shard-1/junit.xml", &report);
    let kept = project.read(".roadcrew/shard-2/receipt.json");
    std::fs::remove_file(project.path().join(".roadcrew/shard-2/receipt.json")).unwrap();
    assert_eq!(verify().exit, 4, "a receipt is missing");
    project.write(".roadcrew/shard-2/receipt.json", &kept.replace("\"exit_code\": 0", "\"exit_code\": 2"));
    assert_eq!(verify().exit, 1, "a runner ended with 2");
    project.write(".roadcrew/shard-2/receipt.json", &kept);
    let first = report.find("<testcase").unwrap();
    let end = report[first..].find("/>").unwrap() + first + 2;
    project.write(".roadcrew/shard-1/junit.xml", &format!("{}{}", &report[..first], &report[end..]));
    assert_eq!(verify().exit, 1, "a test was lost");
    std::fs::remove_file(project.path().join(".roadcrew/shard-1/junit.xml")).unwrap();
    assert_eq!(verify().exit, 4, "a report is missing");
}

/// One shard's job on GitHub, whose artifact is named by shard and attempt; `failing` is a file that fails in it.
fn job(project: &Project, shard: usize, attempt: u32, failing: &str) {
    let script = "for f in \"$@\"; do case $f in $FAIL) echo \"<testcase name='one' file='$f'><failure/></testcase>\";; \
        *) echo \"<testcase name='one' file='$f'/>\";; esac; done >body; \
        { echo '<testsuite name=\"s\">'; cat body; echo '</testsuite>'; } >\"$0\"; ! grep -q '<failure' body";
    let folder = format!("results/shard-{shard}-{attempt}");
    let number = shard.to_string();
    let args = ["run", "--plan", "plan.json", "--shard", &number, "--out-dir", &folder, "--", "sh", "-c", script];
    let ran = project
        .tool(&args)
        .args(["{dir}/junit.xml", "{files}"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_JOB", "test")
        .env("GITHUB_RUN_ID", "77")
        .env("GITHUB_RUN_ATTEMPT", attempt.to_string())
        .env("FAIL", failing)
        .run();
    assert_eq!(ran.exit, i32::from(!failing.is_empty()), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_attempt_of_a_job_that_ran_again_replaces_the_first_one() {
    let project = Project::usual();
    let plan =
        ["plan", "--tests-from", "tests.txt", "--timings", "reports/*.xml", "--shards", "2", "--plan", "plan.json"];
    assert_eq!(project.tool(&plan).run().exit, 0);
    let plan: Value = serde_json::from_str(&project.read("plan.json")).unwrap();
    let of_first = plan["shards"][0]["units"][0].as_str().unwrap();
    let verify = || project.tool(&["verify", "--plan", "plan.json", "results", "--json", "report.json"]).run();
    job(&project, 1, 1, "");
    job(&project, 0, 1, of_first);
    assert_eq!(verify().exit, 1, "the first attempt failed");
    assert_eq!(
        receipt_at(&project, "results/shard-0-1/shard-0")["attempt"],
        serde_json::json!({"job": "test 77", "number": 1})
    );

    job(&project, 0, 2, "");
    let ran = verify();
    assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
    for told in ["shard 0 ran again", "attempt 1 of `test 77`", "attempt 2 of `test 77`"] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    let old = "results/shard-0-1/shard-0/junit.xml";
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    assert_eq!((&report["set_aside"], &report["tests"]["tests"]), (&serde_json::json!([old]), &12.into()));

    // Neither does it count for those who give no verdict.
    for command in [&["merge", "results"][..], &["record", "results", "--store", "store.json"]] {
        let ran = project.tool(command).args(["--json", "other.json"]).run();
        assert_eq!((ran.exit, ran.stdout.contains(old)), (0, true), "{command:?}: {}{}", ran.stdout, ran.stderr);
    }
    let merged = project.tool(&["merge", "results", "--json", "other.json"]).run();
    let other: Value = serde_json::from_str(&project.read("other.json")).unwrap();
    assert_eq!((&other["tests"]["tests"], &other["tests"]["failures"]), (&12.into(), &0.into()), "{}", merged.stdout);

    // A killed attempt leaves half a report.
    let whole = project.read(old);
    project.write(old, &whole[..whole.len() / 2]);
    assert_eq!(verify().exit, 0);
    // One that holds another shard's tests is no report of that attempt.
    let of_second = plan["shards"][1]["units"][0].as_str().unwrap();
    project.write(
        old,
        &format!("<testsuite name='s'><testcase name='one' file='{of_second}'><failure/></testcase></testsuite>"),
    );
    assert_eq!(verify().exit, 1, "a failure of another shard was set aside");
    project.write(old, &whole);

    // The later attempt failed; nothing stands in for it.
    job(&project, 0, 3, of_first);
    assert_eq!(verify().exit, 1, "the last attempt failed");
    std::fs::remove_dir_all(project.path().join("results/shard-0-3")).unwrap();
    assert_eq!(verify().exit, 0);
    // The same attempt twice, in two folders.
    std::fs::rename(project.path().join("results/shard-0-2"), project.path().join("results/twin")).unwrap();
    job(&project, 0, 2, "");
    let ran = verify();
    assert_eq!((ran.exit, ran.stdout.contains("shard 0 ran 3 times")), (1, true), "{}", ran.stdout);
}

#[test]
fn recording_runs_in_another_order_gives_the_same_store() {
    let project = Project::usual();
    let times = |ms: u64| {
        format!("<testsuite name=\"s\"><testcase name=\"one\" file=\"tests/t00_test.py\" time=\"0.{ms}\"/></testsuite>")
    };
    for (name, ms) in [("a", 500), ("b", 530), ("c", 900)] {
        project.write(&format!("{name}.xml"), &times(ms));
    }
    let record = |store: &str, report: &str| {
        let ran = project.tool(&["record", "--store", store, report, "--tests-from", "tests.txt"]).run();
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
    };
    for report in ["a.xml", "b.xml", "c.xml"] {
        record("one.json", report);
    }
    for report in ["c.xml", "a.xml", "b.xml", "a.xml"] {
        record("two.json", report);
    }
    assert_eq!(project.read("one.json"), project.read("two.json"));
}
