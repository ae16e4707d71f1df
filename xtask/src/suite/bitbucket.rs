//! The Bitbucket example: each pipe by the documented `docker run` line, then the whole pipeline once.

use super::static_checks::ensure;
use super::{Outcome, World, assets, coverage, health, licenses, outcome};
use crate::checkout::Checkout;
use crate::clients::pipe_harness::{self, PipeOutcome, PipeRun};
use crate::clients::pipeline_runner::{self, PipelineRun};
use crate::clients::{engine, images, workspace};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = vec![
        ("example by the pipe harness".to_owned(), outcome(harness(world))),
        ("example under bitbucket-pipeline-runner".to_owned(), outcome(pipeline(world, ""))),
        ("example under bitbucket-pipeline-runner, a failing test".to_owned(), outcome(pipeline(world, "VoucherTest"))),
    ];
    outcomes.extend(coverage::on_bitbucket(world));
    outcomes.extend(licenses::on_bitbucket(world));
    outcomes.extend(health::on_bitbucket(world));
    outcomes.extend(assets::on_bitbucket(world));
    outcomes
}

fn harness(world: &World) -> Result<usize> {
    let clone = world.example("parallel-tests", "bitbucket-harness")?;
    let image = image(world)?;
    let pipe = |variables: &[(&str, &str)], parallel: Option<(u32, u32)>| -> Result<PipeOutcome> {
        let mut run = PipeRun::new(&image, &clone);
        run.parallel = parallel;
        for (name, value) in variables {
            run = run.variable(name, *value);
        }
        pipe_harness::run(&world.clients, &run)
    };
    let plan =
        pipe(&[("COMMAND", "plan"), ("TESTS", "tests/**/*Test.php"), ("SHARDS", "3"), ("PLAN", "plan.json")], None)?;
    ensure(plan.finished.success(), "plan failed", &plan.finished.log())?;
    ensure(plan.variables.contains("SHARDS=3\n"), "the variables file lacks SHARDS", &plan.variables)?;
    for index in 0..3 {
        // The step forwards its index, since a pipe does not see it.
        let shard = pipe(
            &[
                ("COMMAND", "shard"),
                ("PLAN", "plan.json"),
                ("SHARD", "$BITBUCKET_PARALLEL_STEP"),
                ("RUNNER", "phpunit"),
            ],
            Some((index, 3)),
        )?;
        ensure(shard.finished.success(), "shard failed", &shard.finished.log())?;
        phpunit(&clone, index)?;
    }
    let verify =
        pipe(&[("COMMAND", "verify"), ("REPORTS", ".roadcrew"), ("PLAN", "plan.json"), ("NO_RECEIPTS", "true")], None)?;
    ensure(verify.finished.success(), "verify failed", &verify.finished.log())?;
    let refused = pipe(&[("COMMAND", "shard"), ("PLAN", "plan.json"), ("SHARD", "3")], None)?;
    ensure(refused.finished.code == Some(2), "an index out of range is not refused", &refused.finished.log())?;
    Ok(6)
}

/// What the step's script does between the pipes.
fn phpunit(clone: &Path, shard: u32) -> Result<()> {
    let script = format!(
        "s=.roadcrew/shard-{shard}; tr '\\n' '\\0' <$s/args.txt | xargs -0 sh vendor/bin/phpunit --log-junit $s/junit.xml"
    );
    let status = std::process::Command::new("bash").args(["-c", &script]).current_dir(clone).status()?;
    ensure(status.success(), "phpunit failed", "")
}

fn pipeline(world: &World, failing: &str) -> Result<usize> {
    let step_image = images::bitbucket_step_image(&world.clients.scratch_dir())?;
    let repository = repository(world, &format!("bitbucket-pipeline{failing}"), step_image)?;
    let mut run = PipelineRun::new(&repository);
    run.variables = vec![("PHPUNIT_FAIL".to_owned(), failing.to_owned())];
    let done = pipeline_runner::run(&world.clients, &run)?;
    ensure(done.steps.len() == 5, "not all five steps ran", &done.log)?;
    if failing.is_empty() {
        ensure(done.exit_code == Some(0), "the pipeline is red", &done.log)?;
        ensure(done.log.contains("14 tests"), "verify does not count 14 tests", &done.log)?;
    } else {
        ensure(done.exit_code != Some(0), "the pipeline is green with a failing test", &done.log)?;
        ensure(done.log.contains("VoucherTest > testItWorks failed"), "the failing test is not named", &done.log)?;
    }
    Ok(3)
}

/// The example as a committed repository, with the images that its pipeline names: the published one, and `step_image`
/// for the steps. The steps have no PHP; the stand-in for PHPUnit needs none.
pub(super) fn repository(world: &World, stage: &str, step_image: &str) -> Result<PathBuf> {
    let repository = world.example("parallel-tests", stage)?;
    engine::tag(step_image, "php:8.4-cli")?;
    let reference = Checkout::open(&world.root)?;
    let published = format!("{}/junit-shard-split:{}", reference.publish.registry, reference.version);
    engine::tag(&image(world)?, &published)?;
    workspace::commit_all(&repository, "https://bitbucket.example/acme/shop.git")?;
    Ok(repository)
}

fn image(world: &World) -> Result<String> {
    super::doors::image(world, "junit-shard-split")
}
