use super::*;
use proptest::prelude::*;

/// A section of git's for `x.rs` with this body.
fn section(body: &str) -> String {
    format!("diff --git a/x.rs b/x.rs\nindex 1111111..2222222 100644\n--- a/x.rs\n+++ b/x.rs\n{body}")
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>, line: Option<u32>, words: &str) {
    match parse(text.as_ref(), "change.diff") {
        Err(Error::File { path, line: found, what }) => {
            assert_eq!((path.as_str(), found), ("change.diff", line), "{what}");
            assert!(what.contains(words), "{what}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_diff_has_no_files_and_no_diff_is_refused() {
    assert_eq!(parse(b"", "x").unwrap(), []);
    assert_eq!(parse(b"\n \r\n", "x").unwrap(), []);
    refused("hello\n", None, "no unified diff");
    refused("1c1\n< a\n---\n> b\n", None, "no unified diff");
    refused("commit 1234\nAuthor: x\n\n    message\n", None, "no unified diff");
}

#[test]
fn what_other_tools_write_is_named() {
    refused(b"\xff\xfed\0i\0f\0f\0", Some(1), "UTF-16");
    refused("Index: x.rs\n===================\n--- x.rs\t(revision 1)\n", Some(1), "Subversion");
    refused("*** a/x.rs\t2024\n--- b/x.rs\t2024\n***************\n", Some(1), "context diff");
    refused("diff -ru a b\nOnly in b: x.rs\n", Some(2), "diff -ruN");
    refused("\x1b[1mdiff --git a/x b/x\x1b[m\n", Some(1), "--no-color");
    refused("diff --cc x.rs\nindex 1,2..3\n", Some(1), "combined diff");
    refused("diff --combined x.rs\n", Some(1), "combined diff");
    refused("@@ -1 +1 @@\n-a\n+b\n", Some(1), "hunk of no file");
}

#[test]
fn counts_that_lie_are_refused_at_their_line() {
    refused(section("@@ -1,2 +1,2 @@\n a\n-b\n"), Some(5), "breaks off: 0 old and 1 new");
    refused(section("@@ -1,1 +1,2 @@\n-a\n+b\n+c\n+d\n"), Some(9), "its counts are wrong");
    refused(section("@@ -1,1 +1,1 @@\n-a\n+b\n c\n"), Some(8), "its counts are wrong");
    refused(section("@@ -1,2 +1,1 @@\n-a\n+b\n+c\n-d\n"), Some(8), "does not fit the hunk that begins at line 5");
    refused(section("@@ -1,3 +1,3 @@\n a\n-b\n+c\ndiff --git a/y b/y\n"), Some(9), "does not fit");
    refused(section("@@ -x +1 @@\n"), Some(5), "no hunk header");
    refused(section("@@ -1,1 +0,1 @@\n-a\n+b\n"), Some(5), "no hunk header");
    refused(section("@@ -1 +99999999999 @@\n"), Some(5), "no hunk header");
    refused(section("@@ -4294967295,2 +1 @@\n"), Some(5), "no hunk header");
    refused(section(""), Some(4), "no hunks");
}

#[test]
fn hunks_that_are_missing_or_out_of_order_are_refused() {
    let first = "@@ -1,1 +1,2 @@\n a\n+b\n";
    assert!(parse(section(&format!("{first}@@ -9,1 +10,1 @@\n-x\n+y\n")).as_bytes(), "x").is_ok());
    refused(section(&format!("{first}@@ -9,1 +9,1 @@\n-x\n+y\n")), Some(8), "does not fit the hunk before it");
    refused(section(&format!("{first}@@ -1,1 +2,1 @@\n-x\n+y\n")), Some(8), "not in order");
}

#[test]
fn a_section_that_differs_and_shows_nothing_is_refused() {
    refused("diff --git a/x.rs b/x.rs\nindex 1111111..2222222 100644\n", Some(2), "breaks off");
    refused("diff --git a/x.rs b/x.rs\nindex 1111111..2222222 100644\n--- a/x.rs\n", Some(3), "breaks off");
    refused("diff --git a/x b/y\nsimilarity index 90%\nrename from x\n", Some(1), "only one side");
    let empty = "diff --git a/x.rs b/x.rs\nnew file mode 100644\nindex 0000000..e69de29\n";
    assert_eq!(parse(empty.as_bytes(), "x").unwrap()[0].change, Change::Added);
    let mode = "diff --git a/x y b/x y\nold mode 100644\nnew mode 100755\n";
    assert_eq!(parse(mode.as_bytes(), "x").unwrap()[0].path, "x y");
}

#[test]
fn messages_are_one_line_whatever_a_name_holds() {
    let broken = "names b/\u{FFFD}y, and its two sides differ";
    refused("diff --git \"a/\\nx\" \"b/\\ny\"\nold mode 100644\nnew mode 100755\n", Some(1), broken);
    refused("--- a/x\n+++ b//x\n@@ -1 +1 @@\n-a\n+b\n", Some(1), "without `//`");
    refused("--- a/y/./x\n+++ b/y/./x\n@@ -1 +1 @@\n-a\n+b\n", Some(1), "without `//`");
}

#[test]
fn lines_that_look_like_headers_are_lines_by_the_counts() {
    let text =
        section("@@ -1,3 +1,3 @@\n--- a/y.rs\n-diff --git a/z b/z\n-@@ -1 +1 @@\n+++ b/y.rs\n+@@ -1 +1 @@\n+x\n");
    let files = parse(text.as_bytes(), "x").unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].hunks[0].old, ["-- a/y.rs", "diff --git a/z b/z", "@@ -1 +1 @@"]);
    assert_eq!(files[0].hunks[0].new, ["++ b/y.rs", "@@ -1 +1 @@", "x"]);
}

#[test]
fn context_parts_the_runs_of_changes() {
    let text = section("@@ -10,6 +10,7 @@ fn x()\n a\n-b\n+c\n\n+d\n e\n-f\n+g\n h\n\\ No newline at end of file\n");
    let files = parse(text.as_bytes(), "x").unwrap();
    let hunks: Vec<_> =
        files[0].hunks.iter().map(|hunk| (hunk.old_first, hunk.old.len(), hunk.new_first, hunk.new.len())).collect();
    assert_eq!(hunks, [(11, 1, 11, 1), (13, 0, 13, 1), (14, 1, 15, 1)]);
}

#[test]
fn without_a_newline_at_the_end_of_either_side() {
    let text = section("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n");
    let files = parse(text.as_bytes(), "x").unwrap();
    assert_eq!(
        (files[0].hunks[0].old.as_slice(), files[0].hunks[0].new.as_slice()),
        (&["a".to_owned()][..], &["b".to_owned()][..])
    );
}

#[test]
fn paths_in_every_spelling() {
    let path = |header: &str, old: &str, new: &str| {
        let text = format!("diff --git {header}\n--- {old}\n+++ {new}\n@@ -1 +1 @@\n-a\n+b\n");
        parse(text.as_bytes(), "x").map(|files| files[0].path.clone())
    };
    assert_eq!(
        path(r#""a/\303\244.php" "b/\303\244.php""#, r#""a/\303\244.php""#, r#""b/\303\244.php""#).unwrap(),
        "ä.php"
    );
    assert_eq!(
        path(r#""a/\t\"\\.php" "b/\t\"\\.php""#, r#""a/\t\"\\.php""#, r#""b/\t\"\\.php""#).unwrap(),
        "\t\"\\.php"
    );
    assert_eq!(path("a/x y.rs b/x y.rs", "a/x y.rs\t", "b/x y.rs\t").unwrap(), "x y.rs");
    assert_eq!(path("x.rs x.rs", "x.rs", "x.rs").unwrap(), "x.rs");
    assert_eq!(path("a/x.rs a/x.rs", "a/x.rs", "a/x.rs").unwrap(), "a/x.rs");
    assert_eq!(path("i/x.rs w/x.rs", "i/x.rs", "w/x.rs").unwrap(), "x.rs");
    assert_eq!(path("b/x.rs a/x.rs", "b/x.rs", "a/x.rs").unwrap(), "x.rs");
    assert_eq!(path("a/a/x.rs b/a/x.rs", "a/a/x.rs", "b/a/x.rs").unwrap(), "a/x.rs");
    assert!(path("old/x.rs new/x.rs", "old/x.rs", "new/x.rs").is_err(), "a prefix of one's own");
    assert!(path("a/../x b/../x", "a/../x", "b/../x").unwrap_err().to_string().contains("not in the repository"));
    assert!(path(r#""a/\9" "b/\9""#, r#""a/\9""#, r#""b/\9""#).is_err());
}

#[test]
fn a_new_file_without_prefixes_in_a_folder_named_b() {
    let text = |header: &str, new: &str| {
        format!(
            "diff --git {header}\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ {new}\n@@ -0,0 +1 @@\n+x\n"
        )
    };
    assert_eq!(parse(text("b/x.rs b/x.rs", "b/x.rs").as_bytes(), "x").unwrap()[0].path, "b/x.rs");
    assert_eq!(parse(text("a/x.rs b/x.rs", "b/x.rs").as_bytes(), "x").unwrap()[0].path, "x.rs");
}

#[test]
fn plain_diffs_have_times_and_folders() {
    let path = |old: &str, new: &str| {
        let text = format!("--- {old}\n+++ {new}\n@@ -1 +1 @@\n-a\n+b\n");
        parse(text.as_bytes(), "x").map(|files| (files[0].path.clone(), files[0].change))
    };
    let modified = |path: &str| (path.to_owned(), Change::Modified);
    assert_eq!(path("a/x.rs\t2024-01-01 00:00:00", "b/x.rs\t2024-01-02 00:00:00").unwrap(), modified("x.rs"));
    assert_eq!(path("shop-1/src/x.rs", "shop-2/src/x.rs").unwrap(), modified("src/x.rs"));
    assert_eq!(path("src/x.rs", "src/x.rs").unwrap(), modified("src/x.rs"));
    assert_eq!(path("x.rs.orig", "x.rs").unwrap(), modified("x.rs"));
    assert!(path("/tmp/x.rs", "/tmp/x.rs").is_err());
}

#[test]
fn a_file_named_twice_is_several_diffs() {
    let one = section("@@ -1 +1 @@\n-a\n+b\n");
    refused(format!("{one}{one}"), Some(8), "several diffs in a row");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, "x");
    }

    #[test]
    fn damaged_diffs_end_in_an_answer(
        cut in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let text = section("@@ -1,3 +1,3 @@ fn\n a\n-b\n+c\n d\n@@ -9 +9,2 @@\n-x\n+y\n+z\n")
            + "diff --git \"a/\\303\" \"b/\\303\"\nsimilarity index 90%\nrename from x\nrename to \"y\\303\"\n"
            + "diff --git a/z b/z\nnew file mode 160000\nindex 0000000..1111111\n--- /dev/null\n+++ b/z\n@@ -0,0 +1 @@\n+Subproject commit 1\n";
        let mut bytes = text.into_bytes();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        let end = cut.index(bytes.len() * 2).min(bytes.len());
        let _ = parse(&bytes[..end], "x");
    }

    /// What is written from runs of changes is read as those, whatever the context between them.
    #[test]
    fn what_was_written_is_read(runs in proptest::collection::vec((0_usize..3, 0_usize..3, 1_usize..5), 1..6)) {
        let (mut body, mut expected) = (String::new(), Vec::new());
        let (mut old, mut new) = (1_u32, 1_u32);
        for (removed, added, context) in &runs {
            if removed + added > 0 {
                expected.push((old, *removed, new, *added));
            }
            body += &"-gone\n".repeat(*removed);
            body += &"+come\n".repeat(*added);
            body += &" kept\n".repeat(*context);
            old += (removed + context) as u32;
            new += (added + context) as u32;
        }
        prop_assume!(!expected.is_empty());
        let text = section(&format!("@@ -1,{} +1,{} @@\n{body}", old - 1, new - 1));
        let files = parse(text.as_bytes(), "x").unwrap();
        let found: Vec<_> =
            files[0].hunks.iter().map(|hunk| (hunk.old_first, hunk.old.len(), hunk.new_first, hunk.new.len())).collect();
        prop_assert_eq!(found, expected);
    }
}
