//! Text freed from character references, with the way back to the file: other parsers read the text, and their spans are
//! spans of the file again.

use super::character_reference::{Language, Meaning, meaning};
use std::borrow::Cow;
use std::ops::Range;

/// What a piece of markup means, and where each byte of that comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'t> {
    text: Cow<'t, str>,
    /// In order; together they are the whole text. None when the text is that of the file, as nearly all are.
    pieces: Vec<Piece>,
    /// Where it begins in the file.
    at: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the text.
    start: usize,
    /// Where it lies in the file.
    source: Range<usize>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Its bytes are those of the file.
    Copied,
    /// The same within a CDATA section.
    Cdata,
    /// One character reference.
    Reference,
}

/// An entity of a document type, which is not expanded, or an ampersand that XML does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEntity {
    /// The ampersand's place in the file.
    pub at: usize,
}

impl<'t> Decoded<'t> {
    /// Reads what stands in the file from `at` on.
    ///
    /// # Errors
    /// `UnknownEntity` in XML.
    pub fn read(raw: &'t str, at: usize, language: Language) -> Result<Self, UnknownEntity> {
        if memchr::memchr(b'&', raw.as_bytes()).is_none() {
            return Ok(Decoded { text: Cow::Borrowed(raw), pieces: Vec::new(), at });
        }
        let mut decoded = Decoded { text: Cow::Owned(String::with_capacity(raw.len())), pieces: Vec::new(), at };
        decoded.push(raw, at, language)?;
        Ok(decoded)
    }

    /// Reads the text of an element of SVG, from `at` in the file on: character references, CDATA sections and comments.
    /// `None` when there are other tags in it.
    ///
    /// # Errors
    /// `UnknownEntity` in XML.
    pub fn read_element(raw: &'t str, at: usize, language: Language) -> Result<Option<Self>, UnknownEntity> {
        if memchr::memchr(b'<', raw.as_bytes()).is_none() {
            return Self::read(raw, at, language).map(Some);
        }
        let mut decoded = Decoded { text: Cow::Owned(String::with_capacity(raw.len())), pieces: Vec::new(), at };
        let mut rest = raw;
        while !rest.is_empty() {
            let start = at + (raw.len() - rest.len());
            if let Some(inner) = rest.strip_prefix("<![CDATA[") {
                let (inner, after) = inner.split_once("]]>").unwrap_or((inner, ""));
                decoded.copy(inner, start + "<![CDATA[".len(), Kind::Cdata);
                rest = after;
            } else if let Some(inner) = rest.strip_prefix("<!--") {
                rest = inner.split_once("-->").map_or("", |(_, after)| after);
            } else if rest.starts_with('<') {
                return Ok(None);
            } else {
                let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
                decoded.push(text, start, language)?;
                rest = after;
            }
        }
        Ok(Some(decoded))
    }

    fn push(&mut self, raw: &str, at: usize, language: Language) -> Result<(), UnknownEntity> {
        // Up to `copied` everything has been pushed; up to `seen` there is no reference.
        let (mut copied, mut seen) = (0, 0);
        while let Some(found) = memchr::memchr(b'&', raw.as_bytes().get(seen..).unwrap_or_default()) {
            let ampersand = seen + found;
            match meaning(raw.get(ampersand..).unwrap_or_default(), language) {
                Meaning::Ampersand => seen = ampersand + 1,
                Meaning::Entity => return Err(UnknownEntity { at: at + ampersand }),
                Meaning::Characters(characters, length) => {
                    self.copy(raw.get(copied..ampersand).unwrap_or_default(), at + copied, Kind::Copied);
                    let source = at + ampersand..at + ampersand + length;
                    self.pieces.push(Piece { start: self.text.len(), source, kind: Kind::Reference });
                    self.text.to_mut().push_str(&characters);
                    copied = ampersand + length;
                    seen = copied;
                }
            }
        }
        self.copy(raw.get(copied..).unwrap_or_default(), at + copied, Kind::Copied);
        Ok(())
    }

    fn copy(&mut self, raw: &str, at: usize, kind: Kind) {
        if !raw.is_empty() {
            self.pieces.push(Piece { start: self.text.len(), source: at..at + raw.len(), kind });
            self.text.to_mut().push_str(raw);
        }
    }

    /// What it means.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the file that a part of the text comes from. A part of what one reference gives is the whole reference.
    pub fn source(&self, part: Range<usize>) -> Range<usize> {
        if self.pieces.is_empty() {
            return self.at + part.start..self.at + part.end;
        }
        let after = self.pieces.partition_point(|piece| piece.start <= part.start);
        let start = self.pieces.get(after.saturating_sub(1)).map_or(0, |piece| match piece.kind {
            Kind::Reference => piece.source.start,
            Kind::Copied | Kind::Cdata => (piece.source.start + (part.start - piece.start)).min(piece.source.end),
        });
        let after = self.pieces.partition_point(|piece| piece.start < part.end);
        let end = self.pieces.get(after.saturating_sub(1)).map_or(0, |piece| match piece.kind {
            Kind::Reference => piece.source.end,
            Kind::Copied | Kind::Cdata => piece.source.start + (part.end.saturating_sub(piece.start)),
        });
        start..end.max(start)
    }

    /// Whether a part of the text lies in one CDATA section, where nothing is escaped; `None` when it lies in both kinds of
    /// text, or has a comment within it, and so can't be written anew as one.
    pub fn is_cdata(&self, part: &Range<usize>) -> Option<bool> {
        if self.pieces.is_empty() {
            return Some(false);
        }
        let first = self.pieces.partition_point(|piece| piece.start <= part.start).saturating_sub(1);
        let last = self.pieces.partition_point(|piece| piece.start < part.end);
        let pieces = self.pieces.get(first..last).filter(|pieces| !pieces.is_empty())?;
        let together = pieces.windows(2).all(|pair| matches!(pair, [a, b] if a.source.end == b.source.start));
        let cdata = pieces.iter().filter(|piece| piece.kind == Kind::Cdata).count();
        (together && (cdata == 0 || cdata == pieces.len())).then_some(cdata > 0)
    }

    /// The text without the blanks at its ends, and what a URL's parser takes off there too.
    pub fn trimmed(&self) -> Range<usize> {
        let is_blank = |c: char| c <= ' ';
        let start = self.text.len() - self.text.trim_start_matches(is_blank).len();
        let end = self.text.trim_end_matches(is_blank).len();
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each character of the text with the bytes of the file that it comes from.
    fn characters(decoded: &Decoded<'_>, file: &str) -> Vec<(char, String)> {
        let spans = decoded.text().char_indices().map(|(at, c)| (c, decoded.source(at..at + c.len_utf8())));
        spans.map(|(c, span)| (c, file[span].to_owned())).collect()
    }

    #[test]
    fn each_character_knows_where_it_comes_from() {
        let file = "..a&amp;é&#x2f;&NotEqualTilde;b&c..";
        let decoded = Decoded::read(&file[2..file.len() - 2], 2, Language::HtmlAttribute).unwrap();
        let expected = [
            ('a', "a"),
            ('&', "&amp;"),
            ('é', "é"),
            ('/', "&#x2f;"),
            ('≂', "&NotEqualTilde;"),
            ('\u{338}', "&NotEqualTilde;"),
            ('b', "b"),
            ('&', "&"),
            ('c', "c"),
        ];
        assert_eq!(characters(&decoded, file), expected.map(|(c, raw)| (c, raw.to_owned())));
        assert_eq!(&file[decoded.source(1..5)], "&amp;é&#x2f;");
        assert_eq!(decoded.source(0..0), 2..2);
        assert_eq!(Decoded::read(" \t&#10;a b&#32; ", 0, Language::Xml).unwrap().trimmed(), 3..6);
    }

    #[test]
    fn elements_have_sections_and_comments() {
        let file = "a&lt;<!-- x & --><![CDATA[b&lt;]]>c";
        let decoded = Decoded::read_element(file, 0, Language::Xml).unwrap().unwrap();
        assert_eq!(decoded.text(), "a<b&lt;c");
        assert_eq!(decoded.is_cdata(&(0..2)), Some(false));
        assert_eq!(decoded.is_cdata(&(2..7)), Some(true));
        assert_eq!(decoded.is_cdata(&(1..3)), None);
        assert_eq!(decoded.is_cdata(&(6..8)), None);
        assert_eq!(&file[decoded.source(2..7)], "b&lt;");
        assert_eq!(Decoded::read_element("a<b/>", 0, Language::Xml), Ok(None));
        let commented = Decoded::read_element("a<!-- -->b", 0, Language::Xml).unwrap().unwrap();
        assert_eq!((commented.text(), commented.is_cdata(&(0..2))), ("ab", None));
        assert_eq!(Decoded::read_element("ab&x;<!---->", 7, Language::Xml), Err(UnknownEntity { at: 9 }));
    }

    proptest! {
        #[test]
        fn copied_characters_are_those_of_the_file(raw in "([&#;xamplt0-9é <>]|&amp;|&#47;|<!\\[CDATA\\[|\\]\\]>){0,20}", xml: bool) {
            let language = if xml { Language::Xml } else { Language::HtmlText };
            let read = [Decoded::read(&raw, 0, language).map(Some), Decoded::read_element(&raw, 0, language)];
            for decoded in read.into_iter().flatten().flatten() {
                let mut end = 0;
                for (character, source) in characters(&decoded, &raw) {
                    prop_assert!(source.starts_with('&') || source == character.to_string());
                    end += source.len();
                }
                prop_assert!(end <= raw.len());
            }
        }
    }
}
