//! Everything that can go wrong with a repository, and whose matter it is.

/// Why there is no answer. Exit codes are those that the tools give it.
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
    /// The world: reading failed. Exit 3.
    #[error("cannot {what} {path}: {why}")]
    World {
        /// `read`, `list`.
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
