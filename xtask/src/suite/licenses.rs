//! The example of license-check on each host, three times: a change that adds a package under an allowed licence, one under a
//! denied licence, and one of which nobody can tell.

mod bitbucket;
mod change;
mod github;
mod gitlab;
mod shell;

use super::static_checks::ensure;
use super::{Outcome, World};
use anyhow::Result;
use change::Change;

/// The tool whose example this is.
const TOOL: &str = "license-check";

/// On GitHub, under act.
pub(super) fn on_github(world: &World) -> Vec<(String, Outcome)> {
    each("GitHub", world, github::pull_request)
}

/// On Bitbucket, by the pipe harness, and once under bitbucket-pipeline-runner.
pub(super) fn on_bitbucket(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = each("Bitbucket", world, bitbucket::pipe);
    outcomes.push(("licences under bitbucket-pipeline-runner".to_owned(), super::outcome(bitbucket::pipeline(world))));
    outcomes
}

/// On GitLab, under gitlab-ci-local.
pub(super) fn on_gitlab(world: &World) -> Vec<(String, Outcome)> {
    each("GitLab", world, gitlab::merge_request)
}

/// In a shell, as the README shows it.
pub(super) fn in_a_shell(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = each("shell", world, shell::changed);
    outcomes.push(("licences in a shell: init, and what it holds".to_owned(), super::outcome(shell::init(world))));
    outcomes.push(("licences in a shell: questions".to_owned(), super::outcome(shell::questions(world))));
    outcomes
}

fn each(host: &str, world: &World, run: fn(&World, Change) -> Result<usize>) -> Vec<(String, Outcome)> {
    Change::ALL
        .map(|change| (format!("licences on {host}: {}", change.title()), super::outcome(run(world, change))))
        .into()
}

/// What the log must say of a change, whatever the host. `code` is the tool's exit code, where it is known.
fn said(change: Change, code: Option<i32>, log: &str) -> Result<()> {
    if let Some(code) = code {
        ensure(code == change.exit(), &format!("the tool ended with {code}, not with {}", change.exit()), log)?;
    }
    for words in change.words() {
        ensure(log.contains(words), &format!("the log does not say `{words}`"), log)?;
    }
    Ok(())
}

/// The bill of materials holds the package that the change adds. Errors: it isn't there, or no JSON.
fn in_sbom(change: Change, path: &std::path::Path, log: &str) -> Result<()> {
    ensure(path.is_file(), "there is no bill of materials", log)?;
    let sbom: serde_json::Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut purls = sbom["components"].as_array().into_iter().flatten().filter_map(|each| each["purl"].as_str());
    ensure(purls.any(|purl| purl == change.purl()), &format!("it has no {}", change.purl()), &sbom.to_string())
}
