//! How two texts differ, line by line, with git's default algorithm (Myers, as gix-imara-diff has it) and its rule for
//! where an ambiguous change is shown (indentation). No effects.

use super::Repository;
use crate::error::Error;
use crate::plan::diff::Hunk;
use gix_imara_diff::sources::byte_lines;
use gix_imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;

/// How far a text is looked through for NUL, which makes it no text: git's own measure (`buffer_is_binary` in its
/// xdiff-interface.c).
const TEXT_CHECKED_BYTES: usize = 8000;

/// Whether git would show it as text.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes.get(..TEXT_CHECKED_BYTES).unwrap_or(bytes)).is_none()
}

/// The places where `new` differs from `old`, in order; lines count from 1, and a line's end belongs to it.
pub(super) fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let input = InternedInput::new(byte_lines(old), byte_lines(new));
    let texts = |tokens: &[gix_imara_diff::Token]| tokens.iter().map(|token| text(input.interner[*token])).collect();
    compare(&input)
        .hunks()
        .map(|hunk| Hunk {
            old_first: hunk.before.start + 1,
            old: texts(part(&input.before, &hunk.before)),
            new_first: hunk.after.start + 1,
            new: texts(part(&input.after, &hunk.after)),
        })
        .collect()
}

/// All lines of a text as one hunk that adds them; none of an empty one.
pub(super) fn all_new(new: &[u8]) -> Vec<Hunk> {
    let lines: Vec<String> = byte_lines(new).map(text).collect();
    let hunk = Hunk { old_first: 1, old: Vec::new(), new_first: 1, new: lines };
    if hunk.new.is_empty() { Vec::new() } else { vec![hunk] }
}

/// All lines of a text as one hunk that removes them; none of an empty one.
pub(super) fn all_old(old: &[u8]) -> Vec<Hunk> {
    let removed = |hunk: Hunk| Hunk { old: hunk.new, new: Vec::new(), ..hunk };
    all_new(old).into_iter().map(removed).collect()
}

fn compare(input: &InternedInput<&[u8]>) -> Diff {
    let mut diff = Diff::compute(Algorithm::Myers, input);
    diff.postprocess_lines(input);
    diff
}

fn part<'t, T>(tokens: &'t [T], range: &Range<u32>) -> &'t [T] {
    let (start, end) = (range.start as usize, range.end as usize);
    tokens.get(start..end).unwrap_or_default()
}

/// A line without its end.
fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

/// Where the lines of one version of a file are in another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinesMap {
    /// Runs of unchanged lines: the first on either side, 1-based, and how many; in order.
    runs: Vec<(u32, u32, u32)>,
}

impl LinesMap {
    /// Compares two texts.
    fn between(from: &[u8], to: &[u8]) -> Self {
        let input = InternedInput::new(byte_lines(from), byte_lines(to));
        let mut runs = Vec::new();
        let (mut old, mut new) = (0, 0);
        for hunk in compare(&input).hunks() {
            runs.push((old + 1, new + 1, hunk.before.start - old));
            (old, new) = (hunk.before.end, hunk.after.end);
        }
        runs.push((old + 1, new + 1, u32::try_from(input.before.len()).unwrap_or(u32::MAX).saturating_sub(old)));
        runs.retain(|(_, _, count)| *count > 0);
        LinesMap { runs }
    }

    /// The same line in the other version, both 1-based; `None` when the other version does not have it.
    pub fn line(&self, line: u32) -> Option<u32> {
        let index = self.runs.partition_point(|(first, _, _)| *first <= line).checked_sub(1)?;
        let (first, other, count) = *self.runs.get(index)?;
        let offset = line - first;
        (offset < count).then(|| other + offset)
    }
}

impl Repository {
    /// Maps the lines of a file in one commit to those of a file in another: `(commit, path)` each, commits named as for
    /// [`Repository::resolve`]. For annotations on a pull request's own commit, when a merge with its destination was
    /// tested. `None` when one of them is not there or is no text.
    /// Errors: no such commit.
    pub fn lines_map(&self, from: (&str, &str), to: (&str, &str)) -> Result<Option<LinesMap>, Error> {
        let mut texts = Vec::with_capacity(2);
        for (commit, path) in [from, to] {
            let tree = self.commit(&self.commit_id(commit)?)?.tree;
            match self.entry_at(tree, path)? {
                Some((mode, id)) if mode.is_blob() => texts.push(self.blob(&id)?.filter(|bytes| is_text(bytes))),
                _ => return Ok(None),
            }
        }
        match texts.as_slice() {
            [Some(from), Some(to)] => Ok(Some(LinesMap::between(from, to))),
            _ => Ok(None),
        }
    }
}
