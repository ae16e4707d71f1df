use super::*;
use crate::plan::package::{Ecosystem, Place};
use crate::plan::statement::FileKind;
use std::fs;
use std::io::Write;
use tempfile::TempDir;

struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        Machine { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn look(&self, package: &Package) -> Evidence {
        let ground = Ground {
            root: self.folder.path().join("root"),
            folder: "app".to_owned(),
            variables: [("HOME".to_owned(), self.folder.path().join("home").to_str().unwrap().to_owned())].into(),
        };
        let lock = Lock { packages: vec![package.clone()], ..Lock::default() };
        open(&ground, &lock).look(package)
    }
}

fn of(name: &str, version: &str) -> Package {
    Package::new(Ecosystem::Cargo, name, version, Place::default())
}

fn manifest(name: &str, version: &str, rest: &str) -> String {
    format!("# [package]\n[package]\nname = \"{name}\"\nversion = \"{version}\"\n{rest}\n\n[features]\na = []\n")
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        tar.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

const SOURCE: &str = "home/.cargo/registry/src/index.example-1";
const CACHE: &str = "home/.cargo/registry/cache/index.example-1";

#[test]
fn a_crate_of_the_registry_says_its_licence_at_its_line() {
    let machine = Machine::new();
    let text = manifest("a", "1.0.0", "license = \"MIT/Apache-2.0\"\nlicense-file = \"./terms/MINE\"");
    machine.file(&format!("{SOURCE}/a-1.0.0/Cargo.toml"), text);
    machine.file(&format!("{SOURCE}/a-1.0.0/LICENSE-MIT"), "mit");
    machine.file(&format!("{SOURCE}/a-1.0.0/terms/MINE"), "mine");
    let evidence = machine.look(&of("a", "1.0.0"));
    assert_eq!((evidence.missing.as_deref(), evidence.notices.len()), (None, 0));
    let values: Vec<_> = evidence.statements.iter().map(|s| (&s.value, s.place.line)).collect();
    let (one, file) = (Value::One("MIT/Apache-2.0".to_owned()), Value::File("terms/MINE".to_owned()));
    assert_eq!(values, [(&one, Some(5)), (&file, Some(6))]);
    let names: Vec<_> = evidence.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["LICENSE-MIT", "terms/MINE"]);
}

#[test]
fn a_description_may_hold_what_looks_like_a_table() {
    let machine = Machine::new();
    let text = manifest("a", "1.0.0", "description = \"\"\"\n[package]\n[x]\"\"\"\nlicense = \"MIT\"");
    machine.file(&format!("{SOURCE}/a-1.0.0/Cargo.toml"), text);
    let evidence = machine.look(&of("a", "1.0.0"));
    assert_eq!(evidence.statements[0].value, Value::One("MIT".to_owned()));
    assert_eq!(evidence.statements[0].place.line, Some(8));
}

#[test]
fn vendored_crates_come_first_and_must_be_the_locked_version() {
    let machine = Machine::new();
    machine.file(&format!("{SOURCE}/a-1.0.0/Cargo.toml"), manifest("a", "1.0.0", "license = \"MIT\""));
    machine.file("root/app/vendor/a/Cargo.toml", manifest("a", "2.0.0", "license = \"ISC\""));
    assert_eq!(machine.look(&of("a", "1.0.0")).statements[0].value, Value::One("MIT".to_owned()));
    assert_eq!(machine.look(&of("a", "2.0.0")).statements[0].value, Value::One("ISC".to_owned()));
    let evidence = machine.look(&of("a", "3.0.0"));
    assert_eq!(evidence.statements, []);
    let missing = evidence.missing.unwrap();
    assert!(missing.contains("app/vendor/a/Cargo.toml is a 2.0.0, and not a 3.0.0"), "{missing}");
    assert!(missing.contains("cargo fetch"), "{missing}");
}

#[test]
fn the_configuration_names_the_vendored_folder_within_the_root() {
    let machine = Machine::new();
    let config =
        "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"third\"\n[source.w]\ndirectory = \"w\"";
    machine.file("root/.cargo/config.toml", config);
    machine.file("root/third/a-1.0.0/Cargo.toml", manifest("a", "1.0.0", "license = \"MIT\""));
    machine.file("root/w/b/Cargo.toml", manifest("b", "1.0.0", "license = \"MIT\""));
    machine.file("root/app/.cargo/config.toml", config.replace("third", "../../outside"));
    machine.file("outside/b/Cargo.toml", manifest("b", "1.0.0", "license = \"MIT\""));
    assert_eq!(machine.look(&of("a", "1.0.0")).missing, None);
    let evidence = machine.look(&of("b", "1.0.0"));
    assert!(evidence.missing.is_some());
    assert!(evidence.notices[0].contains("outside of the root"), "{:?}", evidence.notices);
}

#[test]
fn an_archive_is_read_in_place() {
    let machine = Machine::new();
    let text = manifest("a", "1.0.0", "license-file = \"docs/TERMS\"");
    let files = [
        ("a-1.0.0/docs/TERMS", "terms"),
        ("a-1.0.0/Cargo.toml", text.as_str()),
        ("a-1.0.0/NOTICE", "notice"),
        ("a-1.0.0/sub/LICENSE", "not read"),
        ("b-1.0.0/LICENSE", "not read"),
    ];
    machine.file(&format!("{CACHE}/a-1.0.0.crate"), archive(&files));
    let evidence = machine.look(&of("a", "1.0.0"));
    let files: Vec<_> = evidence.files.iter().map(|f| (f.name.as_str(), f.kind, f.bytes.as_slice())).collect();
    assert_eq!(
        files,
        [("NOTICE", FileKind::Notice, b"notice".as_slice()), ("docs/TERMS", FileKind::License, b"terms".as_slice())]
    );
    assert!(evidence.statements[0].place.path.ends_with("/a-1.0.0.crate!/Cargo.toml"));
    machine.file(&format!("{CACHE}/a-1.0.0.crate"), b"no gzip");
    assert!(machine.look(&of("a", "1.0.0")).missing.unwrap().contains("can't be read"));
}

#[test]
fn the_digest_decides_between_two_registries() {
    let machine = Machine::new();
    for (registry, license) in [("one-1", "MIT"), ("two-2", "ISC")] {
        let text = manifest("a", "1.0.0", &format!("license = \"{license}\""));
        let bytes = archive(&[("a-1.0.0/Cargo.toml", text.as_str())]);
        machine.file(&format!("home/.cargo/registry/cache/{registry}/a-1.0.0.crate"), bytes);
        machine.file(&format!("home/.cargo/registry/src/{registry}/a-1.0.0/Cargo.toml"), text);
    }
    assert!(machine.look(&of("a", "1.0.0")).missing.unwrap().contains("several registries"));
    let mut package = of("a", "1.0.0");
    let second = fs::read(machine.folder.path().join("home/.cargo/registry/cache/two-2/a-1.0.0.crate")).unwrap();
    use sha2::Digest;
    let digest: String = sha2::Sha256::digest(&second).iter().map(|byte| format!("{byte:02x}")).collect();
    package.checksum = Some(digest);
    assert_eq!(machine.look(&package).statements[0].value, Value::One("ISC".to_owned()));
    fs::remove_dir_all(machine.folder.path().join("home/.cargo/registry/src")).unwrap();
    assert_eq!(machine.look(&package).statements[0].value, Value::One("ISC".to_owned()));
}

#[test]
fn a_git_crate_inherits_from_its_workspace() {
    let machine = Machine::new();
    let checkout = "home/.cargo/git/checkouts/repo-0123456789abcdef/abcdef0";
    let root = "[workspace]\nmembers = [\"crates/*\"]\n\n[workspace.package]\nversion = \"0.3.0\"\nlicense = \"MPL-2.0\"\n\
                license-file = \"TERMS\"\n";
    machine.file(&format!("{checkout}/Cargo.toml"), root);
    machine.file(&format!("{checkout}/TERMS"), "terms");
    let member = "[package]\nname = \"a\"\nversion.workspace = true\nlicense = { workspace = true }\n\
                  license-file.workspace = true\n";
    machine.file(&format!("{checkout}/crates/a/Cargo.toml"), member);
    let mut package = of("a", "0.3.0");
    package.origin = Origin::Git;
    package.checksum = Some("git:abcdef0123".to_owned());
    let evidence = machine.look(&package);
    assert_eq!(evidence.missing, None);
    assert_eq!(evidence.statements[0].value, Value::One("MPL-2.0".to_owned()));
    assert!(evidence.statements[0].place.path.ends_with("abcdef0/Cargo.toml"));
    assert_eq!(evidence.statements[0].place.line, Some(6));
    assert_eq!(evidence.files[0].bytes, b"terms");
    package.checksum = Some("git:fedcba9876".to_owned());
    let missing = machine.look(&package).missing.unwrap();
    assert!(missing.contains("is here at commit abcdef0"), "{missing}");
}

#[test]
fn names_do_not_leave_the_folder() {
    let machine = Machine::new();
    machine.file("root/secret/Cargo.toml", manifest("../secret", "1.0.0", "license = \"MIT\""));
    fs::create_dir_all(machine.folder.path().join("root/app/vendor")).unwrap();
    assert!(machine.look(&of("../secret", "1.0.0")).missing.unwrap().contains("no name of a crate"));
    let text = manifest("a", "1.0.0", "license-file = \"../../../secret/LICENSE\"");
    machine.file("root/app/vendor/a/Cargo.toml", text);
    machine.file("root/secret/LICENSE", "secret");
    let evidence = machine.look(&of("a", "1.0.0"));
    assert_eq!(evidence.files, []);
    assert_eq!(evidence.notices.len(), 1);
}

#[test]
fn odd_manifests_are_told_of() {
    let machine = Machine::new();
    for (text, what) in [
        ("\u{0}", "Cargo.toml: "),
        ("[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = 5\n", "line 4: license is no text"),
        ("[workspace]\n", "no [package]"),
    ] {
        machine.file(&format!("{SOURCE}/a-1.0.0/Cargo.toml"), text);
        let missing = machine.look(&of("a", "1.0.0")).missing.unwrap();
        assert!(missing.contains(what), "{missing}");
    }
    let mut own = of("a", "1.0.0");
    own.origin = Origin::Own;
    assert_eq!(machine.look(&own), Evidence::default());
}

#[test]
fn a_bomb_and_a_cut_archive_end() {
    let machine = Machine::new();
    let text = manifest("a", "1.0.0", "license = \"MIT\"");
    let whole = archive(&[("a-1.0.0/x", &"x".repeat(4 << 20)), ("a-1.0.0/Cargo.toml", text.as_str())]);
    let mut file = fs::File::create({
        machine.file(&format!("{CACHE}/x"), "");
        machine.folder.path().join(CACHE).join("a-1.0.0.crate")
    })
    .unwrap();
    file.write_all(&whole[..whole.len() / 2]).unwrap();
    assert!(machine.look(&of("a", "1.0.0")).missing.is_some());
}

#[test]
fn a_manifest_of_any_bytes_is_read_or_refused() {
    use proptest::prelude::*;
    let sample =
        "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense.workspace = true\nlicense-file = \"L\"\n[features]\n";
    proptest!(|(bytes in crate::observe::hostile::mutated(sample))| {
        let _ = Manifest::read(&bytes, "Cargo.toml");
    });
}
