//! Branch arms of a line as mere counts, for formats that don't say which arm ran, and the bounds that remain of them
//! after merging.

use super::Runs;

/// Arms of one line. `covered <= covered_at_most <= arms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineArms {
    /// 1-based.
    pub line: u32,
    /// Arms that surely ran.
    pub covered: u32,
    /// Arms that may have run; more than `covered` only after merging.
    pub covered_at_most: u32,
    /// Arms that there are.
    pub arms: u32,
}

impl LineArms {
    /// `covered` of `arms`, exactly.
    pub fn exact(line: u32, covered: u32, arms: u32) -> Self {
        let covered = covered.min(arms);
        LineArms { line, covered, covered_at_most: covered, arms }
    }

    /// The same line seen in another run (or, with [`Runs::Same`], listed again in one report).
    ///
    /// Different runs: 1 of 2 and 1 of 2 is 1 to 2 of 2, since nobody knows whether it was the same arm. So the lower bound
    /// of a line united with itself stays, its upper bound may rise.
    pub fn unite(self, other: LineArms, runs: Runs) -> LineArms {
        self.sum(other, runs).capped()
    }

    /// [`LineArms::unite`] without the cap, so that it does not matter in which order many are united.
    fn sum(self, other: LineArms, runs: Runs) -> LineArms {
        let covered_at_most = match runs {
            Runs::Same => self.covered_at_most.max(other.covered_at_most),
            Runs::Different => self.covered_at_most.saturating_add(other.covered_at_most),
        };
        let (covered, arms) = (self.covered.max(other.covered), self.arms.max(other.arms));
        LineArms { line: self.line, covered, covered_at_most, arms }
    }

    fn capped(self) -> LineArms {
        LineArms { covered_at_most: self.covered_at_most.min(self.arms), ..self }
    }
}

/// Arms of a file's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArmCounts {
    /// Upper bounds are sums, not capped yet.
    lines: Vec<LineArms>,
    unsorted: bool,
}

impl ArmCounts {
    /// Notes a line's arms; said twice before [`ArmCounts::finish`], they are of the same run.
    #[inline]
    pub fn push(&mut self, line: LineArms) {
        if let Some(last) = self.lines.last() {
            self.unsorted |= last.line >= line.line;
        }
        self.lines.push(line);
    }

    /// Sorts and joins.
    pub fn finish(&mut self) {
        self.sort();
        self.lines.shrink_to_fit();
    }

    /// The finished counts; what remains is empty and keeps its memory for more.
    pub fn take_finished(&mut self) -> ArmCounts {
        self.sort();
        let finished = ArmCounts { lines: self.lines.as_slice().to_vec(), unsorted: false };
        self.lines.clear();
        finished
    }

    fn sort(&mut self) {
        if self.unsorted {
            self.lines.sort_unstable();
            self.lines.dedup_by(|next, kept| {
                let same = next.line == kept.line;
                if same {
                    *kept = kept.sum(*next, Runs::Same);
                }
                same
            });
            self.unsorted = false;
        }
    }

    /// Takes in other counts; both are finished.
    pub fn unite(&mut self, other: ArmCounts, runs: Runs) {
        if self.lines.is_empty() {
            *self = other;
            return;
        }
        let (mut mine, mut theirs) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut united = Vec::with_capacity(self.lines.len().max(other.lines.len()));
        loop {
            let order = match (mine.peek(), theirs.peek()) {
                (Some(a), Some(b)) => a.line.cmp(&b.line),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, _) => std::cmp::Ordering::Greater,
            };
            let first = if order.is_le() { mine.next() } else { theirs.next() };
            let Some(first) = first else { break };
            let again = if order.is_eq() { theirs.next() } else { None };
            united.push(again.map_or(*first, |again| first.sum(*again, runs)));
        }
        united.shrink_to_fit();
        self.lines = united;
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// In order of line.
    pub fn iter(&self) -> impl Iterator<Item = LineArms> + '_ {
        self.lines.iter().map(|line| line.capped())
    }

    /// Bytes held in memory, for limits.
    pub fn memory_bytes(&self) -> usize {
        self.lines.capacity() * size_of::<LineArms>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_half_is_one_to_two_of_two() {
        let half = LineArms::exact(3, 1, 2);
        let united = half.unite(half, Runs::Different);
        assert_eq!((united.covered, united.covered_at_most, united.arms), (1, 2, 2));
        assert_eq!(half.unite(half, Runs::Same), half);
    }

    #[test]
    fn bounds_do_not_depend_on_the_order_of_reports() {
        let counts = |covered, arms| {
            let mut counts = ArmCounts::default();
            counts.push(LineArms::exact(3, covered, arms));
            counts
        };
        let (a, b, c) = (counts(2, 2), counts(2, 2), counts(0, 10));
        let mut left = a.clone();
        left.unite(b.clone(), Runs::Different);
        left.unite(c.clone(), Runs::Different);
        let mut right = c;
        right.unite(b, Runs::Different);
        right.unite(a, Runs::Different);
        assert_eq!(left, right);
        let bounds = LineArms { line: 3, covered: 2, covered_at_most: 4, arms: 10 };
        assert_eq!(left.iter().collect::<Vec<_>>(), [bounds]);
    }
}
