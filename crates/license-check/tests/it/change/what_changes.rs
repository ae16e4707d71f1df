//! New packages, other versions, other licences, other scopes.

use super::{Repo, composer_lock, npm_lock};
use crate::project::line_of;

const POLICY: &str = "allow = [\"MIT\", \"ISC\"]\n\n[development]\nallow = [\"GPL-3.0-only\"]\n";

/// `main` has a package that its own policy denies: nobody is told of it on a change that does not bring it.
fn shop() -> Repo {
    let lock = npm_lock(&[("old", "1.0.0", "GPL-2.0-only", false), ("pad", "1.0.0", "MIT", false)]);
    Repo::new(&[("package-lock.json", lock.as_str()), ("license-policy.toml", POLICY)])
}

#[test]
fn a_new_package_is_judged_and_what_was_there_is_not() {
    let repo = shop();
    let lock = npm_lock(&[
        ("new", "1.0.0", "AGPL-3.0-only", false),
        ("old", "1.0.0", "GPL-2.0-only", false),
        ("pad", "1.0.0", "MIT", false),
    ]);
    repo.change("package-lock.json", &lock);
    let checked = repo.check(&[]).exits(1);
    let line = line_of(&lock, "\"node_modules/new\"");
    checked.says("license-unlisted", "package-lock.json", Some(line), &["new@1.0.0", "AGPL-3.0-only"]).adds_up();
    let new = checked.package("new");
    assert_eq!((&new["judged"], &new["change"], &new["verdict"]), (&true.into(), &"added".into(), &"fail".into()));
    let old = checked.package("old");
    assert_eq!((&old["judged"], &old["change"]), (&false.into(), &serde_json::Value::Null), "{old}");
    assert_eq!((&checked.json["outputs"]["added"], &checked.json["outputs"]["judged"]), (&"1".into(), &"1".into()));
    // The same on `main` itself, and with `full`, names the old one.
    let full = repo.check(&["--full"]).exits(1);
    let failed: Vec<&str> =
        full.packages().iter().filter(|p| p["verdict"] == "fail").map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(failed, ["new", "old"]);
    assert_eq!(full.json["outputs"]["judged"], "3");
}

#[test]
fn a_change_that_brings_no_package_passes() {
    let repo = shop();
    repo.change("index.js", "1\n");
    let checked = repo.check(&[]).exits(0);
    assert_eq!(checked.json["outputs"]["judged"], "0");
    assert!(checked.packages().iter().all(|package| package["judged"] == false), "{:?}", checked.packages());
}

#[test]
fn a_version_with_another_licence_is_named_as_relicensed() {
    let repo = shop();
    let lock = npm_lock(&[("old", "1.0.0", "GPL-2.0-only", false), ("pad", "2.0.0", "ISC", false)]);
    repo.change("package-lock.json", &lock);
    let checked = repo.check(&[]).exits(0);
    let line = line_of(&lock, "\"node_modules/pad\"");
    checked.says("license-changed", "package-lock.json", Some(line), &["pad@2.0.0", "MIT", "ISC"]);
    let pad = checked.package("pad");
    assert_eq!(
        (&pad["change"], &pad["from"], &pad["relicensed_from"]),
        (&"version".into(), &serde_json::json!(["1.0.0"]), &serde_json::json!(["MIT"]))
    );
    assert_eq!((&checked.json["outputs"]["relicensed"], &checked.json["outputs"]["added"]), (&"1".into(), &"0".into()));

    // One that the policy does not allow fails besides.
    repo.change(
        "package-lock.json",
        npm_lock(&[("old", "1.0.0", "GPL-2.0-only", false), ("pad", "2.0.0", "BUSL-1.1", false)]),
    );
    let checked = repo.check(&[]).exits(1);
    checked.says("license-changed", "package-lock.json", Some(line), &["BUSL-1.1"]);
    checked.says("license-unlisted", "package-lock.json", Some(line), &["pad@2.0.0"]);
}

#[test]
fn a_version_with_the_same_licence_is_no_relicensing() {
    let repo = shop();
    repo.change(
        "package-lock.json",
        npm_lock(&[("old", "1.0.0", "GPL-2.0-only", false), ("pad", "1.0.1", "MIT", false)]),
    );
    let checked = repo.check(&[]).exits(0);
    assert!(checked.findings("license-changed").is_empty(), "{}", checked.json["findings"]);
    assert_eq!(
        (&checked.json["outputs"]["judged"], &checked.json["outputs"]["relicensed"]),
        (&"1".into(), &"0".into())
    );
}

#[test]
fn a_package_that_is_gone_is_listed() {
    let repo = shop();
    repo.change("package-lock.json", npm_lock(&[("pad", "1.0.0", "MIT", false)]));
    let checked = repo.check(&[]).exits(0);
    assert_eq!(
        checked.json["removed"],
        serde_json::json!([{"ecosystem": "npm", "list": "package-lock.json", "name": "old"}])
    );
}

#[test]
fn a_package_that_is_shipped_from_now_on_is_judged_as_such() {
    let policy = ("license-policy.toml", POLICY);
    let before = composer_lock(&[("a/shipped", "1.0", "MIT")], &[("a/tool", "1.0", "GPL-3.0-only")]);
    let repo = Repo::new(&[("composer.lock", before.as_str()), policy]);
    assert_eq!(repo.check(&["--full"]).exits(0).package("a/tool")["scope"], "development");
    let after = composer_lock(&[("a/shipped", "1.0", "MIT"), ("a/tool", "1.0", "GPL-3.0-only")], &[]);
    repo.change("composer.lock", &after);
    let checked = repo.check(&[]).exits(1);
    checked.says("license-unlisted", "composer.lock", Some(line_of(&after, "a/tool")), &["a/tool@1.0", "GPL-3.0-only"]);
    assert_eq!(checked.package("a/tool")["change"], "promoted");
    // The other way round nothing new is shipped.
    let repo = Repo::new(&[("composer.lock", after.as_str()), policy]);
    repo.change("composer.lock", before);
    assert_eq!(repo.check(&[]).exits(0).json["outputs"]["judged"], "0");
}

#[test]
fn a_lock_file_that_is_new_brings_all_of_its_packages() {
    let repo = shop();
    repo.change("php/composer.lock", composer_lock(&[("a/b", "1.0", "MIT"), ("a/c", "1.0", "SSPL-1.0")], &[]));
    let checked = repo.check(&[]).exits(1);
    assert_eq!((&checked.json["outputs"]["added"], &checked.json["outputs"]["failed"]), (&"2".into(), &"1".into()));
    assert_eq!(checked.finding("license-unlisted")["path"], "php/composer.lock");
}

/// Moving a lock file to another folder shows what is in it again: the safe side.
#[test]
fn a_lock_file_that_moved_is_judged_again() {
    let repo = shop();
    repo.git(&["mv", "package-lock.json", "web.json"]);
    std::fs::create_dir(repo.project.at("web")).unwrap();
    repo.git(&["mv", "web.json", "web/package-lock.json"]);
    repo.commit("moved");
    let checked = repo.check(&[]).exits(1);
    assert_eq!(checked.finding("license-unlisted")["path"], "web/package-lock.json");
}

#[test]
fn requirements_without_versions_prove_nothing() {
    let repo = Repo::new(&[("requirements.txt", "six==1.17.0\n"), ("license-policy.toml", "allow = [\"MIT\"]\n")]);
    repo.change("requirements.txt", "six==1.17.0\nrequests>=2\nflask\n");
    let checked = repo.check(&[]).exits(4);
    assert_eq!(checked.json["verdict"], "unproven");
    let named: Vec<&str> = checked.packages().iter().map(|package| package["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["six", "requests", "flask"]);
    assert!(checked.ran.stderr.contains("requirements.txt:2"), "{}", checked.ran.stderr);
}
