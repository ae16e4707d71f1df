//! Writes pulled files: each into a file of its own beside its place, verified, then renamed. EFFECTS. Whoever reads the folder sees the
//! old file or the new one, whole.

use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::pull::Fetch;
use kit_host::Permit;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The largest window that a brotli stream of ours has, bytes; the decoder's buffer.
const BUFFER_BYTES: usize = 64 << 10;

/// Makes the folders on the way to `path` below `dir`, and `dir` itself. Errors: exit 3; something that is no folder is in the way.
pub fn make_folders(_permit: &Permit, dir: &Path, path: &str) -> Result<(), Error> {
    folders(dir, path)
}

fn folders(dir: &Path, path: &str) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let mut folder = dir.to_owned();
    let Some((parents, _)) = path.rsplit_once('/') else { return Ok(()) };
    for name in parents.split('/') {
        folder.push(name);
        match fs::create_dir(&folder) {
            Ok(()) => {}
            // Not through a link that somebody has put there since it was looked at.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => match fs::symlink_metadata(&folder) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Err(failed(&folder, &io::Error::from(ErrorKind::NotADirectory))),
                Err(error) => return Err(failed(&folder, &error)),
            },
            Err(error) => return Err(failed(&folder, &error)),
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> Error {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        let what = format!(
            "the disk is full at {}; make room and run again: what is there already is not fetched again",
            path.display()
        );
        return Error::Service { code: "disk-full", what };
    }
    Error::world("write", path, error)
}

/// One file on its way. Dropped before [`Incoming::finish`], it leaves nothing behind.
pub struct Incoming {
    target: PathBuf,
    part: PathBuf,
    out: Option<Decoder>,
    hash: Sha256,
    arrived_bytes: u64,
    wanted_bytes: u64,
    wanted: Digest,
}

enum Decoder {
    Plain(File),
    Gzip(Box<flate2::write::GzDecoder<File>>),
    Brotli(Box<brotli::DecompressorWriter<File>>),
}

impl Incoming {
    /// Begins to write `fetch` below `dir`, whose folders are made. Errors: exit 3.
    pub fn begin(permit: &Permit, dir: &Path, fetch: &Fetch<'_>) -> Result<Incoming, Error> {
        make_folders(permit, dir, fetch.path)?;
        Incoming::create(dir, fetch)
    }

    fn create(dir: &Path, fetch: &Fetch<'_>) -> Result<Incoming, Error> {
        let target = dir.join(fetch.path);
        // The path's own digest tells apart what is written at the same time, and keeps within the longest name.
        let mut name = Digest::of(fetch.path.as_bytes()).hex();
        name.truncate(16);
        let part = target.with_file_name(format!(".roadcrew-{}-{name}", std::process::id()));
        // What a killed run with this id left.
        let _ = fs::remove_file(&part);
        let file =
            OpenOptions::new().write(true).create_new(true).open(&part).map_err(|error| failed(&target, &error))?;
        let out = match fetch.encoding {
            "gzip" => Decoder::Gzip(Box::new(flate2::write::GzDecoder::new(file))),
            "br" => Decoder::Brotli(Box::new(brotli::DecompressorWriter::new(file, BUFFER_BYTES))),
            _ => Decoder::Plain(file),
        };
        Ok(Incoming {
            target,
            part,
            out: Some(out),
            hash: Sha256::new(),
            arrived_bytes: 0,
            wanted_bytes: fetch.size,
            wanted: fetch.sha256,
        })
    }

    /// More of the stored bytes. Errors: the disk, bytes that are no such encoding, or more of them than there should be.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.arrived_bytes = self.arrived_bytes.saturating_add(bytes.len() as u64);
        if self.arrived_bytes > self.wanted_bytes {
            return Err(io::Error::new(ErrorKind::InvalidData, "it is longer than what was published"));
        }
        match &mut self.out {
            Some(Decoder::Plain(file)) => file.write_all(bytes),
            Some(Decoder::Gzip(out)) => out.write_all(bytes),
            Some(Decoder::Brotli(out)) => out.write_all(bytes),
            None => Ok(()),
        }
    }

    /// Puts the file in its place, if its stored bytes are what was published. Errors: they are not, or the disk.
    pub fn finish(mut self) -> Result<(), Error> {
        let finished = match self.out.take() {
            Some(Decoder::Gzip(mut out)) => out.try_finish(),
            Some(Decoder::Brotli(mut out)) => out.close(),
            Some(Decoder::Plain(_)) | None => Ok(()),
        };
        let digest = Digest(std::mem::take(&mut self.hash).finalize().into());
        if digest != self.wanted || self.arrived_bytes != self.wanted_bytes {
            let what = format!(
                "{}: the bucket's bytes are not what was published (SHA-256 {}, not {}); verify the release",
                self.target.display(),
                digest.hex(),
                self.wanted.hex()
            );
            return Err(Error::No { code: "digest-differs", what });
        }
        finished.map_err(|error| failed(&self.target, &error))?;
        fs::rename(&self.part, &self.target).map_err(|error| failed(&self.target, &error))?;
        // It has its name now.
        self.part = PathBuf::new();
        Ok(())
    }

    /// The error of a write, with its place.
    pub fn failed(&self, error: &io::Error) -> Error {
        failed(&self.target, error)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.part.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn fetch<'f>(path: &'f str, stored: &[u8], encoding: &'f str) -> Fetch<'f> {
        Fetch { path, key: "", size: stored.len() as u64, sha256: Digest::of(stored), encoding }
    }

    fn bring(dir: &Path, fetch: &Fetch<'_>, chunks: &[&[u8]]) -> Result<(), Error> {
        folders(dir, fetch.path)?;
        let mut incoming = Incoming::create(dir, fetch)?;
        for chunk in chunks {
            incoming.write(chunk).map_err(|error| incoming.failed(&error))?;
        }
        incoming.finish()
    }

    fn entries(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().expect("a folder");
        bring(dir.path(), &fetch("a/b/c.js", b"hello", ""), &[b"hel", b"lo"]).expect("written");
        assert_eq!(fs::read(dir.path().join("a/b/c.js")).expect("a file"), b"hello");
        for chunks in [&[&b"hellO"[..]][..], &[b"hell"], &[b"hello", b"!"]] {
            assert!(bring(dir.path(), &fetch("a/b/c.js", b"hello", ""), chunks).is_err());
        }
        assert_eq!(fs::read(dir.path().join("a/b/c.js")).expect("a file"), b"hello");
        assert_eq!(entries(&dir.path().join("a/b")), ["c.js"]);
    }

    #[test]
    fn encoded_files_are_freed_from_their_encoding() {
        let dir = tempfile::tempdir().expect("a folder");
        let text = "text ".repeat(10_000);
        for coding in ["gzip", "br"] {
            let stored = crate::apply::encode::encode(text.as_bytes(), coding).expect("encoded").expect("a coding");
            let (first, second) = stored.split_at(stored.len() / 2);
            bring(dir.path(), &fetch("t.txt", &stored, coding), &[first, second]).expect("written");
            assert_eq!(fs::read_to_string(dir.path().join("t.txt")).expect("a file"), text, "{coding}");
            fs::remove_file(dir.path().join("t.txt")).expect("removed");
            // Cut short by whoever wrote the record: its digest is right, and it is no whole stream.
            assert!(bring(dir.path(), &fetch("t.txt", first, coding), &[first]).is_err(), "{coding}");
            assert!(entries(dir.path()).is_empty());
        }
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let (dir, outside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        symlink(outside.path(), dir.path().join("out")).expect("a link");
        assert!(bring(dir.path(), &fetch("out/x", b"x", ""), &[b"x"]).is_err());
        assert!(entries(outside.path()).is_empty());
        // A link at the file's own place is replaced, not followed.
        fs::write(outside.path().join("target"), "old").expect("a file");
        symlink(outside.path().join("target"), dir.path().join("x")).expect("a link");
        bring(dir.path(), &fetch("x", b"new", ""), &[b"new"]).expect("written");
        assert_eq!(fs::read(outside.path().join("target")).expect("a file"), b"old");
    }

    #[test]
    fn a_full_disk_is_named() {
        let full = Path::new("/dev/full");
        if full.exists() {
            let error = OpenOptions::new().write(true).open(full).expect("opened").write_all(b"x").expect_err("full");
            assert!(matches!(failed(full, &error), Error::Service { code: "disk-full", .. }));
        }
    }
}
