//! The change under review: the repository, its head, what the host says, and what HEAD is compared with.

use super::base::{self, Base};
use super::event::event;
use super::repository::{Repository, short};
use crate::error::Error;
use crate::plan::base::{BaseChoice, Commit, History, HostKind, HostView, choose, deepen, is_same};
use crate::plan::diff::Diff;
use kit_host::Environment;
use std::path::Path;

/// What is known of the change under review.
#[derive(Debug)]
pub struct Review {
    /// The repository that holds the root, when there is one.
    pub repository: Option<Repository>,
    /// What is checked out; `None` without a repository.
    pub head: Option<Commit>,
    /// What the host says of the build.
    pub view: HostView,
    /// What HEAD is compared with, or why with nothing.
    pub comparison: Comparison,
}

/// What HEAD is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// With this base.
    With(Base),
    /// HEAD has nothing that the base has not: there is nothing to judge.
    Empty(Missing),
    /// There should be a base, and this clone does not hold it, or not the history up to it. Whoever judges a change must
    /// not go on as if there were none.
    Missing(Missing),
    /// No change is under review: a tag, a schedule, no repository. Why, for people.
    None(String),
}

/// Evidence that is missing. Exit 4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Stable code: `base-unknown`, `history-shallow`, `histories-unrelated`, `diff-empty`.
    pub code: &'static str,
    /// What is missing and how to get it.
    pub what: String,
}

impl Comparison {
    /// The base, when there is one.
    pub fn base(&self) -> Option<&Base> {
        match self {
            Comparison::With(base) => Some(base),
            _ => None,
        }
    }

    /// Why there is no base though there should be one.
    pub fn missing(&self) -> Option<&Missing> {
        match self {
            Comparison::Missing(missing) => Some(missing),
            _ => None,
        }
    }
}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        Error::Unproven { code: missing.code, what: missing.what }
    }
}

/// Finds all of it. `root` is a folder of the checkout, `asked_base` the user's word for what to compare with.
/// Errors: a base that is asked for and no commit of this repository (exit 2), or asked for without a repository; a
/// repository that can't be read. A base that is missing is no error here: see [`Comparison::Missing`].
pub fn review(root: &Path, asked_base: Option<&str>, env: &Environment) -> Result<Review, Error> {
    if !root.is_dir() {
        return Err(Error::input(format!("`root` is `{}`, which is no folder", root.display())));
    }
    let repository = Repository::discover(root)?;
    let event = event(env)?;
    let view = HostView::read(|name| env.get(name), event.as_ref());
    let head = repository.as_ref().map(Repository::head).transpose()?;
    let comparison = match (&repository, &head) {
        (Some(repository), Some(head)) => compare(repository, asked_base, &view, head)?,
        _ if asked_base.is_some() => {
            return Err(Error::input("`base` is given, but there is no git repository at `root`"));
        }
        _ => Comparison::None("there is no git repository here".to_owned()),
    };
    Ok(Review { repository, head, view, comparison })
}

impl Review {
    /// Notes, on a machine where people edit, how many tracked files have edits that are not in HEAD and so not in the
    /// change, though the tests saw them. Elsewhere nothing: a build may write what is tracked.
    pub fn note_uncommitted(&self) {
        let Some(repository) = self.repository.as_ref().filter(|_| self.view.host == HostKind::Shell) else { return };
        // It is a hint; what can't be read for it is told by what needs it.
        let edited = repository.uncommitted().unwrap_or_default();
        let Some(first) = edited.first() else { return };
        let (files, more) = match edited.len() {
            1 => ("1 tracked file has".to_owned(), ""),
            count => (format!("{count} tracked files have"), ", …"),
        };
        repository.notice(format!("{files} uncommitted edits, which are not in the change: {first}{more}"));
    }

    /// What leads from the commit that the host hangs annotations on to the checkout, for
    /// [`place`](crate::plan::commit_lines::place): a pull request's checkout is its merge with the base branch, which moves
    /// lines. `None` where they are the same, where the host hangs them elsewhere, and, with a notice of the repository,
    /// where this clone can't tell; annotations then keep the lines of the checkout.
    pub fn since_commit(&self) -> Option<Diff> {
        let (repository, head) = (self.repository.as_ref()?, self.head.as_ref()?);
        let source = self.view.source_id.as_ref().filter(|_| self.view.annotates_source())?;
        if is_same(source, &head.id) {
            return None;
        }
        let files = repository.resolve(source).and_then(|found| match found {
            Some(id) => repository.diff(&id, &head.id).map(Some),
            None => Ok(None),
        });
        let why = match files {
            Ok(Some(files)) => return Some(Diff { between: format!("{} and HEAD", short(source)), files }),
            // Another commit than the pull request's is checked out, and nobody asked for its lines.
            Ok(None) if !head.parents.iter().any(|parent| is_same(source, parent)) => return None,
            Ok(None) => format!("it is not in this clone: {}", deepen(self.view.host, History::Parents)),
            Err(error) => error.to_string(),
        };
        let source = short(source);
        repository.notice(format!(
            "annotations stand at the lines of the merge that is checked out, which may be some lines off those of the pull \
             request's last commit {source}: {why}"
        ));
        None
    }
}

fn compare(repository: &Repository, asked: Option<&str>, view: &HostView, head: &Commit) -> Result<Comparison, Error> {
    let choice = choose(asked, view, head);
    if let BaseChoice::None { why } = choice {
        return Ok(Comparison::None(format!("{why}; name what to compare with as `base`")));
    }
    match base::find(repository, &choice) {
        Ok(base) => Ok(Comparison::With(base)),
        // A head that the base already holds has a base; it only has no change of its own.
        Err(Error::Unproven { code: "diff-empty", what }) => {
            Ok(Comparison::Empty(Missing { code: "diff-empty", what }))
        }
        Err(Error::Unproven { code, what }) => Ok(Comparison::Missing(Missing { code, what })),
        Err(error) => Err(error),
    }
}
