use super::super::json::testing::{file, items, lines, no_beginning_is_a_report, reading, refusal, totals};
use super::*;

/// As gcc 12's gcov writes it (version 1, keys in any order): a template with two instances.
const REPORT: &str = r#"{"gcc_version": "12.2.0", "files": [{"lines": [
{"branches": [], "count": 1, "line_number": 3, "unexecuted_block": false, "function_name": "_Z5twiceIdET_S0_"},
{"branches": [{"fallthrough": true, "count": 0, "throw": false}, {"fallthrough": false, "count": 1, "throw": false}], "count": 1, "line_number": 4, "unexecuted_block": false, "function_name": "_Z5twiceIdET_S0_"},
{"branches": [], "count": 0, "line_number": 5, "unexecuted_block": true, "function_name": "_Z5twiceIdET_S0_"},
{"branches": [], "count": 1, "line_number": 3, "unexecuted_block": false, "function_name": "_Z5twiceIiET_S0_"},
{"branches": [{"fallthrough": true, "count": 1, "throw": false}, {"fallthrough": false, "count": 0, "throw": true}], "count": 1, "line_number": 4, "unexecuted_block": false, "function_name": "_Z5twiceIiET_S0_"},
{"branches": [], "count": 1, "line_number": 5, "unexecuted_block": false, "function_name": "_Z5twiceIiET_S0_"},
{"branches": [], "count": 1, "line_number": 9, "unexecuted_block": false, "function_name": "main"}],
"functions": [{"blocks": 4, "end_column": 1, "start_line": 3, "name": "_Z5twiceIdET_S0_", "blocks_executed": 3, "execution_count": 1, "demangled_name": "double twice<double>(double)", "start_column": 25, "end_line": 7},
{"start_line": 3, "name": "_Z5twiceIiET_S0_", "execution_count": 0, "demangled_name": "int twice<int>(int)"},
{"start_line": 9, "name": "main", "execution_count": 1, "demangled_name": "main"}], "file": "t.cpp"},
{"file": "/usr/include/c++/12/new", "lines": [{"branches": [], "count": 4, "line_number": 175, "unexecuted_block": false}], "functions": []}],
"format_version": "1", "current_working_directory": "/build/x", "data_file": "t.gcda"}"#;

#[test]
fn instances_of_a_template_count_each() {
    let reading = reading(read, REPORT);
    let source = file(&reading, "/build/x/t.cpp");
    assert_eq!(lines(source), "3+ 4+ 5+ 9+");
    assert_eq!(source.line_instances.totals(), (6, 7));
    assert_eq!(
        items(&source.arms),
        "4:`_Z5twiceIdET_S0_ #0`- 4:`_Z5twiceIdET_S0_ #1`+ 4:`_Z5twiceIiET_S0_ #0`+ 4:`_Z5twiceIiET_S0_ #1`-"
    );
    assert_eq!(items(&source.functions), "3:`double twice<double>(double)`+ 3:`int twice<int>(int)`- 9:`main`+");
    assert!(file(&reading, "/usr/include/c++/12/new").line_instances.is_empty());
    assert_eq!(totals(&reading), "lines 7/8 branches 2/4 functions 2/3");
    assert_eq!(reading.roots, ["/build/x"]);
}

#[test]
fn half_a_report_is_broken_off() {
    no_beginning_is_a_report(read, REPORT);
}

#[test]
fn several_documents_are_one_report_and_their_files_are_not_mixed_up() {
    let other = REPORT.replace("/build/x", "/build/y");
    let both = reading(read, format!("{REPORT}\n{other}\n"));
    assert_eq!(
        both.files.keys().map(|path| path.path.as_str()).collect::<Vec<_>>(),
        ["/build/x/t.cpp", "/build/y/t.cpp", "/usr/include/c++/12/new"]
    );
    assert_eq!(both.roots, ["/build/x", "/build/y"]);
    assert!(refusal(read, format!("{REPORT}\n{other}x")).starts_with("malformed"));
    assert!(refusal(read, format!("{REPORT}\n{{\"files\": [")).starts_with("truncated:14"));
    assert!(refusal(read, format!("{REPORT}\n{{}}")).starts_with("not a report"));
}

#[test]
fn an_object_file_that_ran_elsewhere_is_united() {
    let other = REPORT.replace("\"count\": 0, \"line_number\": 5", "\"count\": 3, \"line_number\": 5");
    assert_eq!(totals(&reading(read, format!("{REPORT}{other}"))), "lines 8/8 branches 2/4 functions 2/3");
}

#[test]
fn paths_are_joined_without_dots() {
    for (root, path, whole) in [
        ("/b/x", "../src/./a.c", "/b/src/a.c"),
        ("/b/", "a.c", "/b/a.c"),
        ("/", "a.c", "/a.c"),
        ("/b", "../../../a.c", "/a.c"),
        ("C:\\b\\x", "..\\a.c", "C:/b/a.c"),
        ("C:\\b", "D:\\a.c", "D:\\a.c"),
        ("/b", "/a/../c.c", "/a/../c.c"),
        ("", "../a.c", "../a.c"),
    ] {
        assert_eq!(joined(root, path), whole, "{root} {path}");
    }
}

#[test]
fn blocks_tell_arms_apart_where_there_are_any() {
    let arm = |count: u32, from: u32, to: u32| {
        format!(
            "{{\"count\": {count}, \"source_block_id\": {from}, \"destination_block_id\": {to}, \"throw\": false, \"fallthrough\": true}}"
        )
    };
    let report = |arms: &str| {
        format!(
            "{{\"files\": [{{\"file\": \"/a.c\", \"lines\": [{{\"line_number\": 1, \"count\": 1, \"branches\": [{arms}]}}], \"functions\": []}}]}}"
        )
    };
    let reading = reading(
        read,
        format!(
            "{}{}",
            report(&format!("{},{}", arm(1, 2, 3), arm(0, 2, 4))),
            report(&format!("{},{}", arm(0, 2, 4), arm(0, 2, 3)))
        ),
    );
    assert_eq!(items(&file(&reading, "/a.c").arms), "1:` :2-3`+ 1:` :2-4`-");
}

#[test]
fn what_cannot_be_is_refused() {
    assert!(refusal(read, "{}").contains("it has no `files`"));
    assert!(
        refusal(read, REPORT.replace("\"count\": 4", "\"count\": -4"))
            .starts_with("malformed:12: invalid value: integer `-4`")
    );
    assert!(refusal(read, REPORT.replace("\"count\": 4, ", "")).contains("a line has no `line_number` or no `count`"));
    assert!(refusal(read, REPORT.replace("\"file\": \"t.cpp\"", "\"x\": 1")).contains("no `file`"));
    assert!(refusal(read, REPORT.replace("\"start_line\": 9, ", "")).contains("a function has no line"));
    assert!(
        refusal(
            read,
            REPORT.replace("\"name\": \"main\", \"execution_count\": 1, \"demangled_name\": \"main\"", "\"x\": 1")
        )
        .contains("a function has no name")
    );
    let zero = reading(read, REPORT.replace("\"line_number\": 175", "\"line_number\": 0"));
    assert_eq!(zero.notices[0].code, "line-zero");
}
