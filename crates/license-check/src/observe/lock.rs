//! What a lock file's reader gives.

use crate::plan::package::{Origin, Package};

/// A list of packages: a lock file, a bill of materials, an installed tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The format with its version, for people: `package-lock.json v3`.
    pub format: String,
    /// In the order of the file. Every entry of the file that is a package stands here once, whatever is known of it.
    pub packages: Vec<Package>,
    /// Entries of the file that are packages, counted apart from `packages` where the format allows it (so that a package
    /// which the reader loses is noticed), in the same unit as `packages`.
    pub listed: usize,
    /// What was odd and is no error, for people: one sentence each.
    pub notices: Vec<String>,
    /// Why the project may get packages that are not listed, and what would list them; `None` for what lists all.
    pub incomplete: Option<String>,
}

impl Lock {
    /// Itself, where each package has a name; the project's own needs none. Errors: the line of one that has none.
    pub fn named(self) -> Result<Self, Fault> {
        let nameless = self.packages.iter().find(|package| package.name.is_empty() && package.origin != Origin::Own);
        match nameless {
            Some(package) => Err(Fault { line: package.place.line, what: "a package has no name".to_owned() }),
            None => Ok(self),
        }
    }
}

/// Why a file can't be read. Exit 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// 1-based.
    pub line: Option<u32>,
    /// What is wrong and what to do, without the file's name.
    pub what: String,
}

impl Fault {
    /// A fault of the whole file.
    pub fn new(what: impl Into<String>) -> Self {
        Fault { line: None, what: one_line(what.into()) }
    }

    /// A fault at a 1-based line.
    pub fn at(line: u32, what: impl Into<String>) -> Self {
        Fault { line: Some(line), what: one_line(what.into()) }
    }
}

/// Faults quote the file, whose names may hold whatever they like.
fn one_line(what: String) -> String {
    if what.contains(char::is_control) { what.replace(char::is_control, "\u{fffd}") } else { what }
}
