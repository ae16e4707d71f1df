//! The change under review: the repository, its head, the base, and what lies between them.

use super::base::{self, Base};
use super::repository::Repository;
use super::{diff_file, file};
use crate::args::ChangeArguments;
use crate::error::Error;
use crate::plan::base::{BaseChoice, Commit, HostView, choose};
use crate::plan::diff::Diff;
use crate::plan::judgement::Unproven;
use kit_host::Environment;
use std::path::{Path, PathBuf};

/// Bytes of a diff file: the largest pull requests have some tens of megabytes.
const DIFF_BYTES: u64 = 1 << 30;
/// Bytes of GitHub's event; the documented limit of a webhook's payload is 25 MB.
const EVENT_BYTES: u64 = 25 << 20;

/// What is known of the change.
pub struct Change {
    /// The repository that holds the root, when there is one.
    pub repository: Option<Repository>,
    /// What is checked out.
    pub head: Option<Commit>,
    /// What the host says of the build.
    pub view: HostView,
    /// What the change is compared with.
    pub base: Option<Base>,
    /// Whether there should be a base, and it can't be found.
    pub base_missing: bool,
    /// The change, or why it can't be told; `None` when no change is under review.
    pub diff: Option<Result<Diff, Unproven>>,
    /// Why no change is under review.
    pub no_diff: Option<String>,
}

/// Finds it. Errors: inputs that contradict each other, a diff file that can't be read, a broken repository.
pub fn observe(arguments: &ChangeArguments, root: &str, env: &Environment) -> Result<Change, Error> {
    if arguments.base.is_some() && arguments.diff_file.is_some() {
        return Err(Error::input("both `base` and `diff-file` are given; use one of them"));
    }
    if !Path::new(root).is_dir() {
        return Err(Error::input(format!("`root` is `{root}`, which is no folder")));
    }
    let repository = Repository::discover(Path::new(root))?;
    let event = event(env)?;
    let view = HostView::read(|name| env.get(name), event.as_ref());
    let head = repository.as_ref().map(Repository::head).transpose()?;
    let mut change = Change { repository, head, view, base: None, base_missing: false, diff: None, no_diff: None };
    change.find_base(arguments.base.as_deref())?;
    if let Some(name) = &arguments.diff_file {
        let files = diff_file::parse(&file::bytes(name, DIFF_BYTES)?, name)?;
        change.no_diff = None;
        change.diff = Some(not_empty(Diff { between: format!("the diff {name}"), files }, || {
            format!("the diff {name} is empty; was it made before the change was committed?")
        }));
    }
    Ok(change)
}

impl Change {
    fn find_base(&mut self, asked: Option<&str>) -> Result<(), Error> {
        let (Some(repository), Some(head)) = (&self.repository, &self.head) else {
            if asked.is_some() {
                return Err(Error::input("`base` is given, but there is no git repository at `root`"));
            }
            self.no_diff = Some("there is no git repository here; give the change as `diff-file`".to_owned());
            return Ok(());
        };
        let choice = choose(asked, &self.view, head);
        if let BaseChoice::None { why } = &choice {
            self.no_diff = Some(format!("{why}; name what to compare with as `base`"));
            return Ok(());
        }
        match base::find(repository, &choice) {
            Ok(base) => {
                let diff = Diff { between: base.between.clone(), files: repository.diff(&base.id, &head.id)? };
                let why = || format!("nothing differs between {}", diff.between);
                self.diff = Some(if diff.files.is_empty() { Err(empty(why())) } else { Ok(diff) });
                self.base = Some(base);
            }
            Err(Error::Unproven { code, what }) => {
                // A head that the base already holds has a base; it only has no change of its own.
                self.base_missing = code != "diff-empty";
                self.diff = Some(Err(Unproven { code, what, path: None }));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Paths that reports can be matched with: the repository's files, or without one those of the diff.
    pub fn paths(&self) -> Result<(Vec<String>, bool), Error> {
        if let Some(repository) = &self.repository {
            return Ok((repository.tracked()?, true));
        }
        let mut paths: Vec<String> = match &self.diff {
            Some(Ok(diff)) => diff.files.iter().map(|file| file.path.clone()).collect(),
            _ => Vec::new(),
        };
        paths.sort_unstable();
        paths.dedup();
        Ok((paths, false))
    }

    /// The repository's folder on this machine.
    pub fn top(&self) -> PathBuf {
        self.repository.as_ref().map(|repository| repository.top().to_owned()).unwrap_or_default()
    }
}

fn not_empty(diff: Diff, what: impl FnOnce() -> String) -> Result<Diff, Unproven> {
    if diff.files.is_empty() { Err(empty(what())) } else { Ok(diff) }
}

fn empty(what: String) -> Unproven {
    Unproven { code: "diff-empty", what, path: None }
}

fn event(env: &Environment) -> Result<Option<serde_json::Value>, Error> {
    let Some(path) = env.get("GITHUB_EVENT_PATH").filter(|_| env.get("GITHUB_ACTIONS") == Some("true")) else {
        return Ok(None);
    };
    // The event adds to what the variables say; without it the base branch's name is still known.
    if !Path::new(path).is_file() {
        return Ok(None);
    }
    Ok(serde_json::from_slice(&file::bytes(path, EVENT_BYTES)?).ok())
}
