//! The one line that says it all.

use super::advice;
use super::phrases::{self, counts, label, percent, plural};
use crate::plan::judgement::{Advice, Gate, GateKind, GateVerdict, Judgement};

/// Places that the headline names.
const PLACES: usize = 2;

/// What is missing, the shares that matter, what is against them, and what would help:
/// `patch 92.30 % (24 of 26 lines, minimum 95%), total 81.47 %; 2 more lines in src/Order.php:41-42 would pass`.
pub(super) fn headline(judgement: &Judgement) -> String {
    let mut parts: Vec<String> = missing(judgement).into_iter().collect();
    parts.push(shares(judgement));
    let failed = deciding(judgement, GateVerdict::Fail);
    let others: Vec<&&Gate> = failed.iter().filter(|gate| !has_share_in_headline(gate)).collect();
    if let [first, rest @ ..] = others.as_slice() {
        let more =
            if rest.is_empty() { String::new() } else { format!(" and {}", plural(rest.len() as u64, "more gate")) };
        parts.push(format!("failed: {}{more}", label(first)));
    }
    if judgement.verdict == GateVerdict::Fail
        && let Some(advice) = best_advice(&failed)
    {
        parts.push(advice::sentence(advice, PLACES));
    }
    parts.join("; ")
}

/// Gates of a verdict that count.
fn deciding(judgement: &Judgement, verdict: GateVerdict) -> Vec<&Gate> {
    judgement.gates.iter().filter(|gate| gate.verdict == verdict && !gate.report_only).collect()
}

fn has_share_in_headline(gate: &Gate) -> bool {
    gate.subject.is_none() && matches!(gate.gate, GateKind::Total | GateKind::Patch)
}

/// Of the patch, if it failed; it is what the author of a change can do something about.
fn best_advice<'j>(failed: &[&'j Gate]) -> Option<&'j Advice> {
    let patch = failed.iter().filter(|gate| gate.gate == GateKind::Patch).find_map(|gate| gate.advice.as_ref());
    patch.or_else(|| failed.iter().find_map(|gate| gate.advice.as_ref()))
}

fn shares(judgement: &Judgement) -> String {
    let total = phrases::total(judgement);
    let total_gate = phrases::gate(judgement, GateKind::Total);
    let of_total = match total.share.coverable {
        0 => "no total".to_owned(),
        _ => format!("total {}", percent(total.share, total_gate)),
    };
    let Some(patch) = &judgement.patch else {
        let detail = detail(counts(total.share), total.unit, total_gate);
        return if total.share.coverable == 0 { of_total } else { format!("{of_total} ({detail})") };
    };
    let of_total = match minimum(total_gate) {
        Some(minimum) => format!("{of_total} ({minimum})"),
        None => of_total,
    };
    let patch_gate = phrases::gate(judgement, GateKind::Patch);
    match (patch.lines.coverable, patch.missing.len() as u64) {
        (0, 0) => return format!("no changed line can run, {of_total}"),
        (0, unknown) => return format!("{} without known coverage, {of_total}", plural(unknown, "changed file")),
        _ => {}
    }
    let of_patch = percent(patch.lines, patch_gate);
    format!("patch {of_patch} ({}), {of_total}", detail(counts(patch.lines), "lines", patch_gate))
}

fn detail(counts: String, unit: &str, gate: Option<&Gate>) -> String {
    match minimum(gate) {
        Some(minimum) => format!("{counts} {unit}, {minimum}"),
        None => format!("{counts} {unit}"),
    }
}

/// The threshold, where it is not met.
fn minimum(gate: Option<&Gate>) -> Option<String> {
    let failed = gate.filter(|gate| gate.verdict == GateVerdict::Fail)?;
    Some(format!("minimum {}", failed.threshold))
}

/// The first thing that is missing, and how many more.
fn missing(judgement: &Judgement) -> Option<String> {
    let of_gates = deciding(judgement, GateVerdict::Unproven);
    let mut whats: Vec<&str> = judgement.unproven.iter().map(|unproven| unproven.what.as_str()).collect();
    whats.extend(of_gates.iter().map(|gate| gate.why.as_str()));
    whats.dedup();
    let (first, rest) = whats.split_first()?;
    let more = match rest.len() as u64 {
        0 => String::new(),
        more => format!(" (and {})", plural(more, "more reason")),
    };
    Some(format!("unproven: {first}{more}"))
}
