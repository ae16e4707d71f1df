//! What a rewrite leaves as it is is told, and what can't be read is no reason to publish nothing.

use crate::stage::{BUCKET, Stage, json, prove_settled};
use aws_sim::Kind;
use serde_json::Value;

/// Codes, paths and lines of the findings of a report.
fn findings(report: &Value) -> Vec<(String, String, Option<u64>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["findings"].as_array().unwrap().iter();
    all.map(|one| (text(&one["code"]), text(&one["path"]), one["line"].as_u64())).collect()
}

fn stored(stage: &Stage, key: &str) -> String {
    String::from_utf8(stage.control().object(BUCKET, key).unwrap().body.unwrap()).unwrap()
}

const PAGE: &str = "<!doctype html><script type=\"module\" src=\"/js/app.js\"></script>\n";
const LISTS: &str = "const lists = [\"/css/app.css\", \"img/a.png\", 'https://cdn.example/base/img/a.png'];\n\
                     // \"/css/app.css\"\nconst other = [\"/css/none.css\", \"/\", \"/index.html\", \"a/b\"];\n\
                     new Worker(\"/js/work.js\"); export { lists, other };\n";

fn lists() -> Vec<(&'static str, &'static str)> {
    vec![
        ("index.html", PAGE),
        ("css/app.css", "a { color: red }\n"),
        ("img/a.png", "a"),
        ("js/work.js", "self.x = 1;\n"),
        ("js/app.js", LISTS),
    ]
}

#[test]
fn a_string_that_is_a_files_address_is_told_with_its_line() {
    let stage = Stage::new();
    stage.tree("site", &lists());
    let told = stage.done(&["publish", "site", "--base-url", "https://cdn.example/base/"]);
    let kept = ("string-kept".to_owned(), "js/app.js".to_owned(), Some(1));
    assert_eq!(findings(&told), [kept.clone(), kept.clone(), kept], "{}", told["findings"]);
    // They keep their names if one asks for it, and then nothing is wrong.
    let plan = ["plan", "site", "--base-url", "https://cdn.example/base/", "--pages", "*.html", "*.css", "img/*"];
    assert_eq!(findings(&stage.done(&plan)), []);
}

#[test]
fn a_tree_with_very_many_of_them_tells_fifty_and_how_many_more() {
    let stage = Stage::new();
    let list: String = (0..60).map(|_| "\"/css/app.css\",\n").collect();
    let script = format!("export const list = [{list}];\n");
    stage.tree("site", &[("index.html", PAGE), ("css/app.css", "a {}\n"), ("js/app.js", script.as_str())]);
    let told = stage.done(&["plan", "site"]);
    assert_eq!(findings(&told).len(), 51);
    assert!(told["findings"].to_string().contains("10 more strings"));
}

#[test]
fn a_script_that_is_none_is_published_as_it_is_unless_all_is_to_be_rewritten() {
    let stage = Stage::new();
    stage.tree("site", &[("index.html", PAGE), ("js/app.js", "let a;\nimport {{ from \"./none.js\";\n")]);
    let strict = stage.run(&["publish", "site", "--references", "rewrite"]);
    assert_eq!(strict.exit, 2, "{}", strict.said);
    let told = stage.done(&["publish", "site"]);
    assert_eq!(findings(&told), [("script-kept".to_owned(), "js/app.js".to_owned(), Some(3))]);
    // What it names stays as it is, so that no proof holds.
    let record = json(&stage.objects(), told["manifest"].as_str().unwrap());
    let key = record["files"]["js/app.js"]["key"].as_str().unwrap().to_owned();
    assert!(stored(&stage, &key).contains("import {{ from"));
    assert!(stored(&stage, "index.html").contains(&key));
    // That it is published so now is no reason to let it pass.
    let strict = stage.run(&["publish", "site", "--references", "rewrite"]);
    assert_eq!(strict.exit, 2, "{}", strict.said);
}

#[test]
fn a_file_that_is_too_large_to_be_read_is_told() {
    let stage = Stage::new();
    let root = stage.tree("site", &[("index.html", PAGE), ("js/app.js", "export {};\n")]);
    let large = std::fs::File::create(root.join("large.js")).unwrap();
    large.set_len((32 << 20) + 1).unwrap();
    let told = stage.done(&["plan", "site"]);
    assert_eq!(findings(&told), [("file-kept".to_owned(), "large.js".to_owned(), None)]);
}

#[test]
fn the_builds_own_manifest_is_published_with_the_published_names() {
    let stage = Stage::new();
    let manifest =
        "{\"src/main.js\": {\"file\": \"assets/main.js\", \"css\": [\"assets/main.css\"], \"isEntry\": true}}";
    let mut tree = vec![
        (".vite/manifest.json", manifest),
        ("assets/main.js", "export const a = 1;\n"),
        ("assets/main.css", "a { color: red }\n"),
    ];
    stage.tree("app", &tree);
    assert_eq!(findings(&stage.done(&["publish", "app", "--names", "fingerprint"])), []);
    let record = prove_settled(&stage.control());
    let key = |path: &str| record["files"][path]["key"].as_str().unwrap().to_owned();
    let (js, css) = (key("assets/main.js"), key("assets/main.css"));
    let told: Value = serde_json::from_str(&stored(&stage, ".vite/manifest.json")).unwrap();
    assert_eq!(
        (&told["src/main.js"]["file"], &told["src/main.js"]["css"][0]),
        (&Value::from(js.as_str()), &Value::from(css))
    );
    // It is another one as soon as a file that it names is.
    tree[1].1 = "export const a = 2;\n";
    stage.tree("app", &tree);
    stage.done(&["publish", "app", "--names", "fingerprint"]);
    let other = prove_settled(&stage.control())["files"]["assets/main.js"]["key"].as_str().unwrap().to_owned();
    let told = stored(&stage, ".vite/manifest.json");
    assert!(other != js && told.contains(&other) && !told.contains(&js), "{told}");
}

#[test]
fn names_in_a_manifest_that_are_no_addresses_are_told() {
    let stage = Stage::new();
    let manifest = "{\"main.js\": \"/somewhere/else/main.js\"}";
    stage.tree("app", &[("manifest.json", manifest), ("main.js", "export {};\n")]);
    let told = stage.done(&["publish", "app", "--names", "fingerprint"]);
    assert_eq!(findings(&told), [("manifest-kept".to_owned(), "manifest.json".to_owned(), Some(1))]);
    assert_eq!(stored(&stage, "manifest.json"), manifest);
}

#[test]
fn files_that_nobody_can_tell_apart_share_a_key() {
    let stage = Stage::new();
    stage.tree("app", &[("a.txt", "same"), ("b.txt", "same"), ("c.txt", "other"), ("d.css", "same")]);
    stage.done(&["publish", "app", "--name-form", "[hash].[ext]"]);
    let record = prove_settled(&stage.control());
    let key = |path: &str| record["files"][path]["key"].clone();
    assert!(key("a.txt") == key("b.txt") && key("a.txt") != key("c.txt") && key("a.txt") != key("d.css"));
    stage.control().reset();
    stage.done(&["publish", "app", "--name-form", "[hash].[ext]"]);
    assert_eq!(stage.control().counts().writes, 0);
    stage.done(&["verify"]);
}

#[test]
fn files_that_share_a_key_are_encoded_once_and_recorded_alike() {
    let stage = Stage::new();
    let text = "<!doctype html><p>the same words again and again</p>\n".repeat(20);
    let other = text.replace("words", "letters");
    stage.tree("site", &[("index.html", other.as_str()), ("a.html", text.as_str()), ("b.html", text.as_str())]);
    stage.done(&["publish", "site", "--encode", "gzip"]);
    let record = prove_settled(&stage.control());
    assert_eq!(record["files"]["a.html"], record["files"]["b.html"]);
    stage.done(&["verify"]);
    stage.control().reset();
    stage.done(&["publish", "site", "--encode", "gzip"]);
    assert_eq!(stage.control().counts().writes, 0);
}

#[test]
fn a_reference_to_nothing_is_told_without_a_network() {
    let stage = Stage::new();
    stage.tree("site", &[("index.html", "<!doctype html>\n<img src=\"gone.png\">\n")]);
    let (cli, report) = stage.bare(&["publish", "site"]);
    let run = crate::stage::ended(cli.run(), &report);
    assert_eq!((run.exit, run.said.contains("gone.png")), (2, true), "{}", run.said);
    let unresolved = ("reference-unresolved".to_owned(), "index.html".to_owned(), Some(2));
    assert!(findings(&run.report).contains(&unresolved), "{}", run.report);
    assert_eq!(stage.control().counts().total, 0);
    // Without it the credentials are what is missing.
    stage.tree("site", &[("index.html", "<!doctype html>\n")]);
    let (cli, report) = stage.bare(&["publish", "site"]);
    let run = crate::stage::ended(cli.run(), &report);
    assert!(run.exit != 0 && run.said.contains("credentials"), "{}", run.said);
}

#[test]
fn a_release_has_the_time_of_the_bucket() {
    let stage = Stage::new();
    stage.tree("site", &lists());
    let hour = 3_600;
    // A machine that is an hour ahead of the bucket, which takes that.
    stage.control().set_clock(-hour, 10_000);
    let ahead = stage.done(&["publish", "site"])["release"].as_str().unwrap().to_owned();
    let made_ms = asset_hash_and_upload::plan::release_id::created_ms(&ahead).unwrap();
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let ago_s = u64::try_from(since.as_millis()).unwrap().saturating_sub(made_ms) / 1_000;
    assert!(ago_s.abs_diff(3_600) < 120, "{ahead} is {ago_s} s ago");
    // One that is right comes after it and supersedes it.
    stage.tree("site", &[("index.html", "<!doctype html>\n")]);
    let next = stage.done(&["publish", "site"]);
    assert_eq!(next["verdict"], "pass");
    assert!(stage.control().counts().of(Kind::Put) > 0);
}

#[test]
fn a_large_file_is_digested_over_the_web() {
    let stage = Stage::new();
    let large = "x".repeat(3 << 20);
    stage.tree("app", &[("large.txt", large.as_str()), ("a.txt", "a")]);
    stage.done(&["publish", "app"]);
    let cdn = format!("{}/_cdn/{BUCKET}/", stage.sim.url());
    assert_eq!(stage.done(&["verify", "--base-url", &cdn])["files"]["total"], 2);
    let key = prove_settled(&stage.control())["files"]["large.txt"]["key"].as_str().unwrap().to_owned();
    for other in ["y".repeat(3 << 20), "x".repeat((3 << 20) + 1)] {
        let folder = stage.folder.path().join("bucket");
        std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
        std::fs::write(folder.join(BUCKET).join(&key), other).unwrap();
        stage.control().load(&folder).unwrap();
        let run = stage.run(&["verify", "--base-url", &cdn]);
        let told = run.report["findings"].as_array().unwrap();
        let is_it =
            |one: &Value| one["code"] == "digest-differs" && one["message"].as_str().unwrap().starts_with("large.txt");
        let differs = told.iter().any(is_it);
        assert!(run.exit == 1 && differs, "{}", run.report);
    }
}
