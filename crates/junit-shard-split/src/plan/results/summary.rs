//! The results for people: failures first, then flaky tests, then the slowest; and a finding for each failure at its
//! line.

use super::place::Repository;
use super::{Outcome, RunResults, TestResult, Totals};
use kit_report::{Block, Finding, Level, Section, Table};

/// The error of a test that failed.
pub const TEST_FAILED: &str = "test-failed";
/// The error of a test that broke.
pub const TEST_ERROR: &str = "test-error";
/// The warning of a test that passed only after a failure.
pub const TEST_FLAKY: &str = "test-flaky";
/// 1000 rows of a table: what a step summary holds. The findings name the others.
const MAX_ROWS: usize = 1000;

/// One finding for each failed, broken and flaky test that is listed, at the line of the failure; and one without a
/// place for those beyond [`super::MAX_LISTED`].
pub fn findings(results: &RunResults, repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for test in &results.failed {
        let (code, verb) = if test.outcome == Outcome::Error { (TEST_ERROR, "broke") } else { (TEST_FAILED, "failed") };
        let tries = if test.attempts > 1 { format!(" in all {} attempts", test.attempts) } else { String::new() };
        found.push(finding(code, Level::Error, test, &format!("{verb}{tries}"), repository));
    }
    let unnamed = results.totals.bad().saturating_sub(results.failed.len() as u64);
    if unnamed > 0 {
        found.push(Finding::new(
            TEST_FAILED,
            Level::Error,
            format!("{unnamed} more tests failed that are not named here"),
        ));
    }
    for test in &results.flaky {
        let what = match test.attempts {
            0..=2 => "passed only when it was tried again".to_owned(),
            attempts => format!("passed only at attempt {attempts}"),
        };
        found.push(finding(TEST_FLAKY, Level::Warning, test, &what, repository));
    }
    let unnamed = results.totals.flaky.saturating_sub(results.flaky.len() as u64);
    if unnamed > 0 {
        found.push(Finding::new(
            TEST_FLAKY,
            Level::Warning,
            format!("{unnamed} more tests are flaky that are not named here"),
        ));
    }
    found
}

fn finding(code: &'static str, level: Level, test: &TestResult, what: &str, repository: &Repository) -> Finding {
    let title = test.name.title();
    let title = if title.is_empty() { "a test without a name" } else { &title };
    let mut message = format!("{title} {what}");
    if !test.message.is_empty() {
        message.push_str(": ");
        message.push_str(&test.message);
    }
    let finding = Finding::new(code, level, message);
    match &test.place {
        Some(place) => {
            let place = repository.locate(place);
            finding.at(place.file, place.line)
        }
        None => finding,
    }
}

/// What a page about the results shows, the most important first. Tables without a row are left out.
pub fn sections(results: &RunResults, repository: &Repository) -> Vec<Section> {
    let mut sections = Vec::new();
    let rows = |tests: &[TestResult], count: u64, row: &dyn Fn(&TestResult) -> Vec<String>| {
        let rows: Vec<Vec<String>> = tests.iter().take(MAX_ROWS).map(row).collect();
        let more = count.saturating_sub(rows.len() as u64);
        (rows, (more > 0).then(|| Block::Text(format!("{more} more not shown."))))
    };
    let place = |test: &TestResult| match &test.place {
        Some(place) => {
            let place = repository.locate(place);
            place.line.map_or_else(|| place.file.clone(), |line| format!("{}:{line}", place.file))
        }
        None => format!("{}:{}", test.report, test.report_line),
    };
    let failed = rows(&results.failed, results.totals.bad(), &|test| {
        vec![test.name.title(), place(test), first_line(&test.message)]
    });
    push(&mut sections, format!("{} failed", results.totals.bad()), vec!["Test", "Place", "Message"], failed);
    let flaky = rows(&results.flaky, results.totals.flaky, &|test| {
        vec![test.name.title(), test.attempts.to_string(), place(test), first_line(&test.message)]
    });
    push(
        &mut sections,
        format!("{} flaky: passed after a failure", results.totals.flaky),
        vec!["Test", "Attempts", "Place", "First message"],
        flaky,
    );
    let slowest = rows(&results.slowest, results.slowest.len() as u64, &|test| {
        vec![seconds(test.time_ns), test.name.title(), test.name.file.clone().unwrap_or_default()]
    });
    push(&mut sections, "Slowest tests".to_owned(), vec!["Seconds", "Test", "File"], slowest);
    sections
}

fn push(
    sections: &mut Vec<Section>,
    title: String,
    columns: Vec<&'static str>,
    (rows, more): (Vec<Vec<String>>, Option<Block>),
) {
    if !rows.is_empty() {
        let mut blocks = vec![Block::Table(Table { columns, rows })];
        blocks.extend(more);
        sections.push(Section { title, blocks });
    }
}

/// `120 tests: 117 passed (2 flaky), 1 failed, 1 broke, 1 skipped, in 12.345 s of test time`. What is zero is left out,
/// but for the passed.
pub fn headline(totals: &Totals) -> String {
    let plural = if totals.tests == 1 { "test" } else { "tests" };
    let flaky = if totals.flaky > 0 { format!(" ({} flaky)", totals.flaky) } else { String::new() };
    let mut text = format!("{} {plural}: {} passed{flaky}", totals.tests, totals.passed());
    for (count, word) in [(totals.failures, "failed"), (totals.errors, "broke"), (totals.skipped, "skipped")] {
        if count > 0 {
            text.push_str(&format!(", {count} {word}"));
        }
    }
    text.push_str(&format!(", in {} s of test time", seconds(totals.time_ns)));
    text
}

fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// Rounded half up to milliseconds: for people, never for a decision.
fn seconds(ns: u64) -> String {
    let ms = ns.saturating_add(500_000) / 1_000_000;
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::super::place::Place;
    use super::super::{TestName, TestResult};
    use super::*;

    fn test(name: &str, outcome: Outcome, attempts: u32, place: Option<Place>) -> TestResult {
        TestResult {
            name: TestName {
                suite: "s".to_owned(),
                file: None,
                classname: Some("C".to_owned()),
                name: name.to_owned(),
            },
            outcome,
            attempts,
            time_ns: 1_500_000_000,
            report: "r.xml".to_owned(),
            report_line: 7,
            message: "expected 1\ngot 2".to_owned(),
            place,
        }
    }

    fn results() -> RunResults {
        let mut totals = Totals { time_ns: 12_345_600_000, ..Totals::default() };
        totals.count(Outcome::Failed, false);
        totals.count(Outcome::Error, false);
        totals.count(Outcome::Failed, false);
        totals.count(Outcome::Passed, true);
        totals.count(Outcome::Skipped, false);
        RunResults {
            reports: 1,
            totals,
            failed: vec![
                test("a", Outcome::Failed, 3, Some(Place::new("/ci/tests/a.py", Some(4)))),
                test("b", Outcome::Error, 1, None),
            ],
            flaky: vec![test("c", Outcome::Passed, 2, None)],
            slowest: vec![test("a", Outcome::Failed, 1, None)],
        }
    }

    #[test]
    fn every_failure_is_a_finding_at_its_line() {
        let repository = Repository::new(&["/ci".to_owned()], &[]);
        let found = findings(&results(), &repository);
        let shown: Vec<_> = found
            .iter()
            .map(|finding| {
                let place = finding.location.as_ref().map(|place| (place.path.as_str(), place.line));
                (finding.code, finding.level, finding.message.as_str(), place)
            })
            .collect();
        assert_eq!(
            shown,
            [
                (
                    "test-failed",
                    Level::Error,
                    "C > a failed in all 3 attempts: expected 1\ngot 2",
                    Some(("tests/a.py", Some(4)))
                ),
                ("test-error", Level::Error, "C > b broke: expected 1\ngot 2", None),
                ("test-failed", Level::Error, "1 more tests failed that are not named here", None),
                ("test-flaky", Level::Warning, "C > c passed only when it was tried again: expected 1\ngot 2", None),
            ]
        );
    }

    #[test]
    fn failures_come_first_and_nothing_is_dropped_silently() {
        let sections = sections(&results(), &Repository::default());
        let titles: Vec<&str> = sections.iter().map(|section| section.title.as_str()).collect();
        assert_eq!(titles, ["3 failed", "1 flaky: passed after a failure", "Slowest tests"]);
        let Block::Table(table) = &sections[0].blocks[0] else { panic!("no table") };
        assert_eq!(table.rows[0], ["C > a", "/ci/tests/a.py:4", "expected 1"]);
        assert_eq!(table.rows[1], ["C > b", "r.xml:7", "expected 1"]);
        assert_eq!(sections[0].blocks[1], Block::Text("1 more not shown.".to_owned()));
        for section in &sections {
            let Block::Table(table) = &section.blocks[0] else { panic!("no table") };
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
        assert!(super::sections(&RunResults::default(), &Repository::default()).is_empty());
    }

    #[test]
    fn the_headline_counts() {
        assert_eq!(
            headline(&results().totals),
            "5 tests: 1 passed (1 flaky), 2 failed, 1 broke, 1 skipped, in 12.346 s of test time"
        );
        assert_eq!(headline(&Totals::default()), "0 tests: 0 passed, in 0.000 s of test time");
    }
}
