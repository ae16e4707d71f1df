use super::*;
use crate::plan::package::{Ecosystem, Place};
use std::fs;
use tempfile::TempDir;

const MODULES: &str = "# example.org/Old v1.0.0 => example.org/new v2.0.0
## explicit
example.org/Old/a/b
# example.org/none v1.0.0
## explicit
# example.org/gone v1.0.0
example.org/gone
# example.org/Old v1.0.0 => example.org/new v2.0.0
";

fn machine() -> (TempDir, Ground) {
    let folder = tempfile::tempdir().unwrap();
    let ground = Ground {
        root: folder.path().join("root"),
        folder: "app".to_owned(),
        variables: [("HOME".to_owned(), folder.path().join("home").to_str().unwrap().to_owned())].into(),
    };
    (folder, ground)
}

fn file(folder: &TempDir, path: &str, content: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn look(ground: &Ground, name: &str, version: &str) -> Evidence {
    open(ground, &Lock::default()).look(&Package::new(Ecosystem::Go, name, version, Place::default()))
}

fn names(evidence: &Evidence) -> Vec<&str> {
    evidence.files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn the_cache_escapes_upper_case() {
    let (folder, mut ground) = machine();
    file(&folder, "home/go/pkg/mod/example.org/!alec!a/m@v1.0.0-!r!c1/LICENSE", "mit");
    let evidence = look(&ground, "example.org/AlecA/m", "v1.0.0-RC1");
    assert_eq!((names(&evidence), &evidence.missing), (vec!["LICENSE"], &None));
    let missing = look(&ground, "example.org/AlecA/m", "v1.0.1").missing.unwrap();
    assert_eq!(missing, "example.org/AlecA/m v1.0.1 is not in the module cache; run `go mod download`");
    for (variable, below) in [("GOPATH", "pkg/mod/"), ("GOMODCACHE", "")] {
        file(&folder, &format!("{variable}/{below}example.org/m@v1.0.0/COPYING"), "gpl");
        let path = folder.path().join(variable).to_str().unwrap().to_owned();
        ground.variables.insert(variable.to_owned(), path);
        assert_eq!(names(&look(&ground, "example.org/m", "v1.0.0")), ["COPYING"], "{variable}");
    }
}

#[test]
fn a_vendored_replacement_lies_where_the_replaced_one_would() {
    let (folder, ground) = machine();
    file(&folder, "root/app/vendor/modules.txt", MODULES);
    file(&folder, "root/app/vendor/example.org/Old/a/b/b.go", "");
    file(&folder, "root/app/vendor/example.org/Old/a/LICENSE", "isc");
    let evidence = look(&ground, "example.org/new", "v2.0.0");
    assert_eq!((names(&evidence), &evidence.missing), (vec!["a/LICENSE"], &None));
    assert_eq!(evidence.files[0].path, "app/vendor/example.org/Old/a/LICENSE");
    file(&folder, "root/app/vendor/example.org/Old/COPYING", "gpl");
    assert_eq!(names(&look(&ground, "example.org/new", "v2.0.0")), ["COPYING"]);
    for (name, version, what) in [
        ("example.org/new", "v2.0.1", "modules.txt has example.org/new v2.0.0, and not v2.0.1; run `go mod vendor`"),
        ("example.org/none", "v1.0.0", "has no package of it"),
        ("example.org/gone", "v1.0.0", "its folder is not there"),
        ("example.org/other", "v1.0.0", "not in the module cache"),
        ("example.org/../other", "v1.0.0", "no name of a module"),
    ] {
        let evidence = look(&ground, name, version);
        assert!(evidence.missing.as_deref().unwrap().contains(what), "{evidence:?}");
        assert_eq!(evidence.files, []);
    }
}

#[test]
fn a_folder_must_lie_below_the_root() {
    let (folder, ground) = machine();
    file(&folder, "root/third/five/LICENSE", "mit");
    file(&folder, "outside/LICENSE", "secret");
    let mut package = Package::new(Ecosystem::Go, "example.org/five", "v1.0.0", Place::default());
    package.origin = Origin::Folder;
    let store = open(&ground, &Lock::default());
    for (path, found) in [("../third/five", true), ("../../outside", false), ("/etc", false), ("./none", false)] {
        package.installed_at = vec![path.to_owned()];
        let evidence = store.look(&package);
        assert_eq!((evidence.files.len() == 1, evidence.missing.is_none()), (found, found), "{path}");
    }
    package.origin = Origin::Own;
    assert_eq!(store.look(&package), Evidence::default());
}

#[test]
fn a_broken_list_of_vendored_modules_is_told_of() {
    let (folder, ground) = machine();
    file(&folder, "root/app/vendor/modules.txt", "# a\n");
    let evidence = look(&ground, "example.org/a", "v1.0.0");
    assert!(evidence.notices[0].starts_with("app/vendor/modules.txt:1: no module"), "{evidence:?}");
}
