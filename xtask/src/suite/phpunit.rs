//! A stand-in for PHPUnit in job containers that have no PHP: it reads what PHPUnit reads, and writes JUnit and Clover. The
//! real PHPUnit is tried by the tools' own tests, and where the shell examples run.

use anyhow::Result;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const SCRIPT: &str = include_str!("phpunit/phpunit.sh");

/// The real one, as Composer would leave it.
const REAL: &str = "#!/bin/sh\nexec phpunit \"$@\"\n";

/// Puts the stand-in at `vendor/bin/phpunit` of a project.
pub(super) fn install(project: &Path) -> Result<()> {
    write(project, SCRIPT)
}

/// Puts what starts this machine's PHPUnit at `vendor/bin/phpunit` of a project.
pub(super) fn install_real(project: &Path) -> Result<()> {
    write(project, REAL)
}

fn write(project: &Path, script: &str) -> Result<()> {
    let path = project.join("vendor/bin/phpunit");
    std::fs::create_dir_all(project.join("vendor/bin"))?;
    std::fs::write(&path, script)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}
