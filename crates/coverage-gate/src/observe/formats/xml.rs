//! XML as reports use it: elements and attributes streamed from one buffer, in memory that does not grow with the report.
//!
//! No document type is processed: an external one is passed over without any access, entity declarations are refused, and
//! only the references that XML itself names are resolved. What breaks the rules is refused with its line.
//!
//! quick-xml was tried in junit-shard-split first; a scanner that copies nothing and looks at each byte once needs half of
//! its time.

mod doctype;
pub mod number;
mod source;
mod tag;
mod text;
mod value;

use crate::observe::reading::{Fault, ReadError};
use crate::observe::whole_lines::quote;
use source::Source;
use std::borrow::Cow;
use std::io::Read;
use tag::{MAX_TAG_BYTES, RawAttribute, Scan};
use value::Encoding;

/// Most elements that are open at once. JaCoCo nests groups as deep as a build does; no report was seen with thirty.
const MAX_DEPTH: usize = 256;
/// Bytes in which the XML declaration, when there is one, must end.
const DECLARATION_BYTES: usize = 1024;

/// What comes next in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An element begins; its name and attributes can be asked for until the next event.
    Open,
    /// The innermost open element ends.
    Close,
    /// The document ends, all of it well-formed.
    End,
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    raw: &'a [u8],
    plain: bool,
    encoding: Encoding,
}

impl<'a> Value<'a> {
    /// The value with its references resolved; bytes that are no UTF-8 are replaced by U+FFFD.
    pub fn text(self) -> Cow<'a, str> {
        if self.plain {
            return self.encoding.text(self.raw);
        }
        // It was decoded once when the tag was scanned, so this does not fail.
        Cow::Owned(value::decode(self.raw, self.encoding).unwrap_or_default())
    }

    /// The value for an error message: shortened, signs that don't print replaced.
    pub fn quoted(self) -> String {
        quote(self.text().as_bytes())
    }

    /// The value as bytes without white space around it, references resolved.
    #[inline]
    pub fn bytes(self) -> Cow<'a, [u8]> {
        if self.plain {
            return Cow::Borrowed(self.raw.trim_ascii());
        }
        Cow::Owned(self.text().trim_ascii().as_bytes().to_vec())
    }
}

/// Reads one document.
pub struct Scanner<'r> {
    source: Source<'r>,
    encoding: Encoding,
    /// Length of the start tag that is current, not yet consumed; 0 when there is none.
    tag_length: usize,
    name_end: usize,
    attributes: Vec<RawAttribute>,
    /// The current start tag is `<name/>`, so its element ends with the next event.
    is_empty: bool,
    /// Names of the open elements one after the other, and where each begins.
    open_names: Vec<u8>,
    open_starts: Vec<usize>,
    /// The root element has ended.
    rooted: bool,
}

impl<'r> Scanner<'r> {
    /// At the beginning of a document: UTF-8 with or without a byte order mark, or an encoding that its declaration names.
    pub fn new(input: &'r mut dyn Read) -> Self {
        Scanner {
            source: Source::new(input),
            encoding: Encoding::Utf8,
            tag_length: 0,
            name_end: 0,
            attributes: Vec::with_capacity(16),
            is_empty: false,
            open_names: Vec::new(),
            open_starts: Vec::new(),
            rooted: false,
        }
    }

    /// Goes to the root element, which must have this name; `format` is what to call the report in a refusal.
    pub fn root(&mut self, format: &str, name: &str) -> Result<(), ReadError> {
        self.begin(format)?;
        self.advance()?;
        if self.name() == name.as_bytes() {
            return Ok(());
        }
        let found = quote(self.name());
        let what = if found.eq_ignore_ascii_case("html") {
            html_instead()
        } else {
            format!("it is no {format} report: its root element is <{found}>, not <{name}>")
        };
        Err(ReadError::new(Some(self.line()), Fault::NotAReport(what)))
    }

    /// Byte order mark and XML declaration; what is no XML at all is named.
    fn begin(&mut self, format: &str) -> Result<(), ReadError> {
        self.source.want(DECLARATION_BYTES)?;
        if self.source.bytes().starts_with(b"\xEF\xBB\xBF") {
            self.source.consume(3);
        }
        let head = self.source.bytes();
        let head = &head[..head.len().min(DECLARATION_BYTES)];
        let space = tag::space_end(head, 0);
        match head.get(space) {
            Some(b'<') => {}
            None if head.len() < DECLARATION_BYTES => return Err(ReadError::new(None, Fault::Empty)),
            // Text, or a kilobyte of white space.
            _ => return Err(self.not_a_report(&format!("it is no {format} report: it does not begin as XML does"))),
        }
        let declaration = head.starts_with(b"<?xml").then(|| memchr::memmem::find(head, b"?>")).flatten();
        if let Some(name) = declaration.and_then(|end| declared_encoding(&head[..end])) {
            self.encoding = Encoding::named(name);
        }
        Ok(())
    }

    /// Goes to the next event. Once it was [`Event::End`], it stays so.
    #[inline]
    pub fn advance(&mut self) -> Result<Event, ReadError> {
        self.source.consume(self.tag_length);
        self.tag_length = 0;
        if self.is_empty {
            self.is_empty = false;
            self.forget_innermost();
            return Ok(Event::Close);
        }
        if !self.pass_to_tag(None)? {
            return Ok(Event::End);
        }
        if self.source.bytes()[1] == b'/' { self.close() } else { self.open() }
    }

    /// Goes to the next child of the innermost open element; `false` when that has ended instead. Each child must be gone
    /// through, by [`Scanner::child`] until `false`, [`Scanner::skip`] or [`Scanner::element_text`].
    #[inline]
    pub fn child(&mut self) -> Result<bool, ReadError> {
        Ok(self.advance()? == Event::Open)
    }

    /// Goes to the end of the innermost open element.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.advance()? {
                Event::Open => depth += 1,
                Event::Close | Event::End => depth -= 1,
            }
        }
        Ok(())
    }

    /// Goes to the end of the document, which must follow the end of the root element.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        while self.advance()? != Event::End {}
        Ok(())
    }

    /// Name of the element that has just begun, as written; empty after another event.
    #[inline]
    pub fn name(&self) -> &[u8] {
        self.tag().get(1..self.name_end).unwrap_or_default()
    }

    /// The start tag that is current.
    #[inline]
    fn tag(&self) -> &[u8] {
        &self.source.bytes()[..self.tag_length]
    }

    /// Elements that are open, the one that has just begun included.
    pub fn depth(&self) -> usize {
        self.open_starts.len()
    }

    /// Attributes of the element that has just begun, each once, in their order; none after another event.
    #[inline]
    pub fn attributes(&self) -> impl Iterator<Item = (&[u8], Value<'_>)> {
        let (bytes, encoding) = (self.tag(), self.encoding);
        let current = if bytes.is_empty() { &[] } else { &self.attributes[..] };
        current.iter().map(move |attribute| {
            let RawAttribute { name, value, plain } = *attribute;
            let raw = &bytes[value.0 as usize..value.1 as usize];
            (&bytes[name.0 as usize..name.1 as usize], Value { raw, plain, encoding })
        })
    }

    /// An attribute of the element that has just begun.
    pub fn attribute(&self, name: &str) -> Option<Value<'_>> {
        self.attributes().find(|(found, _)| *found == name.as_bytes()).map(|(_, value)| value)
    }

    /// 1-based line on which the current tag begins.
    pub fn line(&self) -> u64 {
        self.source.line()
    }

    /// [`Fault::Malformed`] at the current tag.
    #[cold]
    pub fn malformed(&self, what: impl Into<String>) -> ReadError {
        ReadError::malformed(self.line(), what)
    }

    /// [`Fault::NotAReport`] at the current tag.
    #[cold]
    pub fn not_a_report(&self, what: &str) -> ReadError {
        ReadError::new(Some(self.line()), Fault::NotAReport(what.to_owned()))
    }

    #[inline]
    fn forget_innermost(&mut self) {
        if let Some(start) = self.open_starts.pop() {
            self.open_names.truncate(start);
        }
        self.rooted = self.open_starts.is_empty();
    }

    fn open(&mut self) -> Result<Event, ReadError> {
        let (name_end, length, empty) = loop {
            match tag::scan(self.source.bytes(), &mut self.attributes) {
                Scan::Open { name_end, length, empty } if length <= MAX_TAG_BYTES => break (name_end, length, empty),
                Scan::Malformed(what) => return Err(self.malformed(what)),
                Scan::Open { .. } => return Err(self.too_large("a tag is longer than 1 MiB")),
                Scan::Incomplete => self.want_more_of_tag()?,
            }
        };
        if self.rooted {
            return Err(self.malformed("a second root element follows the first; did two runs write to the same file?"));
        }
        if self.open_starts.len() == MAX_DEPTH {
            return Err(self.too_large("elements are nested more than 256 deep"));
        }
        (self.tag_length, self.name_end, self.is_empty) = (length, name_end, empty);
        self.open_starts.push(self.open_names.len());
        self.open_names.extend_from_slice(&self.source.bytes()[1..name_end]);
        if self.attributes.iter().any(|attribute| !attribute.plain) {
            self.check_references()?;
        }
        Ok(Event::Open)
    }

    /// Every value is looked at, so that an entity in one that nobody asks for is found too.
    #[cold]
    fn check_references(&self) -> Result<(), ReadError> {
        for (_, value) in self.attributes().filter(|(_, value)| !value.plain) {
            value::decode(value.raw, value.encoding).map_err(|what| self.malformed(what))?;
        }
        Ok(())
    }

    #[inline]
    fn close(&mut self) -> Result<Event, ReadError> {
        let start = self.open_starts.last().copied().unwrap_or(0);
        let name = &self.open_names[start..];
        let bytes = self.source.bytes();
        if !name.is_empty() && bytes[2..].strip_prefix(name).is_some_and(|rest| rest.first() == Some(&b'>')) {
            let length = name.len() + 3;
            self.source.consume(length);
            self.forget_innermost();
            return Ok(Event::Close);
        }
        self.close_oddly()
    }

    /// A closing tag with spaces, one that the buffer cuts, or one that doesn't belong here.
    #[cold]
    fn close_oddly(&mut self) -> Result<Event, ReadError> {
        let (name_end, end) = loop {
            let bytes = self.source.bytes();
            let name_end = tag::name_end(bytes, 2);
            let end = tag::space_end(bytes, name_end);
            match bytes.get(end) {
                Some(b'>') => break (name_end, end),
                Some(_) => return Err(self.malformed("a closing tag holds more than a name")),
                None => self.want_more_of_tag()?,
            }
        };
        let found = &self.source.bytes()[2..name_end];
        let is_innermost = self.open_starts.last().is_some_and(|start| self.open_names[*start..] == *found);
        let found = quote(found);
        match self.innermost() {
            None => return Err(self.malformed(format!("</{found}> closes an element that is not open"))),
            Some(open) if !is_innermost => {
                return Err(self.malformed(format!("</{found}> closes an element that begins as <{open}>")));
            }
            Some(_) => {}
        }
        self.source.consume(end + 1);
        self.forget_innermost();
        Ok(Event::Close)
    }

    /// Twice as much each time, so that scanning again costs no more than scanning once.
    #[cold]
    fn want_more_of_tag(&mut self) -> Result<(), ReadError> {
        let length = self.source.bytes().len();
        if length > MAX_TAG_BYTES {
            return Err(self.too_large("a tag is longer than 1 MiB"));
        }
        self.source.want(length * 2)?;
        if self.source.bytes().len() == length { Err(self.truncated("inside a tag")) } else { Ok(()) }
    }

    fn innermost(&self) -> Option<String> {
        let start = *self.open_starts.last()?;
        Some(quote(&self.open_names[start..]))
    }

    #[cold]
    fn too_large(&self, what: &str) -> ReadError {
        ReadError::new(Some(self.line()), Fault::TooLarge(what.to_owned()))
    }

    #[cold]
    fn truncated(&self, place: &str) -> ReadError {
        let what = match self.innermost() {
            Some(open) => format!("it ends {place} within <{open}>"),
            None => format!("it ends {place}"),
        };
        ReadError::new(Some(self.source.last_line()), Fault::Truncated(what))
    }
}

fn html_instead() -> String {
    "it is an HTML page, not a report; was a login or error page downloaded in its place?".to_owned()
}

/// The value of `encoding=` in an XML declaration.
fn declared_encoding(declaration: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(declaration, b"encoding")? + "encoding".len();
    let rest = declaration[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quote = rest.first().copied().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let length = memchr::memchr(quote, &rest[1..])?;
    Some(rest[1..=length].trim_ascii())
}

#[cfg(test)]
mod tests;
