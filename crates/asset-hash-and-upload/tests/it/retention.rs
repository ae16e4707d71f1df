//! Rollback, prune, pull and verify against a simulated S3, as their users run them.

use aws_sim::{ACCESS_KEY, Control, Fault, KillMode, Kind, Rule, SECRET_KEY, Sim, SimOptions};
use kit_test::{Cli, Ran};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const BUCKET: &str = "assets";
const HOUR_S: i64 = 3_600;

/// A bucket, and a folder to work in.
struct World {
    sim: Sim,
    dir: tempfile::TempDir,
}

/// How a run ended.
struct Told {
    ran: Ran,
    report: Value,
    /// All requests of the run.
    requests: u64,
}

impl Told {
    fn text(&self, name: &str) -> String {
        self.report[name].as_str().unwrap_or_default().to_owned()
    }
}

impl World {
    fn new() -> World {
        let sim = Sim::start(SimOptions::with_bucket(BUCKET)).expect("a simulator");
        World { sim, dir: tempfile::tempdir().expect("a folder") }
    }

    fn control(&self) -> Control {
        self.sim.control()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A tree with these files and no others.
    fn tree(&self, name: &str, files: &[(&str, &str)]) {
        let root = self.path(name);
        let _ = fs::remove_dir_all(&root);
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        }
    }

    /// Runs a command for a site.
    fn run(&self, site: &str, words: &[&str]) -> Told {
        let json = self.path("report.json");
        let _ = fs::remove_file(&json);
        let before = self.control().counts().total;
        let url = self.sim.url().to_owned();
        let json_text = json.to_string_lossy().into_owned();
        let place = ["--bucket", BUCKET, "--prefix", "p", "--site", site, "--endpoint-url", &url, "--json", &json_text];
        let binary = env!("CARGO_BIN_EXE_asset-hash-and-upload");
        let ran = Cli::new(binary, self.dir.path())
            .args(words.iter().chain(&place).copied())
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .env("AWS_REGION", "us-east-1")
            .run();
        let report = fs::read(&json).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Told { ran, report, requests: self.control().counts().total - before }
    }

    /// Runs a command that has to end with this exit code.
    fn ends(&self, site: &str, words: &[&str], exit: i32) -> Told {
        let told = self.run(site, words);
        assert_eq!(told.ran.exit, exit, "{words:?}: {}", told.ran.stderr);
        told
    }

    /// Publishes an app's tree whose script is number `number`; gives the release.
    fn app(&self, number: u32) -> String {
        let script = format!("alert({number})");
        self.tree("app", &[("js/app.js", &script), ("css/app.css", "body{}"), ("img/logo.svg", "<svg/>")]);
        self.ends("default", &["publish", "app"], 0).text("release")
    }

    /// Publishes a site whose pages and script are number `number`; gives the release.
    fn site(&self, number: u32) -> String {
        let (script, about) = (format!("alert('page {number}')"), format!("<p>{number}"));
        let index = "<script src=\"js/site.js\"></script>";
        self.tree("site", &[("index.html", index), ("about.html", &about), ("js/site.js", &script), ("x.css", "a{}")]);
        self.ends("site", &["publish", "site"], 0).text("release")
    }

    fn keys(&self) -> BTreeMap<String, u64> {
        let objects = self.control().objects(BUCKET, "");
        objects.into_iter().map(|object| (object.key, object.size)).collect()
    }

    fn age(&self, hours: i64) {
        self.control().age(BUCKET, "", hours * HOUR_S);
    }
}

fn of_folder(dir: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(dir).expect("below").to_string_lossy().into_owned();
                files.insert(name, fs::read_to_string(&path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn going_back_is_three_requests() {
    let world = World::new();
    let (first, second) = (world.app(1), world.app(2));
    let before = world.keys();
    let back = world.ends("default", &["rollback"], 0);
    assert_eq!((back.text("release"), back.requests), (first.clone(), 3));
    assert_eq!(world.keys().into_keys().collect::<Vec<_>>(), before.into_keys().collect::<Vec<_>>());
    // And forth; once it is live nothing is written.
    assert_eq!(world.ends("default", &["rollback"], 0).text("release"), second);
    assert_eq!(world.ends("default", &["rollback", "--to", &second], 0).requests, 1);
    let dry = world.ends("default", &["rollback", "--to", &first, "--dry-run"], 0);
    assert_eq!(dry.text("release"), first);
    assert_eq!(world.ends("default", &["pull", "out"], 0).text("release"), second);
    for wrong in ["nonsense", "../../x", "20200101T000000.000Z-00000000"] {
        world.ends("default", &["rollback", "--to", wrong], 2);
    }
    world.ends("unheard-of", &["rollback"], 2);
}

#[test]
fn pages_go_back_with_their_release() {
    let world = World::new();
    let (first, second) = (world.site(1), world.site(2));
    let about = || world.control().objects(BUCKET, "p/about.html").remove(0).etag;
    let two = about();
    assert_eq!(world.ends("site", &["rollback"], 0).text("release"), first);
    let one = about();
    assert_ne!(one, two);
    world.ends("site", &["verify"], 0);
    world.ends("site", &["rollback", "--to", &second], 0);
    assert_eq!(about(), two);
    world.ends("site", &["verify"], 0);
}

#[test]
fn a_rollback_killed_anywhere_is_completed_by_the_next() {
    let world = World::new();
    let (first, second) = (world.site(1), world.site(2));
    let start = world.control().snapshot();
    let mut survived = 0;
    for number in (1..).step_by(3) {
        for after in [false, true] {
            world.control().restore(&start);
            world.control().set_faults(vec![Rule::new(Fault::Kill { mode: KillMode::Dead, after }).at(number)]);
            let killed = world.run("site", &["rollback"]);
            world.control().set_faults(Vec::new());
            world.control().revive();
            survived += u32::from(killed.ran.exit == 0);
            assert!(matches!(killed.ran.exit, 0 | 3 | 5), "{}", killed.ran.stderr);
            // Exit 3 says that nothing changed that users see.
            if killed.ran.exit == 3 {
                world.ends("site", &["verify", "--release", &second], 0);
            }
            world.ends("site", &["rollback", "--to", &first], 0);
            world.ends("site", &["verify", "--release", &first], 0);
        }
        if survived > 0 {
            assert!(number > 6, "only {number} points");
            return;
        }
    }
}

#[test]
fn an_answer_that_is_lost_is_no_failure() {
    let world = World::new();
    world.site(1);
    world.site(2);
    for kind in [Kind::Put, Kind::Copy, Kind::Get, Kind::Head] {
        world.control().set_faults(vec![Rule::new(Fault::LostResponse).of(kind).at(1)]);
        let back = world.ends("site", &["rollback"], 0);
        assert_eq!(back.text("end"), "rolled-back", "{kind:?}");
        world.ends("site", &["verify"], 0);
    }
}

#[test]
fn prune_takes_what_nobody_needs_after_a_day() {
    let world = World::new();
    world.ends("default", &["prune"], 2);
    let releases: Vec<String> = (1..=6).map(|number| world.app(number)).collect();
    let other = world.site(1);
    let all = world.keys();
    // A stranger's object, and another prefix within ours.
    let dry = world.ends("default", &["prune", "--keep-releases", "2", "--dry-run"], 0);
    assert_eq!(dry.text("verdict"), "pass");
    assert_eq!(world.keys(), all);
    world.ends("default", &["prune", "--keep-releases", "2", "--live", &releases[0]], 0);
    let marks = world.keys().keys().filter(|key| key.contains("/retired/")).count();
    assert_eq!(marks, 3, "two of six are kept by number, one by name");
    world.age(23);
    world.ends("default", &["prune", "--keep-releases", "2", "--live", &releases[0]], 0);
    assert!(all.keys().all(|key| world.keys().contains_key(key)), "not before a day has passed");
    world.age(2);
    world.ends("default", &["prune", "--keep-releases", "2", "--live", &releases[0]], 0);
    let left = world.keys();
    let gone = all.keys().filter(|key| !left.contains_key(*key));
    let (records, files): (Vec<&String>, Vec<&String>) = gone.partition(|key| key.ends_with(".json"));
    assert_eq!((records.len(), files.len()), (3, 3), "{records:?} {files:?}");
    assert!(left.keys().all(|key| !key.contains("/retired/") && !key.contains("/pruning")));
    for release in [&releases[0], &releases[4], &releases[5]] {
        world.ends("default", &["verify", "--release", release], 0);
    }
    world.ends("site", &["verify", "--release", &other], 0);
    world.ends("default", &["rollback", "--to", &releases[1]], 2);
    world.ends("default", &["prune", "--keep-releases", "2", "--live", "nobody"], 2);
}

#[test]
fn orphans_go_only_where_they_are_ours() {
    let world = World::new();
    world.app(1);
    world.site(1);
    // A publish that died before its record.
    let sent = world.control().counts().of(Kind::Put);
    assert!(sent > 0);
    world.control().set_faults(vec![Rule::new(Fault::Kill { mode: KillMode::Dead, after: false }).of(Kind::Put).at(2)]);
    world.tree("app", &[("js/app.js", "orphan"), ("css/app.css", "body{}")]);
    assert_ne!(world.run("default", &["publish", "app"]).ran.exit, 0);
    world.control().set_faults(Vec::new());
    world.control().revive();
    let stranger = world.path("bucket").join(BUCKET).join("p");
    fs::create_dir_all(&stranger).expect("folders");
    fs::write(stranger.join("stranger.js"), "theirs").expect("a file");
    world.control().load(&world.path("bucket")).expect("loaded");
    world.age(30);
    let before = world.keys();
    let pruned = world.ends("default", &["prune", "--keep-releases", "5"], 0);
    let after = world.keys();
    let gone: Vec<&String> = before.keys().filter(|key| !after.contains_key(*key)).collect();
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(gone[0].starts_with("p/js/app-"), "{gone:?}");
    assert_eq!(pruned.report["orphans"], 1);
    assert!(after.contains_key("p/stranger.js"));
    world.ends("default", &["verify"], 0);
    world.ends("site", &["verify"], 0);
}

#[test]
fn a_prune_killed_anywhere_loses_nothing() {
    let world = World::new();
    let releases: Vec<String> = (1..=4).map(|number| world.app(number)).collect();
    world.ends("default", &["prune", "--keep-releases", "2"], 0);
    world.age(25);
    let start = world.control().snapshot();
    world.control().reset();
    world.ends("default", &["prune", "--keep-releases", "2"], 0);
    let requests = world.control().counts().total;
    assert!(requests > 10, "only {requests} points");
    // A dead network is waited for, so the points are tried side by side.
    std::thread::scope(|scope| {
        for (number, after) in (1..=requests).step_by(4).flat_map(|number| [(number, false), (number, true)]) {
            let (releases, start) = (&releases, &start);
            scope.spawn(move || {
                let world = World::new();
                world.control().restore(start);
                world.control().set_faults(vec![Rule::new(Fault::Kill { mode: KillMode::Dead, after }).at(number)]);
                world.run("default", &["prune", "--keep-releases", "2"]);
                world.control().set_faults(Vec::new());
                world.control().revive();
                for release in &releases[2..] {
                    world.ends("default", &["verify", "--release", release], 0);
                }
                // What its guard kept away may go on once that is old.
                world.control().age(BUCKET, "p/.roadcrew/default/pruning", HOUR_S);
                world.ends("default", &["prune", "--keep-releases", "2"], 0);
                let left = world.keys();
                assert_eq!(left.keys().filter(|key| key.contains("/releases/")).count(), 2);
                assert_eq!(left.keys().filter(|key| key.starts_with("p/js/")).count(), 2);
            });
        }
    });
}

#[test]
fn another_prune_waits_its_turn() {
    let world = World::new();
    world.app(1);
    world.control().set_faults(vec![Rule::new(Fault::Kill { mode: KillMode::Dead, after: true }).of(Kind::Put).at(1)]);
    world.run("default", &["prune", "--keep-releases", "1"]);
    world.control().set_faults(Vec::new());
    world.control().revive();
    let busy = world.ends("default", &["prune", "--keep-releases", "1"], 3);
    assert!(busy.ran.stderr.contains("another prune"), "{}", busy.ran.stderr);
    world.control().age(BUCKET, "p/.roadcrew/default/pruning", HOUR_S);
    world.ends("default", &["prune", "--keep-releases", "1"], 0);
}

#[test]
fn pull_brings_what_is_missing_and_nothing_else() {
    let world = World::new();
    world.site(1);
    world.ends("site", &["pull", "out"], 0);
    let there = of_folder(&world.path("out"));
    assert_eq!(there.len(), 4);
    assert!(there["index.html"].contains("js/site-"), "{}", there["index.html"]);
    let again = world.ends("site", &["pull", "out"], 0);
    assert!(again.requests <= 3, "{}", again.requests);
    assert_eq!(again.report["brought_bytes"], 0, "{}", again.report);
    fs::write(world.path("out/x.css"), "other").expect("a file");
    fs::write(world.path("out/own.txt"), "own").expect("a file");
    world.ends("site", &["pull", "out"], 0);
    let mut expected = there;
    expected.insert("own.txt".to_owned(), "own".to_owned());
    assert_eq!(of_folder(&world.path("out")), expected);
    // Never through a link.
    let outside = world.path("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::remove_dir_all(world.path("out/js")).expect("removed");
    std::os::unix::fs::symlink(&outside, world.path("out/js")).expect("a link");
    world.ends("site", &["pull", "out"], 2);
    assert!(of_folder(&outside).is_empty());
    world.ends("site", &["pull", "dry", "--dry-run"], 0);
    assert!(!world.path("dry").exists());
    world.ends("unheard-of", &["pull", "none"], 4);
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half() {
    let world = World::new();
    world.site(1);
    // A file where a folder is to be: the same way out as a full disk, on every machine.
    fs::create_dir(world.path("out")).expect("a folder");
    fs::write(world.path("out/js"), "in the way").expect("a file");
    world.ends("site", &["pull", "out"], 2);
    assert_eq!(of_folder(&world.path("out")).len(), 1);
}

#[test]
fn verify_names_what_differs() {
    let world = World::new();
    world.site(1);
    let start = world.control().snapshot();
    world.ends("site", &["verify"], 0);
    let put = |key: &str, text: &str| {
        let path = world.path("bucket").join(BUCKET).join(key);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
        world.control().load(&world.path("bucket")).expect("loaded");
        fs::remove_dir_all(world.path("bucket")).expect("removed");
    };
    put("p/about.html", "<p>other");
    let told = world.ends("site", &["verify"], 1);
    assert!(told.ran.stderr.contains("about.html") || told.ran.stdout.contains("about.html"));
    world.control().restore(&start);
    // Nobody answers: nothing is proven.
    let nobody = "http://127.0.0.1:1/";
    world.ends("site", &["verify", "--base-url", nobody], 4);
    let cdn = format!("{}/_cdn/{BUCKET}/p/", world.sim.url());
    world.ends("site", &["verify", "--base-url", &cdn], 0);
    world.ends("site", &["verify", "--base-url", &format!("{cdn}elsewhere/")], 1);
}
