//! `explain`: why a file has the time that it has, or none.

use crate::args::ExplainArguments;
use crate::args::options::{TestsOptions, TimingsOptions};
use crate::error::Error;
use crate::observe::{tests_list, timings};
use crate::plan::runner::traps;
use crate::plan::timing::{Granularity, explain as explanation, match_reports};
use crate::plan::units;
use crate::report;
use kit_host::{Done, Exit, Failure, Host};

/// Lists every report entry with the file it was matched to and the rule, or the reason why not.
pub fn explain(arguments: &ExplainArguments, host: &Host) -> Result<Done, Failure> {
    let tests = TestsOptions::new(&arguments.tests)?;
    let options = TimingsOptions::from(&arguments.timings);
    if options.reports.is_empty() {
        return Err(Error::input("no reports given: set `timings` to the JUnit reports to explain").into());
    }
    let list = tests_list::read(&tests)?;
    let read = timings::reports(&options.reports, Granularity::File, options.skip_unreadable, &host.log)?;
    let files = units::files(&list.units);
    let matched = match_reports(&files, &read.reports);
    let explained = explanation(&files, &read.reports, &matched);
    Ok(Done {
        report: report::explained(&explained, read.reports.len(), read.findings, traps(arguments.runner)),
        exit: Exit::Done,
        stdout: None,
    })
}
