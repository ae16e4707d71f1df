//! What the tool writes: bill of materials, attribution, comment, first policy, explanation.

use crate::change::npm_lock;
use crate::project::{Checked, Project};

const MIT: &str = include_str!("../../src/plan/decide/mit.txt");

/// npm packages that are installed, with texts and a notice; two of them have the same text.
fn installed() -> Project {
    let packages = [
        ("@acme/scoped", "1.0.0", "MIT", false),
        ("both", "2.0.0", "(MIT OR Apache-2.0)", false),
        ("gpl", "3.0.0", "GPL-3.0-only", false),
        ("lint", "1.2.3", "ISC", true),
        ("pad", "1.0.0", "MIT", false),
    ];
    let project = Project::with(&[("package-lock.json", npm_lock(&packages))]);
    for (name, version, license, _) in packages {
        let manifest = serde_json::json!({"name": name, "version": version, "license": license}).to_string();
        project.write(&format!("node_modules/{name}/package.json"), manifest);
    }
    project.write("node_modules/pad/LICENSE", MIT);
    project.write("node_modules/@acme/scoped/LICENSE", MIT.replace('\n', "  \r\n"));
    project.write(
        "node_modules/both/LICENSE-MIT",
        MIT.replace("Permission is", "Copyright (c) 2020 Both\n\nPermission is"),
    );
    project.write("node_modules/both/NOTICE", "Both\nCopyright 2020 The Both Authors\n");
    project.write("node_modules/gpl/NOTICE.txt", "gpl has a notice of its own\n");
    project
}

/// What counts of a package: the lists that hold it differ.
fn said(checked: &Checked) -> Vec<String> {
    let of = |key: &str, package: &serde_json::Value| package[key].as_str().unwrap_or("-").to_owned();
    let own = |package: &&serde_json::Value| package["verdict"] != "exempt";
    let row = |package: &serde_json::Value| {
        ["ecosystem", "name", "version", "license", "scope"].map(|key| of(key, package)).join(" ")
    };
    let mut rows: Vec<String> = checked.packages().iter().filter(own).map(row).collect();
    rows.sort();
    rows
}

#[test]
fn a_bill_of_materials_reads_back_as_the_same_packages() {
    let project = installed();
    let first = project.check(&["--sbom", "sbom.cdx.json"]).exits(0);
    let again = project.check(&["--lists", "sbom.cdx.json"]).exits(0);
    assert_eq!(said(&first).len(), 5);
    assert_eq!(said(&again), said(&first));
    assert_eq!(first.json["outputs"]["sbom-path"], "sbom.cdx.json");
    let bill = project.json("sbom.cdx.json");
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    let purls: Vec<&str> =
        bill["components"].as_array().unwrap().iter().map(|part| part["purl"].as_str().unwrap()).collect();
    assert_eq!(
        purls,
        [
            "pkg:npm/%40acme/scoped@1.0.0",
            "pkg:npm/both@2.0.0",
            "pkg:npm/gpl@3.0.0",
            "pkg:npm/lint@1.2.3",
            "pkg:npm/pad@1.0.0"
        ]
    );
    // The same packages give the same bytes, and what is read back gives them too.
    let bytes = project.read("sbom.cdx.json");
    project.check(&["--sbom", "second.cdx.json"]).exits(0);
    assert_eq!(project.read("second.cdx.json"), bytes);
}

/// A bill of several ecosystems, with what the lock files themselves say.
#[test]
fn a_bill_of_several_ecosystems_reads_back_too() {
    let project = installed();
    project.write("composer.lock", r#"{"packages": [{"name": "acme/choice", "version": "v1.2.0", "license": ["BSD-3-Clause", "GPL-2.0-only"]}], "packages-dev": []}"#);
    project.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"there\"\nversion = \"1.0.0\"\nsource = \"registry+https://registry.example/index\"\nchecksum = \"00\"\n");
    project.write(
        "vendor/there/Cargo.toml",
        "[package]\nname = \"there\"\nversion = \"1.0.0\"\nlicense = \"MIT OR Apache-2.0 WITH LLVM-exception\"\n",
    );
    project.write("vendor/there/.cargo-checksum.json", "{\"files\": {}, \"package\": \"00\"}");
    let first = project.check(&["--sbom", "sbom.cdx.json"]).exits(0);
    let again = project.check(&["--lists", "sbom.cdx.json"]).exits(0);
    assert_eq!(said(&again), said(&first));
    assert_eq!(said(&first).len(), 7);
}

#[test]
fn an_attribution_has_each_text_once_and_every_notice() {
    let project = installed();
    for file in ["NOTICES.txt", "NOTICES.md"] {
        project.check(&["--attribution", file]).exits(0);
        let text = project.read(file);
        let count = |words: &str| text.matches(words).count();
        // Three files, two texts: they differ by a copyright line, which nobody may drop.
        assert_eq!(count("THE SOFTWARE IS PROVIDED"), 2, "{file}: {text}");
        assert_eq!(count("Copyright (c) 2020 Both"), 1, "{file}: {text}");
        assert_eq!(count("Copyright 2020 The Both Authors"), 1, "{file}: {text}");
        assert_eq!(count("gpl has a notice of its own"), 1, "{file}: {text}");
        for package in ["@acme/scoped 1.0.0", "both 2.0.0", "gpl 3.0.0", "pad 1.0.0"] {
            assert!(count(package) >= 1, "{file} lacks {package}: {text}");
        }
        assert!(!text.contains('\r'), "{file}");
        let silent = text.to_lowercase().find("packages without a licence text").unwrap();
        assert!(text[silent..].contains("gpl 3.0.0"), "{file}: who has no text is named: {text}");
    }
}

#[test]
fn the_comment_is_short_and_says_the_worst_first() {
    let project = installed();
    project.write("license-policy.toml", "allow = [\"MIT\", \"ISC\"]\n");
    project.check(&["--comment", "comment.md"]).exits(1);
    let comment = project.read("comment.md");
    let lines: Vec<&str> = comment.lines().collect();
    assert!(lines.len() <= 15, "{comment}");
    assert_eq!(lines[0], "<!-- roadcrew:license-check -->");
    assert!(lines[1].contains("failed") && lines[3].contains("gpl") && lines[3].contains("**fail**"), "{comment}");
    assert!(!comment.contains("pad"), "{comment}");
    // Fifty that fail make it no longer.
    let many: Vec<String> = (0..50).map(|number| format!("many-{number:02}")).collect();
    let packages: Vec<(&str, &str, &str, bool)> =
        many.iter().map(|name| (name.as_str(), "1.0.0", "SSPL-1.0", false)).collect();
    project.write("package-lock.json", npm_lock(&packages));
    project.check(&["--comment", "comment.md"]).exits(1);
    assert!(project.read("comment.md").lines().count() <= 15, "{}", project.read("comment.md"));
}

#[test]
fn the_first_policy_lets_the_same_tree_pass() {
    let project = installed();
    let ran = project.run(&["init"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let policy = project.read("license-policy.toml");
    assert!(
        policy.contains("npm:gpl") && policy.contains("GPL-3.0-only"),
        "copyleft is not allowed for good: {policy}"
    );
    let checked = project.check(&[]).exits(0);
    assert_eq!(checked.json["outputs"]["judged"], "5");
    assert!(checked.findings("policy-missing").is_empty());
    // It is a policy: what comes later does not pass by it.
    let lock = npm_lock(&[("later", "1.0.0", "AGPL-3.0-only", false)]);
    project.write("package-lock.json", lock);
    project.check(&[]).exits(1);
    // It is replaced only by those who say so.
    assert_eq!(project.run(&["init"]).exit, 2);
    assert_eq!(project.read("license-policy.toml"), policy);
    assert_eq!(project.run(&["init", "--force"]).exit, 0);
    assert_ne!(project.read("license-policy.toml"), policy);
}

#[test]
fn no_policy_is_begun_from_what_is_not_here() {
    let project = Project::with(&[("package-lock.json", npm_lock(&[("pad", "1.0.0", "", false)]))]);
    let ran = project.run(&["init"]);
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    assert!(!project.at("license-policy.toml").exists());
}

#[test]
fn an_explanation_has_place_evidence_and_verdict() {
    let project = installed();
    project.write("license-policy.toml", "allow = [\"MIT\", \"ISC\"]\n");
    for asked in ["gpl", "npm:gpl", "gpl@3.0.0", "npm:gpl@3.0.0"] {
        let ran = project.run(&["explain", asked]);
        assert_eq!(ran.exit, 0, "{asked}: {}", ran.stderr);
        let line = crate::project::line_of(&project.read("package-lock.json"), "node_modules/gpl");
        for words in [
            &format!("package-lock.json:{line}"),
            "GPL-3.0-only (declared)",
            "fail",
            "[license-unlisted]",
            "[[exception]]",
        ] {
            assert!(ran.stdout.contains(words), "{asked}: {words:?} in {}", ran.stdout);
        }
        assert!(!ran.stdout.contains("npm:pad"), "{}", ran.stdout);
    }
    let ran = project.run(&["explain", "nothing-like-it"]);
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("nothing-like-it"), "{}", ran.stderr);
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = installed();
    let before = names(&project);
    let checked = project
        .check(&["--dry-run", "--sbom", "sbom.cdx.json", "--attribution", "N.txt", "--comment", "c.md"])
        .exits(0);
    assert!(checked.ran.stderr.contains("dry run: sbom.cdx.json is not written"), "{}", checked.ran.stderr);
    assert_eq!(project.run(&["init", "--dry-run"]).exit, 0);
    assert_eq!(names(&project), before);
    project.check(&["--sbom", "sbom.cdx.json"]).exits(0);
    assert_ne!(names(&project), before, "and without it something is");
}

fn names(project: &Project) -> Vec<String> {
    let entries = std::fs::read_dir(project.path()).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_cannot_be_written_is_the_world_s_fault() {
    let project = installed();
    let checked = project.check(&["--sbom", "no/such/folder/sbom.cdx.json"]);
    // The folder is made, or the run says which path it was.
    if checked.ran.exit != 0 {
        assert_eq!(checked.ran.exit, 3, "{}", checked.ran.stderr);
        assert!(checked.ran.stderr.contains("no/such/folder"), "{}", checked.ran.stderr);
    }
    std::fs::create_dir(project.at("taken")).unwrap();
    let checked = project.check(&["--sbom", "taken"]).exits(3);
    assert!(checked.ran.stderr.contains("taken"), "{}", checked.ran.stderr);
}
