//! What must hold for the reader of diff files, whatever the bytes; used by its fuzz target and by the replay of the corpus.

use coverage_gate::error::Error;
use coverage_gate::observe::diff_file::parse;
use coverage_gate::plan::diff::{ChangedFile, Hunk};

/// Reading never panics; an error is one line at a line of the diff; files come in order, each once, below the
/// repository's top; their hunks come in order, and hold no more lines than the diff.
pub fn check(data: &[u8]) -> Option<Vec<ChangedFile>> {
    let lines = data.split(|byte| *byte == b'\n').count();
    let files = match parse(data, "change.diff") {
        Ok(files) => files,
        Err(Error::File { line, what, .. }) => {
            assert!(!what.contains('\n'), "one line says what is wrong: {what}");
            assert!(line.is_none_or(|line| line >= 1 && line as usize <= lines), "{line:?} of {lines}: {what}");
            return None;
        }
        Err(other) => panic!("the diff alone is to blame: {other:?}"),
    };
    assert!(files.is_sorted_by(|a, b| a.path < b.path), "in order of path, each once");
    let mut changed = 0;
    for file in &files {
        for path in [Some(&file.path), file.old_path.as_ref()].into_iter().flatten() {
            let is_below = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
            assert!(is_below, "{path:?} is a path in the repository");
        }
        check_order(&file.hunks);
        changed += file.hunks.iter().map(|hunk| hunk.old.len() + hunk.new.len()).sum::<usize>();
    }
    assert!(changed <= lines, "{changed} changed lines in {lines}");
    Some(files)
}

/// Each side's lines are 1-based and follow each other.
fn check_order(hunks: &[Hunk]) {
    let (mut old, mut new) = (0, 0);
    for hunk in hunks {
        assert!(!hunk.old.is_empty() || !hunk.new.is_empty(), "a hunk that changes nothing");
        for (first, lines, last) in [(hunk.old_first, &hunk.old, &mut old), (hunk.new_first, &hunk.new, &mut new)] {
            if !lines.is_empty() {
                assert!(u64::from(first) > *last, "line {first} comes after line {last}");
                *last = u64::from(first) + lines.len() as u64 - 1;
            }
        }
    }
}
