//! Moves from a reported path to a tracked one, and how many files of a report each explains.

use super::Candidate;
use super::normal::Normal;
use rustc_hash::{FxHashMap, FxHashSet};

/// One prefix taken off and another put on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Move {
    off: Vec<String>,
    on: String,
}

impl Move {
    /// The move from `reported` to `tracked`, which share their last `shared` components.
    pub(super) fn new(reported: &Normal, shared: usize, tracked: &str) -> Move {
        let parts: Vec<&str> = tracked.split('/').collect();
        let count = reported.parts().len();
        Move { off: reported.prefix(count - shared), on: parts[..parts.len() - shared].join("/") }
    }

    /// Components taken off; a root counts as one.
    pub(super) fn off(&self) -> &[String] {
        &self.off
    }

    /// FROM=TO, as `path-map` takes it.
    pub(super) fn text(&self) -> String {
        let off = self.off.join("/");
        format!("{}={}", off.strip_prefix('/').filter(|rest| !rest.is_empty()).unwrap_or(&off), self.on)
    }

    pub(super) fn takes_off(&self) -> bool {
        !self.off.is_empty()
    }

    pub(super) fn puts_on(&self) -> bool {
        !self.on.is_empty()
    }

    /// Whether the reported path is the tracked one.
    pub(super) fn is_nothing(&self) -> bool {
        !self.takes_off() && !self.puts_on()
    }
}

/// Which files of a report each move explains.
pub(super) struct Votes<'c> {
    explained: FxHashMap<&'c Move, FxHashSet<usize>>,
    /// Prefixes that are taken off, with the most files that one move with that prefix explains.
    prefixes: FxHashMap<&'c [String], usize>,
}

impl<'c> Votes<'c> {
    /// Counts over all files of a report.
    pub(super) fn count(candidates: &'c [Vec<Candidate>]) -> Self {
        let mut explained: FxHashMap<&Move, FxHashSet<usize>> = FxHashMap::default();
        for (file, of_file) in candidates.iter().enumerate() {
            for candidate in of_file {
                explained.entry(&candidate.by).or_default().insert(file);
            }
        }
        let mut prefixes: FxHashMap<&[String], usize> = FxHashMap::default();
        for (by, files) in &explained {
            let most = prefixes.entry(by.off()).or_default();
            *most = (*most).max(files.len());
        }
        Votes { explained, prefixes }
    }

    /// Whether `one` explains all that `other` does, and more.
    pub(super) fn stronger(&self, one: &Move, other: &Move) -> bool {
        let (Some(ones), Some(others)) = (self.explained.get(one), self.explained.get(other)) else { return false };
        ones.len() > others.len() && others.is_subset(ones)
    }

    /// Whether the path lies below the prefix of a move that explains more files than `by` does. `by` takes off more than
    /// that prefix, so it belongs to another root inside that root, which repositories don't have.
    pub(super) fn overruled(&self, by: &Move, spellings: &[Normal]) -> bool {
        let own = self.explained.get(by).map_or(0, FxHashSet::len);
        let lies_below = |length: usize| spellings.iter().any(|path| path.prefix(usize::MAX).len() > length);
        (0..by.off().len()).any(|length| {
            lies_below(length) && self.prefixes.get(&by.off()[..length]).is_some_and(|strength| *strength > own)
        })
    }
}
