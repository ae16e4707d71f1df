//! What no plan can beat: lower bounds on the makespan, from counting alone.

#![warn(clippy::disallowed_methods)]

/// The greatest common divisor of all weights; 1 when there is none. Milliseconds given in microseconds have 1000 here,
/// which makes every bound a multiple of 1000 and the search a thousand times coarser.
pub(super) fn common_divisor(weights: &[u64]) -> u64 {
    let mut divisor = 0;
    for &weight in weights {
        let (mut a, mut b) = (divisor, weight);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        divisor = a;
        if divisor == 1 {
            break;
        }
    }
    divisor.max(1)
}

/// The greatest lower bound on the makespan of `weights` (descending, their sum fits `u64`) over `shards` (at least 1):
/// the mean rounded up, the longest unit, the pigeonhole sums, and the means left over when the longest units stand
/// alone. Callers divide by the common divisor first, so that rounding up is rounding to a reachable load.
pub(super) fn lower_bound(weights: &[u64], shards: usize) -> u64 {
    let total: u64 = weights.iter().sum();
    let longest = weights.first().copied().unwrap_or(0);
    let mean = total.div_ceil(shards as u64);
    mean.max(longest).max(pigeonhole(weights, shards)).max(alone(weights, shards, total))
}

/// Of the `shards * j + 1` longest units some shard has at least `j + 1`, which weigh at least as much as the `j + 1`
/// lightest of them.
fn pigeonhole(weights: &[u64], shards: usize) -> u64 {
    let mut sums = Vec::with_capacity(weights.len() + 1);
    let mut sum = 0;
    sums.push(0);
    for &weight in weights {
        sum += weight;
        sums.push(sum);
    }
    let rounds = weights.len().saturating_sub(1) / shards;
    (1..=rounds).map(|j| sums[shards * j + 1] - sums[shards * j - j]).max().unwrap_or(0)
}

/// Either the `j`-th longest unit shares its shard (and weighs that much together with the lightest), or the `j` longest
/// stand alone and the others have `shards - j` shards.
fn alone(weights: &[u64], shards: usize, total: u64) -> u64 {
    let Some(&lightest) = weights.last() else { return 0 };
    let mut rest = total;
    let mut best = 0;
    for (index, &weight) in weights.iter().enumerate().take(shards.saturating_sub(1)) {
        rest -= weight;
        if index + 1 == weights.len() {
            break;
        }
        let others = (shards - index - 1) as u64;
        best = best.max(rest.div_ceil(others).min(weight + lightest));
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_divisor_of_milliseconds_is_1000_and_of_nothing_1() {
        assert_eq!(common_divisor(&[3000, 5000, 7000]), 1000);
        assert_eq!(common_divisor(&[3000, 5000, 7001]), 1);
        assert_eq!(common_divisor(&[0, 6, 4]), 2);
        assert_eq!((common_divisor(&[]), common_divisor(&[0])), (1, 1));
    }

    #[test]
    fn each_kind_of_bound_can_be_the_greatest() {
        assert_eq!(lower_bound(&[5, 5, 5, 4], 2), 10, "mean of 9.5 rounded up");
        assert_eq!(lower_bound(&[9, 2, 1], 2), 9, "longest unit");
        assert_eq!(lower_bound(&[7, 6, 6], 2), 12, "two of three share a shard");
        assert_eq!(lower_bound(&[5, 5, 5, 5, 5], 2), 15, "three of five share a shard");
        assert_eq!(lower_bound(&[18, 6, 6, 6, 6, 6, 6], 3), 18);
        assert_eq!(lower_bound(&[10, 4, 4, 4, 4], 2), 14, "the longest shares a shard, or the rest has 16");
        assert_eq!(lower_bound(&[], 4), 0);
        assert_eq!(lower_bound(&[3, 2], 10_000), 3);
    }
}
