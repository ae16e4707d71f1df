//! What `init` wrote.

use super::headline::Counts;
use super::phrases::plural;
use crate::plan::judgement::Judgement;
use kit_report::{Block, Report, Section, Verdict};

/// The report of `init`.
pub fn started(judgement: &Judgement<'_>, path: &str, policy: &str) -> Report {
    let exceptions = policy.lines().filter(|line| line.trim() == "[[exception]]").count();
    let packages = Counts::of(judgement).packages;
    let headline =
        format!("{path} lets {} pass, {} of them by an exception that lapses", plural(packages, "package"), exceptions);
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, Verdict::Pass, headline);
    report.sections.push(Section { title: path.to_owned(), blocks: vec![Block::Preformatted(policy.to_owned())] });
    report.set_output("verdict", report.verdict.as_str());
    report.set_output("packages", packages.to_string());
    report
}
