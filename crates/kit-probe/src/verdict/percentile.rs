//! The bound on a percentile, by the nearest rank. PURE.
#![warn(clippy::disallowed_methods)]

use super::Percentile;

/// The nearest rank of a percentile among `count` values: ⌈p·n⌉, 1-based; 0 when there are none.
pub(super) fn rank(per_mille: u32, count: u32) -> u32 {
    let rank = (u64::from(per_mille.min(1000)) * u64::from(count)).div_ceil(1000);
    // It is not above `count`, which is an u32.
    (rank as u32).max(count.min(1))
}

/// Whether the bound holds when `within` of `count` values are not above its time. The value of a rank is not above a bound
/// exactly when at least so many values are not: no value has to be kept.
pub(super) fn holds(bound: &Percentile, within: u32, count: u32) -> bool {
    within >= rank(bound.per_mille, count)
}

/// The value of the nearest rank.
pub(super) fn value(per_mille: u32, mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    let rank = rank(per_mille, u32::try_from(values.len()).ok()?);
    values.get((rank as usize).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_rounded_up() {
        for (per_mille, count, expected) in [
            (950, 20, 19),
            (950, 21, 20),
            (950, 1, 1),
            (1, 3, 1),
            (1000, 7, 7),
            (500, 4, 2),
            (500, 5, 3),
            (999, 1000, 999),
        ] {
            assert_eq!(rank(per_mille, count), expected, "{per_mille} of {count}");
        }
        assert_eq!(rank(950, 0), 0);
        assert_eq!(rank(1000, u32::MAX), u32::MAX);
    }

    #[test]
    fn counting_says_the_same_as_sorting() {
        let values = [5_u64, 1, 9, 3, 3, 7, 12, 2];
        for per_mille in 1..=1000 {
            for max_us in 0..14 {
                let within = values.iter().filter(|value| **value <= max_us).count() as u32;
                let by_value = value(per_mille, values.to_vec()).unwrap() <= max_us;
                assert_eq!(holds(&Percentile { per_mille, max_us }, within, 8), by_value, "{per_mille} {max_us}");
            }
        }
    }
}
