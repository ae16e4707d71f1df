//! How a package's licence and its verdict came about, as text.

use crate::plan::compare::Change;
use crate::plan::judgement::Judged;
use kit_report::{Report, Verdict};
use std::fmt::Write;

/// The whole reasoning for those packages, one paragraph each.
pub fn explain(packages: &[&Judged<'_>]) -> String {
    packages.iter().map(|judged| paragraph(judged)).collect::<Vec<_>>().join("\n")
}

fn paragraph(judged: &Judged<'_>) -> String {
    let package = &judged.known.package;
    let decision = &judged.decision;
    let mut text = format!("{}\n", package.id());
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "  {label:<10} {value}");
    };
    line("listed", &format!("{} ({})", package.place, package.scope.as_str()));
    let license = match (&decision.license, &decision.family) {
        (Some(license), _) => license.clone(),
        (None, Some(family)) => format!("one of the family {family}"),
        (None, None) => "not known".to_owned(),
    };
    line("licence", &format!("{license} ({})", decision.state.as_str()));
    for proof in &decision.proofs {
        let score = proof
            .score_permille
            .map_or_else(String::new, |score| format!(", score {}.{:03}", score / 1000, score % 1000));
        line("evidence", &format!("{}: {} = {}{score}", proof.place, proof.field, proof.value));
    }
    if let Some((place, says)) = &decision.disagreement {
        line("but", &format!("{place} is the text of {says}"));
    }
    if !decision.bundled.is_empty() {
        line("bundles", &decision.bundled.join(", "));
    }
    if let Some(missing) = &judged.known.missing {
        line("not here", missing);
    }
    for notice in &judged.known.notices {
        line("note", notice);
    }
    match &judged.change {
        Change::None => {}
        Change::Added => line("change", "added"),
        Change::Promoted => line("change", "only developers got it, now it is shipped"),
        Change::Version { from, .. } => line("change", &format!("was {}", from.join(", "))),
    }
    if let Some(chosen) = &judged.chosen {
        line("chosen", chosen);
    }
    line("verdict", judged.answer.as_str());
    for why in &judged.why {
        let policy = why.policy.as_ref().map_or_else(String::new, |place| format!(" ({place})"));
        line("because", &format!("{}{policy} [{}]", why.what, why.code));
    }
    if let Some(paste) = &judged.paste {
        line("settle", "");
        for row in paste.lines() {
            let _ = writeln!(text, "    {row}");
        }
    }
    text
}

/// The report of `explain`.
pub fn report(packages: &[&Judged<'_>]) -> Report {
    let headline = packages.first().map_or_else(String::new, |judged| {
        let license = judged.decision.license.as_deref().unwrap_or("no known licence");
        format!("{}: {license}, {}", judged.known.package.id(), judged.answer.as_str())
    });
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, Verdict::Pass, headline);
    report.lists.insert("packages", packages.iter().map(|judged| super::body::package(judged).to_string()).collect());
    report.set_output("verdict", report.verdict.as_str());
    report
}
