//! Runs a GitHub workflow under act, in job containers, without a network, and reads back what every step did.
//!
//! `actions/checkout` is act's own (it copies the folder). For `actions/upload-artifact`, `download-artifact` and `cache`,
//! which can't be fetched, the stand-ins of `xtask/clients/act/` are used under whatever ref the workflow names; they keep
//! their files in a folder that all jobs share and that the caller reads afterwards.

mod log;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

#[allow(unused_imports, reason = "part of a step's public shape")]
pub use log::{Annotation, Job, Step};

use super::workspace::{self, Workspace};
use super::{Clients, images, process};

/// Runner labels that run in the job image.
const LABELS: [&str; 4] = ["ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-24.04-arm"];

/// Actions that have a stand-in in `xtask/clients/act/`, by repository.
const STAND_INS: [&str; 3] = ["actions/upload-artifact", "actions/download-artifact", "actions/cache"];

/// Where the shared folder is mounted in every container.
const SHARED: &str = "/roadcrew-host";

/// One workflow run. Make it with [`ActRun::new`] and set what differs.
pub struct ActRun<'a> {
    /// A git repository with at least one commit (see [`workspace::commit_all`]); it is copied into each job.
    pub workdir: &'a Path,
    /// The workflow's file, relative to `workdir`.
    pub workflow: &'a str,
    /// `push`, `pull_request`, `workflow_dispatch`, ...
    pub event: &'a str,
    /// The event's payload (`github.event`). A pull request's needs `number` at its top, or GITHUB_REF is wrong.
    pub payload: Option<Value>,
    /// Only this job and those it needs.
    pub job: Option<&'a str>,
    /// `inputs` of a `workflow_dispatch`.
    pub inputs: Vec<(String, String)>,
    /// Secrets; their values are masked in the log and never on a command line.
    pub secrets: Vec<(String, String)>,
    /// Variables of every step; these may replace GITHUB_* (GITHUB_API_URL for a server of the test).
    pub env: Vec<(String, String)>,
    /// `owner/name@ref` and the folder that takes its place, as a checkout of that repository.
    pub local_repositories: Vec<(String, PathBuf)>,
    /// Further folders of this machine and where each is mounted in job containers and docker actions, with `:ro` or not.
    pub mounts: Vec<(PathBuf, String)>,
    /// The image of the jobs; [`images::RUNNER`] unless they need more.
    pub job_image: String,
    /// Time limit of the whole run.
    pub limit: Duration,
}

impl<'a> ActRun<'a> {
    /// A `push` of `workdir` that starts `workflow`, with nothing else set and five minutes of time.
    pub fn new(workdir: &'a Path, workflow: &'a str) -> ActRun<'a> {
        ActRun {
            workdir,
            workflow,
            event: "push",
            payload: None,
            job: None,
            inputs: Vec::new(),
            secrets: Vec::new(),
            env: Vec::new(),
            local_repositories: Vec::new(),
            mounts: Vec::new(),
            job_image: images::RUNNER.to_owned(),
            limit: Duration::from_secs(300),
        }
    }
}

/// What a workflow run did. Its files live until it is dropped.
pub struct ActOutcome {
    /// 0 when every job succeeded; `None` after a time-out.
    pub exit_code: Option<i32>,
    /// True when the limit ran out.
    pub timed_out: bool,
    /// Wall time in milliseconds.
    pub elapsed_ms: u64,
    /// Jobs in the order in which they started; a matrix gives one each.
    pub jobs: Vec<Job>,
    /// The whole log as act would print it, one line `[workflow/job] text` each.
    pub log: String,
    workspace: Workspace,
}

impl ActOutcome {
    /// The folder that holds each uploaded artifact as a folder of its name; it may be missing when there was none.
    pub fn artifacts_dir(&self) -> PathBuf {
        self.workspace.dir().join("shared/artifacts")
    }

    /// The jobs of this id (the key under `jobs:`). Those of a matrix start at the same time: tell them by their `matrix`.
    pub fn jobs_of(&self, id: &str) -> Vec<&Job> {
        self.jobs.iter().filter(|job| job.id == id).collect()
    }

    /// The step `step` (its `id:`, or `outer/inner` inside a composite action) of the first job `job`.
    pub fn step(&self, job: &str, step: &str) -> Option<&Step> {
        let jobs = self.jobs.iter().filter(|found| found.id == job);
        jobs.flat_map(|found| &found.steps).find(|each| each.id == step)
    }
}

/// Runs the workflow. One run at a time on a machine, since act names containers after the workflow.
///
/// Errors: act or the engine is missing (a [`super::Skip`] inside), or act can't be started. A failed job is no error.
pub fn run(clients: &Clients, run: &ActRun<'_>) -> Result<ActOutcome> {
    let scratch = clients.scratch_dir();
    let act = clients.tool("act")?;
    if run.job_image == images::RUNNER {
        images::act_image(&scratch)?;
    }
    let _lock = workspace::lock(&scratch, "act")?;
    let workspace = Workspace::new(&scratch, "act")?;
    let shared = workspace.make_dir("shared")?;
    let home = workspace.make_dir("home")?;
    let mut command = act.command();
    command
        .arg(run.event)
        .args(["--json", "--pull=false", "--rm", "--no-cache-server", "--workflows", run.workflow])
        .arg("--action-cache-path")
        .arg(home.join("actions"))
        .args(["--container-options", &container_options(run, &workspace, &shared)])
        .current_dir(run.workdir)
        // A developer's own .actrc, secrets and caches have no say here. docker's settings stay, for the engine's address.
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_CONFIG_HOME", home.join("config"));
    for name in ["env", "secret", "var", "input"] {
        command.arg(format!("--{name}-file")).arg(home.join("none"));
    }
    for label in LABELS {
        command.arg("--platform").arg(format!("{label}={}", run.job_image));
    }
    for (name, folder) in stand_ins(clients, run)? {
        command.arg("--local-repository").arg(format!("{name}={}", folder.display()));
    }
    for (name, folder) in &run.local_repositories {
        command.arg("--local-repository").arg(format!("{name}={}", std::path::absolute(folder)?.display()));
    }
    command.args(run.job.iter().flat_map(|job| ["--job", job]));
    command.args(run.inputs.iter().flat_map(|(name, value)| ["--input".to_owned(), format!("{name}={value}")]));
    command.args(run.env.iter().flat_map(|(name, value)| ["--env".to_owned(), format!("{name}={value}")]));
    for (name, value) in &run.secrets {
        // Given by name alone, act takes the value from its environment.
        command.args(["--secret", name]).env(name, value);
    }
    if let Some(payload) = &run.payload {
        let file = workspace.dir().join("event.json");
        fs::write(&file, serde_json::to_vec(payload)?)?;
        command.arg("--eventpath").arg(file);
    }
    let finished = process::run(command, run.limit)?;
    workspace.remove_containers();
    let (jobs, mut log) = log::read(&finished.stdout);
    log += &finished.stderr;
    let (exit_code, timed_out, elapsed_ms) = (finished.code, finished.timed_out, finished.elapsed_ms);
    Ok(ActOutcome { exit_code, timed_out, elapsed_ms, jobs, log, workspace })
}

/// act hands these options to the job container and to the containers of its docker actions.
fn container_options(run: &ActRun<'_>, workspace: &Workspace, shared: &Path) -> String {
    let mut options = format!("--label {} -v {}:{SHARED}", workspace.label(), shared.display());
    for (folder, target) in &run.mounts {
        options += &format!(" -v {}:{target}", folder.display());
    }
    options
}

/// `owner/name@ref` of every action in the workflow files that has a stand-in, with the stand-in's folder.
fn stand_ins(clients: &Clients, run: &ActRun<'_>) -> Result<Vec<(String, PathBuf)>> {
    let mut files = vec![run.workdir.join(run.workflow)];
    for folder in [".github/workflows", "actions", "."] {
        yaml_files(&run.workdir.join(folder), if folder == "." { 0 } else { 2 }, &mut files);
    }
    let mut names = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        names.extend(used_actions(&text));
    }
    let folder = |name: &str| clients.root.join("xtask/clients/act").join(name.trim_start_matches("actions/"));
    let known = names.into_iter().filter_map(|(repository, reference)| {
        STAND_INS.contains(&repository.as_str()).then(|| (format!("{repository}@{reference}"), folder(&repository)))
    });
    Ok(known.collect())
}

fn yaml_files(dir: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(dir).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() && depth > 0 {
            yaml_files(&path, depth - 1, files);
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            files.push(path);
        }
    }
}

/// Repository and ref of each `uses: owner/name[/path]@ref` line.
fn used_actions(text: &str) -> Vec<(String, String)> {
    let uses = text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("uses:"));
    let words = uses.filter_map(|rest| rest.split_whitespace().next());
    let pairs = words.filter_map(|word| word.trim_matches(['"', '\'']).split_once('@'));
    pairs
        .filter_map(|(path, reference)| {
            let mut parts = path.split('/');
            Some((format!("{}/{}", parts.next()?, parts.next()?), reference.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_found_with_their_refs() {
        let text = "  - uses: actions/cache/restore@0123abc # v4.2.0\n    uses: \"a/b@v1\"\n    - uses: ./actions/x\n";
        assert_eq!(
            used_actions(text),
            [("actions/cache".to_owned(), "0123abc".to_owned()), ("a/b".to_owned(), "v1".to_owned())]
        );
    }
}
