//! The workspace's own programs in the dev profile, as generation, tests and simulations start them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, anyhow, ensure};

use crate::checkout::{Checkout, cargo};

/// Builds them all, once in a run, and returns their folder. Errors: a build fails.
///
/// All, and with the tests: cargo unites the features of the packages that one command builds, so each other choice of packages
/// would compile most dependencies another time.
pub fn built(root: &Path) -> Result<PathBuf> {
    static FOLDER: OnceLock<std::result::Result<PathBuf, String>> = OnceLock::new();
    FOLDER.get_or_init(|| build(root).map_err(|error| format!("{error:#}"))).clone().map_err(|error| anyhow!(error))
}

fn build(root: &Path) -> Result<PathBuf> {
    let arguments = ["build", "--quiet", "--workspace", "--bins", "--tests", "--examples"];
    let status = Command::new(cargo()).args(arguments).current_dir(root).status()?;
    ensure!(status.success(), "the workspace does not build");
    Ok(Checkout::open(root)?.target_dir.join("debug"))
}
