//! Lays somebody's words beside a licence's words. PURE.

use super::store::{SLOT, UNKNOWN};

/// Equal words in both: `length` of them from `pattern` in the licence's and from `text` in somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) pattern: usize,
    pub(super) text: usize,
    pub(super) length: usize,
}

impl Run {
    fn pattern_end(self) -> usize {
        self.pattern + self.length
    }

    fn text_end(self) -> usize {
        self.text + self.length
    }
}

/// Cells that may be computed in all for one text: what keeps hostile texts from taking longer than a tenth of a second.
const MAX_CELLS: usize = 24_000_000;

/// Cells of the largest table between two runs; a larger difference is no small one anyhow.
const MAX_TABLE_CELLS: usize = 1 << 15;

/// How far before the first and behind the last run further equal words are looked for, beyond the licence's own words there.
const SLACK: usize = 6;

/// Words of a name where the licence leaves a place for one.
const NAME: usize = 12;

/// What is left to compute for one text, and buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Work {
    cells: usize,
    lengths: Vec<u16>,
    ends: Vec<usize>,
    before: Vec<usize>,
    chain: Vec<(usize, usize)>,
}

impl Work {
    /// For another text.
    pub(super) fn renew(&mut self) {
        self.cells = MAX_CELLS;
    }
}

/// Runs of equal words in order, from places that are known to be equal.
pub(super) fn align(pattern: &[u16], text: &[u16], anchors: &[(usize, usize)], work: &mut Work) -> Vec<Run> {
    longest_chain(anchors, work);
    // A copy with its holder's name has a dozen: what grows step by step is copied each time.
    let mut runs: Vec<Run> = Vec::with_capacity(32);
    for &(in_pattern, in_text) in &work.chain {
        let (pattern_from, text_from) = runs.last().map_or((0, 0), |last| (last.pattern_end(), last.text_end()));
        if in_pattern < pattern_from || in_text < text_from {
            continue;
        }
        let back = (0..)
            .take_while(|&back| {
                back < in_pattern - pattern_from
                    && back < in_text - text_from
                    && same(pattern[in_pattern - back - 1], text[in_text - back - 1])
            })
            .count();
        let forth = pattern[in_pattern..].iter().zip(&text[in_text..]).take_while(|(a, b)| same(**a, **b)).count();
        if forth > 0 {
            runs.push(Run { pattern: in_pattern - back, text: in_text - back, length: back + forth });
        }
    }
    fill(pattern, text, runs, work)
}

fn same(a: u16, b: u16) -> bool {
    a == b && a != UNKNOWN
}

/// The most places that are in order in both, from places in order of text: the work's chain.
fn longest_chain(anchors: &[(usize, usize)], work: &mut Work) {
    // Patience sorting: the ends of the best chain of each length, and each place's predecessor.
    let Work { ends, before, chain, .. } = work;
    ends.clear();
    before.clear();
    before.resize(anchors.len(), usize::MAX);
    for (index, &(in_pattern, _)) in anchors.iter().enumerate() {
        // Most places go on where the one before them stopped.
        let goes_on = ends.last().is_none_or(|&end| anchors[end].0 < in_pattern);
        let at = if goes_on { ends.len() } else { ends.partition_point(|&end| anchors[end].0 < in_pattern) };
        if at > 0 {
            before[index] = ends[at - 1];
        }
        if at == ends.len() {
            ends.push(index);
        } else {
            ends[at] = index;
        }
    }
    chain.clear();
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while let Some(&anchor) = anchors.get(at) {
        chain.push(anchor);
        at = before[at];
    }
    chain.reverse();
}

/// Looks for equal words between the runs, before the first and behind the last.
fn fill(pattern: &[u16], text: &[u16], runs: Vec<Run>, work: &mut Work) -> Vec<Run> {
    let (Some(&first), Some(&last)) = (runs.first(), runs.last()) else { return runs };
    let mut found = Vec::with_capacity(runs.len() * 2);
    // Names that the licence leaves open take room.
    let slots = pattern[..first.pattern].iter().filter(|&&word| word == SLOT).count();
    let slack = SLACK + slots * NAME;
    let head = first.text.saturating_sub(first.pattern + slack)..first.text;
    let mut between = Vec::new();
    common(&pattern[..first.pattern], &text[head.clone()], (0, head.start), work, &mut between);
    // A word or two far off are chance.
    while between.first().is_some_and(|run| run.length < 3 && first.text - run.text_end() > slack) {
        between.remove(0);
    }
    found.append(&mut between);
    for pair in runs.windows(2) {
        let &[one, next] = pair else { continue };
        found.push(one);
        let (in_pattern, in_text) = (one.pattern_end()..next.pattern, one.text_end()..next.text);
        common(
            &pattern[in_pattern.clone()],
            &text[in_text.clone()],
            (in_pattern.start, in_text.start),
            work,
            &mut found,
        );
    }
    found.push(last);
    let rest = &pattern[last.pattern_end()..];
    let tail = last.text_end()..(last.text_end() + rest.len() + SLACK).min(text.len());
    common(rest, &text[tail.clone()], (last.pattern_end(), tail.start), work, &mut between);
    while between.last().is_some_and(|run| run.length < 3 && run.text - last.text_end() > SLACK) {
        between.pop();
    }
    found.append(&mut between);
    joined(found)
}

/// Runs that touch in both are one.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match found.last_mut() {
            Some(last) if last.pattern_end() == run.pattern && last.text_end() == run.text => last.length += run.length,
            _ => found.push(run),
        }
    }
    found
}

/// The longest common subsequence of two short pieces, as runs; those of one word that are alone among differences stay: they
/// are what keeps the differences small.
fn common(a: &[u16], b: &[u16], at: (usize, usize), work: &mut Work, into: &mut Vec<Run>) {
    let size = (a.len() + 1) * (b.len() + 1);
    if a.is_empty() || b.is_empty() || size > MAX_TABLE_CELLS || size > work.cells {
        return;
    }
    work.cells -= size;
    let width = b.len() + 1;
    let lengths = &mut work.lengths;
    // Every cell is written before it is read, but for those of the last row.
    if lengths.len() < size {
        lengths.resize(size, 0);
    }
    lengths[a.len() * width..size].fill(0);
    for (row, &word) in a.iter().enumerate().rev() {
        let (this, below) = lengths[row * width..(row + 2) * width].split_at_mut(width);
        let mut right = 0;
        this[b.len()] = 0;
        // The cell, the word above it, and the cells below and below to the right.
        let cells = this.iter_mut().zip(b).zip(below.iter().zip(&below[1..]));
        for ((cell, &other), (&below, &diagonal)) in cells.rev() {
            right = if same(word, other) { diagonal + 1 } else { below.max(right) };
            *cell = right;
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < a.len() && column < b.len() {
        if same(a[row], b[column]) {
            let length = a[row..].iter().zip(&b[column..]).take_while(|(a, b)| same(**a, **b)).count();
            into.push(Run { pattern: at.0 + row, text: at.1 + column, length });
            row += length;
            column += length;
        } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_between_equal_words() {
        let pattern: Vec<u16> = (10..40).collect();
        let mut text: Vec<u16> = vec![900, 901, 902];
        text.extend(10..20);
        text.push(903);
        text.extend(21..30);
        text.extend(33..40);
        let runs = align(&pattern, &text, &[(2, 5), (12, 15)], &mut Work { cells: 1000, ..Work::default() });
        assert_eq!(
            runs,
            [
                Run { pattern: 0, text: 3, length: 10 },
                Run { pattern: 11, text: 14, length: 9 },
                Run { pattern: 23, text: 23, length: 7 },
            ]
        );
    }

    #[test]
    fn a_place_out_of_order_is_left_out() {
        let mut work = Work::default();
        longest_chain(&[(5, 0), (1, 1), (2, 2), (9, 3), (3, 4)], &mut work);
        assert_eq!(work.chain, [(1, 1), (2, 2), (3, 4)]);
        assert_eq!(align(&[], &[], &[], &mut Work::default()), []);
    }
}
