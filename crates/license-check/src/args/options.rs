//! What the inputs mean: validated once, plain data from then on.

use super::PackagesArguments;
use crate::error::Error;
use crate::observe::find::{List, kind_of};
use std::path::{Path, PathBuf};

/// Where the packages are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagesOptions {
    /// The project's folder, as an absolute path without links.
    pub root: PathBuf,
    /// Lists that the user named; empty to find them.
    pub lists: Vec<List>,
    /// Globs of folders that are not looked into.
    pub exclude: Vec<String>,
    /// Whether to read the lists alone.
    pub lock_only: bool,
    /// The policy, as a path of this machine.
    pub policy: String,
}

impl PackagesOptions {
    /// Errors: the root is no folder, a list whose name says nothing of its format.
    pub fn new(arguments: &PackagesArguments) -> Result<Self, Error> {
        let root = Path::new(&arguments.root)
            .canonicalize()
            .ok()
            .filter(|root| root.is_dir())
            .ok_or_else(|| Error::input(format!("`root` is `{}`, which is no folder", arguments.root)))?;
        let lists = arguments.lists.iter().map(|path| named(path)).collect::<Result<_, _>>()?;
        let policy = if Path::new(&arguments.policy).is_absolute() || arguments.root == "." {
            arguments.policy.clone()
        } else {
            Path::new(&arguments.root).join(&arguments.policy).display().to_string()
        };
        Ok(PackagesOptions { root, lists, exclude: arguments.exclude.clone(), lock_only: arguments.lock_only, policy })
    }
}

/// A list that the user named. Its path is relative to the root.
fn named(path: &str) -> Result<List, Error> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match kind_of(name) {
        Some(kind) => Ok(List { path: path.trim_start_matches("./").to_owned(), kind }),
        None => Err(Error::input(format!(
            "`lists` has `{path}`: its name says nothing of its format; lock files have their own names, bills of materials \
             are `bom.json`, `*.cdx.json` or `*.spdx.json`"
        ))),
    }
}
