//! `init`: a policy and a ratchet from today's state.

use super::world::below;
use crate::apply::{self, Text};
use crate::args::options::ReportsOptions;
use crate::args::{ChangeArguments, InitArguments};
use crate::error::Error;
use crate::observe::change;
use crate::observe::gather::{self, Ground};
use crate::observe::layout;
use crate::plan::first_policy::FirstPolicy;
use crate::plan::globs;
use crate::plan::judge::{Evidence, Rules, judge};
use crate::plan::judgement::GateVerdict;
use crate::plan::ratchet::Ratchet;
use crate::plan::thresholds::{MissingBaseline, Thresholds};
use crate::report;
use kit_host::{Done, Exit, Failure, Host};

/// Reads the reports and writes the two files. Exit 4, and nothing written, when the reports prove nothing.
pub fn init(arguments: &InitArguments, host: &Host) -> Result<Done, Failure> {
    let options = ReportsOptions::new(&arguments.reports)?;
    for glob in &arguments.reports.exclude {
        globs::check(glob).map_err(|why| Error::input(format!("`exclude` has `{glob}`: {why}")))?;
    }
    let no_change = ChangeArguments { base: None, diff_file: None };
    let change = change::observe(&no_change, &options.root, &host.env)?;
    if change.review.repository.is_none() {
        return Err(Error::input("there is no git repository at `root`; init writes paths of its files").into());
    }
    let (tracked, _) = change.paths()?;
    let layout = layout::read(&change.top(), &tracked, options.path_map.clone());
    let gathered = gather::gather(&options, &Ground { paths: &tracked, complete: true, layout })?;
    let evidence =
        Evidence { known_files: true, tracked: &tracked, expect_reports: options.expected, ..gathered.evidence() };
    let thresholds = Thresholds { exclude: arguments.reports.exclude.clone(), ..Thresholds::default() };
    let rules = Rules {
        thresholds: &thresholds,
        partial: arguments.reports.partial_lines.unwrap_or_default(),
        missing_baseline: MissingBaseline::default(),
    };
    let judgement = judge(&rules, &evidence);
    if judgement.verdict == GateVerdict::Unproven {
        let report = report::report(&judgement, &report::Context { notices: gathered.findings, ..Default::default() });
        return Ok(Done { report, exit: Exit::Unproven, stdout: None });
    }
    let mut first = FirstPolicy::new(&judgement, &tracked, &arguments.ratchet);
    first.exclude.splice(0..0, arguments.reports.exclude.iter().cloned());
    let texts = [
        Text { path: below(&options.root, &arguments.policy), content: first.to_text() },
        Text {
            path: below(&options.root, &arguments.ratchet),
            content: Ratchet::from(&judgement.files, arguments.ratchet_by).to_text(),
        },
    ];
    match host.permit() {
        Some(permit) if arguments.force => apply::write(permit, &texts)?,
        Some(permit) => apply::write_new(permit, &texts)?,
        None => texts.iter().for_each(|text| host.log.info(&format!("dry run: {} is not written", text.path))),
    }
    let report = report::started(&judgement, &first, &texts.map(|text| text.path));
    Ok(Done { report, exit: Exit::Done, stdout: None })
}
