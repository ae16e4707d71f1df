use super::super::json::testing::{file, items, lines, no_beginning_is_a_report, reading, refusal, totals};
use super::*;

const RESULTSET: &str = r#"{"RSpec": {"coverage": {"/app/a.rb": {"lines": [null, 1, 0, null, 2],
"branches": {"[:if, 0, 3, 4, 5, 7]": {"[:then, 1, 4, 6, 4, 9]": 1, "[:else, 2, 3, 4, 5, 7]": 0}},
"methods": {"[#<Class:0x00007f1>, :run, 2, 2, 5, 5]": 3, "[\"Foo, Bar\", :[]=, 5, 2, 5, 5]": 0}},
"/app/old.rb": [1, 0, null]}, "timestamp": 1700000000},
"Cucumber": {"coverage": {"/app/a.rb": {"lines": [null, 0, 4, null, null],
"branches": {"[:if, 7, 3, 4, 5, 7]": {"[:then, 8, 4, 6, 4, 9]": 0, "[:else, 9, 3, 4, 5, 7]": 2}},
"methods": {"[#<Class:0x00008a2>, :run, 2, 2, 5, 5]": 0}}}, "timestamp": 1700000100.5}}"#;

#[test]
fn commands_are_united_by_line_and_place() {
    let reading = reading(read, RESULTSET);
    let united = file(&reading, "/app/a.rb");
    assert_eq!(lines(united), "2+ 3+ 5+");
    assert_eq!(
        items(&united.arms),
        "3:`if 4-5:7 else 3:4-5:7`+ 3:`if 4-5:7 then 4:6-4:9`+",
        "Ruby's numbers are not read"
    );
    assert_eq!(items(&united.functions), "2:`2-5:5`+ 5:`2-5:5`-");
    assert_eq!(lines(file(&reading, "/app/old.rb")), "1+ 2-");
    assert_eq!(reading.timestamp_s, Some(1_700_000_100));
}

#[test]
fn half_a_report_is_broken_off() {
    no_beginning_is_a_report(read, RESULTSET);
    no_beginning_is_a_report(read, COVERAGE_JSON);
}

const COVERAGE_JSON: &str = r#"{"meta": {"simplecov_version": "1.1.0", "timestamp": "2024-01-01T00:00:00.000+00:00", "root": "/app"},
"total": {"lines": {"covered": 2, "missed": 1, "total": 3, "percent": 66.66}, "branches": {"covered": 1, "missed": 1, "total": 2},
"methods": {"covered": 1, "missed": 0, "total": 1}},
"coverage": {"lib/a.rb": {"lines": [null, 1, 1, 0, "ignored"], "source": ["a", "b"], "lines_covered_percent": 66.66,
"branches": [{"type": "then", "start_line": 4, "end_line": 4, "coverage": 0, "inline": false, "report_line": 3},
{"type": "else", "start_line": 5, "end_line": 5, "coverage": 1, "inline": false, "report_line": 3},
{"type": "else", "start_line": 5, "end_line": 5, "coverage": "ignored", "inline": false, "report_line": 3}],
"methods": [{"name": "A#b", "start_line": 2, "end_line": 5, "coverage": 7},
{"name": "A#c", "start_line": 9, "end_line": 9, "coverage": "ignored"}]}},
"groups": {"Models": {"lines": {"covered": 1}, "files": []}}, "errors": {}, "$schema": "x"}"#;

#[test]
fn coverage_json_is_read_with_what_it_leaves_out() {
    let reading = reading(read, COVERAGE_JSON);
    let file = file(&reading, "lib/a.rb");
    assert_eq!(lines(file), "2+ 3+ 4-");
    assert_eq!(items(&file.arms), "3:`3 else 5-5 0`+ 3:`3 then 4-4 0`-");
    assert_eq!(items(&file.functions), "2:`A#b`+");
    assert_eq!(totals(&reading), "lines 2/3 branches 1/2 functions 1/1");
    assert_eq!(reading.declared.lines, Some(Share { covered: 2, coverable: 3 }));
    assert_eq!(reading.declared.functions, Some(Share { covered: 1, coverable: 1 }));
    assert_eq!((reading.timestamp_s, reading.roots), (Some(1_704_067_200), vec!["/app".to_owned()]));
}

#[test]
fn arms_of_one_kind_on_the_same_lines_are_two() {
    let twice = COVERAGE_JSON.replace("\"coverage\": \"ignored\", \"inline\"", "\"coverage\": 0, \"inline\"");
    assert_eq!(reading(read, twice).files.values().next().unwrap().arms.totals(), (1, 3));
}

#[test]
fn simplecov_json_is_read() {
    let report = r#"{"timestamp": "1700000000", "command_name": "RSpec", "files": [
        {"filename": "/app/a.rb", "covered_percent": 50.0, "coverage": [null, 1, 0], "covered_lines": 1},
        {"filename": "/app/b.rb", "coverage": {"lines": [3], "branches": {}}}],
        "groups": {}, "metrics": {"covered_percent": 50.0}}"#;
    let reading = reading(read, report);
    assert_eq!(totals(&reading), "lines 2/3");
    assert_eq!(reading.timestamp_s, Some(1_700_000_000));
}

#[test]
fn percentages_alone_are_no_report() {
    assert!(refusal(read, "{\"result\": {\"line\": 95.0}}").contains("`.last_run.json` has only a percentage"));
    assert!(refusal(read, "{}").starts_with("not a report"));
    assert!(refusal(read, "{\"meta\": {}}").starts_with("not a report"));
}

#[test]
fn a_run_without_coverage_is_refused() {
    let broken = RESULTSET.replacen("\"Cucumber\": {\"coverage\":", "\"Cucumber\": {\"lost\":", 1);
    assert_eq!(refusal(read, broken), "malformed:?: the run `Cucumber` has no `coverage`");
}

#[test]
fn counts_and_places_that_cannot_be_are_refused() {
    let first = |from: &str, to: &str| refusal(read, RESULTSET.replacen(from, to, 1));
    assert!(first("[null, 1, 0", "[null, -1, 0").starts_with("malformed:1"));
    assert!(first("[null, 1, 0", "[null, \"x\", 0").starts_with("malformed:1"));
    assert!(first("[null, 1, 0", "[null, 0.5, 0").starts_with("malformed:1"));
    assert!(first("[null, 1, 0", "[null, true, 0").starts_with("malformed:1"));
    assert!(first("[:if, 0, 3, 4, 5, 7]", "[:if]").contains("the branch `[:if]` has no place"));
    assert!(first("[:then, 1, 4, 6, 4, 9]", "then").contains("the branch `then` has no place"));
    assert!(first("\"Foo, Bar\\\", :[]=, 5, 2, 5, 5]", "x").contains("malformed:3"));
    assert!(refusal(read, "{\"A\": {\"coverage\": {\"a.rb\": {}}}}").contains("`a.rb` has no `lines`"));
    assert!(refusal(read, "{\"A\": {\"coverage\": {\"a.rb\": null}}}").contains("`a.rb` has no `lines`"));
    assert!(refusal(read, "{\"A\": {\"coverage\": {\"a.rb\": 3}}}").starts_with("malformed:1"));
    assert!(refusal(read, "{\"files\": [{\"coverage\": [1]}]}").contains("a file has no `filename`"));
}

#[test]
fn huge_counts_ran() {
    assert_eq!(
        totals(&reading(read, "{\"A\": {\"coverage\": {\"a.rb\": [1e21, 99999999999999999999, 0, null]}}}")),
        "lines 2/3"
    );
}

#[test]
fn places_are_what_ruby_writes() {
    let parse =
        |text: &str| ruby::Place::parse(text.as_bytes()).map(|place| (place.kind.clone(), place.line, place.columns()));
    assert_eq!(parse("[:\"&.\", 3, 12, 4, 14, 7]"), Some(("\"&.\"".to_owned(), 12, "4-14:7".to_owned())));
    assert_eq!(parse("[Foo::Bar, :baz, 2, 2, 4, 5]"), Some(("Foo::Bar".to_owned(), 2, "2-4:5".to_owned())));
    for odd in ["", "[]", "[1, 2, 3, 4]", "[:a, 1, 2, 3]", "[:a, b, -1, 2, 3, 4]", "[:a, 0, 999999999, 1, 2, 3]"] {
        assert_eq!(parse(odd), None, "{odd}");
    }
}
