//! The GitHub example under act, from the built images: green, red, re-run; and the root action.

use super::static_checks::ensure;
use super::{Outcome, World, outcome};
use crate::clients::act::{ActOutcome, ActRun};
use crate::clients::{act, workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    vec![
        ("example: plan, matrix, run, merge, verify".to_owned(), outcome(green(world))),
        ("example: a failing test is named and red".to_owned(), outcome(red(world))),
    ]
}

/// What all runs share: the example as a committed repository, and this checkout as the actions' repository.
pub(super) struct Setup {
    example: PathBuf,
    actions: PathBuf,
    server: super::doors::Archives,
}

impl Setup {
    pub(super) fn new(world: &World, stage: &str) -> Result<Setup> {
        let example = world.example("parallel-tests", stage)?;
        workspace::commit_all(&example, "https://github.example/acme/shop.git")?;
        let actions = world.folder.join(stage).join("actions");
        for part in ["actions", "action.yml"] {
            let (from, to) = (world.root.join(part), actions.join(part));
            if from.is_dir() {
                workspace::copy_dir(&from, &to)?;
            } else {
                std::fs::copy(from, to)?;
            }
        }
        Ok(Setup { example, actions, server: super::doors::archives(world)? })
    }

    fn run(&self, world: &World, env: &[(&str, &str)]) -> Result<ActOutcome> {
        act::run(&world.clients, &self.prepared(world, env)?)
    }

    /// A run of the example's workflow with these variables in every step.
    pub(super) fn prepared(&self, world: &World, env: &[(&str, &str)]) -> Result<ActRun<'_>> {
        let mut run = ActRun::new(&self.example, ".github/workflows/tests.yml");
        let reference = crate::checkout::Checkout::open(&world.root)?;
        let repository = format!("{}@v{}", reference.publish.repository, reference.version);
        run.local_repositories = vec![(repository, self.actions.clone())];
        run.env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        run.env.push(("ROADCREW_BASE_URL".to_owned(), self.server.base_url()));
        Ok(run)
    }
}

fn green(world: &World) -> Result<usize> {
    let setup = Setup::new(world, "github-green")?;
    let done = setup.run(world, &[])?;
    ensure(done.exit_code == Some(0), "the workflow is red", &done.log)?;
    ensure(done.jobs_of("test").len() == 4, "the matrix has not four jobs", &done.log)?;
    let plan = done.step("plan", "plan").context("no plan step")?;
    ensure(plan.outputs.get("shards").is_some_and(|shards| shards == "4"), "no output `shards`", &done.log)?;
    ensure(plan.summary.contains("junit-shard-split"), "no step summary", &done.log)?;
    let shards = (0..4).filter(|shard| done.artifacts_dir().join(format!("shard-{shard}-1")).is_dir()).count();
    ensure(shards == 4, "an artifact of a shard is missing", &done.log)?;
    ensure(done.log.contains("14 tests"), "verify does not count 14 tests", &done.log)?;
    Ok(6)
}

fn red(world: &World) -> Result<usize> {
    let setup = Setup::new(world, "github-red")?;
    let done = setup.run(world, &[("PHPUNIT_FAIL", "VoucherTest")])?;
    ensure(done.exit_code != Some(0), "the workflow is green", &done.log)?;
    // act calls every job of a matrix failed when one is; the steps tell.
    let is_red = |job: &&crate::clients::act::Job| job.steps.iter().any(|step| step.result == "failure");
    let failed = done.jobs_of("test").into_iter().filter(is_red).count();
    ensure(failed == 1, "not exactly one worker is red", &done.log)?;
    let verify = done.jobs_of("verify");
    let steps = &verify.first().context("verify did not run")?.steps;
    let annotated = steps.iter().flat_map(|step| &step.annotations).any(|annotation| {
        annotation.level == "error"
            && annotation.properties.get("file").is_some_and(|file| file.ends_with("VoucherTest.php"))
    });
    ensure(annotated, "the failing line has no annotation", &done.log)?;
    Ok(3)
}
