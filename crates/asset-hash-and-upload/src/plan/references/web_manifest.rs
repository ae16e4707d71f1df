//! Web app manifests: the icons and pages of an app that is installed (W3C Web Application Manifest).

use super::json::{self, Step};
use super::url_form::may_name_a_file;
use super::{Demand, Found, Reference, Unreadable, Writing};

/// What a manifest names. Icons and screenshots must be there; pages may be routes of the app. `id` is a name, and
/// `related_applications` are in other stores.
///
/// # Errors
/// `Unreadable` when it is not JSON.
pub fn references(text: &[u8]) -> Result<Found, Unreadable> {
    let mut references = Vec::new();
    json::strings(text, &mut |path, string| {
        let Some(demand) = demand(path) else {
            return;
        };
        let url = string.decoded();
        let url = url.trim_matches(|c: char| c <= ' ');
        if may_name_a_file(url) {
            let (url, span) = (url.to_owned(), string.span);
            references.push(Reference { span, url, writing: Writing::Json, demand, integrity: None });
        }
    })?;
    Ok(Found { references, base: None })
}

/// What the string at a path is there for; `None` when it is no URL of a file.
fn demand(path: &[Step<'_>]) -> Option<Demand> {
    let mut names = path.iter().filter_map(|step| match step {
        Step::Member { name, .. } => Some(name.as_ref()),
        Step::Element { .. } => None,
    });
    let names = [names.next(), names.next(), names.next(), names.next()].map(Option::unwrap_or_default);
    match names {
        ["icons" | "screenshots", "src", "", ""] => Some(Demand::Required),
        ["shortcuts" | "file_handlers", "icons", "src", ""] => Some(Demand::Required),
        ["start_url" | "scope", "", "", ""]
        | ["shortcuts", "url", "", ""]
        | ["file_handlers" | "share_target", "action", "", ""]
        | ["serviceworker", "src", "", ""] => Some(Demand::Optional),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Demand::{Optional, Required};

    #[test]
    fn icons_are_needed_and_pages_may_be_routes() {
        let text = r#"{"id": "/app", "start_url": "./?source=pwa", "scope": "\/",
            "icons": [{"src": "icon.png", "sizes": "1x1"}, {"src": "data:image/png,"}],
            "screenshots": [{"src": "a\u002epng"}],
            "shortcuts": [{"name": "x.png", "url": "/new.html", "icons": [{"src": "/n.png"}]}],
            "related_applications": [{"url": "https://store.test/x", "icons": [{"src": "no.png"}]}],
            "share_target": {"action": "/share"}, "src": "no.png"}"#;
        let found = references(text.as_bytes()).unwrap();
        let shown: Vec<(&str, &str, Demand)> = found
            .references
            .iter()
            .map(|reference| (&text[reference.span.clone()], reference.url.as_str(), reference.demand))
            .collect();
        let expected = [
            ("./?source=pwa", "./?source=pwa", Optional),
            (r"\/", "/", Optional),
            ("icon.png", "icon.png", Required),
            (r"a\u002epng", "a.png", Required),
            ("/new.html", "/new.html", Optional),
            ("/n.png", "/n.png", Required),
            ("/share", "/share", Optional),
        ];
        assert_eq!(shown, expected);
    }
}
