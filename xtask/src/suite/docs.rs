//! The examples of the README: what it shows is what the tests run.

use super::static_checks::ensure;
use super::{Outcome, World, assets, coverage, health, licenses, outcome};
use crate::clients::process;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Files of the examples that the README may quote from.
const QUOTED: [&str; 20] = [
    "parallel-tests/.github/workflows/tests.yml",
    "parallel-tests/bitbucket-pipelines.yml",
    "parallel-tests/.gitlab-ci.yml",
    "coverage/.github/workflows/coverage.yml",
    "coverage/.github/workflows/coverage-comment.yml",
    "coverage/bitbucket-pipelines.yml",
    "coverage/.gitlab-ci.yml",
    "coverage/coverage-gate.toml",
    "licenses/.github/workflows/licenses.yml",
    "licenses/bitbucket-pipelines.yml",
    "licenses/.gitlab-ci.yml",
    "licenses/license-policy.toml",
    "health/.github/workflows/deploy.yml",
    "health/bitbucket-pipelines.yml",
    "health/.gitlab-ci.yml",
    "health/smoke.toml",
    "assets/.github/workflows/assets.yml",
    "assets/bitbucket-pipelines.yml",
    "assets/.gitlab-ci.yml",
    "assets/.roadcrew.toml",
];

/// What stands before a shell example: the name by which it is run.
const RUN: &str = "<!-- run: ";

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = vec![
        ("the README's YAML and TOML stand in the executed examples".to_owned(), outcome(snippets(world))),
        ("each shell example of the README is run by name".to_owned(), outcome(named(world))),
        ("the README's junit-shard-split in a shell".to_owned(), outcome(shell(world))),
    ];
    outcomes.extend(coverage::in_a_shell(world));
    outcomes.extend(licenses::in_a_shell(world));
    outcomes.extend(health::in_a_shell(world));
    outcomes.extend(assets::in_a_shell(world));
    outcomes
}

fn readme(world: &World) -> Result<String> {
    Ok(std::fs::read_to_string(world.root.join("README.md"))?)
}

/// The blocks of a language in the README, each with the line before it.
fn blocks(readme: &str, language: &str) -> Result<Vec<(String, String)>> {
    let opening = format!("\n```{language}\n");
    let mut found = Vec::new();
    for (at, _) in readme.match_indices(&opening) {
        let before = readme[..at].rsplit('\n').next().unwrap_or_default();
        let block = readme[at + opening.len()..].split("\n```").next().context("a block that does not end")?;
        found.push((before.to_owned(), block.to_owned()));
    }
    Ok(found)
}

fn snippets(world: &World) -> Result<usize> {
    let examples = world.root.join("examples");
    let read = |file: &&str| std::fs::read_to_string(examples.join(file)).with_context(|| (*file).to_owned());
    let texts: Vec<String> = QUOTED.iter().map(read).collect::<Result<_>>()?;
    let readme = readme(world)?;
    let mut shown = vec![false; texts.len()];
    let mut count = 0;
    for (_, block) in
        ["yaml", "toml"].iter().map(|language| blocks(&readme, language)).collect::<Result<Vec<_>>>()?.concat()
    {
        let Some(at) = texts.iter().position(|text| text.contains(block.as_str())) else {
            bail!("the README shows what no executed example holds:\n{block}");
        };
        shown[at] = true;
        count += 1;
    }
    for (file, shown) in QUOTED.iter().zip(shown) {
        let is_comment = file.ends_with("coverage-comment.yml");
        ensure(shown || is_comment, &format!("the README shows nothing of examples/{file}"), "")?;
    }
    Ok(count)
}

/// The name that the README gives a shell example.
fn name_of(before: &str) -> Option<&str> {
    before.strip_prefix(RUN)?.strip_suffix(" -->")
}

/// Errors: an example that nothing runs.
fn named(world: &World) -> Result<usize> {
    const KNOWN: [&str; 14] = [
        "junit-shard-split",
        "coverage-gate",
        "coverage-gate init",
        "license-check",
        "license-check init",
        "license-check questions",
        "healthcheck",
        "healthcheck afterwards",
        "healthcheck on a machine",
        "healthcheck of the machines",
        "asset-hash-and-upload",
        "asset-hash-and-upload back",
        "asset-hash-and-upload tidy",
        "asset-hash-and-upload of a build",
    ];
    let blocks = blocks(&readme(world)?, "sh")?;
    for (before, block) in &blocks {
        let known = name_of(before).is_some_and(|name| KNOWN.contains(&name));
        ensure(known, &format!("nothing runs this shell example; before it stands `{before}`:\n{block}"), "")?;
    }
    ensure(blocks.len() == KNOWN.len(), "not every known shell example is there", "")?;
    Ok(blocks.len())
}

/// The lines of the README's shell example of this name.
pub(super) fn shell_example(world: &World, name: &str) -> Result<String> {
    let blocks = blocks(&readme(world)?, "sh")?;
    let found = blocks.into_iter().find(|(before, _)| name_of(before) == Some(name));
    Ok(found.with_context(|| format!("the README has no shell example `{name}`"))?.1)
}

/// A command that runs lines in a folder with the built tools on PATH, as in no CI.
pub(super) fn in_shell(world: &World, folder: &Path, script: &str) -> Command {
    let programs = world.root.join("dist/x86_64-unknown-linux-musl");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.args(["-e", "-c", script]).current_dir(folder).env("PATH", format!("{}:{path}", programs.display()));
    for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        command.env(format!("{name}_NAME"), "Test").env(format!("{name}_EMAIL"), "test@example.com");
    }
    for name in ["GITHUB_ACTIONS", "GITLAB_CI", "BITBUCKET_BUILD_NUMBER"] {
        command.env_remove(name);
    }
    command
}

fn shell(world: &World) -> Result<usize> {
    let script = shell_example(world, "junit-shard-split")?;
    let project = world.example("parallel-tests", "shell")?;
    let done = process::run_merged(in_shell(world, &project, &script), Duration::from_secs(60))?;
    let log = done.log();
    ensure(done.success(), "the script failed", &log)?;
    ensure(log.contains("each of 14 planned on 2 shards ran once"), "verify does not say so", &log)?;
    ensure(project.join("merged.xml").is_file() && project.join("timings.json").is_file(), "a file is missing", &log)?;
    Ok(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_with_the_line_before_them() -> Result<()> {
        let text = "a\n<!-- run: x y -->\n```sh\nb\nc\n```\n\n```sh\nd\n```\n";
        let found = blocks(text, "sh")?;
        assert_eq!(found, [("<!-- run: x y -->".into(), "b\nc".into()), (String::new(), "d".into())]);
        assert_eq!((name_of(&found[0].0), name_of(&found[1].0)), (Some("x y"), None));
        Ok(())
    }
}
