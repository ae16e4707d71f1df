//! The change under review: which changed lines can run, which did, and which changed files nobody measured. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::{PartialLines, Share, is_partial};
use super::diff::{Change, ChangedFile, Diff};
use super::globs::Globs;
use super::judgement::{Patch, PatchFile};
use super::measured::{Measured, MeasuredFile};
use super::moved::Moved;
use super::ranges;
use super::scope;
use std::collections::BTreeSet;

/// Why a changed file needs a report and has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Reports hold other files of its kind, but not this one.
    NotInReports,
    /// No report holds any file of its language.
    NoReportOfLanguage,
    /// Reports say how many of its lines ran, but not which.
    TotalsOnly,
    /// It is source code, but the diff doesn't say which lines changed: it was taken for a binary file, or is too large.
    NoLines,
}

/// A changed file without the evidence that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFile {
    /// In the repository.
    pub path: String,
    /// Why.
    pub why: Missing,
}

/// Uncovered changed lines of one file, for advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Position in [`Patch::files`].
    pub file: usize,
    /// In order.
    pub lines: Vec<u32>,
}

/// The change with all that its gates ask.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// For the judgement.
    pub patch: Patch,
    /// In the order of [`Patch::missing`].
    pub missing: Vec<MissingFile>,
    /// What is owed, for files that owe anything.
    pub owed: Vec<Owed>,
    /// Paths that the change adds, measured or not, that ought to be measured or are. In order.
    pub new_files: Vec<String>,
}

/// Sorts out a diff. `exclude` is the policy's; the measured files lack what it excludes already.
pub fn changes(diff: &Diff, moved: &Moved, measured: &Measured<'_>, exclude: &Globs) -> Changes {
    let kinds: BTreeSet<&str> = measured.all().filter_map(|file| scope::kind(file.path)).collect();
    let mut changes =
        Changes { patch: Patch { between: diff.between.clone(), ..Patch::default() }, ..Changes::default() };
    let mut order: Vec<usize> = (0..diff.files.len()).collect();
    order.sort_by(|a, b| diff.files[*a].path.cmp(&diff.files[*b].path));
    for at in order {
        let file = &diff.files[at];
        match sort_out(file, at, moved, measured, exclude, &kinds) {
            Outcome::Nothing => {}
            Outcome::NotMeasured => changes.patch.not_measured.push(file.path.clone()),
            Outcome::Missing(why) => {
                changes.patch.missing.push(file.path.clone());
                changes.missing.push(MissingFile { path: file.path.clone(), why });
            }
            Outcome::Measured(of_file, lines) => {
                changes.patch.lines = changes.patch.lines.plus(of_file.lines);
                if !lines.is_empty() {
                    changes.owed.push(Owed { file: changes.patch.files.len(), lines });
                }
                changes.patch.files.push(of_file);
            }
        }
        if is_new(file) && (measured.find(&file.path).is_some() || ought_to_be_measured(&file.path, &kinds, exclude)) {
            changes.new_files.push(file.path.clone());
        }
    }
    changes
}

enum Outcome {
    Nothing,
    NotMeasured,
    Missing(Missing),
    Measured(PatchFile, Vec<u32>),
}

fn is_new(file: &ChangedFile) -> bool {
    matches!(file.change, Change::Added | Change::Copied)
}

fn ought_to_be_measured(path: &str, kinds: &BTreeSet<&str>, exclude: &Globs) -> bool {
    let source = scope::language(path).is_some() || scope::kind(path).is_some_and(|kind| kinds.contains(kind));
    source && !scope::is_exempt(path) && !exclude.is_match(path)
}

fn sort_out(
    file: &ChangedFile,
    at: usize,
    moved: &Moved,
    measured: &Measured<'_>,
    exclude: &Globs,
    kinds: &BTreeSet<&str>,
) -> Outcome {
    let known = measured.find(&file.path);
    let ought = known.is_some() || ought_to_be_measured(&file.path, kinds, exclude);
    match file.change {
        Change::Deleted => return Outcome::Nothing,
        Change::Submodule | Change::Link => return Outcome::NotMeasured,
        // A NUL byte, or an attribute that the change itself sets, makes a binary file of any source: its lines are hidden,
        // not free.
        Change::Binary if ought => return Outcome::Missing(Missing::NoLines),
        Change::Binary => return Outcome::NotMeasured,
        Change::Added | Change::Modified | Change::Renamed | Change::Copied => {}
    }
    // What a copy has in common with its original stands in no hunk, and is new here all the same.
    if file.change != Change::Copied && file.hunks.iter().all(|hunk| hunk.new.is_empty()) {
        return Outcome::Nothing;
    }
    if let Some(known) = known.filter(|known| !known.coverage.by_totals_only()) {
        let (of_file, owed) = changed_lines(file, at, moved, known, measured.partial);
        return Outcome::Measured(of_file, owed);
    }
    if !ought || owes_nothing(file, at, moved) {
        return Outcome::NotMeasured;
    }
    if known.is_some() {
        return Outcome::Missing(Missing::TotalsOnly);
    }
    let kind = scope::kind(&file.path).unwrap_or_default();
    Outcome::Missing(if kinds.contains(kind) { Missing::NotInReports } else { Missing::NoReportOfLanguage })
}

/// Whether all that a file adds is moved or surely nothing that runs.
fn owes_nothing(file: &ChangedFile, at: usize, moved: &Moved) -> bool {
    let language = scope::language(&file.path).unwrap_or_default();
    match file.change {
        Change::Copied => false,
        Change::Added if scope::nothing_runs(language, added_lines(file).map(|(_, text)| text)) => true,
        _ => added_lines(file).all(|(line, text)| scope::never_runs(language, text) || moved.is_added(at, line)),
    }
}

fn added_lines(file: &ChangedFile) -> impl Iterator<Item = (u32, &str)> {
    file.hunks.iter().flat_map(|hunk| {
        let numbered = hunk.new.iter().enumerate();
        numbered.map(|(offset, text)| (hunk.new_first.saturating_add(offset as u32), text.as_str()))
    })
}

fn changed_lines(
    file: &ChangedFile,
    at: usize,
    moved: &Moved,
    known: &MeasuredFile<'_>,
    partial: PartialLines,
) -> (PatchFile, Vec<u32>) {
    let arms = known.coverage.arms_by_line();
    let is_copy = file.change == Change::Copied;
    let mut numbers: Vec<u32> = match is_copy {
        true => known.coverage.lines.iter().map(|(line, _)| line).collect(),
        false => added_lines(file).map(|(line, _)| line).collect(),
    };
    // A diff of our own has its hunks in order; a given one may not, and may name a line twice.
    numbers.sort_unstable();
    numbers.dedup();
    let mut lines = Share::default();
    let mut owed = Vec::new();
    // Lines that can't run join their neighbours; a gap of unchanged lines, marked by a line that is not wanted, does not.
    let (mut uncovered, mut in_part) = (Vec::new(), Vec::new());
    let mut before: u32 = 0;
    for line in numbers {
        let gap = !is_copy && before.saturating_add(1) != line;
        before = line;
        if gap {
            uncovered.push((line, false));
            in_part.push((line, false));
        }
        let state = known.coverage.line_state(line, &arms, partial);
        let (Some(covered), false) = (state, moved.is_added(at, line)) else {
            if state.is_some() {
                uncovered.push((line, false));
                in_part.push((line, false));
            }
            continue;
        };
        lines.coverable += 1;
        lines.covered += u64::from(covered);
        if !covered {
            owed.push(line);
        }
        let ran = known.coverage.lines.state(line) == Some(true);
        uncovered.push((line, !covered));
        in_part.push((line, ran && is_partial(line, &arms)));
    }
    let of_file = PatchFile {
        path: file.path.clone(),
        old_path: file.old_path.clone(),
        added: is_new(file),
        lines,
        uncovered: ranges::neighbours(uncovered.into_iter()),
        partial: ranges::neighbours(in_part.into_iter()),
        moved: ranges::exact(moved.added(at).iter().copied()),
    };
    (of_file, owed)
}

#[cfg(test)]
mod tests;
