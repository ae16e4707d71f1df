//! The bytes of a report on their way to serde: without a byte order mark, and no deeper or longer than is read.

use crate::observe::reading::{Fault, ReadError};
use memchr::{memchr_iter, memchr2};
use std::io::{self, Read};

/// Arrays and objects within each other; `serde_json`'s own limit, which it does not keep where it passes over a value.
const MAX_DEPTH: u32 = 128;
/// Bytes of one string, since a string is held whole. The longest in real reports are sources within source maps.
const MAX_STRING_BYTES: usize = 64 << 20;
/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Reads through, watching.
pub struct Guard<'r> {
    input: &'r mut dyn Read,
    /// The first bytes, until handed out: there may be a byte order mark.
    start: Option<Start>,
    depth: u32,
    in_string: bool,
    escaped: bool,
    string_bytes: usize,
    line: u64,
    blank: bool,
    ended: bool,
    fault: Option<ReadError>,
}

#[derive(Default)]
struct Start {
    bytes: [u8; 3],
    len: usize,
    handed_out: usize,
    filled: bool,
}

impl<'r> Guard<'r> {
    /// Watches `input` from its first byte on.
    pub fn new(input: &'r mut dyn Read) -> Self {
        Guard {
            input,
            start: Some(Start::default()),
            depth: 0,
            in_string: false,
            escaped: false,
            string_bytes: 0,
            line: 1,
            blank: true,
            ended: false,
            fault: None,
        }
    }

    /// What was refused, if anything was.
    pub fn fault(&self) -> Option<&ReadError> {
        self.fault.as_ref()
    }

    /// Whether there was nothing but white space so far.
    pub fn is_blank(&self) -> bool {
        self.blank
    }

    /// Whether the input ended within an array, an object or a string.
    pub fn is_cut_off(&self) -> bool {
        self.ended && (self.depth > 0 || self.in_string)
    }

    fn read_start(&mut self, out: &mut [u8]) -> io::Result<Option<usize>> {
        let Some(start) = &mut self.start else { return Ok(None) };
        while !start.filled {
            match self.input.read(&mut start.bytes[start.len..]) {
                Ok(count) => {
                    start.len += count;
                    start.filled = count == 0 || start.len == start.bytes.len();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if start.bytes == BYTE_ORDER_MARK && start.len == BYTE_ORDER_MARK.len() {
            start.handed_out = start.len;
        }
        let rest = &start.bytes[start.handed_out..start.len];
        if rest.is_empty() {
            self.start = None;
            return Ok(None);
        }
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        start.handed_out += count;
        Ok(Some(count))
    }

    /// Looks at what is handed out. Errors: it is too much, and from where on.
    fn watch(&mut self, bytes: &[u8]) -> Result<(), (usize, Fault)> {
        let mut seen = 0;
        while seen < bytes.len() {
            let rest = &bytes[seen..];
            let taken = if self.in_string { self.watch_string(rest) } else { self.watch_structure(rest) };
            seen += taken.map_err(|(at, fault)| (seen + at, fault))?;
        }
        Ok(())
    }

    /// Up to and with the end of the string, or all of it.
    fn watch_string(&mut self, bytes: &[u8]) -> Result<usize, (usize, Fault)> {
        let mut at = 0;
        if self.escaped {
            self.escaped = false;
            at = 1;
        }
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            at += found + 1;
            if bytes[at - 1] == b'"' {
                self.in_string = false;
                self.string_bytes = 0;
                return Ok(at);
            }
            if at == bytes.len() {
                self.escaped = true;
            }
            at += 1;
        }
        let room = MAX_STRING_BYTES - self.string_bytes;
        if bytes.len() > room {
            return Err((room, Fault::TooLarge(format!("a string of more than {} MiB", MAX_STRING_BYTES >> 20))));
        }
        self.string_bytes += bytes.len();
        Ok(bytes.len())
    }

    /// Up to and with the beginning of a string, or all of it.
    fn watch_structure(&mut self, bytes: &[u8]) -> Result<usize, (usize, Fault)> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'"' => {
                    self.in_string = true;
                    self.blank = false;
                    return Ok(at + 1);
                }
                b'[' | b'{' => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err((at, Fault::TooLarge(format!("arrays within arrays, {MAX_DEPTH} deep"))));
                    }
                }
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            self.blank = false;
        }
        Ok(bytes.len())
    }
}

impl Read for Guard<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.fault.is_some() {
            return Err(io::Error::other("too large"));
        }
        let count = match self.read_start(out)? {
            Some(count) => count,
            None => self.input.read(out)?,
        };
        self.ended |= count == 0 && !out.is_empty();
        let seen = self.watch(&out[..count]);
        // What comes before too much is given first: something else may be wrong with it, however the bytes arrive.
        let count = seen.as_ref().map_or_else(|(at, _)| *at, |()| count);
        self.line += memchr_iter(b'\n', &out[..count]).count() as u64;
        if let Err((_, fault)) = seen {
            self.fault = Some(ReadError::new(Some(self.line), fault));
            if count == 0 {
                return Err(io::Error::other("too large"));
            }
        }
        Ok(count)
    }
}
