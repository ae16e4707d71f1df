//! What the reports say of the planned units.

use super::workers::{Worker, workers};
use super::{Evidence, Judgement, ReportEvidence, ShardState, Weight};
use crate::plan::lock::PlanFile;
use std::collections::{BTreeMap, BTreeSet};

/// 20 names in one message; the counts are always whole.
const MAX_NAMES: usize = 20;

/// What became of the units.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// In no report, sorted.
    pub(super) missing: Vec<String>,
    /// In the reports of two workers, or planned twice; sorted.
    pub(super) doubled: Vec<String>,
}

/// Judges the reports and fills in what they tell of the shards.
pub(super) fn judge(
    plan: &PlanFile,
    evidence: &Evidence,
    shards: &mut [ShardState],
    judgement: &mut Judgement,
) -> Seen {
    let mut seen = Seen::default();
    let shard_of = planned(plan, &mut seen, judgement);
    let places = places(&evidence.reports);
    for (shard, (planned, state)) in plan.shards.iter().zip(shards.iter_mut()).enumerate() {
        let missing: Vec<&String> = planned.units.iter().filter(|unit| !places.contains_key(unit.as_str())).collect();
        state.seen = planned.units.len() - missing.len();
        if missing.is_empty() {
            continue;
        }
        seen.missing.extend(missing.iter().map(|unit| (*unit).clone()));
        if state.seen == 0 {
            let names = names(missing.iter().map(|unit| unit.as_str()));
            let message = format!(
                "no report has any of the {} units of shard {shard} ({names}); its report is missing, or another shard's of the same path replaced it",
                missing.len()
            );
            judgement.add(Weight::Unproven, "report-missing", message);
        } else {
            judge_missing(shard, &missing, evidence, judgement);
        }
    }
    seen.missing.sort_unstable();
    judge_several(&workers(plan, evidence), &places, &shard_of, &mut seen, judgement);
    let stray: Vec<&str> = places.keys().filter(|unit| !shard_of.contains_key(*unit)).copied().collect();
    if !stray.is_empty() {
        let message = format!(
            "{} units stand in reports, but not in the plan ({}); they ran although nobody asked for them",
            stray.len(),
            names(stray.iter().copied())
        );
        judgement.add(Weight::Remark, "unit-not-planned", message);
    }
    seen
}

/// The shard of each planned unit.
fn planned<'p>(plan: &'p PlanFile, seen: &mut Seen, judgement: &mut Judgement) -> BTreeMap<&'p str, usize> {
    let mut shard_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (shard, planned) in plan.shards.iter().enumerate() {
        for unit in &planned.units {
            if let Some(other) = shard_of.insert(unit, shard) {
                let message = format!("the plan gives `{unit}` to shard {other} and to shard {shard}");
                judgement.add_unit(Weight::Fail, "unit-doubled", unit, message);
                seen.doubled.push(unit.clone());
            }
        }
    }
    shard_of
}

/// The reports of each unit that has cases, by their position.
fn places(reports: &[ReportEvidence]) -> BTreeMap<&str, Vec<usize>> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, report) in reports.iter().enumerate() {
        for seen in report.units.iter().filter(|seen| seen.cases > 0) {
            let of_unit = places.entry(&seen.unit).or_default();
            if of_unit.last() != Some(&at) {
                of_unit.push(at);
            }
        }
    }
    places
}

fn judge_missing(shard: usize, missing: &[&String], evidence: &Evidence, judgement: &mut Judgement) {
    let unattributed: u64 = evidence.reports.iter().map(|report| report.unattributed).sum();
    for unit in missing {
        if unattributed == 0 {
            let message = format!(
                "`{unit}` was planned for shard {shard}, but no report has a test of it; did the runner skip the file, or does it hold no tests?"
            );
            judgement.add_unit(Weight::Fail, "unit-lost", unit, message);
        } else {
            let message = format!(
                "`{unit}` was planned for shard {shard}, but no test could be attributed to it; {unattributed} report entries belong to no planned unit that is known, so it may be among them: run `explain` on the reports to see why"
            );
            judgement.add_unit(Weight::Unproven, "unit-unproven", unit, message);
        }
    }
}

/// Units in several reports: doubled when these are of two workers.
fn judge_several(
    workers: &[Worker<'_>],
    places: &BTreeMap<&str, Vec<usize>>,
    shard_of: &BTreeMap<&str, usize>,
    seen: &mut Seen,
    judgement: &mut Judgement,
) {
    let mut shards_of_worker: BTreeMap<Worker<'_>, BTreeSet<usize>> = BTreeMap::new();
    for (unit, at) in places {
        if let Some(shard) = shard_of.get(unit) {
            for at in at {
                shards_of_worker.entry(workers[*at]).or_default().insert(*shard);
            }
        }
    }
    let mut repeated = Vec::new();
    for (unit, at) in places {
        let of_unit: BTreeSet<Worker<'_>> = at.iter().map(|at| workers[*at]).collect();
        if of_unit.len() < 2 || !shard_of.contains_key(unit) {
            continue;
        }
        let known = of_unit.iter().filter(|worker| matches!(worker, Worker::Shard(_))).count();
        let is_mixed = of_unit.iter().any(|worker| shards_of_worker.get(worker).is_some_and(|shards| shards.len() > 1));
        if known > 1 || is_mixed {
            let shown: Vec<String> = of_unit.iter().take(MAX_NAMES).map(Worker::to_string).collect();
            let message = format!(
                "`{unit}` ran more than once, by the reports of {}; does the runner get its shard's list of files? (A merged report among the others looks like this too.)",
                shown.join(" and ")
            );
            judgement.add_unit(Weight::Fail, "unit-doubled", unit, message);
            seen.doubled.push((*unit).to_owned());
        } else {
            repeated.push(*unit);
        }
    }
    if !repeated.is_empty() {
        let message = format!(
            "{} units stand in several reports ({}); if these are not retries, keep each shard's reports in a folder of its own, so that it can be told who ran what",
            repeated.len(),
            names(repeated.iter().copied())
        );
        judgement.add(Weight::Remark, "unit-in-several-reports", message);
    }
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<&str> = names.collect();
    let shown: Vec<String> = all.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    let more = all.len().saturating_sub(MAX_NAMES);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
