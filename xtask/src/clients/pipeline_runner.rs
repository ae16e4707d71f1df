//! Runs a whole `bitbucket-pipelines.yml` under bitbucket-pipeline-runner, through `xtask/clients/pipeline_runner_local.py`,
//! which says what it replaces so that neither a network nor a privileged container is needed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::workspace::{self, Workspace};
use super::{Clients, images, process};

/// One pipeline run. Make it with [`PipelineRun::new`] and set what differs.
pub struct PipelineRun<'a> {
    /// A git repository with `bitbucket-pipelines.yml` committed (see [`workspace::commit_all`]). The folder's name
    /// becomes the repository's slug.
    pub repository: &'a Path,
    /// Which pipeline: `default`, `branches.main`, `pull_requests.**`, `custom.name`.
    pub pipeline: &'a str,
    /// Repository variables. They are set in every step and also replace `$NAME` in `image:`.
    pub variables: Vec<(String, String)>,
    /// `pipe: owner/name:1.2.3` references: the image on this engine and the pipe.yml whose defaults apply.
    /// References of the form `docker://image` need no entry.
    pub pipes: Vec<(String, PipeDefinition)>,
    /// Time limit of the whole run.
    pub limit: Duration,
}

/// What a pipe reference stands for.
#[derive(Debug, Clone, Serialize)]
pub struct PipeDefinition {
    /// An image on this engine.
    pub image: String,
    /// The pipe.yml whose `variables` with a `default` are set when the step does not set them.
    pub defaults: PathBuf,
}

impl<'a> PipelineRun<'a> {
    /// The pipeline `default` of `repository`, without variables, with five minutes of time.
    pub fn new(repository: &'a Path) -> PipelineRun<'a> {
        let limit = Duration::from_secs(300);
        PipelineRun { repository, pipeline: "default", variables: Vec::new(), pipes: Vec::new(), limit }
    }
}

/// What a pipeline run did. Its files live until it is dropped.
pub struct PipelineOutcome {
    /// 0 when the pipeline is green; `None` after a time-out or when the client broke.
    pub exit_code: Option<i32>,
    /// The log of all steps and of the client itself.
    pub log: String,
    /// The steps that ran, in order.
    pub steps: Vec<StepOutcome>,
    /// Wall time in milliseconds.
    pub elapsed_ms: u64,
    artifacts: PathBuf,
    _workspace: Workspace,
}

impl PipelineOutcome {
    /// The artifacts of all steps in one tree, laid over each other as on Bitbucket.
    pub fn artifacts_dir(&self) -> &Path {
        &self.artifacts
    }
}

/// One step that ran.
#[derive(Debug, Clone, Deserialize)]
pub struct StepOutcome {
    /// Its name.
    pub name: String,
    /// Index from 0 inside a parallel group.
    pub index: Option<u32>,
    /// Size of that group.
    pub count: Option<u32>,
    /// Exit code of its script, also where `on-fail` ignores it.
    pub exit_code: Option<i32>,
    /// What the step printed, its after-script included.
    #[serde(default)]
    pub log: String,
}

#[derive(Serialize)]
struct Settings<'a> {
    repository: &'a Path,
    pipeline: &'a str,
    env_files: Vec<PathBuf>,
    work_dir: &'a Path,
    image: &'a str,
    label: String,
    docker_binary: PathBuf,
    pipes: BTreeMap<&'a str, &'a PipeDefinition>,
    result: PathBuf,
}

#[derive(Deserialize)]
struct Report {
    exit_code: i32,
    artifacts: PathBuf,
    logs: PathBuf,
    steps: Vec<StepOutcome>,
}

/// Runs the pipeline; parallel steps run one after another, each with its index and count.
///
/// Errors: the client, the engine or a program for the step image is missing (a [`super::Skip`] inside), or the client can't
/// be started. A red pipeline is no error.
pub fn run(clients: &Clients, run: &PipelineRun<'_>) -> Result<PipelineOutcome> {
    let client = clients.tool("pipeline-runner")?;
    let image = images::bitbucket_step_image(&clients.scratch_dir())?;
    // The client names its containers after the repository's folder, so two runs could meet.
    let _lock = workspace::lock(&clients.scratch_dir(), "pipelines")?;
    let workspace = Workspace::new(&clients.scratch_dir(), "pipelines")?;
    let env_file = workspace.dir().join("variables.env");
    fs::write(&env_file, env_lines(&run.variables))?;
    let result = workspace.dir().join("result.json");
    let settings = Settings {
        repository: &run.repository.canonicalize().with_context(|| run.repository.display().to_string())?,
        pipeline: run.pipeline,
        env_files: vec![env_file],
        work_dir: workspace.dir(),
        image,
        label: workspace.label(),
        docker_binary: process::find_on_path("docker").context("no docker client on PATH")?,
        pipes: run.pipes.iter().map(|(reference, definition)| (reference.as_str(), definition)).collect(),
        result: result.clone(),
    };
    let settings_file = workspace.dir().join("settings.json");
    fs::write(&settings_file, serde_json::to_vec_pretty(&settings)?)?;
    let mut command = client.command();
    // Not in the repository: the client would read its .env file.
    command.arg(settings_file).current_dir(workspace.dir()).env("HOME", workspace.make_dir("home")?);
    let finished = process::run_merged(command, run.limit)?;
    workspace.remove_containers();
    let (mut steps, mut artifacts) = (Vec::new(), workspace.dir().join("none"));
    if let Ok(text) = fs::read(&result) {
        let report: Report = serde_json::from_slice(&text)?;
        anyhow::ensure!(finished.code == Some(report.exit_code), "the client's exit code differs from its report");
        (steps, artifacts) = (report.steps, report.artifacts);
        for step in &mut steps {
            step.log = step_log(&report.logs, &step.name);
        }
    }
    let exit_code = finished.code.filter(|_| result.exists());
    Ok(PipelineOutcome {
        exit_code,
        log: finished.stdout,
        steps,
        elapsed_ms: finished.elapsed_ms,
        artifacts,
        _workspace: workspace,
    })
}

/// The client names a step's log after its name in lower case with hyphens, after `PROJECT-step-`.
fn step_log(logs: &Path, name: &str) -> String {
    let slug: String = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let words: Vec<_> = slug.split('-').filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let ending = format!("-step-{}.txt", words.join("-"));
    let files = fs::read_dir(logs).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let found = files.filter(|path| path.to_string_lossy().ends_with(&ending)).min();
    found
        .and_then(|path| fs::read(path).ok())
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .unwrap_or_default()
}

/// `NAME='value'` lines as python-dotenv reads them.
fn env_lines(variables: &[(String, String)]) -> String {
    let quote = |value: &str| value.replace('\\', "\\\\").replace('\'', "\\'");
    variables.iter().map(|(name, value)| format!("{name}='{}'\n", quote(value))).collect()
}
