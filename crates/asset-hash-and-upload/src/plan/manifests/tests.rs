//! The fixtures have the shape that the real tools write: Vite 7, webpack-assets-manifest 6, webpack-manifest-plugin 6, Encore 4,
//! Laravel Mix 6, Django 5.2; those of Sprockets, Propshaft and AssetMapper follow their source.

use super::*;
use proptest::prelude::*;

const VITE: &str = r#"{
  "index.html": {
    "file": "assets/index.js",
    "name": "index",
    "src": "index.html",
    "isEntry": true,
    "dynamicImports": [
      "src/lazy.js"
    ],
    "css": [
      "assets/index.css"
    ],
    "assets": [
      "assets/x y.svg"
    ]
  },
  "src/lazy.js": {
    "file": "assets/lazy.js",
    "isDynamicEntry": true
  }
}"#;
const ASSETS: &str = r#"{
  "entrypoints": {
    "main": {
      "assets": {
        "js": [
          "main.js"
        ]
      }
    }
  },
  "main.js": {
    "src": "main.js",
    "integrity": "sha256-old sha384-old"
  }
}"#;
const FLAT: &str = r#"{"main.js": "/build/main.js", "161-js.map": "/build/161.js.map"}"#;
const ENTRYPOINTS: &str = r#"{
  "entrypoints": {
    "app": {
      "js": [
        "/build/runtime.js",
        "/build/app.js"
      ]
    }
  },
  "integrity": {
    "/build/app.js": "sha384-old"
  }
}"#;
const MIX: &str = "{\n    \"/js/app.js\": \"/js/app.js?id=2f4a9d2c6d4e33e3f0a1b4a9b1c0ffee\"\n}\n";
const DJANGO: &str =
    r#"{"paths": {"img/x.png": "img/x.png", "app.css": "app.css"}, "version": "1.1", "hash": "9e178217b0d7"}"#;
const SPROCKETS: &str = r#"{"files":{"app.js":{"logical_path":"app.js","mtime":"2026-01-01T00:00:00+00:00","size":4,"digest":"00","integrity":"sha256-old"}},"assets":{"app.js":"app.js"}}"#;
const PROPSHAFT: &str = r#"{"app.js":{"digested_path":"app.js","integrity":"sha384-old"},"b.css":{"digested_path":"b.css","integrity":null}}"#;
const ASSET_MAPPER: &str =
    r#"{"app": {"path": "/assets/app.js", "type": "js"}, "/assets/b.js": {"path": "/assets/b.js", "type": "js"}}"#;
const BROWSER: &str =
    r#"{"imports": {"app": "./app.js"}, "scopes": {"/a/": {"b": "/b.js"}}, "integrity": {"/b.js": "sha512-old"}}"#;

const SPROCKETS_PATH: &str = "assets/.sprockets-manifest-0123456789abcdef0123456789abcdef.json";

fn formats() -> Vec<(&'static str, &'static str, Format)> {
    vec![
        (".vite/manifest.json", VITE, Format::Vite),
        ("build/manifest.json", VITE, Format::Vite),
        ("assets-manifest.json", ASSETS, Format::Flat),
        ("manifest.json", FLAT, Format::Flat),
        ("build/entrypoints.json", ENTRYPOINTS, Format::Entrypoint),
        ("mix-manifest.json", MIX, Format::Mix),
        ("staticfiles.json", DJANGO, Format::Django),
        (SPROCKETS_PATH, SPROCKETS, Format::Sprockets),
        ("assets/.manifest.json", PROPSHAFT, Format::Propshaft),
        ("assets/importmap.json", ASSET_MAPPER, Format::ImportMap),
        ("importmap.json", BROWSER, Format::ImportMap),
    ]
}

fn rewritten(path: &str, text: &str, files: &[&str]) -> String {
    let manifest = read(path, text.as_bytes()).unwrap();
    let has = |path: &str| files.contains(&path);
    let published = |path: &str| Some(crate::plan::fingerprint::NameForm::default().apply(path, "H"));
    let mut integrity =
        |path: &str, algorithm| Some(format!("{}:{path}", ["sha256-", "sha384-", "sha512-"][algorithm as usize]));
    let new = rewrite(&manifest, text.as_bytes(), &has, &published, &mut integrity).unwrap();
    String::from_utf8(new).unwrap()
}

#[test]
fn formats_are_told_apart() {
    for (path, text, format) in formats() {
        assert_eq!(read(path, text.as_bytes()).map(|manifest| manifest.format), Some(format), "{path}");
    }
    let entries = read(".vite/manifest.json", VITE.as_bytes()).unwrap().entries;
    let names: Vec<(&str, &str)> = entries.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let index = "index.html";
    assert_eq!(
        names,
        [
            (index, "assets/index.js"),
            (index, "assets/index.css"),
            (index, "assets/x y.svg"),
            ("src/lazy.js", "assets/lazy.js")
        ]
    );
}

#[test]
fn other_files_are_no_manifests() {
    for (path, text) in [
        ("manifest.json", r#"{"name": "Shop", "icons": [{"src": "icon.png"}], "start_url": "/"}"#),
        ("manifest.json", r#"{"name": "Shop", "version": "1.0", "manifest_version": 3}"#),
        ("manifest.json", r#"{"name": "Shop"}"#),
        ("manifest.json", "{}"),
        ("manifest.json", "[]"),
        ("manifest.json", "{\"a.js\": \"a.js\""),
        ("manifest.json", "{\"a.js\": \"\u{0}\"}"),
        ("package.json", FLAT),
        ("staticfiles.json", FLAT),
        (".sprockets-manifest-x.json", SPROCKETS),
        ("entrypoint.app.json", r#"["./b.js", "/assets/c.js"]"#),
        ("mix-manifest.json", ""),
    ] {
        assert_eq!(read(path, text.as_bytes()), None, "{path} {text}");
    }
    assert!(read("manifest.json", &[0xff, 0xfe]).is_none());
}

#[test]
fn published_names_are_replaced_and_all_else_stays() {
    let files = ["assets/index.js", "assets/index.css", "assets/x y.svg", "assets/lazy.js"];
    let expected = VITE
        .replace("assets/index.js", "assets/index-H.js")
        .replace("assets/index.css", "assets/index-H.css")
        .replace("assets/x y.svg", "assets/x y-H.svg")
        .replace("assets/lazy.js", "assets/lazy-H.js");
    assert_eq!(rewritten(".vite/manifest.json", VITE, &files), expected);
    assert_eq!(rewritten("manifest.json", FLAT, &["main.js"]), FLAT.replace("/build/main.js", "/build/main-H.js"));
    assert_eq!(rewritten("mix-manifest.json", MIX, &["js/app.js"]), MIX.replace(": \"/js/app.js", ": \"/js/app-H.js"));
    assert_eq!(
        rewritten("staticfiles.json", DJANGO, &["img/x.png", "app.css"]),
        DJANGO.replace(": \"img/x.png", ": \"img/x-H.png").replace(": \"app.css", ": \"app-H.css")
    );
    assert_eq!(
        rewritten("assets/importmap.json", ASSET_MAPPER, &["assets/app.js", "assets/b.js"]),
        ASSET_MAPPER
            .replace(": \"/assets/app.js", ": \"/assets/app-H.js")
            .replace(": \"/assets/b.js", ": \"/assets/b-H.js")
    );
}

#[test]
fn integrity_values_follow() {
    assert_eq!(
        rewritten("assets-manifest.json", ASSETS, &["main.js"]),
        ASSETS
            .replace("[\n          \"main.js", "[\n          \"main-H.js")
            .replace("src\": \"main.js", "src\": \"main-H.js")
            .replace("sha256-old sha384-old", "sha256-:main.js sha384-:main.js")
    );
    assert_eq!(
        rewritten("build/entrypoints.json", ENTRYPOINTS, &["build/app.js"]),
        ENTRYPOINTS.replace("build/app.js", "build/app-H.js").replace("sha384-old", "sha384-:build/app.js")
    );
    let sprockets = rewritten(SPROCKETS_PATH, SPROCKETS, &["assets/app.js"]);
    assert_eq!(
        sprockets,
        SPROCKETS
            .replace("{\"app.js\":{", "{\"app-H.js\":{")
            .replace(":\"app.js\"}}", ":\"app-H.js\"}}")
            .replace("sha256-old", "sha256-:assets/app.js")
    );
    let propshaft = rewritten("assets/.manifest.json", PROPSHAFT, &["assets/app.js", "assets/b.css"]);
    assert!(propshaft.contains("\"digested_path\":\"app-H.js\",\"integrity\":\"sha384-:assets/app.js\""));
    assert!(propshaft.contains("\"digested_path\":\"b-H.css\",\"integrity\":null"));
    let browser = rewritten("importmap.json", BROWSER, &["app.js", "b.js"]);
    assert_eq!(
        browser,
        r#"{"imports": {"app": "./app-H.js"}, "scopes": {"/a/": {"b": "/b-H.js"}}, "integrity": {"/b-H.js": "sha512-:b.js"}}"#
    );
    let manifest = read("assets-manifest.json", ASSETS.as_bytes()).unwrap();
    let failed = rewrite(&manifest, ASSETS.as_bytes(), &|_| true, &|_| None, &mut |_, _| None);
    assert!(failed.unwrap_err().contains("main.js"));
}

#[test]
fn names_are_found_in_the_tree() {
    let manifest = |path: &str| Manifest { path: path.to_owned(), format: Format::Flat, entries: Vec::new() };
    let has = |path: &str| ["a.js", "build/a.js", "build/assets/b.js", "x/a.js"].contains(&path);
    for (at, name, file) in [
        ("manifest.json", "/build/a.js", Some("build/a.js")),
        ("build/manifest.json", "a.js?id=1", Some("build/a.js")),
        ("build/.vite/manifest.json", "assets/b.js", Some("build/assets/b.js")),
        ("manifest.json", "https://cdn.example/x/y/a.js", Some("a.js")),
        ("manifest.json", "//cdn.example/x/a.js", Some("x/a.js")),
        ("manifest.json", "./a.js", Some("a.js")),
        ("manifest.json", "c.js", None),
        ("manifest.json", "", None),
        ("manifest.json", "https://cdn.example", None),
    ] {
        assert_eq!(manifest(at).locate(name, &has).as_deref(), file, "{at} {name}");
    }
}

#[test]
fn new_manifests_have_the_shape_of_the_tool() {
    let entries = [("js/app.js".to_owned(), "js/app-H.js".to_owned()), ("a.png".to_owned(), "a-H.png".to_owned())];
    let of = |format| String::from_utf8(write(format, &entries)).unwrap();
    assert_eq!(of(Format::Flat), "{\n  \"a.png\": \"a-H.png\",\n  \"js/app.js\": \"js/app-H.js\"\n}\n");
    assert_eq!(of(Format::Mix), "{\n    \"/a.png\": \"/a-H.png\",\n    \"/js/app.js\": \"/js/app-H.js\"\n}\n");
    assert_eq!(
        of(Format::Django),
        "{\n  \"paths\": {\n    \"a.png\": \"a-H.png\",\n    \"js/app.js\": \"js/app-H.js\"\n  },\n  \"version\": \"1.1\",\n  \"hash\": \"\"\n}\n"
    );
    assert!(of(Format::Vite).contains(
        "  \"js/app.js\": {\n    \"file\": \"js/app-H.js\",\n    \"src\": \"js/app.js\",\n    \"isEntry\": true\n  }\n}"
    ));
    assert_eq!(
        of(Format::ImportMap),
        "{\n  \"js/app.js\": {\n    \"path\": \"/js/app-H.js\",\n    \"type\": \"js\"\n  }\n}\n"
    );
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Ok(format));
        let manifest = read(format.usual_path(), &write(format, &entries)).unwrap();
        assert_eq!(manifest.format, format);
        assert!(manifest.entries.iter().any(|(_, published)| published.ends_with("js/app-H.js")), "{manifest:?}");
        assert!(may_be(format.usual_path()));
    }
    assert!(Format::parse("grunt").unwrap_err().contains("sprockets"));
    assert_eq!(write(Format::Flat, &[]), b"{}\n");
}

proptest! {
    /// What is written is read again, whatever the names hold, and rewriting it with the same names changes nothing.
    #[test]
    fn what_is_written_is_read(names in proptest::collection::btree_map("[ -~é\"\\\\\n]{1,8}\\.js", "[a-zé\"\\\\ ]{1,8}-H\\.js", 1..6)) {
        let entries: Vec<(String, String)> = names.into_iter().collect();
        let mut reversed = entries.clone();
        reversed.reverse();
        for format in [Format::Flat, Format::Vite, Format::Mix, Format::Propshaft, Format::Django] {
            let bytes = write(format, &entries);
            prop_assert_eq!(&bytes, &write(format, &reversed));
            let Some(manifest) = read(format.usual_path(), &bytes) else {
                prop_assert!(false, "{:?}", String::from_utf8(bytes));
                return Ok(());
            };
            prop_assert_eq!(manifest.format, format);
            let strip = |name: &str| if format == Format::Mix { name[1..].to_owned() } else { name.to_owned() };
            let found: Vec<(String, String)> = manifest.entries.iter().map(|(a, b)| (strip(a), strip(b))).collect();
            prop_assert_eq!(&found, &entries);
            let same = rewrite(&manifest, &bytes, &|_| true, &|_| None, &mut |_, _| None).unwrap();
            prop_assert_eq!(same, bytes);
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..60), text in "[\\[\\]{}\":,a-c*./-]{0,60}") {
        for format in Format::ALL {
            let _ = read(format.usual_path(), &bytes);
            let _ = read(format.usual_path(), text.as_bytes());
        }
    }
}
