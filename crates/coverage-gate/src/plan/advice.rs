//! The smallest set of lines that would make a gate pass. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::Share;
use super::diff::LineRange;
use super::judgement::{Advice, Place};
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
    pub fn of_file(file: &MeasuredFile<'c>, measured: &Measured<'_>) -> Candidate<'c> {
        let uncovered = states(file.coverage, measured.partial).filter(|(_, covered)| !covered);
        let lines: Vec<u32> = uncovered.map(|(line, _)| line).collect();
        if measured.unit == Unit::Lines {
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

/// Candidates of some files: changed ones first, then those with the most to cover; of equals the first by path.
pub fn candidates<'e>(
    files: impl Iterator<Item = MeasuredFile<'e>>,
    measured: &Measured<'_>,
    changes: Option<&Changes>,
) -> Vec<Candidate<'e>> {
    let in_patch = changes.map_or(&[][..], |changes| &changes.patch.files);
    let changed: BTreeSet<&str> = in_patch.iter().map(|file| file.path.as_str()).collect();
    let open = |file: &MeasuredFile<'e>| measured.unit.share(&file.totals).uncovered();
    let mut ranked: Vec<(bool, u64, MeasuredFile<'e>)> =
        files.map(|file| (!changed.contains(file.path), open(&file), file)).filter(|(_, open, _)| *open > 0).collect();
    ranked.sort_by(|a, b| (a.0, std::cmp::Reverse(a.1), a.2.path).cmp(&(b.0, std::cmp::Reverse(b.1), b.2.path)));
    ranked.iter().take(MAX_FILES).map(|(_, _, file)| Candidate::of_file(file, measured)).collect()
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
        places.push(Place { path: candidate.path.to_owned(), lines: choice.place });
    }
    places.sort();
    Some(Advice { lines_needed: lines + rest, places })
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
