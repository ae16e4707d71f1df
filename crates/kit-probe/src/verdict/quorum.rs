//! How many instances must be healthy. PURE.
#![warn(clippy::disallowed_methods)]

use super::Quorum;

/// How many of `instances` must be healthy, at least 1. More than there are when more are asked for.
pub fn needed(quorum: Option<Quorum>, instances: u32) -> u32 {
    let count = match quorum {
        None => instances,
        Some(Quorum::Count(count)) => count,
        // Not above `instances`, which is an u32.
        Some(Quorum::Percent(percent)) => (u64::from(instances) * u64::from(percent.min(100))).div_ceil(100) as u32,
    };
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_instance_is_a_whole_one() {
        assert_eq!(needed(None, 3), 3);
        assert_eq!(needed(None, 0), 1);
        assert_eq!(needed(Some(Quorum::Count(2)), 3), 2);
        assert_eq!(needed(Some(Quorum::Count(0)), 3), 1);
        assert_eq!(needed(Some(Quorum::Count(5)), 3), 5);
        assert_eq!(needed(Some(Quorum::Percent(50)), 3), 2);
        assert_eq!(needed(Some(Quorum::Percent(100)), 3), 3);
        assert_eq!(needed(Some(Quorum::Percent(90)), 50), 45);
        assert_eq!(needed(Some(Quorum::Percent(91)), 50), 46);
        assert_eq!(needed(Some(Quorum::Percent(1)), 1), 1);
    }
}
