//! Import maps: AssetMapper's compiled one, `{"app": {"path": "/assets/app-<hash>.js", "type": "js"}}`, and a browser's (WHATWG
//! HTML), `{"imports": {…}, "scopes": {…}, "integrity": {…}}`.

use super::text::{Reading, Text, object, string};

pub fn has_name(name: &str) -> bool {
    name == "importmap.json" || name.ends_with(".importmap.json") || name.ends_with(".importmap")
}

pub fn reading(name: &str, texts: &[Text]) -> Option<Reading> {
    if !has_name(name) {
        return None;
    }
    let mut reading = Reading::default();
    for text in texts {
        match text.steps()[..] {
            ["imports", name] | ["scopes", _, name] | [name, "path"] => reading.entry(name, text),
            ["integrity", published] => {
                reading.member(text, 1);
                reading.integrity(text, published);
            }
            _ => {}
        }
    }
    reading.found()
}

/// AssetMapper's; it knows scripts, styles and JSON.
pub fn write(entries: &[(&str, &str)]) -> String {
    let member = |(name, published): &(&str, &str)| {
        let kind = match name.rsplit_once('.')?.1 {
            "js" | "mjs" => "js",
            "css" => "css",
            "json" => "json",
            _ => return None,
        };
        let path = string(&format!("/{published}"));
        Some(((*name).to_owned(), format!("{{\n    \"path\": {path},\n    \"type\": \"{kind}\"\n  }}")))
    };
    object(entries.iter().filter_map(member), 0, 2)
}
