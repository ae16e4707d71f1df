//! Places of statements, functions and branches in Istanbul's maps.

use super::json::{self, Budget, Hits};
use super::{LineNumber, Name};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer};
use std::collections::HashMap;

/// A place in the source. Columns are 0-based; what is at the end of a line has `null`, which stands for infinity.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Position {
    line: Option<LineNumber>,
    column: Option<i64>,
}

impl Position {
    /// The line, unless there is none: the `else` that an `if` does not have begins nowhere.
    pub fn line(self) -> Option<u32> {
        self.line.map(|line| line.0).filter(|line| *line > 0)
    }

    fn column(self) -> i64 {
        self.column.unwrap_or(-1)
    }
}

/// From where to where.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Location {
    pub start: Position,
    pub end: Position,
}

impl Location {
    /// What tells places on one line apart: first column, last line and last column; -1 and 0 where there is none.
    pub fn columns(&self) -> (i64, u32, i64) {
        (self.start.column(), self.end.line().unwrap_or(0), self.end.column())
    }

    /// The columns as one number, where they fit: eleven bits for the first column, seven for the lines spanned, thirteen for
    /// the last column. Most do, and a number takes a third of the memory that text does.
    pub fn number(&self, ordinal: u32) -> Option<u32> {
        let (from, last, to) = self.columns();
        let from = u32::try_from(from).ok().filter(|from| *from < 1 << 11)?;
        let to = u32::try_from(to).ok().filter(|to| *to < 1 << 13)?;
        let span = last.checked_sub(self.start.line()?).filter(|span| *span < 1 << 7)?;
        (ordinal == 0).then_some(from << 20 | span << 13 | to)
    }

    /// The columns as text.
    pub fn text(&self, ordinal: u32) -> String {
        let (from, last, to) = self.columns();
        let place = format!("{from}-{last}:{to}");
        if ordinal == 0 { place } else { format!("{place}#{ordinal}") }
    }
}

/// An entry of `fnMap`. `decl` is where its name is, `loc` where its body is; old versions have `loc` and `line` only.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Function {
    pub name: Option<Name>,
    decl: Option<Location>,
    loc: Option<Location>,
    line: Option<LineNumber>,
}

impl Function {
    /// Its line and what tells it apart there.
    pub fn place(&self) -> Option<(u32, (i64, u32, i64))> {
        let places = [self.decl, self.loc];
        let known = places.into_iter().flatten().find_map(|place| Some((place.start.line()?, place.columns())));
        known.or_else(|| Some((self.line.filter(|line| line.0 > 0)?.0, (-1, 0, -1))))
    }
}

/// An entry of `branchMap`.
#[derive(Debug, Clone, Default)]
pub struct Branch {
    pub kind: Name,
    /// How many places it has, one for each arm.
    pub arms: usize,
    loc: Option<Location>,
    first_arm: Option<Location>,
    line: Option<LineNumber>,
}

impl Branch {
    /// The line that Istanbul's LCOV has it on, and its place.
    pub fn place(&self) -> Option<(u32, Location)> {
        let places = [self.loc, self.first_arm];
        let known = places.into_iter().flatten().find_map(|place| Some((place.start.line()?, place)));
        let first = self.first_arm.or(self.loc).unwrap_or_default();
        known.or_else(|| Some((self.line.filter(|line| line.0 > 0)?.0, first)))
    }
}

impl<'de> Deserialize<'de> for Branch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Raw {
            r#type: Option<Name>,
            loc: Option<Location>,
            line: Option<LineNumber>,
            locations: Arms,
        }
        let raw = Raw::deserialize(deserializer)?;
        Ok(Branch {
            kind: raw.r#type.unwrap_or_default(),
            arms: raw.locations.count,
            loc: raw.loc,
            first_arm: raw.locations.first,
            line: raw.line,
        })
    }
}

/// How many places there are, and the first that has a line. They are not kept: a hostile report could have any number.
#[derive(Debug, Default)]
struct Arms {
    count: usize,
    first: Option<Location>,
}

impl<'de> Deserialize<'de> for Arms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut arms = Arms::default();
        let seen = json::each("an array of places", |place: Location| {
            arms.count += 1;
            arms.first = arms.first.or(Some(place).filter(|place| place.start.line().is_some()));
            Ok(())
        });
        seen.deserialize(deserializer)?;
        Ok(arms)
    }
}

/// Whether each arm of a branch ran.
#[derive(Debug, Default)]
pub struct Counts(pub Vec<bool>);

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut budget = Budget::default();
        let mut counts = Counts::default();
        let seen = json::each("an array of counts", |hits: Hits| {
            counts.0.push(hits.0);
            budget.take()
        });
        seen.deserialize(deserializer)?;
        Ok(counts)
    }
}

/// Numbers what is at the very same place, as what a compiler made out of one piece of source is.
#[derive(Default)]
pub struct Ordinals(HashMap<(u32, (i64, u32, i64)), u32>);

impl Ordinals {
    /// How many were at this line and these columns before.
    pub fn next(&mut self, line: u32, columns: (i64, u32, i64)) -> u32 {
        let count = self.0.entry((line, columns)).or_default();
        *count += 1;
        *count - 1
    }
}
