//! What every plan must satisfy, whatever made it. A plan that breaks one of these is a bug of ours, and is not carried out.
#![warn(clippy::disallowed_methods)]

use crate::plan::activation::Activate;
use crate::plan::delta::{Step, delta};
use crate::plan::digest::Digest;
use crate::plan::place::Place;
use crate::plan::record::{Entry, Pointer, Record};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// An asset where only we write.
    #[error("{path}: its key {key} lies where records are kept; rename the file")]
    Reserved {
        /// Path in the tree.
        path: String,
        /// Key below the prefix.
        key: String,
    },
    /// A page's bytes elsewhere.
    #[error("{path}: a page's bytes are kept under {key} and not among the site's pages")]
    PageKey {
        /// Path in the tree.
        path: String,
        /// Key below the prefix.
        key: String,
    },
    /// One key for two contents or two sets of headers, or for a page's path and an asset.
    #[error("{first} and {second} are both published as {key}; give one of them another name")]
    Shared {
        /// Path in the tree.
        first: String,
        /// Path in the tree.
        second: String,
        /// Key below the prefix.
        key: String,
    },
    /// A set of headers that is not there.
    #[error("{path}: its headers are number {headers} of {count}")]
    Headers {
        /// Path in the tree.
        path: String,
        /// Index.
        headers: u32,
        /// How many there are.
        count: usize,
    },
    /// After all steps the record would name a key that is not there, or that has other bytes.
    #[error("{path}: nothing puts its bytes under {key} before the record is written")]
    Missing {
        /// Path in the tree.
        path: String,
        /// Key below the prefix.
        key: String,
    },
    /// A step for a key that the record does not name, or two for one key.
    #[error("{key} is written, which the record does not ask for")]
    Surplus {
        /// Key below the prefix.
        key: String,
    },
    /// A write after one that may only follow it.
    #[error("{write} stands after {before}")]
    Order {
        /// The write that comes too late.
        write: &'static str,
        /// What stands before it.
        before: &'static str,
    },
    /// A pointer to nowhere.
    #[error("the pointer leads to {manifest}, which is not the key of the record of {release}")]
    PointerLeadsNowhere {
        /// The release.
        release: String,
        /// Key from the bucket's root.
        manifest: String,
    },
    /// Something that is needed would be deleted.
    #[error("{key} would be deleted, which {release} needs")]
    Needed {
        /// Key from the bucket's root.
        key: String,
        /// Who needs it.
        release: String,
    },
}

/// A record by itself: every asset has a key of its own outside of our folder, every page's bytes lie under a digest (its own, or one of
/// its bytes and their encoding), no page stands where an asset does, all headers are there.
pub fn record(place: &Place, record: &Record) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut owners: FxHashMap<&str, (&str, &Entry)> = FxHashMap::default();
    for (path, entry) in &record.files {
        let (path_of, key) = (|| path.clone(), || entry.key.clone());
        if usize::try_from(entry.headers).map_or(true, |index| index >= record.headers.len()) {
            violations.push(Violation::Headers {
                path: path_of(),
                headers: entry.headers,
                count: record.headers.len(),
            });
        }
        if entry.page && !is_page_key(place, &entry.key) {
            violations.push(Violation::PageKey { path: path_of(), key: key() });
        }
        let published = if entry.page { path } else { &entry.key };
        if published.starts_with(".roadcrew/") {
            violations.push(Violation::Reserved { path: path_of(), key: published.clone() });
        }
        // Two assets may share a key only when nobody can tell them apart.
        match owners.insert(published, (path, entry)) {
            Some((_, first)) if !entry.page && !first.page && first.is_published_as(entry) => {}
            Some((first, _)) => {
                let shared = Violation::Shared { first: first.to_owned(), second: path_of(), key: published.clone() };
                violations.push(shared);
            }
            None => {}
        }
    }
    violations
}

fn is_page_key(place: &Place, key: &str) -> bool {
    // The digest that names it is of as many digits as any.
    let any = place.page(&Digest([0; 32]));
    let start = any.trim_end_matches('0');
    key.len() == any.len() && key.strip_prefix(start).is_some_and(|digits| Digest::from_hex(digits).is_some())
}

/// The steps of a publish: with them every key that `next` names holds its bytes before the record is written, none is written twice,
/// and nothing else is written.
pub fn steps(last: Option<&Record>, next: &Record, steps: &[Step<'_>]) -> Vec<Violation> {
    let mut violations = Vec::new();
    // A first upload has a step for each of maybe 100,000 files: what grows by doubling would hold twice what is needed.
    let known = last.map_or(0, |last| last.files.len());
    let mut there: FxHashMap<&str, &Digest> = FxHashMap::with_capacity_and_hasher(known + steps.len(), FxBuildHasher);
    for entry in last.iter().flat_map(|last| last.files.values()) {
        there.insert(&entry.key, &entry.sha256);
    }
    let mut written = FxHashSet::with_capacity_and_hasher(steps.len(), FxBuildHasher);
    for step in steps {
        let entry = next.files.get(step.path()).filter(|entry| entry.key == step.key());
        let digest = match step {
            Step::Put { .. } => entry.map(|entry| &entry.sha256),
            Step::CopyHeaders { key, .. } => there.get(key).copied(),
            Step::CopyFrom { from, .. } => there.get(from).copied(),
        };
        match digest.filter(|_| entry.is_some() && written.insert(step.key())) {
            Some(digest) => drop(there.insert(step.key(), digest)),
            None => violations.push(Violation::Surplus { key: step.key().to_owned() }),
        }
    }
    for (path, entry) in &next.files {
        if there.get(entry.key.as_str()) != Some(&&entry.sha256) {
            violations.push(Violation::Missing { path: path.clone(), key: entry.key.clone() });
        }
    }
    violations
}

/// One write of a publish, in the order in which they happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write<'r> {
    /// An asset or the bytes of a page.
    Send(Step<'r>),
    /// The record.
    Record,
    /// The pointer.
    Pointer(Pointer),
    /// A page put in place.
    Activate(Activate<'r>),
    /// The pointer again, with all pages in place.
    Settle,
}

impl Write<'_> {
    fn rank(&self, next: &Record) -> (u8, &'static str) {
        match self {
            Write::Send(step) if next.files.get(step.path()).is_some_and(|entry| entry.page) => (1, "a page's bytes"),
            Write::Send(_) => (0, "an asset"),
            Write::Record => (2, "the record"),
            Write::Pointer(_) => (3, "the pointer"),
            Write::Activate(_) => (4, "a page"),
            Write::Settle => (5, "the settled pointer"),
        }
    }
}

/// All writes of a publish, in order: assets, bytes of pages, record, pointer, pages, settled pointer. `pointer`: what is to be
/// written, `None` with `--pointer none`: pages are put in place then too, since somebody else says which release is live.
pub fn writes<'r>(
    last: Option<&'r Record>,
    next: &'r Record,
    pointer: Option<&Pointer>,
    pages: &[Activate<'r>],
) -> Vec<Write<'r>> {
    let mut writes: Vec<Write<'r>> = delta(last, next).into_iter().map(Write::Send).collect();
    writes.push(Write::Record);
    writes.extend(pointer.cloned().map(Write::Pointer));
    writes.extend(pages.iter().copied().map(Write::Activate));
    if pointer.is_some_and(|pointer| pointer.pending) {
        writes.push(Write::Settle);
    }
    writes
}

/// The order of a publish: nothing leads to what is not there. The pointer leads to the record of `next`, which comes before it, and
/// all files come before the record.
pub fn order(place: &Place, next: &Record, writes: &[Write<'_>]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut last = (0, "");
    let mut record = false;
    for write in writes {
        let rank = write.rank(next);
        if rank.0 < last.0 {
            violations.push(Violation::Order { write: rank.1, before: last.1 });
        }
        last = rank;
        record |= *write == Write::Record;
        if let Write::Pointer(pointer) = write {
            let manifest = place.record(&next.release, next.created_ms);
            if !record || pointer.manifest != manifest || pointer.release != next.release {
                let (release, manifest) = (pointer.release.clone(), pointer.manifest.clone());
                violations.push(Violation::PointerLeadsNowhere { release, manifest });
            }
        }
    }
    violations
}

/// All keys that kept releases need, told one release after the other.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Sixteen bytes of a key's digest: a tree of a hundred thousand files in a hundred releases must fit into memory. Keys that
    /// were taken for each other would be spared.
    keys: FxHashMap<[u8; 16], u32>,
    releases: Vec<String>,
}

impl Needs {
    /// Hears what a kept release needs: its record, its files and its pages.
    pub fn hear(&mut self, place: &Place, record: &Record) {
        let at = u32::try_from(self.releases.len()).unwrap_or(u32::MAX);
        self.releases.push(record.release.clone());
        let mut need = |key: &str| {
            self.keys.insert(short(key), at);
        };
        need(&place.record(&record.release, record.created_ms));
        for (path, entry) in &record.files {
            need(&place.key(&entry.key));
            if entry.page {
                need(&place.key(path));
            }
        }
    }
}

fn short(key: &str) -> [u8; 16] {
    let digest = Digest::of(key.as_bytes()).0;
    std::array::from_fn(|at| digest[at])
}

/// A batch of deletes: none of `keys` (from the bucket's root) is needed by a kept release, and none is the pointer.
pub fn deletes(place: &Place, needs: &Needs, keys: &[String]) -> Vec<Violation> {
    let pointer = place.pointer();
    let needed = |key: &String| {
        let release = if *key == pointer {
            Some("the pointer".to_owned())
        } else {
            let at = needs.keys.get(&short(key)).and_then(|at| usize::try_from(*at).ok());
            at.and_then(|at| needs.releases.get(at)).cloned()
        };
        release.map(|release| Violation::Needed { key: key.clone(), release })
    };
    keys.iter().filter_map(needed).collect()
}

#[cfg(test)]
mod tests;
