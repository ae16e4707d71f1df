//! stdout, stderr, files that can't be written, signals.

use crate::project::Project;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

#[test]
fn stdout_holds_the_files_and_nothing_else() {
    let project = Project::usual();
    let ran = project.shard(3, 0).args(["--out", "mine.txt"]).run();
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert!(!ran.stdout.is_empty() && ran.stdout.lines().all(|line| line.starts_with("tests/t")));
    assert_eq!(project.read("mine.txt"), ran.stdout);
    assert_eq!(project.read(".roadcrew/shard-0/files.txt"), ran.stdout);
    assert!(ran.stderr.contains("shard 0 of 3"));
}

#[test]
fn json_on_stdout_is_json_alone() {
    let project = Project::usual();
    let ran = project.shard(3, 1).args(["--json", "-"]).run();
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["verdict"], "pass");
    assert_eq!(report["schema"], 1);
    assert!(report["plan"]["digest"].as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn a_full_disk_behind_stdout_is_exit_3_in_one_line() {
    let project = Project::usual();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let child = project.shard(3, 0).command().stdout(full).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    let ran = kit_test::cli::finish(child);
    assert_eq!(ran.exit, 3);
    assert_eq!(
        ran.stderr.lines().filter(|line| line.contains("cannot write the result to standard output")).count(),
        1
    );
    assert!(!ran.stderr.contains("panicked"));
}

#[test]
fn a_closed_pipe_behind_stdout_is_exit_3_not_a_panic() {
    let project = Project::usual();
    let mut child = project
        .shard(3, 0)
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = kit_test::cli::finish(child);
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
    assert!(!ran.stderr.contains("bug:"), "{}", ran.stderr);
}

#[test]
fn an_unwritable_out_dir_is_exit_3_and_names_the_path() {
    let project = Project::usual();
    project.write("occupied", "a file where a folder should be");
    let ran = project.shard(3, 0).args(["--out-dir", "occupied/here"]).run();
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot write occupied/here/shard-0/files.txt"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "", "a result whose files are missing is none");
}

#[test]
fn missing_and_unwritable_host_files_cost_a_warning_only() {
    let project = Project::usual();
    let github = project.shard(3, 0).env("GITHUB_ACTIONS", "true");
    let ran = github.clone().run();
    assert_eq!(ran.exit, 0);
    assert!(ran.stderr.contains("GITHUB_OUTPUT is not set"), "{}", ran.stderr);
    let ran =
        github.env("GITHUB_OUTPUT", "/nonexistent/output").env("GITHUB_STEP_SUMMARY", "/nonexistent/summary").run();
    assert_eq!(ran.exit, 0);
    assert_eq!(
        ran.stderr.lines().filter(|line| line.starts_with("warning: cannot write")).count(),
        2,
        "{}",
        ran.stderr
    );
}

#[test]
fn a_user_who_may_not_write_gets_one_line() {
    let project = Project::usual();
    std::fs::create_dir(project.path().join("locked")).unwrap();
    std::fs::set_permissions(project.path().join("locked"), std::fs::Permissions::from_mode(0o555)).unwrap();
    if File::create(project.path().join("locked/probe")).is_ok() {
        // Root writes everywhere; as root the tool is started as nobody instead.
        std::fs::set_permissions(project.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_junit-shard-split")]);
        command
            .args(["shard", "--tests-from", "tests.txt", "--shards", "2", "--shard", "0"])
            .current_dir(project.path());
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        if stderr.contains("Permission denied") && stderr.contains("setpriv") {
            // The binary itself lies in a folder that nobody may enter; the refusal below can't be provoked there.
            println!("SKIP another user: the binary lies where nobody may enter; the image test covers it");
            return;
        }
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(stderr.contains("cannot write .roadcrew/shard-0/files.txt: Permission denied"), "{stderr}");
        return;
    }
    let ran = project.shard(3, 0).args(["--out-dir", "locked"]).run();
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
}

#[test]
fn help_version_completions_and_description_print_and_end() {
    let project = Project::usual();
    for (args, part) in [
        (&["--help"][..], "Commands:"),
        (&["--version"], "junit-shard-split 0."),
        (&["--completions", "bash"], "complete -F"),
        (&["--describe"], "\"default_command\": \"shard\""),
        (&["shard", "--help"], "--timings"),
    ] {
        let ran = project.tool(args).run();
        assert_eq!((ran.exit, ran.stdout.contains(part)), (0, true), "{args:?}: {} {}", ran.stdout, ran.stderr);
    }
}
