//! Commits in packs: the index, the entry, and the deltas it may be made of. The formats are gitformat-pack(5),
//! <https://git-scm.com/docs/gitformat-pack>.

use super::object::COMMIT_SIZE_MAX;
use super::{Id, open, read_to_end};
use flate2::bufread::ZlibDecoder;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// How many deltas an object may be made of: what git packs with (pack.depth is 50 unless set).
const DELTAS_MAX: usize = 50;

/// What an index of version 2 begins with: a magic number that cannot begin one of version 1, and the version.
const INDEX_HEADER: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];

/// The size of the header of a pack, in bytes: `PACK`, the version, the number of objects. No entry begins before.
const PACK_HEADER_SIZE: u64 = 12;

/// The commit `id` from the pack that the index (`*.idx`) describes. None when it is not there or not a commit.
pub(super) fn commit(index: &Path, id: &Id) -> Option<Vec<u8>> {
    let mut index_file = Index::open(index, id)?;
    let mut offset = index_file.find(id)?;
    let mut pack = Pack::open(&index.with_extension("pack"))?;
    let mut deltas = Vec::new();
    // All parts together stay within what one commit may be, or a chain of bombs would add up.
    let mut left_bytes = COMMIT_SIZE_MAX;
    let mut content = loop {
        let (kind, size_bytes) = pack.entry(offset)?;
        left_bytes = left_bytes.checked_sub(size_bytes)?;
        let base = match kind {
            Kind::Commit => break pack.inflate(size_bytes)?,
            Kind::OffsetDelta => offset.checked_sub(pack.distance()?)?,
            // A pack in a repository is never thin: the base lies in the same pack.
            Kind::RefDelta => index_file.find(&pack.id(id.0.len())?)?,
        };
        deltas.push(pack.inflate(size_bytes)?);
        if deltas.len() > DELTAS_MAX {
            return None;
        }
        offset = base;
    };
    for delta in deltas.iter().rev() {
        content = apply(&content, delta)?;
    }
    Some(content)
}

/// An index of version 2. It is read by seeking, some twenty reads of an id each, so its size needs no bound: those of large
/// repositories have hundreds of megabytes.
struct Index {
    file: File,
    id_size_bytes: u64,
    /// How many objects it lists.
    count: u64,
}

impl Index {
    /// Where the fanout begins: 256 numbers of 4 bytes, the n-th of which counts the ids whose first byte is at most n.
    const FANOUT: u64 = 8;
    /// Where the ids begin, sorted.
    const IDS: u64 = Self::FANOUT + 256 * 4;

    /// Opens an index of a repository that has ids as long as `id`.
    fn open(path: &Path, id: &Id) -> Option<Self> {
        let mut index = Self { file: open(path)?, id_size_bytes: u64::try_from(id.0.len()).ok()?, count: 0 };
        if index.read::<8>(0)? != INDEX_HEADER {
            return None;
        }
        index.count = index.fanout(255)?;
        // Two checksums end the file; with less than all tables it was cut short, or its ids have another length.
        let least_bytes = index.long_offsets()?.checked_add(index.id_size_bytes.checked_mul(2)?)?;
        (index.file.metadata().ok()?.len() >= least_bytes).then_some(index)
    }

    /// Where the pack has the object, in bytes from its start.
    fn find(&mut self, id: &Id) -> Option<u64> {
        let first = *id.0.first()?;
        let mut low = if first == 0 { 0 } else { self.fanout(first - 1)? };
        let mut high = self.fanout(first)?.min(self.count);
        let mut found = vec![0; id.0.len()];
        while low < high {
            let middle = low + (high - low) / 2;
            self.seek(Self::IDS.checked_add(middle.checked_mul(self.id_size_bytes)?)?)?;
            self.file.read_exact(&mut found).ok()?;
            match found.cmp(&id.0) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return self.offset(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The offset of the n-th object: 31 bits, or with the top bit set the position of 64 bits in a table of their own.
    fn offset(&mut self, position: u64) -> Option<u64> {
        const LONG: u32 = 1 << 31;
        // A checksum of 4 bytes for each object lies between the ids and the offsets.
        let table = self.ids_end()?.checked_add(self.count.checked_mul(4)?)?;
        let short = u32::from_be_bytes(self.read(table.checked_add(position.checked_mul(4)?)?)?);
        if short & LONG == 0 {
            return Some(u64::from(short));
        }
        let at = self.long_offsets()?.checked_add(u64::from(short & !LONG).checked_mul(8)?)?;
        Some(u64::from_be_bytes(self.read(at)?))
    }

    fn fanout(&mut self, first: u8) -> Option<u64> {
        Some(u64::from(u32::from_be_bytes(self.read(Self::FANOUT + u64::from(first) * 4)?)))
    }

    fn ids_end(&self) -> Option<u64> {
        Self::IDS.checked_add(self.count.checked_mul(self.id_size_bytes)?)
    }

    fn long_offsets(&self) -> Option<u64> {
        self.ids_end()?.checked_add(self.count.checked_mul(8)?)
    }

    fn seek(&mut self, offset: u64) -> Option<u64> {
        self.file.seek(SeekFrom::Start(offset)).ok()
    }

    fn read<const N: usize>(&mut self, offset: u64) -> Option<[u8; N]> {
        self.seek(offset)?;
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// What the entries that can lead to a commit are.
#[derive(Clone, Copy)]
enum Kind {
    Commit,
    /// A delta, whose base lies a distance before it in the pack (OBJ_OFS_DELTA).
    OffsetDelta,
    /// A delta, whose base is named by its id (OBJ_REF_DELTA).
    RefDelta,
}

/// A pack, read from where [`Pack::entry`] went: the entry's header, then the base of a delta, then the data.
struct Pack(BufReader<File>);

impl Pack {
    fn open(path: &Path) -> Option<Self> {
        let mut pack = Self(BufReader::new(open(path)?));
        let mut header = [0; 8];
        pack.0.read_exact(&mut header).ok()?;
        (header.starts_with(b"PACK") && matches!(header, [.., 0, 0, 0, 2 | 3])).then_some(pack)
    }

    /// Goes to an entry and reads its header: what it is, and the size of its data in bytes once inflated, at most
    /// [`COMMIT_SIZE_MAX`].
    fn entry(&mut self, offset: u64) -> Option<(Kind, u64)> {
        if offset < PACK_HEADER_SIZE {
            return None;
        }
        self.0.seek(SeekFrom::Start(offset)).ok()?;
        let first = self.byte()?;
        let kind = match first >> 4 & 0b111 {
            1 => Kind::Commit,
            6 => Kind::OffsetDelta,
            7 => Kind::RefDelta,
            _ => return None,
        };
        let mut more = first & 0x80 != 0;
        let mut size_bytes = u64::from(first & 0x0f);
        let mut shift = 4;
        while more {
            let byte = self.byte()?;
            // Sizes in use need 25 bits, so this refuses nothing that the bound below would allow.
            if shift > 32 {
                return None;
            }
            size_bytes |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            more = byte & 0x80 != 0;
        }
        (size_bytes <= COMMIT_SIZE_MAX).then_some((kind, size_bytes))
    }

    /// The distance to the base of an [`Kind::OffsetDelta`], at least 1: 7 bits a byte, most significant first, and 1 added
    /// at each step, so that no number has two spellings.
    fn distance(&mut self) -> Option<u64> {
        let mut byte = self.byte()?;
        let mut distance = u64::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            distance = distance.checked_add(1)?.checked_mul(0x80)?.checked_add(u64::from(byte & 0x7f))?;
        }
        (distance > 0).then_some(distance)
    }

    /// The id of the base of a [`Kind::RefDelta`].
    fn id(&mut self, size_bytes: usize) -> Option<Id> {
        let mut id = vec![0; size_bytes];
        self.0.read_exact(&mut id).ok()?;
        Some(Id(id))
    }

    /// Inflates the data of the entry, which must have the size that its header told.
    fn inflate(&mut self, size_bytes: u64) -> Option<Vec<u8>> {
        let data = read_to_end(ZlibDecoder::new(&mut self.0), size_bytes)?;
        (u64::try_from(data.len()).ok()? == size_bytes).then_some(data)
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0_u8];
        self.0.read_exact(&mut byte).ok()?;
        let [byte] = byte;
        Some(byte)
    }
}

/// Applies a delta to its base: the sizes of both objects, then instructions that copy from the base or insert what follows
/// (gitformat-pack(5), "Deltified representation").
pub(super) fn apply(base: &[u8], mut delta: &[u8]) -> Option<Vec<u8>> {
    if size(&mut delta)? != base.len() {
        return None;
    }
    let result_size = size(&mut delta)?;
    let mut result = Vec::new();
    while let Some(instruction) = delta.split_off_first() {
        let part = match *instruction {
            // Reserved by the format.
            0 => return None,
            length @ 1..0x80 => delta.split_off(..usize::from(length))?,
            copy => {
                let start = operand(&mut delta, copy, 4)?;
                let length = match operand(&mut delta, copy >> 4, 3)? {
                    0 => 0x1_0000,
                    length => length,
                };
                base.get(start..start.checked_add(length)?)?
            }
        };
        // Checked before it grows: a few instructions can repeat a large base many times.
        if part.len() > result_size.checked_sub(result.len())? {
            return None;
        }
        result.extend_from_slice(part);
    }
    (result.len() == result_size).then_some(result)
}

/// A size at the start of a delta, at most [`COMMIT_SIZE_MAX`]: 7 bits a byte, least significant first.
fn size(delta: &mut &[u8]) -> Option<usize> {
    let mut size = 0_u64;
    for shift in (0..=28).step_by(7) {
        let byte = *delta.split_off_first()?;
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return (size <= COMMIT_SIZE_MAX).then(|| usize::try_from(size).ok()).flatten();
        }
    }
    None
}

/// The operand of a copy, of at most `width` bytes, least significant first. The low bits of `present` tell which of them
/// are there; the others are 0.
fn operand(delta: &mut &[u8], present: u8, width: u32) -> Option<usize> {
    let mut operand = 0_u32;
    for position in 0..width {
        if present >> position & 1 != 0 {
            operand |= u32::from(*delta.split_off_first()?) << (position * 8);
        }
    }
    usize::try_from(operand).ok()
}
