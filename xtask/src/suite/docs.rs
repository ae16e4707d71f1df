//! The examples of the README: what it shows is what the tests run.

use super::static_checks::ensure;
use super::{Outcome, World, outcome};
use crate::clients::process;
use anyhow::{Context, Result, bail};
use std::process::Command;
use std::time::Duration;

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    vec![
        ("the README's YAML stands in the executed examples".to_owned(), outcome(snippets(world))),
        ("the README's shell example".to_owned(), outcome(shell(world))),
    ]
}

/// The blocks of a language in the README.
fn blocks(world: &World, language: &str) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(world.root.join("README.md"))?;
    let opening = format!("\n```{language}\n");
    let parts = text.split(&opening).skip(1);
    parts.map(|part| Ok(part.split("\n```").next().context("a block that does not end")?.to_owned())).collect()
}

fn snippets(world: &World) -> Result<usize> {
    let example = world.root.join("examples/parallel-tests");
    let files = [".github/workflows/tests.yml", "bitbucket-pipelines.yml", ".gitlab-ci.yml"];
    let texts: Vec<String> =
        files.iter().map(|file| std::fs::read_to_string(example.join(file))).collect::<Result<_, _>>()?;
    let blocks = blocks(world, "yaml")?;
    for block in &blocks {
        if !texts.iter().any(|text| text.contains(block.as_str())) {
            bail!("the README shows YAML that no executed example holds:\n{block}");
        }
    }
    ensure(blocks.len() >= 3, "the README shows fewer than three hosts", "")?;
    Ok(blocks.len())
}

fn shell(world: &World) -> Result<usize> {
    let blocks = blocks(world, "sh")?;
    let script = blocks.first().context("the README has no shell example")?;
    let project = world.example("parallel-tests", "shell")?;
    let programs = world.root.join("dist/x86_64-unknown-linux-musl");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.args(["-e", "-c", script]).current_dir(&project).env("PATH", format!("{}:{path}", programs.display()));
    for name in ["GITHUB_ACTIONS", "GITLAB_CI", "BITBUCKET_BUILD_NUMBER"] {
        command.env_remove(name);
    }
    let done = process::run_merged(command, Duration::from_secs(60))?;
    let log = done.log();
    ensure(done.success(), "the script failed", &log)?;
    ensure(log.contains("each of 14 planned on 2 shards ran once"), "verify does not say so", &log)?;
    ensure(project.join("merged.xml").is_file() && project.join("timings.json").is_file(), "a file is missing", &log)?;
    Ok(3)
}
