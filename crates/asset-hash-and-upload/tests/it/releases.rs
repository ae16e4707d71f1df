//! What comes after a release: going back, bringing it elsewhere, removing what is old, proving what is there.

use crate::site::{app, fifty, small};
use crate::stage::{BUCKET, POINTER, Run, Stage, ended, json, prove_settled};
use aws_sim::{DEFAULT_BEARER, Fault, Kind, Rule};
use serde_json::{Value, json as value};
use std::collections::BTreeMap;
use std::path::Path;

/// A day and an hour.
const OLD_S: i64 = 25 * 3_600;

fn read(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

fn codes(run: &Run) -> Vec<&str> {
    run.report["findings"].as_array().unwrap().iter().filter_map(|finding| finding["code"].as_str()).collect()
}

/// Changes the bytes of an object behind the tool's back, under its old headers.
fn overwrite(stage: &Stage, key: &str, from: &str) {
    let control = stage.control();
    let folder = stage.folder.path().join("behind").join(BUCKET);
    let path = folder.join(key);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, from).unwrap();
    control.load(&stage.folder.path().join("behind")).unwrap();
    std::fs::remove_dir_all(stage.folder.path().join("behind")).unwrap();
}

#[test]
fn a_rollback_of_an_app_is_three_requests_and_no_asset() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    let first = stage.done(&["publish", "app"]);
    stage.tree("app", &app(2));
    let second = stage.done(&["publish", "app"]);
    stage.control().reset();
    let back = stage.done(&["rollback"]);
    let counts = stage.control().counts();
    assert!(counts.total <= 3 && counts.writes == 1, "{:?}", counts.requests);
    let touched: Vec<String> = stage.control().log().into_iter().map(|record| record.key).collect();
    assert!(touched.iter().all(|key| key == POINTER || key.starts_with(".roadcrew/default/releases/")), "{touched:?}");
    assert_eq!((&back["release"], &back["from"]), (&first["release"], &second["release"]));
    assert_eq!(prove_settled(&stage.control())["release"], first["release"]);
    // Forth again, by name.
    stage.done(&["rollback", "--to", second["release"].as_str().unwrap()]);
    assert_eq!(prove_settled(&stage.control())["release"], second["release"]);
    let unknown = stage.run(&["rollback", "--to", "20200101T000000.000Z-00000000"]);
    assert_eq!(unknown.exit, 2, "{}", unknown.said);
}

#[test]
fn a_rollback_of_a_site_puts_only_the_pages_back_that_differ() {
    let stage = Stage::new();
    stage.tree("site", &fifty(1));
    stage.done(&["publish", "site"]);
    let before = stage.objects();
    stage.tree("site", &fifty(2));
    stage.done(&["publish", "site"]);
    stage.control().reset();
    let back = stage.done(&["rollback"]);
    assert_eq!(stage.control().counts().of(Kind::Copy), 4, "one of five pages is the same");
    assert_eq!(back["pages"].as_array().unwrap().len(), 4);
    prove_settled(&stage.control());
    for page in ["index.html", "docs/more.html"] {
        assert_eq!(stage.objects()[page].body, before[page].body, "{page}");
    }
}

#[test]
fn without_a_release_there_is_nothing_to_go_back_to() {
    let stage = Stage::new();
    for command in [&["rollback"][..], &["pull", "there"], &["verify"]] {
        let run = stage.run(command);
        assert!(matches!(run.exit, 1 | 2 | 4), "{command:?}: {} {}", run.exit, run.said);
    }
    assert_eq!(stage.control().counts().writes, 0);
}

#[test]
fn a_pull_brings_what_is_missing_and_nothing_else() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    let published = stage.done(&["publish", "app", "--names", "versioned"]);
    let first = stage.done(&["pull", "there"]);
    assert_eq!((&first["files"]["brought"], &first["release"]), (&value!(10), &published["release"]));
    let there = stage.folder.path().join("there");
    let wanted: BTreeMap<String, Vec<u8>> = app(1).into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    assert_eq!(read(&there), wanted);
    stage.control().reset();
    let again = stage.done(&["pull", "there"]);
    let counts = stage.control().counts();
    assert!(counts.total <= 3 && counts.writes == 0, "{:?}", counts.requests);
    assert_eq!((&again["brought_bytes"], &again["files"]["brought"]), (&value!(0), &value!(0)));
    // One file is gone and one is another: both are brought, and no other.
    std::fs::remove_file(there.join("data/3.txt")).unwrap();
    std::fs::write(there.join("app.css"), "other").unwrap();
    let third = stage.done(&["pull", "there"]);
    assert_eq!(third["files"]["brought"], 2);
    assert_eq!(read(&there), wanted);
}

#[test]
fn a_pull_refuses_bytes_that_were_not_published() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    stage.done(&["publish", "app"]);
    let record = prove_settled(&stage.control());
    overwrite(&stage, record["files"]["app.js"]["key"].as_str().unwrap(), "console.log(9);\n");
    let run = stage.run(&["pull", "there"]);
    assert_eq!((run.exit, codes(&run)), (1, vec!["digest-differs"]), "{}", run.said);
    let there = stage.folder.path().join("there");
    assert!(!read(&there).values().any(|bytes| bytes == b"console.log(9);\n"), "{:?}", read(&there).keys());
}

#[test]
fn an_answer_that_breaks_off_or_is_garbled_is_no_file() {
    for fault in [Fault::TruncatedBody, Fault::CorruptBody, Fault::LostResponse] {
        let stage = Stage::new();
        stage.tree("app", &app(1));
        stage.done(&["publish", "app", "--names", "versioned"]);
        stage.control().set_faults(vec![Rule::new(fault.clone()).of(Kind::Get).at(4)]);
        let run = stage.run(&["pull", "there"]);
        let wanted: BTreeMap<String, Vec<u8>> =
            app(1).into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let there = read(&stage.folder.path().join("there"));
        assert!(there.iter().all(|(path, bytes)| wanted.get(path) == Some(bytes)), "{}: {there:?}", fault.name());
        assert!(run.exit != 0 || there == wanted, "{}: exit 0 with a loss", fault.name());
        stage.control().set_faults(Vec::new());
        stage.done(&["pull", "there"]);
        assert_eq!(read(&stage.folder.path().join("there")), wanted);
    }
}

#[test]
fn prune_removes_only_what_no_kept_release_names_and_only_after_a_day() {
    let stage = Stage::new();
    let mut records: Vec<Value> = Vec::new();
    for revision in 1..=4 {
        stage.tree("site", &fifty(revision));
        stage.done(&["publish", "site"]);
        records.push(prove_settled(&stage.control()));
    }
    let before = stage.objects();
    // All is young: releases are retired, and not one object goes.
    let young = stage.done(&["prune", "--keep-releases", "2"]);
    assert_eq!((&young["deleted"], young["retired"].as_array().unwrap().len()), (&value!(0), 2), "{young}");
    assert!(before.keys().all(|key| stage.objects().contains_key(key)));
    stage.control().age(BUCKET, "", OLD_S);
    let plan = stage.done(&["prune", "--keep-releases", "2", "--dry-run"]);
    assert!(before.keys().all(|key| stage.objects().contains_key(key)), "a dry run");
    let old = stage.done(&["prune", "--keep-releases", "2"]);
    assert!(old["deleted"].as_u64().unwrap() > 0 && old["deleted"] == plan["deleted"], "{old} {plan}");
    let after = stage.objects();
    let keys = |record: &Value| -> Vec<String> {
        let files = record["files"].as_object().unwrap().values();
        files.map(|entry| entry["key"].as_str().unwrap().to_owned()).collect()
    };
    let kept: Vec<String> = records[2..].iter().flat_map(keys).collect();
    for record in &records[2..] {
        for key in keys(record) {
            assert!(after.contains_key(&key), "{key} of a kept release is gone");
        }
    }
    for key in records[..2].iter().flat_map(keys).filter(|key| !kept.contains(key)) {
        assert!(!after.contains_key(&key), "{key} is needed by nobody");
    }
    prove_settled(&stage.control());
    stage.done(&["rollback"]);
    prove_settled(&stage.control());
    let gone = stage.run(&["rollback", "--to", records[0]["release"].as_str().unwrap()]);
    assert_eq!(gone.exit, 2, "{}", gone.said);
    // A tree of old is published again as a whole.
    stage.tree("site", &fifty(1));
    stage.done(&["publish", "site"]);
    prove_settled(&stage.control());
}

#[test]
fn prune_keeps_what_an_instance_still_runs_and_what_is_not_ours() {
    let stage = Stage::new();
    let mut releases = Vec::new();
    for revision in 1..=4 {
        stage.tree("app", &app(revision));
        releases.push(stage.done(&["publish", "app"])["release"].as_str().unwrap().to_owned());
    }
    let oldest =
        json(&stage.objects(), &stage.objects().keys().rfind(|key| key.contains(&releases[0])).unwrap().clone());
    let script = oldest["files"]["app.js"]["key"].as_str().unwrap().to_owned();
    overwrite(&stage, "someone/else.txt", "theirs");
    for _ in 0..3 {
        stage.control().age(BUCKET, "", OLD_S);
        stage.done(&["prune", "--keep-releases", "1", "--live", &releases[0]]);
    }
    assert!(stage.objects().contains_key(&script));
    assert!(stage.objects().contains_key("someone/else.txt"));
    stage.control().age(BUCKET, "", OLD_S);
    stage.done(&["prune", "--keep-releases", "1"]);
    stage.control().age(BUCKET, "", OLD_S);
    stage.done(&["prune", "--keep-releases", "1"]);
    assert!(!stage.objects().contains_key(&script), "nobody runs it any more");
    assert!(stage.objects().contains_key("someone/else.txt"));
    prove_settled(&stage.control());
}

#[test]
fn verify_names_what_is_gone_changed_or_of_another_type() {
    let stage = Stage::new();
    let base = format!("{}/_cdn/{BUCKET}/", stage.sim.url());
    stage.tree("site", &small());
    stage.done(&["publish", "site"]);
    let whole = stage.control().snapshot();
    let record = prove_settled(&stage.control());
    let key = |path: &str| record["files"][path]["key"].as_str().unwrap().to_owned();
    for arguments in [&["verify"][..], &["verify", "--base-url", &base]] {
        assert_eq!(stage.done(arguments)["files"]["answered"], 10, "{arguments:?}");
        overwrite(&stage, &key("js/value.js"), "export const value = 2;\n");
        let changed = stage.run(arguments);
        assert_eq!(changed.exit, 1, "{}", changed.said);
        // The simulator loads files without a type, so that differs as well.
        assert!(codes(&changed).contains(&"digest-differs"), "{}", changed.report);
        stage.control().restore(&whole);
        overwrite(&stage, &key("js/value.js"), "export const value = 1;\n");
        let mistyped = stage.run(arguments);
        assert_eq!(mistyped.exit, 1, "{}", mistyped.said);
        assert!(codes(&mistyped).contains(&"type-differs"), "{}", mistyped.report);
        assert!(!codes(&mistyped).contains(&"digest-differs"), "{}", mistyped.report);
        stage.control().restore(&whole);
    }
}

#[test]
fn verify_and_pull_name_an_object_that_is_gone() {
    let stage = Stage::new();
    stage.tree("app", &app(1));
    stage.done(&["publish", "app"]);
    let script = prove_settled(&stage.control())["files"]["app.js"]["key"].as_str().unwrap().to_owned();
    // What nobody names any more is removed, and then named again by a pointer that somebody wrote by hand.
    let pointer = stage.objects()[POINTER].body.clone().unwrap();
    let old_record = json(&stage.objects(), POINTER)["manifest"].as_str().unwrap().to_owned();
    let record = stage.objects()[&old_record].body.clone().unwrap();
    for revision in 2..=4 {
        stage.tree("app", &app(revision));
        stage.done(&["publish", "app"]);
    }
    for _ in 0..3 {
        stage.control().age(BUCKET, "", OLD_S);
        stage.done(&["prune", "--keep-releases", "1"]);
    }
    assert!(!stage.objects().contains_key(&script));
    overwrite(&stage, &old_record, std::str::from_utf8(&record).unwrap());
    overwrite(&stage, POINTER, std::str::from_utf8(&pointer).unwrap());
    for command in [&["verify"][..], &["pull", "there"]] {
        let run = stage.run(command);
        assert_eq!(run.exit, 1, "{command:?}: {}", run.said);
        assert!(codes(&run).contains(&"file-missing"), "{command:?}: {}", run.report);
        assert!(run.report.to_string().contains("app.js"), "{}", run.report);
    }
}

#[test]
fn a_ci_identity_takes_a_role_and_renews_a_session_that_ends() {
    let stage = Stage::new();
    stage.tree("site", &fifty(1));
    let url = stage.sim.url().to_owned();
    let arguments = |role: &'static str| ["publish", "site", "--aws-role-arn", role, "--sts-endpoint-url"];
    let role = "arn:aws:iam::111122223333:role/deploy";
    let mut words = arguments(role).to_vec();
    words.push(&url);
    let github = |bearer: &str| {
        let (cli, report) = stage.bare(&words);
        let cli = cli
            .env("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{url}/_oidc/token?api-version=2.0"))
            .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", bearer);
        ended(cli.run(), &report)
    };
    let wrong = github("not-the-bearer");
    assert!(matches!(wrong.exit, 2 | 3), "{} {}", wrong.exit, wrong.said);
    assert!(!wrong.said.contains("not-the-bearer"), "{}", wrong.said);
    stage.control().set_faults(vec![Rule::new(Fault::ExpireSessions).of(Kind::Put).at(20)]);
    stage.control().reset();
    let run = github(DEFAULT_BEARER);
    assert_eq!(run.exit, 0, "{}", run.said);
    let counts = stage.control().counts();
    assert!(counts.of(Kind::Sts) >= 2 && counts.of(Kind::Oidc) >= 2, "{:?}", counts.requests);
    prove_settled(&stage.control());
    assert!(!run.said.contains("sim-request-token"));
}
