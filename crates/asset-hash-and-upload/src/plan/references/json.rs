//! Strings of a JSON text with their places in the file: for import maps, web manifests, JSON-LD and source maps. Strict
//! (RFC 8259), apart from a byte order mark, which browsers skip too. Nothing is built: strings that nobody asks for cost
//! no memory.

use super::{Unreadable, line_of};
use std::borrow::Cow;
use std::ops::Range;

/// Arrays and objects within each other. Source maps, manifests and JSON-LD have fewer than ten; each takes some stack.
pub const DEPTH_LIMIT: usize = 128;

/// One step from the root of a JSON text to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'t> {
    /// A member of an object.
    Member {
        /// The member's name, freed from escapes.
        name: Cow<'t, str>,
        /// The name's bytes, without its quotes.
        span: Range<usize>,
    },
    /// An element of an array.
    Element {
        /// Its index, 0-based.
        index: usize,
    },
}

impl Step<'_> {
    /// Whether this is the member with that name.
    pub fn is(&self, member: &str) -> bool {
        matches!(self, Step::Member { name, .. } if name == member)
    }

    /// Whether this is an element of an array.
    pub fn is_element(&self) -> bool {
        matches!(self, Step::Element { .. })
    }
}

/// A string that is a value: no member's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringValue<'t> {
    /// Its bytes in the file, without its quotes.
    pub span: Range<usize>,
    /// The same as they stand there, with their escapes.
    pub raw: &'t str,
}

impl<'t> StringValue<'t> {
    /// The string that it means. Half a surrogate pair becomes U+FFFD.
    pub fn decoded(&self) -> Cow<'t, str> {
        unescaped(self.raw)
    }
}

/// Calls `each` for every string of the text that is a value, in the order of the text, with the steps to it (none when the
/// whole text is one string).
///
/// # Errors
/// `Unreadable` when the text is not UTF-8, not JSON, or deeper than [`DEPTH_LIMIT`]; `each` may have been called by then.
pub fn strings<'t>(text: &'t [u8], each: &mut dyn FnMut(&[Step<'t>], StringValue<'t>)) -> Result<(), Unreadable> {
    let string = std::str::from_utf8(text)
        .map_err(|err| Unreadable { line: line_of(text, err.valid_up_to()), what: "it is not UTF-8".to_owned() })?;
    let start = if string.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scanner = Scanner { text: string, at: start, path: Vec::new(), each };
    scanner.value()?;
    scanner.blanks();
    match scanner.peek() {
        None => Ok(()),
        Some(_) => Err(scanner.wrong("something follows the JSON value")),
    }
}

struct Scanner<'t, 'e> {
    text: &'t str,
    at: usize,
    path: Vec<Step<'t>>,
    each: &'e mut dyn FnMut(&[Step<'t>], StringValue<'t>),
}

impl<'t> Scanner<'t, '_> {
    fn wrong(&self, what: &str) -> Unreadable {
        Unreadable { line: line_of(self.text.as_bytes(), self.at), what: format!("it is not JSON: {what}") }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// A value with the blanks before it.
    fn value(&mut self) -> Result<(), Unreadable> {
        self.blanks();
        match self.peek() {
            Some(b'"') => {
                let span = self.string()?;
                let raw = self.text.get(span.clone()).unwrap_or_default();
                (self.each)(&self.path, StringValue { span, raw });
                Ok(())
            }
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err(self.wrong("a value is expected")),
            None => Err(self.wrong("it ends where a value is expected")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<(), Unreadable>) -> Result<(), Unreadable> {
        if self.path.len() >= DEPTH_LIMIT {
            let what = format!("arrays and objects are more than {DEPTH_LIMIT} deep");
            return Err(Unreadable { line: line_of(self.text.as_bytes(), self.at), what });
        }
        self.at += 1;
        read(self)
    }

    /// The rest of an object after its `{`.
    fn object(&mut self) -> Result<(), Unreadable> {
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a member's name in double quotes is expected"));
            }
            let span = self.string()?;
            let name = unescaped(self.text.get(span.clone()).unwrap_or_default());
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.wrong("`:` is expected after a member's name"));
            }
            self.at += 1;
            self.path.push(Step::Member { name, span });
            self.value()?;
            self.path.pop();
            if self.is_last(b'}')? {
                return Ok(());
            }
        }
    }

    /// The rest of an array after its `[`.
    fn array(&mut self) -> Result<(), Unreadable> {
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        for index in 0.. {
            self.path.push(Step::Element { index });
            self.value()?;
            self.path.pop();
            if self.is_last(b']')? {
                break;
            }
        }
        Ok(())
    }

    /// Reads `,` or the end of an array or object; whether it was the end.
    fn is_last(&mut self, end: u8) -> Result<bool, Unreadable> {
        self.blanks();
        match self.peek() {
            Some(byte) if byte == end => self.at += 1,
            Some(b',') => {
                self.at += 1;
                return Ok(false);
            }
            Some(_) => return Err(self.wrong(&format!("`,` or `{}` is expected", char::from(end)))),
            None => return Err(self.wrong(&format!("it ends before `{}`", char::from(end)))),
        }
        Ok(true)
    }

    fn word(&mut self, word: &str) -> Result<(), Unreadable> {
        if !self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            return Err(self.wrong("a value is expected"));
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Unreadable> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong("a digit is expected")) } else { Ok(()) }
    }

    /// A string from its opening quote; gives what is between the quotes.
    fn string(&mut self) -> Result<Range<usize>, Unreadable> {
        self.at += 1;
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    let span = start..self.at;
                    self.at += 1;
                    return Ok(span);
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.wrong("a control character stands in a string")),
                None => return Err(self.wrong("it ends within a string")),
            }
        }
    }

    /// An escape from its backslash.
    fn escape(&mut self) -> Result<(), Unreadable> {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        self.at += match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => 6,
            _ => return Err(self.wrong("a string has an escape that JSON does not know")),
        };
        Ok(())
    }
}

/// What a string's text means, which [`Scanner::string`] has found to be right.
fn unescaped(raw: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', raw.as_bytes()) else {
        return Cow::Borrowed(raw);
    };
    let (plain, mut rest) = raw.split_at(first);
    let mut out = String::with_capacity(raw.len());
    out.push_str(plain);
    while let Some(escape) = rest.strip_prefix('\\') {
        let (character, after) = escaped(escape);
        out.push(character);
        let (plain, next) = after.split_at(memchr::memchr(b'\\', after.as_bytes()).unwrap_or(after.len()));
        out.push_str(plain);
        rest = next;
    }
    Cow::Owned(out)
}

/// The character of an escape after its backslash, and what follows it.
fn escaped(escape: &str) -> (char, &str) {
    let after = escape.get(1..).unwrap_or_default();
    let character = match escape.as_bytes().first() {
        Some(b'u') => return surrogates(after),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&byte) => char::from(byte),
        None => char::REPLACEMENT_CHARACTER,
    };
    (character, after)
}

/// The character of one `\u` escape, or two that are a pair; `rest` begins after the `u`.
fn surrogates(rest: &str) -> (char, &str) {
    let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let after = rest.get(4..).unwrap_or_default();
    let Some(first) = unit(rest) else {
        return (char::REPLACEMENT_CHARACTER, after);
    };
    let second = after.strip_prefix("\\u").and_then(unit);
    let pair = [Some(first), second.filter(|_| (0xd800..0xdc00).contains(&first))];
    let units = pair.into_iter().flatten();
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => (character, after.get(if character > '\u{ffff}' { 6 } else { 0 }..).unwrap_or_default()),
        _ => (char::REPLACEMENT_CHARACTER, after),
    }
}

#[cfg(test)]
mod tests;
