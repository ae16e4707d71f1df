//! `cargo xtask bench`: what the tools cost and how good their answers are, with peers beside them in the same run.
//!
//! Instructions are counted with valgrind, so that they mean the same on a busy machine; seconds are processor time.

mod assets;
mod coverage;
mod health;
mod junit;
mod licenses;
mod measure;
mod random;
mod reports;
mod shards;

use anyhow::{Context, Result, bail};
use measure::{Cost, run_costed};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "x86_64-unknown-linux-musl";

/// What a bench works with.
struct Bench {
    /// The checkout.
    root: PathBuf,
    /// The tool, as its image has it.
    binary: PathBuf,
    /// Where its inputs are made.
    folder: PathBuf,
    /// Size of the large inputs in percent of what the goals name.
    size_percent: u64,
}

/// A tool's benches.
struct Tool {
    name: &'static str,
    compressed_goal: &'static str,
    run: fn(&Bench) -> Result<()>,
}

const TOOLS: &[Tool] = &[
    Tool { name: "junit-shard-split", compressed_goal: "<= 1.5 MB compressed", run: shards::run },
    Tool { name: "coverage-gate", compressed_goal: "<= 2 MB compressed", run: coverage::run },
    Tool { name: "license-check", compressed_goal: "<= 5 MB compressed", run: licenses::run },
    Tool { name: "healthcheck", compressed_goal: "<= 4 MB compressed", run: health::run },
    Tool { name: "asset-hash-and-upload", compressed_goal: "<= 6 MB compressed", run: assets::run },
];

/// Runs all benches or those of one tool; `--size N` makes the large inputs N percent of what the goals name.
pub fn run(root: &Path, args: &[String]) -> Result<()> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let (only, size_percent) = match words.as_slice() {
        [] => (None, 100),
        ["--size", percent] => (None, percent.parse()?),
        [tool] => (Some(*tool), 100),
        [tool, "--size", percent] => (Some(*tool), percent.parse()?),
        _ => bail!("usage: cargo xtask bench [TOOL] [--size PERCENT]"),
    };
    let tools: Vec<&Tool> = TOOLS.iter().filter(|tool| only.is_none_or(|only| only == tool.name)).collect();
    if tools.is_empty() {
        bail!("there are no benches of {}", only.unwrap_or_default());
    }
    let target = target(root);
    for tool in tools {
        let status = Command::new("cargo")
            .args(["build", "--profile=ship", "--target", TARGET, "--package", tool.name])
            .current_dir(root)
            .status()?;
        if !status.success() {
            bail!("building {} failed", tool.name);
        }
        // Outside of every repository: reports of made-up files would match nothing of this one.
        let folder = std::env::temp_dir().join("roadcrew-bench").join(tool.name);
        std::fs::create_dir_all(&folder)?;
        let binary = target.join(TARGET).join("ship").join(tool.name);
        let bench = Bench { root: root.to_owned(), binary, folder, size_percent };
        println!("\n{}\n\n| what | figure | goal |\n| --- | --- | --- |", tool.name);
        bench.start_up(tool.compressed_goal)?;
        (tool.run)(&bench)?;
    }
    Ok(())
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

impl Bench {
    fn start_up(&self, compressed_goal: &str) -> Result<()> {
        let cost =
            (0..20).map(|_| run_costed(Command::new(&self.binary).arg("--version"))).collect::<Result<Vec<Cost>>>()?;
        let mut cpu_ms: Vec<f64> = cost.iter().map(|cost| cost.cpu_s * 1000.0).collect();
        cpu_ms.sort_by(f64::total_cmp);
        row("start to first line, processor time", &format!("{:.1} ms", cpu_ms[cpu_ms.len() / 2]), "<= 5 ms");
        let size = std::fs::metadata(&self.binary)?.len();
        let gzip = Command::new("gzip").arg("-9c").arg(&self.binary).output()?.stdout.len();
        row(
            "binary, and compressed",
            &format!("{:.2} MB, {:.2} MB", size as f64 / 1e6, gzip as f64 / 1e6),
            compressed_goal,
        );
        Ok(())
    }
}

fn number(value: &serde_json::Value) -> Result<u64> {
    value.as_u64().with_context(|| format!("{value} is not a number"))
}

fn row(what: &str, figure: &str, goal: &str) {
    println!("| {what} | {figure} | {goal} |");
}
