//! Everything that can go wrong, and whose matter it is.

use crate::plan::graph::Problem;
use crate::report::problem;
use kit_host::{Exit, Failure};
use std::path::Path;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user: an input or a tree that makes no sense. Exit 2, nothing was changed.
    #[error("{0}")]
    Input(String),
    /// The user: a file with something wrong in it. Exit 2.
    #[error("{path}: {what}")]
    File {
        /// Its path in the tree, or as the user named it.
        path: String,
        /// 1-based.
        line: Option<u32>,
        /// What is wrong and what to do.
        what: String,
    },
    /// The user: files name others that are not there, or can't be read. Exit 2.
    #[error("{what}")]
    References {
        /// The first of them, and how many more.
        what: String,
        /// All of them.
        problems: Vec<Problem>,
    },
    /// The answer is no: the bucket holds something else under a name that must never change. Exit 1.
    #[error("{what}")]
    No {
        /// Stable code.
        code: &'static str,
        /// What is wrong and what to do.
        what: String,
    },
    /// The user: AWS does not take what it was given (credentials, rights, region, clock). Exit 2.
    #[error("{what}")]
    Refused {
        /// Stable code.
        code: &'static str,
        /// What was refused and what to do.
        what: String,
    },
    /// The world: reading or writing a file failed. Exit 3.
    #[error("cannot {what} {path}: {why}")]
    World {
        /// `read`, `write`.
        what: &'static str,
        /// What it was done to.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// The world: AWS or a CDN. Exit 3; running again converges.
    #[error("{what}")]
    Service {
        /// Stable code.
        code: &'static str,
        /// What failed, and what to do.
        what: String,
    },
    /// Nobody: the evidence is missing. Exit 4.
    #[error("{what}")]
    Unproven {
        /// Stable code.
        code: &'static str,
        /// What is missing and how to get it.
        what: String,
    },
    /// Something was left that needs a hand. Exit 5.
    #[error("{what}")]
    LeftBehind {
        /// Stable code.
        code: &'static str,
        /// What was left, with the command that repairs it.
        what: String,
    },
}

impl Error {
    /// Exit 2.
    pub fn input(message: impl Into<String>) -> Self {
        Error::Input(message.into())
    }

    /// Exit 3 with a path and the system's reason.
    pub fn world(what: &'static str, path: &Path, error: &std::io::Error) -> Self {
        Error::World { what, path: path.display().to_string(), why: error.to_string() }
    }

    /// Exit 3: a file changed while it was read.
    pub fn changed(path: &Path) -> Self {
        let why = "it changed while it was published; let the build end first, and run again".to_owned();
        Error::World { what: "read", path: path.display().to_string(), why }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Input(_) => Failure::refused("input-invalid", message),
            // Every host shows the place beside it.
            Error::File { path, line, what } => Failure::refused("file-invalid", what).at(path, line),
            Error::References { problems, .. } => {
                let findings = problems.iter().map(problem).collect();
                Failure { findings, ..Failure::refused("references-invalid", message) }
            }
            Error::No { code, .. } => Failure { exit: Exit::No, ..Failure::refused(code, message) },
            Error::Refused { code, .. } => Failure::refused(code, message),
            Error::World { .. } => Failure::world("world-failed", message),
            Error::Service { code, .. } => Failure::world(code, message),
            Error::Unproven { code, .. } => Failure::unproven(code, message),
            Error::LeftBehind { code, .. } => Failure { exit: Exit::LeftBehind, ..Failure::refused(code, message) },
        }
    }
}

impl From<kit_aws::Error> for Error {
    fn from(error: kit_aws::Error) -> Self {
        let what = error.to_string();
        if error.is_input() {
            Error::Refused { code: "aws-refused", what }
        } else {
            Error::Service { code: "aws-failed", what }
        }
    }
}
