//! A text report in pieces that end where lines end, without memory for more than one piece.

use super::reading::{Fault, ReadError};
use std::io::Read;

/// Bytes asked of the system at once: large enough for few calls, small enough for the processor's own memory.
const PIECE_BYTES: usize = 256 << 10;
/// Bytes of one line. The longest real ones are names of C++ templates, some hundred thousand bytes.
pub const MAX_LINE_BYTES: usize = 4 << 20;
/// Signs of a line that an error quotes.
const QUOTED_CHARS: usize = 80;
/// The byte order mark as UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Reads pieces of whole lines.
pub struct WholeLines<'i> {
    input: &'i mut dyn Read,
    buffer: Vec<u8>,
    /// Where the piece ends that was given last.
    given: usize,
    filled: usize,
    ended: bool,
    started: bool,
}

impl<'i> WholeLines<'i> {
    /// From the input's first byte on; a byte order mark is left out.
    pub fn new(input: &'i mut dyn Read) -> Self {
        WholeLines { input, buffer: vec![0; PIECE_BYTES], given: 0, filled: 0, ended: false, started: false }
    }

    /// The next lines, each with its `\n`, which only the very last may lack; `None` at the end.
    /// Errors: the system's, or a line longer than [`MAX_LINE_BYTES`].
    pub fn next_piece(&mut self) -> Result<Option<&[u8]>, ReadError> {
        self.buffer.copy_within(self.given..self.filled, 0);
        self.filled -= self.given;
        self.given = 0;
        while !self.ended {
            if self.filled == self.buffer.len() {
                if self.filled >= MAX_LINE_BYTES {
                    let what = format!("it has a line of more than {} MiB", MAX_LINE_BYTES >> 20);
                    return Err(ReadError::new(None, Fault::TooLarge(what)));
                }
                self.buffer.resize(self.filled * 2, 0);
            }
            let read = match self.input.read(&mut self.buffer[self.filled..]) {
                Err(err) if err.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            self.ended = read == 0;
            let newest = self.filled..self.filled + read;
            self.filled = newest.end;
            if let Some(end) = memchr::memrchr(b'\n', &self.buffer[newest.clone()]) {
                self.given = newest.start + end + 1;
                return Ok(Some(self.piece()));
            }
        }
        self.given = self.filled;
        Ok((self.filled > 0).then(|| self.piece()))
    }

    fn piece(&mut self) -> &[u8] {
        let piece = &self.buffer[..self.given];
        let first = !std::mem::replace(&mut self.started, true);
        if first { piece.strip_prefix(BOM).unwrap_or(piece) } else { piece }
    }
}

/// Takes the next line off the front, without its line end (`\n` or `\r\n`).
#[inline]
pub fn take_line<'t>(rest: &mut &'t [u8]) -> &'t [u8] {
    let text = *rest;
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    *rest = text.get(end + 1..).unwrap_or(&[]);
    let line = &text[..end];
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A line for an error message: shortened, signs that don't print replaced.
pub fn quote(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(4 * QUOTED_CHARS)]);
    let printed = |char: char| if char.is_control() { '\u{FFFD}' } else { char };
    let mut quoted: String = text.chars().take(QUOTED_CHARS).map(printed).collect();
    if text.chars().count() > QUOTED_CHARS || line.len() > 4 * QUOTED_CHARS {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    struct Dripping(Cursor<Vec<u8>>, usize);

    impl Read for Dripping {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let length = out.len().min(self.1);
            self.0.read(&mut out[..length])
        }
    }

    fn pieces(text: &[u8], step: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let mut input = Dripping(Cursor::new(text.to_vec()), step);
        let mut lines = WholeLines::new(&mut input);
        let mut pieces = Vec::new();
        while let Some(piece) = lines.next_piece()? {
            pieces.push(piece.to_vec());
        }
        Ok(pieces)
    }

    #[test]
    fn pieces_end_where_lines_end() {
        let text = b"\xEF\xBB\xBFone\ntwo\n\nthree is longer\r\nlast";
        for step in [1, 2, 3, 7, 100] {
            let pieces = pieces(text, step).unwrap();
            assert_eq!(pieces.concat(), &text[3..], "steps of {step}");
            let (last, others) = pieces.split_last().unwrap();
            assert!(others.iter().all(|piece| piece.ends_with(b"\n")), "steps of {step}");
            assert_eq!(last, b"last");
        }
        assert_eq!(pieces(b"", 7), Ok(vec![]));
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let fault = pieces(&vec![b'x'; MAX_LINE_BYTES + 1], usize::MAX).unwrap_err().fault;
        assert!(matches!(fault, Fault::TooLarge(_)));
        assert_eq!(pieces(&vec![b'x'; MAX_LINE_BYTES - 1], usize::MAX).unwrap().len(), 1);
    }

    #[test]
    fn lines_lose_their_ends() {
        let mut rest: &[u8] = b"a\r\n\nb\rc";
        assert_eq!([take_line(&mut rest), take_line(&mut rest), take_line(&mut rest)], [&b"a"[..], b"", b"b\rc"]);
        assert!(rest.is_empty());
        assert_eq!(quote(&[b'x'; 1000]).chars().count(), QUOTED_CHARS + 1);
        assert_eq!(quote(b"a\x1b[31m"), "a\u{FFFD}[31m");
    }
}
