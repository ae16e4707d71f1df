//! The pipeline of the example: the pipe by the documented `docker run` line, and once the whole under
//! bitbucket-pipeline-runner.

use super::super::insights::{Insights, Sent};
use super::super::origin::{HANDED_ON, Origin};
use super::super::static_checks::ensure;
use super::super::{World, doors};
use super::change::{self, Change};
use super::{TOOL, in_sbom, said};
use crate::clients::pipe_harness::{self, PipeRun};
use crate::clients::pipeline_runner::{self, PipelineRun};
use crate::clients::{engine, images};
use anyhow::{Context, Result};

/// The example's image, which the tests make of the step image: the step starts nothing in it but the pipe.
const STEP_IMAGE: &str = "alpine:3.22";

/// The step of the example's script.
pub(super) fn pipe(world: &World, change: Change) -> Result<usize> {
    let origin = change::origin(world, "bitbucket", change)?;
    let clone = origin.as_bitbucket()?;
    let insights = Insights::the()?;
    let image = doors::image(world, TOOL)?;
    let mut run = PipeRun::new(&image, &clone).variable("SBOM", "licenses/sbom.json");
    for name in HANDED_ON {
        run = run.variable(name, format!("${name}").as_str());
    }
    run.step_env = origin.bitbucket_variables();
    let done = pipe_harness::run(&world.clients, &run)?;
    let log = done.finished.log();
    said(change, done.finished.code, &log)?;
    let verdict = format!("VERDICT={}", change.verdict());
    ensure(done.variables.contains(&verdict), &format!("the variables file lacks {verdict}"), &done.variables)?;
    in_sbom(change, &clone.join("licenses/sbom.json"), &log)?;
    judged(change, &origin, &insights.sent(), &log)?;
    Ok(7)
}

/// The report and its annotations, as the proxy got them.
fn judged(change: Change, origin: &Origin, sent: &Sent, log: &str) -> Result<()> {
    ensure(sent.refused.is_empty(), &format!("Bitbucket would refuse: {:?}", sent.refused), log)?;
    let report = sent.report.as_ref().with_context(|| format!("no Code Insights report came\n{log}"))?;
    let wanted = if change == Change::Allowed { "PASSED" } else { "FAILED" };
    ensure(report["result"] == wanted, &format!("the report's result is {}", report["result"]), log)?;
    ensure(sent.commit == origin.source, &format!("the report hangs on {}", sent.commit), log)?;
    let places: Vec<(&str, u64)> = sent
        .annotations
        .iter()
        .filter_map(|each| Some((each["path"].as_str()?, each["line"].as_u64().unwrap_or_default())))
        .collect();
    if change == Change::Allowed {
        return ensure(places.is_empty(), &format!("a passing change is annotated: {places:?}"), log);
    }
    // Bitbucket shows the source commit's lines, not those of the merge that was checked out.
    let wanted = change.place(|file| origin.at_source(file))?;
    ensure(places.contains(&wanted), &format!("no annotation on {wanted:?}, but on {places:?}"), log)
}

/// The pull request's pipeline as it stands, in real steps.
pub(super) fn pipeline(world: &World) -> Result<usize> {
    let change = Change::Denied;
    let origin = change::origin(world, "bitbucket-pipeline", change)?;
    // The client does not merge the destination as Bitbucket does, so what it builds is merged already.
    let repository = origin.as_bitbucket()?;
    engine::tag(images::bitbucket_step_image(&world.clients.scratch_dir())?, STEP_IMAGE)?;
    doors::image(world, TOOL)?;
    let insights = Insights::the()?;
    let mut run = PipelineRun::new(&repository);
    run.pipeline = "pull_requests.**";
    let variables = origin.bitbucket_variables().into_iter();
    run.variables = variables.filter(|(name, _)| HANDED_ON.contains(&name.as_str())).collect();
    let done = pipeline_runner::run(&world.clients, &run)?;
    said(change, None, &done.log)?;
    ensure(done.exit_code.is_some_and(|code| code != 0), "the pipeline is green with a denied licence", &done.log)?;
    ensure(done.steps.len() == 1, "not the one step ran", &done.log)?;
    in_sbom(change, &done.artifacts_dir().join("licenses/sbom.json"), &done.log)?;
    let sent = insights.sent();
    ensure(sent.refused.is_empty(), &format!("Bitbucket would refuse: {:?}", sent.refused), &done.log)?;
    ensure(sent.report.is_some(), &format!("no report came to {}", insights.address()), &done.log)?;
    Ok(6)
}
