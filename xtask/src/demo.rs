//! `cargo xtask demo`: the pipeline on this machine, one act a tool. Nothing is needed but the Rust toolchain.

#[path = "demo/5-asset-hash-and-upload.rs"]
mod asset_hash_and_upload;
#[path = "demo/2-coverage-gate.rs"]
mod coverage_gate;
#[path = "demo/4-healthcheck.rs"]
mod healthcheck;
#[path = "demo/1-junit-shard-split.rs"]
mod junit_shard_split;
#[path = "demo/3-license-check.rs"]
mod license_check;
mod page;
mod repository;
mod workers;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// One act: a tool doing its work on the demo shop.
struct Act {
    number: usize,
    tool: &'static str,
    /// What else it starts.
    needs: &'static [&'static str],
    play: fn(&Stage) -> Result<page::Part>,
}

/// In order of play. A new tool adds a line here and a file beside the others.
const ACTS: &[Act] = &[
    Act { number: 1, tool: "junit-shard-split", needs: &["shop"], play: junit_shard_split::play },
    Act { number: 2, tool: "coverage-gate", needs: &[], play: coverage_gate::play },
    Act { number: 3, tool: "license-check", needs: &[], play: license_check::play },
    Act { number: 4, tool: "healthcheck", needs: &["shop"], play: healthcheck::play },
    Act { number: 5, tool: "asset-hash-and-upload", needs: &["shop", "aws-sim"], play: asset_hash_and_upload::play },
];

/// Where an act plays.
pub(crate) struct Stage {
    /// The repository.
    pub root: PathBuf,
    /// Folder of the built programs.
    pub programs: PathBuf,
    /// Folder that the demo leaves, emptied before.
    pub folder: PathBuf,
}

/// Plays all acts, or the one that `--act N` names.
pub fn run(root: &Path, args: &[String]) -> Result<()> {
    let chosen = match args {
        [] => None,
        [flag, number] if flag == "--act" => Some(number.parse::<usize>().context("--act takes a number")?),
        _ => bail!("usage: cargo xtask demo [--act N]"),
    };
    // Only what an act needs: the first one begins while the rest is not built yet.
    play(root, chosen, &|package| build(root, package))
}

/// Plays all acts, or the one that is `chosen`; `build` makes a package's programs before an act that needs them.
pub(crate) fn play(root: &Path, chosen: Option<usize>, build: &dyn Fn(&str) -> Result<()>) -> Result<()> {
    let acts: Vec<&Act> = ACTS.iter().filter(|act| chosen.is_none_or(|number| act.number == number)).collect();
    if acts.is_empty() {
        bail!("there is no such act; there are {}", ACTS.len());
    }
    let target = target_folder(root)?;
    let stage = Stage { root: root.to_owned(), programs: target.join("debug"), folder: target.join("demo") };
    if stage.folder.exists() {
        std::fs::remove_dir_all(&stage.folder)?;
    }
    std::fs::create_dir_all(&stage.folder)?;
    println!("Roadcrew: the pipeline on this machine.");
    let mut parts = Vec::new();
    let mut started = Instant::now();
    for act in acts {
        let waited = Instant::now();
        for package in act.needs.iter().chain([&act.tool]) {
            build(package)?;
        }
        started += waited.elapsed();
        println!("\nAct {}: {}\n", act.number, act.tool);
        parts.push((act.play)(&stage)?);
    }
    let index = stage.folder.join("index.html");
    std::fs::write(&index, page::render(&parts))?;
    println!("\nPlayed in {:.0} s (building apart). Look at it: {}", started.elapsed().as_secs_f64(), index.display());
    Ok(())
}

fn target_folder(root: &Path) -> Result<PathBuf> {
    let output =
        Command::new("cargo").args(["metadata", "--no-deps", "--format-version=1"]).current_dir(root).output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    Ok(metadata["target_directory"].as_str().context("cargo metadata names no target directory")?.into())
}

fn build(root: &Path, package: &str) -> Result<()> {
    let status =
        Command::new("cargo").args(["build", "--quiet", "--package", package, "--bins"]).current_dir(root).status()?;
    if !status.success() {
        bail!("building {package} failed");
    }
    Ok(())
}
