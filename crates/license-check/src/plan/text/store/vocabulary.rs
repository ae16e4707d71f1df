//! The words that licences have, and their numbers. PURE.

use super::FIRST_WORD;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Words by number and by spelling. What is asked for most is small enough to stay in the processor's cache: the words are left
/// where they are in the data file, and a table of their places is searched.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// All words, with a line feed behind each.
    text: &'static str,
    /// Where each begins in `text`, and where one more would.
    starts: Vec<u32>,
    /// By hash, with open addressing: a word's number, and 16 bits of its hash above it; 0 is free.
    slots: Vec<u32>,
}

/// Slots for each word: most words of a text are found, or not, by the first slot that is looked at.
const SLOTS_A_WORD: usize = 2;

impl Vocabulary {
    /// Reads words with a line feed behind each. `None`: they are more than have a number.
    pub(super) fn read(text: &'static str) -> Option<Self> {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let mut starts = vec![0];
        starts.extend(ends.map(|end| end as u32 + 1));
        let count = starts.len() - 1;
        u16::try_from(count + usize::from(FIRST_WORD)).ok()?;
        let mut words = Vocabulary { text, starts, slots: vec![0; (count * SLOTS_A_WORD).next_power_of_two()] };
        for index in 0..count {
            let number = FIRST_WORD + index as u16;
            let (mut at, tag) = words.place(words.spelling(number));
            while words.slots[at] != 0 {
                at = (at + 1) % words.slots.len();
            }
            words.slots[at] = tag | u32::from(number);
        }
        Some(words)
    }

    /// Where the search for a word begins, and what its slot has above the number.
    fn place(&self, word: &str) -> (usize, u32) {
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        let hash = hasher.finish();
        (hash as usize & (self.slots.len() - 1), (hash >> 32) as u32 & 0xffff_0000)
    }

    /// How a word is spelt; empty for what is no word.
    pub(super) fn spelling(&self, number: u16) -> &'static str {
        let Some(index) = number.checked_sub(FIRST_WORD).map(usize::from) else { return "" };
        let (Some(&start), Some(&next)) = (self.starts.get(index), self.starts.get(index + 1)) else { return "" };
        self.text.get(start as usize..next as usize - 1).unwrap_or("")
    }

    /// A word's number.
    pub(super) fn number(&self, word: &str) -> Option<u16> {
        if self.slots.is_empty() {
            return None;
        }
        let (mut at, tag) = self.place(word);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            let number = slot as u16;
            // Letter by letter: to call for a comparison of so few takes longer.
            if slot & 0xffff_0000 == tag && self.spelling(number).bytes().eq(word.bytes()) {
                return Some(number);
            }
            at = (at + 1) % self.slots.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_number_and_by_spelling() {
        let words = Vocabulary::read("the\nof\nsoftware\n").expect("few words");
        for (index, word) in ["the", "of", "software"].into_iter().enumerate() {
            let number = FIRST_WORD + index as u16;
            assert_eq!((words.number(word), words.spelling(number)), (Some(number), word));
        }
        assert_eq!((words.number("hardware"), words.number("")), (None, None));
        assert_eq!((words.spelling(FIRST_WORD + 3), words.spelling(0)), ("", ""));
        let none = Vocabulary::default();
        assert_eq!((none.number("the"), none.spelling(FIRST_WORD)), (None, ""));
    }
}
