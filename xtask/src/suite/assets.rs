//! The example of asset-hash-and-upload on each host, against a simulated AWS, and the README's lines against moto too: a release,
//! one that changes a file, a rollback and a tidying, while visitors load every page with all that it names.

mod browser;
mod build;
mod chromium;
mod hosts;
mod nginx;
mod opinions;
mod servers;
mod sites;
mod story;
mod tls;
mod visitors;

use super::{Outcome, World, outcome};
use anyhow::Result;
use servers::Server;
use story::{Play, Story};

/// The tool whose example this is.
const TOOL: &str = "asset-hash-and-upload";

/// On GitHub, under act.
pub(super) fn on_github(world: &World) -> Vec<(String, Outcome)> {
    told("GitHub", world, Story::new(world, "github", Server::simulated), hosts::github)
}

/// On Bitbucket, by the pipe harness.
pub(super) fn on_bitbucket(world: &World) -> Vec<(String, Outcome)> {
    told("Bitbucket", world, Story::new(world, "bitbucket", Server::simulated), hosts::bitbucket)
}

/// On GitLab, under gitlab-ci-local.
pub(super) fn on_gitlab(world: &World) -> Vec<(String, Outcome)> {
    told("GitLab", world, hosts::gitlab_story(world), hosts::gitlab)
}

/// In a shell, as the README shows it; and what it shows of a tree whose names a build has hashed.
pub(super) fn in_a_shell(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = told("shell", world, Story::new(world, "shell", Server::simulated), hosts::shell);
    outcomes.extend(told("shell, with moto", world, Story::new(world, "moto", Server::moto), hosts::shell));
    outcomes.push(("assets of a build, in a shell".to_owned(), outcome(build::run(world))));
    outcomes
}

/// The image and HTTPS.
pub(super) fn over_tls(world: &World) -> Vec<(String, Outcome)> {
    vec![("asset-hash-and-upload: the image and HTTPS, by nginx".to_owned(), outcome(tls::run(world)))]
}

/// Sites as tools build them, in a browser.
pub(super) fn in_a_browser(world: &World) -> Vec<(String, Outcome)> {
    browser::run(world)
}

/// S3 as others understand it.
pub(super) fn by_other_servers(world: &World) -> Vec<(String, Outcome)> {
    opinions::run(world)
}

fn told(host: &str, world: &World, story: Result<Story>, play: Play) -> Vec<(String, Outcome)> {
    let name = format!("assets on {host}: a release, the next, a rollback and a tidying; all pages load all the time");
    vec![(name, outcome(story.and_then(|story| story.tell(world, play))))]
}
