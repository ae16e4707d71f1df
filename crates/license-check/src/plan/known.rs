//! A package with all that was found of its licence. PURE.
#![warn(clippy::disallowed_methods)]

use super::package::Package;
use super::statement::{FileKind, Statement};
use super::text::{Claims, Identified};
use std::sync::Arc;

/// A file of a package that may hold a licence, read and identified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// As [`super::package::Place::path`].
    pub path: String,
    /// Its name within the package.
    pub name: String,
    /// What its name says it is.
    pub kind: FileKind,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// What the text is; `None` for a notice.
    pub identified: Option<Arc<Identified>>,
    /// The text, where it was asked for (for an attribution).
    pub text: Option<Arc<str>>,
}

/// The head of one of a package's source files: its first comments, and no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHead {
    /// As [`super::package::Place::path`].
    pub path: String,
    /// Whether it is the package's own front: the file that is loaded when the package is imported by its name.
    pub is_front: bool,
    /// Of the whole file.
    pub size_bytes: u64,
    /// What the head says of the file's licence.
    pub claims: Claims,
}

/// A package, and what was found of its licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The package.
    pub package: Package,
    /// What its own files state, the best first; what its list states is in the package.
    pub statements: Vec<Statement>,
    /// Its licence texts and notices, in order of name.
    pub files: Vec<FoundFile>,
    /// All of its source files; none where they weren't asked for, which they are where everything else leaves the licence
    /// open.
    pub sources: Vec<SourceHead>,
    /// Why nothing of the package is here, and what would bring it.
    pub missing: Option<String>,
    /// What is odd about its files.
    pub notices: Vec<String>,
}

impl Known {
    /// What was stated: by the list first, since that is what is under review, then by the package itself.
    pub fn stated(&self) -> impl Iterator<Item = &Statement> {
        self.package.statements.iter().chain(&self.statements)
    }
}
