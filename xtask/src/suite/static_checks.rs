//! What can be checked without running anything.

use super::{Outcome, World, outcome};
use crate::checkout::Checkout;
use crate::clients::{lint, process};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(1200);

/// Format, clippy, generated files, tidiness, cargo-deny.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let cargo = |args: &[&str]| -> Result<usize> {
        let mut command = Command::new("cargo");
        command.args(args).current_dir(&world.root);
        process::run_merged(command, LIMIT)?.checked("cargo")?;
        Ok(1)
    };
    vec![
        ("cargo fmt --check".to_owned(), outcome(cargo(&["fmt", "--all", "--check"]))),
        (
            "cargo clippy".to_owned(),
            outcome(cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])),
        ),
        (
            "cargo xtask gen --check".to_owned(),
            outcome(Checkout::open(&world.root).and_then(|checkout| crate::generate::run(&checkout, true)).map(|()| 1)),
        ),
        (
            "tidy".to_owned(),
            outcome(Checkout::open(&world.root).and_then(|checkout| crate::tidy::run(&checkout)).map(|()| 1)),
        ),
        ("cargo deny".to_owned(), outcome(deny(world))),
    ]
}

fn deny(world: &World) -> Result<usize> {
    // It wants the sources of every platform's crates, which building for this one does not fetch.
    let mut fetch = Command::new("cargo");
    fetch.args(["fetch", "--locked", "--quiet"]).current_dir(&world.root);
    process::run_merged(fetch, LIMIT)?.checked("cargo fetch")?;
    let mut command = world.clients.tool("cargo-deny")?.command();
    // `advisories` needs a database from the network; the other three judge what is on disk.
    command.args(["--offline", "check", "licenses", "bans", "sources"]).current_dir(&world.root);
    process::run_merged(command, LIMIT)?.checked("cargo deny")?;
    Ok(3)
}

/// zizmor, check-jsonschema, actionlint, hadolint.
pub(super) fn ci_files(world: &World) -> Vec<(String, Outcome)> {
    let lints = match lint::lint(&world.clients) {
        Ok(lints) => lints,
        Err(err) => return vec![("linters".to_owned(), Outcome::Failed(format!("{err:#}")))],
    };
    lints
        .into_iter()
        .map(|lint| {
            let result = match lint.verdict {
                lint::Verdict::Skipped(skip) => Outcome::Skipped(skip),
                lint::Verdict::Findings(text) => Outcome::Failed(text),
                lint::Verdict::Clean if lint.file_count == 0 => Outcome::Failed("it read no file".to_owned()),
                lint::Verdict::Clean => Outcome::Passed(lint.file_count),
            };
            (lint.name, result)
        })
        .collect()
}

/// Fails with a text and the end of a log unless a condition holds; the whole log is kept in the temporary folder.
pub(super) fn ensure(holds: bool, what: &str, log: &str) -> Result<()> {
    if holds {
        return Ok(());
    }
    let kept = std::env::temp_dir().join("roadcrew-failed.log");
    // The log is a help for the reader; the failure is said with or without it.
    let _ = std::fs::write(&kept, log);
    let tail: Vec<&str> = log.lines().rev().take(60).collect();
    let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
    bail!("{what}\n{tail}\n(whole log: {})", kept.display())
}
