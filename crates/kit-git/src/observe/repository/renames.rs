//! Which of the files that are gone are the ones that are new: by git's own measure of similarity (diffcore-rename.c and
//! diffcore-delta.c in its sources), so that the pairs are those that `git diff -M` shows.

use crate::error::Error;
use gix_hash::ObjectId;
use rustc_hash::FxHasher;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hasher;

/// The similarity that makes a pair, in percent: git's default (`-M50%`).
const MIN_SIMILARITY: u64 = 50;
/// The similarity that two files of one unique name need to be a pair at once, halfway from [`MIN_SIMILARITY`] to all.
const MIN_SIMILARITY_SAME_NAME: u64 = 75;
/// New files times files gone that are compared pair by pair: the square of git's `diff.renameLimit`, 1000.
const MAX_PAIRS: usize = 1_000_000;
/// Bytes of files that are taken apart for comparison, in all.
const MAX_COMPARED_BYTES: u64 = 512 << 20;
/// Parts of files that are compared with each other, in all: some seconds.
const MAX_STEPS: u64 = 1_000_000_000;
/// The longest part of a line that counts by itself, in bytes: git's own.
const PART_BYTES: usize = 64;
/// Similarities are counted in this many parts, for an exact order.
const SCALE: u64 = 60_000;

/// Gives the files that are compared.
pub(super) trait Blobs {
    /// A file's size in bytes.
    fn size_bytes(&self, id: &ObjectId) -> Result<u64, Error>;
    /// A file's bytes; `None` when there are too many to compare.
    fn content(&self, id: &ObjectId) -> Result<Option<Vec<u8>>, Error>;
}

/// A file on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    /// Its path.
    pub(super) path: Vec<u8>,
    /// What it holds.
    pub(super) id: ObjectId,
}

impl Side {
    /// The last part of the path.
    fn name(&self) -> &[u8] {
        self.path.rsplit(|byte| *byte == b'/').next().unwrap_or(&self.path)
    }
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Renames {
    /// For each new file that was another: its index, and that one's.
    pub(super) pairs: BTreeMap<usize, usize>,
    /// Whether files were left uncompared because there were too many, or too large ones.
    pub(super) incomplete: bool,
}

/// Pairs `new` files with `gone` ones. Errors: those of `blobs`.
pub(super) fn find(gone: &[Side], new: &[Side], blobs: &dyn Blobs) -> Result<Renames, Error> {
    let mut search = Search { gone, new, used: vec![false; gone.len()], found: Renames::default() };
    search.identical();
    let mut comparison = Comparison { blobs, compared_bytes: 0, steps: 0, known: HashMap::new() };
    search.same_name(&mut comparison)?;
    search.similar(&mut comparison)?;
    search.found.incomplete |= comparison.is_exhausted();
    Ok(search.found)
}

struct Search<'s> {
    gone: &'s [Side],
    new: &'s [Side],
    used: Vec<bool>,
    found: Renames,
}

impl<'s> Search<'s> {
    fn take(&mut self, new: usize, gone: usize) {
        self.found.pairs.insert(new, gone);
        if let Some(used) = self.used.get_mut(gone) {
            *used = true;
        }
    }

    fn left_new(&self) -> Vec<(usize, &'s Side)> {
        self.new.iter().enumerate().filter(|(index, _)| !self.found.pairs.contains_key(index)).collect()
    }

    fn left_gone(&self) -> Vec<(usize, &'s Side)> {
        self.gone.iter().enumerate().filter(|(index, _)| self.used.get(*index) == Some(&false)).collect()
    }

    /// The same content elsewhere; of several the one of the same name, else the first.
    fn identical(&mut self) {
        let mut by_id: HashMap<&ObjectId, Vec<(usize, &Side)>> = HashMap::new();
        for (index, side) in self.gone.iter().enumerate() {
            by_id.entry(&side.id).or_default().push((index, side));
        }
        for (index, side) in self.new.iter().enumerate() {
            let Some(candidates) = by_id.get_mut(&side.id).filter(|candidates| !candidates.is_empty()) else {
                continue;
            };
            let same_name = candidates.iter().position(|(_, gone)| gone.name() == side.name());
            let (gone, _) = candidates.remove(same_name.unwrap_or(0));
            self.take(index, gone);
        }
    }

    /// Files whose name is unique on both sides and that are much alike: a folder was moved.
    fn same_name(&mut self, comparison: &mut Comparison<'_>) -> Result<(), Error> {
        let gone = unique_names(&self.left_gone());
        let new = unique_names(&self.left_new());
        let mut pairs: Vec<(usize, usize)> =
            new.iter().filter_map(|(name, new)| Some(((*new)?, (*gone.get(name)?)?))).collect();
        pairs.sort_unstable();
        for (new, gone) in pairs {
            let (Some(to), Some(from)) = (self.new.get(new), self.gone.get(gone)) else { continue };
            if comparison.similarity(from, to)? >= MIN_SIMILARITY_SAME_NAME * SCALE / 100 {
                self.take(new, gone);
            }
        }
        Ok(())
    }

    /// Every new file with every file that is gone, the most alike first.
    fn similar(&mut self, comparison: &mut Comparison<'_>) -> Result<(), Error> {
        let (gone, new) = (self.left_gone(), self.left_new());
        if gone.len().saturating_mul(new.len()) > MAX_PAIRS {
            self.found.incomplete = true;
            return Ok(());
        }
        let mut pairs = Vec::new();
        for (new, to) in &new {
            for (gone, from) in &gone {
                let similarity = comparison.similarity(from, to)?;
                if similarity >= MIN_SIMILARITY * SCALE / 100 {
                    pairs.push((Reverse((similarity, from.name() == to.name())), *new, *gone));
                }
            }
        }
        pairs.sort_unstable();
        for (_, new, gone) in pairs {
            if !self.found.pairs.contains_key(&new) && self.used.get(gone) == Some(&false) {
                self.take(new, gone);
            }
        }
        Ok(())
    }
}

/// By name the file that has it; `None` for a name that several have.
fn unique_names<'s>(sides: &[(usize, &'s Side)]) -> HashMap<&'s [u8], Option<usize>> {
    let mut names = HashMap::new();
    for (index, side) in sides {
        names.entry(side.name()).and_modify(|found| *found = None).or_insert(Some(*index));
    }
    names
}

/// What a file is made of: for each part its hash and how many bytes it makes up in all, in order of the hashes.
type Parts = Vec<(u32, u32)>;

/// Compares files, each taken apart once.
struct Comparison<'c> {
    blobs: &'c dyn Blobs,
    compared_bytes: u64,
    steps: u64,
    known: HashMap<ObjectId, (u64, Option<Parts>)>,
}

impl Comparison<'_> {
    fn is_exhausted(&self) -> bool {
        self.compared_bytes > MAX_COMPARED_BYTES || self.steps > MAX_STEPS
    }

    /// How much of the larger file the two share, of [`SCALE`].
    fn similarity(&mut self, from: &Side, to: &Side) -> Result<u64, Error> {
        let (from_bytes, to_bytes) = (self.size_bytes(from)?, self.size_bytes(to)?);
        let (smaller, larger) = (from_bytes.min(to_bytes), from_bytes.max(to_bytes));
        // Even if all of the smaller one were in the larger one.
        if smaller == 0 || u128::from(smaller) * 100 < u128::from(larger) * u128::from(MIN_SIMILARITY) {
            return Ok(0);
        }
        self.take_apart(from)?;
        self.take_apart(to)?;
        let parts = |side: &Side| self.known.get(&side.id).and_then(|(_, parts)| parts.as_ref());
        let (Some(from), Some(to)) = (parts(from), parts(to)) else { return Ok(0) };
        if self.is_exhausted() {
            return Ok(0);
        }
        let shared_bytes = shared(from, to);
        self.steps += (from.len() + to.len()) as u64;
        Ok(shared_bytes.saturating_mul(SCALE) / larger)
    }

    fn size_bytes(&mut self, side: &Side) -> Result<u64, Error> {
        if let Some((size_bytes, _)) = self.known.get(&side.id) {
            return Ok(*size_bytes);
        }
        let size_bytes = self.blobs.size_bytes(&side.id)?;
        self.known.insert(side.id, (size_bytes, None));
        Ok(size_bytes)
    }

    fn take_apart(&mut self, side: &Side) -> Result<(), Error> {
        if self.is_exhausted() {
            return Ok(());
        }
        let Some((size_bytes, parts @ None)) = self.known.get_mut(&side.id) else { return Ok(()) };
        self.compared_bytes += *size_bytes;
        *parts = self.blobs.content(&side.id)?.map(|bytes| take_apart(&bytes));
        Ok(())
    }
}

/// Bytes that two files share, part by part, wherever the parts are.
fn shared(from: &Parts, to: &Parts) -> u64 {
    let (mut from, mut to) = (from.as_slice(), to.as_slice());
    let mut shared_bytes = 0;
    while let ([(one, one_bytes), from_rest @ ..], [(other, other_bytes), to_rest @ ..]) = (from, to) {
        match one.cmp(other) {
            Ordering::Less => from = from_rest,
            Ordering::Greater => to = to_rest,
            Ordering::Equal => {
                shared_bytes += u64::from(*one_bytes.min(other_bytes));
                (from, to) = (from_rest, to_rest);
            }
        }
    }
    shared_bytes
}

/// Cuts a file at line ends and after [`PART_BYTES`]. In a text, CR before LF does not count.
fn take_apart(bytes: &[u8]) -> Parts {
    let is_text = super::lines::is_text(bytes);
    let mut parts: Parts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let window = rest.get(..PART_BYTES).unwrap_or(rest);
        let end = memchr::memchr(b'\n', window).map_or(window.len(), |end| end + 1);
        let (part, after) = rest.split_at(end);
        rest = after;
        let mut hasher = FxHasher::default();
        // At most PART_BYTES, so these fit, and so do all of a file of ordinary size.
        let mut part_bytes = part.len() as u32;
        match part {
            [line @ .., b'\r', b'\n'] if is_text => {
                hasher.write(line);
                hasher.write(b"\n");
                part_bytes -= 1;
            }
            [line @ .., b'\n'] => {
                hasher.write(line);
                hasher.write(b"\n");
            }
            line => hasher.write(line),
        }
        // Half of the hash is still four thousand times git's.
        parts.push(((hasher.finish() >> 32) as u32, part_bytes));
    }
    parts.sort_unstable();
    parts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        kept.1 += if same { later.1 } else { 0 };
        same
    });
    parts
}
