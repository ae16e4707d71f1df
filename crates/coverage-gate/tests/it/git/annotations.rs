//! Where annotations stand, through the program.

use super::{Repo, lines};
use kit_test::cli::Cli;

/// `main`, which has two lines more at the top of `order.js` since `topic` left it, and the merge of `topic`, which adds a
/// line at the end, checked out.
fn merged() -> (Repo, String) {
    let repo = Repo::new();
    repo.commit_file("order.js", lines(1, 10));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    let source = repo.commit_file("order.js", lines(1, 10) + "refund();\n");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.commit_file("order.js", "import a;\nimport b;\n".to_owned() + &lines(1, 10));
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.merge("topic");
    (repo, source)
}

#[test]
fn github_is_told_the_lines_of_the_pull_requests_own_commit() {
    let (repo, source) = merged();
    let event = repo.at(".git/event.json");
    let payload = serde_json::json!({"pull_request": {"number": 7, "base": {"ref": "main"}, "head": {"sha": source}}})
        .to_string();
    std::fs::write(&event, payload).unwrap();
    let records: String = (1..=13).map(|line| format!("DA:{line},{}\n", u32::from(line < 13))).collect();
    repo.write("lcov.info", format!("TN:\nSF:order.js\n{records}end_of_record\n"));
    let ran = Cli::new(env!("CARGO_BIN_EXE_coverage-gate"), repo.path())
        .args(["--reports", "lcov.info", "--json", "out.json", "--min-patch", "80"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_EVENT_NAME", "pull_request")
        .env("GITHUB_REF", "refs/pull/7/merge")
        .env("GITHUB_SHA", repo.id("HEAD"))
        .env("GITHUB_EVENT_PATH", event.display().to_string())
        .run();
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    let told = ran.stdout.clone() + &ran.stderr;
    assert!(told.contains("file=order.js,line=11,"), "the commit's line: {told}");
    assert!(told.contains("order.js:13"), "people see the line that was measured: {told}");
}
