//! Bases that are not there, can't be read, or lie around a subfolder.

use super::repo::git;
use super::{Repo, composer_lock, npm_lock};
use crate::project::{Project, line_of};

#[test]
fn a_base_that_cannot_be_read_makes_everything_new_and_says_so() {
    let lock = npm_lock(&[("old", "1.0.0", "GPL-2.0-only", false), ("pad", "1.0.0", "MIT", false)]);
    let broken = format!("<<<<<<< HEAD\n{lock}=======\n{lock}>>>>>>> other\n");
    let repo = Repo::new(&[("package-lock.json", broken.as_str()), ("license-policy.toml", "allow = [\"MIT\"]\n")]);
    repo.change("package-lock.json", lock);
    let checked = repo.check(&[]).exits(1);
    checked.says("base-unreadable", "package-lock.json", None, &["counts as new", "conflict"]);
    assert_eq!(checked.finding("base-unreadable")["level"], "warning");
    assert_eq!(checked.json["outputs"]["judged"], "2", "no package slips through: {:?}", checked.packages());
    assert_eq!(checked.package("old")["verdict"], "fail");
}

/// What a build on GitHub sees of a pull request.
fn event(project: &Project, base: &str, head: &str) -> String {
    let event = serde_json::json!({
        "repository": {"default_branch": "main"},
        "pull_request": {"number": 7, "base": {"ref": "main", "sha": base}, "head": {"sha": head}}
    });
    project.write("event.json", event.to_string());
    project.at("event.json").display().to_string()
}

#[test]
fn a_shallow_clone_without_the_base_is_no_pass() {
    let repo = Repo::new(&[("package-lock.json", npm_lock(&[("pad", "1.0.0", "MIT", false)]))]);
    let base = repo.git(&["rev-parse", "main"]);
    repo.change("package-lock.json", npm_lock(&[("new", "1.0.0", "MIT", false), ("pad", "1.0.0", "MIT", false)]));
    let head = repo.git(&["rev-parse", "topic"]);
    repo.git(&["checkout", "--quiet", "--detach", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "--no-edit", "topic"]);
    repo.git(&["update-ref", "refs/pull/7/merge", "HEAD"]);
    let clone = |depth: &str| {
        let outer = Project::new();
        std::fs::create_dir(outer.at("clone")).unwrap();
        let url = format!("file://{}", repo.project.path().display());
        let inside = |arguments: &[&str]| git(&outer, &[&["-C", "clone"], arguments].concat());
        inside(&["init", "--quiet"]);
        inside(&["remote", "add", "origin", &url]);
        inside(&["fetch", "--quiet", depth, "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge"]);
        inside(&["checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge"]);
        outer
    };
    let check = |outer: &Project| {
        let event = event(outer, &base, &head);
        outer.check_with(
            &[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_EVENT_NAME", "pull_request"),
                ("GITHUB_REF", "refs/pull/7/merge"),
                ("GITHUB_EVENT_PATH", &event),
            ],
            &["--root", "clone"],
        )
    };
    let shallow = check(&clone("--depth=1")).exits(4);
    assert!(
        shallow.finding("history-shallow")["message"].as_str().unwrap().contains("fetch-depth: 2"),
        "{}",
        shallow.ran.stderr
    );
    let deep = check(&clone("--depth=2")).exits(0);
    assert_eq!((&deep.json["outputs"]["added"], &deep.json["outputs"]["judged"]), (&"1".into(), &"1".into()));
    assert_eq!(deep.package("new")["change"], "added");
}

#[test]
fn a_base_that_does_not_exist_is_no_pass() {
    let repo = Repo::new(&[("package-lock.json", npm_lock(&[("pad", "1.0.0", "MIT", false)]))]);
    let checked = repo.project.check(&["--base", "nowhere"]);
    assert!([2, 4].contains(&checked.ran.exit), "{}: {}", checked.ran.exit, checked.ran.stderr);
    assert!(checked.ran.stderr.contains("nowhere"), "{}", checked.ran.stderr);
}

#[test]
fn places_in_a_subfolder_are_those_of_the_repository() {
    let before = composer_lock(&[("a/b", "1.0", "MIT")], &[]);
    let after = composer_lock(&[("a/b", "1.0", "MIT"), ("a/c", "1.0", "AGPL-3.0-only")], &[]);
    let repo = Repo::new(&[
        ("apps/shop/composer.lock", before.as_str()),
        ("apps/shop/license-policy.toml", "allow = [\"MIT\"]\n"),
        ("apps/other/composer.lock", after.as_str()),
    ]);
    repo.change("apps/shop/composer.lock", &after);
    let line = line_of(&after, "a/c");
    let checked = repo.check(&["--root", "apps/shop"]).exits(1);
    checked.says("license-unlisted", "apps/shop/composer.lock", Some(line), &["a/c@1.0"]);
    assert_eq!(checked.json["outputs"]["packages"], "2", "the other project is not looked at");
    assert_eq!(checked.json["outputs"]["judged"], "1");
    // On GitHub the annotation stands there too.
    let ran =
        repo.project.tool(&["check", "--base", "main", "--root", "apps/shop"]).env("GITHUB_ACTIONS", "true").run();
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    let annotated = format!("file=apps/shop/composer.lock,line={line}");
    assert!(ran.stderr.contains(&annotated), "{annotated} in {}", ran.stderr);
}
