//! The ratchet: nothing may get worse than its entry says.

use super::super::advice;
use super::super::coverage::totals::Share;
use super::super::diff::Change;
use super::super::judge::{counted, listed};
use super::super::judgement::{Gate, GateKind, GateVerdict};
use super::super::measured::{MeasuredFile, Unit};
use super::super::ratchet::{Ratchet, RatchetBy, holds};
use super::super::scope;
use super::{Context, with_advice};
use std::collections::{BTreeMap, BTreeSet};

const THRESHOLD: &str = "not more uncovered lines, or not a larger share of them";

pub fn gate(context: &Context<'_>) -> Option<Gate> {
    if !context.thresholds().ratchet {
        return None;
    }
    let unproven = |why| context.gate(GateKind::Ratchet, None, THRESHOLD.to_owned(), GateVerdict::Unproven, why);
    Some(match &context.evidence.ratchet {
        Some(Ok(ratchet)) => against(context, ratchet),
        Some(Err(missing)) => unproven(missing.what.clone()),
        None => unproven("there is no ratchet file; `coverage-gate init` writes one".to_owned()),
    })
}

/// An entry that does not hold.
struct Worse<'r> {
    path: &'r str,
    held: Share,
    now: Share,
}

fn against(context: &Context<'_>, ratchet: &Ratchet) -> Gate {
    let gate = |verdict, why| context.gate(GateKind::Ratchet, None, THRESHOLD.to_owned(), verdict, why);
    let ratchet = match context.diff {
        Some(diff) => ratchet.renamed(diff),
        None => ratchet.clone(),
    };
    let today = Ratchet::from(context.results, ratchet.by);
    let mut worse: Vec<Worse<'_>> = Vec::new();
    let mut vanished: Vec<&str> = Vec::new();
    let mut compared = 0usize;
    let excluded = |path: &str| ratchet.by == RatchetBy::File && context.exclude.is_match(path);
    for (path, held) in ratchet.entries.iter().filter(|(path, _)| !excluded(path)) {
        match today.entries.get(path) {
            Some(now) => {
                compared += 1;
                if !holds(*held, *now) {
                    worse.push(Worse { path, held: *held, now: *now });
                }
            }
            None if is_still_there(context, ratchet.by, path) => vanished.push(path),
            None => {}
        }
    }
    worse.sort_by(|a, b| {
        let risen = |worse: &Worse<'_>| worse.now.uncovered() - worse.held.uncovered();
        risen(b).cmp(&risen(a)).then_with(|| a.path.cmp(b.path))
    });
    if let Some(worst) = worse.first() {
        return failed(context, ratchet.by, worst, worse.len() - 1, gate);
    }
    if let Some(why) = fewer_files(context, &ratchet) {
        return gate(GateVerdict::Unproven, why);
    }
    if !vanished.is_empty() {
        let why = format!(
            "{} of the ratchet {} in no report: {}; give all reports, or take out what is not measured any more",
            counted(vanished.len(), "path"),
            if vanished.len() == 1 { "is" } else { "are" },
            listed(&vanished)
        );
        return gate(GateVerdict::Unproven, why);
    }
    match compared {
        // A ratchet that fits nothing would let everything pass.
        0 => gate(
            GateVerdict::Unproven,
            format!(
                "none of the ratchet's {} is in a report; `coverage-gate init` writes a new one",
                counted(ratchet.entries.len(), "path")
            ),
        ),
        1 => gate(GateVerdict::Pass, "its only path is no worse than it was".to_owned()),
        count => gate(GateVerdict::Pass, format!("each of its {count} paths is no worse than it was")),
    }
}

fn failed(
    context: &Context<'_>,
    by: RatchetBy,
    worst: &Worse<'_>,
    others: usize,
    gate: impl Fn(GateVerdict, String) -> Gate,
) -> Gate {
    let others = match others {
        0 => String::new(),
        count => format!("; {} got worse too", counted(count, "other path")),
    };
    let why = format!(
        "`{}` has {} of {} lines uncovered, and had {} of {}{others}",
        worst.path,
        worst.now.uncovered(),
        worst.now.coverable,
        worst.held.uncovered(),
        worst.held.coverable,
    );
    let gate = Gate { value: Some(worst.now), before: Some(worst.held), ..gate(GateVerdict::Fail, why) };
    with_advice(gate, || {
        let measured = context.measured;
        let of_entry = |file: &&MeasuredFile<'_>| by.key(file.path) == worst.path;
        let needed = advice::needed(worst.now, |share| holds(worst.held, share));
        let files = measured.files.iter().filter(of_entry).copied();
        advice::advise(needed, &advice::candidates(files, measured, Unit::Lines, context.changes))
    })
}

/// Whether an entry that nothing was measured of ought to have been.
fn is_still_there(context: &Context<'_>, by: RatchetBy, path: &str) -> bool {
    if by == RatchetBy::File {
        // A file of which nothing can run any more owes nothing.
        return context.measured.find(path).is_none() && context.exists(path);
    }
    if context.evidence.tracked.is_empty() {
        return true;
    }
    let kinds = context.kinds();
    context.evidence.tracked.iter().any(|file| by.key(file) == path && is_unmeasured(context, &kinds, file))
}

/// Whether a tracked file ought to be in a report by its kind, and is in none.
fn is_unmeasured(context: &Context<'_>, kinds: &BTreeSet<&str>, file: &str) -> bool {
    scope::kind(file).is_some_and(|kind| kinds.contains(kind))
        && !scope::is_exempt(file)
        && !context.exclude.is_match(file)
        && context.measured.find(file).is_none()
}

/// A directory with fewer measured files than its entry says, and why that is no proof. Files that the change takes away are
/// missed by nobody; nor is any when all that is there is measured.
fn fewer_files(context: &Context<'_>, ratchet: &Ratchet) -> Option<String> {
    if ratchet.files.is_empty() {
        return None;
    }
    let by = ratchet.by;
    let mut there: BTreeMap<String, u64> = BTreeMap::new();
    let measured = context.results.iter().filter(|file| file.matched).map(|file| file.path.as_str());
    let changed = context.diff.map_or(&[][..], |diff| &diff.files);
    let gone = changed.iter().filter_map(|file| match file.change {
        Change::Deleted => Some(file.path.as_str()),
        Change::Renamed => file.old_path.as_deref(),
        _ => None,
    });
    for path in measured.chain(gone) {
        *there.entry(by.key(path).to_owned()).or_default() += 1;
    }
    let fewer: Vec<(&str, u64)> = ratchet
        .files
        .iter()
        .map(|(path, held)| (path.as_str(), held.saturating_sub(there.get(path).copied().unwrap_or_default())))
        .filter(|(path, lost)| *lost > 0 && there.contains_key(*path))
        .collect();
    let kinds = context.kinds();
    let is_added = |path: &str| changed.iter().any(|file| file.path == path && file.change == Change::Added);
    let known = !context.evidence.tracked.is_empty();
    fewer.into_iter().find_map(|(path, lost)| {
        let of_path = context.evidence.tracked.iter().filter(|file| by.key(file) == path);
        let unmeasured: Vec<&String> =
            of_path.filter(|file| is_unmeasured(context, &kinds, file) && !is_added(file)).collect();
        if known && unmeasured.is_empty() {
            return None;
        }
        let which = if known { format!("; in no report: {}", listed(&unmeasured)) } else { String::new() };
        Some(format!(
            "`{path}` has {} less than the ratchet says{which}; give all reports, or correct the number (the third of its line)",
            counted(usize::try_from(lost).unwrap_or(usize::MAX), "measured file"),
        ))
    })
}
