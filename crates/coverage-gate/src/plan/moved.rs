//! Code that a change only moves: blocks of added lines that stand among the removed ones too. PURE.
//!
//! As `git diff --color-moved=zebra` has it, a block is moved when it is no accident: here three lines with a letter or
//! digit, or twenty letters and digits. White space at the ends of lines doesn't count, any other does. Each removed line
//! is used once.
#![warn(clippy::disallowed_methods)]

use super::diff::{Change, ChangedFile, Diff};
use std::collections::HashMap;

/// Lines with a letter or digit that make a block.
const BLOCK_LINES: usize = 3;
/// Letters and digits that make a block of fewer lines; git's `COLOR_MOVED_MIN_ALNUM_COUNT`, diff.c.
const BLOCK_ALPHANUMERICS: usize = 20;
/// Removed lines that are looked at as the possible start of one block. Lines as common as `}` stand in more places, but a
/// block that matters starts with a rarer one close by.
const MAX_CANDIDATES: usize = 64;
/// Lines of a diff, removed or added, that are searched; what lies beyond owes its coverage like any new line.
const MAX_LINES: usize = 4_000_000;

/// Which lines are only moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// For each file of the diff, by its position: lines of the new side, in order.
    added: Vec<Vec<u32>>,
    /// Likewise lines of the old side.
    removed: Vec<Vec<u32>>,
}

impl Moved {
    /// Whether a line of the new side is only moved. `file` is the position in [`Diff::files`].
    pub fn is_added(&self, file: usize, line: u32) -> bool {
        self.added.get(file).is_some_and(|lines| lines.binary_search(&line).is_ok())
    }

    /// Whether a line of the old side stands somewhere else now.
    pub fn is_removed(&self, file: usize, line: u32) -> bool {
        self.removed.get(file).is_some_and(|lines| lines.binary_search(&line).is_ok())
    }

    /// Moved lines of the new side, in order.
    pub fn added(&self, file: usize) -> &[u32] {
        self.added.get(file).map_or(&[], Vec::as_slice)
    }
}

/// A removed line.
struct Removed<'d> {
    text: &'d str,
    file: usize,
    line: u32,
    used: bool,
    /// Whether the line after it in the list is the next line of the same hunk.
    goes_on: bool,
}

impl Removed<'_> {
    /// Whether it is unused, is followed by the next line of the list, and has a text.
    fn precedes(&self, text: &str) -> bool {
        !self.used && self.goes_on && self.text == text
    }
}

/// Removed lines by their text.
struct Places {
    /// In the order of the list.
    at: Vec<u32>,
    /// Those before are used.
    next: usize,
}

/// Finds what is only moved, in linear time. The order of the diff's files doesn't matter.
pub fn find(diff: &Diff) -> Moved {
    let mut order: Vec<usize> = (0..diff.files.len()).collect();
    order.sort_by(|a, b| diff.files[*a].path.cmp(&diff.files[*b].path));
    let mut removed = removed_lines(diff, &order);
    let mut by_text: HashMap<&str, Places> = HashMap::new();
    for (at, line) in removed.iter().enumerate() {
        // The list is cut far below 2^32 lines.
        by_text.entry(line.text).or_insert(Places { at: Vec::new(), next: 0 }).at.push(at as u32);
    }
    let mut moved = Moved { added: vec![Vec::new(); diff.files.len()], removed: vec![Vec::new(); diff.files.len()] };
    if removed.is_empty() {
        return moved;
    }
    let mut searched = 0;
    for file in order {
        for hunk in hunks_with_text(&diff.files[file]) {
            searched += hunk.new.len();
            if searched > MAX_LINES {
                return sorted(moved);
            }
            let new: Vec<&str> = hunk.new.iter().map(|line| line.trim_end()).collect();
            let mut at = 0;
            // Lines below are claimed by a block already, or can't belong to one.
            let mut free_from = 0;
            while at < new.len() {
                let Some((mut from, mut length)) = longest(&new[at..], &removed, &mut by_text) else {
                    at += 1;
                    continue;
                };
                // A block starts at a line with a letter or digit; brackets right before it move with it.
                let mut start = at;
                while start > free_from && from > 0 && removed[from - 1].precedes(new[start - 1]) {
                    (start, from, length) = (start - 1, from - 1, length + 1);
                }
                for offset in 0..length {
                    let line = &mut removed[from + offset];
                    line.used = true;
                    moved.removed[line.file].push(line.line);
                    moved.added[file].push(hunk.new_first.saturating_add((start + offset) as u32));
                }
                at = start + length;
                free_from = at;
            }
        }
    }
    sorted(moved)
}

fn sorted(mut moved: Moved) -> Moved {
    moved.added.iter_mut().chain(&mut moved.removed).for_each(|lines| lines.sort_unstable());
    moved
}

/// Hunks of a file that has text. What a copy's hunks lack is still where it was copied from, so it is not removed; see
/// [`removed_lines`].
fn hunks_with_text(file: &ChangedFile) -> &[super::diff::Hunk] {
    match file.change {
        Change::Submodule | Change::Binary | Change::Link => &[],
        _ => &file.hunks,
    }
}

fn removed_lines<'d>(diff: &'d Diff, order: &[usize]) -> Vec<Removed<'d>> {
    let mut removed = Vec::new();
    for file in order {
        if diff.files[*file].change == Change::Copied {
            continue;
        }
        for hunk in hunks_with_text(&diff.files[*file]) {
            if removed.len() + hunk.old.len() > MAX_LINES {
                return removed;
            }
            removed.extend(hunk.old.iter().enumerate().map(|(offset, text)| Removed {
                text: text.trim_end(),
                file: *file,
                line: hunk.old_first.saturating_add(offset as u32),
                used: false,
                goes_on: offset + 1 < hunk.old.len(),
            }));
        }
    }
    removed
}

/// The longest unused run of removed lines that the added lines start with, when it is long enough: where it starts in the
/// list, and its length. Of equally long ones the first.
fn longest(new: &[&str], removed: &[Removed<'_>], by_text: &mut HashMap<&str, Places>) -> Option<(usize, usize)> {
    // Without this, runs of a million empty lines would be compared from each of their lines on.
    if !new[0].contains(char::is_alphanumeric) {
        return None;
    }
    let places = by_text.get_mut(new[0])?;
    while places.at.get(places.next).is_some_and(|at| removed[*at as usize].used) {
        places.next += 1;
    }
    let mut best: Option<(usize, usize)> = None;
    for at in places.at[places.next..].iter().take(MAX_CANDIDATES) {
        let from = *at as usize;
        let mut length = 0;
        while length < new.len() {
            let line = &removed[from + length];
            if line.used || line.text != new[length] {
                break;
            }
            length += 1;
            if !line.goes_on {
                break;
            }
        }
        if length > best.map_or(0, |(_, longest)| longest) {
            best = Some((from, length));
        }
    }
    best.filter(|(_, length)| is_block(&new[..*length]))
}

fn is_block(lines: &[&str]) -> bool {
    let mut alphanumerics = 0;
    let mut with_any = 0;
    for line in lines {
        let here = line.chars().filter(|character| character.is_alphanumeric()).count();
        alphanumerics += here;
        with_any += usize::from(here > 0);
        if with_any >= BLOCK_LINES || alphanumerics >= BLOCK_ALPHANUMERICS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
