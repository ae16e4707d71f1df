//! The README's shell lines on a developer's clone, with the real PHPUnit.

use super::super::static_checks::ensure;
use super::super::{World, docs, phpunit};
use super::change::{self, Change};
use super::said;
use crate::clients::{Skip, process};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// What the README shows, on the change's branch.
pub(super) fn changed(world: &World, change: Change) -> Result<usize> {
    needs_phpunit()?;
    let script = docs::shell_example(world, "coverage-gate")?;
    let clone = change::origin(world, "shell", change)?.as_developer()?;
    phpunit::install_real(&clone)?;
    let done = process::run_merged(docs::in_shell(world, &clone, &script), LIMIT)?;
    said(change, done.code, &done.log())?;
    ensure(clone.join("coverage/patch.html").is_file(), "there is no page", &done.log())?;
    Ok(3)
}

/// The README's first steps in a project whose policy nobody has written yet: what `init` writes is met by today's state, and
/// held from then on.
pub(super) fn init(world: &World) -> Result<usize> {
    needs_phpunit()?;
    let origin = change::prepared(world, "init", Change::Untested, |project| {
        std::fs::remove_file(project.join("tests/VoucherTest.php"))?;
        Ok(std::fs::remove_file(project.join("coverage-gate.toml"))?)
    })?;
    let clone = origin.as_developer()?;
    phpunit::install_real(&clone)?;
    let shell = |script: &str| process::run_merged(docs::in_shell(world, &clone, script), LIMIT);
    shell("git checkout --quiet main")?.checked("git")?;
    let measure = "vendor/bin/phpunit --coverage-filter src --coverage-clover coverage/clover.xml >phpunit.log";
    shell(measure)?.checked("phpunit")?;
    let done = shell(&docs::shell_example(world, "coverage-gate init")?)?;
    ensure(done.success(), "the script failed", &done.log())?;
    let ratchet = std::fs::read_to_string(clone.join("coverage-ratchet.txt"))?;
    ensure(ratchet.contains("2/2 src/Voucher.php"), "the ratchet does not hold the untested file", &ratchet)?;
    let policy = std::fs::read_to_string(clone.join("coverage-gate.toml"))?;
    ensure(policy.contains("coverage-ratchet.txt"), "the policy does not name the ratchet", &policy)?;
    ensure(clone.join("coverage/baseline.json").is_file(), "there is no baseline", &done.log())?;
    let merge = "git add coverage-gate.toml coverage-ratchet.txt && git commit --quiet -m 'coverage' && \
                 git merge --quiet --no-edit untested";
    shell(merge)?.checked("git")?;
    shell(measure)?.checked("phpunit")?;
    let done = shell("coverage-gate --reports coverage/clover.xml --base HEAD^1")?;
    ensure(done.code == Some(1), &format!("a new untested line gives {:?}", done.code), &done.log())?;
    ensure(
        done.log().contains("1 of 10 lines uncovered, and had 0 of 8"),
        "the ratchet does not hold the file",
        &done.log(),
    )?;
    Ok(6)
}

/// The stand-in and PHPUnit give the same lines and methods the same state, for each change.
pub(super) fn stand_in(world: &World) -> Result<usize> {
    needs_phpunit()?;
    for change in Change::ALL {
        let clone = change::origin(world, "stand-in", change)?.as_developer()?;
        let imagined = measured(&clone)?;
        phpunit::install_real(&clone)?;
        let real = measured(&clone)?;
        ensure(!real.is_empty() && imagined == real, "they differ", &format!("{imagined:#?}\n{real:#?}"))?;
    }
    Ok(Change::ALL.len())
}

/// Whether each line ran, in order.
fn measured(clone: &Path) -> Result<Vec<String>> {
    let mut command = Command::new("vendor/bin/phpunit");
    command.args(["--coverage-filter", "src", "--coverage-clover", "clover.xml"]).current_dir(clone);
    process::run_merged(command, LIMIT)?.checked("phpunit")?;
    let text = std::fs::read_to_string(clone.join("clover.xml"))?;
    let attribute = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next().unwrap_or_default().to_owned())
    };
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.contains("<file ") {
            lines.push(attribute(line, "name").context("a file without a name")?);
        } else if line.contains("<line ") {
            let ran = attribute(line, "count").is_some_and(|count| count != "0");
            lines.push(format!("{:?} {:?} {ran}", attribute(line, "num"), attribute(line, "type")));
        }
    }
    Ok(lines)
}

fn needs_phpunit() -> Result<()> {
    if !process::on_path("phpunit") {
        return Err(Skip::new("phpunit", "not on PATH: install the Debian packages phpunit and php-pcov").into());
    }
    Ok(())
}
