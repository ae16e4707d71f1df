//! Reads single entries of a zip, as far as Yarn's caches and jars go: no encryption, no zip64, stored or deflated.
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>
//!
//! Nothing is unpacked but the entries that are asked for, each up to its limit, whatever the archive says of their size.

use rustc_hash::FxHashSet;
use std::io::{Read, Seek, SeekFrom};

/// Bytes of the largest central directory that is read: a hundred thousand files of a name of 100 bytes. The largest npm
/// packages have some twenty thousand.
const MAX_DIRECTORY_BYTES: u64 = 16 << 20;

/// The record at the archive's end without its comment, and the longest comment.
const END_BYTES: usize = 22;
const MAX_COMMENT_BYTES: usize = 0xFFFF;

/// A file's entry in the central directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// With `/`.
    pub name: String,
    /// As declared; not to be trusted.
    size_bytes: u64,
    packed_bytes: u64,
    offset: u64,
    crc32: u32,
    deflated: bool,
}

/// An open archive.
pub struct Archive<F> {
    file: F,
    /// Those that were wanted, in the order of the archive.
    pub entries: Vec<Entry>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl<F: Read + Seek> Archive<F> {
    /// Opens it and keeps the entries whose names `wanted` wants. The error is what is wrong, for people.
    pub fn open(mut file: F, wanted: impl Fn(&str) -> bool) -> Result<Self, String> {
        let (directory, count) = Self::directory(&mut file)?;
        let mut entries: Vec<Entry> = Vec::new();
        let mut names = FxHashSet::default();
        let mut at = 0;
        for _ in 0..count {
            let (entry, next) = entry(&directory, at)?;
            at = next;
            if entry.name.starts_with('/') || entry.name.split(['/', '\\']).any(|part| part == "..") {
                return Err(format!("has an entry that leads out of it: `{}`", entry.name.escape_debug()));
            }
            if wanted(&entry.name) {
                if !names.insert(entry.name.clone()) {
                    return Err(format!("has two entries `{}`", entry.name.escape_debug()));
                }
                entries.push(entry);
            }
        }
        Ok(Archive { file, entries })
    }

    /// The central directory and the number of its entries.
    fn directory(file: &mut F) -> Result<(Vec<u8>, u16), String> {
        let io = |error: std::io::Error| format!("can't be read: {error}");
        let size = file.seek(SeekFrom::End(0)).map_err(io)?;
        let tail_bytes = size.min((END_BYTES + MAX_COMMENT_BYTES) as u64);
        // Nearly all have no comment, so that the record is the very end.
        let mut tail = read_at(file, size - size.min(END_BYTES as u64), size.min(END_BYTES as u64)).map_err(io)?;
        if !tail.starts_with(b"PK\x05\x06") {
            tail = read_at(file, size - tail_bytes, tail_bytes).map_err(io)?;
        }
        let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").and_then(|at| tail.get(at..at + END_BYTES));
        let end = end.ok_or("is no whole zip archive")?;
        let field = |at| u32_at(end, at).map(u64::from).unwrap_or_default();
        let count = u16_at(end, 10).unwrap_or_default();
        let (bytes, offset) = (field(12), field(16));
        if count == 0xFFFF || bytes == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            return Err("is a zip64 archive, which is not read".to_owned());
        }
        if bytes > MAX_DIRECTORY_BYTES || offset.saturating_add(bytes) > size {
            return Err(format!("has a directory of {bytes} bytes at {offset}, which is too large or beyond its end"));
        }
        Ok((read_at(file, offset, bytes).map_err(io)?, count))
    }

    /// An entry's bytes, at most `limit_bytes`. The error is what is wrong, for people.
    pub fn read(&mut self, entry: &Entry, limit_bytes: u64) -> Result<Vec<u8>, String> {
        let broken = |what: &str| format!("has a broken entry `{}`: {what}", entry.name.escape_debug());
        if entry.size_bytes > limit_bytes || entry.packed_bytes > limit_bytes.saturating_add(limit_bytes / 8 + 1024) {
            return Err(format!(
                "has `{}` with {} bytes, which is too large",
                entry.name.escape_debug(),
                entry.size_bytes
            ));
        }
        let header = read_at(&mut self.file, entry.offset, 30).map_err(|error| broken(&error.to_string()))?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(broken("it is not where the directory says"));
        }
        let skip = |at| u16_at(&header, at).map(u64::from).unwrap_or_default();
        let start = entry.offset + 30 + skip(26) + skip(28);
        let packed = read_at(&mut self.file, start, entry.packed_bytes).map_err(|error| broken(&error.to_string()))?;
        let mut bytes = Vec::new();
        if entry.deflated {
            let mut inflated = flate2::read::DeflateDecoder::new(packed.as_slice()).take(entry.size_bytes + 1);
            inflated.read_to_end(&mut bytes).map_err(|error| broken(&error.to_string()))?;
        } else {
            bytes = packed;
        }
        if bytes.len() as u64 != entry.size_bytes {
            return Err(broken("it has not the size that the directory says"));
        }
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        if crc.sum() != entry.crc32 {
            return Err(broken("its checksum is wrong"));
        }
        Ok(bytes)
    }
}

fn read_at(file: &mut (impl Read + Seek), offset: u64, bytes: u64) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut read = Vec::new();
    // No more is reserved than there is: a declared size may lie.
    file.take(bytes).read_to_end(&mut read)?;
    if (read.len() as u64) < bytes {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(read)
}

/// One record of the central directory, and where the next one is.
fn entry(directory: &[u8], at: usize) -> Result<(Entry, usize), String> {
    let read = || {
        let record = directory.get(at..at + 46).filter(|record| record.starts_with(b"PK\x01\x02"))?;
        let length = |at| u16_at(record, at).map(usize::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let bytes = directory.get(at + 46..at + 46 + name)?;
        let next = at + 46 + name + extra + comment;
        Some((record, String::from_utf8_lossy(bytes).into_owned(), next))
    };
    let (record, name, next) = read().ok_or("has a broken directory")?;
    let wide = |at| u32_at(record, at).unwrap_or_default();
    let (flags, method) = (u16_at(record, 8).unwrap_or_default(), u16_at(record, 10).unwrap_or_default());
    if flags & 1 != 0 {
        return Err("is encrypted".to_owned());
    }
    if !matches!(method, 0 | 8) {
        return Err(format!("is packed with the unknown method {method}"));
    }
    let (packed, size, offset) = (wide(20), wide(24), wide(42));
    if [packed, size, offset].contains(&u32::MAX) {
        return Err("is a zip64 archive, which is not read".to_owned());
    }
    let entry = Entry {
        name,
        size_bytes: size.into(),
        packed_bytes: packed.into(),
        offset: offset.into(),
        crc32: wide(16),
        deflated: method == 8,
    };
    Ok((entry, next))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{Cursor, Write};

    /// An archive of these files, packed like Yarn does.
    pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut all, mut directory) = (Vec::new(), Vec::new());
        for (at, (name, bytes)) in files.iter().enumerate() {
            let mut crc = flate2::Crc::new();
            crc.update(bytes);
            let deflated = at % 2 == 0;
            let packed = if deflated {
                let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(bytes).expect("packed");
                encoder.finish().expect("packed")
            } else {
                bytes.to_vec()
            };
            let mut middle = vec![20, 0, 0, 0, if deflated { 8 } else { 0 }, 0, 0, 0, 0, 0];
            middle.extend(crc.sum().to_le_bytes());
            middle.extend((packed.len() as u32).to_le_bytes());
            middle.extend((bytes.len() as u32).to_le_bytes());
            middle.extend((name.len() as u16).to_le_bytes());
            middle.extend([0, 0]);
            directory.extend(b"PK\x01\x02\x14\x00");
            directory.extend(&middle);
            directory.extend([0; 10]);
            directory.extend((all.len() as u32).to_le_bytes());
            directory.extend(name.as_bytes());
            all.extend(b"PK\x03\x04");
            all.extend(&middle);
            all.extend(name.as_bytes());
            all.extend(&packed);
        }
        let offset = all.len() as u32;
        all.extend(&directory);
        all.extend(b"PK\x05\x06\0\0\0\0");
        all.extend([(files.len() as u16).to_le_bytes(); 2].concat());
        all.extend((directory.len() as u32).to_le_bytes());
        all.extend(offset.to_le_bytes());
        all.extend([0, 0]);
        all
    }

    fn open(bytes: &[u8]) -> Result<Archive<Cursor<&[u8]>>, String> {
        Archive::open(Cursor::new(bytes), |_| true)
    }

    fn read_all(bytes: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        let mut archive = open(bytes)?;
        archive.entries.clone().iter().map(|entry| archive.read(entry, 1000)).collect()
    }

    #[test]
    fn entries_are_read() {
        let bytes = archive(&[("a/b", b"text text text"), ("c", b"d"), ("e", b"")]);
        let expected: [&[u8]; 3] = [b"text text text", b"d", b""];
        assert_eq!(read_all(&bytes).expect("good"), expected);
        let mut comment = bytes.clone();
        let end = comment.len();
        comment[end - 2] = 5;
        comment.extend(b"hello");
        assert_eq!(read_all(&comment).expect("good"), expected);
    }

    #[test]
    fn what_yarn_does_not_write_is_refused() {
        let good = archive(&[("a", b"text text text")]);
        let directory = memchr::memmem::find(&good, b"PK\x01\x02").expect("there");
        let changed = |at: usize, bytes: &[u8]| {
            let mut changed = good.clone();
            changed[at..at + bytes.len()].copy_from_slice(bytes);
            changed
        };
        let end = good.len() - END_BYTES;
        for (bytes, what) in [
            (Vec::new(), "no whole zip"),
            (good[..good.len() - 1].to_vec(), "no whole zip"),
            (changed(end + 10, &[0xFF; 2]), "zip64"),
            (changed(end + 12, &[0xFF, 0xFF, 0xFF, 0x7F]), "too large"),
            (changed(end + 10, &[2, 0]), "broken directory"),
            (changed(directory + 8, &[1]), "encrypted"),
            (changed(directory + 10, &[12]), "unknown method 12"),
            (changed(directory + 20, &[0xFF; 4]), "zip64"),
            (changed(directory + 16, &[0; 4]), "checksum"),
            (changed(directory + 24, &[3, 0, 0, 0]), "size"),
            (changed(directory + 24, &[0, 0, 0, 1]), "too large"),
            (changed(directory + 20, &[0, 1, 0, 0]), "broken entry"),
            (changed(directory + 42, &[1]), "not where"),
            (archive(&[("a/../../b", b"")]), "leads out"),
            (archive(&[("/a", b"")]), "leads out"),
            (archive(&[("a", b""), ("a", b"")]), "two entries"),
        ] {
            let why = read_all(&bytes).expect_err(what);
            assert!(why.contains(what), "{what}: {why}");
        }
    }

    #[test]
    fn what_unpacks_to_more_than_it_says_is_cut_short() {
        let mut bomb = archive(&[("a", &[0; 100_000])]);
        let directory = memchr::memmem::find(&bomb, b"PK\x01\x02").expect("there");
        bomb[directory + 24..directory + 28].copy_from_slice(&100_u32.to_le_bytes());
        assert!(read_all(&bomb).is_err_and(|why| why.contains("size")));
    }

    proptest! {
        #[test]
        fn a_changed_archive_is_read_or_refused(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let mut bytes = archive(&[("a/b", b"text text text"), ("c", b"d")]);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = read_all(&bytes);
        }
    }
}
