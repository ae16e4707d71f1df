//! What the files hold: every byte is read and digested once, on all processors.

use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::fingerprint::FileHash;
use crate::plan::header_sets::HeaderSets;
use crate::plan::record::Headers;
use crate::plan::tree::{Content, PARTS_FROM_BYTES, SourceFile};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that are read at once: small enough for a processor's cache, large enough that most files need one call.
const CHUNK_BYTES: usize = 256 << 10;
/// Threads that read, at most: beyond it the disk decides.
const MAX_THREADS: usize = 16;
/// Files that a thread takes at a time.
const BATCH: usize = 32;

/// Digests `files` below `root`, whose types and codings `headers` has; the answer has their order. Errors: exit 3 with the first file, by order, that can't be read.
pub fn digest(root: &Path, files: &[SourceFile], headers: &HeaderSets) -> Result<Vec<Content>, Error> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let none = Headers::default();
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<(usize, Error)>> = Mutex::new(None);
    let none_yet = || Content { sha256: Digest([0; 32]), size_bytes: 0, crc64: 0, name_hash: 0 };
    let contents: Mutex<Vec<Content>> = Mutex::new(std::iter::repeat_with(none_yet).take(files.len()).collect());
    let whole = std::thread::scope(|scope| {
        let work = || {
            let mut part = Vec::with_capacity(BATCH);
            let mut buffer = vec![0; CHUNK_BYTES];
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                let Some(batch) = files.get(from..files.len().min(from + BATCH)).filter(|batch| !batch.is_empty())
                else {
                    return;
                };
                for (at, file) in (from..).zip(batch) {
                    let set = headers.get(at).unwrap_or(&none);
                    match content(&root.join(&file.path), file.size_bytes, set, &mut buffer) {
                        Ok(content) => part.push(content),
                        Err(error) => {
                            note(&failed, at, error);
                            return;
                        }
                    }
                }
                let mut contents = contents.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for (place, content) in contents.iter_mut().skip(from).zip(part.drain(..)) {
                    *place = content;
                }
            }
        };
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work();
        let mut whole = true;
        for worker in workers {
            whole &= worker.join().is_ok();
        }
        whole
    });
    if let Some((_, error)) = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        return Err(error);
    }
    if !whole {
        return Err(Error::input("a thread that read the tree broke off"));
    }
    Ok(contents.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn note(failed: &Mutex<Option<(usize, Error)>>, at: usize, error: Error) {
    let mut failed = failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if failed.as_ref().is_none_or(|(first, _)| at < *first) {
        *failed = Some((at, error));
    }
}

/// Reads one file. Errors: it can't be read, or its size is not the one that it was found with.
fn content(path: &Path, size_bytes: u64, headers: &Headers, buffer: &mut [u8]) -> Result<Content, Error> {
    let failed = |error: std::io::Error| Error::world("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = FileHash::default();
    let mut crc = (size_bytes >= PARTS_FROM_BYTES).then(|| crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme));
    let mut read_bytes = 0_u64;
    loop {
        let count = match file.read(buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        let bytes = buffer.get(..count).unwrap_or_default();
        hash.update(bytes);
        if let Some(crc) = &mut crc {
            crc.update(bytes);
        }
        read_bytes += count as u64;
        // A file that is not shorter than the buffer needs another call to see its end; the others have shown theirs.
        if read_bytes == size_bytes && count < buffer.len() {
            break;
        }
    }
    if read_bytes != size_bytes {
        return Err(Error::changed(path));
    }
    let (sha256, name_hash) = hash.finish(&headers.content_type, &headers.content_encoding);
    // They are hex digits of 64 bits.
    let name_hash = u64::from_str_radix(&name_hash, 16).unwrap_or_default();
    Ok(Content { sha256, size_bytes, crc64: crc.map_or(0, |crc| crc.finalize()), name_hash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn contents_have_the_order_of_the_files() {
        let dir = tempfile::tempdir().expect("a folder");
        let files: Vec<SourceFile> = (0..300_u32)
            .map(|i| {
                let text = "x".repeat(i as usize * 3000);
                let path = format!("f{i:03}");
                fs::write(dir.path().join(&path), &text).expect("a file");
                SourceFile { path, size_bytes: text.len() as u64 }
            })
            .collect();
        let contents = digest(dir.path(), &files, &HeaderSets::default()).expect("digests");
        for (file, content) in files.iter().zip(&contents) {
            let bytes = fs::read(dir.path().join(&file.path)).expect("a file");
            assert_eq!(content.sha256, Digest::of(&bytes), "{}", file.path);
        }
    }

    #[test]
    fn a_file_that_changed_or_went_is_named() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a"), "longer").expect("a file");
        let file = |path: &str, size_bytes| SourceFile { path: path.to_owned(), size_bytes };
        let error = digest(dir.path(), &[file("a", 3)], &HeaderSets::default()).expect_err("another size");
        assert!(error.to_string().contains("changed"), "{error}");
        let error = digest(dir.path(), &[file("a", 6), file("b", 1)], &HeaderSets::default()).expect_err("no file");
        assert!(error.to_string().contains("/b"), "{error}");
    }

    /// SHA-NI does 1.6 GB/s, code without it 0.3 to 0.5: a build that lost it is three times as slow, and nobody would see.
    /// `sha2` chooses at run time, so its rounds on the processor (SHA256RNDS2, opcode 0F 38 CB) must be in the program: two
    /// for each four of the 64 rounds.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_processors_own_sha_is_used() {
        let program = fs::read(std::env::current_exe().expect("a program")).expect("its bytes");
        let rounds = memchr::memmem::find_iter(&program, &[0x0f, 0x38, 0xcb]).count();
        assert!(rounds >= 32, "only {rounds} instructions");
    }
}
