use super::programs::{cache, skip, system};
use super::{home, rows, run};
use crate::project::{Project, line_of};
use serde_json::Value;
use std::collections::BTreeSet;

pub const MANIFEST: &str = r#"{
  "name": "shop", "version": "1.0.0", "private": true, "license": "UNLICENSED", "workspaces": ["packages/*"],
  "dependencies": {"once": "1.4.0", "pad": "npm:left-pad@1.3.0"},
  "devDependencies": {"yallist": "5.0.0"},
  "optionalDependencies": {"argparse": "2.0.1"}
}
"#;
pub const MEMBER: &str = r#"{"name": "@shop/own", "version": "0.1.0", "dependencies": {"isexe": "3.1.1"}}"#;

/// What every client of npm's registry installs for it: `pad` is the alias, `wrappy` comes with `once`.
pub const OTHERS: [&str; 6] = [
    "argparse 2.0.1 Python-2.0 declared production pass",
    "isexe 3.1.1 ISC declared production pass",
    "left-pad 1.3.0 WTFPL declared production pass",
    "once 1.4.0 ISC declared production pass",
    "wrappy 1.0.2 ISC declared production pass",
    "yallist 5.0.0 BlueOak-1.0.0 declared development pass",
];

/// A project with an alias, a workspace member, a development dependency and an optional one.
pub fn project() -> Project {
    Project::with(&[("package.json", MANIFEST), ("packages/own/package.json", MEMBER)])
}

/// Runs npm's client here.
#[track_caller]
pub fn npm(project: &Project, npm: &str, arguments: &[&str]) -> String {
    run(project, npm, arguments, &[("HOME", &home()), ("npm_config_cache", &cache("npm"))]).stdout
}

/// Names and versions of a tree that `npm ls --json` prints.
fn listed(tree: &Value, into: &mut BTreeSet<String>) {
    for (name, package) in tree["dependencies"].as_object().into_iter().flatten() {
        if let Some(version) = package["version"].as_str() {
            // `npm ls` names an alias by the folder that it lies in.
            let name = if name == "pad" { "left-pad" } else { name };
            into.insert(format!("{name} {version}"));
        }
        listed(package, into);
    }
}

#[test]
fn a_project_of_npm_is_read_from_its_lock_and_its_tree() {
    let Some(program) = system("npm") else { return skip("npm", "install npm") };
    let project = project();
    npm(&project, &program, &["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let checked = project.check(&[]).exits(0);
    let own =
        ["@shop/own 0.1.0 - none production exempt", "shop 1.0.0 LicenseRef-proprietary custom production exempt"];
    let expected = [&own[..1], &OTHERS[..4], &own[1..], &OTHERS[4..]].concat();
    rows(&checked, &expected);

    // The lock file's own entries: each stands in the report, at its line.
    let text = project.read("package-lock.json");
    let lock = project.json("package-lock.json");
    let entries = lock["packages"].as_object().unwrap();
    let links = entries.values().filter(|entry| entry["link"] == true).count();
    assert_eq!((checked.packages().len(), links), (entries.len() - links, 1));
    for (path, _) in entries.iter().filter(|(_, entry)| entry["link"] != true) {
        let line = line_of(&text, &format!("\"{path}\": {{"));
        assert!(checked.packages().iter().any(|package| package["line"] == line), "{path} at line {line}");
    }

    // And npm itself lists the same packages.
    let mut of_npm = BTreeSet::new();
    let tree = npm(&project, &program, &["ls", "--all", "--json"]);
    listed(&serde_json::from_str(&tree).unwrap(), &mut of_npm);
    let ours: BTreeSet<String> = checked
        .packages()
        .iter()
        .filter(|package| package["name"] != "shop")
        .map(|package| format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap()))
        .collect();
    assert_eq!(ours, of_npm);

    // The field of the lock, then the text in the tree.
    let line = line_of(&text, "\"WTFPL\"");
    assert_eq!(
        checked.evidence("left-pad"),
        [format!("package-lock.json:{line} license"), "node_modules/pad/COPYING text".to_owned()]
    );

    // The lock alone says the same of all but the texts.
    let alone = project.check(&["--lock-only"]).exits(0);
    assert_eq!(alone.rows(), checked.rows());
    assert_eq!(alone.evidence("left-pad"), [format!("package-lock.json:{line} license")]);

    // So does the tree, when there is no lock.
    std::fs::remove_file(project.at("package-lock.json")).unwrap();
    std::fs::remove_file(project.at("node_modules/.package-lock.json")).unwrap();
    let tree = project.check(&[]).exits(0);
    let found: BTreeSet<String> = tree
        .rows()
        .into_iter()
        .filter(|row| row.ends_with(" pass"))
        .map(|row| row.replace("development", "production"))
        .collect();
    let wanted: BTreeSet<String> = OTHERS.iter().map(|row| row.replace("development", "production")).collect();
    assert_eq!(found, wanted, "{}", tree.ran.stderr);
}

/// npm 6 wrote no licences into its locks: without the tree nothing is known, and that is no pass.
#[test]
fn a_lock_without_licences_needs_the_tree() {
    let Some(program) = system("npm") else { return skip("npm", "install npm") };
    let project = project();
    npm(&project, &program, &["install", "--ignore-scripts", "--no-audit", "--no-fund", "--lockfile-version", "2"]);
    let mut lock = project.json("package-lock.json");
    for (_, entry) in lock["packages"].as_object_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("license");
    }
    project.write("package-lock.json", serde_json::to_string_pretty(&lock).unwrap());
    let checked = project.check(&[]).exits(0);
    let passing: Vec<String> = checked.rows().into_iter().filter(|row| row.ends_with(" pass")).collect();
    assert_eq!(passing, OTHERS);
    let alone = project.check(&["--lock-only"]).exits(4);
    assert_eq!(alone.json["outputs"]["unproven"], "6");
    std::fs::remove_dir_all(project.at("node_modules")).unwrap();
    let absent = project.check(&[]).exits(4);
    assert_eq!(absent.json["outputs"]["unproven"], "6");
    assert!(absent.ran.stderr.contains("npm ci"), "{}", absent.ran.stderr);
}
