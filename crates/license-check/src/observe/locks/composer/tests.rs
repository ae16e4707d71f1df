use super::*;
use crate::plan::package::Origin;
use crate::plan::statement::Value;
use proptest::prelude::*;
use std::fmt::Write as _;

const LOCK: &str = r#"{
    "_readme": ["This file is @generated automatically"],
    "packages": [
        {
            "name": "acme/flags",
            "version": "v1.2.3",
            "source": {"type": "git", "url": "https://git.example/flags.git", "reference": "abc"},
            "dist": {"type": "zip", "url": "https://git.example/flags.zip", "reference": "abc", "shasum": "da39a3"},
            "require": {"php": ">=8.1", "ext-json": "*"},
            "notification-url": "https://registry.example/downloads/",
            "license": [
                "BSD-3-Clause",
                "GPL-2.0-only"
            ]
        },
        {
            "license": "proprietary",
            "name": "acme/shop-core",
            "version": "dev-main",
            "dist": {"type": "path", "url": "packages/shop-core/", "reference": "0f"}
        },
        {
            "name": "acme/meta",
            "version": "2.0.0",
            "type": "metapackage",
            "license": []
        }
    ],
    "packages-dev": [
        {
            "name": "acme/testing",
            "version": "9.0.1",
            "source": {"type": "git", "url": "https://git.example/testing.git", "reference": "abc"},
            "dist": null,
            "license": ["MIT"]
        }
    ],
    "platform": {"php": "^8.1", "ext-json": "*"},
    "platform-dev": [],
    "plugin-api-version": "2.6.0"
}
"#;

#[test]
fn a_lock_gives_every_package_with_its_licence_and_lines() {
    let lock = parse(LOCK.as_bytes(), "shop/composer.lock").unwrap();
    assert_eq!((lock.listed, lock.packages.len()), (4, 4));
    assert_eq!(lock.format, "composer.lock (plugin API 2.6.0)");
    assert_eq!(lock.notices, [""; 0]);
    let flags = &lock.packages[0];
    assert_eq!((flags.name.as_str(), flags.version.as_str(), flags.origin), ("acme/flags", "v1.2.3", Origin::Registry));
    assert_eq!((flags.place.to_string().as_str(), flags.scope), ("shop/composer.lock:5", Scope::Production));
    assert_eq!(flags.checksum.as_deref(), Some("da39a3"));
    assert_eq!(flags.statements[0].value, Value::Many(vec!["BSD-3-Clause".into(), "GPL-2.0-only".into()]));
    assert_eq!((flags.statements[0].field, flags.statements[0].place.line), ("license", Some(11)));
    let core = &lock.packages[1];
    assert_eq!((core.origin, core.installed_at.as_slice()), (Origin::Folder, &["packages/shop-core".to_owned()][..]));
    assert_eq!(core.statements[0].value, Value::One("proprietary".into()));
    assert_eq!((core.place.line, core.statements[0].place.line), (Some(18), Some(17)));
    assert_eq!((lock.packages[2].origin, lock.packages[2].statements.len()), (Origin::Registry, 0));
    let testing = &lock.packages[3];
    assert_eq!((testing.scope, testing.origin, testing.place.line), (Scope::Development, Origin::Git, Some(31)));
}

#[test]
fn a_licence_of_another_type_is_none_and_is_told() {
    let lock = br#"{"packages": [{"name": "a/b", "version": "1", "license": {"type": "MIT"}}]}"#;
    let lock = parse(lock, "composer.lock").unwrap();
    assert_eq!((lock.packages.len(), lock.packages[0].statements.len()), (1, 0));
    assert!(lock.notices[0].starts_with("composer.lock:1: the licence of a/b"), "{:?}", lock.notices);
}

#[test]
fn faults_name_their_line() {
    let at = |text: &str| {
        let fault = parse(text.as_bytes(), "composer.lock").unwrap_err();
        (fault.line, fault.what)
    };
    let conflict = LOCK.replace("    \"platform-dev\": [],\n", "<<<<<<< HEAD\n=======\n>>>>>>> main\n");
    assert_eq!(at(&conflict), (Some(39), "merge-conflict markers: resolve the conflict first".to_owned()));
    assert_eq!(at("").1, "the file is empty");
    assert_eq!(at("{}").1, "no array `packages`: not a composer.lock");
    assert_eq!(at(&LOCK[..400]).0, Some(9));
    assert_eq!(at("{\"packages\": [\n{\"name\": 3, \"version\": \"1\"}]}").0, Some(2));
    assert_eq!(at("{\"packages\": [\n{\"version\": \"1\"}]}").0, Some(2));
    assert_eq!(at("{\"packages\": [\n{\"name\": \"a/b\",\n\"version\": 1}]}").0, Some(3));
    assert_eq!(at("{\"packages\": [\n{\"name\": \"a/b\"}]}"), (Some(2), "a/b has no `version`".to_owned()));
    assert_eq!(at("{\"packages\": [\n\n7]}").0, Some(3));
    assert_eq!(at("{\"packages\": [], \n\"packages\": []}").0, Some(2));
    assert_eq!(parse(b"{\n\"packages\": [\xff]}", "x").unwrap_err().line, Some(2));
}

#[test]
fn marks_and_line_ends_of_other_systems_change_nothing() {
    let plain = parse(LOCK.as_bytes(), "x").unwrap();
    let other = format!("\u{feff}{}", LOCK.replace('\n', "\r\n"));
    assert_eq!(parse(other.as_bytes(), "x").unwrap(), plain);
}

#[test]
fn what_is_installed_is_a_list_too() {
    let two = br#"{"packages": [
        {"name": "acme/flags", "version": "1.0", "license": ["MIT"], "install-path": "../acme/flags"},
        {"name": "acme/testing", "version": "2.0", "install-path": null}
    ], "dev": true, "dev-package-names": ["acme/testing"]}"#;
    let lock = parse_installed(two, "vendor/composer/installed.json").unwrap();
    assert_eq!((lock.listed, lock.format.as_str()), (2, "installed.json of Composer 2"));
    assert_eq!(lock.packages[0].installed_at, ["../acme/flags"]);
    assert_eq!(
        lock.packages.iter().map(|package| package.scope).collect::<Vec<_>>(),
        [Scope::Production, Scope::Development]
    );
    let one = b" \n[{\"name\": \"acme/flags\", \"version\": \"1.0\", \"license\": \"MIT\"}]";
    let lock = parse_installed(one, "x").unwrap();
    assert_eq!((lock.packages.len(), lock.packages[0].place.line), (1, Some(2)));
    assert_eq!(lock.notices.len(), 1);
    assert!(parse_installed(b"{\"installed\": []}", "x").is_err());
}

#[test]
fn deep_nesting_is_no_crash() {
    let deep =
        format!("{{\"packages\": [{{\"name\": \"a/b\", \"version\": \"1\", \"extra\": {}}}]}}", "[".repeat(200_000));
    assert!(parse(deep.as_bytes(), "x").is_err());
    let closed = format!(
        "{{\"packages\": [{{\"name\": \"a/b\", \"version\": \"1\", \"license\": {}{}}}]}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert_eq!(parse(closed.as_bytes(), "x").unwrap().notices.len(), 1);
}

#[test]
fn a_hundred_thousand_packages_are_read_in_linear_time() {
    // The licence stands before the name, which makes a counter that runs back and forth quadratic.
    let mut text = String::from("{\"packages\": [\n");
    for number in 0..100_000 {
        let comma = if number == 0 { "" } else { ",\n" };
        write!(
            text,
            "{comma}{{\n\"license\": [\"MIT\"],\n\"name\": \"acme/p{number}\",\n\"version\": \"1.{number}\"}}"
        )
        .unwrap();
    }
    text.push_str("]}");
    let started = std::time::Instant::now();
    let lock = parse(text.as_bytes(), "composer.lock").unwrap();
    // A second or two without optimisation; the quadratic way takes minutes.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_eq!((lock.packages.len(), lock.listed), (100_000, 100_000));
    let last = &lock.packages[99_999];
    assert_eq!((last.place.line, last.statements[0].place.line), (Some(399_999 + 1), Some(399_999)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_are_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, "x");
        let _ = parse_installed(&bytes, "x");
    }

    #[test]
    fn a_damaged_lock_is_a_fault_or_loses_nothing(at in 0..LOCK.len(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = LOCK.as_bytes().to_vec();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(lock) = parse(&bytes, "x") {
            prop_assert_eq!(lock.listed, lock.packages.len());
            prop_assert!(lock.packages.iter().all(|package| package.place.line.is_some()));
        }
    }
}
