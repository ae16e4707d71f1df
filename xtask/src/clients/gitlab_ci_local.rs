//! Runs a GitLab pipeline under gitlab-ci-local, jobs in containers, without a network.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::workspace::{self, Workspace};
use super::{Clients, images, process};

/// One pipeline run. Make it with [`GitlabRun::new`] and set what differs.
pub struct GitlabRun<'a> {
    /// A git repository with a commit and a remote (see [`super::workspace::commit_all`]) that holds `.gitlab-ci.yml`.
    pub workdir: &'a Path,
    /// The pipeline's file, relative to `workdir`.
    pub file: &'a str,
    /// Names of the jobs to run with those they need; empty means the whole pipeline.
    pub jobs: Vec<&'a str>,
    /// Variables of every job.
    pub variables: Vec<(String, String)>,
    /// Further folders of this machine and where each is mounted in the jobs, with `:ro` or not.
    pub mounts: Vec<(PathBuf, String)>,
    /// The caches that earlier pipelines left, one folder a key, and where this one leaves its own; `None` starts without
    /// any and forgets them.
    pub caches: Option<PathBuf>,
    /// Time limit of the whole run.
    pub limit: Duration,
}

impl<'a> GitlabRun<'a> {
    /// The whole `.gitlab-ci.yml` of `workdir`, without variables, with five minutes of time.
    pub fn new(workdir: &'a Path) -> GitlabRun<'a> {
        GitlabRun {
            workdir,
            file: ".gitlab-ci.yml",
            jobs: Vec::new(),
            variables: Vec::new(),
            mounts: Vec::new(),
            caches: None,
            limit: Duration::from_secs(300),
        }
    }
}

/// What a pipeline run did. Its files live until it is dropped.
pub struct GitlabOutcome {
    /// 0 when the pipeline is green; `None` after a time-out.
    pub exit_code: Option<i32>,
    /// True when the limit ran out.
    pub timed_out: bool,
    /// The log: lines `job $ command` and `job > output`, then the list of jobs with their states.
    pub log: String,
    /// Wall time in milliseconds.
    pub elapsed_ms: u64,
    state: PathBuf,
    _workspace: Workspace,
}

impl GitlabOutcome {
    /// The artifacts of one job; a parallel one is named `job: [1/3]`. The folder is missing when it left none.
    pub fn artifacts_dir(&self, job: &str) -> PathBuf {
        self.state.join("artifacts").join(safe_name(job))
    }

    /// What one job printed.
    pub fn job_log(&self, job: &str) -> String {
        fs::read(self.state.join("output").join(format!("{}.log", safe_name(job))))
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .unwrap_or_default()
    }

    /// The folder in which the client keeps `artifacts/`, `output/`, `reports/`.
    pub fn state_dir(&self) -> &Path {
        &self.state
    }
}

/// Runs the pipeline. Images must be on the engine under the names that the jobs use.
///
/// Errors: the client or the engine is missing (a [`super::Skip`] inside), or it can't be started. A red pipeline is no error.
pub fn run(clients: &Clients, run: &GitlabRun<'_>) -> Result<GitlabOutcome> {
    let client = clients.tool("gitlab-ci-local")?;
    clients.tool("rsync")?;
    images::act_image(&clients.scratch_dir())?;
    let image = images::gitlab_helper_image(&clients.scratch_dir())?;
    let workspace = Workspace::new(&clients.scratch_dir(), "gitlab")?;
    let (home, state) = (workspace.make_dir("home")?, workspace.make_dir("state")?);
    if let Some(caches) = run.caches.as_ref().filter(|caches| caches.exists()) {
        workspace::copy_dir(caches, &state.join("cache"))?;
    }
    let mut command = client.command();
    command
        .current_dir(run.workdir)
        .args(["--file", run.file, "--pull-policy", "if-not-present", "--network", "host", "--no-color"])
        // Artifacts stay in the state folder and reach later jobs from there; the checkout is not touched.
        .args(["--no-artifacts-to-source", "--helper-image", image])
        .arg("--home")
        .arg(&home)
        .arg("--state-dir")
        .arg(relative(run.workdir, &state)?)
        .env("HOME", &home)
        .env("PATH", labelling_path(&workspace)?);
    for (folder, target) in &run.mounts {
        command.arg("--volume").arg(format!("{}:{target}", folder.display()));
    }
    for (name, value) in &run.variables {
        command.arg("--variable").arg(format!("{name}={value}"));
    }
    if !run.jobs.is_empty() {
        command.arg("--needs").args(&run.jobs);
    }
    let finished = process::run_merged(command, run.limit)?;
    workspace.remove_containers();
    if let Some(caches) = run.caches.as_ref().filter(|_| state.join("cache").exists()) {
        workspace::copy_dir(&state.join("cache"), caches)?;
    }
    Ok(GitlabOutcome {
        exit_code: finished.code,
        timed_out: finished.timed_out,
        log: finished.stdout,
        elapsed_ms: finished.elapsed_ms,
        state,
        _workspace: workspace,
    })
}

/// PATH with a `docker` in front that puts the run's label on whatever the client makes, since it has no option for that.
fn labelling_path(workspace: &Workspace) -> Result<std::ffi::OsString> {
    use std::os::unix::fs::PermissionsExt;
    let docker = process::find_on_path("docker").ok_or_else(|| anyhow::anyhow!("no docker client on PATH"))?;
    let bin = workspace.make_dir("bin")?;
    let (label, docker) = (workspace.label(), docker.display());
    let script = format!(
        "#!/bin/sh\n\
         case \"$1 $2\" in\n\
         'volume create'|'network create') kind=$1; shift 2; exec {docker} $kind create --label {label} \"$@\" ;;\n\
         esac\n\
         case \"$1\" in\n\
         create|run) kind=$1; shift; exec {docker} $kind --label {label} \"$@\" ;;\n\
         esac\n\
         exec {docker} \"$@\"\n"
    );
    let file = bin.join("docker");
    fs::write(&file, script)?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    let rest = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&rest)))?)
}

/// The client takes its state folder relative to the working folder only.
fn relative(from: &Path, to: &Path) -> Result<PathBuf> {
    let (from, to) = (from.canonicalize()?, to.canonicalize()?);
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..");
    Ok(up.map(PathBuf::from).chain(to.components().skip(shared).map(|part| PathBuf::from(part.as_os_str()))).collect())
}

/// The client's file name for a job: each run of characters outside of `A-Za-z0-9_-` is spelled in base64url.
/// Source: gitlab-ci-local 4.75, `Utils.safeDockerString` (names over 200 bytes, which it shortens, don't occur here).
fn safe_name(job: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let mut name = String::new();
    let mut rest = job.as_bytes();
    while let Some(first) = rest.first() {
        let kind = plain(*first);
        let end = rest.iter().position(|byte| plain(*byte) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        name += &if kind { String::from_utf8_lossy(run).into_owned() } else { base64url(run) };
        rest = after;
    }
    name
}

/// RFC 4648 section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0_usize, |sum, at| (sum << 8) | group.get(at).map_or(0, |byte| usize::from(*byte)));
        for at in 0..=group.len() {
            text.push(char::from(LETTERS[(number >> (18 - 6 * at)) & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_go_up_and_down() -> Result<()> {
        assert_eq!(relative(Path::new("/usr/bin"), Path::new("/usr/lib"))?, Path::new("../lib"));
        Ok(())
    }
    #[test]
    fn job_names_are_spelled_as_the_client_does() {
        assert_eq!(safe_name("shard: [1/3]"), "shardOiBb1Lw3XQ");
        assert_eq!(safe_name("plan"), "plan");
    }
}
