//! Which names already hold a digest of their bytes. PURE.
//!
//! A mistake here is dear in one direction only. A name that is wrongly called hashed makes a file immutable that changes:
//! browsers keep the old one for a year, and the next publish is refused since the key is taken. A name that is wrongly
//! called plain makes the file a page, which is asked about again and again, and is right. So a name counts only when
//! something besides its own looks speaks for it, or when its looks can hardly be chance:
//!
//! 1. A manifest whose tool always hashes (Sprockets, Propshaft, Django) names it as the published name of another one.
//! 2. Another manifest (Vite, webpack, AssetMapper) names it, and it ends in a token that is no word; see [`looks_random`].
//! 3. It has a token of 8 to 128 hex digits of one case, with digits and letters that alternate (`facade12` and `20240131` do
//!    not); at the name's beginning only from 16 on. A name with a UUID is none: those are ids of things.
//! 4. It ends in exactly 8 characters as Vite's and esbuild's hashes are, and so do three in four of the scripts and styles of
//!    its folder, and these together change between upper case, lower case and digits as often as chance does and words
//!    never do. `index-overview.js` and `hook-useState.js` are words, and a lone file proves nothing.
#![warn(clippy::disallowed_methods)]

mod tokens;

use super::fingerprint::{split_extension, split_folder};
use super::manifests::Manifest;
use std::collections::{BTreeMap, BTreeSet};
use tokens::{Alphabet, changes, eight, hex, is_uuid};

/// Those of `paths` whose names hold a digest.
pub fn hashed<'p>(paths: &[&'p str], manifests: &[Manifest]) -> BTreeSet<&'p str> {
    let all: BTreeSet<&'p str> = paths.iter().copied().collect();
    let mut found = BTreeSet::new();
    for manifest in manifests {
        named_by(manifest, &all, &mut found);
    }
    let mut folders: BTreeMap<&str, Vec<&'p str>> = BTreeMap::new();
    for path in &all {
        folders.entry(split_folder(path).0).or_default().push(path);
    }
    for files in folders.values() {
        by_hex(files, &mut found);
        by_eight(files, &mut found);
    }
    found
}

/// Whether a tree came out of a build that hashes names: more than half of its scripts and styles hold a digest (of its
/// images and fonts when it has neither). The plain copies that Django leaves beside the hashed ones don't count, nor do
/// source maps.
pub fn tree_is_hashed(paths: &[&str], manifests: &[Manifest]) -> bool {
    let found = hashed(paths, manifests);
    let all: BTreeSet<&str> = paths.iter().copied().collect();
    let has = |path: &str| all.contains(path);
    let mut originals = BTreeSet::new();
    for manifest in manifests.iter().filter(|manifest| manifest.format.always_hashes()) {
        originals.extend(manifest.entries.iter().filter_map(|(logical, _)| manifest.locate(logical, &has)));
    }
    let counted = |kind: fn(&str) -> bool| {
        let files = all.iter().filter(|path| kind(path) && (found.contains(*path) || !originals.contains(**path)));
        files.fold((0_usize, 0_usize), |(all, named), path| (all + 1, named + usize::from(found.contains(path))))
    };
    let (mut files, mut named) = counted(is_output);
    if files == 0 {
        (files, named) = counted(is_media);
    }
    named * 2 > files
}

/// Rules 1 and 2.
fn named_by<'p>(manifest: &Manifest, all: &BTreeSet<&'p str>, found: &mut BTreeSet<&'p str>) {
    let has = |path: &str| all.contains(path);
    let mut outputs = 0_usize;
    let mut named = BTreeSet::new();
    let mut random_outputs = 0_usize;
    for (logical, published) in &manifest.entries {
        let Some(path) = manifest.locate(published, &has).and_then(|path| all.get(path.as_str()).copied()) else {
            continue;
        };
        // `app.js?id=…` says that the digest is not in the name.
        if published.contains('?') || logical.trim_start_matches('/') == path {
            outputs += usize::from(is_output(path));
            continue;
        }
        let counts = manifest.format.always_hashes() || looks_random(path);
        outputs += usize::from(is_output(path));
        random_outputs += usize::from(counts && is_output(path));
        if counts {
            named.insert(path);
        }
    }
    // One odd name in a manifest of plain ones is a word that looks odd.
    if random_outputs * 4 >= outputs * 3 {
        found.extend(named);
    }
}

/// Whether a name that a manifest gives ends in something that no person wrote: 6 to 64 characters of base64url with at least
/// two changes between upper case, lower case and digits.
fn looks_random(path: &str) -> bool {
    let file = split_folder(path).1;
    let stem = split_extension(file).0;
    let last = stem.rsplit(['-', '.']).next().unwrap_or("");
    let random = |token: &str| (6..=64).contains(&token.len()) && changes(token) >= 2;
    let is_token = |token: &str| token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    !is_uuid(file) && (eight(stem).is_some_and(random) || (is_token(last) && random(last)) || hex(file).is_some())
}

/// Rule 3. In a folder where nearly all scripts and styles have such a token, those of the same length count whose digits and
/// letters happen not to alternate; dates never do.
fn by_hex<'p>(files: &[&'p str], found: &mut BTreeSet<&'p str>) {
    let outputs = files.iter().filter(|path| is_output(path)).count();
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for path in files {
        if let Some(token) = hex(split_folder(path).1) {
            found.insert(path);
            *lengths.entry(token.len()).or_default() += usize::from(is_output(path));
        }
    }
    for path in files.iter().filter(|path| is_output(path)) {
        let weak = tokens::weak_hex(split_folder(path).1).and_then(|token| lengths.get(&token.len()));
        if weak.is_some_and(|strong| *strong >= 3 && strong * 4 >= outputs * 3) {
            found.insert(path);
        }
    }
}

/// Rule 4.
fn by_eight<'p>(files: &[&'p str], found: &mut BTreeSet<&'p str>) {
    let token_of = |path: &'p str| eight(split_extension(split_folder(path).1).0);
    let enough = files.iter().filter(|path| is_output(path)).count() >= 2;
    let judged: Vec<&'p str> = files.iter().copied().filter(|path| !enough || is_output(path)).collect();
    let tokens: Vec<&str> = judged.iter().filter_map(|path| token_of(path)).collect();
    let Some(alphabet) = Alphabet::of(&tokens) else {
        return;
    };
    let total: usize = tokens.iter().map(|token| changes(token)).sum();
    if tokens.len() * 4 < judged.len() * 3 || !alphabet.is_chance(total, tokens.len()) {
        return;
    }
    for path in files {
        // A map is named after its script, so it is judged as one.
        let output = is_output(path) || path.ends_with(".map");
        if token_of(path).is_some_and(|token| alphabet.takes(token, output)) {
            found.insert(path);
        }
    }
}

/// A script or a style.
fn is_output(path: &str) -> bool {
    [".js", ".mjs", ".css"].iter().any(|ending| path.ends_with(ending))
}

fn is_media(path: &str) -> bool {
    let kind = super::content_types::content_type(path);
    ["image/", "font/", "audio/", "video/"].iter().any(|media| kind.starts_with(media))
}

#[cfg(test)]
mod tests;
