//! What reports say was run: lines, branches, functions and statements of each file, compact enough for millions. PURE.
#![warn(clippy::disallowed_methods)]

pub mod arm_counts;
pub mod blocks;
pub mod items;
pub mod lines;
pub mod number;
pub mod stated;
pub mod totals;

#[cfg(test)]
mod tests;

use arm_counts::ArmCounts;
use blocks::Blocks;
use items::Items;
use lines::LineSet;
use stated::Stated;
use std::collections::BTreeMap;

/// A file as a report names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportedPath {
    /// As the report has it, `\` not yet turned; bytes that are no UTF-8 replaced by U+FFFD.
    pub path: String,
    /// The module that the report puts the file in (JaCoCo's `<group>` names joined by `/`, a .NET assembly), else empty.
    pub module: String,
}

impl ReportedPath {
    /// A path without a module.
    pub fn new(path: impl Into<String>) -> Self {
        ReportedPath { path: path.into(), module: String::new() }
    }
}

/// Whether two records come from one execution of the tests or from two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// Two records of one report: a line that both name is the same line seen twice, so counts are not added up.
    Same,
    /// Two reports: what one covered adds to what the other covered.
    Different,
}

/// Coverage of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// Lines that could run, and those that did.
    pub lines: LineSet,
    /// Branch arms with an identity, for formats that have one. Ids mean something within one format only.
    pub arms: Items,
    /// Branch arms as counts per line, for formats without identity.
    pub arm_counts: ArmCounts,
    /// Functions and methods by line and name.
    pub functions: Items,
    /// Statements by position: Istanbul's, and Clover's `stmt` lines.
    pub statements: Items,
    /// Statements by block, each block weighing as many as it holds: Go.
    pub blocks: Blocks,
    /// Lines once for each function that they belong to, for gcovr, which counts a line of a template in each instance of
    /// it. When not empty, these are the file's line totals; `lines` still says which lines ran.
    pub line_instances: Items,
    /// Totals that reports state of it without records, for the kinds that have none.
    pub stated: Option<Box<Stated>>,
}

impl FileCoverage {
    /// Sorts and deduplicates what a reader has pushed and gives spare memory back. Every reader calls it once a file.
    pub fn finish(&mut self) {
        self.lines.finish();
        self.arms.finish();
        self.arm_counts.finish();
        self.functions.finish();
        self.statements.finish();
        self.blocks.finish();
        self.line_instances.finish();
    }

    /// [`FileCoverage::finish`] for readers of many files: gives the finished file away in memory of its exact size, and
    /// keeps what was reserved for pushing the next one.
    pub fn take_finished(&mut self) -> FileCoverage {
        FileCoverage {
            lines: self.lines.take_finished(),
            arms: self.arms.take_finished(),
            arm_counts: self.arm_counts.take_finished(),
            functions: self.functions.take_finished(),
            statements: self.statements.take_finished(),
            blocks: self.blocks.take_finished(),
            line_instances: self.line_instances.take_finished(),
            stated: self.stated.take(),
        }
    }

    /// Takes in another record of the same file. Both must be finished; the result is.
    /// Lines, functions, statements and arms with identity are united. Counts of arms are united as bounds
    /// ([`Runs::Different`]) or by their maximum ([`Runs::Same`]).
    pub fn unite(&mut self, other: FileCoverage, runs: Runs) {
        self.lines.unite(other.lines);
        self.arms.unite(other.arms);
        self.arm_counts.unite(other.arm_counts, runs);
        self.functions.unite(other.functions);
        self.statements.unite(other.statements);
        self.blocks.unite(other.blocks);
        self.line_instances.unite(other.line_instances);
        self.unite_stated(other.stated);
    }
}

impl FileCoverage {
    /// Takes in the totals that another report states.
    pub fn unite_stated(&mut self, other: Option<Box<Stated>>) {
        match (&mut self.stated, other) {
            (Some(stated), Some(other)) => stated.unite(*other),
            (stated @ None, other) => *stated = other,
            (Some(_), None) => {}
        }
    }

    /// Bytes held in memory, for limits.
    pub fn memory_bytes(&self) -> usize {
        self.lines.memory_bytes()
            + self.arms.memory_bytes()
            + self.arm_counts.memory_bytes()
            + self.functions.memory_bytes()
            + self.statements.memory_bytes()
            + self.blocks.memory_bytes()
            + self.line_instances.memory_bytes()
            + self.stated.as_ref().map_or(0, |_| size_of::<Stated>())
    }
}

/// Coverage of many files, by whatever names a file: [`ReportedPath`] as read, a path in the repository once placed.
pub type Files<P> = BTreeMap<P, FileCoverage>;

/// Adds a finished file, uniting it with an earlier record.
pub fn add<P: Ord>(files: &mut Files<P>, path: P, file: FileCoverage, runs: Runs) {
    match files.entry(path) {
        std::collections::btree_map::Entry::Vacant(vacant) => {
            vacant.insert(file);
        }
        std::collections::btree_map::Entry::Occupied(mut occupied) => occupied.get_mut().unite(file, runs),
    }
}
