//! The workflow of the example under act, for a pull request as actions/checkout leaves it.

use super::super::github::actions;
use super::super::origin::Origin;
use super::super::static_checks::ensure;
use super::change::{self, Change};
use super::{World, said};
use crate::clients::act::{self, ActOutcome, ActRun};
use anyhow::{Context, Result};

/// What one run left.
pub(super) struct Ran {
    pub origin: Origin,
    pub done: ActOutcome,
}

/// Runs it and checks outcome, summary, annotations and files.
pub(super) fn pull_request(world: &World, change: Change) -> Result<usize> {
    let Ran { origin, done } = run(world, "github", change)?;
    let green = done.exit_code == Some(0);
    ensure(green == (change == Change::Tested), "the workflow has the wrong colour", &done.log)?;
    let step = done.step("coverage", "coverage").context("the step `coverage` did not run")?;
    said(change, None, &done.log)?;
    let verdict = step.outputs.get("verdict").map(String::as_str);
    let wanted = match change {
        Change::Tested => "pass",
        Change::Untested => "fail",
        Change::Unmeasured => "unproven",
    };
    ensure(verdict == Some(wanted), &format!("the output `verdict` is {verdict:?}"), &done.log)?;
    ensure(step.summary.contains("coverage-gate"), "there is no step summary", &done.log)?;
    let annotated: Vec<(&str, &str)> = step
        .annotations
        .iter()
        .filter_map(|note| Some((note.properties.get("file")?.as_str(), note.properties.get("line")?.as_str())))
        .collect();
    match change {
        Change::Tested => {
            ensure(annotated.is_empty(), &format!("a passing change is annotated: {annotated:?}"), &done.log)?
        }
        Change::Untested => {
            // GitHub shows the lines of the pull request's own last commit, not those of the merge that was checked out.
            let (line, _) = change.uncovered(origin.clone())?;
            ensure(
                annotated.contains(&("src/Basket.php", line.to_string().as_str())),
                &format!("no annotation on src/Basket.php:{line}, but on {annotated:?}"),
                &done.log,
            )?;
            ensure(step.summary.contains("src/Basket.php"), "the summary does not name the file", &step.summary)?;
        }
        Change::Unmeasured => {
            ensure(step.summary.contains("lib/Invoice.php"), "the summary does not name the file", &step.summary)?;
        }
    }
    for file in ["patch.html", "comment.md", "comment.md.json", "clover.xml"] {
        let there = done.artifacts_dir().join("coverage").join(file).is_file();
        ensure(there, &format!("the artifact has no {file}"), &done.log)?;
    }
    Ok(6)
}

/// The workflow for the change.
pub(super) fn run(world: &World, stage: &str, change: Change) -> Result<Ran> {
    let origin = change::origin(world, stage, change)?;
    let clone = origin.as_github()?;
    let mut run = ActRun::new(&clone, ".github/workflows/coverage.yml");
    run.event = "pull_request";
    run.payload = Some(origin.github_payload());
    run.local_repositories = actions(world, &format!("coverage/{stage}/{}", origin.branch()))?;
    let done = act::run(&world.clients, &run)?;
    drop(run);
    Ok(Ran { origin, done })
}
