//! The words that licences have, and their numbers. PURE.

use super::FIRST_WORD;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::ops::Range;

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
        self.place_of(number).and_then(|place| self.text.get(place)).unwrap_or("")
    }

    /// Where a word stands.
    fn place_of(&self, number: u16) -> Option<Range<usize>> {
        let index = usize::from(number.checked_sub(FIRST_WORD)?);
        let (&start, &next) = (self.starts.get(index)?, self.starts.get(index + 1)?);
        Some(start as usize..next as usize - 1)
    }

    /// Whether that is how a word is spelt.
    fn is(&self, number: u16, word: &[u8]) -> bool {
        let own = self.place_of(number).and_then(|place| self.text.as_bytes().get(place)).unwrap_or(&[]);
        own.len() == word.len() && are_equal(own, word)
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
            if slot & 0xffff_0000 == tag && self.is(number, word.as_bytes()) {
                return Some(number);
            }
            at = (at + 1) % self.slots.len();
        }
    }
}

/// Whether two words of one length have the same letters. To call for a comparison of so few takes longer, and so does one
/// letter by letter: ends of eight or four letters are compared at once, and may overlap.
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() > 16 {
        return one == other;
    }
    if let (Some(first), Some(last)) = (one.first_chunk::<8>(), one.last_chunk::<8>()) {
        return other.first_chunk() == Some(first) && other.last_chunk() == Some(last);
    }
    if let (Some(first), Some(last)) = (one.first_chunk::<4>(), one.last_chunk::<4>()) {
        return other.first_chunk() == Some(first) && other.last_chunk() == Some(last);
    }
    one.iter().zip(other).all(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_equal_that_have_the_same_letters() {
        let letters = b"abcdefghijklmnopqrst";
        for length in 0..=letters.len() {
            let word = &letters[..length];
            assert!(are_equal(word, word));
            for at in 0..length {
                let mut other = word.to_vec();
                other[at] = b'-';
                assert!(!are_equal(word, &other), "{length} {at}");
            }
        }
    }

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
