//! How many shards: the fewest that finish within a target, with what one fewer and one more would give.

#![warn(clippy::disallowed_methods)]

use super::budget::{Budget, Nodes};
use super::solve::{Solved, solve};
use super::{MAX_SHARDS, bound};

/// A number of shards that wasn't chosen, with its predicted time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// Number of shards.
    pub shards: usize,
    /// Setup plus makespan in microseconds.
    pub predicted_us: u64,
}

/// Why a target can't be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The setup alone takes as long as the target.
    Setup,
    /// Setup plus the longest unit is above the target; only splitting that unit helps.
    LongestUnit {
        /// Index of the first longest unit in the weights.
        unit: usize,
        /// Its weight in microseconds.
        weight_us: u64,
    },
    /// More shards would help, but no more are allowed.
    MaxShards,
}

/// The chosen number of shards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Number of shards, at least 1.
    pub shards: usize,
    /// Setup plus makespan in microseconds.
    pub predicted_us: u64,
    /// One shard fewer, unless 1 is chosen.
    pub one_fewer: Option<Alternative>,
    /// One shard more, unless the maximum is chosen.
    pub one_more: Option<Alternative>,
    /// What stands in the way when the target isn't met; none when it is.
    pub limit: Option<Limit>,
}

impl Choice {
    /// True when setup plus makespan is at most the target.
    pub fn reached(&self) -> bool {
        self.limit.is_none()
    }
}

/// The smallest number of shards, at most `max_shards` (clamped to `1..=MAX_SHARDS`), for which `setup_us` plus the
/// makespan is at most `target_us`. When there is none: `max_shards`, or the smallest number that already comes down to
/// the longest unit. Each number tried may use `budget`.
pub fn choose_shards(weights_us: &[u64], setup_us: u64, target_us: u64, max_shards: usize, budget: Budget) -> Choice {
    let sizes = Sizes::new(weights_us, setup_us, budget);
    let max = max_shards.clamp(1, MAX_SHARDS);
    let goal = target_us.saturating_sub(setup_us) / sizes.divisor;
    let met = if setup_us > target_us { None } else { sizes.fewest(max, goal) };
    let shards = met.unwrap_or_else(|| {
        // With the longest unit as the bound, more shards than that needs would stand idle.
        let longest = sizes.weights.first().copied().unwrap_or(0);
        sizes.fewest(max, longest).unwrap_or(max)
    });
    let alternative = |shards| Alternative { shards, predicted_us: sizes.predicted_us(shards) };
    Choice {
        shards,
        predicted_us: sizes.predicted_us(shards),
        one_fewer: (shards > 1).then(|| alternative(shards - 1)),
        one_more: (shards < max).then(|| alternative(shards + 1)),
        limit: if met.is_some() { None } else { Some(sizes.limit(weights_us, target_us)) },
    }
}

/// The weights as the solver wants them: descending, positive, in multiples of their common divisor.
struct Sizes {
    weights: Vec<u64>,
    divisor: u64,
    setup_us: u64,
    budget: Budget,
}

impl Sizes {
    fn new(weights_us: &[u64], setup_us: u64, budget: Budget) -> Self {
        let heaviest = (u64::MAX / 4) / (weights_us.len().max(1) as u64);
        let mut weights: Vec<u64> =
            weights_us.iter().filter(|&&weight| weight > 0).map(|&weight| weight.min(heaviest)).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let divisor = bound::common_divisor(&weights);
        for weight in &mut weights {
            *weight /= divisor;
        }
        Self { weights, divisor, setup_us, budget }
    }

    fn solve(&self, shards: usize, enough: u64) -> Solved<'_> {
        solve(&self.weights, shards, enough, &mut Nodes::new(self.budget))
    }

    fn predicted_us(&self, shards: usize) -> u64 {
        self.solve(shards, 0).packing.makespan().saturating_mul(self.divisor).saturating_add(self.setup_us)
    }

    /// The fewest shards with a makespan of at most `goal`: none when `max` shards don't reach it. The lower bound finds
    /// the first candidate, which nearly always is the answer; from there the step doubles, then halves.
    fn fewest(&self, max: usize, goal: u64) -> Option<usize> {
        if bound::lower_bound(&self.weights, max) > goal {
            return None;
        }
        let first = first_true(1, max, |shards| bound::lower_bound(&self.weights, shards) <= goal);
        let met = |shards: usize| self.solve(shards, goal).packing.makespan() <= goal;
        let (mut failed, mut step) = (first - 1, 1);
        loop {
            let shards = (failed + step).min(max);
            if met(shards) {
                return Some(first_true(failed + 1, shards, met));
            }
            if shards == max {
                return None;
            }
            failed = shards;
            step *= 2;
        }
    }

    fn limit(&self, weights_us: &[u64], target_us: u64) -> Limit {
        let longest = weights_us.iter().enumerate().max_by_key(|&(unit, &weight)| (weight, std::cmp::Reverse(unit)));
        match longest {
            _ if self.setup_us >= target_us => Limit::Setup,
            Some((unit, &weight_us)) if weight_us.saturating_add(self.setup_us) > target_us => {
                Limit::LongestUnit { unit, weight_us }
            }
            _ => Limit::MaxShards,
        }
    }
}

/// The smallest number in `low..=high` for which `test` holds, given that it holds for `high` and from some number on.
fn first_true(mut low: usize, mut high: usize, test: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        if test(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}
