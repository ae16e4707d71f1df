//! The lines of blocks.

use crate::plan::coverage::blocks::{Block, Blocks};
use crate::plan::coverage::lines::LineSet;

/// The same place with two numbers of statements: the profiles are of two versions of the source, so that neither says
/// anything about the other. Go's own tools refuse them as well ("inconsistent NumStmt").
pub fn check(blocks: &Blocks) -> Result<(), String> {
    let mut before: Option<Block> = None;
    for block in blocks.iter() {
        let same_place = |before: &Block| (before.from, before.to) == (block.from, block.to);
        if let Some(before) = before.filter(same_place) {
            return Err(format!(
                "the block {}.{},{}.{} has {} statements in one place of the report and {} in another: its profiles are of \
                 different versions of the source; measure all of them at one commit",
                block.from.0, block.from.1, block.to.0, block.to.1, before.statements, block.statements
            ));
        }
        before = Some(block);
    }
    Ok(())
}

/// Neighbouring lines that come in order of their first.
#[derive(Default)]
struct Runs {
    lines: LineSet,
    run: Option<(u32, u32)>,
    covered: bool,
}

impl Runs {
    fn add(&mut self, first: u32, last: u32) {
        match &mut self.run {
            Some((_, end)) if first <= end.saturating_add(1) => *end = (*end).max(last),
            _ => {
                self.end();
                self.run = Some((first, last));
            }
        }
    }

    fn end(&mut self) {
        if let Some((first, last)) = self.run.take() {
            self.lines.push_range(first, last, self.covered);
        }
    }
}

/// Lines that the blocks touch. Runs are joined first, so that blocks inside of each other cost no more than one.
pub fn of(blocks: &Blocks) -> LineSet {
    let mut coverable = Runs::default();
    let mut covered = Runs { covered: true, ..Runs::default() };
    for block in blocks.iter().filter(|block| block.statements > 0) {
        let (first, last) = (block.from.0, block.to.0);
        let last = if block.to.1 <= 1 && last > first { last - 1 } else { last };
        coverable.add(first, last);
        if block.hit {
            covered.add(first, last);
        }
    }
    coverable.end();
    covered.end();
    let mut lines = coverable.lines;
    lines.finish();
    covered.lines.finish();
    lines.unite(covered.lines);
    lines
}
