//! Things of a file that have an identity of their own: branch arms, functions, statements.

mod packed;

use packed::{Packed, Writer};

/// Highest line number that an item can have; the bit above says whether it ran.
pub const MAX_ITEM_LINE: u32 = HIT - 1;
/// The bit that says that an item ran.
const HIT: u32 = 1 << 31;
/// Numeric ids below this are kept as they are; others are offsets into the file's own table of texts.
const TEXTS: u32 = 1 << 31;
/// Pushed items from which on what was pushed twice is dropped before more memory is taken.
const COMPACT_FROM: usize = 1 << 16;

/// Bytes of the texts of one file; no source file has so many. What lies beyond shares the empty text.
const MAX_TEXT_BYTES: usize = (TEXTS - 8) as usize;
/// The id of a text for which there was no room.
const NO_TEXT: u32 = u32::MAX;

/// Identity of an item on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemId<'t> {
    /// A small number, below 2^31.
    Number(u32),
    /// Anything else, compared byte by byte.
    Text(&'t [u8]),
}

/// One pushed item: line with the hit bit, and id.
#[derive(Debug, Clone, Copy)]
struct Item {
    line_hit: u32,
    id: u32,
}

impl Item {
    fn line(self) -> u32 {
        self.line_hit & MAX_ITEM_LINE
    }

    fn hit(self) -> bool {
        self.line_hit & HIT != 0
    }
}

/// Items as pushed, eight bytes each and their texts.
#[derive(Debug, Clone, Default)]
struct Pushed {
    items: Vec<Item>,
    /// Texts one after the other, each with its length before it.
    texts: Vec<u8>,
    /// Where the finished form is written before it gets memory of its exact size.
    written: Vec<u8>,
}

impl Pushed {
    #[inline]
    fn push(&mut self, line: u32, id: ItemId<'_>, hit: bool) {
        if self.items.len() == self.items.capacity() && self.items.len() >= COMPACT_FROM {
            self.compact();
        }
        let id = match id {
            ItemId::Number(number) => number & !TEXTS,
            ItemId::Text(text) => self.add_text(text),
        };
        self.items.push(Item { line_hit: line.min(MAX_ITEM_LINE) | if hit { HIT } else { 0 }, id });
    }

    fn add_text(&mut self, text: &[u8]) -> u32 {
        let offset = self.texts.len();
        if offset + text.len() > MAX_TEXT_BYTES {
            return NO_TEXT;
        }
        self.texts.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.texts.extend_from_slice(text);
        offset as u32 | TEXTS
    }

    fn id_of<'t>(texts: &'t [u8], item: &Item) -> ItemId<'t> {
        if item.id < TEXTS {
            return ItemId::Number(item.id);
        }
        let text = texts.get((item.id & !TEXTS) as usize..).and_then(|at| {
            let (length, rest) = at.split_first_chunk::<4>()?;
            rest.get(..u32::from_le_bytes(*length) as usize)
        });
        ItemId::Text(text.unwrap_or(&[]))
    }

    fn is_sorted(&self) -> bool {
        self.items.is_sorted_by(|a, b| {
            a.line() < b.line() || a.line() == b.line() && Self::id_of(&self.texts, a) < Self::id_of(&self.texts, b)
        })
    }

    /// Sorts, and joins what was pushed twice: hit if it was hit once.
    fn sort(&mut self) {
        if self.is_sorted() {
            return;
        }
        let texts = &self.texts;
        self.items
            .sort_by(|a, b| a.line().cmp(&b.line()).then_with(|| Self::id_of(texts, a).cmp(&Self::id_of(texts, b))));
        self.items.dedup_by(|next, kept| {
            let same = next.line() == kept.line() && Self::id_of(texts, next) == Self::id_of(texts, kept);
            if same {
                kept.line_hit |= next.line_hit & HIT;
            }
            same
        });
    }

    /// Drops what was pushed twice, texts as well, so that records said again and again don't add up in memory.
    fn compact(&mut self) {
        self.sort();
        let old = std::mem::take(&mut self.texts);
        for at in 0..self.items.len() {
            if let ItemId::Text(text) = Self::id_of(&old, &self.items[at]) {
                self.items[at].id = self.add_text(text);
            }
        }
        self.items.reserve(self.items.len());
    }

    fn pack(&mut self) -> Packed {
        self.sort();
        self.written.clear();
        let mut writer = Writer::new(&mut self.written);
        for item in &self.items {
            writer.push(item.line(), Self::id_of(&self.texts, item), item.hit());
        }
        let packed = Packed::new(&self.written);
        self.items.clear();
        self.texts.clear();
        packed
    }
}

/// Items of one file, each at a line, taken or not. Finished, most take two or three bytes and their texts.
#[derive(Debug, Clone, Default)]
pub struct Items {
    finished: Packed,
    pushed: Option<Box<Pushed>>,
}

impl Items {
    /// Notes an item. Lines above [`MAX_ITEM_LINE`] are cut.
    #[inline]
    pub fn push(&mut self, line: u32, id: ItemId<'_>, hit: bool) {
        self.pushed.get_or_insert_default().push(line, id, hit);
    }

    /// Sorts and deduplicates: an item pushed twice is hit if it was hit once.
    pub fn finish(&mut self) {
        if let Some(mut pushed) = self.pushed.take() {
            self.finished.unite(pushed.pack());
        }
    }

    /// The finished items; what remains is empty and keeps its memory for more.
    pub fn take_finished(&mut self) -> Items {
        let mut finished = std::mem::take(&mut self.finished);
        if let Some(pushed) = &mut self.pushed {
            finished.unite(pushed.pack());
        }
        Items { finished, pushed: None }
    }

    /// Takes in other items; both are finished.
    pub fn unite(&mut self, mut other: Items) {
        self.finish();
        other.finish();
        self.finished.unite(other.finished);
    }

    fn unfinished(&self) -> &[Item] {
        self.pushed.as_ref().map_or(&[], |pushed| &pushed.items)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.finished.is_empty() && self.unfinished().is_empty()
    }

    /// How many were pushed since the items were last finished.
    pub fn unfinished_count(&self) -> usize {
        self.unfinished().len()
    }

    /// How many items were hit, and how many there are.
    pub fn totals(&self) -> (u64, u64) {
        self.iter().fold((0, 0), |(hits, all), (_, _, hit)| (hits + u64::from(hit), all + 1))
    }

    /// Items in order of line, as line, identity and whether hit.
    pub fn iter(&self) -> impl Iterator<Item = (u32, ItemId<'_>, bool)> + '_ {
        let texts = self.pushed.as_ref().map_or(&[][..], |pushed| &pushed.texts);
        let unfinished = self.unfinished().iter();
        let unfinished = unfinished.map(move |item| (item.line(), Pushed::id_of(texts, item), item.hit()));
        self.finished.iter().chain(unfinished)
    }

    /// For each line with items, in order: the line, how many were hit, how many there are.
    pub fn by_line(&self) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        let mut items = self.iter().peekable();
        std::iter::from_fn(move || {
            let (line, _, hit) = items.next()?;
            let (mut hits, mut all) = (u32::from(hit), 1u32);
            while let Some((_, _, hit)) = items.next_if(|item| item.0 == line) {
                hits += u32::from(hit);
                all += 1;
            }
            Some((line, hits, all))
        })
    }

    /// Bytes held in memory, for limits.
    pub fn memory_bytes(&self) -> usize {
        let pushed = self.pushed.as_ref().map_or(0, |pushed| {
            pushed.items.capacity() * size_of::<Item>() + pushed.texts.capacity() + pushed.written.capacity()
        });
        self.finished.memory_bytes() + pushed
    }
}

impl PartialEq for Items {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Items {}

#[cfg(test)]
mod tests;
