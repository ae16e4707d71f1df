//! The smallest set of lines, or of something else, that would make a gate pass. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::FileCoverage;
use super::coverage::items::Items;
use super::coverage::totals::{BranchShare, Share};
use super::diff::LineRange;
use super::judgement::{Advice, Needed, Place};
use super::measured::{Measured, MeasuredFile, Unit, states};
use super::patch::{Changes, Owed};
use std::collections::BTreeSet;

/// Places that an advice names. More are no advice, but a list.
pub const MAX_PLACES: usize = 20;
/// Files that are searched for the best place: the changed ones, and those with the most uncovered lines.
const MAX_FILES: usize = 200;

/// What could be covered in one file.
#[derive(Debug, Clone)]
pub struct Candidate<'c> {
    path: &'c str,
    /// Uncovered lines, in order.
    lines: Vec<u32>,
    runs: Vec<Run>,
}

/// Neighbouring uncovered lines, or a block of statements.
#[derive(Debug, Clone, Copy)]
struct Run {
    place: LineRange,
    /// What covering all of it adds.
    weight: u64,
    /// Its lines, as positions in the candidate's; a run that can be covered in part counts one for each of them.
    lines: Option<(usize, usize)>,
}

impl<'c> Candidate<'c> {
    /// Uncovered lines in order, and their ranges of neighbouring coverable lines.
    pub fn of_lines(path: &'c str, lines: Vec<u32>, of_lines: &[LineRange]) -> Candidate<'c> {
        let run = |place: &LineRange| {
            let from = lines.partition_point(|line| *line < place.first);
            let to = lines.partition_point(|line| *line <= place.last);
            Run { place: *place, weight: (to - from) as u64, lines: Some((from, to)) }
        };
        let runs = of_lines.iter().map(run).filter(|run| run.weight > 0).collect();
        Candidate { path, lines, runs }
    }

    /// What a file could still give: uncovered lines, or blocks of statements.
    pub fn of_file(file: &MeasuredFile<'c>, measured: &Measured<'_>, unit: Unit) -> Candidate<'c> {
        let uncovered = states(file.coverage, measured.partial).filter(|(_, covered)| !covered);
        let lines: Vec<u32> = uncovered.map(|(line, _)| line).collect();
        if unit == Unit::Lines {
            let of_lines = super::measured::uncovered(file, measured.partial);
            return Candidate::of_lines(file.path, lines, &of_lines);
        }
        let missed = file.coverage.blocks.iter().filter(|block| !block.hit && block.statements > 0);
        let run = |block: super::coverage::blocks::Block| Run {
            place: LineRange { first: block.from.0, last: block.to.0.max(block.from.0) },
            weight: u64::from(block.statements),
            lines: None,
        };
        Candidate { path: file.path, lines, runs: missed.map(run).collect() }
    }

    /// Changed lines that one file of the patch owes.
    pub fn of_patch(changes: &'c Changes, owed: &Owed) -> Candidate<'c> {
        let file = &changes.patch.files[owed.file];
        Candidate::of_lines(&file.path, owed.lines.clone(), &file.uncovered)
    }

    fn weight(&self) -> u64 {
        self.runs.iter().map(|run| run.weight).sum()
    }
}

/// Files with something to cover, in the order of advice: changed ones first, then those with the most to cover; of equals
/// the first by path.
fn ranked<'e>(
    files: impl Iterator<Item = MeasuredFile<'e>>,
    changes: Option<&Changes>,
    open: impl Fn(&MeasuredFile<'e>) -> u64,
) -> Vec<(bool, MeasuredFile<'e>)> {
    let in_patch = changes.map_or(&[][..], |changes| &changes.patch.files);
    let changed: BTreeSet<&str> = in_patch.iter().map(|file| file.path.as_str()).collect();
    let mut ranked: Vec<(bool, u64, MeasuredFile<'e>)> =
        files.map(|file| (!changed.contains(file.path), open(&file), file)).filter(|(_, open, _)| *open > 0).collect();
    ranked.sort_by(|a, b| (a.0, std::cmp::Reverse(a.1), a.2.path).cmp(&(b.0, std::cmp::Reverse(b.1), b.2.path)));
    ranked.truncate(MAX_FILES);
    ranked.into_iter().map(|(unchanged, _, file)| (unchanged, file)).collect()
}

/// Candidates of some files: changed ones first, then those with the most to cover; of equals the first by path.
pub fn candidates<'e>(
    files: impl Iterator<Item = MeasuredFile<'e>>,
    measured: &Measured<'_>,
    unit: Unit,
    changes: Option<&Changes>,
) -> Vec<Candidate<'e>> {
    let open = |file: &MeasuredFile<'e>| unit.share(&file.totals).uncovered();
    ranked(files, changes, open).iter().map(|(_, file)| Candidate::of_file(file, measured, unit)).collect()
}

/// Chooses what to cover so that `needed` more are: in one file where one has enough, in as few places as can be, and
/// whole ranges before parts. `None` when nothing is needed or nothing could be covered.
pub fn advise(needed: u64, candidates: &[Candidate<'_>]) -> Option<Advice> {
    if needed == 0 {
        return None;
    }
    let mut best: Option<Vec<Choice>> = None;
    for at in (0..candidates.len()).filter(|at| candidates[*at].weight() >= needed) {
        let (choices, rest) = choose(needed, candidates, &[at]);
        if rest == 0 && best.as_ref().is_none_or(|best| choices.len() < best.len()) {
            let simplest = choices.len() == 1;
            best = Some(choices);
            if simplest {
                break;
            }
        }
    }
    let (choices, rest) = match best {
        Some(choices) => (choices, 0),
        None => choose(needed, candidates, &(0..candidates.len()).collect::<Vec<_>>()),
    };
    if choices.is_empty() {
        return None;
    }
    let mut lines = 0;
    let mut places = Vec::new();
    for choice in &choices {
        let candidate = &candidates[choice.candidate];
        let within = |line: &&u32| (choice.place.first..=choice.place.last).contains(*line);
        lines += candidate.lines.iter().filter(within).count() as u64;
        places.push(Place { path: candidate.path.to_owned(), lines: choice.place, share: None });
    }
    places.sort_by(|a, b| (&a.path, a.lines).cmp(&(&b.path, b.lines)));
    Some(Advice { needed: Needed::Lines(lines + rest), places })
}

/// Where the branch arms, functions or statements are that would do: lines of changed files first, then those with the most
/// of them uncovered, so that there are few places.
pub fn advise_items(needed: Needed, measured: &Measured<'_>, changes: Option<&Changes>) -> Option<Advice> {
    let (Needed::Lines(count) | Needed::Branches(count) | Needed::Functions(count) | Needed::Statements(count)) =
        needed;
    let open = |file: &MeasuredFile<'_>| {
        let totals = &file.totals;
        let share = match needed {
            Needed::Lines(_) => totals.lines,
            Needed::Branches(_) => totals.branches.map(BranchShare::lower),
            Needed::Functions(_) => totals.functions,
            Needed::Statements(_) => totals.statements,
        };
        share.unwrap_or_default().uncovered()
    };
    let mut open_lines: Vec<(bool, &str, u32, Share)> = Vec::new();
    for (unchanged, file) in ranked(measured.all().copied(), changes, open) {
        let lines = items(needed, file.coverage).into_iter().filter(|(_, share)| share.uncovered() > 0);
        open_lines.extend(lines.map(|(line, share)| (unchanged, file.path, line, share)));
    }
    let mut rest = count;
    let mut places = Vec::new();
    while rest > 0 && places.len() < MAX_PLACES {
        let key = |at: &usize| {
            let (unchanged, path, line, share) = open_lines[*at];
            (unchanged, std::cmp::Reverse(share.uncovered()), path, line)
        };
        // A few of many are wanted.
        let Some(best) = (0..open_lines.len()).min_by_key(key) else { break };
        let (_, path, line, share) = open_lines.swap_remove(best);
        rest = rest.saturating_sub(share.uncovered());
        places.push(Place { path: path.to_owned(), lines: LineRange { first: line, last: line }, share: Some(share) });
    }
    (count > 0).then_some(Advice { needed, places })
}

/// How much of what is needed there is on each line, and how much of it is covered.
fn items(needed: Needed, coverage: &FileCoverage) -> Vec<(u32, Share)> {
    let share = |covered: u32, coverable: u32| Share { covered: covered.into(), coverable: coverable.into() };
    let of_items = |items: &Items| items.by_line().map(|(line, covered, all)| (line, share(covered, all))).collect();
    match needed {
        Needed::Lines(_) => Vec::new(),
        Needed::Branches(_) => {
            coverage.arms_by_line().iter().map(|line| (line.line, share(line.covered, line.arms))).collect()
        }
        Needed::Functions(_) => of_items(&coverage.functions),
        Needed::Statements(_) if coverage.blocks.is_empty() => of_items(&coverage.statements),
        Needed::Statements(_) => {
            let of_block = |block: super::coverage::blocks::Block| {
                (block.from.0, share(if block.hit { block.statements } else { 0 }, block.statements))
            };
            coverage.blocks.iter().map(of_block).collect()
        }
    }
}

struct Choice {
    candidate: usize,
    place: LineRange,
}

/// The largest runs, and for the rest the smallest that is large enough; and what is still needed after
/// [`MAX_PLACES`].
fn choose(needed: u64, candidates: &[Candidate<'_>], among: &[usize]) -> (Vec<Choice>, u64) {
    let of_candidate = |at: &usize| {
        let at = *at;
        candidates[at].runs.iter().map(move |run| (at, *run))
    };
    let mut runs: Vec<(usize, Run)> = among.iter().flat_map(of_candidate).collect();
    runs.sort_by(|(at_a, a), (at_b, b)| {
        (std::cmp::Reverse(a.weight), at_a, a.place).cmp(&(std::cmp::Reverse(b.weight), at_b, b.place))
    });
    let mut choices = Vec::new();
    let (mut next, mut rest) = (0, needed);
    while rest > 0 && next < runs.len() && choices.len() < MAX_PLACES {
        if runs[next].1.weight < rest {
            rest -= runs[next].1.weight;
            choices.push(Choice { candidate: runs[next].0, place: runs[next].1.place });
            next += 1;
            continue;
        }
        let enough = runs[next..].partition_point(|(_, run)| run.weight >= rest);
        let weight = runs[next + enough - 1].1.weight;
        let first = runs[next..].partition_point(|(_, run)| run.weight > weight);
        let (candidate, run) = runs[next + first];
        // Of a run that is longer than what is needed, the first lines will do.
        let place = match run.lines {
            Some((from, _)) => {
                let lines = &candidates[candidate].lines;
                LineRange { first: lines[from], last: lines[from + rest as usize - 1] }
            }
            None => run.place,
        };
        choices.push(Choice { candidate, place });
        rest = 0;
    }
    (choices, rest)
}

/// How many more would have to be covered until `holds` is true of a share, when it isn't yet.
pub fn needed(share: Share, holds: impl Fn(Share) -> bool) -> u64 {
    let with = |more: u64| Share { covered: share.covered + more, ..share };
    if holds(share) || !holds(with(share.uncovered())) {
        return 0;
    }
    let (mut too_few, mut enough) = (0, share.uncovered());
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if holds(with(middle)) { enough = middle } else { too_few = middle }
    }
    enough
}

#[cfg(test)]
mod tests;
