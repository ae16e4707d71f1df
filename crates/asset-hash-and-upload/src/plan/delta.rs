//! What has to be sent, given what the last release's record says is in the bucket. One GET of that record stands for a LIST
//! of the bucket: keys are written once and are deleted only when no release needs them.

use super::digest::Digest;
use super::record::{Entry, Record};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::Serialize;

/// A write that a release needs before its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step<'r> {
    /// Send the file's bytes, and only if the key is free: a key that is taken has the same bytes, or the release fails.
    Put {
        /// Path in the tree.
        path: &'r str,
        /// Key below the prefix.
        key: &'r str,
    },
    /// The bytes are there under other headers: copy the object onto itself with the new ones.
    CopyHeaders {
        /// Path in the tree.
        path: &'r str,
        /// Key below the prefix.
        key: &'r str,
        /// Bytes of the object: above 5 GB a copy has parts.
        size: u64,
    },
    /// The bytes are there under the key of an earlier version: copy them within the bucket.
    CopyFrom {
        /// Path in the tree.
        path: &'r str,
        /// The earlier version's key, below the prefix.
        from: &'r str,
        /// Key below the prefix.
        key: &'r str,
        /// Bytes of the object.
        size: u64,
    },
}

impl<'r> Step<'r> {
    /// The key that is written, below the prefix.
    pub fn key(&self) -> &'r str {
        match self {
            Step::Put { key, .. } | Step::CopyHeaders { key, .. } | Step::CopyFrom { key, .. } => key,
        }
    }

    /// Path in the tree.
    pub fn path(&self) -> &'r str {
        match self {
            Step::Put { path, .. } | Step::CopyHeaders { path, .. } | Step::CopyFrom { path, .. } => path,
        }
    }
}

/// The steps from `last` to `next`, in order: assets by path, then the bytes of pages by path. No key stands there twice.
///
/// Only the keys that `last` names are trusted. Anything else is sent under the condition that its key is free, so that the
/// bucket has the last word. The headers of a page's kept bytes don't count: activation sets those of the page itself.
pub fn delta<'r>(last: Option<&'r Record>, next: &'r Record) -> Vec<Step<'r>> {
    let there = There::new(last, next);
    // So many are new at least; lists that grow by doubling would hold more.
    let new = next.files.len().saturating_sub(last.map_or(0, |last| last.files.len()));
    let mut assets = Vec::with_capacity(new);
    let mut pages = Vec::new();
    // Pages with the same bytes share a key; assets that do are refused by check.rs unless they are equal in all.
    let mut done = FxHashSet::with_capacity_and_hasher(new, FxBuildHasher);
    for (path, entry) in &next.files {
        let Some(step) = there.step(path, entry) else { continue };
        if done.insert(step.key()) {
            if entry.page { pages.push(step) } else { assets.push(step) }
        }
    }
    assets.append(&mut pages);
    assets
}

/// Paths of `next` whose key `last` names with other bytes: the names don't follow the contents, and the release will fail
/// unless somebody has deleted those keys. In the order of paths.
pub fn taken<'r>(last: Option<&'r Record>, next: &'r Record) -> Vec<&'r str> {
    let there = There::new(last, next);
    let other = |entry: &Entry| there.keys.get(entry.key.as_str()).is_some_and(|known| known.sha256 != entry.sha256);
    next.files.iter().filter(|(_, entry)| other(entry)).map(|(path, _)| path.as_str()).collect()
}

/// Whether `next` publishes exactly what `last` did: same paths, keys, bytes, headers and options. Nothing is written then.
pub fn same(last: &Record, next: &Record) -> bool {
    let entry = |a: &Entry, b: &Entry| {
        (&a.key, a.sha256, a.size, a.page) == (&b.key, b.sha256, b.size, b.page)
            && last.headers.get(index(a)).is_some_and(|headers| next.headers.get(index(b)) == Some(headers))
    };
    (last.options, &last.version, &last.site) == (next.options, &next.version, &next.site)
        && last.files.len() == next.files.len()
        && last.files.iter().zip(&next.files).all(|((p, a), (q, b))| p == q && entry(a, b))
}

/// The index of an entry's headers.
pub(super) fn index(entry: &Entry) -> usize {
    usize::try_from(entry.headers).unwrap_or(usize::MAX)
}

/// What the last record says.
struct There<'r> {
    last: Option<&'r Record>,
    keys: FxHashMap<&'r str, &'r Entry>,
    /// One key for each content: the first in the order of paths.
    contents: FxHashMap<Digest, &'r Entry>,
    /// For each set of headers in `next`: where the same one stands in `last`.
    headers: Vec<Option<u32>>,
    /// What a versioned key of `next` begins with.
    version: String,
}

impl<'r> There<'r> {
    fn new(last: Option<&'r Record>, next: &'r Record) -> Self {
        let mut keys = FxHashMap::default();
        let mut contents = FxHashMap::default();
        let version = format!("{}/", next.version);
        let versioned = next.files.values().any(|entry| entry.key.starts_with(&version));
        for entry in last.iter().flat_map(|last| last.files.values()) {
            keys.entry(entry.key.as_str()).or_insert(entry);
            if versioned {
                contents.entry(entry.sha256).or_insert(entry);
            }
        }
        let known = last.map_or(&[][..], |last| &last.headers);
        let place = |headers| known.iter().position(|known| known == headers).and_then(|at| u32::try_from(at).ok());
        There { last, keys, contents, headers: next.headers.iter().map(place).collect(), version }
    }

    fn step(&self, path: &'r str, entry: &'r Entry) -> Option<Step<'r>> {
        let (key, size) = (entry.key.as_str(), entry.size);
        let Some(known) = self.keys.get(key) else {
            // A copy has no condition that all services know, so it is for names that hold the whole version: nothing else
            // can stand there.
            let versioned = key.strip_prefix(self.version.as_str()) == Some(path);
            let source = self.same_path(path, entry).or_else(|| self.contents.get(&entry.sha256).copied());
            return Some(match source {
                Some(from) if versioned => Step::CopyFrom { path, from: &from.key, key, size },
                _ => Step::Put { path, key },
            });
        };
        if known.sha256 != entry.sha256 || known.size != size {
            return Some(Step::Put { path, key });
        }
        let same_headers = self.headers.get(index(entry)) == Some(&Some(known.headers));
        (!entry.page && !same_headers).then_some(Step::CopyHeaders { path, key, size })
    }

    fn same_path(&self, path: &str, entry: &Entry) -> Option<&'r Entry> {
        self.last?.files.get(path).filter(|known| known.sha256 == entry.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{asset, page, record};
    use super::*;

    #[test]
    fn a_first_release_sends_all_of_it_and_pages_last() {
        let next = record(1, vec![asset("app.js", "1"), page("a.html", "2"), page("b.html", "2"), asset("z.css", "3")]);
        let keys: Vec<_> = delta(None, &next).iter().map(Step::path).map(str::to_owned).collect();
        assert_eq!(keys, ["app.js", "z.css", "a.html"]);
        assert!(delta(None, &next).iter().all(|step| matches!(step, Step::Put { .. })));
    }

    #[test]
    fn what_is_there_is_not_sent_and_other_headers_are_copied() {
        let last = record(1, vec![asset("app.js", "1"), asset("old.js", "2"), page("i.html", "3")]);
        let mut next = record(2, vec![asset("app.js", "1"), asset("old.js", "2"), page("i.html", "3")]);
        assert_eq!(delta(Some(&last), &next), []);
        assert!(same(&last, &next));
        next.headers[0].cache_control = "no-cache".into();
        let steps = delta(Some(&last), &next);
        assert_eq!(steps.iter().map(Step::path).collect::<Vec<_>>(), ["app.js", "old.js"]);
        assert!(steps.iter().all(|step| matches!(step, Step::CopyHeaders { .. })));
        assert!(!same(&last, &next));
    }

    #[test]
    fn sets_of_headers_may_stand_in_another_order() {
        let last = record(1, vec![asset("app.js", "1")]);
        let mut next = record(2, vec![asset("app.js", "1")]);
        next.headers.insert(0, Default::default());
        for entry in next.files.values_mut() {
            entry.headers += 1;
        }
        assert_eq!(delta(Some(&last), &next), []);
        assert!(same(&last, &next));
    }

    #[test]
    fn a_name_with_other_bytes_is_sent_under_the_condition_and_said() {
        let last = record(1, vec![("lib.js", "lib.js", "1", false)]);
        let next = record(2, vec![("lib.js", "lib.js", "2", false)]);
        assert_eq!(delta(Some(&last), &next), [Step::Put { path: "lib.js", key: "lib.js" }]);
        assert_eq!(taken(Some(&last), &next), ["lib.js"]);
        assert!(!same(&last, &next));
    }

    #[test]
    fn versions_copy_what_they_share() {
        let last = record(1, vec![("a.js", "v1/a.js", "1", false), ("b.js", "v1/b.js", "2", false)]);
        let mut next = record(2, vec![("a.js", "v2/a.js", "1", false), ("c.js", "v2/c.js", "2", false)]);
        next.version = "v2".into();
        let steps = delta(Some(&last), &next);
        assert_eq!(
            steps,
            [
                Step::CopyFrom { path: "a.js", from: "v1/a.js", key: "v2/a.js", size: 1 },
                Step::CopyFrom { path: "c.js", from: "v1/b.js", key: "v2/c.js", size: 1 },
            ]
        );
        // Without a version in the key a copy could overwrite what it must not.
        next.version = "other".into();
        assert!(delta(Some(&last), &next).iter().all(|step| matches!(step, Step::Put { .. })));
    }
}
