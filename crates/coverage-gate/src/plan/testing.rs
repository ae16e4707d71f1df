//! Small coverage and diffs for the tests of this folder.

use super::coverage::items::ItemId;
use super::coverage::{FileCoverage, Files, ReportedPath};
use super::diff::{Change, ChangedFile, Diff, Hunk};
use super::judge::Evidence;
use super::judgement::ReadReport;
use super::report_format::ReportFormat;
use super::thresholds::Percent;

/// `+1 -2 ~3`: line 1 ran, line 2 did not, line 3 ran one of its two arms.
pub fn coverage(text: &str) -> FileCoverage {
    let mut file = FileCoverage::default();
    for part in text.split_whitespace() {
        let line = part[1..].parse().unwrap();
        file.lines.push(line, !part.starts_with('-'));
        if part.starts_with('~') {
            file.arms.push(line, ItemId::Number(0), true);
            file.arms.push(line, ItemId::Number(1), false);
        }
    }
    file.finish();
    file
}

/// Files by path.
pub fn files(texts: &[(&str, &str)]) -> Files<String> {
    texts.iter().map(|(path, text)| ((*path).to_owned(), coverage(text))).collect()
}

/// Unmatched files by path.
pub fn unmatched(texts: &[(&str, &str)]) -> Files<ReportedPath> {
    texts.iter().map(|(path, text)| (ReportedPath::new(*path), coverage(text))).collect()
}

/// A percentage.
pub fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

/// A report of a format.
pub fn report(format: ReportFormat) -> ReadReport {
    let mut report = ReadReport {
        path: "r.xml".to_owned(),
        format,
        copies: 0,
        files: 1,
        totals_only: false,
        totals: Default::default(),
        declared: Default::default(),
        timestamp_s: None,
    };
    report.totals.lines = Some((1, 1).into());
    report
}

/// A modified file whose added lines start at a line.
pub fn added(path: &str, first: u32, lines: &[&str]) -> ChangedFile {
    changed(path, Change::Modified, vec![hunk(first, &[], first, lines)])
}

/// A hunk.
pub fn hunk(old_first: u32, old: &[&str], new_first: u32, new: &[&str]) -> Hunk {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    Hunk { old_first, old: owned(old), new_first, new: owned(new) }
}

/// A changed file.
pub fn changed(path: &str, change: Change, hunks: Vec<Hunk>) -> ChangedFile {
    ChangedFile { path: path.to_owned(), old_path: None, change, hunks }
}

/// A diff.
pub fn diff(mut files: Vec<ChangedFile>) -> Diff {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Diff { between: "base and head".to_owned(), files }
}

/// Lines of text, each different.
pub fn lines(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("    $value{number} = compute($input, {number});")).collect()
}

/// Evidence of one Clover report and nothing else.
pub fn evidence<'e>(files: &'e Files<String>, unmatched: &'e Files<ReportedPath>) -> Evidence<'e> {
    let reports = vec![report(ReportFormat::Clover)];
    Evidence { known_files: true, now_s: 2_000_000_000, ..Evidence::of_reports(files, unmatched, reports) }
}
