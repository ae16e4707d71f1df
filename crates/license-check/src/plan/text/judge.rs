//! Which differences from a licence's text leave it that licence. PURE.
//!
//! Everything that is not known to be harmless is a difference: a clause more or less is another licence.

use super::store::{EMAIL, Pattern, SLOT, Store, UNKNOWN, URL};
use super::tokens::Tokens;
use super::words;
use std::ops::Range;

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// The guidelines say that it does not count.
    Same,
    /// A slip of the pen that cannot change the meaning.
    Slip,
    /// It may be another licence.
    Other,
}

/// A text that is being judged.
pub(super) struct Judge<'a> {
    pub(super) store: &'a Store,
    pub(super) tokens: &'a Tokens,
    pub(super) numbers: &'a [u16],
}

/// Words of the longest name that may stand in place of the holder's.
const MAX_NAME_WORDS: usize = 14;

/// Words of the longest place of an optional part that may be filled in with other words; what is longer may only be missing.
const MAX_PLACE_WORDS: usize = 8;

/// Words that are left over of a place to fill in: `of author`.
const MAX_REST_WORDS: usize = 3;

/// Words of the longest phrase of [`EQUAL`].
const MAX_PHRASE_WORDS: usize = 24;

/// Phrases that stand for each other: what SPDX's templates give as alternatives or mark as optional in the licences that are
/// met most, and the guidelines' equal words of several words.
const EQUAL: &[(&str, &str)] = &[
    ("and or", "and"),
    ("and or", "or"),
    ("including the next paragraph", ""),
    ("per cent", "percent"),
    ("copyright holder", "copyright owner"),
    ("this software", "the software"),
    ("gnu lesser general public license", "gnu library general public license"),
    ("appendix how to apply", "how to apply"),
    ("author disclaims", "authors disclaim"),
    ("author disclaims", "copyright holders disclaim"),
    ("author disclaims", "contributors disclaim"),
    ("wiki creativecommons org considerations for licensors", ""),
    ("wiki creativecommons org considerations for licensees", ""),
    (
        "the text of the creative commons public licenses is dedicated to the public domain under the cc0 public domain dedication",
        "",
    ),
];

/// Phrases that are met in copies with words lost or swapped, and mean the same.
const SLIPS: &[(&str, &str)] = &[
    ("arising from out of", "out of"),
    ("this software is provided", "this is provided"),
    ("use of this software even", "use of this even"),
    ("otherwise arising from out", "otherwise out"),
];

impl Judge<'_> {
    /// What it means that the words `there` of a licence are the words `here` of the text.
    pub(super) fn difference(
        &self,
        pattern: &Pattern,
        body: &[u16],
        there: Range<usize>,
        here: Range<usize>,
    ) -> Verdict {
        let theirs = &body[there.clone()];
        let ours = &self.numbers[here.clone()];
        if pattern.is_optional(&there)
            && (ours.is_empty() || theirs.len() <= MAX_PLACE_WORDS && self.is_filled_in(here.clone(), MAX_NAME_WORDS))
            || there.is_empty()
                && pattern.is_optional(&(there.start.max(1) - 1..there.end + 1))
                && self.is_filled_in(here.clone(), MAX_REST_WORDS)
        {
            return Verdict::Same;
        }
        if self.is_weak(theirs, here.clone())
            || self.is_statement(theirs, here.clone())
            || self.is_party(body, there.clone(), here.clone())
            || self.are_equal_phrases_of(EQUAL, body, there.clone(), here.clone())
            || self.is_names_clause(theirs, here.clone())
        {
            return Verdict::Same;
        }
        if theirs.is_empty()
            && (self.is_harmless(&[pattern], here.clone(), false) || self.continues_statement(here.clone()))
        {
            return Verdict::Same;
        }
        if self.is_other_work(theirs, here.clone()) {
            return Verdict::Slip;
        }
        self.slip(body, there, here)
    }

    /// "The names of its contributors may not be used to endorse" in place of "Neither the name of the copyright holder nor the
    /// names of its contributors may be": so SPDX's template of the BSD licence has it, also with "any" for "its". The words
    /// around are looked at, since the same difference without its "not" would turn the clause around.
    fn is_names_clause(&self, theirs: &[u16], here: Range<usize>) -> bool {
        const CLAUSE: [&str; 11] =
            ["the", "names", "of", "", "contributors", "may", "not", "be", "used", "to", "endorse"];
        const THEIRS: [&str; 9] = ["neither", "the", "name", "names", "of", "copyright", "holder", "nor", "its"];
        let stands_at = |start: usize| {
            let is_word = |(at, word): (usize, &&str)| {
                let own = self.tokens.word(start + at);
                own == *word || at == 3 && matches!(own, "its" | "any" | "the")
            };
            CLAUSE.iter().enumerate().all(is_word) && (start == 0 || self.tokens.word(start - 1) != "nor")
        };
        let Some(start) = (here.start.saturating_sub(CLAUSE.len())..=here.start).find(|&start| stands_at(start)) else {
            return false;
        };
        here.end <= start + CLAUSE.len()
            && (!theirs.is_empty() || here.len() == 1)
            && theirs.iter().all(|&word| THEIRS.contains(&self.store.spelling(word)))
    }

    /// The work by another name: "this theme" for "this software", "source and binary forms of the theme".
    fn is_other_work(&self, theirs: &[u16], here: Range<usize>) -> bool {
        let word = |index: usize| self.tokens.word(index);
        let determined = |index: usize| matches!(word(index), "this" | "the");
        match (theirs, here.len()) {
            ([their], 1) => {
                self.store.spelling(*their) == "software"
                    && here.start > 0
                    && determined(here.start - 1)
                    && words::is_work(word(here.start))
            }
            ([], 3) => {
                here.start > 1
                    && word(here.start - 2) == "binary"
                    && word(here.start - 1) == "forms"
                    && word(here.start) == "of"
                    && determined(here.start + 1)
                    && words::is_work(word(here.start + 2))
            }
            _ => false,
        }
    }

    /// The words from there to the end of the sentence; none where the sentence has just ended or is no name.
    pub(super) fn sentence_from(&self, start: usize) -> Range<usize> {
        let ended = start.checked_sub(1).and_then(|last| self.tokens.tokens.get(last)).is_none_or(|last| last.ends());
        if ended {
            return start..start;
        }
        let end =
            (start..self.numbers.len().min(start + MAX_NAME_WORDS)).find(|&index| self.tokens.tokens[index].ends());
        start
            ..end.map_or_else(
                || if self.numbers.len() - start <= MAX_NAME_WORDS { self.numbers.len() } else { start },
                |end| end + 1,
            )
    }

    fn spelled(&self, words: &[u16]) -> String {
        let words: Vec<&str> = words.iter().map(|&word| self.store.spelling(word)).collect();
        words.join(" ")
    }

    fn written(&self, here: Range<usize>) -> String {
        let words: Vec<&str> = here.map(|index| self.tokens.word(index)).collect();
        words.join(" ")
    }

    /// Numbers of lists, addresses and places to fill in: they may come and go, but not stand for each other.
    fn is_weak(&self, theirs: &[u16], here: Range<usize>) -> bool {
        let weak_word = |word: &str| is_list_number(word) || words::is_postal(word);
        let fillable = theirs.contains(&SLOT);
        if letters(theirs.iter().map(|&word| self.store.spelling(word)))
            && letters(here.clone().map(|index| self.tokens.word(index)))
        {
            return true;
        }
        let their_side = theirs.iter().all(|&word| {
            matches!(word, SLOT | URL | EMAIL)
                || weak_word(self.store.spelling(word))
                || self.store.spelling(word).contains('/')
                || fillable && matches!(self.store.spelling(word), "copyright" | "by")
        });
        if !their_side {
            return false;
        }
        if fillable {
            return here.is_empty() || self.is_name(here);
        }
        let numbers = |word: &str| word.starts_with(|first: char| first.is_ascii_digit()) && !words::is_postal(word);
        if theirs.iter().any(|&word| numbers(self.store.spelling(word))) && !here.is_empty() {
            return false;
        }
        let mut before = if here.start > 0 { self.tokens.word(here.start - 1) } else { "" };
        here.clone().all(|index| {
            let word = self.tokens.word(index);
            let weak = matches!(self.numbers[index], SLOT | URL | EMAIL)
                || word.contains('/')
                || words::is_postal(word)
                || is_list_number(word) && !words::takes_number(before);
            before = word;
            weak
        })
    }

    /// Whether a place of an optional part was filled in: by a name, and by no word of a sentence.
    fn is_filled_in(&self, here: Range<usize>, most: usize) -> bool {
        here.len() <= most
            && here.clone().all(|index| !words::is_limiting(self.tokens.word(index)))
            && self.is_name(here)
    }

    /// Whether these words can only be a name: short, and without any word that could grant or deny something.
    pub(super) fn is_name(&self, here: Range<usize>) -> bool {
        here.len() <= MAX_NAME_WORDS
            && here.clone().all(|index| {
                !words::is_risky_name(
                    self.tokens.word(index),
                    if index + 1 < here.end { self.tokens.word(index + 1) } else { "" },
                )
            })
    }

    /// A copyright statement more, less or in place of another, which was not seen to be one where lines were read: it stands
    /// in the middle of a line.
    fn is_statement(&self, theirs: &[u16], here: Range<usize>) -> bool {
        const MAX_WORDS: usize = 24;
        let risky = |words: &mut dyn Iterator<Item = &str>| {
            let words: Vec<&str> = words.collect();
            words.iter().enumerate().any(|(at, word)| {
                words::is_risky_name(word, words.get(at + 1).copied().unwrap_or("")) || words::is_limiting(word)
            })
        };
        let starts = |word: Option<&str>| word.is_none_or(|word| word == "copyright");
        let first = theirs.first().map(|&word| self.store.spelling(word));
        let own_first = (!here.is_empty()).then(|| self.tokens.word(here.start));
        theirs.len() <= MAX_WORDS
            && here.len() <= MAX_WORDS
            && starts(first)
            && starts(own_first)
            && !risky(&mut theirs.iter().map(|&word| self.store.spelling(word)))
            && !risky(&mut here.clone().map(|index| self.tokens.word(index)))
    }

    /// A name that goes on behind a copyright statement of the line before, up to the end of its sentence.
    fn continues_statement(&self, here: Range<usize>) -> bool {
        const MAX_WORDS: usize = 8;
        let line = self.tokens.tokens[here.start].line as usize;
        let last = self.tokens.tokens[here.end - 1];
        line > 0
            && last.line as usize == line
            && last.ends()
            && self.tokens.lines.get(line - 1).is_some_and(|line| line.copyright)
            && here.len() <= MAX_WORDS
            && here.clone().all(|index| !words::is_limiting(self.tokens.word(index)))
            && self.is_name(here)
    }

    /// Another holder's name where the licence names one.
    fn is_party(&self, body: &[u16], there: Range<usize>, here: Range<usize>) -> bool {
        let party = |word: &u16| words::is_party(self.store.spelling(*word)) || *word == SLOT;
        let named = |word: &u16| is_holder(self.store.spelling(*word)) || *word == SLOT;
        let theirs = &body[there.clone()];
        if !theirs.iter().all(party) || here.len() > MAX_NAME_WORDS {
            return false;
        }
        let name = |index: usize| {
            let word = self.tokens.word(index);
            words::is_party(word)
                || matches!(self.numbers[index], UNKNOWN | URL | EMAIL | SLOT)
                || !words::is_risky_name(word, "") && !theirs.is_empty()
        };
        if !here.clone().all(name) {
            return false;
        }
        let near = body.get(there.start.saturating_sub(4)..(there.end + 4).min(body.len())).unwrap_or(&[]);
        theirs.iter().any(named) || near.iter().any(named)
    }

    /// Phrases that stand for each other, with up to three equal words around the difference.
    fn are_equal_phrases_of(
        &self,
        phrases: &[(&str, &str)],
        body: &[u16],
        there: Range<usize>,
        here: Range<usize>,
    ) -> bool {
        let is_long = there.len() > MAX_PHRASE_WORDS || here.len() > MAX_PHRASE_WORDS;
        if is_long || here.start > here.end || here.end > self.numbers.len() {
            return false;
        }
        // Letters on either side of the words that stand so far before or behind the difference, and of those between.
        let letters_at = |theirs: usize, ours: usize| {
            let ours = self.tokens.tokens.get(ours)?.letters();
            Some((self.store.spelling(*body.get(theirs)?).len(), ours))
        };
        let added_up = |letters: &dyn Fn(usize) -> Option<(usize, usize)>| {
            let mut sum = Some((0, 0));
            [0, 1, 2, 3].map(|steps| {
                if steps > 0 {
                    sum = sum.zip(letters(steps)).map(|(sum, more)| (sum.0 + more.0, sum.1 + more.1));
                }
                sum
            })
        };
        let above = added_up(&|steps| letters_at(there.start.checked_sub(steps)?, here.start.checked_sub(steps)?));
        let below = added_up(&|steps| letters_at(there.end + steps - 1, here.end + steps - 1));
        let their_letters = body[there.clone()].iter().map(|&word| self.store.spelling(word).len()).sum::<usize>();
        let our_letters = self.tokens.tokens[here.clone()].iter().map(|token| token.letters()).sum::<usize>();
        // One bit for each length that a pair of phrases has: nearly no difference has the length of one.
        let bit = |length: usize| 1_u128 << length.min(127);
        let pairs = phrases.iter().fold(0, |bits, (one, other)| bits | bit(one.len() + other.len()));
        above.into_iter().enumerate().any(|(before, above)| {
            let Some(above) = above else { return false };
            below.into_iter().enumerate().any(|(behind, below)| {
                let Some(below) = below else { return false };
                let theirs = &body[there.start - before..there.end + behind];
                let ours = here.start - before..here.end + behind;
                let letters = (above.0 + their_letters + below.0, above.1 + our_letters + below.1);
                let spaces = theirs.len().saturating_sub(1) + ours.len().saturating_sub(1);
                let may_be = letters.0 == letters.1 || pairs & bit(letters.0 + letters.1 + spaces) != 0;
                may_be && self.are_equal_phrases(phrases, (theirs, ours), letters)
            })
        })
    }

    /// Whether these phrases, which have so many letters, stand for each other.
    fn are_equal_phrases(
        &self,
        phrases: &[(&str, &str)],
        (theirs, ours): (&[u16], Range<usize>),
        letters: (usize, usize),
    ) -> bool {
        let spaces = |words: usize| words.saturating_sub(1);
        let lengths = (letters.0 + spaces(theirs.len()), letters.1 + spaces(ours.len()));
        // Nearly all differences are told apart by their lengths, without spelling anything.
        if letters.0 == letters.1 && lengths.0 > 0 {
            let spelled = theirs.iter().flat_map(|&word| self.store.spelling(word).bytes());
            let written = ours.clone().flat_map(|index| self.tokens.word(index).bytes());
            if spelled.eq(written) {
                return true;
            }
        }
        let may_be =
            |&&(one, other): &&(&str, &str)| lengths == (one.len(), other.len()) || lengths == (other.len(), one.len());
        let mut alike = phrases.iter().filter(may_be).peekable();
        alike.peek().is_some() && {
            let (theirs, ours) = (self.spelled(theirs), self.written(ours));
            alike.any(|&(one, other)| theirs == one && ours == other || theirs == other && ours == one)
        }
    }

    /// A misspelt word, an article more or less.
    fn slip(&self, theirs_body: &[u16], there: Range<usize>, here: Range<usize>) -> Verdict {
        let theirs = &theirs_body[there.clone()];
        const ARTICLES: [&str; 4] = ["the", "a", "an", "this"];
        if self.are_equal_phrases_of(SLIPS, theirs_body, there, here.clone()) {
            return Verdict::Slip;
        }
        let article = |word: &str| ARTICLES.contains(&word);
        let ours = &self.numbers[here.clone()];
        if theirs.len() <= 1
            && ours.len() <= 1
            && theirs.iter().all(|&word| article(self.store.spelling(word)))
            && here.clone().all(|index| article(self.tokens.word(index)))
        {
            return Verdict::Slip;
        }
        let ([their], [our]) = (theirs, ours) else { return Verdict::Other };
        let their = self.store.spelling(*their);
        let written = self.tokens.word(here.start);
        if their.len() > 4 && (their.strip_suffix('s') == Some(written) || written.strip_suffix('s') == Some(their)) {
            return Verdict::Slip;
        }
        if *our != UNKNOWN {
            return Verdict::Other;
        }
        if their.len() >= 4 && differ_by_a_slip(their, written) { Verdict::Slip } else { Verdict::Other }
    }
}

/// Whether a word can be nothing but a list's number.
pub(super) fn is_list_number(word: &str) -> bool {
    let bytes = word.as_bytes();
    match bytes.len() {
        1 => bytes[0].is_ascii_digit() || bytes[0] != b'a' && bytes[0].is_ascii_alphabetic(),
        2 if bytes.iter().all(u8::is_ascii_digit) => true,
        2..=4 => bytes.iter().all(|byte| matches!(byte, b'i' | b'v' | b'x')),
        _ => false,
    }
}

/// Whether these are one letter of a list, or none.
fn letters<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let mut count = 0;
    for word in words {
        count += 1;
        if word.len() != 1 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return false;
        }
    }
    count == 1
}

/// Words for the one who gives the rights.
fn is_holder(word: &str) -> bool {
    matches!(
        word,
        "holder"
            | "holders"
            | "owner"
            | "owners"
            | "author"
            | "authors"
            | "contributor"
            | "contributors"
            | "company"
            | "organization"
            | "university"
            | "regents"
            | "foundation"
            | "consortium"
            | "project"
    )
}

/// Whether one word is the other but for up to two letters: the number of letters to add, drop, change or swap.
fn differ_by_a_slip(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 2 || one.len() > 40 || one.first() != other.first() {
        return false;
    }
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let change = before[column] + usize::from(a != b);
            now.push(change.min(before[column + 1] + 1).min(now[column] + 1));
        }
        before = now;
    }
    before[other.len()] <= if one.len() < 6 { 1 } else { 2 }
}
