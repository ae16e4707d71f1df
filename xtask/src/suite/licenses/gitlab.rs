//! The pipeline of the example under gitlab-ci-local, with the generated component.

use super::super::static_checks::ensure;
use super::super::{World, gitlab};
use super::change::{self, Change};
use super::{TOOL, in_sbom, said};
use crate::clients::gitlab_ci_local::{self, GitlabRun};
use anyhow::Result;
use serde_json::{Value, json};

/// Runs it for a merge request.
pub(super) fn merge_request(world: &World, change: Change) -> Result<usize> {
    let prepare = |project: &std::path::Path| gitlab::use_local_component(world, project, TOOL);
    let origin = change::prepared(world, "gitlab", change, &prepare)?;
    let project = origin.as_gitlab()?;
    let mut run = GitlabRun::new(&project);
    run.variables = origin.gitlab_variables();
    let done = gitlab_ci_local::run(&world.clients, &run)?;
    let green = done.exit_code == Some(0);
    ensure(green == (change == Change::Allowed), "the pipeline has the wrong colour", &done.log)?;
    let log = done.job_log("licenses");
    ensure(!log.is_empty(), "the job `licenses` did not run", &done.log)?;
    said(change, None, &log)?;
    let artifacts = done.artifacts_dir("licenses");
    in_sbom(change, &artifacts.join("licenses/sbom.json"), &done.log)?;
    if change != Change::Allowed {
        let quality = std::fs::read_to_string(artifacts.join(".roadcrew/code-quality.json"))?;
        let quality: Value = serde_json::from_str(&quality)?;
        let (file, line) = change.place(|file| origin.at_source(file))?;
        let mut places = quality.as_array().into_iter().flatten().map(|each| &each["location"]);
        let found = places.any(|place| place["path"] == file && place["lines"]["begin"] == json!(line));
        ensure(found, &format!("code quality does not name {file}:{line}"), &quality.to_string())?;
    }
    Ok(5)
}
