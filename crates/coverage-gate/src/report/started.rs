//! The report of `init`.

use super::phrases::{self, counts, percent, plural};
use super::{codes, outputs};
use crate::plan::first_policy::FirstPolicy;
use crate::plan::judgement::Judgement;
use kit_report::{Block, Finding, Level, Report, Section, Verdict};
use serde_json::json;

/// Globs that one finding names.
const NAMES: usize = 10;

/// What a project starts with: today's total, the files that say so, and what they leave out. `paths` are those of the
/// policy and the ratchet.
pub fn started(judgement: &Judgement, first: &FirstPolicy, paths: &[String]) -> Report {
    let total = phrases::total(judgement);
    let headline = format!(
        "this project starts at total {} ({} {}), as {} say",
        percent(total.share, None),
        counts(total.share),
        total.unit,
        paths.join(" and ")
    );
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, Verdict::Pass, headline);
    report.rules = codes::RULES;
    if !first.exclude.is_empty() {
        let shown = first.exclude.iter().take(NAMES).map(|glob| format!("`{glob}`")).collect::<Vec<_>>().join(", ");
        let more = match first.exclude.len().saturating_sub(NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "left out, since no report knows the files: {shown}{more}; better measure them and take {} out of the policy",
            plural(first.exclude.len() as u64, "line")
        );
        report.findings.push(Finding::new("files-left-out", Level::Warning, message));
    }
    let next = "Commit both files. `gate` reads them from the base branch, so they count from the next change on.";
    report.sections.push(Section { title: "Next".to_owned(), blocks: vec![Block::Text(next.to_owned())] });
    report.set_output("verdict", Verdict::Pass.as_str());
    outputs::total(&mut report, judgement);
    report.body.insert("totals".into(), json!(judgement.totals));
    report.body.insert("exclude".into(), json!(first.exclude));
    report.body.insert("written".into(), json!(paths));
    report
}
