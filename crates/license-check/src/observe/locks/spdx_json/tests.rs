use super::*;
use crate::observe::hostile::mutated;
use proptest::prelude::*;

const SAMPLE: &str = r#"{
  "spdxVersion": "SPDX-2.3",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "shop",
  "documentDescribes": ["SPDXRef-root"],
  "packages": [
    {"SPDXID": "SPDXRef-root", "name": "shop", "versionInfo": "1.0.0", "downloadLocation": "NOASSERTION"},
    {
      "SPDXID": "SPDXRef-a", "name": "@babel/core", "versionInfo": "7.26.0",
      "licenseConcluded": "NOASSERTION",
      "licenseDeclared": "MIT",
      "checksums": [{"algorithm": "SHA512", "checksumValue": "aa"}, {"algorithm": "SHA1", "checksumValue": "bb"}],
      "externalRefs": [
        {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a"},
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/%40babel/core@7.26.0"}
      ]
    },
    {"SPDXID": "SPDXRef-b", "name": "b", "versionInfo": "1", "licenseDeclared": "LicenseRef-b",
     "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:gem/b@1"}]},
    {"SPDXID": "SPDXRef-c", "name": "c", "licenseDeclared": "NONE", "licenseConcluded": "DocumentRef-x:LicenseRef-y"}
  ],
  "hasExtractedLicensingInfos": [
    {"licenseId": "LicenseRef-b", "extractedText": "Do as you like.\nReally.", "name": "NOASSERTION"}
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-root", "relationshipType": "DESCRIBES"},
    {"spdxElementId": "SPDXRef-root", "relatedSpdxElement": "SPDXRef-a", "relationshipType": "DEPENDS_ON"},
    {"spdxElementId": "SPDXRef-a", "relatedSpdxElement": "SPDXRef-root", "relationshipType": "DEV_DEPENDENCY_OF"},
    {"spdxElementId": "SPDXRef-b", "relatedSpdxElement": "SPDXRef-root", "relationshipType": "DEV_DEPENDENCY_OF"},
    {"spdxElementId": "SPDXRef-c", "relatedSpdxElement": "SPDXRef-root", "relationshipType": "OPTIONAL_DEPENDENCY_OF"}
  ]
}
"#;

#[test]
fn all_that_is_said() {
    let lock = parse(SAMPLE.as_bytes(), "sbom.spdx.json").expect("read");
    assert_eq!(lock.format, "SPDX 2.3");
    let ids: Vec<String> = lock.packages.iter().map(Package::id).collect();
    assert_eq!(ids, ["generic:shop@1.0.0", "npm:@babel/core@7.26.0", "gem:b@1", "generic:c@"]);
    assert_eq!(lock.listed, 4);
    let [root, a, b, c] = lock.packages.as_slice() else { panic!("four") };
    assert_eq!((root.origin, a.origin), (Origin::Own, Origin::Registry));
    assert_eq!(a.place.line, Some(8));
    assert_eq!(a.statements.len(), 1);
    assert_eq!((a.statements[0].field, a.statements[0].place.line), ("licenseDeclared", Some(11)));
    assert_eq!(a.checksum.as_deref(), Some("sha512:aa"));
    assert_eq!((a.scope, b.scope), (Scope::Production, Scope::Development), "what is needed elsewhere is shipped");
    let values: Vec<&Value> = b.statements.iter().map(|statement| &statement.value).collect();
    assert_eq!(values, [&Value::One("Do as you like.\nReally.".to_owned()), &Value::One("LicenseRef-b".to_owned())]);
    assert!(c.optional);
    assert_eq!(c.statements.len(), 2);
    assert_eq!(lock.notices.len(), 1, "{:?}", lock.notices);
}

#[test]
fn a_document_that_describes_all_of_its_packages_has_no_subject() {
    let text = r#"{"spdxVersion":"SPDX-2.2","documentDescribes":["A","B"],"packages":[
        {"SPDXID":"A","name":"a"},{"SPDXID":"B","name":"b"}]}"#;
    let lock = parse(text.as_bytes(), "s").expect("read");
    assert!(lock.packages.iter().all(|package| package.origin == Origin::Registry));
    let text = r#"{"spdxVersion":"SPDX-2.2","documentDescribes":["A"],"packages":[{"SPDXID":"A","name":"a"}]}"#;
    let lock = parse(text.as_bytes(), "s").expect("read");
    assert_eq!(lock.packages[0].origin, Origin::Registry, "the only package is what is asked about");
}

#[test]
fn what_is_wrong_has_its_line() {
    let fault = |text: &str| parse(text.as_bytes(), "s").expect_err(text);
    assert!(fault("{}").what.contains("spdxVersion"));
    assert!(fault("{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\"}").what.contains("SPDX 3"));
    assert!(fault("{\"spdxVersion\":\"SPDX-9\"}").what.contains("SPDX-9 is not known"));
    let with = |package: &str| format!("{{\"spdxVersion\":\"SPDX-2.3\",\n\"packages\":[\n{package}\n]}}");
    assert_eq!(fault(&with("{}")).line, Some(3));
    assert_eq!(fault(&with("{\"name\":\"a\",\n\"licenseDeclared\":[]}")).line, Some(4));
    assert_eq!(fault(&with("{\"name\":\"a\",\n\"name\":\"b\"}")).line, Some(4));
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, "s");
    }

    #[test]
    fn no_harm_makes_it_lose_a_package(bytes in mutated(SAMPLE)) {
        if let Ok(lock) = parse(&bytes, "s") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }
}
