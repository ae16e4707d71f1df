//! Records of one file that come one by one, united without walking through all of them each time.

use crate::plan::coverage::{FileCoverage, Runs};

/// Records that are not united yet, each at least twice as large as the next. Whatever is added, a line is walked over once
/// for each doubling of what holds it: a report that comes back to a large file a million times, each time with a line
/// more, costs what its lines cost and not the file's size each time.
#[derive(Debug, Clone, Default)]
pub struct Layers(Vec<FileCoverage>);

impl Layers {
    /// Adds a finished record.
    pub fn push(&mut self, mut file: FileCoverage) {
        while let Some(smallest) = self.0.pop_if(|smallest| size_bytes(smallest) < 2 * size_bytes(&file)) {
            file = united(smallest, file);
        }
        self.0.push(file);
    }

    /// All of them as one.
    pub fn unite(mut self) -> FileCoverage {
        let mut all = self.0.pop().unwrap_or_default();
        while let Some(larger) = self.0.pop() {
            all = united(larger, all);
        }
        all
    }
}

fn united(mut larger: FileCoverage, smaller: FileCoverage) -> FileCoverage {
    larger.unite(smaller, Runs::Same);
    larger
}

/// What uniting costs; more than nothing, so that empty records don't pile up either.
fn size_bytes(file: &FileCoverage) -> usize {
    file.memory_bytes() + size_of::<FileCoverage>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(lines: impl IntoIterator<Item = u32>) -> FileCoverage {
        let mut file = FileCoverage::default();
        lines.into_iter().for_each(|line| file.lines.push(line, true));
        file.finish();
        file
    }

    /// Pushes records and gives the bytes of what was walked over to unite them.
    fn walked_bytes(records: impl IntoIterator<Item = FileCoverage>) -> (usize, FileCoverage) {
        let mut layers = Layers::default();
        let mut walked = 0;
        for file in records {
            let before: Vec<usize> = layers.0.iter().map(size_bytes).collect();
            let size = size_bytes(&file);
            layers.push(file);
            let joined = &before[layers.0.len() - 1..];
            if !joined.is_empty() {
                // Each layer is walked over with all that was joined before it.
                walked += joined.len() * size + (1..=joined.len()).zip(joined).map(|(n, size)| n * size).sum::<usize>();
            }
        }
        (walked, layers.unite())
    }

    #[test]
    fn coming_back_to_a_large_file_costs_what_is_added() {
        const LARGE: u32 = 64_000;
        const TIMES: u32 = 4_000;
        let small = |number: u32| record([64 * (LARGE + number)]);
        let records = std::iter::once(record((0..LARGE).map(|line| 64 * line))).chain((0..TIMES).map(small));
        let (walked, all) = walked_bytes(records);
        assert_eq!(all.lines.coverable(), u64::from(LARGE + TIMES));
        let one = size_bytes(&small(0));
        // Some of the records for each doubling; at their first size each time it would be 4,000 times 1.5 MB.
        assert!(walked < TIMES as usize * one * 2 * TIMES.ilog2() as usize, "{walked} bytes");
    }

    #[test]
    fn empty_records_and_the_same_record_again_and_again_don_t_pile_up() {
        for file in [FileCoverage::default(), record([7])] {
            let mut layers = Layers::default();
            (0..10_000).for_each(|_| layers.push(file.clone()));
            assert!(layers.0.len() <= 2, "{}", layers.0.len());
            assert_eq!(layers.unite(), file);
        }
    }
}
