use super::*;
use crate::plan::package::Ecosystem;
use std::fs;
use tempfile::TempDir;

struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        Machine { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, path: &str, content: &str) {
        let path = self.folder.path().join("home/.nuget/packages").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn nuspec(&self, id: &str, version: &str, rest: &str) {
        let text = format!(
            "\u{feff}<?xml version=\"1.0\"?>\r\n<package xmlns=\"http://schemas.example/nuspec.xsd\">\r\n  <metadata>\r\n    \
             <id>{id}</id>\r\n    <version>{version}</version>\r\n    {rest}\r\n  </metadata>\r\n</package>"
        );
        let id = id.to_lowercase();
        self.file(&format!("{id}/{}/{id}.nuspec", normalized(version)), &text);
    }

    fn look(&self, id: &str, version: &str) -> Evidence {
        let home = self.folder.path().join("home").to_str().unwrap().to_owned();
        let ground = Ground {
            root: self.folder.path().join("root"),
            folder: String::new(),
            variables: [("HOME".to_owned(), home)].into(),
        };
        open(&ground, &Lock::default()).look(&Package::new(Ecosystem::NuGet, id, version, Place::default()))
    }
}

fn values(evidence: &Evidence) -> Vec<(&str, &Value, Option<u32>)> {
    evidence.statements.iter().map(|s| (s.field, &s.value, s.place.line)).collect()
}

#[test]
fn a_nuspec_says_its_licence_at_its_line() {
    let machine = Machine::new();
    let both = "<license type=\"expression\">MIT</license>\r\n<licenseUrl>https://licenses.example/MIT</licenseUrl>";
    machine.nuspec("Newtonsoft.Json", "13.0.3", both);
    machine.file("newtonsoft.json/13.0.3/LICENSE.md", "mit");
    let evidence = machine.look("Newtonsoft.Json", "13.0.3");
    assert_eq!(values(&evidence), [("license", &Value::One("MIT".to_owned()), Some(6))]);
    assert_eq!((evidence.files.len(), &evidence.missing), (1, &None));
}

#[test]
fn a_file_is_read_within_the_package_only() {
    let machine = Machine::new();
    let end = "<licenseUrl>https://aka.ms/deprecateLicenseUrl</licenseUrl>";
    machine.nuspec("A", "1.0.0", &format!("<license type=\"file\">docs\\terms.txt</license>{end}"));
    machine.file("a/1.0.0/docs/terms.txt", "terms");
    let evidence = machine.look("A", "1.0.0");
    assert_eq!(values(&evidence), [("license", &Value::File("docs/terms.txt".to_owned()), Some(6))]);
    assert_eq!((evidence.files[0].name.as_str(), evidence.notices.len()), ("docs/terms.txt", 0));
    machine.nuspec("B", "1.0.0", "<license type=\"file\">../../a/1.0.0/docs/terms.txt</license>");
    let evidence = machine.look("B", "1.0.0");
    assert_eq!((evidence.files.len(), evidence.notices.len()), (0, 1));
}

#[test]
fn addresses_are_statements_but_for_the_empty_one() {
    let machine = Machine::new();
    for (address, said) in [
        ("https://opensource.example/MIT", true),
        ("https://aka.ms/deprecateLicenseUrl", false),
        ("http://AKA.ms/deprecatelicenseurl/", false),
        ("", false),
    ] {
        machine.nuspec("A", "1.0.0", &format!("<licenseUrl>{address}</licenseUrl>"));
        let evidence = machine.look("A", "1.0.0");
        assert_eq!(evidence.statements.len(), usize::from(said), "{address}");
        assert_eq!(evidence.missing, None);
    }
    machine.nuspec("A", "1.0.0", "<license type=\"smell\">MIT</license>");
    let evidence = machine.look("A", "1.0.0");
    assert_eq!((evidence.statements.len(), evidence.notices.len()), (0, 1));
}

#[test]
fn what_is_not_the_locked_version_is_not_used() {
    let machine = Machine::new();
    machine.nuspec("A", "1.0.0", "<license type=\"expression\">MIT</license>");
    assert_eq!(machine.look("a", "1.0").missing, None);
    let missing = machine.look("A", "2.0.0").missing.unwrap();
    assert_eq!(missing, "A 2.0.0 is not in the global packages folder; run `dotnet restore`");
    machine.file("b/1.0.0/b.nuspec", "<package><metadata><id>C</id><version>1.0.0</version></metadata></package>");
    assert!(machine.look("B", "1.0.0").missing.unwrap().contains("b.nuspec is C 1.0.0, and not B 1.0.0"));
    for text in ["<!DOCTYPE a><package/>", "<package/>", "<package>", "", "<package><metadata>&x;</metadata></package>"]
    {
        machine.file("b/1.0.0/b.nuspec", text);
        assert!(machine.look("B", "1.0.0").missing.is_some(), "{text}");
    }
    assert!(machine.look("../b", "1.0.0").missing.unwrap().contains("no name of a package"));
}

#[test]
fn versions_are_normalised() {
    for (version, normal) in [
        ("1.0", "1.0.0"),
        ("1", "1.0.0"),
        ("1.00.01.0", "1.0.1"),
        ("1.0.0.5", "1.0.0.5"),
        ("1.0.0-RC.1+abc", "1.0.0-rc.1"),
        ("3.1.0-dev-02078", "3.1.0-dev-02078"),
    ] {
        assert_eq!(normalized(version), normal);
    }
}
