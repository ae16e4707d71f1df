//! What later steps get, and the figures on Bitbucket's card.

use super::phrases::{self, counts, percent};
use super::{Context, verdict};
use crate::plan::coverage::totals::Share;
use crate::plan::judgement::{Gate, GateKind, Judgement};
use kit_report::{Insights, InsightsDatum, InsightsType, InsightsValue, Report};

/// Sets every output. An output without a value is not set; the hosts make it empty.
pub(super) fn set(report: &mut Report, judgement: &Judgement, context: &Context) {
    report.set_output("verdict", verdict(judgement.verdict).as_str());
    total(report, judgement);
    if let Some(patch) = &judgement.patch {
        report.set_output("patch-lines", number(patch.lines, phrases::gate(judgement, GateKind::Patch)));
        report.set_output("patch-covered", patch.lines.covered.to_string());
        report.set_output("patch-coverable", patch.lines.coverable.to_string());
        report.set_output("uncovered-lines", patch.lines.uncovered().to_string());
    }
    let written = &context.written;
    let paths = [
        ("html-path", &written.html),
        ("comment-path", &written.comment),
        ("baseline-path", &written.baseline),
        ("ratchet-path", &written.ratchet),
    ];
    for (name, path) in paths {
        if let Some(path) = path {
            report.set_output(name, path.clone());
        }
    }
}

/// Sets the outputs on the total.
pub(super) fn total(report: &mut Report, judgement: &Judgement) {
    let total = phrases::total(judgement).share;
    report.set_output("total-lines", number(total, phrases::gate(judgement, GateKind::Total)));
    report.set_output("total-covered", total.covered.to_string());
    report.set_output("total-coverable", total.coverable.to_string());
}

/// A percentage without its sign, for scripts; empty when there is nothing to cover.
fn number(share: Share, gate: Option<&Gate>) -> String {
    percent(share, gate).strip_suffix(" %").unwrap_or_default().to_owned()
}

/// The card: percentages for the eye and counts for the truth, since nobody knows how the card rounds.
pub(super) fn insights(judgement: &Judgement) -> Insights {
    let mut data = Vec::new();
    let mut share = |what: &str, share: Share, unit: &str| {
        if let Some(hundredths) = hundredths(share) {
            let value = InsightsValue::Percentage { hundredths };
            data.push(InsightsDatum { title: format!("{what}, covered"), value });
        }
        let text = format!("{} {unit}", counts(share));
        data.push(InsightsDatum { title: what.to_owned(), value: InsightsValue::Text(text) });
    };
    if let Some(patch) = &judgement.patch {
        share("Changed lines", patch.lines, "lines");
    }
    let total = phrases::total(judgement);
    share("Total", total.share, total.unit);
    if let Some(branches) = judgement.totals.branches {
        share("Branches", branches.lower(), "arms");
    }
    if let Some(patch) = &judgement.patch {
        let value = InsightsValue::Number(patch.lines.uncovered());
        data.push(InsightsDatum { title: "Changed lines, not covered".to_owned(), value });
    }
    Insights { report_type: InsightsType::Coverage, data }
}

/// Hundredths of a point, rounded down; `None` of nothing.
fn hundredths(share: Share) -> Option<u32> {
    let hundredths = (u128::from(share.covered) * 10_000).checked_div(u128::from(share.coverable))?;
    u32::try_from(hundredths.min(10_000)).ok()
}
