use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

const LOCK: &str = r#"{
    "_meta": {"hash": {"sha256": "aa"}, "pipfile-spec": 6, "requires": {}, "sources": []},
    "default": {
        "Ruamel_YAML": {
            "hashes": ["sha256:aa", "sha256:bb"],
            "markers": "python_version >= '3.9'",
            "version": "==0.18.6"
        },
        "fork": {
            "git": "https://git.example/fork.git",
            "ref": "0123"
        },
        "shop": {"editable": true, "path": "."},
        "near": {"path": "./near"}
    },
    "develop": {
        "pytest": {
            "hashes": ["sha256:cc"],
            "index": "main",
            "version": "==8.3.4"
        },
        "ruamel.yaml": {"version": "==0.18.6"}
    },
    "docs": {
        "loose": {"version": "*"}
    }
}
"#;

#[test]
fn a_lock_is_read_with_its_categories() {
    let lock = parse(LOCK.as_bytes(), "Pipfile.lock").unwrap();
    assert_eq!((lock.listed, lock.packages.len(), lock.notices.len()), (7, 7, 1));
    use Origin::{Folder, Git, Own, Registry};
    use Scope::{Development, Production};
    let shown: Vec<_> = lock
        .packages
        .iter()
        .map(|p| (p.name.as_str(), p.version.as_str(), p.scope, p.origin, p.place.line.unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            ("ruamel-yaml", "0.18.6", Production, Registry, 4),
            ("fork", "", Production, Git, 9),
            ("shop", "", Production, Own, 13),
            ("near", "", Production, Folder, 14),
            ("pytest", "8.3.4", Development, Registry, 17),
            ("ruamel-yaml", "0.18.6", Production, Registry, 22),
            ("loose", "", Production, Registry, 25),
        ]
    );
    assert_eq!((lock.packages[0].checksum.as_deref(), lock.packages[4].checksum.as_deref()), (None, Some("sha256:cc")));
}

#[test]
fn only_one_version_is_exact() {
    assert_eq!([exact("==1.0"), exact("=== 1.0+x"), exact("==1!2.0")], [Some("1.0"), Some("1.0+x"), Some("1!2.0")]);
    for open in ["", "1.0", "==1.*", "==", ">=1.0", "==1.0,<2", "~=1.0", "*"] {
        assert_eq!(exact(open), None, "{open}");
    }
}

#[test]
fn doubles_are_kept_and_faults_name_their_line() {
    let double = br#"{"default": {"a": {"version": "==1"}, "a": {"version": "==2"}}}"#;
    assert_eq!(parse(double, "x").unwrap().packages.len(), 2);
    let at = |text: &str| parse(text.as_bytes(), "x").unwrap_err();
    assert_eq!(at(&LOCK.replace(": 6", ": 7")).line, Some(2));
    assert_eq!(at("{\"packages\": {}}").what, "neither `default` nor `develop`: not a Pipfile.lock");
    assert_eq!(at(&LOCK.replace("\"==8.3.4\"", "8")).line, Some(20));
    assert_eq!(at(&LOCK.replace("\"pytest\"", "\"py test\"")).line, Some(17));
    assert_eq!(at(&LOCK.replace("\"index\": \"main\",", "<<<<<<< a\n=======\n>>>>>>> b")).line, Some(19));
    assert_eq!(at(&LOCK[..300]).line, Some(10));
    assert!(parse(b"[]", "x").is_err());
}

#[test]
fn a_hundred_thousand_packages_are_read_in_linear_time() {
    let mut text = String::from("{\"develop\": {\n");
    for number in 0..100_000 {
        let comma = if number == 0 { "" } else { ",\n" };
        write!(text, "{comma}\"p{number}\": {{\n\"version\": \"==1\"}}").unwrap();
    }
    text.push_str("}}");
    let lock = parse(text.as_bytes(), "x").unwrap();
    assert_eq!((lock.packages.len(), lock.listed), (100_000, 100_000));
    assert_eq!(lock.packages[99_999].place.line, Some(200_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

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
