//! What was decided, for people and for later steps. PURE.
#![warn(clippy::disallowed_methods)]

pub mod attribution;
mod body;
pub mod codes;
pub mod comment;
pub mod explain;
mod findings;
mod headline;
pub mod identified;
pub mod normalized;
mod phrases;
pub mod sbom;
mod sections;
pub mod started;
pub mod written;

#[cfg(test)]
mod tests;

use crate::plan::judgement::{Answer, Judgement};
use kit_git::plan::diff::Diff;
use kit_report::{Finding, Insights, InsightsDatum, InsightsValue, Report, Verdict};

/// What is printed besides the judgement.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// What the change is compared with and who said so; `None` when no change is under review.
    pub base: Option<String>,
    /// Why no change is under review; `None` when one is.
    pub no_base: Option<String>,
    /// Which policies decide, for people, in the order in which they were asked.
    pub policies: Vec<String>,
    /// What reading brought up.
    pub notices: Vec<Finding>,
    /// The root within the repository, with a `/` at its end; empty where they are the same.
    pub prefix: String,
    /// What leads from the commit that the host annotates to the checkout; `None` where they are the same.
    pub since_commit: Option<Diff>,
    /// Paths of the files that the run writes: the bill of materials, the attribution, the comment.
    pub written: Written,
}

/// Paths of the files that the run writes, as the user named them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The bill of materials.
    pub sbom: Option<String>,
    /// The licence texts and notices.
    pub attribution: Option<String>,
    /// The comment.
    pub comment: Option<String>,
}

/// The report of `check`, for every host.
pub fn report(judgement: &Judgement<'_>, context: &Context) -> Report {
    let mut report =
        Report::new(crate::TOOL.name, crate::TOOL.version, verdict(judgement), headline::headline(judgement));
    report.on_commit = true;
    report.rules = codes::RULES;
    report.findings = findings::findings(judgement, context);
    if let Some(since) = &context.since_commit {
        kit_git::plan::commit_lines::place(&mut report.findings, since);
    }
    report.sections = sections::sections(judgement, context);
    report.body = body::body(judgement, context);
    report.lists.insert("packages", body::packages(judgement));
    outputs(&mut report, judgement, context);
    report
}

/// The verdict that goes with the worst answer.
pub fn verdict(judgement: &Judgement<'_>) -> Verdict {
    match judgement.answer {
        Answer::Exempt | Answer::Pass | Answer::Warn => Verdict::Pass,
        Answer::Unproven => Verdict::Unproven,
        Answer::Fail => Verdict::Fail,
    }
}

fn outputs(report: &mut Report, judgement: &Judgement<'_>, context: &Context) {
    let count = headline::Counts::of(judgement);
    report.set_output("verdict", report.verdict.as_str());
    let figures = [
        ("packages", "Packages", count.packages),
        ("judged", "Judged", count.judged),
        ("failed", "May not be shipped", count.failed),
        ("unproven", "Unproven", count.unproven),
        ("added", "Added", count.added),
        ("relicensed", "Relicensed", count.relicensed),
    ];
    let mut data = Vec::new();
    for (name, title, value) in figures {
        report.set_output(name, value.to_string());
        data.push(InsightsDatum { title: title.to_owned(), value: InsightsValue::Number(value as u64) });
    }
    report.insights = Insights { data, ..Insights::default() };
    for (name, path) in [
        ("sbom-path", &context.written.sbom),
        ("attribution-path", &context.written.attribution),
        ("comment-path", &context.written.comment),
    ] {
        report.set_output(name, path.clone().unwrap_or_default());
    }
}
