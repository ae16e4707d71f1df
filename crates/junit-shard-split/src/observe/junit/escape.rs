//! References (`&amp;`, `&#10;`) in attribute values and character data.

use super::notice::{NoticeKind, Notices};
use super::source::is_forbidden;

/// The longest reference that is looked at: a name of up to 61 letters, or leading zeros in a number.
pub(super) const MAX_REFERENCE_BYTES: usize = 64;

/// What stands at an `&`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// A character, and the length of the reference in bytes.
    Char(char, usize),
    /// A reference to a character that XML 1.0 forbids, with its length.
    Forbidden(u32, usize),
    /// An `&` that begins no reference.
    Bare,
    /// A reference to an entity that only a DTD could declare: its length, `&` and `;` included.
    Undeclared(usize),
}

/// Reads the reference at the beginning of `bytes`, which starts with `&` and is either [`MAX_REFERENCE_BYTES`] long or
/// all there is.
pub(super) fn reference(bytes: &[u8]) -> Reference {
    let window = &bytes[..bytes.len().min(MAX_REFERENCE_BYTES)];
    let Some(end) = memchr::memchr(b';', window) else {
        return Reference::Bare;
    };
    let length = end + 1;
    match &window[1..end] {
        b"lt" => Reference::Char('<', length),
        b"gt" => Reference::Char('>', length),
        b"amp" => Reference::Char('&', length),
        b"quot" => Reference::Char('"', length),
        b"apos" => Reference::Char('\'', length),
        [b'#', digits @ ..] => number(digits, length),
        name if is_name(name) => Reference::Undeclared(length),
        _ => Reference::Bare,
    }
}

fn number(digits: &[u8], length: usize) -> Reference {
    let (digits, radix) = match digits {
        [b'x' | b'X', hex @ ..] => (hex, 16),
        _ => (digits, 10),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Reference::Bare;
    }
    let value = digits.iter().try_fold(0_u32, |value, &digit| {
        let digit = char::from(digit).to_digit(radix)?;
        value.checked_mul(radix)?.checked_add(digit)
    });
    match value.map(|value| (value, char::from_u32(value))) {
        Some((_, Some(c))) if !is_forbidden(c) => Reference::Char(c, length),
        Some((value, _)) => Reference::Forbidden(value, length),
        // A number beyond 32 bits is no character; a decimal reference with hexadecimal digits is no reference.
        None if radix == 10 && !digits.iter().all(u8::is_ascii_digit) => Reference::Bare,
        None => Reference::Forbidden(u32::MAX, length),
    }
}

/// Close enough to the production Name: what begins with a letter and holds no space.
fn is_name(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|&b| b.is_ascii_alphabetic() || b == b'_' || b >= 0x80)
        && bytes.iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':') || b >= 0x80)
}

/// An entity that only a DTD could declare, as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UndeclaredEntity(pub(super) String);

/// Decodes an attribute value: references, and white space to spaces as
/// <https://www.w3.org/TR/xml/#AVNormalize> demands.
#[cold]
pub(super) fn attribute(raw: &str, notices: &mut Notices, line: u64) -> Result<String, UndeclaredEntity> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(|b| b == b'&' || b < b' ') {
        out.push_str(&rest[..at]);
        if rest.as_bytes()[at] != b'&' {
            let control = char::from(rest.as_bytes()[at]);
            if is_forbidden(control) {
                notices.add(NoticeKind::ForbiddenCharacter, line, &format!("U+{:04X}", u32::from(control)));
                out.push('\u{FFFD}');
            } else {
                out.push(' ');
            }
            rest = &rest[at + 1..];
            continue;
        }
        rest = &rest[at..];
        let used = match reference(rest.as_bytes()) {
            Reference::Undeclared(length) => return Err(UndeclaredEntity(rest[..length].to_owned())),
            other => push(&other, &mut out, notices, line),
        };
        rest = &rest[used..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Appends what a reference stands for, counts what was repaired, and returns how many bytes it took.
pub(super) fn push(reference: &Reference, out: &mut String, notices: &mut Notices, line: u64) -> usize {
    match *reference {
        Reference::Char(c, length) => {
            out.push(c);
            length
        }
        Reference::Forbidden(value, length) => {
            notices.add(NoticeKind::ForbiddenCharacter, line, &format!("&#x{value:X};"));
            out.push('\u{FFFD}');
            length
        }
        Reference::Bare => {
            notices.add(NoticeKind::BareAmpersand, line, "");
            out.push('&');
            1
        }
        Reference::Undeclared(length) => length,
    }
}
