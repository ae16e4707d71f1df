use crate::plan::decide::{Decision, decide};
use crate::plan::known::{FoundFile, Known, SourceHead};
use crate::plan::license::State;
use crate::plan::package::{Ecosystem, Package, Place};
use crate::plan::statement::{FileKind, Statement, Value};
use crate::plan::text::{Claims, Identified, Identifier, Prose};
use std::sync::Arc;

/// A Python package with that field and those classifiers.
fn package(license: &str, classifiers: &[&str]) -> Known {
    let statement = |value, field| Statement { value, field, place: Place::new("METADATA", Some(4)) };
    let classifiers = classifiers.iter().map(|text| (*text).to_owned()).collect();
    Known {
        package: Package::new(Ecosystem::Pip, "thing", "1.0", Place::new("poetry.lock", Some(7))),
        statements: vec![
            statement(Value::One(license.to_owned()), "License"),
            statement(Value::Classifiers(classifiers), "Classifier"),
        ],
        files: Vec::new(),
        sources: Vec::new(),
        missing: None,
        notices: Vec::new(),
    }
}

fn text(name: &str, expression: Option<&str>, prose: Option<&str>) -> FoundFile {
    let unknown = Identifier::new().identify(b"Terms that nobody knows.");
    let prose = prose.map(|prose| Prose { expression: prose.to_owned(), places: "by line 1".to_owned() });
    FoundFile {
        path: format!("thing.dist-info/{name}"),
        name: name.to_owned(),
        kind: FileKind::License,
        sha256: String::new(),
        identified: Some(Arc::new(Identified { expression: expression.map(str::to_owned), prose, ..unknown })),
        text: None,
    }
}

fn decided(known: &Known) -> Decision {
    decide(known, &Identifier::new())
}

fn license(known: &Known) -> Option<String> {
    let decision = decided(known);
    assert_eq!(decision.state, if decision.license.is_some() { State::Detected } else { State::Ambiguous });
    decision.license
}

const APACHE: &str = "Apache Software License";
const BSD: &str = "BSD License";
const MIT: &str = "MIT License";

#[test]
fn prose_settles_what_the_fields_name_and_nothing_else() {
    for (field, classifiers, prose, expected) in [
        ("Dual License", &[APACHE, BSD][..], "Apache-2.0 AND BSD-3-Clause", true),
        ("Dual License", &[APACHE, BSD], "Apache-2.0", false),
        ("Dual License", &[APACHE, BSD, MIT], "Apache-2.0 AND BSD-3-Clause", false),
        ("Dual License", &[APACHE, "Public Domain"], "Apache-2.0 AND BSD-3-Clause", false),
        (APACHE, &[APACHE], "Apache-2.0 AND CNRI-Python", true),
        (APACHE, &[APACHE], "CNRI-Python AND MIT", false),
        ("LGPL with exceptions", &[], "LGPL-3.0-or-later", true),
        (
            "Artistic License",
            &["GNU General Public License v2 or later (GPLv2+)"],
            "Artistic-1.0-Perl OR GPL-2.0-or-later",
            true,
        ),
        // An arm that no field names; one that the text hasn't.
        ("Artistic License", &[], "Artistic-1.0-Perl OR GPL-2.0-or-later", false),
        (
            "Artistic License",
            &["GNU General Public License v3 or later (GPLv3+)"],
            "Artistic-1.0-Perl OR GPL-2.0-or-later",
            false,
        ),
    ] {
        let mut known = package(field, classifiers);
        known.files.push(text("LICENSE", None, Some(prose)));
        let found = license(&known);
        assert_eq!(found, expected.then(|| prose.to_owned()), "{field} {classifiers:?} {prose}");
    }
}

#[test]
fn prose_counts_beside_a_field_only_and_alone() {
    let mut known = package("Dual License", &[APACHE, BSD]);
    known.files.push(text("LICENSE", None, Some("Apache-2.0 AND BSD-3-Clause")));
    known.files.push(text("LICENSE.apache", Some("Apache-2.0"), None));
    assert_eq!(license(&known).as_deref(), Some("Apache-2.0 AND BSD-3-Clause"));
    known.files.push(text("LICENSE.fonts", Some("OFL-1.1"), None));
    assert_eq!(license(&known), None, "a licence that the prose doesn't name");
    known.files.pop();
    known.files.push(text("COPYING", None, None));
    assert_eq!(license(&known), None, "terms that nobody knows");
    let mut unstated = package("", &[]);
    unstated.files.push(text("LICENSE", None, Some("MIT")));
    assert_eq!(decided(&unstated).state, State::Custom);
}

#[test]
fn the_proof_says_where_each_licence_stands() {
    let mut known = package(APACHE, &[]);
    known.files.push(text("LICENSE", None, Some("Apache-2.0 AND CNRI-Python")));
    let proofs = decided(&known).proofs;
    let shown: Vec<_> = proofs.iter().map(|proof| (proof.field, proof.value.as_str())).collect();
    assert_eq!(shown, [("License", APACHE), ("text", "Apache-2.0 AND CNRI-Python (by line 1)")]);
}

fn head(path: &str, is_front: bool, size_bytes: u64, ids: &[&str]) -> SourceHead {
    let claims = Claims { ids: ids.iter().map(|id| (*id).to_owned()).collect(), is_clear: true };
    SourceHead { path: path.to_owned(), is_front, size_bytes, claims }
}

const LATER: &[&str] = &["LGPL-2.1-or-later"];

#[test]
fn heads_settle_where_the_front_or_nearly_all_of_the_code_says_so() {
    let sources = |heads: &[SourceHead]| {
        let mut known = package("LGPL", &[]);
        known.sources = heads.to_vec();
        license(&known)
    };
    let front = head("thing/__init__.py", true, 10, LATER);
    let silent = head("thing/__init__.py", true, 10, &[]);
    assert_eq!(sources(std::slice::from_ref(&front)).as_deref(), Some("LGPL-2.1-or-later"));
    assert_eq!(
        sources(&[front.clone(), head("thing/data.py", false, 1000, &[])]).as_deref(),
        Some("LGPL-2.1-or-later")
    );
    assert_eq!(sources(&[front.clone(), head("thing/other.py", false, 5, &["MIT"])]), None, "another licence");
    let mut unclear = head("thing/other.py", false, 5, &[]);
    unclear.claims.is_clear = false;
    assert_eq!(sources(&[front, unclear]), None, "words that aren't understood");
    assert_eq!(sources(&[silent.clone(), head("thing/a.py", false, 90, LATER)]).as_deref(), Some("LGPL-2.1-or-later"));
    assert_eq!(sources(&[silent.clone(), head("thing/a.py", false, 20, LATER)]), None, "too little of it");
    assert_eq!(sources(&[silent, head("thing/vendor/a.py", false, 90, LATER)]), None, "somebody else's");
    assert_eq!(sources(&[head("thing.py", true, 10, &["LGPL-2.1-only"])]), None, "only, or nothing said");
    assert_eq!(sources(&[head("thing.py", true, 10, &["GPL-2.0-or-later"])]), None, "another family");
    assert_eq!(sources(&[]), None);
}

#[test]
fn heads_don_t_stand_against_fields_and_texts() {
    let with = |field: &str, classifiers: &[&str], files: Vec<FoundFile>| {
        let sources = vec![head("thing.py", true, 10, LATER)];
        license(&Known { files, sources, ..package(field, classifiers) })
    };
    let later = Some("LGPL-2.1-or-later".to_owned());
    assert_eq!(with("LGPL", &[], vec![text("LICENSE", Some("LGPL-2.1-only"), None)]), later);
    assert_eq!(with("LGPL", &["GNU Lesser General Public License v2 or later (LGPLv2+)"], vec![]), later);
    assert_eq!(with("LGPL", &[], vec![text("LICENSE", Some("LGPL-3.0-only"), None)]), None);
    assert_eq!(with("LGPL", &[], vec![text("LICENSE", None, None)]), None);
    assert_eq!(with("LGPL", &["GNU General Public License (GPL)"], vec![]), None);
    assert_eq!(with("Dual License", &["GNU Library or Lesser General Public License (LGPL)"], vec![]), None);
    let mut other = Known { sources: vec![head("a.js", true, 10, LATER)], ..package("LGPL", &[]) };
    other.package.ecosystem = Ecosystem::Npm;
    assert_eq!(license(&other), None, "another ecosystem");
}
