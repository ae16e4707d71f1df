use super::*;
use crate::observe::zip::tests::archive;
use crate::plan::package::Place;
use crate::plan::statement::Value;
use std::fs;
use tempfile::TempDir;

fn checkout(files: &[(&str, &[u8])]) -> (TempDir, Ground) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a real path");
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    (folder, Ground { root, ..Ground::default() })
}

fn package(name: &str, version: &str) -> Package {
    Package::new(Ecosystem::Npm, name, version, Place::new("yarn.lock", Some(1)))
}

fn look(ground: &Ground, package: &Package) -> Evidence {
    open(ground, &Lock { format: "yarn.lock v8".to_owned(), ..Lock::default() }).look(package)
}

fn zip_of(name: &str, version: &str) -> Vec<u8> {
    let manifest = format!(
        "{{\"name\": \"{name}\",\n\"version\": \"{version}\",\n\"license\": \"SEE LICENSE IN legal/EULA.txt\"}}"
    );
    let at = |file: &str| format!("node_modules/{name}/{file}");
    archive(&[
        (&at("package.json"), manifest.as_bytes()),
        (&at("LICENSE"), b"text"),
        (&at("legal/EULA.txt"), b"terms"),
        (&at("legal/other.txt"), b"other"),
        (&at("index.js"), b"code"),
        (&at("node_modules/b/LICENSE"), b"another's"),
    ])
}

#[test]
fn zips_are_read_in_place() {
    let (_folder, ground) = checkout(&[
        (".yarn/cache/@s-a-npm-1.0.0-0123456789-abcdef.zip", &zip_of("@s/a", "1.0.0")),
        (".yarn/cache/@s-a-npm-1.0.0-rc.1-0123456789-abcdef.zip", &zip_of("@s/a", "1.0.0-rc.1")),
    ]);
    for version in ["1.0.0", "1.0.0-rc.1"] {
        let evidence = look(&ground, &package("@s/a", version));
        assert_eq!((evidence.missing, evidence.notices), (None, Vec::new()));
        let path = format!(".yarn/cache/@s-a-npm-{version}-0123456789-abcdef.zip/node_modules/@s/a/package.json");
        assert_eq!(evidence.statements[0].place, Place::new(path, Some(3)));
        let files: Vec<_> = evidence.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
        assert_eq!(files, [("LICENSE", b"text".as_slice()), ("legal/EULA.txt", b"terms")]);
    }
}

#[test]
fn other_caches_and_unplugged_packages_are_found() {
    let manifest: &[u8] = br#"{"name": "b", "version": "1.0.0", "license": "MIT"}"#;
    let (_folder, mut ground) = checkout(&[
        (".yarnrc.yml", b"nodeLinker: pnp\ncacheFolder: \"./zips\"\n"),
        ("zips/a-npm-1.0.0-0123456789-8.zip", &zip_of("a", "1.0.0")),
        ("home/.yarn/berry/cache/c-npm-1.0.0-0123456789-10c0.zip", &zip_of("c", "1.0.0")),
        ("home/.yarn/berry/cache/g-https-0123456789-10c0.zip", &zip_of("g", "1.0.0")),
        (".yarn/unplugged/b-npm-1.0.0-0123456789/node_modules/b/package.json", manifest),
    ]);
    ground.variables.insert("HOME".to_owned(), ground.root.join("home").to_string_lossy().into_owned());
    for name in ["a", "b", "c"] {
        assert_eq!(look(&ground, &package(name, "1.0.0")).missing, None, "{name}");
    }
    let mut git = package("g", "1.0.0");
    git.origin = Origin::Git;
    assert_eq!(look(&ground, &git).missing, None);
    let statement = look(&ground, &package("b", "1.0.0")).statements.remove(0);
    assert_eq!(statement.value, Value::One("MIT".to_owned()));
}

#[test]
fn what_is_missing_or_broken_says_so() {
    let (_folder, ground) = checkout(&[
        (".yarn/cache/a-npm-1.0.0-0123456789-8.zip", &zip_of("a", "2.0.0")),
        (".yarn/cache/b-npm-1.0.0-0123456789-8.zip", b"version https://git-lfs.example/spec/v1\n"),
        (".yarn/cache/c-npm-1.0.0-0123456789-8.zip", &zip_of("other", "1.0.0")),
    ]);
    let mut optional = package("o", "1.0.0");
    optional.optional = true;
    for (package, what) in [
        (package("a", "1.0.0"), "holds version 2.0.0; run `yarn install --immutable`"),
        (package("b", "1.0.0"), "is no whole zip archive"),
        (package("c", "1.0.0"), "has no node_modules/c/package.json"),
        (package("d", "1.0.0"), "d@1.0.0 is not in Yarn's cache (.yarn/cache); run"),
        (optional, "another platform"),
    ] {
        let evidence = look(&ground, &package);
        assert!(evidence.statements.is_empty() && evidence.files.is_empty());
        let missing = evidence.missing.expect(what);
        assert!(missing.contains(what), "{missing}");
    }
}

#[test]
fn node_modules_serve_where_there_is_no_zip() {
    let (_folder, ground) = checkout(&[("node_modules/a/package.json", br#"{"name": "a", "version": "1.0.0"}"#)]);
    assert_eq!(look(&ground, &package("a", "1.0.0")).missing, None);
    assert!(look(&ground, &package("b", "1.0.0")).missing.is_some());
}
