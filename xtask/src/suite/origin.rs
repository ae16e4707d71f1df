//! A repository with a change under review at its host, and the clones that hosts make of it.

use super::World;
use crate::clients::{process, workspace};
use anyhow::Result;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// The pull request's number on every host.
pub(super) const NUMBER: u64 = 7;

/// What becomes of an example.
pub(super) struct Recipe<'r> {
    /// The folder below `examples/`.
    pub example: &'r str,
    /// The name of the branch with the change.
    pub branch: &'static str,
    /// Alters the example before anything is committed.
    pub prepare: &'r dyn Fn(&Path) -> Result<()>,
    /// What the branch changes.
    pub change: &'r dyn Fn(&Path) -> Result<()>,
    /// What the base branch gets meanwhile: lines above the change, so that its lines have other numbers in the merge.
    pub meanwhile: &'r dyn Fn(&Path) -> Result<()>,
}

/// The repository at its host: a base branch, a branch with the change, and the host's merge of both.
pub(super) struct Origin {
    folder: PathBuf,
    clone: PathBuf,
    branch: &'static str,
    /// The base branch's last commit.
    pub base: String,
    /// Where the branch left the base branch.
    pub parted: String,
    /// The branch's last commit.
    pub source: String,
}

impl Origin {
    /// Makes it. `stage` names a folder of its own.
    pub(super) fn new(world: &World, stage: &str, recipe: &Recipe<'_>) -> Result<Origin> {
        let place = world.folder.join(recipe.example).join(stage).join(recipe.branch);
        let work = place.join("origin");
        workspace::copy_dir(&world.root.join("examples").join(recipe.example), &work)?;
        (recipe.prepare)(&work)?;
        git(&work, &["init", "--quiet", "--initial-branch=main", "."])?;
        // More commits than a host clones by default lie before the change.
        for count in 0..3 {
            fs::write(work.join("NEWS"), format!("{count}\n"))?;
            commit(&work, "news")?;
        }
        let parted = git(&work, &["rev-parse", "HEAD"])?;
        git(&work, &["checkout", "--quiet", "-b", recipe.branch])?;
        (recipe.change)(&work)?;
        let source = commit(&work, "change")?;
        git(&work, &["checkout", "--quiet", "main"])?;
        (recipe.meanwhile)(&work)?;
        let base = commit(&work, "meanwhile")?;
        git(&work, &["checkout", "--quiet", "--detach", "main"])?;
        git(&work, &["merge", "--quiet", "--no-ff", "--message", "merge", recipe.branch])?;
        git(&work, &["update-ref", &format!("refs/pull/{NUMBER}/merge"), "HEAD"])?;
        git(&work, &["update-ref", &format!("refs/merge-requests/{NUMBER}/head"), &source])?;
        git(&work, &["checkout", "--quiet", "main"])?;
        Ok(Origin { clone: place.join("shop"), folder: work, branch: recipe.branch, base, parted, source })
    }

    /// The name of the branch.
    pub(super) fn branch(&self) -> &'static str {
        self.branch
    }

    /// The folder of the clone, once there is one.
    pub(super) fn clone(&self) -> &Path {
        &self.clone
    }

    /// The text of a file as the branch's last commit has it. Errors: it has none.
    pub(super) fn at_source(&self, file: &str) -> Result<String> {
        git(&self.folder, &["show", &format!("{}:{file}", self.source)])
    }

    fn init(&self, remote: &str) -> Result<PathBuf> {
        fs::create_dir_all(&self.clone)?;
        git(&self.clone, &["init", "--quiet", "--initial-branch=main", "."])?;
        git(&self.clone, &["remote", "add", "origin", remote])?;
        Ok(self.clone.clone())
    }

    fn url(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// What actions/checkout leaves of a pull request with `fetch-depth: 2`: the merge, detached, and its parents.
    pub(super) fn as_github(&self) -> Result<PathBuf> {
        let clone = self.init("https://github.example/acme/shop.git")?;
        let remote = format!("refs/remotes/pull/{NUMBER}/merge");
        let from = format!("+refs/pull/{NUMBER}/merge:{remote}");
        git(&clone, &["fetch", "--quiet", "--no-tags", "--depth=2", &self.url(), &from])?;
        git(&clone, &["checkout", "--quiet", "--force", &remote])?;
        Ok(clone)
    }

    /// What Bitbucket leaves of a pull request with `clone: {depth: full}`: the source branch, and the destination merged
    /// into it.
    pub(super) fn as_bitbucket(&self) -> Result<PathBuf> {
        let clone = self.init("https://bitbucket.example/acme/shop.git")?;
        git(&clone, &["fetch", "--quiet", &self.url(), &format!("{0}:{0}", self.branch), "main"])?;
        git(&clone, &["checkout", "--quiet", self.branch])?;
        git(&clone, &["merge", "--quiet", "--no-edit", &self.base])?;
        Ok(clone)
    }

    /// What GitLab leaves of a merge request with `GIT_DEPTH: 0`: the source's last commit, detached.
    pub(super) fn as_gitlab(&self) -> Result<PathBuf> {
        let clone = self.init("https://gitlab.example/acme/shop.git")?;
        let heads = "+refs/heads/*:refs/remotes/origin/*";
        git(&clone, &["fetch", "--quiet", &self.url(), heads])?;
        git(&clone, &["checkout", "--quiet", "--detach", &self.source])?;
        Ok(clone)
    }

    /// A developer's clone with the branch checked out.
    pub(super) fn as_developer(&self) -> Result<PathBuf> {
        let clone = self.as_gitlab()?;
        git(&clone, &["branch", "--quiet", "main", "origin/main"])?;
        git(&clone, &["checkout", "--quiet", "-b", self.branch])?;
        Ok(clone)
    }

    /// What GitHub says of the event `pull_request`.
    pub(super) fn github_payload(&self) -> Value {
        json!({
            "number": NUMBER,
            "pull_request": {
                "number": NUMBER,
                "base": { "ref": "main", "sha": self.base },
                "head": { "ref": self.branch, "sha": self.source },
            },
            "repository": { "default_branch": "main", "full_name": "acme/shop" },
        })
    }

    /// What a step of a pull request's pipeline has besides; the commits are shortened as Bitbucket does it.
    pub(super) fn bitbucket_variables(&self) -> Vec<(String, String)> {
        [
            ("BITBUCKET_PR_ID", NUMBER.to_string()),
            ("BITBUCKET_PR_DESTINATION_BRANCH", "main".to_owned()),
            ("BITBUCKET_PR_DESTINATION_COMMIT", self.base.chars().take(12).collect()),
            ("BITBUCKET_BRANCH", self.branch.to_owned()),
            ("BITBUCKET_COMMIT", self.source.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// What a job of a merge request's pipeline has besides.
    pub(super) fn gitlab_variables(&self) -> Vec<(String, String)> {
        [
            ("CI_PIPELINE_SOURCE", "merge_request_event".to_owned()),
            ("CI_MERGE_REQUEST_IID", NUMBER.to_string()),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main".to_owned()),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", self.branch.to_owned()),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", self.source.clone()),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", self.parted.clone()),
            ("CI_MERGE_REQUEST_EVENT_TYPE", "detached".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

/// Bitbucket's variables that a step hands on to a pipe.
pub(super) const HANDED_ON: [&str; 3] =
    ["BITBUCKET_PR_ID", "BITBUCKET_PR_DESTINATION_BRANCH", "BITBUCKET_PR_DESTINATION_COMMIT"];

fn commit(folder: &Path, message: &str) -> Result<String> {
    git(folder, &["add", "--all", "."])?;
    git(folder, &["commit", "--quiet", "--message", message])?;
    git(folder, &["rev-parse", "HEAD"])
}

/// git with a fixed author and time, and without the settings of whoever runs the tests.
fn git(folder: &Path, args: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    process::read(command, LIMIT)
}
