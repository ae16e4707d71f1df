//! The repository's files by the ends of their paths.

use rustc_hash::FxHashMap;

/// Tracked files that one file name may have before it says nothing any more (`__init__.py` of a large monorepo); beyond it
/// only paths that match in full are found.
const SAME_NAME: usize = 20_000;
/// Candidates of one reported file; with more of them nothing could tell them apart.
const CANDIDATES: usize = 64;

/// Files of the repository, to find by the last components of a path.
pub struct Index<'p> {
    paths: &'p [String],
    by_path: FxHashMap<&'p str, usize>,
    by_name: FxHashMap<&'p str, Vec<usize>>,
}

impl<'p> Index<'p> {
    /// Of paths relative to the repository's root.
    pub fn new(paths: &'p [String]) -> Self {
        let mut by_path = FxHashMap::default();
        let mut by_name: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, path) in paths.iter().enumerate() {
            by_path.insert(path.as_str(), at);
            by_name.entry(path.rsplit('/').next().unwrap_or(path)).or_default().push(at);
        }
        Index { paths, by_path, by_name }
    }

    /// The path at an index.
    pub fn path(&self, at: usize) -> &'p str {
        &self.paths[at]
    }

    /// The file of exactly this path.
    pub fn exact(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// Files whose last components are those of `parts`, with how many they share: those that share the most, and those
    /// that are wholly an end of `parts`.
    pub fn sharing_ends(&self, parts: &[&str]) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = (0..parts.len())
            .filter_map(|from| Some((self.exact(&parts[from..].join("/"))?, parts.len() - from)))
            .collect();
        let same_name = parts.last().and_then(|name| self.by_name.get(name)).filter(|files| files.len() <= SAME_NAME);
        let shared: Vec<(usize, usize)> =
            same_name.into_iter().flatten().map(|at| (*at, shared_end(self.paths[*at].as_str(), parts))).collect();
        let most = shared.iter().map(|(_, shared)| *shared).max().unwrap_or(0);
        found.extend(shared.into_iter().filter(|(_, shared)| *shared == most));
        found.sort_unstable();
        found.dedup();
        found.truncate(CANDIDATES);
        found
    }
}

fn shared_end(path: &str, parts: &[&str]) -> usize {
    path.rsplit('/').zip(parts.iter().rev()).take_while(|(mine, theirs)| mine == *theirs).count()
}
