//! Moves and swaps of single units: for many units the cheapest way to the lower bound, linear in a pair of shards.

#![warn(clippy::disallowed_methods)]

use super::budget::Nodes;
use super::packing::Packing;
use std::cmp::Reverse;

/// How many lighter shards are tried against one that is too heavy before the best of them is taken. With hundreds of
/// units a shard the first nearly always fits exactly.
const PARTNERS: usize = 16;

/// A unit that shard A gives and maybe one that it takes back, as places in the lists of A and B.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) give: usize,
    pub(super) take: Option<usize>,
    /// By how much A gets lighter and B heavier; positive.
    pub(super) shift: u64,
}

/// The exchange that lightens A by as much of `wanted` as one exchange can, and by as little more as possible, without
/// making B heavier by more than `room`. Both lists are ranks, heaviest first.
pub(super) fn find(weights: &[u64], a: &[usize], b: &[usize], wanted: u64, room: u64) -> Option<Exchange> {
    let exact = wanted.min(room);
    let mut best: Option<Exchange> = None;
    let mut next = 0;
    for (give, &rank) in a.iter().enumerate() {
        let weight = weights[rank];
        // The heaviest unit of B that leaves at least `exact`; past the end of B nothing is taken back.
        while next < b.len() && weights[b[next]].saturating_add(exact) > weight {
            next += 1;
        }
        let taken = b.get(next).map_or(0, |&other| weights[other]);
        let candidates = [
            Some((b.get(next).map(|_| next), weight - taken.min(weight))),
            next.checked_sub(1).map(|before| (Some(before), weight.saturating_sub(weights[b[before]]))),
        ];
        for (take, shift) in candidates.into_iter().flatten() {
            if shift == 0 || shift > room {
                continue;
            }
            let found = Exchange { give, take, shift };
            if shift == exact {
                return Some(found);
            }
            if best.is_none_or(|old| rank_of(&found, wanted) > rank_of(&old, wanted)) {
                best = Some(found);
            }
        }
    }
    best
}

fn rank_of(exchange: &Exchange, wanted: u64) -> (u64, Reverse<u64>) {
    (exchange.shift.min(wanted), Reverse(exchange.shift))
}

/// Exchanges units of shards above `goal` with units of shards below it until none is above, or no single exchange
/// helps, or the nodes are used. No shard that isn't above `goal` ever gets above it.
pub(super) fn descend(packing: &mut Packing<'_>, goal: u64, nodes: &mut Nodes) {
    loop {
        let (mut above, mut below): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for index in 0..packing.shards.len() {
            match packing.load(index).cmp(&goal) {
                std::cmp::Ordering::Greater => above.push(index),
                std::cmp::Ordering::Less => below.push(index),
                std::cmp::Ordering::Equal => {}
            }
        }
        above.sort_by_key(|&index| (Reverse(packing.load(index)), index));
        below.sort_by_key(|&index| (packing.load(index), index));
        let mut progress = false;
        let mut first = 0;
        for &a in &above {
            while packing.load(a) > goal {
                while first < below.len() && packing.load(below[first]) >= goal {
                    first += 1;
                }
                match best_partner(packing, a, &below[first..], goal, nodes) {
                    Some((b, found)) => {
                        packing.exchange(a, found.give, b, found.take);
                        progress = true;
                    }
                    None => break,
                }
            }
        }
        if !progress || nodes.left() == 0 {
            return;
        }
    }
}

/// The first exact exchange of `a` with one of `below`, or else the best that was seen.
fn best_partner(
    packing: &Packing<'_>,
    a: usize,
    below: &[usize],
    goal: u64,
    nodes: &mut Nodes,
) -> Option<(usize, Exchange)> {
    let wanted = packing.load(a) - goal;
    let mut best: Option<(usize, Exchange)> = None;
    for &b in below.iter().filter(|&&b| packing.load(b) < goal).take(PARTNERS) {
        let (units_a, units_b) = (&packing.shards[a].units, &packing.shards[b].units);
        if !nodes.spend(units_a.len() + units_b.len()) {
            return None;
        }
        let room = goal - packing.load(b);
        let Some(found) = find(packing.weights, units_a, units_b, wanted, room) else { continue };
        if found.shift == wanted.min(room) {
            return Some((b, found));
        }
        if best.as_ref().is_none_or(|(_, old)| rank_of(&found, wanted) > rank_of(old, wanted)) {
            best = Some((b, found));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::*;
    use proptest::prelude::*;

    /// All exchanges there are: with every unit of B or none.
    fn best_shift(weights: &[u64], a: &[usize], b: &[usize], wanted: u64, room: u64) -> Option<u64> {
        let takes = || b.iter().map(|&rank| weights[rank]).chain([0]);
        let shifts = a.iter().flat_map(|&rank| takes().map(move |taken| weights[rank].saturating_sub(taken)));
        shifts.filter(|&shift| shift > 0 && shift <= room).max_by_key(|&shift| (shift.min(wanted), Reverse(shift)))
    }

    proptest! {
        #[test]
        fn no_exchange_is_better(
            mut weights in proptest::collection::vec(1u64..60, 1..24),
            sides in proptest::collection::vec(any::<bool>(), 24),
            wanted in 1u64..80,
            room in 1u64..80,
        ) {
            weights.sort_unstable_by(|x, y| y.cmp(x));
            let (a, b): (Vec<usize>, Vec<usize>) = (0..weights.len()).partition(|&rank| sides[rank]);
            let found = find(&weights, &a, &b, wanted, room);
            if let Some(found) = found {
                let taken = found.take.map_or(0, |take| weights[b[take]]);
                prop_assert_eq!(weights[a[found.give]] - taken, found.shift);
            }
            prop_assert_eq!(found.map(|found| found.shift), best_shift(&weights, &a, &b, wanted, room));
        }

        #[test]
        fn descending_never_raises_the_makespan(
            mut weights in proptest::collection::vec(1u64..1000, 1..40),
            shards in 2usize..6,
        ) {
            weights.sort_unstable_by(|x, y| y.cmp(x));
            let mut packing = Packing::empty(&weights, shards);
            for rank in 0..weights.len() {
                packing.append(rank * rank % shards, rank);
            }
            let before = packing.makespan();
            let goal = super::super::bound::lower_bound(&weights, shards);
            descend(&mut packing, goal, &mut Nodes::new(Budget { nodes: 20_000 }));
            prop_assert!(packing.makespan() <= before);
            let sum: u64 = packing.shards.iter().map(|shard| shard.load).sum();
            prop_assert_eq!(sum, weights.iter().sum::<u64>());
        }
    }
}
