//! The gates: each compares one thing with its threshold. PURE.
#![warn(clippy::disallowed_methods)]

mod changed;
mod drop;
mod held;
mod parts;
mod totals;

pub use drop::left_reports;

use super::coverage::totals::Share;
use super::diff::Diff;
use super::fraction::display_with_counts;
use super::globs::Globs;
use super::judge::{Evidence, Rules};
use super::judgement::{Advice, FileResult, Gate, GateKind, GateVerdict};
use super::measured::Measured;
use super::moved::Moved;
use super::patch::Changes;
use super::scope;
use super::thresholds::{Percent, Thresholds};
use std::collections::{BTreeMap, BTreeSet};

/// All that gates look at.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// What is asked.
    pub rules: &'c Rules<'c>,
    /// What is known.
    pub evidence: &'c Evidence<'c>,
    /// The files that count.
    pub measured: &'c Measured<'c>,
    /// The policy's exclusions.
    pub exclude: &'c Globs,
    /// The change, when it is known.
    pub diff: Option<&'c Diff>,
    /// What of it is only moved.
    pub moved: &'c Moved,
    /// What of it matters.
    pub changes: Option<&'c Changes>,
    /// The files with their totals.
    pub results: &'c [FileResult],
}

/// Every gate that is asked for, in order of kind and subject.
pub fn gates(context: &Context<'_>) -> Vec<Gate> {
    let mut gates = totals::gates(context);
    gates.extend(changed::gates(context));
    gates.extend(drop::gate(context));
    gates.extend(parts::gates(context));
    gates.extend(held::gate(context));
    gates.sort_by(|a, b| (a.gate, &a.subject).cmp(&(b.gate, &b.subject)));
    gates
}

impl<'c> Context<'c> {
    fn thresholds(&self) -> &'c Thresholds {
        self.rules.thresholds
    }

    /// A gate with a verdict and nothing compared.
    fn gate(
        &self,
        kind: GateKind,
        subject: Option<&str>,
        threshold: String,
        verdict: GateVerdict,
        why: String,
    ) -> Gate {
        Gate {
            gate: kind,
            subject: subject.map(str::to_owned),
            threshold,
            value: None,
            before: None,
            verdict,
            why,
            advice: None,
            report_only: self.thresholds().report_only,
        }
    }

    /// A gate that compares a share of something with a minimum. `of_what` reads `of changed lines are covered`.
    fn minimum(&self, kind: GateKind, subject: Option<&str>, min: Percent, share: Share, of_what: &str) -> Gate {
        let met = min.met_by(share);
        let why = format!(
            "{} {of_what}; {min} {} needed",
            display_with_counts(share, Some(min)),
            if met { "were" } else { "are" }
        );
        let verdict = if met { GateVerdict::Pass } else { GateVerdict::Fail };
        Gate { value: Some(share), ..self.gate(kind, subject, min.to_string(), verdict, why) }
    }

    /// Why there is no diff, and what to do.
    fn no_diff(&self) -> String {
        match (&self.evidence.diff, &self.evidence.no_diff) {
            (Some(Err(unproven)), _) => unproven.what.clone(),
            (_, Some(reason)) => reason.clone(),
            _ => "there is no change to judge: give `--base` or `--diff-file`".to_owned(),
        }
    }

    /// Whether a file of an earlier run is still there, as far as anybody knows. In doubt it is.
    fn exists(&self, path: &str) -> bool {
        if !self.evidence.tracked.is_empty() {
            return self.evidence.tracked.binary_search_by(|tracked| tracked.as_str().cmp(path)).is_ok();
        }
        let is_gone = |diff: &Diff| {
            diff.files.iter().any(|file| file.change == super::diff::Change::Deleted && file.path == path)
        };
        !self.diff.is_some_and(is_gone)
    }

    /// New names of renamed files.
    fn renames(&self) -> BTreeMap<&'c str, &'c str> {
        let files = self.diff.map_or(&[][..], |diff| &diff.files);
        let renamed = files.iter().filter(|file| file.change == super::diff::Change::Renamed);
        renamed.filter_map(|file| Some((file.old_path.as_deref()?, file.path.as_str()))).collect()
    }

    /// Kinds of files that reports hold.
    fn kinds(&self) -> BTreeSet<&'c str> {
        self.measured.all().filter_map(|file| scope::kind(file.path)).collect()
    }
}

/// The advice, when the gate fails.
fn with_advice(mut gate: Gate, advice: impl FnOnce() -> Option<Advice>) -> Gate {
    if gate.verdict == GateVerdict::Fail {
        gate.advice = advice();
    }
    gate
}

#[cfg(test)]
mod tests;
