//! The ratchet: how much was uncovered, file by file or directory by directory, in a committed file. PURE.
//!
//! ```text
//! # coverage-gate ratchet 1 by file: uncovered/coverable lines. Tightened by `coverage-gate gate --tighten`.
//! 3/120 src/Order.php
//! 0/17 src/Price.php
//! ```
//! One line each, sorted by path, so that changes of different files merge. A directory ends in `/` and stands for the
//! files right in it; the repository's root is `./`. It may say how many of them are measured, `3/120/7 src/`, so that one
//! that leaves the reports is missed, though less is uncovered then. A path with a control character, or that starts with `"` or a space
//! or ends in a space, is written as a JSON string. An entry fails only when more lines are uncovered than it says *and*
//! their share is larger.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::Share;
use super::diff::{Change, Diff};
use super::judgement::FileResult;
use crate::error::Error;
use std::collections::BTreeMap;

/// Bytes of a ratchet file; five million files take less.
pub const MAX_RATCHET_BYTES: usize = 1 << 29;
/// Any count in it; more lines than that were never written.
const MAX_COUNT: u64 = 1 << 48;
const HEADER: &str = "# coverage-gate ratchet 1 by ";

/// What an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum RatchetBy {
    /// Each file
    #[default]
    File,
    /// Each directory, as the sum of the files right in it
    Directory,
}

impl RatchetBy {
    fn name(self) -> &'static str {
        match self {
            RatchetBy::File => "file",
            RatchetBy::Directory => "directory",
        }
    }

    /// The entry that a file belongs to.
    pub fn key(self, path: &str) -> &str {
        match (self, path.rfind('/')) {
            (RatchetBy::File, _) => path,
            (RatchetBy::Directory, Some(end)) => &path[..=end],
            (RatchetBy::Directory, None) => "./",
        }
    }
}

/// How much may be uncovered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratchet {
    /// What its entries stand for.
    pub by: RatchetBy,
    /// By path; of a directory with its `/`.
    pub entries: BTreeMap<String, Share>,
    /// How many files are measured right in a directory, where it says so.
    pub files: BTreeMap<String, u64>,
}

impl Ratchet {
    /// Reads a ratchet file. `name` is the file's, for errors. A path that stands in it twice, as a union merge leaves it,
    /// counts with the entry that is held harder, and the larger number of files.
    /// Errors: with the line, what is wrong and what to do.
    pub fn parse(text: &str, name: &str) -> Result<Ratchet, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let refuse = |at: usize, what: String| Error::file(name, u32::try_from(at + 1).ok(), what);
        if text.len() > MAX_RATCHET_BYTES {
            return Err(refuse(0, format!("a ratchet file has at most {MAX_RATCHET_BYTES} bytes")));
        }
        let mut by = None;
        let mut entries: BTreeMap<String, Share> = BTreeMap::new();
        let mut files: BTreeMap<String, u64> = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker)) {
                return Err(refuse(at, CONFLICT.to_owned()));
            }
            if let Some(said) = line.strip_prefix(HEADER) {
                let said = said.split([':', ' ']).next().unwrap_or_default();
                let known = [RatchetBy::File, RatchetBy::Directory].into_iter().find(|by| by.name() == said);
                let Some(known) = known else {
                    return Err(refuse(at, "the first line says neither `by file` nor `by directory`".to_owned()));
                };
                if by.is_some_and(|before| before != known) {
                    return Err(refuse(
                        at,
                        "it says both `by file` and `by directory`; keep one side of the merge".to_owned(),
                    ));
                }
                by = Some(known);
                continue;
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some(by) = by else { return Err(refuse(at, NO_HEADER.to_owned())) };
            let (path, share, measured) = entry(line, by).map_err(|what| refuse(at, what))?;
            if let Some(measured) = measured {
                let most = files.entry(path.clone()).or_default();
                *most = measured.max(*most);
            }
            let held = entries.entry(path).or_insert(share);
            if is_tighter(share, *held) {
                *held = share;
            }
        }
        match by {
            Some(by) => Ok(Ratchet { by, entries, files }),
            None => Err(refuse(0, NO_HEADER.to_owned())),
        }
    }

    /// The file's text, with a line end at its end.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{HEADER}{}: uncovered/coverable lines{}. Tightened by `coverage-gate gate --tighten`.\n",
            self.by.name(),
            if self.by == RatchetBy::File { "" } else { "/measured files" },
        );
        for (path, share) in &self.entries {
            let files = self.files.get(path).map_or(String::new(), |files| format!("/{files}"));
            text.push_str(&format!("{}/{}{files} {}\n", share.uncovered(), share.coverable, written(path)));
        }
        text
    }

    /// Today's state. Only files of the repository that have coverable lines get an entry.
    pub fn from(files: &[FileResult], by: RatchetBy) -> Ratchet {
        let mut entries: BTreeMap<String, Share> = BTreeMap::new();
        let mut measured: BTreeMap<String, u64> = BTreeMap::new();
        for file in files.iter().filter(|file| file.matched) {
            let share = file.totals.lines.unwrap_or_default();
            if share.coverable > 0 {
                let sum = entries.entry(by.key(&file.path).to_owned()).or_default();
                *sum = sum.plus(share);
                if by == RatchetBy::Directory {
                    *measured.entry(by.key(&file.path).to_owned()).or_default() += 1;
                }
            }
        }
        Ratchet { by, entries, files: measured }
    }

    /// The same ratchet held harder: where neither more lines nor a larger share of them are uncovered than its entry says,
    /// today's numbers take its place. Entries of what is gone go too, and what is new is added as it is. It never lets
    /// pass what it did not before.
    pub fn tightened(&self, files: &[FileResult]) -> Ratchet {
        let mut today = Ratchet::from(files, self.by);
        for (path, now) in &mut today.entries {
            if let Some(held) = self.entries.get(path)
                && !is_tighter(*now, *held)
            {
                *now = *held;
            }
        }
        today
    }

    /// The same ratchet with the entries of renamed files under their new names. Directories keep theirs.
    pub fn renamed(&self, diff: &Diff) -> Ratchet {
        let mut entries = self.entries.clone();
        if self.by == RatchetBy::File {
            let mut carried = Vec::new();
            for file in diff.files.iter().filter(|file| file.change == Change::Renamed) {
                let held = file.old_path.as_ref().and_then(|old| self.entries.get(old).map(|share| (old, *share)));
                if let Some((old, share)) = held {
                    entries.remove(old);
                    carried.push((file.path.clone(), share));
                }
            }
            entries.extend(carried);
        }
        Ratchet { by: self.by, entries, files: self.files.clone() }
    }
}

/// Whether an entry lets today's share pass: not more lines are uncovered, or not a larger share of them.
pub fn holds(held: Share, now: Share) -> bool {
    now.uncovered() <= held.uncovered() || !is_larger_part(now, held)
}

/// Whether what passes under `share` always passes under `held` too.
fn is_tighter(share: Share, held: Share) -> bool {
    share.uncovered() <= held.uncovered() && !is_larger_part(share, held)
}

/// Whether a larger part of `a` is uncovered than of `b`, exactly.
fn is_larger_part(a: Share, b: Share) -> bool {
    u128::from(a.uncovered()) * u128::from(b.coverable) > u128::from(b.uncovered()) * u128::from(a.coverable)
}

const NO_HEADER: &str = "it is no ratchet file: its first line must be as `coverage-gate init` writes it, \
                         `# coverage-gate ratchet 1 by file: …`";
const CONFLICT: &str = "an unresolved merge: of lines with the same path keep the one with the higher first number, keep all \
                        others, remove the lines that git added, and run `coverage-gate gate --tighten`";

fn entry(line: &str, by: RatchetBy) -> Result<(String, Share, Option<u64>), String> {
    let wrong =
        || "this is no entry; one reads `3/120 src/Order.php`: uncovered/coverable lines, and the path".to_owned();
    let (counts, path) = line.split_once(' ').ok_or_else(wrong)?;
    let (uncovered, coverable) = counts.split_once('/').ok_or_else(wrong)?;
    let count = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let count: Option<u64> = if digits { text.parse().ok() } else { None };
        count.filter(|count| *count <= MAX_COUNT)
    };
    let (coverable, files) = match coverable.split_once('/') {
        Some((coverable, files)) if by == RatchetBy::Directory => (coverable, Some(count(files).ok_or_else(wrong)?)),
        _ => (coverable, None),
    };
    let (Some(uncovered), Some(coverable)) = (count(uncovered), count(coverable)) else { return Err(wrong()) };
    if uncovered > coverable || coverable == 0 {
        return Err(format!("{uncovered} of {coverable} lines can't be uncovered"));
    }
    let path = match path.starts_with('"') {
        true => serde_json::from_str(path).map_err(|_| wrong())?,
        false => path.to_owned(),
    };
    if path.is_empty() {
        return Err(wrong());
    }
    if path.ends_with('/') != (by == RatchetBy::Directory) {
        return Err(match by {
            RatchetBy::File => "a ratchet by file holds no directories".to_owned(),
            RatchetBy::Directory => "a ratchet by directory holds directories only; they end in `/`".to_owned(),
        });
    }
    Ok((path, Share { covered: coverable - uncovered, coverable }, files))
}

fn written(path: &str) -> String {
    let plain = !path.starts_with(['"', ' ']) && !path.ends_with(' ') && !path.contains(char::is_control);
    if plain { path.to_owned() } else { serde_json::to_string(path).unwrap_or_default() }
}

#[cfg(test)]
mod tests;
