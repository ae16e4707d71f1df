//! Propshaft: `{"app.js": "app-<8 hex>.js"}`; since 1.2 `{"app.js": {"digested_path": …, "integrity": …}}`. All versions read
//! the first, so that is written.

use super::text::{Reading, Text, object, string};

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if name != ".manifest.json" {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        match text.steps()[..] {
            [name] | [name, "digested_path"] => reading.entry(name, text),
            [name, "integrity"] => {
                if let Some(of) = texts.iter().find(|other| other.steps() == [name, "digested_path"]) {
                    reading.integrity(text, &of.value);
                }
            }
            _ => {}
        }
    }
    reading.found()
}

pub fn write(entries: &[(&str, &str)]) -> String {
    object(entries.iter().map(|(name, published)| ((*name).to_owned(), string(published))), 0, 2)
}
