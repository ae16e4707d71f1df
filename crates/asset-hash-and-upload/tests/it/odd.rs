//! Names and trees that other tools lose: each is published under a key of its own and comes back byte for byte, or is refused by
//! name.

use crate::site::fifty;
use crate::stage::{POINTER, Stage, ended, json, prove_settled, prove_sound};
use aws_sim::{Fault, Kind, Rule};
use kit_test::cli::finish;
use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Names that are legal on a disk and as keys.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "with space.js",
        " leading.txt",
        "trailing .txt",
        "plus+plus.css",
        "per%20cent.txt",
        "100%.txt",
        "hash#tag.svg",
        "what?.txt",
        "q?v=1.txt",
        "quote'single.txt",
        "quote\"double.txt",
        "back\\slash.txt",
        "and&or=.txt",
        "a;b,c.txt",
        "star*.txt",
        "(round) [square] {curly}.txt",
        "at@home$~!.txt",
        "<angle>|pipe.txt",
        "caf\u{e9}.txt",
        "cafe\u{301}.txt",
        "日本語/ファイル.txt",
        "\u{1f680}.txt",
        ".hidden",
        ".well-known/security.txt",
        "..two-dots.txt",
        "noextension",
        "empty.txt",
        "Case.txt",
        "case.txt",
        "CASE.txt",
        "deep/er/and/deep/er.txt",
        "a colon: here.txt",
        "semi%2Fslash.txt",
        "ends-with-dot.",
        "-dash.txt",
        "--bucket",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push(format!("{}.txt", "long".repeat(49)));
    names.push(format!("{}/{}.txt", "folder".repeat(30), "ü".repeat(90)));
    names
}

fn bytes_of(name: &str) -> Vec<u8> {
    if name == "empty.txt" { Vec::new() } else { format!("the bytes of {name}\0\u{ff}").into_bytes() }
}

fn read(root: &Path, names: &[String]) -> BTreeMap<String, Vec<u8>> {
    names.iter().filter_map(|name| Some((name.clone(), std::fs::read(root.join(name)).ok()?))).collect()
}

#[test]
fn odd_names_are_published_under_their_own_keys_and_come_back() {
    let names = names();
    let files: Vec<(String, Vec<u8>)> = names.iter().map(|name| (name.clone(), bytes_of(name))).collect();
    for how in ["fingerprint", "versioned", "keep"] {
        let stage = Stage::new();
        stage.tree("odd", &files);
        let done = stage.done(&[
            "publish",
            "odd",
            "--names",
            how,
            "--references",
            "keep",
            "--pointer",
            "s3",
            "--prefix",
            "a b+c",
        ]);
        assert_eq!(done["files"]["total"], names.len(), "{how}");
        let objects = stage.objects();
        let record = json(&objects, done["manifest"].as_str().unwrap());
        let mut keys: Vec<String> = Vec::new();
        for name in &names {
            let entry = &record["files"][name];
            let key = format!("a b+c/{}", entry["key"].as_str().unwrap());
            assert_eq!(objects[&key].body.as_deref(), Some(bytes_of(name).as_slice()), "{how}: {key}");
            keys.push(key);
        }
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), names.len(), "{how}: two files share a key");
        let pulled = stage.run(&["pull", "there", "--prefix", "a b+c"]);
        assert_eq!(pulled.exit, 0, "{how}: {}", pulled.said);
        assert_eq!(read(&stage.folder.path().join("there"), &names), files.iter().cloned().collect(), "{how}");
        assert_eq!(stage.done(&["verify", "--prefix", "a b+c"])["files"]["answered"], names.len(), "{how}");
        stage.control().reset();
        stage.done(&["publish", "odd", "--names", how, "--references", "keep", "--pointer", "s3", "--prefix", "a b+c"]);
        assert_eq!(stage.control().counts().writes, 0, "{how}");
    }
}

#[test]
fn names_with_control_characters_are_refused_by_name() {
    for name in ["new\nline.txt", "tab\there.txt", "escape\u{1b}[0m.txt"] {
        let stage = Stage::new();
        stage.tree("odd", &[(name, "1"), ("good.txt", "2")]);
        let run = stage.run(&["publish", "odd"]);
        assert_eq!(run.exit, 2, "{}", run.said);
        let first = name.split(char::is_control).next().unwrap();
        assert!(run.said.contains(first) && run.said.contains("control character"), "{}", run.said);
        assert!(stage.objects().is_empty());
        // Left out, the others are published.
        let glob = format!("{first}*");
        assert_eq!(stage.done(&["publish", "odd", "--exclude", &glob])["files"]["total"], 1);
    }
}

#[test]
fn links_are_followed_within_the_tree_and_refused_by_name_otherwise() {
    let stage = Stage::new();
    let root = stage.tree("tree", &[("a/real.txt", "real\n"), ("b.txt", "b\n")]);
    symlink("a/real.txt", root.join("good.txt")).unwrap();
    stage.done(&["publish", "tree"]);
    assert_eq!(prove_settled(&stage.control())["files"].as_object().unwrap().len(), 3);
    std::fs::write(stage.folder.path().join("outside.txt"), "outside\n").unwrap();
    for (name, target) in
        [("dangling", "nowhere"), ("loop", "loop"), ("folder", "a"), ("up", "../outside.txt"), ("far", "/etc/hostname")]
    {
        let before = stage.objects();
        symlink(target, root.join(name)).unwrap();
        let run = stage.run(&["publish", "tree"]);
        assert_eq!(run.exit, 2, "{name}: {}", run.said);
        assert!(run.said.contains(name), "{name}: {}", run.said);
        assert_eq!(stage.objects(), before, "{name}");
        let without = stage.run(&["publish", "tree", "--exclude", name]);
        assert_eq!(without.exit, 0, "{name}: {}", without.said);
        std::fs::remove_file(root.join(name)).unwrap();
    }
}

#[test]
fn secrets_and_empty_trees_are_refused_before_anything_is_asked() {
    let stage = Stage::new();
    for (name, files, word) in [
        ("env", &[("app.js", "1;\n"), ("deep/.env", "KEY=1\n")][..], "deep/.env"),
        ("key", &[("app.js", "1;\n"), ("server.pem", "x\n")], "server.pem"),
    ] {
        stage.tree(name, files);
        let run = stage.run(&["publish", name]);
        assert_eq!(run.exit, 2, "{}", run.said);
        assert!(run.said.contains(word), "{}", run.said);
    }
    std::fs::create_dir(stage.folder.path().join("nothing")).unwrap();
    assert_eq!(stage.run(&["publish", "nothing"]).exit, 2);
    assert_eq!(stage.run(&["publish", "missing"]).exit, 2);
    assert_eq!(stage.control().counts().total, 0);
}

#[test]
fn keys_that_are_too_long_are_refused_by_name() {
    let stage = Stage::new();
    let long = format!("{}/{}/{}/{}/end.txt", "a".repeat(240), "b".repeat(240), "c".repeat(240), "d".repeat(240));
    stage.tree("tree", &[(long.as_str(), "x")]);
    assert_eq!(stage.run(&["publish", "tree"]).exit, 0);
    let run = stage.run(&["publish", "tree", "--prefix", &"p".repeat(60)]);
    assert_eq!(run.exit, 2, "{}", run.said);
    assert!(run.said.contains("end") && run.said.contains("1024") || run.said.contains("1,024"), "{}", run.said);
}

#[test]
fn a_file_that_changes_while_it_is_published_is_named_and_nothing_points_to_it() {
    for now in [String::new(), "cut sho".to_owned(), "as it Was\n".repeat(100)] {
        let stage = Stage::new();
        let mut files = fifty(1);
        files.push(("zz/last.txt".to_owned(), "as it was\n".repeat(100)));
        let root = stage.tree("site", &files);
        // One after the other, each slow: the last file is read long after it was digested.
        stage.control().set_faults(vec![Rule::new(Fault::Latency { wait_ms: 30 }).of(Kind::Put)]);
        let (child, report) = stage.start(&["publish", "site", "--concurrency", "1"]);
        while stage.control().counts().of(Kind::Put) < 3 {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        std::fs::write(root.join("zz/last.txt"), &now).unwrap();
        let run = ended(finish(child), &report);
        assert_eq!(run.exit, 3, "{now:?}: {}", run.said);
        assert!(run.said.contains("zz/last.txt") && run.said.contains("changed"), "{now:?}: {}", run.said);
        assert!(!stage.objects().contains_key(POINTER), "{now:?}");
        prove_sound(&stage.control());
        stage.control().set_faults(Vec::new());
        stage.done(&["publish", "site"]);
        prove_settled(&stage.control());
    }
}

#[test]
fn a_large_file_that_changes_while_its_parts_are_sent_is_named() {
    let stage = Stage::new();
    let root = stage.tree("tree", &[("large.bin", vec![7_u8; 40 << 20]), ("small.txt", b"small".to_vec())]);
    stage.control().set_faults(vec![Rule::new(Fault::Latency { wait_ms: 300 }).of(Kind::MpPart)]);
    let (child, report) = stage.start(&["publish", "tree", "--concurrency", "1"]);
    while stage.control().counts().of(Kind::MpPart) < 1 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let file = std::fs::OpenOptions::new().write(true).open(root.join("large.bin")).unwrap();
    file.set_len(30 << 20).unwrap();
    let run = ended(finish(child), &report);
    assert_eq!(run.exit, 3, "{}", run.said);
    assert!(run.said.contains("large.bin"), "{}", run.said);
    assert!(!stage.objects().contains_key(POINTER));
    assert_eq!(stage.control().uploads(crate::stage::BUCKET), 0, "parts are left");
    stage.control().set_faults(Vec::new());
    stage.done(&["publish", "tree"]);
    prove_settled(&stage.control());
    assert_eq!(stage.done(&["verify"])["files"]["answered"], 2);
}

#[test]
fn a_tree_cant_write_what_the_tool_keeps_for_itself() {
    let stage = Stage::new();
    stage.tree("tree", &[("index.html", "<p>\n"), (".roadcrew/default/current.html", "{}\n")]);
    let run = stage.run(&["publish", "tree"]);
    assert_eq!(run.exit, 2, "{}", run.said);
    assert!(run.said.contains(".roadcrew/"), "{}", run.said);
    assert!(stage.objects().is_empty());
}
