use super::*;
use crate::observe::hostile::mutated;
use proptest::prelude::*;

const SAMPLE: &str = r#"{
  "version": 2,
  "dependencies": {
    "net8.0": {
      "Newtonsoft.Json": {
        "type": "Direct",
        "requested": "[13.0.1, )",
        "resolved": "13.0.3",
        "contentHash": "HrC5BXdl00IP9zeV+0Z848QWPAoCr9P3bDEZguI+gkLcBKAOxix/tLEAAHC+UvDNPv4a2d18lOReHMOagPa+zQ=="
      },
      "Serilog": {
        "type": "Transitive",
        "resolved": "3.1.0-dev-02078",
        "dependencies": { "Central": "1.0.0" }
      },
      "Central": { "type": "CentralTransitive", "requested": "[1.0.0, )", "resolved": "1.0.0" },
      "shop.core": {
        "type": "Project"
      }
    },
    "net8.0/win-x64": {
      "newtonsoft.json": { "type": "Direct", "resolved": "13.0.3" },
      "Serilog": { "type": "Transitive", "resolved": "3.1.1" },
      "shop.core": { "type": "Project" }
    }
  }
}
"#;

const ASSETS: &str = r#"{
  "version": 3,
  "targets": { "net8.0": { "Serilog/3.1.1": { "type": "package" } } },
  "libraries": {
    "Serilog/3.1.1": { "sha512": "abc==", "type": "package", "path": "serilog/3.1.1", "files": ["a"] },
    "Shop.Core/1.0.0": { "type": "project", "path": "../core/core.csproj" }
  }
}"#;

fn read(text: &str) -> Result<Lock, Fault> {
    parse(text.as_bytes(), "packages.lock.json")
}

#[test]
fn every_package_stands_once_for_all_frameworks() {
    let lock = read(SAMPLE).unwrap();
    assert_eq!((lock.format.as_str(), lock.listed, lock.notices.len()), ("packages.lock.json v2", 5, 0));
    let rows: Vec<_> = lock.packages.iter().map(|p| (p.id(), p.origin, p.place.line.unwrap())).collect();
    assert_eq!(
        rows,
        [
            ("nuget:Newtonsoft.Json@13.0.3".to_owned(), Origin::Registry, 5),
            ("nuget:Serilog@3.1.0-dev-02078".to_owned(), Origin::Registry, 11),
            ("nuget:Central@1.0.0".to_owned(), Origin::Registry, 16),
            ("nuget:shop.core@".to_owned(), Origin::Own, 17),
            ("nuget:Serilog@3.1.1".to_owned(), Origin::Registry, 23),
        ]
    );
    assert!(lock.packages[0].checksum.as_deref().unwrap().starts_with("sha512-HrC5"));
    assert_eq!(read(&format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n"))).unwrap(), lock);
}

#[test]
fn what_was_restored_is_a_list_too() {
    let lock = parse_assets(ASSETS.as_bytes(), "obj/project.assets.json").unwrap();
    let rows: Vec<_> = lock.packages.iter().map(|p| (p.id(), p.origin, p.place.line.unwrap())).collect();
    assert_eq!(
        rows,
        [("nuget:Serilog@3.1.1".to_owned(), Origin::Registry, 5), ("nuget:Shop.Core@1.0.0".to_owned(), Origin::Own, 6),]
    );
    let fault =
        parse_assets(ASSETS.replace("Serilog/3.1.1\": { \"sha", "Serilog\": { \"sha").as_bytes(), "").unwrap_err();
    assert_eq!((fault.line, fault.what.contains("no NAME/VERSION")), (Some(5), true));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, what) in [
        (SAMPLE.replace("\"version\": 2", "\"version\": 9"), Some(2), "version 9 is unknown"),
        (SAMPLE.replace("\"version\": 2", "\"version\": \"2\""), Some(2), "version \"2\" is unknown"),
        (SAMPLE.replace("\"version\": 2,", ""), Some(27), "missing field `version`"),
        (SAMPLE.replace("  \"version\": 2,", "  \"version\": 2,\n  \"version\": 2,"), Some(3), "duplicate field"),
        (SAMPLE.replace("\"resolved\": \"13.0.3\",", ""), Some(5), "Newtonsoft.Json has no resolved"),
        (SAMPLE.replace("\"resolved\": \"3.1.0-dev-02078\",", "\"resolved\": 3,"), Some(13), "invalid type"),
        (SAMPLE[..SAMPLE.len() / 2].to_owned(), Some(14), "EOF"),
        (SAMPLE.replace("      \"Central\"", "<<<<<<< a\n=======\n>>>>>>> b\n"), Some(16), "conflict markers"),
        (SAMPLE.replace("Central\"", "Central\0\""), Some(14), "control character"),
        ("[".repeat(1_000_000), Some(1), "restore the file"),
        (String::new(), Some(1), "EOF"),
    ] {
        let fault = read(&text).unwrap_err();
        assert!(fault.what.contains(what), "{what}: {fault:?}");
        assert_eq!(fault.line, line, "{what}: {fault:?}");
    }
    assert_eq!(parse(b"{\n\xff", "").unwrap_err().line, Some(2));
}

#[test]
fn unknown_kinds_are_told_of_and_listed() {
    let lock = read(&SAMPLE.replace("CentralTransitive", "Floating")).unwrap();
    assert_eq!((lock.listed, lock.notices.len()), (5, 1));
    assert!(lock.notices[0].starts_with("packages.lock.json:16: Central is of an unknown kind"));
}

#[test]
fn a_hundred_thousand_packages_are_read() {
    let mut text = "{\"version\": 1, \"dependencies\": {\"net8.0\": {\n".to_owned();
    for number in 0..100_000 {
        text.push_str(&format!("\"P{number}\": {{\"type\": \"Transitive\", \"resolved\": \"1.0.{number}\"}},\n"));
    }
    text.push_str("\"Last\": {\"type\": \"Transitive\", \"resolved\": \"1.0.0\"}}}}");
    let lock = read(&text).unwrap();
    assert_eq!((lock.listed, lock.packages.len()), (100_001, 100_001));
    assert_eq!(lock.packages[100_000].place.line, Some(100_002));
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_dropped(bytes in mutated(SAMPLE)) {
        if let Ok(lock) = parse(&bytes, "packages.lock.json") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn assets_never_panic(bytes in mutated(ASSETS)) {
        if let Ok(lock) = parse_assets(&bytes, "obj/project.assets.json") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (parse(&bytes, ""), parse_assets(&bytes, ""));
    }
}
