use super::*;
use crate::observe::locks::{requirements, uv};
use crate::plan::statement::{FileKind, Value};
use std::fs;

const SITE: &str = ".venv/lib/python3.12/site-packages";

/// A project; `SITE/` in a path stands for its environment's packages.
fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, Ground) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path.replace("SITE", SITE));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let ground = Ground { root: folder.path().to_path_buf(), ..Ground::default() };
    (folder, ground)
}

fn look(ground: &Ground, requirement: &str) -> Evidence {
    let lock = requirements::parse(requirement.as_bytes(), "requirements.txt").unwrap();
    open(ground, &lock).look(&lock.packages[0])
}

const THING: &str = "Metadata-Version: 2.4\nName: Some.Thing\nVersion: 1.0\nLicense-Expression: MIT\nLicense-File: sub/TERMS\nLicense-File: AUTHORS\nLicense-File: ../../../secret\n";

#[test]
fn a_distribution_gives_statements_and_licence_files() {
    let (_folder, ground) = project(&[
        (".venv/pyvenv.cfg", ""),
        ("secret", "secret"),
        ("SITE/some_thing-1.0.dist-info/METADATA", THING),
        ("SITE/some_thing-1.0.dist-info/LICENSE", "text"),
        ("SITE/some_thing-1.0.dist-info/AUTHORS", "people"),
        ("SITE/some_thing-1.0.dist-info/licenses/sub/TERMS", "text"),
        ("SITE/some_thing-1.0.dist-info/licenses/sub/deep/COPYING", "text"),
        ("SITE/some_thing-1.0.dist-info/licenses/NOTICE", "text"),
        ("SITE/some_thing-1.0.dist-info/licenses/code.py", "code"),
    ]);
    let evidence = look(&ground, "some-thing==1.0.0");
    assert_eq!((evidence.missing, evidence.notices.len()), (None, 0));
    assert_eq!(evidence.statements[0].value, Value::One("MIT".into()));
    let place = evidence.statements[0].place.to_string();
    assert_eq!(place, format!("{SITE}/some_thing-1.0.dist-info/METADATA:4"));
    let names: Vec<_> = evidence.files.iter().map(|file| (file.name.as_str(), file.kind)).collect();
    assert_eq!(
        names,
        [
            ("LICENSE", FileKind::License),
            ("licenses/NOTICE", FileKind::Notice),
            ("licenses/sub/TERMS", FileKind::License),
            ("licenses/sub/deep/COPYING", FileKind::License),
        ]
    );
}

#[test]
fn another_version_is_no_evidence_and_the_right_one_is_found_beside_it() {
    let metadata = THING.replace("1.0", "2.0");
    let (_folder, mut ground) = project(&[
        (".venv/pyvenv.cfg", ""),
        ("SITE/some_thing-2.0.dist-info/METADATA", &metadata),
        ("SITE/some_thing-2.0.dist-info/LICENSE", "text"),
        ("active/lib/python3.11/site-packages/some_thing-1.0.dist-info/METADATA", THING),
    ]);
    let evidence = look(&ground, "some-thing==1.0");
    assert_eq!((evidence.statements.len(), evidence.files.len()), (0, 0));
    let missing = evidence.missing.unwrap();
    assert!(missing.starts_with("2.0 of some-thing lies there (.venv/"), "{missing}");
    assert!(missing.contains("and 1.0 is locked; run `python -m venv .venv && "), "{missing}");
    let active = ground.root.join("active").to_string_lossy().into_owned();
    ground.variables.insert("VIRTUAL_ENV".into(), active);
    assert_eq!(look(&ground, "some-thing==1.0").missing, None);
}

#[test]
fn what_is_not_there_is_told_with_its_remedy() {
    let (_folder, ground) = project(&[]);
    let missing = look(&ground, "a==1").missing.unwrap();
    assert!(missing.contains("there is no virtual environment here; run `python -m venv"), "{missing}");
    let (_folder, ground) = project(&[(".venv/pyvenv.cfg", ""), ("SITE/x.py", "")]);
    let missing = look(&ground, "a==1").missing.unwrap();
    assert!(missing.starts_with("a is not installed in .venv; run "), "{missing}");
    assert!(remedy_of("uv.lock 1.3").contains("uv sync") && remedy_of("poetry.lock 2.1").contains("poetry sync"));
    assert!(remedy_of("pdm.lock").contains("pdm sync") && remedy_of("Pipfile.lock").contains("pipenv sync"));
}

#[test]
fn a_package_that_is_not_pinned_is_not_proven_by_what_happens_to_lie_there() {
    let files = [(".venv/pyvenv.cfg", ""), ("SITE/some_thing-1.0.dist-info/METADATA", THING)];
    let (folder, ground) = project(&files);
    let missing = look(&ground, "some-thing").missing.unwrap();
    assert!(missing.starts_with("some-thing is not pinned; pin it to what is installed (1.0, "), "{missing}");
    let repository = "some-thing @ git+https://git.example/x.git";
    assert!(look(&ground, repository).missing.is_some());
    fs::write(folder.path().join(SITE).join("some_thing-1.0.dist-info/direct_url.json"), "{}").unwrap();
    let evidence = look(&ground, repository);
    assert_eq!((evidence.missing, evidence.notices.len()), (None, 1));
}

#[test]
fn old_layouts_are_read() {
    let old = "Metadata-Version: 1.1\nName: old\nVersion: 1.0\nLicense: BSD\n";
    for path in [
        "SITE/old-1.0-py3.12.egg-info",
        "SITE/old-1.0.egg-info/PKG-INFO",
        "SITE/old.egg-info/PKG-INFO",
        "SITE/old-1.0-py3.12.egg/EGG-INFO/PKG-INFO",
        "__pypackages__/3.12/lib/old-1.0.dist-info/METADATA",
        "odd-name/Lib/site-packages/old-1.0.dist-info/METADATA",
    ] {
        let (_folder, ground) = project(&[(".venv/pyvenv.cfg", ""), ("odd-name/pyvenv.cfg", ""), (path, old)]);
        let evidence = look(&ground, "old==1.0");
        assert_eq!(evidence.missing, None, "{path}");
        assert_eq!(evidence.statements[0].value, Value::One("BSD".into()));
    }
}

#[test]
fn broken_metadata_is_told_and_no_evidence() {
    let renamed = THING.replace("Some.Thing", "other");
    let nameless = THING.replace("Name:", "Nam:");
    for (text, why) in [(renamed.as_str(), "it is of other"), (&nameless, "neither `Name`"), ("", "neither `Name`")] {
        let (_folder, ground) = project(&[(".venv/pyvenv.cfg", ""), ("SITE/some_thing-1.0.dist-info/METADATA", text)]);
        let evidence = look(&ground, "some-thing==1.0");
        assert!(evidence.missing.is_some() && evidence.statements.is_empty());
        assert!(evidence.notices[0].contains(why), "{:?}", evidence.notices);
    }
    let (_folder, ground) = project(&[(".venv/pyvenv.cfg", ""), ("SITE/some_thing-1.0.dist-info/RECORD", "")]);
    assert!(look(&ground, "some-thing==1.0").notices[0].contains("can't be read"));
}

#[test]
fn a_folder_of_the_checkout_speaks_by_its_own_manifest() {
    let lock = "version = 1\n[manifest]\nmembers = []\n[[package]]\nname = \"near\"\nversion = \"1.0\"\nsource = { directory = \"third_party/near\" }\n";
    let lock = uv::parse(lock.as_bytes(), "uv.lock").unwrap();
    let manifest = "[project]\nname = \"Near\"\nversion = \"1.0\"\nlicense = {file = \"TERMS.txt\"}\nclassifiers = [\n  \"License :: OSI Approved :: MIT License\",\n]\n";
    let (_folder, ground) =
        project(&[("third_party/near/pyproject.toml", manifest), ("third_party/near/TERMS.txt", "text")]);
    let evidence = open(&ground, &lock).look(&lock.packages[0]);
    assert_eq!(evidence.missing, None);
    assert_eq!(evidence.statements[0].value, Value::File("TERMS.txt".into()));
    assert_eq!(evidence.statements[1].value, Value::Classifiers(vec!["MIT License".into()]));
    assert_eq!(evidence.statements[0].place.to_string(), "third_party/near/pyproject.toml:4");
    assert_eq!(evidence.files[0].name, "TERMS.txt");
    for wrong in [manifest.replace("Near", "far"), manifest.replace("1.0", "2.0"), "[".to_owned()] {
        let (_folder, ground) = project(&[("third_party/near/pyproject.toml", &wrong)]);
        assert!(open(&ground, &lock).look(&lock.packages[0]).missing.is_some());
    }
}

#[test]
fn a_folder_outside_of_the_root_is_not_read() {
    let lock = "version = 1\n[[package]]\nname = \"near\"\nversion = \"1.0\"\nsource = { directory = \"../near\" }\n";
    let lock = uv::parse(lock.as_bytes(), "uv.lock").unwrap();
    let (folder, mut ground) =
        project(&[("near/pyproject.toml", "[project]\nname = \"near\"\nlicense = \"MIT\"\n"), ("shop/uv.lock", "")]);
    ground.root = folder.path().join("shop");
    assert!(open(&ground, &lock).look(&lock.packages[0]).missing.is_some());
    ground = Ground { root: folder.path().to_path_buf(), folder: "shop".into(), ..Ground::default() };
    assert_eq!(open(&ground, &lock).look(&lock.packages[0]).missing, None);
}

#[test]
fn an_environment_is_a_list_where_there_is_no_lock() {
    let (_folder, ground) = project(&[
        (".venv/pyvenv.cfg", ""),
        ("SITE/some_thing-1.0.dist-info/METADATA", THING),
        ("SITE/broken-3.0.dist-info/RECORD", ""),
        ("SITE/~ome_thing-0.9.dist-info/METADATA", THING),
    ]);
    let (lock, store) = walk(&ground).unwrap();
    assert_eq!((lock.listed, lock.format.as_str()), (2, "Python environment .venv"));
    let ids: Vec<_> = lock.packages.iter().map(Package::id).collect();
    assert_eq!(ids, ["pip:broken@3.0", "pip:some-thing@1.0"]);
    assert_eq!(lock.packages[1].place.to_string(), format!("{SITE}/some_thing-1.0.dist-info/METADATA:2"));
    assert_eq!(lock.notices.len(), 2);
    assert_eq!(store.look(&lock.packages[1]).missing, None);
    let (_folder, ground) = project(&[]);
    assert!(walk(&ground).err().unwrap().what.starts_with("there is no virtual environment here; run "));
}

#[test]
fn an_environment_is_a_list_where_it_is_the_root() {
    for site in ["lib/python3.12/site-packages", "Lib/site-packages"] {
        let metadata = format!("{site}/some_thing-1.0.dist-info/METADATA");
        let (_folder, ground) = project(&[("pyvenv.cfg", ""), (&metadata, THING)]);
        let (lock, store) = walk(&ground).unwrap();
        assert_eq!((lock.listed, lock.format.as_str()), (1, "Python environment ."));
        assert_eq!(lock.packages[0].place.path, metadata);
        assert_eq!(store.look(&lock.packages[0]).missing, None);
    }
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    let (folder, ground) = project(&[
        (".venv/pyvenv.cfg", ""),
        ("SITE/some_thing-1.0.dist-info/METADATA", THING),
        ("SITE/some_thing-1.0.dist-info/licenses/COPYING", "text"),
    ]);
    let info = folder.path().join(SITE).join("some_thing-1.0.dist-info");
    std::os::unix::fs::symlink(&info, info.join("licenses/again")).unwrap();
    std::os::unix::fs::symlink(folder.path().join(".venv/lib"), folder.path().join(".venv/lib64")).unwrap();
    std::os::unix::fs::symlink(folder.path().join(".venv"), folder.path().join("venv")).unwrap();
    let evidence = look(&ground, "some-thing==1.0");
    assert_eq!(evidence.files.len(), 1);
    assert_eq!(walk(&ground).unwrap().0.packages.len(), 1);
}
