//! Runs one Bitbucket pipe by the `docker run` line that Pipelines itself puts into the step's script.
//!
//! Source of the line: bitbucket-pipeline-runner 0.6.3, `models.Pipe.as_cmd`, which copies it from a real step's log. It is
//! run by a shell with a step's variables, so values expand and lose backslashes just as they do on Bitbucket.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::process::{self, Finished};
use super::workspace::Workspace;
use super::{Clients, engine};

/// The folder of the agent inside every container of a step.
const AGENT: &str = "/opt/atlassian/pipelines/agent";

/// The variables that a pipe gets from its step, in the order of the line; DOCKER_HOST follows with a fixed value.
pub const FORWARDED: [&str; 24] = [
    "BITBUCKET_STEP_TRIGGERER_UUID",
    "BITBUCKET_REPO_FULL_NAME",
    "BITBUCKET_GIT_HTTP_ORIGIN",
    "BITBUCKET_REPO_SLUG",
    "BITBUCKET_PROJECT_UUID",
    "CI",
    "BITBUCKET_REPO_OWNER",
    "BITBUCKET_REPO_IS_PRIVATE",
    "BITBUCKET_WORKSPACE",
    "BITBUCKET_SSH_KEY_FILE",
    "BITBUCKET_REPO_OWNER_UUID",
    "BITBUCKET_STEP_RUN_NUMBER",
    "BITBUCKET_BUILD_NUMBER",
    "BITBUCKET_BRANCH",
    "BITBUCKET_GIT_SSH_ORIGIN",
    "BITBUCKET_PIPELINE_UUID",
    "BITBUCKET_PIPELINES_VARIABLES_PATH",
    "BITBUCKET_COMMIT",
    "BITBUCKET_REPO_UUID",
    "BITBUCKET_CLONE_DIR",
    "BITBUCKET_PROJECT_KEY",
    "PIPELINES_JWT_TOKEN",
    "BITBUCKET_STEP_UUID",
    "BITBUCKET_DOCKER_HOST_INTERNAL",
];

/// A value under `variables:`.
#[derive(Debug, Clone)]
pub enum PipeValue {
    /// `NAME: "text"`.
    Text(String),
    /// `NAME: [a, b]`, which arrives as NAME_0, NAME_1 and NAME_COUNT.
    List(Vec<String>),
}

impl From<&str> for PipeValue {
    fn from(text: &str) -> PipeValue {
        PipeValue::Text(text.to_owned())
    }
}

/// One use of a pipe. Make it with [`PipeRun::new`] and set what differs.
pub struct PipeRun<'a> {
    /// The pipe's image, on this engine.
    pub image: &'a str,
    /// The clone of the repository: mounted writable, and the working folder. What the pipe writes stays there.
    pub build_dir: &'a Path,
    /// `variables:` of the pipe, those of pipe.yml's defaults included: `${NAME}` is expanded with the step's variables.
    pub variables: Vec<(String, PipeValue)>,
    /// Index from 0 and count of a parallel step. They are variables of the step; a pipe sees them only when forwarded.
    pub parallel: Option<(u32, u32)>,
    /// Further variables of the step, or other values for those that it has.
    pub step_env: Vec<(String, String)>,
    /// Whether the file that BITBUCKET_PIPELINES_VARIABLES_PATH names exists inside the pipe.
    pub variables_file: bool,
    /// Further options of `docker run`, such as `--read-only` or `--user=1000`.
    pub docker_options: Vec<String>,
    /// Time limit.
    pub limit: Duration,
}

impl<'a> PipeRun<'a> {
    /// A pipe without variables, outside of a parallel group, with a variables file and two minutes of time.
    pub fn new(image: &'a str, build_dir: &'a Path) -> PipeRun<'a> {
        PipeRun {
            image,
            build_dir,
            variables: Vec::new(),
            parallel: None,
            step_env: Vec::new(),
            variables_file: true,
            docker_options: Vec::new(),
            limit: Duration::from_secs(120),
        }
    }

    /// Adds a variable.
    pub fn variable(mut self, name: &str, value: impl Into<PipeValue>) -> PipeRun<'a> {
        self.variables.push((name.to_owned(), value.into()));
        self
    }
}

/// What a pipe did; what it wrote to the clone is in `build_dir`.
#[derive(Debug, Clone)]
pub struct PipeOutcome {
    /// Exit code (`None` after a time-out), both streams, time.
    pub finished: Finished,
    /// The lines that it wrote to the step's variables file (`NAME=value`); empty without that file.
    pub variables: String,
    /// The line that was run, with the values as they were given.
    pub command_line: String,
}

/// Runs the pipe on the host's network, so that servers of the test on 127.0.0.1 are reached; `host.docker.internal`, where
/// Bitbucket's Code Insights proxy listens, is 127.0.0.1 too.
///
/// Errors: no engine (a [`super::Skip`] inside), or the folder can't be used. A failing pipe is no error.
pub fn run(clients: &Clients, run: &PipeRun<'_>) -> Result<PipeOutcome> {
    engine::available()?;
    let workspace = Workspace::new(&clients.scratch_dir(), "pipe")?;
    let (ssh, temp) = (workspace.make_dir("ssh")?, workspace.make_dir("tmp")?);
    let build_dir = run.build_dir.canonicalize().with_context(|| run.build_dir.display().to_string())?;
    let variables_path = temp.join("pipeline-variables.env");
    let mut line = format!(
        "docker run --rm --volume={}:{AGENT}/build --volume={}:{AGENT}/ssh:ro --workdir={AGENT}/build \
         --label=org.bitbucket.pipelines.system=true",
        build_dir.display(),
        ssh.display()
    );
    for name in FORWARDED {
        line += &format!(" --env={name}=\"${name}\"");
    }
    line += " --env=DOCKER_HOST=\"tcp://host.docker.internal:2375\"";
    line += &format!(" --network=host --add-host=host.docker.internal:127.0.0.1 --label={}", workspace.label());
    if run.variables_file {
        fs::write(&variables_path, "")?;
        line += &format!(" --volume={}:{AGENT}/tmp", temp.display());
    }
    for option in &run.docker_options {
        line += &format!(" {option}");
    }
    for (name, value) in run.variables.iter().flat_map(|(name, value)| spelled_out(name, value)) {
        // The client escapes quotes alone; `$`, backquotes and backslashes mean to the shell what they mean on Bitbucket.
        line += &format!(" -e {name}=\"{}\"", value.replace('"', "\\\""));
    }
    line += &format!(" {}", run.image);
    let mut shell = Command::new("bash");
    shell.args(["-c", &line]).env_clear().envs(step_env(run));
    for name in ["PATH", "HOME", "DOCKER_CONFIG", "DOCKER_CONTEXT"] {
        shell.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    // The engine's own address, if it is not the usual one; the pipe gets the line's fixed value.
    shell.envs(std::env::var_os("DOCKER_HOST").map(|value| ("DOCKER_HOST", value)));
    let finished = process::run(shell, run.limit)?;
    workspace.remove_containers();
    let variables = fs::read_to_string(&variables_path).unwrap_or_default();
    Ok(PipeOutcome { finished, variables, command_line: line })
}

fn spelled_out(name: &str, value: &PipeValue) -> Vec<(String, String)> {
    match value {
        PipeValue::Text(text) => vec![(name.to_owned(), text.clone())],
        PipeValue::List(items) => {
            let each = items.iter().enumerate().map(|(at, item)| (format!("{name}_{at}"), item.clone()));
            each.chain([(format!("{name}_COUNT"), items.len().to_string())]).collect()
        }
    }
}

/// A step's variables with made-up values in the real format.
fn step_env(run: &PipeRun<'_>) -> Vec<(String, String)> {
    let uuid = |last: u8| format!("{{11111111-2222-3333-4444-5555555555{last:02}}}");
    let mut env: Vec<(String, String)> = [
        ("BITBUCKET_STEP_TRIGGERER_UUID", uuid(1)),
        ("BITBUCKET_REPO_FULL_NAME", "acme/shop".to_owned()),
        ("BITBUCKET_GIT_HTTP_ORIGIN", "http://bitbucket.example/acme/shop".to_owned()),
        ("BITBUCKET_REPO_SLUG", "shop".to_owned()),
        ("BITBUCKET_PROJECT_UUID", uuid(2)),
        ("CI", "true".to_owned()),
        ("BITBUCKET_REPO_OWNER", "acme".to_owned()),
        ("BITBUCKET_REPO_IS_PRIVATE", "true".to_owned()),
        ("BITBUCKET_WORKSPACE", "acme".to_owned()),
        ("BITBUCKET_SSH_KEY_FILE", format!("{AGENT}/ssh/id_rsa")),
        ("BITBUCKET_REPO_OWNER_UUID", uuid(3)),
        ("BITBUCKET_STEP_RUN_NUMBER", "1".to_owned()),
        ("BITBUCKET_BUILD_NUMBER", "7".to_owned()),
        ("BITBUCKET_BRANCH", "main".to_owned()),
        ("BITBUCKET_GIT_SSH_ORIGIN", "git@bitbucket.example:acme/shop.git".to_owned()),
        ("BITBUCKET_PIPELINE_UUID", uuid(4)),
        ("BITBUCKET_PIPELINES_VARIABLES_PATH", format!("{AGENT}/tmp/pipeline-variables.env")),
        ("BITBUCKET_COMMIT", "0123456789abcdef0123456789abcdef01234567".to_owned()),
        ("BITBUCKET_REPO_UUID", uuid(5)),
        ("BITBUCKET_CLONE_DIR", format!("{AGENT}/build")),
        ("BITBUCKET_PROJECT_KEY", "SHOP".to_owned()),
        ("PIPELINES_JWT_TOKEN", "jwt".to_owned()),
        ("BITBUCKET_STEP_UUID", uuid(6)),
        ("BITBUCKET_DOCKER_HOST_INTERNAL", "127.0.0.1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Some((index, count)) = run.parallel {
        env.push(("BITBUCKET_PARALLEL_STEP".to_owned(), index.to_string()));
        env.push(("BITBUCKET_PARALLEL_STEP_COUNT".to_owned(), count.to_string()));
    }
    env.extend(run.step_env.iter().cloned());
    env
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forwarded_variable_has_a_value() {
        let env = step_env(&PipeRun::new("image", Path::new(".")));
        assert!(FORWARDED.iter().all(|name| env.iter().any(|(set, _)| set == name)));
    }

    #[test]
    fn lists_are_spelled_out() {
        let value = PipeValue::List(vec!["a".to_owned(), "b c".to_owned()]);
        let pairs = spelled_out("X", &value);
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("X_0", "a"), ("X_1", "b c"), ("X_COUNT", "2")]);
    }
}
