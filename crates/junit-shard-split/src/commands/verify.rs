//! `verify`: the verdict of the whole suite.

use crate::args::VerifyArguments;
use crate::error::Error;
use crate::observe::{self, results, timings};
use crate::plan::lock::UnitKind;
use crate::plan::results::place::Repository;
use crate::plan::timing::{Granularity, match_reports};
use crate::plan::units;
use crate::plan::verify::{Evidence, verify as judge};
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
    let read = results::read_all(&paths, SLOWEST, arguments.skip_unreadable, &host.log)?;
    let planned: Vec<String> = plan.shards.iter().flat_map(|shard| shard.units.iter().cloned()).collect();
    let files = units::files(&planned);
    let whole_files = plan.unit == UnitKind::File && planned.iter().all(|unit| !unit.contains("::"));
    let granularity = if whole_files { Granularity::File } else { Granularity::Test };
    // The same reports once more; those that could not be read are left out of both or of none.
    let entries = timings::reports(&paths, granularity, arguments.skip_unreadable, &host.log)?;
    let matched = match_reports(&files, &entries.reports);
    let evidence = Evidence {
        receipts,
        reports: units::seen(&planned, &files, plan.unit, &entries.reports, &matched),
        results: read.results,
        reports_only: arguments.no_receipts,
    };
    let repository = Repository::new(&observe::checkout_roots(host), &files);
    let verification = judge(&plan, &evidence, &repository);
    let exit = match verification.verdict {
        Verdict::Pass | Verdict::Superseded => Exit::Done,
        Verdict::Unproven => Exit::Unproven,
        Verdict::Fail | Verdict::Error => Exit::No,
    };
    let odd = findings.into_iter().chain(read.findings).collect();
    let report = report::verified(&verification, &evidence.results, &repository, &plan, odd);
    Ok(Done { report, exit, stdout: None })
}
