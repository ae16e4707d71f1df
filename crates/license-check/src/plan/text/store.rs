//! SPDX's texts as sequences of word numbers, and an index that finds pieces of them. PURE.
//!
//! The data file is made from the texts of the `spdx` crate; see `generate.rs` beside this file.

mod pieces;
mod vocabulary;

use super::tokens::{Kind, Tokens};
use pieces::Pieces;
use std::ops::Range;
use vocabulary::Vocabulary;

pub(super) use pieces::{Hit, PIECE};
#[cfg(test)]
pub(super) use pieces::{hash_of, write};

/// The data file.
static DATA: &[u8] = include_bytes!("spdx.bin");

/// Number of a word that no licence has.
pub(super) const UNKNOWN: u16 = 0;
/// Number of a place to fill in.
pub(super) const SLOT: u16 = 1;
/// Number of an address that no licence has.
pub(super) const URL: u16 = 2;
/// Number of any mail address.
pub(super) const EMAIL: u16 = 3;
/// Number of the first word.
pub(super) const FIRST_WORD: u16 = 4;

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A licence's own text.
    License,
    /// An addition to a licence, which is nothing without it.
    Exception,
    /// The words by which a file says that a licence applies to it.
    Notice,
}

/// One text.
#[derive(Debug)]
pub(super) struct Pattern {
    /// SPDX's identifier.
    pub(super) id: &'static str,
    /// What it stands for.
    pub(super) role: Role,
    /// Where its words are.
    pub(super) body: Range<usize>,
    /// Words of its title, which a copy may leave out: separated by spaces.
    pub(super) title: &'static str,
    /// Parts that a copy may leave out, relative to the body.
    pub(super) optional: Vec<Range<usize>>,
    /// How many of its pieces the index knows, without those of optional parts.
    pub(super) pieces: u32,
}

impl Pattern {
    /// Whether a copy may leave these words of the body out.
    pub(super) fn is_optional(&self, words: &Range<usize>) -> bool {
        !words.is_empty() && self.optional.iter().any(|part| part.start <= words.start && words.end <= part.end)
    }
}

/// All texts.
#[derive(Debug, Default)]
pub(super) struct Store {
    vocabulary: Vocabulary,
    /// In order of id.
    pub(super) patterns: Vec<Pattern>,
    tokens: Vec<u16>,
    pieces: Pieces<'static>,
    /// Numbers of the patterns, in order of how many words they have.
    by_length: Vec<u16>,
}

impl Store {
    /// Reads the data file.
    pub(super) fn load() -> Self {
        Self::read(DATA).unwrap_or_default()
    }

    fn read(data: &'static [u8]) -> Option<Self> {
        let (words, rest) = section(data)?;
        let (table, rest) = section(rest)?;
        let (pieces, stream) = section(rest)?;
        let mut patterns = Vec::new();
        let mut taken = 0;
        for line in std::str::from_utf8(table).ok()?.lines() {
            patterns.push(pattern(line, &mut taken)?);
        }
        let tokens = unpack(stream, taken).filter(|tokens| tokens.len() == taken)?;
        let pieces = Pieces::read(pieces)?;
        let mut by_length: Vec<u16> = (0..u16::try_from(patterns.len()).ok()?).collect();
        by_length.sort_by_key(|&number| patterns[usize::from(number)].body.len());
        let vocabulary = Vocabulary::read(std::str::from_utf8(words).ok()?)?;
        Some(Store { vocabulary, patterns, tokens, pieces, by_length })
    }

    /// The words of a text of the list.
    pub(super) fn body(&self, pattern: usize) -> &[u16] {
        self.patterns.get(pattern).and_then(|pattern| self.tokens.get(pattern.body.clone())).unwrap_or(&[])
    }

    /// How a word is spelt.
    pub(super) fn spelling(&self, number: u16) -> &'static str {
        self.vocabulary.spelling(number)
    }

    /// Puts somebody's text in numbers into `into`, in place of what was there.
    pub(super) fn numbers(&self, tokens: &Tokens, into: &mut Vec<u16>) {
        let number = |(index, kind): (usize, Kind)| match kind {
            Kind::Slot => SLOT,
            Kind::Email => EMAIL,
            Kind::Url => self.vocabulary.number(tokens.word(index)).unwrap_or(URL),
            Kind::Word => self.vocabulary.number(tokens.word(index)).unwrap_or(UNKNOWN),
        };
        into.clear();
        into.extend(tokens.tokens.iter().map(|token| token.kind).enumerate().map(number));
    }

    /// The text that is exactly these words.
    pub(super) fn whole(&self, words: &[u16]) -> Option<usize> {
        let length = |number: &u16| self.patterns[usize::from(*number)].body.len();
        let from = self.by_length.partition_point(|number| length(number) < words.len());
        let to = self.by_length.partition_point(|number| length(number) <= words.len());
        let same = self.by_length[from..to].iter().rev().map(|&number| usize::from(number));
        same.into_iter().find(|&number| self.body(number) == words)
    }

    /// Finds the pieces of somebody's text that are pieces of a text of the list.
    pub(super) fn hits(&self, text: &[u16], into: &mut Vec<Hit>) {
        self.pieces.hits(text, into);
    }

    /// Calls `each` with pattern and offset of every piece that is these four words.
    pub(super) fn find(&self, hit: Hit, each: impl FnMut(usize, usize)) {
        self.pieces.find(hit, each);
    }
}

/// A length of four bytes and so many bytes.
fn section(data: &'static [u8]) -> Option<(&'static [u8], &'static [u8])> {
    let (length, rest) = data.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// One line of the table: id, role, words, how many pieces in the index a copy needs, title, optional parts. `taken` is how many
/// words the patterns before have.
fn pattern(line: &'static str, taken: &mut usize) -> Option<Pattern> {
    let mut fields = line.split('\t');
    let id = fields.next()?;
    let role = match fields.next()? {
        "license" => Role::License,
        "exception" => Role::Exception,
        _ => Role::Notice,
    };
    let length: usize = fields.next()?.parse().ok()?;
    let pieces = fields.next()?.parse().ok()?;
    let title = fields.next()?;
    let optional = fields.next()?.split(' ').filter(|part| !part.is_empty()).map(|part| {
        let (from, to) = part.split_once('-')?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    let optional = optional.collect::<Option<Vec<_>>>()?;
    let body = *taken..taken.checked_add(length)?;
    *taken = body.end;
    Some(Pattern { id, role, body, title, optional, pieces })
}

/// The words of all texts, which are so many: numbers of seven bits a byte, the lowest bit of which tells a word from a copy of words before.
fn unpack(stream: &[u8], words: usize) -> Option<Vec<u16>> {
    let mut tokens: Vec<u16> = Vec::with_capacity(words);
    let mut bytes = stream.iter();
    let mut number = || -> Option<usize> {
        let mut value = 0_usize;
        let mut shift = 0;
        for &byte in bytes.by_ref() {
            value |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
            if shift > 28 {
                return None;
            }
        }
        None
    };
    while let Some(head) = number() {
        if head & 1 == 0 {
            tokens.push(u16::try_from(head >> 1).ok()?);
        } else {
            let from = tokens.len().checked_sub(number()?)?;
            let to = from + (head >> 1);
            if to > tokens.len() {
                return None;
            }
            tokens.extend_from_within(from..to);
        }
    }
    Some(tokens)
}
