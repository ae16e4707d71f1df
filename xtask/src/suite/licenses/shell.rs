//! The README's shell lines on a developer's clone.

use super::super::static_checks::ensure;
use super::super::{World, docs};
use super::change::{self, Change};
use super::{in_sbom, said};
use crate::clients::process::{self, Finished};
use anyhow::Result;
use std::path::Path;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

fn shell(world: &World, clone: &Path, script: &str) -> Result<Finished> {
    process::run_merged(docs::in_shell(world, clone, script), LIMIT)
}

/// What the README shows, on the change's branch.
pub(super) fn changed(world: &World, change: Change) -> Result<usize> {
    let script = docs::shell_example(world, "license-check")?;
    let clone = change::origin(world, "shell", change)?.as_developer()?;
    let done = shell(world, &clone, &script)?;
    said(change, done.code, &done.log())?;
    in_sbom(change, &clone.join("sbom.json"), &done.log())?;
    Ok(3)
}

/// The README's first step in a project whose policy nobody has written yet: today's packages pass what `init` writes, and
/// what comes later has to.
pub(super) fn init(world: &World) -> Result<usize> {
    let forget = |project: &Path| Ok(std::fs::remove_file(project.join("license-policy.toml"))?);
    let origin = change::prepared(world, "init", Change::Denied, &forget)?;
    let clone = origin.as_developer()?;
    shell(world, &clone, "git checkout --quiet main")?.checked("git")?;
    let done = shell(world, &clone, &docs::shell_example(world, "license-check init")?)?;
    ensure(done.success(), "the script failed", &done.log())?;
    ensure(done.log().contains("all 7 packages may be shipped"), "not all packages pass", &done.log())?;
    let policy = std::fs::read_to_string(clone.join("license-policy.toml"))?;
    ensure(policy.contains("license = \"LGPL-3.0-or-later\""), "the policy has no exception", &policy)?;
    let merge = "git add license-policy.toml && git commit --quiet -m 'policy' && git merge --quiet --no-edit denied";
    shell(world, &clone, merge)?.checked("git")?;
    let done = shell(world, &clone, "license-check --base HEAD^1")?;
    ensure(done.code == Some(1), &format!("a licence that nobody allowed gives {:?}", done.code), &done.log())?;
    ensure(done.log().contains("composer:acme/search@2.0.0 (AGPL-3.0-only)"), "the package is not named", &done.log())?;
    Ok(5)
}

/// What can be asked.
pub(super) fn questions(world: &World) -> Result<usize> {
    let clone = change::origin(world, "questions", Change::Allowed)?.as_developer()?;
    std::fs::copy(world.root.join("LICENSE-MIT"), clone.join("LICENSE"))?;
    let done = shell(world, &clone, &docs::shell_example(world, "license-check questions")?)?;
    let log = done.log();
    ensure(done.success(), "the script failed", &log)?;
    for words in ["chosen     BSD-3-Clause", "MIT\t1.000\tLICENSE", "BSD-3-Clause OR GPL-2.0-only"] {
        ensure(log.contains(words), &format!("it does not say `{words}`"), &log)?;
    }
    Ok(4)
}
