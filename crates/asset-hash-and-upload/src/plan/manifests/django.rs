//! Django's ManifestStaticFilesStorage: `{"paths": {"app.css": "app.<12 hex>.css"}, "version": "1.1", "hash": "<12 hex>"}`. The
//! order of `paths` stays. `hash` is only told, never compared (Django 4.2 and later), so a new manifest has none.

use super::text::{Reading, Text, object, string};

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if name != "staticfiles.json" || !texts.iter().any(|text| text.steps() == ["version"]) {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        if let ["paths", name] = text.steps()[..] {
            reading.entry(name, text);
        }
    }
    reading.found()
}

pub fn write(entries: &[(&str, &str)]) -> String {
    let paths = object(entries.iter().map(|(name, published)| ((*name).to_owned(), string(published))), 2, 2);
    let members = [("paths", paths), ("version", string("1.1")), ("hash", string(""))];
    object(members.into_iter().map(|(name, value)| (name.to_owned(), value)), 0, 2)
}
