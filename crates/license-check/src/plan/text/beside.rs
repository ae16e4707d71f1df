//! Which words beside a licence leave it that licence: titles, names, copyright statements, sentences that name it, and
//! sentences about other people's code. PURE.

use super::judge::{Judge, is_list_number};
use super::store::{EMAIL, Pattern, SLOT, UNKNOWN, URL};
use super::tokens::Kind;
use super::words;
use std::ops::Range;

impl Judge<'_> {
    /// Whether words beside a licence leave it that licence alone: titles, names, "this is under that licence".
    /// `top` tells whether they stand above the first licence, where they must not announce somebody else's.
    pub(super) fn is_harmless(&self, patterns: &[&Pattern], here: Range<usize>, top: bool) -> bool {
        let known = self.harmless_phrases(here.clone());
        self.lines(here.clone()).all(|line| {
            let first = line.start == 0;
            self.is_harmless_line(patterns, line, (first, top), |index| known.contains(&index))
        })
    }

    /// Ranges of words on one line each.
    fn lines(&self, here: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let mut at = here.start;
        std::iter::from_fn(move || {
            let line = self.tokens.tokens.get(at).filter(|_| at < here.end)?.line;
            let end = (at..here.end).find(|&index| self.tokens.tokens[index].line != line).unwrap_or(here.end);
            let range = at..end;
            at = end;
            Some(range)
        })
    }

    /// Ranges of words without a blank line between them.
    pub(super) fn paragraphs(&self, here: Range<usize>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for line in self.lines(here) {
            let number = |index: usize| self.tokens.tokens[index].line as usize;
            match found.last_mut() {
                Some(last) if !self.blank_between(number(last.end - 1), number(line.start)) => last.end = line.end,
                _ => found.push(line),
            }
        }
        found
    }

    fn blank_between(&self, from: usize, to: usize) -> bool {
        self.tokens.lines.get(from + 1..to).is_some_and(|lines| lines.iter().any(|line| line.blank || line.copyright))
    }

    /// Words that belong to a phrase of [`words::HARMLESS_PHRASES`], in order.
    fn harmless_phrases(&self, here: Range<usize>) -> Vec<usize> {
        let mut known = Vec::new();
        for start in here.clone() {
            let first = self.tokens.word(start);
            let letter = first.as_bytes().first();
            // Splitting a phrase takes long, and nearly none begins with that word, or with its first letter.
            let may_be = |phrase: &&&str| {
                letter.is_none_or(|letter| phrase.as_bytes().first() == Some(letter)) && phrase.starts_with(first)
            };
            for phrase in words::HARMLESS_PHRASES.iter().filter(may_be) {
                let mut length = 0;
                let whole = phrase.split(' ').all(|word| {
                    length += 1;
                    start + length <= here.end && self.tokens.word(start + length - 1) == word
                });
                if whole {
                    known.extend(start..start + length);
                }
            }
        }
        known
    }

    /// One line: only words of titles, of the licence's own name, and of sentences that name it; and names, where they can be
    /// nothing else.
    fn is_harmless_line(
        &self,
        patterns: &[&Pattern],
        here: Range<usize>,
        (first, top): (bool, bool),
        known: impl Fn(usize) -> bool,
    ) -> bool {
        const MAX_HEADING_WORDS: usize = 14;
        const MAX_HEADING_NAMES: usize = 6;
        let mut sentence = false;
        let mut number = false;
        let mut license = false;
        let mut unknown = 0;
        let mut titles = 0;
        let mut others = 0;
        for index in here.clone() {
            let word = self.tokens.word(index);
            if matches!(self.numbers[index], SLOT | EMAIL) || self.is_harmless_url(patterns, index) {
                continue;
            }
            license |= matches!(word, "license" | "licenses" | "clause") || words::is_licence_name(word);
            if known(index) || patterns.iter().any(|pattern| self.is_own_word(pattern, word)) {
                titles += 1;
                continue;
            }
            if top && words::is_announcing(word) {
                return false;
            }
            if words::is_title(word) || words::is_mention(word) || words::is_postal(word) {
                titles += 1;
                continue;
            }
            if words::is_risky(word) || words::is_licence_name(word) {
                return false;
            }
            sentence |= words::is_limiting(word);
            number |= word.starts_with(|first: char| first.is_ascii_digit()) && !words::is_year(word);
            if self.numbers[index] == UNKNOWN || words::is_year(word) {
                unknown += 1;
            } else {
                others += 1;
            }
        }
        // A number beside a licence's name that is none of its own: `BSD 2-Clause` above the text with three.
        if number && license {
            return false;
        }
        let stops = self.tokens.tokens.get(here.end - 1).is_some_and(|last| last.stops());
        let free = here.clone().any(|index| self.tokens.word(index) == "free");
        if first && !stops && !sentence && !free && unknown <= MAX_HEADING_NAMES && here.len() <= MAX_HEADING_WORDS {
            return true;
        }
        // "X is licensed under the Y license": what X is does not matter.
        if others <= 2 && !sentence && self.is_mention(patterns, here.clone()) {
            return true;
        }
        if self.is_rest_of_statement(here.clone()) {
            return true;
        }
        let line = self.tokens.tokens[here.start].line as usize;
        let above_statement = self.tokens.lines.get(line + 1).is_some_and(|line| line.copyright);
        if above_statement && titles + unknown + others <= 4 {
            return true;
        }
        let behind_statement = line > 0 && self.tokens.lines.get(line - 1).is_some_and(|line| line.copyright);
        others == 0 && (unknown == 0 || here.len() == 1 || unknown <= 4 && (titles > 0 || behind_statement))
    }

    /// Whether a line is a copyright statement, or the rest of one, that was not seen to be one for a word that could be a
    /// clause's: `Copyright 2011, Open source contributors`, `Copyright 2008, A, LLC and B Development Team`.
    fn is_rest_of_statement(&self, here: Range<usize>) -> bool {
        const MAX_WORDS: usize = 10;
        let line = self.tokens.tokens[here.start].line as usize;
        let statement = self.tokens.word(here.start) == "copyright" && words::is_year(self.tokens.word(here.start + 1));
        let rest = self.tokens.lines.get(line).is_some_and(|line| line.copyright);
        let is_name = |index: usize| {
            let word = self.tokens.word(index);
            let open_source = word == "source" && self.tokens.word(index.saturating_sub(1)) == "open";
            open_source
                || !(words::is_risky(word)
                    || words::is_limiting(word)
                    || words::is_licence_name(word)
                    || words::is_announcing(word)
                    || words::is_choice(word))
        };
        (statement || rest) && here.len() <= MAX_WORDS && here.clone().all(is_name)
    }

    /// Whether a paragraph speaks of other people's code that comes along, or goes on with a copyright statement, and limits
    /// nothing.
    pub(super) fn is_aside(&self, here: Range<usize>) -> bool {
        const MAX_WORDS: usize = 120;
        let known = self.harmless_phrases(here.clone());
        let statement = self.tokens.word(here.start) == "copyright";
        let word = |word: fn(&str) -> bool| here.clone().any(|index| word(self.tokens.word(index)));
        // "From time to time" tells where nothing is.
        let scoping = |index: usize| {
            let word = self.tokens.word(index);
            words::is_scoping(word) && !(word == "from" && self.tokens.word(index + 1) == "time")
        };
        // Whoever speaks of other people's code names it, says where it is, or speaks of its licence.
        let names = word(words::is_licence_name)
            || word(|word| matches!(word, "license" | "licenses" | "licensed" | "permission"))
            || here.clone().any(|index| matches!(self.numbers[index], UNKNOWN | URL | EMAIL));
        here.len() <= MAX_WORDS
            && (!word(words::is_strict_licence_name) || word(words::is_beside_code))
            && (statement || names && here.clone().any(scoping))
            && here.clone().all(|index| !words::is_limiting(self.tokens.word(index)) || known.contains(&index))
    }

    /// Whether a paragraph above a licence says only what the package was made from.
    pub(super) fn is_origin(&self, here: Range<usize>) -> bool {
        let word = |word: fn(&str) -> bool| here.clone().any(|index| word(self.tokens.word(index)));
        self.is_aside(here.clone())
            && (matches!(self.tokens.word(here.start), "copyright" | "portions") || word(words::is_origin))
            && !word(|word| matches!(word, "following" | "follows" | "below" | "bears" | "notice"))
    }

    /// Whether a paragraph behind an aside can belong to it: a list of files.
    pub(super) fn is_listing(&self, here: Range<usize>) -> bool {
        here.len() <= 60 && here.clone().all(|index| !words::is_limiting(self.tokens.word(index)))
    }

    /// Whether a short paragraph can be a heading.
    pub(super) fn is_heading(&self, here: Range<usize>) -> bool {
        here.len() <= 8
            && here.clone().all(|index| {
                let word = self.tokens.word(index);
                !words::is_risky(word) || matches!(word, "license" | "licenses" | "source")
            })
    }

    /// Whether words say that the licence applies.
    fn is_mention(&self, patterns: &[&Pattern], here: Range<usize>) -> bool {
        let is = |words: &[&str]| here.clone().any(|index| words.contains(&self.tokens.word(index)));
        is(&["licensed", "released", "distributed", "published", "available", "under"])
            && is(&["under", "uses"])
            && is(&["license", "licenses", "terms"])
            && here.clone().any(|index| {
                let word = self.tokens.word(index);
                words::is_licence_name(word) && patterns.iter().any(|pattern| self.is_own_word(pattern, word))
            })
    }

    /// An address, unless it is about another licence.
    fn is_harmless_url(&self, patterns: &[&Pattern], index: usize) -> bool {
        self.tokens.tokens[index].kind == Kind::Url
            && self.tokens.word(index).split(|letter: char| !letter.is_alphanumeric()).all(|part| {
                !words::is_licence_name(part) || patterns.iter().any(|pattern| self.is_own_word(pattern, part))
            })
    }

    /// Whether words leave the choice between licences.
    pub(super) fn is_choice(&self, here: Range<usize>) -> bool {
        here.clone().any(|index| words::is_choice(self.tokens.word(index)))
    }

    /// Whether words beside licences that may be chosen speak of the choice and say nothing else.
    pub(super) fn is_about_choice(&self, patterns: &[&Pattern], here: Range<usize>) -> bool {
        let known = self.harmless_phrases(here.clone());
        here.clone().all(|index| {
            let word = self.tokens.word(index);
            known.contains(&index)
                || words::is_year(word)
                || self.numbers[index] == UNKNOWN
                || words::is_choice(word)
                || words::is_title(word)
                || words::is_mention(word)
                || words::is_scoping(word)
                || is_list_number(word)
                || matches!(
                    word,
                    "same"
                        | "own"
                        | "projects"
                        | "reproduced"
                        | "or"
                        | "your"
                        | "you"
                        | "use"
                        | "may"
                        | "can"
                        | "licensed"
                        | "two"
                        | "which"
                        | "one"
                        | "any"
                        | "gpl"
                        | "gplv2"
                        | "gplv3"
                        | "choice"
                )
                || matches!(self.numbers[index], SLOT | EMAIL)
                || self.is_harmless_url(patterns, index)
                || patterns.iter().any(|pattern| self.is_own_word(pattern, word))
        })
    }

    /// Whether a word is part of the licence's name, title or identifier.
    fn is_own_word(&self, pattern: &Pattern, word: &str) -> bool {
        let is_in = |text: &str| {
            text.split(|letter: char| !(letter.is_alphanumeric() || letter == '.'))
                .any(|own| own.eq_ignore_ascii_case(word))
        };
        is_in(pattern.title)
            || !matches!(word, "only" | "or" | "later" | "no" | "not" | "without")
                && (is_in(pattern.id) || spdx::license_id(pattern.id).is_some_and(|license| is_in(license.full_name)))
            || words::is_alias(pattern.id, word)
    }
}
