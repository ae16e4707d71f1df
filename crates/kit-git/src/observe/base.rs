//! Finds the base that was chosen, or says what is missing. Never an empty change by accident.

use super::repository::{MergeBase, ORIGIN, Repository, short};
use crate::error::Error;
use crate::plan::base::{BaseChoice, Commit, History, HostKind, deepen};

/// What the change is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The commit's whole id.
    pub id: String,
    /// For people: `merge base 1a2b3c4d5e of origin/main and HEAD 6f7a8b9c0d`.
    pub between: String,
    /// Where the choice comes from, for people.
    pub why: String,
}

/// Carries the choice out.
/// Errors: `base-unknown` where there is no base, `history-shallow` where this clone lacks it, `histories-unrelated` where
/// there is nothing in common, `diff-empty` where HEAD has nothing that the base has not: all exit 4. A `--base` that is
/// not there: exit 2.
pub fn find(repository: &Repository, choice: &BaseChoice) -> Result<Base, Error> {
    let head = repository.head()?;
    let remote = repository.remote()?;
    match choice {
        BaseChoice::None { why } => Err(unproven(
            "base-unknown",
            format!("there is no base to compare with: {why}; give --base NAME (such as HEAD^1)"),
        )),
        BaseChoice::Asked { name, host } => {
            let why = format!("--base {name}");
            let id = match repository.resolve(name)? {
                Some(id) => id,
                None => repository
                    .resolve(&format!("{remote}/{name}"))?
                    .ok_or_else(|| asked_unknown(repository, name, &remote, *host))?,
            };
            meet(repository, &head, name, &id, &why, *host)
        }
        BaseChoice::Commit { id, why, host } => {
            let found =
                repository.resolve(id)?.ok_or_else(|| not_here(repository, &head, id, &remote, (why, *host)))?;
            if repository.is_ancestor(&head.id, &found)? {
                return Err(empty(&head, &found, id, why));
            }
            let between = format!("{} and HEAD {}", short(&found), short(&head.id));
            Ok(Base { id: found, between, why: why.clone() })
        }
        BaseChoice::MergeBaseWith { names, why, host } => {
            let names: Vec<String> = names.iter().map(|name| at_remote(name, &remote)).collect();
            for name in &names {
                if let Some(id) = repository.resolve(name)? {
                    return meet(repository, &head, name, &id, why, *host);
                }
            }
            Err(none_of(repository, &head, &names, &remote, (why, *host)))
        }
        BaseChoice::FirstParentOfMerge { why, host } => first_parent(repository, &head, why, *host),
    }
}

fn unproven(code: &'static str, what: String) -> Error {
    Error::Unproven { code, what }
}

/// A name as the plan has it, `origin/BRANCH`, at the remote that this repository has.
fn at_remote(name: &str, remote: &str) -> String {
    match name.strip_prefix(ORIGIN).filter(|rest| rest.starts_with('/')) {
        Some(rest) => format!("{remote}{rest}"),
        None => name.to_owned(),
    }
}

/// The merge base of a commit and HEAD.
fn meet(
    repository: &Repository,
    head: &Commit,
    name: &str,
    id: &str,
    why: &str,
    host: HostKind,
) -> Result<Base, Error> {
    match repository.merge_base(id, &head.id)? {
        MergeBase::At(base) if base == head.id => Err(empty(head, id, name, why)),
        MergeBase::At(base) => {
            let of = if base == id { String::new() } else { "merge base ".to_owned() };
            let with = if base == id { format!(" ({name})") } else { format!(" of {name}") };
            let between = format!("{of}{}{with} and HEAD {}", short(&base), short(&head.id));
            Ok(Base { id: base, between, why: why.to_owned() })
        }
        MergeBase::Shallow { missing } => Err(unproven(
            "history-shallow",
            format!(
                "this clone does not reach back to where {name} and HEAD parted ({} is missing): {} [{why}]",
                short(&missing),
                deepen(host, History::Whole)
            ),
        )),
        MergeBase::Unrelated => Err(unproven(
            "histories-unrelated",
            format!("{name} and HEAD have no commit in common; give another --base [{why}]"),
        )),
    }
}

/// The merge that the host made: its first parent.
fn first_parent(repository: &Repository, head: &Commit, why: &str, host: HostKind) -> Result<Base, Error> {
    let Some(parent) = head.parents.first() else {
        return Err(unproven("base-unknown", format!("HEAD {} is no merge [{why}]", short(&head.id))));
    };
    if repository.resolve(parent)?.is_none() {
        return Err(unproven(
            "history-shallow",
            format!(
                "HEAD is a merge, and this clone does not have its first parent {}: {} [{why}]",
                short(parent),
                deepen(host, History::Parents)
            ),
        ));
    }
    let between = format!("first parent {} and HEAD {}", short(parent), short(&head.id));
    Ok(Base { id: parent.clone(), between, why: why.to_owned() })
}

/// HEAD has nothing that the base has not.
fn empty(head: &Commit, id: &str, name: &str, why: &str) -> Error {
    let relation =
        if head.id == id { format!("is {name} itself") } else { format!("is already in {name} {}", short(id)) };
    unproven(
        "diff-empty",
        format!(
            "there is no change to judge: HEAD {} {relation}; check out the change, or give another --base (HEAD^1 is the \
             commit before) [{why}]",
            short(&head.id)
        ),
    )
}

/// A commit that the host names and this clone lacks.
fn not_here(repository: &Repository, head: &Commit, id: &str, remote: &str, (why, host): (&str, HostKind)) -> Error {
    let is_parent = head.parents.iter().any(|parent| parent.starts_with(id));
    let history = if is_parent { History::Parents } else { History::Whole };
    let what = format!("the base {} is not in this clone", short(id));
    if repository.is_shallow() {
        unproven("history-shallow", format!("{what}: {} [{why}]", deepen(host, history)))
    } else {
        let fetch = format!("run `git fetch {remote} {id}` before, or give --base");
        unproven("base-unknown", format!("{what}: {fetch} [{why}]"))
    }
}

/// None of the names is here.
fn none_of(
    repository: &Repository,
    head: &Commit,
    names: &[String],
    remote: &str,
    (why, host): (&str, HostKind),
) -> Error {
    if let [one] = names {
        return not_here(repository, head, one, remote, (why, host));
    }
    let tried = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let of_remote =
        |name: &String| name.strip_prefix(remote).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned);
    let branch = names.iter().find_map(of_remote).filter(|name| name != "HEAD").unwrap_or_else(|| "main".to_owned());
    let fetch = format!("git fetch {remote} {branch}:refs/remotes/{remote}/{branch}");
    if repository.is_shallow() {
        let what =
            format!("this clone has none of {tried}: {}, or run `{fetch}` [{why}]", deepen(host, History::Whole));
        unproven("history-shallow", what)
    } else {
        unproven(
            "base-unknown",
            format!("this clone has none of {tried}: run `{fetch}` before, or give --base [{why}]"),
        )
    }
}

/// A `--base` that is not here: a typing error, unless the clone is cut off and may only lack it.
fn asked_unknown(repository: &Repository, name: &str, remote: &str, host: HostKind) -> Error {
    let unknown = repository.unknown(name);
    if !repository.is_shallow() {
        return unknown;
    }
    let is_id = name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fetch = if is_id {
        String::new()
    } else {
        format!(", or run `git fetch {remote} {name}:refs/remotes/{remote}/{name}`")
    };
    unproven("history-shallow", format!("{unknown}: {}{fetch} [--base]", deepen(host, History::Whole)))
}
