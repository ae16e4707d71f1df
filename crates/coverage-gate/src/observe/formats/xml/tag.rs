//! One tag, scanned where it lies in the buffer, each byte looked at once.

/// Longest tag. Signatures of generated code reach a hundred kilobytes.
pub(super) const MAX_TAG_BYTES: usize = 1 << 20;
/// Most attributes of one element; no report has more than twenty.
const MAX_ATTRIBUTES: usize = 256;
/// Longest name of an element or attribute; no format has one of forty.
const MAX_NAME_BYTES: usize = 1024;

/// An attribute as byte ranges of its tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawAttribute {
    pub(super) name: (u32, u32),
    pub(super) value: (u32, u32),
    /// The value holds neither a reference nor a control character.
    pub(super) plain: bool,
}

/// What a tag is. Lengths count from its `<` and include its `>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// `<name …>` or, when `empty`, `<name …/>`.
    Open { name_end: usize, length: usize, empty: bool },
    /// The bytes end inside it.
    Incomplete,
    /// It breaks the rules, or a bound.
    Malformed(&'static str),
}

/// Bytes that end a name.
static ENDS_NAME: [bool; 256] = table(b"=>/ \"'<&;");
/// Bytes that end the plain part of a value: `<`, `&`, quotes of either kind.
static ENDS_PLAIN: [bool; 256] = table(b"<&\"'");

/// These bytes and the control characters.
const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = true;
        at += 1;
    }
    at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

#[inline]
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[inline]
fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

/// End of the name that begins at `at`.
#[inline]
pub(super) fn name_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && !ENDS_NAME[usize::from(bytes[at])] {
        at += 1;
    }
    at
}

#[inline]
pub(super) fn space_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && is_space(bytes[at]) {
        at += 1;
    }
    at
}

/// Scans the start tag at the beginning of `bytes` and puts its attributes into `attributes`.
// Not inlined: among its caller's variables it finds too few registers.
#[inline(never)]
pub(super) fn scan(bytes: &[u8], attributes: &mut Vec<RawAttribute>) -> Scan {
    attributes.clear();
    match bytes.get(1) {
        None => return Scan::Incomplete,
        Some(&byte) if begins_name(byte) => {}
        Some(_) => return Scan::Malformed("a `<` begins no tag; in text it must be `&lt;`"),
    }
    let name_end = name_end(bytes, 1);
    if name_end > MAX_NAME_BYTES {
        return Scan::Malformed("the name of an element is longer than 1024 bytes");
    }
    let mut at = name_end;
    loop {
        let spaced = at;
        at = space_end(bytes, at);
        match bytes.get(at) {
            None => return Scan::Incomplete,
            Some(b'>') => return Scan::Open { name_end, length: at + 1, empty: false },
            Some(b'/') => {
                return match bytes.get(at + 1) {
                    None => Scan::Incomplete,
                    Some(b'>') => Scan::Open { name_end, length: at + 2, empty: true },
                    Some(_) => Scan::Malformed("a `/` stands inside a tag"),
                };
            }
            Some(_) if at == spaced => return Scan::Malformed("there is no space before an attribute"),
            Some(&byte) if begins_name(byte) => {}
            Some(_) => return Scan::Malformed("a tag holds something that is no attribute"),
        }
        match scan_attribute(bytes, at) {
            Ok(Some(attribute)) => {
                if is_repeated(bytes, attributes, attribute) {
                    return Scan::Malformed("an element has the same attribute twice");
                }
                if attributes.len() == MAX_ATTRIBUTES {
                    return Scan::Malformed("an element has more than 256 attributes");
                }
                attributes.push(attribute);
                at = attribute.value.1 as usize + 1;
            }
            Ok(None) => return Scan::Incomplete,
            Err(what) => return Scan::Malformed(what),
        }
    }
}

#[inline]
fn is_repeated(bytes: &[u8], attributes: &[RawAttribute], new: RawAttribute) -> bool {
    let name_of = |(start, end): (u32, u32)| &bytes[start as usize..end as usize];
    let length = new.name.1 - new.name.0;
    attributes.iter().any(|old| old.name.1 - old.name.0 == length && name_of(old.name) == name_of(new.name))
}

/// `None` when the bytes end first.
#[inline]
fn scan_attribute(bytes: &[u8], start: usize) -> Result<Option<RawAttribute>, &'static str> {
    let name_end = name_end(bytes, start);
    if name_end - start > MAX_NAME_BYTES {
        return Err("the name of an attribute is longer than 1024 bytes");
    }
    let mut at = name_end;
    if bytes.get(at..at + 2) == Some(b"=\"") {
        at += 2;
    } else {
        match opening_quote(bytes, at)? {
            Some(behind) => at = behind,
            None => return Ok(None),
        }
    }
    let quote = bytes[at - 1];
    let (mut end, mut plain) = (at, true);
    loop {
        while end < bytes.len() && !ENDS_PLAIN[usize::from(bytes[end])] {
            end += 1;
        }
        match bytes.get(end) {
            None => return Ok(None),
            Some(&byte) if byte == quote => break,
            Some(b'"' | b'\'') => {}
            Some(b'<') => return Err("a `<` stands in the value of an attribute; it must be `&lt;`"),
            Some(_) => plain = false,
        }
        end += 1;
    }
    // A tag has less than 2^32 bytes: the scanner never holds more than MAX_TAG_BYTES and one chunk.
    let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let attribute = RawAttribute { name: (short(start), short(name_end)), value: (short(at), short(end)), plain };
    Ok(Some(attribute))
}

/// Goes from the end of a name over `=` and the quote, with spaces around them. `None` when the bytes end first.
fn opening_quote(bytes: &[u8], mut at: usize) -> Result<Option<usize>, &'static str> {
    let wanted = [(*b"==", "an attribute has no value"), (*b"\"'", "an attribute's value stands without quotes")];
    for (bytes_wanted, missing) in wanted {
        at = space_end(bytes, at);
        match bytes.get(at) {
            None => return Ok(None),
            Some(byte) if bytes_wanted.contains(byte) => at += 1,
            Some(_) => return Err(missing),
        }
    }
    Ok(Some(at))
}
