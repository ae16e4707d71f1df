use super::*;
use crate::plan::package::Package;
use proptest::prelude::*;

const V9: &str = r"---
lockfileVersion: '9.0'

importers:

  .:
    configDependencies:
      plugin:
        specifier: 1.0.0
        version: 1.0.0

packages:

  plugin@1.0.0:
    resolution: {integrity: sha512-p}

snapshots:

  plugin@1.0.0: {}

---
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
      alias:
        specifier: npm:lodash@4.17.21
        version: lodash@4.17.21
      '@shop/a':
        specifier: workspace:*
        version: link:packages/a
      outside:
        specifier: link:../outside
        version: link:../outside
      tgz:
        specifier: file:./x.tgz
        version: left-pad@file:x.tgz
    devDependencies:
      tool:
        specifier: ^2.0.0
        version: 2.0.0(peer@1.0.0)

  packages/a:
    dependencies:
      peer:
        specifier: 1.0.0
        version: 1.0.0
    optionalDependencies:
      binary:
        specifier: 1.0.0
        version: 1.0.0

packages:

  binary@1.0.0:
    resolution: {integrity: sha512-b}
    os: [darwin]

  git@https://host.example/o/r/tar.gz/0123:
    resolution: {tarball: https://host.example/o/r/tar.gz/0123, gitHosted: true}
    version: 3.0.0

  left-pad@file:x.tgz:
    resolution: {integrity: sha512-l, tarball: file:x.tgz}
    version: 1.3.0

  lodash@4.17.21:
    resolution:
      integrity: sha512-o
    deprecated: |-
      Don't: use it.
      packages: no

  only@1.0.0:
    resolution: {integrity: sha512-n}

  peer@1.0.0:
    resolution: {integrity: sha512-e}

  tool@2.0.0:
    resolution: {integrity: sha512-t}
    peerDependencies:
      peer: '*'

snapshots:

  binary@1.0.0:
    optional: true

  git@https://host.example/o/r/tar.gz/0123: {}

  left-pad@file:x.tgz: {}

  lodash@4.17.21: {}

  only@1.0.0: {}

  peer@1.0.0: {}

  tool@2.0.0(peer@1.0.0):
    dependencies:
      only: 1.0.0
      peer: 1.0.0
";

const V6: &str = r"lockfileVersion: '6.0'

dependencies:
  b:
    specifier: file:./b
    version: file:b
  outside:
    specifier: link:../outside
    version: link:../outside

packages:

  /@s/a@1.0.0(c@2.0.0):
    resolution: {integrity: sha512-a}
    dev: true

  /@s/a@1.0.0(c@3.0.0):
    resolution: {integrity: sha512-a}
    optional: true
    dev: false

  file:b:
    resolution: {directory: b, type: directory}
    name: b-real
    version: 0.1.0
    dev: false

  host.example/o/r/0123:
    resolution: {tarball: https://host.example/o/r/tar.gz/0123}
    name: r
    version: 1.0.0
";

const V5: &str = r"lockfileVersion: 5.4

importers:

  packages/a:
    specifiers:
      b: ^1.0.0
    dependencies:
      b: 1.0.0_c@1.0.0

packages:

  /b/1.0.0_c@1.0.0:
    resolution: {integrity: sha512-b}
    dev: false

  registry.example/@s/d/2.0.0:
    resolution: {integrity: sha512-d, tarball: 'https://registry.example/@s/d/-/d-2.0.0.tgz'}
    dev: true

  host.example/o/r/0123:
    resolution: {commit: 0123, repo: 'https://host.example/o/r', type: git}
    name: r
    version: 3.0.0
";

fn read(text: &str) -> Lock {
    parse(text.as_bytes(), "pnpm-lock.yaml").expect("a good lock")
}

fn short(lock: &Lock) -> Vec<String> {
    let line = |package: &Package| package.place.line.unwrap_or_default();
    lock.packages
        .iter()
        .map(|p| {
            let at = p.installed_at.join(" ");
            format!("{}: {}@{} {:?} {:?} {} {at}", line(p), p.name, p.version, p.origin, p.scope, p.optional)
        })
        .collect()
}

#[test]
fn version_9_and_the_document_before_it() {
    let lock = read(V9);
    assert_eq!(
        short(&lock),
        [
            "6: .@ Own Production false ",
            "14: plugin@1.0.0 Registry Development false ",
            "48: @shop/a@ Own Production false packages/a",
            "60: binary@1.0.0 Registry Production true ",
            "64: git@3.0.0 Git Production false ",
            "68: left-pad@1.3.0 Archive Production false ",
            "72: lodash@4.17.21 Registry Production false ",
            "79: only@1.0.0 Registry Development false ",
            "82: peer@1.0.0 Registry Production false ",
            "85: tool@2.0.0 Registry Development false ",
            "39: outside@ Folder Production false ../outside",
        ]
    );
    assert_eq!((lock.listed, lock.format.as_str()), (11, "pnpm-lock.yaml v9.0"));
    assert_eq!(lock.packages[6].checksum.as_deref(), Some("sha512-o"));
}

#[test]
fn version_6_without_a_workspace() {
    let lock = read(V6);
    assert_eq!(
        short(&lock),
        [
            "4: .@ Own Production false ",
            "13: @s/a@1.0.0 Registry Development false ",
            "17: @s/a@1.0.0 Registry Production true ",
            "22: b-real@0.1.0 Folder Production false ",
            "28: r@1.0.0 Archive Production false ",
            "9: outside@ Folder Production false ../outside",
        ]
    );
    assert_eq!((lock.listed, lock.format.as_str()), (6, "pnpm-lock.yaml v6.0"));
}

#[test]
fn version_5() {
    let lock = read(V5);
    assert_eq!(
        short(&lock),
        [
            "5: packages/a@ Own Production false packages/a",
            "13: b@1.0.0 Registry Production false ",
            "17: @s/d@2.0.0 Registry Development false ",
            "21: r@3.0.0 Git Production false ",
        ]
    );
    assert_eq!((lock.listed, lock.format.as_str()), (4, "pnpm-lock.yaml v5.4"));
}

#[test]
fn what_pnpm_would_not_write_is_a_fault_at_its_line() {
    for (text, line, what) in [
        ("a: 1\n", Some(1), "no `lockfileVersion`"),
        ("# x\n", Some(1), "no pnpm lock file"),
        ("\nlockfileVersion: '8.0'\n", Some(2), "unknown lockfileVersion 8.0"),
        ("lockfileVersion:\n  a: 1\n", Some(1), "no version"),
        ("lockfileVersion: 9.0\npackages:\n  a@1: b\n", Some(3), "no mapping"),
        ("lockfileVersion: 9.0\npackages:\n  a@1: {resolution: *b}\n  c\n", Some(4), "no line that pnpm writes"),
        ("a: 1\n<<<<<<< a\n>>>>>>> b\n", Some(2), "merge-conflict"),
    ] {
        let fault = parse(text.as_bytes(), "pnpm-lock.yaml").expect_err(text);
        assert!(fault.what.contains(what), "{text}: {fault:?}");
        assert_eq!(fault.line, line, "{text}");
    }
}

/// YAML has no end: a beginning of it that can be read has to be all there is.
#[test]
fn a_file_that_is_cut_off_behind_a_line_is_refused() {
    let (_, whole) = V9.trim_start_matches("---\n").split_once("---\n").expect("two documents");
    let all = read(whole).packages.len();
    for end in whole.match_indices('\n').map(|(at, _)| at + 1) {
        if let Ok(lock) = parse(&whole.as_bytes()[..end], "pnpm-lock.yaml") {
            assert_eq!(lock.packages.len(), all, "{}", &whole[..end]);
        }
    }
}

#[test]
fn what_is_missing_is_named_with_its_line() {
    for (text, line, what) in [
        ("lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n", 5, "nothing below it"),
        ("lockfileVersion: '9.0'\nimporters:\n", 2, "nothing below it"),
        ("lockfileVersion: '9.0'\nimporters:\n  .:\npackages:\n  a@1.0.0: {}\n", 3, "nothing below it"),
        ("lockfileVersion: '9.0'\n", 1, "no `importers`"),
        (
            "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        version: 1.0.0\n",
            6,
            "a 1.0.0",
        ),
        (
            "lockfileVersion: 5.4\ndependencies:\n  a: 1.0.0\npackages:\n  /a/1.0.0:\n    dependencies:\n      b: 1.0.0_c@2.0.0\n",
            7,
            "b 1.0.0_c",
        ),
    ] {
        let fault = parse(text.as_bytes(), "pnpm-lock.yaml").expect_err(text);
        assert_eq!(fault.line, Some(line), "{text}: {fault:?}");
        assert!(fault.what.contains(what) && fault.what.contains("cut off"), "{fault:?}");
    }
    let empty = "lockfileVersion: '9.0'\nimporters:\n  .: {}\n";
    assert_eq!(read(empty).packages.len(), 1, "a project that asks for nothing");
}

#[test]
fn line_ends_of_windows_change_nothing() {
    for text in [V9, V6, V5] {
        assert_eq!(read(&format!("\u{feff}{}", text.replace('\n', "\r\n"))), read(text));
    }
}

#[test]
fn a_hundred_thousand_packages() {
    let mut text = String::from(
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    devDependencies:\n      p0:\n        version: 1.0.0\npackages:\n",
    );
    for i in 0..100_000 {
        text.push_str(&format!("  p{i}@1.0.0:\n    resolution: {{integrity: sha512-{i}}}\n"));
    }
    text.push_str("snapshots:\n");
    for i in 0..100_000 {
        text.push_str(&format!("  p{i}@1.0.0:\n    dependencies:\n      p{}: 1.0.0\n", (i + 1) % 100_000));
    }
    let lock = read(&text);
    assert_eq!((lock.packages.len(), lock.listed), (100_001, 100_001));
    assert!(lock.packages[1..].iter().all(|package| package.scope == crate::plan::package::Scope::Development));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes, "pnpm-lock.yaml");
    }

    #[test]
    fn a_changed_lock_is_read_or_refused_and_loses_nothing(
        text in prop::sample::select(vec![V9, V6, V5]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"{}[]'\":,/@ \n-#|1a".to_vec())), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(lock) = parse(&bytes, "pnpm-lock.yaml") {
            prop_assert_eq!(lock.packages.len(), lock.listed);
        }
    }
}
