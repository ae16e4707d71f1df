//! What the change under review changes, as plain data. PURE.
#![warn(clippy::disallowed_methods)]

use serde::Serialize;

/// Neighbouring lines, both ends included, 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LineRange {
    /// First line.
    pub first: u32,
    /// Last line; never before `first`.
    pub last: u32,
}

/// A place where the two sides differ, without context lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hunk {
    /// First removed line of the old side, 1-based; meaningless when `old` is empty.
    pub old_first: u32,
    /// Removed lines without their line ends; bytes that are no UTF-8 replaced.
    pub old: Vec<String>,
    /// First added line of the new side, 1-based; meaningless when `new` is empty.
    pub new_first: u32,
    /// Added lines without their line ends.
    pub new: Vec<String>,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is where it was.
    Modified,
    /// It was somewhere else; see [`ChangedFile::old_path`].
    Renamed,
    /// It is a copy of another file.
    Copied,
    /// It is gone.
    Deleted,
    /// It is a submodule; its lines are another repository's.
    Submodule,
    /// It is no text, or too large to compare; it has no hunks.
    Binary,
    /// It is a symbolic link; its lines are its target's.
    Link,
}

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Relative to the repository's root, `/`-separated; of a deleted file its old path.
    pub path: String,
    /// Where it was, when renamed or copied.
    pub old_path: Option<String>,
    /// What happened.
    pub change: Change,
    /// Where the sides differ, in order.
    pub hunks: Vec<Hunk>,
}

/// The change under review: what the head has that the base has not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Between what and what, for people: `merge base 1a2b3c4 of origin/main and HEAD 5d6e7f8`, or the file's name.
    pub between: String,
    /// In order of path.
    pub files: Vec<ChangedFile>,
}
