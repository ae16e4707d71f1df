//! The headers of every file, as few sets that many files share.

use super::headers::{Naming as Lifetime, Policy};
use super::naming::Naming;
use super::record::Headers;
use super::tree::SourceFile;
use rustc_hash::FxHashMap;

/// The smallest file that is worth encoding, bytes: below it the encoded one is hardly smaller.
const ENCODE_FROM_BYTES: u64 = 256;
/// The largest file that is encoded, bytes: CloudFront compresses up to 10 MB, and Brotli's best does 0.5 MB/s.
const ENCODE_UP_TO_BYTES: u64 = 10_000_000;

/// Sets of headers, and which file has which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderSets {
    /// Different sets, in the order in which the files ask for them.
    pub sets: Vec<Headers>,
    /// Index of each file's set.
    pub of: Vec<u32>,
}

impl HeaderSets {
    /// The sets of `files`. `encode` is the coding that text is stored with; empty for none. Errors: path, and why its rules
    /// make no sense.
    pub fn new(
        files: &[SourceFile],
        naming: &Naming,
        policy: &Policy,
        encode: &str,
    ) -> Result<HeaderSets, (String, String)> {
        let mut known: FxHashMap<Headers, u32> = FxHashMap::default();
        let mut sets = HeaderSets { sets: Vec::new(), of: Vec::with_capacity(files.len()) };
        for file in files {
            let lifetime = if naming.pages.contains(&file.path) { Lifetime::Page } else { Lifetime::Immutable };
            let mut headers = policy.headers(&file.path, lifetime, "").map_err(|why| (file.path.clone(), why))?;
            let fits = (ENCODE_FROM_BYTES..=ENCODE_UP_TO_BYTES).contains(&file.size_bytes);
            if fits && headers.content_encoding.is_empty() && is_text(&headers.content_type) {
                encode.clone_into(&mut headers.content_encoding);
            }
            let next = u32::try_from(sets.sets.len()).unwrap_or(u32::MAX);
            let index = *known.entry(headers).or_insert_with_key(|headers| {
                sets.sets.push(headers.clone());
                next
            });
            sets.of.push(index);
        }
        Ok(sets)
    }

    /// The headers of the file at this place in the list.
    pub fn get(&self, file: usize) -> Option<&Headers> {
        self.sets.get(usize::try_from(*self.of.get(file)?).ok()?)
    }
}

/// Whether a type's bytes become smaller: text, and what is written as text or is not compressed in itself.
fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let named =
        ["application/json", "application/manifest+json", "application/wasm", "application/xml", "image/svg+xml"];
    kind.starts_with("text/") || kind.ends_with("+json") || kind.ends_with("+xml") || named.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::super::naming::Mode;
    use super::*;

    #[test]
    fn files_share_sets_and_only_text_is_encoded() {
        let file = |path: &str, size_bytes| SourceFile { path: path.to_owned(), size_bytes };
        let files = [file("a.js", 999), file("b.js", 999), file("c.png", 999), file("d.js", 9), file("e.html", 999)];
        let naming = Naming { mode: Mode::Keep, hashed: false, pages: std::iter::once("e.html".to_owned()).collect() };
        let sets = HeaderSets::new(&files, &naming, &Policy::default(), "br").expect("rules");
        assert_eq!(sets.of, [0, 0, 1, 2, 3]);
        let codings: Vec<&str> = sets.sets.iter().map(|set| set.content_encoding.as_str()).collect();
        assert_eq!(codings, ["br", "", "", "br"]);
        assert_eq!(sets.get(4).map(|set| set.cache_control.as_str()), Some("no-cache"));
    }
}
