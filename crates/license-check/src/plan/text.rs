//! Which licence a text is. PURE.
//!
//! A text is read as the words that count by SPDX's matching guidelines, laid beside the texts of SPDX's list, and every
//! difference is judged: what the guidelines let differ leaves it that licence, anything else does not. A text with a clause
//! more or less than a licence is not that licence, and no guess is made.
#![warn(clippy::disallowed_methods)]

mod align;
mod beside;
mod copies;
mod decode;
#[cfg(test)]
pub(crate) mod generate;
mod judge;
mod prose;
mod reading;
mod remembered;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod verdict;
mod words;

use super::expression::grammar::{self, Slash};
use judge::Judge;
pub use prose::{Claims, Prose};
use reading::Scratch;
use remembered::Remembered;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use store::Store;
use tokens::Tokens;

/// How a text was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Word for word one of SPDX's texts, but for what its matching guidelines allow to differ.
    Exact,
    /// Like one of them; see the score.
    Similar,
}

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// The SPDX expression of the package's own terms: one id in nearly all cases, `MIT OR Apache-2.0` where a file gives
    /// both for a choice, `A AND B` where it gives both for different parts. `None`: no known text.
    pub expression: Option<String>,
    /// 1000 is word for word; in thousandths.
    pub score_permille: u16,
    /// How it was recognised.
    pub how: How,
    /// Further licences whose texts stand in it, such as those of bundled code; in order of id.
    pub others: Vec<String>,
    /// Of a text that is no known one as a whole: the licence whose whole text it begins with. What follows may say anything, so
    /// this tells no more than which licence of a family somebody meant who has named the family.
    pub leading: Option<String>,
    /// The licences, notices and exceptions that stand in it, in order.
    pub parts: Vec<Part>,
    /// Of a text that is no known one as a whole: what its own words say of the licences in it, where they are understood
    /// to the last one.
    pub prose: Option<Prose>,
}

/// A licence, a notice or an exception that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// SPDX's identifier, that of an exception too.
    pub id: String,
    /// What it stands for.
    pub kind: PartKind,
    /// 1-based lines of the text that it begins and ends on.
    pub lines: (u32, u32),
    /// Whether it is that licence, and not only like it.
    pub sure: bool,
    /// Whether nothing else stands on its first and its last line.
    pub whole_lines: bool,
}

/// What a part of a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// A licence's whole text.
    License,
    /// An addition to a licence.
    Exception,
    /// The words by which somebody puts his work under a licence.
    Notice,
}

impl Identified {
    /// Nothing is known.
    fn nothing() -> Self {
        Identified {
            expression: None,
            score_permille: 0,
            how: How::Similar,
            others: Vec::new(),
            leading: None,
            parts: Vec::new(),
            prose: None,
        }
    }
}

/// Words of the longest text that is read: what gathers the licences of a thousand dependencies has half as many. Of a longer
/// one nothing is known.
const MAX_WORDS: usize = 200_000;

/// Recognises texts. Cheap to make: what it needs is loaded when the first text needs it. Shared between threads.
#[derive(Debug, Default)]
pub struct Identifier {
    store: OnceLock<Store>,
    /// Buffers of texts that were read, one set for each thread. Whoever reads a text takes one and brings it back.
    buffers: Mutex<Vec<Buffers>>,
    remembered: Mutex<Remembered>,
}

/// What a text is read with: to ask the system for it anew, text by text, takes longer than to read most texts.
#[derive(Debug, Default)]
struct Buffers {
    tokens: Tokens,
    /// The words' numbers.
    numbers: Vec<u16>,
    /// The text as it is remembered.
    written: Vec<u8>,
    scratch: Scratch,
}

impl Buffers {
    /// Takes the words of a text; whether it has any, and not more than are read.
    fn read(&mut self, text: &str) -> bool {
        self.tokens.read(text);
        (1..=MAX_WORDS).contains(&self.tokens.tokens.len())
    }
}

/// What is guarded is whole at all times: it is only ever replaced or added to.
fn guarded<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Identifier {
    /// One that knows SPDX's list.
    pub fn new() -> Self {
        Identifier::default()
    }

    /// Loads what it needs, for whoever knows that texts will come and has a thread to spare.
    pub fn prepare(&self) {
        self.store();
    }

    /// What that text is. Bytes that are no UTF-8 are read as Latin-1 or UTF-16 where a mark says so.
    pub fn identify(&self, bytes: &[u8]) -> Identified {
        let text = decode::decode(bytes);
        let Some(identified) = self.with_buffers(|buffers| buffers.read(&text).then(|| self.known(buffers))) else {
            return Identified::nothing();
        };
        // Prose is more than the words that count: of a text with the same ones it may say something else.
        let prose = if identified.expression.is_none() { prose::read(&text, &identified.parts) } else { None };
        Identified { prose, ..identified }
    }

    fn store(&self) -> &Store {
        self.store.get_or_init(Store::load)
    }

    fn with_buffers<T>(&self, work: impl FnOnce(&mut Buffers) -> T) -> T {
        let mut buffers = guarded(&self.buffers).pop().unwrap_or_default();
        let done = work(&mut buffers);
        guarded(&self.buffers).push(buffers);
        done
    }

    /// What the text in these buffers is, from memory where it was read before.
    fn known(&self, buffers: &mut Buffers) -> Identified {
        self.store().numbers(&buffers.tokens, &mut buffers.numbers);
        remembered::write(&buffers.tokens, &buffers.numbers, &mut buffers.written);
        let known = guarded(&self.remembered).get(&buffers.written);
        known.unwrap_or_else(|| {
            let identified = self.read(buffers);
            guarded(&self.remembered).keep(&buffers.written, &identified);
            identified
        })
    }

    /// What the numbered text in these buffers is, under the names of SPDX's texts.
    fn found(&self, buffers: &mut Buffers) -> Identified {
        let judge = Judge { store: self.store(), tokens: &buffers.tokens, numbers: &buffers.numbers };
        reading::read(&judge, &mut buffers.scratch)
    }

    fn read(&self, buffers: &mut Buffers) -> Identified {
        let found = self.found(buffers);
        let others: BTreeSet<String> = found.others.iter().map(|id| current(id)).collect();
        Identified {
            expression: found.expression.as_deref().map(current),
            others: others.into_iter().collect(),
            leading: found.leading.as_deref().map(current),
            ..found
        }
    }
}

impl Identifier {
    /// What the head of a source file, its comments and no code, says of the file's licence.
    pub fn claims(&self, head: &str) -> Claims {
        if !prose::may_claim(head) {
            return Claims { is_clear: true, ..Claims::default() };
        }
        let found = self.with_buffers(|buffers| {
            if !buffers.read(head) {
                return Err(buffers.tokens.tokens.is_empty());
            }
            self.store().numbers(&buffers.tokens, &mut buffers.numbers);
            Ok(self.found(buffers))
        });
        let found = match found {
            Ok(found) => found,
            Err(is_empty) => return Claims { is_clear: is_empty, ..Claims::default() },
        };
        if found.how == How::Exact && found.parts.is_empty() {
            let id = found.expression.as_deref().map(current);
            // A GNU licence's whole text doesn't say whether later versions may be chosen.
            let is_clear = id.as_deref().is_some_and(|id| !id.ends_with("-only"));
            return Claims { ids: id.into_iter().collect(), is_clear };
        }
        prose::claims(head, &found.parts)
    }
}

/// SPDX's list has the texts of deprecated identifiers too: what they are called today.
fn current(expression: &str) -> String {
    grammar::parse(expression, Slash::IsNothing).map_or_else(|_| expression.to_owned(), |read| read.to_string())
}
