use super::notices::{expiring, notices};
use super::*;
use crate::plan::package::{Ecosystem, Place, Scope};
use proptest::prelude::*;

const LOCK: &str = "package-lock.json";

fn package(name: &str, version: &str) -> Package {
    Package::new(Ecosystem::Npm, name, version, Place::new(LOCK, Some(7)))
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn policy(text: &str) -> Policy {
    Policy::parse(text, "license-policy.toml").unwrap_or_else(|why| panic!("{why:?}: {text}"))
}

/// A package of which a licence is declared, and nothing else is known.
fn declared<'a>(package: &'a Package, license: &'a str, files: &'a BTreeMap<String, String>) -> Subject<'a> {
    Subject {
        package,
        license: Some(license),
        state: State::Declared,
        label: "",
        text_license: None,
        missing: None,
        file_digests: files,
        today: date("2026-11-23"),
    }
}

fn nothing<'a>(package: &'a Package, state: State, label: &'a str, files: &'a BTreeMap<String, String>) -> Subject<'a> {
    Subject { license: None, state, label, ..declared(package, "", files) }
}

fn codes(found: &PackageVerdict) -> Vec<&'static str> {
    found.because.iter().map(|reason| reason.code).collect()
}

fn digests(files: &[(&str, char)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, digit)| ((*name).to_owned(), digit.to_string().repeat(64))).collect()
}

#[test]
fn lists_decide() {
    let policy =
        policy("allow = [\"MIT\", \"Zlib\"]\ndeny = [\"AGPL-3.0-only\"]\n[development]\nallow = [\"MPL-2.0\"]");
    let (mut package, none) = (package("a", "1.0.0"), BTreeMap::new());
    for (license, verdict, code, message, line) in [
        ("MIT", Verdict::Pass, "license-allowed", "MIT is allowed", Some(1)),
        ("GPL-3.0-only OR MIT", Verdict::Pass, "license-allowed", "MIT of GPL-3.0-only OR MIT is allowed", Some(1)),
        ("AGPL-3.0-or-later", Verdict::Fail, "license-denied", "AGPL-3.0-or-later is denied", Some(2)),
        (
            "MIT AND AGPL-3.0-only",
            Verdict::Fail,
            "license-denied",
            "MIT AND AGPL-3.0-only: AGPL-3.0-only is denied",
            Some(2),
        ),
        ("ISC", Verdict::Fail, "license-unlisted", "ISC is not on the list of allowed licences", None),
        (
            "MIT AND ISC",
            Verdict::Fail,
            "license-unlisted",
            "MIT AND ISC: ISC is not on the list of allowed licences",
            None,
        ),
        (
            "ISC OR GPL-3.0-only",
            Verdict::Fail,
            "license-unlisted",
            "no choice of ISC OR GPL-3.0-only is allowed; in the nearest, ISC is not on the list of allowed licences",
            None,
        ),
        (
            "ISC AND X11",
            Verdict::Fail,
            "license-unlisted",
            "ISC AND X11: ISC, X11 are not on the list of allowed licences",
            None,
        ),
    ] {
        let found = judge(&policy, &declared(&package, license, &none));
        assert_eq!((found.verdict, codes(&found)), (verdict, vec![code]), "{license}");
        assert_eq!((found.because[0].message.as_str(), found.because[0].line), (message, line));
        assert_eq!(found.license.as_deref(), Some(license));
        assert_eq!(found.paste.is_some(), verdict == Verdict::Fail);
    }
    let found = judge(&policy, &declared(&package, "(GPL-3.0-only OR MIT) AND Zlib", &none));
    assert!(found.chosen.is_some_and(|chosen| chosen.contains("MIT") && !chosen.contains("GPL")));
    assert_eq!(judge(&policy, &declared(&package, "MPL-2.0", &none)).verdict, Verdict::Fail);
    package.scope = Scope::Development;
    assert_eq!(judge(&policy, &declared(&package, "MPL-2.0", &none)).verdict, Verdict::Pass);
}

#[test]
fn what_is_not_known_does_not_pass() {
    let none = BTreeMap::new();
    let package = package("a", "1.0.0");
    for (text, ambiguous, unknown) in [
        ("deny = []", Verdict::Fail, Verdict::Fail),
        ("deny = []\nambiguous = \"warn\"", Verdict::Warn, Verdict::Fail),
        ("deny = []\nunknown = \"warn\"", Verdict::Fail, Verdict::Warn),
    ] {
        let policy = policy(text);
        let found = judge(&policy, &nothing(&package, State::Ambiguous, "AMBIGUOUS:BSD", &none));
        assert_eq!((found.verdict, codes(&found)), (ambiguous, vec!["license-ambiguous"]));
        let found = judge(&policy, &nothing(&package, State::None, "NONE", &none));
        assert_eq!((found.verdict, codes(&found)), (unknown, vec!["license-unknown"]));
        let found = judge(&policy, &nothing(&package, State::Custom, "FILE:LICENSE.txt", &none));
        assert_eq!((found.verdict, codes(&found)), (Verdict::Fail, vec!["license-custom"]));
        // A licence beside such a state is nobody's statement.
        let odd = Subject { state: State::Ambiguous, ..declared(&package, "MIT", &none) };
        assert_eq!(judge(&policy, &odd).verdict, ambiguous);
        let odd = declared(&package, "no licence at all", &none);
        assert_eq!(judge(&policy, &odd).verdict, unknown);
        let custom = Subject { state: State::Custom, ..declared(&package, "LicenseRef-url", &none) };
        assert_eq!(codes(&judge(&policy, &custom)), ["license-custom"]);
        let missing = Subject { missing: Some("run `npm ci`"), ..nothing(&package, State::None, "NONE", &none) };
        let found = judge(&policy, &missing);
        assert_eq!((found.verdict, codes(&found)), (Verdict::Unproven, vec!["evidence-missing"]));
        let settled = Subject { missing: Some("run `npm ci`"), ..declared(&package, "MIT", &none) };
        assert_eq!(judge(&policy, &settled).verdict, Verdict::Pass);
    }
}

#[test]
fn own_packages_are_exempt_unless_they_are_to_be_checked() {
    let none = BTreeMap::new();
    let own = Package { origin: Origin::Own, ..package("a", "1.0.0") };
    let found = judge(&policy("allow = []"), &nothing(&own, State::None, "", &none));
    assert_eq!((found.verdict, codes(&found)), (Verdict::Exempt, vec!["own-package"]));
    let found = judge(&policy("allow = []\nprivate = \"check\""), &nothing(&own, State::None, "", &none));
    assert_eq!(found.verdict, Verdict::Fail);
}

const BOUGHT: &str = "allow = [\"MIT\"]\n[[exception]]\npackage = \"npm:highcharts\"\nversions = \"^12\"\n\
    license = \"LicenseRef-url\"\nreason = \"bought\"\nowner = \"charts\"\nexpires = 2027-01-31\n";

#[test]
fn an_exception_holds_through_its_last_day_for_its_licence_and_versions() {
    let policy = policy(BOUGHT);
    let none = BTreeMap::new();
    let (twelve, thirteen) = (package("highcharts", "12.1.2"), package("highcharts", "13.0.0"));
    let on = |package, license, day| {
        judge(&policy, &Subject { state: State::Custom, today: date(day), ..declared(package, license, &none) })
    };
    for (day, verdict, code) in [
        ("2026-11-23", Verdict::Pass, "exception"),
        ("2027-01-31", Verdict::Pass, "exception"),
        ("2027-02-01", Verdict::Fail, "exception-expired"),
    ] {
        let found = on(&twelve, "LicenseRef-url", day);
        assert_eq!(
            (found.verdict, found.exception, codes(&found)),
            (verdict, Some(0), vec!["license-custom", code]),
            "{day}"
        );
        assert_eq!(found.because[1].line, Some(2));
    }
    let found = on(&thirteen, "LicenseRef-url", "2026-11-23");
    assert_eq!((found.verdict, codes(&found)), (Verdict::Fail, vec!["license-custom"]));
    let found = on(&twelve, "BUSL-1.1", "2026-11-23");
    assert_eq!((found.verdict, found.exception), (Verdict::Fail, None));
    assert_eq!(found.because[1].code, "exception-reopened");
    assert!(found.because[1].message.contains("granted for LicenseRef-url, and the licence is BUSL-1.1"));
    let found = on(&twelve, "MIT", "2027-02-01");
    assert_eq!(found.verdict, Verdict::Pass, "what is allowed needs no exception");
}

#[test]
fn an_exception_of_a_workspace_holds_where_the_package_lies_there_alone() {
    let none = BTreeMap::new();
    let text = BOUGHT.replace("versions = ", "workspace = \"web/apps/admin\"\nversions = ");
    let limited = policy(&text);
    let mut package = Package { place: Place::new("web/package-lock.json", None), ..package("highcharts", "12.1.2") };
    let judged = |package: &Package| {
        let subject = Subject { state: State::Custom, ..declared(package, "LicenseRef-url", &none) };
        let found = judge(&limited, &subject);
        let notices: Vec<&str> =
            notices(&limited, &[(subject, found.clone())], date("2026-11-23")).iter().map(|n| n.code).collect();
        (found.verdict, found.main().map(|reason| reason.code), notices)
    };
    let holds = (Verdict::Pass, Some("exception"), vec![]);
    let elsewhere = (Verdict::Fail, Some("exception-elsewhere"), vec!["exception-unused"]);
    for (installed_at, expected) in [
        (vec!["apps/admin/node_modules/highcharts"], &holds),
        (vec!["apps/admin/node_modules/highcharts", "node_modules/highcharts"], &elsewhere),
        (vec!["apps/adminer/node_modules/highcharts"], &elsewhere),
        (vec!["node_modules/highcharts"], &elsewhere),
        (vec![], &elsewhere),
    ] {
        package.installed_at = installed_at.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(&judged(&package), expected, "{installed_at:?}");
    }
    package.place = Place::new("web/apps/admin/package-lock.json", None);
    assert_eq!(judged(&package), holds);
}

#[test]
fn an_exception_that_is_bound_to_a_text_holds_for_that_text() {
    let digest = "a".repeat(64);
    let policy = policy(&BOUGHT.replace("reason", &format!("file = \"LICENSE\"\nsha256 = \"{digest}\"\nreason")));
    let package = package("highcharts", "12.1.2");
    for (files, verdict, code) in [
        (digests(&[("LICENSE", 'a')]), Verdict::Pass, "exception"),
        (digests(&[("LICENSE", 'b')]), Verdict::Fail, "exception-reopened"),
        (digests(&[]), Verdict::Fail, "exception-reopened"),
    ] {
        let found = judge(&policy, &Subject { state: State::Custom, ..declared(&package, "LicenseRef-url", &files) });
        assert_eq!((found.verdict, found.because[1].code), (verdict, code));
        assert_eq!(found.main().map(|reason| reason.code), Some(code));
    }
    let none = BTreeMap::new();
    let missing = Some("run `npm ci`");
    let subject = Subject { state: State::Custom, missing, ..declared(&package, "LicenseRef-url", &none) };
    let found = judge(&policy, &subject);
    assert_eq!((found.verdict, found.main().unwrap().code), (Verdict::Unproven, "evidence-missing"));
    let other = Subject { license: Some("BUSL-1.1"), ..subject };
    assert_eq!(judge(&policy, &other).verdict, Verdict::Fail);
}

#[test]
fn what_has_no_licence_can_have_an_exception_for_just_that() {
    let none = BTreeMap::new();
    let package = package("highcharts", "12.1.2");
    for (granted, state, label, verdict) in [
        ("NONE", State::None, "NONE", Verdict::Pass),
        ("NONE", State::Ambiguous, "AMBIGUOUS:BSD", Verdict::Fail),
        ("AMBIGUOUS:BSD", State::Ambiguous, "AMBIGUOUS:BSD", Verdict::Pass),
        ("AMBIGUOUS:BSD", State::Ambiguous, "AMBIGUOUS:GPL", Verdict::Fail),
        ("FILE:LICENSE.md", State::Custom, "FILE:LICENSE.md", Verdict::Pass),
    ] {
        let policy = policy(&BOUGHT.replace("LicenseRef-url", granted));
        assert_eq!(judge(&policy, &nothing(&package, state, label, &none)).verdict, verdict, "{granted} {label}");
        let missing = Subject { missing: Some("run `npm ci`"), ..nothing(&package, state, label, &none) };
        assert_eq!(judge(&policy, &missing).verdict, Verdict::Unproven, "what isn't here can't be compared");
    }
}

#[test]
fn a_clarification_holds_for_the_bytes_that_were_read() {
    let text = format!(
        "allow = [\"MIT\", \"ISC\"]\n[[clarify]]\npackage = \"npm:a\"\nversions = \"1.*\"\nlicense = \"MIT\"\nfile = \"LICENSE\"\n\
         sha256 = \"{}\"\nreason = \"read\"\nowner = \"me\"\n",
        "a".repeat(64)
    );
    let policy = policy(&text);
    let package = package("a", "1.0.0");
    let (read, changed, gone) = (digests(&[("LICENSE", 'a')]), digests(&[("LICENSE", 'b')]), digests(&[]));
    let found = judge(&policy, &nothing(&package, State::Ambiguous, "AMBIGUOUS:BSD", &read));
    assert_eq!((found.verdict, found.clarification, found.license.as_deref()), (Verdict::Pass, Some(0), Some("MIT")));
    assert_eq!(codes(&found), ["clarification", "license-allowed"]);
    for files in [&changed, &gone] {
        let found = judge(&policy, &nothing(&package, State::Ambiguous, "AMBIGUOUS:BSD", files));
        assert_eq!((found.verdict, codes(&found)), (Verdict::Fail, vec!["license-ambiguous", "clarification-stale"]));
        // Even where the package says something that would pass: the team had found it to be otherwise.
        let found = judge(&policy, &declared(&package, "ISC", files));
        assert_eq!((found.verdict, codes(&found)), (Verdict::Fail, vec!["license-allowed", "clarification-stale"]));
        assert_eq!(found.because[1].line, Some(2));
        assert_eq!(judge(&policy, &declared(&package, "MIT", files)).verdict, Verdict::Pass);
    }
    let found = judge(&policy, &nothing(&package, State::Ambiguous, "AMBIGUOUS:BSD", &changed));
    assert!(found.paste.is_some_and(|paste| paste.contains(&"b".repeat(64))));
    let missing = Subject { missing: Some("run `npm ci`"), ..declared(&package, "ISC", &gone) };
    let found = judge(&policy, &missing);
    assert_eq!((found.verdict, codes(&found)), (Verdict::Unproven, vec!["license-allowed", "evidence-missing"]));
}

#[test]
fn a_text_that_disagrees_is_judged_too() {
    let none = BTreeMap::new();
    let package = package("a", "1.0.0");
    for (mismatch, text, verdict) in [
        ("both", "ISC", Verdict::Warn),
        ("both", "GPL-3.0-only", Verdict::Fail),
        ("both", "not an expression", Verdict::Fail),
        ("fail", "ISC", Verdict::Fail),
        ("warn", "GPL-3.0-only", Verdict::Warn),
    ] {
        let lists = format!("allow = [\"MIT\", \"ISC\"]\nmismatch = \"{mismatch}\"\n");
        let subject = Subject { text_license: Some(text), ..declared(&package, "MIT", &none) };
        let found = judge(&policy(&lists), &subject);
        assert_eq!((found.verdict, found.because[0].code), (verdict, "license-mismatch"), "{mismatch} {text}");
        let main = if text == "ISC" || mismatch == "warn" { "license-mismatch" } else { "license-unlisted" };
        assert_eq!(found.main().unwrap().code, main, "{mismatch} {text}");
    }
    let agrees = Subject { text_license: Some("(MIT)"), ..declared(&package, "MIT", &none) };
    assert_eq!(codes(&judge(&policy("allow = [\"MIT\"]"), &agrees)), ["license-allowed"]);
    let text = BOUGHT.replace("highcharts", "a").replace("^12", "*").replace("LicenseRef-url", "GPL-3.0-only AND MIT");
    let subject = Subject { text_license: Some("GPL-3.0-only"), ..declared(&package, "MIT", &none) };
    assert_eq!(judge(&policy(&text), &subject).verdict, Verdict::Pass);
}

#[test]
fn a_package_is_judged_at_each_place_where_it_lies() {
    let policy =
        policy("allow = [\"MIT\", \"MPL-2.0\"]\n[[workspace]]\npath = \"web/apps/admin\"\ndeny = [\"MPL-2.0\"]\n");
    let none = BTreeMap::new();
    let mut package = Package { place: Place::new("web/package-lock.json", None), ..package("a", "1.0.0") };
    for (installed_at, verdict) in [
        (vec!["node_modules/a"], Verdict::Pass),
        (vec!["node_modules/a", "apps/admin/node_modules/a"], Verdict::Fail),
        (vec!["apps/admin/node_modules/a"], Verdict::Fail),
        (vec!["apps/adminer/node_modules/a"], Verdict::Pass),
        (vec![], Verdict::Pass),
    ] {
        package.installed_at = installed_at.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(judge(&policy, &declared(&package, "MPL-2.0", &none)).verdict, verdict, "{installed_at:?}");
    }
    package.place = Place::new("web/apps/admin/package-lock.json", None);
    assert_eq!(judge(&policy, &declared(&package, "MPL-2.0", &none)).verdict, Verdict::Fail);
}

#[test]
fn what_a_folder_allows_passes_only_where_it_lies_there_alone() {
    let policy = policy("allow = [\"MIT\"]\n[[workspace]]\npath = \"apps/admin\"\nallow = [\"MPL-2.0\"]\n");
    let none = BTreeMap::new();
    let mut package = package("a", "1.0.0");
    for (installed_at, verdict) in [
        (vec!["apps/admin/node_modules/a"], Verdict::Pass),
        (vec!["apps/admin/node_modules/a", "node_modules/a"], Verdict::Fail),
        (vec!["node_modules/a", "apps/admin/node_modules/a"], Verdict::Fail),
        (vec![], Verdict::Fail),
    ] {
        package.installed_at = installed_at.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(judge(&policy, &declared(&package, "MPL-2.0", &none)).verdict, verdict, "{installed_at:?}");
    }
}

#[test]
fn what_is_proposed_settles_the_case_once_it_is_filled_in() {
    let (none, files) = (BTreeMap::new(), digests(&[("NOTICE", 'c'), ("LICENSE.md", 'a')]));
    let before = policy("allow = [\"MIT\"]");
    let package = package("@x/a\"b", "1.0.0-rc.1+x");
    for subject in [
        declared(&package, "BSD-2-Clause", &none),
        declared(&package, "MIT AND (GPL-3.0-only OR ISC)", &files),
        nothing(&package, State::None, "NONE", &none),
        nothing(&package, State::None, "NONE", &files),
        nothing(&package, State::Ambiguous, "AMBIGUOUS:BSD", &none),
        nothing(&package, State::Ambiguous, "AMBIGUOUS:BSD", &files),
        nothing(&package, State::Custom, "FILE:LICENSE.md", &files),
        Subject { state: State::Custom, ..declared(&package, "LicenseRef-url", &none) },
        Subject { text_license: Some("ISC"), ..declared(&package, "MIT", &files) },
        Subject { text_license: Some("ISC"), ..declared(&package, "MIT", &none) },
    ] {
        let paste = judge(&before, &subject).paste.unwrap_or_else(|| panic!("{subject:?}"));
        let text = format!("allow = [\"MIT\"]\n{paste}");
        assert!(Policy::parse(&text, "p").is_err(), "somebody must fill it in: {paste}");
        let filled = text.replace("license = \"\"", "license = \"MIT\"").replace("\"\"", "\"filled in\"");
        let after = policy(&filled);
        assert_eq!(judge(&after, &subject).verdict, Verdict::Pass, "{filled}");
    }
    let own_terms = Subject { state: State::Custom, ..declared(&package, "LicenseRef-url", &files) };
    let paste = judge(&before, &own_terms).paste.unwrap();
    assert!(paste.contains(&format!("sha256 = \"{}\"", "a".repeat(64))), "bound to the text: {paste}");
    let paste = judge(&before, &declared(&package, "BSD-2-Clause", &none)).paste.unwrap();
    assert!(paste.contains("in `allow`: \"BSD-2-Clause\"") && paste.contains("expires = 2027-02-21"), "{paste}");
}

#[test]
fn entries_that_lapse_or_serve_nothing_are_told() {
    let text = format!(
        "{BOUGHT}[[clarify]]\npackage = \"npm:gone\"\nversions = \"*\"\nlicense = \"MIT\"\nfile = \"LICENSE\"\nsha256 = \"{}\"\nreason = \"read\"\nowner = \"me\"\n",
        "a".repeat(64)
    );
    let policy = policy(&text);
    let none = BTreeMap::new();
    let (twelve, other) = (package("highcharts", "12.1.2"), package("b", "1.0.0"));
    let told = |package, license, day| {
        let subject = Subject { state: State::Custom, today: date(day), ..declared(package, license, &none) };
        let found = notices(&policy, &[(subject, judge(&policy, &subject))], date(day));
        found.iter().map(|notice| (notice.code, notice.line)).collect::<Vec<_>>()
    };
    let unused = ("clarification-unused", 9);
    assert_eq!(told(&twelve, "LicenseRef-url", "2026-11-23"), [unused]);
    assert_eq!(told(&twelve, "LicenseRef-url", "2026-12-31"), [unused]);
    assert_eq!(told(&twelve, "LicenseRef-url", "2027-01-01"), [("exception-expiring", 2), unused]);
    assert_eq!(told(&twelve, "LicenseRef-url", "2027-01-31"), [("exception-expiring", 2), unused]);
    assert_eq!(told(&twelve, "LicenseRef-url", "2027-02-01"), [unused]);
    assert_eq!(told(&twelve, "MIT", "2026-11-23"), [("exception-needless", 2), unused]);
    assert_eq!(told(&twelve, "BUSL-1.1", "2026-11-23"), [unused]);
    assert_eq!(told(&other, "MIT", "2026-11-23"), [("exception-unused", 2), unused]);
    let subject = Subject { state: State::Custom, ..declared(&twelve, "LicenseRef-url", &none) };
    let last = expiring(&policy, [judge(&policy, &subject)].iter(), date("2027-01-31"));
    assert!(last[0].message.contains("today is its last day"), "{last:?}");
}

#[test]
fn every_code_is_listed() {
    let mut codes: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), CODES.len());
    let source = concat!(include_str!("../verdict.rs"));
    for (code, _) in CODES {
        assert!(source.matches(&format!("\"{code}\"")).count() > 1, "{code} is never said");
    }
}

const IDS: [&str; 12] = [
    "MIT",
    "ISC",
    "MPL-2.0",
    "MPL-2.0+",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "AGPL-3.0-only",
    "Apache-2.0 WITH LLVM-exception",
    "Apache-2.0",
    "LicenseRef-acme",
    "BUSL-1.1",
];

fn list() -> impl Strategy<Value = Vec<String>> {
    let families = ["permissive", "weak-copyleft", "strong-copyleft", "network-copyleft", "source-available"];
    let entries: Vec<String> = IDS
        .iter()
        .map(|id| (*id).to_owned())
        .chain(families.iter().map(|family| format!("family:{family}")))
        .chain(["MIT AND MPL-2.0", "GPL-2.0-only OR AGPL-3.0-only"].map(str::to_owned))
        .collect();
    proptest::collection::btree_set(proptest::sample::select(entries), 0..6).prop_map(Vec::from_iter)
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(IDS.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), proptest::bool::ANY, inner)
            .prop_map(|(a, and, b)| format!("({a}) {} ({b})", if and { "AND" } else { "OR" }))
    })
    // The grammar has no parentheses around a single licence with an exception that it would not take.
    .prop_filter("an expression", |text| lists::is_expression(text))
}

fn toml(lists: &[(&str, Option<&[String]>)]) -> String {
    let mut out = String::new();
    for (head, list) in lists {
        if let Some(list) = list {
            out.push_str(&format!("{head}{list:?}\n"));
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// More on an `allow` list never fails more, and more on a `deny` list never passes more.
    #[test]
    fn lists_are_monotone(
        allow in proptest::option::of(list()),
        deny in list(),
        inner_allow in proptest::option::of(list()),
        inner_deny in list(),
        more in list(),
        where_to in 0usize..4,
        license in expression(),
        development in proptest::bool::ANY,
    ) {
        let write = |allow: &Option<Vec<String>>, deny: &[String], inner_allow: &Option<Vec<String>>, inner_deny: &[String]| {
            toml(&[
                ("allow = ", allow.as_deref()),
                ("deny = ", Some(deny)),
                ("[development]\ndeny = ", Some(inner_deny)),
                ("allow = ", inner_allow.as_deref()),
            ])
        };
        let with = |list: &[String]| {
            let all: std::collections::BTreeSet<String> = list.iter().chain(&more).cloned().collect();
            Vec::from_iter(all)
        };
        let before = write(&allow, &deny, &inner_allow, &inner_deny);
        let after = match where_to {
            // A list that comes into being asks for leave where none was asked for: that is no longer the same list.
            0 => write(&allow.as_ref().map(|list| with(list)), &deny, &inner_allow, &inner_deny),
            1 => write(&allow, &with(&deny), &inner_allow, &inner_deny),
            2 => write(&allow, &deny, &Some(with(inner_allow.as_deref().unwrap_or_default())), &inner_deny),
            _ => write(&allow, &deny, &inner_allow, &with(&inner_deny)),
        };
        let (Ok(before), Ok(after)) = (Policy::parse(&before, "p"), Policy::parse(&after, "p")) else { return Ok(()) };
        let (mut package, none) = (package("a", "1.0.0"), BTreeMap::new());
        package.scope = if development { Scope::Development } else { Scope::Production };
        let subject = declared(&package, &license, &none);
        let (was, is) = (judge(&before, &subject).verdict, judge(&after, &subject).verdict);
        if where_to % 2 == 0 {
            prop_assert!(is <= was, "allowing {more:?} made {license} {is:?}");
        } else {
            prop_assert!(is >= was, "denying {more:?} made {license} {is:?}");
        }
    }

    /// One more exception never fails more.
    #[test]
    fn exceptions_are_monotone(allow in list(), license in expression(), granted in expression(), version in "[12]\\.0\\.0") {
        let lists = toml(&[("allow = ", Some(&allow))]);
        let more = BOUGHT.replace("allow = [\"MIT\"]", &lists).replace("LicenseRef-url", &granted).replace("^12", "^1");
        let (Ok(before), Ok(after)) = (Policy::parse(&lists, "p"), Policy::parse(&more, "p")) else { return Ok(()) };
        let (package, none) = (package("highcharts", &version), BTreeMap::new());
        let subject = declared(&package, &license, &none);
        prop_assert!(judge(&after, &subject).verdict <= judge(&before, &subject).verdict);
    }

    /// An exception that is for a folder lets pass what the same exception for every folder does, and nothing more; and so does
    /// one for a deeper folder.
    #[test]
    fn exceptions_of_workspaces_are_monotone(
        allow in list(),
        license in expression(),
        granted in expression(),
        folders in proptest::collection::vec(proptest::sample::select(vec!["a", "a/b", "c"]), 0..3),
    ) {
        let lists = toml(&[("allow = ", Some(&allow))]);
        let everywhere = BOUGHT.replace("allow = [\"MIT\"]", &lists).replace("LicenseRef-url", &granted);
        let limited = |folder: &str| everywhere.replace("versions = ", &format!("workspace = {folder:?}\nversions = "));
        let mut package = Package { place: Place::new("package-lock.json", None), ..package("highcharts", "12.0.0") };
        package.installed_at = folders.iter().map(|folder| format!("{folder}/node_modules/highcharts")).collect();
        let none = BTreeMap::new();
        let subject = declared(&package, &license, &none);
        let mut verdicts = Vec::new();
        for text in [&everywhere, &limited("a"), &limited("a/b"), &lists] {
            let Ok(policy) = Policy::parse(text, "p") else { return Ok(()) };
            verdicts.push(judge(&policy, &subject).verdict);
        }
        prop_assert!(verdicts.is_sorted(), "{verdicts:?}");
    }
}
