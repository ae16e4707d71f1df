use super::*;
use proptest::prelude::*;

const LOCK: &str = r#"lock-version = "1.0"
created-by = "tool"
dependency-groups = ["dev", "shop"]
default-groups = ["shop"]

[[packages]]
name = "Attrs"
version = "25.1.0"
wheels = [{name = "attrs.whl", url = "https://registry.example/attrs.whl", hashes = {sha256 = "aa"}}]

[[packages]]
name = "tester"
version = "1.0"
marker = "'dev' in dependency_groups or \"docs\" in dependency_groups"

[[packages]]
name = "both"
version = "1.0"
marker = "'dev' in dependency_groups or 'shop' in dependency_groups"

[[packages]]
name = "platform"
version = "1.0"
marker = "'dev' in dependency_groups or sys_platform == 'win32'"

[[packages]]
name = "shop"
directory = {path = ".", editable = true}

[[packages]]
name = "near"
directory = {path = "near"}

[[packages]]
name = "fork"
vcs = {type = "git", url = "https://git.example/fork.git", commit-id = "0123"}

[[packages]]
name = "file"
archive = {url = "https://files.example/file.zip", hashes = {sha256 = "bb"}}
"#;

#[test]
fn a_lock_is_read() {
    let lock = parse(LOCK.as_bytes(), "pylock.toml").unwrap();
    assert_eq!((lock.listed, lock.format.as_str()), (8, "pylock.toml 1.0"));
    use Origin::{Archive, Folder, Git, Own, Registry};
    use Scope::{Development, Production};
    let shown: Vec<_> = lock.packages.iter().map(|p| (p.name.as_str(), p.scope, p.origin)).collect();
    assert_eq!(
        shown,
        [
            ("attrs", Production, Registry),
            ("tester", Development, Registry),
            ("both", Production, Registry),
            ("platform", Production, Registry),
            ("shop", Production, Own),
            ("near", Production, Folder),
            ("fork", Production, Git),
            ("file", Production, Archive),
        ]
    );
    assert_eq!(lock.packages[0].checksum.as_deref(), Some("sha256:aa"));
    assert_eq!((lock.packages[0].place.line, lock.packages[7].place.line), (Some(7), Some(39)));
}

#[test]
fn other_files_and_versions_are_refused() {
    assert_eq!(parse(b"[[packages]]\nname = 'a'\n", "x").unwrap_err().what, "no `lock-version`: not a pylock.toml");
    assert_eq!(parse(b"\nlock-version = '2.0'\n", "x").unwrap_err().line, Some(2));
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
