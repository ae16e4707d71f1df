//! What the receipts say.

use super::attempts::Attempts;
use super::{Evidence, Judgement, ReceiptFile, ShardState, Weight};
use crate::plan::lock::PlanFile;
use std::collections::BTreeMap;

/// Judges the receipts and fills in what they tell of the shards. Returns the units that the receipts give to two shards.
pub(super) fn judge(
    plan: &PlanFile,
    evidence: &Evidence,
    shards: &mut [ShardState],
    judgement: &mut Judgement,
) -> Vec<String> {
    let mut receipts: Vec<&ReceiptFile> = evidence.receipts.iter().collect();
    receipts.sort_by(|a, b| (a.receipt.shard, &a.path).cmp(&(b.receipt.shard, &b.path)));
    let mut of_shard: Vec<Vec<&ReceiptFile>> = vec![Vec::new(); shards.len()];
    for file in &receipts {
        if belongs(plan, file, judgement)
            && let Some(of_shard) = of_shard.get_mut(file.receipt.shard)
        {
            of_shard.push(file);
        }
    }
    let mut doubled = doubled(&receipts, judgement);
    for (shard, (files, state)) in of_shard.iter().zip(shards.iter_mut()).enumerate() {
        state.receipts = files.len();
        let counting = match Attempts::of(files) {
            Attempts::None => None,
            Attempts::Latest(latest, replaced) => {
                ran_again(shard, latest, &replaced, evidence, judgement);
                Some(latest)
            }
            Attempts::Unordered(files) => {
                let units = files.iter().flat_map(|file| &file.receipt.units);
                doubled.extend(units.cloned());
                ran_twice(shard, &files, judgement);
                // All of them ran, so the worst end is the one to show.
                files.into_iter().max_by_key(|file| end_of(file))
            }
        };
        judge_shard(shard, counting, state, evidence.reports_only, judgement);
    }
    doubled
}

/// Whether a receipt is one of this plan; says why not.
fn belongs(plan: &PlanFile, file: &ReceiptFile, judgement: &mut Judgement) -> bool {
    let receipt = &file.receipt;
    let path = file.path.clone();
    if receipt.digest != plan.digest {
        let message = format!(
            "shard {} used the plan {}, but this one is {}; all shards and `verify` need the same plan file",
            receipt.shard,
            short(&receipt.digest),
            short(&plan.digest)
        );
        let finding = judgement.add(Weight::Fail, "digest-differs", message);
        *finding = finding.clone().at(path, None);
        return false;
    }
    let Some(planned) = plan.shards.get(receipt.shard).filter(|_| receipt.shards == plan.shards.len()) else {
        let message = format!(
            "the receipt is of shard {} of {}, but the plan has {} shards, numbered from 0",
            receipt.shard,
            receipt.shards,
            plan.shards.len()
        );
        let finding = judgement.add(Weight::Fail, "receipt-out-of-range", message);
        *finding = finding.clone().at(path, None);
        return false;
    };
    let (mut given, mut expected) = (receipt.units.clone(), planned.units.clone());
    given.sort_unstable();
    expected.sort_unstable();
    if given != expected {
        let lacks = expected.iter().find(|unit| given.binary_search(unit).is_err());
        let extra = given.iter().find(|unit| expected.binary_search(unit).is_err());
        let example = match (lacks, extra) {
            (Some(unit), _) => format!("it lacks `{unit}`"),
            (None, Some(unit)) => format!("it has `{unit}`"),
            (None, None) => "it has a unit twice".to_owned(),
        };
        let message = format!(
            "the receipt of shard {} has {} units, the plan gives it {}: {example}",
            receipt.shard,
            given.len(),
            expected.len()
        );
        let finding = judgement.add(Weight::Fail, "receipt-differs", message);
        *finding = finding.clone().at(path, None);
    }
    true
}

fn short(digest: &str) -> &str {
    crate::plan::results::cut(digest, "sha256:0123456789ab".len())
}

/// How a receipt says that the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Success,
    Unknown,
    Failed(i32),
    Killed(i32),
}

fn end_of(file: &ReceiptFile) -> End {
    let receipt = &file.receipt;
    match (receipt.exit_code, receipt.signal) {
        (_, Some(signal)) => End::Killed(signal),
        (Some(code), None) if code != 0 => End::Failed(code),
        // A shard without units never starts a command, so there is nothing to prove.
        _ if receipt.units.is_empty() => End::Success,
        // Without `ran`, the code would be somebody's word and not the command's.
        (Some(_), None) if receipt.ran => End::Success,
        _ => End::Unknown,
    }
}

/// How an attempt ended, and where its receipt is.
fn told(file: &ReceiptFile) -> String {
    let end = match end_of(file) {
        End::Success => "success".to_owned(),
        End::Unknown => "no exit code".to_owned(),
        End::Failed(code) => format!("exit code {code}"),
        End::Killed(signal) => format!("signal {signal}"),
    };
    match &file.receipt.attempt {
        Some(attempt) => format!("{end} in attempt {} of `{}` ({})", attempt.number, attempt.job, file.path),
        None => format!("{end} in an unknown attempt ({})", file.path),
    }
}

fn all_told(files: &[&ReceiptFile]) -> String {
    files.iter().map(|file| told(file)).collect::<Vec<_>>().join(", ")
}

fn ran_again(
    shard: usize,
    latest: &ReceiptFile,
    replaced: &[&ReceiptFile],
    evidence: &Evidence,
    judgement: &mut Judgement,
) {
    if replaced.is_empty() {
        return;
    }
    let aside = evidence.set_aside.iter().filter(|(_, of)| *of == shard).count();
    let message = format!(
        "shard {shard} ran again: {} replaces {}; {aside} reports of what it replaces are set aside",
        told(latest),
        all_told(replaced)
    );
    let finding = judgement.add(Weight::Remark, "shard-ran-again", message);
    *finding = finding.clone().at(latest.path.clone(), None);
}

fn ran_twice(shard: usize, files: &[&ReceiptFile], judgement: &mut Judgement) {
    let message = format!(
        "shard {shard} ran {} times, and nothing tells that these are attempts at one job: {}; give each job a shard of its own, or remove the receipts and reports that are outdated",
        files.len(),
        all_told(files)
    );
    judgement.add(Weight::Fail, "shard-doubled", message);
}

fn judge_shard(
    shard: usize,
    counting: Option<&ReceiptFile>,
    state: &mut ShardState,
    reports_only: bool,
    judgement: &mut Judgement,
) {
    let Some(counts) = counting else {
        if !reports_only {
            let message = format!(
                "shard {shard} left no receipt: the job was cancelled, its artifact is missing, or another shard's artifact of the same path replaced it"
            );
            judgement.add(Weight::Unproven, "receipt-missing", message);
        }
        return;
    };
    state.exit_code = counts.receipt.exit_code;
    state.duration_ms = counts.receipt.duration_ms;
    let path = counts.path.clone();
    let finding = match end_of(counts) {
        End::Success => None,
        End::Failed(code) => {
            Some((Weight::Fail, "runner-failed", format!("the command of shard {shard} ended with exit code {code}")))
        }
        End::Killed(signal) => {
            Some((Weight::Fail, "runner-failed", format!("the command of shard {shard} was killed by signal {signal}")))
        }
        End::Unknown if reports_only => None,
        End::Unknown => Some((
            Weight::Unproven,
            "exit-code-missing",
            format!("the receipt of shard {shard} does not tell how the command ended; start it with `run -- COMMAND`"),
        )),
    };
    if let Some((weight, code, message)) = finding {
        let finding = judgement.add(weight, code, message);
        *finding = finding.clone().at(path, None);
    }
}

/// Units in the receipts of two shards, whatever plans these are of.
fn doubled(receipts: &[&ReceiptFile], judgement: &mut Judgement) -> Vec<String> {
    let mut of_unit: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for file in receipts {
        for unit in &file.receipt.units {
            let shards = of_unit.entry(unit).or_default();
            if !shards.contains(&file.receipt.shard) {
                shards.push(file.receipt.shard);
            }
        }
    }
    let mut doubled = Vec::new();
    for (unit, shards) in of_unit.into_iter().filter(|(_, shards)| shards.len() > 1) {
        let shards: Vec<String> = shards.iter().map(usize::to_string).collect();
        let message = format!("`{unit}` was given to the shards {}", shards.join(" and "));
        judgement.add_unit(Weight::Fail, "unit-doubled", unit, message);
        doubled.push(unit.to_owned());
    }
    doubled
}
