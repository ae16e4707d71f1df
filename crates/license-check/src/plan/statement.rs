//! What somebody says a package's licence is, as written and unjudged. PURE.
#![warn(clippy::disallowed_methods)]

use super::package::Place;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One string: `"MIT"`, `"(MIT OR GPL-3.0-or-later)"`, `"SEE LICENSE IN LICENSE.md"`.
    One(String),
    /// An array of strings (composer, old npm: the `type`s of objects), in the order written. What an array means is its
    /// ecosystem's matter.
    Many(Vec<String>),
    /// Trove classifiers: the last part of those that start with `License ::`, such as `BSD License`; Python only. Several
    /// of them have no defined meaning together.
    Classifiers(Vec<String>),
    /// A file of the package by its path in it: cargo's `license-file`, `NuGet`'s `license type="file"`, PEP 639's
    /// `License-File`.
    File(String),
    /// An address and nothing else: `NuGet`'s `licenseUrl`, a pom's `url` without a name.
    Url(String),
    /// A name with its address beside it: a pom's `licenses/license`.
    Named {
        /// The name, free text.
        name: String,
        /// The address.
        url: String,
    },
}

/// A statement and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What was written.
    pub value: Value,
    /// The field, as its format names it: `license`, `licenses`, `License-Expression`, `License`, `Classifier`.
    pub field: &'static str,
    /// The file and the line of the field.
    pub place: Place,
}

/// A file of a package that may hold a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseFile {
    /// As [`Place::path`].
    pub path: String,
    /// Its name within the package: `LICENSE`, `licenses/LICENSE.apache`.
    pub name: String,
    /// What its name says it is.
    pub kind: FileKind,
    /// Its bytes, at most [`MAX_LICENSE_BYTES`]; larger files are not taken for licences.
    pub bytes: Vec<u8>,
}

/// Bytes of the largest file that is taken for a licence text: the longest of SPDX's texts has 80 KiB, and files that
/// gather a hundred bundled licences stay below a megabyte.
pub const MAX_LICENSE_BYTES: u64 = 2 << 20;

/// What a file's name says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `LICENSE`, `LICENCE`, `COPYING`, `UNLICENSE` with any suffix, or the file that a statement names.
    License,
    /// `NOTICE`: to be carried over to the attribution (Apache-2.0, section 4d).
    Notice,
}
