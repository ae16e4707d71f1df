//! Final bytes: names and integrity values in their places.

use super::splice::{Replacement, arrange, pieces};
use super::{Driver, Final, Knowledge, Place, Problem, Stop, Tree};
use crate::plan::fingerprint::{FileHash, split_folder};
use crate::plan::references::{SriAlgorithm, line_of};
use crate::plan::resolve::renamed;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::collections::BTreeSet;

impl<T: Tree> Driver<'_, T> {
    pub(super) fn integrity_targets(&self, at: u32) -> BTreeSet<u32> {
        self.places(at).iter().filter(|place| place.integrity.is_some()).map(|place| place.target).collect()
    }

    /// Works out the final bytes of a file whose name is settled, and before them those that it holds integrity values of.
    pub(super) fn materialise(&mut self, start: u32) -> Result<(), Stop<T::Error>> {
        let mut path = vec![start];
        let mut on_path = BTreeSet::from([start]);
        while let Some(&at) = path.last() {
            if self.finals[at as usize].is_none() {
                self.learn(at)?;
                let needed = self.integrity_targets(at);
                if let Some(target) = needed.into_iter().find(|target| self.finals[*target as usize].is_none()) {
                    if !on_path.insert(target) {
                        let name = |at: u32| self.task.files[at as usize].path.to_owned();
                        self.note(Problem::IntegrityCycle { path: name(at), other: name(target) });
                        return Ok(());
                    }
                    path.push(target);
                    continue;
                }
                self.finish(at)?;
            }
            path.pop();
            on_path.remove(&at);
        }
        Ok(())
    }

    /// Puts names and integrity values in their places. The answer: the hash for the name of the new bytes, or `None` when
    /// nothing changed.
    pub(super) fn finish(&mut self, at: u32) -> Result<Option<String>, Stop<T::Error>> {
        let file = &self.task.files[at as usize];
        let mut replacements = self.replacements(at)?;
        if self.problem_count > 0 || replacements.is_empty() {
            self.finals[at as usize] = Some(Final { sha256: file.source, size: file.size, replacements: Vec::new() });
            return Ok(None);
        }
        let bytes = self.bytes(at)?;
        if !arrange(&mut replacements, bytes.len()) {
            self.note(Problem::Overlapping { path: file.path.to_owned() });
        }
        // What is right already, such as the integrity of a page that didn't change, is no replacement.
        replacements.retain(|one| bytes.get(one.span()) != Some(one.text.as_bytes()));
        let mut hash = FileHash::default();
        let mut size = 0;
        for piece in pieces(&bytes, &replacements) {
            hash.update(piece);
            size += piece.len() as u64;
        }
        let (sha256, hash) = hash.finish(file.content_type, file.content_encoding);
        self.finals[at as usize] = Some(Final { sha256, size, replacements });
        Ok(Some(hash))
    }

    fn replacements(&mut self, at: u32) -> Result<Vec<Replacement>, Stop<T::Error>> {
        let mut replacements = Vec::new();
        let places = self.take_places(at);
        for place in &places {
            if let Some(name) = &self.names[place.target as usize] {
                let url = renamed(&place.url, split_folder(name).1);
                match self.tree.write(&url, place.writing) {
                    Some(text) => replacements.push(Replacement { start: place.start, end: place.end, text }),
                    None => {
                        let path = self.task.files[at as usize].path.to_owned();
                        let line = line_of(&self.bytes(at)?, place.start);
                        self.note(Problem::Unwritable { path, line, url });
                    }
                }
            }
            replacements.extend(self.integrity_value(place)?);
        }
        self.knowledge[at as usize] = Knowledge::Parsed(places);
        Ok(replacements)
    }

    fn integrity_value(&mut self, place: &Place) -> Result<Option<Replacement>, Stop<T::Error>> {
        let Some(integrity) = &place.integrity else {
            return Ok(None);
        };
        let mut values = Vec::new();
        for algorithm in &integrity.algorithms {
            values.push(self.integrity(place.target, *algorithm)?);
        }
        let span = &integrity.span;
        Ok(Some(Replacement { start: span.start, end: span.end, text: values.join(" ") }))
    }

    /// The integrity value of a file's final bytes.
    pub(super) fn integrity(&mut self, at: u32, algorithm: SriAlgorithm) -> Result<String, Stop<T::Error>> {
        if let Some(known) = self.integrities.get(&(at, algorithm as u8)) {
            return Ok(known.clone());
        }
        let Some(found) = self.finals[at as usize].clone() else {
            // Its turn ended with a problem, which is told.
            return Ok(String::new());
        };
        let bytes = self.bytes(at)?;
        let value = integrity_value(pieces(&bytes, &found.replacements), algorithm);
        self.integrities.insert((at, algorithm as u8), value.clone());
        Ok(value)
    }
}

/// The integrity value of a file that is made of `pieces` (W3C Subresource Integrity, 3.5): the algorithm and base64 of the digest.
pub fn integrity_value<'b>(pieces: impl Iterator<Item = &'b [u8]>, algorithm: SriAlgorithm) -> String {
    match algorithm {
        SriAlgorithm::Sha256 => {
            format!("sha256-{}", STANDARD.encode(pieces.fold(Sha256::new(), Sha256::chain_update).finalize()))
        }
        SriAlgorithm::Sha384 => {
            format!("sha384-{}", STANDARD.encode(pieces.fold(Sha384::new(), Sha384::chain_update).finalize()))
        }
        SriAlgorithm::Sha512 => {
            format!("sha512-{}", STANDARD.encode(pieces.fold(Sha512::new(), Sha512::chain_update).finalize()))
        }
    }
}
