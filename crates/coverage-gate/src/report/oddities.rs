//! What does not change the verdict, but somebody should look at: reports that contradict themselves, each other, or the
//! repository.

use super::Context;
use super::phrases::{counts, plural};
use crate::plan::coverage::totals::Share;
use crate::plan::judgement::{Judgement, ReadReport};
use crate::plan::report_format::ReportFormat;
use kit_report::{Finding, Level};

/// Files that one finding names.
const FILES: usize = 5;
/// Findings of one kind that are made; the rest is counted.
const OF_A_KIND: usize = 20;

/// Findings on oddities.
pub(super) fn findings(judgement: &Judgement, context: &Context) -> Vec<Finding> {
    let mut findings: Vec<Finding> = unmatched(judgement, context).into_iter().collect();
    findings.extend(left_reports(judgement));
    findings.extend(disagreements(context));
    findings.extend(lying_reports(judgement));
    findings.extend(lying_files(context));
    findings
}

/// Files of the reports that are no files of the repository: one finding for all, since one prefix is mostly to blame.
fn unmatched(judgement: &Judgement, context: &Context) -> Option<Finding> {
    let paths: Vec<&str> = judgement.files.iter().filter(|file| !file.matched).map(|file| file.path.as_str()).collect();
    if paths.is_empty() {
        return None;
    }
    let what_to_do = match &context.likely_path_map {
        Some(map) => format!("; try `path-map` `{map}`"),
        None => String::new(),
    };
    let message = format!(
        "{} of {} in the reports {} not in the repository: {}{what_to_do}",
        paths.len(),
        plural(judgement.files.len() as u64, "file"),
        if paths.len() == 1 { "is" } else { "are" },
        some(&paths),
    );
    Some(Finding::new("files-unmatched", Level::Warning, message))
}

/// Files that were measured before. Less is uncovered without them, and nothing is better.
fn left_reports(judgement: &Judgement) -> Option<Finding> {
    let paths: Vec<&str> = judgement.left_reports.iter().map(String::as_str).collect();
    let message = format!(
        "{} of the baseline {} in no report now, and still in the repository: {}; are all reports there?",
        plural(paths.len() as u64, "file"),
        if paths.len() == 1 { "is" } else { "are" },
        some(&paths),
    );
    (!paths.is_empty()).then(|| Finding::new("files-left-reports", Level::Warning, message))
}

fn disagreements(context: &Context) -> impl Iterator<Item = Finding> + '_ {
    context.disagreements.iter().map(|two| {
        let places: Vec<String> = two.differing.iter().map(|(path, line)| format!("{path}:{line}")).collect();
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let message = format!(
            "{} and {} disagree on the lines of {} of {} that both know: {}; are they of the same run?",
            two.formats.0.name(),
            two.formats.1.name(),
            two.differing.len(),
            plural(two.common as u64, "file"),
            some(&places),
        );
        Finding::new("formats-disagree", Level::Warning, message)
    })
}

/// Reports whose totals are not what their records add up to.
fn lying_reports(judgement: &Judgement) -> impl Iterator<Item = Finding> + '_ {
    judgement.reports.iter().filter_map(|report| {
        let lies = lies(report);
        let message = format!("{} by its own totals: {}; the records count", report.format.name(), lies.join(", "));
        (!lies.is_empty())
            .then(|| Finding::new("totals-disagree", Level::Notice, message).at(report.path.clone(), None))
    })
}

/// `9 of 10 lines where its records hold 2 of 3`, for each kind.
pub(super) fn lies(report: &ReadReport) -> Vec<String> {
    let (declared, derived) = (&report.declared, &report.totals);
    // PHPUnit's Clover counts a method as covered only when all of it ran, which is another thing than ours, and no lie.
    let functions = declared.functions.filter(|_| report.format != ReportFormat::Clover);
    let kinds: [(&str, Option<Share>, Option<Share>); 4] = [
        ("lines", declared.lines, derived.lines),
        ("branch arms", declared.branches.map(|share| share.lower()), derived.branches.map(|share| share.lower())),
        ("functions", functions, derived.functions),
        ("statements", declared.statements, derived.statements),
    ];
    let lie = |(kind, declared, derived): &(&str, Option<Share>, Option<Share>)| {
        let declared = (*declared)?;
        let derived = derived.unwrap_or_default();
        let differ = declared != derived;
        differ.then(|| format!("{} {kind} where its records hold {}", counts(declared), counts(derived)))
    };
    kinds.iter().filter_map(lie).collect()
}

fn lying_files(context: &Context) -> impl Iterator<Item = Finding> + '_ {
    let of_files = context.lying.iter().take(OF_A_KIND).map(|lying| {
        let message = format!(
            "`{}` has {} lines by this report's totals and {} by records; the records count",
            lying.path,
            counts(lying.declared),
            counts(lying.derived)
        );
        Finding::new("totals-disagree", Level::Notice, message).at(lying.report.clone(), None)
    });
    let more = context.lying.len().saturating_sub(OF_A_KIND);
    of_files.chain((more > 0).then(|| {
        let message =
            format!("{} have totals of their own that disagree with their records", plural(more as u64, "more file"));
        Finding::new("totals-disagree", Level::Notice, message)
    }))
}

/// The first names, and how many more.
fn some(names: &[&str]) -> String {
    let shown = names.iter().take(FILES).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(FILES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
