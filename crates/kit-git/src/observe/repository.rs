//! The git repository of the checkout, read from git's own files without a git binary.
//!
//! The formats are read by gix's plumbing crates: objects loose, in packs and borrowed from alternates (gix-odb), refs
//! (gix-ref), the index (gix-index). What is ours: finding the repository ([`layout`]), names ([`names`]), merge bases
//! that know when history is missing ([`history`]), renames ([`renames`]) and the change itself ([`changes`]).
//!
//! Nothing that a repository could configure is run or obeyed (filters, external diffs, attributes, replacement refs,
//! grafts), so whose folder it is does not matter: the concern behind git's "dubious ownership".
//!
//! Names in git are bytes. Those that are no UTF-8 are shown, and compared with reports, with U+FFFD for what is wrong.

mod changes;
mod files;
mod history;
mod layout;
mod lines;
mod names;
mod objects;
mod pack_cache;
mod remotes;
mod renames;
mod tracked;
mod uncommitted;

pub use lines::LinesMap;
pub use remotes::ORIGIN;

use crate::error::Error;
use crate::plan::base::Commit;
use gix_hash::ObjectId;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// The most of a blob that is compared or read, in bytes: larger ones are no sources that people write.
pub const MAX_BLOB_BYTES: u64 = 16 << 20;

/// Where two commits meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeBase {
    /// The best common ancestor, the newest where there are several, as `git merge-base` prints it.
    At(String),
    /// This clone does not hold enough history to tell.
    Shallow {
        /// A commit that would be needed.
        missing: String,
    },
    /// Their histories have nothing in common.
    Unrelated,
}

/// The repository that a folder is in.
pub struct Repository {
    top: PathBuf,
    folders: layout::Folders,
    objects: gix_odb::Handle,
    refs: gix_ref::file::Store,
    /// Commits whose parents this clone does not have.
    shallow: BTreeSet<ObjectId>,
    notices: RefCell<Vec<String>>,
}

impl fmt::Debug for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repository").field("top", &self.top).field("folders", &self.folders).finish_non_exhaustive()
    }
}

impl Repository {
    /// The repository that holds `root`: that of the nearest folder upwards that has a `.git`. `None` when there is none.
    /// A bare repository is none, for it has no files that a report could name.
    /// Errors: a `.git` that points to nowhere, a format that is not read here (reftable), files that cannot be read.
    pub fn discover(root: &Path) -> Result<Option<Repository>, Error> {
        let Some((top, folders)) = layout::find(root)? else { return Ok(None) };
        let hash = layout::object_format(&folders)?;
        let objects = objects::open(&folders, hash)?;
        let refs = if folders.own == folders.common {
            gix_ref::file::Store::at(folders.own.clone(), hash)
        } else {
            gix_ref::file::Store::for_linked_worktree(folders.own.clone(), folders.common.clone(), hash)
        };
        let shallow = layout::shallow(&folders, hash)?;
        Ok(Some(Repository { top, folders, objects, refs, shallow, notices: RefCell::default() }))
    }

    /// The folder that paths in the repository start at.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Whether this clone was cut off somewhere in history.
    pub fn is_shallow(&self) -> bool {
        !self.shallow.is_empty()
    }

    /// What was worth telling while the repository was read, since the last time this was asked: sentences for people.
    pub fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut *self.notices.borrow_mut())
    }

    pub(super) fn notice(&self, what: String) {
        let mut notices = self.notices.borrow_mut();
        if !notices.contains(&what) {
            notices.push(what);
        }
    }

    /// The commit that is checked out.
    /// Errors: none yet, or this clone lacks it.
    pub fn head(&self) -> Result<Commit, Error> {
        let Some(id) = self.ref_id("HEAD")? else {
            return Err(Error::input("the repository has no commit yet: commit, then run this again"));
        };
        let commit = self.commit(&id)?;
        Ok(Commit {
            id: id.to_string(),
            parents: commit.parents.iter().map(ToString::to_string).collect(),
            time_s: commit.time_s,
            tree: commit.tree.to_string(),
        })
    }
}

/// The first digits of an id, for people.
pub fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}
