//! The policy: what `license-policy.toml` allows. PURE.
//!
//! ```toml
//! allow = ["family:permissive", "MPL-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"]
//!
//! [development]                       # what only developers get: these besides the lists above
//! allow = ["family:weak-copyleft"]
//!
//! [[exception]]                       # one package, for a while
//! package = "npm:highcharts"
//! versions = "^12"
//! workspace = "apps/admin"            # only where it lies below that folder and nowhere else; left out: everywhere
//! license = "LicenseRef-url"          # if it becomes another, the exception no longer holds
//! reason = "Bought: order 4711."
//! owner = "charts team"
//! expires = 2027-01-31                # the last day on which it holds, in UTC
//! ```
//! Lists hold SPDX identifiers, whole expressions, and families. With an `allow` list only what stands on it passes; with
//! a `deny` list alone every licence of SPDX's list passes that isn't on it. Deny wins; an entry that could never count
//! because of that is refused. Sections (`[development]`, `[[workspace]]`) are asked first and add to the lists above them,
//! or replace them with `inherit = false`. Every key of this file: `schemas/license-policy.schema.json`.
//!
//! How far an entry reaches, for a licence X and an SPDX exception E: an allowed `X` covers `X+` and `X-or-later`, which
//! offer X among others, also where they begin with an older version. A denied `X` covers `X+`, `X-or-later` and `X WITH E`,
//! unless the list beside it allows just that; and what grants less than X, such as `GPL-2.0-only` for `GPL-2.0-or-later`. An
//! allowed family covers `X WITH E` for E of SPDX's list, each of which only grants more; an allowed `X` does not.
#![warn(clippy::disallowed_methods)]

pub mod date;
pub mod lists;
pub mod pattern;

mod contradictions;
mod entries;
pub(crate) mod keys;
mod reading;

use super::package::{Ecosystem, Package, Scope};
use super::version_range::VersionRange;
use crate::error::Error;
use date::Date;
use lists::Lists;
use pattern::Pattern;
use std::collections::BTreeMap;

/// Bytes of a policy file.
pub const MAX_POLICY_BYTES: usize = 1 << 20;
/// Days before its end that an exception is announced, where the policy doesn't say.
pub const EXPIRING_WITHIN_DAYS: u32 = 30;

/// What an unclear case does to the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Severity {
    /// It fails.
    #[default]
    Fail,
    /// It is said.
    Warn,
}

/// What counts where a package declares one licence and its text is another's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mismatch {
    /// Both must be allowed; if they are, it is said.
    #[default]
    Both,
    /// It fails.
    Fail,
    /// What is declared; it is said.
    Warn,
}

/// What happens to packages of the project's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Private {
    /// They need no licence from anybody.
    #[default]
    Exempt,
    /// They are judged as others are.
    Check,
}

/// A policy that was read and makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The file's, as the user named it.
    pub path: String,
    /// `allow` and `deny`.
    pub lists: Lists,
    /// `[development]`.
    pub development: Option<Lists>,
    /// `[[workspace]]`, in the order of the file.
    pub workspaces: Vec<Workspace>,
    /// `ambiguous`: a family is known, and not which of its licences.
    pub ambiguous: Severity,
    /// `unknown`: nothing is known.
    pub unknown: Severity,
    /// `mismatch`.
    pub mismatch: Mismatch,
    /// `expiring-within`.
    pub expiring_within_days: u32,
    /// `private`.
    pub private: Private,
    /// `[[exception]]`, in the order of the file.
    pub exceptions: Vec<Exception>,
    /// `[[clarify]]`, in the order of the file.
    pub clarifications: Vec<Clarification>,
    exceptions_of: Index,
    clarifications_of: Index,
}

/// Lists for what is below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The folder, relative to the root, `/`-separated.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// Its `allow` and `deny`.
    pub lists: Option<Lists>,
    /// Its `development`.
    pub development: Option<Lists>,
}

/// Which packages an entry is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `package`.
    pub package: Pattern,
    /// `versions`.
    pub versions: VersionRange,
}

impl Target {
    /// Whether the package is one of them.
    pub fn has(&self, package: &Package) -> bool {
        self.package.has(package.ecosystem, &package.name) && self.versions.has(&package.version)
    }

    /// Whether one package at one version can be of both.
    pub fn overlaps(&self, other: &Target) -> bool {
        self.package.overlaps(&other.package) && self.versions.overlaps(&other.versions)
    }
}

/// A file of a package, with the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundFile {
    /// Its name within the package: `LICENSE`, `licenses/LICENSE.apache`.
    pub name: String,
    /// 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A package that may be used though the lists say no, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Whose.
    pub target: Target,
    /// The folder that it is for, as [`Workspace::path`]; `None` for everywhere.
    pub workspace: Option<String>,
    /// The licence that was approved, in the spelling that is compared: see [`lists::license_key`].
    pub license: String,
    /// As written.
    pub license_text: String,
    /// The text that was approved, where the exception is bound to one.
    pub file: Option<BoundFile>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// 1-based.
    pub line: u32,
}

impl Exception {
    /// Whether it is for every place where the package lies: what lies elsewhere too is used elsewhere too.
    pub fn reaches(&self, package: &Package) -> bool {
        self.workspace.as_ref().is_none_or(|folder| package.places().iter().all(|path| is_below(path, folder)))
    }

    /// Whether one place can be of both.
    pub fn meets(&self, other: &Exception) -> bool {
        match (&self.workspace, &other.workspace) {
            (Some(one), Some(other)) => is_below(one, other) || is_below(other, one),
            _ => true,
        }
    }
}

/// The team's own reading of an unclear case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clarification {
    /// Whose.
    pub target: Target,
    /// What the licence is, an SPDX expression.
    pub license: String,
    /// What was read.
    pub file: BoundFile,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// 1-based.
    pub line: u32,
}

impl Policy {
    /// Reads `license-policy.toml`. `path` is the file's, for errors.
    /// Errors: the line, what is wrong with it, and the nearest key or identifier where one is unknown.
    pub fn parse(text: &str, path: &str) -> Result<Policy, Error> {
        reading::parse(text, path)
    }

    /// The lists that a package of that scope is judged by, at a path: the ones that are asked first come first. A
    /// workspace's come before the project's, and the deepest folder's before those of the folders above it; in each,
    /// those for development before the others.
    pub fn layers(&self, scope: Scope, path: &str) -> Vec<&Lists> {
        let mut around: Vec<&Workspace> =
            self.workspaces.iter().filter(|workspace| is_below(path, &workspace.path)).collect();
        around.sort_by_key(|workspace| std::cmp::Reverse(workspace.path.len()));
        let pairs = around.iter().map(|workspace| (workspace.development.as_ref(), workspace.lists.as_ref()));
        let mut layers = Vec::new();
        for (development, lists) in pairs.chain([(self.development.as_ref(), Some(&self.lists))]) {
            let development = development.filter(|_| scope == Scope::Development);
            for layer in development.into_iter().chain(lists) {
                layers.push(layer);
                if !layer.inherit {
                    return layers;
                }
            }
        }
        layers
    }

    /// Indices of the exceptions for that package and version, whatever its licence and wherever it lies.
    pub fn exceptions_for(&self, package: &Package) -> Vec<usize> {
        self.exceptions_of.of(package, |index| &self.exceptions[index].target)
    }

    /// Indices of the clarifications for that package and version, whatever its files.
    pub fn clarifications_for(&self, package: &Package) -> Vec<usize> {
        self.clarifications_of.of(package, |index| &self.clarifications[index].target)
    }
}

/// The beginning of a text from outside, on one line.
pub(crate) fn shown(text: &str, letters: usize) -> String {
    let mut out = String::new();
    for letter in text.chars().take(letters) {
        match letter {
            '\'' | '"' | '\\' => out.push(letter),
            other => out.extend(other.escape_debug()),
        }
    }
    out
}

/// Whether a path is a folder or below it.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Entries by their package, so that a hundred thousand packages needn't be compared with each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    by_name: BTreeMap<(Ecosystem, String), Vec<usize>>,
    globs: Vec<usize>,
}

impl Index {
    fn new<'t>(targets: impl Iterator<Item = &'t Target>) -> Index {
        let mut index = Index::default();
        for (at, target) in targets.enumerate() {
            match target.package.name() {
                Some(name) => {
                    index.by_name.entry((target.package.ecosystem(), name.to_owned())).or_default().push(at);
                }
                None => index.globs.push(at),
            }
        }
        index
    }

    fn of<'t>(&self, package: &Package, target: impl Fn(usize) -> &'t Target) -> Vec<usize> {
        let name = pattern::normal(package.ecosystem, &package.name);
        let named = self.by_name.get(&(package.ecosystem, name));
        let all = named.into_iter().flatten().chain(&self.globs).copied();
        let mut found: Vec<usize> = all.filter(|at| target(*at).has(package)).collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests;
