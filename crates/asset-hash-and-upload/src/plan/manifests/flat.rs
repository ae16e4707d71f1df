//! One object of strings, or of objects with `src` and `integrity`; entry points may stand beside them.
//!
//! webpack-manifest-plugin 5 and 6 (`{"main.js": "/build/main-<hash>.js"}`), Encore and AssetMapper write the first,
//! webpack-assets-manifest 6 with `integrity` the second; Create React App has the first below `files`.

use super::text::{Reading, Text, object, string};

/// What only a web app's manifest (W3C) or a browser extension's has.
const OTHER: &[&str] =
    &["background_color", "display", "icons", "manifest_version", "scope", "short_name", "start_url", "theme_color"];

pub fn has_name(name: &str) -> bool {
    name == "manifest.json" || name == "assets.json" || (name.ends_with("-manifest.json") && !name.starts_with('.'))
}

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if !has_name(name) {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        let steps = text.steps();
        if steps.first().is_some_and(|first| OTHER.contains(first)) {
            return None;
        }
        match steps[..] {
            ["entrypoints", .., "*"] if text.is_element() => {
                reading.names.push((text.span.clone(), text.value.clone()))
            }
            ["files", name] | [name] | [name, "src"] if text.path[0].is_some() && !text.is_element() => {
                reading.entry(name, text);
            }
            [name, "integrity"] => {
                let of = texts.iter().find(|other| other.steps() == [name, "src"]);
                if let Some(of) = of {
                    reading.integrity(text, &of.value);
                }
            }
            _ => {}
        }
    }
    // `{"name": "shop", "version": "1.0"}` is something else: published names are of files.
    let is_file = |(_, value): &(String, String)| {
        let last = value.split(['?', '#']).next().unwrap_or("").rsplit('/').next().unwrap_or("");
        last.bytes()
            .rev()
            .position(|b| b == b'.')
            .is_some_and(|at| at > 0 && !last[last.len() - at..].bytes().all(|b| b.is_ascii_digit()))
    };
    reading.entries.iter().all(is_file).then_some(reading)?.found()
}

pub fn write(entries: &[(&str, &str)]) -> String {
    object(entries.iter().map(|(name, published)| ((*name).to_owned(), string(published))), 0, 2)
}
