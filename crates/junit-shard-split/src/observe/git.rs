//! The git tree of the checkout, read from git's own files.
//!
//! One id is wanted of a repository, so only what leads to it is read: HEAD and the refs it names ([`head`]), then the
//! commit, from a file of its own ([`object`]) or from a pack ([`pack`]). The layout of the folders is gitrepository-layout(5)
//! (<https://git-scm.com/docs/gitrepository-layout>), that of packs gitformat-pack(5)
//! (<https://git-scm.com/docs/gitformat-pack>).

mod head;
mod object;
mod pack;

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The id of HEAD's tree, in lower-case hex (40 digits in a SHA-1 repository, 64 in a SHA-256 one), when the working
/// directory belongs to a git checkout. Pull-request pipelines that merge the destination branch in every step make a new
/// commit each time, but always the same tree.
///
/// The files are read without a git binary, which a container need not have, and whoever owns the folder: only ids are
/// read, nothing that a repository could configure is run (the concern behind git's "dubious ownership"). None without a
/// checkout, before its first commit, and wherever the id cannot be told: a reftable repository, a pack with an index of
/// version 1, damaged files, paths that are not UTF-8. Replacement refs (git-replace) are not followed.
pub fn tree() -> Option<String> {
    tree_at(&std::env::current_dir().ok()?)
}

/// [`tree`] for the checkout that `folder` is in.
fn tree_at(folder: &Path) -> Option<String> {
    let folders = head::Folders::around(folder)?;
    let commit = head::commit(&folders)?;
    Some(object::tree(&folders.common.join("objects"), &commit)?.to_string())
}

/// The id of an object: 20 bytes (SHA-1) or 32 (SHA-256). Shown as lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Id(Vec<u8>);

impl Id {
    /// Reads 40 or 64 hex digits; None for anything else.
    fn from_hex(hex: &[u8]) -> Option<Self> {
        if !matches!(hex.len(), 40 | 64) {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, _) = hex.as_chunks::<2>();
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect::<Option<Vec<u8>>>().map(Self)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Opens a regular file. A named pipe in a hostile checkout would block the open, so anything else counts as absent.
fn open(path: &Path) -> Option<File> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    File::open(path).ok()
}

/// Reads a regular file of at most `max_bytes`; None when it is absent, unreadable or longer.
fn read(path: &Path, max_bytes: u64) -> Option<Vec<u8>> {
    read_to_end(open(path)?, max_bytes)
}

/// Reads a source to its end, which must come within `max_bytes`.
fn read_to_end(source: impl Read, max_bytes: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells a longer source from one that fits, and makes a decoder verify its checksum.
    source.take(max_bytes.checked_add(1)?).read_to_end(&mut bytes).ok()?;
    (u64::try_from(bytes.len()).ok()? <= max_bytes).then_some(bytes)
}
