use super::super::json::testing::{file, items, lines, no_beginning_is_a_report, reading, refusal, totals};
use super::*;

/// Format 0.15, shortened, with a line that is there once for each destructor, and things that are left out.
const REPORT: &str = r#"{"gcovr/format_version": "0.15", "files": [{"file": "src/a.cpp", "lines": [
{"line_number": 8, "function_name": "_ZN1AC2Ev", "block_ids": [], "count": 3, "branches": [], "gcovr/md5": "x"},
{"line_number": 10, "function_name": "_ZN1AD0Ev", "block_ids": [2], "count": 0, "branches": []},
{"line_number": 10, "function_name": "_ZN1AD2Ev", "count": 3, "branches": [
{"count": 3, "fallthrough": true, "throw": false, "source_block_id": 2, "destination_block_id": 3},
{"count": 0, "fallthrough": false, "throw": true, "source_block_id": 2, "destination_block_id": 4},
{"count": 0, "fallthrough": false, "throw": true, "source_block_id": 2, "destination_block_id": 5, "gcovr/excluded": true}]},
{"line_number": 12, "function_name": "main", "count": 0, "branches": [{"count": 0, "branchno": 0, "fallthrough": true, "throw": false}], "gcovr/excluded": true},
{"line_number": 13, "count": 0, "branches": [], "gcovr/noncode": true}],
"functions": [{"name": "_ZN1AC2Ev", "demangled_name": "A::A()", "lineno": 8, "execution_count": 3, "blocks_percent": 100.0, "pos": ["8:7", "9:27"]},
{"name": "_ZN1AD0Ev", "demangled_name": "A::~A()", "lineno": 10, "execution_count": 3},
{"name": "f", "lineno": 20}, {"name": "g", "lineno": 30, "execution_count": 0, "gcovr/excluded": true}]}]}"#;

#[test]
fn it_counts_as_gcovr_does() {
    let reading = reading(read, REPORT);
    let source = file(&reading, "src/a.cpp");
    assert_eq!(lines(source), "8+ 10+");
    assert_eq!(items(&source.line_instances), "8:`_ZN1AC2Ev`+ 10:`_ZN1AD0Ev`- 10:`_ZN1AD2Ev`+");
    assert_eq!(items(&source.arms), "10:`_ZN1AD2Ev :2-3`+ 10:`_ZN1AD2Ev :2-4`-");
    assert_eq!(items(&source.functions), "8:`A::A()`+ 10:`A::~A()`+ 20:`f`-");
    assert_eq!(totals(&reading), "lines 2/3 branches 1/2 functions 2/3");
}

#[test]
fn half_a_report_is_broken_off() {
    no_beginning_is_a_report(read, REPORT);
}

#[test]
fn old_formats_have_fewer_keys() {
    let report = r#"{"files": [{"file": "a.c", "functions": [{"execution_count": 1, "lineno": 1, "name": "main"}], "lines": [
        {"branches": [{"count": 1, "fallthrough": true, "throw": false}, {"count": 0, "fallthrough": false, "throw": false}], "count": 2, "gcovr/noncode": false, "line_number": 1},
        {"branches": [], "count": 0, "gcovr/noncode": false, "line_number": 2},
        {"branches": [{"count": 0}], "count": 0, "gcovr/noncode": true, "line_number": 3}]}], "gcovr/format_version": "0.3"}"#;
    let reading = reading(read, report);
    assert_eq!(totals(&reading), "lines 1/2 branches 1/2 functions 1/1");
    assert!(file(&reading, "a.c").line_instances.is_empty());
}

#[test]
fn a_line_that_only_another_report_has_stays_in_the_totals() {
    let plain = r#"{"gcovr/format_version": "0.15", "files": [{"file": "src/a.cpp", "functions": [], "lines": [
        {"line_number": 8, "function_name": "_ZN1AC2Ev", "count": 0, "branches": []},
        {"line_number": 99, "function_name": "late", "count": 0, "branches": []}]}]}"#;
    let mut into = reading(read, REPORT);
    read(&mut plain.as_bytes(), &mut into).unwrap();
    into.settle();
    assert_eq!(totals(&into), "lines 2/4 branches 1/2 functions 2/3");
}

#[test]
fn summaries_are_no_reports() {
    let summary = r#"{"root": ".", "gcovr/summary_format_version": "0.6", "files": []}"#;
    assert!(refusal(read, summary).contains("give the report of `gcovr --json`"));
    assert!(refusal(read, "{\"files\": []}").contains("it has no `gcovr/format_version`"));
    assert!(refusal(read, "{\"gcovr/format_version\": \"0.15\"}").starts_with("not a report"));
    assert!(
        refusal(read, REPORT.replace("\"count\": 3, \"branches\": [],", "\"count\": -3, \"branches\": [],"))
            .starts_with("malformed:2")
    );
}
