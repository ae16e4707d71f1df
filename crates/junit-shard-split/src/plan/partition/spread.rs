//! Units whose weight is only an estimate are dealt over all shards: if the estimate is wrong for all of them alike, no
//! shard has more than its share of the error.

#![warn(clippy::disallowed_methods)]

use super::budget::Nodes;
use super::packing::Packing;
use super::solve::{Solved, solve};
use super::{bound, exchange, improve, lpt};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Plans like `solve`, with the unknown ranks spread as evenly as a makespan of at most bound + `slack_ppm` permits.
pub(super) fn solve_spread<'w>(
    weights: &'w [u64],
    unknown: &[bool],
    shards: usize,
    slack_ppm: u64,
    nodes: &mut Nodes,
) -> Solved<'w> {
    let lower_bound = bound::lower_bound(weights, shards);
    let limit = with_slack(lower_bound, slack_ppm);
    let dealt = deal_first(weights, unknown, shards, lower_bound, nodes);
    if dealt.makespan() <= limit {
        return Solved { packing: dealt, lower_bound };
    }
    let mut solved = solve(weights, shards, 0, nodes);
    let limit = with_slack(solved.lower_bound, slack_ppm).max(solved.packing.makespan());
    even_out(&mut solved.packing, unknown, limit, nodes);
    solved
}

/// `load` and `slack_ppm` millionths of it, rounded down.
pub(super) fn with_slack(load: u64, slack_ppm: u64) -> u64 {
    let more = u128::from(load) * u128::from(slack_ppm) / 1_000_000;
    load.saturating_add(u64::try_from(more).unwrap_or(u64::MAX)).min(u64::MAX / 4)
}

/// Deals the unknown units in rounds, one a shard, then packs the known ones around them.
fn deal_first<'w>(weights: &'w [u64], unknown: &[bool], shards: usize, goal: u64, nodes: &mut Nodes) -> Packing<'w> {
    let mut packing = Packing::empty(weights, shards);
    let estimated: Vec<usize> = (0..weights.len()).filter(|&rank| unknown[rank]).collect();
    for round in estimated.chunks(shards) {
        let mut order: Vec<usize> = (0..shards).collect();
        order.sort_unstable_by_key(|&shard| (packing.load(shard), shard));
        for (&rank, shard) in round.iter().zip(order) {
            packing.append(shard, rank);
        }
    }
    // What is dealt is set aside while the known units move, and put back afterwards.
    let pinned: Vec<Vec<usize>> = packing.shards.iter_mut().map(|shard| std::mem::take(&mut shard.units)).collect();
    packing.pinned = true;
    lpt::place(&mut packing, (0..weights.len()).filter(|&rank| !unknown[rank]));
    if packing.makespan() > goal {
        nodes.within(nodes.left() / 4, |part| exchange::descend(&mut packing, goal, part));
    }
    if packing.makespan() > goal {
        nodes.within(nodes.left() / 4, |part| improve::improve(&mut packing, goal, part));
    }
    packing.pinned = false;
    for (shard, units) in packing.shards.iter_mut().zip(pinned) {
        shard.units.extend(units);
        shard.units.sort_unstable();
    }
    packing
}

/// Exchanges unknown units of the shards with the most of them for known ones of the shards with the fewest, as long as
/// both stay within `limit`.
fn even_out(packing: &mut Packing<'_>, unknown: &[bool], limit: u64, nodes: &mut Nodes) {
    let shards = packing.shards.len();
    let mut counts: Vec<usize> =
        packing.shards.iter().map(|shard| shard.units.iter().filter(|&&rank| unknown[rank]).count()).collect();
    let fair = counts.iter().sum::<usize>().div_ceil(shards);
    // A shard whose surplus fits nowhere is left alone from then on.
    let mut given_up = vec![false; shards];
    loop {
        let from = (0..shards).filter(|&s| !given_up[s]).max_by_key(|&s| (counts[s], Reverse(s)));
        let Some(from) = from else { return };
        if counts[from] <= fair || !nodes.spend(shards) {
            return;
        }
        let mut others: Vec<usize> = (0..shards).filter(|&s| counts[s] < fair).collect();
        others.sort_unstable_by_key(|&s| (counts[s], packing.load(s), s));
        let mut done = false;
        for to in others {
            if !nodes.spend(packing.shards[from].units.len() + packing.shards[to].units.len()) {
                return;
            }
            if let Some((give, take)) = fair_exchange(packing, unknown, from, to, limit) {
                packing.exchange(from, give, to, take);
                counts[from] -= 1;
                counts[to] += 1;
                done = true;
                break;
            }
        }
        given_up[from] = !done;
    }
}

/// An unknown unit of `from` and a known one of `to` (or none) that are nearest to each other in weight and keep both
/// shards within `limit`.
fn fair_exchange(
    packing: &Packing<'_>,
    unknown: &[bool],
    from: usize,
    to: usize,
    limit: u64,
) -> Option<(usize, Option<usize>)> {
    let weights = packing.weights;
    let takes: Vec<(usize, u64)> = packing.shards[to]
        .units
        .iter()
        .enumerate()
        .filter(|(_, rank)| !unknown[**rank])
        .map(|(place, &rank)| (place, weights[rank]))
        .collect();
    let mut best: Option<(u64, usize, Option<usize>)> = None;
    let mut next = 0;
    for (give, &rank) in packing.shards[from].units.iter().enumerate().filter(|(_, rank)| unknown[**rank]) {
        let weight = weights[rank];
        while next < takes.len() && takes[next].1 > weight {
            next += 1;
        }
        let at = |place: usize| takes.get(place).map_or((None, 0), |&(take, taken)| (Some(take), taken));
        let candidates = [Some(at(next)), next.checked_sub(1).map(at)];
        for (take, taken) in candidates.into_iter().flatten() {
            let from_load = packing.load(from) - weight + taken;
            let to_load = packing.load(to) - taken + weight;
            let distance = weight.abs_diff(taken);
            if from_load <= limit && to_load <= limit && best.is_none_or(|(old, ..)| distance < old) {
                best = Some((distance, give, take));
            }
        }
    }
    best.map(|(_, give, take)| (give, take))
}

/// Deals units that weigh nothing to the shards that have the fewest so far: `counts` is kept up to date, and the shard
/// of each of the `units` is returned. Of equal counts the least load comes first, then the first shard.
pub(super) fn deal(units: usize, counts: &mut [usize], loads: &[u64]) -> Vec<usize> {
    let mut heap: BinaryHeap<Reverse<(usize, u64, usize)>> =
        counts.iter().zip(loads).enumerate().map(|(shard, (&count, &load))| Reverse((count, load, shard))).collect();
    let mut dealt = Vec::with_capacity(units);
    for _ in 0..units {
        let Some(mut fewest) = heap.peek_mut() else { break };
        let Reverse((count, _, shard)) = &mut *fewest;
        *count += 1;
        counts[*shard] += 1;
        dealt.push(*shard);
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::*;

    #[test]
    fn slack_is_rounded_down_and_never_overflows() {
        assert_eq!(with_slack(199, 10_000), 200);
        assert_eq!(with_slack(99, 10_000), 99);
        assert_eq!(with_slack(u64::MAX / 4, u64::MAX), u64::MAX / 4);
    }

    #[test]
    fn the_fewest_and_lightest_come_first() {
        let mut counts = [2, 0, 0];
        assert_eq!(deal(5, &mut counts, &[0, 9, 3]), [2, 1, 2, 1, 0]);
        assert_eq!(counts, [3, 2, 2]);
    }

    #[test]
    fn unknown_units_are_evened_out_within_the_limit_only() {
        let weights = [9, 5, 5, 4, 3, 3];
        let unknown = [false, false, true, true, true, true];
        let mut packing = Packing::empty(&weights, 2);
        for (rank, shard) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1), (5, 1)] {
            packing.append(shard, rank);
        }
        let mut tight = packing.clone();
        even_out(&mut tight, &unknown, 15, &mut Nodes::new(Budget::default()));
        assert_eq!(tight.shards[1].units, [1, 3, 4, 5], "a second exchange would pass 15");
        even_out(&mut packing, &unknown, 17, &mut Nodes::new(Budget::default()));
        let counts: Vec<usize> =
            packing.shards.iter().map(|shard| shard.units.iter().filter(|&&rank| unknown[rank]).count()).collect();
        assert_eq!(counts, [2, 2]);
    }

    #[test]
    fn the_surplus_of_one_shard_goes_to_several() {
        let weights = [9, 9, 9, 3, 3, 3];
        let unknown = [false, false, false, true, true, true];
        let mut packing = Packing::empty(&weights, 3);
        for (rank, shard) in [(0, 0), (1, 1), (2, 2), (3, 2), (4, 2), (5, 2)] {
            packing.append(shard, rank);
        }
        even_out(&mut packing, &unknown, 18, &mut Nodes::new(Budget::default()));
        assert!(packing.shards.iter().all(|shard| shard.load == 12 && shard.units.len() == 2));
    }

    #[test]
    fn when_dealing_first_costs_too_much_the_makespan_wins() {
        // Dealt first, 10 and 10 join 50 and 50; but 100 + 10 against 50 + 50 + 10 is possible.
        let weights = [100, 50, 50, 10, 10];
        let unknown = [true, false, false, true, true];
        let solved = solve_spread(&weights, &unknown, 2, 10_000, &mut Nodes::new(Budget::default()));
        assert_eq!((solved.packing.makespan(), solved.lower_bound), (110, 110));
    }

    #[test]
    fn then_the_surplus_is_evened_out_afterwards() {
        let weights = [16, 16, 12, 10, 9, 2, 1];
        let unknown = [false, true, false, false, false, true, true];
        let solved = solve_spread(&weights, &unknown, 3, 10_000, &mut Nodes::new(Budget::default()));
        assert_eq!(solved.packing.makespan(), 25);
        for shard in &solved.packing.shards {
            assert_eq!(shard.units.iter().filter(|&&rank| unknown[rank]).count(), 1);
        }
    }
}
