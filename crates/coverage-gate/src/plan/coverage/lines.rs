//! Lines that could run and lines that did, as sparse bit sets.

/// Chunks from which on those pushed apart are joined before more memory is taken.
const COMPACT_FROM: usize = 1 << 12;

/// 64 neighbouring lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Chunk {
    /// Line number divided by 64.
    index: u32,
    coverable: u64,
    covered: u64,
}

/// A set of coverable lines, some of them covered. Any line number costs at most 24 bytes, so that a report can't make a
/// small file large in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineSet {
    chunks: Vec<Chunk>,
    /// Whether chunks are still in the order of pushing.
    unsorted: bool,
}

impl LineSet {
    /// Notes that a line can run, and whether it did; said twice, it ran if it ran once. Lines are 1-based.
    #[inline]
    pub fn push(&mut self, line: u32, covered: bool) {
        let (index, bit) = (line / 64, 1u64 << (line % 64));
        let hit = if covered { bit } else { 0 };
        if let Some(last) = self.chunks.last_mut()
            && last.index == index
        {
            last.coverable |= bit;
            last.covered |= hit;
        } else {
            self.push_chunk(Chunk { index, coverable: bit, covered: hit });
        }
    }

    /// Notes that all lines from `first` to `last`, both included, can run, and whether they did.
    pub fn push_range(&mut self, first: u32, last: u32, covered: bool) {
        for index in first / 64..=last / 64 {
            let from = if index == first / 64 { u64::MAX << (first % 64) } else { u64::MAX };
            let to = if index == last / 64 { u64::MAX >> (63 - last % 64) } else { u64::MAX };
            let coverable = from & to;
            self.push_chunk(Chunk { index, coverable, covered: if covered { coverable } else { 0 } });
        }
    }

    fn push_chunk(&mut self, chunk: Chunk) {
        if let Some(last) = self.chunks.last_mut() {
            if last.index == chunk.index {
                last.coverable |= chunk.coverable;
                last.covered |= chunk.covered;
                return;
            }
            self.unsorted |= last.index > chunk.index;
        }
        if self.unsorted && self.chunks.len() == self.chunks.capacity() && self.chunks.len() >= COMPACT_FROM {
            self.sort();
            self.chunks.reserve(self.chunks.len());
            // What is pushed next comes after the last of the sorted chunks or makes them unsorted again.
            self.unsorted = self.chunks.last().is_some_and(|last| last.index >= chunk.index);
        }
        self.chunks.push(chunk);
    }

    /// Sorts, joins what was pushed apart, and gives spare memory back.
    pub fn finish(&mut self) {
        self.sort();
        self.chunks.shrink_to_fit();
    }

    /// The finished set; what remains is empty and keeps its memory for more.
    pub fn take_finished(&mut self) -> LineSet {
        self.sort();
        let finished = LineSet { chunks: self.chunks.as_slice().to_vec(), unsorted: false };
        self.chunks.clear();
        finished
    }

    fn sort(&mut self) {
        if self.unsorted {
            self.chunks.sort_by_key(|chunk| chunk.index);
            self.chunks.dedup_by(|next, kept| {
                let same = next.index == kept.index;
                if same {
                    kept.coverable |= next.coverable;
                    kept.covered |= next.covered;
                }
                same
            });
            self.unsorted = false;
        }
    }

    /// Takes in another set; both are finished.
    pub fn unite(&mut self, other: LineSet) {
        if self.chunks.is_empty() {
            *self = other;
            return;
        }
        let alike = self.chunks.len() == other.chunks.len()
            && self.chunks.iter().zip(&other.chunks).all(|(mine, theirs)| mine.index == theirs.index);
        if alike {
            for (mine, theirs) in self.chunks.iter_mut().zip(&other.chunks) {
                mine.coverable |= theirs.coverable;
                mine.covered |= theirs.covered;
            }
            return;
        }
        self.chunks.extend(other.chunks);
        self.unsorted = true;
        self.finish();
    }

    /// Whether no line can run.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// How many lines can run.
    pub fn coverable(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.coverable.count_ones())).sum()
    }

    /// How many lines ran.
    pub fn covered(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.covered.count_ones())).sum()
    }

    /// Whether a line ran; `None` when it can't run.
    pub fn state(&self, line: u32) -> Option<bool> {
        let position = self.chunks.binary_search_by_key(&(line / 64), |chunk| chunk.index).ok()?;
        let (chunk, bit) = (self.chunks[position], 1u64 << (line % 64));
        (chunk.coverable & bit != 0).then_some(chunk.covered & bit != 0)
    }

    /// Every line that can run, in order, with whether it did.
    pub fn iter(&self) -> impl Iterator<Item = (u32, bool)> + '_ {
        self.chunks.iter().flat_map(|chunk| {
            let mut rest = chunk.coverable;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                Some((chunk.index * 64 + bit, chunk.covered >> bit & 1 == 1))
            })
        })
    }

    /// Bytes that the set holds in memory, for limits.
    pub fn memory_bytes(&self) -> usize {
        self.chunks.capacity() * size_of::<Chunk>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(lines: &[(u32, bool)]) -> LineSet {
        let mut set = LineSet::default();
        for (line, covered) in lines {
            set.push(*line, *covered);
        }
        set.finish();
        set
    }

    #[test]
    fn a_line_said_twice_ran_if_it_ran_once() {
        let set = set(&[(200, false), (3, true), (3, false), (200, true), (64, false)]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [(3, true), (64, false), (200, true)]);
        assert_eq!((set.covered(), set.coverable()), (2, 3));
        assert_eq!((set.state(64), set.state(65), set.state(200)), (Some(false), None, Some(true)));
    }

    #[test]
    fn a_range_is_its_lines() {
        for (first, last) in [(1, 1), (1, 63), (63, 64), (64, 127), (5, 700), (128, 128)] {
            let (mut range, mut one_by_one) = (LineSet::default(), LineSet::default());
            range.push_range(first, last, true);
            (first..=last).for_each(|line| one_by_one.push(line, true));
            assert_eq!(range, one_by_one, "{first} to {last}");
        }
    }

    #[test]
    fn lines_said_again_and_again_take_the_memory_of_one() {
        let mut set = LineSet::default();
        for round in 0..1_000_000u32 {
            set.push(round % 10 * 64, round == 5);
        }
        assert!(set.memory_bytes() < 1 << 20, "{}", set.memory_bytes());
        let taken = set.take_finished();
        assert_eq!((taken.covered(), taken.coverable(), taken.memory_bytes()), (1, 10, 240));
        assert!(set.is_empty());
    }

    #[test]
    fn uniting_is_the_same_in_either_order() {
        let (a, b) = (set(&[(1, true), (100, false)]), set(&[(1, false), (2, true), (4_000_000_000, false)]));
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.unite(b);
        ba.unite(a);
        assert_eq!(ab, ba);
        assert_eq!((ab.covered(), ab.coverable()), (2, 4));
    }
}
