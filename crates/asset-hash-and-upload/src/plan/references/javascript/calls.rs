//! Which strings of a script are references, by the tokens around them.

use super::super::{Demand, url_form};
use super::code::Token;
use super::literal;
use std::ops::Range;

/// The tokens of what was parsed.
pub struct Tokens<'t> {
    /// What was parsed.
    pub text: &'t str,
    /// In its order.
    pub tokens: &'t [Token],
}

impl Tokens<'_> {
    /// The place of a token in the text.
    pub fn range(&self, index: usize) -> Range<usize> {
        self.tokens.get(index).map_or(0..0, |token| token.start as usize..token.end as usize)
    }

    /// The token as it is written; nothing beyond the end.
    fn word(&self, index: usize) -> &str {
        self.text.get(self.range(index)).unwrap_or_default()
    }

    fn words(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.word(index + offset) == *word)
    }

    fn is_literal(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.literal)
    }

    /// Whether it is a literal, and all of an argument or element.
    fn stands_alone(&self, index: usize) -> bool {
        self.is_literal(index) && matches!(self.word(index + 1), "," | ")" | "]")
    }

    fn meaning(&self, index: usize) -> String {
        let range = self.range(index);
        literal::meaning(self.text.get(range.start + 1..range.end.saturating_sub(1)).unwrap_or_default())
    }

    /// The module specifier that begins at that place, if it is a literal and no bare name.
    pub fn import(&self, at: u32) -> Option<(usize, Demand)> {
        let index = self.tokens.binary_search_by_key(&at, |token| token.start).ok()?;
        // `import("./a" + b)` begins with a string too.
        let whole = !matches!(self.word(index.wrapping_sub(1)), "(") || self.stands_alone(index);
        (self.is_literal(index) && whole && is_url_like(&self.meaning(index))).then_some((index, Demand::Required))
    }

    /// All references but imports.
    pub fn calls(&self, found: &mut Vec<(usize, Demand)>) {
        for index in 0..self.tokens.len() {
            match self.word(index) {
                "new" => found.extend(self.construction(index + 1)),
                "import" if self.words(index + 1, &[".", "meta", ".", "resolve", "("]) => {
                    let argument = index + 6;
                    if self.stands_alone(argument) && is_url_like(&self.meaning(argument)) {
                        found.push((argument, self.file_or_folder(argument)));
                    }
                }
                "{" => found.extend(self.precached(index).map(|url| (url, Demand::Optional))),
                name => self.call(name, index, found),
            }
        }
    }

    /// What follows `new`.
    fn construction(&self, index: usize) -> Option<(usize, Demand)> {
        let global = matches!(self.word(index), "window" | "self" | "globalThis") && self.word(index + 1) == ".";
        let class = if global { index + 2 } else { index };
        let argument = class + 2;
        if self.word(class + 1) != "(" || !self.stands_alone(argument) {
            return None;
        }
        match self.word(class) {
            "URL" => {
                let base = self.words(argument + 1, &[",", "import", ".", "meta", ".", "url"]);
                (base && matches!(self.word(argument + 7), ")" | ","))
                    .then(|| (argument, self.file_or_folder(argument)))
            }
            "Worker" | "SharedWorker" | "Audio" => Some((argument, Demand::Optional)),
            _ => None,
        }
    }

    fn call(&self, name: &str, index: usize, found: &mut Vec<(usize, Demand)>) {
        if !matches!(name, "importScripts" | "register" | "addAll" | "precacheAndRoute" | "precache")
            || self.word(index + 1) != "("
        {
            return;
        }
        let before = |offset: usize| index.checked_sub(offset).map_or("", |at| self.word(at));
        let member = matches!(before(1), "." | "?.");
        let list = self.word(index + 2) == "[";
        match name {
            "importScripts" if !member || matches!(before(2), "self" | "globalThis") => self.elements(index + 1, found),
            "register" if member && before(2) == "serviceWorker" && self.stands_alone(index + 2) => {
                found.push((index + 2, Demand::Optional));
            }
            "addAll" if member && list => self.elements(index + 2, found),
            "precacheAndRoute" | "precache" if list => self.elements(index + 2, found),
            _ => {}
        }
    }

    /// The literals among the arguments or elements of the bracket that opens here.
    fn elements(&self, open: usize, found: &mut Vec<(usize, Demand)>) {
        let mut depth = 0usize;
        for index in open..self.tokens.len() {
            let word = self.word(index);
            if depth == 1 && self.stands_alone(index) && matches!(self.word(index - 1), "(" | "[" | ",") {
                found.push((index, Demand::Optional));
            }
            if self.is_literal(index) {
                continue;
            }
            // The parts of a template begin and end with its brackets.
            depth -= usize::from(word.starts_with([')', ']', '}']));
            if depth == 0 && index > open {
                return;
            }
            depth += usize::from(matches!(word, "(" | "[" | "{") || word.ends_with("${"));
        }
    }

    /// The URL of an element of a precache list: an object of an array with `url` and `revision`, as Workbox's tools write it
    /// (<https://developer.chrome.com/docs/workbox/modules/workbox-precaching>).
    fn precached(&self, open: usize) -> Option<usize> {
        if !matches!(self.word(open.checked_sub(1)?), "[" | ",") {
            return None;
        }
        let (mut url, mut revision) = (None, false);
        let mut index = open + 1;
        loop {
            let (key, value) = (self.word(index).trim_matches(['"', '\'']), index + 2);
            let plain = self.is_literal(value) || self.word(value) == "null";
            match key {
                _ if self.word(index + 1) != ":" || !plain => return None,
                "url" if self.is_literal(value) => url = Some(value),
                "revision" => revision = true,
                "integrity" => {}
                _ => return None,
            }
            index = value + 1;
            match self.word(index) {
                "," if self.word(index + 1) == "}" => break,
                "," => index += 1,
                "}" => break,
                _ => return None,
            }
        }
        url.filter(|_| revision)
    }

    /// A folder's URL is a place to start from, and no file has to be there.
    fn file_or_folder(&self, index: usize) -> Demand {
        let url = self.meaning(index);
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        if matches!(name, "" | "." | "..") { Demand::Optional } else { Demand::Required }
    }
}

/// Whether a module specifier is resolved as a URL (<https://html.spec.whatwg.org/#resolving-a-url-like-module-specifier>).
fn is_url_like(specifier: &str) -> bool {
    let path = ["/", "./", "../"].iter().any(|start| specifier.starts_with(start));
    path || (specifier.contains(':') && url_form::may_name_a_file(specifier))
}
