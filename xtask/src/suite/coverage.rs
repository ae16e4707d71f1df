//! The example of coverage-gate on each host, three times: a change whose lines are tested, one that leaves a line without a
//! test, and one that adds a file which no report knows.

mod bitbucket;
mod change;
mod comment;
mod github;
mod gitlab;
mod shell;

use super::static_checks::ensure;
use super::{Outcome, World};
use anyhow::Result;
use change::Change;

/// The tool whose example this is.
const TOOL: &str = "coverage-gate";

/// On GitHub, under act.
pub(super) fn on_github(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = each("GitHub", world, github::pull_request);
    outcomes.extend(comment::run(world));
    outcomes
}

/// On Bitbucket, by the pipe harness, and once under bitbucket-pipeline-runner.
pub(super) fn on_bitbucket(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = each("Bitbucket", world, bitbucket::pipe);
    outcomes.push(("coverage under bitbucket-pipeline-runner".to_owned(), super::outcome(bitbucket::pipeline(world))));
    outcomes
}

/// On GitLab, under gitlab-ci-local.
pub(super) fn on_gitlab(world: &World) -> Vec<(String, Outcome)> {
    each("GitLab", world, gitlab::merge_request)
}

/// In a shell, with the real PHPUnit, as the README shows it.
pub(super) fn in_a_shell(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = each("shell", world, shell::changed);
    outcomes.push(("coverage in a shell: init, and what it holds".to_owned(), super::outcome(shell::init(world))));
    outcomes.push((
        "coverage: the stand-in for PHPUnit measures what PHPUnit does".to_owned(),
        super::outcome(shell::stand_in(world)),
    ));
    outcomes
}

fn each(host: &str, world: &World, run: fn(&World, Change) -> Result<usize>) -> Vec<(String, Outcome)> {
    Change::ALL
        .map(|change| (format!("coverage on {host}: {}", change.title()), super::outcome(run(world, change))))
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
