//! What texts were found to be. PURE.
//!
//! A fifth of the texts of a tree have the words of another one, and differ from it in the copyright statement alone. Packages
//! that gather many licences hold the same words twice: in a file, and in a field of their metadata with other white space. To
//! read such a text takes longer than to read a hundred short ones.

use super::Identified;
use super::tokens::Tokens;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// Words of the shortest text that is remembered.
const LEAST_WORDS: usize = 50;

/// Memory that the texts take that are remembered.
const MAX_BYTES: usize = 10_000_000;

/// Texts, and what they are.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// By hash: a text is only ever taken for another one that is equal to it, word for word and line for line.
    known: FxHashMap<u64, (Tokens, Identified)>,
    bytes: usize,
}

impl Remembered {
    /// What that text was found to be.
    pub(super) fn get(&self, tokens: &Tokens) -> Option<Identified> {
        if tokens.tokens.len() < LEAST_WORDS {
            return None;
        }
        let (known, identified) = self.known.get(&hash_of(tokens))?;
        (known == tokens).then(|| identified.clone())
    }

    /// Keeps a text for the next time.
    pub(super) fn keep(&mut self, tokens: Tokens, identified: &Identified) {
        let bytes = tokens.size_bytes();
        if tokens.tokens.len() >= LEAST_WORDS && self.bytes + bytes <= MAX_BYTES {
            let hash = hash_of(&tokens);
            if !self.known.contains_key(&hash) {
                self.bytes += bytes;
                self.known.insert(hash, (tokens, identified.clone()));
            }
        }
    }
}

fn hash_of(tokens: &Tokens) -> u64 {
    let mut hasher = FxHasher::default();
    tokens.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn only_equal_words_on_equal_lines_are_the_same_text() {
        let text = "these are the words of a line\n".repeat(LEAST_WORDS / 7 + 1);
        let mut remembered = Remembered::default();
        let identified = Identified { leading: Some("X".to_owned()), ..Identified::nothing() };
        remembered.keep(tokenize(&text), &identified);
        let indented = format!("{}\n\n", text.replace('\n', "\n        "));
        assert_eq!(remembered.get(&tokenize(&indented)), Some(identified));
        for other in [text.replacen("the words", "no words", 1), text.replacen("words of", "words\nof", 1)] {
            assert_eq!(remembered.get(&tokenize(&other)), None);
        }
        let short = "a few words";
        remembered.keep(tokenize(short), &Identified::nothing());
        assert_eq!(remembered.get(&tokenize(short)), None);
    }
}
