//! Vite's manifest (`build.manifest`): by source, an object with `file`, and lists `css` and `assets` of published files.
//! `imports` and `dynamicImports` name other members, so they stay.

use super::text::{Reading, Text, object, string};

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if name != "manifest.json" {
        return None;
    }
    let mut reading = Reading::default();
    let mut files = false;
    for text in texts {
        match text.steps()[..] {
            // A flat manifest, or a web app's.
            [_] => return None,
            [source, "file"] => {
                files = true;
                reading.entry(source, text);
            }
            [source, "css" | "assets", "*"] => reading.entry(source, text),
            _ => {}
        }
    }
    files.then_some(reading)?.found()
}

/// Scripts and styles are entries, since an app that asks for a file by its source means it as one.
pub fn write(entries: &[(&str, &str)]) -> String {
    let member = |(source, published): &(&str, &str)| {
        let entry = [".js", ".mjs", ".css"].iter().any(|ending| source.ends_with(ending));
        let mut value = format!("{{\n    \"file\": {},\n    \"src\": {}", string(published), string(source));
        if entry {
            value.push_str(",\n    \"isEntry\": true");
        }
        ((*source).to_owned(), value + "\n  }")
    };
    object(entries.iter().map(member), 0, 2)
}
