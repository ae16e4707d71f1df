//! What the inputs mean: validated once, plain data from then on.

use super::{EarlierArguments, ReportsArguments, ThresholdArguments};
use crate::error::Error;
use crate::plan::globs;
use crate::plan::policy::Policy;
use crate::plan::report_format::ReportFormat;
use crate::plan::thresholds::{Part, Percent, Thresholds};

/// Most reports that a user can ask for.
const MAX_REPORTS: usize = 1_000_000;

/// Where the coverage comes from.
#[derive(Debug, Clone)]
pub struct ReportsOptions {
    /// Files, globs and folders.
    pub patterns: Vec<String>,
    /// Format of all of them.
    pub format: Option<ReportFormat>,
    /// How many there must be.
    pub expected: Option<usize>,
    /// The repository, or a folder in it.
    pub root: String,
    /// Prefixes to replace.
    pub path_map: Vec<(String, String)>,
}

impl ReportsOptions {
    /// Errors: no reports named, a number that is none, a mapping without `=`.
    pub fn new(arguments: &ReportsArguments) -> Result<Self, Error> {
        if arguments.reports.is_empty() {
            return Err(Error::input(
                "no reports given: set `reports` to the coverage reports, such as coverage/lcov.info or build/**/*.xml",
            ));
        }
        let expected = arguments.expect_reports.as_deref().map(|text| match text.trim().parse::<usize>() {
            Ok(count) if (1..=MAX_REPORTS).contains(&count) => Ok(count),
            _ => Err(Error::input(format!("`expect-reports` is `{text}`; it must be a whole number from 1"))),
        });
        Ok(ReportsOptions {
            patterns: arguments.reports.clone(),
            format: arguments.input_format,
            expected: expected.transpose()?,
            root: arguments.root.clone(),
            path_map: arguments.path_map.iter().map(|text| mapping(text)).collect::<Result<_, _>>()?,
        })
    }
}

fn mapping(text: &str) -> Result<(String, String), Error> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err(Error::input(format!("`path-map` is `{text}`; write FROM=TO, such as /app/=services/pay/"))),
    }
}

/// What must be met, from flags alone; the policy file stands behind it ([`Policy::with_flags`]).
pub fn policy_of_flags(
    reports: &ReportsArguments,
    thresholds: &ThresholdArguments,
    earlier: &EarlierArguments,
) -> Result<Policy, Error> {
    let min = |name: &str, text: &Option<String>| text.as_deref().map(|text| minimum(name, text)).transpose();
    let points =
        |text: &str| Percent::parse(text).map_err(|why| Error::input(format!("`max-drop` is `{text}`: {why}")));
    for glob in &reports.exclude {
        globs::check(glob).map_err(|why| Error::input(format!("`exclude` has `{glob}`: {why}")))?;
    }
    Ok(Policy {
        thresholds: Thresholds {
            min_total: min("min-total", &thresholds.min_total)?,
            min_patch: min("min-patch", &thresholds.min_patch)?,
            max_drop: thresholds.max_drop.as_deref().map(points).transpose()?,
            min_branches: min("min-branches", &thresholds.min_branches)?,
            min_functions: min("min-functions", &thresholds.min_functions)?,
            min_statements: min("min-statements", &thresholds.min_statements)?,
            min_file: min("min-file", &thresholds.min_file)?,
            min_new_file: min("min-new-file", &thresholds.min_new_file)?,
            directories: thresholds.min_directory.iter().map(|text| directory(text)).collect::<Result<_, _>>()?,
            exclude: reports.exclude.clone(),
            ..Thresholds::default()
        },
        partial_lines: reports.partial_lines,
        missing_baseline: earlier.missing_baseline,
        ratchet: earlier.ratchet.clone(),
        ..Policy::default()
    })
}

fn minimum(name: &str, text: &str) -> Result<Percent, Error> {
    Percent::parse_minimum(text).map_err(|why| Error::input(format!("`{name}` is `{text}`: {why}")))
}

fn directory(text: &str) -> Result<Part, Error> {
    let (folder, percent) = text.rsplit_once('=').ok_or_else(|| {
        Error::input(format!("`min-directory` is `{text}`; write DIR=PERCENT, such as src/Billing=90"))
    })?;
    Ok(Part::directory(folder, minimum("min-directory", percent)?))
}
