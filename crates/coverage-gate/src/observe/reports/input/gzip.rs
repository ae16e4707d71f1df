//! Compressed reports, within bounds.

use super::{Broken, Fault, broken};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::io::{ErrorKind, Read};
use std::rc::Rc;

/// The first bytes of a gzip file (RFC 1952, 2.3.1).
pub const MAGIC: &[u8] = &[0x1F, 0x8B];
/// Bytes that a report may have when it is decompressed.
const MAX_BYTES: u64 = 8 << 30;
/// How many times larger than its file a report may become. Deflate makes a thousand of one at most, from nothing but
/// repetition; real reports become ten to a hundred times larger.
const MAX_RATIO: u64 = 500;
/// Bytes up to which the ratio doesn't matter.
const FREE_BYTES: u64 = 16 << 20;

/// Counts what is read of the file.
struct Counted<R> {
    input: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(out)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Decompresses, all members of the file one after the other.
pub struct Bounded<R: Read> {
    decoder: MultiGzDecoder<Counted<R>>,
    compressed_bytes: Rc<Cell<u64>>,
    bytes: u64,
    max_bytes: u64,
    broken: Broken,
}

impl<R: Read> Bounded<R> {
    /// From the file's first byte on.
    pub fn new(input: R, broken: Broken) -> Self {
        let compressed_bytes = Rc::new(Cell::new(0));
        let counted = Counted { input, count: Rc::clone(&compressed_bytes) };
        Bounded { decoder: MultiGzDecoder::new(counted), compressed_bytes, bytes: 0, max_bytes: MAX_BYTES, broken }
    }

    fn check(&self) -> Result<(), Fault> {
        if self.bytes > self.max_bytes {
            return Err(Fault::TooLarge(format!("it has more than {} GiB when decompressed", MAX_BYTES >> 30)));
        }
        if self.bytes > FREE_BYTES && self.bytes / MAX_RATIO > self.compressed_bytes.get() {
            let what = format!("it becomes {MAX_RATIO} times larger when decompressed, as no real report does");
            return Err(Fault::TooLarge(what));
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.decoder.read(out).map_err(|err| match err.kind() {
            ErrorKind::UnexpectedEof => {
                let what = "its gzip data end before their end".to_owned();
                broken(&self.broken, Fault::Truncated(what))
            }
            ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                let what = format!("its gzip data are damaged ({err})");
                broken(&self.broken, Fault::Malformed(what))
            }
            _ => err,
        })?;
        self.bytes += read as u64;
        self.check().map_err(|fault| broken(&self.broken, fault))?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn compressed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8], max_bytes: u64) -> Result<Vec<u8>, Fault> {
        let told = Broken::default();
        let mut bounded = Bounded { max_bytes, ..Bounded::new(bytes, Rc::clone(&told)) };
        let mut out = Vec::new();
        match bounded.read_to_end(&mut out) {
            Ok(_) => Ok(out),
            Err(err) => Err(told.borrow_mut().take().unwrap_or(Fault::Io(err.to_string()))),
        }
    }

    #[test]
    fn members_follow_each_other() {
        let two = [compressed(b"one "), compressed(b"two")].concat();
        assert_eq!(read(&two, MAX_BYTES), Ok(b"one two".to_vec()));
    }

    #[test]
    fn bombs_are_refused() {
        let bomb = compressed(&vec![b'x'; 64 << 20]);
        assert!(bomb.len() < 100 << 10);
        assert!(matches!(read(&bomb, MAX_BYTES), Err(Fault::TooLarge(what)) if what.contains("500 times")));
        assert_eq!(read(&compressed(&vec![b'x'; 16 << 20]), MAX_BYTES).map(|out| out.len()), Ok(16 << 20));
        assert!(matches!(read(&compressed(&[b'x'; 1000]), 999), Err(Fault::TooLarge(_))));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let noise: Vec<u8> = (0..100_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let whole = compressed(&noise);
        for end in [11, 20, whole.len() / 2, whole.len() - 8, whole.len() - 1] {
            assert!(matches!(read(&whole[..end], MAX_BYTES), Err(Fault::Truncated(_))), "cut at {end}");
        }
        let mut wrong = whole.clone();
        let crc = wrong.len() - 6;
        wrong[crc] ^= 1;
        assert!(matches!(read(&wrong, MAX_BYTES), Err(Fault::Malformed(_))));
    }
}
