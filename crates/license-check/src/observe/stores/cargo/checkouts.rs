//! Crates in cargo's git checkouts: `git/checkouts/REPOSITORY-HASH/COMMIT/`, anywhere in the tree.

use super::folders_of;
use super::manifest::{MAX_MANIFEST_BYTES, Manifest};
use crate::observe::store::bounded;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// Folders deep in which a crate of a repository is looked for.
const MAX_DEPTH: usize = 8;

/// A crate of a checkout.
#[derive(Debug)]
pub struct Found {
    /// Its folder.
    pub folder: PathBuf,
    /// The checkout, named after its commit.
    pub checkout: PathBuf,
}

/// Whether a checkout's folder is that of a commit: it is named after the first digits.
pub fn is_of(checkout: &Path, commit: &str) -> bool {
    let short = checkout.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    short.len() >= 7 && commit.starts_with(short)
}

/// All crates by name, in order of path. Links are not followed. Checkouts of other commits than those are looked at only
/// when one of them is missing, to say what lies there instead.
pub fn index(checkouts: &Path, commits: &[&str]) -> FxHashMap<String, Vec<Found>> {
    let mut crates: FxHashMap<String, Vec<Found>> = FxHashMap::default();
    let mut checkouts: Vec<PathBuf> =
        folders_of(checkouts).iter().flat_map(|repository| folders_of(repository)).collect();
    if commits.iter().all(|commit| checkouts.iter().any(|checkout| is_of(checkout, commit))) {
        checkouts.retain(|checkout| commits.iter().any(|commit| is_of(checkout, commit)));
    }
    for checkout in checkouts {
        let walk = walkdir::WalkDir::new(&checkout).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| entry.file_name() != ".git" && entry.file_name() != "target");
        for entry in walk.filter_map(Result::ok).filter(|entry| entry.file_name() == "Cargo.toml") {
            let (Some(folder), Some(bytes)) = (entry.path().parent(), bounded(entry.path(), MAX_MANIFEST_BYTES)) else {
                continue;
            };
            let Ok(manifest) = Manifest::read(&bytes, "") else { continue };
            if let Some(name) = manifest.name() {
                let found = Found { folder: folder.to_path_buf(), checkout: checkout.clone() };
                crates.entry(name.to_owned()).or_default().push(found);
            }
        }
    }
    crates
}
