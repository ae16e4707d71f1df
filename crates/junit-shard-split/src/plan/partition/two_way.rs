//! Two shards at once: of all ways to divide a few units the one nearest to a wanted load (meet in the middle,
//! Horowitz and Sahni 1974).

#![warn(clippy::disallowed_methods)]

/// The most units that are divided completely: two lists of 2^14 sums.
pub(super) const MAX_FREE: usize = 28;

/// The sum of a subset of one half, and the subset as bits.
#[derive(Debug, Clone, Copy)]
struct PartialSum {
    sum: u64,
    subset: u32,
}

/// How many nodes `nearest` costs for `units` units.
pub(super) fn cost(units: usize) -> usize {
    let half = units.div_ceil(2).min(MAX_FREE);
    (1usize << half) * 4
}

/// The subset of `weights` (at most `MAX_FREE`) with `fixed` + its sum nearest to half of `twice_target`; ends early
/// when twice the load is within `tolerance` of `twice_target`. Gives the subset as bits and its sum.
pub(super) fn nearest(weights: &[u64], fixed: u64, twice_target: u64, tolerance: u64) -> (u32, u64) {
    let (low, high) = weights.split_at(weights.len().min(MAX_FREE) / 2);
    let high = &high[..high.len().min(MAX_FREE / 2)];
    let left = partial_sums(low);
    let right = partial_sums(high);
    let (mut i, mut j) = (0, right.len());
    let mut best = (0, 0);
    let mut best_distance = u64::MAX;
    while i < left.len() && j > 0 {
        let sum = left[i].sum + right[j - 1].sum;
        let twice = 2 * (fixed + sum);
        let distance = twice.abs_diff(twice_target);
        if distance < best_distance {
            best_distance = distance;
            best = (left[i].subset | (right[j - 1].subset << low.len()), sum);
            if distance <= tolerance {
                break;
            }
        }
        if twice > twice_target {
            j -= 1;
        } else {
            i += 1;
        }
    }
    best
}

/// All subset sums in ascending order; each unit merges the list with itself plus the unit, so nothing is sorted.
fn partial_sums(weights: &[u64]) -> Vec<PartialSum> {
    let mut sums = Vec::with_capacity(1 << weights.len());
    let mut merged = Vec::with_capacity(1 << weights.len());
    sums.push(PartialSum { sum: 0, subset: 0 });
    for (bit, &weight) in weights.iter().enumerate() {
        merged.clear();
        let mut without = 0;
        for with in &sums {
            let added = PartialSum { sum: with.sum + weight, subset: with.subset | (1 << bit) };
            while without < sums.len() && sums[without].sum <= added.sum {
                merged.push(sums[without]);
                without += 1;
            }
            merged.push(added);
        }
        merged.extend_from_slice(&sums[without..]);
        std::mem::swap(&mut sums, &mut merged);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_subset_is_nearer(
            weights in proptest::collection::vec(0u64..500, 0..11),
            fixed in 0u64..500,
            twice_target in 0u64..6000,
        ) {
            let sum_of = |subset: u32| -> u64 {
                weights.iter().enumerate().filter(|(bit, _)| subset & (1 << bit) != 0).map(|(_, weight)| weight).sum()
            };
            let (subset, sum) = nearest(&weights, fixed, twice_target, 0);
            prop_assert_eq!(sum_of(subset), sum);
            let distance = |sum: u64| (2 * (fixed + sum)).abs_diff(twice_target);
            let best = (0..1u32 << weights.len()).map(|subset| distance(sum_of(subset))).min();
            prop_assert_eq!(best, Some(distance(sum)));
        }
    }

    #[test]
    fn the_most_units_are_divided_completely() {
        // Powers of two make every sum exactly once.
        let weights: Vec<u64> = (0..MAX_FREE).map(|bit| 1 << bit).collect();
        let (subset, sum) = nearest(&weights, 1, 2 * 0x0aaa_bccd, 0);
        assert_eq!((u64::from(subset), sum), (0x0aaa_bccc, 0x0aaa_bccc));
    }
}
