//! Tracked files whose content is not HEAD's: what `git status` shows as staged or modified, told by what the index says of
//! each file (size and time; gitformat-index(5)). A file is read only where that leaves it open.

use super::{MAX_BLOB_BYTES, Repository};
use crate::error::Error;
use gix_hash::ObjectId;
use gix_index::entry::{Flags, Mode, Stage, Stat};
use gix_object::Kind;
use gix_object::bstr::ByteSlice;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Files that are read because the index says nothing of their content: a copied checkout has other times throughout.
const MAX_READ_FILES: usize = 2_000;
/// Bytes of them.
const MAX_READ_BYTES: u64 = 128 << 20;

/// What git says of a file, from its index.
enum Known {
    Same,
    Other,
    /// Its time or nothing is known: its content has to be compared.
    Open,
}

/// What may still be read.
struct Budget {
    files: usize,
    bytes: u64,
}

impl Repository {
    /// Paths of tracked files with edits that are not in HEAD, staged or not, in order. Without an index there are none.
    /// Files that are not to be looked at (`--skip-worktree`, `--assume-unchanged`) and submodules are left out; so is what
    /// lies beyond the bounds of reading, so that a file which is named differs, and one that is not may.
    /// Errors: an index or a tree that cannot be read.
    pub fn uncommitted(&self) -> Result<Vec<String>, Error> {
        let Some(index) = self.index()? else { return Ok(Vec::new()) };
        let mut committed: HashMap<String, ObjectId> = HashMap::new();
        if let Some(head) = self.ref_id("HEAD")? {
            let tree = self.commit(&head)?.tree;
            self.walk_tree(tree, "", super::tracked::MAX_PATHS, &mut |path, id| {
                committed.insert(path, id);
            })?;
        }
        let mut edited = BTreeSet::new();
        let mut folders = Vec::new();
        let mut budget = Budget { files: MAX_READ_FILES, bytes: MAX_READ_BYTES };
        for entry in index.entries() {
            let path = entry.path(&index);
            let name = path.to_str_lossy().into_owned();
            let before = committed.remove(&name);
            match entry.mode {
                // A sparse index has whole folders as one entry, which are not on disk.
                Mode::DIR => folders.push(name),
                Mode::COMMIT => {}
                _ if entry.stage() != Stage::Unconflicted || before != Some(entry.id) => {
                    edited.insert(name);
                }
                _ if entry.flags.intersects(Flags::SKIP_WORKTREE | Flags::ASSUME_VALID) => {}
                _ => {
                    if self.differs(path.to_path_lossy().as_ref(), &entry.stat, &entry.id, &mut budget) {
                        edited.insert(name);
                    }
                }
            }
        }
        // What is left of HEAD is gone from the index.
        let gone = committed.into_keys().filter(|path| !folders.iter().any(|folder| path.starts_with(folder.as_str())));
        edited.extend(gone);
        Ok(edited.into_iter().collect())
    }

    fn differs(&self, path: &Path, stat: &Stat, id: &ObjectId, budget: &mut Budget) -> bool {
        let path = self.top.join(path);
        let Ok(metadata) = fs::symlink_metadata(&path) else { return true };
        match compare(stat, &metadata) {
            Known::Same => false,
            Known::Other => true,
            Known::Open => {
                let size_bytes = metadata.len();
                if size_bytes > MAX_BLOB_BYTES || budget.files == 0 || budget.bytes < size_bytes {
                    return false;
                }
                (budget.files, budget.bytes) = (budget.files - 1, budget.bytes - size_bytes);
                let content = if metadata.is_symlink() {
                    fs::read_link(&path).map(|target| target.into_os_string().into_encoded_bytes())
                } else if metadata.is_file() {
                    fs::read(&path)
                } else {
                    return true;
                };
                let found = content.ok().and_then(|bytes| gix_object::compute_hash(id.kind(), Kind::Blob, &bytes).ok());
                found.is_some_and(|found| found != *id)
            }
        }
    }
}

/// By size and time alone, as the index has them of when it was last compared. A size of 0 also stands for "unknown".
fn compare(stat: &Stat, metadata: &Metadata) -> Known {
    let size = metadata.len() as u32;
    if stat.size != 0 && stat.size != size {
        return Known::Other;
    }
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let known = Duration::new(stat.mtime.secs.into(), stat.mtime.nsecs.min(999_999_999));
    // Some clients write whole seconds.
    let same_time = since == known || known.subsec_nanos() == 0 && since.as_secs() == known.as_secs();
    if same_time && stat.size == size && known != Duration::ZERO { Known::Same } else { Known::Open }
}
