//! Repair instead of re-planning: every unit stays where it was, new ones are placed, and then as few as possible move
//! until no shard is above the limit.

#![warn(clippy::disallowed_methods)]

use super::budget::{Choices, Nodes};
use super::exchange;
use super::improve;
use super::packing::Packing;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How many lighter shards are tried for a swap.
const PARTNERS: usize = 32;

/// New units times shards up to which unknown ones look at every shard; above it they go to the lightest, which spreads
/// such numbers anyway.
const SPREAD_STEPS: usize = 50_000_000;

/// Where the units were, and what is known of them; one entry a rank.
#[derive(Debug)]
pub(super) struct Before<'a> {
    /// The shard each unit was on; none for new units and for those whose shard is gone.
    pub(super) home: &'a [Option<usize>],
    /// Units that are new to the plan and whose weight is an estimate are spread.
    pub(super) unknown: &'a [bool],
}

/// How one attempt chooses the next move.
#[derive(Debug)]
enum Rule {
    /// From the heaviest shard, the lightest unit that is enough goes to the lightest shard.
    LeastToLightest,
    /// As before, but to the shard that gets fullest by it.
    LeastToTightest,
    /// From the heaviest shard, the heaviest unit that fits goes to the lightest shard.
    MostToLightest,
    /// As before, but to the shard that gets fullest by it.
    MostToTightest,
    /// Any shard above the limit, any unit that is enough, any shard that it fits on; the same ones on every machine.
    Any(Choices),
}

/// Attempts that choose at random after the four with a rule; each costs little, and every move saved is a warm cache.
const RANDOM_ATTEMPTS: usize = 24;

/// The old plan with the fewest moves that were found to bring every shard to `limit` or below; none when no attempt
/// gets there.
pub(super) fn repair<'w>(
    weights: &'w [u64],
    before: &Before<'_>,
    shards: usize,
    limit: u64,
    nodes: &mut Nodes,
) -> Option<Packing<'w>> {
    let start = settle_in(weights, before, shards, limit);
    let least = least_moves(&start, limit);
    if least == 0 {
        return Some(start);
    }
    let mut best: Option<(usize, u64, Packing<'w>)> = None;
    let rules = [Rule::LeastToLightest, Rule::LeastToTightest, Rule::MostToLightest, Rule::MostToTightest];
    let random = (0..RANDOM_ATTEMPTS).map(|seed| Rule::Any(Choices::seeded(seed as u64)));
    for mut rule in rules.into_iter().chain(random) {
        let mut attempt = start.clone();
        if !nodes.spend(weights.len()) {
            break;
        }
        if !unload(&mut attempt, limit, &mut rule, nodes) {
            continue;
        }
        return_home(&mut attempt, before.home, limit);
        let moved = moved(&attempt, before.home);
        let makespan = attempt.makespan();
        if best.as_ref().is_none_or(|old| (moved, makespan) < (old.0, old.1)) {
            best = Some((moved, makespan, attempt));
        }
        if moved <= least {
            break;
        }
    }
    if best.is_none() {
        let mut attempt = start;
        improve::improve(&mut attempt, limit, nodes);
        if attempt.makespan() <= limit {
            return_home(&mut attempt, before.home, limit);
            return Some(attempt);
        }
    }
    best.map(|(_, _, packing)| packing)
}

/// Moves that no repair can do without: each shard above the limit must give its heaviest units until it is below.
fn least_moves(packing: &Packing<'_>, limit: u64) -> usize {
    let mut moves = 0;
    for shard in packing.shards.iter().filter(|shard| shard.load > limit) {
        let mut load = shard.load;
        let heaviest = shard.units.iter().take_while(|&&rank| {
            let above = load > limit;
            load = load.saturating_sub(packing.weights[rank]);
            above
        });
        moves += heaviest.count();
    }
    moves
}

/// Every unit at home, and those without one placed heaviest first on the lightest shard; unknown ones on the shard with
/// the fewest unknown that stays within `limit`.
fn settle_in<'w>(weights: &'w [u64], before: &Before<'_>, shards: usize, limit: u64) -> Packing<'w> {
    let mut packing = Packing::empty(weights, shards);
    let mut counts = vec![0usize; shards];
    let mut homeless = Vec::new();
    for (rank, home) in before.home.iter().enumerate() {
        match home {
            Some(shard) => {
                packing.append(*shard, rank);
                counts[*shard] += usize::from(before.unknown[rank]);
            }
            None => homeless.push(rank),
        }
    }
    let spread = homeless.len().saturating_mul(shards) <= SPREAD_STEPS;
    let mut by_load: BinaryHeap<Reverse<(u64, usize)>> =
        packing.shards.iter().enumerate().map(|(index, shard)| Reverse((shard.load, index))).collect();
    for rank in homeless {
        let weight = weights[rank];
        let fewest = || {
            let fits = (0..shards).filter(|&shard| packing.load(shard).saturating_add(weight) <= limit);
            fits.min_by_key(|&shard| (counts[shard], packing.load(shard), shard))
        };
        let chosen = if spread && before.unknown[rank] { fewest() } else { None };
        // Loads in the heap may be out of date, but only too small: those are put right when they come up.
        while let Some(mut top) = by_load.peek_mut() {
            let Reverse((load, index)) = &mut *top;
            if *load == packing.load(*index) {
                break;
            }
            *load = packing.load(*index);
        }
        let lightest = by_load.peek().map_or(0, |Reverse((_, index))| *index);
        let shard = chosen.unwrap_or(lightest);
        packing.insert(shard, rank);
        counts[shard] += usize::from(before.unknown[rank]);
    }
    packing
}

/// Moves units off the shards above `limit` until there is none; false when that fails.
fn unload(packing: &mut Packing<'_>, limit: u64, rule: &mut Rule, nodes: &mut Nodes) -> bool {
    loop {
        let from = match rule {
            Rule::Any(choices) => any(choices, packing.shards.len(), |shard| packing.load(shard) > limit),
            _ => Some(packing.heaviest()).filter(|&shard| packing.load(shard) > limit),
        };
        let Some(from) = from else { return true };
        if !nodes.spend(packing.shards.len() + packing.shards[from].units.len()) {
            return false;
        }
        if let Some((place, to)) = single(packing, from, limit, rule) {
            packing.relocate(from, place, to);
        } else if !swap(packing, from, limit, nodes) {
            return false;
        }
    }
}

/// Any shard that passes `test`.
fn any(choices: &mut Choices, shards: usize, test: impl Fn(usize) -> bool) -> Option<usize> {
    let passing: Vec<usize> = (0..shards).filter(|&shard| test(shard)).collect();
    passing.get(choices.index(passing.len())).copied()
}

/// A unit that alone brings its shard to `limit`, as its place, and a shard on which it fits.
fn single(packing: &Packing<'_>, from: usize, limit: u64, rule: &mut Rule) -> Option<(usize, usize)> {
    let excess = packing.load(from) - limit;
    let lightest = lightest_but(packing, from);
    let room = limit.saturating_sub(packing.load(lightest));
    let units = &packing.shards[from].units;
    let enough = units.partition_point(|&rank| packing.weights[rank] >= excess);
    let fits = units.partition_point(|&rank| packing.weights[rank] > room);
    if fits >= enough {
        return None;
    }
    let place = match rule {
        Rule::LeastToLightest | Rule::LeastToTightest => enough - 1,
        Rule::MostToLightest | Rule::MostToTightest => fits,
        Rule::Any(choices) => fits + choices.index(enough - fits),
    };
    let most = limit - packing.weights[units[place]];
    let to = match rule {
        Rule::LeastToLightest | Rule::MostToLightest => Some(lightest),
        Rule::LeastToTightest | Rule::MostToTightest => tightest(packing, from, most),
        Rule::Any(choices) => any(choices, packing.shards.len(), |to| to != from && packing.load(to) <= most),
    };
    Some((place, to.unwrap_or(lightest)))
}

/// Two units change places, or the heaviest unit that fits elsewhere moves; false when there is neither.
fn swap(packing: &mut Packing<'_>, from: usize, limit: u64, nodes: &mut Nodes) -> bool {
    let excess = packing.load(from) - limit;
    let mut others: Vec<usize> =
        (0..packing.shards.len()).filter(|&other| other != from && packing.load(other) < limit).collect();
    others.sort_unstable_by_key(|&other| (packing.load(other), other));
    let Some(&lightest) = others.first() else { return false };
    let room = limit - packing.load(lightest);
    let units = &packing.shards[from].units;
    let fits = units.partition_point(|&rank| packing.weights[rank] > room);
    // Two moves are as many as one swap and keep more room, so they come first when they are enough.
    let first = units.get(fits).map(|&rank| packing.weights[rank]);
    let second = units.get(fits + 1).map(|&rank| packing.weights[rank]);
    let next_room = others.get(1).map_or(0, |&other| limit - packing.load(other));
    let two_moves = matches!((first, second), (Some(one), Some(two)) if one + two >= excess && two <= next_room);
    let mut best: Option<(usize, exchange::Exchange)> = None;
    // A swap shifts at most the from unit, and it is looked for only when it could be enough or nothing else is left.
    let longest = units.first().map_or(0, |&rank| packing.weights[rank]);
    if !two_moves && (first.is_none() || excess <= room.min(longest)) {
        for &other in others.iter().take(PARTNERS) {
            let (a, b) = (&packing.shards[from].units, &packing.shards[other].units);
            if !nodes.spend(a.len() + b.len()) {
                return false;
            }
            let room = limit - packing.load(other);
            let Some(found) = exchange::find(packing.weights, a, b, excess, room) else { continue };
            if best.is_none_or(|(_, old)| found.shift.min(excess) > old.shift.min(excess)) {
                best = Some((other, found));
            }
            if found.shift >= excess {
                break;
            }
        }
    }
    match (best, first) {
        (Some((other, found)), _) if found.shift >= excess || first.is_none() => {
            packing.exchange(from, found.give, other, found.take);
        }
        (_, Some(_)) => packing.relocate(from, fits, lightest),
        _ => return false,
    }
    true
}

fn lightest_but(packing: &Packing<'_>, but: usize) -> usize {
    (0..packing.shards.len()).filter(|&other| other != but).min_by_key(|&other| packing.load(other)).unwrap_or(but)
}

/// The shard with the greatest load that is at most `load`.
fn tightest(packing: &Packing<'_>, but: usize, load: u64) -> Option<usize> {
    (0..packing.shards.len())
        .filter(|&other| other != but && packing.load(other) <= load)
        .max_by_key(|&other| (packing.load(other), Reverse(other)))
}

/// Takes back every move that turned out to be unneeded, the heaviest units first.
fn return_home(packing: &mut Packing<'_>, home: &[Option<usize>], limit: u64) {
    let mut away: Vec<(usize, usize, usize)> = Vec::new();
    for (shard, held) in packing.shards.iter().enumerate() {
        for &rank in &held.units {
            if let Some(back) = home[rank].filter(|&back| back != shard) {
                away.push((rank, shard, back));
            }
        }
    }
    away.sort_unstable();
    for (rank, shard, back) in away {
        if packing.load(back).saturating_add(packing.weights[rank]) <= limit
            && let Ok(place) = packing.shards[shard].units.binary_search(&rank)
        {
            packing.relocate(shard, place, back);
        }
    }
}

fn moved(packing: &Packing<'_>, home: &[Option<usize>]) -> usize {
    let away = |shard: usize, rank: usize| home[rank].is_some_and(|back| back != shard);
    packing
        .shards
        .iter()
        .enumerate()
        .map(|(shard, held)| held.units.iter().filter(|&&rank| away(shard, rank)).count())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::*;

    fn repaired(weights: &[u64], home: &[Option<usize>], shards: usize, limit: u64) -> Option<Vec<Vec<usize>>> {
        let unknown = vec![false; weights.len()];
        let before = Before { home, unknown: &unknown };
        let packing = repair(weights, &before, shards, limit, &mut Nodes::new(Budget::default()))?;
        Some(packing.shards.into_iter().map(|shard| shard.units).collect())
    }

    #[test]
    fn one_move_is_enough_where_one_is() {
        let home = [Some(0), Some(0), Some(0), Some(1), Some(1)];
        let units = repaired(&[9, 6, 3, 3, 3], &home, 2, 12);
        assert_eq!(units, Some(vec![vec![0, 2], vec![1, 3, 4]]));
    }

    #[test]
    fn a_swap_helps_where_no_move_does() {
        let home = [Some(0), Some(0), Some(1), Some(1)];
        let units = repaired(&[8, 7, 6, 5], &home, 2, 13);
        let units = units.unwrap_or_default();
        assert_eq!(units.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert!(units[0].contains(&0) != units[0].contains(&1));
    }

    #[test]
    fn three_shards_are_divided_anew_where_no_move_or_swap_helps() {
        let weights = [14, 13, 12, 7, 6, 5, 4, 2];
        let home = [2, 1, 0, 1, 0, 2, 0, 2].map(Some);
        let units = repaired(&weights, &home, 3, 21).unwrap_or_default();
        let loads: Vec<u64> = units.iter().map(|shard| shard.iter().map(|&rank| weights[rank]).sum()).collect();
        assert_eq!(loads, [21, 21, 21]);
    }

    #[test]
    fn the_attempt_with_the_fewest_moves_is_taken() {
        // The lightest units that are enough lead to three moves, the heaviest that fit to two.
        let home = [1, 2, 2, 1, 0, 2].map(Some);
        let units = repaired(&[26, 24, 18, 10, 9, 6], &home, 3, 34).unwrap_or_default();
        let stayed = |shard: usize| units[shard].iter().filter(|&&rank| home[rank] == Some(shard)).count();
        assert_eq!(stayed(0) + stayed(1) + stayed(2), 4);
    }

    #[test]
    fn what_can_not_be_reached_is_not_claimed() {
        let home = [Some(0), Some(0), Some(1)];
        assert_eq!(repaired(&[5, 5, 5], &home, 2, 9), None);
    }

    #[test]
    fn moves_that_turn_out_unneeded_are_taken_back() {
        let weights = [5, 4, 3];
        let mut packing = Packing::empty(&weights, 2);
        for (rank, shard) in [(0, 0), (1, 1), (2, 1)] {
            packing.append(shard, rank);
        }
        let home = [Some(0), Some(0), Some(0)];
        return_home(&mut packing, &home, 9);
        assert_eq!(packing.shards[0].units, [0, 1]);
        assert_eq!(moved(&packing, &home), 1);
    }

    #[test]
    fn the_least_number_of_moves_counts_the_heaviest_units() {
        let weights = [6, 4, 2, 2, 1];
        let mut packing = Packing::empty(&weights, 3);
        for rank in 0..weights.len() {
            packing.append(0, rank);
        }
        assert_eq!((least_moves(&packing, 15), least_moves(&packing, 9), least_moves(&packing, 8)), (0, 1, 2));
    }
}
