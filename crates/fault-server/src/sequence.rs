//! Which of the requests fail, by the seed. PURE.
#![warn(clippy::disallowed_methods)]

/// A small generator (SplitMix64 by Sebastiano Vigna, public domain): the same numbers for a seed on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is at least 1.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Blocks of passes, each run of them followed by one failure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flapping {
    /// Failures in a block, at most 8.
    pub failures: u64,
    /// Passes in a block.
    pub passes: u64,
    /// Most passes in a row.
    pub longest: u64,
}

impl Flapping {
    /// Whether the `n`-th request (from 0) fails. A block ends with a failure, so no run goes beyond its block.
    pub(crate) fn fails(self, seed: u64, n: u64) -> bool {
        let size = self.failures + self.passes;
        let mut at = 0;
        for run in self.runs(seed, n / size).into_iter().take(self.failures as usize) {
            at += run;
            if at == n % size {
                return true;
            }
            at += 1;
        }
        false
    }

    /// How many passes stand before each failure of a block: passes are dealt one by one to runs that aren't full.
    fn runs(self, seed: u64, block: u64) -> [u64; 8] {
        let mut seeded = Seeded::new(seed ^ block.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let mut runs = [0; 8];
        let mut left = self.passes.min(self.failures * self.longest);
        while left > 0 {
            let run = &mut runs[seeded.below(self.failures) as usize];
            if *run < self.longest {
                *run += 1;
                left -= 1;
            }
        }
        runs
    }
}

/// Whether the `n`-th request (from 0) is the slow one of its block of `block`.
pub(crate) fn is_slow(seed: u64, n: u64, block: u64) -> bool {
    Seeded::new(seed ^ (n / block).wrapping_mul(0xd6e8_feb8_6659_fd93)).below(block) == n % block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_and_runs_are_bounded_for_every_seed() {
        for (failures, passes, longest) in [(2, 18, 12), (3, 7, 4), (4, 4, 2)] {
            let flapping = Flapping { failures, passes, longest };
            for seed in 0..300 {
                let fails: Vec<bool> = (0..400).map(|n| flapping.fails(seed, n)).collect();
                for block in fails.chunks_exact((failures + passes) as usize) {
                    assert_eq!(block.iter().filter(|fails| **fails).count() as u64, failures);
                }
                let runs = fails.split(|fails| *fails).map(<[bool]>::len);
                assert!(runs.max().unwrap() as u64 <= longest, "seed {seed}");
            }
        }
        let one = Flapping { failures: 3, passes: 7, longest: 4 };
        let of = |seed| (0..100).map(|n| one.fails(seed, n)).collect::<Vec<_>>();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn the_tail_is_over_its_percentile_from_twenty_requests_on() {
        for seed in 0..300 {
            for n in 20..300_u64 {
                let slow = (0..n).filter(|i| is_slow(seed, *i, 10)).count() as u64;
                assert!(slow > n - (n * 95).div_ceil(100), "seed {seed}, {n} requests");
            }
        }
    }
}
