//! Finished items in as few bytes as they need: for each its head (lines since the item before, whether its id is a text,
//! whether it ran) and its id, a number as the distance to the one before on its line, a text with its length.

use super::super::number;
use super::ItemId;

/// In the head: the id is a text.
const TEXT: u64 = 2;
/// In the head, and so in its last byte: the item ran.
const RAN: u8 = 1;

/// Items in order of line and id, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed(Box<[u8]>);

/// Writes items that come in order.
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
    line: u32,
    /// The lowest number that the next item of the line can have.
    next_number: u32,
}

impl<'o> Writer<'o> {
    /// Appends to `out`.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        Writer { out, line: 0, next_number: 0 }
    }

    /// The next item; it must come after the one before.
    #[inline]
    pub fn push(&mut self, line: u32, id: ItemId<'_>, hit: bool) {
        let lines = u64::from(line - self.line) << 2;
        if line != self.line {
            (self.line, self.next_number) = (line, 0);
        }
        match id {
            ItemId::Number(id) => {
                number::write(self.out, lines | u64::from(hit));
                number::write(self.out, u64::from(id - self.next_number));
                self.next_number = id + 1;
            }
            ItemId::Text(text) => {
                number::write(self.out, lines | TEXT | u64::from(hit));
                number::write(self.out, text.len() as u64);
                self.out.extend_from_slice(text);
            }
        }
    }
}

/// Walks over items.
#[derive(Clone)]
struct Items<'p> {
    rest: &'p [u8],
    line: u32,
    next_number: u32,
}

impl<'p> Iterator for Items<'p> {
    type Item = (u32, ItemId<'p>, bool);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let head = number::read(&mut self.rest);
        let value = number::read(&mut self.rest);
        let lines = (head >> 2) as u32;
        if lines != 0 {
            self.line += lines;
            self.next_number = 0;
        }
        let id = if head & TEXT == 0 {
            let id = self.next_number + value as u32;
            self.next_number = id + 1;
            ItemId::Number(id)
        } else {
            let (text, rest) = self.rest.split_at_checked(value as usize)?;
            self.rest = rest;
            ItemId::Text(text)
        };
        Some((self.line, id, head & u64::from(RAN) != 0))
    }
}

impl Packed {
    /// What a [`Writer`] wrote, in memory of its exact size.
    pub fn new(written: &[u8]) -> Self {
        Packed(written.into())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Items in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, ItemId<'_>, bool)> + Clone {
        Items { rest: &self.0, line: 0, next_number: 0 }
    }

    /// Bytes held in memory.
    pub fn memory_bytes(&self) -> usize {
        self.0.len()
    }

    /// Takes in other items; what both have ran if it ran in one.
    pub fn unite(&mut self, other: Packed) {
        if self.0.is_empty() {
            *self = other;
        } else if !other.0.is_empty() && !self.unite_same_items(&other) {
            self.unite_any(&other);
        }
    }

    /// Shards of one test suite mostly have the very same items, and differ only in which ran. False: they have not, and
    /// what was united until then does no harm, since it is the same item in both.
    fn unite_same_items(&mut self, other: &Packed) -> bool {
        if self.0.len() != other.0.len() {
            return false;
        }
        let mut at = 0;
        while at < other.0.len() {
            let mut rest = &other.0[at..];
            let head = number::read(&mut rest);
            let head_end = other.0.len() - rest.len();
            let value = number::read(&mut rest);
            let skipped = if head & TEXT == 0 { 0 } else { value as usize };
            let end = other.0.len() - rest.len() + skipped;
            let (Some(mine), Some(theirs)) = (self.0.get_mut(at..end), other.0.get(at..end)) else { return false };
            let last = head_end - 1 - at;
            let alike = mine[..last] == theirs[..last]
                && (mine[last] ^ theirs[last]) & !RAN == 0
                && mine[last + 1..] == theirs[last + 1..];
            if !alike {
                return false;
            }
            mine[last] |= theirs[last];
            at = end;
        }
        true
    }

    fn unite_any(&mut self, other: &Packed) {
        let mut written = Vec::with_capacity(self.0.len() + other.0.len());
        let mut writer = Writer::new(&mut written);
        let (mut mine, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        loop {
            let order = match (mine.peek(), theirs.peek()) {
                (Some(a), Some(b)) => (a.0, a.1).cmp(&(b.0, b.1)),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => break,
            };
            let first = if order.is_le() { mine.next() } else { theirs.next() };
            let again = if order.is_eq() { theirs.next() } else { None };
            if let Some((line, id, hit)) = first {
                writer.push(line, id, hit || again.is_some_and(|again| again.2));
            }
        }
        drop((mine, theirs));
        self.0 = written.into_boxed_slice();
    }
}
