//! What holds for any page.

use super::references;
use crate::plan::references::writing::write;
use crate::plan::references::{Found, Unreadable};
use proptest::prelude::*;
use std::ops::Range;

/// Spans lie within the text and do not overlap, integrity included; references are in order.
pub fn check_spans(text: &str, found: &Found) {
    assert!(found.references.is_sorted_by_key(|reference| reference.span.start), "{text}: {found:?}");
    let integrity = found.references.iter().filter_map(|reference| reference.integrity.as_ref());
    let mut spans: Vec<&Range<usize>> = integrity.map(|integrity| &integrity.span).collect();
    spans.dedup();
    spans.extend(found.references.iter().map(|reference| &reference.span));
    spans.sort_by_key(|span| (span.start, span.end));
    let mut end = 0;
    for span in spans {
        assert!(span.start >= end && span.end > span.start && text.get(span.clone()).is_some(), "{text}: {found:?}");
        end = span.end;
    }
}

/// The text with each reference rewritten to another URL where that can be written.
fn rewritten(text: &str, found: &Found, url: &str) -> String {
    let mut out = String::new();
    let mut end = 0;
    for reference in &found.references {
        out.push_str(&text[end..reference.span.start]);
        match write(url, reference.writing) {
            Some(written) => out.push_str(&written),
            None => out.push_str(&text[reference.span.clone()]),
        }
        end = reference.span.end;
    }
    out + &text[end..]
}

/// Everything but the references, in pieces.
fn around<'t>(text: &'t str, found: &Found) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for reference in &found.references {
        pieces.push(&text[end..reference.span.start]);
        end = reference.span.end;
    }
    pieces.push(&text[end..]);
    pieces
}

/// Rewrites all references to one URL and reads again: the same places name that URL now, and nothing else has changed.
pub fn check_rewriting(text: &str, url: &str, read: fn(&[u8]) -> Result<Found, Unreadable>) -> usize {
    let Ok(found) = read(text.as_bytes()) else {
        return 0;
    };
    check_spans(text, &found);
    let new_text = rewritten(text, &found, url);
    let new = read(new_text.as_bytes()).unwrap_or_else(|err| panic!("{text}\n{new_text}\n{err}"));
    check_spans(&new_text, &new);
    assert_eq!(new.references.len(), found.references.len(), "{text}\n{new_text}\n{found:?}\n{new:?}");
    assert_eq!(around(&new_text, &new), around(text, &found), "{text}\n{new_text}");
    for (new, old) in new.references.iter().zip(&found.references) {
        let expected = if write(url, old.writing).is_some() { url } else { &old.url };
        assert_eq!((new.url.as_str(), new.writing), (expected, old.writing), "{text}\n{new_text}");
    }
    assert_eq!(rewritten(&new_text, &new, url), new_text);
    found.references.len()
}

/// Pieces of pages, whole and broken.
const PIECES: &[&str] = &[
    "<img src=",
    "<img src='",
    "<img src=\"",
    "<img srcset='",
    "<img srcset=\"a.png 1x, ",
    "<link rel=stylesheet href=",
    "<link rel=\"preload\" imagesrcset=\"",
    "<script src=\"",
    "<script>",
    "<script type=module>",
    "<script type=importmap>{\"imports\":{\"a\":\"/b.js\"}}",
    "<script type=application/ld+json>{\"url\":\"/b.js\"}",
    "import \"./a.js\";",
    "</script>",
    "<style>",
    "a{b:url(c.png)}",
    "</style>",
    "<p style='a:url(b.png)'>",
    "<p style=\"a:url(&quot;b.png&quot;)\">",
    "<p style=a:url(b.png?x&amp;y)>",
    "<svg>",
    "<use href=s.svg#a />",
    "<rect mask='url(m.svg)'/>",
    "</svg>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<noscript>",
    "</noscript>",
    "<template>",
    "<title>",
    "</title>",
    "<base href=/x/>",
    "<meta http-equiv=refresh content='0;url=a.html'>",
    "<meta property=og:image content=a.png>",
    "a.png",
    "b,c.png 2x",
    "?x=1&amp;y=2",
    "&#x2f;",
    "&eacute;",
    "&",
    " ",
    "\n",
    ",",
    "'",
    "\"",
    ">",
    "/>",
    "integrity=sha256-AAAA ",
    "é",
    "\u{feff}",
];

fn page() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// What a published URL may hold. Quotes are percent-encoded in it.
fn url() -> impl Strategy<Value = String> {
    "(https://[a-z]{1,4}\\.test)?/[a-zA-Z0-9._~!$*+,;:@%é=&()-]{0,12}[a-z](\\?[a-z=&+]{0,6})?(#[a-z]{1,3})?"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn rewriting_changes_references_alone(page in page(), url in url()) {
        check_rewriting(&page, &url, references);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = references(&bytes);
    }
}

#[test]
fn a_page_with_everything_is_rewritten() {
    let page = "<link rel=icon href=a.png integrity=sha256-A><img src='b.png' srcset=\"c.png, d.png 2x\">\
                <p style=\"e:url('f.png')\"><style>g{h:url(\"i.png\")}</style><script type=module>import \"./j.js\"</script>\
                <script type=importmap>{\"imports\":{\"./k.js\":\"./l.js\"}}</script><svg><style>m{n:url(o.png)}</style></svg>\
                <noscript><a href=p.html></a></noscript>";
    assert_eq!(check_rewriting(page, "/x/é&amp-12.png?a=1&b=2#c", references), 11);
}
