//! The pipeline of the example: the pipe by the documented `docker run` line, and once the whole under
//! bitbucket-pipeline-runner.

use super::super::insights::{Insights, Sent};
use super::super::origin::{HANDED_ON, Origin};
use super::super::static_checks::ensure;
use super::super::{World, doors};
use super::change::{self, Change};
use super::{TOOL, said};
use crate::clients::pipe_harness::{self, PipeRun};
use crate::clients::pipeline_runner::{self, PipelineRun};
use crate::clients::{engine, images};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// The example's image, which the tests make of the step image: the stand-in for PHPUnit needs no PHP.
pub(super) const STEP_IMAGE: &str = "acme/php:8.4-pcov";

/// The steps of the example's script, one after another.
pub(super) fn pipe(world: &World, change: Change) -> Result<usize> {
    let origin = change::origin(world, "bitbucket", change)?;
    let clone = origin.as_bitbucket()?;
    phpunit(&clone)?;
    let insights = Insights::the()?;
    let image = doors::image(world, TOOL)?;
    let mut run =
        PipeRun::new(&image, &clone).variable("REPORTS", "coverage/clover.xml").variable("HTML", "coverage/patch.html");
    for name in HANDED_ON {
        run = run.variable(name, format!("${name}").as_str());
    }
    run.step_env = origin.bitbucket_variables();
    let done = pipe_harness::run(&world.clients, &run)?;
    let log = done.finished.log();
    said(change, done.finished.code, &log)?;
    ensure(done.variables.contains("VERDICT="), "the variables file lacks VERDICT", &done.variables)?;
    ensure(clone.join("coverage/patch.html").is_file(), "there is no page", &log)?;
    let sent = insights.sent();
    judged(change, &clone, &origin, &sent, &log)?;
    Ok(6)
}

/// The report and its annotations, as the proxy got them.
fn judged(change: Change, clone: &Path, origin: &Origin, sent: &Sent, log: &str) -> Result<()> {
    ensure(sent.refused.is_empty(), &format!("Bitbucket would refuse: {:?}", sent.refused), log)?;
    let report = sent.report.as_ref().with_context(|| format!("no Code Insights report came\n{log}"))?;
    let wanted = if change == Change::Tested { "PASSED" } else { "FAILED" };
    ensure(report["report_type"] == "COVERAGE", &format!("report_type is {}", report["report_type"]), log)?;
    ensure(report["result"] == wanted, &format!("the report's result is {}", report["result"]), log)?;
    ensure(sent.commit == origin.source, &format!("the report hangs on {}", sent.commit), log)?;
    let places: Vec<(&str, u64)> = sent
        .annotations
        .iter()
        .filter_map(|each| Some((each["path"].as_str()?, each["line"].as_u64().unwrap_or_default())))
        .collect();
    match change {
        Change::Tested => ensure(places.is_empty(), &format!("a passing change is annotated: {places:?}"), log),
        Change::Untested => {
            // Bitbucket shows the source commit's lines, not those of the merge that was checked out.
            let (line, _) = change.uncovered(clone)?;
            let wanted = ("src/Basket.php", u64::from(line));
            ensure(places.contains(&wanted), &format!("no annotation on {wanted:?}, but on {places:?}"), log)
        }
        Change::Unmeasured => {
            let named = places.iter().any(|(path, _)| *path == "lib/Invoice.php");
            ensure(named, &format!("no annotation on lib/Invoice.php, but on {places:?}"), log)
        }
    }
}

/// What the step's script does before the pipe.
fn phpunit(clone: &Path) -> Result<()> {
    let script = "vendor/bin/phpunit --coverage-filter src --coverage-clover coverage/clover.xml";
    let status = Command::new("sh").args(["-c", script]).current_dir(clone).status()?;
    ensure(status.success(), "phpunit failed", "")
}

/// The pull request's pipeline as it stands, in real steps.
pub(super) fn pipeline(world: &World) -> Result<usize> {
    let change = Change::Untested;
    let origin = change::origin(world, "bitbucket-pipeline", change)?;
    // The client does not merge the destination as Bitbucket does, so what it builds is merged already.
    let repository = origin.as_bitbucket()?;
    engine::tag(images::bitbucket_step_image(&world.clients.scratch_dir())?, STEP_IMAGE)?;
    doors::image(world, TOOL)?;
    let insights = Insights::the()?;
    let mut run = PipelineRun::new(&repository);
    run.pipeline = "pull_requests.**";
    run.variables =
        origin.bitbucket_variables().into_iter().filter(|(name, _)| HANDED_ON.contains(&name.as_str())).collect();
    let done = pipeline_runner::run(&world.clients, &run)?;
    said(change, None, &done.log)?;
    ensure(done.exit_code.is_some_and(|code| code != 0), "the pipeline is green with an untested line", &done.log)?;
    ensure(done.steps.len() == 1, "not the one step ran", &done.log)?;
    ensure(done.artifacts_dir().join("coverage/patch.html").is_file(), "there is no page", &done.log)?;
    let sent = insights.sent();
    ensure(sent.refused.is_empty(), &format!("Bitbucket would refuse: {:?}", sent.refused), &done.log)?;
    ensure(sent.report.is_some(), &format!("no report came to {}", insights.address()), &done.log)?;
    Ok(5)
}
