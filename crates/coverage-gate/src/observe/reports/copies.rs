//! Reports that are there twice: an artifact that was downloaded into two folders, a report that two steps uploaded.

use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeMap;
use std::fs::File;
use std::hash::Hasher;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of the front by which files of one size are told apart before they are compared.
const FRONT_BYTES: usize = 64 << 10;
/// Bytes that are compared at once.
const PIECE_BYTES: usize = 64 << 10;

/// The paths without those whose file is, byte for byte, one before it; and for each that has copies, which they are.
/// What can't be read stays: reading it will say why.
pub fn set_aside(paths: &[PathBuf]) -> (Vec<PathBuf>, BTreeMap<PathBuf, Vec<PathBuf>>) {
    let mut of_size: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (at, path) in paths.iter().enumerate() {
        let regular = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
        // Empty reports are each a finding of their own.
        if let Some(size) = regular.map(|metadata| metadata.len()).filter(|size| *size > 0) {
            of_size.entry(size).or_default().push(at);
        }
    }
    let mut copy_of: FxHashMap<usize, usize> = FxHashMap::default();
    for same_size in of_size.values().filter(|same_size| same_size.len() > 1) {
        let mut originals: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for at in same_size {
            let Some(front) = front_hash(&paths[*at]) else { continue };
            let alike = originals.entry(front).or_default();
            match alike.iter().find(|original| same_content(&paths[**original], &paths[*at])) {
                Some(original) => {
                    copy_of.insert(*at, *original);
                }
                None => alike.push(*at),
            }
        }
    }
    let mut copies: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    let mut originals = Vec::with_capacity(paths.len());
    for (at, path) in paths.iter().enumerate() {
        match copy_of.get(&at) {
            Some(original) => copies.entry(paths[*original].clone()).or_default().push(path.clone()),
            None => originals.push(path.clone()),
        }
    }
    (originals, copies)
}

fn front_hash(path: &Path) -> Option<u64> {
    let mut front = Vec::with_capacity(FRONT_BYTES);
    File::open(path).ok()?.take(FRONT_BYTES as u64).read_to_end(&mut front).ok()?;
    let mut hasher = FxHasher::default();
    hasher.write(&front);
    Some(hasher.finish())
}

/// Whether both can be read and are the same.
fn same_content(one: &Path, other: &Path) -> bool {
    let (Ok(mut one), Ok(mut other)) = (File::open(one), File::open(other)) else { return false };
    let (mut mine, mut theirs) = (Vec::with_capacity(PIECE_BYTES), Vec::with_capacity(PIECE_BYTES));
    loop {
        mine.clear();
        theirs.clear();
        let read = (&mut one).take(PIECE_BYTES as u64).read_to_end(&mut mine);
        let (Ok(read), Ok(_)) = (read, (&mut other).take(PIECE_BYTES as u64).read_to_end(&mut theirs)) else {
            return false;
        };
        if mine != theirs {
            return false;
        }
        if read == 0 {
            return true;
        }
    }
}
