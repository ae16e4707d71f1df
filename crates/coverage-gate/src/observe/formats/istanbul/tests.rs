use super::super::json::testing::{file, items, lines, no_beginning_is_a_report, reading, refusal, totals};
use super::*;
use crate::plan::coverage::{Runs, add};

/// As babel-plugin-istanbul makes it of
/// ```js
/// const a = (x) => {
///   if (x) { return 1; }
///   return x ? 2 : 3; };
/// ```
const REPORT: &str = r#"{"/app/a.js": {"path":"/app/a.js","statementMap":{
"0":{"start":{"line":1,"column":10},"end":{"line":3,"column":21}},
"1":{"start":{"line":2,"column":2},"end":{"line":2,"column":22}},
"2":{"start":{"line":2,"column":11},"end":{"line":2,"column":20}},
"3":{"start":{"line":3,"column":2},"end":{"line":3,"column":null}}},
"fnMap":{"0":{"name":"(anonymous_0)","decl":{"start":{"line":1,"column":10},"end":{"line":1,"column":11}},"loc":{"start":{"line":1,"column":17},"end":{"line":3,"column":21}},"line":1}},
"branchMap":{"0":{"loc":{"start":{"line":2,"column":2},"end":{"line":2,"column":22}},"type":"if","locations":[{"start":{"line":2,"column":2},"end":{"line":2,"column":22}},{"start":{},"end":{}}],"line":2},
"1":{"loc":{"start":{"line":3,"column":9},"end":{"line":3,"column":18}},"type":"cond-expr","locations":[{"start":{"line":3,"column":13},"end":{"line":3,"column":14}},{"start":{"line":3,"column":17},"end":{"line":3,"column":18}}]}},
"s":{"0":1,"1":2,"2":0,"3":18446744073709551616},"f":{"0":2},"b":{"0":[0,2],"1":[0,2]},"bT":{"0":[0,0]},
"inputSourceMap":{"version":3,"sourcesContent":["x"],"nested":[[[{}]]]},"_coverageSchema":"x","hash":"y"}}"#;

#[test]
fn lines_statements_functions_and_arms() {
    let reading = reading(read, REPORT);
    let file = file(&reading, "/app/a.js");
    assert_eq!(lines(file), "1+ 2+ 3+");
    assert_eq!(items(&file.functions), "1:`(anonymous_0)@10`+");
    assert_eq!(items(&file.arms), "2:`if:2-2:22/0`- 2:`if:2-2:22/1`+ 3:`cond-expr:9-3:18/0`- 3:`cond-expr:9-3:18/1`+");
    assert_eq!(totals(&reading), "lines 3/3 branches 2/4 functions 1/1 statements 3/4");
    assert!(reading.notices.is_empty(), "{:?}", reading.notices);
}

#[test]
fn half_a_report_is_broken_off() {
    no_beginning_is_a_report(read, REPORT);
}

#[test]
fn old_wrappers_are_looked_into() {
    let inner = REPORT.trim_start_matches("{\"/app/a.js\": ").strip_suffix('}').unwrap();
    let wrapped = format!("{{\"/app/a.js\":{{\"data\":{inner},\"all\":true}}}}");
    assert_eq!(reading(read, wrapped).files, reading(read, REPORT).files);
}

#[test]
fn two_runs_are_united_by_place_whatever_their_ids() {
    let renumbered = REPORT
        .replace("\"0\":{\"start\":{\"line\":1", "\"77\":{\"start\":{\"line\":1")
        .replace("\"s\":{\"0\":1", "\"s\":{\"77\":1");
    let mut files = reading(read, REPORT).files;
    let other = reading(read, renumbered.replace("\"b\":{\"0\":[0,2]", "\"b\":{\"0\":[3,0]")).files;
    for (path, file) in other {
        add(&mut files, path, file, Runs::Different);
    }
    let file = files.values().next().unwrap();
    assert_eq!(file.statements.totals(), (3, 4));
    assert_eq!(file.arms.totals(), (3, 4), "both arms of the `if`");
}

#[test]
fn a_report_of_v8_adds_no_lines_twice() {
    // As c8 makes it: a statement for each line, whole.
    let line = |n: u32| {
        format!("\"{}\":{{\"start\":{{\"line\":{n},\"column\":0}},\"end\":{{\"line\":{n},\"column\":30}}}}", n - 1)
    };
    let v8 = format!(
        "{{\"/app/a.js\":{{\"path\":\"/app/a.js\",\"all\":false,\"statementMap\":{{{},{},{},{}}},\"s\":{{\"0\":1,\"1\":1,\"2\":1,\"3\":0}},\
         \"branchMap\":{{\"0\":{{\"type\":\"branch\",\"line\":1,\"loc\":{{\"start\":{{\"line\":1,\"column\":10}},\"end\":{{\"line\":3,\"column\":21}}}},\
         \"locations\":[{{\"start\":{{\"line\":1,\"column\":10}},\"end\":{{\"line\":3,\"column\":21}}}}]}}}},\"b\":{{\"0\":[2]}},\"fnMap\":{{}},\"f\":{{}}}}}}",
        line(1),
        line(2),
        line(3),
        line(4)
    );
    let mut into = reading(read, REPORT);
    read(&mut v8.as_bytes(), &mut into).unwrap();
    into.settle();
    let file = file(&into, "/app/a.js");
    assert_eq!(lines(file), "1+ 2+ 3+ 4-");
    assert_eq!(file.statements.totals(), (6, 8), "statements are different ones");
}

#[test]
fn what_is_at_the_very_same_place_is_counted_as_often_as_istanbul_does() {
    let place = "{\"start\":{\"line\":1,\"column\":0},\"end\":{\"line\":1,\"column\":9}}";
    let report = format!(
        "{{\"a.js\":{{\"statementMap\":{{\"0\":{place},\"1\":{place}}},\"s\":{{\"0\":1,\"1\":0}},\
         \"fnMap\":{{\"0\":{{\"name\":\"f\",\"loc\":{place}}},\"1\":{{\"name\":\"f\",\"loc\":{place}}}}},\"f\":{{\"0\":0,\"1\":0}},\
         \"branchMap\":{{\"0\":{{\"type\":\"if\",\"locations\":[{place}]}},\"1\":{{\"type\":\"if\",\"locations\":[{place}]}}}},\"b\":{{\"0\":[1],\"1\":[1]}}}}}}"
    );
    assert_eq!(totals(&reading(read, report)), "lines 1/1 branches 2/2 functions 0/2 statements 1/2");
}

#[test]
fn what_has_no_count_did_not_run() {
    let reading = reading(
        read,
        REPORT.replace("\"s\":{\"0\":1,\"1\":2,", "\"s\":{\"0\":1,").replace("\"1\":[0,2]}", "\"1\":[1]}"),
    );
    assert_eq!(totals(&reading), "lines 2/3 branches 2/4 functions 1/1 statements 2/4");
    assert_eq!(reading.notices[0].code, "count-missing");
    assert!(reading.notices[0].what.contains("2 statements, functions or arms"));
}

#[test]
fn what_has_a_count_and_no_place_is_refused() {
    for (from, to) in [("\"s\":{", "\"s\":{\"9\":0,"), ("\"f\":{", "\"f\":{\"9\":0,"), ("\"b\":{", "\"b\":{\"9\":[0],")]
    {
        let refused = refusal(read, REPORT.replace(from, to));
        assert!(refused.starts_with("malformed:10") && refused.contains("`9` has a count, but no place"), "{refused}");
    }
}

#[test]
fn negative_counts_are_refused_with_their_line() {
    assert!(
        refusal(read, REPORT.replace("\"2\":0", "\"2\":-1")).starts_with("malformed:9: invalid value: integer `-1`")
    );
    assert!(refusal(read, REPORT.replace("[0,2]", "[0,-2]")).starts_with("malformed:9"));
    assert!(refusal(read, REPORT.replace("\"2\":0", "\"2\":null")).starts_with("malformed:9"));
}

#[test]
fn what_has_no_line_is_left_out_and_named() {
    let report = REPORT.replace("\"2\":{\"start\":{\"line\":2,", "\"2\":{\"start\":{\"line\":null,");
    let reading = reading(read, report);
    assert_eq!(totals(&reading), "lines 3/3 branches 2/4 functions 1/1 statements 3/3");
    assert_eq!(reading.notices[0].code, "line-zero");
}

#[test]
fn long_lines_keep_their_columns() {
    let minified = REPORT.replace(
        "\"column\":11},\"end\":{\"line\":2,\"column\":20}",
        "\"column\":90011},\"end\":{\"line\":2,\"column\":900020}",
    );
    let reading = reading(read, minified);
    assert!(items(&file(&reading, "/app/a.js").statements).contains("2:`90011-2:900020`-"));
}

#[test]
fn other_things_are_no_reports() {
    assert!(
        refusal(read, "{\"result\": {\"x\": []}}")
            .starts_with("not a report:1: its entry `result` has neither a `statementMap` nor totals")
    );
    assert!(refusal(read, "{\"result\": [1]}").starts_with("malformed:1"));
    assert_eq!(totals(&reading(read, "{}")), "");
}

/// As nyc and Vitest write it.
const SUMMARY: &str = r#"{"total": {"lines":{"total":5,"covered":3,"skipped":0,"pct":60},"statements":{"total":6,"covered":4,"skipped":0,"pct":66.66},
"functions":{"total":0,"covered":0,"skipped":0,"pct":100},"branches":{"total":4,"covered":1,"skipped":0,"pct":25},"branchesTrue":{"total":0,"covered":0,"skipped":0,"pct":"Unknown"}}
,"/app/a.js": {"lines":{"total":4,"covered":3,"skipped":0,"pct":75},"functions":{"total":0,"covered":0,"skipped":0,"pct":100},"statements":{"total":5,"covered":4,"skipped":0,"pct":80},"branches":{"total":4,"covered":1,"skipped":0,"pct":25}}
,"/app/total": {"lines":{"total":1,"covered":0,"skipped":0,"pct":0},"functions":{"total":0,"covered":0,"skipped":0,"pct":100},"statements":{"total":1,"covered":0,"skipped":0,"pct":0},"branches":{"total":0,"covered":0,"skipped":0,"pct":100}}
}"#;

#[test]
fn a_summary_has_totals() {
    let report = reading(read, SUMMARY);
    assert_eq!(totals(&report), "lines 3/5 branches 1/4 statements 4/6");
    assert!(file(&report, "/app/a.js").by_totals_only());
    assert_eq!((report.files.len(), report.declared.lines), (2, Some((3, 5).into())));
    no_beginning_is_a_report(read, SUMMARY);
    let lying = reading(read, SUMMARY.replacen("\"covered\":3", "\"covered\":4", 1));
    assert_eq!(lying.declared.lines, Some((4, 5).into()));
    for (to, why) in [
        ("\"total\":2,\"covered\":3", "`/app/a.js`.lines: 3 of 2 are covered"),
        ("\"total\":4,\"covered\":-3", "invalid value: integer `-3`"),
        ("\"total\":4,\"covered\":3.0", "invalid type: floating point `3.0`"),
        ("\"total\":\"4\",\"covered\":3", "invalid type: string"),
        ("\"total\":99999999999999999999,\"covered\":3", "invalid type: floating point"),
        ("\"total\":9223372036854775809,\"covered\":3", "`/app/a.js`.lines: 9223372036854775809 is more"),
    ] {
        let refused = refusal(read, SUMMARY.replace("\"total\":4,\"covered\":3", to));
        assert!(refused.starts_with("malformed:") && refused.contains(why), "{refused}");
    }
    let nothing = r#"{"total": {"lines":{"total":0,"covered":0,"skipped":0,"pct":"Unknown"}}}"#;
    assert_eq!(totals(&reading(read, nothing)), "");
}

#[test]
fn a_file_that_never_ran_counts() {
    let report = r#"{"a.js":{"path":"a.js","all":true,"statementMap":{"0":{"start":{"line":1,"column":0},"end":{"line":1,"column":5}}},
        "s":{"0":0},"fnMap":{},"f":{},"branchMap":{},"b":{}}, "empty.js": {"statementMap": {}}}"#;
    assert_eq!(totals(&reading(read, report)), "lines 0/1 statements 0/1");
}
