//! Everything that can go wrong, and whose matter it is.

use kit_host::Failure;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user: an input that makes no sense. Exit 2.
    #[error("{0}")]
    Input(String),
    /// The world: reading failed. Exit 3.
    #[error("cannot read {path}: {why}")]
    World {
        /// What was read.
        path: String,
        /// The system's reason.
        why: String,
    },
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Input(_) => Failure::refused("input-invalid", message),
            Error::World { .. } => Failure::world("world-failed", message),
        }
    }
}
