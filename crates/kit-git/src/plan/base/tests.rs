use super::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const HEAD: &str = "1111111111111111111111111111111111111111";
const BASE: &str = "2222222222222222222222222222222222222222";
const SOURCE: &str = "3333333333333333333333333333333333333333";
const OTHER: &str = "4444444444444444444444444444444444444444";
const ZEROS: &str = "0000000000000000000000000000000000000000";

fn head(parents: &[&str]) -> Commit {
    Commit { id: HEAD.to_owned(), parents: parents.iter().map(ToString::to_string).collect(), ..Commit::default() }
}

fn view(variables: &[(&str, &str)], event: &Value) -> HostView {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    HostView::read(|name| variables.get(name).copied(), Some(event))
}

fn github(name: &str, reference: &str, event: &Value) -> HostView {
    let variables =
        [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", name), ("GITHUB_REF", reference), ("GITHUB_SHA", HEAD)];
    view(&variables, event)
}

fn pull_request_event() -> Value {
    json!({
        "repository": {"default_branch": "main"},
        "pull_request": {"number": 7, "base": {"ref": "develop", "sha": BASE}, "head": {"sha": SOURCE}}
    })
}

/// The choice in few words: its kind and what it names.
fn chosen(choice: &BaseChoice) -> String {
    match choice {
        BaseChoice::Asked { name, .. } => format!("asked {name}"),
        BaseChoice::Commit { id, .. } => format!("commit {id}"),
        BaseChoice::MergeBaseWith { names, .. } => format!("merge base {}", names.join(" ")),
        BaseChoice::FirstParentOfMerge { .. } => "first parent".to_owned(),
        BaseChoice::None { .. } => "none".to_owned(),
    }
}

fn why(choice: &BaseChoice) -> String {
    match choice {
        BaseChoice::Asked { .. } => String::new(),
        BaseChoice::Commit { why, .. }
        | BaseChoice::MergeBaseWith { why, .. }
        | BaseChoice::FirstParentOfMerge { why, .. }
        | BaseChoice::None { why } => why.clone(),
    }
}

#[test]
fn what_the_user_asks_for_comes_first() {
    let view = github("pull_request", "refs/pull/7/merge", &pull_request_event());
    assert_eq!(chosen(&choose(Some(" release "), &view, &head(&[BASE, SOURCE]))), "asked release");
    assert_eq!(chosen(&choose(Some(""), &view, &head(&[BASE, SOURCE]))), "first parent");
}

#[test]
fn github_pull_requests_are_compared_with_what_they_were_merged_into() {
    let event = pull_request_event();
    let view = github("pull_request", "refs/pull/7/merge", &event);
    let choice = choose(None, &view, &head(&[BASE, SOURCE]));
    assert_eq!(chosen(&choice), "first parent");
    assert!(why(&choice).contains("pull request #7"), "{choice:?}");
    // The source moved on after the event, and the merge with it: it is still what GitHub says it built.
    assert_eq!(chosen(&choose(None, &view, &head(&[BASE, OTHER]))), "first parent");
    // A head that is checked out, be it a merge or not.
    let mut source = head(&[OTHER, BASE]);
    source.id = SOURCE.to_owned();
    let names = format!("merge base origin/develop develop {BASE}");
    assert_eq!(chosen(&choose(None, &view, &source)), names);
    assert_eq!(chosen(&choose(None, &view, &head(&[OTHER]))), names);
}

#[test]
fn a_merge_that_is_not_the_hosts_is_not_taken_for_it() {
    let mut view = github("pull_request", "refs/pull/7/merge", &pull_request_event());
    view.built_id = Some(OTHER.to_owned());
    assert_eq!(
        chosen(&choose(None, &view, &head(&[BASE, OTHER]))),
        format!("merge base origin/develop develop {BASE}")
    );
}

#[test]
fn github_without_its_event_still_knows_the_base_branch() {
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_REF", "refs/pull/7/merge"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_SHA", HEAD),
    ];
    let view = view(&variables, &Value::Null);
    assert_eq!(chosen(&choose(None, &view, &head(&[BASE, SOURCE]))), "first parent");
    assert_eq!(chosen(&choose(None, &view, &head(&[BASE]))), "merge base origin/main main");
}

#[test]
fn pull_request_target_says_what_it_checks_out() {
    let view = github("pull_request_target", "refs/heads/develop", &pull_request_event());
    let choice = choose(None, &view, &head(&[OTHER]));
    assert_eq!(chosen(&choice), format!("merge base origin/develop develop {BASE}"));
    assert!(why(&choice).contains("`ref:`"), "{choice:?}");
}

#[test]
fn github_pushes_are_compared_with_what_was_there() {
    let push = |branch: &str, before: &str, forced: bool| {
        let event = json!({"repository": {"default_branch": "main"}, "before": before, "forced": forced});
        let choice = choose(None, &github("push", &format!("refs/heads/{branch}"), &event), &head(&[BASE]));
        (chosen(&choice), why(&choice))
    };
    assert_eq!(push("topic", BASE, false).0, format!("merge base {BASE}"));
    assert_eq!(push("main", BASE, false).0, format!("merge base {BASE}"));
    assert_eq!(push("topic", ZEROS, false).0, "merge base origin/main main");
    assert_eq!(push("topic", BASE, true).0, "merge base origin/main main");
    assert!(push("main", BASE, true).1.contains("rewritten"));
    assert_eq!(push("main", ZEROS, false).0, "none");
}

#[test]
fn queues_tags_schedules_and_buttons() {
    let event = json!({"merge_group": {"base_sha": BASE}, "repository": {"default_branch": "main"}});
    let queue = github("merge_group", "refs/heads/gh-readonly-queue/main/pr-7-2222", &event);
    assert_eq!(chosen(&choose(None, &queue, &head(&[BASE, SOURCE]))), format!("commit {BASE}"));
    let none = [
        ("push", "refs/tags/v1"),
        ("schedule", "refs/heads/main"),
        ("workflow_dispatch", "refs/heads/main"),
        ("issue_comment", "refs/heads/main"),
        ("merge_group", "refs/heads/x"),
    ];
    let event = json!({"repository": {"default_branch": "main"}, "before": BASE});
    for (name, reference) in none {
        let choice = choose(None, &github(name, reference, &event), &head(&[BASE]));
        assert_eq!(chosen(&choice), "none", "{name}");
        assert!(!why(&choice).is_empty());
    }
    let topic = choose(None, &github("workflow_dispatch", "refs/heads/topic", &event), &head(&[BASE]));
    assert_eq!(chosen(&topic), "merge base origin/main main");
}

#[test]
fn gitlab_names_where_the_branches_parted_and_what_it_merged() {
    let request = [
        ("GITLAB_CI", "true"),
        ("CI_PIPELINE_SOURCE", "merge_request_event"),
        ("CI_MERGE_REQUEST_IID", "12"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", BASE),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""),
        ("CI_COMMIT_BEFORE_SHA", ZEROS),
        ("CI_COMMIT_SHA", HEAD),
        ("CI_DEFAULT_BRANCH", "main"),
    ];
    let choice = choose(None, &view(&request, &Value::Null), &head(&[OTHER]));
    assert_eq!(chosen(&choice), format!("commit {BASE}"));
    assert!(why(&choice).contains("!12"), "{choice:?}");
    // A source commit that is itself a merge is no merged result.
    assert_eq!(chosen(&choose(None, &view(&request, &Value::Null), &head(&[OTHER, SOURCE]))), format!("commit {BASE}"));
    let mut merged = request.to_vec();
    merged.extend([("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", OTHER), ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", SOURCE)]);
    let merged = view(&merged, &Value::Null);
    assert_eq!(chosen(&choose(None, &merged, &head(&[OTHER, SOURCE]))), "first parent");
    // A train of fast forwards rebases instead: what parted long ago is no base for that.
    assert_eq!(chosen(&choose(None, &merged, &head(&[OTHER]))), format!("merge base origin/main main {OTHER}"));
}

#[test]
fn gitlab_branches_tags_and_schedules() {
    let gitlab = |more: &[(&str, &str)]| {
        let fixed = [("GITLAB_CI", "true"), ("CI_DEFAULT_BRANCH", "main")];
        choose(None, &view(&[&fixed, more].concat(), &Value::Null), &head(&[BASE]))
    };
    let push = ("CI_PIPELINE_SOURCE", "push");
    let topic = ("CI_COMMIT_BRANCH", "topic");
    assert_eq!(chosen(&gitlab(&[push, topic, ("CI_COMMIT_BEFORE_SHA", BASE)])), format!("merge base {BASE}"));
    assert_eq!(chosen(&gitlab(&[push, topic, ("CI_COMMIT_BEFORE_SHA", ZEROS)])), "merge base origin/main main");
    assert_eq!(chosen(&gitlab(&[push, ("CI_COMMIT_TAG", "v1"), ("CI_COMMIT_BEFORE_SHA", BASE)])), "none");
    assert_eq!(chosen(&gitlab(&[("CI_PIPELINE_SOURCE", "schedule"), topic])), "none");
    assert_eq!(chosen(&gitlab(&[("CI_PIPELINE_SOURCE", "web"), topic])), "merge base origin/main main");
}

#[test]
fn bitbucket_merges_the_destination_into_the_source() {
    let request = [
        ("BITBUCKET_BUILD_NUMBER", "5"),
        ("BITBUCKET_PR_ID", "3"),
        ("BITBUCKET_BRANCH", "topic"),
        ("BITBUCKET_COMMIT", SOURCE),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("BITBUCKET_PR_DESTINATION_COMMIT", "222222222222"),
    ];
    let request = view(&request, &Value::Null);
    assert_eq!(chosen(&choose(None, &request, &head(&[SOURCE, BASE]))), format!("commit {BASE}"));
    let mut source = head(&[OTHER]);
    source.id = SOURCE.to_owned();
    assert_eq!(chosen(&choose(None, &request, &source)), "merge base 222222222222 origin/main main");
    let push = view(&[("BITBUCKET_BUILD_NUMBER", "5"), ("BITBUCKET_BRANCH", "topic")], &Value::Null);
    assert_eq!(
        chosen(&choose(None, &push, &head(&[]))),
        "merge base origin/HEAD origin/main origin/master main master"
    );
    let tag = view(&[("BITBUCKET_BUILD_NUMBER", "5"), ("BITBUCKET_TAG", "v1")], &Value::Null);
    assert_eq!(chosen(&choose(None, &tag, &head(&[]))), "none");
}

#[test]
fn jenkins_buildkite_circleci_and_the_shell() {
    let choice =
        |variables: &[(&str, &str)]| chosen(&choose(None, &view(variables, &Value::Null), &head(&[BASE, SOURCE])));
    let guess = "merge base origin/HEAD origin/main origin/master main master";
    let jenkins = ("JENKINS_URL", "https://ci.example.com");
    assert_eq!(choice(&[jenkins, ("CHANGE_ID", "4"), ("CHANGE_TARGET", "main")]), "merge base origin/main main");
    assert_eq!(choice(&[jenkins, ("BRANCH_NAME", "x"), ("GIT_PREVIOUS_COMMIT", BASE)]), format!("merge base {BASE}"));
    assert_eq!(choice(&[jenkins, ("BRANCH_NAME", "main"), ("BRANCH_IS_PRIMARY", "true")]), "none");
    let buildkite = ("BUILDKITE", "true");
    let request = [("BUILDKITE_PULL_REQUEST", "9"), ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "dev")];
    assert_eq!(choice(&[buildkite, request[0], request[1]]), "merge base origin/dev dev");
    let branch = [("BUILDKITE_PULL_REQUEST", "false"), ("BUILDKITE_PIPELINE_DEFAULT_BRANCH", "trunk")];
    assert_eq!(choice(&[buildkite, branch[0], branch[1], ("BUILDKITE_BRANCH", "x")]), "merge base origin/trunk trunk");
    assert_eq!(choice(&[buildkite, branch[0], branch[1], ("BUILDKITE_BRANCH", "trunk")]), "none");
    assert_eq!(choice(&[("CIRCLECI", "true"), ("CIRCLE_BRANCH", "x")]), guess);
    assert_eq!(choice(&[("CIRCLECI", "true"), ("CIRCLE_TAG", "v1")]), "none");
    assert_eq!(choice(&[]), guess);
}

#[test]
fn advice_names_the_line_to_change() {
    assert_eq!(deepen(HostKind::GitHub, History::Parents), "set `fetch-depth: 2` at actions/checkout");
    assert_eq!(deepen(HostKind::GitHub, History::Whole), "set `fetch-depth: 0` at actions/checkout");
    assert!(deepen(HostKind::GitLab, History::Whole).contains("GIT_DEPTH: 0"));
    assert!(deepen(HostKind::Bitbucket, History::Whole).contains("depth: full"));
    assert_eq!(deepen(HostKind::Shell, History::Parents), "run `git fetch --deepen=1`");
}
