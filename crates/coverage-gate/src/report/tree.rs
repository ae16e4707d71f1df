//! The total by directory, as a tree that fits a screen.

use super::phrases::{counts, cut};
use crate::plan::coverage::totals::Share;
use crate::plan::fraction;
use crate::plan::judgement::Judgement;
use crate::plan::measured::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the tree; a level that would need more is left out.
const ROWS: usize = 40;
/// Levels below the root that are shown at most.
const DEPTH: usize = 4;

/// A directory with everything below it.
#[derive(Default)]
struct Directory<'j> {
    share: Share,
    changed: bool,
    /// Whether it holds files itself, and not only directories.
    has_files: bool,
    directories: BTreeMap<&'j str, Directory<'j>>,
}

/// One row: share, counts, name. Directories that hold a single directory and nothing else share its row.
struct Row {
    depth: usize,
    name: String,
    share: Share,
    changed: bool,
}

/// The tree as lines of text, `*` after directories with changed files. `None` without a file that is in a directory.
pub(super) fn tree(judgement: &Judgement) -> Option<String> {
    let root = read(judgement);
    if root.directories.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    collect(&root, "all files", 0, &mut rows);
    let total = rows.len();
    let fits = |depth: &usize| rows.iter().filter(|row| row.depth <= *depth).count() <= ROWS;
    let depth = (1..=DEPTH).rev().find(fits).unwrap_or(1);
    let shown: Vec<&Row> = rows.iter().filter(|row| row.depth <= depth).take(ROWS).collect();
    let mut text = lines(&shown);
    if shown.len() < total {
        text.push_str(&format!("\n{} more directories not shown; --json has all files", total - shown.len()));
    }
    Some(text)
}

fn read(judgement: &Judgement) -> Directory<'_> {
    let patch = judgement.patch.iter().flat_map(|patch| &patch.files);
    let changed: BTreeSet<&str> = patch.map(|file| file.path.as_str()).collect();
    let unit = Unit::of_reports(&judgement.reports);
    let mut root = Directory::default();
    for file in judgement.files.iter().filter(|file| file.matched) {
        let share = unit.share(&file.totals);
        let touched = changed.contains(file.path.as_str());
        let mut at = &mut root;
        at.add(share, touched);
        let directory = file.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        for part in directory.split('/').filter(|part| !part.is_empty()) {
            at = at.directories.entry(part).or_default();
            at.add(share, touched);
        }
        at.has_files = true;
    }
    root
}

impl Directory<'_> {
    fn add(&mut self, share: Share, changed: bool) {
        self.share = self.share.plus(share);
        self.changed |= changed;
    }
}

fn collect(directory: &Directory<'_>, name: &str, depth: usize, rows: &mut Vec<Row>) {
    let mut name = name.to_owned();
    let mut at = directory;
    // Paths may have thousands of levels, and this is what keeps most of them off the stack.
    while depth > 0 && !at.has_files && at.directories.len() == 1 {
        let Some((part, only)) = at.directories.first_key_value() else { break };
        name = format!("{name}/{part}");
        at = only;
    }
    rows.push(Row { depth, name, share: at.share, changed: at.changed });
    if depth < DEPTH {
        for (part, below) in &at.directories {
            collect(below, part, depth + 1, rows);
        }
    }
}

fn lines(rows: &[&Row]) -> String {
    let percents: Vec<String> = rows.iter().map(|row| fraction::display(row.share, None)).collect();
    let shares: Vec<String> = rows.iter().map(|row| counts(row.share)).collect();
    let width = |texts: &[String]| texts.iter().map(String::len).max().unwrap_or(0);
    let (percent_width, share_width) = (width(&percents), width(&shares));
    let lines = rows.iter().zip(percents.iter().zip(&shares)).map(|(row, (percent, share))| {
        let indent = "  ".repeat(row.depth);
        let mark = if row.changed { " *" } else { "" };
        format!("{percent:>percent_width$}  {share:>share_width$}  {indent}{}{mark}", cut(&row.name))
    });
    lines.collect::<Vec<_>>().join("\n")
}
