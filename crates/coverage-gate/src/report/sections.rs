//! The report's sections: gates, the patch, directories, reports.

use super::phrases::{self, counts, cut, label, percent, plural, some_ranges, verdict};
use super::{Context, findings, oddities, tree};
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use crate::plan::fraction;
use crate::plan::judgement::{Gate, GateVerdict, Judgement, Patch, PatchFile, ReadReport};
use kit_report::{Block, Section, Table};

/// Gates that the table shows; those that are not met come first.
const GATES: usize = 40;
/// Changed files that the table shows; those with most uncovered lines come first.
const FILES: usize = 50;
/// Ranges of uncovered lines in a cell.
const RANGES: usize = 8;
/// Reports that are listed.
const REPORTS: usize = 50;
/// Names in a sentence.
const NAMES: usize = 5;

/// All sections that have something to say, in order of importance.
pub(super) fn sections(judgement: &Judgement, context: &Context) -> Vec<Section> {
    let mut sections = vec![gates(judgement, context)];
    sections.extend(judgement.patch.as_ref().map(patch));
    if let Some(tree) = tree::tree(judgement) {
        let note = "* has changed files".to_owned();
        let changed = judgement.patch.as_ref().is_some_and(|patch| !patch.files.is_empty());
        let notes = changed.then_some(Block::Text(note));
        let blocks = std::iter::once(Block::Preformatted(tree)).chain(notes).collect();
        sections.push(Section { title: "By directory".to_owned(), blocks });
    }
    sections.push(totals(judgement));
    sections
}

/// Gates as the tables show them: those that are not met first.
pub(super) fn ranked(judgement: &Judgement) -> Vec<&Gate> {
    let mut gates: Vec<&Gate> = judgement.gates.iter().collect();
    let weight = |gate: &Gate| match (gate.verdict, gate.report_only) {
        (GateVerdict::Fail, false) => 0,
        (GateVerdict::Unproven, false) => 1,
        (GateVerdict::Fail | GateVerdict::Unproven, true) => 2,
        (GateVerdict::Pass | GateVerdict::NotApplicable, _) => 3,
    };
    gates.sort_by_key(|gate| weight(gate));
    gates
}

/// The value of a gate: `92.30 % (24 of 26)`, and what it was before where that counts.
pub(super) fn value(gate: &Gate) -> String {
    let value = match gate.value {
        None => "-".to_owned(),
        Some(value) if value.coverable == 0 => percent(value, Some(gate)),
        Some(value) => format!("{} ({})", percent(value, Some(gate)), counts(value)),
    };
    match gate.before {
        Some(before) => format!("{value}, before {}", share(before)),
        None => value,
    }
}

fn gates(judgement: &Judgement, context: &Context) -> Section {
    let mut blocks = Vec::new();
    if judgement.gates.is_empty() {
        blocks.push(Block::Text("No thresholds are set; this run only reports.".to_owned()));
    } else {
        blocks.extend(gates_table(judgement));
    }
    let mut facts = Vec::new();
    facts.extend(context.origins().map(|(name, origin)| format!("{name}: {origin}.")));
    facts.push(partial_lines(judgement));
    blocks.push(Block::Text(facts.join("\n")));
    Section { title: "Gates".to_owned(), blocks }
}

/// What a partial line counts as; 11 points of a share may hang on it.
pub(super) fn partial_lines(judgement: &Judgement) -> String {
    format!(
        "A line that ran, but not all of its branch arms, counts as a {} (`partial-lines`).",
        judgement.partial_lines
    )
}

fn gates_table(judgement: &Judgement) -> Vec<Block> {
    let ranked = ranked(judgement);
    let row = |gate: &&Gate| vec![cut(&label(gate)), value(gate), gate.threshold.clone(), verdict(gate).to_owned()];
    let columns = vec!["gate", "covered", "threshold", "verdict"];
    let rows = ranked.iter().take(GATES).map(row).collect();
    let mut blocks = vec![Block::Table(Table { columns, rows })];
    blocks.extend(more(ranked.len(), GATES, "gate"));
    blocks
}

/// `81.47 % (4403 of 5404)`.
fn share(share: Share) -> String {
    if share.coverable == 0 {
        return fraction::display(share, None);
    }
    format!("{} ({})", fraction::display(share, None), counts(share))
}

/// Changed files, those with most uncovered lines first.
pub(super) fn ranked_files(patch: &Patch) -> Vec<&PatchFile> {
    let mut files: Vec<&PatchFile> = patch.files.iter().collect();
    files.sort_by(|a, b| b.lines.uncovered().cmp(&a.lines.uncovered()).then_with(|| a.path.cmp(&b.path)));
    files
}

fn patch(patch: &Patch) -> Section {
    let mut blocks = Vec::new();
    let files = ranked_files(patch);
    let rows: Vec<Vec<String>> = files
        .iter()
        .take(FILES)
        .map(|file| {
            vec![cut(&file.path), counts(file.lines), fraction::display(file.lines, None), uncovered(file, RANGES)]
        })
        .collect();
    if !rows.is_empty() {
        let columns = vec!["changed file", "lines", "covered", "not covered"];
        blocks.push(Block::Table(Table { columns, rows }));
        blocks.extend(more(files.len(), FILES, "changed file"));
    }
    blocks.extend(notes(patch).into_iter().map(Block::Text));
    Section { title: "Changed lines".to_owned(), blocks }
}

/// The uncovered lines of a changed file: `41-42, 50`.
pub(super) fn uncovered(file: &PatchFile, most: usize) -> String {
    if file.uncovered.is_empty() { "-".to_owned() } else { some_ranges(&file.uncovered, most) }
}

/// What a table of changed files leaves unsaid.
pub(super) fn notes(patch: &Patch) -> Vec<String> {
    let mut notes = Vec::new();
    if patch.files.is_empty() && patch.missing.is_empty() {
        notes.push("No changed line can run.".to_owned());
    }
    if !patch.missing.is_empty() {
        notes.push(format!("Changed, but no report knows the lines: {}", names(&patch.missing)));
    }
    let moved: u64 = patch.files.iter().flat_map(|file| &file.moved).map(|range| phrases::length(*range)).sum();
    if moved > 0 {
        let (are, owe) = if moved == 1 { ("is", "owes") } else { ("are", "owe") };
        notes.push(format!("{} {are} only moved and {owe} nothing.", plural(moved, "changed line")));
    }
    if !patch.not_measured.is_empty() {
        notes.push(format!("{} changed that need no coverage.", findings::files(patch.not_measured.len())));
    }
    notes
}

/// The first names, and how many more there are.
fn names(all: &[String]) -> String {
    let shown = all.iter().take(NAMES).map(|name| cut(name)).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMES) {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}

fn totals(judgement: &Judgement) -> Section {
    let rows = kinds(&judgement.totals);
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table { columns: vec!["total", "covered"], rows }));
    }
    let reports = &judgement.reports;
    let rows = reports.iter().take(REPORTS).map(report_row).collect();
    let columns = vec!["report", "format", "files", "lines", "by its own word"];
    let mut inside = vec![Block::Table(Table { columns, rows })];
    inside.extend(more(reports.len(), REPORTS, "report"));
    let summary = format!("{} read", plural(reports.len() as u64, "report"));
    blocks.push(Block::Details { summary, blocks: inside });
    Section { title: "Totals".to_owned(), blocks }
}

/// Each kind with its share.
pub(super) fn kinds(totals: &Totals) -> Vec<Vec<String>> {
    let row = |name: &str, value: Option<String>| value.map(|value| vec![name.to_owned(), value]);
    let rows = [
        row("lines", totals.lines.map(share)),
        row("branch arms", totals.branches.map(branches)),
        row("functions", totals.functions.map(share)),
        row("statements", totals.statements.map(share)),
    ];
    rows.into_iter().flatten().collect()
}

/// Branch arms after a merge without identities are known within bounds only, and gates go by the lower one.
fn branches(branches: BranchShare) -> String {
    match branches.covered_at_most {
        None => share(branches.lower()),
        Some(most) => format!("{}; at most {most}, the reports don't say which arms ran", share(branches.lower())),
    }
}

fn report_row(report: &ReadReport) -> Vec<String> {
    let mut lines = report.totals.lines.or(report.totals.statements).map_or_else(|| "-".to_owned(), counts);
    if report.totals_only {
        lines.push_str(", totals alone");
    }
    let lies = oddities::lies(report);
    let word = if lies.is_empty() { "the same".to_owned() } else { lies.join(", ") };
    let word = if report.declared == Totals::default() { "-".to_owned() } else { word };
    vec![cut(&report.path), report.format.name().to_owned(), report.files.to_string(), lines, word]
}

fn more(all: usize, shown: usize, what: &str) -> Option<Block> {
    let rest = all.checked_sub(shown).filter(|rest| *rest > 0)?;
    Some(Block::Text(format!("{} not shown; --json has them all", plural(rest as u64, &format!("more {what}")))))
}
