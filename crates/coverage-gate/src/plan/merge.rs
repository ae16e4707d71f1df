//! Reports into one: by format first, where identities mean the same, then the formats together. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::arm_counts::{ArmCounts, LineArms};
use super::coverage::items::{ItemId, Items};
use super::coverage::{self, FileCoverage, Files, Runs};
use super::report_format::ReportFormat;
use std::collections::BTreeMap;

/// Coverage of each format, by whatever names a file.
pub type ByFormat<P> = BTreeMap<ReportFormat, Files<P>>;

/// Two formats that say different things of the same files: not two views of one run, or one of them is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement<P> {
    /// The two formats.
    pub formats: (ReportFormat, ReportFormat),
    /// Files that both know.
    pub common: usize,
    /// Of them, those on whose lines they disagree, in order, with the first line that differs.
    pub differing: Vec<(P, u32)>,
}

/// Unites the formats. Lines are united. Identities of branch arms, functions and statements mean nothing across formats:
/// arms become bounds, unless the two agree on every line, which makes them two views of one run; functions are told apart
/// by their line; statements are those of the first format that has them.
pub fn formats<P: Ord + Clone>(by_format: ByFormat<P>) -> (Files<P>, Vec<Disagreement<P>>) {
    let disagreements = disagreements(&by_format);
    let mut all = by_format.into_values();
    let mut united = all.next().unwrap_or_default();
    for files in all {
        for (path, file) in files {
            match united.get_mut(&path) {
                // Totals alone take nothing from records, and add nothing to them.
                Some(known) if known.by_totals_only() || file.by_totals_only() => known.unite(file, Runs::Different),
                Some(known) => across(known, file),
                None => coverage::add(&mut united, path, file, Runs::Different),
            }
        }
    }
    (united, disagreements)
}

fn across(known: &mut FileCoverage, other: FileCoverage) {
    let runs = if known.lines == other.lines { Runs::Same } else { Runs::Different };
    known.arm_counts = counts(&known.arms, std::mem::take(&mut known.arm_counts));
    known.arms = Items::default();
    known.arm_counts.unite(counts(&other.arms, other.arm_counts), runs);
    if !known.functions.is_empty() && !other.functions.is_empty() {
        known.functions = by_line_only(&known.functions);
        known.functions.unite(by_line_only(&other.functions));
    } else {
        known.functions.unite(other.functions);
    }
    if known.statements.is_empty() && known.blocks.is_empty() {
        known.statements = other.statements;
        known.blocks = other.blocks;
    }
    known.lines.unite(other.lines);
    known.unite_stated(other.stated);
    // A count of instances and a count of lines can't be added up; the lines are common to both.
    known.line_instances = Items::default();
}

fn counts(arms: &Items, counted: ArmCounts) -> ArmCounts {
    let mut counts = ArmCounts::default();
    for (line, hit, of) in arms.by_line() {
        counts.push(LineArms::exact(line, hit, of));
    }
    counts.finish();
    counts.unite(counted, Runs::Different);
    counts
}

fn by_line_only(functions: &Items) -> Items {
    let mut by_line = Items::default();
    for (line, _, hit) in functions.iter() {
        by_line.push(line, ItemId::Number(0), hit);
    }
    by_line.finish();
    by_line
}

fn disagreements<P: Ord + Clone>(by_format: &ByFormat<P>) -> Vec<Disagreement<P>> {
    let mut found = Vec::new();
    let formats: Vec<_> = by_format.iter().collect();
    for (at, (first, files)) in formats.iter().enumerate() {
        for (second, others) in &formats[at + 1..] {
            let common = || files.iter().filter_map(|(path, file)| Some((path, file, others.get(path)?)));
            let differing: Vec<(P, u32)> = common()
                .filter_map(|(path, file, other)| Some((path.clone(), first_difference(file, other)?)))
                .collect();
            if !differing.is_empty() {
                found.push(Disagreement { formats: (**first, **second), common: common().count(), differing });
            }
        }
    }
    found
}

fn first_difference(one: &FileCoverage, other: &FileCoverage) -> Option<u32> {
    if one.lines == other.lines || one.by_totals_only() || other.by_totals_only() {
        return None;
    }
    let (mut ones, mut others) = (one.lines.iter(), other.lines.iter());
    loop {
        match (ones.next(), others.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => return a.into_iter().chain(b).map(|(line, _)| line).min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: &[(u32, bool)], arms: &[(u32, u32, bool)], counts: &[LineArms]) -> FileCoverage {
        let mut file = FileCoverage::default();
        lines.iter().for_each(|(line, hit)| file.lines.push(*line, *hit));
        arms.iter().for_each(|(line, id, hit)| file.arms.push(*line, ItemId::Number(*id), *hit));
        counts.iter().for_each(|line| file.arm_counts.push(*line));
        file.finish();
        file
    }

    fn two(lcov: FileCoverage, cobertura: FileCoverage) -> ByFormat<&'static str> {
        BTreeMap::from([
            (ReportFormat::Lcov, BTreeMap::from([("a.js", lcov)])),
            (ReportFormat::Cobertura, BTreeMap::from([("a.js", cobertura)])),
        ])
    }

    #[test]
    fn two_views_of_one_run_are_one() {
        let lines = [(1, true), (2, false)];
        let lcov = file(&lines, &[(1, 0, true), (1, 1, false)], &[]);
        let (united, disagreements) = formats(two(lcov, file(&lines, &[], &[LineArms::exact(1, 1, 2)])));
        assert!(disagreements.is_empty());
        assert_eq!(united["a.js"].arms_by_line(), [LineArms::exact(1, 1, 2)]);
    }

    #[test]
    fn two_runs_leave_bounds_and_are_named() {
        let lcov = file(&[(1, true), (2, false)], &[(1, 0, true), (1, 1, false)], &[]);
        let (united, disagreements) =
            formats(two(lcov, file(&[(1, true), (2, true)], &[], &[LineArms::exact(1, 1, 2)])));
        assert_eq!(disagreements[0].differing, [("a.js", 2)]);
        assert_eq!((united["a.js"].lines.covered(), united["a.js"].lines.coverable()), (2, 2));
        let arms = united["a.js"].arms_by_line()[0];
        assert_eq!((arms.covered, arms.covered_at_most, arms.arms), (1, 2, 2));
    }
}
