use super::super::json::testing::{file, items, lines, no_beginning_is_a_report, reading, refusal, totals};
use super::*;
use proptest::prelude::*;
use serde_json::json;

/// What rustc 1.95 and its llvm-cov made of a generic function with two instantiations that took one arm each (lines 1 to 7), a
/// function that never ran (8 to 10), a closure (12 to 14) and a `main`.
const REPORT: &str = r#"{"data":[{"files":[{"branches":[[2,8,2,13,1,0,0,0,4],[2,8,2,13,0,1,0,0,4],[17,12,17,17,0,3,0,0,4],
[19,8,19,20,0,1,0,0,4]],"expansions":[],"filename":"src/main.rs","mcdc_records":[],"segments":[[1,1,2,true,true,false],
[1,40,0,false,false,false],[2,8,2,true,true,false],[2,13,0,false,false,false],[3,9,1,true,true,false],[3,10,0,false,false,false],
[5,9,1,true,true,false],[5,10,0,false,false,false],[7,1,2,true,true,false],[7,2,0,false,false,false],[8,1,0,true,true,false],
[8,16,0,false,false,false],[9,5,0,true,true,false],[9,13,0,false,false,false],[10,1,0,true,true,false],[10,2,0,false,false,false],
[11,1,1,true,true,false],[11,10,0,false,false,false],[12,9,1,true,true,false],[12,14,0,false,false,false],[12,25,1,true,true,false],
[12,26,0,false,false,false],[13,9,1,true,true,false],[13,14,0,false,false,false],[14,5,1,true,true,false],[14,6,0,false,false,false],
[16,9,3,true,true,false],[16,10,0,false,false,false],[17,12,3,true,true,false],[17,17,0,false,false,false],[17,18,0,true,true,false],
[17,30,3,true,true,false],[17,31,0,false,false,false],[19,8,1,true,true,false],[19,20,0,false,false,false],[20,9,0,true,true,false],
[20,15,0,false,false,false],[21,5,1,true,true,false],[21,6,0,false,false,false]],"summary":{"lines":{"count":21,"covered":16}}}],
"functions":[{"branches":[[2,8,2,13,1,0,0,0,4]],"count":1,"filenames":["src/main.rs"],"name":"_R1","regions":[[1,1,1,40,1,0,0,0],
[2,8,2,13,1,0,0,0]]},{"count":1,"filenames":["src/main.rs"],"name":"_R2","regions":[[1,1,1,40,1,0,0,0],[2,8,2,13,1,0,0,0]]},
{"count":1,"filenames":["src/main.rs"],"name":"_R3","regions":[[12,25,12,26,1,0,0,0]]},
{"count":1,"filenames":["src/main.rs"],"name":"_R4","regions":[[11,1,11,10,1,0,0,0]]},
{"count":0,"filenames":["src/main.rs"],"name":"_R5","regions":[[8,1,8,16,0,0,0,0]]},
{"count":5,"filenames":["/rustc/core/src/ops.rs"],"name":"_R6","regions":[[1,1,8,16,5,0,0,0]]}],
"totals":{"functions":{"count":4,"covered":3,"percent":75}}}],"type":"llvm.coverage.json.export","version":"3.1.0"}"#;

#[test]
fn lines_are_those_of_llvms_own_lcov() {
    let reading = reading(read, REPORT);
    let file = file(&reading, "src/main.rs");
    assert_eq!(lines(file), "1+ 2+ 3+ 5+ 7+ 8- 9- 10- 11+ 12+ 13+ 14+ 16+ 17+ 19+ 20- 21+");
    assert_eq!(items(&file.functions), "1:1+ 8:1- 11:1+ 12:25+", "instantiations are one function");
    assert_eq!(file.arms.totals(), (4, 6), "each instantiation took another arm of line 2");
    assert_eq!(reading.files.len(), 1, "functions of files that were filtered out are not brought back");
    assert_eq!(totals(&reading), "lines 13/17 branches 4/6 functions 3/4");
    assert_eq!(reading.declared.functions, Some((3, 4).into()));
}

#[test]
fn half_a_report_is_broken_off() {
    no_beginning_is_a_report(read, REPORT);
}

#[test]
fn functions_may_come_before_files() {
    let (files, functions) = (REPORT.find("\"files\"").unwrap(), REPORT.find("\"functions\":[").unwrap());
    let end = REPORT.find("\"totals\"").unwrap();
    let swapped = [&REPORT[..files], &REPORT[functions..end], &REPORT[files..functions], &REPORT[end..]].concat();
    assert_eq!(reading(read, swapped).files, reading(read, REPORT).files);
}

#[test]
fn a_function_is_where_its_own_text_is() {
    let region = |line: u32, file: u32, expanded: u32, kind: u32| json!([line, 1, line, 9, 1, file, expanded, kind]);
    let report = json!({"type": "llvm.coverage.json.export", "data": [{
        "files": [{"filename": "m.h", "segments": []}, {"filename": "m.c", "segments": []}],
        "functions": [{"count": 1, "name": "f", "filenames": ["m.h", "m.c"],
            "regions": [region(3, 0, 0, 0), region(7, 1, 0, 1), region(6, 1, 0, 0)]}]}]});
    let reading = reading(read, report.to_string());
    assert_eq!(items(&file(&reading, "m.c").functions), "7:1+", "what a macro brought in is not its place");
    assert!(file(&reading, "m.h").functions.is_empty());
}

#[test]
fn what_has_neither_lines_nor_totals_is_no_report() {
    let summary = r#"{"data":[{"files":[{"filename":"a.rs","summary":{"functions":{"count":1,"covered":1}}}]}]}"#;
    assert!(refusal(read, summary).contains("`a.rs` has neither `segments` nor a `summary` with `lines`"));
    assert!(refusal(read, "{\"type\": \"llvm.coverage.json.export\"}").starts_with("not a report:?: it has no `data`"));
    assert!(refusal(read, "{\"type\": \"other\", \"data\": []}").starts_with("not a report:1: its `type` is `other`"));
    assert!(refusal(read, "{\"data\": [{\"files\": [{\"segments\": []}]}]}").contains("a file has no `filename`"));
}

/// With `--summary-only` there are totals alone, and LLVM's own count: lines once for each function.
#[test]
fn a_summary_has_totals() {
    let one = |lines: &str| {
        format!(
            r#"{{"data":[{{"files":[{{"filename":"a.rs","summary":{{"lines":{{{lines},"percent":7.5}},"mcdc":{{"count":0}},
            "branches":{{"count":4,"covered":1,"notcovered":3}},"functions":{{"count":2,"covered":2}},
            "regions":{{"count":11,"covered":10}}}}}}],"totals":{{"lines":{{"count":9,"covered":8}},"functions":{{"count":2,"covered":2}}}}}}]}}"#
        )
    };
    let report = reading(read, one("\"count\":8,\"covered\":7"));
    assert_eq!(totals(&report), "lines 7/8 branches 1/4 functions 2/2");
    assert!(file(&report, "a.rs").by_totals_only());
    assert_eq!((report.declared.lines, report.declared.functions), (Some((8, 9).into()), Some((2, 2).into())));
    for (lines, why) in [
        ("\"count\":7,\"covered\":8", "`a.rs`.summary.lines: 8 of 7 are covered"),
        ("\"count\":7,\"covered\":-1", "invalid value: integer `-1`"),
        ("\"count\":7,\"covered\":1.5", "invalid type: floating point `1.5`"),
        ("\"count\":9223372036854775809,\"covered\":1", "`a.rs`.summary.lines: 9223372036854775809 is more"),
        ("\"count\":1e3,\"covered\":1", "invalid type: floating point"),
        ("\"count\":7", "missing field `covered`"),
    ] {
        let refused = refusal(read, one(lines));
        assert!(refused.starts_with("malformed:") && refused.contains(why), "{refused}");
    }
}

#[test]
fn segments_that_cannot_be_are_refused() {
    let with =
        |segments: &str| format!("{{\"data\": [{{\"files\": [{{\"filename\": \"a\",\n\"segments\": {segments}}}]}}]}}");
    assert!(
        refusal(read, with("[[2,1,1,true,true,false],[1,1,1,true,true,false]]")).contains("segments are out of order")
    );
    assert!(refusal(read, with("[[0,1,1,true,true,false]]")).starts_with("malformed:2: a place on line 0"));
    assert!(refusal(read, with("[[1,1,-1,true,true,false]]")).starts_with("malformed:2"));
    assert!(refusal(read, with("[[1,1,1,true]]")).starts_with("malformed:2: an array of numbers is too short"));
    assert!(
        refusal(read, with("[[1,1,1,7,true]]"))
            .starts_with("malformed:2: invalid value: integer `7`, expected true or false")
    );
    assert_eq!(
        totals(&reading(read, with("[[1,1,1,1,1],[2,1,0,0,0]]"))),
        "lines 2/2",
        "as versions before 8 wrote them"
    );
}

#[test]
fn a_region_of_absurd_length_costs_little() {
    let report = json!({"data": [{"files": [{"filename": "a", "segments": [[1, 1, 1, true, true, false], [100_000_000, 1, 0, false, false, false]]}]}]});
    assert_eq!(totals(&reading(read, report.to_string())), "lines 100000000/100000000");
}

#[test]
fn columns_of_minified_code_are_kept() {
    let branch = |column: u32| json!([1, column, 1, column + 5, 1, 0, 0, 0, 4]);
    let report = json!({"data": [{"files": [{"filename": "a", "segments": [], "branches": [branch(5), branch(70_000), branch(70_001)]}]}]});
    assert_eq!(totals(&reading(read, report.to_string())), "branches 3/6");
}

/// A segment as numbers and flags.
type Flat = (u32, u32, u64, bool, bool, bool);

/// LLVM's `LineCoverageIterator` and `LineCoverageStats` (LLVM 21), step by step: line, mapped, count.
fn llvm_lines(segments: &[Flat]) -> Vec<(u32, bool)> {
    let Some(first) = segments.first() else { return Vec::new() };
    let (mut next, mut line) = (0, first.0);
    let mut wrapped: Option<Flat> = None;
    let mut of_line: Vec<Flat> = Vec::new();
    let mut lines = Vec::new();
    while next < segments.len() {
        if let Some(last) = of_line.last() {
            wrapped = Some(*last);
        }
        of_line.clear();
        while next < segments.len() && segments[next].0 == line {
            of_line.push(segments[next]);
            next += 1;
        }
        let is_start = |s: &Flat| !s.5 && s.3 && s.4;
        let min_region_count = of_line.iter().filter(|s| is_start(s)).count();
        let start_of_skipped = of_line.first().is_some_and(|s| !s.3 && s.4);
        let mut mapped = !start_of_skipped && (wrapped.is_some_and(|s| s.3) || min_region_count > 0);
        mapped |= of_line.iter().any(|s| s.4 && s.3);
        if mapped {
            let mut count = wrapped.map_or(0, |s| s.2);
            if min_region_count > 0 {
                count = of_line.iter().filter(|s| is_start(s)).fold(count, |count, s| count.max(s.2));
            }
            lines.push((line, count > 0));
        }
        line += 1;
    }
    lines
}

proptest! {
    #[test]
    fn segments_make_the_lines_that_llvm_makes_of_them(
        steps in proptest::collection::vec((0u32..4, 0u64..3, any::<bool>(), any::<bool>(), any::<bool>()), 0..40),
    ) {
        let mut line = 1;
        let segments: Vec<Flat> = steps.iter().enumerate().map(|(index, (step, count, has_count, is_entry, is_gap))| {
            line += step;
            // A segment without a count has the count 0.
            (line, index as u32 + 1, if *has_count { *count } else { 0 }, *has_count, *is_entry, *is_gap)
        }).collect();
        let report = json!({"data": [{"files": [{"filename": "a", "segments": segments}]}]});
        let reading = reading(read, report.to_string());
        let read_lines: Vec<(u32, bool)> = file(&reading, "a").lines.iter().collect();
        prop_assert_eq!(read_lines, llvm_lines(&segments));
    }
}
