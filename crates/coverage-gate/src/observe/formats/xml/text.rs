//! What stands between tags.

use super::doctype::{self, Doctype, MAX_DOCTYPE_BYTES};
use super::tag::is_space;
use super::value::{self, Encoding, MAX_REFERENCE_BYTES};
use super::{Event, Scanner, html_instead};
use crate::observe::reading::{Fault, ReadError};
use memchr::memmem;

/// Longest text of one element that is kept; what is longer is refused. Texts are paths and names.
const MAX_TEXT_BYTES: usize = 64 << 10;

impl Scanner<'_> {
    /// Text of the element that has just begun, without that of its children and without white space around it; goes to
    /// its end. At most 64 KiB.
    pub fn element_text(&mut self) -> Result<String, ReadError> {
        let mut text = Vec::new();
        let depth = self.depth();
        loop {
            self.source.consume(self.tag_length);
            self.tag_length = 0;
            let sink = if self.depth() == depth { Some(&mut text) } else { None };
            if !self.is_empty {
                self.pass_to_tag(sink)?;
            }
            if self.advance()? == Event::Close && self.depth() < depth {
                return Ok(String::from_utf8_lossy(text.trim_ascii()).into_owned());
            }
        }
    }

    /// Goes to the next start or closing tag; its first two bytes are in the buffer then. `false` when the document ends.
    #[inline]
    pub(super) fn pass_to_tag(&mut self, text: Option<&mut Vec<u8>>) -> Result<bool, ReadError> {
        // Between most tags there is a line break and the indentation.
        if text.is_none() {
            let bytes = self.source.bytes();
            let mut at = 0;
            while at < bytes.len() && is_space(bytes[at]) {
                at += 1;
            }
            if let Some([b'<', behind]) = bytes.get(at..at + 2)
                && !matches!(behind, b'!' | b'?')
            {
                self.source.consume(at);
                return Ok(true);
            }
        }
        self.pass_any(text)
    }

    #[inline(never)]
    fn pass_any(&mut self, mut text: Option<&mut Vec<u8>>) -> Result<bool, ReadError> {
        loop {
            self.source.want(1)?;
            let bytes = self.source.bytes();
            if bytes.is_empty() {
                return self.end().map(|()| false);
            }
            let length = memchr::memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
            if length > 0 {
                self.pass_text(length, text.as_deref_mut())?;
                continue;
            }
            if bytes[0] == b'&' {
                let (found, length) = self.reference()?;
                if let Some(text) = text.as_deref_mut() {
                    text.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
                }
                self.source.consume(length);
                continue;
            }
            self.source.want("<![CDATA[".len())?;
            let bytes = self.source.bytes();
            match bytes.get(1) {
                Some(b'!') if bytes.starts_with(b"<!--") => self.pass_until("<!--", "-->", "a comment", None)?,
                Some(b'!') if bytes.starts_with(b"<![CDATA[") => {
                    self.pass_until("<![CDATA[", "]]>", "a CDATA section", text.as_deref_mut())?;
                }
                Some(b'!') => self.pass_declaration()?,
                Some(b'?') => self.pass_until("<?", "?>", "an instruction", None)?,
                Some(_) => return Ok(true),
                None => return Err(self.truncated("inside a tag")),
            }
        }
    }

    /// The reference that comes next, and its length.
    #[cold]
    fn reference(&mut self) -> Result<(char, usize), ReadError> {
        self.source.want(MAX_REFERENCE_BYTES)?;
        let bytes = self.source.bytes();
        if bytes.len() < MAX_REFERENCE_BYTES && memchr::memchr3(b';', b'<', b' ', bytes).is_none() {
            return Err(self.truncated("inside a reference"));
        }
        value::reference(bytes).map_err(|what| self.malformed(what))
    }

    /// The end of the input.
    fn end(&self) -> Result<(), ReadError> {
        if self.open_starts.is_empty() && self.rooted { Ok(()) } else { Err(self.truncated("before its last tag")) }
    }

    /// Goes over text without references.
    fn pass_text(&mut self, length: usize, text: Option<&mut Vec<u8>>) -> Result<(), ReadError> {
        let bytes = &self.source.bytes()[..length];
        if self.open_starts.is_empty() {
            if let Some(at) = bytes.iter().position(|&byte| !is_space(byte)) {
                // What comes first is wrong, wherever the buffer happens to end.
                self.refuse_nul(at + 1)?;
                self.source.consume(at);
                return Err(self.malformed("text stands outside of the root element"));
            }
        } else {
            self.refuse_nul(length)?;
        }
        self.keep(text, &self.source.bytes()[..length])?;
        self.source.consume(length);
        Ok(())
    }

    fn refuse_nul(&mut self, length: usize) -> Result<(), ReadError> {
        let Some(at) = memchr::memchr(0, &self.source.bytes()[..length]) else { return Ok(()) };
        self.source.consume(at);
        Err(self.malformed("it holds NUL bytes; did the disk fill up, or the machine crash, as it was written?"))
    }

    /// Appends a piece, which may end within a character, as UTF-8.
    fn keep(&self, text: Option<&mut Vec<u8>>, piece: &[u8]) -> Result<(), ReadError> {
        let Some(text) = text else { return Ok(()) };
        if text.len() + piece.len() > MAX_TEXT_BYTES {
            return Err(ReadError::new(Some(self.line()), Fault::TooLarge("a text is longer than 64 KiB".to_owned())));
        }
        match self.encoding {
            Encoding::Utf8 => text.extend_from_slice(piece),
            Encoding::Latin1 => text.extend_from_slice(self.encoding.text(piece).as_bytes()),
        }
        Ok(())
    }

    /// Passes `begin`, everything up to `end`, and `end`.
    fn pass_until(
        &mut self,
        begin: &str,
        end: &str,
        what: &str,
        mut text: Option<&mut Vec<u8>>,
    ) -> Result<(), ReadError> {
        self.source.consume(begin.len());
        let finder = memmem::Finder::new(end);
        loop {
            self.source.want(end.len())?;
            let bytes = self.source.bytes();
            let found = finder.find(bytes);
            // The last bytes may be the first ones of the end.
            let length = found.unwrap_or(bytes.len().saturating_sub(end.len() - 1));
            self.refuse_nul(length)?;
            self.keep(text.as_deref_mut(), &self.source.bytes()[..length])?;
            if found.is_none() && length == 0 {
                return Err(self.truncated(&format!("inside {what}")));
            }
            self.source.consume(length + found.map_or(0, |_| end.len()));
            if found.is_some() {
                return Ok(());
            }
        }
    }

    /// `<!` that begins neither comment nor CDATA.
    #[cold]
    fn pass_declaration(&mut self) -> Result<(), ReadError> {
        let bytes = self.source.bytes();
        if !bytes.get(..9).is_some_and(|head| head.eq_ignore_ascii_case(b"<!DOCTYPE")) {
            let cut = ["<!--", "<![CDATA[", "<!DOCTYPE"].iter().any(|known| known.as_bytes().starts_with(bytes));
            let odd = "`<!` begins neither a comment nor a CDATA section";
            return Err(if cut { self.truncated("inside a declaration") } else { self.malformed(odd) });
        }
        if self.rooted || !self.open_starts.is_empty() {
            return Err(self.malformed("a document type declaration stands behind the beginning"));
        }
        loop {
            match doctype::pass(self.source.bytes()) {
                Doctype::Ends(length) if length <= MAX_DOCTYPE_BYTES => {
                    self.source.consume(length);
                    return Ok(());
                }
                Doctype::Html => return Err(self.not_a_report(&html_instead())),
                Doctype::Entities => {
                    let what = "its document type declares entities; no report needs them, and they can fill memory or read files";
                    return Err(self.malformed(what));
                }
                Doctype::Incomplete if self.source.bytes().len() <= MAX_DOCTYPE_BYTES => {}
                Doctype::Incomplete | Doctype::Ends(_) => {
                    let what = "its document type declaration is longer than 64 KiB";
                    return Err(ReadError::new(Some(self.line()), Fault::TooLarge(what.to_owned())));
                }
            }
            let length = self.source.bytes().len();
            self.source.want((length * 2).max(1024))?;
            if self.source.bytes().len() == length {
                return Err(self.truncated("inside its document type declaration"));
            }
        }
    }
}
