//! `max-drop`: what was lost against the baseline.
//!
//! Lines that the change removes, and does not move elsewhere, are taken out of the baseline first: removing covered code
//! is no drop. Where that would raise what is compared with, since uncovered code went or was rewritten, the baseline
//! stands as it is.

use super::super::advice;
use super::super::baseline::{Baseline, BaselineFile};
use super::super::coverage::totals::Share;
use super::super::diff::{Change, ChangedFile};
use super::super::fraction::{compare, display_change, display_with_counts, holds};
use super::super::judge::{counted, listed};
use super::super::judgement::{Gate, GateKind, GateVerdict};
use super::super::measured::{Unit, states};
use super::super::thresholds::{MissingBaseline, Percent};
use super::{Context, with_advice};
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub fn gate(context: &Context<'_>) -> Option<Gate> {
    let max = context.thresholds().max_drop?;
    let unjudged = |verdict, why| context.gate(GateKind::Drop, None, format!("{} points", max.number()), verdict, why);
    let missing = match &context.evidence.baseline {
        Some(Ok(baseline)) => return Some(against(context, max, baseline)),
        Some(Err(unproven)) => unproven.what.clone(),
        None => "there is no baseline to compare with: give `--baseline`".to_owned(),
    };
    Some(match context.rules.missing_baseline {
        MissingBaseline::Unproven => unjudged(GateVerdict::Unproven, missing),
        MissingBaseline::Skip => unjudged(
            GateVerdict::NotApplicable,
            format!("not compared, as the missing baseline is to be skipped: {missing}"),
        ),
    })
}

/// The two sides of the comparison.
struct Sides {
    unit: Unit,
    now: Share,
    /// All that the baseline has.
    before: Share,
    /// Without what was removed since.
    adjusted: Share,
}

fn against(context: &Context<'_>, max: Percent, baseline: &Baseline) -> Gate {
    let gate = |verdict, why| context.gate(GateKind::Drop, None, format!("{} points", max.number()), verdict, why);
    if baseline.partial.is_some_and(|partial| partial != context.measured.partial) {
        let why = "the baseline counts partial lines otherwise than this run: use the same `partial-lines` for both";
        return gate(GateVerdict::Unproven, why.to_owned());
    }
    let vanished = vanished(context, baseline);
    if !vanished.is_empty() {
        let why = format!(
            "{} that the baseline measured {} in no report now: {}; give all reports, or exclude what is not measured any more",
            counted(vanished.len(), "file"),
            if vanished.len() == 1 { "is" } else { "are" },
            listed(&vanished)
        );
        return gate(GateVerdict::Unproven, why);
    }
    let sides = sides(context, baseline);
    if sides.before.coverable == 0 || sides.now.coverable == 0 {
        let whose = if sides.now.coverable == 0 { "this run" } else { "the baseline" };
        return gate(GateVerdict::Unproven, format!("{whose} holds no {} to compare", sides.unit.name()));
    }
    // All of the old code may be gone; then there is nothing that could have been lost.
    let lower = sides.adjusted.coverable > 0 && compare(sides.adjusted, sides.before) == Ordering::Less;
    let before = if lower { sides.adjusted } else { sides.before };
    let held = holds(sides.now, before, max);
    let verdict = if held { GateVerdict::Pass } else { GateVerdict::Fail };
    let adjusted = match lower {
        true => format!(", or {} without the removed code", display_with_counts(sides.adjusted, None)),
        false => String::new(),
    };
    let why = format!(
        "{} of {} are covered, {}: {} were{adjusted}; {} points may be lost{}",
        display_with_counts(sides.now, None),
        sides.unit.name(),
        display_change(before, sides.now, Some(max)),
        display_with_counts(sides.before, None),
        max.number(),
        not_adjusted(context, baseline, held),
    );
    let gate = Gate { value: Some(sides.now), before: Some(before), ..gate(verdict, why) };
    with_advice(gate, || {
        let measured = context.measured;
        let needed = advice::needed(sides.now, |share| holds(share, before, max));
        advice::advise(
            needed,
            &advice::candidates(measured.files.iter().copied(), measured, sides.unit, context.changes),
        )
    })
}

/// Why removed code could not be taken out, where that might have mattered.
fn not_adjusted(context: &Context<'_>, baseline: &Baseline, held: bool) -> String {
    if held {
        return String::new();
    }
    let reason = if context.diff.is_none() {
        "the change is not known"
    } else if !baseline.has_lines() {
        "the baseline has no line numbers"
    } else if !is_of_base(context, baseline) {
        "the baseline is of another commit than the change's base"
    } else {
        return String::new();
    };
    format!("; removed code could not be taken out, as {reason}")
}

/// Files of the baseline that are still there, but in no report, where no gate says so.
pub fn left_reports(context: &Context<'_>) -> Vec<String> {
    match &context.evidence.baseline {
        Some(Ok(baseline)) if context.thresholds().max_drop.is_none() => {
            vanished(context, baseline).into_iter().map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Files of the baseline that are still there, but in no report.
fn vanished<'b>(context: &Context<'_>, baseline: &'b Baseline) -> Vec<&'b str> {
    let renames = context.renames();
    let had_lines = |file: &&BaselineFile| file.matched && file.totals.lines.is_some_and(|lines| lines.coverable > 0);
    let files = baseline.files.iter().filter(had_lines).map(|file| file.path.as_str());
    let gone = |path: &&str| {
        let now = renames.get(*path).copied().unwrap_or(path);
        context.measured.find(now).is_none() && !context.exclude.is_match(now) && context.exists(now)
    };
    files.filter(gone).collect()
}

fn sides(context: &Context<'_>, baseline: &Baseline) -> Sides {
    let measured = context.measured;
    if baseline.files.iter().all(|file| !file.matched) {
        let before = measured.unit.share(&baseline.totals);
        let now = measured.unit.share(&measured.totals);
        return Sides { unit: measured.unit, now, before, adjusted: before };
    }
    let unit = if baseline.has_lines() { Unit::Lines } else { measured.unit };
    let now = match (baseline.has_lines(), unit) {
        // Line numbers know each line once, so this side counts it once too.
        (true, _) => measured.files.iter().fold(Share::default(), |sum, file| {
            let once = file.coverage.line_instances.is_empty();
            let recounted = || {
                states(file.coverage, measured.partial).fold(Share::default(), |sum, (_, covered)| {
                    sum.plus(Share { covered: u64::from(covered), coverable: 1 })
                })
            };
            sum.plus(if once { file.totals.lines.unwrap_or_default() } else { recounted() })
        }),
        (false, _) => measured.share_of(measured.files.iter()),
    };
    let changed = changed_by_old_path(context);
    let renames = context.renames();
    let mut sides = Sides { unit, now, before: Share::default(), adjusted: Share::default() };
    for file in baseline.files.iter().filter(|file| file.matched) {
        let path_now = renames.get(file.path.as_str()).copied().unwrap_or(&file.path);
        if context.exclude.is_match(path_now) {
            continue;
        }
        let share = match &file.lines {
            Some(lines) => lines.share(),
            None => unit.share(&file.totals),
        };
        let removed = removed(context, baseline, file, share, &changed);
        sides.before = plus(sides.before, share);
        let left = Share {
            covered: share.covered.saturating_sub(removed.covered),
            coverable: share.coverable.saturating_sub(removed.coverable),
        };
        sides.adjusted = plus(sides.adjusted, left);
    }
    sides
}

/// A baseline comes from outside, so that its sums could overflow.
fn plus(a: Share, b: Share) -> Share {
    Share { covered: a.covered.saturating_add(b.covered), coverable: a.coverable.saturating_add(b.coverable) }
}

fn changed_by_old_path<'c>(context: &Context<'c>) -> BTreeMap<&'c str, (usize, &'c ChangedFile)> {
    let files = context.diff.map_or(&[][..], |diff| &diff.files);
    let with_old_side = files.iter().enumerate().filter_map(|(at, file)| match file.change {
        Change::Modified | Change::Deleted => Some((file.path.as_str(), (at, file))),
        Change::Renamed => Some((file.old_path.as_deref()?, (at, file))),
        _ => None,
    });
    with_old_side.collect()
}

/// What of a file's old share was removed and not moved.
fn removed(
    context: &Context<'_>,
    baseline: &Baseline,
    file: &BaselineFile,
    share: Share,
    changed: &BTreeMap<&str, (usize, &ChangedFile)>,
) -> Share {
    let Some((at, changed)) = changed.get(file.path.as_str()) else {
        // Gone by a change before this one: the baseline is older.
        return if context.exists(&file.path) { Share::default() } else { share };
    };
    let mut gone: Vec<u32> = Vec::new();
    let mut stays: Vec<u32> = Vec::new();
    for hunk in &changed.hunks {
        for offset in 0..hunk.old.len() {
            let line = hunk.old_first.saturating_add(offset as u32);
            if context.moved.is_removed(*at, line) { stays.push(line) } else { gone.push(line) }
        }
    }
    let known = file.lines.as_ref().filter(|_| is_of_base(context, baseline));
    let sum = |lines: &mut Vec<u32>| {
        lines.sort_unstable();
        lines.dedup();
        let states = lines.iter().filter_map(|line| known.and_then(|known| known.state(*line)));
        states.fold(Share::default(), |sum, covered| sum.plus(Share { covered: u64::from(covered), coverable: 1 }))
    };
    match (changed.change, known) {
        (Change::Deleted, Some(_)) => {
            let stays = sum(&mut stays);
            Share { covered: share.covered - stays.covered, coverable: share.coverable - stays.coverable }
        }
        (Change::Deleted, None) if stays.is_empty() => share,
        (Change::Deleted, None) => Share::default(),
        (_, Some(_)) => sum(&mut gone),
        (_, None) => Share::default(),
    }
}

/// Whether line numbers of the baseline are those of the diff's old side. Where one of the commits is not known, they are
/// taken to be.
fn is_of_base(context: &Context<'_>, baseline: &Baseline) -> bool {
    match (baseline.commit.as_deref(), context.evidence.base_commit) {
        (Some(one), Some(other)) => {
            let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
            one.starts_with(&other) || other.starts_with(&one)
        }
        _ => true,
    }
}
