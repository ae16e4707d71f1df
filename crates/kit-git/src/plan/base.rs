//! What the change under review is compared with: the base, chosen from what the host says of the build. PURE.
//!
//! | what runs | base |
//! | --- | --- |
//! | `--base NAME` | merge base of NAME and HEAD |
//! | pull request, the host's own merge is checked out | that merge's side of the base branch |
//! | pull request, its head is checked out | merge base of the base branch and HEAD |
//! | GitLab merge request | `CI_MERGE_REQUEST_DIFF_BASE_SHA` |
//! | merge queue | the event's `merge_group.base_sha` |
//! | branch push | what the branch was before (`before`); the default branch when it is new or was rewritten |
//! | shell | the default branch of the remote |
//! | tag, schedule, anything else | none |
#![warn(clippy::disallowed_methods)]

mod host_view;

#[cfg(test)]
mod tests;

pub use host_view::{Event, HostKind, HostView};

/// A commit as git stores it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// In lower-case hex.
    pub id: String,
    /// As written in the commit, whether or not this clone has them.
    pub parents: Vec<String>,
    /// When it was committed, in seconds since 1970.
    pub time_s: i64,
    /// The id of its tree.
    pub tree: String,
}

/// What to compare HEAD with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseChoice {
    /// What the user asked for: its merge base with HEAD.
    Asked {
        /// A branch, a tag, an id.
        name: String,
        /// Who gives advice on missing history.
        host: HostKind,
    },
    /// That commit itself.
    Commit {
        /// Whole or shortened.
        id: String,
        /// Where it comes from, for people.
        why: String,
        /// Who gives advice on missing history.
        host: HostKind,
    },
    /// The merge base of HEAD and the first of these that the repository has.
    MergeBaseWith {
        /// Branches, tags or ids, the best first. `origin/BRANCH` is meant at whatever remote the repository has.
        names: Vec<String>,
        /// Where they come from, for people.
        why: String,
        /// Who gives advice on missing history.
        host: HostKind,
    },
    /// HEAD is a merge that the host made for testing; its first parent is the base branch.
    FirstParentOfMerge {
        /// How that is known, for people.
        why: String,
        /// Who gives advice on missing history.
        host: HostKind,
    },
    /// There is none.
    None {
        /// The reason, for people.
        why: String,
    },
}

/// Chooses the base: `asked` is the user's word, `head` the commit that is checked out.
pub fn choose(asked: Option<&str>, view: &HostView, head: &Commit) -> BaseChoice {
    let host = view.host;
    if let Some(name) = asked.filter(|name| !name.trim().is_empty()) {
        return BaseChoice::Asked { name: name.trim().to_owned(), host };
    }
    match &view.event {
        Event::PullRequest { .. } => pull_request(view, head),
        Event::MergeQueue => match &view.base_id {
            Some(id) => BaseChoice::Commit { id: id.clone(), why: "the merge queue's base".to_owned(), host },
            None => none("this is a merge queue's build, and the event does not name its base"),
        },
        Event::Push => push(view),
        Event::Tag(name) => none(&format!("the tag {name} is built, which changes nothing")),
        Event::Schedule => none("this is a scheduled build, which no change started"),
        Event::Manual => branch(view, "this build was started by hand"),
        Event::Other(name) => none(&format!("a build for `{name}` has no change under review")),
        Event::Shell => default_branch(view, "the remote's default branch"),
    }
}

fn none(why: &str) -> BaseChoice {
    BaseChoice::None { why: why.to_owned() }
}

fn pull_request(view: &HostView, head: &Commit) -> BaseChoice {
    let host = view.host;
    let subject = view.subject();
    if let Some(choice) = host_merge(view, head) {
        return choice;
    }
    // GitLab says itself where the branches parted. In a pipeline of merged results that is older than what was merged, so
    // it holds only for the source branch as it is.
    if let (Some(id), false) = (&view.parting_id, view.merged_result) {
        return BaseChoice::Commit { id: id.clone(), why: format!("the base of {subject} as the host names it"), host };
    }
    let branch = view.base_branch.iter().flat_map(|name| [format!("origin/{name}"), name.clone()]);
    let names: Vec<String> = match host {
        // Bitbucket clones one branch, so the name is seldom there, and names the very commit.
        HostKind::Bitbucket => view.base_id.clone().into_iter().chain(branch).collect(),
        _ => branch.chain(view.base_id.clone()).collect(),
    };
    if names.is_empty() {
        return default_branch(view, &format!("the host does not say what {subject} goes into, so the default branch"));
    }
    let into = view.base_branch.as_deref().map_or_else(String::new, |name| format!(", which goes into {name}"));
    let mut why = format!("{subject}{into}");
    if view.event == (Event::PullRequest { base_checkout: true }) {
        why.push_str(" (pull_request_target checks out the base branch unless its head is asked for with `ref:`)");
    }
    BaseChoice::MergeBaseWith { names, why, host }
}

/// HEAD as the merge of a pull request that the host made: one parent is the source, the other the base.
fn host_merge(view: &HostView, head: &Commit) -> Option<BaseChoice> {
    let [first, second] = head.parents.as_slice() else { return None };
    let host = view.host;
    let subject = view.subject();
    let source = view.source_id.as_deref();
    let is_host_merge = view.merged_result && view.built_id.as_deref().is_some_and(|id| is_same(id, &head.id));
    if source.is_some_and(|source| is_same(source, second)) || (is_host_merge && source.is_none()) {
        let why = format!("HEAD is the merge of {subject}; its first parent is what it was merged into");
        return Some(BaseChoice::FirstParentOfMerge { why, host });
    }
    if source.is_some_and(|source| is_same(source, first)) {
        // Bitbucket merges the destination into the source: support.atlassian.com, "Pipeline start conditions",
        // pull requests.
        let why = format!("HEAD is the merge of {subject}; its second parent is the destination as merged");
        return Some(BaseChoice::Commit { id: second.clone(), why, host });
    }
    // The merge was made again since the event, from a newer source.
    is_host_merge.then(|| {
        let why =
            format!("HEAD is the merge of {subject} that the host built; its first parent is what it was merged into");
        BaseChoice::FirstParentOfMerge { why, host }
    })
}

/// Whether a whole or shortened id names that commit. Bitbucket gives twelve digits.
pub(crate) fn is_same(id: &str, whole: &str) -> bool {
    id.len() >= 7 && whole.get(..id.len()).is_some_and(|start| start.eq_ignore_ascii_case(id))
}

fn push(view: &HostView) -> BaseChoice {
    let host = view.host;
    let is_default = view.is_default_branch();
    match &view.before {
        Some(before) if !(view.forced && is_default == Some(false)) => {
            let forced = if view.forced { ", which was rewritten" } else { "" };
            let why = format!("what {} was before this push{forced}", view.branch.as_deref().unwrap_or("the branch"));
            BaseChoice::MergeBaseWith { names: vec![before.clone()], why, host }
        }
        Some(_) => branch(view, "the branch was rewritten by this push"),
        None if view.tells_before => branch(view, "the host names no commit before this push"),
        None => branch(view, &format!("{host} does not say what was pushed")),
    }
}

/// The base of a branch by its own: the default branch, unless it is that itself.
fn branch(view: &HostView, reason: &str) -> BaseChoice {
    if view.is_default_branch() == Some(true) {
        let name = view.branch.as_deref().unwrap_or_default();
        return none(&format!("{reason}, and {name} is the default branch itself"));
    }
    default_branch(view, &format!("{reason}, so the default branch"))
}

fn default_branch(view: &HostView, why: &str) -> BaseChoice {
    let names = match &view.default_branch {
        Some(name) => vec![format!("origin/{name}"), name.clone()],
        None => ["origin/HEAD", "origin/main", "origin/master", "main", "master"].map(str::to_owned).into(),
    };
    BaseChoice::MergeBaseWith { names, why: why.to_owned(), host: view.host }
}

/// How much history an answer needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// HEAD and its parents.
    Parents,
    /// Everything back to where the branches parted, which cannot be told from here.
    Whole,
}

/// The line to change so that the clone holds enough history. We never fetch.
pub fn deepen(host: HostKind, history: History) -> String {
    let parents = history == History::Parents;
    let depth = if parents { 2 } else { 0 };
    let fetch = if parents { "git fetch --deepen=1" } else { "git fetch --unshallow" };
    match host {
        HostKind::GitHub => format!("set `fetch-depth: {depth}` at actions/checkout"),
        HostKind::GitLab => format!("set the variable `GIT_DEPTH: {depth}` in the job"),
        HostKind::Bitbucket => format!("set `clone: {{depth: full}}` in the step, or run `{fetch}` before"),
        HostKind::CircleCi => format!("set `method: full` at `checkout`, or run `{fetch}` before"),
        HostKind::Buildkite => {
            format!(
                "take `--depth` out of BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS, or run `{fetch}` before"
            )
        }
        HostKind::Jenkins => format!("set `cloneOption(shallow: false)` in the checkout step, or run `{fetch}` before"),
        HostKind::Shell => format!("run `{fetch}`"),
    }
}
