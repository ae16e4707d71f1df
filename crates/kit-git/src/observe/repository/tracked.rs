//! The files that git tracks: gitformat-index(5), <https://git-scm.com/docs/gitformat-index>, read by gix-index.

use super::Repository;
use crate::error::Error;
use gix_index::entry::Mode;

/// Paths that are listed; the largest public repositories have half a million.
pub(super) const MAX_PATHS: usize = 20_000_000;
/// The most memory that one part of an index may take, in bytes: a hundred for each of [`MAX_PATHS`].
const MAX_INDEX_BYTES: usize = 2 << 30;

impl Repository {
    /// The paths that git tracks, relative to the repository's top, in order, each once: those of the index, or of HEAD
    /// where there is no index. Submodules are left out, links are in. Empty before the first commit.
    /// Errors: an index that cannot be read.
    pub fn tracked(&self) -> Result<Vec<String>, Error> {
        let mut paths = Vec::new();
        if let Some(index) = self.index()? {
            for entry in index.entries() {
                let path = entry.path(&index).to_string();
                match entry.mode {
                    // A sparse index has whole folders as one entry.
                    Mode::DIR => {
                        let prefix = format!("{}/", path.trim_end_matches('/'));
                        self.list_tree(entry.id, &prefix, MAX_PATHS, &mut paths)?;
                    }
                    Mode::COMMIT => {}
                    _ => paths.push(path),
                }
            }
        } else if let Some(id) = self.ref_id("HEAD")? {
            let tree = self.commit(&id)?.tree;
            self.list_tree(tree, "", MAX_PATHS, &mut paths)?;
        }
        // A conflict has one path up to three times.
        paths.sort_unstable();
        paths.dedup();
        Ok(paths)
    }

    /// The index; `None` where there is none.
    pub(super) fn index(&self) -> Result<Option<gix_index::File>, Error> {
        let file = self.folders.own.join("index");
        if !file.is_file() {
            return Ok(None);
        }
        let options = gix_index::decode::Options {
            thread_limit: Some(1),
            alloc_limit_bytes: Some(MAX_INDEX_BYTES),
            ..Default::default()
        };
        let index = gix_index::File::at(&file, self.hash(), true, options);
        index.map(Some).map_err(|err| Error::World {
            what: "read",
            path: file.display().to_string(),
            why: err.to_string(),
        })
    }
}
