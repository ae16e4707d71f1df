//! The change under review: the repository, its head, the base, and what lies between them.

use super::diff_file;
use crate::args::ChangeArguments;
use crate::error::Error;
use crate::plan::diff::Diff;
use crate::plan::judgement::Unproven;
use kit_git::observe::file;
use kit_git::observe::review::{Comparison, Missing, Review, review};
use kit_host::Environment;
use std::path::{Path, PathBuf};

/// Bytes of a diff file: the largest pull requests have some tens of megabytes.
const DIFF_BYTES: u64 = 1 << 30;

/// What is known of the change.
pub struct Change {
    /// The repository, its head, what the host says, and what HEAD is compared with.
    pub review: Review,
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
    let mut review = review(Path::new(root), arguments.base.as_deref(), env)?;
    if let Some(name) = &arguments.diff_file {
        let files = diff_file::parse(&file::bytes(name, DIFF_BYTES)?, name)?;
        let diff = not_empty(Diff { between: format!("the diff {name}"), files }, || {
            format!("the diff {name} is empty; was it made before the change was committed?")
        });
        if review.comparison.missing().is_some() {
            // Who gives the change says that the clone need not reach back to its base.
            review.comparison = Comparison::None(format!("the change is {name}"));
        }
        return Ok(Change { review, diff: Some(diff), no_diff: None });
    }
    review.note_uncommitted();
    let (diff, no_diff) = match (&review.comparison, &review.repository, &review.head) {
        (Comparison::With(base), Some(repository), Some(head)) => {
            let diff = Diff { between: base.between.clone(), files: repository.diff(&base.id, &head.id)? };
            let what = format!("nothing differs between {}", diff.between);
            (Some(not_empty(diff, || what)), None)
        }
        (Comparison::Empty(why) | Comparison::Missing(why), ..) => (Some(Err(unproven(why))), None),
        (Comparison::None(why), Some(_), _) => (None, Some(why.clone())),
        _ => (None, Some("there is no git repository here; give the change as `diff-file`".to_owned())),
    };
    Ok(Change { review, diff, no_diff })
}

fn unproven(missing: &Missing) -> Unproven {
    Unproven { code: missing.code, what: format!("{}, or give the change as `diff-file`", missing.what), path: None }
}

impl Change {
    /// Paths that reports can be matched with: the repository's files, or without one those of the diff.
    pub fn paths(&self) -> Result<(Vec<String>, bool), Error> {
        if let Some(repository) = &self.review.repository {
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
        self.review.repository.as_ref().map(|repository| repository.top().to_owned()).unwrap_or_default()
    }
}

fn not_empty(diff: Diff, what: impl FnOnce() -> String) -> Result<Diff, Unproven> {
    if diff.files.is_empty() { Err(empty(what())) } else { Ok(diff) }
}

fn empty(what: String) -> Unproven {
    Unproven { code: "diff-empty", what, path: None }
}
