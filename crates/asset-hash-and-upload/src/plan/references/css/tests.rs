use super::super::marked::{assert_replaceable, assert_sound, found};
use super::*;
use proptest::prelude::*;

fn urls(marked: &str) -> Vec<String> {
    found(marked, references).into_iter().map(|reference| reference.url).collect()
}

/// Each line is a sheet of its own; what is marked is found as it is written, and required.
const PLAIN: &str = r##"
.a{background:url(«a.png»)}
.a{background:url("«a.png»")}
.a{background:url( '«a b.png»' )}
.a{background:URL(	«../img/a.png?x#y»	)}
.a{background:\75 rl("«a.png»"), u\72l(«b.png»)}
.a{background:url("«a.png»" format("b.png"))}
.a{background:src("«a.png»")}
.a{background:url("«a.png»
.a{background:url(«a.png»
@import "«a.css»";
@import '«a.css»' layer(x) supports(background: url(b.png)) screen;
@import url(«a.css») layer(base) print;
@import url("«a.css»") supports(not (display: grid));
@IMPORT url("«a.css»")
@charset "utf-8"; @layer a, b; @import "«a.css»"; @import "«b.css»";
<!-- @import "«a.css»"; -->
/* x */@import/**/"«a.css»";
@namespace svg url(http://www.w3.org/2000/svg); .a{background:url(«a.png»)}
@namespace "a.css"; .a{}
@font-face{font-family:"a.woff";src:url("«a.eot?#iefix»") format("embedded-opentype"),url(«a.woff2») format("woff2"),local("b.woff")}
.a{background:image-set("«a.png»" 1x, url(«b.png») 2x, "«c.avif»" type("image/avif"))}
.a{background:-webkit-image-set(url("«a.png»") 1x
.a{background:-WEBKIT-IMAGE-SET('«a.png»' 1x)}
.a{background:cross-fade(url(«a.png»), linear-gradient(red, blue), url(«b.png»))}
:root{--a:url(«a.png»);--b:"b.png";--c:{background:url(«c.png»)}}
.a{content:"a.png" attr(b.png);content:"url(a.png)"}
.a[href="a.png"]::before{content:'@import "b.css"'}
/* url(a.png) @import "b.css"; */ .a{color:red/* url(c.png) */}
.a{background:url(data:image/png;base64,AAAA),url("data:image/svg+xml,<svg>url(x.png)</svg>")}
.a{clip-path:url(#clip);filter:url("#f");fill:url(«b.svg#f»)}
@supports (background:url(a.png)){.a{background:url(«b.png»)}}
@document url(http://a/), url-prefix("b.png"){.a{background:url(«b.png»)}}
@media (a:"b.png") and (c){.a{background:url(«d.png»)} @layer x{.b{background:url(«e.png»)}}}
.a{background:url(a b.png)} .b{background:url(«c.png»)}
.a{content:"a.png
.a{content:"b.png
.a{width:calc(1px;} .b{background:url(«c.png»)}
}}]) .a{background:url(«c.png»)}
.a{behavior:url();background:url("")}
.a{&:hover{background:url(«a.png»)}} @container x (a){.b{background:url(«b.png»)}}
.a{background:url(//cdn.test/a.png)/**/}.b{background:url(«https://cdn.test/a.png»)}
@import;.a{background:url(«a.png»)}
.a{b:var(--c,url(«a.png»))}
"##;

#[test]
fn what_is_fetched_is_found_and_nothing_else() {
    for line in PLAIN.lines().filter(|line| !line.is_empty()) {
        let line = line.replace("url(//cdn.test/a.png)", "url(«//cdn.test/a.png»)");
        for reference in found(&line, references) {
            assert_eq!(reference.demand, Demand::Required, "{line}");
            assert_eq!(reference.url.as_bytes(), unmarked_bytes(&line, &reference.span), "{line}");
        }
    }
}

fn unmarked_bytes(marked: &str, span: &Range<usize>) -> Vec<u8> {
    super::super::marked::unmarked(marked).0.as_bytes()[span.clone()].to_vec()
}

#[test]
fn escapes_are_decoded_and_stay_in_the_span() {
    assert_eq!(urls(r#".a{b:url("«a\2e png»")}"#), ["a.png"]);
    assert_eq!(urls(r".a{b:url( «a\ b\29 c\.png» )}"), ["a b)c.png"]);
    assert_eq!(urls(r".a{b:url(«\00002f x»)}"), ["/x"]);
    assert_eq!(urls(".a{b:url(\"«a\\\nb.png»\")}"), ["ab.png"]);
    assert_eq!(urls(".a{b:url('«a\\'b.png»')}"), ["a'b.png"]);
    assert_eq!(urls(".a{b:url(«\\64\r\nata.png»)}"), ["data.png"]);
    // An escape hides no scheme.
    assert_eq!(urls(r".a{b:url(d\61 ta:x)}"), [""; 0]);
}

#[test]
fn writings_tell_the_quotes() {
    let writings: Vec<Writing> =
        found(r#".a{b:url(«a»),url("«b»"),url('«c»')}/*# sourceMappingURL=«d» */"#, references)
            .into_iter()
            .map(|reference| reference.writing)
            .collect();
    assert_eq!(writings, [Writing::CssUrl, Writing::CssString(b'"'), Writing::CssString(b'\''), Writing::Comment]);
}

#[test]
fn an_import_where_none_works_is_optional() {
    for sheet in [
        r#".a{} @import "«a.css»";"#,
        r#"@media print{@import "«a.css»";}"#,
        r#"@layer a{} @import "«a.css»";"#,
        r#"@namespace "x"; @import "«a.css»";"#,
    ] {
        assert_eq!(found(sheet, references)[0].demand, Demand::Optional, "{sheet}");
    }
}

#[test]
fn the_last_comment_that_names_a_map_counts() {
    let references = found("/*# sourceMappingURL=a.map */.b{}/*# sourceMappingURL=«b.css.map»*/", references);
    assert_eq!((references[0].demand, references[0].writing), (Demand::Optional, Writing::Comment));
    assert_eq!(urls("/*@ sourceMappingURL=«a.map»\n*/"), ["a.map"]);
    assert_eq!(urls("/*# sourceMappingURL=data:application/json;base64,e30= */"), [""; 0]);
    assert_eq!(urls(".a{content:'/*# sourceMappingURL=a.map */'}"), [""; 0]);
    assert_eq!(urls("/*# sourceMappingURL=«a.map» "), ["a.map"]);
}

#[test]
fn declarations_have_no_rules() {
    found("background:url(«a.png»);--b:url('«b»')", declarations);
    found("@import 'a.css'; background:url(«a.png»)", declarations);
    found("/*# sourceMappingURL=a.map */", declarations);
}

#[test]
fn marks_and_line_ends_and_other_encodings_keep_places() {
    assert_eq!(urls("\u{feff}@import '«a.css»';\r\n.é{b:url(«ü.png»)}\r"), ["a.css", "ü.png"]);
    let sheet = b"/* \xe9 */.a\xff{content:\"\xe9(\";b:url(a.png)}";
    let found = references(sheet).unwrap();
    assert_eq!(&sheet[found.references[0].span.clone()], b"a.png");
    let found = references(b".a{b:url(caf\xe9.png)}").unwrap();
    assert_eq!(found.references[0].url, "caf\u{fffd}.png");
}

#[test]
fn hostile_nesting_takes_no_stack_and_no_time() {
    for open in ["(", "{", "[", "url(", "image-set(", "@a{", "a{b:c(", "@import ", "/*"] {
        let deep = open.repeat(200_000);
        assert_sound(deep.as_bytes(), &references(deep.as_bytes()).unwrap());
    }
    assert!(references(&vec![b'('; LIMIT_BYTES + 1]).is_err());
}

proptest! {
    #[test]
    fn any_tokens_give_sound_and_replaceable_references(sheet in token_soup()) {
        let found = references(sheet.as_bytes()).unwrap();
        assert_sound(sheet.as_bytes(), &found);
        assert_replaceable(sheet.as_bytes(), &found, references);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        assert_sound(&bytes, &references(&bytes).unwrap());
        assert_sound(&bytes, &declarations(&bytes).unwrap());
    }
}

fn token_soup() -> impl Strategy<Value = String> {
    let tokens = [
        "url(",
        "src(",
        "image-set(",
        "a(",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        ":",
        ",",
        "@import ",
        "@media ",
        "@layer ",
        "@namespace ",
        "\"",
        "'",
        "\\",
        "\\2e ",
        "a.png",
        "./b",
        "é",
        " ",
        "\n",
        "\r\n",
        "/*",
        "*/",
        "/*# sourceMappingURL=m */",
        "<!--",
        "-->",
        "#x",
        "1px",
        "\u{feff}",
    ];
    prop::collection::vec(prop::sample::select(tokens.to_vec()), 0..40).prop_map(|tokens| tokens.concat())
}
