//! The pipeline of the example under gitlab-ci-local, with the generated component.

use super::super::static_checks::ensure;
use super::super::{World, gitlab};
use super::bitbucket::STEP_IMAGE;
use super::change::{self, Change};
use super::{TOOL, said};
use crate::clients::gitlab_ci_local::{self, GitlabRun};
use crate::clients::{engine, images};
use anyhow::Result;

/// Runs it for a merge request.
pub(super) fn merge_request(world: &World, change: Change) -> Result<usize> {
    let origin =
        change::prepared(world, "gitlab", change, |project| gitlab::use_local_component(world, project, TOOL))?;
    let project = origin.as_gitlab()?;
    engine::tag(images::gitlab_helper_image(&world.clients.scratch_dir())?, STEP_IMAGE)?;
    let mut run = GitlabRun::new(&project);
    run.variables = origin.gitlab_variables();
    let done = gitlab_ci_local::run(&world.clients, &run)?;
    let green = done.exit_code == Some(0);
    ensure(green == (change == Change::Tested), "the pipeline has the wrong colour", &done.log)?;
    let log = done.job_log("coverage");
    ensure(!log.is_empty(), "the job `coverage` did not run", &done.log)?;
    said(change, None, &log)?;
    let artifacts = done.artifacts_dir("coverage");
    ensure(artifacts.join("coverage/patch.html").is_file(), "there is no page", &done.log)?;
    let quality = std::fs::read_to_string(artifacts.join(".roadcrew/code-quality.json")).unwrap_or_default();
    if change == Change::Untested {
        let (line, _) = change.uncovered(&project)?;
        let quality: serde_json::Value = serde_json::from_str(&quality)?;
        let lines = quality.as_array().into_iter().flatten().map(|each| &each["location"]);
        let found = lines
            .into_iter()
            .any(|place| place["path"] == "src/Basket.php" && place["lines"]["begin"] == serde_json::json!(line));
        ensure(found, &format!("code quality does not name src/Basket.php:{line}"), &quality.to_string())?;
    }
    Ok(4)
}
