//! Functions of one record: LCOV 1 declares them (`FN`) and counts their calls (`FNDA`) by name, in any order; LCOV 2
//! gives places (`FNL`) and the functions there (`FNA`).

use crate::plan::coverage::items::{ItemId, Items};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Functions of one record, and bytes of all their names: far more than any compiler takes in one file.
const MAX_FUNCTIONS: usize = 1 << 22;
/// See [`MAX_FUNCTIONS`].
const MAX_NAME_BYTES: usize = 256 << 20;

/// A function that a record declares.
struct Function {
    line: u32,
    name: Range<u32>,
    hit: bool,
}

/// Functions of the record being read; their memory serves the next one.
#[derive(Default)]
pub struct Functions {
    names: Vec<u8>,
    declared: Vec<Function>,
    /// The declared function whose count is expected next: writers count in the order in which they declare.
    next: usize,
    /// Counts that came in another order.
    strays: Vec<(Range<u32>, bool)>,
    /// LCOV 2: what is known by its place; complete as they are.
    aliases: Vec<Function>,
    places: FxHashMap<u64, u32>,
}

impl Functions {
    /// `FN`. Line 0: unknown.
    /// Errors: too many.
    pub fn declare(&mut self, line: u32, name: &[u8]) -> Result<(), String> {
        let name = self.add_name(name)?;
        self.declared.push(Function { line, name, hit: false });
        Ok(())
    }

    /// `FNDA`.
    /// Errors: too many.
    pub fn count(&mut self, name: &[u8], hit: bool) -> Result<(), String> {
        if self.strays.is_empty()
            && let Some(function) = self.declared.get_mut(self.next)
            && &self.names[range(&function.name)] == name
        {
            function.hit = hit;
            self.next += 1;
            return Ok(());
        }
        let name = self.add_name(name)?;
        self.strays.push((name, hit));
        Ok(())
    }

    /// `FNL`.
    /// Errors: an index that is no number, or one given twice.
    pub fn place(&mut self, index: &[u8], line: u32) -> Result<(), String> {
        let index = super::fields::Numbers::whole(index).ok_or("has no whole number as its index")?;
        if self.places.len() >= MAX_FUNCTIONS {
            return Err(format!("is one function too many: {MAX_FUNCTIONS} in one record"));
        }
        match self.places.insert(index, line) {
            Some(_) => Err("has an index that this record had before".to_owned()),
            None => Ok(()),
        }
    }

    /// `FNA`.
    /// Errors: an index without `FNL`; too many.
    pub fn alias(&mut self, index: &[u8], name: &[u8], hit: bool) -> Result<(), String> {
        let index = super::fields::Numbers::whole(index).ok_or("has no whole number as its index")?;
        let line = *self.places.get(&index).ok_or("has an index that no `FNL` record before it has")?;
        let name = self.add_name(name)?;
        self.aliases.push(Function { line, name, hit });
        Ok(())
    }

    /// Whether the record has functions in LCOV 2's form.
    pub fn are_by_place(&self) -> bool {
        !self.places.is_empty()
    }

    fn add_name(&mut self, name: &[u8]) -> Result<Range<u32>, String> {
        let start = self.names.len();
        let functions = self.declared.len().max(self.strays.len()).max(self.aliases.len());
        if start + name.len() > MAX_NAME_BYTES || functions >= MAX_FUNCTIONS {
            return Err(format!("is one function too many: {functions} in one record"));
        }
        self.names.extend_from_slice(name);
        Ok(start as u32..self.names.len() as u32)
    }

    /// Gives the functions to a file, each at its line with its name, and begins anew.
    pub fn finish(&mut self, into: &mut Items) {
        if self.next == self.declared.len() && self.strays.is_empty() {
            for function in self.declared.iter().chain(&self.aliases) {
                into.push(function.line, ItemId::Text(&self.names[range(&function.name)]), function.hit);
            }
        } else {
            self.pair(into);
        }
        self.names.clear();
        self.declared.clear();
        self.next = 0;
        self.strays.clear();
        self.aliases.clear();
        self.places.clear();
    }

    /// Pairs declarations and counts by name. A name may stand for several functions (methods of two classes): when it is
    /// counted as often as it is declared, the counts are in the order of the declarations; else nobody knows whose they
    /// are, and as in LCOV it is one function, at its first line.
    fn pair(&self, into: &mut Items) {
        let mut by_name: FxHashMap<&[u8], (Vec<u32>, Vec<bool>)> = FxHashMap::default();
        let counted = self.declared[..self.next].iter().map(|function| (&function.name, function.hit));
        for (name, hit) in counted.chain(self.strays.iter().map(|(name, hit)| (name, *hit))) {
            by_name.entry(&self.names[range(name)]).or_default().1.push(hit);
        }
        for function in &self.declared {
            by_name.entry(&self.names[range(&function.name)]).or_default().0.push(function.line);
        }
        for (name, (mut lines, hits)) in by_name {
            if hits.is_empty() {
                lines.iter().for_each(|line| into.push(*line, ItemId::Text(name), false));
            } else if hits.len() == lines.len() {
                lines.iter().zip(&hits).for_each(|(line, hit)| into.push(*line, ItemId::Text(name), *hit));
            } else {
                lines.sort_unstable();
                into.push(lines.first().copied().unwrap_or(0), ItemId::Text(name), hits.contains(&true));
            }
        }
        for alias in &self.aliases {
            into.push(alias.line, ItemId::Text(&self.names[range(&alias.name)]), alias.hit);
        }
    }
}

fn range(name: &Range<u32>) -> Range<usize> {
    name.start as usize..name.end as usize
}
