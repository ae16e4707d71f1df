use super::super::marked::{assert_replaceable, assert_sound, found, unmarked};
use super::*;
use proptest::prelude::*;

fn urls(marked: &str, kind: Kind) -> Vec<String> {
    found(marked, |bytes| references(bytes, kind)).into_iter().map(|reference| reference.url).collect()
}

fn demands(marked: &str) -> Vec<Demand> {
    found(marked, |bytes| references(bytes, Kind::Unknown)).into_iter().map(|reference| reference.demand).collect()
}

/// Each line is a module of its own.
const REQUIRED: &str = r#"
import "«./a.js»";
import a from '«../a.js»'
import a, {b as c, "x" as d} from "«/a.js»";
import * as a from "«https://cdn.test/a.js»";
export * from "«./a.js»"; export * as b from "«./b.js»"; export {c, default as d} from "«./c.js»";
import a from "react"; import b from "@x/y"; export * from "vue"; import c from "node:fs";
import a from "«./a.json»" with {type: "json"}; import b from "«./b.css»" with { type: "./c" };
const a = () => import("«./a.js»"); import('«./b.js»').then(c => c); import(`«./c.js»`)
import(/* webpackChunkName: "./x" */ /* @vite-ignore */ "«./a.js»", {with: {type: "json"}})
import("./a" + b); import(`./${a}.js`); import(a); import("./a" in b); import(a ? "./a" : "./b")
import("react")
new URL("«a.png»", import.meta.url); new URL('«./a.png»', import.meta.url,).href; new globalThis.URL(`«/a.png»`, import.meta.url)
new URL("a.png", location); new URL("a.png"); new URL("a" + b, import.meta.url); new URL("a.png", import.meta.url.x); URL("a", import.meta.url)
new Worker(new URL("«./w.js»", import.meta.url), {type: "module"})
import.meta.resolve("«./a.js»"); import.meta.resolve("react"); import.meta.env("./a.js")
// import "./a.js"
/* import "./a.js"; */ "import './a.js'"; `import "./b.js"`; x = /import ".\/a.js"/; x = "new URL('a', import.meta.url)"
a.import("./a.js"); b = {import: "./a.js"}; class C { import() { return "./a.js" } }
x = `${import("«./a.js»")} import("./b.js")`
if (a) /'/.test(b); import("«./a.js»")
export const a = "./a.js", b = ["./b.js"], c = {url: "./c.js"}; fetch("./d.js")
"use strict";import{a}from"«./a.js»";import b from"«./b.js»";a/b/c;export{a as default}
import defer * as a from "«./a.js»"
for await (const x of import("«./a.js»")) ;
x = a / import("«./a.js»") / b
__vitePreload(() => import("«./a.js»"), ["assets/b.css"], import.meta.url)
import "«//cdn.test/a.js»"
"#;

/// Each line is a script of its own.
const OPTIONAL: &str = r#"
new Worker("«w.js»"); new SharedWorker('«/w.js»', "name"); new window.Worker("«w.js»"); new Audio("«a.mp3»")
new Worker(a); new Worker("a" + b); new Foo.Worker("a.js"); Worker("a.js"); new Audio; new Audio()
navigator.serviceWorker.register("«/sw.js»", {scope: "/"}); navigator?.serviceWorker?.register("«sw.js»"); a.register("b.js")
importScripts("«a.js»", '«b.js»', c, d("e.js"), "«f.js»"); self.importScripts(`«g.js»`); a.importScripts("h.js")
caches.open("v1").then(cache => cache.addAll(["«/»", "«/a.js»", a, new Request("/b.js"), "/c" + d, "«/e.css»"]));
addAll(["a.js"]); a.addAll("b.js")
workbox.precacheAndRoute([{url: "«/a.js»", revision: null}, {"revision": "abc", "url": "«b.css»"}, "«c.png»"], {d: "e.js"})
const m = [{revision: null, url: "«/a.js»",}, {url: "b.js"}, {url: "c.js", revision: null, other: 1}]; f({url: "d.js", revision: null})
S([{'revision':"1",'url':'«index.html»'}].concat(a||[]))
importScripts("«./workbox-1f84e78b.js»"), self.skipWaiting(), e.precacheAndRoute([{url:"«index.html»",revision:"d41d"}],{})
// importScripts("a.js")
function importScripts(a) { return "b.js" }
"#;

#[test]
fn what_a_module_loads_is_required() {
    for line in REQUIRED.lines().filter(|line| !line.is_empty()) {
        for kind in [Kind::Module, Kind::Unknown] {
            for reference in found(line, |bytes| references(bytes, kind)) {
                assert_eq!(reference.demand, Demand::Required, "{line}");
                assert_eq!(reference.url, unmarked(line).0[reference.span.clone()], "{line}");
            }
        }
    }
}

#[test]
fn what_is_relative_to_something_else_is_optional() {
    for line in OPTIONAL.lines().filter(|line| !line.is_empty()) {
        for kind in [Kind::Script, Kind::Unknown] {
            for reference in found(line, |bytes| references(bytes, kind)) {
                assert_eq!(reference.demand, Demand::Optional, "{line}");
            }
        }
    }
}

#[test]
fn a_folder_is_optional() {
    for folder in ["./", ".", "..", "../", "/", "./a/", "./?x"] {
        assert_eq!(demands(&format!("new URL(\"«{folder}»\", import.meta.url)")), [Demand::Optional], "{folder}");
    }
}

#[test]
fn escapes_are_decoded_and_stay_in_the_span() {
    assert_eq!(
        urls(
            r#"import "«\u002e/x.js»"; import('«.\x2fy\
.js»')"#,
            Kind::Module
        ),
        ["./x.js", "./y.js"]
    );
    assert_eq!(urls(r"import(`«\u{2e}/x.js»`)", Kind::Unknown), ["./x.js"]);
    assert_eq!(urls(r#"import "\u0064ata:x""#, Kind::Unknown), [""; 0]);
}

#[test]
fn writings_tell_the_quotes() {
    let writings: Vec<Writing> =
        found("import('«./a»');import(\"«./b»\");import(`«./c»`)\n//# sourceMappingURL=«d»", |bytes| {
            references(bytes, Kind::Unknown)
        })
        .into_iter()
        .map(|reference| reference.writing)
        .collect();
    assert_eq!(
        writings,
        [Writing::JavaScript(b'\''), Writing::JavaScript(b'"'), Writing::JavaScript(b'`'), Writing::Comment]
    );
}

#[test]
fn marks_line_ends_and_other_encodings_keep_places() {
    assert_eq!(
        urls("\u{feff}// é\r\nimport '«./a.js»'\r\n/* é\r\n */import '«./ü.js»'\r", Kind::Module),
        ["./a.js", "./ü.js"]
    );
    assert_eq!(urls("#!/usr/bin/env node\nimport '«./a.js»'", Kind::Module), ["./a.js"]);
    let source = b"// \xe9\nimport './a.js'; x = '\xe9'; import './caf\xe9.js'";
    let found = references(source, Kind::Module).unwrap().references;
    assert_eq!((&source[found[0].span.clone()], found[1].url.as_str()), (b"./a.js".as_slice(), "./caf\u{fffd}.js"));
}

#[test]
fn source_maps_are_optional_and_need_no_parser() {
    assert_eq!(urls("this is no script\n//# sourceMappingURL=«a.js.map»", Kind::Unknown), ["a.js.map"]);
    assert_eq!(urls("a\n//@ sourceMappingURL=«a.js.map»\n", Kind::Script), ["a.js.map"]);
    assert_eq!(urls("a\n//# sourceMappingURL=data:application/json;base64,e30=", Kind::Script), [""; 0]);
    assert_eq!(demands("a;/*# sourceMappingURL=«a.js.map» */"), [Demand::Optional]);
}

#[test]
fn scripts_that_are_no_modules_are_scripts() {
    let scripts = [
        "with (a) { importScripts('«a.js»') }",
        "var await = 010; import('«./a.js»')",
        "<!-- old\nimport('«./a.js»')\n--> old",
        "delete a; return; import('«./a.js»')",
    ];
    for script in scripts {
        urls(script, Kind::Unknown);
        urls(script, Kind::Script);
        assert!(
            references(unmarked(script).0.as_bytes(), Kind::Module).is_err() || !script.starts_with(['v', '<']),
            "{script}"
        );
    }
}

#[test]
fn what_does_not_parse_is_told_with_its_line() {
    for (source, line) in [
        ("import './a.js'\n\n}", 3),
        ("import './a.js'\nlet a = ;", 2),
        ("import x from './a.js'\n// c\n/* d\n*/ <div>a</div>", 4),
        ("import './a.js'\nlet a: string = 'b'", 2),
        ("import './a.js\n'", 1),
    ] {
        for kind in [Kind::Module, Kind::Unknown] {
            assert_eq!(references(source.as_bytes(), kind).unwrap_err().line, line, "{source}");
        }
    }
    // What names nothing is not looked at.
    assert_eq!(references(b"this is { no script", Kind::Unknown), Ok(Found::default()));
    let large = [b"import './a.js'\n/*".as_slice(), &vec![b' '; LIMIT_BYTES], b"*/"].concat();
    assert!(references(&large, Kind::Unknown).unwrap_err().what.contains("32 MiB"));
}

/// What is repeated, and what closes it.
const NESTING: &[(&str, &str, &str)] = &[
    ("", "(", ")"),
    ("x=", "[", "]"),
    ("x=", "{a:", "}"),
    ("", "{", "}"),
    ("x=", "(function(){return ", "})"),
    ("", "function f(){", "}"),
    ("x=", "()=>{", "}"),
    ("x=", "(a=>", ")"),
    ("x=", "a=>", ""),
    ("x=", "a?b:", ""),
    ("x=", "a?", ":b"),
    ("x=", "a=", ""),
    ("x=", "a+=", ""),
    ("x=", "!", ""),
    ("x=", "- ", ""),
    ("x=", "typeof ", ""),
    ("x=", "typeof\u{a0}", ""),
    ("x=", "new ", ""),
    ("x=", "a**", ""),
    ("x=", "a+", ""),
    ("", "if(a)", ""),
    ("", "if(a);else ", ""),
    ("", "if(a)b=c;else ", ""),
    ("", "for(;;)", ""),
    ("", "while(a)", ""),
    ("", "do ", ""),
    ("", "with(a)", ""),
    ("", "a:", ""),
    ("", "if(a)b:c:", ""),
    ("", "if(a)b,c;else d:e:f:", ""),
    ("x=", "`${", "}`"),
    ("x=", "f(", ")"),
    ("x=", "class{a=", "}"),
    ("x=", "class{m(){return ", "}}"),
    ("x=", "class extends ", "{}"),
    ("function*g(){", "yield ", "}"),
    ("x=", "import(", ")"),
    ("x=", "(a=", ")"),
    ("x=", "async(", ")"),
    ("x=", "async a=>", ""),
    ("x=", "({a=", "})"),
    ("x=a", "[a", "]"),
    ("", "try{", "}finally{}"),
    ("", "switch(a){case 1:", "}"),
    ("var ", "{a:", "}"),
    ("x=", "a=async b=>", ""),
    ("x=", "a&&!b||c=>d?e=f:", ""),
    ("x=", "a.b[c](d)(", ")"),
    ("x=", "a?.[", "]"),
    ("", "else ", ""),
    ("x=", "...", ""),
    ("@a ", "@a(", ")"),
    ("x=", "{...", "}"),
    ("x=", "{get a(){return ", "}}"),
    ("x=", "a??=", ""),
    ("", "do x;while(function(){", "})"),
    ("x=", "await ", ""),
    ("", "label:for(;;)", ""),
    ("", "return\n{a:", "}"),
    ("x=", "a/b=", ""),
    ("x=", "{a/b/", "}"),
    ("", "if(a)/b/.c(", ")"),
    ("", "<!--", ""),
    ("", "a\n-->", ""),
    ("x=", "<", ""),
    ("import a from '", "", "'"),
];

/// What nests too deeply is refused, and what is not refused is parsed on half the stack of a thread.
#[test]
fn hostile_nesting_never_overflows_the_stack() {
    for (start, open, close) in NESTING {
        for levels in [10, 300, 1_000, 3_000, 30_000] {
            let source = format!("{start}{}1{};import('./a.js')", open.repeat(levels), close.repeat(levels));
            let _ = references(source.as_bytes(), Kind::Unknown);
        }
    }
    let deepest = ["import ", &"(".repeat(100_000)].concat();
    assert!(references(deepest.as_bytes(), Kind::Unknown).is_err());
}

#[test]
fn ordinary_nesting_is_read() {
    for (open, close, levels) in [
        ("function f(){", "}", 200),
        ("f(function(){", "})", 150),
        ("[", "]", 500),
        ("x=a?b:", "", 1_000),
        ("if(a){}else ", "", 500),
    ] {
        let source = format!("{}1{};import('./a.js')", open.repeat(levels), close.repeat(levels));
        assert_eq!(references(source.as_bytes(), Kind::Unknown).unwrap().references.len(), 1, "{open}");
    }
    let source = format!("x={}1;import('./a.js')", "a+".repeat(100_000));
    assert_eq!(references(source.as_bytes(), Kind::Unknown).unwrap().references.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_tokens_give_sound_and_replaceable_references(source in token_soup()) {
        if let Ok(found) = references(source.as_bytes(), Kind::Unknown) {
            assert_sound(source.as_bytes(), &found);
        }
    }

    #[test]
    fn any_statements_give_replaceable_references(lines in prop::collection::vec(0..REQUIRED.lines().count(), 0..6), script in 0..OPTIONAL.lines().count()) {
        let lines = lines.into_iter().filter_map(|line| REQUIRED.lines().nth(line)).filter(|line| !line.contains("export ") && !line.contains("import a") && !line.contains("\"use"));
        let marked = lines.chain(OPTIONAL.lines().nth(script)).collect::<Vec<_>>().join("\n");
        let source = unmarked(&marked).0;
        let read = |bytes: &[u8]| references(bytes, Kind::Module);
        let found = read(source.as_bytes()).unwrap();
        assert_sound(source.as_bytes(), &found);
        assert_replaceable(source.as_bytes(), &found, read);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        for kind in [Kind::Module, Kind::Script] {
            let bytes = [bytes.as_slice(), b" import "].concat();
            if let Ok(found) = references(&bytes, kind) {
                assert_sound(&bytes, &found);
            }
        }
    }
}

fn token_soup() -> impl Strategy<Value = String> {
    let tokens = [
        "import",
        "export",
        "from",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "'./a'",
        "\"./b\"",
        "`./c`",
        "`",
        "${",
        "'",
        "\"",
        "/",
        "/*",
        "*/",
        "//",
        "\n",
        ";",
        ",",
        ":",
        "?",
        "=",
        "=>",
        "!",
        "a",
        "new",
        "Worker",
        "URL",
        ".",
        "meta",
        "url",
        "importScripts",
        "function",
        "class",
        "if",
        "else",
        "while",
        "for",
        "do",
        "\\",
        "\\u{61}",
        "é",
        "\u{2028}",
        "1",
        "<!--",
        "-->",
        "async",
        "await",
        "yield",
        "return",
        "#!",
        "#a",
        "//# sourceMappingURL=m\n",
        "*",
        "++",
        "in",
        "of",
    ];
    prop::collection::vec((prop::sample::select(tokens.to_vec()), prop::sample::select(vec!["", " "])), 0..40)
        .prop_map(|tokens| tokens.into_iter().flat_map(|(token, blank)| [token, blank]).collect())
}
