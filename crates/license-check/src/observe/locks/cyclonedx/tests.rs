use super::*;
use crate::observe::hostile::mutated;
use crate::plan::package::{Ecosystem, Package};
use crate::plan::statement::Value;
use proptest::prelude::*;

const SAMPLE: &str = r#"{
  "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "version": 1,
  "metadata": {"component": {"type": "application", "name": "shop", "version": "1.0.0", "purl": "pkg:npm/shop@1.0.0"}},
  "components": [
    {
      "type": "library", "group": "@babel", "name": "core", "version": "7.26.0",
      "purl": "pkg:npm/%40babel/core@7.26.0",
      "licenses": [{"license": {"id": "MIT", "url": "https://opensource.org/licenses/MIT"}}],
      "hashes": [
        {"alg": "SHA-1", "content": "0123456789abcdef0123456789abcdef01234567"},
        {"alg": "SHA-256", "content": "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"}
      ],
      "components": [
        {"type": "library", "name": "inner", "version": "2.0.0", "purl": "pkg:npm/inner@2.0.0", "scope": "optional",
         "licenses": [{"expression": "(MIT OR Apache-2.0)"}]}
      ]
    },
    {"type": "library", "name": "requests", "version": "2.32.3", "purl": "pkg:pypi/Requests@2.32.3",
     "properties": [{"name": "cdx:npm:package:development", "value": "true"}],
     "licenses": [{"license": {"name": "Apache Software License"}}, {"license": {"id": "MIT"}}]},
    {"type": "library", "group": "acme", "name": "widget", "version": "3", "scope": "excluded",
     "licenses": [{"license": {"name": "Acme", "url": "https://acme.example/terms", "text": {"content": "Do\nwhat we say."}}}]},
    {"type": "operating-system", "name": "bash", "purl": "pkg:deb/debian/bash@5.2"},
    {"type": "file", "name": "/etc/passwd"}
  ]
}
"#;

fn named<'l>(lock: &'l Lock, name: &str) -> &'l Package {
    lock.packages.iter().find(|package| package.name == name).unwrap_or_else(|| panic!("{name} in {lock:?}"))
}

#[test]
fn all_that_is_said() {
    let lock = parse(SAMPLE.as_bytes(), "bom.json").expect("read");
    assert_eq!(lock.format, "CycloneDX 1.5");
    let ids: Vec<String> = lock.packages.iter().map(Package::id).collect();
    assert_eq!(
        ids,
        [
            "npm:shop@1.0.0",
            "npm:@babel/core@7.26.0",
            "npm:inner@2.0.0",
            "pip:requests@2.32.3",
            "generic:acme/widget@3",
            "generic:deb/debian/bash@5.2"
        ]
    );
    assert_eq!(lock.listed, lock.packages.len());
    assert_eq!(named(&lock, "shop").origin, Origin::Own);
    let core = named(&lock, "@babel/core");
    assert_eq!(core.place, Place::new("bom.json", Some(8)));
    assert_eq!(core.statements[0].value, Value::One("MIT".to_owned()));
    assert_eq!(core.statements[0].place.line, Some(11));
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    assert_eq!(core.checksum.as_deref(), Some(digest));
    let inner = named(&lock, "inner");
    assert!(inner.optional && inner.scope == Scope::Production);
    assert_eq!(inner.statements[0].value, Value::One("(MIT OR Apache-2.0)".to_owned()));
    let requests = named(&lock, "requests");
    assert_eq!(requests.scope, Scope::Development);
    let several = Value::Classifiers(vec!["Apache Software License".to_owned(), "MIT".to_owned()]);
    assert_eq!(requests.statements[0].value, several);
    let widget = named(&lock, "acme/widget");
    assert_eq!((widget.ecosystem, widget.scope), (Ecosystem::Generic, Scope::Development));
    assert_eq!(widget.statements.len(), 2);
    assert_eq!(widget.statements[1].value, Value::One("Do\nwhat we say.".to_owned()));
    assert!(named(&lock, "deb/debian/bash").statements.is_empty());
    assert_eq!(lock.notices.len(), 1, "{:?}", lock.notices);
    assert!(lock.notices[0].starts_with("1 of its entries"));
}

fn fault(text: &str) -> (Option<u32>, String) {
    let fault = parse(text.as_bytes(), "bom.json").expect_err(text);
    (fault.line, fault.what)
}

#[test]
fn what_is_wrong_has_its_line() {
    assert!(fault("").1.contains("empty"));
    assert!(fault("<bom/>").1.contains("XML"));
    assert!(fault("{}").1.contains("specVersion"));
    assert!(fault("{\"bomFormat\":\"Other\",\"specVersion\":\"1.5\"}").1.contains("not a CycloneDX"));
    assert!(fault("{\"specVersion\":\"2.0\"}").1.contains("2.0 is not known"));
    let with = |component: &str| {
        format!("{{\"specVersion\":\"1.5\",\n\"components\":[\n{{\"name\":\"a\"}},\n{component}\n]}}")
    };
    assert_eq!(fault(&with("{\"type\":\"library\"}")).0, Some(4));
    assert_eq!(fault(&with("{\"name\":\n1}")).0, Some(5));
    assert_eq!(fault(&with("{\"name\":\"b\",\n\"licenses\":\n[7]}")).0, Some(6));
    assert_eq!(fault(&with("{\"name\":\"b\",\"name\":\"c\"}")).0, Some(4), "one key twice");
    let cut = &SAMPLE[..SAMPLE.len() / 2];
    assert!(parse(cut.as_bytes(), "bom.json").is_err());
    let marked = SAMPLE.replace("  \"version\": 1,\n", "<<<<<<< a\n=======\n>>>>>>> b\n");
    assert_eq!(fault(&marked), (Some(5), "merge-conflict markers: resolve the conflict first".to_owned()));
}

#[test]
fn deep_nesting_is_refused() {
    let mut text = "{\"name\":\"a\"}".to_owned();
    for _ in 0..200 {
        text = format!("{{\"name\":\"a\",\"components\":[{text}]}}");
    }
    let what = fault(&format!("{{\"specVersion\":\"1.6\",\"components\":[{text}]}}")).1;
    assert!(what.contains("nested") || what.contains("recursion"), "{what}");
}

#[test]
fn declared_and_concluded() {
    let text = r#"{"specVersion":"1.6","components":[{"name":"a","licenses":[
        {"license":{"id":"GPL-3.0-only","acknowledgement":"concluded"}},{"license":{"id":"MIT","acknowledgement":"declared"}}]}]}"#;
    let lock = parse(text.as_bytes(), "b").expect("read");
    let values: Vec<&Value> = lock.packages[0].statements.iter().map(|statement| &statement.value).collect();
    assert_eq!(values, [&Value::One("MIT".to_owned()), &Value::One("GPL-3.0-only".to_owned())]);
    assert!(lock.notices[0].contains("concludes GPL-3.0-only"), "{:?}", lock.notices);
}

#[test]
fn a_url_that_is_none_is_told() {
    let text = r#"{"specVersion":"1.4","components":[{"name":"a","version":"1","purl":"npm/a"}]}"#;
    let lock = parse(text.as_bytes(), "b").expect("read");
    assert_eq!(lock.packages[0].id(), "generic:a@1");
    assert!(lock.notices[0].contains("is no package URL"), "{:?}", lock.notices);
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, "bom.json");
    }

    #[test]
    fn no_harm_makes_it_lose_a_package(bytes in mutated(SAMPLE)) {
        if let Ok(lock) = parse(&bytes, "bom.json") {
            prop_assert_eq!(lock.listed, lock.packages.len());
        }
    }
}

/// What the tool writes, its own reader reads: the same packages and licences.
mod round_trip {
    use super::*;
    use crate::plan::expression::normalize;
    use crate::report::sbom::{SbomPackage, cyclonedx};

    const EXPRESSIONS: [&str; 6] = [
        "MIT",
        "GPL-2.0-or-later WITH Bison-exception-2.2",
        "(MIT OR Apache-2.0) AND NCSA",
        "LicenseRef-public-domain",
        "Apache-2.0+",
        "Hippocratic-3.0-core",
    ];

    fn packages() -> impl Strategy<Value = Vec<SbomPackage>> {
        let name = prop_oneof![
            "[a-z]{1,6}".prop_map(|name| (Ecosystem::Cargo, name)),
            "@[a-z]{1,4}/[a-zA-Z._-]{1,6}".prop_map(|name| (Ecosystem::Npm, name)),
            "[a-z]{1,4}/[a-z-]{1,6}".prop_map(|name| (Ecosystem::Composer, name)),
            "[a-z]{1,4}(-[a-z0-9]{1,3})?".prop_map(|name| (Ecosystem::Pip, name)),
            "[a-z]{1,4}\\.[a-z]{2}/[a-zA-Z]{1,4}/[a-z]{1,4}".prop_map(|name| (Ecosystem::Go, name)),
            "[a-z.]{1,6}:[a-z-]{1,6}".prop_map(|name| (Ecosystem::Maven, name)),
            "[A-Za-z.]{1,6}".prop_map(|name| (Ecosystem::NuGet, name)),
            "[a-z_-]{1,6}".prop_map(|name| (Ecosystem::Gem, name)),
            "[a-z]{1,4}(/[a-z]{1,4}){0,2}".prop_map(|name| (Ecosystem::Generic, name)),
        ];
        let one = (
            name,
            "[0-9]{1,2}\\.[0-9](\\+[a-z%@ ]{1,3}[a-z])?",
            proptest::option::of(0..EXPRESSIONS.len()),
            any::<bool>(),
            any::<bool>(),
        );
        let one = one.prop_map(|((ecosystem, name), version, license, development, concluded)| SbomPackage {
            ecosystem,
            name,
            version,
            license: license.map(|index| EXPRESSIONS[index].to_owned()),
            license_name: None,
            concluded,
            checksum: Some("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned()),
            scope: if development { Scope::Development } else { Scope::Production },
            optional: false,
            place: Place::new("some.lock", Some(3)),
        });
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn same_packages_and_licences(packages in packages()) {
            let lock = parse(cyclonedx(&packages, "0.1.0").as_bytes(), "bom.json").expect("its own bill is read");
            prop_assert_eq!(&lock.notices, &Vec::<String>::new());
            let mut read: Vec<(Ecosystem, String, String, String)> = lock
                .packages
                .iter()
                .map(|package| {
                    let license = package.statements.first().map(|one| normalize(package.ecosystem, &one.value).to_string());
                    (package.ecosystem, package.name.clone(), package.version.clone(), license.unwrap_or_default())
                })
                .collect();
            let mut written: Vec<(Ecosystem, String, String, String)> = packages
                .iter()
                .map(|package| {
                    let license = package.license.clone().unwrap_or_default();
                    (package.ecosystem, package.name.clone(), package.version.clone(), license)
                })
                .collect();
            read.sort();
            written.sort();
            written.dedup();
            prop_assert_eq!(read, written);
            prop_assert!(lock.packages.iter().all(|package| package.checksum.is_some()));
        }
    }
}
