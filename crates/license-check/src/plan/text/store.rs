//! SPDX's texts as sequences of word numbers, and an index that finds pieces of them. PURE.
//!
//! The data file is made from the texts of the `spdx` crate; see `generate.rs` beside this file.

use super::tokens::{Kind, Tokens};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;
use std::ops::Range;

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

/// Words of a piece that the index knows.
pub(super) const PIECE: usize = 4;
/// Of so many neighbouring pieces, the index knows at least one.
const WINDOW: usize = 5;

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
#[derive(Debug)]
pub(super) struct Store {
    numbers: FxHashMap<&'static str, u16>,
    words: Vec<&'static str>,
    /// In order of id.
    pub(super) patterns: Vec<Pattern>,
    tokens: Vec<u16>,
    /// Where each bucket of `pieces` starts.
    buckets: Vec<u32>,
    pieces: Vec<Piece>,
    whole: FxHashMap<u64, u16>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    hash: u32,
    pattern: u16,
    /// Relative to the body.
    offset: u16,
}

const BUCKET_BITS: u32 = 16;

impl Store {
    /// Reads the data file.
    pub(super) fn load() -> Self {
        Self::read(DATA).unwrap_or_else(Self::empty)
    }

    fn empty() -> Self {
        Store {
            numbers: FxHashMap::default(),
            words: Vec::new(),
            patterns: Vec::new(),
            tokens: Vec::new(),
            buckets: vec![0; (1 << BUCKET_BITS) + 1],
            pieces: Vec::new(),
            whole: FxHashMap::default(),
        }
    }

    fn read(data: &'static [u8]) -> Option<Self> {
        let (words, rest) = section(data)?;
        let (table, stream) = section(rest)?;
        let words: Vec<&'static str> = words.split('\n').collect();
        let mut numbers = FxHashMap::with_capacity_and_hasher(words.len(), Default::default());
        for (index, word) in words.iter().enumerate() {
            numbers.insert(*word, FIRST_WORD + u16::try_from(index).ok()?);
        }
        let tokens = unpack(stream)?;
        let mut patterns = Vec::new();
        let mut start = 0;
        for line in table.lines() {
            let pattern = pattern(line, start)?;
            start = pattern.body.end;
            patterns.push(pattern);
        }
        if start != tokens.len() {
            return None;
        }
        let mut store = Store {
            numbers,
            words,
            patterns,
            tokens,
            buckets: Vec::new(),
            pieces: Vec::new(),
            whole: FxHashMap::default(),
        };
        store.index();
        Some(store)
    }

    fn index(&mut self) {
        let mut found: Vec<Piece> = Vec::with_capacity(self.tokens.len() / 2);
        let mut hashes = Vec::new();
        self.whole.reserve(self.patterns.len());
        for number in 0..self.patterns.len() {
            let before = found.len();
            let body = &self.tokens[self.patterns[number].body.clone()];
            winnow(body, &mut hashes, |hash, offset| {
                found.push(Piece { hash, pattern: number as u16, offset: offset as u16 })
            });
            self.whole.insert(hash_of(body), number as u16);
            let needed = |piece: &&Piece| {
                let offset = usize::from(piece.offset);
                !self.patterns[number].optional.iter().any(|part| part.contains(&offset))
            };
            self.patterns[number].pieces = found[before..].iter().filter(needed).count() as u32;
        }
        let mut buckets = vec![0_u32; (1 << BUCKET_BITS) + 1];
        for piece in &found {
            buckets[bucket(piece.hash) + 1] += 1;
        }
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        let mut next = buckets.clone();
        let mut pieces = vec![Piece::default(); found.len()];
        for piece in found {
            let slot = &mut next[bucket(piece.hash)];
            pieces[*slot as usize] = piece;
            *slot += 1;
        }
        self.buckets = buckets;
        self.pieces = pieces;
    }

    /// The words of a text of the list.
    pub(super) fn body(&self, pattern: usize) -> &[u16] {
        self.patterns.get(pattern).and_then(|pattern| self.tokens.get(pattern.body.clone())).unwrap_or(&[])
    }

    /// How a word is spelt.
    pub(super) fn spelling(&self, number: u16) -> &'static str {
        number.checked_sub(FIRST_WORD).and_then(|index| self.words.get(usize::from(index))).copied().unwrap_or("")
    }

    /// Somebody's text in numbers.
    pub(super) fn numbers(&self, tokens: &Tokens) -> Vec<u16> {
        let number = |(index, kind): (usize, Kind)| match kind {
            Kind::Slot => SLOT,
            Kind::Email => EMAIL,
            Kind::Url => self.numbers.get(tokens.word(index)).copied().unwrap_or(URL),
            Kind::Word => self.numbers.get(tokens.word(index)).copied().unwrap_or(UNKNOWN),
        };
        tokens.tokens.iter().map(|token| token.kind).enumerate().map(number).collect()
    }

    /// The text that is exactly these words.
    pub(super) fn whole(&self, words: &[u16]) -> Option<usize> {
        let number = usize::from(*self.whole.get(&hash_of(words))?);
        (self.body(number) == words).then_some(number)
    }

    /// Calls `each` with pattern and offset of every piece that is these four words.
    pub(super) fn find(&self, piece: &[u16; PIECE], mut each: impl FnMut(usize, usize)) {
        let hash = piece_hash(piece);
        let bucket = bucket(hash);
        let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        for found in &self.pieces[range] {
            if found.hash == hash {
                each(usize::from(found.pattern), usize::from(found.offset));
            }
        }
    }
}

/// A length of four bytes and so many bytes of text.
fn section(data: &'static [u8]) -> Option<(&'static str, &'static [u8])> {
    let (length, rest) = data.split_first_chunk::<4>()?;
    let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

/// One line of the table: id, role, words, title, optional parts.
fn pattern(line: &'static str, start: usize) -> Option<Pattern> {
    let mut fields = line.split('\t');
    let id = fields.next()?;
    let role = match fields.next()? {
        "license" => Role::License,
        "exception" => Role::Exception,
        _ => Role::Notice,
    };
    let length: usize = fields.next()?.parse().ok()?;
    let title = fields.next()?;
    let optional = fields.next()?.split(' ').filter(|part| !part.is_empty()).map(|part| {
        let (from, to) = part.split_once('-')?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    let optional = optional.collect::<Option<Vec<_>>>()?;
    Some(Pattern { id, role, body: start..start + length, title, optional, pieces: 0 })
}

/// The words of all texts: numbers of seven bits a byte, the lowest bit of which tells a word from a copy of words before.
fn unpack(stream: &[u8]) -> Option<Vec<u16>> {
    let mut tokens: Vec<u16> = Vec::with_capacity(stream.len() * 2);
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

/// Calls `each` with hash and place of pieces such that of [`WINDOW`] neighbouring ones at least one is called: the least of
/// each window. `hashes` is a buffer.
fn winnow(body: &[u16], hashes: &mut Vec<u32>, mut each: impl FnMut(u32, usize)) {
    hashes.clear();
    hashes.extend(body.array_windows().map(piece_hash));
    let mut last = usize::MAX;
    let mut least = 0;
    for end in 0..hashes.len() {
        let start = (end + 1).saturating_sub(WINDOW);
        if least < start {
            least = start;
            for at in start + 1..=end {
                if hashes[at] < hashes[least] {
                    least = at;
                }
            }
        } else if hashes[end] < hashes[least] {
            least = end;
        }
        if (end + 1 >= WINDOW || end + 1 == hashes.len()) && least != last {
            each(hashes[least], least);
            last = least;
        }
    }
}

fn piece_hash(piece: &[u16; PIECE]) -> u32 {
    let packed = piece.iter().fold(0_u64, |packed, &word| packed << 16 | u64::from(word));
    (packed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

fn bucket(hash: u32) -> usize {
    (hash >> (32 - BUCKET_BITS)) as usize
}

fn hash_of(words: &[u16]) -> u64 {
    let mut hasher = FxHasher::default();
    for &word in words {
        hasher.write_u16(word);
    }
    hasher.finish()
}
