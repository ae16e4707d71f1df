//! What was found, as findings with a code and, where there is one, a place.

use super::phrases::{label, length, plural};
use super::{Context, advice, codes, oddities};
use crate::plan::coverage::stated::GIVE_LINES;
use crate::plan::diff::LineRange;
use crate::plan::judgement::{Gate, GateVerdict, Judgement, Patch, PatchFile};
use kit_report::{Finding, Level};

/// Places that one finding names.
const PLACES: usize = 10;

/// Everything: evidence that is missing, gates that are not met, changed lines, oddities.
pub(super) fn findings(judgement: &Judgement, context: &Context) -> Vec<Finding> {
    let mut findings: Vec<Finding> = judgement
        .unproven
        .iter()
        .map(|unproven| {
            let finding = Finding::new(unproven.code, Level::Error, unproven.what.clone());
            match &unproven.path {
                Some(path) => finding.at(path.clone(), None),
                None => finding,
            }
        })
        .collect();
    findings.extend(judgement.gates.iter().filter_map(of_gate));
    if let Some(patch) = &judgement.patch {
        findings.extend(unknown_files(judgement, patch));
        for file in &patch.files {
            findings.extend(of_lines(file, judgement.partial_lines));
        }
    }
    findings.extend(oddities::findings(judgement, context));
    findings.extend(context.notices.iter().cloned());
    findings
}

/// A gate that is not met. One that only reports weighs less, since it does not change the verdict.
fn of_gate(gate: &Gate) -> Option<Finding> {
    let code = match gate.verdict {
        GateVerdict::Pass | GateVerdict::NotApplicable => return None,
        GateVerdict::Fail => codes::failed(gate.gate),
        GateVerdict::Unproven => codes::unproven(gate.gate),
    };
    let mut message = format!("{}: {}", label(gate), gate.why);
    if let Some(advice) = &gate.advice {
        message.push_str(&format!("; {}", advice::sentence(advice, PLACES)));
    }
    let level = if gate.report_only { Level::Warning } else { Level::Error };
    if gate.report_only {
        message.push_str(" (this gate only reports)");
    }
    Some(Finding::new(code, level, message))
}

/// Changed source files of which no report knows the lines, unless the judgement names them itself.
fn unknown_files<'j>(judgement: &'j Judgement, patch: &'j Patch) -> impl Iterator<Item = Finding> + 'j {
    let level = if judgement.verdict == GateVerdict::Unproven { Level::Error } else { Level::Warning };
    let named = |path: &str| judgement.unproven.iter().any(|unproven| unproven.path.as_deref() == Some(path));
    patch.missing.iter().filter(move |path| !named(path)).map(move |path| {
        let known = judgement.files.binary_search_by(|file| file.path.as_str().cmp(path));
        let message = match known.is_ok_and(|at| judgement.files[at].totals_only) {
            true => format!("reports hold totals of this changed file, and no lines: {GIVE_LINES}"),
            false => "no report knows this changed file: measure it, or exclude it if it needs no coverage".to_owned(),
        };
        Finding { on_changed_line: true, ..Finding::new("changed-file-unknown", level, message).at(path.clone(), None) }
    })
}

/// Changed lines of a file that did not run, and those that ran in part, a finding for each range.
fn of_lines<'j>(file: &'j PatchFile, partial_lines: &'static str) -> impl Iterator<Item = Finding> + 'j {
    let finding = |code, level, range: &LineRange, message: String| Finding {
        on_changed_line: true,
        ..Finding::new(code, level, message).at(file.path.clone(), Some(range.first)).to_line(range.last)
    };
    // Where partial lines count as missed they are in both lists, and once is enough.
    let said = |range: &LineRange| file.uncovered.iter().any(|all| all.first <= range.first && range.last <= all.last);
    let partial = file.partial.iter().filter(move |range| !said(range));
    let uncovered = file.uncovered.iter().map(move |range| {
        let message = match length(*range) {
            1 => "this changed line did not run in any test".to_owned(),
            _ => "these changed lines did not run in any test".to_owned(),
        };
        finding("uncovered-lines", Level::Warning, range, message)
    });
    uncovered.chain(partial.map(move |range| {
        let message = format!("only some of the branch arms here ran (counted as a {partial_lines})");
        finding("partial-lines", Level::Notice, range, message)
    }))
}

/// How many files a patch is made of: `3 files`.
pub(super) fn files(count: usize) -> String {
    plural(count as u64, "file")
}
