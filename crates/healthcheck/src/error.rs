//! Everything that can go wrong before the first probe, and whose matter it is.

use kit_host::Failure;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user: an input that makes no sense. Exit 2.
    #[error("{0}")]
    Input(String),
    /// The user: a file with something wrong in it. Exit 2.
    #[error("{what}")]
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
        /// `read`, `write`.
        what: &'static str,
        /// What it was done to.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// Nobody: samples of another time or another release. Exit 4.
    #[error("{0}")]
    Stale(String),
    /// Nobody: an instance without samples. Exit 4.
    #[error("{0}")]
    Missing(String),
    /// Nobody: there is nobody to ask. Exit 4.
    #[error("{0}")]
    NothingFound(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Input(_) => Failure::refused("input-invalid", message),
            Error::File { path, line, .. } => Failure::refused("file-invalid", message).at(path, line),
            Error::World { .. } => Failure::world("world-failed", message),
            Error::Stale(_) => Failure::unproven("samples-stale", message),
            Error::Missing(_) => Failure::unproven("samples-missing", message),
            Error::NothingFound(_) => Failure::unproven("nothing-found", message),
        }
    }
}
