//! Reads the timings: reports and store.

use super::junit::{self, Limits};
use super::{report_paths, settle};
use crate::args::options::TimingsOptions;
use crate::error::{Error, Unreadable};
use crate::plan::lock::UnitKind;
use crate::plan::runner::Runner;
use crate::plan::store::Store;
use crate::plan::timing::{Granularity, ReportTimings, Timings, match_reports};
use crate::plan::units;
use kit_host::Log;
use kit_report::{Finding, Level};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Reports that are read at the same time: reading is bound by one core each, and CI machines have few.
const MAX_READERS: usize = 8;

/// The units with their times, and what is to be said about the reports.
#[derive(Debug, Clone, Default)]
pub struct TimedTests {
    /// The units, which reports may have made finer than the list.
    pub units: units::TimedUnits,
    /// Whether there were any timings, matched or not.
    pub given: bool,
    /// What was odd.
    pub findings: Vec<Finding>,
    /// How many reports were read.
    pub reports: usize,
    /// Report entries that matched no test.
    pub unmatched: usize,
}

/// Reports that were read, sorted by path, with what was odd about them.
#[derive(Debug, Clone, Default)]
pub struct Reports {
    /// Sorted by path.
    pub reports: Vec<ReportTimings>,
    /// What was odd, unreadable ones that were left out included.
    pub findings: Vec<Finding>,
}

/// Reads reports and store, and gives every listed unit its time.
pub fn read(
    options: &TimingsOptions,
    listed: &[String],
    (kind, runner): (UnitKind, Runner),
    by_test: bool,
    log: &Log,
) -> Result<TimedTests, Error> {
    let granularity = match kind {
        _ if by_test => Granularity::Test,
        UnitKind::File => Granularity::File,
        UnitKind::Class => Granularity::Class,
        UnitKind::Test => Granularity::Test,
    };
    let Reports { reports, mut findings } = reports(&options.reports, granularity, options.skip_unreadable, log)?;
    let files = units::files(listed);
    let timings = match_reports(&files, &reports);
    let mut timed = units::time(listed, &files, (kind, runner), &reports, &timings);
    let mut given = reports.iter().any(|report| !report.entries.is_empty());
    if let Some(path) = &options.store {
        match store(path)? {
            Some(store) => {
                given |= !store.is_empty(&options.machine);
                from_store(&store, &options.machine, &mut timed);
            }
            None => {
                let message = format!("the timing store {path} does not exist yet; `record` makes it");
                findings.push(Finding::new("store-missing", Level::Warning, message));
            }
        }
    }
    let (count, unmatched) = (reports.len(), unmatched(&timings));
    // Taking tens of thousands of small pieces apart costs as much as a tenth of the whole run, which ends soon.
    std::mem::forget((reports, timings, files));
    Ok(TimedTests { units: timed, given, findings, reports: count, unmatched })
}

fn unmatched(timings: &Timings) -> usize {
    timings
        .matches
        .iter()
        .filter(|found| !matches!(found.outcome, crate::plan::timing::Outcome::Matched { .. }))
        .count()
}

/// The store's median stands in for units that the reports don't know: reports are newer.
fn from_store(store: &Store, machine: &str, timed: &mut units::TimedUnits) {
    for (unit, known) in timed.units.iter().zip(&mut timed.known_us) {
        if known.is_none() {
            *known = store.median_us(machine, unit);
        }
    }
}

/// Reads a store. `None` when there is none yet.
pub fn store(path: &str) -> Result<Option<Store>, Error> {
    if !std::path::Path::new(path).exists() {
        return Ok(None);
    }
    let text = super::text(path, crate::plan::store::MAX_STORE_BYTES as u64)?;
    Store::parse(&text).map(Some).map_err(|err| Error::file(path, err.line, err.to_string()))
}

/// Reads all reports that patterns name.
pub fn reports(
    patterns: &[String],
    granularity: Granularity,
    skip_unreadable: bool,
    log: &Log,
) -> Result<Reports, Error> {
    let (paths, mut findings) = report_paths(patterns)?;
    if paths.len() > junit::MAX_REPORTS {
        return Err(Error::input(format!("{} reports; at most {} are supported", paths.len(), junit::MAX_REPORTS)));
    }
    let mut outcomes = read_all(&paths, granularity, log);
    outcomes.sort_unstable_by_key(|outcome| outcome.0);
    let (mut read, mut unreadable) = (Vec::with_capacity(outcomes.len()), Vec::new());
    for (_, outcome) in outcomes {
        match outcome {
            Ok((report, notices)) => {
                findings.extend(notices);
                read.push(report);
            }
            Err(err) => unreadable.push(err),
        }
    }
    findings.extend(settle(unreadable, skip_unreadable)?);
    Ok(Reports { reports: read, findings })
}

type Outcome = Result<(ReportTimings, Vec<Finding>), Unreadable>;

/// Several readers take the next report each, so that one long report does not hold up the rest.
fn read_all(paths: &[String], granularity: Granularity, log: &Log) -> Vec<(usize, Outcome)> {
    let readers = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_READERS).min(paths.len());
    let next = AtomicUsize::new(0);
    let progress = Mutex::new(log.progress("reading reports", paths.len() as u64));
    let work = || {
        let mut outcomes = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(index) else { break };
            outcomes.push((index, read_one(path, granularity)));
            if let Ok(mut progress) = progress.lock() {
                progress.step();
            }
        }
        outcomes
    };
    if readers <= 1 {
        return work();
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..readers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}

fn read_one(path: &str, granularity: Granularity) -> Outcome {
    let unreadable =
        |line: Option<u32>, what: String, world: bool| Unreadable { path: path.to_owned(), line, what, world };
    // A report that vanished since its name was read is the world's doing.
    let file = std::fs::File::open(path).map_err(|err| unreadable(None, format!("cannot be opened: {err}"), true))?;
    let (report, summary) = junit::collect::collect(path, file, &Limits::default(), granularity).map_err(|err| {
        unreadable(u32::try_from(err.line).ok(), err.what.clone(), matches!(err.class, junit::Class::Io(_)))
    })?;
    Ok((report, notices(path, &summary)))
}

/// One finding for each kind of oddity; the reader counts them by kind.
fn notices(path: &str, summary: &junit::Summary) -> Vec<Finding> {
    let finding = |notice: &junit::Notice| {
        let text = notice.to_string();
        // The finding has a place for the line.
        let text = text.split_once(": ").map_or(text.as_str(), |(_, text)| text).to_owned();
        Finding::new(notice.kind.code(), Level::Notice, text).at(path, u32::try_from(notice.first_line).ok())
    };
    summary.notices.iter().map(finding).collect()
}
