//! Splits a file that takes longer than a fair shard by its tests.
#![warn(clippy::disallowed_methods)]

use super::Observed;
use crate::args::options::{PlanOptions, ShardCount};
use crate::plan::lock::UnitKind;

/// The units after the split, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Files, and the tests of those that were split.
    pub units: Vec<String>,
    /// In microseconds.
    pub known_us: Vec<Option<u64>>,
    /// In bytes.
    pub size_bytes: Vec<Option<u64>>,
    /// The files that were split, sorted.
    pub split_files: Vec<String>,
}

/// `None` when nothing is to be split. A file is split when it takes longer than the mean load of a shard and at least
/// two of its tests are known; what the file costs beyond its tests is spread over them, since every worker that runs one
/// of them loads the file.
pub fn split(options: &PlanOptions, observed: &Observed) -> Option<Split> {
    if !options.split_slow_files || options.unit != UnitKind::File {
        return None;
    }
    let total_us: u128 = observed.known_us.iter().flatten().map(|us| u128::from(*us)).sum();
    let fair_us = match options.shards {
        ShardCount::Fixed(shards) => total_us / shards.max(1) as u128,
        ShardCount::Target { target_us, .. } => u128::from(target_us.saturating_sub(options.setup_us)),
    };
    let mut entries: Vec<(String, Option<u64>, Option<u64>)> = Vec::new();
    let mut split_files = Vec::new();
    for (index, unit) in observed.units.iter().enumerate() {
        let known = observed.known_us.get(index).copied().flatten();
        let size = observed.size_bytes.get(index).copied().flatten();
        match (known, observed.tests_of.get(unit)) {
            (Some(known), Some(tests)) if u128::from(known) > fair_us && tests.len() > 1 => {
                let of_tests: u64 = tests.iter().map(|(_, us)| *us).sum();
                let extra_us = known.saturating_sub(of_tests) / tests.len() as u64;
                entries.extend(tests.iter().map(|(name, us)| (name.clone(), Some(us.saturating_add(extra_us)), None)));
                split_files.push(unit.clone());
            }
            _ => entries.push((unit.clone(), known, size)),
        }
    }
    if split_files.is_empty() {
        return None;
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    entries.dedup_by(|a, b| a.0 == b.0);
    Some(Split {
        units: entries.iter().map(|entry| entry.0.clone()).collect(),
        known_us: entries.iter().map(|entry| entry.1).collect(),
        size_bytes: entries.iter().map(|entry| entry.2).collect(),
        split_files,
    })
}
