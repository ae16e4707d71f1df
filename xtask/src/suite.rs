//! `cargo xtask test`: everything that this machine can check, and a list of what it can't.
//!
//! `test TOOL --quick` is the inner loop: units and cases of one tool, nothing fetched, no container.

mod assets;
mod bitbucket;
mod coverage;
mod docs;
mod doors;
mod github;
mod gitlab;
mod health;
mod insights;
mod licenses;
mod loopback;
mod origin;
mod phpunit;
mod recorded;
mod static_checks;
mod stores;

use crate::checkout::Checkout;
use crate::clients::{self, Clients, Skip};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What one check found.
pub(crate) enum Outcome {
    /// So many checks passed.
    Passed(usize),
    /// What was wrong, for a person.
    Failed(String),
    /// What this machine can't run.
    Skipped(Skip),
}

/// Turns an error into an outcome: a missing program is a skip, everything else a failure.
pub(crate) fn outcome(result: Result<usize>) -> Outcome {
    match result {
        Ok(count) => Outcome::Passed(count),
        Err(err) => match err.downcast::<Skip>() {
            Ok(skip) => Outcome::Skipped(skip),
            Err(err) => Outcome::Failed(format!("{err:#}")),
        },
    }
}

/// What a stage works with.
pub(crate) struct World {
    pub root: PathBuf,
    pub clients: Clients,
    /// A folder for this run, emptied before.
    pub folder: PathBuf,
}

impl World {
    /// A fresh copy of an example, committed, as a user's repository.
    pub(crate) fn example(&self, name: &str, stage: &str) -> Result<PathBuf> {
        let copy = self.folder.join(stage).join("shop");
        clients::workspace::copy_dir(&self.root.join("examples").join(name), &copy)?;
        phpunit::install(&copy)?;
        Ok(copy)
    }
}

/// A named part of the suite. In CI every one must run.
struct Stage {
    name: &'static str,
    run: fn(&World) -> Vec<(String, Outcome)>,
}

const STAGES: &[Stage] = &[
    Stage { name: "format, lints, generated files, tidiness, licences", run: static_checks::run },
    Stage { name: "units and cases", run: units },
    Stage { name: "images", run: doors::images },
    Stage { name: "cases on the image", run: doors::cases },
    Stage { name: "GitHub Actions under act", run: github::run },
    Stage { name: "Bitbucket Pipelines: pipe harness and pipeline-runner", run: bitbucket::run },
    Stage { name: "GitLab CI under gitlab-ci-local", run: gitlab::run },
    Stage { name: "stores per host", run: stores::run },
    Stage { name: "examples of the README", run: docs::run },
    Stage { name: "healthcheck against real servers", run: health::parties },
    Stage { name: "asset-hash-and-upload over TLS", run: assets::over_tls },
    Stage { name: "asset-hash-and-upload on other S3 servers", run: assets::by_other_servers },
    Stage { name: "asset-hash-and-upload in a browser", run: assets::in_a_browser },
    Stage { name: "recorded files", run: recorded::run },
    Stage { name: "linters of the CI files", run: static_checks::ci_files },
    Stage { name: "demo", run: demo },
];

/// Runs the suite, one stage of it (`--stage WORD`), or one tool's inner loop (`TOOL --quick`).
pub fn run(checkout: &Checkout, args: &[String]) -> Result<()> {
    let root = checkout.root.as_path();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => whole(root, None),
        ["--stage", word] => whole(root, Some(word)),
        [tool, "--quick"] | ["--quick", tool] => quick(root, tool),
        _ => bail!("usage: cargo xtask test [TOOL --quick | --stage WORD]"),
    }
}

fn quick(root: &Path, tool: &str) -> Result<()> {
    let status = Command::new("cargo")
        .args("nextest run -p kit-report -p kit-host -p kit-git -p".split(' '))
        .args([tool, "-E", "not test(runners::)"])
        .current_dir(root)
        .status()
        .context("cargo-nextest is not installed: cargo install --locked cargo-nextest")?;
    if status.success() { Ok(()) } else { bail!("tests failed") }
}

fn whole(root: &Path, only: Option<&str>) -> Result<()> {
    println!("fetching pinned clients …");
    let clients = clients::provision(root)?;
    let folder = clients.scratch_dir().join("suite");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let world = World { root: root.to_owned(), clients, folder };
    let (mut passed, mut failed, mut skipped, mut times) = (0, Vec::new(), Vec::new(), Vec::new());
    for stage in STAGES.iter().filter(|stage| only.is_none_or(|word| stage.name.contains(word))) {
        println!("\n== {}", stage.name);
        let started = Instant::now();
        for (name, outcome) in (stage.run)(&world) {
            match outcome {
                Outcome::Passed(count) => {
                    passed += count;
                    println!("ok      {name} ({count})");
                }
                Outcome::Failed(why) => {
                    println!("FAILED  {name}\n{why}\n");
                    failed.push(name);
                }
                Outcome::Skipped(skip) => {
                    println!("skipped {name}: {}: {}", skip.what, skip.why);
                    skipped.push(format!("{name}: {}: {}", skip.what, skip.why));
                }
            }
        }
        times.push((stage.name, started.elapsed()));
    }
    close(passed, &failed, &skipped, &times)
}

/// The last lines: times, what could not run, and the totals.
fn close(passed: usize, failed: &[String], skipped: &[String], times: &[(&str, Duration)]) -> Result<()> {
    println!("\n== times");
    for (name, time) in times {
        println!("{:>7.1} s  {name}", time.as_secs_f64());
    }
    println!("\n== not run");
    for (what, why) in NEVER_HERE {
        println!("{what}: {why}");
    }
    for line in skipped {
        println!("{line}");
    }
    for name in failed {
        println!("FAILED  {name}");
    }
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    // A skip in CI is a failure: a green run that checked nothing is the worst of all.
    let failures = failed.len() + if in_ci { skipped.len() } else { 0 };
    println!("\n{passed} passed, {failures} failed");
    if failures == 0 { Ok(()) } else { bail!("the suite failed") }
}

/// What no machine of this project runs, with the reason; all else must run in CI.
const NEVER_HERE: &[(&str, &str)] = &[
    ("macOS and Windows", "the tools run in Linux jobs and images"),
    ("aarch64 binaries", "they are built, but there is no machine here to start them"),
    (
        "real hosts and image registries",
        "tests talk to loopback; only clients, linters and vitest come from package registries",
    ),
    (
        "Pest and Cypress",
        "they can't be installed from the registries that the tests use; their argument lists are unit-tested",
    ),
];

fn units(world: &World) -> Vec<(String, Outcome)> {
    let mut command = Command::new("cargo");
    command
        .args(["nextest", "run", "--workspace", "--no-fail-fast", "--color=never", "--success-output=immediate"])
        .current_dir(&world.root);
    command.env("ROADCREW_TOOLS", &world.clients.tools_dir);
    let result = clients::process::run_merged(command, Duration::from_secs(1800)).and_then(|finished| {
        let log = finished.log();
        let summary = log.lines().rev().find(|line| line.contains("tests run:")).unwrap_or_default().to_owned();
        for line in log.lines().filter(|line| line.trim_start().starts_with("SKIP ")) {
            println!("{}", line.trim());
        }
        if !finished.success() {
            bail!("{}", failures(&log));
        }
        let count = summary.split("tests run:").nth(1).and_then(|rest| rest.trim().split(' ').next()).unwrap_or("0");
        count.parse::<usize>().with_context(|| format!("nextest said: {summary}"))
    });
    vec![("cargo nextest run --workspace".to_owned(), outcome(result))]
}

/// The part of nextest's output that a person needs.
fn failures(log: &str) -> String {
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim_start().starts_with("PASS")).collect();
    lines[lines.len().saturating_sub(150)..].join("\n")
}

fn demo(world: &World) -> Vec<(String, Outcome)> {
    let result = crate::demo::play(&world.root, None, &|_| crate::programs::built(&world.root).map(drop)).map(|()| 1);
    vec![("cargo xtask demo".to_owned(), outcome(result))]
}
