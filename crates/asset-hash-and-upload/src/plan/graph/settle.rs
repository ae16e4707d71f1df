//! Names, leaves first.

use super::{Driver, Knowledge, Place, Stop, Tree};
use crate::plan::digest::Digest;
use crate::plan::fingerprint;
use crate::plan::references::SriAlgorithm;
use sha2::{Digest as _, Sha256};

/// What a unit's digest begins with. It changes when the same members would get other bytes, so that these get other names.
const UNIT: &[u8] = b"roadcrew unit 1";

impl<T: Tree> Driver<'_, T> {
    /// Names the files of a component; all that they name outside of it is settled.
    pub(super) fn settle(&mut self, members: &[u32]) -> Result<(), Stop<T::Error>> {
        if members.iter().all(|member| self.holds(*member, members)) {
            for member in members {
                let at = *member as usize;
                let file = &self.task.files[at];
                self.names[at] = self.entry(*member).filter(|_| file.asset).map(|entry| entry.key.clone());
                self.reused[at] = true;
                self.same[at] = true;
            }
            return Ok(());
        }
        for member in members {
            self.learn(*member)?;
        }
        match members {
            [one] if !self.edges[*one as usize].contains(one) => self.settle_single(*one)?,
            _ => self.settle_unit(members)?,
        }
        for member in members {
            self.same[*member as usize] = self.is_as_before(*member);
            // Its final bytes are known, so nobody asks what it names any more.
            self.knowledge[*member as usize] = Knowledge::Nothing;
        }
        Ok(())
    }

    /// Whether the last release's entry still holds.
    fn holds(&self, at: u32, members: &[u32]) -> bool {
        let known = self.knowledge[at as usize] == Knowledge::Trusted || !self.task.files[at as usize].parse;
        let same = |to: &u32| members.binary_search(to).is_ok() || self.same[*to as usize];
        known && self.entry(at).is_some() && self.edges[at as usize].iter().all(same)
    }

    fn is_as_before(&self, at: u32) -> bool {
        let file = &self.task.files[at as usize];
        let Some(entry) = self.entries[at as usize] else {
            return false;
        };
        match (&self.names[at as usize], &self.finals[at as usize]) {
            (Some(name), _) => !entry.page && entry.key == *name,
            (None, Some(found)) => entry.page && file.content_encoding.is_empty() && entry.sha256 == found.sha256,
            (None, None) => false,
        }
    }

    /// Sees to it that what a file names is known from the file itself.
    pub(super) fn learn(&mut self, at: u32) -> Result<(), Stop<T::Error>> {
        if self.knowledge[at as usize] != Knowledge::Trusted {
            return Ok(());
        }
        let edges = self.parse(at)?;
        if edges != self.edges[at as usize] { Err(Stop::Record) } else { Ok(()) }
    }

    fn settle_single(&mut self, at: u32) -> Result<(), Stop<T::Error>> {
        for target in self.integrity_targets(at) {
            self.materialise(target)?;
        }
        let hash = self.finish(at)?;
        let file = &self.task.files[at as usize];
        if file.asset {
            let hash = match hash {
                Some(hash) => hash,
                None => self.tree.name_hash(file).map_err(|why| Stop::Broken(super::Broken::Read(why)))?,
            };
            self.names[at as usize] = Some(self.task.form.apply(file.path, &hash));
        }
        Ok(())
    }

    fn settle_unit(&mut self, members: &[u32]) -> Result<(), Stop<T::Error>> {
        for member in members {
            for target in self.integrity_targets(*member) {
                if members.binary_search(&target).is_err() {
                    self.materialise(target)?;
                }
            }
        }
        let unit = self.unit_digest(members)?;
        for member in members {
            let file = &self.task.files[*member as usize];
            if file.asset {
                let mut hash = Sha256::new();
                for part in [file.path, file.content_type, file.content_encoding] {
                    add(&mut hash, part.as_bytes());
                }
                hash.update(unit);
                let hash = fingerprint::short(&Digest(hash.finalize().into()));
                self.names[*member as usize] = Some(self.task.form.apply(file.path, &hash));
            }
        }
        for member in members {
            self.materialise(*member)?;
            if self.problem_count > 0 {
                break;
            }
        }
        Ok(())
    }

    /// Over the members in the order of their paths: their bytes and, of each place that is written anew, what is written
    /// there, or within the unit the path that it stands for. All final bytes of the members follow from that.
    fn unit_digest(&mut self, members: &[u32]) -> Result<[u8; 32], Stop<T::Error>> {
        let mut hash = Sha256::new();
        hash.update(UNIT);
        for member in members {
            let file = &self.task.files[*member as usize];
            for part in [file.path, file.content_type, file.content_encoding] {
                add(&mut hash, part.as_bytes());
            }
            hash.update(file.source.0);
            let places = self.take_places(*member);
            for place in &places {
                add(&mut hash, &(place.start as u64).to_le_bytes());
                add(&mut hash, &(place.end as u64).to_le_bytes());
                let inside = members.binary_search(&place.target).is_ok();
                let path = self.task.files[place.target as usize].path;
                let shown = if inside { path } else { self.names[place.target as usize].as_deref().unwrap_or(path) };
                add(&mut hash, &[u8::from(inside)]);
                add(&mut hash, shown.as_bytes());
                self.add_integrity(&mut hash, place, inside)?;
            }
            self.knowledge[*member as usize] = Knowledge::Parsed(places);
        }
        Ok(hash.finalize().into())
    }

    fn add_integrity(&mut self, hash: &mut Sha256, place: &Place, inside: bool) -> Result<(), Stop<T::Error>> {
        let Some(integrity) = &place.integrity else {
            return Ok(());
        };
        add(hash, &(integrity.span.start as u64).to_le_bytes());
        add(hash, &(integrity.span.end as u64).to_le_bytes());
        for algorithm in &integrity.algorithms {
            let number = match algorithm {
                SriAlgorithm::Sha256 => 0,
                SriAlgorithm::Sha384 => 1,
                SriAlgorithm::Sha512 => 2,
            };
            add(hash, &[number]);
            if !inside {
                add(hash, self.integrity(place.target, *algorithm)?.as_bytes());
            }
        }
        Ok(())
    }

    pub(super) fn places(&self, at: u32) -> &[Place] {
        match &self.knowledge[at as usize] {
            Knowledge::Parsed(places) => places,
            Knowledge::Nothing | Knowledge::Trusted => &[],
        }
    }

    /// The places of a file, to work through while other things change; they are to be put back.
    pub(super) fn take_places(&mut self, at: u32) -> Box<[Place]> {
        match std::mem::replace(&mut self.knowledge[at as usize], Knowledge::Nothing) {
            Knowledge::Parsed(places) => places,
            Knowledge::Nothing | Knowledge::Trusted => Box::default(),
        }
    }
}

/// Length first, so that no two lists of parts give the same bytes.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}
