//! Line numbers of places in a text.

/// Bytes of the largest list that is read: 200 MB are a hundred thousand packages ten times over.
pub const MAX_LIST_BYTES: u64 = 256 << 20;

/// Line numbers by offset; cheap when asked in the order of the text.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    seen_to: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    /// Of that text.
    pub fn new(text: &'t [u8]) -> Self {
        Lines { text, seen_to: 0, line: 1 }
    }

    /// The 1-based line of an offset; of the last line for one beyond the end.
    pub fn at(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        if offset < self.seen_to {
            (self.seen_to, self.line) = (0, 1);
        }
        let passed = memchr::memchr_iter(b'\n', &self.text[self.seen_to..offset]).count();
        self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.seen_to = offset;
        self.line
    }

    /// The 1-based line of a slice that was borrowed from the text (such as `serde_json::value::RawValue::get`); 1 for any
    /// other.
    pub fn of(&mut self, slice: &str) -> u32 {
        let offset = (slice.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if offset < self.text.len() { self.at(offset) } else { 1 }
    }
}

/// The 1-based line of git's conflict markers (`<<<<<<< `, `=======`, `>>>>>>> ` at a line's start), when there is one.
pub fn conflict_marker(text: &[u8]) -> Option<u32> {
    let at = memchr::memmem::find_iter(text, b"<<<<<<< ").find(|at| *at == 0 || text[at - 1] == b'\n')?;
    let ended = memchr::memmem::find(&text[at..], b"\n>>>>>>> ").is_some();
    ended.then(|| Lines::new(text).at(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one_in_any_order() {
        let text = "a\nbc\n\nd";
        let mut lines = Lines::new(text.as_bytes());
        assert_eq!([lines.at(6), lines.at(0), lines.at(3), lines.at(99)], [4, 1, 2, 4]);
        assert_eq!(lines.of(&text[5..]), 3);
        assert_eq!(lines.of("elsewhere"), 1);
    }

    #[test]
    fn conflict_markers_are_whole() {
        assert_eq!(conflict_marker(b"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"), Some(2));
        assert_eq!(conflict_marker(b"a <<<<<<< HEAD\n>>>>>>> x\n"), None);
        assert_eq!(conflict_marker(b"<<<<<<< HEAD\n"), None);
    }
}
