use super::*;

fn package(ecosystem: Ecosystem, name: &str, version: &str, license: Option<&str>) -> SbomPackage {
    SbomPackage {
        ecosystem,
        name: name.to_owned(),
        version: version.to_owned(),
        license: license.map(str::to_owned),
        license_name: None,
        concluded: false,
        checksum: None,
        scope: Scope::Production,
        optional: false,
        place: Place::new("list.lock", Some(7)),
    }
}

#[test]
fn a_bill() {
    let mut core = package(Ecosystem::Npm, "@babel/core", "7.26.0", Some("MIT"));
    core.checksum = Some("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=".to_owned());
    let mut odd = package(Ecosystem::Pip, "odd", "1", None);
    odd.license_name = Some("BSD (which one is not said)".to_owned());
    odd.scope = Scope::Development;
    let text = cyclonedx(&[odd, core], "0.1.0");
    let expected = r#"{
  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "version": 1,
  "metadata": {
    "tools": {
      "components": [
        {
          "type": "application",
          "name": "license-check",
          "version": "0.1.0"
        }
      ]
    }
  },
  "components": [
    {
      "type": "library",
      "bom-ref": "pkg:npm/%40babel/core@7.26.0",
      "group": "@babel",
      "name": "core",
      "version": "7.26.0",
      "scope": "required",
      "hashes": [
        {
          "alg": "SHA-1",
          "content": "da39a3ee5e6b4b0d3255bfef95601890afd80709"
        }
      ],
      "licenses": [
        {
          "license": {
            "id": "MIT",
            "acknowledgement": "declared"
          }
        }
      ],
      "purl": "pkg:npm/%40babel/core@7.26.0",
      "evidence": {
        "occurrences": [
          {
            "location": "list.lock",
            "line": 7
          }
        ]
      }
    },
    {
      "type": "library",
      "bom-ref": "pkg:pypi/odd@1",
      "name": "odd",
      "version": "1",
      "scope": "excluded",
      "licenses": [
        {
          "license": {
            "name": "BSD (which one is not said)",
            "acknowledgement": "declared"
          }
        }
      ],
      "purl": "pkg:pypi/odd@1",
      "evidence": {
        "occurrences": [
          {
            "location": "list.lock",
            "line": 7
          }
        ]
      }
    }
  ]
}
"#;
    assert_eq!(text, expected);
}

#[test]
fn the_same_package_is_one_component_unless_its_licence_differs() {
    let mut twice = package(Ecosystem::Cargo, "a", "1.0.0", Some("MIT OR Apache-2.0"));
    twice.scope = Scope::Development;
    twice.place = Place::new("other.lock", None);
    let all = [
        package(Ecosystem::Cargo, "a", "1.0.0", Some("MIT OR Apache-2.0")),
        twice,
        package(Ecosystem::Cargo, "a", "1.0.0", Some("GPL-3.0-only")),
        package(Ecosystem::Cargo, "a", "1.0.0", None),
    ];
    let text = cyclonedx(&all, "0");
    assert_eq!(text.matches("\"purl\"").count(), 3);
    for reference in ["pkg:cargo/a@1.0.0\"", "pkg:cargo/a@1.0.0#2\"", "pkg:cargo/a@1.0.0#3\""] {
        assert_eq!(text.matches(&format!("\"bom-ref\": \"{reference}")).count(), 1, "{reference}");
    }
    assert!(text.contains("\"expression\": \"MIT OR Apache-2.0\"") && text.contains("other.lock"));
    assert!(!text.contains("excluded"), "one list ships it");
    let mut reversed = all.clone();
    reversed.reverse();
    assert_eq!(cyclonedx(&reversed, "0"), text);
}
