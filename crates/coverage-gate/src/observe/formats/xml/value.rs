//! Values and text: references (`&amp;`, `&#10;`), white space and encodings. There is no table of entities, so nothing can
//! expand: only the five that XML itself names are known (<https://www.w3.org/TR/xml/#sec-predefined-ent>).

use super::tag::is_space;
use crate::observe::whole_lines::quote;
use std::borrow::Cow;

/// Longest reference, `&` and `;` included: leading zeros in a number.
pub(super) const MAX_REFERENCE_BYTES: usize = 32;
/// What is said of an `&` that begins none.
const NO_REFERENCE: &str = "an `&` begins no reference; in text it must be `&amp;`";

/// How bytes become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes that are none become U+FFFD.
    Utf8,
    /// ISO-8859-1, and what differs from it only in control characters or a few signs.
    Latin1,
}

impl Encoding {
    /// By the name in an XML declaration. UTF-16 was made UTF-8 before, and other names are those of writers that meant
    /// UTF-8, or ASCII.
    pub(super) fn named(name: &[u8]) -> Encoding {
        let latin1 = ["iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "iso-8859-15"];
        if latin1.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name)) {
            Encoding::Latin1
        } else {
            Encoding::Utf8
        }
    }

    pub(super) fn text(self, raw: &[u8]) -> Cow<'_, str> {
        match self {
            Encoding::Latin1 if !raw.is_ascii() => Cow::Owned(raw.iter().map(|&byte| char::from(byte)).collect()),
            _ => String::from_utf8_lossy(raw),
        }
    }
}

/// What stands in the place of a character: the character and how many bytes it took. `bytes` begins with `&`.
/// Errors: what is wrong, as a sentence.
pub(super) fn reference(bytes: &[u8]) -> Result<(char, usize), String> {
    let window = &bytes[..bytes.len().min(MAX_REFERENCE_BYTES)];
    let Some(end) = memchr::memchr(b';', window) else {
        return Err(NO_REFERENCE.to_owned());
    };
    let found = match &window[1..end] {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', digits @ ..] => numbered(digits)
            .ok_or_else(|| format!("`{}` is the number of no character that XML allows", quote(&window[..=end])))?,
        name if name.is_empty() || name.iter().any(|&byte| !byte.is_ascii_graphic() && byte < 0x80) => {
            return Err(NO_REFERENCE.to_owned());
        }
        name => {
            let name = String::from_utf8_lossy(name);
            return Err(format!(
                "the entity `&{name};` is none of the five of XML; entities of a DTD are never expanded"
            ));
        }
    };
    Ok((found, end + 1))
}

fn numbered(digits: &[u8]) -> Option<char> {
    let (digits, radix) = match digits {
        [b'x', hex @ ..] => (hex, 16),
        _ => (digits, 10),
    };
    let value = digits
        .iter()
        .try_fold(0_u32, |value, &digit| value.checked_mul(radix)?.checked_add(char::from(digit).to_digit(radix)?))?;
    char::from_u32(value).filter(|found| !digits.is_empty() && !is_forbidden(*found))
}

/// What the production Char of XML 1.0 leaves out (<https://www.w3.org/TR/xml/#charsets>).
fn is_forbidden(found: char) -> bool {
    matches!(found, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Resolves references; white space becomes spaces, as <https://www.w3.org/TR/xml/#AVNormalize> demands.
/// Errors: what is wrong, as a sentence.
pub(super) fn decode(raw: &[u8], encoding: Encoding) -> Result<String, String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.iter().position(|&byte| byte == b'&' || byte < b' ') {
        out.push_str(&encoding.text(&rest[..at]));
        rest = &rest[at..];
        if rest[0] == b'&' {
            let (found, length) = reference(rest)?;
            out.push(found);
            rest = &rest[length..];
        } else if is_space(rest[0]) {
            out.push(' ');
            rest = &rest[1..];
        } else {
            return Err(format!("the control character U+{:04X} stands in a value; XML forbids it", rest[0]));
        }
    }
    out.push_str(&encoding.text(rest));
    Ok(out)
}
