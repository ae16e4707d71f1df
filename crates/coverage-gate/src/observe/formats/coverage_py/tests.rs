use super::super::json::testing::{file, items, lines, no_beginning_is_a_report, reading, refusal, totals};
use super::*;

/// As coverage.py 7.13 writes it, shortened.
const REPORT: &str = r#"{"meta": {"format": 3, "version": "7.13.0", "timestamp": "2026-11-22T10:00:00.5", "branch_coverage": true,
"show_contexts": false}, "files": {"src/a.py": {"executed_lines": [1, 2, 4], "summary": {"covered_lines": 3,
"num_statements": 5, "percent_covered": 60.0, "percent_covered_display": "60", "missing_lines": 2, "excluded_lines": 1,
"num_branches": 4, "num_partial_branches": 1, "covered_branches": 2, "missing_branches": 2}, "missing_lines": [3, 7],
"excluded_lines": [9], "executed_branches": [[2, 4], [4, -1]], "missing_branches": [[2, 3], [4, 7]],
"functions": {"f": {"executed_lines": [2, 4], "summary": {}, "missing_lines": [3], "excluded_lines": [], "start_line": 1},
"A.g": {"executed_lines": [], "missing_lines": [7], "excluded_lines": []},
"A.abstract": {"executed_lines": [], "missing_lines": [], "excluded_lines": [9], "start_line": 8},
"": {"executed_lines": [1], "missing_lines": [], "excluded_lines": []}}, "classes": {}}},
"totals": {"covered_lines": 3, "num_statements": 5, "covered_branches": 2, "num_branches": 4}}"#;

#[test]
fn lines_arms_and_functions() {
    let reading = reading(read, REPORT);
    let file = file(&reading, "src/a.py");
    assert_eq!(lines(file), "1+ 2+ 3- 4+ 7-");
    assert_eq!(items(&file.arms), "2:3- 2:4+ 4:7- 4:`-1`+");
    assert_eq!(items(&file.functions), "1:`f`+ 7:`A.g`-", "the module and what is excluded are no functions");
    assert_eq!(totals(&reading), "lines 3/5 branches 2/4 functions 1/2");
    assert_eq!(reading.declared.lines, Some(Share { covered: 3, coverable: 5 }));
    assert_eq!(reading.declared.branches.map(BranchShare::lower), Some(Share { covered: 2, coverable: 4 }));
    assert!(reading.lying.is_empty() && reading.notices.is_empty());
}

#[test]
fn half_a_report_is_broken_off() {
    no_beginning_is_a_report(read, REPORT);
}

#[test]
fn a_local_time_is_taken_as_late_as_it_may_be() {
    let noon_utc = 1_795_341_600;
    assert_eq!(reading(read, REPORT).timestamp_s, Some(noon_utc + 12 * 3600));
    let zoned = REPORT.replace("10:00:00.5", "10:00:00.5+02:00");
    assert_eq!(reading(read, zoned).timestamp_s, Some(noon_utc - 2 * 3600));
    assert_eq!(reading(read, REPORT.replace("2026-11-22T10:00:00.5", "yesterday")).timestamp_s, None);
}

#[test]
fn arms_that_two_runs_took_are_united_by_where_they_jump() {
    let other = REPORT.replace("\"executed_branches\": [[2, 4], [4, -1]]", "\"executed_branches\": [[2, 3], [4, -1]]");
    let other = other.replace("\"missing_branches\": [[2, 3], [4, 7]]", "\"missing_branches\": [[2, 4], [4, 7]]");
    let mut into = reading(read, REPORT);
    read(&mut other.as_bytes(), &mut into).unwrap();
    into.settle();
    assert_eq!(items(&file(&into, "src/a.py").arms), "2:3+ 2:4+ 4:7- 4:`-1`+");
}

#[test]
fn totals_that_lie_are_named() {
    let lying = REPORT.replacen("\"covered_lines\": 3", "\"covered_lines\": 5", 1);
    let reading = reading(read, lying);
    let (path, declared, derived) = &reading.lying[0];
    assert_eq!((path.as_str(), declared.covered, derived.covered), ("src/a.py", 5, 3));
}

#[test]
fn branches_that_are_only_a_total_are_named_and_not_made_up() {
    let old = r#"{"meta": {"version": "6.4"}, "files": {"a.py": {"executed_lines": [1], "missing_lines": [],
        "summary": {"covered_lines": 1, "num_statements": 1, "num_branches": 2, "covered_branches": 1}}}, "totals": {}}"#;
    let reading = reading(read, old);
    assert_eq!(totals(&reading), "lines 1/1");
    assert_eq!(reading.notices[0].code, "branches-not-listed");
}

#[test]
fn a_newer_format_is_named() {
    assert_eq!(reading(read, REPORT.replace("\"format\": 3", "\"format\": 4")).notices[0].code, "format-newer");
}

#[test]
fn what_is_no_report_is_refused() {
    assert!(refusal(read, "{}").starts_with("not a report:?: it has no `files`"));
    assert!(refusal(read, "{\"files\": []}").starts_with("malformed:1: invalid type: sequence"));
    assert!(refusal(read, "{\"files\": {\"a\":\n{}}}").contains("`a` has no `executed_lines` and `missing_lines`"));
    assert!(refusal(read, REPORT.replace("\"missing_lines\": [3, 7],", "")).contains("has no `executed_lines`"));
    assert!(refusal(read, REPORT.replace("[3, 7]", "null")).starts_with("malformed:4"));
    assert!(refusal(read, REPORT.replace("[2, 4], [4, -1]", "[2, 4, 5]")).starts_with("malformed:5"));
    assert!(refusal(read, REPORT.replace("[2, 4], [4, -1]", "[-2, 4]")).starts_with("malformed:5"));
    assert_eq!(totals(&reading(read, "{\"files\": {}}")), "");
}
