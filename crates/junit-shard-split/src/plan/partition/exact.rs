//! Complete search: can these units be packed into so many shards of a given capacity? Bin completion (Martello and
//! Toth 1990, Korf 2003) with the window of sums that sequential number partitioning allows (Schreiber, Korf and Moffitt
//! 2018): each shard takes the longest unit left and every undominated set of others with it.

#![warn(clippy::disallowed_methods)]

use super::budget::Nodes;
use super::two_way;

/// The most units of a complete search; sets of units are bits of a `u128`.
pub(super) const MAX_UNITS: usize = 128;

/// The answer of a complete search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// The shard of each unit; no shard is above the capacity.
    Found(Vec<usize>),
    /// Proven: no plan keeps every shard within the capacity.
    Impossible,
    /// The nodes ran out first.
    Undecided,
}

/// Searches a plan of `weights` (descending, at most `MAX_UNITS`) with `shards` shards of at most `capacity` each.
pub(super) fn fit(weights: &[u64], shards: usize, capacity: u64, nodes: &mut Nodes) -> Fit {
    if weights.len() > MAX_UNITS || shards == 0 {
        return Fit::Undecided;
    }
    if weights.first().is_some_and(|&longest| longest > capacity) {
        return Fit::Impossible;
    }
    let mut search = Search { weights, capacity, nodes, chosen: Vec::with_capacity(shards) };
    let all = if weights.len() == MAX_UNITS { u128::MAX } else { (1u128 << weights.len()) - 1 };
    match search.fill(all, weights.iter().sum(), shards) {
        Step::Found => {
            let mut shard_of = vec![0; weights.len()];
            for (shard, &set) in search.chosen.iter().enumerate() {
                for unit in bits(set) {
                    shard_of[unit] = shard;
                }
            }
            Fit::Found(shard_of)
        }
        Step::Impossible => Fit::Impossible,
        Step::OutOfNodes => Fit::Undecided,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Found,
    Impossible,
    OutOfNodes,
}

struct Search<'a> {
    weights: &'a [u64],
    capacity: u64,
    nodes: &'a mut Nodes,
    /// The sets of the shards that are filled so far.
    chosen: Vec<u128>,
}

/// One shard while it is filled: the units that may join its longest one, and what they must add up to.
struct Open {
    candidates: Vec<usize>,
    /// `tail[i]` is the sum of the candidates from `i` on.
    tail: Vec<u64>,
    /// Below this sum the other shards couldn't hold what is left.
    least: u64,
    rest: u128,
    rest_sum: u64,
    shards: usize,
}

impl Search<'_> {
    /// Packs the units of `rest` into `shards` shards.
    fn fill(&mut self, rest: u128, rest_sum: u64, shards: usize) -> Step {
        if !self.nodes.spend(rest.count_ones() as usize + 1) {
            return Step::OutOfNodes;
        }
        if rest == 0 {
            return Step::Found;
        }
        if shards == 1 || rest_sum <= self.capacity {
            if rest_sum > self.capacity {
                return Step::Impossible;
            }
            self.chosen.push(rest);
            return Step::Found;
        }
        if u128::from(rest_sum) > u128::from(self.capacity) * shards as u128 || self.crowded(rest, shards) {
            return Step::Impossible;
        }
        let count = rest.count_ones() as usize;
        if shards == 2 && (12..=two_way::MAX_FREE).contains(&count) {
            return self.halve(rest, rest_sum);
        }
        let longest = rest.trailing_zeros() as usize;
        let candidates: Vec<usize> = bits(rest & !(1u128 << longest)).collect();
        let mut tail = vec![0; candidates.len() + 1];
        for (place, &unit) in candidates.iter().enumerate().rev() {
            tail[place] = tail[place + 1] + self.weights[unit];
        }
        let others = u128::from(self.capacity) * (shards as u128 - 1);
        let least = u128::from(rest_sum).saturating_sub(others) as u64;
        let open = Open { candidates, tail, least, rest, rest_sum, shards };
        self.extend(&open, 0, 1u128 << longest, self.weights[longest])
    }

    /// True when the longest units alone need more shards: more than `j * shards` units of which `j + 1` don't fit
    /// together, for one and two a shard.
    fn crowded(&self, rest: u128, shards: usize) -> bool {
        for each in 1..=2 {
            let mut lightest = [0; 3];
            let mut taken = 0;
            for unit in bits(rest).take(each * shards + 1) {
                lightest.rotate_left(1);
                lightest[2] = self.weights[unit];
                taken += 1;
            }
            if taken == each * shards + 1 && lightest[2 - each..].iter().sum::<u64>() > self.capacity {
                return true;
            }
        }
        false
    }

    /// Adds candidates from `place` on to the open shard, with and without each one, and goes on with the next shard.
    fn extend(&mut self, open: &Open, place: usize, set: u128, sum: u64) -> Step {
        if sum + open.tail[place] < open.least {
            return Step::Impossible;
        }
        let mut place = place;
        loop {
            if !self.nodes.spend(1) {
                return Step::OutOfNodes;
            }
            while place < open.candidates.len() && sum + self.weights[open.candidates[place]] > self.capacity {
                place += 1;
            }
            if sum + open.tail[place] < open.least {
                return Step::Impossible;
            }
            let Some(&unit) = open.candidates.get(place) else { break };
            match self.extend(open, place + 1, set | (1u128 << unit), sum + self.weights[unit]) {
                Step::Impossible => {}
                done => return done,
            }
            // Without this unit, an equal one would only repeat the same sets.
            while place < open.candidates.len() && self.weights[open.candidates[place]] == self.weights[unit] {
                place += 1;
            }
        }
        if sum < open.least || self.dominated(open, set, sum) {
            return Step::Impossible;
        }
        self.chosen.push(set);
        let step = self.fill(open.rest & !set, open.rest_sum - sum, open.shards - 1);
        if step != Step::Found {
            self.chosen.pop();
        }
        step
    }

    /// True when an excluded unit could join, or take the place of a lighter one, and the set would still fit: whatever
    /// plan has this set has a twin with the fuller one.
    fn dominated(&self, open: &Open, set: u128, sum: u64) -> bool {
        let room = self.capacity - sum;
        if room == 0 {
            return false;
        }
        let mut included = open.candidates.iter().rev().filter(|&&unit| set & (1u128 << unit) != 0).peekable();
        let excluded = open.candidates.iter().rev().filter(|&&unit| set & (1u128 << unit) == 0);
        // Both go from light to heavy. For an excluded unit the best one to replace is the heaviest lighter one.
        let mut replaced = 0;
        for &unit in excluded {
            let weight = self.weights[unit];
            while let Some(&&lighter) = included.peek() {
                if self.weights[lighter] >= weight {
                    break;
                }
                replaced = self.weights[lighter];
                included.next();
            }
            if weight - replaced <= room {
                return true;
            }
        }
        false
    }

    /// The last two shards, complete in the square root of the sets.
    fn halve(&mut self, rest: u128, rest_sum: u64) -> Step {
        let units: Vec<usize> = bits(rest).collect();
        let weights: Vec<u64> = units.iter().map(|&unit| self.weights[unit]).collect();
        if !self.nodes.spend(two_way::cost(units.len())) {
            return Step::OutOfNodes;
        }
        let tolerance = (2 * self.capacity).saturating_sub(rest_sum);
        let (subset, sum) = two_way::nearest(&weights, 0, rest_sum, tolerance);
        if sum.max(rest_sum - sum) > self.capacity {
            return Step::Impossible;
        }
        let set = units.iter().enumerate().filter(|(bit, _)| subset & (1 << bit) != 0);
        let set = set.fold(0u128, |set, (_, &unit)| set | (1u128 << unit));
        self.chosen.push(set);
        self.chosen.push(rest & !set);
        Step::Found
    }
}

/// The positions of the set bits, ascending.
fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if set == 0 {
            return None;
        }
        let bit = set.trailing_zeros() as usize;
        set &= set - 1;
        Some(bit)
    })
}

/// What a complete search could say about a makespan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Narrowed {
    /// The greatest load that is proven to be needed.
    pub(super) lower_bound: u64,
    /// A better plan than the one that was known: the shard of each unit.
    pub(super) shard_of: Option<Vec<usize>>,
}

/// Closes the gap between `lower_bound` and a known `makespan` by bisection, until they meet or `nodes` are used.
pub(super) fn narrow(weights: &[u64], shards: usize, lower_bound: u64, makespan: u64, nodes: &mut Nodes) -> Narrowed {
    let (mut low, mut high) = (lower_bound, makespan);
    let mut best = None;
    // Capacities that ran out of nodes: below them proofs are easier, above them plans are.
    let mut stuck: Option<u64> = None;
    let mut prove = true;
    for _ in 0..MAX_TESTS {
        if low >= high || nodes.left() == 0 {
            break;
        }
        let capacity = match stuck {
            None => low + (high - low - 1) / 2,
            Some(at) if prove && low < at => low + (at - low - 1) / 2,
            Some(at) => at + 1 + (high - at - 1) / 2,
        };
        prove = !prove;
        if capacity >= high {
            continue;
        }
        let share = nodes.left() / 3;
        match nodes.within(share, |part| fit(weights, shards, capacity, part)) {
            Fit::Found(shard_of) => {
                let mut loads = vec![0; shards];
                for (unit, &shard) in shard_of.iter().enumerate() {
                    loads[shard] += weights[unit];
                }
                high = loads.into_iter().max().unwrap_or(0);
                best = Some(shard_of);
                // A plan below a stuck capacity makes that capacity moot.
                stuck = stuck.filter(|&at| at < high);
            }
            Fit::Impossible => {
                low = capacity + 1;
                stuck = stuck.filter(|&at| at >= low);
            }
            Fit::Undecided => stuck = Some(capacity),
        }
    }
    Narrowed { lower_bound: low.min(high), shard_of: best }
}

/// The most capacities that are tested; a bisection of any `u64` interval ends within 64, the rest is for stuck ones.
const MAX_TESTS: usize = 96;

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::super::tests::optimum;
    use super::*;
    use proptest::prelude::*;

    fn nodes(nodes: u64) -> Nodes {
        Nodes::new(Budget { nodes })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn what_fits_is_found_and_what_does_not_is_proven(
            mut weights in proptest::collection::vec(prop_oneof![1u64..9, 1u64..200], 1..10),
            shards in 1usize..5,
        ) {
            weights.sort_unstable_by(|a, b| b.cmp(a));
            let best = optimum(&weights, shards);
            prop_assert_eq!(fit(&weights, shards, best - 1, &mut nodes(1 << 20)), Fit::Impossible);
            let Fit::Found(shard_of) = fit(&weights, shards, best, &mut nodes(1 << 20)) else {
                return Err(TestCaseError::fail("the optimum must be found"));
            };
            let mut loads = vec![0; shards];
            for (unit, shard) in shard_of.into_iter().enumerate() {
                loads[shard] += weights[unit];
            }
            prop_assert_eq!(loads.into_iter().max(), Some(best));
        }

        #[test]
        fn bisection_ends_at_the_optimum(
            mut weights in proptest::collection::vec(prop_oneof![1u64..12, 1u64..5000], 1..10),
            shards in 1usize..5,
        ) {
            weights.sort_unstable_by(|a, b| b.cmp(a));
            let best = optimum(&weights, shards);
            let all = weights.iter().sum();
            let narrowed = narrow(&weights, shards, 1, all, &mut nodes(1 << 20));
            prop_assert_eq!(narrowed.lower_bound, best);
            prop_assert_eq!(narrowed.shard_of.is_some(), best < all);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn two_shards_of_many_units_are_decided(mut weights in proptest::collection::vec(1u64..2_000, 12..15)) {
            weights.sort_unstable_by(|a, b| b.cmp(a));
            let all: u64 = weights.iter().sum();
            let sum_of = |set: u32| bits(u128::from(set)).map(|unit| weights[unit]).sum::<u64>();
            let best = (0..1u32 << weights.len()).map(|set| sum_of(set).max(all - sum_of(set))).min().unwrap_or(all);
            let found = matches!(fit(&weights, 2, best, &mut nodes(1 << 20)), Fit::Found(_));
            prop_assert!(found);
            prop_assert_eq!(fit(&weights, 2, best - 1, &mut nodes(1 << 20)), Fit::Impossible);
        }
    }

    #[test]
    fn the_last_two_shards_are_divided_in_the_middle() {
        // 14 units and one way to halve them: 2^12 + ... + 1 against 2^13 - 1.
        let mut weights: Vec<u64> = (0..13).rev().map(|bit| 1u64 << bit).collect();
        weights.insert(0, (1 << 13) - 1);
        assert!(matches!(fit(&weights, 2, (1 << 13) - 1, &mut nodes(1 << 20)), Fit::Found(_)));
        assert_eq!(fit(&weights, 2, (1 << 13) - 2, &mut nodes(1 << 20)), Fit::Impossible);
    }

    #[test]
    fn without_nodes_nothing_is_claimed() {
        let weights = [11, 11, 5, 5, 4];
        assert_eq!(fit(&weights, 2, 19, &mut nodes(3)), Fit::Undecided);
        assert_eq!(fit(&[1; MAX_UNITS + 1], 2, 1000, &mut nodes(1 << 20)), Fit::Undecided);
        let narrowed = narrow(&weights, 2, 18, 22, &mut nodes(0));
        assert_eq!(narrowed, Narrowed { lower_bound: 18, shard_of: None });
    }

    #[test]
    fn the_most_units_are_searched() {
        let weights = [3; MAX_UNITS];
        assert!(matches!(fit(&weights, 8, 48, &mut nodes(1 << 20)), Fit::Found(_)));
        assert_eq!(fit(&weights, 8, 47, &mut nodes(1 << 20)), Fit::Impossible);
    }
}
