//! Reads the world: tests, reports, store, plan, receipts, the git tree. EFFECTS, but changes nothing.

pub mod git;
pub mod globs;
pub mod junit;
pub mod results;
pub mod tests_list;
pub mod timings;

use crate::args::options::{PlanOptions, TestsOptions, TimingsOptions};
use crate::error::{Error, Unreadable};
use crate::plan::lock::{LOCK_SCHEMA, PlanFile, Receipt};
use crate::plan::runner::Runner;
use crate::plan::verify::ReceiptFile;
use crate::plan::{self, Observation};
use kit_host::Log;
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

fn duplicates(list: &tests_list::TestList) -> Vec<Finding> {
    list.duplicates
        .iter()
        .map(|(name, lines)| {
            let lines_text: Vec<String> = lines.iter().map(u32::to_string).collect();
            let message =
                format!("`{name}` is listed {} times (lines {}); it runs once", lines.len(), lines_text.join(", "));
            Finding::new("test-listed-twice", kit_report::Level::Warning, message)
                .at(list.source.clone(), lines.get(1).copied())
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
