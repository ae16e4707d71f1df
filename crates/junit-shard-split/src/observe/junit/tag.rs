//! One tag, scanned in place in the source's buffer.
//!
//! quick-xml was measured first: on 5,000 files in 16 reports (2.5 MB) its events took 30 and its attributes 26 of 119
//! million instructions, more than reading, adding up and matching together may take. This scanner copies nothing and
//! looks at each byte once.

use std::borrow::Cow;
use std::io::{self, Read};

use super::escape::{self, UndeclaredEntity};
use super::notice::Notices;
use super::source::Source;

/// What a tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    /// `<name …>`
    Start,
    /// `<name …/>`, or `<name …></name>`, whose second tag belongs to `text` as well
    Empty,
    /// `</name>`
    End,
    /// `<?…?>`
    Instruction,
}

/// An attribute as byte ranges of the tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawAttribute {
    name: u32,
    /// Where the name begins behind its namespace prefix.
    local: u32,
    name_end: u32,
    value: u32,
    value_end: u32,
    /// The value holds nothing that must be decoded.
    plain: bool,
    /// There is nothing around its `=`.
    tight: bool,
}

impl RawAttribute {
    #[inline]
    fn name_in(self, text: &str) -> &str {
        &text[self.name as usize..self.name_end as usize]
    }

    #[inline]
    fn local_name_in(self, text: &str) -> &str {
        &text[self.local as usize..self.name_end as usize]
    }

    #[inline]
    fn value_in(self, text: &str) -> Value<'_> {
        Value { raw: &text[self.value as usize..self.value_end as usize], plain: self.plain }
    }
}

/// A tag; `text` is all of it, from `<` to `>`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    pub(super) kind: TagKind,
    pub(super) text: &'a str,
    /// With its namespace prefix.
    pub(super) name: &'a str,
    /// Without it.
    pub(super) local_name: &'a str,
    pub(super) attributes: &'a [RawAttribute],
    /// There is certainly no line break in it.
    pub(super) one_line: bool,
}

impl<'a> Tag<'a> {
    /// The attributes in their order, with their local names.
    pub(super) fn each(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let Self { text, attributes, .. } = self;
        attributes.iter().map(move |attribute| (attribute.local_name_in(text), attribute.value_in(text)))
    }
}

/// Why there is no tag.
#[derive(Debug)]
pub(super) enum NoTag {
    Io(io::Error),
    /// The report ends inside it.
    Truncated,
    /// It has more bytes than [`super::Limits::tag_bytes`].
    TooLong,
    Malformed(&'static str),
}

/// The attributes of a tag in their order, with their names as written.
pub(super) fn each_qualified<'a>(
    text: &'a str,
    attributes: &'a [RawAttribute],
) -> impl Iterator<Item = (&'a str, Value<'a>)> {
    attributes.iter().map(|attribute| (attribute.name_in(text), attribute.value_in(text)))
}

/// An attribute's value, not yet decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    raw: &'a str,
    plain: bool,
}

impl<'a> Value<'a> {
    #[inline]
    pub(super) fn decode(self, notices: &mut Notices, line: u64) -> Result<Cow<'a, str>, UndeclaredEntity> {
        if self.plain {
            return Ok(Cow::Borrowed(self.raw));
        }
        escape::attribute(self.raw, notices, line).map(Cow::Owned)
    }
}

/// `name` without its namespace prefix.
#[inline]
pub(super) fn local(name: &str) -> &str {
    match name.as_bytes().iter().position(|&b| b == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// Reads the tag at the position of `source`, which is at its `<`, without consuming it.
pub(super) fn read<'a, R: Read>(
    source: &'a mut Source<R>,
    attributes: &'a mut Vec<RawAttribute>,
) -> Result<Tag<'a>, NoTag> {
    let max = source.max_tag_bytes().min(u32::MAX as usize / 2);
    let mut wanted = 2;
    let (kind, name, length, one_line) = loop {
        let available = source.peek(wanted).map_err(NoTag::Io)?;
        let ended = available.len() < wanted;
        attributes.clear();
        match scan(available.as_bytes(), attributes) {
            Scan::Tag { length, .. } if length > max => return Err(NoTag::TooLong),
            Scan::Tag { kind, name, length, one_line } => break (kind, name, length, one_line),
            Scan::Malformed(what) => return Err(NoTag::Malformed(what)),
            Scan::Incomplete if ended => return Err(NoTag::Truncated),
            Scan::Incomplete if available.len() > max => return Err(NoTag::TooLong),
            // Twice as much each time, so that scanning again costs no more than scanning once.
            Scan::Incomplete => wanted = (available.len() * 2).min(max.saturating_add(1)),
        }
    };
    let text = &source.buffered()[..length];
    let (local_name, name) = (&text[name.local..name.end], &text[name.start..name.end]);
    Ok(Tag { kind, text, name, local_name, attributes, one_line })
}

/// Where the name of a tag stands.
#[derive(Debug, Clone, Copy)]
struct Name {
    start: usize,
    local: usize,
    end: usize,
}

impl Name {
    /// The name at `start`.
    #[inline]
    fn at(bytes: &[u8], start: usize) -> Self {
        let mut name = Self { start, local: start, end: start + name_length(&bytes[start..]) };
        while bytes.get(name.end) == Some(&b':') {
            name.local = name.end + 1;
            name.end = name.local + name_length(&bytes[name.local..]);
        }
        name
    }
}

enum Scan {
    Tag { kind: TagKind, name: Name, length: usize, one_line: bool },
    Incomplete,
    Malformed(&'static str),
}

fn scan(bytes: &[u8], attributes: &mut Vec<RawAttribute>) -> Scan {
    match bytes.get(1) {
        None => Scan::Incomplete,
        Some(b'/') => scan_end(bytes),
        Some(b'?') => match memchr::memmem::find(&bytes[2..], b"?>") {
            Some(at) => Scan::Tag {
                kind: TagKind::Instruction,
                name: Name { start: 2, local: 2, end: 2 },
                length: at + 4,
                one_line: false,
            },
            None => Scan::Incomplete,
        },
        Some(&b) if begins_name(b) => scan_start(bytes, attributes),
        Some(_) => Scan::Malformed("a `<` begins no tag; in text it must be `&lt;`"),
    }
}

#[inline]
fn scan_end(bytes: &[u8]) -> Scan {
    let name = Name::at(bytes, 2);
    let at = name.end + space_length(&bytes[name.end..]);
    match bytes.get(at) {
        None => Scan::Incomplete,
        Some(b'>') if name.end > 2 => Scan::Tag { kind: TagKind::End, name, length: at + 1, one_line: at == name.end },
        Some(_) => Scan::Malformed("a closing tag cannot be read"),
    }
}

// Not inlined: among its caller's variables it finds too few registers, which was measured.
#[inline(never)]
fn scan_start(bytes: &[u8], attributes: &mut Vec<RawAttribute>) -> Scan {
    let name = Name::at(bytes, 1);
    let mut at = name.end;
    let mut one_line = true;
    loop {
        // One space, nearly always.
        at += usize::from(bytes.get(at) == Some(&b' '));
        if bytes.get(at).is_some_and(|&b| b <= b' ') {
            at += space_length(&bytes[at..]);
            one_line = false;
        }
        match bytes.get(at) {
            None => return Scan::Incomplete,
            Some(b'>') => return started(bytes, name, at + 1, one_line),
            Some(b'/') => {
                return match bytes.get(at + 1) {
                    None => Scan::Incomplete,
                    Some(b'>') => Scan::Tag { kind: TagKind::Empty, name, length: at + 2, one_line },
                    Some(_) => Scan::Malformed("a `/` stands inside a tag"),
                };
            }
            Some(&b) if begins_name(b) => {}
            Some(_) => return Scan::Malformed("a tag holds something that is no attribute"),
        }
        // XML wants a space between attributes; that some writers forget it makes nothing ambiguous.
        match scan_attribute(bytes, at) {
            Ok(Some(attribute)) => {
                at = attribute.value_end as usize + 1;
                one_line &= attribute.plain && attribute.tight;
                attributes.push(attribute);
            }
            Ok(None) => return Scan::Incomplete,
            Err(what) => return Scan::Malformed(what),
        }
    }
}

/// A tag that ends at `length`, and is closed right behind it as often as not: both are one then.
#[inline]
fn started(bytes: &[u8], name: Name, length: usize, one_line: bool) -> Scan {
    let closed = bytes[length..].strip_prefix(b"</").and_then(|rest| rest.strip_prefix(&bytes[name.start..name.end]));
    match closed {
        Some([b'>', ..]) => {
            let length = length + b"</>".len() + name.end - name.start;
            Scan::Tag { kind: TagKind::Empty, name, length, one_line }
        }
        _ => Scan::Tag { kind: TagKind::Start, name, length, one_line },
    }
}

/// `None` when the bytes end first.
#[inline]
fn scan_attribute(bytes: &[u8], start: usize) -> Result<Option<RawAttribute>, &'static str> {
    let name = Name::at(bytes, start);
    let mut at = name.end;
    let mut tight = true;
    if let Some(b"=\"") = bytes.get(at..at + 2) {
        at += 2;
    } else {
        tight = false;
        match opening_quote(bytes, at)? {
            Some(behind) => at = behind,
            None => return Ok(None),
        }
    }
    let quote = bytes[at - 1];
    let special = at + special_length(&bytes[at..], quote);
    let (end, plain) = match bytes.get(special) {
        None => return Ok(None),
        Some(&b) if b == quote => (special, true),
        Some(_) => match memchr::memchr(quote, &bytes[special..]) {
            Some(further) => (special + further, false),
            None => return Ok(None),
        },
    };
    // `read` takes no tag of 4 GiB.
    let short = |at: usize| at as u32;
    Ok(Some(RawAttribute {
        name: short(start),
        local: short(name.local),
        name_end: short(name.end),
        value: short(at),
        value_end: short(end),
        plain,
        tight,
    }))
}

/// Goes from the end of a name over `=` and the quote, with spaces around them. `None` when the bytes end first.
fn opening_quote(bytes: &[u8], mut at: usize) -> Result<Option<usize>, &'static str> {
    for (wanted, missing) in
        [(*b"==", "an attribute has no value"), (*b"\"'", "an attribute's value stands without quotes")]
    {
        at += space_length(&bytes[at..]);
        match bytes.get(at) {
            None => return Ok(None),
            Some(b) if wanted.contains(b) => at += 1,
            Some(_) => return Err(missing),
        }
    }
    Ok(Some(at))
}

fn begins_name(b: u8) -> bool {
    // Letters first, by the one test that nearly always decides.
    (b | 0x20).wrapping_sub(b'a') < 26 || b == b'_' || b == b':' || b >= 0x80
}

/// Bytes that end a name or a namespace prefix.
static ENDS_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b":=>/ \t\n\r\"'<";
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

#[inline]
fn name_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    while length < bytes.len() && !ENDS_NAME[usize::from(bytes[length])] {
        length += 1;
    }
    length
}

#[inline]
fn space_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(bytes.len())
}

/// Bytes before the first that is the quote, `&` or a control character.
#[inline]
fn special_length(bytes: &[u8], quote: u8) -> usize {
    length_until(bytes, b'\'' + 1, |b| b == quote || b == b'&' || b < b' ')
}

/// Bytes before the first for which `stops` says so, which is only asked about bytes below `limit` (at most 128). Eight
/// at a time, as on <https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord>; the lowest mark is exact.
#[inline]
fn length_until(bytes: &[u8], limit: u8, stops: impl Fn(u8) -> bool) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let limits = LOW * u64::from(limit);
    let mut at = 0;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*word);
        let below = word.wrapping_sub(limits) & !word & HIGH;
        if below == 0 {
            at += 8;
            continue;
        }
        at += below.trailing_zeros() as usize / 8;
        if stops(bytes[at]) {
            return at;
        }
        at += 1;
    }
    while at < bytes.len() && !stops(bytes[at]) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eight_at_a_time_finds_what_one_at_a_time_finds(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let slow = bytes.iter().position(|&b| b == b'"' || b == b'&' || b < b' ').unwrap_or(bytes.len());
            prop_assert_eq!(special_length(&bytes, b'"'), slow);
        }
    }
}
