//! Repositories that git itself makes, read without it.

mod annotations;
mod base;
mod changes;
mod diff_files;
mod history;
mod layout;
mod random_edits;
mod uncommitted;

use kit_git::observe::repository::Repository;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The first commit's time, in seconds since 1970.
pub(crate) const START_S: i64 = 1_700_000_000;

/// Runs git as no one in particular: no configuration of this machine, nothing of a repository that the tests run in.
fn git_output(folder: &Path, arguments: &[&str], time_s: i64) -> Output {
    let mut command = Command::new("git");
    for variable in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX"]
    {
        command.env_remove(variable);
    }
    for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")] {
        command.env(name, value);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Someone");
        command.env(format!("GIT_{role}_EMAIL"), "someone@example.com");
        command.env(format!("GIT_{role}_DATE"), format!("{time_s} +0000"));
    }
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false"])
        .args(["-c", "advice.detachedHead=false", "-c", "core.autocrlf=false"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("git is installed")
}

/// Runs git, which must succeed, and gives what it prints.
#[track_caller]
pub(crate) fn git_bytes(folder: &Path, arguments: &[&str], time_s: i64) -> Vec<u8> {
    let done = git_output(folder, arguments, time_s);
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// A repository in a folder of its own. Each commit is a minute younger than the one before.
struct Repo {
    folder: TempDir,
    time_s: Cell<i64>,
}

impl Repo {
    /// An empty one, on branch `main`.
    fn new() -> Self {
        Repo::with(&[])
    }

    fn with(options: &[&str]) -> Self {
        let repo = Repo { folder: tempfile::tempdir().unwrap(), time_s: Cell::new(START_S) };
        repo.git(&[&["init", "--quiet", "--initial-branch=main"], options].concat());
        repo
    }

    /// A clone of this one over a real transport, so that depths count.
    fn cloned(&self, options: &[&str]) -> Self {
        let clone = Repo { folder: tempfile::tempdir().unwrap(), time_s: Cell::new(self.time_s.get()) };
        let url = format!("file://{}", self.path().display());
        clone.git(&[&["clone", "--quiet"], options, &[&url, "."]].concat());
        clone
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        self.time_s.set(self.time_s.get() + 60);
        let printed = git_bytes(self.path(), arguments, self.time_s.get());
        String::from_utf8(printed).unwrap().trim_end().to_owned()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Commits everything as it is and gives the id.
    #[track_caller]
    fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.id("HEAD")
    }

    /// Commits one file.
    #[track_caller]
    fn commit_file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        self.write(name, content).commit(name)
    }

    #[track_caller]
    fn id(&self, name: &str) -> String {
        self.git(&["rev-parse", "--verify", &format!("{name}^{{commit}}")])
    }

    #[track_caller]
    fn open(&self) -> Repository {
        Repository::discover(self.path()).unwrap().expect("a repository")
    }

    /// Merges without asking what with: `ours` keeps this side's files.
    #[track_caller]
    fn merge(&self, other: &str) -> String {
        self.git(&["merge", "--quiet", "--no-ff", "--no-edit", "-X", "ours", other]);
        self.id("HEAD")
    }
}

/// Numbered lines from `first` to `last`.
fn lines(first: usize, last: usize) -> String {
    (first..=last).map(|number| format!("line number {number} of the file\n")).collect()
}
