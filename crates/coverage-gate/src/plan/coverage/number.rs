//! Whole numbers in as few bytes as they need, so that the coverage of millions of lines fits a small machine. PURE.
//!
//! The leading one bits of the first byte say how many bytes follow, the rest is the number, highest byte first: numbers
//! below 128 take one byte, and byte strings of such numbers compare as the numbers do.

/// Numbers below this can be written.
pub const LIMIT: u64 = 1 << 35;

/// Bytes that a number takes at most.
pub const MAX_BYTES: usize = 5;

/// A few numbers without memory of their own; `BYTES` is [`MAX_BYTES`] for each that will be written.
pub struct Few<const BYTES: usize> {
    bytes: [u8; BYTES],
    length: usize,
}

impl<const BYTES: usize> Default for Few<BYTES> {
    fn default() -> Self {
        Few { bytes: [0; BYTES], length: 0 }
    }
}

impl<const BYTES: usize> Few<BYTES> {
    /// Appends a number below [`LIMIT`].
    #[inline]
    pub fn write(&mut self, number: u64) {
        let (bytes, length) = encode(number);
        if let Some(place) = self.bytes.get_mut(self.length..self.length + MAX_BYTES) {
            place.copy_from_slice(&bytes);
            self.length += length;
        }
    }

    /// What was written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Appends a number below [`LIMIT`]; higher bits are lost.
#[inline]
pub fn write(out: &mut Vec<u8>, number: u64) {
    if number < 1 << 7 {
        out.push(number as u8);
        return;
    }
    let (bytes, length) = encode(number);
    out.extend_from_slice(&bytes[..length]);
}

#[inline]
fn encode(number: u64) -> ([u8; MAX_BYTES], usize) {
    let [_, _, _, a, b, c, d, e] = number.to_be_bytes();
    match number {
        0..0x80 => ([e, 0, 0, 0, 0], 1),
        0x80..0x4000 => ([0x80 | d, e, 0, 0, 0], 2),
        0x4000..0x20_0000 => ([0xC0 | c, d, e, 0, 0], 3),
        0x20_0000..0x1000_0000 => ([0xE0 | b, c, d, e, 0], 4),
        _ => ([0xF0 | a & 7, b, c, d, e], 5),
    }
}

/// Takes a number off the front; 0 where there is none.
#[inline]
pub fn read(from: &mut &[u8]) -> u64 {
    match *from {
        [one, rest @ ..] if *one < 0x80 => {
            *from = rest;
            u64::from(*one)
        }
        [a, b, rest @ ..] if *a < 0xC0 => {
            *from = rest;
            u64::from(u16::from_be_bytes([a & 0x3F, *b]))
        }
        _ => read_long(from),
    }
}

fn read_long(from: &mut &[u8]) -> u64 {
    let (number, rest) = match *from {
        [a, b, c, rest @ ..] if *a < 0xE0 => (u64::from(u32::from_be_bytes([0, a & 0x1F, *b, *c])), rest),
        [a, b, c, d, rest @ ..] if *a < 0xF0 => (u64::from(u32::from_be_bytes([a & 0x0F, *b, *c, *d])), rest),
        [a, b, c, d, e, rest @ ..] => (u64::from_be_bytes([0, 0, 0, a & 7, *b, *c, *d, *e]), rest),
        _ => (0, &[][..]),
    };
    *from = rest;
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(numbers: &[u64]) -> Vec<u8> {
        let mut out = Vec::new();
        numbers.iter().for_each(|number| write(&mut out, *number));
        out
    }

    #[test]
    fn borders() {
        let numbers: Vec<u64> =
            (0..35).flat_map(|bit| [(1u64 << bit) - 1, 1 << bit, (1 << bit) + 1]).chain([LIMIT - 1]).collect();
        let written = bytes(&numbers);
        let mut rest = written.as_slice();
        assert_eq!(numbers.iter().map(|_| read(&mut rest)).collect::<Vec<_>>(), numbers);
        assert!(rest.is_empty());
        assert_eq!(read(&mut rest), 0);
    }

    proptest! {
        #[test]
        fn they_compare_as_numbers(a in prop::collection::vec(0..LIMIT, 3), b in prop::collection::vec(0..LIMIT, 3)) {
            prop_assert_eq!(bytes(&a).cmp(&bytes(&b)), a.cmp(&b));
        }
    }
}
