//! The files of a release by their paths, in little memory: a record has up to a million of them.

use super::Entry;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Entries by path in the tree, in the order of the paths' bytes, each path once.
///
/// A `BTreeMap` that is filled in this order leaves its nodes half empty, which is 150 bytes for each file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(Vec<(String, Entry)>);

impl Files {
    /// How many files there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn find(&self, path: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(path))
    }

    /// The entry of a path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.find(path).ok().and_then(|at| self.0.get(at)).map(|(_, entry)| entry)
    }

    /// The place of a path in the order of paths.
    pub fn place(&self, path: &str) -> Option<usize> {
        self.find(path).ok()
    }

    /// Path and entry at a place.
    pub fn at(&self, place: usize) -> Option<(&str, &Entry)> {
        self.0.get(place).map(|(path, entry)| (path.as_str(), entry))
    }

    /// The entry of a path, to change it.
    pub fn get_mut(&mut self, path: &str) -> Option<&mut Entry> {
        self.find(path).ok().and_then(|at| self.0.get_mut(at)).map(|(_, entry)| entry)
    }

    /// Whether a path is there.
    pub fn contains_key(&self, path: &str) -> bool {
        self.find(path).is_ok()
    }

    /// Paths and entries, in order.
    pub fn iter(&self) -> Iter<'_> {
        self.0.iter().map(pair as Pair)
    }

    /// Paths and entries, in order; entries can be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&String, &mut Entry)> {
        self.0.iter_mut().map(|(path, entry)| (&*path, entry))
    }

    /// Paths, in order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(path, _)| path)
    }

    /// Entries, in the order of their paths.
    pub fn values(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().map(|(_, entry)| entry)
    }

    /// Entries, in the order of their paths, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.0.iter_mut().map(|(_, entry)| entry)
    }
}

type Pair = fn(&(String, Entry)) -> (&String, &Entry);
/// Paths and entries, in order.
pub type Iter<'f> = std::iter::Map<std::slice::Iter<'f, (String, Entry)>, Pair>;

fn pair((path, entry): &(String, Entry)) -> (&String, &Entry) {
    (path, entry)
}

impl<'f> IntoIterator for &'f Files {
    type Item = (&'f String, &'f Entry);
    type IntoIter = Iter<'f>;

    fn into_iter(self) -> Iter<'f> {
        self.iter()
    }
}

impl IntoIterator for Files {
    type Item = (String, Entry);
    type IntoIter = std::vec::IntoIter<(String, Entry)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Of a path that comes twice the later entry counts.
impl From<Vec<(String, Entry)>> for Files {
    fn from(mut files: Vec<(String, Entry)>) -> Self {
        if !files.is_sorted_by(|(a, _), (b, _)| a < b) {
            files.sort_by(|(a, _), (b, _)| a.cmp(b));
            files.dedup_by(|later, first| {
                let twice = later.0 == first.0;
                if twice {
                    std::mem::swap(later, first);
                }
                twice
            });
        }
        files.shrink_to_fit();
        Files(files)
    }
}

impl FromIterator<(String, Entry)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, Entry)>>(files: I) -> Self {
        Files::from(files.into_iter().collect::<Vec<_>>())
    }
}

impl Extend<(String, Entry)> for Files {
    fn extend<I: IntoIterator<Item = (String, Entry)>>(&mut self, files: I) {
        let mut all = std::mem::take(&mut self.0);
        all.extend(files);
        *self = Files::from(all);
    }
}

#[cfg(test)]
impl std::ops::Index<&str> for Files {
    type Output = Entry;

    fn index(&self, path: &str) -> &Entry {
        match self.find(path) {
            Ok(at) => &self.0[at].1,
            Err(_) => panic!("there is no {path}"),
        }
    }
}

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Files;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("files by path")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Files, A::Error> {
                let mut files = Vec::new();
                while let Some(file) = map.next_entry()? {
                    files.push(file);
                }
                Ok(Files::from(files))
            }
        }
        deserializer.deserialize_map(Map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::digest::Digest;
    use std::collections::BTreeMap;

    fn entry(size: u64) -> Entry {
        Entry {
            key: format!("k{size}"),
            sha256: Digest::of(b""),
            size,
            source: None,
            headers: 0,
            page: false,
            names: Vec::new(),
            misses: Vec::new(),
        }
    }

    proptest::proptest! {
        /// It is what a map by path is, whatever the order in which files come and however often, in memory and as JSON.
        #[test]
        fn it_is_a_map(given in proptest::collection::vec(("[a-d/]{1,3}", 0..9_u64), 0..20)) {
            let pairs = || given.iter().map(|(path, size)| (path.clone(), entry(*size)));
            let map: BTreeMap<String, Entry> = pairs().collect();
            let files: Files = pairs().collect();
            proptest::prop_assert!(files.iter().eq(&map) && files.len() == map.len());
            proptest::prop_assert!(files.keys().eq(map.keys()) && files.values().eq(map.values()));
            for path in ["a", "b", "a/b", "zz"] {
                proptest::prop_assert_eq!(files.get(path), map.get(path));
                proptest::prop_assert_eq!(files.contains_key(path), map.contains_key(path));
            }
            let text = serde_json::to_string(&files).unwrap();
            proptest::prop_assert_eq!(&text, &serde_json::to_string(&map).unwrap());
            proptest::prop_assert_eq!(serde_json::from_str::<Files>(&text).unwrap(), files);
            // A JSON object can have its names in any order, and twice.
            let objects = given.iter().map(|(path, size)| {
                format!("{path:?}:{}", serde_json::to_string(&entry(*size)).unwrap())
            });
            let odd = format!("{{{}}}", objects.collect::<Vec<_>>().join(","));
            proptest::prop_assert!(serde_json::from_str::<Files>(&odd).unwrap().iter().eq(&map));
        }
    }
}
