//! Which files name which: from the last record where it still holds, else from the file itself.

use super::{Driver, Knowledge, Place, Problem, Stop, Tree};
use crate::plan::fingerprint::split_folder;
use crate::plan::record::Entry;
use crate::plan::references::{Demand, Found, Reference, line_of};
use crate::plan::resolve::{Target, resolve};
use std::collections::BTreeSet;

impl<T: Tree> Driver<'_, T> {
    /// Fills in what is known of each file.
    pub(super) fn scan(&mut self) -> Result<(), Stop<T::Error>> {
        for at in (0_u32..).take(self.task.files.len()) {
            if !self.task.files[at as usize].parse {
                continue;
            }
            match self.trusted_edges(at) {
                Some(edges) => {
                    self.edges[at as usize] = edges;
                    self.knowledge[at as usize] = Knowledge::Trusted;
                }
                None => self.edges[at as usize] = self.parse(at)?,
            }
        }
        Ok(())
    }

    /// The entry of the last release, if the file has the same bytes, type, coding and kind of name.
    pub(super) fn entry(&self, at: u32) -> Option<&Entry> {
        let file = &self.task.files[at as usize];
        let entry = self.entries[at as usize]?;
        let headers = self.task.last?.headers.get(usize::try_from(entry.headers).ok()?)?;
        let same = entry.source() == file.source
            && headers.content_type == file.content_type
            && headers.content_encoding == file.content_encoding
            && entry.page != file.asset
            && (!file.asset || split_folder(&entry.key).0 == split_folder(file.path).0)
            && (file.parse || entry.names.is_empty());
        same.then_some(entry)
    }

    fn trusted_edges(&self, at: u32) -> Option<Box<[u32]>> {
        let entry = self.entry(at)?;
        if entry.misses.iter().any(|miss| self.find(miss).is_some()) {
            return None;
        }
        let edges: Option<BTreeSet<u32>> = entry.names.iter().map(|name| self.find(name)).collect();
        edges.map(|edges| edges.into_iter().collect())
    }

    /// Reads a file and takes in what it names. The answer: its edges.
    pub(super) fn parse(&mut self, at: u32) -> Result<Box<[u32]>, Stop<T::Error>> {
        let bytes = self.bytes(at)?;
        let path = self.task.files[at as usize].path;
        self.parsed += 1;
        let found = match self.tree.parse(path, &bytes) {
            Ok(found) => found,
            Err(why) => {
                self.note(Problem::Unreadable { path: path.to_owned(), line: why.line, what: why.what });
                return Ok(Box::default());
            }
        };
        let Found { references, base } = found;
        let mut places = Vec::new();
        let mut misses = BTreeSet::new();
        for reference in references {
            let has = |path: &str| self.index.contains_key(path);
            match resolve(self.task.site, path, base.as_deref(), &reference.url, reference.demand, &has) {
                Target::External => {}
                Target::File { path, .. } => {
                    places.extend(self.find(&path).and_then(|target| self.place(reference, target)))
                }
                Target::Missing { path: names, climbed } => {
                    if reference.demand == Demand::Required && !climbed {
                        let line = line_of(&bytes, reference.span.start);
                        self.note(Problem::Missing { path: path.to_owned(), line, url: reference.url, names });
                    } else {
                        misses.insert(names);
                    }
                }
            }
        }
        let edges: BTreeSet<u32> = places.iter().map(|place| place.target).collect();
        self.misses[at as usize] = misses.into_iter().collect();
        self.knowledge[at as usize] = Knowledge::Parsed(places.into());
        Ok(edges.into_iter().collect())
    }

    /// A reference to a page stays as it is, unless the page's bytes stand beside it as an integrity value.
    fn place(&self, reference: Reference, target: u32) -> Option<Place> {
        let integrity = reference.integrity.filter(|integrity| !integrity.algorithms.is_empty());
        let asset = self.task.files[target as usize].asset;
        (asset || integrity.is_some()).then(|| Place {
            start: reference.span.start,
            end: reference.span.end,
            url: reference.url.into(),
            writing: reference.writing,
            target,
            integrity: integrity.map(Box::new),
        })
    }
}
