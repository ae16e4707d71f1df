//! The top of the page: verdict, figures, gates, what would help.

use super::super::phrases::{self, counts, label, percent, plural, verdict};
use super::super::sections::{kinds, notes, partial_lines, ranked, value};
use super::super::{Context, advice, headline};
use super::{outside, sentence};
use crate::plan::coverage::totals::Share;
use crate::plan::judgement::{Gate, GateKind, GateVerdict, Judgement};
use std::fmt::Write;

/// Gates on the page; the JSON report has all.
const GATES: usize = 200;
/// Reasons on the page.
const REASONS: usize = 100;
/// Places that one reason names.
const PLACES: usize = 20;

/// Adds everything above the files.
pub(super) fn push(out: &mut String, judgement: &Judgement, context: &Context) {
    let word = word(judgement.verdict);
    let _ = writeln!(out, "<h1>Coverage of the change <span class=\"badge {word}\">{word}</span></h1>");
    let _ = writeln!(out, "<p>{}</p>", sentence(&headline::headline(judgement)));
    facts(out, judgement, context);
    cards(out, judgement);
    reasons(out, judgement);
    gates(out, judgement);
}

/// A verdict as a word and as the name of its colour.
fn word(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass | GateVerdict::NotApplicable => "pass",
        GateVerdict::Fail => "fail",
        GateVerdict::Unproven => "unproven",
    }
}

fn facts(out: &mut String, judgement: &Judgement, context: &Context) {
    let mut facts = Vec::new();
    facts.extend(context.origins().map(|(name, origin)| format!("{name}: {}", outside(origin))));
    facts.push(format!("{} read", plural(judgement.reports.len() as u64, "report")));
    facts.push(format!("{} {}", crate::TOOL.name, outside(crate::TOOL.version)));
    let _ = writeln!(out, "<p class=\"faint\">{}</p>", facts.join(" · "));
}

fn cards(out: &mut String, judgement: &Judgement) {
    out.push_str("<div class=\"cards\">\n");
    if let Some(patch) = &judgement.patch {
        card(out, "Changed lines", patch.lines, "lines", phrases::gate(judgement, GateKind::Patch));
    }
    let total = phrases::total(judgement);
    card(out, "Total", total.share, total.unit, phrases::gate(judgement, GateKind::Total));
    if let Some(branches) = judgement.totals.branches {
        let gate = phrases::gate(judgement, GateKind::Branches);
        let unit = match branches.covered_at_most {
            Some(most) => format!("branch arms; at most {most}"),
            None => "branch arms".to_owned(),
        };
        card(out, "Branches", branches.lower(), &unit, gate);
    }
    out.push_str("</div>\n");
    let others = kinds(&judgement.totals).into_iter().map(|row| row.join(": ")).collect::<Vec<_>>().join(" · ");
    if !others.is_empty() {
        let _ = writeln!(out, "<p class=\"faint\">All files: {}</p>", outside(&others));
    }
    let _ = writeln!(out, "<p class=\"faint\">{}</p>", sentence(&partial_lines(judgement)));
}

fn card(out: &mut String, title: &str, share: Share, unit: &str, gate: Option<&Gate>) {
    let minimum = gate.map(|gate| format!(", minimum {}", outside(&gate.threshold))).unwrap_or_default();
    let _ = writeln!(
        out,
        "<div class=\"card\"><span class=\"faint\">{title}</span><b>{}</b><span class=\"faint\">{} {unit}{minimum}</span>{}</div>",
        outside(&percent(share, gate)),
        counts(share),
        bar(share)
    );
}

/// A bar as long as the share; the figure beside it is the exact one.
pub(super) fn bar(share: Share) -> String {
    let thousandths = (u128::from(share.covered) * 1000).checked_div(u128::from(share.coverable));
    match thousandths.map(|thousandths| thousandths.min(1000)) {
        Some(length) => {
            format!("<span class=\"bar\"><i style=\"width:{}.{}%\"></i></span>", length / 10, length % 10)
        }
        None => "<span class=\"bar none\"></span>".to_owned(),
    }
}

/// What is against it, and what would help.
fn reasons(out: &mut String, judgement: &Judgement) {
    let mut reasons: Vec<String> = judgement.unproven.iter().map(|unproven| sentence(&unproven.what)).collect();
    let against = |gate: &&&Gate| matches!(gate.verdict, GateVerdict::Fail | GateVerdict::Unproven);
    for gate in ranked(judgement).iter().filter(against) {
        let mut reason = format!("<b>{}</b>: {}", outside(&label(gate)), sentence(&gate.why));
        if let Some(advice) = &gate.advice {
            let _ = write!(reason, "<br>{}", sentence(&advice::sentence(advice, PLACES)));
        }
        reasons.push(reason);
    }
    reasons.extend(judgement.patch.iter().flat_map(notes).map(|note| sentence(&note)));
    if reasons.is_empty() {
        return;
    }
    out.push_str("<h2>Why</h2>\n<ul>\n");
    for reason in reasons.iter().take(REASONS) {
        let _ = writeln!(out, "<li>{reason}</li>");
    }
    if reasons.len() > REASONS {
        let _ = writeln!(out, "<li>{} not shown</li>", plural((reasons.len() - REASONS) as u64, "more reason"));
    }
    out.push_str("</ul>\n");
}

fn gates(out: &mut String, judgement: &Judgement) {
    if judgement.gates.is_empty() {
        return;
    }
    out.push_str(
        "<h2>Gates</h2>\n<table class=\"list\">\n<tr><th>gate</th><th>covered</th><th>threshold</th><th>verdict</th></tr>\n",
    );
    let ranked = ranked(judgement);
    for gate in ranked.iter().take(GATES) {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"word {}\">{}</td></tr>",
            outside(&label(gate)),
            outside(&value(gate)),
            outside(&gate.threshold),
            word(gate.verdict),
            verdict(gate)
        );
    }
    out.push_str("</table>\n");
    if ranked.len() > GATES {
        let _ =
            writeln!(out, "<p class=\"faint\">{} not shown</p>", plural((ranked.len() - GATES) as u64, "more gate"));
    }
}
