//! Encore's `entrypoints.json`: `{"entrypoints": {"app": {"js": […], "css": […]}}, "integrity": {"/build/app.js": …}}`.
//! AssetMapper's `entrypoint.<name>.json` is a list of names of its import map, which stay.

use super::text::{Reading, Text, object, string};

pub fn has_name(name: &str) -> bool {
    name == "entrypoints.json"
}

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if !has_name(name) {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        match text.steps()[..] {
            ["entrypoints", entry, _, "*"] => reading.entry(entry, text),
            ["integrity", published] => {
                reading.member(text, 1);
                reading.integrity(text, published);
            }
            _ => {}
        }
    }
    reading.found()
}

/// An entry for each script and style.
pub fn write(entries: &[(&str, &str)]) -> String {
    let member = |(name, published): &(&str, &str)| {
        let kind = match name.rsplit_once('.')?.1 {
            "js" | "mjs" => "js",
            "css" => "css",
            _ => return None,
        };
        Some(((*name).to_owned(), format!("{{\"{kind}\": [{}]}}", string(&format!("/{published}")))))
    };
    let entries = object(entries.iter().filter_map(member), 2, 2);
    object(std::iter::once(("entrypoints".to_owned(), entries)), 0, 2)
}
