//! JSON-LD in a page: pictures and pages that search engines are told of.

use crate::plan::references::json;
use crate::plan::references::url_form::{is_placeholder, may_name_a_file};
use crate::plan::references::{Demand, Found, Reference, Writing};

/// Properties of schema.org whose values are URLs of files or pages.
const PROPERTIES: &[&str] = &[
    "contentUrl",
    "downloadUrl",
    "embedUrl",
    "image",
    "item",
    "logo",
    "photo",
    "primaryImageOfPage",
    "screenshot",
    "thumbnail",
    "thumbnailUrl",
    "url",
];

/// What JSON-LD names. No browser reads it, so what is not JSON names nothing, and a page does not fail for it.
pub fn references(text: &[u8]) -> Found {
    let mut references = Vec::new();
    let read = json::strings(text, &mut |path, string| {
        let member = path.iter().rev().find(|step| !step.is_element());
        let named = member.is_some_and(|step| PROPERTIES.iter().any(|property| step.is(property)));
        let url = string.decoded();
        if named && looks_like_a_url(&url) {
            let (span, url) = (string.span.clone(), url.into_owned());
            let (writing, demand) = (Writing::Json, Demand::Optional);
            references.push(Reference { span, url, writing, demand, integrity: None });
        }
    });
    if read.is_err() {
        return Found::default();
    }
    Found { references, base: None }
}

fn looks_like_a_url(text: &str) -> bool {
    let ends_it = |c: char| c.is_whitespace() || c.is_control();
    text.contains(['/', '.']) && !text.contains(ends_it) && may_name_a_file(text) && !is_placeholder(text)
}
