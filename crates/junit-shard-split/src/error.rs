//! Everything that can go wrong, and whose matter it is.

use kit_host::Failure;
use kit_report::{Finding, Level};

/// Why there is no answer. Each variant says whether it is the user's, the world's or a missing proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user: an input that makes no sense. Exit 2.
    #[error("{0}")]
    Input(String),
    /// The user: a file with something wrong in it. Exit 2.
    #[error("{path}: {what}")]
    File {
        /// As the user named it.
        path: String,
        /// 1-based.
        line: Option<u32>,
        /// What is wrong and what to do.
        what: String,
    },
    /// The user: reports that can't be read. Exit 2; `--skip-unreadable` goes on without them.
    #[error("{} report(s) cannot be read; repair or remove them, or set `skip-unreadable` to go on without them. First: {}", .0.len(), first(.0))]
    Reports(Vec<Unreadable>),
    /// The world: reading or writing failed. Exit 3.
    #[error("cannot {what} {path}: {why}")]
    World {
        /// `read`, `write`, `list`, `start`.
        what: &'static str,
        /// What it was done to.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// Nobody: the evidence is missing. Exit 4.
    #[error("{what}")]
    Unproven {
        /// Stable code.
        code: &'static str,
        /// What is missing and how to get it.
        what: String,
    },
}

/// A report that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The report's path.
    pub path: String,
    /// 1-based.
    pub line: Option<u32>,
    /// Why.
    pub what: String,
    /// Whether the world failed rather than the file's content.
    pub world: bool,
}

impl Unreadable {
    /// The finding that names it.
    pub fn finding(&self, level: Level) -> Finding {
        Finding::new("report-unreadable", level, self.what.clone()).at(self.path.clone(), self.line)
    }
}

fn first(reports: &[Unreadable]) -> String {
    reports.first().map_or_else(String::new, |report| match report.line {
        Some(line) => format!("{}:{line}: {}", report.path, report.what),
        None => format!("{}: {}", report.path, report.what),
    })
}

impl Error {
    /// Exit 2.
    pub fn input(message: impl Into<String>) -> Self {
        Error::Input(message.into())
    }

    /// Exit 2, at a place.
    pub fn file(path: impl Into<String>, line: Option<u32>, what: impl Into<String>) -> Self {
        Error::File { path: path.into(), line, what: what.into() }
    }

    /// Exit 3.
    pub fn world(what: &'static str, path: impl Into<String>, why: impl ToString) -> Self {
        Error::World { what, path: path.into(), why: why.to_string() }
    }
}

impl From<crate::apply::merge::MergeError> for Error {
    fn from(error: crate::apply::merge::MergeError) -> Self {
        use crate::apply::merge::MergeError;
        match error {
            MergeError::Open { path, why } => Error::world("read", path, why),
            MergeError::Report { path, why } => Error::world("read", path, why),
            MergeError::Changed { ref path } => Error::world("merge", path.clone(), &error),
            MergeError::Write { path, why } => Error::world("write", path, why),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Input(_) => Failure::refused("input-invalid", message),
            Error::File { path, line, what } => Failure::refused("file-invalid", what).at(path, line),
            Error::Reports(reports) => {
                let world = reports.iter().all(|report| report.world);
                let mut failure = if world {
                    Failure::world("reports-unreadable", message)
                } else {
                    Failure::refused("reports-unreadable", message)
                };
                failure.findings = reports.iter().map(|report| report.finding(Level::Error)).collect();
                failure
            }
            Error::World { .. } => Failure::world("world-failed", message),
            Error::Unproven { code, .. } => Failure::unproven(code, message),
        }
    }
}
