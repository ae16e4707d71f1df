//! Which base is taken on which host, with clones as the hosts make them.

use super::{Repo, lines};
use kit_git::Error;
use kit_git::observe::base::{Base, find};
use kit_git::observe::review::review;
use kit_git::plan::base::{BaseChoice, HostKind, HostView, choose};
use kit_git::plan::diff::Diff;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a tool that runs there would take.
fn base(repo: &Repo, asked: Option<&str>, variables: &[(&str, &str)], event: &Value) -> Result<Base, Error> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    let view = HostView::read(|name| variables.get(name).copied(), Some(event));
    let repository = repo.open();
    let head = repository.head()?;
    find(&repository, &choose(asked, &view, &head))
}

fn unproven(found: Result<Base, Error>) -> (&'static str, String) {
    match found {
        Err(Error::Unproven { code, what }) => (code, what),
        other => panic!("{other:?}"),
    }
}

/// `main` with four commits, `topic` with two on its second; `main` is checked out.
fn shop() -> Repo {
    let repo = Repo::new();
    repo.commit_file("a.rs", lines(1, 10));
    repo.commit_file("a.rs", lines(1, 20));
    repo.git(&["branch", "topic"]);
    repo.commit_file("main.rs", lines(1, 5));
    repo.commit_file("main.rs", lines(1, 6));
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.commit_file("topic.rs", lines(1, 5));
    repo.commit_file("topic.rs", lines(1, 6));
    repo.git(&["checkout", "--quiet", "main"]);
    repo
}

/// As actions/checkout leaves it: one commit's history to a depth, a detached HEAD, no branches.
fn checkout(repo: &Repo, reference: &str, depth: u32) -> Repo {
    let clone = Repo::new();
    clone.git(&["remote", "add", "origin", &format!("file://{}", repo.path().display())]);
    let depth = if depth == 0 { "--no-tags".to_owned() } else { format!("--depth={depth}") };
    clone.git(&["fetch", "--quiet", "--no-tags", &depth, "origin", &format!("+{reference}:refs/remotes/pull/7/merge")]);
    clone.git(&["checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge"]);
    clone
}

/// A repository with the merge of `topic` that GitHub makes, and the event of its pull request.
fn pull_request() -> (Repo, Value) {
    let repo = shop();
    let (main, topic) = (repo.id("main"), repo.id("topic"));
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.merge("topic");
    repo.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
    repo.git(&["checkout", "--quiet", "main"]);
    let event = json!({
        "repository": {"default_branch": "main"},
        "pull_request": {"number": 7, "base": {"ref": "main", "sha": main}, "head": {"sha": topic}}
    });
    (repo, event)
}

const GITHUB: [(&str, &str); 3] =
    [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_REF", "refs/pull/7/merge")];

#[test]
fn a_merge_ref_needs_depth_2_and_says_so() {
    let (repo, event) = pull_request();
    let shallow = checkout(&repo, "refs/pull/7/merge", 1);
    let (code, what) = unproven(base(&shallow, None, &GITHUB, &event));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("`fetch-depth: 2` at actions/checkout"), "{what}");
    for depth in [2, 3, 0] {
        let clone = checkout(&repo, "refs/pull/7/merge", depth);
        let found = base(&clone, None, &GITHUB, &event).unwrap();
        assert_eq!(found.id, repo.id("main"), "depth {depth}");
        assert!(found.between.contains("first parent") && found.why.contains("#7"), "{found:?}");
        let files = clone.open().diff(&found.id, "HEAD").unwrap();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["topic.rs"], "main's own files are not the change's");
    }
}

#[test]
fn a_head_that_is_checked_out_needs_the_base_branch() {
    let (repo, event) = pull_request();
    let alone = checkout(&repo, "refs/heads/topic", 1);
    let (code, what) = unproven(base(&alone, None, &GITHUB, &event));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("`fetch-depth: 0`") && what.contains("origin/main"), "{what}");
    alone.git(&["fetch", "--quiet", "--depth=1", "origin", "+main:refs/remotes/origin/main"]);
    let (code, what) = unproven(base(&alone, None, &GITHUB, &event));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("where origin/main and HEAD parted") && what.contains("`fetch-depth: 0`"), "{what}");
    alone.git(&["fetch", "--quiet", "--unshallow", "origin"]);
    let found = base(&alone, None, &GITHUB, &event).unwrap();
    assert_eq!(found.id, repo.git(&["merge-base", "main", "topic"]));
    assert!(found.between.starts_with("merge base ") && found.between.contains("origin/main"), "{found:?}");
}

#[test]
fn pull_request_target_is_never_an_empty_change() {
    let (repo, event) = pull_request();
    let clone = checkout(&repo, "refs/heads/main", 0);
    let variables =
        [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request_target"), ("GITHUB_REF", "refs/heads/main")];
    clone.git(&["fetch", "--quiet", "origin", "+main:refs/remotes/origin/main"]);
    let (code, what) = unproven(base(&clone, None, &variables, &event));
    assert_eq!(code, "diff-empty");
    assert!(what.contains("pull_request_target checks out the base branch"), "{what}");
}

#[test]
fn a_push_is_compared_with_what_was_there() {
    let repo = shop();
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", "refs/heads/main")];
    let before = repo.id("main~1");
    let event = json!({"repository": {"default_branch": "main"}, "before": before});
    let clone = repo.cloned(&["--depth=1"]);
    let (code, what) = unproven(base(&clone, None, &variables, &event));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("`fetch-depth: 2`"), "the parent would do: {what}");
    assert_eq!(base(&repo.cloned(&["--depth=2"]), None, &variables, &event).unwrap().id, before);
    let far = json!({"repository": {"default_branch": "main"}, "before": repo.id("main~2")});
    assert!(unproven(base(&clone, None, &variables, &far)).1.contains("`fetch-depth: 0`"));
    // Nothing was pushed, or the branch went back.
    let same = json!({"repository": {"default_branch": "main"}, "before": repo.id("main")});
    assert_eq!(unproven(base(&repo, None, &variables, &same)).0, "diff-empty");
    let newer = json!({"repository": {"default_branch": "main"}, "before": repo.id("main")});
    repo.git(&["checkout", "--quiet", "--detach", "main~1"]);
    let (code, what) = unproven(base(&repo, None, &variables, &newer));
    assert_eq!(code, "diff-empty");
    assert!(what.contains("is already in"), "{what}");
}

#[test]
fn a_merge_queue_is_compared_with_its_base() {
    let (repo, _) = pull_request();
    let event = json!({"merge_group": {"base_sha": repo.id("main")}});
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "merge_group"), ("GITHUB_REF", "refs/heads/q")];
    assert_eq!(base(&checkout(&repo, "refs/pull/7/merge", 2), None, &variables, &event).unwrap().id, repo.id("main"));
    let (code, what) = unproven(base(&checkout(&repo, "refs/pull/7/merge", 1), None, &variables, &event));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("`fetch-depth: 2`"), "{what}");
}

#[test]
fn bitbucket_takes_the_destination_that_it_merged() {
    let repo = shop();
    let (main, topic) = (repo.id("main"), repo.id("topic"));
    let variables = [
        ("BITBUCKET_BUILD_NUMBER", "5"),
        ("BITBUCKET_PR_ID", "3"),
        ("BITBUCKET_BRANCH", "topic"),
        ("BITBUCKET_COMMIT", topic.as_str()),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("BITBUCKET_PR_DESTINATION_COMMIT", &main[..12]),
    ];
    let clone = repo.cloned(&["--branch=topic", "--single-branch"]);
    let (code, what) = unproven(base(&clone, None, &variables, &Value::Null));
    assert_eq!(code, "base-unknown");
    assert!(what.contains("git fetch origin main:refs/remotes/origin/main"), "{what}");
    clone.git(&["fetch", "--quiet", "origin", "main"]);
    assert_eq!(base(&clone, None, &variables, &Value::Null).unwrap().id, repo.git(&["merge-base", "main", "topic"]));
    clone.merge("FETCH_HEAD");
    let found = base(&clone, None, &variables, &Value::Null).unwrap();
    assert_eq!(found.id, main);
    assert!(found.why.contains("destination"), "{found:?}");
    let files = clone.open().diff(&found.id, "HEAD").unwrap();
    assert_eq!(files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["topic.rs"]);
}

#[test]
fn gitlab_depths_are_named_in_its_words() {
    let repo = shop();
    let parted = repo.git(&["merge-base", "main", "topic"]);
    let variables = [
        ("GITLAB_CI", "true"),
        ("CI_MERGE_REQUEST_IID", "12"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", parted.as_str()),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
    ];
    let (code, what) = unproven(base(&checkout(&repo, "refs/heads/topic", 2), None, &variables, &Value::Null));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("`GIT_DEPTH: 0`"), "{what}");
    let found = base(&checkout(&repo, "refs/heads/topic", 3), None, &variables, &Value::Null).unwrap();
    assert_eq!(found.id, parted);
    assert!(found.why.contains("merge request !12"), "{found:?}");
}

#[test]
fn the_shell_takes_the_remotes_default_branch() {
    let repo = shop();
    let clone = repo.cloned(&["--branch=topic"]);
    assert_eq!(base(&clone, None, &[], &Value::Null).unwrap().id, repo.git(&["merge-base", "main", "topic"]));
    let main = repo.cloned(&[]);
    let (code, what) = unproven(base(&main, None, &[], &Value::Null));
    assert_eq!(code, "diff-empty");
    assert!(what.contains("HEAD^1"), "{what}");
    main.commit_file("mine.rs", "x\n");
    assert_eq!(base(&main, None, &[], &Value::Null).unwrap().id, repo.id("main"));
}

#[test]
fn a_base_that_is_asked_for_is_met_or_refused_with_what_is_there() {
    let repo = shop();
    repo.git(&["checkout", "--quiet", "topic"]);
    let parted = repo.git(&["merge-base", "main", "topic"]);
    for name in ["main", "refs/heads/main", "main~1", &repo.id("main")] {
        assert_eq!(base(&repo, Some(name), &[], &Value::Null).unwrap().id, parted, "{name}");
    }
    assert_eq!(base(&repo, Some("HEAD^1"), &[], &Value::Null).unwrap().id, repo.id("HEAD^1"));
    let clone = repo.cloned(&["--branch=topic"]);
    assert_eq!(base(&clone, Some("main"), &[], &Value::Null).unwrap().id, parted, "origin/main is meant");
    let error = base(&repo, Some("mian"), &[], &Value::Null).unwrap_err();
    assert!(
        matches!(&error, Error::Input(what) if what.contains("`mian`") && what.contains("main, topic")),
        "{error:?}"
    );
    let shallow = repo.cloned(&["--branch=topic", "--depth=1"]);
    let (code, what) = unproven(base(&shallow, Some("main"), &[], &Value::Null));
    assert_eq!(code, "history-shallow");
    assert!(what.contains("git fetch origin main:refs/remotes/origin/main") && what.contains("--unshallow"), "{what}");
    assert_eq!(unproven(base(&repo, Some("HEAD"), &[], &Value::Null)).0, "diff-empty");
    repo.git(&["checkout", "--quiet", "--orphan", "alone"]);
    repo.commit("alone");
    assert_eq!(unproven(base(&repo, Some("main"), &[], &Value::Null)).0, "histories-unrelated");
}

#[test]
fn without_a_base_the_reason_is_given() {
    let repo = shop();
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", "refs/tags/v1")];
    let (code, what) = unproven(base(&repo, None, &variables, &Value::Null));
    assert_eq!(code, "base-unknown");
    assert!(what.contains("the tag v1 is built") && what.contains("--base"), "{what}");
    let choice =
        BaseChoice::MergeBaseWith { names: vec!["nothing".to_owned()], why: "x".to_owned(), host: HostKind::Shell };
    let (code, what) = unproven(find(&repo.open(), &choice));
    assert_eq!(code, "base-unknown");
    assert!(what.contains("git fetch origin nothing"), "{what}");
}

#[test]
fn a_base_that_the_host_names_and_that_holds_head_is_an_empty_change() {
    let repo = shop();
    let main = repo.id("main");
    let variables =
        [("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_IID", "12"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", main.as_str())];
    assert_eq!(unproven(base(&repo, None, &variables, &Value::Null)).0, "diff-empty");
    repo.git(&["checkout", "--quiet", "--detach", "main~1"]);
    assert_eq!(unproven(base(&repo, None, &variables, &Value::Null)).0, "diff-empty");
}

#[test]
fn a_remote_of_another_name_is_found_where_it_is_the_only_one_or_the_branchs_own() {
    let repo = shop();
    let clone = repo.cloned(&["--branch=topic"]);
    let parted = repo.git(&["merge-base", "main", "topic"]);
    let found = || base(&clone, None, &[], &Value::Null);
    clone.git(&["remote", "rename", "origin", "team/up"]);
    assert_eq!(found().unwrap().id, parted);
    assert!(found().unwrap().between.contains("of team/up/HEAD"), "{:?}", found());
    assert_eq!(base(&clone, Some("main"), &[], &Value::Null).unwrap().id, parted, "team/up/main is meant");

    clone.git(&["remote", "add", "fork", "https://example.com/fork.git"]);
    assert_eq!(found().unwrap().id, parted, "a remote that was never fetched is none");
    clone.git(&["update-ref", "refs/remotes/fork/main", "HEAD~1"]);
    assert_eq!(found().unwrap().id, parted, "topic comes from team/up");
    clone.git(&["config", "branch.topic.remote", "fork"]);
    assert_eq!(found().unwrap().id, repo.id("topic~1"), "topic comes from fork");
    clone.git(&["config", "--unset", "branch.topic.remote"]);
    let (code, what) = unproven(found());
    assert_eq!(code, "base-unknown");
    assert!(what.contains("git fetch origin main"), "{what}");
    clone.git(&["update-ref", "refs/remotes/origin/main", &repo.id("main")]);
    assert_eq!(found().unwrap().id, parted, "origin counts before any other");
}

/// As [`Review`](kit_git::observe::review::Review) sees the pull request of a clone.
fn since_commit(clone: &Repo, source: &str) -> (Option<Vec<String>>, Vec<String>) {
    let event = clone.at(".git/event.json");
    let text = json!({"pull_request": {"number": 7, "base": {"ref": "main"}, "head": {"sha": source}}}).to_string();
    std::fs::write(&event, text).unwrap();
    let path = [("GITHUB_EVENT_PATH", event.to_str().unwrap())];
    let variables = GITHUB.iter().chain(&path).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let review = review(clone.path(), None, &variables.collect()).unwrap();
    let paths = |diff: Diff| diff.files.into_iter().map(|file| file.path).collect();
    (review.since_commit().map(paths), review.repository.unwrap().take_notices())
}

#[test]
fn annotations_are_led_back_to_the_pull_requests_own_commit() {
    let (repo, _) = pull_request();
    let topic = repo.id("topic");
    let merge = checkout(&repo, "refs/pull/7/merge", 2);
    let (since, notices) = since_commit(&merge, &topic);
    assert_eq!(since.unwrap(), ["main.rs"], "what the base branch has besides");
    assert!(notices.is_empty(), "{notices:?}");

    let (since, notices) = since_commit(&checkout(&repo, "refs/pull/7/merge", 1), &topic);
    assert!(since.is_none());
    assert!(matches!(notices.as_slice(), [one] if one.contains("`fetch-depth: 2`")), "{notices:?}");
    assert_eq!(since_commit(&checkout(&repo, "refs/heads/topic", 0), &topic), (None, Vec::new()));
    let unknown = "1111111111111111111111111111111111111111";
    assert_eq!(since_commit(&merge, unknown), (None, Vec::new()), "another commit is checked out");
}
