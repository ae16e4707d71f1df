//! A large file as parts in memory: buffers are made once and used again, and each part's CRC is taken as it is read.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use crc_fast::{CrcAlgorithm, Digest, checksum, checksum_combine};

use crate::Error;

/// CRC-64/NVME over a stream: S3's checksum for objects in parts, as it can be joined. Compute it in the pass that hashes a
/// file, so that a change between hashing and sending is seen.
pub struct Crc64(Digest);

impl Default for Crc64 {
    fn default() -> Self {
        Crc64(Digest::new(CrcAlgorithm::Crc64Nvme))
    }
}

impl std::fmt::Debug for Crc64 {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Crc64({:016x})", self.0.finalize())
    }
}

impl Crc64 {
    /// More of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The CRC of all so far.
    pub fn finish(&self) -> u64 {
        self.0.finalize()
    }

    /// The CRC of bytes in memory.
    pub fn of(bytes: &[u8]) -> u64 {
        checksum(CrcAlgorithm::Crc64Nvme, bytes)
    }

    /// The CRC of two pieces, one after the other, from theirs.
    pub fn joined(first: u64, second: u64, second_bytes: u64) -> u64 {
        checksum_combine(CrcAlgorithm::Crc64Nvme, first, second, second_bytes)
    }
}

/// The parts of one file.
#[derive(Clone)]
pub(super) struct PartFile {
    path: PathBuf,
    spare: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// A buffer that goes back to the others when the last request that holds it is done.
struct Lent {
    bytes: Vec<u8>,
    spare: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.bytes));
    }
}

impl PartFile {
    pub(super) fn new(path: &Path) -> PartFile {
        PartFile { path: path.to_owned(), spare: Arc::default() }
    }

    /// Reads `size_bytes` from `from_byte` on a thread of its own, with their CRC.
    ///
    /// # Errors
    /// [`Error::Changed`] when the file ends before, [`Error::File`].
    pub(super) async fn read(&self, from_byte: u64, size_bytes: usize) -> Result<(Bytes, u64), Error> {
        let this = self.clone();
        let read = tokio::task::spawn_blocking(move || this.read_here(from_byte, size_bytes)).await;
        read.unwrap_or_else(|error| Err(self.fault(&error.to_string())))
    }

    fn read_here(&self, from_byte: u64, size_bytes: usize) -> Result<(Bytes, u64), Error> {
        let mut bytes = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        bytes.resize(size_bytes, 0);
        let mut file = File::open(&self.path).map_err(|error| self.fault(&error.to_string()))?;
        file.seek(SeekFrom::Start(from_byte)).map_err(|error| self.fault(&error.to_string()))?;
        file.read_exact(&mut bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => self.changed(),
            _ => self.fault(&error.to_string()),
        })?;
        let crc = Crc64::of(&bytes);
        Ok((Bytes::from_owner(Lent { bytes, spare: Arc::clone(&self.spare) }), crc))
    }

    /// Whether the file still has this size.
    ///
    /// # Errors
    /// [`Error::Changed`], [`Error::File`].
    pub(super) async fn has_size(&self, size_bytes: u64) -> Result<(), Error> {
        let metadata = tokio::task::spawn_blocking({
            let path = self.path.clone();
            move || std::fs::metadata(path)
        });
        let metadata = metadata.await.map_err(|error| self.fault(&error.to_string()))?;
        let metadata = metadata.map_err(|error| self.fault(&error.to_string()))?;
        if metadata.len() == size_bytes { Ok(()) } else { Err(self.changed()) }
    }

    pub(super) fn changed(&self) -> Error {
        Error::Changed { path: self.path.display().to_string() }
    }

    fn fault(&self, why: &str) -> Error {
        Error::File { path: self.path.display().to_string(), why: why.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_the_one_of_the_catalogue() {
        assert_eq!(Crc64::of(b"123456789"), 0xae8b_1486_0a79_9888);
        let mut crc = Crc64::default();
        crc.update(b"1234");
        crc.update(b"56789");
        assert_eq!(crc.finish(), 0xae8b_1486_0a79_9888);
        assert_eq!(Crc64::joined(Crc64::of(b"1234"), Crc64::of(b"56789"), 5), crc.finish());
        assert_eq!(Crc64::joined(0, Crc64::of(b"1"), 1), Crc64::of(b"1"));
    }

    #[tokio::test]
    async fn buffers_are_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, b"0123456789").unwrap();
        let file = PartFile::new(&path);
        let (first, _) = file.read(2, 4).await.unwrap();
        assert_eq!(&first[..], b"2345");
        let at = first.as_ptr();
        drop(first);
        let (second, crc) = file.read(6, 4).await.unwrap();
        assert_eq!((&second[..], second.as_ptr(), crc), (&b"6789"[..], at, Crc64::of(b"6789")));
        assert!(matches!(file.read(8, 4).await, Err(Error::Changed { .. })));
        assert!(matches!(file.has_size(11).await, Err(Error::Changed { .. })));
        assert!(matches!(PartFile::new(Path::new("/no/such")).read(0, 1).await, Err(Error::File { .. })));
    }
}
