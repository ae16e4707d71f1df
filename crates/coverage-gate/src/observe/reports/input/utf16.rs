//! Reports in UTF-16, as PowerShell's `>` writes them.

use super::{Broken, Fault, broken};
use std::io::Read;

/// Bytes asked of the file at once.
const PIECE_BYTES: usize = 64 << 10;

/// Which byte of a unit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The lower.
    Little,
    /// The higher.
    Big,
}

impl Order {
    /// By the byte order mark, or by the zeros beside the first two signs, which are ASCII in every report.
    /// Errors: it is UTF-32.
    pub fn of(start: &[u8]) -> Result<Option<Order>, &'static str> {
        match *start {
            [0xFF, 0xFE, 0, 0] | [0, 0, 0xFE, 0xFF] => Err("it is in UTF-32; write it in UTF-8"),
            [0xFF, 0xFE, ..] => Ok(Some(Order::Little)),
            [0xFE, 0xFF, ..] => Ok(Some(Order::Big)),
            [1..=127, 0, 1..=127, 0] => Ok(Some(Order::Little)),
            [0, 1..=127, 0, 1..=127] => Ok(Some(Order::Big)),
            _ => Ok(None),
        }
    }
}

/// Gives the text in UTF-8, without byte order mark; what is no character becomes U+FFFD.
pub struct Transcoded<R> {
    input: R,
    order: Order,
    raw: Vec<u8>,
    /// A byte or a unit that waits for its other half.
    byte: Option<u8>,
    high: Option<u16>,
    text: String,
    given: usize,
    started: bool,
    broken: Broken,
}

impl<R: Read> Transcoded<R> {
    /// From the file's first byte on.
    pub fn new(input: R, order: Order, broken: Broken) -> Self {
        let (raw, text) = (vec![0; PIECE_BYTES], String::new());
        Transcoded { input, order, raw, byte: None, high: None, text, given: 0, started: false, broken }
    }

    /// Fills `text`; it stays empty at the end only.
    fn fill(&mut self) -> std::io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() {
            let read = self.input.read(&mut self.raw)?;
            if read == 0 {
                if self.byte.take().is_some() {
                    let what = "its UTF-16 text ends within a character".to_owned();
                    return Err(broken(&self.broken, Fault::Truncated(what)));
                }
                if self.high.take().is_some() {
                    self.text.push(char::REPLACEMENT_CHARACTER);
                }
                return Ok(());
            }
            for at in 0..read {
                let byte = self.raw[at];
                match self.byte.take() {
                    None => self.byte = Some(byte),
                    Some(first) => self.unit(match self.order {
                        Order::Little => u16::from_le_bytes([first, byte]),
                        Order::Big => u16::from_be_bytes([first, byte]),
                    }),
                }
            }
        }
        Ok(())
    }

    fn unit(&mut self, unit: u16) {
        let started = std::mem::replace(&mut self.started, true);
        if !started && unit == 0xFEFF {
            return;
        }
        let high = self.high.take();
        match unit {
            0xD800..0xDC00 => {
                self.text.extend(high.map(|_| char::REPLACEMENT_CHARACTER));
                self.high = Some(unit);
            }
            _ => {
                let units = high.into_iter().chain([unit]);
                self.text.extend(char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
        }
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.text.len() {
            self.fill()?;
        }
        let rest = &self.text.as_bytes()[self.given..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    struct Dripping<'b>(&'b [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let length = out.len().min(self.1);
            self.0.read(&mut out[..length])
        }
    }

    fn read(bytes: &[u8], order: Order, step: usize) -> Result<String, Fault> {
        let told = Broken::default();
        let mut out = String::new();
        match Transcoded::new(Dripping(bytes, step), order, Rc::clone(&told)).read_to_string(&mut out) {
            Ok(_) => Ok(out),
            Err(err) => Err(told.borrow_mut().take().unwrap_or(Fault::Io(err.to_string()))),
        }
    }

    #[test]
    fn both_orders_with_and_without_mark() {
        let text = "<a>é 漢 🦀</a>";
        let expected = Ok(text.to_owned());
        for marked in [true, false] {
            let text: String = if marked { format!("\u{FEFF}{text}") } else { text.to_owned() };
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(Order::of(&little[..4]), Ok(Some(Order::Little)));
            assert_eq!(Order::of(&big[..4]), Ok(Some(Order::Big)));
            for step in [1, 2, 3, 5, 100] {
                assert_eq!(read(&little, Order::Little, step), expected);
                assert_eq!(read(&big, Order::Big, step), expected);
            }
        }
        assert_eq!(Order::of(b"TN:\n"), Ok(None));
        assert_eq!(Order::of(b"\xEF\xBB\xBF<"), Ok(None));
        assert!(Order::of(b"\xFF\xFE\0\0").is_err());
    }

    #[test]
    fn halves_become_replacements() {
        let units = |units: &[u16]| units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<u8>>();
        for (bytes, expected) in [
            (units(&[0x41, 0xD83E, 0x42]), "A\u{FFFD}B"),
            (units(&[0xDC00, 0x42]), "\u{FFFD}B"),
            (units(&[0xD83E, 0xD83E, 0xDD80]), "\u{FFFD}🦀"),
            (units(&[0x41, 0xD83E]), "A\u{FFFD}"),
            (units(&[0x41, 0xFEFF]), "A\u{FEFF}"),
        ] {
            assert_eq!(read(&bytes, Order::Big, 3), Ok(expected.to_owned()));
        }
        assert!(matches!(read(&[0, 0x41, 0], Order::Big, 10), Err(Fault::Truncated(_))));
    }
}
