//! The verdict of the whole suite: every planned unit ran exactly once, every shard left its receipt, no test failed, no
//! runner exited non-zero, and all shards used the same plan. PURE.
//!
//! What speaks against it is a failure (exit 1), what is missing leaves it unproven (exit 4); a failure outweighs what is
//! missing, and both are listed. Nothing is taken on trust: an empty folder, a plan without tests or a receipt without
//! exit code never give a pass.
//!
//! | finding | what it says | verdict |
//! | --- | --- | --- |
//! | `test-failed`, `test-error` | a test failed; see [`crate::plan::results::summary`] | fail |
//! | `runner-failed` | a shard's command exited non-zero or was killed by a signal | fail |
//! | `unit-lost` | a planned unit stands in no report, and every entry of the reports is accounted for | fail |
//! | `unit-doubled` | a unit stands in the plan twice, in the receipts of two shards, or in the reports of two | fail |
//! | `digest-differs` | a receipt of another plan | fail |
//! | `receipt-out-of-range` | a receipt of a shard that the plan does not have | fail |
//! | `receipt-differs` | a receipt whose units are not those that the plan gives to its shard | fail |
//! | `shard-doubled` | a shard left two receipts that are not attempts at one job | fail |
//! | `receipt-missing` | a shard left no receipt | unproven |
//! | `exit-code-missing` | a receipt does not tell how the command ended | unproven |
//! | `report-missing` | no unit of a shard that has units stands in any report | unproven |
//! | `unit-unproven` | a unit stands in no report, but some entries could not be attributed to any unit | unproven |
//! | `nothing-to-judge` | the plan has no units, or the shards' reports no tests | unproven |
//! | `test-flaky` | a test passed only after a failure | - |
//! | `unit-not-planned` | a unit stands in a report, but not in the plan | - |
//! | `shard-ran-again` | a shard's job ran again, and its latest attempt counts | - |
//! | `unit-in-several-reports` | a unit stands in several reports, and nothing tells whose they are | - |
//!
//! # Which worker wrote which report
//! Reports do not say. A report is a shard's when the nearest folder around it that holds receipts holds those of this
//! shard only, as the artifact of one job does. Else, when the reports lie in as many folders as there are shards, each
//! folder is one worker's. Else each report is taken for a worker of its own.
//!
//! A unit in the reports of two shards ran twice. So it did in the reports of two other workers when at least one of them
//! also has units of another shard: typically the runner ignored the list of files, and every worker ran everything. When
//! both have nothing but units of one shard, they are two reports of that shard (a retry, one report for each class),
//! which is a warning only.
//!
//! # Jobs that ran again
//! "Re-run failed jobs" runs a shard again with the same plan, and its receipt replaces the first one or stands beside it,
//! as the artifacts' names decide. A receipt tells the CI's job and the number of the attempt, where the CI says them:
//!
//! * Receipts of one shard, all with a number of its own and of one job, are attempts at the same work. The latest counts,
//!   however it ended; it replaces the others, and both are named (`shard-ran-again`). "Passed once" is not enough: a later
//!   attempt that failed is a failure.
//! * Two receipts of the same attempt, of two jobs, or of which one tells no attempt, are two runs of the same tests:
//!   `shard-doubled`. Copies of one receipt are one.
//! * A report belongs to a replaced attempt when the nearest folder around it that holds receipts holds that attempt's only,
//!   and it has no unit of another shard. Such reports are set aside, as if they had not been given: their failures do
//!   not count, nor do their passed tests. A report that cannot be told from the latest attempt's counts in full, so each
//!   attempt's artifact needs a folder of its own.
//! * Receipts of another plan are never replaced. "Re-run all jobs" plans anew: name its artifacts alike, so that they
//!   overwrite the first attempt's.
#![warn(clippy::disallowed_methods)]

mod attempts;
mod receipts;
mod units;
mod workers;

pub use attempts::{is_of_shard, outdated};

use super::lock::{PlanFile, Receipt};
use super::results::RunResults;
use super::results::place::Repository;
use super::results::summary;
use kit_report::{Block, Finding, Level, Section, Table, Verdict};

/// Everything that the verdict rests on.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The receipts that were found, with the path of each.
    pub receipts: Vec<ReceiptFile>,
    /// What stands in each report that counts.
    pub reports: Vec<ReportEvidence>,
    /// The paths of reports that do not count, being those of replaced attempts, each with its shard; see [`outdated`].
    pub set_aside: Vec<(String, usize)>,
    /// How the tests went, over all reports.
    pub results: RunResults,
    /// Whether the workers did not use `run` and left no receipts: those of the checks that need one are left out. Receipts
    /// that are there are judged all the same.
    pub reports_only: bool,
}

/// A receipt and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFile {
    /// Its path.
    pub path: String,
    /// What it says.
    pub receipt: Receipt,
}

/// What stands in one report, as far as the plan is concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportEvidence {
    /// Its path, with `/` between folders.
    pub path: String,
    /// The units that its entries were attributed to, in any order; several entries of one unit may be listed one by one.
    /// A unit counts when it has at least one case, a skipped one included.
    pub units: Vec<SeenUnit>,
    /// Entries that could not be attributed to any unit or listed file.
    pub unattributed: u64,
}

/// A unit in a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenUnit {
    /// Its name as the plan spells it, or as the report does when the plan has none like it.
    pub unit: String,
    /// How many cases it has there.
    pub cases: u64,
}

/// The verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// [`Verdict::Pass`], [`Verdict::Fail`] (exit 1) or [`Verdict::Unproven`] (exit 4).
    pub verdict: Verdict,
    /// One line.
    pub headline: String,
    /// What was found, failures first.
    pub findings: Vec<Finding>,
    /// Each shard of the plan, in order.
    pub shards: Vec<ShardState>,
    /// Planned units that ran nowhere: lost or unproven, sorted.
    pub missing: Vec<String>,
    /// Units that ran twice, sorted.
    pub doubled: Vec<String>,
}

/// One shard as the evidence shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShardState {
    /// How many units the plan gives it.
    pub planned: usize,
    /// How many of them stand in a report.
    pub seen: usize,
    /// How many receipts it left.
    pub receipts: usize,
    /// The exit code that counts: that of the latest attempt.
    pub exit_code: Option<i32>,
    /// How long its command took, in milliseconds; of the attempt that counts.
    pub duration_ms: u64,
}

/// How a finding bears on the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Fail,
    Unproven,
    Remark,
}

/// Findings with their weight.
#[derive(Debug, Default)]
struct Judgement {
    findings: Vec<(Weight, Finding)>,
}

impl Judgement {
    fn add(&mut self, weight: Weight, code: &'static str, message: String) -> &mut Finding {
        let level = if weight == Weight::Remark { Level::Warning } else { Level::Error };
        self.findings.push((weight, Finding::new(code, level, message)));
        let last = self.findings.len() - 1;
        &mut self.findings[last].1
    }

    /// The same at the file that the unit is in.
    fn add_unit(&mut self, weight: Weight, code: &'static str, unit: &str, message: String) {
        let file = unit.split_once("::").map_or(unit, |(file, _)| file);
        let finding = self.add(weight, code, message);
        *finding = finding.clone().at(file, None);
    }

    fn has(&self, weight: Weight) -> bool {
        self.findings.iter().any(|(of, _)| *of == weight)
    }
}

/// Judges. Never panics, whatever the plan and the evidence hold.
pub fn verify(plan: &PlanFile, evidence: &Evidence, repository: &Repository) -> Verification {
    let mut judgement = Judgement::default();
    for finding in summary::findings(&evidence.results, repository) {
        let weight = if finding.level == Level::Error { Weight::Fail } else { Weight::Remark };
        judgement.findings.push((weight, finding));
    }
    let mut shards: Vec<ShardState> =
        plan.shards.iter().map(|shard| ShardState { planned: shard.units.len(), ..ShardState::default() }).collect();
    let mut doubled = receipts::judge(plan, evidence, &mut shards, &mut judgement);
    let seen = units::judge(plan, evidence, &mut shards, &mut judgement);
    doubled.extend(seen.doubled);
    doubled.sort_unstable();
    doubled.dedup();
    if shards.iter().all(|shard| shard.planned == 0) {
        judgement.add(Weight::Unproven, "nothing-to-judge", "the plan has no tests".to_owned());
    } else if evidence.results.totals.tests == 0 {
        let message = match evidence.reports.len() {
            0 => "there is no report".to_owned(),
            1 => "the report has no tests".to_owned(),
            reports => format!("{reports} reports have no tests"),
        };
        judgement.add(Weight::Unproven, "nothing-to-judge", message);
    }
    let verdict = if judgement.has(Weight::Fail) {
        Verdict::Fail
    } else if judgement.has(Weight::Unproven) {
        Verdict::Unproven
    } else {
        Verdict::Pass
    };
    let headline = headline(verdict, plan, evidence, &seen.missing, &doubled, &judgement);
    judgement.findings.sort_by_key(|(weight, _)| match weight {
        Weight::Fail => 0,
        Weight::Unproven => 1,
        Weight::Remark => 2,
    });
    let findings = judgement.findings.into_iter().map(|(_, finding)| finding).collect();
    Verification { verdict, headline, findings, shards, missing: seen.missing, doubled }
}

fn headline(
    verdict: Verdict,
    plan: &PlanFile,
    evidence: &Evidence,
    missing: &[String],
    doubled: &[String],
    judgement: &Judgement,
) -> String {
    let units = plan.shards.iter().map(|shard| shard.units.len()).sum::<usize>();
    let whole = format!("{units} planned on {} shards", plan.shards.len());
    let totals = &evidence.results.totals;
    if verdict == Verdict::Pass {
        return format!("each of {whole} ran once; {}", summary::headline(totals));
    }
    let with = |code: &str| judgement.findings.iter().filter(|(_, finding)| finding.code == code).count();
    let mut parts = Vec::new();
    let mut say = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    say(totals.bad(), "tests failed");
    say(with("runner-failed") as u64, "shards' commands failed");
    say(missing.len() as u64, "ran nowhere");
    say(doubled.len() as u64, "ran twice");
    say(with("digest-differs") as u64, "receipts of another plan");
    say(with("shard-doubled") as u64, "shards ran more than once");
    say((with("receipt-out-of-range") + with("receipt-differs")) as u64, "receipts that contradict the plan");
    say(with("receipt-missing") as u64, "shards without receipt");
    say(with("exit-code-missing") as u64, "shards without exit code");
    say(with("report-missing") as u64, "shards without report");
    if parts.is_empty() {
        parts.push("nothing to judge".to_owned());
    }
    format!("{}: {}", whole, parts.join(", "))
}

/// The shards as a table.
pub fn section(verification: &Verification) -> Section {
    let rows = verification
        .shards
        .iter()
        .enumerate()
        .map(|(shard, state)| {
            vec![
                shard.to_string(),
                state.planned.to_string(),
                state.seen.to_string(),
                if state.receipts == 0 { "-".to_owned() } else { state.receipts.to_string() },
                state.exit_code.map_or("-".to_owned(), |code| code.to_string()),
                if state.receipts == 0 {
                    "-".to_owned()
                } else {
                    format!("{}.{:03}", state.duration_ms / 1000, state.duration_ms % 1000)
                },
            ]
        })
        .collect();
    let columns = vec!["Shard", "Planned", "In reports", "Receipts", "Exit code", "Seconds"];
    Section { title: "Shards".to_owned(), blocks: vec![Block::Table(Table { columns, rows })] }
}

#[cfg(test)]
mod tests;
