//! Reads the world: tests, reports, store, plan, receipts, the git tree. EFFECTS, but changes nothing.

pub mod git;
pub mod globs;
pub mod junit;
pub mod results;
pub mod tests_list;
pub mod timings;

use crate::args::options::{PlanOptions, TestsOptions, TimingsOptions};
use crate::error::{Error, Unreadable};
use crate::plan::lock::{Attempt, LOCK_SCHEMA, PlanFile, Receipt};
use crate::plan::runner::Runner;
use crate::plan::verify::{ReceiptFile, outdated};
use crate::plan::{self, Observation};
use kit_host::ci::Ci;
use kit_host::{Environment, Log};
use kit_report::Finding;
use std::io::Read;

/// Bytes of a plan file: a million units of the longest path that Linux knows stay far below it in practice.
const PLAN_BYTES: u64 = 512 << 20;
/// Bytes of a runner's configuration file.
const RUNNER_CONFIG_BYTES: u64 = 4 << 20;

/// Reads everything that a plan needs.
pub fn for_plan(
    tests: &TestsOptions,
    timings: &TimingsOptions,
    options: &PlanOptions,
    log: &Log,
) -> Result<Observation, Error> {
    let list = tests_list::read(tests)?;
    let previous = options.previous_plan.as_deref().map(plan_file).transpose()?;
    let mut findings = duplicates(&list);
    let read = timings::read(timings, &list.units, (options.unit, options.runner), options.split_slow_files, log)?;
    findings.extend(read.findings);
    let for_plan = plan::Observed {
        size_bytes: if read.given { Vec::new() } else { sizes(&read.units.units) },
        units: read.units.units,
        known_us: read.units.known_us,
        timings_given: read.given,
        tests_of: read.units.tests_of,
        tree: git::tree(),
        previous,
    };
    Ok(Observation { for_plan, source: list.source, findings, reports: read.reports, unmatched: read.unmatched })
}

/// 20 places, of one name or of reports, are more than anyone looks at.
const MAX_PLACES: usize = 20;

fn duplicates(list: &tests_list::TestList) -> Vec<Finding> {
    list.duplicates
        .iter()
        .map(|(name, places)| {
            let shown: Vec<String> = places.iter().take(MAX_PLACES).map(u32::to_string).collect();
            let more = match places.len().saturating_sub(MAX_PLACES) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let message = format!(
                "`{name}` is listed {} times in {} ({} {}{more}); it runs once",
                places.len(),
                list.source,
                if list.by_nul { "entries" } else { "lines" },
                shown.join(", ")
            );
            let line = places.get(1).copied().filter(|_| !list.by_nul);
            Finding::new("test-listed-twice", kit_report::Level::Warning, message).at(list.source.clone(), line)
        })
        .collect()
}

fn sizes(units: &[String]) -> Vec<Option<u64>> {
    let file = |unit: &str| unit.find("::").map_or(unit.len(), |end| end);
    units
        .iter()
        .map(|unit| {
            let path = if std::path::Path::new(unit).exists() { unit.as_str() } else { &unit[..file(unit)] };
            std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
        })
        .collect()
}

/// Reads and checks a plan file. Errors: not a plan, another version's, or changed since it was locked.
pub fn plan_file(path: &str) -> Result<PlanFile, Error> {
    let text = text(path, PLAN_BYTES)?;
    let plan: PlanFile = serde_json::from_str(&text)
        .map_err(|err| Error::file(path, u32::try_from(err.line()).ok(), format!("not a plan of this tool: {err}")))?;
    if plan.schema != LOCK_SCHEMA {
        return Err(Error::file(
            path,
            None,
            format!("the plan has schema {}; this version reads {LOCK_SCHEMA}", plan.schema),
        ));
    }
    if !plan.is_sealed() {
        return Err(Error::file(
            path,
            None,
            "the plan was changed after it was made (its digest does not fit); plan again",
        ));
    }
    let numbered = plan.shards.iter().enumerate().all(|(index, shard)| shard.shard == index);
    let mut units: Vec<&String> = plan.shards.iter().flat_map(|shard| &shard.units).collect();
    units.sort_unstable();
    if !numbered || plan.shards.is_empty() || units.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Error::file(
            path,
            None,
            "the plan's shards are not numbered from 0, or a test stands in two of them; plan again",
        ));
    }
    Ok(plan)
}

/// The runner's configuration: the named file, or the one at its usual place.
pub fn runner_config(runner: Runner, named: Option<&str>) -> Result<Option<(String, String)>, Error> {
    let usual: &[&str] = match runner {
        Runner::Phpunit | Runner::Pest => &["phpunit.xml", "phpunit.dist.xml", "phpunit.xml.dist"],
        _ => &[],
    };
    let path = match named {
        Some(path) => path,
        None => match usual.iter().find(|path| std::path::Path::new(path).is_file()) {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    Ok(Some((path.to_owned(), text(path, RUNNER_CONFIG_BYTES)?)))
}

/// A text file of bounded size. Errors: not there (exit 2), too large, not UTF-8, or the world's.
pub fn text(path: &str, limit_bytes: u64) -> Result<String, Error> {
    let file = std::fs::File::open(path).map_err(|err| match err.kind() {
        std::io::ErrorKind::NotFound => Error::input(format!("{path} does not exist")),
        _ => Error::world("read", path, err),
    })?;
    let mut bytes = Vec::new();
    file.take(limit_bytes + 1).read_to_end(&mut bytes).map_err(|err| Error::world("read", path, err))?;
    if bytes.len() as u64 > limit_bytes {
        return Err(Error::file(path, None, format!("larger than {limit_bytes} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| Error::file(path, None, "not UTF-8"))
}

/// The reports that patterns name, and a warning for each pattern that names none. In a folder, every `.xml` is taken for a
/// report but the configuration that `--runner phpunit` leaves there.
pub fn report_paths(patterns: &[String]) -> Result<(Vec<String>, Vec<Finding>), Error> {
    let mut unmatched = Vec::new();
    let mut paths = globs::expand(patterns, &globs::Folders::FilesEndingIn(&[".xml"]), &mut unmatched)?;
    paths.retain(|path| patterns.contains(path) || !path.ends_with("/phpunit.xml"));
    let empty = |pattern: &String| {
        Finding::new("report-glob-empty", kit_report::Level::Warning, format!("`{pattern}` matches no report"))
    };
    Ok((paths, unmatched.iter().map(empty).collect()))
}

/// Bytes of a receipt: it lists the units of one shard.
const RECEIPT_BYTES: u64 = 256 << 20;

/// Where workers leave their folders unless they are told otherwise.
const OUT_DIR: &str = ".roadcrew";

/// The receipts in the folders among `reports` and beside the reports, and those that `patterns` name; when there are none
/// of these, those at the usual place. Errors: one that is none.
pub fn receipts(reports: &[String], patterns: &[String]) -> Result<Vec<ReceiptFile>, Error> {
    let folders: Vec<String> = reports.iter().filter(|path| std::path::Path::new(path).is_dir()).cloned().collect();
    let mut unmatched = Vec::new();
    let mut paths = globs::expand(&folders, &globs::Folders::FilesEndingIn(&["/receipt.json"]), &mut unmatched)?;
    let beside = |report: &String| Some(std::path::Path::new(report).parent()?.join("receipt.json"));
    let beside = reports.iter().filter_map(beside).filter(|path| path.is_file());
    paths.extend(beside.filter_map(|path| path.to_str().map(str::to_owned)));
    if paths.is_empty() && patterns.is_empty() && std::path::Path::new(OUT_DIR).is_dir() {
        let usual = [OUT_DIR.to_owned()];
        paths = globs::expand(&usual, &globs::Folders::FilesEndingIn(&["/receipt.json"]), &mut unmatched)?;
    }
    unmatched.clear();
    paths.extend(globs::expand(patterns, &globs::Folders::FilesEndingIn(&["/receipt.json"]), &mut unmatched)?);
    paths.sort_unstable();
    paths.dedup();
    if let Some(pattern) = unmatched.first() {
        return Err(Error::Unproven { code: "no-receipts", what: format!("`{pattern}` matches no receipt") });
    }
    let read = |path: &String| -> Result<ReceiptFile, Error> {
        let text = text(path, RECEIPT_BYTES)?;
        let receipt: Receipt = serde_json::from_str(&text).map_err(|err| {
            Error::file(path, u32::try_from(err.line()).ok(), format!("not a receipt of this tool: {err}"))
        })?;
        if receipt.schema != LOCK_SCHEMA {
            return Err(Error::file(
                path,
                None,
                format!("the receipt has schema {}; this version reads {LOCK_SCHEMA}", receipt.schema),
            ));
        }
        Ok(ReceiptFile { path: path.clone(), receipt })
    };
    paths.iter().map(read).collect()
}

/// `paths` without the reports of attempts that a later one replaced, by the receipts that lie with them; and what is to be
/// said about it. The verdict needs more care, and `verify` takes it; this is for commands that give none.
pub fn latest_attempts(patterns: &[String], paths: Vec<String>) -> (Vec<String>, Option<Finding>) {
    let receipts = match receipts(patterns, &[]) {
        Ok(receipts) => receipts,
        Err(err) => {
            let message = format!("{err}; so the reports of jobs that ran again cannot be told apart, and all count");
            return (paths, Some(Finding::new("receipt-unreadable", kit_report::Level::Warning, message)));
        }
    };
    let outdated = outdated(&receipts, &paths);
    if outdated.is_empty() {
        return (paths, None);
    }
    let shown: Vec<&str> = outdated.iter().take(MAX_PLACES).map(|(path, _)| path.as_str()).collect();
    let message = format!(
        "{} reports are set aside, since later attempts of the same jobs replaced them: {}{}",
        outdated.len(),
        shown.join(", "),
        if outdated.len() > shown.len() { ", …" } else { "" }
    );
    let latest = paths.into_iter().filter(|path| !outdated.iter().any(|(old, _)| old == path)).collect();
    (latest, Some(Finding::new("reports-set-aside", kit_report::Level::Notice, message)))
}

/// The CI's own name of this run.
pub fn run_name(host: &kit_host::Host) -> Option<String> {
    let of_ci = [
        "GITHUB_RUN_ID",
        "BITBUCKET_PIPELINE_UUID",
        "CI_PIPELINE_ID",
        "CIRCLE_WORKFLOW_ID",
        "BUILDKITE_BUILD_ID",
        "BUILD_TAG",
    ];
    of_ci.iter().find_map(|name| host.env.get(name)).map(str::to_owned)
}

/// Which attempt at which job this is, where the CI says so. The job's name holds the run or pipeline, so that what was left
/// by another one is no attempt at this one's.
///
/// GitHub counts the attempts of a run, GitLab and CircleCI give each attempt a greater number of its own, Bitbucket and
/// Buildkite count the runs of a step. Sources: docs.github.com "Variables reference"; docs.gitlab.com
/// "Predefined CI/CD variables"; circleci.com/docs/variables; support.atlassian.com "Variables and secrets";
/// buildkite.com/docs/pipelines/environment-variables.
pub fn attempt(ci: Ci, env: &Environment) -> Option<Attempt> {
    let (job, number): (&[&str], &str) = match ci {
        Ci::GitHub => (&["GITHUB_JOB", "GITHUB_RUN_ID"], "GITHUB_RUN_ATTEMPT"),
        Ci::GitLab => (&["CI_JOB_NAME", "CI_PIPELINE_ID"], "CI_JOB_ID"),
        Ci::CircleCi => (&["CIRCLE_JOB", "CIRCLE_NODE_INDEX"], "CIRCLE_BUILD_NUM"),
        Ci::Bitbucket => (&["BITBUCKET_PARALLEL_STEP", "BITBUCKET_BUILD_NUMBER"], "BITBUCKET_STEP_RUN_NUMBER"),
        Ci::Buildkite => (&["BUILDKITE_STEP_ID", "BUILDKITE_PARALLEL_JOB"], "BUILDKITE_RETRY_COUNT"),
        Ci::Jenkins | Ci::Shell => return None,
    };
    let number = env.get(number)?.parse().ok()?;
    let job: Vec<&str> = job.iter().filter_map(|name| env.get(name)).collect();
    Some(Attempt { job: job.join(" "), number })
}

/// The machine's clock, in milliseconds since 1970; 0 when it stands before that.
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// When the newest of some files was written, in seconds since 1970; 0 without files. Runs are put in order by it, which,
/// unlike the clock, says the same when the same reports are recorded again.
pub fn newest_s<'p>(paths: impl Iterator<Item = &'p str>) -> u64 {
    let written = paths.filter_map(|path| std::fs::metadata(path).ok()?.modified().ok());
    let since = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).ok();
    written.filter_map(since).map(|since| since.as_secs()).max().unwrap_or(0)
}

/// The folders in which workers may have checked the repository out, to make absolute paths in reports relative.
pub fn checkout_roots(host: &kit_host::Host) -> Vec<String> {
    let of_ci =
        ["GITHUB_WORKSPACE", "BITBUCKET_CLONE_DIR", "CI_PROJECT_DIR", "WORKSPACE", "BUILDKITE_BUILD_CHECKOUT_PATH"];
    let here = std::env::current_dir().ok().and_then(|path| path.to_str().map(str::to_owned));
    of_ci.iter().filter_map(|name| host.env.get(name)).map(str::to_owned).chain(here).collect()
}

/// What to do with unreadable reports: refuse, or go on and name each.
pub fn settle(unreadable: Vec<Unreadable>, skip: bool) -> Result<Vec<Finding>, Error> {
    if unreadable.is_empty() || skip {
        Ok(unreadable.iter().map(|report| report.finding(kit_report::Level::Warning)).collect())
    } else {
        Err(Error::Reports(unreadable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_those_of_one_job_in_one_run() {
        for (ci, variables, job, number) in [
            (Ci::GitHub, "GITHUB_JOB=test GITHUB_RUN_ID=77 GITHUB_RUN_ATTEMPT=2", "test 77", 2),
            (Ci::GitLab, "CI_JOB_NAME=t:1/3 CI_PIPELINE_ID=9 CI_JOB_ID=4711", "t:1/3 9", 4711),
            (Ci::CircleCi, "CIRCLE_JOB=test CIRCLE_NODE_INDEX=1 CIRCLE_BUILD_NUM=8", "test 1", 8),
            (Ci::Bitbucket, "BITBUCKET_PARALLEL_STEP=0 BITBUCKET_BUILD_NUMBER=5 BITBUCKET_STEP_RUN_NUMBER=1", "0 5", 1),
            (Ci::Bitbucket, "BITBUCKET_BUILD_NUMBER=5 BITBUCKET_STEP_RUN_NUMBER=3", "5", 3),
            (Ci::Buildkite, "BUILDKITE_STEP_ID=s BUILDKITE_PARALLEL_JOB=1 BUILDKITE_RETRY_COUNT=0", "s 1", 0),
        ] {
            let pairs = variables.split(' ').filter_map(|pair| pair.split_once('='));
            let env: Environment = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            assert_eq!(attempt(ci, &env), Some(Attempt { job: job.to_owned(), number }), "{variables}");
            assert_eq!(attempt(Ci::Shell, &env), None);
            let odd = [("GITHUB_RUN_ATTEMPT".to_owned(), "second".to_owned())];
            assert_eq!(attempt(Ci::GitHub, &odd.into_iter().collect()), None);
        }
    }
}
