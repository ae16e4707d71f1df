//! Import maps: which file a module's name means (WHATWG HTML, section 8.1.6.2).

use super::json::{self, Step};
use super::markup::attributes::algorithms;
use super::url_form::may_name_a_file;
use super::{Demand, Found, Integrity, Reference, Unreadable, Writing};
use std::ops::Range;

/// What an import map names: the addresses of its imports and scopes, which a page needs; and, where they are URLs, the names
/// that it maps, the scopes, and what `integrity` is told for: modules are looked up by the URLs that they are published
/// under, so these follow the files' names too. Folders (with `/` at the end) keep theirs.
///
/// # Errors
/// `Unreadable` when it is not JSON.
pub fn references(text: &[u8]) -> Result<Found, Unreadable> {
    let mut references: Vec<Reference> = Vec::new();
    let mut scope_start = None;
    json::strings(text, &mut |path, string| {
        let value = (string.decoded().into_owned(), string.span.clone());
        match path {
            [imports, Step::Member { name, span }] if imports.is("imports") => {
                references.extend(specifier(name, span));
                references.extend(address(value));
            }
            [scopes, Step::Member { name: scope, span: scope_span }, Step::Member { name, span }]
                if scopes.is("scopes") =>
            {
                // The scope comes with each of its members.
                if scope_start.replace(scope_span.start) != Some(scope_span.start) {
                    references.extend(file(scope, scope_span.clone(), Demand::Optional));
                }
                references.extend(specifier(name, span));
                references.extend(address(value));
            }
            [integrity, Step::Member { name, span }] if integrity.is("integrity") => {
                let algorithms = algorithms(&value.0);
                let integrity = (!algorithms.is_empty()).then_some(Integrity { span: value.1, algorithms });
                references.extend(
                    file(name, span.clone(), Demand::Optional).map(|reference| Reference { integrity, ..reference }),
                );
            }
            _ => {}
        }
    })?;
    Ok(Found { references, base: None })
}

/// A name that modules import, when it is a URL and not a bare one such as `react`.
fn specifier(name: &str, span: &Range<usize>) -> Option<Reference> {
    is_url_like(name).then(|| file(name, span.clone(), Demand::Optional)).flatten()
}

/// An address must be URL-like, else browsers ignore it.
fn address((url, span): (String, Range<usize>)) -> Option<Reference> {
    is_url_like(&url).then(|| file(&url, span, Demand::Required)).flatten()
}

fn file(url: &str, span: Range<usize>, demand: Demand) -> Option<Reference> {
    let reference = Reference { span, url: url.to_owned(), writing: Writing::Json, demand, integrity: None };
    (may_name_a_file(url) && !url.ends_with('/')).then_some(reference)
}

/// Whether it starts with `/`, `./` or `../`, or is absolute.
fn is_url_like(text: &str) -> bool {
    let starts =
        |start: &str| text.as_bytes().get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start.as_bytes()));
    ["/", "./", "../", "http:", "https:"].into_iter().any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Demand::{Optional, Required};

    #[test]
    fn addresses_are_needed_and_names_follow() {
        let text = r#"{
            "imports": {"app": "./app.js", "lib/": "/lib/", "bare": "react", "./a.js": "..\/b.js", "cdn": "https://c.test/x.js"},
            "scopes": {"/old/": {"app": "/old/app.js", "/x.js": "/y.js"}, "main.js": {"q": "/q.js", "r": "/r.js"}, "/none/": {}},
            "integrity": {"/q.js": "sha384-AAAA sha512-BBBB", "/r.js": ""},
            "other": {"x": "/z.js"},
            "imports2": "/z.js"
        }"#;
        let found = references(text.as_bytes()).unwrap();
        let shown: Vec<(&str, &str, Demand)> = found
            .references
            .iter()
            .map(|reference| (&text[reference.span.clone()], reference.url.as_str(), reference.demand))
            .collect();
        let expected = [
            ("./app.js", "./app.js", Required),
            ("./a.js", "./a.js", Optional),
            (r"..\/b.js", "../b.js", Required),
            ("https://c.test/x.js", "https://c.test/x.js", Required),
            ("/old/app.js", "/old/app.js", Required),
            ("/x.js", "/x.js", Optional),
            ("/y.js", "/y.js", Required),
            ("main.js", "main.js", Optional),
            ("/q.js", "/q.js", Required),
            ("/r.js", "/r.js", Required),
            ("/q.js", "/q.js", Optional),
            ("/r.js", "/r.js", Optional),
        ];
        assert_eq!(shown, expected);
        let integrity = found.references[10].integrity.as_ref().unwrap();
        assert_eq!(&text[integrity.span.clone()], "sha384-AAAA sha512-BBBB");
        assert_eq!(integrity.algorithms.len(), 2);
        assert_eq!(found.references[11].integrity, None);
        assert!(references(b"{").is_err());
    }
}
