//! Where the timings live between two runs, tried on each host as its example and the README have it: the first run finds
//! none and leaves some, the second one plans with them.

mod downloads;

use super::static_checks::ensure;
use super::{Outcome, World, bitbucket, docs, github, gitlab, outcome};
use crate::clients::gitlab_ci_local::{self, GitlabRun};
use crate::clients::pipeline_runner::{self, PipelineOutcome, PipelineRun};
use crate::clients::{act, images, process, workspace};
use anyhow::{Context, Result};
use downloads::Downloads;
use std::path::Path;
use std::time::Duration;

/// The example's test files.
const FILES: usize = 14;

/// What `plan` says on everyone's first run.
const NONE_YET: &str = "NO TIMINGS";

/// The step image of the other Bitbucket stage and curl, which PHP's own image has.
const BITBUCKET_STEP: &str = "roadcrew-test/bitbucket-step-curl:dev";

/// Runs all of them.
pub(super) fn run(world: &World) -> Vec<(String, Outcome)> {
    vec![
        ("a committed file, in two branches too".to_owned(), outcome(committed(world))),
        ("GitHub cache".to_owned(), outcome(github_cache(world))),
        ("Bitbucket Downloads".to_owned(), outcome(bitbucket_downloads(world))),
        ("GitLab cache".to_owned(), outcome(gitlab_cache(world))),
    ]
}

/// How many units of a plan have a time of their own. Errors: it is no plan.
fn timed(plan: &Path) -> Result<usize> {
    let text = std::fs::read_to_string(plan).with_context(|| plan.display().to_string())?;
    let plan: serde_json::Value = serde_json::from_str(&text)?;
    let shards = plan["shards"].as_array().context("a plan without shards")?;
    // A split by size predicts nothing.
    let timed = shards.iter().filter(|shard| shard["predicted_us"].as_u64().is_some_and(|us| us > 0));
    let units: usize = timed.filter_map(|shard| shard["units"].as_array()).map(Vec::len).sum();
    Ok(units.saturating_sub(plan["estimated"].as_array().map_or(0, Vec::len)))
}

fn first(found: usize, log: &str) -> Result<()> {
    ensure(found == 0, &format!("the first plan knows {found} files, and there was no store"), log)?;
    ensure(log.contains(NONE_YET), "the first plan does not say that there are no timings", log)
}

fn second(found: usize, log: &str) -> Result<()> {
    ensure(found == FILES, &format!("the second plan knows {found} files of {FILES}"), log)?;
    ensure(!log.contains(NONE_YET), "the second plan says that there are no timings", log)
}

/// Two runs as a scheduled pipeline makes them, then two branches that both measured the same file anew.
fn committed(world: &World) -> Result<usize> {
    const RUN: &str = "rm -rf .roadcrew
        junit-shard-split plan --tests 'tests/**/*Test.php' --store .timings.json --shards 2 --plan plan.json
        for shard in 0 1; do
          junit-shard-split run --plan plan.json --shard $shard --runner phpunit -- \
            vendor/bin/phpunit {args} --log-junit {dir}/junit.xml
        done
        junit-shard-split record .roadcrew --tests 'tests/**/*Test.php' --store .timings.json --only-changes --run-id $id\n";
    const COMMIT: &str = "git add .timings.json tests && git commit --quiet --message timings\n";
    let project = world.example("parallel-tests", "stores-committed")?;
    std::fs::write(project.join(".gitattributes"), ".timings.json merge=union\n")?;
    workspace::commit_all(&project, "https://git.example/acme/shop.git")?;
    let plan = project.join("plan.json");

    let log = shell(world, &project, &format!("id=1; {RUN}{COMMIT}"))?;
    first(timed(&plan)?, &log)?;
    let log = shell(world, &project, &format!("id=2; {RUN} git diff --exit-code"))?;
    second(timed(&plan)?, &log)?;
    let slower = |branch: &str, id: u32| {
        let longer = "head -c 4000 /dev/zero | tr '\\0' ' ' >>tests/Shop/StockTest.php";
        format!("git checkout --quiet -b {branch} main; {longer}; id={id}; {RUN}{COMMIT}")
    };
    let log = shell(world, &project, &format!("{}{}", slower("one", 3), slower("two", 4)))?;
    ensure(log.matches("0 new, 1 updated, 13 as before").count() == 2, "not both branches measured one file", &log)?;
    let log = shell(world, &project, &format!("git merge --quiet --no-edit one; id=5; {RUN}"))?;
    second(timed(&plan)?, &log)?;
    let store = std::fs::read_to_string(project.join(".timings.json"))?;
    ensure(store.matches("StockTest").count() == 1, "the file stands twice in the store", &store)?;
    Ok(6)
}

fn shell(world: &World, project: &Path, script: &str) -> Result<String> {
    let command = docs::in_shell(world, project, script);
    Ok(process::run_merged(command, Duration::from_secs(120))?.checked("the script")?.log())
}

/// The cache itself is the stand-in's, which keeps GitHub's rules: a key is written once, the newest of a prefix is found.
fn github_cache(world: &World) -> Result<usize> {
    let setup = github::Setup::new(world, "stores-github")?;
    let caches = world.folder.join("stores-github/caches");
    std::fs::create_dir_all(&caches)?;
    for run_id in ["101", "102"] {
        let mut run = setup.prepared(&[("GITHUB_RUN_ID", run_id)]);
        run.mounts = vec![(caches.clone(), "/roadcrew-host/caches".to_owned())];
        let done = act::run(&world.clients, &run)?;
        ensure(done.exit_code == Some(0), "the workflow is red", &done.log)?;
        let saved = caches.join(format!("timings-{run_id}.tar")).is_file();
        ensure(saved, &format!("the run left no cache timings-{run_id}"), &done.log)?;
        let found = timed(&done.artifacts_dir().join("plan/plan.json"))?;
        if run_id == "101" {
            first(found, &done.log)?;
        } else {
            ensure(done.log.contains("Cache restored from key: timings-101"), "the cache was not found", &done.log)?;
            second(found, &done.log)?;
        }
    }
    Ok(6)
}

/// The documented `curl` lines in real steps, against a stand-in of Bitbucket's API on loopback.
fn bitbucket_downloads(world: &World) -> Result<usize> {
    let step_image = images::make(
        &world.clients.scratch_dir(),
        BITBUCKET_STEP,
        &["busybox", "bash", "git", "tar", "install", "docker", "curl"],
        &[("usr/bin/git-upload-pack", "git"), ("bin/sh", "bash")],
    )?;
    let repository = bitbucket::repository(world, "stores-bitbucket", step_image)?;
    let downloads = Downloads::start("roadcrew-secret")?;
    let pipeline = |token: &str| -> Result<PipelineOutcome> {
        let mut run = PipelineRun::new(&repository);
        let variables = [
            ("BITBUCKET_API", downloads.base_url()),
            ("TIMINGS_TOKEN", token.to_owned()),
            ("PHPUNIT_FAIL", String::new()),
        ];
        run.variables = variables.map(|(name, value)| (name.to_owned(), value)).to_vec();
        pipeline_runner::run(&world.clients, &run)
    };
    let plan_of = |done: &PipelineOutcome| timed(&done.artifacts_dir().join("plan.json"));
    let asked = |wanted: &[&str], log: &str| -> Result<()> {
        let answered = downloads.answered();
        let fits = answered.len() == wanted.len() && answered.iter().zip(wanted).all(|(line, end)| fits(line, end));
        ensure(fits, &format!("the API was asked {answered:?}, not {wanted:?}"), log)
    };

    let done = pipeline("roadcrew-secret")?;
    ensure(done.exit_code == Some(0), "the first pipeline is red", &done.log)?;
    first(plan_of(&done)?, &done.log)?;
    asked(
        &[
            "GET /2.0/repositories/shop/shop/downloads/timings.json 404",
            "POST /2.0/repositories/shop/shop/downloads 201",
        ],
        &done.log,
    )?;
    let store = downloads.file("timings.json").context("no store was uploaded")?;

    let done = pipeline("roadcrew-secret")?;
    ensure(done.exit_code == Some(0), "the second pipeline is red", &done.log)?;
    second(plan_of(&done)?, &done.log)?;
    // The token went to the API and not on to the host of the files, which would have refused it.
    asked(&["/downloads/timings.json 302", "/timings.json?signature=roadcrew 200", "POST …/downloads 201"], &done.log)?;
    let newer = downloads.file("timings.json").unwrap_or_default();
    ensure(newer != store && newer.len() > store.len(), "the second run is not in the store", &newer)?;

    let done = pipeline("expired")?;
    first(plan_of(&done)?, &done.log)?;
    asked(&["GET …/timings.json 401", "POST …/downloads 401"], &done.log)?;
    ensure(done.exit_code != Some(0), "nobody learns that the timings are kept no more", &done.log)?;
    ensure(done.log.contains("The requested URL returned error: 401"), "the log does not say why", &done.log)?;
    ensure(downloads.file("timings.json").as_ref() == Some(&newer), "the store changed", &done.log)?;
    Ok(12)
}

/// Whether an answered line is the wanted one, where `…` stands for anything.
fn fits(line: &str, wanted: &str) -> bool {
    let (start, end) = wanted.split_once('…').unwrap_or(("", wanted));
    line.starts_with(start) && line.ends_with(end)
}

/// The client keeps caches by key, as a runner does.
fn gitlab_cache(world: &World) -> Result<usize> {
    let project = gitlab::project(world, "stores-gitlab")?;
    let caches = world.folder.join("stores-gitlab/caches");
    for number in 1..=2 {
        let mut run = GitlabRun::new(&project);
        run.caches = Some(caches.clone());
        run.variables = vec![("PHPUNIT_FAIL".to_owned(), String::new())];
        let done = gitlab_ci_local::run(&world.clients, &run)?;
        ensure(done.exit_code == Some(0), "the pipeline is red", &done.log)?;
        let found = timed(&done.artifacts_dir("plan").join(".roadcrew/plan.json"))?;
        let log = done.job_log("plan");
        if number == 1 {
            first(found, &log)?
        } else {
            second(found, &log)?
        }
        ensure(caches.join("timings/timings.json").is_file(), "the cache `timings` holds no store", &done.log)?;
    }
    Ok(6)
}
