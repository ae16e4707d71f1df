use super::*;
use crate::plan::statement::Value;
use proptest::prelude::*;

const V3: &str = r#"{
  "name": "shop",
  "version": "1.0.0",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": {
      "name": "shop",
      "version": "1.0.0",
      "license": "UNLICENSED",
      "workspaces": ["packages/*"]
    },
    "../elsewhere": {
      "version": "0.1.0"
    },
    "node_modules/@s/a": {
      "resolved": "packages/a",
      "link": true
    },
    "node_modules/alias": {
      "name": "lodash",
      "version": "4.17.21",
      "resolved": "https://registry.example/lodash/-/lodash-4.17.21.tgz",
      "integrity": "sha512-abc==",
      "license": "MIT"
    },
    "node_modules/b": {
      "version": "2.0.0",
      "dev": true,
      "license": [
        {"type": "MIT"}, "ISC"
      ]
    },
    "node_modules/b/node_modules/@s/c": {
      "version": "2.0.1",
      "resolved": "git+ssh://git@host.example/s/c.git#0123",
      "devOptional": true,
      "inBundle": true
    },
    "node_modules/elsewhere": {
      "resolved": "../elsewhere",
      "link": true
    },
    "node_modules/gone": {
      "resolved": "gone",
      "link": true
    },
    "packages/a": {
      "name": "@s/a",
      "version": "3.0.0"
    }
  }
}
"#;

const V1: &str = r#"{
  "name": "shop",
  "version": "1.0.0",
  "lockfileVersion": 1,
  "dependencies": {
    "a": {
      "version": "1.0.0",
      "resolved": "https://registry.example/a/-/a-1.0.0.tgz",
      "integrity": "sha1-x",
      "requires": { "b": "^1.0.0" },
      "dependencies": {
        "b": { "version": "1.0.0", "dev": true, "bundled": true }
      }
    },
    "c": { "version": "npm:@s/real@1.2.3", "optional": true },
    "d": { "version": "github:s/d#0123", "from": "github:s/d" },
    "e": { "version": "file:e", "resolved": false },
    "f": { "version": "https://host.example/f.tgz" }
  }
}"#;

fn read(text: &str) -> Lock {
    parse(text.as_bytes(), "package-lock.json").expect("a good lock")
}

fn fault(text: &str) -> Fault {
    parse(text.as_bytes(), "package-lock.json").expect_err("a bad lock")
}

fn short(lock: &Lock) -> Vec<String> {
    let line = |package: &Package| package.place.line.unwrap_or_default();
    lock.packages
        .iter()
        .map(|p| {
            format!("{}: {}@{} {:?} {:?} {}", line(p), p.name, p.version, p.origin, p.scope, p.installed_at.join(" "))
        })
        .collect()
}

#[test]
fn version_3_by_its_packages() {
    let lock = read(V3);
    assert_eq!(
        short(&lock),
        [
            "7: shop@1.0.0 Own Production ",
            "13: elsewhere@0.1.0 Folder Production ../elsewhere",
            "20: lodash@4.17.21 Registry Production node_modules/alias",
            "27: b@2.0.0 Registry Development node_modules/b",
            "34: @s/c@2.0.1 Git Production node_modules/b/node_modules/@s/c",
            "48: @s/a@3.0.0 Own Production packages/a",
            "44: gone@ Folder Production gone",
        ]
    );
    assert_eq!((lock.listed, lock.format.as_str()), (lock.packages.len(), "package-lock.json v3"));
    assert_eq!(lock.packages[2].checksum.as_deref(), Some("sha512-abc=="));
    assert!(lock.packages[4].optional);
    let stated = |index: usize| lock.packages[index].statements.first().cloned();
    let statement =
        |value, line| Some(Statement { value, field: "license", place: Place::new("package-lock.json", Some(line)) });
    assert_eq!(stated(2), statement(Value::One("MIT".to_owned()), 25));
    assert_eq!(stated(3), statement(Value::Many(vec!["MIT".to_owned(), "ISC".to_owned()]), 31));
    assert_eq!(stated(4), None);
}

#[test]
fn version_1_by_its_tree() {
    let lock = read(V1);
    assert_eq!(
        short(&lock),
        [
            "1: shop@1.0.0 Own Production ",
            "6: a@1.0.0 Registry Production node_modules/a",
            "12: b@1.0.0 Registry Development node_modules/a/node_modules/b",
            "15: @s/real@1.2.3 Registry Production node_modules/c",
            "16: d@github:s/d#0123 Git Production node_modules/d",
            "17: e@file:e Folder Production node_modules/e",
            "18: f@https://host.example/f.tgz Archive Production node_modules/f",
        ]
    );
    assert_eq!((lock.listed, lock.format.as_str()), (7, "package-lock.json v1"));
    assert!(lock.packages[3].optional);
}

#[test]
fn in_version_2_packages_win_over_dependencies() {
    let packages = r#""packages": {"": {}, "node_modules/new": {"version": "2.0.0"}}"#;
    let dependencies = r#""dependencies": {"old": {"version": "1.0.0"}}"#;
    for both in [format!("{packages}, {dependencies}"), format!("{dependencies}, {packages}")] {
        let lock = read(&format!(r#"{{"name": "shop", "lockfileVersion": 2, {both}}}"#));
        assert_eq!(short(&lock), ["1: shop@ Own Production ", "1: new@2.0.0 Registry Production node_modules/new"]);
        assert_eq!(lock.listed, 2);
    }
    let lock = read(&format!(r#"{{"lockfileVersion": 2, {dependencies}}}"#));
    assert_eq!((lock.packages.len(), lock.listed), (2, 2));
}

#[test]
fn what_npm_would_not_write_is_a_fault_at_its_line() {
    for (text, line, what) in [
        ("", None, "is empty"),
        ("{}", Some(1), "is no npm lock file"),
        ("[]", Some(1), "an npm lock file"),
        ("{\"lockfileVersion\":\n 4}", Some(2), "unknown lockfileVersion 4"),
        ("{\"lockfileVersion\":\n \"3\"}", Some(2), "unknown lockfileVersion \"3\""),
        ("{\"lockfileVersion\": 3}", Some(1), "no `packages`"),
        ("{\"lockfileVersion\": 3,\n\"packages\": []}", Some(2), "`packages` to be an object"),
        ("{\"packages\": {\"\": {}},\n\"packages\": {}}", Some(2), "twice"),
        ("{\"packages\": {\n\"node_modules/a\": 1}}", Some(2), "Entry"),
        ("{\"packages\": {\n\"node_modules/a\": {\n\"version\": 1}}}", Some(3), "string"),
        ("{\"packages\": {\n\"node_modules/a\": {\"dev\": \"x\"}}}", Some(2), "boolean"),
        ("{\"dependencies\": {\n\"a\": []}}", Some(2), "`a` to be an object"),
        ("{\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}", Some(2), "merge-conflict"),
        ("{\n\"a\u{0}\": 1}", Some(2), "NUL"),
        ("{\"packages\": {}}\n}", Some(2), "trailing"),
    ] {
        let fault = fault(text);
        assert!(fault.what.contains(what), "{text}: {fault:?}");
        assert_eq!(fault.line, line, "{text}: {fault:?}");
    }
    let cut = fault(&V3[..V3.len() / 2]);
    assert!(cut.what.contains("cut off") && cut.line.is_some(), "{cut:?}");
    let deep = format!("{{\"dependencies\": {}{}}}", "{\"a\":{\"dependencies\":".repeat(500), "}}".repeat(500));
    assert!(fault(&deep).what.contains("recursion"));
    assert_eq!(parse(b"{\n\"\xFF\":1}", "x").expect_err("no UTF-8").line, Some(2));
}

#[test]
fn marks_and_line_ends_of_windows_change_nothing() {
    let windows = format!("\u{feff}{}", V3.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(V3));
}

#[test]
fn escapes_are_read() {
    let lock = read(
        "{\"packages\": {\n\"node_modules\\/@s\\/a\":\n{\"version\": \"1\\u002e0\", \"license\": \"M\\u0049T\"}}}",
    );
    assert_eq!((lock.packages[0].name.as_str(), lock.packages[0].version.as_str()), ("@s/a", "1.0"));
    assert_eq!(lock.packages[0].statements[0].value, Value::One("MIT".to_owned()));
}

#[test]
fn the_same_path_twice_is_two_packages() {
    let lock = read(r#"{"packages": {"node_modules/a": {"version": "1"}, "node_modules/a": {"version": "2"}}}"#);
    assert_eq!((lock.packages.len(), lock.listed), (2, 2));
}

#[test]
fn a_hundred_thousand_packages() {
    let mut text = String::from("{\"lockfileVersion\": 3, \"packages\": {\n\"\": {}");
    for i in 0..100_000 {
        text.push_str(&format!(",\n\"node_modules/p{i}\": {{\"version\": \"1.0.{i}\", \"license\": \"MIT\"}}"));
    }
    text.push_str("\n}}");
    let lock = read(&text);
    assert_eq!((lock.packages.len(), lock.listed), (100_001, 100_001));
    assert_eq!(lock.packages[100_000].place.line, Some(100_002));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes, "package-lock.json");
    }

    #[test]
    fn a_changed_lock_is_read_or_refused_and_loses_nothing(
        old in prop::bool::ANY,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(br#"{}[]":,\0a1/ "#.to_vec())), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = if old { V1 } else { V3 }.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(lock) = parse(&bytes, "package-lock.json") {
            prop_assert_eq!(lock.packages.len(), lock.listed);
            prop_assert!(lock.packages.iter().all(|package| package.place.line.is_some()));
        }
    }
}
