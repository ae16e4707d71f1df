//! What a reader of one format gives back, and how it fails. Readers take bytes and keep nothing else.

mod layers;

use crate::plan::coverage::totals::{Share, Totals};
use crate::plan::coverage::{FileCoverage, Files, ReportedPath, Runs};
use layers::Layers;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Bytes of memory that one report's coverage may take; a report that needs more is no report of a real project.
/// Fifty million lines take a fifth of it.
pub const MAX_MEMORY_BYTES: usize = 4 << 30;
/// Notices of one kind that are kept; the rest are counted.
const NOTICES_KEPT: usize = 20;
/// Bytes of a path in a report. Linux takes 4096 (`PATH_MAX`, limits.h).
pub const MAX_PATH_BYTES: usize = 4096;
/// Highest line number that counts; the largest generated sources have a few million lines.
pub const MAX_LINE: u32 = 100_000_000;

/// Something odd in a report that does not stop it from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Stable code of the finding, kebab-case: `line-zero`, `totals-disagree`, ….
    pub code: &'static str,
    /// 1-based line of the report, when known.
    pub line: Option<u64>,
    /// One sentence.
    pub what: String,
}

/// One report as read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What it says of each file; all of it only after [`Reading::settle`].
    pub files: Files<ReportedPath>,
    /// Folders that its paths may be relative to (Cobertura's `<source>`), as written.
    pub roots: Vec<String>,
    /// What it declares as its totals, for cross-checking; never gated on.
    pub declared: Totals,
    /// Files whose own declared totals (LF/LH, a class's metrics) disagree with their records: path, declared, derived.
    pub lying: Vec<(String, Share, Share)>,
    /// When the tests ran, by the report's own word, in seconds since 1970; the newest of several.
    pub timestamp_s: Option<i64>,
    /// Oddities.
    pub notices: Vec<Notice>,
    /// Notices that were not kept.
    pub notices_dropped: u64,
    /// Further reports that are this one, byte for byte, and were not read again.
    pub copies: u64,
    /// Further records of files that were there already.
    again: BTreeMap<ReportedPath, Layers>,
    memory_bytes: usize,
}

impl Reading {
    /// Adds one record of a file and finishes it; an earlier record of the same file is united with it later on.
    /// Errors: the report holds more than memory should.
    pub fn add(&mut self, path: ReportedPath, mut file: FileCoverage) -> Result<(), ReadError> {
        file.finish();
        self.memory_bytes += file.memory_bytes() + path.path.len() + path.module.len() + size_of::<FileCoverage>();
        if self.memory_bytes > MAX_MEMORY_BYTES {
            return Err(ReadError::new(None, Fault::TooLarge("its data take more than 4 GiB of memory".to_owned())));
        }
        match self.files.entry(path) {
            Entry::Vacant(vacant) => {
                vacant.insert(file);
            }
            Entry::Occupied(occupied) => match self.again.get_mut(occupied.key()) {
                Some(layers) => layers.push(file),
                None => self.again.entry(occupied.key().clone()).or_default().push(file),
            },
        }
        Ok(())
    }

    /// Unites the records of files that had several. [`super::formats::read`] does it at a report's end; who reads `files`
    /// before then does it himself.
    pub fn settle(&mut self) {
        for (path, layers) in std::mem::take(&mut self.again) {
            self.files.entry(path).or_default().unite(layers.unite(), Runs::Same);
        }
    }

    /// Gives the files away, settled.
    pub fn take_files(&mut self) -> Files<ReportedPath> {
        self.settle();
        std::mem::take(&mut self.files)
    }

    /// Notes an oddity; of each kind the first are kept, the rest counted.
    pub fn notice(&mut self, code: &'static str, line: Option<u64>, what: impl FnOnce() -> String) {
        let kept = self.notices.iter().filter(|notice| notice.code == code).count();
        if kept < NOTICES_KEPT {
            self.notices.push(Notice { code, line, what: what() });
        } else {
            self.notices_dropped += 1;
        }
    }
}

/// Why a report can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// 1-based line of the report, when known.
    pub line: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It holds nothing: no byte, or blanks alone. It proves nothing, and nothing is wrong with it.
    Empty,
    /// It is nothing that is known: HTML, a summary without lines, an empty file; what it is, and what to give instead.
    NotAReport(String),
    /// It breaks off: the process that wrote it was killed, or the copy was.
    Truncated(String),
    /// It breaks its format's rules.
    Malformed(String),
    /// It is larger, deeper or longer than what is read.
    TooLarge(String),
    /// The system refused to read.
    Io(String),
}

impl ReadError {
    /// At a line, when known.
    pub fn new(line: Option<u64>, fault: Fault) -> Self {
        ReadError { line, fault }
    }

    /// [`Fault::Malformed`] at a line.
    pub fn malformed(line: u64, what: impl Into<String>) -> Self {
        ReadError { line: Some(line), fault: Fault::Malformed(what.into()) }
    }

    /// One sentence: what is wrong and what to do.
    pub fn what(&self) -> String {
        match &self.fault {
            Fault::Empty => "it is empty: the tests left no coverage".to_owned(),
            Fault::NotAReport(what) => what.clone(),
            Fault::Truncated(what) => format!("the report breaks off: {what}; was the run that wrote it killed?"),
            Fault::Malformed(what) => what.clone(),
            Fault::TooLarge(what) => format!("the report is too large: {what}"),
            Fault::Io(what) => format!("cannot be read: {what}"),
        }
    }
}

impl From<std::io::Error> for ReadError {
    fn from(err: std::io::Error) -> Self {
        ReadError { line: None, fault: Fault::Io(err.to_string()) }
    }
}
