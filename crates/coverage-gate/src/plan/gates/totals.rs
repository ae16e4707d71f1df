//! Minimums of everything: lines, branches, functions, statements.

use super::super::advice;
use super::super::coverage::stated::Kind;
use super::super::coverage::totals::Share;
use super::super::fraction::display;
use super::super::judge::{contradiction, counted};
use super::super::judgement::{Gate, GateKind, GateVerdict, Needed};
use super::super::measured::Unit;
use super::super::thresholds::Percent;
use super::{Context, with_advice};

pub fn gates(context: &Context<'_>) -> Vec<Gate> {
    let thresholds = context.thresholds();
    let totals = &context.measured.totals;
    let mut gates = Vec::new();
    gates.extend(thresholds.min_total.map(|min| total(context, min)));
    gates.extend(thresholds.min_branches.map(|min| branches(context, min)));
    let plain = [
        (GateKind::Functions, thresholds.min_functions, totals.functions, "functions"),
        (GateKind::Statements, thresholds.min_statements, totals.statements, "statements"),
    ];
    for (kind, min, share, name) in plain {
        gates.extend(min.map(|min| of_kind(context, kind, min, share, name)));
    }
    gates
}

fn total(context: &Context<'_>, min: Percent) -> Gate {
    let measured = context.measured;
    let share = measured.unit.share(&measured.totals);
    if share.coverable == 0 {
        let why = format!("the reports hold no {} that could be covered", measured.unit.name());
        return context.gate(GateKind::Total, None, min.to_string(), GateVerdict::Unproven, why);
    }
    let mut gate =
        context.minimum(GateKind::Total, None, min, share, &format!("of all {} are covered", measured.unit.name()));
    if context.evidence.known_files && !measured.unmatched.is_empty() {
        let also = counted(measured.unmatched.len(), "file");
        gate.why.push_str(&format!("; that counts {also} of the reports that the repository does not have"));
    }
    with_advice(gate, || {
        let needed = min.count_of(share.coverable).saturating_sub(share.covered);
        advice::advise(needed, &advice::candidates(measured.all().copied(), measured, measured.unit, context.changes))
    })
}

fn branches(context: &Context<'_>, min: Percent) -> Gate {
    let share = context.measured.totals.branches.filter(|branches| branches.coverable > 0);
    let Some(branches) = share else { return of_kind(context, GateKind::Branches, min, None, "branches") };
    let mut gate = of_kind(context, GateKind::Branches, min, Some(branches.lower()), "branches");
    if let Some(at_most) = branches.covered_at_most.filter(|_| gate.verdict != GateVerdict::Unproven) {
        let most = Share { covered: at_most, coverable: branches.coverable };
        gate.why = format!(
            "at least {} of {} branches are covered ({}), at most {at_most} ({}), since merged reports don't say which arms \
             ran; {min} of them surely covered {} needed",
            branches.covered,
            branches.coverable,
            display(branches.lower(), Some(min)),
            display(most, Some(min)),
            if gate.verdict == GateVerdict::Pass { "were" } else { "are" },
        );
    }
    gate
}

fn of_kind(context: &Context<'_>, kind: GateKind, min: Percent, share: Option<Share>, name: &str) -> Gate {
    let Some(share) = share.filter(|share| share.coverable > 0) else {
        let why =
            format!("no report says anything of {name}; have the coverage tool write them, or take this minimum out");
        return context.gate(kind, None, min.to_string(), GateVerdict::Unproven, why);
    };
    let more = min.count_of(share.coverable).saturating_sub(share.covered);
    let (counted_kind, needed) = match kind {
        GateKind::Branches => (Kind::Branches, Needed::Branches(more)),
        GateKind::Functions => (Kind::Functions, Needed::Functions(more)),
        _ => (Kind::Statements, Needed::Statements(more)),
    };
    if let Some(why) = contradiction(context.measured, counted_kind) {
        let gate = context.gate(kind, None, min.to_string(), GateVerdict::Unproven, why);
        return Gate { value: Some(share), ..gate };
    }
    let mut gate = context.minimum(kind, None, min, share, &format!("of all {name} are covered"));
    let silent = context.evidence.reports.iter().filter(|report| {
        let totals = &report.totals;
        match kind {
            GateKind::Branches => totals.branches.is_none(),
            GateKind::Functions => totals.functions.is_none(),
            _ => totals.statements.is_none(),
        }
    });
    let silent = silent.count();
    if silent > 0 && silent < context.evidence.reports.len() && context.measured.unit == Unit::Lines {
        gate.why.push_str(&format!(
            "; {} of {} say nothing of them",
            silent,
            counted(context.evidence.reports.len(), "report")
        ));
    }
    with_advice(gate, || advice::advise_items(needed, context.measured, context.changes))
}
