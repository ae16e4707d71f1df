//! The files that count, with their totals: what reports know, less what is excluded. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::{PartialLines, Share, Totals};
use super::coverage::{FileCoverage, Files, ReportedPath};
use super::diff::LineRange;
use super::globs::Globs;
use super::judgement::{FileResult, ReadReport};
use super::ranges;
use super::report_format::ReportFormat;
use std::borrow::Cow;

/// What a share counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Lines.
    Lines,
    /// Statements, where Go reports alone count: their lines are made up from blocks.
    Statements,
}

impl Unit {
    /// Statements if all reports are Go coverprofiles, else lines.
    pub fn of_reports(reports: &[ReadReport]) -> Unit {
        let go_alone = !reports.is_empty() && reports.iter().all(|report| report.format == ReportFormat::Go);
        if go_alone { Unit::Statements } else { Unit::Lines }
    }

    /// `lines` or `statements`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Lines => "lines",
            Unit::Statements => "statements",
        }
    }

    /// The share that counts; of nothing where there is none.
    pub fn share(self, totals: &Totals) -> Share {
        let share = match self {
            Unit::Lines => totals.lines,
            Unit::Statements => totals.statements,
        };
        share.unwrap_or_default()
    }
}

/// One file that counts.
#[derive(Debug, Clone, Copy)]
pub struct MeasuredFile<'e> {
    /// In the repository, or for an unmatched one as reported.
    pub path: &'e str,
    /// What is known of it.
    pub coverage: &'e FileCoverage,
    /// Its totals.
    pub totals: Totals,
}

/// All files that count.
#[derive(Debug, Clone)]
pub struct Measured<'e> {
    /// Files of the repository, in order of path.
    pub files: Vec<MeasuredFile<'e>>,
    /// Files of the reports that are no file of the repository, in order of path.
    pub unmatched: Vec<MeasuredFile<'e>>,
    /// Over all of them.
    pub totals: Totals,
    /// What a partial line counts as.
    pub partial: PartialLines,
    /// What the main share counts.
    pub unit: Unit,
    /// Files that were left out by a glob.
    pub excluded: usize,
}

impl<'e> Measured<'e> {
    /// Sums up what counts.
    pub fn new(
        files: &'e Files<String>,
        unmatched: &'e Files<ReportedPath>,
        exclude: &Globs,
        partial: PartialLines,
        unit: Unit,
    ) -> Measured<'e> {
        let mut measured = Measured {
            files: Vec::with_capacity(files.len()),
            unmatched: Vec::with_capacity(unmatched.len()),
            totals: Totals::default(),
            partial,
            unit,
            excluded: 0,
        };
        let mut take = |path: &'e str, coverage: &'e FileCoverage, to: &mut Vec<MeasuredFile<'e>>| {
            if !exclude.is_empty() && exclude.is_match(&as_relative(path)) {
                measured.excluded += 1;
                return;
            }
            let totals = coverage.totals(partial);
            measured.totals = measured.totals.plus(totals);
            to.push(MeasuredFile { path, coverage, totals });
        };
        for (path, coverage) in files {
            take(path, coverage, &mut measured.files);
        }
        for (path, coverage) in unmatched {
            take(&path.path, coverage, &mut measured.unmatched);
        }
        measured
    }

    /// A file of the repository.
    pub fn find(&self, path: &str) -> Option<&MeasuredFile<'e>> {
        self.files.binary_search_by(|file| file.path.cmp(path)).ok().map(|at| &self.files[at])
    }

    /// Files of the repository and others, in no particular order.
    pub fn all(&self) -> impl Iterator<Item = &MeasuredFile<'e>> {
        self.files.iter().chain(&self.unmatched)
    }

    /// The share of some files in the main unit.
    pub fn share_of<'m>(&self, files: impl Iterator<Item = &'m MeasuredFile<'e>>) -> Share
    where
        'e: 'm,
    {
        files.fold(Share::default(), |sum, file| sum.plus(self.unit.share(&file.totals)))
    }

    /// Every file with its totals in order of path.
    pub fn results(&self) -> Vec<FileResult> {
        let result = |file: &MeasuredFile<'e>, matched| {
            let totals_only = file.coverage.by_totals_only();
            FileResult { path: file.path.to_owned(), matched, totals_only, totals: file.totals }
        };
        let mut results: Vec<FileResult> = self.files.iter().map(|file| result(file, true)).collect();
        if !self.unmatched.is_empty() {
            results.extend(self.unmatched.iter().map(|file| result(file, false)));
            results.sort_by(|a, b| (&a.path, !a.matched).cmp(&(&b.path, !b.matched)));
        }
        results
    }
}

/// Lines of a file in order with whether each counts as covered.
pub fn states(coverage: &FileCoverage, partial: PartialLines) -> impl Iterator<Item = (u32, bool)> + '_ {
    let arms = match partial {
        PartialLines::Hit => Vec::new(),
        PartialLines::Miss => coverage.arms_by_line(),
    };
    let is_partial = move |line| super::coverage::totals::is_partial(line, &arms);
    coverage.lines.iter().map(move |(line, ran)| (line, ran && !(partial == PartialLines::Miss && is_partial(line))))
}

/// Uncovered lines of a file as ranges of neighbouring coverable lines.
pub fn uncovered(file: &MeasuredFile<'_>, partial: PartialLines) -> Vec<LineRange> {
    let ran = file.coverage.lines.covered() == file.coverage.lines.coverable();
    if ran && partial == PartialLines::Hit {
        return Vec::new();
    }
    let mut ranges = match partial {
        PartialLines::Hit => ranges::neighbours(file.coverage.lines.iter().map(|(line, ran)| (line, !ran))),
        PartialLines::Miss => {
            ranges::neighbours(states(file.coverage, partial).map(|(line, covered)| (line, !covered)))
        }
    };
    // A large report has millions of ranges; spare room would double them.
    ranges.shrink_to_fit();
    ranges
}

/// A reported path as globs see it: with `/`, and relative.
fn as_relative(path: &str) -> Cow<'_, str> {
    if path.contains('\\') {
        let turned = path.replace('\\', "/");
        return Cow::Owned(turned.trim_start_matches("./").trim_start_matches('/').to_owned());
    }
    Cow::Borrowed(path.strip_prefix("./").unwrap_or(path).trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{coverage, files};
    use super::*;

    #[test]
    fn what_is_excluded_counts_nowhere() {
        let files = files(&[("src/a.php", "+1 -2"), ("vendor/b.php", "+1 +2")]);
        let unmatched = [(ReportedPath::new("C:\\x\\c.php"), coverage("-1"))].into_iter().collect();
        let exclude = Globs::new(&["vendor/**".to_owned()]);
        let measured = Measured::new(&files, &unmatched, &exclude, PartialLines::Hit, Unit::Lines);
        assert_eq!(measured.totals.lines, Some(Share { covered: 1, coverable: 3 }));
        assert_eq!((measured.excluded, measured.files.len(), measured.unmatched.len()), (1, 1, 1));
        let exclude = Globs::new(&["**/c.php".to_owned(), "src".to_owned()]);
        let measured = Measured::new(&files, &unmatched, &exclude, PartialLines::Hit, Unit::Lines);
        assert_eq!((measured.excluded, measured.totals.lines), (2, Some(Share { covered: 2, coverable: 2 })));
    }

    #[test]
    fn uncovered_lines_are_ranges() {
        let files = files(&[("a.php", "+1 -2 -4 ~6 +7"), ("b.php", "+1")]);
        let of = |partial| {
            let unmatched = Files::new();
            let measured = Measured::new(&files, &unmatched, &Globs::default(), partial, Unit::Lines);
            let lines = |at: usize| uncovered(&measured.files[at], partial);
            (ranges::to_text(&lines(0)), lines(1).len(), measured.results()[0].totals.lines)
        };
        assert_eq!(of(PartialLines::Hit), ("2-4".to_owned(), 0, Some(Share { covered: 3, coverable: 5 })));
        assert_eq!(of(PartialLines::Miss), ("2-6".to_owned(), 0, Some(Share { covered: 2, coverable: 5 })));
    }
}
