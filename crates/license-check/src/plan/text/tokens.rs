//! A text as the words that count: everything that SPDX's matching guidelines say to ignore is gone, and words that they
//! call equal are the same word.
//!
//! Guidelines: SPDX specification 2.3, annex B <https://spdx.github.io/spdx-spec/v2.3/license-matching-guidelines-and-templates/>.
//! PURE.

mod spelling;
mod statement;

use super::words;
use spelling::{IS_PLAIN, MAX_WORD_BYTES, spell, url_length};
use std::ops::Range;

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters and digits.
    Word,
    /// An address, without its scheme.
    Url,
    /// A mail address.
    Email,
    /// A place to fill in: `<year>`, `[name of copyright owner]`.
    Slot,
}

/// What ends behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Nothing,
    /// A sentence, a heading or a clause.
    Some,
    /// The same, by a full stop or what does its work.
    Stop,
}

/// One word that counts. A tree's texts have a few hundred thousand, and the memory for them takes longer to get than to fill:
/// each is as small as it can be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    start: u32,
    /// 0-based line of the text.
    pub(super) line: u32,
    length: u16,
    /// What it stands for.
    pub(super) kind: Kind,
    end: End,
}

impl Token {
    /// How many letters it has, in bytes.
    pub(super) fn letters(self) -> usize {
        self.length.into()
    }

    /// Whether a sentence, a heading or a clause ends behind it.
    pub(super) fn ends(self) -> bool {
        self.end != End::Nothing
    }

    /// Whether a full stop, or what does its work, stands behind it.
    pub(super) fn stops(self) -> bool {
        self.end == End::Stop
    }

    /// What it stands for and what ends behind it, in four bits.
    pub(super) fn marks(self) -> u8 {
        (self.kind as u8) << 2 | self.end as u8
    }

    fn set_end(&mut self) {
        if self.end == End::Nothing {
            self.end = End::Some;
        }
    }
}

/// What is known of a line besides its words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// It was a copyright statement, whose words do not count.
    pub(super) copyright: bool,
    /// It has no words at all.
    pub(super) blank: bool,
}

/// A text's words.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// The text in lower case, in which nearly all words stand as they count, and behind it the others.
    arena: String,
    /// In order.
    pub(super) tokens: Vec<Token>,
    /// One a line.
    pub(super) lines: Vec<Line>,
}

impl Tokens {
    /// A word's spelling: lower case, canonical.
    pub(super) fn word(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| self.spelling(token))
    }

    /// Takes the words of another text, in the same memory.
    pub(super) fn read(&mut self, text: &str) {
        *self = Scanner::new(std::mem::take(self)).text(text);
    }

    fn spelling(&self, token: &Token) -> &str {
        self.arena.get(token.start as usize..token.start as usize + usize::from(token.length)).unwrap_or("")
    }
}

/// The first byte of the line and paragraph separators, and of other signs.
const SEPARATOR: u8 = 0xe2;

/// The lines of somebody's text.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    each_line(text, |_, line| lines.push(line));
    lines
}

/// Calls `each` with the lines of somebody's text and where they begin. A carriage return and a line feed are one end of a line,
/// not two with a blank line between them.
fn each_line<'t>(text: &'t str, mut each: impl FnMut(usize, &'t str)) {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = text.get(start..end).unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        let bytes = line.as_bytes();
        let mut from = 0;
        // Nearly no line has another end in it.
        if memchr::memchr3(b'\r', 0xc, 0xb, bytes).is_some() || memchr::memchr(SEPARATOR, bytes).is_some() {
            for (at, sign) in line.match_indices(['\r', '\u{c}', '\u{b}', '\u{2028}', '\u{2029}']) {
                each(start + from, line.get(from..at).unwrap_or(""));
                from = at + sign.len();
            }
        }
        each(start + from, line.get(from..).unwrap_or(""));
        start = end + 1;
    }
}

/// The words of somebody's text.
#[cfg(test)]
pub(super) fn tokenize(text: &str) -> Tokens {
    Scanner::new(Tokens::default()).text(text)
}

/// State while reading.
struct Scanner {
    out: Tokens,
    line: u32,
    /// Where the line begins in the text.
    offset: usize,
    /// Words of the line being read, before it is known whether they count.
    line_start: usize,
    /// A copyright sign, `(c)` or `©`, stood before word number .. of this line.
    signs: Vec<usize>,
    /// Where the next closing bracket of the line is: to be looked for again behind it.
    closing: usize,
    /// The line before was a copyright statement that goes on.
    copyright_open: bool,
    /// The word being read, as it is spelled.
    spelled: String,
}

impl Scanner {
    /// What was in `out` is forgotten, and its memory is used again.
    fn new(mut out: Tokens) -> Self {
        out.arena.clear();
        out.tokens.clear();
        out.lines.clear();
        Scanner {
            out,
            line: 0,
            offset: 0,
            line_start: 0,
            signs: Vec::new(),
            closing: 0,
            copyright_open: false,
            spelled: String::new(),
        }
    }

    fn text(mut self, text: &str) -> Tokens {
        // All of it is made lower case at once: to copy each word for itself takes longer than to read it.
        self.out.arena.reserve(text.len() + text.len() / 16);
        self.out.arena.push_str(text);
        self.out.arena.make_ascii_lowercase();
        // Most words have five letters and a space behind them: what grows step by step is copied each time.
        self.out.tokens.reserve(text.len() / 5);
        each_line(text, |offset, line| self.one_line(offset, line));
        // What is blank at the very end says nothing.
        while self.out.lines.last().is_some_and(|line| line.blank) {
            self.out.lines.pop();
        }
        self.out
    }

    fn one_line(&mut self, offset: usize, line: &str) {
        self.offset = offset;
        self.line_start = self.out.tokens.len();
        self.signs.clear();
        self.closing = 0;
        self.scan(line);
        self.finish_line();
        self.line += 1;
    }

    /// Reads one line.
    fn scan(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b'<' => self.angle(line, at),
                b'[' => self.bracket(line, at, ']'),
                b'{' => self.bracket(line, at, '}'),
                b'&' => self.entity(line, at),
                b'(' => self.parenthesis(line, at),
                b'.' | b':' | b';' | b'!' | b'?' => {
                    if bytes.get(at + 1).is_none_or(|next| !next.is_ascii_alphanumeric()) {
                        self.sentence_ends();
                        if matches!(byte, b'.' | b'!')
                            && let Some(last) = self.out.tokens.last_mut().filter(|last| last.line == self.line)
                        {
                            last.end = End::Stop;
                        }
                    }
                    at + 1
                }
                _ if IS_PLAIN[usize::from(byte)] => self.word(line, at),
                _ if byte < 128 => at + 1,
                _ => self.wide(line, at),
            };
        }
    }

    fn sentence_ends(&mut self) {
        if let Some(last) = self.out.tokens.last_mut() {
            last.set_end();
        }
    }

    /// A letter beyond ASCII, or a sign.
    fn wide(&mut self, line: &str, at: usize) -> usize {
        let Some(letter) = line.get(at..).and_then(|rest| rest.chars().next()) else { return at + 1 };
        match letter {
            '©' | 'Ⓒ' | 'ⓒ' => self.sign(),
            _ if letter.is_alphanumeric() => return self.word(line, at),
            _ => {}
        }
        at + letter.len_utf8()
    }

    fn sign(&mut self) {
        self.signs.push(self.out.tokens.len() - self.line_start);
    }

    /// `<br>`, `<!--`, `<year>`; an address in angle brackets is read as if they were not there.
    fn angle(&mut self, line: &str, at: usize) -> usize {
        const MAX_BYTES: usize = 400;
        if self.closing <= at {
            let rest = line.as_bytes().get(at + 1..).unwrap_or(&[]);
            self.closing = memchr::memchr(b'>', rest).map_or(usize::MAX, |length| at + 1 + length);
        }
        let close = self.closing.saturating_sub(at + 1);
        if close > MAX_BYTES {
            return at + 1;
        }
        let Some(inner) = line.get(at + 1..at + 1 + close) else { return at + 1 };
        let end = at + close + 2;
        if inner.contains("://") && !inner.contains('=') || inner.contains('@') {
            return at + 1;
        }
        let name = inner.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if words::is_html(&name.to_ascii_lowercase()) {
            return end;
        }
        if is_slot(inner) { self.slot(end) } else { at + 1 }
    }

    fn bracket(&mut self, line: &str, at: usize, close: char) -> usize {
        let rest = line.as_bytes().get(at + 1..).unwrap_or(&[]);
        let Some(length) = rest.iter().take(60).position(|&byte| byte == close as u8) else { return at + 1 };
        let Some(inner) = line.get(at + 1..at + 1 + length) else { return at + 1 };
        if is_slot(inner) { self.slot(at + length + 2) } else { at + 1 }
    }

    fn slot(&mut self, end: usize) -> usize {
        self.push(0..0, Kind::Slot);
        end
    }

    /// `&quot;`, `&copy;`.
    fn entity(&mut self, line: &str, at: usize) -> usize {
        let rest = line.as_bytes().get(at + 1..).unwrap_or(&[]);
        let Some(end) = rest.iter().take(9).position(|&byte| byte == b';') else { return at + 1 };
        let Some(name) = line.get(at + 1..at + 1 + end) else { return at + 1 };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#') {
            return at + 1;
        }
        if name.eq_ignore_ascii_case("copy") || name == "#169" {
            self.sign();
        }
        at + end + 2
    }

    /// `(c)`, `(a)`, `(12)`, `(iv)`: a sign or a number of a list.
    fn parenthesis(&mut self, line: &str, at: usize) -> usize {
        let rest = line.as_bytes().get(at + 1..).unwrap_or(&[]);
        let Some(length) = rest.iter().take(5).position(|&byte| byte == b')') else { return at + 1 };
        let Some(inner) = line.get(at + 1..at + 1 + length) else { return at + 1 };
        if inner.eq_ignore_ascii_case("c") {
            self.sign();
            return at + length + 2;
        }
        if is_enumerator(inner) { at + length + 2 } else { at + 1 }
    }

    /// A word, an address, a number of a list.
    fn word(&mut self, line: &str, at: usize) -> usize {
        let rest = line.get(at..).unwrap_or("");
        if let Some(length) = url_length(rest) {
            return self.url(rest, at, length);
        }
        // Nearly all words are plain letters, and end before a plain sign: they stand in the arena already.
        let bytes = rest.as_bytes();
        let plain = bytes.iter().position(|&byte| !IS_PLAIN[usize::from(byte)]).unwrap_or(bytes.len());
        let whole = bytes.get(plain).is_none_or(|sign| sign.is_ascii() && !matches!(sign, b'\'' | b'`' | b'.'));
        if whole && plain <= MAX_WORD_BYTES {
            let start = self.offset + at;
            return self.spelled_word(line, at + plain, start..start + plain);
        }
        let mut spelled = std::mem::take(&mut self.spelled);
        spelled.clear();
        let end = at + spell(rest, &mut spelled);
        let written = self.written(&spelled);
        self.spelled = spelled;
        self.spelled_word(line, end, written)
    }

    /// Puts what doesn't stand so in the text behind it.
    fn written(&mut self, word: &str) -> Range<usize> {
        let start = self.out.arena.len();
        self.out.arena.push_str(word);
        start..self.out.arena.len()
    }

    /// A word that was spelled, up to `end`; where in the arena it stands.
    fn spelled_word(&mut self, line: &str, end: usize, written: Range<usize>) -> usize {
        let bytes = line.as_bytes();
        let spelled = || self.out.arena.get(written.clone()).unwrap_or("");
        match bytes.get(end) {
            Some(b'@') if bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) => {
                let length = line
                    .get(end..)
                    .and_then(|rest| rest.find(|c: char| !(c.is_alphanumeric() || "@.-_+".contains(c))))
                    .unwrap_or(line.len() - end);
                self.push(0..0, Kind::Email);
                if line.get(..end + length).is_some_and(|mail| mail.ends_with('.')) {
                    self.sentence_ends();
                }
                return end + length;
            }
            Some(b')') if is_enumerator(spelled()) => return end + 1,
            Some(b'.')
                if is_enumerator(spelled())
                    && self.starts_item()
                    && bytes.get(end + 1).is_none_or(u8::is_ascii_whitespace) =>
            {
                return end + 1;
            }
            _ => {}
        }
        self.push_word(written);
        end
    }

    /// Whether a number here would be a list's: what stands before it is finished, and no `version` or `section`.
    fn starts_item(&self) -> bool {
        let Some(last) = self.out.tokens.last() else { return true };
        let word = self.out.spelling(last);
        if words::takes_number(word) {
            return false;
        }
        last.ends() || last.line != self.line || matches!(word, "and" | "or")
    }

    fn url(&mut self, rest: &str, at: usize, length: usize) -> usize {
        let written = rest.get(..length).unwrap_or("").trim_end_matches(['.', ',', ';', ':', '/', '*', '_']);
        let lower = written.to_lowercase();
        let bare = lower.split_once("://").map_or(lower.as_str(), |(_, bare)| bare);
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        let written = self.written(bare);
        self.push(written, Kind::Url);
        if rest.get(..length).is_some_and(|whole| whole.ends_with('.')) {
            self.sentence_ends();
        }
        at + length
    }

    /// Adds a word in its canonical spelling.
    fn push_word(&mut self, written: Range<usize>) {
        let spelled = self.out.arena.get(written.clone()).unwrap_or("");
        if spelled.is_empty() || self.out.tokens.len() == self.line_start && words::is_comment_mark(spelled) {
            return;
        }
        let last = match self.out.tokens.last() {
            // `non`, `sub`, `copyright`: no other word changes the next one.
            Some(last)
                if matches!(last.length, 3 | 9)
                    && !last.ends()
                    && last.kind == Kind::Word
                    && last.line + 1 >= self.line =>
            {
                self.out.spelling(last)
            }
            _ => "",
        };
        if words::joins(last) {
            let whole = format!("{last}{spelled}");
            self.pop();
            let written = self.written(words::canonical(&whole));
            return self.push(written, Kind::Word);
        }
        let other = match (last, spelled) {
            ("copyright", "owner") => Some("holder"),
            ("copyright", "owners") => Some("holders"),
            _ => words::other_spelling(spelled),
        };
        let written = match other {
            Some(word) => self.written(word),
            None => written,
        };
        self.push(written, Kind::Word);
    }

    fn pop(&mut self) {
        self.out.tokens.pop();
        self.line_start = self.line_start.min(self.out.tokens.len());
    }

    fn push(&mut self, written: Range<usize>, kind: Kind) {
        // No word has more letters than a few times the longest that is kept whole.
        let (start, length) = (written.start as u32, written.len() as u16);
        self.out.tokens.push(Token { start, line: self.line, length, kind, end: End::Nothing });
        if written.len() == "reserved".len() {
            self.drop_reserved();
        }
    }

    /// "All rights reserved" says nothing; see guideline 9.
    fn drop_reserved(&mut self) {
        let count = self.out.tokens.len();
        if count < 2 || self.out.word(count - 1) != "reserved" || self.out.word(count - 2) != "rights" {
            return;
        }
        self.pop();
        self.pop();
        if matches!(self.out.tokens.last().map(|last| self.out.spelling(last)), Some("all" | "some")) {
            self.pop();
        }
        self.sentence_ends();
    }

    /// Leaves a copyright statement's words out.
    fn finish_line(&mut self) {
        let count = self.out.tokens.len() - self.line_start;
        let mut found = Line { copyright: false, blank: count == 0 && self.signs.is_empty() };
        if found.blank {
            // A blank line ends whatever stood before it: a heading has no full stop.
            self.sentence_ends();
            self.copyright_open = false;
        } else if self.is_statement() || self.continues_statement() {
            let cut = self.statement_end();
            found.copyright = cut > 0 || count == 0;
            self.copyright_open = found.copyright && cut == count;
            let rest: Vec<Token> = self.out.tokens.drain(self.line_start..).skip(cut).collect();
            self.out.tokens.extend(rest);
            if found.copyright
                && let Some(before) = self.line_start.checked_sub(1).and_then(|last| self.out.tokens.get_mut(last))
            {
                before.set_end();
            }
        } else {
            self.copyright_open = false;
        }
        self.out.lines.push(found);
    }

    fn line_word(&self, offset: usize) -> &str {
        self.out.word(self.line_start + offset)
    }
}

/// Whether something in brackets is a place to fill in. Only what names such a place is one: a clause must not hide in brackets.
fn is_slot(inner: &str) -> bool {
    const MAX_WORDS: usize = 12;
    let words = || inner.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().next().is_some()
        && words().nth(MAX_WORDS).is_none()
        && words().all(|word| words::is_placeholder(&word.to_ascii_lowercase()))
}

/// A number or letter of a list: `1`, `12`, `a`, `iv`.
fn is_enumerator(word: &str) -> bool {
    let bytes = word.as_bytes();
    match bytes.len() {
        1 => bytes[0].is_ascii_alphanumeric(),
        2 if bytes.iter().all(u8::is_ascii_digit) => true,
        2..=4 => bytes.iter().all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str) -> String {
        let tokens = tokenize(text);
        let words: Vec<String> = (0..tokens.tokens.len())
            .map(|index| match tokens.tokens[index].kind {
                Kind::Word | Kind::Url => tokens.word(index).to_owned(),
                kind => format!("{kind:?}"),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn what_the_guidelines_ignore_is_ignored() {
        for (text, words) in [
            ("The “Software”,  AS-IS", "the software as is"),
            ("// a\n * b\n# c\n", "a b c"),
            ("sub-license, sub license, sublicense", "sublicense sublicense sublicense"),
            ("NON-INFRINGEMENT non infringement", "noninfringement noninfringement"),
            ("licence organisation", "license organization"),
            ("the copyright owner's", "the copyright holders"),
            ("the copyright owner", "the copyright holder"),
            ("met: 1. Redistributions 2) of; and\n3. Neither (a) x", "met redistributions of and neither x"),
            ("either version 2. of", "either version 2 of"),
            ("see <http://www.Example.org/x/>.", "see example.org/x"),
            ("**Bold** <br/> &quot;x&quot; [a](https://a.example)", "bold x a a.example"),
            ("Copyright (c) 2010-2012 A. B. <a@b.example>\nAll rights reserved.\nPermission", "permission"),
            ("Copyright [yyyy] [name of copyright owner]\nx", "x"),
            ("(c) 2010 X\ny", "y"),
            ("© Foo, Inc.\ny", "y"),
            ("Version 2.0, January 2004", "version 2.0 january 2004"),
        ] {
            assert_eq!(words_of(text), words, "{text}");
        }
    }

    #[test]
    fn no_clause_vanishes_with_a_copyright_line() {
        assert_eq!(words_of("Copyright 2020 Foo. Not for commercial use."), "not for commercial use");
        assert_eq!(words_of("Copyright (c) 2020 Foo, not for sale"), "copyright 2020 foo not for sale");
        assert_eq!(
            words_of("THE COPYRIGHT HOLDERS\nCOPYRIGHT HOLDER BE LIABLE"),
            "the copyright holders copyright holder be liable"
        );
        assert_eq!(words_of("[no commercial use] <no use>"), "no commercial use no use");
    }

    #[test]
    fn lines_are_known() {
        let tokens = tokenize("Copyright 2010 X\n\nthe text\n");
        let lines = |tokens: &Tokens| -> Vec<(bool, bool)> {
            tokens.lines.iter().map(|line| (line.copyright, line.blank)).collect()
        };
        assert_eq!(lines(&tokens), [(true, false), (false, true), (false, false)]);
        assert_eq!(lines(&tokenize("Copyright 2010 X\r\n\r\nthe text\r\n")), lines(&tokens));
    }
}
