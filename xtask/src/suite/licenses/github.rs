//! The workflow of the example under act, for a pull request as actions/checkout leaves it.

use super::super::github::actions;
use super::super::static_checks::ensure;
use super::change::{self, Change};
use super::{World, in_sbom, said};
use crate::clients::act::{self, ActRun};
use anyhow::{Context, Result};

/// Runs it and checks outcome, summary, annotations and files.
pub(super) fn pull_request(world: &World, change: Change) -> Result<usize> {
    let origin = change::origin(world, "github", change)?;
    let clone = origin.as_github()?;
    let mut run = ActRun::new(&clone, ".github/workflows/licenses.yml");
    run.event = "pull_request";
    run.payload = Some(origin.github_payload());
    run.local_repositories = actions(world, &format!("licenses/github/{}", origin.branch()))?;
    let done = act::run(&world.clients, &run)?;
    let green = done.exit_code == Some(0);
    ensure(green == (change == Change::Allowed), "the workflow has the wrong colour", &done.log)?;
    let step = done.step("licenses", "licenses").context("the step `licenses` did not run")?;
    said(change, None, &done.log)?;
    let verdict = step.outputs.get("verdict").map(String::as_str);
    ensure(verdict == Some(change.verdict()), &format!("the output `verdict` is {verdict:?}"), &done.log)?;
    let added = step.outputs.get("added").map(String::as_str);
    ensure(added == Some("1"), &format!("the output `added` is {added:?}"), &done.log)?;
    ensure(step.summary.contains("license-check"), "there is no step summary", &done.log)?;
    let annotated: Vec<(&str, &str)> = step
        .annotations
        .iter()
        .filter_map(|note| Some((note.properties.get("file")?.as_str(), note.properties.get("line")?.as_str())))
        .collect();
    if change == Change::Allowed {
        ensure(annotated.is_empty(), &format!("a passing change is annotated: {annotated:?}"), &done.log)?;
    } else {
        // GitHub shows the lines of the pull request's own last commit, not those of the merge that was checked out.
        let (file, line) = change.place(|file| origin.at_source(file))?;
        ensure(
            annotated.contains(&(file, line.to_string().as_str())),
            &format!("no annotation on {file}:{line}, but on {annotated:?}"),
            &done.log,
        )?;
    }
    let left = done.artifacts_dir().join("licenses");
    in_sbom(change, &left.join("sbom.json"), &done.log)?;
    let comment = std::fs::read_to_string(left.join("comment.md")).unwrap_or_default();
    ensure(comment.starts_with("<!-- roadcrew:license-check -->"), "there is no comment", &done.log)?;
    ensure(comment.lines().count() <= 15, "the comment is long", &comment)?;
    Ok(9)
}
