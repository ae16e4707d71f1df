//! SVG files and what they name. `!` is a reference that the picture needs, `?` one that may lead elsewhere.

use super::{DEPTH_LIMIT, references};
use crate::plan::references::html::tests::properties::{check_rewriting, check_spans};
use crate::plan::references::{Demand, Reference, Writing};
use proptest::prelude::*;

const ROOT: &str = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>";

fn shown(inner: &str) -> Vec<String> {
    let file = format!("{ROOT}{inner}</svg>");
    let found = references(file.as_bytes()).unwrap_or_else(|err| panic!("{file}: {err}"));
    check_spans(&file, &found);
    let show = |reference: &Reference| {
        let bytes = &file[reference.span.clone()];
        let mark = if reference.demand == Demand::Required { '!' } else { '?' };
        let meaning = if bytes == reference.url { String::new() } else { format!("={}", reference.url) };
        format!("{mark}{bytes}{meaning}")
    };
    found.references.iter().map(show).collect()
}

#[test]
fn elements_of_svg_name_files() {
    let cases: &[(&str, &[&str])] = &[
        ("<image href='a.png'/><image xlink:href=\"b.png\"></image>", &["!a.png", "!b.png"]),
        ("<image href='a.png' xlink:href='b.png'/>", &["!a.png", "!b.png"]),
        ("<use href='#a'/><use href='s.svg#a'/>", &["!s.svg#a"]),
        (
            "<feImage href='a.png'/><a href='b.html'/><linearGradient href='c.svg#d'/>",
            &["!a.png", "?b.html", "?c.svg#d"],
        ),
        ("<g xmlns:x='http://www.w3.org/1999/xlink'><image x:href=' a.png '/></g>", &["!a.png"]),
        ("<image href='a.png?x&amp;y&#x2f;'/>", &["!a.png?x&amp;y&#x2f;=a.png?x&y/"]),
        ("<image href='data:image/png,'/><a href='javascript:x()'/>", &[]),
        ("<rect fill='url(#g)' filter='url(f.svg#x)' style='mask:url(\"m.svg\")'/>", &["!f.svg#x", "!m.svg"]),
        ("<style>@import 'a.css'; b{c:url(d.png?x&amp;y)}</style>", &["!a.css", "!d.png?x&amp;y=d.png?x&y"]),
        ("<style type='text/css'><![CDATA[b{c:url(d.png)}]]></style>", &["!d.png"]),
        ("<style type='text/less'>b{c:url(d.png)}</style><style/>", &[]),
        ("<script href='a.js'/><script><![CDATA[import(\"./b.js\")]]></script>", &["!a.js", "!./b.js"]),
        ("<!-- <image href='a.png'/> --><text>url(b.png) href='c.png'</text>", &[]),
        ("<svg:image xmlns:svg='http://www.w3.org/2000/svg' href='a.png'/>", &["!a.png"]),
        (
            "<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'><img src='a.png' srcset='b.png 2x'/>\
             <image href='no.png'/><noscript><img src='c.png'/><style>d{e:url(f.png)}</style></noscript></div></foreignObject>\
             <image src='no.png'/>",
            &["!a.png", "!b.png", "!c.png", "!f.png"],
        ),
    ];
    for (inner, expected) in cases {
        assert_eq!(shown(inner), *expected, "{inner}");
    }
}

#[test]
fn a_prologue_may_name_a_style() {
    let file = format!(
        "\u{feff}<?xml version='1.0' encoding='utf-8'?>\n<?xml-stylesheet type='text/css' href='a&amp;b.css'?>\
        <!DOCTYPE svg [<!ENTITY logo \"l.png\"> <!-- <image href='no.png'/> -->]>{ROOT}<style>a{{b:url(c.png)}}</style></svg>"
    );
    let found = references(file.as_bytes()).unwrap();
    let urls: Vec<(&str, &str)> =
        found.references.iter().map(|found| (&file[found.span.clone()], found.url.as_str())).collect();
    assert_eq!(urls, [("a&amp;b.css", "a&b.css"), ("c.png", "c.png")]);
    assert_eq!(found.references[0].writing, Writing::Attribute(b'\''));
    assert_eq!(found.references[1].writing, Writing::CssInAttribute(b'"', 0));
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let error = |file: &str| references(file.as_bytes()).unwrap_err();
    assert_eq!(error("<svg>\n<image href='&logo;'/></svg>").line, 2);
    assert_eq!(error("<svg>\n\n<style>&css;</style></svg>").line, 3);
    assert_eq!(error("<svg>\n<image href='a&b'/></svg>").line, 2);
    assert_eq!(error("<svg>\n</g></svg>").line, 2);
    assert_eq!(error("<svg>\n<image href=a/></svg>").line, 2);
    assert!(error("<?xml version='1.0' encoding='ISO-8859-1'?><svg>é</svg>").what.contains("ISO-8859-1"));
    assert!(references(b"<?xml version='1.0' encoding='ISO-8859-1'?><svg></svg>").is_ok());
    assert!(references(b"<svg>\xe9</svg>").is_err());
    assert!(references(b"<svg id='&id;' xmlns='&svg;'><image href='a.png'/></svg>").is_ok());
    let nested = |depth: usize| references("<g>".repeat(depth).as_bytes());
    assert!(nested(DEPTH_LIMIT).is_ok());
    assert!(nested(100_000).unwrap_err().what.contains("4096"));
}

/// Pieces of SVG files, whole and broken.
const PIECES: &[&str] = &[
    "<image href='a.png'/>",
    "<use xlink:href=\"s.svg#a&amp;b\"/>",
    "<image href='",
    "<g style='a:url(b.png)'>",
    "<g style=\"a:url('b.png')\">",
    "</g>",
    "<rect mask='url(m.svg)'/>",
    "<style>",
    "a{b:url(\"c.png\")}",
    "@import 'd.css';",
    "</style>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml-stylesheet href='a.css'?>",
    "<foreignObject>",
    "</foreignObject>",
    "<script>import(\"./a.js\")</script>",
    "<img xmlns='http://www.w3.org/1999/xhtml' src='a.png' srcset='b.png 1x, c.png'/>",
    "&amp;",
    "&#47;",
    "é",
    " ",
    "'/>",
    "\u{feff}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn rewriting_changes_references_alone(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16),
        url in "/[a-zA-Z0-9._~!$*+,;:@%é=&()-]{0,12}[a-z](\\?[a-z=&+]{0,6})?(#[a-z]{1,3})?",
    ) {
        check_rewriting(&format!("{ROOT}{}</svg>", pieces.concat()), &url, references);
        check_rewriting(&pieces.concat(), &url, references);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "[<>a-c/='\"!\\[\\]&;:? -]{0,24}") {
        let _ = references(&bytes);
        let _ = references(text.as_bytes());
    }
}
