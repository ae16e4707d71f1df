//! A plan in the making: which ranks each shard holds, and how long that takes.

#![warn(clippy::disallowed_methods)]

/// One shard. Units are ranks: positions in the descending list of weights.
#[derive(Debug, Clone, Default)]
pub(super) struct Shard {
    /// Sum of the weights of `units` and of what is pinned here and not listed.
    pub(super) load: u64,
    /// Ranks in ascending order, so from the heaviest unit to the lightest.
    pub(super) units: Vec<usize>,
}

/// All shards, over one descending list of positive weights.
#[derive(Debug, Clone)]
pub(super) struct Packing<'w> {
    pub(super) weights: &'w [u64],
    pub(super) shards: Vec<Shard>,
    /// True when shards carry loads that no search may move.
    pub(super) pinned: bool,
}

impl<'w> Packing<'w> {
    pub(super) fn empty(weights: &'w [u64], shards: usize) -> Self {
        Self { weights, shards: vec![Shard::default(); shards], pinned: false }
    }

    pub(super) fn load(&self, shard: usize) -> u64 {
        self.shards[shard].load
    }

    pub(super) fn makespan(&self) -> u64 {
        self.shards.iter().map(|shard| shard.load).max().unwrap_or(0)
    }

    /// The shard with the greatest load, the first of equals.
    pub(super) fn heaviest(&self) -> usize {
        let mut best = 0;
        for (index, shard) in self.shards.iter().enumerate() {
            if shard.load > self.shards[best].load {
                best = index;
            }
        }
        best
    }

    /// Appends a rank that is greater than all others of the shard.
    pub(super) fn append(&mut self, shard: usize, rank: usize) {
        self.shards[shard].load += self.weights[rank];
        self.shards[shard].units.push(rank);
    }

    pub(super) fn insert(&mut self, shard: usize, rank: usize) {
        let target = &mut self.shards[shard];
        let place = target.units.partition_point(|&other| other < rank);
        target.units.insert(place, rank);
        target.load += self.weights[rank];
    }

    /// Moves the unit at `place` in the list of `from`.
    pub(super) fn relocate(&mut self, from: usize, place: usize, to: usize) {
        let rank = self.shards[from].units.remove(place);
        self.shards[from].load -= self.weights[rank];
        self.insert(to, rank);
    }

    /// Swaps two units given by their places; without `take` the unit at `give` only moves.
    pub(super) fn exchange(&mut self, a: usize, give: usize, b: usize, take: Option<usize>) {
        let Some(take) = take else {
            self.relocate(a, give, b);
            return;
        };
        let given = self.shards[a].units.remove(give);
        let taken = self.shards[b].units.remove(take);
        self.shards[a].load -= self.weights[given];
        self.shards[b].load -= self.weights[taken];
        self.insert(a, taken);
        self.insert(b, given);
    }

    /// Gives a shard other units; what is pinned to it stays.
    pub(super) fn replace(&mut self, shard: usize, mut units: Vec<usize>) {
        units.sort_unstable();
        let target = &mut self.shards[shard];
        let before: u64 = target.units.iter().map(|&rank| self.weights[rank]).sum();
        let after: u64 = units.iter().map(|&rank| self.weights[rank]).sum();
        target.load = target.load - before + after;
        target.units = units;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_follow_every_change() {
        let weights = [9, 7, 5, 3, 1];
        let mut packing = Packing::empty(&weights, 2);
        for (rank, shard) in [(0, 0), (1, 1), (2, 1), (3, 0)] {
            packing.append(shard, rank);
        }
        packing.insert(0, 4);
        assert_eq!((packing.load(0), packing.load(1), packing.heaviest()), (13, 12, 0));
        packing.exchange(0, 0, 1, Some(1));
        assert_eq!(
            (packing.shards[0].units.as_slice(), packing.shards[1].units.as_slice()),
            (&[2, 3, 4][..], &[0, 1][..])
        );
        packing.exchange(1, 1, 0, None);
        assert_eq!((packing.load(0), packing.load(1)), (16, 9));
        // What is pinned isn't in the list and stays in the load.
        packing.shards[1].load += 100;
        packing.replace(1, vec![4, 3]);
        assert_eq!((packing.load(1), packing.shards[1].units.as_slice()), (104, &[3, 4][..]));
        assert_eq!(packing.makespan(), 104);
    }
}
