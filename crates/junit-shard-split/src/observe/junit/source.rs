//! The bytes of a report as UTF-8 that XML allows: encodings, repairs, line numbers and bounds, in one buffer.
//!
//! Tags are scanned right in this buffer, and character data passes through it piece by piece, so that it holds no more
//! than one chunk or the longest tag.

use std::io::{self, Read};

use memchr::memmem;

use super::Limits;
use super::notice::{NoticeKind, Notices};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 << 10;
/// Bytes in which the XML declaration, when there is one, must end.
const DECLARATION_BYTES: usize = 1024;

/// How bytes become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decoding {
    Utf8,
    /// ISO-8859-1 is read as windows-1252, as the WHATWG encoding standard and all browsers do: the two differ in
    /// C1 control characters only, which no report means.
    Windows1252,
}

/// Why the source stopped by itself.
#[derive(Debug)]
pub(super) enum Stop {
    /// [`Limits::report_bytes`].
    TooLarge,
    /// gzip, zip or zstd.
    Compressed,
    /// An encoding that is not read, with its name.
    Encoding(&'static str),
}

/// Clean UTF-8: `text[pos..]` is decoded and not yet consumed.
pub(super) struct Source<R> {
    input: R,
    /// What the last read gave; the first `cut` bytes are those of a character that the read before it cut.
    raw: Vec<u8>,
    cut: usize,
    text: String,
    pos: usize,
    decoding: Decoding,
    begun: bool,
    ended: bool,
    limits: Limits,
    bytes: u64,
    /// Line number at `text[counted..]`.
    line: u64,
    counted: usize,
    /// Bytes of the current line that have left the buffer.
    before: u64,
    pub(super) notices: Notices,
    /// Why the last error was not the input's.
    pub(super) stop: Option<Stop>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(input: R, limits: Limits) -> Self {
        Self {
            input,
            raw: vec![0; CHUNK_BYTES],
            cut: 0,
            text: String::with_capacity(CHUNK_BYTES + (1 << 10)),
            pos: 0,
            decoding: Decoding::Utf8,
            begun: false,
            ended: false,
            limits,
            bytes: 0,
            line: 1,
            counted: 0,
            before: 0,
            notices: Notices::default(),
            stop: None,
        }
    }

    /// Bytes read from the input so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// Line of the current position, 1-based. Each byte is counted once.
    #[inline]
    pub(super) fn line(&mut self) -> u64 {
        if self.counted < self.pos {
            self.line += newlines(&self.text.as_bytes()[self.counted..self.pos]);
            self.counted = self.pos;
        }
        self.line
    }

    /// Column of the current position in bytes, 1-based.
    pub(super) fn column(&self) -> u64 {
        match memchr::memrchr(b'\n', &self.text.as_bytes()[..self.pos]) {
            Some(newline) => (self.pos - newline) as u64,
            None => self.before + self.pos as u64 + 1,
        }
    }

    /// At least `n` decoded bytes, fewer only at the end.
    #[inline]
    pub(super) fn peek(&mut self, n: usize) -> io::Result<&str> {
        while self.text.len() - self.pos < n && !self.ended {
            self.refill()?;
        }
        Ok(&self.text[self.pos..])
    }

    /// What is decoded and not yet consumed, at least one byte unless the report ends here.
    #[inline]
    pub(super) fn fill(&mut self) -> io::Result<&str> {
        self.peek(1)
    }

    /// What is decoded and not yet consumed, without reading more.
    #[inline]
    pub(super) fn buffered(&self) -> &str {
        &self.text[self.pos..]
    }

    /// Goes on by `n` bytes, which have been seen and end a character.
    #[inline]
    pub(super) fn consume(&mut self, n: usize) {
        self.pos += n;
    }

    /// Counts the forbidden characters of a piece at the position: how many, the first, and where it stands.
    pub(super) fn count_forbidden(&mut self, found: Option<(u64, char, usize)>) {
        if let Some((count, first, at)) = found {
            let line = self.line() + newlines(&self.text.as_bytes()[self.pos..self.pos + at]);
            let sample = format!("U+{:04X}", u32::from(first));
            self.notices.add_many(NoticeKind::ForbiddenCharacter, count, line, &sample);
        }
    }

    /// As [`Source::consume`], where the caller knows the line breaks in these bytes: they need not be counted again.
    #[inline]
    pub(super) fn consume_counted(&mut self, n: usize, newlines: u64) {
        if self.counted == self.pos {
            self.counted += n;
            self.line += newlines;
        }
        self.pos += n;
    }

    /// The bound on the whole report.
    pub(super) fn max_report_bytes(&self) -> u64 {
        self.limits.report_bytes
    }

    /// The bound on one tag.
    pub(super) fn max_tag_bytes(&self) -> usize {
        self.limits.tag_bytes
    }

    fn halt(&mut self, stop: Stop) -> io::Error {
        self.stop = Some(stop);
        io::Error::other("the source stopped")
    }

    /// Forgets what is consumed and reads once more behind what is left.
    fn refill(&mut self) -> io::Result<()> {
        self.forget_consumed();
        let mut end = self.cut;
        loop {
            let read = read_some(&mut self.input, &mut self.raw[end..])?;
            self.ended = read == 0;
            end += read;
            self.bytes += read as u64;
            if self.begun || self.ended || shows_encoding(&self.raw[..end]) {
                break;
            }
        }
        if self.bytes > self.limits.report_bytes {
            return Err(self.halt(Stop::TooLarge));
        }
        let begin = if self.begun { 0 } else { self.sniff_encoding(end)? };
        self.begun = true;
        self.decode(begin, end);
        Ok(())
    }

    fn forget_consumed(&mut self) {
        if self.pos == 0 {
            return;
        }
        self.line();
        match memchr::memrchr(b'\n', &self.text.as_bytes()[..self.pos]) {
            Some(newline) => self.before = (self.pos - newline - 1) as u64,
            None => self.before += self.pos as u64,
        }
        self.text.drain(..self.pos);
        self.counted = 0;
        self.pos = 0;
    }

    /// Looks at the first bytes (`raw[..end]`): byte order mark, declaration. Returns where the text begins.
    fn sniff_encoding(&mut self, end: usize) -> io::Result<usize> {
        let head = &self.raw[..end];
        let wide = match head {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..] => Some("UTF-16"),
            _ => None,
        };
        if let Some(name) = wide {
            return Err(self.halt(Stop::Encoding(name)));
        }
        let magic: [&[u8]; 3] = [b"\x1F\x8B", b"PK\x03\x04", b"\x28\xB5\x2F\xFD"];
        if magic.iter().any(|magic| head.starts_with(magic)) {
            return Err(self.halt(Stop::Compressed));
        }
        let mark = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        if let Some(name) = declared_encoding(&head[mark..]) {
            match decoding_of(&name) {
                Some(decoding) if mark == 0 => self.decoding = decoding,
                Some(_) => {}
                None => self.notices.add(NoticeKind::UnknownEncoding, 1, &name),
            }
        }
        Ok(mark)
    }

    /// Appends `raw[begin..end]` to the text; a character cut at the end waits at the front of `raw`.
    fn decode(&mut self, begin: usize, end: usize) {
        self.cut = 0;
        let region = &self.raw[begin..end];
        if self.decoding == Decoding::Windows1252 && !region.is_ascii() {
            self.text.extend(region.iter().map(|&byte| windows_1252(byte)));
            return;
        }
        match std::str::from_utf8(region) {
            Ok(text) if !has_noncharacter(region) => self.text.push_str(text),
            // The read ended inside a character: its bytes wait for the rest.
            Err(error) if error.error_len().is_none() && !self.ended && error.valid_up_to() > 0 => {
                let valid_end = begin + error.valid_up_to();
                self.decode(begin, valid_end);
                self.cut = end - valid_end;
                self.raw.copy_within(valid_end..end, 0);
            }
            Err(error) if error.error_len().is_none() && !self.ended => {
                self.cut = end - begin;
                self.raw.copy_within(begin..end, 0);
            }
            _ => self.decode_lossily(begin, end),
        }
    }

    #[cold]
    fn decode_lossily(&mut self, begin: usize, end: usize) {
        let mut line = self.line() + newlines(&self.text.as_bytes()[self.pos..]);
        let mut cut = 0;
        let mut chunks = self.raw[begin..end].utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for piece in chunk.valid().split_inclusive(['\n', '\u{FFFE}', '\u{FFFF}']) {
                match piece.chars().next_back() {
                    // Only these two: the other forbidden characters are found later, wherever a piece ends.
                    Some(c @ ('\u{FFFE}' | '\u{FFFF}')) => {
                        self.text.push_str(&piece[..piece.len() - c.len_utf8()]);
                        self.text.push('\u{FFFD}');
                        self.notices.add(NoticeKind::ForbiddenCharacter, line, &format!("U+{:04X}", u32::from(c)));
                    }
                    last => {
                        self.text.push_str(piece);
                        line += u64::from(last == Some('\n'));
                    }
                }
            }
            let is_last = chunks.peek().is_none() && !self.ended;
            if is_last && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none()) {
                cut = chunk.invalid().len();
            } else if !chunk.invalid().is_empty() {
                self.text.push('\u{FFFD}');
                self.notices.add(NoticeKind::InvalidUtf8, line, "");
            }
        }
        self.cut = cut;
        self.raw.copy_within(end - cut..end, 0);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    // Counted in bytes, which fit a vector, over pieces that cannot overflow one.
    bytes.chunks(128).map(|piece| u64::from(piece.iter().map(|&b| u8::from(b == b'\n')).sum::<u8>())).sum()
}

fn read_some(input: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// U+FFFE or U+FFFF, `EF BF BE` and `EF BF BF`. The other characters that XML forbids are ASCII, and are found where
/// values and text are decoded.
fn has_noncharacter(bytes: &[u8]) -> bool {
    if memchr::memchr(0xEF, bytes).is_none() {
        return false;
    }
    memmem::find(bytes, b"\xEF\xBF\xBE").is_some() || memmem::find(bytes, b"\xEF\xBF\xBF").is_some()
}

/// What the production Char of XML 1.0 leaves out (<https://www.w3.org/TR/xml/#charsets>).
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether these bytes are enough to tell the encoding.
fn shows_encoding(head: &[u8]) -> bool {
    const MARK_AND_DECLARATION: usize = 3 + b"<?xml".len();
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let is_declared = text.starts_with(b"<?xml") && memmem::find(text, b"?>").is_none();
    head.len() >= DECLARATION_BYTES || (head.len() >= MARK_AND_DECLARATION && !is_declared)
}

/// The value of `encoding=` in an XML declaration at the beginning of `head`, in lower case.
fn declared_encoding(head: &[u8]) -> Option<String> {
    let head = &head[..head.len().min(DECLARATION_BYTES)];
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let declaration = &head[..memmem::find(head, b"?>")?];
    let rest = &declaration[memmem::find(declaration, b"encoding")? + "encoding".len()..];
    let rest = std::str::from_utf8(rest).ok()?.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, _) = rest[1..].split_once(quote)?;
    Some(value.trim().to_ascii_lowercase())
}

/// Labels as in <https://encoding.spec.whatwg.org/#names-and-labels>; those that reports were seen with.
fn decoding_of(name: &str) -> Option<Decoding> {
    match name {
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "" => Some(Decoding::Utf8),
        // The bytes are plainly not UTF-16, or they would have been refused: runners that build the text first and the
        // declaration later write this (.NET's StringWriter), and mean UTF-8.
        "utf-16" | "utf-16le" | "utf-16be" | "unicode" => Some(Decoding::Utf8),
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1" | "windows-1252" | "cp1252"
        | "iso-8859-15" => Some(Decoding::Windows1252),
        _ => None,
    }
}

/// <https://encoding.spec.whatwg.org/index-windows-1252.txt>
fn windows_1252(byte: u8) -> char {
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => C1[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
