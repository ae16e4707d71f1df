//! What is missing of a release in a local folder. The record comes from a bucket that others can write to, so its paths are
//! judged before one of them is used.

use super::digest::Digest;
use super::record::{Entry, Record};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The longest name within a path, bytes (NAME_MAX of Linux, macOS and Windows).
const NAME_BYTES: usize = 255;
/// The longest path within the folder, bytes: PATH_MAX of Linux is 4,096 with the folder before it, and a key has 1,024.
const PATH_BYTES: usize = 2048;

/// What lies at a path of the folder, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Local {
    /// A file with these contents.
    File(Digest),
    /// A folder.
    Folder,
    /// A link, a socket, a device: nothing that is written to or through.
    Other,
}

/// A file to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetch<'r> {
    /// Path in the folder.
    pub path: &'r str,
    /// Key below the prefix.
    pub key: &'r str,
    /// Bytes as stored.
    pub size: u64,
    /// Digest of the bytes as stored.
    pub sha256: Digest,
    /// `br`, `gzip`, or empty: what the bytes are freed from on their way to the disk.
    pub encoding: &'r str,
}

/// What a pull does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pull<'r> {
    /// In the order of paths.
    pub fetch: Vec<Fetch<'r>>,
    /// Files that are there already.
    pub same: u64,
    /// Bytes that are fetched.
    pub bytes: u64,
    /// Paths that differ only in case: one file on a case-insensitive disk. Pairs in order.
    pub case_collisions: Vec<(&'r str, &'r str)>,
}

/// A path that is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path:?}: {why}")]
pub struct Refusal {
    /// The path as the record has it.
    pub path: String,
    /// Why.
    pub why: &'static str,
}

/// Compares a release with the folder. `local`: what lies at each path of the record and at each folder on the way to it; nothing
/// for what is not there.
///
/// A file counts as there when its digest is the one of the stored bytes, or of the tree's file where that was stored encoded but
/// otherwise unchanged. What was both rewritten and encoded is fetched each time: nobody knows its digest.
///
/// Errors: paths that lead out of the folder, that no disk can hold or that something other than a file is in the way of; all of
/// them, in the order of paths.
pub fn pull<'r>(record: &'r Record, local: &BTreeMap<String, Local>) -> Result<Pull<'r>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut pull = Pull::default();
    let mut folded: FxHashMap<String, &str> = FxHashMap::default();
    for (path, entry) in &record.files {
        if let Err(why) = path_allowed(path).and_then(|()| way_is_free(path, record, local)) {
            refusals.push(Refusal { path: path.clone(), why });
            continue;
        }
        if let Some(first) = folded.insert(path.to_lowercase(), path) {
            pull.case_collisions.push((first, path));
        }
        let encoding = encoding(record, entry);
        if !matches!(encoding, "" | "br" | "gzip") {
            refusals.push(Refusal { path: path.clone(), why: "is stored in an encoding other than br and gzip" });
            continue;
        }
        let same = match local.get(path) {
            Some(Local::File(digest)) if encoding.is_empty() => *digest == entry.sha256,
            Some(Local::File(digest)) => entry.names.is_empty() && entry.source == Some(*digest),
            _ => false,
        };
        if same {
            pull.same += 1;
        } else {
            pull.bytes = pull.bytes.saturating_add(entry.size);
            pull.fetch.push(Fetch { path, key: &entry.key, size: entry.size, sha256: entry.sha256, encoding });
        }
    }
    if refusals.is_empty() { Ok(pull) } else { Err(refusals) }
}

/// Whether a path may be used below a folder on this machine. Errors: why not, as half a sentence.
pub fn path_allowed(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("is empty");
    }
    if path.starts_with('/') {
        return Err("is absolute");
    }
    if cfg!(windows) && path.contains('\\') {
        return Err("holds a backslash, which separates folders on Windows");
    }
    if path.contains('\0') {
        return Err("holds a NUL byte, which no path can");
    }
    if path.len() > PATH_BYTES {
        return Err("is longer than 2,048 bytes");
    }
    for name in path.split('/') {
        match name {
            "" => return Err("has an empty name between two slashes or at its end"),
            "." | ".." => return Err("holds `.` or `..`"),
            _ if name.len() > NAME_BYTES => return Err("holds a name that is longer than 255 bytes"),
            _ => {}
        }
    }
    // `C:name` is relative to the current folder of drive C on Windows.
    if cfg!(windows) && path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic() {
        return Err("begins with a drive's letter");
    }
    Ok(())
}

fn way_is_free(path: &str, record: &Record, local: &BTreeMap<String, Local>) -> Result<(), &'static str> {
    for (slash, _) in path.match_indices('/') {
        let folder = &path[..slash];
        if record.files.contains_key(folder) {
            return Err("lies below a file of the same release");
        }
        match local.get(folder) {
            None | Some(Local::Folder) => {}
            Some(Local::File(_)) => return Err("lies below what is a file in the folder; remove that file"),
            Some(Local::Other) => {
                return Err("lies below a link in the folder, which is not followed; remove the link");
            }
        }
    }
    match local.get(path) {
        None | Some(Local::File(_)) => Ok(()),
        Some(Local::Folder) => Err("is a folder there; remove it"),
        Some(Local::Other) => Err("is a link or a special file there, which is not written to; remove it"),
    }
}

fn encoding<'r>(record: &'r Record, entry: &Entry) -> &'r str {
    record.headers.get(super::delta::index(entry)).map_or("", |headers| &headers.content_encoding)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{asset, page, record};
    use super::*;
    use proptest::prelude::*;

    fn digest(text: &str) -> Digest {
        Digest::of(text.as_bytes())
    }

    #[test]
    fn only_what_is_missing_or_differs_is_fetched() {
        let record =
            record(1, vec![asset("a.js", "1"), asset("b/c.js", "2"), asset("d.js", "3"), page("index.html", "4")]);
        let mut local = BTreeMap::from([
            ("a.js".to_owned(), Local::File(digest("1"))),
            ("b".to_owned(), Local::Folder),
            ("b/c.js".to_owned(), Local::File(digest("other"))),
        ]);
        let plan = pull(&record, &local).unwrap();
        assert_eq!(plan.fetch.iter().map(|fetch| fetch.path).collect::<Vec<_>>(), ["b/c.js", "d.js", "index.html"]);
        assert_eq!((plan.same, plan.bytes), (1, 3));
        assert_eq!(plan.fetch[1].key, "d.js-3");
        for (path, text) in [("b/c.js", "2"), ("d.js", "3"), ("index.html", "4")] {
            local.insert(path.into(), Local::File(digest(text)));
        }
        let plan = pull(&record, &local).unwrap();
        assert_eq!((plan.fetch.len(), plan.same, plan.bytes), (0, 4, 0));
    }

    #[test]
    fn what_was_stored_encoded_is_compared_with_the_tree() {
        let mut release = record(1, vec![asset("a.js", "1")]);
        release.headers[0].content_encoding = "br".into();
        let entry = release.files.get_mut("a.js").unwrap();
        entry.source = Some(digest("tree"));
        let local = BTreeMap::from([("a.js".to_owned(), Local::File(digest("tree")))]);
        assert_eq!(pull(&release, &local).unwrap().same, 1);
        release.files.get_mut("a.js").unwrap().names.push("b.js".into());
        assert_eq!(pull(&release, &local).unwrap().fetch[0].encoding, "br");
        release.headers[0].content_encoding = "compress".into();
        assert!(pull(&release, &local).is_err());
    }

    #[test]
    fn nothing_is_written_outside_or_through_links() {
        for path in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a\0b", "..", &"x".repeat(256)] {
            assert!(path_allowed(path).is_err(), "{path:?}");
        }
        for path in ["a", ".well-known/x", "...", "a b/ü\n#?%+", "ab:c", "C:x", "a\\b", &"x".repeat(255)] {
            assert_eq!(path_allowed(path), Ok(()), "{path:?}");
        }
        let release =
            record(1, vec![asset("a/b/c", "1"), asset("d", "2"), asset("d/e", "3"), asset("f", "4"), asset("g", "5")]);
        let local = BTreeMap::from([
            ("a/b".to_owned(), Local::Other),
            ("f".to_owned(), Local::Folder),
            ("g".to_owned(), Local::Other),
        ]);
        let refused: Vec<_> = pull(&release, &local).unwrap_err().into_iter().map(|refusal| refusal.path).collect();
        assert_eq!(refused, ["a/b/c", "d/e", "f", "g"]);
    }

    #[test]
    fn case_collisions_are_named() {
        let release = record(1, vec![asset("A.js", "1"), asset("a.js", "2"), asset("Ä", "3"), asset("ä", "4")]);
        let plan = pull(&release, &BTreeMap::new()).unwrap();
        assert_eq!(plan.case_collisions, [("A.js", "a.js"), ("Ä", "ä")]);
    }

    proptest! {
        /// What is allowed stays below the folder when it is joined to it name by name.
        #[test]
        fn an_allowed_path_stays_inside(path in "[a./\\\\\0:C]{0,12}") {
            if path_allowed(&path).is_ok() {
                let joined = std::path::Path::new("/dir").join(&path);
                prop_assert!(joined.starts_with("/dir"));
                prop_assert!(joined.components().all(|part| !matches!(part, std::path::Component::ParentDir)));
                prop_assert_eq!(joined.components().count(), 2 + path.split('/').count());
            }
        }
    }
}
