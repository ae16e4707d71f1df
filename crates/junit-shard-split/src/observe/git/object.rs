//! From the id of a commit to the id of its tree: the object stores and the objects that have files of their own.

use super::{Id, head, open, pack, read, read_to_end};
use flate2::read::ZlibDecoder;
use std::fs;
use std::path::{Path, PathBuf};

/// The largest commit that is read, in bytes as it unpacks. Messages that generators write reach a few MiB; beyond lie
/// bombs.
pub(super) const COMMIT_SIZE_MAX: u64 = 16 * 1024 * 1024;

/// The longest header of an object that has a file of its own, in bytes: `commit `, the 20 digits of a 64-bit size, and NUL.
const HEADER_SIZE_MAX: u64 = 28;

/// How many packs one object store may have. git consolidates at 50 (gc.autoPackLimit), so a store with more was never
/// cleaned, and each pack costs some twenty reads.
const PACKS_MAX: usize = 10_000;

/// How far alternates of alternates are followed: git's own limit (link_alt_odb_entries in its sources).
const ALTERNATES_DEPTH_MAX: usize = 5;

/// How many object stores are read in all. Alternates are one or two in practice; the bound ends a fan of them.
const STORES_MAX: usize = 64;

/// The longest objects/info/alternates, in bytes: [`STORES_MAX`] paths of PATH_MAX (4096).
const ALTERNATES_SIZE_MAX: u64 = 256 * 1024;

/// The id of the tree of the commit `id`, which lies in the object store `objects` or one that it borrows from.
pub(super) fn tree(objects: &Path, id: &Id) -> Option<Id> {
    let stores = stores(objects);
    let commit = stores
        .iter()
        .find_map(|store| loose(store, id))
        .or_else(|| stores.iter().find_map(|store| packs(store)?.iter().find_map(|index| pack::commit(index, id))))?;
    // The tree comes first in a commit; git-fsck(1) calls everything else missingTree.
    let line = commit.split(|byte| *byte == b'\n').next()?;
    let tree = Id::from_hex(line.strip_prefix(b"tree ")?)?;
    (tree.0.len() == id.0.len()).then_some(tree)
}

/// An object store and those it borrows from, named one a line in info/alternates (gitrepository-layout(5)). A relative path
/// starts at the store that names it. Quoted paths are passed over: only odd names need them.
fn stores(objects: &Path) -> Vec<PathBuf> {
    let mut stores = vec![objects.to_owned()];
    let mut level = 0..1;
    for _ in 0..ALTERNATES_DEPTH_MAX {
        let end = stores.len();
        for index in level {
            let Some(store) = stores.get(index).cloned() else { continue };
            let lines = read(&store.join("info/alternates"), ALTERNATES_SIZE_MAX).unwrap_or_default();
            for line in
                lines.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"#") && !line.starts_with(b"\""))
            {
                let Some(alternate) = head::path(line).map(|path| store.join(path)) else { continue };
                if stores.len() < STORES_MAX && !stores.contains(&alternate) {
                    stores.push(alternate);
                }
            }
        }
        level = end..stores.len();
    }
    stores
}

/// A commit from a file of its own: zlib over `commit SIZE`, NUL, and the content (gitformat-loose(5), gitrepository-layout(5)).
fn loose(objects: &Path, id: &Id) -> Option<Vec<u8>> {
    let name = id.to_string();
    let (folder, file) = name.split_at_checked(2)?;
    let file = open(&objects.join(folder).join(file))?;
    let mut object = read_to_end(ZlibDecoder::new(file), HEADER_SIZE_MAX + COMMIT_SIZE_MAX)?;
    let end = object.iter().position(|byte| *byte == 0)?;
    let size: usize = str::from_utf8(object.get(..end)?.strip_prefix(b"commit ")?).ok()?.parse().ok()?;
    object.drain(..=end);
    (object.len() == size).then_some(object)
}

/// The indexes of a store's packs.
fn packs(objects: &Path) -> Option<Vec<PathBuf>> {
    let mut indexes = Vec::new();
    for entry in fs::read_dir(objects.join("pack")).ok()? {
        let path = entry.ok()?.path();
        if path.extension().is_some_and(|extension| extension == "idx") {
            indexes.push(path);
        }
        if indexes.len() > PACKS_MAX {
            return None;
        }
    }
    Some(indexes)
}
