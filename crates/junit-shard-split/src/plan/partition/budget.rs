//! The counted work of a search. Time never decides anything here, so every machine stops at the same node.

#![warn(clippy::disallowed_methods)]

/// How much work the planner may do, in nodes. A node is one unit looked at or one partial sum made: about ten to
/// twenty machine instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Upper limit of nodes for one plan made from nothing; a repair that fails before and after it may add a quarter.
    /// Placing every unit once (sort and longest-first) is never refused, so 0 still gives a valid plan.
    pub nodes: u64,
}

impl Budget {
    /// The default number of nodes: well under a second on one core, and only spent by sets whose makespan isn't at
    /// its lower bound after the cheap steps.
    pub const DEFAULT_NODES: u64 = 20_000_000;
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: Self::DEFAULT_NODES }
    }
}

/// A running count against a limit.
#[derive(Debug)]
pub(super) struct Nodes {
    used: u64,
    limit: u64,
}

impl Nodes {
    pub(super) fn new(budget: Budget) -> Self {
        Self { used: 0, limit: budget.nodes }
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Counts work that was done under a limit of its own.
    pub(super) fn spend_u64(&mut self, nodes: u64) {
        self.used = self.used.saturating_add(nodes);
    }

    /// Counts `nodes`; false, with everything counted, when the limit is passed.
    pub(super) fn spend(&mut self, nodes: usize) -> bool {
        self.used = self.used.saturating_add(nodes as u64);
        self.used <= self.limit
    }

    /// Runs `work` with a limit of at most `share` more nodes; what it used is counted here.
    pub(super) fn within<T>(&mut self, share: u64, work: impl FnOnce(&mut Nodes) -> T) -> T {
        let mut part = Nodes { used: 0, limit: share.min(self.left()) };
        let result = work(&mut part);
        // A part may pass its limit by its last step; the whole counts that step too.
        self.used = self.used.saturating_add(part.used);
        result
    }
}

/// A fixed-seed generator (SplitMix64, public domain, Vigna 2015): its choices spread a search over different
/// neighbourhoods, the same ones on every machine.
#[derive(Debug)]
pub(super) struct Choices(u64);

impl Choices {
    pub(super) fn new() -> Self {
        Self(0x005e_ed0f_5a11_7e57)
    }

    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// An index in `0..end`; 0 when `end` is 0.
    pub(super) fn index(&mut self, end: usize) -> usize {
        self.below(end as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_its_own_limit_and_counts_for_the_whole() {
        let mut nodes = Nodes::new(Budget { nodes: 100 });
        assert!(nodes.spend(40));
        let allowed = nodes.within(50, |part| (part.spend(50), part.spend(1)));
        assert_eq!(allowed, (true, false));
        assert_eq!((nodes.used(), nodes.left()), (91, 9));
        // A share is never more than what is left.
        assert!(!nodes.within(1000, |part| part.spend(10)));
        assert!(!nodes.spend(0));
    }

    #[test]
    fn choices_are_the_same_on_every_machine() {
        let mut choices = Choices::seeded(0);
        // The first values of the reference implementation for seed 0.
        assert_eq!(choices.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(choices.next(), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!((choices.below(0), choices.index(1)), (0, 0));
    }
}
