//! A change of the shop's web part that brings two packages: one under a licence that the policy allows, and one under a licence
//! that it denies.
//!
//! Neither Node nor git nor a network is needed: the lock file says the licences, and the two commits are written here. Both
//! packages are made up.

use super::Stage;
use super::page::{Bar, Group, Part};
use super::repository::Repository;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Variables by which a CI is known: the act plays in a shell wherever it plays.
const HOSTS: [&str; 6] =
    ["GITHUB_ACTIONS", "BITBUCKET_BUILD_NUMBER", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "JENKINS_URL"];

/// What the shop may ship, and what its developers may use.
const POLICY: &str = "allow = [\"family:permissive\"]\ndeny = [\"family:network-copyleft\"]\n\n[development]\nallow = [\"family:weak-copyleft\"]\n";

/// The added packages: name, version, licence, and what becomes of it.
const ADDED: [(&str, &str, &str, &str); 2] =
    [("acme-postcodes", "1.4.0", "MIT", "pass"), ("acme-charts", "3.1.2", "AGPL-3.0-only", "fail")];

const FILES: [&str; 3] = ["license-policy.toml", "package.json", "package-lock.json"];
const SBOM: &str = "licenses-bom.json";

/// Plays the act.
pub(crate) fn play(stage: &Stage) -> Result<Part> {
    println!("A change of examples/shop/web that adds {} packages, judged by their licences.\n", ADDED.len());
    // Not below the checkout, or the tool would find its repository and compare with that.
    let folder = std::env::temp_dir().join(format!("roadcrew-demo-licenses-{}", std::process::id()));
    let played = judge(stage, &folder);
    let _ = fs::remove_dir_all(&folder);
    let (log, report) = played?;
    let packages = report["packages"].as_array().context("the report has no packages")?;
    let mut licences: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        *licences.entry(package["license"].as_str().unwrap_or("none")).or_default() += 1;
    }
    let mut brought = Vec::new();
    for (name, version, license, verdict) in ADDED {
        let found = packages.iter().find(|package| package["name"] == name && package["version"] == version);
        let found = found.with_context(|| format!("the report has no {name}"))?;
        ensure!(found["license"] == license && found["verdict"] == verdict, "{found}");
        let share = if verdict == "pass" { 1.0 } else { 0.0 };
        brought.push(Bar { label: format!("{name} {version}"), value: format!("{license}: {verdict}"), share });
    }
    let judged = packages.iter().filter(|package| package["judged"] == true).count();
    ensure!(judged == ADDED.len(), "{judged} packages were judged, and the change brings {}", ADDED.len());
    let most = licences.values().copied().max().unwrap_or(1);
    let bar = |(licence, count): (&&str, &usize)| Bar {
        label: (*licence).to_owned(),
        value: count.to_string(),
        share: *count as f64 / most as f64,
    };
    Ok(Part {
        title: "license-check".to_owned(),
        summary: format!(
            "A change of the shop brings {} packages to {} others. Only they are judged, by the policy of the base branch: one \
             may be shipped, one may not. Nothing is installed; the lock file says the licences.",
            ADDED.len(),
            packages.len() - ADDED.len()
        ),
        groups: vec![
            Group { title: "What the change brings".to_owned(), bars: brought },
            Group { title: "Packages by licence".to_owned(), bars: licences.iter().map(bar).collect() },
        ],
        links: vec![("bill of materials".to_owned(), SBOM.to_owned())],
        log,
    })
}

/// What the tool said, and its report.
fn judge(stage: &Stage, folder: &Path) -> Result<(String, Value)> {
    prepare(&stage.root.join("examples/shop/web"), folder)?;
    let report = folder.join("report.json");
    let mut command = Command::new(stage.programs.join("license-check"));
    command.current_dir(folder).args(["check", "--base", "main", "--sbom"]).arg(stage.folder.join(SBOM));
    command.arg("--json").arg(&report);
    for name in HOSTS {
        command.env_remove(name);
    }
    let output = command.output().context("cannot start license-check")?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let code = output.status.code();
    ensure!(code == Some(1), "exit code {code:?}, not 1:\n{said}");
    let log = format!("$ license-check --base main --sbom {SBOM}\n{said}");
    println!("{}", short(&log));
    Ok((log, serde_json::from_slice(&fs::read(report)?)?))
}

/// The tool's output without the sections that tell nothing of the change.
fn short(said: &str) -> String {
    let dull = |part: &&str| ["Licences\n", "What was read\n"].iter().all(|title| !part.starts_with(title));
    said.split("\n\n").filter(dull).collect::<Vec<_>>().join("\n\n")
}

/// A repository with the shop's lock file on `main`, and the same with the added packages on top of it.
fn prepare(shop: &Path, folder: &Path) -> Result<()> {
    let repository = Repository::init(folder)?;
    fs::write(folder.join("license-policy.toml"), POLICY)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(shop.join(file), folder.join(file))?;
    }
    let base = repository.commit("main", None, &FILES)?;
    for file in ["package.json", "package-lock.json"] {
        let path = folder.join(file);
        let mut document: Value = serde_json::from_slice(&fs::read(&path)?)?;
        add(&mut document, file == "package-lock.json");
        fs::write(&path, serde_json::to_string_pretty(&document)? + "\n")?;
    }
    repository.commit("charts", Some(&base), &FILES)?;
    Ok(())
}

/// What `npm install` adds to a manifest, or to its lock file.
fn add(document: &mut Value, is_lock: bool) {
    for (name, version, license, _) in ADDED {
        let manifest = if is_lock { &mut document["packages"][""] } else { &mut *document };
        manifest["dependencies"][name] = format!("^{version}").into();
        if is_lock {
            document["packages"][format!("node_modules/{name}")] =
                serde_json::json!({ "version": version, "license": license });
        }
    }
}
