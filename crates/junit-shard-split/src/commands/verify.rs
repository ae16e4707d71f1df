//! `verify`: the verdict of the whole suite.

use crate::args::VerifyArguments;
use crate::error::Error;
use crate::observe::{self, results, timings};
use crate::plan::lock::PlanFile;
use crate::plan::lock::UnitKind;
use crate::plan::results::place::Repository;
use crate::plan::timing::{Granularity, match_reports};
use crate::plan::units;
use crate::plan::verify::{self, Evidence, ReceiptFile, ReportEvidence, verify as judge};
use crate::report;
use kit_host::{Done, Exit, Failure, Host};
use kit_report::Verdict;

/// How many of the slowest tests the verdict's report shows.
const SLOWEST: usize = 10;

/// Judges reports and receipts by the plan.
pub fn verify(arguments: &VerifyArguments, host: &Host) -> Result<Done, Failure> {
    if arguments.reports.is_empty() {
        return Err(Error::input("no reports given: name the shards' JUnit reports, or the folder they are in").into());
    }
    let (paths, findings) = observe::report_paths(&arguments.reports)?;
    let receipts = observe::receipts(&arguments.reports, &arguments.receipts)?;
    let plan = match &arguments.plan {
        Some(path) => observe::plan_file(path)?,
        None => units::plan_of_receipts(&receipts).ok_or_else(|| {
            Error::input(
                "no plan given: set `plan` to the file that `plan` wrote; there are no receipts to take it from",
            )
        })?,
    };
    let planned = Planned::new(&plan);
    let set_aside = set_aside(&planned, &receipts, &paths, host)?;
    let counted: Vec<String> = paths.into_iter().filter(|path| !set_aside.iter().any(|(old, _)| old == path)).collect();
    let read = results::read_all(&counted, SLOWEST, arguments.skip_unreadable, &host.log)?;
    let evidence = Evidence {
        // The same reports once more; those that could not be read are left out of both or of none.
        reports: planned.seen(&counted, arguments.skip_unreadable, host)?,
        receipts,
        set_aside,
        results: read.results,
        reports_only: arguments.no_receipts,
    };
    let repository = Repository::new(&observe::checkout_roots(host), &planned.files);
    let verification = judge(&plan, &evidence, &repository);
    let exit = match verification.verdict {
        Verdict::Pass | Verdict::Superseded => Exit::Done,
        Verdict::Unproven => Exit::Unproven,
        Verdict::Fail | Verdict::Error => Exit::No,
    };
    let odd = findings.into_iter().chain(read.findings).collect();
    let report = report::verified(&verification, &evidence, &repository, &plan, odd);
    Ok(Done { report, exit, stdout: None })
}

/// What the plan asks of reports.
struct Planned<'p> {
    plan: &'p PlanFile,
    units: Vec<String>,
    files: Vec<String>,
    granularity: Granularity,
}

impl<'p> Planned<'p> {
    fn new(plan: &'p PlanFile) -> Self {
        let units: Vec<String> = plan.shards.iter().flat_map(|shard| shard.units.iter().cloned()).collect();
        let whole_files = plan.unit == UnitKind::File && units.iter().all(|unit| !unit.contains("::"));
        let granularity = if whole_files { Granularity::File } else { Granularity::Test };
        Planned { plan, files: units::files(&units), units, granularity }
    }

    /// The planned units in each of these reports.
    fn seen(&self, paths: &[String], skip_unreadable: bool, host: &Host) -> Result<Vec<ReportEvidence>, Error> {
        let read = timings::reports(paths, self.granularity, skip_unreadable, &host.log)?;
        let matched = match_reports(&self.files, &read.reports);
        Ok(units::seen(&self.units, &self.files, self.plan.unit, &read.reports, &matched))
    }
}

/// The reports of attempts that a later one replaced. A killed attempt leaves half a report, which is set aside like a
/// whole one; a report that has another shard's units is not.
fn set_aside(
    planned: &Planned<'_>,
    receipts: &[ReceiptFile],
    paths: &[String],
    host: &Host,
) -> Result<Vec<(String, usize)>, Error> {
    let mut outdated = verify::outdated(receipts, paths);
    if outdated.is_empty() {
        return Ok(outdated);
    }
    let paths: Vec<String> = outdated.iter().map(|(path, _)| path.clone()).collect();
    for report in planned.seen(&paths, true, host)? {
        outdated.retain(|(path, shard)| *path != report.path || verify::is_of_shard(planned.plan, *shard, &report));
    }
    Ok(outdated)
}
