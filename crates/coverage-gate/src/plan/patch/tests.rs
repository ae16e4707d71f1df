use super::super::coverage::Files;
use super::super::measured::Unit;
use super::super::moved;
use super::super::ranges::to_text;
use super::super::testing::{added, changed, diff, files, hunk, lines};
use super::*;

fn sorted_out(diff: &Diff, files: &Files<String>, exclude: &[&str], partial: PartialLines) -> Changes {
    let exclude = Globs::new(&exclude.iter().map(|glob| (*glob).to_owned()).collect::<Vec<_>>());
    let unmatched = Files::new();
    let measured = Measured::new(files, &unmatched, &exclude, partial, Unit::Lines);
    changes(diff, &moved::find(diff), &measured, &exclude)
}

fn of(files_of_diff: Vec<ChangedFile>, reported: &[(&str, &str)]) -> Changes {
    sorted_out(&diff(files_of_diff), &files(reported), &[], PartialLines::Hit)
}

#[test]
fn changed_lines_are_counted_and_joined() {
    let text = ["a", "b", "c", "d", "e", "f"];
    let changes = of(vec![added("src/a.php", 10, &text)], &[("src/a.php", "+9 -10 -12 +13 ~14 -40")]);
    let file = &changes.patch.files[0];
    assert_eq!((file.lines.covered, file.lines.coverable), (2, 4));
    assert_eq!((to_text(&file.uncovered), to_text(&file.partial)), ("10-12".to_owned(), "14".to_owned()));
    assert_eq!(changes.owed, [Owed { file: 0, lines: vec![10, 12] }]);
    assert_eq!(changes.patch.lines, file.lines);
    let in_part = sorted_out(
        &diff(vec![added("src/a.php", 10, &text)]),
        &files(&[("src/a.php", "+9 -10 -12 +13 ~14 -40")]),
        &[],
        PartialLines::Miss,
    );
    assert_eq!(in_part.patch.lines, (1, 4).into());
    assert_eq!(to_text(&in_part.patch.files[0].uncovered), "10-12,14");
}

#[test]
fn ranges_do_not_join_across_lines_that_did_not_change() {
    let file = changed("a.php", Change::Modified, vec![hunk(1, &[], 1, &["a"]), hunk(1, &[], 3, &["b"])]);
    let changes = of(vec![file], &[("a.php", "-1 -3")]);
    assert_eq!(to_text(&changes.patch.files[0].uncovered), "1,3");
}

#[test]
fn a_changed_source_file_must_be_in_a_report() {
    let reported = [("src/a.php", "+1"), ("lib/x.twig", "+1")];
    for (path, why) in [
        ("src/b.php", Some(Missing::NotInReports)),
        ("web/app.ts", Some(Missing::NoReportOfLanguage)),
        ("lib/y.twig", Some(Missing::NotInReports)),
        ("README.md", None),
        ("db/1.sql", None),
        ("views/a.blade.php", None),
        ("run.sh", None),
        ("tests/bTest.php", None),
        ("app.config.js", None),
        ("gen/c.php", None),
    ] {
        let diff = diff(vec![added(path, 1, &["x"])]);
        let changes = sorted_out(&diff, &files(&reported), &["gen/**"], PartialLines::Hit);
        assert_eq!(changes.missing.first().map(|missing| missing.why), why, "{path}");
        assert_eq!(changes.patch.missing.len(), usize::from(why.is_some()));
        assert_eq!(changes.patch.not_measured.len(), usize::from(why.is_none()), "{path}");
    }
}

#[test]
fn what_a_report_holds_counts_whatever_its_name() {
    let changes = of(vec![added("tests/helper.php", 1, &["x"])], &[("tests/helper.php", "-1")]);
    assert_eq!(changes.patch.lines, (0, 1).into());
    let excluded = sorted_out(
        &diff(vec![added("tests/helper.php", 1, &["x"])]),
        &files(&[("tests/helper.php", "-1")]),
        &["tests"],
        PartialLines::Hit,
    );
    assert_eq!((excluded.patch.lines, excluded.patch.not_measured.len()), ((0, 0).into(), 1));
}

#[test]
fn what_adds_nothing_owes_nothing() {
    let mut renamed = changed("src/new.php", Change::Renamed, vec![]);
    renamed.old_path = Some("src/old.php".to_owned());
    for (file, named) in [
        (changed("src/b.php", Change::Deleted, vec![hunk(1, &["x"], 0, &[])]), false),
        (renamed, false),
        (changed("src/b.php", Change::Modified, vec![hunk(1, &["x"], 0, &[])]), false),
        (changed("libs/sub", Change::Submodule, vec![]), true),
        (changed("src/b.php", Change::Link, vec![hunk(1, &[], 1, &["target"])]), true),
        (changed("logo.png", Change::Binary, vec![]), true),
        (added("src/b.php", 1, &["", "  \t"]), true),
    ] {
        let changes = of(vec![file.clone()], &[("src/a.php", "+1")]);
        assert!(changes.patch.missing.is_empty() && changes.patch.files.is_empty(), "{file:?}");
        assert_eq!(changes.patch.not_measured.len(), usize::from(named), "{file:?}");
    }
}

#[test]
fn comments_and_declarations_owe_nothing_even_unmeasured() {
    let known = [("src/a.php", "+1"), ("a.go", "+1"), ("src/lib.rs", "+1")];
    for (path, lines, missing) in [
        ("src/b.php", &["// one", "", "// two"][..], false),
        ("src/b.php", &["// one", "two();"], true),
        ("src/main.rs", &["pub mod tax;"], false),
        ("types.go", &["type T struct {", "}"], true),
    ] {
        let changes = of(vec![added(path, 1, lines)], &known);
        assert_eq!(!changes.missing.is_empty(), missing, "{path} {lines:?}");
    }
    let new = |lines: &[&str]| changed("types.go", Change::Added, vec![hunk(0, &[], 1, lines)]);
    assert!(of(vec![new(&["package a", "type T struct {", "}"])], &known).missing.is_empty());
    assert!(!of(vec![new(&["package a", "func f() {", "}"])], &known).missing.is_empty());
}

#[test]
fn all_of_a_copy_is_new() {
    let copy = |hunks| changed("src/copy.php", Change::Copied, hunks);
    let known = [("src/a.php", "+1"), ("src/copy.php", "+1 -3 -9")];
    for hunks in [vec![], vec![hunk(3, &["old"], 3, &["new"])]] {
        let changes = of(vec![copy(hunks.clone())], &known);
        assert_eq!(changes.patch.files[0].lines, (1, 3).into());
        assert_eq!((to_text(&changes.patch.files[0].uncovered), changes.owed[0].lines.len()), ("3-9".to_owned(), 2));
        assert_eq!(of(vec![copy(hunks)], &known[..1]).missing.len(), 1);
    }
}

#[test]
fn a_source_file_taken_for_binary_is_missing_even_when_measured() {
    for reported in ["src/a.php", "src/b.php"] {
        let changes = of(vec![changed("src/b.php", Change::Binary, vec![])], &[(reported, "+1")]);
        assert_eq!(changes.missing, [MissingFile { path: "src/b.php".to_owned(), why: Missing::NoLines }]);
    }
}

#[test]
fn moved_code_owes_nothing() {
    let text = lines(4);
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let old = changed("src/a.php", Change::Modified, vec![hunk(1, &text, 0, &[])]);
    let mut more = text.clone();
    more.push("$new = 1;");
    let known = [("src/a.php", "+9"), ("src/b.php", "-1 -2 +3 -4 -5")];
    let changes = of(vec![old.clone(), added("src/b.php", 1, &more)], &known);
    let file = &changes.patch.files[0];
    assert_eq!(
        (file.lines, to_text(&file.moved), to_text(&file.uncovered)),
        ((0, 1).into(), "1-4".to_owned(), "5".to_owned())
    );
    // Into a file that nobody measured.
    let changes = of(vec![old.clone(), added("src/c.php", 1, &text)], &known);
    assert!(changes.missing.is_empty());
    let changes = of(vec![old, added("src/c.php", 1, &more)], &known);
    assert_eq!(changes.missing.len(), 1);
}

#[test]
fn new_files_are_those_that_ought_to_be_measured_or_are() {
    let new = |path| changed(path, Change::Added, vec![hunk(0, &[], 1, &["x"])]);
    let diff =
        diff(vec![new("src/a.php"), new("src/b.php"), new("a.md"), new("tests/T.php"), added("src/c.php", 1, &["x"])]);
    let changes = sorted_out(&diff, &files(&[("src/a.php", "+1"), ("src/c.php", "+1")]), &[], PartialLines::Hit);
    assert_eq!(changes.new_files, ["src/a.php", "src/b.php"]);
    assert!(changes.patch.files[0].added && !changes.patch.files[1].added);
}
