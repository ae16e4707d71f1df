//! Everything that can go wrong, and whose matter it is.

use kit_host::Failure;

/// Why there is no answer.
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
    /// The world: reading or writing failed. Exit 3.
    #[error("cannot {what} {path}: {why}")]
    World {
        /// `read`, `write`, `list`.
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

impl Error {
    /// Exit 2.
    pub fn input(message: impl Into<String>) -> Self {
        Error::Input(message.into())
    }

    /// Exit 2, at a place.
    pub fn file(path: impl Into<String>, line: Option<u32>, what: impl Into<String>) -> Self {
        Error::File { path: path.into(), line, what: what.into() }
    }
}

impl From<kit_git::Error> for Error {
    fn from(error: kit_git::Error) -> Self {
        match error {
            kit_git::Error::Input(what) => Error::Input(what),
            kit_git::Error::File { path, line, what } => Error::File { path, line, what },
            kit_git::Error::World { what, path, why } => Error::World { what, path, why },
            kit_git::Error::Unproven { code, what } => Error::Unproven { code, what },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Input(_) => Failure::refused("input-invalid", message),
            // Every host shows the place beside it.
            Error::File { path, line, what } => Failure::refused("file-invalid", what).at(path, line),
            Error::World { .. } => Failure::world("world-failed", message),
            Error::Unproven { code, .. } => Failure::unproven(code, message),
        }
    }
}
