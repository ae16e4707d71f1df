use super::*;
use crate::plan::package::Scope;
use proptest::prelude::*;

const LOCK: &str = r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "shop",
      "dependencies": {
        "alias": "npm:lodash@4.17.21",
        "local": "file:./local",
      },
      "devDependencies": { "tool": "1.0.0" },
      "optionalDependencies": { "binary": "1.0.0" },
    },
    "packages/a": {
      "name": "@shop/a",
      "version": "1.2.0",
      "dependencies": { "tgz": "./x.tgz", "lodash": "4.17.20" },
    },
  },
  // Written by Bun.
  "packages": {
    "@shop/a": ["@shop/a@workspace:packages/a"],

    "alias": ["lodash@4.17.21", "", {}, "sha512-abc=="],

    "binary": ["binary@1.0.0", "", { "os": "darwin", "cpu": [ "x64", "arm64" ] }, "sha512-x"],

    "git": ["git@github:o/r#0123", { "dependencies": {} }, "o-r-0123"],

    "lodash": ["lodash@4.17.21", "", {}, "sha512-y"],

    "local": ["local@file:local", {}],

    "tgz": ["left-pad@./x.tgz", {}, "sha512-z"],

    "tool": ["tool@1.0.0", "", { "dependencies": { "lodash": "^4.0.0", "only": "1" }, "peerDependencies": { "binary": "1" }, "optionalPeers": ["binary"] }, "sha512-t"],

    "tool/only": ["only@1.0.0", "", {}, ""],

    "@shop/a/lodash": ["lodash@4.17.20", "", {}, "sha512-w"],
  }
}
"#;

fn read(text: &str) -> Lock {
    parse(text.as_bytes(), "bun.lock").expect("a good lock")
}

#[test]
fn packages_and_members() {
    let lock = read(LOCK);
    let line = |package: &Package| package.place.line.unwrap_or_default();
    let all: Vec<_> = lock
        .packages
        .iter()
        .map(|p| {
            format!("{}: {}@{} {:?} {:?} {}", line(p), p.name, p.version, p.origin, p.scope, p.installed_at.join(" "))
        })
        .collect();
    assert_eq!(
        all,
        [
            "4: shop@ Own Production ",
            "13: @shop/a@1.2.0 Own Production packages/a",
            "23: lodash@4.17.21 Registry Production node_modules/alias",
            "25: binary@1.0.0 Registry Production node_modules/binary",
            "27: git@github:o/r#0123 Git Production node_modules/git",
            "29: lodash@4.17.21 Registry Development node_modules/lodash",
            "31: local@file:local Folder Production node_modules/local",
            "33: left-pad@./x.tgz Archive Production node_modules/tgz",
            "35: tool@1.0.0 Registry Development node_modules/tool",
            "37: only@1.0.0 Registry Development node_modules/tool/node_modules/only",
            "39: lodash@4.17.20 Registry Production packages/a/node_modules/lodash",
        ]
    );
    assert_eq!((lock.listed, lock.format.as_str()), (11, "bun.lock v1"));
    assert_eq!(lock.packages[2].checksum.as_deref(), Some("sha512-abc=="));
    let optional: Vec<_> = lock.packages.iter().filter(|one| one.optional).map(|one| one.name.as_str()).collect();
    assert_eq!(optional, ["binary"]);
}

#[test]
fn what_bun_would_not_write_is_a_fault_at_its_line() {
    for (text, line, what) in [
        ("{}", Some(1), "no `lockfileVersion`"),
        ("{\n\"lockfileVersion\": 3}", Some(2), "unknown lockfileVersion 3"),
        ("{\"lockfileVersion\": 1,\n\"packages\": {\"a\": []}}", Some(2), "no name in it"),
        ("{\"lockfileVersion\": 1,\n\"packages\": {\"a\": {}}}", Some(2), "as an array"),
        ("{\"lockfileVersion\": 1,\n\"packages\": {\"a\": [1]}}", Some(2), "string"),
        ("{\"lockfileVersion\": 1,\n\"packages\": {\"a\": [\"a@1\",", Some(2), "cut off"),
        ("{\n<<<<<<< a\n>>>>>>> b\n}", Some(2), "merge-conflict"),
    ] {
        let fault = parse(text.as_bytes(), "bun.lock").expect_err(text);
        assert!(fault.what.contains(what), "{text}: {fault:?}");
        assert_eq!(fault.line, line, "{text}");
    }
    for (bytes, path) in [(b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0".as_slice(), "x"), (b"", "bun.lockb")] {
        let fault = parse(bytes, path).expect_err("binary");
        assert!(fault.what.contains("bun install --save-text-lockfile"));
    }
}

#[test]
fn a_hundred_thousand_packages() {
    let mut text = String::from("{\"lockfileVersion\": 1, \"packages\": {\n");
    for i in 0..100_000 {
        text.push_str(&format!(
            "\"p{i}\": [\"p{i}@1.0.{i}\", \"\", {{\"dependencies\": {{\"p0\": \"1\"}}}}, \"sha512-\"],\n"
        ));
    }
    text.push_str("}}");
    let lock = read(&text);
    assert_eq!((lock.packages.len(), lock.listed), (100_000, 100_000));
    assert_eq!(lock.packages[99_999].place.line, Some(100_001));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes, "bun.lock");
    }

    #[test]
    fn a_changed_lock_is_read_or_refused_and_loses_nothing(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(br#"{}[]":,/@1 a"#.to_vec())), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = LOCK.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(lock) = parse(&bytes, "bun.lock") {
            prop_assert_eq!(lock.packages.len(), lock.listed);
            prop_assert!(lock.packages.iter().all(|package| package.scope == Scope::Production || package.origin != Origin::Own));
        }
    }
}
