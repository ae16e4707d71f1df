//! A simulated bucket, a folder for trees, and the tool between them; and what must be true of the bucket at any moment.

use aws_sim::{ACCESS_KEY, Control, ObjectView, SECRET_KEY, Sim, SimOptions};
use kit_test::cli::{Cli, Ran};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// The bucket of all these tests.
pub const BUCKET: &str = "shop-assets";
/// Where the tool keeps its own.
pub const OWN: &str = ".roadcrew/";
/// The pointer of the default site.
pub const POINTER: &str = ".roadcrew/default/current.json";

/// A simulator and a folder.
pub struct Stage {
    pub sim: Sim,
    pub folder: tempfile::TempDir,
    runs: AtomicU64,
}

/// How a run ended.
pub struct Run {
    pub exit: i32,
    /// The JSON report; null when none was written.
    pub report: Value,
    /// What it said on standard error.
    pub said: String,
}

impl Stage {
    pub fn new() -> Stage {
        Stage::with(SimOptions::with_bucket(BUCKET))
    }

    pub fn with(options: SimOptions) -> Stage {
        Stage { sim: Sim::start(options).unwrap(), folder: tempfile::tempdir().unwrap(), runs: AtomicU64::new(0) }
    }

    pub fn control(&self) -> Control {
        self.sim.control()
    }

    /// A folder with these files and no others.
    pub fn tree<P: AsRef<str>, B: AsRef<[u8]>>(&self, name: &str, files: &[(P, B)]) -> PathBuf {
        let root = self.folder.path().join(name);
        if root.exists() {
            std::fs::remove_dir_all(&root).unwrap();
        }
        for (path, bytes) in files {
            let path = root.join(path.as_ref());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes.as_ref()).unwrap();
        }
        root
    }

    /// The tool without its connection: only the bucket's name and address are said. Gives where its report will lie.
    pub fn bare(&self, arguments: &[&str]) -> (Cli, PathBuf) {
        let report = self.folder.path().join(format!("report-{}.json", self.runs.fetch_add(1, Ordering::Relaxed)));
        let mut all: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        if !arguments.contains(&"--bucket") {
            all.extend(["--bucket".to_owned(), BUCKET.to_owned()]);
        }
        if !arguments.contains(&"--endpoint-url") {
            all.extend(["--endpoint-url".to_owned(), self.sim.url().to_owned()]);
        }
        all.extend(["--json".to_owned(), report.display().to_string()]);
        let cli = Cli::new(env!("CARGO_BIN_EXE_asset-hash-and-upload"), self.folder.path())
            .args(all)
            .env("HOME", self.folder.path().display().to_string())
            .env("AWS_EC2_METADATA_DISABLED", "true");
        (cli, report)
    }

    /// The tool with a key pair.
    pub fn cli(&self, arguments: &[&str]) -> (Cli, PathBuf) {
        let (cli, report) = self.bare(arguments);
        (cli.env("AWS_ACCESS_KEY_ID", ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY), report)
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        let (cli, report) = self.cli(arguments);
        ended(cli.run(), &report)
    }

    /// Runs it, and wants exit code 0.
    pub fn done(&self, arguments: &[&str]) -> Value {
        let run = self.run(arguments);
        assert_eq!(run.exit, 0, "{arguments:?}: {}", run.said);
        run.report
    }

    /// Starts it and does not wait.
    pub fn start(&self, arguments: &[&str]) -> (Child, PathBuf) {
        let (cli, report) = self.cli(arguments);
        let mut command = cli.command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        (command.spawn().unwrap(), report)
    }

    pub fn objects(&self) -> BTreeMap<String, ObjectView> {
        objects(&self.control())
    }
}

/// What a program left, with its report.
pub fn ended(ran: Ran, report: &Path) -> Run {
    let report = std::fs::read(report).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Run { exit: ran.exit, report: report.unwrap_or(Value::Null), said: ran.stderr }
}

/// All that the bucket holds, by key.
pub fn objects(control: &Control) -> BTreeMap<String, ObjectView> {
    control.objects(BUCKET, "").into_iter().map(|object| (object.key.clone(), object)).collect()
}

/// An object that is JSON.
pub fn json(objects: &BTreeMap<String, ObjectView>, key: &str) -> Value {
    let object = objects.get(key).unwrap_or_else(|| panic!("{key} is not in the bucket"));
    serde_json::from_slice(object.body.as_ref().unwrap()).unwrap()
}

/// Proves what must be true at any moment, also after a kill: what the pointer leads to is there with the right bytes, and what
/// pages in place name, and what that names, is there. Gives the record that the pointer leads to.
pub fn prove_sound(control: &Control) -> Option<Value> {
    let objects = objects(control);
    // Pages may name each other in a circle, so what counts of their links is who comes there from the front page.
    for page in objects.keys().filter(|key| is_page(key)) {
        prove_references(&objects, page, |named| !is_page(named));
    }
    if objects.contains_key("index.html") {
        prove_references(&objects, "index.html", |_| true);
    }
    if !objects.contains_key(POINTER) {
        return None;
    }
    let pointer = json(&objects, POINTER);
    let record = json(&objects, pointer["manifest"].as_str().unwrap());
    assert_eq!(record["release"], pointer["release"]);
    for (path, entry) in record["files"].as_object().unwrap() {
        let key = entry["key"].as_str().unwrap();
        let object = objects.get(key).unwrap_or_else(|| panic!("{path}: {key} of the live release is gone"));
        assert_eq!(object.sha256.as_deref(), entry["sha256"].as_str(), "{path}: {key} holds other bytes");
        if entry["page"] == true && pointer["pending"] != true {
            let in_place = objects.get(path).unwrap_or_else(|| panic!("page {path} is not in place"));
            assert_eq!(in_place.sha256.as_deref(), entry["sha256"].as_str(), "page {path} is not the live release's");
        }
    }
    Some(record)
}

/// Follows all references of the kind that `counts` from a key on.
fn prove_references(objects: &BTreeMap<String, ObjectView>, from: &str, counts: fn(&str) -> bool) {
    let mut names = vec![from.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(key) = names.pop() {
        if !seen.insert(key.clone()) {
            continue;
        }
        for named in references(&key, objects[&key].body.as_ref().unwrap()).into_iter().filter(|named| counts(named)) {
            assert!(objects.contains_key(&named), "{key} names {named}, which is not in the bucket");
            names.push(named);
        }
    }
}

/// Proves besides that nothing is under way any more.
pub fn prove_settled(control: &Control) -> Value {
    let record = prove_sound(control).expect("a pointer");
    assert_ne!(json(&objects(control), POINTER)["pending"], true, "pages are pending");
    assert_eq!(control.uploads(BUCKET), 0);
    record
}

fn is_page(key: &str) -> bool {
    !key.starts_with(OWN) && key.ends_with(".html")
}

/// The keys that a published file names, by a reading so simple that it shares no mistake with the tool's.
pub fn references(key: &str, body: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(body) else { return Vec::new() };
    let base = url::Url::parse("http://site.test/").unwrap().join(key).unwrap();
    let mut found = Vec::new();
    for (begin, end) in [
        ("src=\"", "\""),
        ("href=\"", "\""),
        ("url(\"", "\""),
        ("from \"", "\""),
        ("import(\"", "\""),
        ("new URL(\"", "\""),
        ("sourceMappingURL=", "\n"),
        ("\"file\":\"", "\""),
    ] {
        let inside = text.match_indices(begin).filter_map(|(at, _)| text[at + begin.len()..].split(end).next());
        for name in inside.filter(|name| !name.starts_with('#') && !name.starts_with("data:")) {
            let named = base.join(name).unwrap();
            if named.host_str() == Some("site.test") {
                let path = percent_encoding::percent_decode_str(&named.path()[1..]).decode_utf8().unwrap();
                found.push(path.into_owned());
            }
        }
    }
    found
}
