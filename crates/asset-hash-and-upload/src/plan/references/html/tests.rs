//! Pages and what they name. `!` is a reference that the page needs, `?` one that may lead elsewhere.

use super::references;
use crate::plan::references::{Demand, Found, Reference, SriAlgorithm, Writing};

pub mod properties;

fn read(page: &str) -> Found {
    let found = references(page.as_bytes()).unwrap_or_else(|err| panic!("{page}: {err}"));
    properties::check_spans(page, &found);
    found
}

/// Each reference as `!bytes` or `?bytes`, and `=url` where that is something else.
fn shown(page: &str) -> Vec<String> {
    let show = |reference: &Reference| {
        let bytes = &page[reference.span.clone()];
        let mark = if reference.demand == Demand::Required { '!' } else { '?' };
        let meaning = if bytes == reference.url { String::new() } else { format!("={}", reference.url) };
        format!("{mark}{bytes}{meaning}")
    };
    read(page).references.iter().map(show).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (page, expected) in cases {
        assert_eq!(shown(page), *expected, "{page}");
    }
}

#[test]
fn attributes_of_html_name_files() {
    check(&[
        ("<img src=a.png>", &["!a.png"]),
        ("<IMG SRC='a.png'>", &["!a.png"]),
        ("<img\n src = \"a.png\" >", &["!a.png"]),
        ("<img src=a.png/>", &["!a.png/"]),
        ("<img src=a.png />", &["!a.png"]),
        ("<img src=\" \n/a.png\t\">", &["!/a.png"]),
        ("<img src='a\nb.png'>", &["!a\nb.png=ab.png"]),
        ("<img src=a.png src=b.png SRC=c.png>", &["!a.png"]),
        ("<img alt=\"'\"src=a.png>", &["!a.png"]),
        ("<img src=>a.png", &[]),
        ("<img src>", &[]),
        ("<img src=a.png", &[]),
        ("<img src='é ü.png'>", &["!é ü.png"]),
        ("<img src=a.png?x=1&amp;y=2#z>", &["!a.png?x=1&amp;y=2#z=a.png?x=1&y=2#z"]),
        ("<img src=a.png?x=1&copy=2>", &["!a.png?x=1&copy=2"]),
        ("<img src='&#x2f;caf&eacute;.png&#32;'>", &["!&#x2f;caf&eacute;.png=/café.png"]),
        ("<img srcset='a.png 1x, b,c.png 2x'>", &["!a.png", "!b,c.png"]),
        ("<picture><source srcset=\"a.avif, b.avif 2x\"><img src=c.png></picture>", &["!a.avif", "!b.avif", "!c.png"]),
        ("<img data-src=a.png data-srcset='b.png 1x'>", &["?a.png", "?b.png"]),
        (
            "<video src=a.mp4 poster=b.jpg><track src=c.vtt></video><audio src=d.mp3>",
            &["!a.mp4", "!b.jpg", "!c.vtt", "!d.mp3"],
        ),
        ("<embed src=a.pdf><object data=b.pdf></object>", &["!a.pdf", "!b.pdf"]),
        ("<iframe src=a.html srcdoc='<img src=b.png>'></iframe>", &["?a.html"]),
        ("<input type=IMAGE src=a.png><input type=text src=b.png>", &["!a.png"]),
        ("<body background=a.png><td background=b.png><p background=c.png>", &["!a.png", "!b.png"]),
        ("<a href=a.html><area href=b.html><form action=c><button formaction=d>", &["?a.html", "?b.html", "?c", "?d"]),
        ("<script src=a.js>import(\"./no.js\")</script>", &["!a.js"]),
        ("<script type=module src=a.mjs></script>", &["!a.mjs"]),
        ("<image src=a.png>", &["!a.png"]),
        ("<x-img src=a.png data-x=b>", &[]),
    ]);
}

#[test]
fn what_names_no_file_is_left_out() {
    check(&[
        ("<a href='#top'><a href=''><a href=' '>", &[]),
        ("<img src=data:image/png,a><a href=javascript:x()><a href=MAILTO:a@b.test><a href=tel:1>", &[]),
        ("<img src=blob:x><iframe src=about:blank></iframe>", &[]),
        ("<img src='&#100;ata:,'>", &[]),
        (
            "<img src=//cdn.test/a.png><img src=https://cdn.test/b.png>",
            &["!//cdn.test/a.png", "!https://cdn.test/b.png"],
        ),
        ("<a href='?page=2'>", &["??page=2"]),
        ("<img src='{{ logo }}'><img src='<%= logo %>'>", &["?{{ logo }}", "?<%= logo %>"]),
    ]);
}

#[test]
fn no_reference_is_found_in_text() {
    check(&[
        ("<!-- <img src=a.png> --><img src=b.png>", &["!b.png"]),
        (
            "<!--[if IE]><script src=a.js></script><![endif]--><![if !IE]><script src=b.js></script><![endif]>",
            &["!b.js"],
        ),
        ("<textarea><img src=a.png></textarea><title><img src=b.png></title>", &[]),
        ("<xmp><img src=a.png></xmp><iframe><img src=b.png></iframe>", &[]),
        ("<style>/* <img src=a.png> */</style><script>'<img src=b.png>'</script>", &[]),
        ("<script type=text/template><img src=a.png></script>", &[]),
        ("<svg><![CDATA[<img src=a.png>]]></svg>", &[]),
        ("<![CDATA[<img src=a.png>]]>", &[]),
        ("<pre>&lt;img src=a.png></pre><p title='<img src=b.png>'>", &[]),
        ("<plaintext><img src=a.png>", &[]),
        ("<select><title></title></select><img src=a.png>", &["!a.png"]),
        ("<script><!--<script></script><img src=a.png>--></script><img src=b.png>", &["!b.png"]),
    ]);
}

#[test]
fn links_are_needed_by_what_they_are_for() {
    let needed = "stylesheet preload modulepreload prefetch icon apple-touch-icon mask-icon manifest";
    for rel in needed.split(' ').chain(["SHORTCUT Icon", "alternate stylesheet"]) {
        check(&[(&format!("<link rel='{rel}' href=a>"), &["!a"])]);
    }
    for rel in ["canonical", "next", "prev", "dns-prefetch", "preconnect", "", "unknown"] {
        check(&[(&format!("<link href=a rel='{rel}'>"), &[])]);
    }
    check(&[
        ("<link rel=search href=a><link href=b>", &["?a"]),
        ("<link rel=alternate type=application/rss+xml href=feed.xml>", &["?feed.xml"]),
        ("<link rel=preload as=image imagesrcset='a.png 1x, b.png 2x' href=c.png>", &["!a.png", "!b.png", "!c.png"]),
    ]);
}

#[test]
fn metadata_names_pictures() {
    check(&[
        ("<meta property=og:image content=a.png><meta content=b.png name=Twitter:Image>", &["!a.png", "!b.png"]),
        ("<meta name=msapplication-TileImage content=a.png><meta name=description content=b.png>", &["!a.png"]),
        ("<meta http-equiv=Refresh content='5; url=\"/new/\"'>", &["?/new/"]),
        ("<meta http-equiv=refresh content=5><meta content=a.png>", &[]),
        (
            "<script type=application/ld+json>{\"image\": [\"/a.png\", {\"url\": \"b\\/c.png\"}], \"name\": \"/d.png\", \
             \"logo\": \"no file\", \"url\": \"https://a.test/\", \"@id\": \"/e\"}</script>",
            &["?/a.png", "?b\\/c.png=b/c.png", "?https://a.test/"],
        ),
        ("<script type=application/ld+json>{\"image\": \"/a.png\",}</script>", &[]),
    ]);
}

#[test]
fn the_first_base_counts() {
    let base = |page: &str| read(page).base;
    assert_eq!(base("<base target=_blank><base href=' /app&#47; '><base href=/other/>").as_deref(), Some("/app/"));
    assert_eq!(base("<template><base href=/no/></template><base href=/yes/>").as_deref(), Some("/yes/"));
    assert_eq!(base("<noscript><base href=/no/></noscript><p>"), None);
    assert_eq!(base("<!-- <base href=/no/> --><svg><base href=/no/></svg>"), None);
    assert!(shown("<base href=/app/>").is_empty());
}

#[test]
fn inline_styles_and_scripts_are_read_by_their_readers() {
    check(&[
        ("<style>a{b:url(c.png)}</style>", &["!c.png"]),
        ("<style type=text/css>a{b:url('c.png')}", &["!c.png"]),
        ("<style type=text/less>a{b:url(c.png)}</style>", &[]),
        ("<p style='b:url(c.png)'><p style=b:url(&quot;d.png&quot;)>", &["!c.png", "!d.png"]),
        ("<p style='b:url(c.png?x&amp;y)'>", &["!c.png?x&amp;y=c.png?x&y"]),
        ("<p style='b:c'><p style=''>", &[]),
        (
            "é<script>import(\"./a.js\")</script>ü<script type=MODULE>import \"./b.js\"</script>",
            &["!./a.js", "!./b.js"],
        ),
        ("<script type='text/javascript; charset=utf-8'>import(\"./a.js\")</script>", &[]),
        (
            "<script type=text/javascript>import(\"./a.js\")</script><script type>import(\"./b.js\")</script>",
            &["!./a.js", "!./b.js"],
        ),
        ("<script>import(\"./a.js\")", &["!./a.js"]),
        (
            "<script type=importmap>{\"imports\": {\"a\": \"./a.js\"}}</script><script src=b.js></script>",
            &["!./a.js", "!b.js"],
        ),
    ]);
    let writings = |page: &str| read(page).references.iter().map(|found| found.writing).collect::<Vec<_>>();
    let style = writings("<p style='b:url(c.png)'><p style=\"b:url('d.png')\"><p style=b:url(&quot;e.png&quot;)>");
    let expected = [(b'\'', 0), (b'"', b'\''), (0, b'"')].map(|(outer, inner)| Writing::CssInAttribute(outer, inner));
    assert_eq!(style, expected);
    let written = writings("<a href=a><a href='a'><a href=\"a\"><img srcset='a 1x'>");
    let quotes = [Writing::Attribute(0), Writing::Attribute(b'\''), Writing::Attribute(b'"'), Writing::Srcset(b'\'')];
    assert_eq!(written, quotes);
}

#[test]
fn noscript_and_templates_are_read_as_pages() {
    check(&[
        (
            "<noscript><img src=a.png><style>x{y:url(b.png)}</style></noscript><img src=c.png>",
            &["!a.png", "!b.png", "!c.png"],
        ),
        ("<noscript><!-- <img src=a.png> --></noscript>", &[]),
        ("<template><img src=a.png><script>import(\"./b.js\")</script></template>", &["!a.png", "!./b.js"]),
    ]);
}

#[test]
fn svg_within_a_page_is_read() {
    check(&[
        ("<svg><use href='#a'/><use xlink:href='s.svg#a'/><image HREF=b.png /></svg>", &["!s.svg#a", "!b.png"]),
        ("<svg><a href=a.html></a><feImage href=b.png /><script href=c.js /></svg>", &["?a.html", "!b.png", "!c.js"]),
        ("<svg><rect fill='url(#g)' mask=\"url(m.svg#a)\" clip-path='URL(#x)'/></svg>", &["!m.svg#a"]),
        ("<svg><style>a{b:url(c.png?x&amp;y)}</style></svg>", &["!c.png?x&amp;y=c.png?x&y"]),
        ("<svg><style><!-- x --><![CDATA[a{b:url(c.png)}]]></style></svg>", &["!c.png"]),
        ("<svg><style>a{b:url(c.png)}<g>d{e:url(f.png)}</g></style></svg>", &["!c.png"]),
        // `<p>` ends the SVG but not the `<style>`, whose text goes on behind others.
        ("<svg><style>d<p><noscript><img src=a.png></noscript>x<img src=b.png>y</style>", &["!a.png", "!b.png"]),
        ("<svg><style>d<p><script>import(\"./a.js\")</script>x</style>", &["!./a.js"]),
        ("<svg><script><![CDATA[import(\"./a.js\")]]></script></svg>", &["!./a.js"]),
        ("<svg><foreignObject><img src=a.png></foreignObject><img src=b.png></svg>", &["!a.png", "!b.png"]),
        ("<svg><noscript>x<g style=a:url(b.png) />y</noscript></svg>", &["!b.png"]),
        ("<svg><image src=a.png /></svg><math href=b.html style='c:url(d.png)'></math>", &["!d.png"]),
    ]);
}

#[test]
fn integrity_goes_with_its_reference() {
    let page = "<script src=a.js integrity=' sha384-AAAA sha256-BBBB?x '></script>\
                <link integrity=sha512-CCCC rel=stylesheet href=b.css><img src=c.png integrity=sha256-D>\
                <script src=d.js integrity=''></script>";
    let shown: Vec<_> = read(page)
        .references
        .into_iter()
        .map(|found| found.integrity.map(|integrity| (page[integrity.span].to_owned(), integrity.algorithms)))
        .collect();
    let expected = [
        Some(("sha384-AAAA sha256-BBBB?x".to_owned(), vec![SriAlgorithm::Sha384, SriAlgorithm::Sha256])),
        Some(("sha512-CCCC".to_owned(), vec![SriAlgorithm::Sha512])),
        None,
        None,
    ];
    assert_eq!(shown, expected);
}

#[test]
fn other_encodings_and_broken_texts_are_told_with_their_line() {
    let error = |page: &[u8]| references(page).unwrap_err();
    assert_eq!(error(b"\n<p>\xe9").line, 2);
    assert!(error(b"\xff\xfe<\0p\0").what.contains("UTF-16"));
    assert!(error(b"\xfe\xff\0<").what.contains("UTF-16"));
    assert_eq!(error(b"<p>\n<script type=importmap>\n\n{</script>").line, 4);
    assert_eq!(error(b"\n<script type=module>\nimport './a.js';\nimport './b.js' +;</script>").line, 4);
    assert_eq!(shown("\u{feff}<img src=a.png>"), ["!a.png"]);
    assert!(error(format!("<img{}>", " x=y".repeat(5000)).as_bytes()).what.contains("4096"));
    assert!(references(&vec![b' '; super::SIZE_LIMIT_BYTES + 1]).is_err());
}
