//! The GitHub example under act, from the built images: green, red, re-run; and the root action.

use super::static_checks::ensure;
use super::{Outcome, World, assets, coverage, health, licenses, outcome};
use crate::clients::act::{ActOutcome, ActRun};
use crate::clients::{act, workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = vec![
        ("example: plan, matrix, run, merge, verify".to_owned(), outcome(green(world))),
        ("example: a failing test is named and red".to_owned(), outcome(red(world))),
        ("root action: all tools on the PATH".to_owned(), outcome(root_action(world))),
    ];
    outcomes.extend(coverage::on_github(world));
    outcomes.extend(licenses::on_github(world));
    outcomes.extend(health::on_github(world));
    outcomes.extend(assets::on_github(world));
    outcomes
}

/// What all runs share: the example as a committed repository, and this checkout as the actions' repository.
pub(super) struct Setup {
    example: PathBuf,
    repositories: Vec<(String, PathBuf)>,
    server: super::doors::Archives,
}

/// This checkout's actions as a repository of their own, for [`ActRun::local_repositories`].
pub(super) fn actions(world: &World, stage: &str) -> Result<Vec<(String, PathBuf)>> {
    let folder = world.folder.join(stage).join("actions");
    for part in ["actions", "action.yml"] {
        let (from, to) = (world.root.join(part), folder.join(part));
        if from.is_dir() {
            workspace::copy_dir(&from, &to)?;
        } else {
            std::fs::copy(from, to)?;
        }
    }
    let reference = crate::checkout::Checkout::open(&world.root)?;
    Ok(vec![(format!("{}@v{}", reference.publish.repository, reference.version), folder)])
}

impl Setup {
    pub(super) fn new(world: &World, stage: &str) -> Result<Setup> {
        let example = world.example("parallel-tests", stage)?;
        workspace::commit_all(&example, "https://github.example/acme/shop.git")?;
        let repositories = actions(world, stage)?;
        Ok(Setup { example, repositories, server: super::doors::archives(world)? })
    }

    fn run(&self, world: &World, env: &[(&str, &str)]) -> Result<ActOutcome> {
        act::run(&world.clients, &self.prepared(env))
    }

    /// A run of the example's workflow with these variables in every step.
    pub(super) fn prepared(&self, env: &[(&str, &str)]) -> ActRun<'_> {
        let mut run = ActRun::new(&self.example, ".github/workflows/tests.yml");
        run.local_repositories = self.repositories.clone();
        run.env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        run.env.push(("ROADCREW_BASE_URL".to_owned(), self.server.base_url()));
        run
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

/// Every tool by one use of the root action, from this checkout's archives.
fn root_action(world: &World) -> Result<usize> {
    let checkout = crate::checkout::Checkout::open(&world.root)?;
    let names: Vec<&str> = checkout.tools.iter().map(|tool| tool.name.as_str()).collect();
    let folder = world.folder.join("github-root-action/repository");
    std::fs::create_dir_all(folder.join(".github/workflows"))?;
    let repositories = actions(world, "github-root-action")?;
    let (reference, _) = repositories.first().context("no repository of actions")?;
    let asked: String = names.iter().map(|name| format!("            {name}\n")).collect();
    let shown: String = names.iter().map(|name| format!("          {name} --version\n")).collect();
    let workflow = format!(
        "on: [push]\npermissions: {{}}\njobs:\n  tools:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: {reference}\n        \
         with:\n          tools: |\n{asked}      - id: versions\n        run: |\n{shown}"
    );
    std::fs::write(folder.join(".github/workflows/tools.yml"), workflow)?;
    workspace::commit_all(&folder, "https://github.example/acme/tools.git")?;
    let server = super::doors::archives(world)?;
    let mut run = ActRun::new(&folder, ".github/workflows/tools.yml");
    run.local_repositories = repositories.clone();
    run.env = vec![("ROADCREW_BASE_URL".to_owned(), server.base_url())];
    let done = act::run(&world.clients, &run)?;
    ensure(done.exit_code == Some(0), "the workflow is red", &done.log)?;
    let printed = &done.step("tools", "versions").context("the step did not run")?.print;
    for name in &names {
        let line = format!("{name} {}", checkout.version);
        ensure(printed.contains(&line), &format!("`{line}` was not printed"), &done.log)?;
    }
    Ok(names.len())
}
