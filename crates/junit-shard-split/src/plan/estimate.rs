//! What a unit without timings may take.
#![warn(clippy::disallowed_methods)]

use serde::Serialize;
use std::collections::BTreeMap;

/// A folder's median speaks for its files once it has so many known ones.
const FOLDER_QUORUM: usize = 3;

/// What the weights rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Timings, with estimates for units that have none.
    Timings,
    /// File sizes, in bytes: there is no timing at all.
    Size,
    /// Every unit alike: there is neither timing nor size.
    Count,
}

/// A weight for every unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// Microseconds, or bytes with [`Basis::Size`].
    pub weights_us: Vec<u64>,
    /// Whether a unit's weight is an estimate.
    pub estimated: Vec<bool>,
    /// What they rest on.
    pub basis: Basis,
}

/// Gives every unit a weight. A unit without timing takes the median of the nearest folder above it that has
/// enough known units, else the median of all: robust against the few giants that every suite has.
pub fn weights(units: &[String], known_us: &[Option<u64>], size_bytes: &[Option<u64>]) -> Weights {
    if known_us.iter().all(Option::is_none) {
        let sized = !size_bytes.is_empty() && size_bytes.iter().all(Option::is_some);
        let weights_us = match sized {
            true => size_bytes.iter().map(|size| size.unwrap_or_default().max(1)).collect(),
            false => vec![1; units.len()],
        };
        let basis = if sized { Basis::Size } else { Basis::Count };
        return Weights { weights_us, estimated: vec![true; units.len()], basis };
    }
    let estimated: Vec<bool> = known_us.iter().map(Option::is_none).collect();
    let weights_us = if estimated.contains(&true) {
        let medians = Medians::new(units, known_us);
        units.iter().zip(known_us).map(|(unit, known)| known.unwrap_or_else(|| medians.of(unit))).collect()
    } else {
        known_us.iter().flatten().copied().collect()
    };
    Weights { weights_us, estimated, basis: Basis::Timings }
}

struct Medians<'u> {
    by_folder: BTreeMap<&'u str, u64>,
    all: u64,
}

impl<'u> Medians<'u> {
    fn new(units: &'u [String], known_us: &[Option<u64>]) -> Self {
        let mut samples: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for (unit, known) in units.iter().zip(known_us) {
            let Some(known) = known else { continue };
            for folder in folders(unit) {
                samples.entry(folder).or_default().push(*known);
            }
        }
        let all = samples.get_mut("").map_or(0, |samples| median(samples));
        let by_folder = samples
            .into_iter()
            .filter(|(_, samples)| samples.len() >= FOLDER_QUORUM)
            .map(|(folder, mut samples)| (folder, median(&mut samples)))
            .collect();
        Medians { by_folder, all }
    }

    fn of(&self, unit: &str) -> u64 {
        folders(unit).find_map(|folder| self.by_folder.get(folder)).copied().unwrap_or(self.all)
    }
}

/// The folders above a unit, the nearest first, `""` last. A unit inside a file has the file as its nearest folder.
fn folders(unit: &str) -> impl Iterator<Item = &str> {
    let file = unit.find("::").map(|end| &unit[..end]);
    let path = file.unwrap_or(unit);
    let above = path.char_indices().rev().filter(|(_, c)| *c == '/').map(move |(end, _)| &path[..end]);
    file.into_iter().chain(above).chain(std::iter::once(""))
}

/// The lower median, so that it is one of the samples and no rounding is needed.
fn median(samples: &mut [u64]) -> u64 {
    if samples.is_empty() {
        return 0;
    }
    let middle = (samples.len() - 1) / 2;
    *samples.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_nearest_folder_with_a_quorum_speaks() {
        let names = units(&["a/b/1", "a/b/2", "a/b/3", "a/b/new", "a/c/new", "z/1", "z/2", "z/new", "w/3"]);
        let known = [Some(10), Some(20), Some(900), None, None, Some(1000), Some(2000), None, Some(5)];
        let weights = weights(&names, &known, &[]);
        // a/b has three; a has the same three; z has only two, so the median of all six, the lower one, is taken.
        assert_eq!(weights.weights_us, [10, 20, 900, 20, 20, 1000, 2000, 20, 5]);
        assert_eq!(weights.estimated.iter().filter(|estimated| **estimated).count(), 3);
        assert_eq!(weights.basis, Basis::Timings);
    }

    #[test]
    fn without_timings_size_decides_and_without_sizes_the_count() {
        let names = units(&["a", "b"]);
        let sized = weights(&names, &[None, None], &[Some(0), Some(7)]);
        assert_eq!((sized.weights_us, sized.basis), (vec![1, 7], Basis::Size));
        let counted = weights(&names, &[None, None], &[None, Some(7)]);
        assert_eq!((counted.weights_us, counted.basis), (vec![1, 1], Basis::Count));
    }
}
