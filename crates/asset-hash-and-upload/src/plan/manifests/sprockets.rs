//! Sprockets 3 and 4: `{"files": {"app-<64 hex>.js": {"logical_path": …, "integrity": …}}, "assets": {"app.js": …}}`.

use super::text::{Reading, Text, object, string};

/// `.sprockets-manifest-<32 hex>.json`, and `manifest-<32 hex>.json` of version 2.
pub fn has_name(name: &str) -> bool {
    let stem = name.strip_suffix(".json");
    let hex =
        stem.and_then(|stem| stem.strip_prefix(".sprockets-manifest-").or_else(|| stem.strip_prefix("manifest-")));
    hex.is_some_and(|hex| hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if !has_name(name) {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        match text.steps()[..] {
            ["assets", name] => reading.entry(name, text),
            ["files", _, "logical_path"] => reading.member(text, 1),
            ["files", published, "integrity"] => reading.integrity(text, published),
            _ => {}
        }
    }
    reading.found()
}

pub fn write(entries: &[(&str, &str)]) -> String {
    let mut published: Vec<(&str, &str)> = entries.iter().map(|(name, published)| (*published, *name)).collect();
    published.sort_unstable();
    let file =
        |(published, name): (&str, &str)| (published.to_owned(), format!("{{\"logical_path\": {}}}", string(name)));
    let files = object(published.into_iter().map(file), 2, 2);
    let assets = object(entries.iter().map(|(name, published)| ((*name).to_owned(), string(published))), 2, 2);
    object([("files".to_owned(), files), ("assets".to_owned(), assets)].into_iter(), 0, 2)
}
