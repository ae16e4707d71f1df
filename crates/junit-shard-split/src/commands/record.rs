//! `record`: fold one run's reports into the timing store.

use super::permit;
use crate::args::RecordArguments;
use crate::args::options::{RecordOptions, TestsOptions};
use crate::error::Error;
use crate::observe::{self, tests_list, timings};
use crate::plan::store::{Keeping, Quiet, Run, Store, is_machine};
use crate::plan::timing::{Granularity, match_reports};
use crate::plan::units;
use crate::report;
use kit_host::{Done, Exit, Failure, Host};
use std::path::Path;

/// Reads the store, adds the run, forgets files that are gone, and writes it back.
pub fn record(arguments: &RecordArguments, host: &Host) -> Result<Done, Failure> {
    let options = RecordOptions::new(arguments)?;
    if !is_machine(&options.machine) {
        return Err(Error::input("`machine` must be 1 to 64 letters, digits, dots, hyphens or underscores").into());
    }
    let tests = TestsOptions::optional(&arguments.tests)?.map(|tests| tests_list::read(&tests)).transpose()?;
    if arguments.reports.is_empty() && options.merge.is_empty() {
        return Err(Error::input("no reports given: name the JUnit reports of the run, or stores to merge").into());
    }
    let granularity = Granularity::File;
    let (paths, mut findings) = observe::report_paths(&arguments.reports)?;
    // The file's time is that of one run, not the sum of all attempts at it.
    let (paths, set_aside) = observe::latest_attempts(&arguments.reports, paths);
    findings.extend(set_aside);
    let mut read = timings::reports(&paths, granularity, arguments.skip_unreadable, &host.log)?;
    let before = timings::store(&options.store)?.unwrap_or_default();
    let mut store = before.clone();
    for other in &options.merge {
        let other = timings::store(other)?.ok_or_else(|| Error::input(format!("the store {other} does not exist")))?;
        store.merge(&other, options.keep_runs);
    }
    let files = match &tests {
        Some(list) => units::files(&list.units),
        None => units::reported_files(&read.reports),
    };
    let matched = match_reports(&files, &read.reports);
    let times = files.iter().zip(&matched.by_file).filter_map(|(file, timing)| {
        let timing = timing.as_ref()?;
        Some((file.as_str(), timing.total_ns()))
    });
    let name =
        options.run_id.clone().or_else(|| observe::run_name(host)).unwrap_or_else(|| units::digest(&read.reports));
    let run = Run::new(observe::newest_s(read.reports.iter().map(|report| report.report.as_str())), &name);
    let keeping = Keeping { keep: options.keep_runs, quiet: arguments.only_changes.then_some(Quiet::DEFAULT) };
    let recorded = store.record(run, &options.machine, times, &keeping);
    let gone = match &tests {
        Some(_) => store.prune(|file| files.binary_search_by(|known| known.as_str().cmp(file)).is_ok()),
        None => Vec::new(),
    };
    // An unchanged store is not written: a commit or a cache would see a change that is none.
    if store != before || !Path::new(&options.store).exists() {
        write(&store, &options.store, host)?;
    }
    findings.append(&mut read.findings);
    let report = report::recorded(&options.store, &store, recorded, &gone, findings, &matched);
    Ok(Done { report, exit: Exit::Done, stdout: None })
}

fn write(store: &Store, path: &str, host: &Host) -> Result<(), Failure> {
    if host.permit().is_none() {
        host.log.info("dry run: the store is not written");
        return Ok(());
    }
    kit_host::files::write(permit(host)?, Path::new(path), store.render().as_bytes())
}
