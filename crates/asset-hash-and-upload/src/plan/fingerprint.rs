//! The published name of a file: the name in the tree with a digest of what is served. PURE.
//!
//! The digest is over the final bytes, the type and the coding, so that the same bytes under another type get another name:
//! a CDN that has the old answer would go on giving it (an ETag doesn't change with headers).
#![warn(clippy::disallowed_methods)]

pub mod percent;

use super::digest::Digest;
use sha2::{Digest as _, Sha256};

/// Hex digits of a digest in a name: 64 bits. Among 100,000 names the chance that two collide is 3 in 10^10, and such a
/// collision is refused when it is written, as the key is taken.
pub const HASH_DIGITS: usize = 16;
/// Bytes of a key in UTF-8 (S3 User Guide, "Naming Amazon S3 objects").
pub const KEY_LIMIT_BYTES: usize = 1024;
/// The form of names unless another one is asked for.
pub const DEFAULT_FORM: &str = "[name]-[hash].[ext]";
/// Bytes of a form; each name grows by that much.
const FORM_LIMIT_BYTES: usize = 100;

/// Endings that are one extension: the digest goes before all of it, so that `app.js.map` stays a `.js.map`.
const BEFORE_LAST: &[(&str, &[&str])] = &[
    ("map", &["js", "mjs", "cjs", "css"]),
    ("br", &["js", "mjs", "cjs", "css", "html", "json", "map", "svg", "tar", "wasm", "xml", "txt"]),
    ("gz", &["js", "mjs", "cjs", "css", "html", "json", "map", "svg", "tar", "wasm", "xml", "txt"]),
    ("zst", &["js", "mjs", "cjs", "css", "html", "json", "map", "svg", "tar", "wasm", "xml", "txt"]),
    ("bz2", &["tar"]),
    ("xz", &["tar"]),
    ("ts", &["d"]),
];

/// How a published name is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameForm {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Name,
    Hash,
    Extension,
}

impl Default for NameForm {
    fn default() -> Self {
        let literal = |text: &str| Part::Literal(text.to_owned());
        NameForm { parts: vec![Part::Name, literal("-"), Part::Hash, literal("."), Part::Extension] }
    }
}

impl NameForm {
    /// Reads a form such as `[name]-[hash].[ext]`: `[hash]` exactly once, `[name]` and `[ext]` at most once, and between
    /// them letters, digits, `-`, `_`, `.` and `~`. It names no folder: a file stays where it is, so that a relative URL
    /// changes in its last segment only. Errors: one sentence.
    pub fn parse(form: &str) -> Result<NameForm, String> {
        let refused =
            |why: &str| Err(format!("`{form}` is no form of names: {why}; write one such as `{DEFAULT_FORM}`"));
        if form.len() > FORM_LIMIT_BYTES {
            return refused("it is too long");
        }
        let mut parts = Vec::new();
        let mut rest = form;
        while !rest.is_empty() {
            let (part, after) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
                Some(("name", after)) => (Part::Name, after),
                Some(("hash", after)) => (Part::Hash, after),
                Some(("ext", after)) => (Part::Extension, after),
                Some(_) => return refused("only [name], [hash] and [ext] are known"),
                None => {
                    let end = rest.find('[').unwrap_or(rest.len());
                    let (text, after) = rest.split_at(end);
                    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)) {
                        return refused("letters, digits, `-`, `_`, `.` and `~` can stand in a name");
                    }
                    (Part::Literal(text.to_owned()), after)
                }
            };
            if part != Part::Hash && !matches!(part, Part::Literal(_)) && parts.contains(&part) {
                return refused("a part comes twice");
            }
            parts.push(part);
            rest = after;
        }
        if parts.iter().filter(|part| **part == Part::Hash).count() != 1 {
            return refused("[hash] must come once, or the name would not change with the bytes");
        }
        if !parts.contains(&Part::Name) && parts.last() != Some(&Part::Extension) {
            return refused("without [name] it must end with [ext], or files would lose their type");
        }
        Ok(NameForm { parts })
    }

    /// The published path of a path in the tree: same folder, new name. A file without an extension loses the dots that the
    /// form has before `[ext]`.
    pub fn apply(&self, path: &str, hash: &str) -> String {
        let (folder, file) = split_folder(path);
        let (stem, extension) = split_extension(file);
        let mut name = String::with_capacity(path.len() + hash.len() + 8);
        name.push_str(folder);
        let folder_end = name.len();
        for part in &self.parts {
            match part {
                Part::Literal(text) => name.push_str(text),
                Part::Name => name.push_str(stem),
                Part::Hash => name.push_str(hash),
                Part::Extension if extension.is_empty() => {
                    while name.len() > folder_end && name.ends_with('.') {
                        name.pop();
                    }
                }
                Part::Extension => name.push_str(extension),
            }
        }
        name
    }
}

/// A path as its folder, with the `/` at its end, and its name.
pub fn split_folder(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

/// A name as what comes before its extension and the extension without its dot: `app.min` and `js`, `archive` and `tar.gz`,
/// `app` and `js.map`; of `.htaccess` and `README` the extension is empty.
pub fn split_extension(file: &str) -> (&str, &str) {
    let body = file.trim_start_matches('.');
    let dots = file.len() - body.len();
    let Some(last) = body.rfind('.').map(|dot| dot + dots).filter(|dot| *dot > dots && dot + 1 < file.len()) else {
        return (file, "");
    };
    let ending = file[last + 1..].to_ascii_lowercase();
    let inner = BEFORE_LAST.iter().find(|(known, _)| *known == ending).map_or(&[][..], |(_, inner)| inner);
    match file[dots..last].rfind('.').map(|dot| dot + dots) {
        Some(dot) if dot > dots && inner.contains(&file[dot + 1..last].to_ascii_lowercase().as_str()) => {
            (&file[..dot], &file[dot + 1..])
        }
        _ => (&file[..last], &file[last + 1..]),
    }
}

/// Takes a file's bytes, in pieces, once for both its digest and the hash of its name.
#[derive(Debug, Clone, Default)]
pub struct FileHash {
    bytes: Sha256,
}

impl FileHash {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.bytes.update(bytes);
    }

    /// SHA-256 of the bytes, and the hash of the name: the first [`HASH_DIGITS`] hex digits of SHA-256 over bytes, a zero,
    /// type, a zero and coding (empty for none).
    pub fn finish(self, content_type: &str, content_encoding: &str) -> (Digest, String) {
        let digest = Digest(self.bytes.clone().finalize().into());
        let mut named = self.bytes;
        for part in [&[0], content_type.as_bytes(), &[0], content_encoding.as_bytes()] {
            named.update(part);
        }
        (digest, short(&Digest(named.finalize().into())))
    }
}

/// SHA-256 of a file's final bytes and the hash of its name; see [`FileHash::finish`].
pub fn hash(bytes: &[u8], content_type: &str, content_encoding: &str) -> (Digest, String) {
    let mut hash = FileHash::default();
    hash.update(bytes);
    hash.finish(content_type, content_encoding)
}

/// The part of a digest that goes into a name: its first [`HASH_DIGITS`] hex digits.
pub fn short(digest: &Digest) -> String {
    let mut hex = digest.hex();
    hex.truncate(HASH_DIGITS);
    hex
}

/// Whether a key, with its prefix, is one that S3 takes, lists and deletes again. Errors: one sentence with the key.
pub fn check_key(key: &str) -> Result<(), String> {
    let shown = || key.chars().take(120).collect::<String>();
    if key.is_empty() || key.len() > KEY_LIMIT_BYTES {
        let size = key.len();
        return Err(format!(
            "the key {:?}… has {size} bytes; S3 takes 1 to {KEY_LIMIT_BYTES}: give a shorter name",
            shown()
        ));
    }
    // XML 1.0 has no form for these, so a list or a batch of deletions couldn't name the key.
    if key.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')) {
        return Err(format!("the key {:?} has a control character in it; give the file another name", shown()));
    }
    // HTTP clients and S3 itself fold such segments, so another key would be written.
    if key.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(format!("the key {:?} has an empty segment, `.` or `..`; give it another name", shown()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
