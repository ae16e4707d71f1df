use super::*;
use crate::plan::license::State;
use crate::plan::package::{Ecosystem, Package, Place};
use proptest::prelude::*;

fn subject<'a>(
    package: &'a Package,
    license: Option<&'a str>,
    state: State,
    label: &'a str,
    files: &'a BTreeMap<String, String>,
) -> Subject<'a> {
    let today = Date::parse("2026-11-23").unwrap();
    Subject { package, license, state, label, text_license: None, missing: None, file_digests: files, today }
}

fn npm(name: &str, version: &str) -> Package {
    Package::new(Ecosystem::Npm, name, version, Place::new("package-lock.json", None))
}

const EXPECTED: &str = r#"# Written by `license-check init`; now yours. It counts as the base branch has it, so that a change can't loosen what
# it is judged by.

# Licences that anybody may use. `"family:permissive"` would stand for all of their kind.
allow = [
  "Apache-2.0",
  "MIT",
  # To be decided. What has them passes until 2027-02-21, by the exceptions below.
  # "LGPL-3.0-or-later",  # weak-copyleft: npm:@img/sharp@0.33.5 and 1 more
]

# What was there when the policy was begun. Each lapses after 2027-02-21: allow its licence, replace the
# package, or say here why it stays and who answers for it.

[[exception]]
package = "npm:@img/sharp"
versions = "0.33.5 || 0.34.0"
license = "Apache-2.0 AND LGPL-3.0-or-later"
reason = "found on 2026-11-23 when the policy was begun"
owner = "to be named"
expires = 2027-02-21

[[exception]]
package = "npm:highcharts"
versions = "12.1.2"
license = "LicenseRef-url"
reason = "found on 2026-11-23 when the policy was begun"
owner = "to be named"
expires = 2027-02-21

[[exception]]
package = "npm:lint"
versions = "2.0.2"
license = "NONE"
reason = "found on 2026-11-23 when the policy was begun"
owner = "to be named"
expires = 2027-02-21
"#;

#[test]
fn what_is_free_is_allowed_and_the_rest_has_an_exception() {
    let none = BTreeMap::new();
    let files = BTreeMap::from([("LICENSE".to_owned(), "a".repeat(64))]);
    let own = Package { origin: crate::plan::package::Origin::Own, ..npm("shop", "1.0.0") };
    let packages = [
        npm("react", "19.0.0"),
        npm("@img/sharp", "0.34.0"),
        npm("@img/sharp", "0.33.5"),
        npm("highcharts", "12.1.2"),
        npm("lint", "2.0.2"),
        npm("jszip", "3.10.1"),
    ];
    let lesser = Some("Apache-2.0 AND LGPL-3.0-or-later");
    let mut subjects = vec![
        subject(&own, Some("0BSD"), State::Declared, "", &none),
        subject(&packages[0], Some("MIT"), State::Declared, "", &none),
        subject(&packages[1], lesser, State::Declared, "", &none),
        subject(&packages[2], lesser, State::Declared, "", &none),
        subject(&packages[3], Some("LicenseRef-url"), State::Custom, "", &files),
        subject(&packages[4], None, State::None, "NONE", &none),
        subject(&packages[5], Some("MIT OR GPL-3.0-or-later"), State::Declared, "", &none),
    ];
    let today = subjects[0].today;
    let text = first_policy(&subjects, today, "").unwrap();
    assert_eq!(text, EXPECTED);
    subjects.reverse();
    assert_eq!(first_policy(&subjects, today, "").unwrap(), EXPECTED, "the order of the packages is no matter");
    let policy = Policy::parse(&text, "p").unwrap();
    for subject in subjects.iter().filter(|subject| subject.package.name != "shop") {
        assert_eq!(judge(&policy, subject).verdict, Verdict::Pass);
        let later = Subject { today: today.plus_days(EXCEPTION_DAYS + 1), ..*subject };
        let free = ["react", "jszip"].contains(&subject.package.name.as_str());
        assert_eq!(judge(&policy, &later).verdict, if free { Verdict::Pass } else { Verdict::Fail });
    }
    let empty = first_policy(&[], today, "platform").unwrap();
    assert!(Policy::parse(&empty, "p").is_ok());
}

#[test]
fn a_scope_of_one_licence_has_one_exception() {
    let files = BTreeMap::from([("LICENSE.md".to_owned(), "a".repeat(64))]);
    let mut packages: Vec<Package> =
        ["a", "b", "c", "d"].map(|name| npm(&format!("@editor/{name}"), "44.1.0")).to_vec();
    let policy = |packages: &[Package]| {
        let subjects: Vec<Subject<'_>> = packages
            .iter()
            .map(|package| match package.name.as_str() {
                "@editor/free" => subject(package, Some("MIT"), State::Declared, "", &files),
                _ => subject(package, Some("LicenseRef-LICENSE.md"), State::Custom, "", &files),
            })
            .collect();
        let text = first_policy(&subjects, subjects[0].today, "").unwrap();
        let policy = Policy::parse(&text, "p").unwrap();
        assert!(subjects.iter().all(|subject| judge(&policy, subject).verdict == Verdict::Pass), "{text}");
        policy
    };
    packages[3].version = "44.0.0".to_owned();
    let read = policy(&packages);
    assert_eq!(read.exceptions.len(), 1);
    assert_eq!(read.exceptions[0].target.package.as_str(), "npm:@editor/*");
    assert_eq!(read.exceptions[0].target.versions.as_str(), "44.0.0 || 44.1.0");
    packages.push(npm("@editor/free", "1.0.0"));
    assert_eq!(policy(&packages).exceptions.len(), 4, "the scope has another licence too");
    packages.truncate(3);
    assert_eq!(policy(&packages).exceptions.len(), 3);
    let unversioned = ["a", "b", "c", "d"].map(|name| npm(&format!("@editor/{name}"), ""));
    assert_eq!(policy(&unversioned).exceptions.len(), 4, "all versions of all of a scope would be too much");
}

#[test]
fn too_many_exceptions_are_refused_rather_than_written() {
    let none = BTreeMap::new();
    let packages: Vec<Package> = (0..5001).map(|at| npm(&format!("a{at}"), "1.0.0")).collect();
    let subjects: Vec<Subject<'_>> =
        packages.iter().map(|package| subject(package, Some("GPL-3.0-only"), State::Declared, "", &none)).collect();
    let why = first_policy(&subjects, subjects[0].today, "").unwrap_err().to_string();
    assert!(why.contains("5001 packages need an exception") && why.contains("`allow` by hand"), "{why}");
}

fn state() -> impl Strategy<Value = (Option<String>, State, String)> {
    let license = proptest::sample::select(vec![
        "MIT",
        "ISC OR GPL-2.0-only",
        "GPL-3.0-or-later AND MIT",
        "Apache-2.0 WITH LLVM-exception",
        "MPL-2.0+",
        "AGPL-3.0-only",
        "LicenseRef-url",
        "odd \" text",
    ]);
    prop_oneof![
        license.prop_map(|license| (Some(license.to_owned()), State::Declared, String::new())),
        Just((Some("LicenseRef-url".to_owned()), State::Custom, String::new())),
        "NONE|\\PC{0,5}".prop_map(|label| (None, State::None, label)),
        "AMBIGUOUS:[A-Z]{1,3}|\\PC{0,9}".prop_map(|label| (None, State::Ambiguous, label)),
        "FILE:\\PC{1,9}|\\PC{0,9}".prop_map(|label| (None, State::Custom, label)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is there: the policy is read, and nothing fails that a policy can name.
    #[test]
    fn nothing_fails_on_the_first_day(
        found in proptest::collection::vec(
            (
                proptest::sample::select(vec![Ecosystem::Npm, Ecosystem::Pip, Ecosystem::Composer, Ecosystem::Maven]),
                "[a-c]{1,2}|@a/[a-f]|\\PC{0,4}",
                "[0-2]\\.[0-1](\\.0)?|[a-z-]{0,8}|\\PC{0,6}",
                state(),
                proptest::option::of("[ab]"),
                proptest::option::of(proptest::sample::select(vec!["MIT", "GPL-3.0-only", "odd"])),
            ),
            0..12,
        )
    ) {
        let digests: Vec<BTreeMap<String, String>> = found
            .iter()
            .map(|(.., file, _)| file.iter().map(|digit| ("LICENSE".to_owned(), digit.repeat(64))).collect())
            .collect();
        let packages: Vec<Package> =
            found.iter().map(|(ecosystem, name, version, ..)| Package::new(*ecosystem, name, version, Place::default())).collect();
        let subjects: Vec<Subject<'_>> = found
            .iter()
            .zip(&packages)
            .zip(&digests)
            .map(|(((_, _, _, (license, state, label), _, text), package), files)| {
                let text_license = text.filter(|_| license.is_some());
                Subject { text_license, ..subject(package, license.as_deref(), *state, label, files) }
            })
            .collect();
        let today = Date::parse("2026-11-23").unwrap();
        let text = first_policy(&subjects, today, "x").unwrap();
        let policy = Policy::parse(&text, "p").unwrap();
        for subject in &subjects {
            if name(subject.package).is_some() {
                prop_assert_eq!(judge(&policy, subject).verdict, Verdict::Pass, "{:?}\n{}", subject, text);
            }
        }
        let backwards: Vec<Subject<'_>> = subjects.iter().rev().copied().collect();
        prop_assert_eq!(first_policy(&backwards, today, "x").unwrap(), text);
    }
}
