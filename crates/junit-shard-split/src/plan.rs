//! Decides: which unit runs on which shard. PURE.
#![warn(clippy::disallowed_methods)]

pub mod estimate;
pub mod lock;
pub mod partition;
pub mod results;
pub mod runner;
pub mod shard;
pub mod slow_files;
pub mod store;
pub mod timing;
pub mod units;
pub mod verify;

use crate::args::numbers::MILLION;
use crate::args::options::{PlanOptions, ShardCount};
use estimate::{Basis, Weights, weights};
use kit_report::Finding;
use lock::{LOCK_SCHEMA, PlanFile, PlannedShard};
use partition::{Budget, Choice, Partition, Proof, Request, choose_shards, partition};
use std::collections::BTreeMap;

/// Everything that a plan is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Sorted by name.
    pub units: Vec<String>,
    /// The time of each unit, in microseconds, where timings know it.
    pub known_us: Vec<Option<u64>>,
    /// The size of each unit's file, where there is one.
    pub size_bytes: Vec<Option<u64>>,
    /// Whether there were any timings, matched or not.
    pub timings_given: bool,
    /// The tests of slow files, with their times in microseconds, by file; only when slow files are to be split.
    pub tests_of: BTreeMap<String, Vec<(String, u64)>>,
    /// The git tree.
    pub tree: Option<String>,
    /// The plan to start from.
    pub previous: Option<PlanFile>,
}

/// What a plan is made from, and what is to be said about it.
#[derive(Debug, Clone, Default)]
pub struct Observation {
    /// For the planner.
    pub for_plan: Observed,
    /// Where the tests came from.
    pub source: String,
    /// What was odd about lists, reports and store.
    pub findings: Vec<Finding>,
    /// How many reports were read.
    pub reports: usize,
    /// Report entries that matched no test.
    pub unmatched: usize,
}

/// A plan and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The locked plan.
    pub plan: PlanFile,
    /// What the weights rest on.
    pub basis: Basis,
    /// Units with timings, and all units.
    pub known: (usize, usize),
    /// Units that another shard had in the previous plan.
    pub moved: Option<usize>,
    /// Whether the previous plan had to be given up.
    pub replanned: bool,
    /// How the number of shards was chosen, when it was.
    pub choice: Option<Choice>,
    /// Files that were split by their tests.
    pub split_files: Vec<String>,
}

/// Too few units have timings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooFewKnown {
    /// Units with timings.
    pub known: usize,
    /// All units.
    pub total: usize,
    /// The share that was asked for, in parts of a million.
    pub min_known_ppm: u64,
    /// The units without, sorted.
    pub unknown: Vec<String>,
}

/// Plans. `Err` when there are timings, but for too few of the units.
pub fn plan(options: &PlanOptions, observed: &Observed) -> Result<Decision, TooFewKnown> {
    let known = observed.known_us.iter().flatten().count();
    let total = observed.units.len();
    if observed.timings_given && (known as u64) * MILLION < options.min_known_ppm * (total as u64) {
        let unknown = observed.units.iter().zip(&observed.known_us).filter(|(_, known)| known.is_none());
        return Err(TooFewKnown {
            known,
            total,
            min_known_ppm: options.min_known_ppm,
            unknown: unknown.map(|(unit, _)| unit.clone()).collect(),
        });
    }
    let split = slow_files::split(options, observed);
    let (units, known_us, size_bytes) = match &split {
        Some(split) => (&split.units, &split.known_us, &split.size_bytes),
        None => (&observed.units, &observed.known_us, &observed.size_bytes),
    };
    let mut weighed = weights(units, known_us, size_bytes);
    if weighed.basis == Basis::Timings {
        for weight in &mut weighed.weights_us {
            *weight = weight.saturating_add(options.file_overhead_us);
        }
    }
    let choice = match options.shards {
        ShardCount::Fixed(_) => None,
        ShardCount::Target { target_us, max } => {
            Some(choose_shards(&weighed.weights_us, options.setup_us, target_us, max, Budget::default()))
        }
    };
    let shards = match (&options.shards, &choice) {
        (ShardCount::Fixed(shards), _) => *shards,
        (_, Some(choice)) => choice.shards,
        (ShardCount::Target { max, .. }, None) => *max,
    };
    let previous = previous_shards(units, observed.previous.as_ref());
    let outcome = partition(&Request {
        weights_us: &weighed.weights_us,
        shards,
        previous: &previous,
        unknown: &weighed.estimated,
        stay_within_ppm: options.stay_within_ppm,
        budget: Budget::default(),
    });
    let plan = locked(options, observed, units, &weighed, &outcome, shards);
    Ok(Decision {
        plan,
        basis: weighed.basis,
        known: (known, total),
        moved: observed.previous.is_some().then_some(outcome.moved),
        replanned: outcome.replanned,
        choice,
        split_files: split.map(|split| split.split_files).unwrap_or_default(),
    })
}

fn previous_shards(units: &[String], previous: Option<&PlanFile>) -> Vec<Option<usize>> {
    let Some(previous) = previous else { return Vec::new() };
    let shard_of: BTreeMap<&str, usize> = previous
        .shards
        .iter()
        .flat_map(|shard| shard.units.iter().map(move |unit| (unit.as_str(), shard.shard)))
        .collect();
    units.iter().map(|unit| shard_of.get(unit.as_str()).copied()).collect()
}

fn locked(
    options: &PlanOptions,
    observed: &Observed,
    units: &[String],
    weighed: &Weights,
    outcome: &Partition,
    shards: usize,
) -> PlanFile {
    let mut planned: Vec<PlannedShard> =
        (0..shards).map(|shard| PlannedShard { shard, predicted_us: 0, units: Vec::new() }).collect();
    for (unit, shard) in units.iter().zip(&outcome.shard_of) {
        planned[*shard].units.push(unit.clone());
    }
    // Bytes are no time: without timings nothing is predicted.
    let timed = weighed.basis == Basis::Timings;
    let with_setup = |load_us: u64| if timed { load_us.saturating_add(options.setup_us) } else { 0 };
    for (shard, load) in planned.iter_mut().zip(&outcome.loads_us) {
        if !shard.units.is_empty() {
            shard.predicted_us = with_setup(*load);
        }
    }
    let mut estimated: Vec<String> = units
        .iter()
        .zip(&weighed.estimated)
        .filter(|(_, estimated)| timed && **estimated)
        .map(|(unit, _)| unit.clone())
        .collect();
    estimated.sort_unstable();
    let settings = format!(
        "shards={shards} setup_us={} file_overhead_us={} basis={:?} unit={:?}",
        options.setup_us, options.file_overhead_us, weighed.basis, options.unit
    );
    PlanFile {
        schema: LOCK_SCHEMA,
        digest: String::new(),
        inputs: PlanFile::inputs_of(observed.tree.as_deref(), &weighed.weights_us, &settings),
        tree: observed.tree.clone(),
        unit: options.unit,
        shards: planned,
        lower_bound_us: with_setup(outcome.lower_bound_us),
        makespan_us: with_setup(outcome.makespan_us),
        proof: proof(outcome),
        estimated,
    }
    .seal()
}

fn proof(outcome: &Partition) -> String {
    match &outcome.proof {
        Proof::EqualsBound => "equals the lower bound".to_owned(),
        Proof::Optimal => "proven optimal".to_owned(),
        Proof::WithinGap { gap_ppm } => format!("within {gap_ppm} ppm of the lower bound"),
    }
}

#[cfg(test)]
mod tests;
