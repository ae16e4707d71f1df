//! `merge`: one report of all shards' reports.

use super::permit;
use crate::apply;
use crate::args::MergeArguments;
use crate::args::numbers::whole;
use crate::error::Error;
use crate::observe::junit::Limits;
use crate::observe::{self, results};
use crate::plan::results::place::Repository;
use crate::report;
use kit_host::{Done, Exit, Failure, Host};
use std::path::Path;

/// Tests that may be listed as the slowest.
const MAX_SLOWEST: usize = 1000;

/// Reads all reports, folds retries, writes the merged report when one is named, and lists failed, flaky and slow tests.
/// Exit 0 whatever the tests say: the verdict is `verify`'s.
pub fn merge(arguments: &MergeArguments, host: &Host) -> Result<Done, Failure> {
    let slowest = whole("slowest", &arguments.slowest, 0..=MAX_SLOWEST).map_err(Error::input)?;
    if arguments.reports.is_empty() {
        return Err(Error::input("no reports given: name the shards' JUnit reports, or the folder they are in").into());
    }
    let (paths, mut findings) = observe::report_paths(&arguments.reports)?;
    if paths.is_empty() {
        return Err(Error::Unproven {
            code: "no-reports",
            what: format!("no report at {}; did the workers leave theirs?", arguments.reports.join(" ")),
        }
        .into());
    }
    let (paths, set_aside) = observe::latest_attempts(&arguments.reports, paths);
    findings.extend(set_aside);
    let read = results::read_all(&paths, slowest, arguments.skip_unreadable, &host.log)?;
    findings.extend(read.findings);
    if let Some(out) = &arguments.out {
        apply::merge::to_file(permit(host)?, &read.outline, &Limits::default(), Path::new(out)).map_err(Error::from)?;
    }
    let repository = Repository::new(&observe::checkout_roots(host), &[]);
    let report = report::merged(&read.results, &repository, arguments.out.as_deref(), findings);
    Ok(Done { report, exit: Exit::Done, stdout: None })
}
