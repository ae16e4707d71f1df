//! What an SVG file names: pictures, fonts and styles. quick-xml reads it; entities of a document type are not expanded.

use super::html::embedded::{Kind, collect_element, kind_of};
use super::html::{SIZE_LIMIT_BYTES, utf8};
use super::markup::attributes::Collector;
use super::markup::character_reference::Language;
use super::markup::element::{Attribute, Element, Namespace};
use super::{Demand, Found, Unreadable, Writing, line_of};
use quick_xml::NsReader;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesDecl, BytesPI, BytesStart, Event};
use quick_xml::name::ResolveResult;

/// Elements within each other; quick-xml keeps the name of each. Drawing programs nest a few dozen groups.
pub const DEPTH_LIMIT: usize = 4096;

/// What an SVG file names: in `href` and `xlink:href`, in `style` and attributes with `url()`, in `<style>`, `<script>` and
/// `<?xml-stylesheet?>`; in HTML within `<foreignObject>` as in a page. Not in comments. Parts of the same file (`#id`) are
/// no references.
///
/// # Errors
/// `Unreadable` for more than [`SIZE_LIMIT_BYTES`], another encoding than UTF-8, what is not XML, more than [`DEPTH_LIMIT`]
/// elements within each other, and an entity of a document type in a reference.
pub fn references(text: &[u8]) -> Result<Found, Unreadable> {
    if text.len() > SIZE_LIMIT_BYTES {
        return Err(Unreadable { line: 1, what: format!("a picture of more than {SIZE_LIMIT_BYTES} bytes") });
    }
    let file = utf8(text)?;
    let mut picture = Picture { collector: Collector::new(file), depth: 0, text: None };
    // A byte order mark is in none of the parser's positions.
    let mark = if file.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let place = |position: u64| usize::try_from(position).unwrap_or(text.len()).saturating_add(mark);
    let mut reader = NsReader::from_str(file.get(mark..).unwrap_or_default());
    loop {
        // Nothing is trimmed, so one event ends where the next one begins.
        let start = place(reader.buffer_position());
        let (namespace, event) = match reader.read_resolved_event() {
            Ok((namespace, event)) => (namespace_of(&namespace), event),
            Err(err) => {
                let line = line_of(text, place(reader.error_position()));
                return Err(Unreadable { line, what: format!("it is not XML: {err}") });
            }
        };
        match event {
            Event::Decl(declaration) => check_encoding(&declaration, text)?,
            Event::PI(instruction) => picture.instruction(&instruction, start)?,
            Event::Start(tag) => {
                let kind = picture.tag(&tag, start, namespace)?;
                picture.open(kind, place(reader.buffer_position()))?;
            }
            Event::Empty(tag) => {
                picture.tag(&tag, start, namespace)?;
            }
            Event::End(_) => picture.end(start)?,
            Event::Eof => return Ok(picture.collector.finish()),
            _ => {}
        }
    }
}

fn check_encoding(declaration: &BytesDecl<'_>, text: &[u8]) -> Result<(), Unreadable> {
    match declaration.encoding() {
        Some(Ok(encoding)) if !encoding.eq_ignore_ascii_case("UTF-8") && !text.is_ascii() => {
            Err(Unreadable { line: 1, what: format!("it says that it is {encoding}: save it as UTF-8") })
        }
        _ => Ok(()),
    }
}

fn namespace_of(resolved: &ResolveResult<'_>) -> Namespace {
    match resolved {
        ResolveResult::Bound(uri) if uri.0 == "http://www.w3.org/1999/xhtml" => Namespace::Html,
        ResolveResult::Bound(uri) if uri.0 == "http://www.w3.org/1998/Math/MathML" => Namespace::Other,
        // Also what an entity of the document type names, as Illustrator writes it.
        _ => Namespace::Svg,
    }
}

struct Picture<'t> {
    collector: Collector<'t>,
    /// How many elements are open.
    depth: usize,
    /// The open `<style>` or `<script>`: what it is, where its text begins, and how many elements are open around it.
    text: Option<(Kind, usize, usize)>,
}

impl<'t> Picture<'t> {
    /// Adds what a tag names, which begins at that place; gives what the text of the element is.
    fn tag(&mut self, tag: &BytesStart<'_>, at: usize, namespace: Namespace) -> Result<Option<Kind>, Unreadable> {
        let name = tag.local_name().as_ref().to_ascii_lowercase();
        let attributes = self.attributes(tag.attributes(), at)?;
        let element = Element { namespace, name: &name, attributes: &attributes, language: Language::Xml };
        self.collector.tag(&element)?;
        // A `<noscript>` of XML has tags like any other element.
        Ok(kind_of(&element).filter(|kind| *kind != Kind::Noscript))
    }

    /// An element whose text begins at that place.
    fn open(&mut self, kind: Option<Kind>, start: usize) -> Result<(), Unreadable> {
        if self.depth >= DEPTH_LIMIT {
            let what = format!("more than {DEPTH_LIMIT} elements lie within each other");
            return Err(Unreadable { line: line_of(self.collector.file.as_bytes(), start), what });
        }
        if self.text.is_none() {
            self.text = kind.map(|kind| (kind, start, self.depth));
        }
        self.depth += 1;
        Ok(())
    }

    fn end(&mut self, at: usize) -> Result<(), Unreadable> {
        self.depth = self.depth.saturating_sub(1);
        let Some((kind, start, _)) = self.text.take_if(|(.., depth)| *depth == self.depth) else {
            return Ok(());
        };
        let text = self.collector.file.get(start..at).unwrap_or_default();
        collect_element(&mut self.collector, kind, text, start, Language::Xml)
    }

    /// `<?xml-stylesheet href="a.css"?>` (W3C, Associating Style Sheets with XML documents).
    fn instruction(&mut self, instruction: &BytesPI<'_>, at: usize) -> Result<(), Unreadable> {
        if instruction.target() != "xml-stylesheet" {
            return Ok(());
        }
        for attribute in self.attributes(instruction.attributes(), at)? {
            if attribute.name == "href" {
                let decoded = attribute.decoded(Language::Xml).map_err(|unknown| self.collector.unknown(&unknown))?;
                let part = decoded.trimmed();
                self.collector.url(&decoded, part, Writing::Attribute(attribute.quote), Demand::Required, None);
            }
        }
        Ok(())
    }

    /// The attributes of a tag that begins at that place, as they stand in the file.
    fn attributes(&self, attributes: Attributes<'_>, start: usize) -> Result<Vec<Attribute<'t>>, Unreadable> {
        let file = self.collector.file;
        let mut read = Vec::new();
        let mut last = start;
        for attribute in attributes {
            let attribute = attribute.map_err(|err| Unreadable {
                line: line_of(file.as_bytes(), last),
                what: format!("it is not XML: {err}"),
            })?;
            let place = |part: &str| {
                let at = part.as_ptr().addr().checked_sub(file.as_ptr().addr())?;
                file.get(at..at + part.len()).map(|part| (at, part))
            };
            let (Some((_, name)), Some((at, raw))) = (place(attribute.key.as_ref()), place(&attribute.value)) else {
                continue;
            };
            last = at;
            let quote = file.as_bytes().get(at.saturating_sub(1)).copied().unwrap_or(b'"');
            read.push(Attribute { name, raw, at, quote });
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
