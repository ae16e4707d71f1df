//! What lies in the folder that a release is pulled to. EFFECTS, changes nothing and follows no link below the folder.

use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::pull::{Local, path_allowed};
use crate::plan::record::Record;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 256 << 10;
/// Threads that read, at most: beyond it the disk decides.
const MAX_THREADS: usize = 16;
/// Files that a thread takes at a time.
const BATCH: usize = 32;

/// Looks at each path of the record below `dir` and at the folders on the way; files are digested. What is not there is left out, and so is
/// everything below what is no folder. Errors: exit 2 when `dir` is no folder, exit 3 when something can't be read.
pub fn look(dir: &Path, record: &Record) -> Result<BTreeMap<String, Local>, Error> {
    match fs::metadata(dir) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            return Err(Error::input(format!("{} is no folder; name one, or one that is to be made", dir.display())));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Error::world("read", dir, &error)),
    }
    // Paths that lead elsewhere are refused by the plan, and must not be looked at before.
    let paths: Vec<&str> = record.files.keys().map(String::as_str).filter(|path| path_allowed(path).is_ok()).collect();
    let mut found = BTreeMap::new();
    let mut blocked: BTreeSet<&str> = BTreeSet::new();
    for folder in folders(&paths) {
        if parents(folder).any(|parent| blocked.contains(parent)) {
            blocked.insert(folder);
            continue;
        }
        let what = kind(&dir.join(folder))?;
        if what != Some(Kind::Folder) {
            blocked.insert(folder);
        }
        let local = match what {
            None => continue,
            Some(Kind::Folder) => Local::Folder,
            // Nobody asks for the contents of what is in the way.
            Some(Kind::File) => Local::File(Digest([0; 32])),
            Some(Kind::Other) => Local::Other,
        };
        found.insert(folder.to_owned(), local);
    }
    let mut files = Vec::new();
    for path in paths {
        if parents(path).any(|parent| blocked.contains(parent)) {
            continue;
        }
        match kind(&dir.join(path))? {
            None => {}
            Some(Kind::File) => files.push(path),
            Some(Kind::Folder) => drop(found.insert(path.to_owned(), Local::Folder)),
            Some(Kind::Other) => drop(found.insert(path.to_owned(), Local::Other)),
        }
    }
    for (path, digest) in digests(dir, &files)? {
        found.insert(path, Local::File(digest));
    }
    Ok(found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Other,
}

fn kind(path: &Path) -> Result<Option<Kind>, Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(Kind::File)),
        Ok(metadata) if metadata.is_dir() => Ok(Some(Kind::Folder)),
        Ok(_) => Ok(Some(Kind::Other)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Error::world("read", path, &error)),
    }
}

/// All folders on the way to `paths`, parents first.
fn folders<'p>(paths: &[&'p str]) -> BTreeSet<&'p str> {
    paths.iter().flat_map(|path| parents(path)).collect()
}

/// The folders on the way to a path, the outermost first.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash])
}

/// The digests of `files` below `dir`, on all processors.
fn digests(dir: &Path, files: &[&str]) -> Result<Vec<(String, Digest)>, Error> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<Error>> = Mutex::new(None);
    let work = || {
        let mut part = Vec::new();
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let from = next.fetch_add(BATCH, Ordering::Relaxed);
            let batch = files.get(from..files.len().min(from.saturating_add(BATCH)));
            let Some(batch) = batch.filter(|batch| !batch.is_empty()) else { return part };
            for path in batch {
                match digest(&dir.join(path), &mut buffer) {
                    Ok(digest) => part.push(((*path).to_owned(), digest)),
                    Err(error) => {
                        failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
                        next.store(files.len(), Ordering::Relaxed);
                        return part;
                    }
                }
            }
        }
    };
    let parts = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut parts = vec![work()];
        parts.extend(workers.into_iter().filter_map(|worker| worker.join().ok()));
        parts
    });
    match failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(parts.into_iter().flatten().collect()),
    }
}

fn digest(path: &Path, buffer: &mut [u8]) -> Result<Digest, Error> {
    let failed = |error: std::io::Error| Error::world("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = Sha256::new();
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok(Digest(hash.finalize().into())),
            Ok(count) => hash.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::samples::{asset, record};
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_seen_and_not_followed() {
        let (dir, outside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::create_dir_all(dir.path().join("a/b")).expect("folders");
        fs::write(dir.path().join("a/b/file"), "text").expect("a file");
        fs::write(dir.path().join("plain"), "text").expect("a file");
        fs::write(outside.path().join("secret"), "secret").expect("a file");
        symlink(outside.path(), dir.path().join("out")).expect("a link");
        symlink("plain", dir.path().join("link")).expect("a link");
        let wanted = ["a/b/file", "a/missing", "out/secret", "link", "plain/below", "a/b", "../escape"];
        let release = record(1, wanted.into_iter().map(|path| asset(path, "text")).collect());
        let found = look(dir.path(), &release).expect("a folder");
        let text = Digest::of(b"text");
        let expected = [
            ("a", Local::Folder),
            ("a/b", Local::Folder),
            ("a/b/file", Local::File(text)),
            ("link", Local::Other),
            ("out", Local::Other),
            ("plain", Local::File(Digest([0; 32]))),
        ];
        assert_eq!(found, expected.into_iter().map(|(path, local)| (path.to_owned(), local)).collect());
        assert!(look(&dir.path().join("none"), &release).expect("nothing").is_empty());
        assert!(look(&dir.path().join("plain"), &release).is_err());
    }

    #[test]
    fn many_files_are_digested() {
        let dir = tempfile::tempdir().expect("a folder");
        for i in 0..100 {
            fs::write(dir.path().join(format!("f{i}")), format!("{i}")).expect("a file");
        }
        let names: Vec<String> = (0..100).map(|i| format!("f{i}")).collect();
        let files: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut found = digests(dir.path(), &files).expect("digests");
        found.sort();
        let mut expected: Vec<(String, Digest)> =
            (0..100).map(|i| (format!("f{i}"), Digest::of(i.to_string().as_bytes()))).collect();
        expected.sort();
        assert_eq!(found, expected);
        assert!(digests(dir.path(), &["f1", "gone"]).is_err());
    }
}
