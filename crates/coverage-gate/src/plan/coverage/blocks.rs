//! Blocks of statements, as Go's coverprofile counts them.

use super::items::{ItemId, Items};
use super::number::{self, Few};

/// A block of statements. Lines and columns are 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// First line and column.
    pub from: (u32, u32),
    /// Last line and column.
    pub to: (u32, u32),
    /// Statements in the block.
    pub statements: u32,
    /// Whether it ran.
    pub hit: bool,
}

/// Blocks of one file; a block that is said again is the same block, since `-coverpkg` repeats each in every test binary's
/// profile. About eight bytes each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blocks {
    /// At each block's first line its other numbers, written so that they compare as numbers do.
    items: Items,
}

impl Blocks {
    /// Notes a block. First lines above [`super::items::MAX_ITEM_LINE`] are cut; `to` must not be before `from`.
    #[inline]
    pub fn push(&mut self, block: Block) {
        let mut numbers = Few::<{ 4 * number::MAX_BYTES }>::default();
        numbers.write(u64::from(block.from.1));
        numbers.write(u64::from(block.to.0.saturating_sub(block.from.0)));
        numbers.write(u64::from(block.to.1));
        numbers.write(u64::from(block.statements));
        self.items.push(block.from.0, ItemId::Text(numbers.bytes()), block.hit);
    }

    /// Sorts and deduplicates.
    pub fn finish(&mut self) {
        self.items.finish();
    }

    /// The finished blocks; what remains is empty and keeps its memory for more.
    pub fn take_finished(&mut self) -> Blocks {
        Blocks { items: self.items.take_finished() }
    }

    /// Takes in other blocks; both are finished.
    pub fn unite(&mut self, other: Blocks) {
        self.items.unite(other.items);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many were pushed since the blocks were last finished.
    pub fn unfinished_count(&self) -> usize {
        self.items.unfinished_count()
    }

    /// Statements that ran, and statements.
    pub fn totals(&self) -> (u64, u64) {
        self.iter().fold((0, 0), |(covered, all), block| {
            let weight = u64::from(block.statements);
            (covered + if block.hit { weight } else { 0 }, all + weight)
        })
    }

    /// The blocks in order.
    pub fn iter(&self) -> impl Iterator<Item = Block> + '_ {
        self.items.iter().map(|(line, id, hit)| {
            let mut numbers = match id {
                ItemId::Text(text) => text,
                ItemId::Number(_) => &[],
            };
            let mut next = || number::read(&mut numbers) as u32;
            let (from_column, lines, to_column, statements) = (next(), next(), next(), next());
            Block { from: (line, from_column), to: (line + lines, to_column), statements, hit }
        })
    }

    /// Bytes held in memory, for limits.
    pub fn memory_bytes(&self) -> usize {
        self.items.memory_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_is_said_again_is_the_same_block() {
        let mut blocks = Blocks::default();
        for hit in [false, true, false] {
            blocks.push(Block { from: (3, 2), to: (5, 1), statements: 2, hit });
        }
        blocks.finish();
        assert_eq!(blocks.totals(), (2, 2));
    }

    #[test]
    fn blocks_come_out_in_order_and_as_they_went_in() {
        let block = |from, to, statements, hit| Block { from, to, statements, hit };
        let in_order = [
            block((3, 2), (5, 1), 2, true),
            block((3, 200), (3, 70_000), 1, false),
            block((3, 200), (4, 1), 3, true),
            block((1_000_000, 1), (1_000_000, u32::MAX), u32::MAX, false),
        ];
        let mut blocks = Blocks::default();
        in_order.iter().rev().for_each(|block| blocks.push(*block));
        blocks.finish();
        assert_eq!(blocks.iter().collect::<Vec<_>>(), in_order);
    }
}
