//! Which licence a text is. PURE.
//!
//! A text is read as the words that count by SPDX's matching guidelines, laid beside the texts of SPDX's list, and every
//! difference is judged: what the guidelines let differ leaves it that licence, anything else does not. A text with a clause
//! more or less than a licence is not that licence, and no guess is made.
#![warn(clippy::disallowed_methods)]

mod align;
mod decode;
#[cfg(test)]
mod generate;
mod judge;
mod reading;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod verdict;
mod words;

use std::sync::OnceLock;
use store::Store;

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
}

impl Identified {
    /// Nothing is known.
    fn nothing() -> Self {
        Identified { expression: None, score_permille: 0, how: How::Similar, others: Vec::new() }
    }

    /// Whether the expression names a GNU licence `-only` for want of anything better: the licence's text is the same whether
    /// or not later versions may be chosen, and only the package can say which.
    pub fn or_later_open(&self) -> bool {
        self.expression.as_deref().is_some_and(|expression| {
            expression
                .split([' ', '(', ')'])
                .any(|id| id.ends_with("-only") && spdx::license_id(id).is_some_and(|id| id.is_gnu()))
        })
    }
}

/// Recognises texts. Cheap to make: what it needs is loaded when the first text needs it. Shared between threads.
#[derive(Debug, Default)]
pub struct Identifier {
    store: OnceLock<Store>,
}

impl Identifier {
    /// One that knows SPDX's list.
    pub fn new() -> Self {
        Identifier::default()
    }

    /// What that text is. Bytes that are no UTF-8 are read as Latin-1 or UTF-16 where a mark says so.
    pub fn identify(&self, bytes: &[u8]) -> Identified {
        let text = decode::decode(bytes);
        let tokens = tokens::tokenize(&text);
        if tokens.tokens.is_empty() {
            return Identified::nothing();
        }
        reading::read(self.store.get_or_init(Store::load), &tokens)
    }
}
