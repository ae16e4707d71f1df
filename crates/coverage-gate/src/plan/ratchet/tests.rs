use super::super::coverage::totals::{PartialLines, Totals};
use super::super::testing::{changed, coverage, diff};
use super::*;
use proptest::prelude::*;

fn result(path: &str, uncovered: u64, coverable: u64) -> FileResult {
    let lines = Some(Share { covered: coverable - uncovered, coverable });
    FileResult {
        path: path.to_owned(),
        matched: true,
        totals_only: false,
        totals: Totals { lines, ..Totals::default() },
    }
}

fn share(uncovered: u64, coverable: u64) -> Share {
    Share { covered: coverable - uncovered, coverable }
}

#[test]
fn written_and_read_again() {
    let odd = ["src/a.php", "b c.php", " lead", "trail ", "\"quoted\"", "new\nline", "Ünï.php"];
    let results: Vec<FileResult> = odd.iter().map(|path| result(path, 1, 3)).chain([result("empty", 0, 0)]).collect();
    for by in [RatchetBy::File, RatchetBy::Directory] {
        let ratchet = Ratchet::from(&results, by);
        let text = ratchet.to_text();
        assert_eq!(Ratchet::parse(&text, "r"), Ok(ratchet.clone()), "{text}");
        assert_eq!(Ratchet::parse(&text.replace('\n', "\r\n"), "r"), Ok(ratchet));
    }
    let text = Ratchet::from(&[result("src/b.php", 3, 120), result("src/a.php", 0, 17)], RatchetBy::File).to_text();
    assert!(text.starts_with("# coverage-gate ratchet 1 by file: "), "{text}");
    assert!(text.ends_with("\n0/17 src/a.php\n3/120 src/b.php\n"), "{text}");
    let by_directory = Ratchet::from(
        &[result("src/a.php", 1, 10), result("src/b.php", 2, 10), result("src/x/c.php", 3, 10), result("d.php", 4, 10)],
        RatchetBy::Directory,
    );
    let entries: Vec<(&str, u64)> =
        by_directory.entries.iter().map(|(path, share)| (path.as_str(), share.uncovered())).collect();
    assert_eq!(entries, [("./", 4), ("src/", 3), ("src/x/", 3)]);
    let text = by_directory.to_text();
    assert!(text.ends_with("\n4/10/1 ./\n3/20/2 src/\n3/10/1 src/x/\n"), "{text}");
    let older = Ratchet::parse(&text.replace("/2 ", " "), "r").unwrap();
    assert_eq!((older.entries == by_directory.entries, older.files.get("src/")), (true, None));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let header = "# coverage-gate ratchet 1 by file: x\n";
    for (text, line, what) in [
        ("", 1, "first line"),
        ("3/10 a.php\n", 1, "first line"),
        ("# coverage-gate ratchet 1 by mood\n", 1, "neither"),
        (&format!("{header}# coverage-gate ratchet 1 by directory: x\n"), 2, "keep one side"),
        (&format!("{header}1/2 a\n<<<<<<< HEAD\n1/3 b\n=======\n2/3 b\n>>>>>>> x\n"), 3, "unresolved merge"),
        (&format!("{header}1/2 a\n=======\n"), 3, "unresolved merge"),
        (&format!("{header}a.php\n"), 2, "no entry"),
        (&format!("{header}-1/2 a.php\n"), 2, "no entry"),
        (&format!("{header}1/9999999999999999999999 a.php\n"), 2, "no entry"),
        (&format!("{header}3/2 a.php\n"), 2, "3 of 2"),
        (&format!("{header}0/0 a.php\n"), 2, "0 of 0"),
        (&format!("{header}1/2 \n"), 2, "no entry"),
        (&format!("{header}1/2 \"a\n"), 2, "no entry"),
        (&format!("{header}1/2 src/\n"), 2, "no directories"),
        ("# coverage-gate ratchet 1 by directory: x\n1/2 src\n", 2, "end in `/`"),
        ("# coverage-gate ratchet 1 by directory: x\n1/2/x src/\n", 2, "no entry"),
        (&format!("{header}1/2/3 a.php\n"), 2, "no entry"),
    ] {
        match Ratchet::parse(text, "r.txt") {
            Err(Error::File { path, line: at, what: said }) => {
                assert_eq!((path.as_str(), at), ("r.txt", Some(line)), "{text}: {said}");
                assert!(said.contains(what), "{text}: {said}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let union = format!("{header}5/10 a\n2/10 a\n3/10 a\n");
    assert_eq!(Ratchet::parse(&union, "r").unwrap().entries["a"], share(2, 10));
    let union = "# coverage-gate ratchet 1 by directory: x\n5/10/3 a/\n2/10/2 a/\n2/10 a/\n";
    assert_eq!(Ratchet::parse(union, "r").unwrap().files["a/"], 3);
}

#[test]
fn it_fails_only_when_both_got_worse() {
    assert!(!holds(share(5, 100), share(6, 100)));
    assert!(holds(share(5, 100), share(5, 50)), "covered code went");
    assert!(holds(share(5, 100), share(10, 200)), "the share is the same");
    assert!(holds(share(5, 100), share(0, 0)));
    assert!(!holds(share(0, 100), share(1, 1_000_000)));
}

#[test]
fn tightening_takes_what_is_better_and_drops_what_is_gone() {
    let held = Ratchet::from(
        &[
            result("better", 5, 100),
            result("worse", 5, 100),
            result("gone", 5, 100),
            result("shrunk", 5, 100),
            result("grown", 5, 100),
        ],
        RatchetBy::File,
    );
    let now = [
        result("better", 4, 100),
        result("worse", 6, 100),
        result("shrunk", 4, 10),
        result("grown", 6, 1000),
        result("new", 9, 10),
    ];
    let tight = held.tightened(&now);
    let entries: Vec<(&str, u64, u64)> =
        tight.entries.iter().map(|(path, share)| (path.as_str(), share.uncovered(), share.coverable)).collect();
    assert_eq!(entries, [("better", 4, 100), ("grown", 5, 100), ("new", 9, 10), ("shrunk", 5, 100), ("worse", 5, 100)]);
}

#[test]
fn a_renamed_file_keeps_its_entry() {
    let held = Ratchet::from(&[result("old.php", 5, 100), result("x.php", 1, 2)], RatchetBy::File);
    let mut renamed = changed("new.php", Change::Renamed, vec![]);
    renamed.old_path = Some("old.php".to_owned());
    let carried = held.renamed(&diff(vec![renamed]));
    assert_eq!(carried.entries.keys().collect::<Vec<_>>(), ["new.php", "x.php"]);
    assert_eq!(carried.entries["new.php"], share(5, 100));
}

#[test]
fn only_what_a_repository_has_gets_an_entry() {
    let mut outside = result("/usr/lib/x.py", 1, 2);
    outside.matched = false;
    assert!(Ratchet::from(&[outside], RatchetBy::File).entries.is_empty());
    assert_eq!(coverage("+1 -2").totals(PartialLines::Hit).lines, Some(share(1, 2)));
}

fn any_share() -> impl Strategy<Value = Share> {
    (1u64..60).prop_flat_map(|coverable| (0..=coverable, Just(coverable))).prop_map(|(missed, all)| share(missed, all))
}

fn any_results() -> impl Strategy<Value = Vec<FileResult>> {
    let paths = prop::sample::subsequence(vec!["a", "b", "x/c", "x/d", "x/y/e"], 0..=5);
    paths.prop_flat_map(|paths| {
        let all = paths
            .into_iter()
            .map(|path| any_share().prop_map(move |share| result(path, share.uncovered(), share.coverable)));
        all.collect::<Vec<_>>()
    })
}

proptest! {
    #[test]
    fn tightened_is_never_looser(
        before in any_results(),
        now in any_results(),
        later in any_results(),
        by in prop::sample::select(vec![RatchetBy::File, RatchetBy::Directory]),
    ) {
        let held = Ratchet::from(&before, by);
        let tight = held.tightened(&now);
        let (now, later) = (Ratchet::from(&now, by), Ratchet::from(&later, by));
        for (path, entry) in &tight.entries {
            if let (Some(old), Some(later)) = (held.entries.get(path), later.entries.get(path)) {
                // What passes later under the new entry would have passed under the old one.
                prop_assert!(!holds(*entry, *later) || holds(*old, *later), "{path}");
            }
            let today = now.entries[path];
            let passed = held.entries.get(path).is_none_or(|old| holds(*old, today));
            prop_assert_eq!(holds(*entry, today), passed, "{} is judged as before", path);
        }
        prop_assert!(now.entries.keys().eq(tight.entries.keys()));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(# coverage-gate ratchet 1 by file:\n)?(\\PC{0,12}\n|[0-9]/[0-9] \\PC{0,5}\n){0,4}") {
        if let Ok(ratchet) = Ratchet::parse(&text, "r") {
            prop_assert_eq!(Ratchet::parse(&ratchet.to_text(), "r"), Ok(ratchet));
        }
    }
}
