//! The GitLab example under gitlab-ci-local, with the generated component.

use super::static_checks::ensure;
use super::{Outcome, World, assets, coverage, health, licenses, outcome};
use crate::checkout::Checkout;
use crate::clients::gitlab_ci_local::{self, GitlabRun};
use crate::clients::{engine, images, workspace};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    let mut outcomes = vec![
        ("example: plan, parallel, verify".to_owned(), outcome(pipeline(world, ""))),
        ("example: a failing test".to_owned(), outcome(pipeline(world, "VoucherTest"))),
    ];
    outcomes.extend(coverage::on_gitlab(world));
    outcomes.extend(licenses::on_gitlab(world));
    outcomes.extend(health::on_gitlab(world));
    outcomes.extend(assets::on_gitlab(world));
    outcomes
}

fn pipeline(world: &World, failing: &str) -> Result<usize> {
    let project = project(world, &format!("gitlab{failing}"))?;
    let mut run = GitlabRun::new(&project);
    run.variables = vec![("PHPUNIT_FAIL".to_owned(), failing.to_owned())];
    let done = gitlab_ci_local::run(&world.clients, &run)?;
    if failing.is_empty() {
        ensure(done.exit_code == Some(0), "the pipeline is red", &done.log)?;
        ensure(done.job_log("verify").contains("14 tests"), "verify does not count 14 tests", &done.log)?;
    } else {
        ensure(done.exit_code != Some(0), "the pipeline is green with a failing test", &done.log)?;
        ensure(
            done.job_log("verify").contains("VoucherTest > testItWorks failed"),
            "verify does not name the failing test",
            &done.log,
        )?;
    }
    Ok(2)
}

/// The example as a committed project, with the images that its jobs name.
pub(super) fn project(world: &World, stage: &str) -> Result<PathBuf> {
    let project = world.example("parallel-tests", stage)?;
    use_local_component(world, &project, "junit-shard-split")?;
    workspace::commit_all(&project, "https://gitlab.example/acme/shop.git")?;
    engine::tag(images::gitlab_helper_image(&world.clients.scratch_dir())?, "php:8.4-cli")?;
    Ok(project)
}

/// Makes a project's pipeline take a tool's component from the project itself, since there is no GitLab here to fetch it
/// from, and gives the image that it names to the engine. Errors: the pipeline does not use the component of this version.
pub(super) fn use_local_component(world: &World, project: &Path, tool: &str) -> Result<()> {
    let reference = Checkout::open(&world.root)?;
    let component = format!("component: $CI_SERVER_FQDN/{}/{tool}@{}", reference.publish.gitlab, reference.version);
    let path = project.join(".gitlab-ci.yml");
    let text = std::fs::read_to_string(&path)?;
    if !text.contains(&component) {
        bail!("the example does not use {component}");
    }
    std::fs::write(&path, text.replace(&component, &format!("local: templates/{tool}.yml")))?;
    workspace::copy_dir(&world.root.join("templates"), &project.join("templates"))?;
    let published = format!("{}/roadcrew:{}", reference.publish.registry, reference.version);
    engine::tag(&super::doors::image(world, "roadcrew")?, &published)
}
