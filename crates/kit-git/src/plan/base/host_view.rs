//! What each host says of the build, brought to one form.
//!
//! Sources: docs.github.com "Variables reference" and "Webhook events and payloads"; docs.gitlab.com "Predefined CI/CD
//! variables reference"; support.atlassian.com "Variables and secrets"; circleci.com/docs/variables;
//! buildkite.com/docs/pipelines/environment-variables; the Jenkins plugins git, branch-api and github-branch-source.
#![warn(clippy::disallowed_methods)]

use serde_json::Value;
use std::fmt;

/// The hosts that we know; recognised as the host layer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HostKind {
    /// `GITHUB_ACTIONS=true`.
    GitHub,
    /// `GITLAB_CI`.
    GitLab,
    /// `BITBUCKET_BUILD_NUMBER`.
    Bitbucket,
    /// `CIRCLECI=true`.
    CircleCi,
    /// `BUILDKITE=true`.
    Buildkite,
    /// `JENKINS_URL`.
    Jenkins,
    /// A laptop or an unknown CI.
    #[default]
    Shell,
}

impl fmt::Display for HostKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HostKind::GitHub => "GitHub",
            HostKind::GitLab => "GitLab",
            HostKind::Bitbucket => "Bitbucket",
            HostKind::CircleCi => "CircleCI",
            HostKind::Buildkite => "Buildkite",
            HostKind::Jenkins => "Jenkins",
            HostKind::Shell => "the shell",
        })
    }
}

/// What started the build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Event {
    /// A pull request or merge request.
    PullRequest {
        /// GitHub's `pull_request_target`, which checks out the base branch by itself.
        base_checkout: bool,
    },
    /// A merge queue's trial. (GitLab's merge train is a merge request.)
    MergeQueue,
    /// Commits were pushed to a branch.
    Push,
    /// A tag.
    Tag(String),
    /// The clock.
    Schedule,
    /// A person or an API.
    Manual,
    /// What else the host calls it.
    Other(String),
    /// No host.
    #[default]
    Shell,
}

/// What the host says of the build. Everything is absent that the host does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostView {
    /// Which host.
    pub host: HostKind,
    /// What started the build.
    pub event: Event,
    /// The pull request's number.
    pub number: Option<String>,
    /// The branch that is built.
    pub branch: Option<String>,
    /// The repository's default branch.
    pub default_branch: Option<String>,
    /// The branch that a pull request goes into.
    pub base_branch: Option<String>,
    /// That branch's commit when the build started, whole or shortened; of a merge queue what the group is built upon.
    pub base_id: Option<String>,
    /// Where a merge request parted from its target, by the host's word.
    pub parting_id: Option<String>,
    /// A pull request's last commit, whole or shortened.
    pub source_id: Option<String>,
    /// The commit that the host says is built.
    pub built_id: Option<String>,
    /// Whether what is built is the host's own merge of a pull request.
    pub merged_result: bool,
    /// Where the branch was before a push; absent when it is new.
    pub before: Option<String>,
    /// Whether the host would say where the branch was.
    pub tells_before: bool,
    /// Whether a push rewrote the branch.
    pub forced: bool,
}

impl HostView {
    /// Reads the host's variables with `get` (absent and empty are one), and GitHub's event: what the file of
    /// `GITHUB_EVENT_PATH` holds, when it can be read.
    pub fn read<'v>(get: impl Fn(&str) -> Option<&'v str>, event: Option<&Value>) -> HostView {
        let get = |name: &str| get(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
        let is_true = |name: &str| get(name).as_deref() == Some("true");
        if is_true("GITHUB_ACTIONS") {
            github(&get, event.unwrap_or(&Value::Null))
        } else if get("BITBUCKET_BUILD_NUMBER").is_some() {
            bitbucket(&get)
        } else if get("GITLAB_CI").is_some() {
            gitlab(&get)
        } else if is_true("CIRCLECI") {
            circleci(&get)
        } else if is_true("BUILDKITE") {
            buildkite(&get)
        } else if get("JENKINS_URL").is_some() {
            jenkins(&get)
        } else {
            HostView::default()
        }
    }

    /// Whether the host hangs what is said of a build on the pull request's own last commit ([`HostView::source_id`]),
    /// whatever is checked out. Bitbucket's Code Insights are addressed so. GitHub's annotations belong to a check suite,
    /// whose `head_sha` is the pull request's head even where `GITHUB_SHA` is its merge with the base branch; "Files
    /// changed" shows their lines as those of the head (docs.github.com, "REST API endpoints for check suites" and "Events
    /// that trigger workflows", `pull_request`).
    pub fn annotates_source(&self) -> bool {
        matches!(self.host, HostKind::Bitbucket | HostKind::GitHub)
    }

    /// The pull request, for people.
    pub(super) fn subject(&self) -> String {
        let name = if self.host == HostKind::GitLab { "merge request" } else { "pull request" };
        match (&self.number, self.host) {
            (Some(number), HostKind::GitLab) => format!("{name} !{number}"),
            (Some(number), _) => format!("{name} #{number}"),
            (None, _) => format!("the {name}"),
        }
    }

    /// Whether the default branch is built; `None` when that is not known.
    pub(super) fn is_default_branch(&self) -> Option<bool> {
        Some(self.branch.as_ref()? == self.default_branch.as_ref()?)
    }
}

type Get<'g> = dyn Fn(&str) -> Option<String> + 'g;

/// An id that is not all zeros, which stand for "none".
fn id(value: Option<String>) -> Option<String> {
    value.filter(|value| value.bytes().any(|byte| byte != b'0'))
}

fn github(get: &Get<'_>, event: &Value) -> HostView {
    let text =
        |path: &str| event.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let reference = get("GITHUB_REF").unwrap_or_default();
    let branch = reference.strip_prefix("refs/heads/").map(str::to_owned);
    let name = get("GITHUB_EVENT_NAME").unwrap_or_default();
    let mut view = HostView {
        host: HostKind::GitHub,
        branch,
        default_branch: text("/repository/default_branch"),
        built_id: get("GITHUB_SHA"),
        ..HostView::default()
    };
    let has_pull_request = event.pointer("/pull_request/base").is_some() || get("GITHUB_BASE_REF").is_some();
    if let Some(tag) = reference.strip_prefix("refs/tags/") {
        view.event = Event::Tag(tag.to_owned());
    } else if has_pull_request {
        view.event = Event::PullRequest { base_checkout: name == "pull_request_target" };
        view.number = event.pointer("/pull_request/number").and_then(Value::as_u64).map(|number| number.to_string());
        view.base_branch = text("/pull_request/base/ref").or_else(|| get("GITHUB_BASE_REF"));
        view.base_id = text("/pull_request/base/sha");
        view.source_id = text("/pull_request/head/sha");
        view.merged_result = reference.starts_with("refs/pull/") && reference.ends_with("/merge");
    } else if name == "merge_group" {
        view.event = Event::MergeQueue;
        view.base_id = id(text("/merge_group/base_sha"));
    } else {
        view.event = match name.as_str() {
            "push" => Event::Push,
            "schedule" => Event::Schedule,
            "workflow_dispatch" | "repository_dispatch" => Event::Manual,
            other => Event::Other(other.to_owned()),
        };
        view.before = id(text("/before"));
        view.tells_before = true;
        view.forced = event.pointer("/forced").and_then(Value::as_bool).unwrap_or(false);
    }
    view
}

fn gitlab(get: &Get<'_>) -> HostView {
    let source = get("CI_PIPELINE_SOURCE").unwrap_or_default();
    let mut view = HostView {
        host: HostKind::GitLab,
        branch: get("CI_COMMIT_BRANCH"),
        default_branch: get("CI_DEFAULT_BRANCH"),
        built_id: get("CI_COMMIT_SHA"),
        // All zeros in merge request pipelines, scheduled ones and the first one of a branch.
        before: id(get("CI_COMMIT_BEFORE_SHA")),
        tells_before: true,
        ..HostView::default()
    };
    if let Some(number) = get("CI_MERGE_REQUEST_IID") {
        view.event = Event::PullRequest { base_checkout: false };
        view.number = Some(number);
        view.base_branch = get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
        // Both are empty but in pipelines of merged results, where they are what was merged.
        view.base_id = id(get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"));
        view.source_id = id(get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"));
        view.parting_id = id(get("CI_MERGE_REQUEST_DIFF_BASE_SHA"));
        view.merged_result = view.base_id.is_some();
    } else if let Some(tag) = get("CI_COMMIT_TAG") {
        view.event = Event::Tag(tag);
    } else {
        view.event = match source.as_str() {
            "push" | "" => Event::Push,
            "schedule" => Event::Schedule,
            "web" | "api" | "trigger" | "webide" | "chat" | "pipeline" | "parent_pipeline" => Event::Manual,
            other => Event::Other(other.to_owned()),
        };
    }
    view
}

fn bitbucket(get: &Get<'_>) -> HostView {
    let mut view = HostView {
        host: HostKind::Bitbucket,
        branch: get("BITBUCKET_BRANCH"),
        built_id: get("BITBUCKET_COMMIT"),
        ..HostView::default()
    };
    if let Some(number) = get("BITBUCKET_PR_ID") {
        view.event = Event::PullRequest { base_checkout: false };
        view.number = Some(number);
        view.base_branch = get("BITBUCKET_PR_DESTINATION_BRANCH");
        view.base_id = id(get("BITBUCKET_PR_DESTINATION_COMMIT"));
        // The source's commit; HEAD is a merge of the destination into it, made anew in each step.
        view.source_id = get("BITBUCKET_COMMIT");
    } else if let Some(tag) = get("BITBUCKET_TAG") {
        view.event = Event::Tag(tag);
    } else {
        view.event = Event::Push;
    }
    view
}

fn circleci(get: &Get<'_>) -> HostView {
    let mut view = HostView {
        host: HostKind::CircleCi,
        branch: get("CIRCLE_BRANCH"),
        built_id: get("CIRCLE_SHA1"),
        ..HostView::default()
    };
    view.event = match (get("CIRCLE_TAG"), get("CIRCLE_PULL_REQUEST")) {
        (Some(tag), _) => Event::Tag(tag),
        (None, Some(url)) => {
            view.number = url.rsplit('/').next().map(str::to_owned);
            Event::PullRequest { base_checkout: false }
        }
        (None, None) => Event::Push,
    };
    view
}

fn buildkite(get: &Get<'_>) -> HostView {
    let mut view = HostView {
        host: HostKind::Buildkite,
        branch: get("BUILDKITE_BRANCH"),
        default_branch: get("BUILDKITE_PIPELINE_DEFAULT_BRANCH"),
        built_id: get("BUILDKITE_COMMIT"),
        ..HostView::default()
    };
    view.event = match (get("BUILDKITE_TAG"), get("BUILDKITE_PULL_REQUEST").filter(|number| number != "false")) {
        (Some(tag), _) => Event::Tag(tag),
        (None, Some(number)) => {
            view.number = Some(number);
            view.base_branch = get("BUILDKITE_PULL_REQUEST_BASE_BRANCH");
            Event::PullRequest { base_checkout: false }
        }
        (None, None) if get("BUILDKITE_SOURCE").as_deref() == Some("schedule") => Event::Schedule,
        (None, None) => Event::Push,
    };
    view
}

fn jenkins(get: &Get<'_>) -> HostView {
    let mut view = HostView {
        host: HostKind::Jenkins,
        branch: get("BRANCH_NAME")
            .or_else(|| get("GIT_BRANCH").map(|name| name.trim_start_matches("origin/").to_owned())),
        built_id: get("GIT_COMMIT"),
        ..HostView::default()
    };
    if get("BRANCH_IS_PRIMARY").as_deref() == Some("true") {
        view.default_branch.clone_from(&view.branch);
    }
    view.event = match (get("CHANGE_ID"), get("TAG_NAME")) {
        (Some(number), _) => {
            view.number = Some(number);
            view.base_branch = get("CHANGE_TARGET");
            Event::PullRequest { base_checkout: false }
        }
        (None, Some(tag)) => Event::Tag(tag),
        (None, None) => {
            view.before = id(get("GIT_PREVIOUS_COMMIT"));
            view.tells_before = true;
            Event::Push
        }
    };
    view
}
