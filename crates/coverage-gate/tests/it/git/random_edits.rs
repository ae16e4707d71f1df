//! Random edits, compared with what git makes of them.

use super::{Repo, git_bytes};
use kit_git::plan::diff::{ChangedFile, Hunk};
use proptest::prelude::*;

/// Cuts a text at its line ends, which are kept.
fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Applies hunks to the old side; the lines' ends are taken from the new side, since hunks don't hold them.
fn apply(old: &[u8], hunks: &[Hunk], new: &[u8]) -> Vec<String> {
    let show = |line: &[u8]| String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned();
    let (old, new) = (split(old), split(new));
    let mut result: Vec<String> = Vec::new();
    let mut at = 0;
    for hunk in hunks {
        let first = hunk.old_first as usize - 1;
        result.extend(old[at..first].iter().map(|line| show(line)));
        for (index, removed) in hunk.old.iter().enumerate() {
            assert_eq!(*removed, show(old[first + index]), "the old side is the file's");
        }
        assert_eq!(result.len() + 1, hunk.new_first as usize, "the new side's number");
        for added in &hunk.new {
            assert_eq!(*added, show(new[result.len()]), "the new side is the file's");
            result.push(added.clone());
        }
        at = first + hunk.old.len();
    }
    result.extend(old[at..].iter().map(|line| show(line)));
    result
}

/// The ranges of added lines that `git diff -U0` names for the only file.
fn added_by_git(repo: &Repo) -> Vec<(u32, u32)> {
    let text = git_bytes(repo.path(), &["diff", "-U0", "--find-renames", "HEAD^", "HEAD"], 0);
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines()
        .filter(|line| line.starts_with("@@ "))
        .map(|line| {
            let new = line.split(' ').nth(2).unwrap().trim_start_matches('+');
            let (first, count) = new.split_once(',').unwrap_or((new, "1"));
            (first.parse().unwrap(), count.parse().unwrap())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn added(files: &[ChangedFile]) -> Vec<(u32, u32)> {
    files
        .iter()
        .flat_map(|file| &file.hunks)
        .filter(|hunk| !hunk.new.is_empty())
        .map(|hunk| (hunk.new_first, hunk.new.len() as u32))
        .collect()
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => "[a-d]{0,2}",
        2 => Just("}".to_owned()),
        2 => "    [a-z]{1,6}\\(\\);",
        1 => Just(String::new()),
        1 => "x\r",
    ];
    (proptest::collection::vec(line, 0..40), any::<bool>()).prop_map(|(lines, ends)| {
        let mut text = lines.join("\n").into_bytes();
        if ends && !text.is_empty() {
            text.push(b'\n');
        }
        text
    })
}

/// An old text, and edits of it: where, how many lines go, what comes.
fn edited() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..4, text()), 0..4);
    (text(), edits).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for (place, count, insert) in edits {
            let lines = split(&new);
            let at = place.index(lines.len() + 1);
            let end = (at + count).min(lines.len());
            let inserted = split(&insert);
            let inserted = inserted.get(..inserted.len().min(5)).unwrap_or_default().concat();
            new = [lines[..at].concat(), inserted, lines[end..].concat()].concat();
        }
        (old, new)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hunks_turn_the_old_side_into_the_new_one((old, new) in edited()) {
        let repo = Repo::new();
        repo.write("kept", "").write("file", &old).commit("before");
        repo.write("file", &new).commit("after");
        let files = repo.open().diff("HEAD^", "HEAD").unwrap();
        prop_assert_eq!(files.len(), usize::from(old != new));
        let hunks = files.first().map(|file| file.hunks.clone()).unwrap_or_default();
        let expected: Vec<String> =
            split(&new).iter().map(|line| String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned()).collect();
        prop_assert_eq!(apply(&old, &hunks, &new), expected);
        // The algorithm is git's own, so on small files the answer is too.
        prop_assert_eq!(added(&files), added_by_git(&repo));
    }
}
