//! A start tag as its parser gives it, without anything copied from the file.

use super::character_reference::Language;
use super::decoded::{Decoded, UnknownEntity};

/// Whose element it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    /// HTML, or XHTML within an SVG file.
    Html,
    /// SVG, alone or within HTML.
    Svg,
    /// MathML or anything else: only `style` counts.
    Other,
}

/// An attribute with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'t> {
    /// As it is written, without a prefix in XML.
    pub name: &'t str,
    /// The value's bytes, without quotes.
    pub raw: &'t str,
    /// Where they begin in the file.
    pub at: usize,
    /// `"`, `'`, or 0 without quotes.
    pub quote: u8,
}

impl<'t> Attribute<'t> {
    /// The value freed from character references.
    ///
    /// # Errors
    /// `UnknownEntity` in XML.
    pub fn decoded(&self, language: Language) -> Result<Decoded<'t>, UnknownEntity> {
        Decoded::read(self.raw, self.at, language)
    }
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub struct Element<'t, 'a> {
    /// Whose it is.
    pub namespace: Namespace,
    /// In lower case, without a prefix.
    pub name: &'a str,
    /// In the order of the file; of two with one name the first counts.
    pub attributes: &'a [Attribute<'t>],
    /// What its values are written in.
    pub language: Language,
}

impl<'t> Element<'t, '_> {
    /// The attribute with that name, in upper or lower case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// What an attribute means; `None` when it is not there, or has an entity that is not known.
    pub fn value(&self, name: &str) -> Option<Decoded<'t>> {
        self.attribute(name).and_then(|attribute| attribute.decoded(self.language).ok())
    }

    /// Whether an attribute is one of the words, in upper or lower case.
    pub fn is(&self, name: &str, words: &[&str]) -> bool {
        self.value(name).is_some_and(|value| words.iter().any(|word| value.text().trim().eq_ignore_ascii_case(word)))
    }
}
