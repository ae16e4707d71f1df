//! Longest processing time first (Graham 1969): the start of every plan, at most 4/3 - 1/(3k) of the optimum.

#![warn(clippy::disallowed_methods)]

use super::packing::Packing;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Appends `ranks` (ascending, so heaviest first) one by one to the shard with the least load; of equal loads the one
/// with the fewest units, then the first.
pub(super) fn place(packing: &mut Packing<'_>, ranks: impl Iterator<Item = usize>) {
    let mut heap: BinaryHeap<Reverse<(u64, usize, usize)>> = packing
        .shards
        .iter()
        .enumerate()
        .map(|(index, shard)| Reverse((shard.load, shard.units.len(), index)))
        .collect();
    for rank in ranks {
        let Some(mut lightest) = heap.peek_mut() else { return };
        let Reverse((load, count, shard)) = &mut *lightest;
        *load += packing.weights[rank];
        *count += 1;
        packing.append(*shard, rank);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_goes_to_the_lightest_and_ties_to_the_first() {
        let weights = [7, 7, 6, 6, 5, 5, 4, 4, 4];
        let mut packing = Packing::empty(&weights, 4);
        place(&mut packing, 0..weights.len());
        let units: Vec<&[usize]> = packing.shards.iter().map(|shard| shard.units.as_slice()).collect();
        // Graham's worst case for 4 shards: 15 where 12 is possible.
        assert_eq!(units, [&[0, 6, 8][..], &[1, 7], &[2, 4], &[3, 5]]);
        assert_eq!(packing.makespan(), 15);
    }

    #[test]
    fn of_equal_loads_the_fewest_units_come_first() {
        let weights = [5, 5, 1];
        let mut packing = Packing::empty(&weights, 2);
        packing.shards[1].load = 10;
        place(&mut packing, 0..3);
        assert_eq!(packing.shards[1].units, [2]);
    }
}
