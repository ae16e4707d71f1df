//! Small XML documents as trees: poms and nuspecs. Documents with a DTD, and entities beyond XML's five, are refused.

use crate::observe::lines::Lines;
use crate::observe::lock::Fault;
use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

#[cfg(test)]
mod tests;

/// Bytes of the largest document: the poms of the largest projects have a few hundred kilobytes.
pub const MAX_DOCUMENT_BYTES: u64 = 8 << 20;

/// Elements nested deeper are refused: a pom's own reach a depth of 12, and configurations of plugins seldom double that.
const MAX_DEPTH: usize = 128;

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Without a namespace's prefix.
    pub name: String,
    /// Its own text without white space around it.
    pub text: String,
    /// Names as written, values unescaped.
    pub attributes: Vec<(String, String)>,
    /// In the document's order.
    pub children: Vec<Element>,
    /// 1-based; of the start tag.
    pub line: u32,
}

impl Element {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child's text, if it isn't empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// Descends by the first child of each name.
    pub fn descend(&self, names: &[&str]) -> Option<&Element> {
        names.iter().try_fold(self, |element, name| element.child(name))
    }

    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document whose root is called `root`. Bytes that are no UTF-8 are read as Latin-1.
///
/// # Errors
/// It is not well-formed, too long, too deep, another document, or has a DTD or entities of its own.
pub fn read(bytes: &[u8], root: &str) -> Result<Element, Fault> {
    if bytes.len() as u64 > MAX_DOCUMENT_BYTES {
        return Err(Fault::new(format!("more than {} MiB", MAX_DOCUMENT_BYTES >> 20)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let latin;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => {
            latin = bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
            &latin
        }
    };
    let mut lines = Lines::new(text.as_bytes());
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        return Err(Fault::at(lines.at(at), "a NUL byte, so it is no UTF-8"));
    }
    let mut reader = Reader::from_str(text);
    let mut tree = Tree { open: Vec::new(), root: None };
    loop {
        let begin = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(begin);
                return Err(Fault::at(lines.at(at), format!("not well-formed XML: {error}")));
            }
        };
        if matches!(event, Event::Eof) {
            break;
        }
        let line = lines.at(begin);
        tree.event(event, line).map_err(|what| Fault::at(line, what))?;
    }
    if let Some(open) = tree.open.last() {
        return Err(Fault::at(open.line, format!("<{}> has no end, so the file is cut off", open.name)));
    }
    match tree.root {
        Some(element) if element.name == root => Ok(element),
        Some(element) => {
            Err(Fault::at(element.line, format!("it begins with <{}> and not with <{root}>", element.name)))
        }
        None => Err(Fault::new(format!("it has no <{root}>"))),
    }
}

struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn event(&mut self, event: Event<'_>, line: u32) -> Result<(), String> {
        match event {
            Event::Start(tag) => self.start(&tag, line)?,
            Event::Empty(tag) => {
                self.start(&tag, line)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text)?,
            Event::CData(text) => self.text(&text)?,
            Event::GeneralRef(reference) => self.reference(&reference)?,
            Event::DocType(_) => return Err("a DTD; such documents are not read".to_owned()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>, line: u32) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("elements deeper than {MAX_DEPTH}"));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err("a second element beside the first".to_owned());
        }
        let mut element = Element { name: tag.local_name().as_ref().to_owned(), line, ..Element::default() };
        // The check for doubles would compare each with each.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| format!("not well-formed XML: {error}"))?;
            let value = unescape(&attribute.value).map_err(|error| format!("not well-formed XML: {error}"))?;
            element.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) {
        let Some(mut element) = self.open.pop() else { return };
        let trimmed = element.text.trim();
        if trimmed.len() != element.text.len() {
            element.text = trimmed.to_owned();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("text outside of the document".to_owned()),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        if let Some(character) =
            reference.resolve_char_ref().map_err(|error| format!("not well-formed XML: {error}"))?
        {
            return self.text(character.encode_utf8(&mut [0; 4]));
        }
        match resolve_xml_entity(reference) {
            Some(text) => self.text(text),
            None => Err(format!("the entity &{};, which no document may define", &**reference)),
        }
    }
}
