//! A repository with `main` and a branch under review.

use crate::project::{Checked, Project};
use kit_test::Cli;

/// A repository, gone with the test.
pub struct Repo {
    /// Its work tree.
    pub project: Project,
}

impl Repo {
    /// Files on `main`, and `topic` checked out at the same commit.
    pub fn new<C: AsRef<[u8]>>(files: &[(&str, C)]) -> Self {
        let repo = Repo { project: Project::with(files) };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.commit("main");
        repo.git(&["checkout", "--quiet", "-b", "topic"]);
        repo
    }

    /// Runs git, which must succeed.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.project, arguments)
    }

    /// Commits everything as it is.
    #[track_caller]
    pub fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self
    }

    /// Commits one file.
    #[track_caller]
    pub fn change(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        self.project.write(path, content);
        self.commit(path)
    }

    /// `check --base main`.
    #[track_caller]
    pub fn check(&self, arguments: &[&str]) -> Checked {
        self.project.check(&[&["--base", "main"], arguments].concat())
    }
}

/// Runs git in a folder as no one in particular, with no configuration of this machine.
#[track_caller]
pub fn git(project: &Project, arguments: &[&str]) -> String {
    let options =
        ["-c", "user.name=Someone", "-c", "user.email=someone@example.com", "-c", "protocol.file.allow=always"];
    let git = Cli::new("git", project.path()).args(options).args(arguments);
    let ran = git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").run();
    assert_eq!(ran.exit, 0, "git {arguments:?}: {}", ran.stderr);
    ran.stdout.trim_end().to_owned()
}
