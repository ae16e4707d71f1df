//! Jobs that ran again: which of a shard's receipts counts, and which reports are those of an attempt that it replaced; see
//! [`super`] for the rules.

use super::workers::ancestors;
use super::{ReceiptFile, ReportEvidence};
use crate::plan::lock::PlanFile;
use std::collections::{BTreeMap, BTreeSet};

/// What several receipts of one shard are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Attempts<'e> {
    /// None at all.
    None,
    /// Attempts of one job: the latest counts, and replaces the others, oldest first.
    Latest(&'e ReceiptFile, Vec<&'e ReceiptFile>),
    /// At least two that nothing puts in order: of the same attempt, of different jobs, or of an unknown attempt.
    Unordered(Vec<&'e ReceiptFile>),
}

impl<'e> Attempts<'e> {
    /// Of one shard's receipts, sorted by path. A copy of a receipt says nothing new.
    pub(super) fn of(files: &[&'e ReceiptFile]) -> Self {
        let mut distinct: Vec<&ReceiptFile> = Vec::new();
        for file in files {
            if !distinct.iter().any(|other| other.receipt == file.receipt) {
                distinct.push(file);
            }
        }
        // One after the other, in the order of their numbers; the lists are short.
        let number = |file: &ReceiptFile| file.receipt.attempt.as_ref().map(|attempt| attempt.number);
        distinct.sort_unstable_by_key(|file| number(file));
        let follows = |pair: &[&ReceiptFile]| match (&pair[0].receipt.attempt, &pair[1].receipt.attempt) {
            (Some(one), Some(next)) => one.job == next.job && one.number < next.number,
            _ => false,
        };
        if !distinct.windows(2).all(follows) {
            distinct.sort_unstable_by_key(|file| &file.path);
            return Self::Unordered(distinct);
        }
        match distinct.pop() {
            Some(latest) => Self::Latest(latest, distinct),
            None => Self::None,
        }
    }
}

/// The reports among `paths` that lie with the receipts of a replaced attempt only, each with its shard. Paths have `/`
/// between folders.
pub fn outdated(receipts: &[ReceiptFile], paths: &[String]) -> Vec<(String, usize)> {
    let of = |file: &ReceiptFile| (file.receipt.shard, file.receipt.shards);
    let mut sorted: Vec<&ReceiptFile> = receipts.iter().collect();
    sorted.sort_unstable_by(|a, b| (of(a), &a.receipt.digest, &a.path).cmp(&(of(b), &b.receipt.digest, &b.path)));
    let mut replaced: BTreeSet<&str> = BTreeSet::new();
    for files in sorted.chunk_by(|a, b| of(a) == of(b) && a.receipt.digest == b.receipt.digest) {
        if let Attempts::Latest(_, old) = Attempts::of(files) {
            for file in files {
                // Copies of a replaced receipt are replaced as well.
                if old.iter().any(|other| other.receipt == file.receipt) {
                    replaced.insert(&file.path);
                }
            }
        }
    }
    let mut outdated = Vec::new();
    if replaced.is_empty() {
        return outdated;
    }
    // For each folder the shard whose replaced attempts lie in it and below it, or `None` where others do, too.
    let mut below: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for file in receipts {
        let shard = Some(file.receipt.shard).filter(|_| replaced.contains(file.path.as_str()));
        for folder in ancestors(&file.path) {
            let of_folder = below.entry(folder).or_insert(shard);
            if *of_folder != shard {
                *of_folder = None;
            }
        }
    }
    for path in paths {
        if let Some(Some(shard)) = ancestors(path).find_map(|folder| below.get(folder)) {
            outdated.push((path.clone(), *shard));
        }
    }
    outdated
}

/// Whether a report has no unit of another shard, so that nothing but `shard` can be judged by it.
pub fn is_of_shard(plan: &PlanFile, shard: usize, report: &ReportEvidence) -> bool {
    let seen: BTreeSet<&str> = report.units.iter().map(|seen| seen.unit.as_str()).collect();
    let others = plan.shards.iter().filter(|other| other.shard != shard);
    !others.flat_map(|other| &other.units).any(|unit| seen.contains(unit.as_str()))
}
