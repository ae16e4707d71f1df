//! The three deployments, as what the instances are and what the list of them says.

use super::super::World;
use super::super::static_checks::ensure;
use super::fleet::Fleet;
use crate::clients::workspace;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// How long the examples wait, and how long the tests do: nothing here changes while they wait.
const DEADLINES: [(&str, &str); 2] = [("deadline: 2m", "deadline: 8s"), ("DEADLINE: 2m", "DEADLINE: 8s")];

/// The release that an instance has on which nothing was deployed.
const OLD: &str = "an-older-release";

/// What became of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deployment {
    /// Every instance has the commit.
    Everywhere,
    /// The third instance still has the old release, and is healthy.
    Laggard,
    /// No instance is in service yet.
    NobodyInService,
}

impl Deployment {
    pub(super) const ALL: [Deployment; 3] = [Deployment::Everywhere, Deployment::Laggard, Deployment::NobodyInService];

    pub(super) fn title(self) -> &'static str {
        match self {
            Deployment::Everywhere => "a release on every instance passes",
            Deployment::Laggard => "an instance with the old release fails",
            Deployment::NobodyInService => "no instance in service is unproven",
        }
    }

    /// A name for folders.
    pub(super) fn name(self) -> &'static str {
        match self {
            Deployment::Everywhere => "everywhere",
            Deployment::Laggard => "laggard",
            Deployment::NobodyInService => "nobody",
        }
    }

    /// The tool's exit code.
    pub(super) fn exit(self) -> i32 {
        match self {
            Deployment::Everywhere => 0,
            Deployment::Laggard => 1,
            Deployment::NobodyInService => 4,
        }
    }

    /// The output `verdict`.
    pub(super) fn verdict(self) -> &'static str {
        match self {
            Deployment::Everywhere => "pass",
            Deployment::Laggard => "fail",
            Deployment::NobodyInService => "unproven",
        }
    }

    /// What every host's log holds.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Deployment::Everywhere => &[],
            Deployment::Laggard => &["i-3", OLD],
            Deployment::NobodyInService => &["no instance is left to ask"],
        }
    }

    /// The example as a committed repository of a user, with the instances of this deployment. They are there until the fleet
    /// is dropped.
    pub(super) fn deployed(self, world: &World, host: &str, prepare: &dyn Fn(&Path) -> Result<()>) -> Result<Deployed> {
        let folder = world.folder.join("health").join(host).join(self.name());
        let project = folder.join("shop");
        workspace::copy_dir(&world.root.join("examples/health"), &project)?;
        for file in [".github/workflows/deploy.yml", "bitbucket-pipelines.yml", ".gitlab-ci.yml"] {
            let text = fs::read_to_string(project.join(file))?;
            let short = DEADLINES.iter().fold(text.clone(), |text, (usual, short)| text.replace(usual, short));
            ensure(short != text, &format!("{file} has no deadline to shorten"), &text)?;
            fs::write(project.join(file), short)?;
        }
        prepare(&project)?;
        let ports = Fleet::ports()?;
        fs::write(project.join("instances.json"), self.instances(&ports))?;
        workspace::commit_all(&project, &format!("https://{host}.example/acme/shop.git"))?;
        let commit = head(&project)?;
        let third = if self == Deployment::Laggard { OLD } else { commit.as_str() };
        let fleet = Fleet::start(world, &folder, &ports, [commit.as_str(), commit.as_str(), third])?;
        Ok(Deployed { project, commit, ports, _fleet: fleet })
    }

    fn instances(self, ports: &[u16; 3]) -> String {
        let state = if self == Deployment::NobodyInService { "Pending:Wait" } else { "InService" };
        let instance = |(at, port): (usize, &u16)| {
            format!(
                "  {{ \"id\": \"i-{}\", \"address\": \"127.0.0.1\", \"port\": {port}, \"state\": \"{state}\" }}",
                at + 1
            )
        };
        let instances: Vec<String> = ports.iter().enumerate().map(instance).collect();
        format!("[\n{}\n]\n", instances.join(",\n"))
    }
}

/// A repository whose release is on its instances, or not.
pub(super) struct Deployed {
    pub project: PathBuf,
    /// Full id of its last commit.
    pub commit: String,
    /// Of `i-1`, `i-2` and `i-3`.
    pub ports: [u16; 3],
    _fleet: Fleet,
}

fn head(project: &Path) -> Result<String> {
    let output = std::process::Command::new("git").args(["rev-parse", "HEAD"]).current_dir(project).output()?;
    ensure(output.status.success(), "git rev-parse failed", &String::from_utf8_lossy(&output.stderr))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
