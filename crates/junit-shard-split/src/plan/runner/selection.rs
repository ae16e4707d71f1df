//! A shard's units by file: which files run whole, and which tests of the others.

use super::unit::UnitId;
use super::{Runner, RunnerError};
use crate::plan::lock::UnitKind;
use std::collections::BTreeMap;

/// The shard's part of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// All of it.
    Whole,
    /// Only these, as the units have them behind `path::`; sorted, at least one.
    Some(Vec<&'a str>),
}

/// The shard's files, sorted by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection<'a> {
    /// By path.
    pub files: BTreeMap<&'a str, Part<'a>>,
    /// Whether `path::Name` is a class.
    pub kind: UnitKind,
}

impl<'a> Selection<'a> {
    /// Groups units by file. A file that is listed whole and in parts is whole.
    pub fn of(units: &'a [String], kind: UnitKind) -> Self {
        let mut files: BTreeMap<&str, Part<'_>> = BTreeMap::new();
        for unit in units {
            let UnitId { path, part } = UnitId::of(unit);
            match (part, files.entry(path).or_insert_with(|| Part::Some(Vec::new()))) {
                (None, entry) => *entry = Part::Whole,
                (Some(part), Part::Some(parts)) => parts.push(part),
                (Some(_), Part::Whole) => {}
            }
        }
        Selection { files, kind }
    }

    /// The parts of files, with their paths.
    pub fn parts(&self) -> impl Iterator<Item = (&'a str, &[&'a str])> {
        self.files.iter().filter_map(|(path, part)| match part {
            Part::Some(parts) => Some((*path, parts.as_slice())),
            Part::Whole => None,
        })
    }

    /// Whether every file runs whole.
    pub fn is_whole(&self) -> bool {
        self.parts().next().is_none()
    }

    /// Refuses parts of files, naming the first.
    pub fn whole_files_only(&self, runner: Runner, hint: &'static str) -> Result<(), RunnerError> {
        match self.parts().next() {
            None => Ok(()),
            Some((path, parts)) => Err(RunnerError::PartOfFile {
                runner: runner.name(),
                unit: format!("{path}::{}", parts.first().copied().unwrap_or_default()),
                hint,
            }),
        }
    }

    /// Refuses classes, naming the first.
    pub fn no_classes(&self, runner: Runner) -> Result<(), RunnerError> {
        if self.kind == UnitKind::Class { self.whole_files_only(runner, "; split by test or by file") } else { Ok(()) }
    }
}
