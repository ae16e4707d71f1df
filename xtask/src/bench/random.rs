//! Random numbers for inputs that are the same on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub(super) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Below `end`; 0 when that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// Normally distributed, with mean 0 and deviation 1.
    pub(super) fn normal(&mut self) -> f64 {
        let (one, two) = (1.0 - self.fraction(), self.fraction());
        (-2.0 * one.ln()).sqrt() * (2.0 * std::f64::consts::PI * two).cos()
    }
}
