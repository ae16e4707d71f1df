//! The example under each host's client, and the README's lines in a shell.

use super::super::static_checks::ensure;
use super::super::{World, docs, doors, github, gitlab};
use super::deployment::{Deployed, Deployment};
use super::{TOOL, said};
use crate::clients::act::{self, ActRun};
use crate::clients::gitlab_ci_local::{self, GitlabRun};
use crate::clients::pipe_harness::{self, PipeRun};
use crate::clients::process;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

fn nothing(_: &Path) -> Result<()> {
    Ok(())
}

/// The workflow as it stands.
pub(super) fn github(world: &World, deployment: Deployment) -> Result<usize> {
    let deployed = deployment.deployed(world, "github", &nothing)?;
    let mut run = ActRun::new(&deployed.project, ".github/workflows/deploy.yml");
    run.local_repositories = github::actions(world, &format!("health/github-actions/{}", deployment.name()))?;
    let done = act::run(&world.clients, &run)?;
    let is_green = done.exit_code == Some(0);
    ensure(is_green == (deployment == Deployment::Everywhere), "the workflow has the wrong colour", &done.log)?;
    let step = done.step("health", "health").context("the step `health` did not run")?;
    said(deployment, None, &done.log)?;
    let verdict = step.outputs.get("verdict").map(String::as_str);
    ensure(verdict == Some(deployment.verdict()), &format!("the output `verdict` is {verdict:?}"), &done.log)?;
    ensure(step.summary.contains(TOOL), "there is no step summary", &done.log)?;
    if deployment == Deployment::Laggard {
        let laggards = step.outputs.get("laggards").map(String::as_str);
        ensure(laggards == Some("i-3"), &format!("the output `laggards` is {laggards:?}"), &done.log)?;
        let errors = step.annotations.iter().filter(|note| note.level == "error").count();
        ensure(errors > 0, "there is no annotation", &done.log)?;
    }
    if deployment == Deployment::Everywhere {
        let smoke = done.step("health", "smoke").context("the step `smoke` did not run")?;
        let verdict = smoke.outputs.get("verdict").map(String::as_str);
        ensure(verdict == Some("pass"), &format!("the smoke suite's verdict is {verdict:?}"), &done.log)?;
    }
    if deployment != Deployment::NobodyInService {
        recorded(world, deployment, &done.artifacts_dir().join("health/record.jsonl"))?;
    }
    Ok(7)
}

/// The two pipes of the example's step.
pub(super) fn bitbucket(world: &World, deployment: Deployment) -> Result<usize> {
    let deployed = deployment.deployed(world, "bitbucket", &nothing)?;
    let image = doors::image(world, TOOL)?;
    let text = std::fs::read_to_string(deployed.project.join("bitbucket-pipelines.yml"))?;
    let pipes = pipes(&text);
    ensure(pipes.len() == 2, "the example has not two pipes", &text)?;
    for (at, variables) in pipes.iter().enumerate() {
        let mut run = PipeRun::new(&image, &deployed.project);
        run.limit = LIMIT;
        run.step_env = vec![("BITBUCKET_COMMIT".to_owned(), deployed.commit.clone())];
        for (name, value) in variables {
            run = run.variable(name, value.as_str());
        }
        let done = pipe_harness::run(&world.clients, &run)?;
        let log = done.finished.log();
        said(deployment, done.finished.code, &log)?;
        let verdict = format!("VERDICT={}", deployment.verdict());
        ensure(done.variables.contains(&verdict), &format!("the variables file lacks {verdict}"), &done.variables)?;
        if deployment != Deployment::Everywhere {
            // A step ends with the first command that fails.
            return Ok(at + 4);
        }
    }
    Ok(8)
}

/// The variables of each pipe of a pipeline, in order: lines `NAME: value`, the values without quotes.
fn pipes(text: &str) -> Vec<Vec<(String, String)>> {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let pairs = |block: &'_ str| {
        let pairs = block.lines().filter_map(|line| line.trim().split_once(": "));
        pairs.filter(|(name, _)| is_name(name)).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    text.split("- pipe: ").skip(1).map(pairs).collect()
}

/// The pipeline as it stands, with the generated component.
pub(super) fn gitlab(world: &World, deployment: Deployment) -> Result<usize> {
    let deployed =
        deployment.deployed(world, "gitlab", &|project| gitlab::use_local_component(world, project, TOOL))?;
    let done = gitlab_ci_local::run(&world.clients, &GitlabRun::new(&deployed.project))?;
    let is_green = done.exit_code == Some(0);
    ensure(is_green == (deployment == Deployment::Everywhere), "the pipeline has the wrong colour", &done.log)?;
    let log = done.job_log("health");
    ensure(!log.is_empty(), "the job `health` did not run", &done.log)?;
    said(deployment, None, &log)?;
    let smoke = done.job_log("smoke");
    ensure(
        smoke.is_empty() == (deployment != Deployment::Everywhere),
        "the job `smoke` ran or not, wrongly",
        &done.log,
    )?;
    if deployment != Deployment::NobodyInService {
        recorded(world, deployment, &done.artifacts_dir("health").join("health/record.jsonl"))?;
    }
    Ok(5)
}

/// What the README shows: the check, what follows it, and the same on the machines themselves.
pub(super) fn shell(world: &World, deployment: Deployment) -> Result<usize> {
    let script = docs::shell_example(world, TOOL)?.replace("--deadline 2m", "--deadline 8s");
    let deployed = deployment.deployed(world, "shell", &nothing)?;
    let done = process::run_merged(docs::in_shell(world, &deployed.project, &script), LIMIT)?;
    said(deployment, done.code, &done.log())?;
    if deployment == Deployment::NobodyInService {
        return Ok(3);
    }
    recorded(world, deployment, &deployed.project.join("record.jsonl"))?;
    on_the_machines(world, deployment, &deployed)?;
    if deployment == Deployment::Everywhere {
        let script = docs::shell_example(world, "healthcheck afterwards")?.replace("--deadline 5m", "--deadline 3s");
        let done = process::run_merged(docs::in_shell(world, &deployed.project, &script), LIMIT)?;
        said(deployment, done.code, &done.log())?;
    }
    Ok(6)
}

/// Each instance takes samples of itself; the verdict is given over all of them.
fn on_the_machines(world: &World, deployment: Deployment, deployed: &Deployed) -> Result<()> {
    std::fs::create_dir_all(deployed.project.join("samples"))?;
    let example = docs::shell_example(world, "healthcheck on a machine")?;
    for (at, port) in deployed.ports.iter().enumerate() {
        let script = example.replace("127.0.0.1:80", &format!("127.0.0.1:{port} --deadline 4s"));
        let mut command = docs::in_shell(world, &deployed.project, &script);
        command.env("INSTANCE_ID", format!("i-{}", at + 1)).env("RELEASE", &deployed.commit);
        let done = process::run_merged(command, LIMIT)?;
        let code = if deployment == Deployment::Laggard && at == 2 { 1 } else { 0 };
        ensure(done.code == Some(code), &format!("the probe of i-{} ended with {:?}", at + 1, done.code), &done.log())?;
    }
    let script = docs::shell_example(world, "healthcheck of the machines")?;
    let mut command = docs::in_shell(world, &deployed.project, &script);
    command.env("RELEASE", &deployed.commit);
    let done = process::run_merged(command, LIMIT)?;
    said(deployment, done.code, &done.log())
}

/// The recording gives the verdict again.
fn recorded(world: &World, deployment: Deployment, record: &Path) -> Result<()> {
    ensure(record.is_file(), "there is no recording", &record.display().to_string())?;
    let folder = record.parent().context("a file has a folder")?;
    let command = docs::in_shell(world, folder, "healthcheck replay record.jsonl");
    let done = process::run_merged(command, LIMIT)?;
    said(deployment, done.code, &done.log())
}
