//! What texts were found to be. PURE.
//!
//! A fifth of the texts of a tree have the words of another one, and differ from it in the copyright statement alone. Packages
//! that gather many licences hold the same words twice: in a file, and in a field of their metadata with other white space. To
//! read such a text takes longer than to read a hundred short ones.

use super::Identified;
use super::store::FIRST_WORD;
use super::tokens::Tokens;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Words of the shortest text that is remembered.
const LEAST_WORDS: usize = 50;

/// Memory that the texts take that are remembered.
const MAX_BYTES: usize = 10_000_000;

/// Texts, and what they are.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// By hash: a text is only ever taken for another one that is equal to it, word for word and line for line.
    known: FxHashMap<u64, (Box<[u8]>, Identified)>,
    bytes: usize,
}

impl Remembered {
    /// What that text, as [`write`] writes it, was found to be.
    pub(super) fn get(&self, written: &[u8]) -> Option<Identified> {
        if written.is_empty() {
            return None;
        }
        let (known, identified) = self.known.get(&hash_of(written))?;
        (**known == *written).then(|| identified.clone())
    }

    /// Keeps a text for the next time.
    pub(super) fn keep(&mut self, written: &[u8], identified: &Identified) {
        if !written.is_empty() && self.bytes + written.len() <= MAX_BYTES {
            self.known.entry(hash_of(written)).or_insert_with(|| {
                self.bytes += written.len();
                (written.into(), identified.clone())
            });
        }
    }
}

/// Writes a text in a fifth of the memory of its words, in place of what was in `into`: two texts are written alike that have
/// the same words on the same lines, whatever stands between them, and no others. Nothing is written of one that is too short
/// to be remembered.
///
/// First the number of words, then of each word its number in the vocabulary, how many lines it is below the one before, what
/// it stands for and what ends behind it, and its letters where it has no number of its own; then what is known of the lines.
pub(super) fn write(tokens: &Tokens, numbers: &[u16], into: &mut Vec<u8>) {
    /// Lines below the word before that don't fit beside a word's marks.
    const FAR: u32 = 0xf;
    into.clear();
    if numbers.len() < LEAST_WORDS {
        return;
    }
    // Three bytes each, and some letters.
    into.reserve(numbers.len() * 4 + tokens.lines.len());
    into.extend_from_slice(&(numbers.len() as u32).to_le_bytes());
    let mut line = 0;
    for (index, (token, &number)) in tokens.tokens.iter().zip(numbers).enumerate() {
        let below = token.line.wrapping_sub(line);
        line = token.line;
        let [low, high] = number.to_le_bytes();
        into.extend_from_slice(&[low, high, token.marks() << 4 | below.min(FAR) as u8]);
        if below >= FAR {
            into.extend_from_slice(&below.to_le_bytes());
        }
        if number < FIRST_WORD {
            let word = tokens.word(index);
            into.extend_from_slice(&(word.len() as u16).to_le_bytes());
            into.extend_from_slice(word.as_bytes());
        }
    }
    into.extend(tokens.lines.iter().map(|line| u8::from(line.copyright) << 1 | u8::from(line.blank)));
}

fn hash_of(written: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(written);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::store::Store;
    use super::super::tokens::tokenize;
    use super::*;

    fn written(text: &str) -> Vec<u8> {
        let tokens = tokenize(text);
        let (mut numbers, mut written) = (Vec::new(), vec![0]);
        Store::load().numbers(&tokens, &mut numbers);
        write(&tokens, &numbers, &mut written);
        written
    }

    #[test]
    fn only_equal_words_on_equal_lines_are_the_same_text() {
        let text = "these are the words of a line by qwertz\n".repeat(LEAST_WORDS / 9 + 1);
        let mut remembered = Remembered::default();
        let identified = Identified { leading: Some("X".to_owned()), ..Identified::nothing() };
        remembered.keep(&written(&text), &identified);
        let indented = format!("{}\n\n", text.replace('\n', "\n        "));
        assert_eq!(remembered.get(&written(&indented)), Some(identified.clone()));
        let far = text.replacen('\n', &"\n".repeat(40), 1);
        for (from, to) in [
            ("the words", "no words"),
            ("words of", "words\nof"),
            ("qwertz", "qwerty"),
            ("line by", "line. By"),
            ("qwertz\n", "qwertz\n\n"),
            ("qwertz\n", "qwertz\nCopyright 2010 X\n"),
            ("a line by qwertz", "a line by qw ertz"),
            ("by qwertz", "by https://qwertz.example"),
        ] {
            assert_eq!(remembered.get(&written(&text.replacen(from, to, 1))), None, "{to}");
        }
        assert_eq!(remembered.get(&written(&far)), None);
        remembered.keep(&written(&far), &identified);
        assert_eq!(remembered.get(&written(&far)), Some(identified));
        assert_eq!(remembered.get(&written(&far.replacen("\n\n", "\n\n\n", 1))), None);
        let short = written("a few words");
        remembered.keep(&short, &Identified::nothing());
        assert_eq!((short.len(), remembered.get(&short)), (0, None));
    }
}
