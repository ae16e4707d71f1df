//! `&amp;` and the like: what a character reference in HTML or XML means.

use std::sync::LazyLock;

/// The language that says which references there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// HTML's text: named references, some of them without a semicolon (WHATWG HTML, section 13.2.5.73).
    HtmlText,
    /// An attribute's value in HTML: the same, but `&copy=1` and `&copyright` stay, for the sake of URLs with queries.
    HtmlAttribute,
    /// XML 1.0: five names and numbers, always with a semicolon. Other names are entities of a document type, which are not
    /// expanded.
    Xml,
}

/// What an ampersand begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Itself (HTML).
    Ampersand,
    /// One or two characters, written with so many bytes from the ampersand on.
    Characters(String, usize),
    /// An entity that a document type would declare, or nothing that XML knows.
    Entity,
}

/// The longest name is `CounterClockwiseContourIntegral;`.
const NAME_LIMIT_BYTES: usize = 32;

/// Name, blank, code points in hexadecimal, one a line, sorted by the names' bytes: WHATWG HTML, section 13.5.
static NAMED: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    include_str!("character_references.txt").lines().filter_map(|line| line.split_once(' ')).collect()
});

/// What the text means from an ampersand, its first byte, on.
pub fn meaning(text: &str, language: Language) -> Meaning {
    let after = text.get(1..).unwrap_or_default();
    match (after.as_bytes().first(), language) {
        (Some(b'#'), _) => numeric(after, language),
        (_, Language::Xml) => predefined(after),
        (Some(byte), _) if byte.is_ascii_alphanumeric() => named(after, language),
        _ => Meaning::Ampersand,
    }
}

fn predefined(after: &str) -> Meaning {
    for (name, character) in [("amp;", "&"), ("lt;", "<"), ("gt;", ">"), ("quot;", "\""), ("apos;", "'")] {
        if after.starts_with(name) {
            return Meaning::Characters(character.to_owned(), 1 + name.len());
        }
    }
    Meaning::Entity
}

fn named(after: &str, language: Language) -> Meaning {
    let bytes = after.as_bytes();
    let letters = bytes.iter().take(NAME_LIMIT_BYTES).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let longest = letters + usize::from(bytes.get(letters) == Some(&b';'));
    for length in (1..=longest).rev() {
        let name = after.get(..length).unwrap_or_default();
        let Ok(at) = NAMED.binary_search_by(|(other, _)| (*other).cmp(name)) else {
            continue;
        };
        let goes_on = bytes.get(length).is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric());
        if language == Language::HtmlAttribute && !name.ends_with(';') && goes_on {
            return Meaning::Ampersand;
        }
        let points = NAMED.get(at).map_or("", |(_, points)| *points);
        let characters = points.split(' ').filter_map(|point| char::from_u32(u32::from_str_radix(point, 16).ok()?));
        return Meaning::Characters(characters.collect(), 1 + length);
    }
    Meaning::Ampersand
}

fn numeric(after: &str, language: Language) -> Meaning {
    let bytes = after.as_bytes();
    let (radix, start) = match bytes.get(1) {
        Some(b'x') => (16, 2),
        Some(b'X') if language != Language::Xml => (16, 2),
        _ => (10, 1),
    };
    let digits = bytes.iter().skip(start).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let end = start + digits;
    let closed = bytes.get(end) == Some(&b';');
    if language == Language::Xml && (digits == 0 || !closed) {
        return Meaning::Entity;
    }
    if digits == 0 {
        return Meaning::Ampersand;
    }
    // More digits than a number holds are beyond Unicode as well.
    let number = after.get(start..end).and_then(|digits| u32::from_str_radix(digits, radix).ok()).unwrap_or(u32::MAX);
    Meaning::Characters(character(number, language).to_string(), 1 + end + usize::from(closed))
}

fn character(number: u32, language: Language) -> char {
    let number = match number {
        0x80..=0x9f if language != Language::Xml => {
            let at = usize::try_from(number - 0x80).unwrap_or_default();
            WINDOWS_1252.get(at).copied().map_or(number, u32::from)
        }
        0 => u32::MAX,
        other => other,
    };
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// What the numbers 0x80 to 0x9f mean in HTML (section 13.2.5.80): windows-1252, and themselves where that has nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(text: &str, language: Language) -> Option<(String, usize)> {
        match meaning(text, language) {
            Meaning::Characters(characters, length) => Some((characters, length)),
            _ => None,
        }
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert_eq!(NAMED.len(), 2231);
        assert!(NAMED.is_sorted());
        assert!(NAMED.iter().all(|(name, points)| name.len() <= NAME_LIMIT_BYTES && !points.is_empty()));
    }

    #[test]
    fn references_mean_what_the_languages_say() {
        use Language::{HtmlAttribute, HtmlText, Xml};
        for (text, language, expected) in [
            ("&amp;b", HtmlAttribute, Some(("&", 5))),
            ("&ampb", HtmlAttribute, None),
            ("&amp=b", HtmlAttribute, None),
            ("&amp.b", HtmlAttribute, Some(("&", 4))),
            ("&ampb", HtmlText, Some(("&", 4))),
            ("&copy", HtmlAttribute, Some(("©", 5))),
            ("&notin;", HtmlText, Some(("∉", 7))),
            ("&notit;", HtmlText, Some(("¬", 4))),
            ("&notit;", HtmlAttribute, None),
            ("&CounterClockwiseContourIntegral;", HtmlText, Some(("∳", 33))),
            ("&NotEqualTilde;", HtmlText, Some(("≂\u{338}", 15))),
            ("&nosuch;", HtmlText, None),
            ("& amp;", HtmlText, None),
            ("&", HtmlText, None),
            ("&#38;", HtmlText, Some(("&", 5))),
            ("&#38b", HtmlText, Some(("&", 4))),
            ("&#X2f;", HtmlText, Some(("/", 6))),
            ("&#x2F;", Xml, Some(("/", 6))),
            ("&#X2f;", Xml, None),
            ("&#x2F", Xml, None),
            ("&#x;", HtmlText, None),
            ("&#;", HtmlText, None),
            ("&#0;", HtmlText, Some(("\u{fffd}", 4))),
            ("&#128;", HtmlText, Some(("€", 6))),
            ("&#128;", Xml, Some(("\u{80}", 6))),
            ("&#xd800;", HtmlText, Some(("\u{fffd}", 8))),
            ("&#99999999999999999999;", HtmlText, Some(("\u{fffd}", 23))),
            ("&apos;x", Xml, Some(("'", 6))),
            ("&é", HtmlText, None),
        ] {
            let expected = expected.map(|(characters, length)| (characters.to_owned(), length));
            assert_eq!(characters(text, language), expected, "{text} {language:?}");
        }
        assert_eq!(meaning("&logo;", Xml), Meaning::Entity);
        assert_eq!(meaning("& b", Xml), Meaning::Entity);
        assert_eq!(meaning("&#x2F ", Xml), Meaning::Entity);
    }
}
