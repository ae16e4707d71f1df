//! Hostile things beside the lists: trees, caches, manifests, fields.

use crate::change::npm_lock;
use crate::project::{Checked, Project};
use std::io::Write;
use std::os::unix::fs::symlink;

const MIT: &str = include_str!("../../../src/plan/decide/mit.txt");

#[test]
fn cyclic_links_in_a_tree_end() {
    let project = Project::with(&[("package.json", r#"{"dependencies": {"pad": "1.0.0"}}"#)]);
    project.write("node_modules/pad/package.json", r#"{"name": "pad", "version": "1.0.0", "license": "MIT"}"#);
    std::fs::create_dir(project.at("node_modules/pad/node_modules")).unwrap();
    symlink("../..", project.at("node_modules/pad/node_modules/up")).unwrap();
    symlink("pad", project.at("node_modules/round")).unwrap();
    symlink("self", project.at("node_modules/self")).unwrap();
    symlink("../node_modules", project.at("node_modules/@scope")).unwrap();
    symlink("..", project.at("loop")).unwrap();
    let checked = project.check(&[]);
    assert!([0, 4].contains(&checked.ran.exit), "{}", checked.ran.stderr);
    let pads = checked
        .adds_up()
        .packages()
        .iter()
        .filter(|package| package["name"] == "pad" && package["license"] == "MIT")
        .count();
    assert!(pads >= 1, "{:?}", checked.packages());
}

/// With a lock file, the links make no difference at all.
#[test]
fn cyclic_links_beside_a_lock_file_change_nothing() {
    let project = Project::with(&[("package-lock.json", npm_lock(&[("pad", "1.0.0", "", false)]))]);
    project.write("node_modules/pad/package.json", r#"{"name": "pad", "version": "1.0.0", "license": "MIT"}"#);
    symlink("..", project.at("node_modules/pad/node_modules")).unwrap();
    symlink("../../pad/LICENSE", project.at("node_modules/pad/LICENSE")).unwrap();
    let checked = project.check(&[]).exits(0);
    assert_eq!(checked.package("pad")["license"], "MIT");
}

/// A package may not answer with a file of somebody else's.
#[test]
fn a_field_that_leads_out_of_its_package_is_not_followed() {
    let project = Project::with(&[("package-lock.json", npm_lock(&[("pad", "1.0.0", "", false)]))]);
    project.write("LICENSE", MIT);
    project.write("node_modules/LICENSE", MIT);
    for field in ["SEE LICENSE IN ../LICENSE", "SEE LICENSE IN ../../LICENSE", "SEE LICENSE IN /etc/passwd"] {
        let manifest = serde_json::json!({"name": "pad", "version": "1.0.0", "license": field}).to_string();
        project.write("node_modules/pad/package.json", manifest);
        let checked = project.check(&[]).exits(1);
        assert_eq!(checked.package("pad")["state"], "custom", "{field}: {}", checked.package("pad"));
        assert_ne!(checked.package("pad")["license"], "MIT", "{field}");
    }
}

#[test]
fn a_pipe_in_a_file_s_place_does_not_stop_the_run() {
    let project = Project::with(&[("package-lock.json", npm_lock(&[("pad", "1.0.0", "", false)]))]);
    project.write("node_modules/pad/index.js", "");
    let pipe =
        |path: &str| assert!(std::process::Command::new("mkfifo").arg(project.at(path)).status().unwrap().success());
    pipe("node_modules/pad/package.json");
    project.check(&[]).exits(4);
    std::fs::remove_file(project.at("node_modules/pad/package.json")).unwrap();
    project.write("node_modules/pad/package.json", r#"{"name": "pad", "version": "1.0.0", "license": "MIT"}"#);
    pipe("node_modules/pad/LICENSE");
    assert_eq!(project.check(&[]).exits(0).package("pad")["license"], "MIT");
}

/// What lies there is another version: its licence is no evidence.
#[test]
fn another_version_on_the_disk_proves_nothing() {
    let project = Project::with(&[("package-lock.json", npm_lock(&[("pad", "2.0.0", "", false)]))]);
    project.write("node_modules/pad/package.json", r#"{"name": "pad", "version": "1.0.0", "license": "MIT"}"#);
    let checked = project.check(&[]).exits(4);
    assert_eq!(
        (&checked.package("pad")["license"], &checked.package("pad")["verdict"]),
        (&serde_json::Value::Null, &"unproven".into())
    );
    assert!(checked.ran.stderr.contains("1.0.0"), "{}", checked.ran.stderr);
}

#[test]
fn fields_that_are_no_licence_are_said_to_be_none() {
    for field in ["MIT OR", "MIT AND (", "Free as in beer", "\u{202e}TIM", ""] {
        let lock = npm_lock(&[("odd", "1.0.0", "", false)]);
        let project = Project::with(&[("package-lock.json", lock)]);
        let manifest = serde_json::json!({"name": "odd", "version": "1.0.0", "license": field}).to_string();
        project.write("node_modules/odd/package.json", manifest);
        let checked = project.check(&[]);
        assert_eq!(checked.ran.exit, 1, "{field:?} passed: {:?}", checked.packages());
        // Words that are no licence of SPDX's list are terms of the package's own, which nothing allows.
        let license = checked.package("odd")["license"].as_str().unwrap_or("LicenseRef-");
        assert!(license.starts_with("LicenseRef-"), "{field:?}: {license}");
    }
    // Nor is what is of another type.
    for field in ["7", "true", "null", "{}", "[]", "[7]", "{\"type\": {}}"] {
        let project = Project::with(&[("package-lock.json", npm_lock(&[("odd", "1.0.0", "", false)]))]);
        project.write(
            "node_modules/odd/package.json",
            format!("{{\"name\": \"odd\", \"version\": \"1.0.0\", \"license\": {field}}}"),
        );
        let checked = project.check(&[]);
        assert!([1, 4].contains(&checked.ran.exit), "{field} passed: {:?}", checked.packages());
    }
}

const GEMFILE_LOCK: &str = "GEM\n  remote: https://registry.example/\n  specs:\n    evil (1.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  evil\n\nBUNDLED WITH\n   2.5.0\n";

/// A gemspec is a program. It is read, never run.
#[test]
fn a_gemspec_s_code_is_not_run() {
    let project = Project::with(&[("Gemfile.lock", GEMFILE_LOCK)]);
    let canary = project.at("canary").display().to_string();
    let spec = |license: &str| {
        format!(
            "# -*- encoding: utf-8 -*-\nFile.write({canary:?}, 'run')\nsystem(\"touch {canary}\")\n`touch {canary}`\nGem::Specification.new do |s|\n  s.name = \"evil\".freeze\n  s.version = \"1.0.0\"\n  \
             {license}\nend\n"
        )
    };
    let check = |license: &str| -> Checked {
        let home = project.at("gems").display().to_string();
        project.write("gems/specifications/evil-1.0.0.gemspec", spec(license));
        std::fs::create_dir_all(project.at("gems/gems/evil-1.0.0")).unwrap();
        project.check_with(&[("GEM_HOME", &home)], &[])
    };
    assert_eq!(check("s.licenses = [\"MIT\".freeze]").exits(0).package("evil")["license"], "MIT");
    // What only Ruby could work out is not known.
    let computed = check("s.licenses = [File.write('canary', 'run'), %w[M I T].join]");
    assert!([1, 4].contains(&computed.ran.exit), "{}", computed.ran.stderr);
    assert_ne!(computed.package("evil")["license"], "MIT");
    assert!(!project.at("canary").exists(), "the gemspec was run");
}

const POM: &str = "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><dependencies><dependency><groupId>h</groupId><artifactId>b</artifactId><version>2</version></dependency></dependencies></project>";

#[test]
fn entities_are_never_put_in() {
    let secret = Project::with(&[("secret", "MIT")]);
    let external = format!("<!DOCTYPE project [<!ENTITY x SYSTEM \"file://{}\">]>\n", secret.at("secret").display());
    let laughs =
        "<!DOCTYPE project [<!ENTITY a \"MITMITMIT\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY x \"&b;&b;&b;&b;\">]>\n";
    for start in [external.as_str(), laughs] {
        let project = Project::with(&[("pom.xml", format!("{start}{}", POM.replace("<version>2<", "<version>&x;<")))]);
        let checked = project.check(&[]).exits(2);
        assert_eq!(checked.finding("file-invalid")["path"], "pom.xml");
        // The same in a pom of the repository: what it says is not used.
        let project = Project::with(&[("pom.xml", POM)]);
        let pom = "<project><groupId>h</groupId><artifactId>b</artifactId><version>2</version><licenses><license><name>&x;</name></license></licenses></project>";
        project.write("home/.m2/repository/h/b/2/b-2.pom", format!("{start}{pom}"));
        let home = project.at("home").display().to_string();
        let checked = project.check_with(&[("HOME", &home)], &[]);
        assert!([1, 4].contains(&checked.ran.exit), "{}", checked.ran.stderr);
        assert_eq!(checked.package("h:b")["license"], serde_json::Value::Null);
        // Without the entity it is.
        project.write("home/.m2/repository/h/b/2/b-2.pom", pom.replace("&x;", "MIT"));
        assert_eq!(project.check_with(&[("HOME", &home)], &[]).exits(0).package("h:b")["license"], "MIT");
    }
}

/// A member of a zip: its name, its content, the size that its header claims.
fn zip(members: &[(&str, &[u8], u32)], deflated: Option<u32>) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content, size) in members {
        let offset = u32::try_from(out.len()).unwrap();
        let method = u16::from(deflated.is_some()) * 8;
        let crc = deflated.unwrap_or_else(|| crc32(content));
        let stored = u32::try_from(content.len()).unwrap();
        let mut head = Vec::new();
        for half in [20_u16, 0, method, 0, 0] {
            head.extend(half.to_le_bytes());
        }
        for word in [crc, stored, *size] {
            head.extend(word.to_le_bytes());
        }
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(*content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = u32::try_from(out.len()).unwrap();
    let count = u16::try_from(members.len()).unwrap();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

const BERRY: &str = "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n\"pad@npm:1.0.0\":\n  version: 1.0.0\n  resolution: \"pad@npm:1.0.0\"\n  checksum: 10c0/00\n  languageName: node\n  linkType: hard\n";

fn berry(archive: &[u8]) -> Project {
    let project = Project::with(&[("yarn.lock", BERRY)]);
    project.write(".yarn/cache/pad-npm-1.0.0-0123456789-10c0.zip", archive);
    project
}

#[test]
fn archives_of_berry_s_cache_are_read_in_place_and_never_beyond() {
    let manifest = br#"{"name": "pad", "version": "1.0.0", "license": "MIT"}"#;
    let size = u32::try_from(manifest.len()).unwrap();
    let good = zip(&[("node_modules/pad/package.json", manifest, size)], None);
    assert_eq!(berry(&good).check(&[]).exits(0).package("pad")["license"], "MIT");
    // Names that lead elsewhere are neither read nor written.
    let other = br#"{"name": "pad", "version": "1.0.0", "license": "GPL-3.0-only"}"#;
    let other_size = u32::try_from(other.len()).unwrap();
    for name in [
        "../../../package.json",
        "/node_modules/pad/package.json",
        "node_modules/pad/../pad/package.json",
        "node_modules\\pad\\package.json",
    ] {
        let project = berry(&zip(&[(name, other, other_size)], None));
        let checked = project.check(&[]);
        assert!([1, 2, 4].contains(&checked.ran.exit), "{name}: {}", checked.ran.stderr);
        assert_eq!(checked.package("pad")["license"], serde_json::Value::Null, "{name}");
        assert!(!project.at("package.json").exists() && !project.at("../package.json").exists(), "{name}");
    }
    // Cut off anywhere, it proves nothing.
    for part in 1..8 {
        let checked = berry(&good[..good.len() * part / 8]).check(&[]);
        assert!([2, 4].contains(&checked.ran.exit), "{part}/8: {}: {}", checked.ran.exit, checked.ran.stderr);
    }
}

/// A hundred megabytes of blanks in a tenth of one, and one that claims to be small.
#[test]
fn a_bomb_is_not_unpacked() {
    let bytes = 128_usize << 20;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..bytes / block.len() {
        encoder.write_all(&block).unwrap();
    }
    let packed = encoder.finish().unwrap();
    for claimed in [u32::try_from(bytes).unwrap(), 100] {
        let project = berry(&zip(&[("node_modules/pad/package.json", &packed, claimed)], Some(0)));
        let line = "ulimit -v 131072 && exec \"$0\" check --json -";
        let ran = kit_test::Cli::new("bash", project.path()).args(["-c", line, crate::project::BINARY]).run();
        let checked = Checked::of(ran);
        assert!([1, 2, 4].contains(&checked.ran.exit), "{}: {}", checked.ran.exit, checked.ran.stderr);
    }
}
