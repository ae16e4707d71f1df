//! The example of healthcheck on each host, with nginx in front of the demo shop, three times: a deployment that reached every
//! instance, one that left an instance behind, and one that nobody can tell of; and the tool alone against servers of others.

mod deployment;
mod fleet;
mod hosts;
mod parties;

pub(super) use parties::{Authority, program};

use super::static_checks::ensure;
use super::{Outcome, World};
use anyhow::Result;
use deployment::Deployment;

/// The tool whose example this is.
const TOOL: &str = "healthcheck";

/// On GitHub, under act.
pub(super) fn on_github(world: &World) -> Vec<(String, Outcome)> {
    each("GitHub", world, hosts::github)
}

/// On Bitbucket, by the pipe harness.
pub(super) fn on_bitbucket(world: &World) -> Vec<(String, Outcome)> {
    each("Bitbucket", world, hosts::bitbucket)
}

/// On GitLab, under gitlab-ci-local.
pub(super) fn on_gitlab(world: &World) -> Vec<(String, Outcome)> {
    each("GitLab", world, hosts::gitlab)
}

/// In a shell, as the README shows it.
pub(super) fn in_a_shell(world: &World) -> Vec<(String, Outcome)> {
    each("shell", world, hosts::shell)
}

/// The tool against real servers.
pub(super) fn parties(world: &World) -> Vec<(String, Outcome)> {
    parties::run(world)
}

fn each(host: &str, world: &World, run: fn(&World, Deployment) -> Result<usize>) -> Vec<(String, Outcome)> {
    Deployment::ALL
        .map(|deployment| (format!("health on {host}: {}", deployment.title()), super::outcome(run(world, deployment))))
        .into()
}

/// What the log must say of a deployment, whatever the host. `code` is the tool's exit code, where it is known.
fn said(deployment: Deployment, code: Option<i32>, log: &str) -> Result<()> {
    if let Some(code) = code {
        ensure(code == deployment.exit(), &format!("the tool ended with {code}, not with {}", deployment.exit()), log)?;
    }
    for words in deployment.words() {
        ensure(log.contains(words), &format!("the log does not say `{words}`"), log)?;
    }
    Ok(())
}
