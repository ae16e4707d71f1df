use super::*;
use crate::plan::package::Scope;
use proptest::prelude::*;
use std::fmt::Write as _;

const LOCK: &str = r#"version = 1
revision = 3
requires-python = ">=3.12"

[manifest]
members = ["shop", "shop-core"]

[manifest.dependency-groups]
lint = [{ name = "linter", specifier = ">=1" }]

[[package]]
name = "shop"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "web", extra = ["fast"] },
    { name = "shop-core" },
    { name = "near" },
]

[package.optional-dependencies]
pdf = [{ name = "pdf" }]

[package.dev-dependencies]
dev = [
    { name = "tester" },
    { name = "web", extra = ["debug"] },
]

[package.metadata]
requires-dist = [{ name = "web" }]

[[package]]
name = "shop-core"
source = { virtual = "core" }

[[package]]
name = "near"
version = "1.0"
source = { directory = "third_party/near" }

[[package]]
name = "web"
version = "2.0"
source = { registry = "https://registry.example/simple" }
dependencies = [{ name = "numbers", version = "1.0", marker = "sys_platform == 'linux'" }]
sdist = { url = "https://registry.example/web.tar.gz", hash = "sha256:aa", size = 1 }

[package.optional-dependencies]
debug = [{ name = "debugger" }]
fast = [{ name = "speedups" }]

[[package]]
name = "numbers"
version = "1.0"
source = { registry = "https://registry.example/simple" }

[[package]]
name = "numbers"
version = "2.0"
source = { registry = "https://registry.example/simple" }

[[package]]
name = "debugger"
version = "1.0"
source = { url = "https://files.example/debugger.zip" }

[[package]]
name = "speedups"
version = "1.0"
source = { path = "wheels/speedups.whl" }

[[package]]
name = "pdf"
version = "1.0"
source = { git = "https://git.example/pdf?rev=1#0123" }

[[package]]
name = "tester"
version = "1.0"
source = { registry = "https://registry.example/simple" }
dependencies = [{ name = "numbers", version = "2.0" }, { name = "web" }]

[[package]]
name = "linter"
version = "1.0"
source = { registry = "https://registry.example/simple" }

[[package]]
name = "stray"
version = "1.0"
source = { registry = "https://registry.example/simple" }
"#;

#[test]
fn scopes_follow_from_the_graph() {
    let lock = parse(LOCK.as_bytes(), "uv.lock").unwrap();
    assert_eq!((lock.listed, lock.format.as_str()), (12, "uv.lock 1.3"));
    use Origin::{Archive, Folder, Git, Own, Registry};
    use Scope::{Development, Production};
    let shown: Vec<_> =
        lock.packages.iter().map(|p| (p.name.as_str(), p.version.as_str(), p.scope, p.origin)).collect();
    assert_eq!(
        shown,
        [
            ("shop", "0.1.0", Production, Own),
            ("shop-core", "", Production, Own),
            ("near", "1.0", Production, Folder),
            ("web", "2.0", Production, Registry),
            ("numbers", "1.0", Production, Registry),
            ("numbers", "2.0", Development, Registry),
            ("debugger", "1.0", Development, Archive),
            ("speedups", "1.0", Production, Archive),
            ("pdf", "1.0", Production, Git),
            ("tester", "1.0", Development, Registry),
            ("linter", "1.0", Development, Registry),
            ("stray", "1.0", Production, Registry),
        ]
    );
    assert_eq!((lock.packages[0].place.line, lock.packages[11].place.line), (Some(12), Some(90)));
    assert_eq!(lock.packages[2].installed_at, ["third_party/near"]);
    assert_eq!(lock.packages[3].checksum.as_deref(), Some("sha256:aa"));
}

#[test]
fn without_a_workspace_only_the_folder_itself_is_own() {
    let text = LOCK.replace("members = [\"shop\", \"shop-core\"]", "");
    let lock = parse(text.as_bytes(), "x").unwrap();
    assert_eq!((lock.packages[0].origin, lock.packages[1].origin), (Origin::Own, Origin::Folder));
    let outside = LOCK.replace("virtual = \"core\"", "virtual = \"../core\"");
    assert_eq!(parse(outside.as_bytes(), "x").unwrap().packages[1].origin, Origin::Folder);
}

#[test]
fn a_script_has_requirements_instead_of_a_project() {
    let text = "version = 1\n[manifest]\nrequirements = [{ name = \"a\", extras = [\"x\"] }]\n[[package]]\nname = \"a\"\nversion = \"1\"\n[package.optional-dependencies]\nx = [{ name = \"b\" }]\n[[package]]\nname = \"b\"\nversion = \"1\"\n";
    let lock = parse(text.as_bytes(), "x").unwrap();
    assert!(lock.packages.iter().all(|package| package.scope == Scope::Production));
}

#[test]
fn faults_name_their_line() {
    let at = |text: &str| {
        let fault = parse(text.as_bytes(), "x").unwrap_err();
        (fault.line, fault.what)
    };
    assert_eq!(at(&LOCK.replace("version = 1\n", "version = 2\n")).0, Some(1));
    assert_eq!(at(&LOCK.replace("version = 1\n", "")).1, "no `version`: not a uv.lock");
    assert_eq!(at("version = 1\n[[distribution]]\nname = \"a\"\n").0, Some(2));
    let (cut, _) = LOCK.split_once("[[package]]\nname = \"tester\"").unwrap();
    assert!(at(cut).1.contains("which is not listed"), "{:?}", at(cut));
    let conflict = LOCK.replace("version = \"2.0\"\n", "<<<<<<< a\n=======\n>>>>>>> b\n");
    assert_eq!(at(&conflict).1, "merge-conflict markers: resolve the conflict first");
    assert_eq!(at(&LOCK.replace("version = \"0.1.0\"", "version = 1")).0, Some(13));
}

#[test]
fn many_packages_of_one_name_take_linear_time() {
    // Each needs all others of its name, by name and by extra: thousands of millions of edges, if each were walked.
    let mut text = String::from("version = 1\n[manifest]\nrequirements = [{ name = \"a\", extras = [\"e\"] }]\n");
    for number in 0..50_000 {
        let needs = "[{ name = \"a\", extra = [\"e\"] }]";
        writeln!(
            text,
            "[[package]]\nname = \"a\"\nversion = \"{number}\"\ndependencies = {needs}\n[package.optional-dependencies]\ne = {needs}"
        )
        .unwrap();
    }
    let started = std::time::Instant::now();
    let lock = parse(text.as_bytes(), "x").unwrap();
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_eq!((lock.packages.len(), lock.listed), (50_000, 50_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_damaged_lock_is_a_fault_or_loses_nothing(at in 0..LOCK.len(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = LOCK.as_bytes().to_vec();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(lock) = parse(&bytes, "x") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn no_bytes_are_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, "x");
    }
}
