//! The arrays of numbers that llvm-cov writes for segments, regions and branches. Newer versions append to them.

use super::super::json::{Flag, Hits, LineNumber};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Line and column, 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: LineNumber,
    /// Columns of 2^31 and more are cut, as in [`crate::plan::coverage::items::ItemId`].
    pub column: u32,
}

/// The next element.
fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(seq: &mut A) -> Result<T, A::Error> {
    seq.next_element()?.ok_or_else(|| A::Error::custom("an array of numbers is too short"))
}

fn next_place<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Place, A::Error> {
    let line: LineNumber = next(seq)?;
    let column: u64 = next(seq)?;
    if line.0 == 0 {
        return Err(A::Error::custom("a place on line 0"));
    }
    Ok(Place { line, column: u32::try_from(column).unwrap_or(u32::MAX).min(i32::MAX.unsigned_abs()) })
}

/// What is read from the beginning of an array.
trait Row: Sized {
    const WHAT: &'static str;
    fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error>;
}

struct RowVisitor<R>(PhantomData<R>);

impl<'de, R: Row> Visitor<'de> for RowVisitor<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(R::WHAT)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<R, A::Error> {
        let row = R::read(&mut seq)?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(row)
    }
}

/// A segment: from here to the next segment, a count holds. `[line, column, count, has count, is region entry, is gap]`
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    pub place: Place,
    pub hits: Hits,
    pub has_count: bool,
    pub is_region_entry: bool,
    /// A gap between statements, which says nothing of the lines that other regions begin on. LLVM has it since 8.
    pub is_gap: bool,
}

impl Row for Segment {
    const WHAT: &'static str = "a segment: line, column, count and flags";

    fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error> {
        let flag = |flag: Flag| flag.0;
        Ok(Segment {
            place: next_place(seq)?,
            hits: next(seq)?,
            has_count: next(seq).map(flag)?,
            is_region_entry: next(seq).map(flag)?,
            is_gap: seq.next_element()?.is_some_and(flag),
        })
    }
}

/// A branch: `[line, column, last line, last column, true count, false count, file, expanded file, kind]`
#[derive(Debug, Clone, Copy)]
pub struct BranchRegion {
    pub start: Place,
    end: Place,
    pub taken: Hits,
    pub not_taken: Hits,
}

impl Row for BranchRegion {
    const WHAT: &'static str = "a branch region: lines, columns and two counts";

    fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error> {
        Ok(BranchRegion { start: next_place(seq)?, end: next_place(seq)?, taken: next(seq)?, not_taken: next(seq)? })
    }
}

impl BranchRegion {
    /// Place and side (0: true, 1: false) as one number, where they fit: twelve bits for the first column, five for the lines
    /// spanned, thirteen for the last column, one for the side.
    pub fn number(&self, side: u32) -> Option<u32> {
        let span = self.end.line.0.checked_sub(self.start.line.0).filter(|span| *span < 1 << 5)?;
        let fits = self.start.column < 1 << 12 && self.end.column < 1 << 13;
        fits.then_some(self.start.column << 19 | span << 14 | self.end.column << 1 | side)
    }

    /// Place and side as text.
    pub fn text(&self, side: u32) -> String {
        format!("{}-{}:{}/{side}", self.start.column, self.end.line.0, self.end.column)
    }
}

/// A region: `[line, column, last line, last column, count, file, expanded file, kind]`
#[derive(Debug, Clone, Copy)]
pub struct CodeRegion {
    pub start: Place,
    pub file: u64,
    pub expanded_file: u64,
    pub kind: u64,
}

impl CodeRegion {
    /// `CounterMappingRegion::ExpansionRegion`: a macro's use, whose body is in another file.
    pub const EXPANSION: u64 = 1;
}

impl Row for CodeRegion {
    const WHAT: &'static str = "a region: lines, columns, count, files and kind";

    fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error> {
        let start = next_place(seq)?;
        next_place(seq)?;
        next::<Hits, A>(seq)?;
        Ok(CodeRegion { start, file: next(seq)?, expanded_file: next(seq)?, kind: next(seq)? })
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for BranchRegion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for CodeRegion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowVisitor(PhantomData))
    }
}
