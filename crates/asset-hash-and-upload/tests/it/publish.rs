//! What `publish` writes, and what it does not write again.

use crate::site::{app, small};
use crate::stage::{BUCKET, OWN, POINTER, Stage, json, prove_settled, references};
use aws_sim::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json as value};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A GET without any client: status and body.
fn fetch(url: &str, key: &str) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "GET /_cdn/{BUCKET}/{key} HTTP/1.0\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
    (status, answer[head + 4..].to_vec())
}

fn path(stage: &Stage, name: &str) -> String {
    stage.folder.path().join(name).display().to_string()
}

/// Published names by path, as the record has them.
fn names(stage: &Stage) -> BTreeMap<String, String> {
    let record = prove_settled(&stage.control());
    let files = record["files"].as_object().unwrap().iter();
    files.map(|(path, entry)| (path.clone(), entry["key"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn the_same_tree_again_writes_nothing_in_three_requests_at_most() {
    let stage = Stage::new();
    stage.tree("site", &small());
    let first = stage.done(&["publish", "site"]);
    assert_eq!(
        first["files"],
        value!({"copied": 0, "headers_only": 0, "left_out": 0, "pages": 2, "total": 10, "unchanged": 0, "uploaded": 10})
    );
    // Ten files, the record, the pointer twice: with pages pending, and without.
    let counts = stage.control().counts();
    assert_eq!((counts.of(Kind::Put), counts.of(Kind::Copy)), (13, 2), "{:?}", counts.requests);
    for (kind, count) in [("PUT", 13), ("COPY", 2), ("retries", 0)] {
        assert_eq!(first["requests"][kind], count, "{}", first["requests"]);
    }
    let before = stage.objects();
    assert_eq!(json(&before, first["manifest"].as_str().unwrap())["release"], first["release"]);

    // Other times of the files are no other bytes.
    stage.tree("site", &small());
    stage.control().reset();
    let again = stage.done(&["publish", "site"]);
    let counts = stage.control().counts();
    assert!(counts.writes == 0 && counts.total <= 3, "{:?}", counts.requests);
    assert_eq!((&again["end"], &again["release"]), (&value!("unchanged"), &first["release"]));
    assert_eq!(again["files"]["unchanged"], 10);
    assert_eq!(stage.objects(), before);
}

#[test]
fn a_plan_writes_nothing_and_tells_what_publish_then_does() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    let plan = stage.done(&["plan", "app"]);
    assert_eq!((stage.control().counts().writes, stage.objects().len()), (0, 0));
    let done = stage.done(&["publish", "app"]);
    assert_eq!((&plan["requests"]["PUT"], &plan["files"]), (&done["requests"]["PUT"], &done["files"]));
    assert_eq!(plan["cache_busting_value"], done["cache_busting_value"]);
}

#[test]
fn one_changed_file_is_one_upload() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    stage.done(&["publish", "app"]);
    let before = names(&stage);
    stage.tree("app", &app(2));
    stage.control().reset();
    let done = stage.done(&["publish", "app"]);
    let counts = stage.control().counts();
    assert_eq!(counts.of(Kind::Put), 3, "file, record, pointer: {:?}", counts.requests);
    assert!(counts.total <= 6, "{:?}", counts.requests);
    assert_eq!((&done["files"]["uploaded"], &done["files"]["unchanged"]), (&value!(1), &value!(9)));
    let after = names(&stage);
    assert_ne!(before["app.js"], after["app.js"]);
    assert!(stage.objects().contains_key(&before["app.js"]), "an old page still names it");
    assert_eq!(before["data/0.txt"], after["data/0.txt"]);
}

#[test]
fn other_headers_are_a_copy_and_no_upload() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    stage.done(&["publish", "app"]);
    stage.control().reset();
    let done = stage.done(&["publish", "app", "--cache-control", "*.js=public, max-age=60"]);
    let counts = stage.control().counts();
    assert_eq!((counts.of(Kind::Copy), counts.of(Kind::Put)), (1, 2), "{:?}", counts.requests);
    assert_eq!((&done["files"]["headers_only"], &done["files"]["uploaded"]), (&value!(1), &value!(0)));
    let script = &stage.objects()[&names(&stage)["app.js"]];
    assert_eq!(script.headers["cache-control"], "public, max-age=60");
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
}

#[test]
fn a_hashed_name_with_other_bytes_is_refused_and_nothing_is_overwritten() {
    let stage = Stage::new();
    let files =
        |body: &str| vec![("app-55e7cbb9ba48d2a1.js", body.to_owned()), ("z-7ac1a8e2f00d91b3.js", "z\n".to_owned())];
    stage.tree("dist", &files("one\n"));
    stage.done(&["publish", "dist", "--names", "keep", "--pointer", "s3"]);
    let before = stage.objects();
    stage.tree("dist", &files("two\n"));
    let run = stage.run(&["publish", "dist", "--names", "keep", "--pointer", "s3"]);
    assert_eq!(run.exit, 1, "{}", run.said);
    assert_eq!(run.report["findings"][0]["code"], "key-taken", "{}", run.report);
    assert_eq!(stage.objects(), before);
}

#[test]
fn a_tree_of_vite_keeps_its_names_and_its_manifest_and_has_no_pointer() {
    let stage = Stage::new();
    let manifest = r#"{"src/main.ts":{"file":"assets/main-B7PI925R.js","css":["assets/main-Dq3kX0aZ.css"],"isEntry":true},
        "src/late.ts":{"file":"assets/late-C4kD8fQ2.js"}}"#;
    let files = [
        (".vite/manifest.json", manifest),
        ("assets/main-B7PI925R.js", "import(\"./late-C4kD8fQ2.js\");\n"),
        ("assets/late-C4kD8fQ2.js", "export {};\n"),
        ("assets/main-Dq3kX0aZ.css", "a { color: red }\n"),
    ];
    stage.tree("dist", &files);
    stage.done(&["publish", "dist", "--pointer", "none"]);
    let objects = stage.objects();
    for (path, bytes) in files.iter().skip(1) {
        assert_eq!(objects[*path].body.as_deref(), Some(bytes.as_bytes()), "{path}");
        assert!(objects[*path].headers["cache-control"].contains("immutable"), "{path}");
    }
    assert!(!objects.contains_key(POINTER));
    stage.control().reset();
    stage.done(&["publish", "dist"]);
    assert_eq!(stage.control().counts().writes, 0, "none is the default for it");
}

#[test]
fn versioned_names_lie_below_the_version_and_unchanged_files_are_copied() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    let first = stage.done(&["publish", "app", "--names", "versioned", "--prefix", "shop"]);
    let version = first["cache_busting_value"].as_str().unwrap().to_owned();
    assert!(stage.objects().contains_key(&format!("shop/{version}/app.js")));
    stage.tree("app", &app(2));
    stage.control().reset();
    let second = stage.done(&["publish", "app", "--names", "versioned", "--prefix", "shop"]);
    let next = second["cache_busting_value"].as_str().unwrap();
    assert_ne!(next, version);
    let counts = stage.control().counts();
    assert_eq!((counts.of(Kind::Copy), counts.of(Kind::Put)), (9, 3), "{:?}", counts.requests);
    assert_eq!(stage.objects()[&format!("shop/{next}/app.js")].body.as_deref(), Some(&b"console.log(2);\n"[..]));
    assert_eq!(stage.objects()[&format!("shop/{version}/app.js")].body.as_deref(), Some(&b"console.log(1);\n"[..]));
}

#[test]
fn the_map_of_names_and_the_value_are_written_where_asked() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    let arguments = ["publish", "app", "--manifest-file", "map.json", "--version-file", "version.txt"];
    for _ in 0..2 {
        let done = stage.done(&arguments);
        let map: Value = serde_json::from_str(&std::fs::read_to_string(path(&stage, "map.json")).unwrap()).unwrap();
        let names = names(&stage);
        assert_eq!(map["app.js"].as_str().map(|name| name.trim_start_matches('/')), Some(names["app.js"].as_str()));
        let version = std::fs::read_to_string(path(&stage, "version.txt")).unwrap();
        assert_eq!(version.trim(), done["cache_busting_value"].as_str().unwrap());
        assert_eq!(done["outputs"]["version"], done["cache_busting_value"]);
        assert_eq!(done["outputs"]["manifest-path"], "map.json");
        // What was written the first time is written again by a run that publishes nothing.
        std::fs::remove_file(path(&stage, "map.json")).unwrap();
        std::fs::remove_file(path(&stage, "version.txt")).unwrap();
    }
}

#[test]
fn every_reference_in_the_bucket_resolves_and_integrity_holds() {
    let stage = Stage::new();
    stage.tree("site", &small());
    stage.done(&["publish", "site"]);
    let names = names(&stage);
    let objects = stage.objects();
    let mut followed = 0;
    for (key, object) in objects.iter().filter(|(key, _)| !key.starts_with(OWN)) {
        for named in references(key, object.body.as_ref().unwrap()) {
            let (status, body) = fetch(stage.sim.url(), &named);
            assert_eq!(status, 200, "{key} names {named}");
            assert_eq!(Some(body), objects[&named].body);
            followed += 1;
        }
    }
    assert_eq!(followed, 14);
    // No reference was left to a name of the tree that is none of the bucket.
    let (status, page) = fetch(stage.sim.url(), "index.html");
    let page = String::from_utf8(page).unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("<!-- <img src='img/logo.svg'> -->"), "a comment is none: {page}");
    let style = objects[&names["css/site.css"]].sha256.as_deref().unwrap();
    let digest: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&style[at * 2..at * 2 + 2], 16).unwrap()).collect();
    assert!(page.contains(&format!("integrity=\"sha256-{}\"", STANDARD.encode(digest))), "{page}");
    // A leaf that changes renames what names it, up to the pages.
    let mut changed = small();
    changed.iter_mut().find(|(path, _)| *path == "img/dot.png").unwrap().1 = "another picture";
    stage.tree("site", &changed);
    stage.done(&["publish", "site"]);
    let after = self::names(&stage);
    for path in ["img/dot.png", "img/logo.svg", "css/site.css", "js/main.js", "index.html"] {
        assert_ne!(names[path], after[path], "{path}");
    }
    for path in ["css/base.css", "js/value.js", "js/later.js"] {
        assert_eq!(names[path], after[path], "{path}");
    }
    assert_eq!(objects["index.html"].headers["cache-control"], "no-cache");
}
