//! Laravel Mix 6: `{"/js/app.js": "/js/app.js?id=…"}`, four blanks.

use super::text::{Reading, Text, object, string};

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if name != "mix-manifest.json" {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        if let [name] = text.steps()[..] {
            reading.entry(name, text);
        }
    }
    reading.found()
}

pub fn write(entries: &[(&str, &str)]) -> String {
    object(entries.iter().map(|(name, published)| (format!("/{name}"), string(&format!("/{published}")))), 0, 4)
}
