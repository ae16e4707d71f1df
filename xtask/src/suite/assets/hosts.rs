//! The example's pipelines under each host's client, and the README's lines in a shell.

use super::super::static_checks::ensure;
use super::super::{World, docs, doors, github, gitlab};
use super::TOOL;
use super::servers::{IDENTITY, Server};
use super::story::{Pipeline, Story};
use crate::clients::act::{self, ActRun};
use crate::clients::gitlab_ci_local::{self, GitlabRun};
use crate::clients::pipe_harness::{self, PipeRun};
use crate::clients::{engine, images, process};
use anyhow::{Context, Result};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// The workflows as they stand; the job takes its role by GitHub's own identity.
pub(super) fn github(world: &World, story: &Story, pipeline: Pipeline) -> Result<String> {
    let (workflow, event, job, step) = match pipeline {
        Pipeline::Publish => (".github/workflows/assets.yml", "push", "publish", "assets"),
        Pipeline::Rollback => (".github/workflows/rollback.yml", "workflow_dispatch", "rollback", "rollback"),
        Pipeline::Prune => (".github/workflows/prune.yml", "schedule", "prune", "prune"),
    };
    let mut run = ActRun::new(&story.project, workflow);
    run.event = event;
    run.env.clone_from(&story.server.github);
    run.local_repositories = github::actions(world, &format!("assets/github-actions/{pipeline:?}"))?;
    let done = act::run(&world.clients, &run)?;
    ensure(done.exit_code == Some(0), "the workflow is red", &done.log)?;
    let step = done.step(job, step).with_context(|| format!("the step `{step}` did not run"))?;
    ensure(step.outputs.get("verdict").is_some_and(|verdict| verdict == "pass"), "the verdict is not pass", &done.log)?;
    ensure(step.summary.contains(TOOL), "there is no step summary", &done.log)?;
    if pipeline == Pipeline::Publish {
        let handed_on = std::fs::read_to_string(done.artifacts_dir().join("release/release.env"))?;
        let version = step.outputs.get("version").map_or("", String::as_str);
        let expected = format!("ASSETS_VERSION={version}\nASSETS_URL={}\n", story.server.base_url());
        ensure(handed_on == expected, "the next step was told something else", &handed_on)?;
        let verify = done.step(job, "verify").context("the step `verify` did not run")?;
        let verdict = verify.outputs.get("verdict").map_or("", String::as_str);
        ensure(verdict == "pass", &format!("verify says {verdict}"), &done.log)?;
    }
    let outputs: Vec<String> = step.outputs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(outputs.join("\n"))
}

/// The pipes of a pipeline, one after the other; the step's identity is handed on to each.
pub(super) fn bitbucket(world: &World, story: &Story, pipeline: Pipeline) -> Result<String> {
    let image = doors::image(world, TOOL)?;
    let text = std::fs::read_to_string(story.project.join("bitbucket-pipelines.yml"))?;
    let wanted = match pipeline {
        Pipeline::Publish => [None, Some("verify")].as_slice(),
        Pipeline::Rollback => &[Some("rollback")],
        Pipeline::Prune => &[Some("prune")],
    };
    let mut outputs = String::new();
    for command in wanted {
        let found = pipes(&text).into_iter().find(|pipe| value(pipe, "COMMAND") == *command);
        let mut run = PipeRun::new(&image, &story.project);
        run.limit = LIMIT;
        run.step_env = vec![("BITBUCKET_STEP_OIDC_TOKEN".to_owned(), IDENTITY.to_owned())];
        for (name, value) in found.with_context(|| format!("the example has no pipe for {command:?}"))? {
            run = run.variable(&name, value.as_str());
        }
        let done = pipe_harness::run(&world.clients, &run)?;
        ensure(done.finished.success(), &format!("the pipe for {command:?} is red"), &done.finished.log())?;
        ensure(done.variables.contains("VERDICT=pass"), "the variables file lacks VERDICT", &done.variables)?;
        ensure(!done.finished.log().contains(IDENTITY), "the identity stands in the log", &done.finished.log())?;
        outputs += &done.variables;
    }
    Ok(outputs)
}

/// The variables of each pipe of a pipeline, in order: lines `NAME: value`, the values without quotes.
fn pipes(text: &str) -> Vec<Vec<(String, String)>> {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let pairs = |block: &str| {
        let pairs = block.lines().map_while(|line| line.starts_with("  ").then(|| line.trim().split_once(": ")));
        let named = pairs.flatten().filter(|(name, _)| is_name(name));
        named.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect()
    };
    text.split("- pipe: ").skip(1).map(|block| pairs(&format!("  {block}"))).collect()
}

fn value<'p>(pipe: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pipe.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The example with the generated component, and an image for the job that deploys.
pub(super) fn gitlab_story(world: &World) -> Result<Story> {
    engine::available()?;
    engine::tag(images::gitlab_helper_image(&world.clients.scratch_dir())?, "alpine:3.22")?;
    Story::prepared(world, "gitlab", Server::simulated, &|project| gitlab::use_local_component(world, project, TOOL))
}

/// The pipeline of a push, its job that is started by hand, and the pipeline of the schedule.
pub(super) fn gitlab(world: &World, story: &Story, pipeline: Pipeline) -> Result<String> {
    let mut run = GitlabRun::new(&story.project);
    // The client gives no identity tokens; the job has one under the name that it declares.
    run.variables = vec![("INPUT_ID_TOKEN".to_owned(), IDENTITY.to_owned())];
    let job = match pipeline {
        Pipeline::Publish => "deploy",
        Pipeline::Rollback => {
            run.jobs = vec!["rollback"];
            "rollback"
        }
        Pipeline::Prune => {
            run.variables.push(("CI_PIPELINE_SOURCE".to_owned(), "schedule".to_owned()));
            "prune"
        }
    };
    let done = gitlab_ci_local::run(&world.clients, &run)?;
    ensure(done.exit_code == Some(0), "the pipeline is red", &done.log)?;
    let log = done.job_log(job);
    ensure(!log.is_empty(), &format!("the job `{job}` did not run"), &done.log)?;
    let all: Vec<String> = ["publish", "verify", "deploy", "rollback", "prune"].map(|job| done.job_log(job)).into();
    let ran = all.iter().filter(|log| !log.is_empty()).count();
    let expected = if pipeline == Pipeline::Publish { 3 } else { 1 };
    ensure(ran == expected, &format!("{ran} jobs ran, not {expected}"), &done.log)?;
    if pipeline == Pipeline::Publish {
        ensure(log.contains(&format!("of {}", story.server.base_url())), "the next job was told something else", &log)?;
        return Ok(log);
    }
    let outputs = done.artifacts_dir(job).join(".roadcrew/outputs.env");
    std::fs::read_to_string(&outputs).with_context(|| outputs.display().to_string())
}

/// What the README shows, with a key pair in the environment as a laptop has it.
pub(super) fn shell(world: &World, story: &Story, pipeline: Pipeline) -> Result<String> {
    let name = match pipeline {
        Pipeline::Publish => "asset-hash-and-upload",
        Pipeline::Rollback => "asset-hash-and-upload back",
        Pipeline::Prune => "asset-hash-and-upload tidy",
    };
    let mut command = docs::in_shell(world, &story.project, &docs::shell_example(world, name)?);
    command.envs(story.server.keys.iter().map(|(name, value)| (name, value)));
    let done = process::run_merged(command, LIMIT)?;
    ensure(done.success(), &format!("the lines of `{name}` ended with {:?}", done.code), &done.log())?;
    let version = std::fs::read_to_string(story.project.join("version.txt")).unwrap_or_default();
    Ok(if pipeline == Pipeline::Publish { version } else { done.log() })
}
