//! Texts in other languages within a page or a picture: scripts, styles, import maps, JSON-LD.

use super::json_ld;
use crate::plan::references::markup::attributes::{Collector, within};
use crate::plan::references::markup::character_reference::Language;
use crate::plan::references::markup::decoded::Decoded;
use crate::plan::references::markup::element::{Element, Namespace};
use crate::plan::references::{Found, Reference, Unreadable, Writing, css, import_map, javascript};
use std::ops::Range;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `<style>`.
    Css,
    /// `<script>`.
    Classic,
    /// `<script type=module>`.
    Module,
    /// `<script type=importmap>`.
    ImportMap,
    /// `<script type=application/ld+json>`.
    JsonLd,
    /// `<noscript>`: a page within the page.
    Noscript,
    /// Something else: a template, data, or a script that is loaded from elsewhere.
    Data,
}

/// A text and its place.
#[derive(Debug)]
pub struct Embedded {
    /// What it is.
    pub kind: Kind,
    /// In SVG, text has character references, comments and CDATA sections, also within HTML.
    pub namespace: Namespace,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// The JavaScript MIME types (WHATWG MIME Sniffing, section 4.6), and none at all. No parameters may follow.
const JAVASCRIPT_TYPES: &[&str] = &[
    "",
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// What the text of an element is; `None` when it is no `<script>`, `<style>` or `<noscript>`.
pub fn kind_of(element: &Element<'_, '_>) -> Option<Kind> {
    match element.name {
        "style" if element.attribute("type").is_none() || element.is("type", &["", "text/css"]) => Some(Kind::Css),
        "style" => Some(Kind::Data),
        "script" => Some(script_kind(element)),
        // In SVG it is no plain text: its tags are read with all others.
        "noscript" if element.namespace == Namespace::Html => Some(Kind::Noscript),
        _ => None,
    }
}

fn script_kind(element: &Element<'_, '_>) -> Kind {
    if ["src", "href", "xlink:href"].iter().any(|name| element.attribute(name).is_some()) {
        return Kind::Data;
    }
    match element.attribute("type") {
        None => Kind::Classic,
        Some(_) if element.is("type", JAVASCRIPT_TYPES) => Kind::Classic,
        Some(_) if element.is("type", &["module"]) => Kind::Module,
        Some(_) if element.is("type", &["importmap"]) => Kind::ImportMap,
        Some(_) if element.is("type", &["application/ld+json"]) => Kind::JsonLd,
        Some(_) => Kind::Data,
    }
}

impl Embedded {
    /// Adds what the text names.
    ///
    /// # Errors
    /// `Unreadable` of its own reader, by the file's lines.
    pub fn collect(&self, collector: &mut Collector<'_>) -> Result<(), Unreadable> {
        let (start, text) = (self.span.start, collector.file.get(self.span.clone()).unwrap_or_default());
        if self.namespace != Namespace::Html {
            return collect_element(collector, self.kind, text, start, Language::HtmlText);
        }
        let found = read(self.kind, text).map_err(|err| within(collector.file, start, err))?;
        collector.found.references.extend(found.references.into_iter().map(|reference| moved(reference, start)));
        Ok(())
    }
}

/// Reads a text in its language.
fn read(kind: Kind, text: &str) -> Result<Found, Unreadable> {
    let bytes = text.as_bytes();
    if bytes.trim_ascii().is_empty() {
        return Ok(Found::default());
    }
    match kind {
        Kind::Css => css::references(bytes),
        Kind::Classic => javascript::references(bytes, javascript::Kind::Script),
        Kind::Module => javascript::references(bytes, javascript::Kind::Module),
        Kind::ImportMap => import_map::references(bytes),
        Kind::JsonLd => Ok(json_ld::references(bytes)),
        Kind::Noscript | Kind::Data => Ok(Found::default()),
    }
}

fn moved(mut reference: Reference, by: usize) -> Reference {
    reference.span = reference.span.start + by..reference.span.end + by;
    if let Some(integrity) = &mut reference.integrity {
        integrity.span = integrity.span.start + by..integrity.span.end + by;
    }
    reference
}

/// Adds what the text of an element of SVG names; `at` is where it begins in the file.
///
/// # Errors
/// `Unreadable` of its own reader, by the file's lines, and for an entity that is not known.
pub fn collect_element(
    collector: &mut Collector<'_>,
    kind: Kind,
    text: &str,
    at: usize,
    language: Language,
) -> Result<(), Unreadable> {
    let decoded = Decoded::read_element(text, at, language).map_err(|unknown| collector.unknown(&unknown))?;
    let Some(decoded) = decoded else {
        return Ok(());
    };
    let found = read(kind, decoded.text()).map_err(|err| within(collector.file, at, err))?;
    for reference in found.references {
        let Some(is_cdata) = decoded.is_cdata(&reference.span) else {
            continue;
        };
        let writing = match reference.writing {
            writing if is_cdata => writing,
            Writing::CssString(quote) => Writing::CssInAttribute(b'"', quote),
            Writing::CssUrl => Writing::CssInAttribute(b'"', 0),
            Writing::Comment => Writing::Text,
            writing => writing,
        };
        let integrity = reference.integrity.map(|mut integrity| {
            integrity.span = decoded.source(integrity.span);
            integrity
        });
        let span = decoded.source(reference.span);
        collector.found.references.push(Reference { span, writing, integrity, ..reference });
    }
    Ok(())
}
