mod splitting;

use super::super::coverage_py;
use super::testing::{Pieces, Reader, reading, refusal, totals, try_read};
use super::*;
use crate::observe::reading::Reading;

const READ: Reader = coverage_py::read;
const REPORT: &str = r#"{"meta": {"format": 3}, "files": {"a.py": {"executed_lines": [1], "missing_lines": [2]}}}"#;

fn with_lines(executed: &str) -> String {
    format!("{{\"files\": {{\n\"a.py\": {{\"missing_lines\": [],\n\"executed_lines\": [{executed}]}}}}}}")
}

#[test]
fn a_byte_order_mark_and_blanks_do_not_matter() {
    for report in [REPORT.to_owned(), format!("\u{feff}{REPORT}"), format!(" \r\n\t{REPORT}\n\n")] {
        assert_eq!(totals(&reading(READ, &report)), "lines 1/2");
        for size in 1..9 {
            let mut into = Reading::default();
            READ(&mut Pieces(report.as_bytes(), size), &mut into).unwrap();
            assert_eq!(totals(&into), "lines 1/2", "{size} bytes at a time");
        }
    }
    assert!(refusal(READ, format!("\u{feff}\u{feff}{REPORT}")).starts_with("malformed:1"));
}

#[test]
fn nothing_is_an_empty_report_and_half_is_a_broken_one() {
    for nothing in ["", " \n\t", "\u{feff}", "\u{feff}\n"] {
        assert!(refusal(READ, nothing).starts_with("empty:"), "{nothing:?}");
    }
    assert!(
        refusal(READ, "{\n\"files\": {").starts_with("truncated:2: the report breaks off: its JSON ends too early")
    );
    assert!(refusal(READ, "\u{feff}{").starts_with("truncated:1"));
    testing::no_beginning_is_a_report(READ, REPORT);
}

#[test]
fn what_is_no_json_says_so_with_its_line() {
    assert!(refusal(READ, "<html>").starts_with("malformed:1: it is no valid JSON"));
    assert!(
        refusal(READ, "[1]").starts_with("malformed:1: invalid type: sequence, expected a report of coverage.py's")
    );
    assert!(refusal(READ, format!("{REPORT}\n\n{REPORT}")).starts_with("malformed:3: it is no valid JSON: trailing"));
    assert!(refusal(READ, format!("{REPORT}\0")).starts_with("malformed:1"));
    assert!(refusal(READ, REPORT.replace("[2]", "[2,]")).starts_with("malformed:1"));
}

#[test]
fn numbers_that_cannot_be_are_refused_with_their_line() {
    let line = |executed: &str| refusal(READ, with_lines(executed));
    assert_eq!(line("-1"), "malformed:3: invalid value: integer `-1`, expected a line number up to 100000000");
    for absurd in ["100000001", "4294967297", "18446744073709551616", "1e99", "1.5", "\"1\"", "null", "true", "[1]"] {
        assert!(line(absurd).starts_with("malformed:3"), "{absurd}");
    }
    assert!(line("1e999").starts_with("malformed:3: it is no valid JSON"));
    let zero = reading(READ, with_lines("0, 7"));
    assert_eq!(totals(&zero), "lines 1/1");
    assert_eq!(zero.notices[0].code, "line-zero");
}

#[test]
fn counts_are_any_whole_number_from_zero_on() {
    let hits = |text: &str| serde_json::from_str::<Hits>(text).map(|hits| hits.0).map_err(|error| error.to_string());
    for ran in ["1", "18446744073709551615", "18446744073709551616", "1e21", "3.0"] {
        assert_eq!(hits(ran), Ok(true), "{ran}");
    }
    for not in ["0", "-0", "0.0", "0e9"] {
        assert_eq!(hits(not), Ok(false), "{not}");
    }
    for absurd in ["-1", "-0.5", "0.5", "1e-3", "-1e30", "1e999", "null", "true", "\"1\"", "[]", "="] {
        assert!(hits(absurd).is_err(), "{absurd}");
    }
    assert!(hits("-5").unwrap_err().contains("a count, a whole number that is not negative"));
}

#[test]
fn depth_is_bounded_where_a_value_is_passed_over_as_well() {
    let nested = |depth: usize| format!("{{\"x\": {}{}, \"files\": {{}}}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(totals(&reading(READ, nested(100))), "");
    assert!(refusal(READ, nested(200)).starts_with("too large:1: the report is too large: arrays within arrays"));
    assert!(refusal(READ, "[".repeat(1 << 20)).starts_with("malformed:1"), "it does not begin as a report does");
    assert!(refusal(READ, format!("{{\"x\":\n{}", "{\"a\":".repeat(1 << 20))).starts_with("too large:2"));
    // Brackets within strings nest nothing.
    let quoted = format!("{{\"x\": \"{}\\\"[[\", \"files\": {{}}}}", "[{".repeat(1000));
    assert_eq!(totals(&reading(READ, quoted)), "");
}

#[test]
fn strings_are_bounded() {
    let long = format!("{{\"x\": \"{}\", \"files\": {{}}}}", "x".repeat(65 << 20));
    assert!(refusal(READ, long).starts_with("too large:1: the report is too large: a string of more than 64 MiB"));
    let path = REPORT.replace("a.py", &"a".repeat(5000));
    assert!(refusal(READ, path).contains("a path of 5000 bytes"));
    assert_eq!(totals(&reading(READ, REPORT.replace("a.py", &"a".repeat(4096)))), "lines 1/2");
}

#[test]
fn paths_need_not_be_utf8() {
    let mut report = REPORT.as_bytes().to_vec();
    let at = REPORT.find("a.py").unwrap();
    report[at] = 0xE9;
    let paths: Vec<String> = reading(READ, &report).files.into_keys().map(|path| path.path).collect();
    assert_eq!(paths, ["\u{fffd}.py"]);
    let escaped = reading(READ, REPORT.replace("a.py", "\\ud800\\u00e9\\\"\\\\\\n.py"));
    assert!(escaped.files.keys().next().unwrap().path.ends_with("é\"\\\n.py"));
}

#[test]
fn a_file_that_is_there_twice_is_united() {
    let twice = r#"{"files": {"a.py": {"executed_lines": [1], "missing_lines": [2]},
        "a.py": {"executed_lines": [2], "missing_lines": [1, 3]}}}"#;
    assert_eq!(totals(&reading(READ, twice)), "lines 2/3");
}

#[test]
fn messages_are_short_and_on_one_line() {
    let report = REPORT.replace("[1]", &format!("\"{}\\n\"", "é".repeat(10_000)));
    let message = refusal(READ, report);
    assert!(message.len() < 400 && !message.contains('\n'), "{message}");
}

#[test]
fn a_failing_source_is_no_broken_report() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let mut into = Reading::default();
    let error = READ(&mut Failing, &mut into).unwrap_err();
    assert_eq!(error.fault, Fault::Io("the disk is gone".to_owned()));
}

#[test]
fn long_names_are_told_apart_by_their_hash() {
    let long = "x".repeat(MAX_NAME_BYTES);
    assert_eq!(name_id(long.as_bytes()).as_ref(), long.as_bytes());
    let (a, b) = (format!("{long}a"), format!("{long}b"));
    assert_ne!(name_id(a.as_bytes()), name_id(b.as_bytes()));
    assert_eq!(name_id(a.as_bytes()).len(), 33);
}

#[test]
fn absolute_paths_are_those_of_any_system() {
    assert!(is_absolute("/a") && is_absolute("C:\\a") && is_absolute("\\\\host\\a") && !is_absolute("a/b"));
}

#[test]
fn any_beginning_with_any_end_is_read_without_panic() {
    for size in [1, 7, 4096] {
        for end in 0..REPORT.len() {
            let mut into = Reading::default();
            let _ = READ(&mut Pieces(&REPORT.as_bytes()[..end], size), &mut into);
        }
    }
    let _ = try_read(READ, [0xFF; 100]);
}
