//! The place of one test run: a folder, a label for its containers, and the removal of both however the run ends.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};

use super::{images, process};

/// Label that every container of a test run carries, with the run's id as its value.
pub const RUN_LABEL: &str = "roadcrew.test.run";

/// act's shared volume. Whoever uses act at this machine may own it, so it is left alone.
const SHARED_VOLUME: &str = "act-toolcache";

const SWEEP_LIMIT: Duration = Duration::from_secs(120);

/// One run's folder and label. Dropping it removes the folder, the run's containers and their volumes; when this process
/// is killed instead, a small shell that watches it does the same.
pub struct Workspace {
    id: String,
    dir: PathBuf,
    watcher: Child,
}

impl Workspace {
    /// A new, empty place under `scratch` for a run of `kind` (letters). Errors: the folder can't be made, or no shell.
    pub fn new(scratch: &Path, kind: &str) -> Result<Workspace> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        // The time keeps a leftover of a killed run, whose process id may come again, from being taken for ours.
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let id = format!("{kind}-{}-{count}-{:x}", std::process::id(), since.as_millis());
        let dir = std::path::absolute(scratch)?.join(&id);
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        // Twice, because a client ends only when it next prints, and may start a container before that.
        let (process, sweep) = (std::process::id(), sweep(&id, &dir));
        let watch = format!("while kill -0 {process} 2>/dev/null; do sleep 1; done\n{sweep}sleep 5\n{sweep}");
        let watcher = Command::new("sh")
            .args(["-c", &watch])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        Ok(Workspace { id, dir, watcher })
    }

    /// The folder, absolute.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// `roadcrew.test.run=ID`, for `docker run --label` and `docker ps --filter label=`.
    pub fn label(&self) -> String {
        format!("{RUN_LABEL}={}", self.id)
    }

    /// Makes a folder inside and returns its path.
    pub fn make_dir(&self, name: &str) -> Result<PathBuf> {
        let dir = self.dir.join(name);
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(dir)
    }

    /// Removes the run's containers and their volumes now; the folder stays.
    pub fn remove_containers(&self) {
        let mut shell = Command::new("sh");
        shell.args(["-c", &sweep_containers(&self.id)]);
        let _ = process::run(shell, SWEEP_LIMIT);
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
        if process::on_path("docker") {
            self.remove_containers();
        }
        if fs::remove_dir_all(&self.dir).is_err() && self.dir.exists() {
            // Containers write as root; so where this process is not root, a container has to remove what they wrote.
            let mut shell = Command::new("sh");
            shell.args(["-c", &remove_dir(&self.dir)]);
            let _ = process::run(shell, SWEEP_LIMIT);
        }
    }
}

/// Holds a machine-wide lock named `name` while it lives: some clients name their containers after the pipeline, so two
/// runs of one pipeline would meet. Blocks until the other is done.
pub fn lock(scratch: &Path, name: &str) -> Result<fs::File> {
    fs::create_dir_all(scratch)?;
    let path = scratch.join(format!("{name}.lock"));
    let file = fs::File::create(&path).with_context(|| path.display().to_string())?;
    file.lock().with_context(|| path.display().to_string())?;
    Ok(file)
}

/// Makes `dir` a git repository with one commit of all its files on branch `main`, made by a fixed author at a fixed time,
/// and a remote `origin` (`https://host.example/owner/name.git`; it is never contacted). The clients read branch, commit
/// and repository name from it. Errors: git is missing or fails.
pub fn commit_all(dir: &Path, origin: &str) -> Result<()> {
    let git = |args: &[&str]| -> Result<String> {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
            .args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null"])
            .args(args)
            .current_dir(dir)
            .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
        // Variables of a hook or of a CI must not lead git to another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        process::read(command, SWEEP_LIMIT)
    };
    git(&["init", "--quiet", "--initial-branch=main", "."])?;
    git(&["add", "--all", "."])?;
    git(&["commit", "--quiet", "--allow-empty", "--message", "test"])?;
    git(&["remote", "add", "origin", origin]).map(drop)
}

/// Copies the folder `from` into `to`, which is made; links are copied as links. Errors name the path.
pub fn copy_dir(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_dir(&source, &target)?;
        } else if kind.is_symlink() {
            let link = fs::read_link(&source)?;
            match std::os::unix::fs::symlink(link, &target) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
                _ => (),
            }
        } else {
            fs::copy(&source, &target).with_context(|| source.display().to_string())?;
        }
    }
    Ok(())
}

fn sweep(id: &str, dir: &Path) -> String {
    format!("{}{}", sweep_containers(id), remove_dir(dir))
}

/// Shell lines: the run's containers go, then the volumes that were mounted into them or carry the label too.
fn sweep_containers(id: &str) -> String {
    let mounts = r#"{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{"\n"}}{{end}}{{end}}"#;
    format!(
        "ids=$(docker ps -aq --filter 'label={RUN_LABEL}={id}')\n\
         if [ -n \"$ids\" ]; then\n\
         volumes=$(docker inspect -f '{mounts}' $ids | grep -vx {SHARED_VOLUME} | sort -u)\n\
         docker rm -fv $ids\n\
         [ -z \"$volumes\" ] || docker volume rm $volumes\n\
         fi\n\
         for kind in volume network; do\n\
         ids=$(docker $kind ls -q --filter 'label={RUN_LABEL}={id}')\n\
         [ -z \"$ids\" ] || docker $kind rm $ids\n\
         done\n"
    )
}

/// Shell lines: the folder goes, if need be by root in a container.
fn remove_dir(dir: &Path) -> String {
    let image = images::RUNNER;
    let (parent, name) = (dir.parent().unwrap_or(dir), dir.file_name().unwrap_or_default().to_string_lossy());
    format!(
        "rm -rf '{}' 2>/dev/null || docker run --rm --network none -v '{}':/scratch {image} rm -rf '/scratch/{name}'\n",
        dir.display(),
        parent.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_workspace_is_gone() -> Result<()> {
        let parent = std::env::temp_dir().join(format!("roadcrew-workspace-{}", std::process::id()));
        let workspace = Workspace::new(&parent, "test")?;
        let dir = workspace.dir().to_path_buf();
        fs::write(dir.join("a"), "b")?;
        drop(workspace);
        assert!(!dir.exists());
        fs::remove_dir_all(&parent)?;
        Ok(())
    }

    #[test]
    fn one_commit_on_main() -> Result<()> {
        let workspace = Workspace::new(&std::env::temp_dir(), "test")?;
        fs::write(workspace.dir().join("a"), "b")?;
        commit_all(workspace.dir(), "https://host.example/acme/shop.git")?;
        let mut git = Command::new("git");
        git.args(["rev-parse", "--abbrev-ref", "HEAD"]).current_dir(workspace.dir());
        assert_eq!(process::read(git, SWEEP_LIMIT)?, "main");
        Ok(())
    }
}
