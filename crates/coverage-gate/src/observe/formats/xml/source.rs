//! The bytes of a report in one buffer, with line numbers.

use crate::observe::reading::ReadError;
use std::cell::Cell;
use std::io::Read;

/// Bytes that are read at once: large enough that calls don't count, small enough to stay in a processor's cache.
const CHUNK_BYTES: usize = 128 << 10;

/// `buffer[start..end]` is read and not yet consumed.
pub(super) struct Source<'r> {
    input: &'r mut dyn Read,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// Up to where in the buffer line breaks are counted, and the line number there. A cache, so that asking for the line
    /// again and again counts each byte once.
    counted: Cell<(usize, u64)>,
}

impl<'r> Source<'r> {
    pub(super) fn new(input: &'r mut dyn Read) -> Self {
        let buffer = vec![0; CHUNK_BYTES];
        Source { input, buffer, start: 0, end: 0, ended: false, counted: Cell::new((0, 1)) }
    }

    /// What is read and not yet consumed.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Makes [`Source::bytes`] at least so long, unless the report ends before.
    #[inline]
    pub(super) fn want(&mut self, length: usize) -> Result<(), ReadError> {
        if self.end - self.start >= length || self.ended {
            return Ok(());
        }
        self.read_more(length)
    }

    #[inline(never)]
    fn read_more(&mut self, length: usize) -> Result<(), ReadError> {
        let line = self.line();
        self.counted.set((0, line));
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < length {
            self.buffer.resize(length.next_multiple_of(CHUNK_BYTES), 0);
        }
        while self.end < length && !self.ended {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Goes on by so many of [`Source::bytes`].
    #[inline]
    pub(super) fn consume(&mut self, length: usize) {
        self.start += length;
    }

    /// 1-based line of the first unconsumed byte.
    pub(super) fn line(&self) -> u64 {
        let (counted, line) = self.counted.get();
        let line = line + memchr::memchr_iter(b'\n', &self.buffer[counted..self.start]).count() as u64;
        self.counted.set((self.start, line));
        line
    }

    /// 1-based line of the end of what is read.
    pub(super) fn last_line(&self) -> u64 {
        self.line() + memchr::memchr_iter(b'\n', self.bytes()).count() as u64
    }
}
