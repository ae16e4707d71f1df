use super::*;
use crate::plan::package::{Ecosystem, Package};
use std::sync::Arc;

const MIT: &str = include_str!("mit.txt");

fn known(ecosystem: Ecosystem, values: &[(Value, &'static str)], texts: &[(&str, Option<&str>)]) -> Known {
    let statements = values
        .iter()
        .map(|(value, field)| Statement { value: value.clone(), field, place: Place::new("package.json", Some(3)) })
        .collect();
    let files = texts
        .iter()
        .map(|(name, expression)| FoundFile {
            path: format!("node_modules/a/{name}"),
            name: (*name).to_owned(),
            kind: FileKind::License,
            sha256: String::new(),
            identified: Some(Arc::new(Identified {
                expression: expression.map(str::to_owned),
                score_permille: if expression.is_some() { 1000 } else { 0 },
                how: How::Exact,
                others: Vec::new(),
                leading: None,
                parts: Vec::new(),
                prose: None,
            })),
            text: None,
        })
        .collect();
    let package = Package::new(ecosystem, "a", "1.0.0", Place::new("package-lock.json", Some(7)));
    Known { package, statements, files, sources: Vec::new(), missing: None, notices: Vec::new() }
}

fn one(text: &str) -> (Value, &'static str) {
    (Value::One(text.to_owned()), "license")
}

fn decided(known: &Known) -> (Option<String>, State) {
    let decision = decide(known, &Identifier::new());
    (decision.license, decision.state)
}

#[test]
fn a_field_that_is_an_expression_decides() {
    let known = known(Ecosystem::Npm, &[one("(MIT OR GPL-3.0-or-later)")], &[("LICENSE", Some("MIT"))]);
    assert_eq!(decided(&known), (Some("MIT OR GPL-3.0-or-later".to_owned()), State::Declared));
    assert_eq!(decide(&known, &Identifier::new()).disagreement, None);
}

#[test]
fn a_text_that_says_something_else_is_named() {
    let known = known(Ecosystem::Npm, &[one("MIT")], &[("LICENSE", Some("Apache-2.0"))]);
    let decision = decide(&known, &Identifier::new());
    assert_eq!(decision.license.as_deref(), Some("MIT"));
    let (place, says) = decision.disagreement.expect("a disagreement");
    assert_eq!((place.path.as_str(), says.as_str()), ("node_modules/a/LICENSE", "Apache-2.0"));
}

#[test]
fn one_text_that_agrees_is_enough() {
    let known = known(Ecosystem::Npm, &[one("MIT")], &[("LICENSE", Some("MIT")), ("LICENSE-fonts", Some("OFL-1.1"))]);
    assert_eq!(decide(&known, &Identifier::new()).disagreement, None);
}

#[test]
fn a_family_is_settled_by_the_text_or_by_nothing() {
    let text = known(Ecosystem::Pip, &[one("BSD")], &[("LICENSE", Some("BSD-3-Clause"))]);
    assert_eq!(decided(&text), (Some("BSD-3-Clause".to_owned()), State::Detected));
    let other = known(Ecosystem::Pip, &[one("BSD")], &[("LICENSE", Some("MIT"))]);
    assert_eq!(decided(&other), (None, State::Ambiguous));
    let none = known(Ecosystem::Pip, &[one("BSD")], &[]);
    assert_eq!(decided(&none), (None, State::Ambiguous));
}

#[test]
fn a_family_is_settled_by_the_licence_that_the_text_begins_with() {
    let mut text = known(Ecosystem::Pip, &[one("BSD")], &[("LICENSE", None)]);
    let begun = |leading: &str| {
        let unknown = Identifier::new().identify(b"Terms that nobody knows.");
        Some(Arc::new(Identified { leading: Some(leading.to_owned()), ..unknown }))
    };
    text.files[0].identified = begun("BSD-3-Clause");
    assert_eq!(decided(&text), (Some("BSD-3-Clause".to_owned()), State::Detected));
    text.files[0].identified = begun("MIT");
    assert_eq!(decided(&text), (None, State::Ambiguous));
    let mut unstated = known(Ecosystem::Pip, &[], &[("LICENSE", None)]);
    unstated.files[0].identified = begun("BSD-3-Clause");
    assert_eq!(decided(&unstated).1, State::Custom, "without a statement it tells nothing");
}

#[test]
fn a_family_is_settled_by_a_later_field_of_the_same_family_only() {
    let classifier = |text: &str| (Value::Classifiers(vec![text.to_owned()]), "Classifier");
    let later =
        known(Ecosystem::Pip, &[one("GPL"), classifier("GNU General Public License v2 or later (GPLv2+)")], &[]);
    assert_eq!(decided(&later), (Some("GPL-2.0-or-later".to_owned()), State::Declared));
    let other = known(Ecosystem::Pip, &[one("GPL"), classifier("MIT License")], &[]);
    assert_eq!(decided(&other), (None, State::Ambiguous));
}

#[test]
fn a_file_that_is_named_is_read_and_nothing_else() {
    let field = one("SEE LICENSE IN LICENSE.md");
    let named = known(Ecosystem::Npm, std::slice::from_ref(&field), &[("COPYING", Some("MIT")), ("LICENSE.md", None)]);
    assert_eq!(decided(&named), (Some("LicenseRef-LICENSE.md".to_owned()), State::Custom));
    let text = known(Ecosystem::Npm, std::slice::from_ref(&field), &[("LICENSE.md", Some("Apache-2.0"))]);
    assert_eq!(decided(&text), (Some("Apache-2.0".to_owned()), State::Detected));
    let absent = known(Ecosystem::Npm, std::slice::from_ref(&field), &[("COPYING", Some("MIT"))]);
    let decision = decide(&absent, &Identifier::new());
    assert_eq!((decision.state, decision.waits_for_file), (State::Custom, true));
}

#[test]
fn unlicensed_is_not_the_unlicense() {
    assert_eq!(
        decided(&known(Ecosystem::Npm, &[one("UNLICENSED")], &[])),
        (Some("LicenseRef-proprietary".to_owned()), State::Custom)
    );
    assert_eq!(
        decided(&known(Ecosystem::Npm, &[one("Unlicense")], &[])),
        (Some("Unlicense".to_owned()), State::Declared)
    );
}

#[test]
fn without_a_field_all_texts_hold() {
    let one = known(Ecosystem::Go, &[], &[("LICENSE", Some("BSD-3-Clause"))]);
    assert_eq!(decided(&one), (Some("BSD-3-Clause".to_owned()), State::Detected));
    let two = known(Ecosystem::Go, &[], &[("LICENSE", Some("MIT")), ("LICENSE.docs", Some("CC-BY-4.0"))]);
    assert_eq!(decided(&two), (Some("CC-BY-4.0 AND MIT".to_owned()), State::Detected));
    let unknown = known(Ecosystem::Go, &[], &[("LICENSE", Some("MIT")), ("LICENSE.2", None)]);
    assert_eq!(decided(&unknown), (None, State::Ambiguous));
    let custom = known(Ecosystem::Go, &[], &[("LICENSE.txt", None)]);
    assert_eq!(decided(&custom), (Some("LicenseRef-LICENSE.txt".to_owned()), State::Custom));
    assert_eq!(decided(&known(Ecosystem::Go, &[], &[])), (None, State::None));
}

#[test]
fn a_gnu_text_leaves_open_whether_later_versions_hold() {
    let alone = known(Ecosystem::Go, &[], &[("COPYING", Some("GPL-3.0-only"))]);
    assert_eq!(decided(&alone), (None, State::Ambiguous));
    assert_eq!(decide(&alone, &Identifier::new()).family.as_deref(), Some("GPL-3.0"));
    let stated = known(Ecosystem::Pip, &[one("GNU GPL 3")], &[("COPYING", Some("GPL-3.0-only"))]);
    assert_eq!(decided(&stated), (None, State::Ambiguous));
    let later = known(Ecosystem::Go, &[], &[("COPYING", Some("GPL-3.0-or-later"))]);
    assert_eq!(decided(&later), (Some("GPL-3.0-or-later".to_owned()), State::Detected));
}

#[test]
fn a_text_in_a_field_is_read_as_text() {
    let field = known(Ecosystem::Pip, &[one(MIT)], &[]);
    assert_eq!(decided(&field), (Some("MIT".to_owned()), State::Detected));
}
