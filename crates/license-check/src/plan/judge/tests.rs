use super::*;
use crate::plan::package::Package;
use crate::plan::statement::{Statement, Value};
use std::sync::LazyLock;

static IDENTIFIER: LazyLock<Identifier> = LazyLock::new(Identifier::new);

fn known(name: &str, version: &str, license: &str) -> Known {
    let place = Place::new("composer.lock", Some(4));
    let mut package = Package::new(Ecosystem::Composer, name, version, place.clone());
    if !license.is_empty() {
        package.statements.push(Statement { value: Value::One(license.to_owned()), field: "license", place });
    }
    Known {
        package,
        statements: Vec::new(),
        files: Vec::new(),
        sources: Vec::new(),
        missing: None,
        notices: Vec::new(),
    }
}

fn ruling(policy: &str, applies: Applies) -> Ruling {
    Ruling {
        policy: Policy::parse(policy, "license-policy.toml").expect("a policy"),
        from: "license-policy.toml".to_owned(),
        applies,
    }
}

fn judged<'e>(packages: &'e [Known], base: Option<&'e Base>, rulings: &'e [Ruling]) -> Judgement<'e> {
    let evidence = Evidence {
        packages: packages.iter().map(|known| ("composer.lock", known)).collect(),
        base,
        rulings,
        identifier: &IDENTIFIER,
        unproven: Vec::new(),
        lists: Vec::new(),
        today: Date::parse("2026-11-23").expect("a day"),
    };
    judge(&evidence)
}

fn base(packages: &[Known]) -> Base {
    let mut base = Base::default();
    base.add("composer.lock", &packages.iter().map(|known| known.package.clone()).collect::<Vec<_>>());
    base
}

const ALLOW_MIT: &str = "allow = [\"MIT\"]\n";

#[test]
fn the_worst_package_is_the_answer() {
    let packages = [known("a/a", "1", "MIT"), known("a/b", "1", "AGPL-3.0-only")];
    let rulings = [ruling(ALLOW_MIT, Applies::ToAll)];
    let judgement = judged(&packages, None, &rulings);
    assert_eq!(judgement.answer, Answer::Fail);
    assert_eq!(judgement.packages[0].answer, Answer::Pass);
    assert_eq!(judgement.packages[1].why[0].code, "license-unlisted");
    assert!(judgement.packages.iter().all(|judged| judged.counts));
}

#[test]
fn what_the_change_does_not_touch_does_not_count() {
    let old = [known("a/b", "1", "AGPL-3.0-only")];
    let base = base(&old);
    let rulings = [ruling(ALLOW_MIT, Applies::ToChanges)];
    let packages = [old[0].clone(), known("a/c", "1", "MIT")];
    let judgement = judged(&packages, Some(&base), &rulings);
    assert_eq!(judgement.answer, Answer::Pass);
    assert_eq!((judgement.packages[0].counts, judgement.packages[0].answer), (false, Answer::Fail));
    let packages = [known("a/b", "2", "AGPL-3.0-only")];
    assert_eq!(judged(&packages, Some(&base), &rulings).answer, Answer::Fail);
}

#[test]
fn a_changed_policy_is_met_by_everything_and_loosens_nothing() {
    let old = [known("a/b", "1", "AGPL-3.0-only")];
    let base = base(&old);
    let stricter = [ruling("deny = [\"MIT\"]\n", Applies::ToChanges), ruling(ALLOW_MIT, Applies::ToAll)];
    assert_eq!(judged(&old, Some(&base), &stricter).answer, Answer::Fail);
    let looser = [ruling(ALLOW_MIT, Applies::ToChanges), ruling("deny = []\n", Applies::ToAll)];
    let packages = [old[0].clone(), known("a/c", "1", "AGPL-3.0-only")];
    let judgement = judged(&packages, Some(&base), &looser);
    assert_eq!(judgement.packages[0].answer, Answer::Pass);
    assert_eq!(judgement.packages[1].answer, Answer::Fail, "the base's policy still counts");
}

#[test]
fn evidence_that_is_not_here_is_unproven_and_a_known_licence_needs_none() {
    let mut package = known("a/a", "1", "");
    package.missing = Some("a/a is not installed; run composer install".to_owned());
    let mut declared = known("a/b", "1", "MIT");
    declared.missing.clone_from(&package.missing);
    let rulings = [ruling(ALLOW_MIT, Applies::ToAll)];
    let packages = [package, declared];
    let judgement = judged(&packages, None, &rulings);
    assert_eq!(judgement.packages[0].answer, Answer::Unproven);
    assert_eq!(judgement.packages[0].why[0].code, "evidence-missing");
    assert_eq!(judgement.packages[1].answer, Answer::Pass);
    assert_eq!(judgement.answer, Answer::Unproven);
    let rest = known("a/a", "1", "");
    let packages = [rest];
    let judgement = judged(&packages, None, &rulings);
    assert_eq!((judgement.answer, judgement.packages[0].why[0].code), (Answer::Fail, "license-unknown"));
}

#[test]
fn the_whole_can_be_unproven_without_any_package() {
    let rulings = [ruling(ALLOW_MIT, Applies::ToAll)];
    let unproven = Unproven { code: "nothing-found", what: "nothing".to_owned(), path: None };
    let evidence = Evidence {
        packages: Vec::new(),
        base: None,
        rulings: &rulings,
        identifier: &IDENTIFIER,
        unproven: vec![unproven],
        lists: Vec::new(),
        today: Date::parse("2026-11-23").expect("a day"),
    };
    assert_eq!(judge(&evidence).answer, Answer::Unproven);
}

#[test]
fn another_licence_in_a_new_version_is_named() {
    let base = base(&[known("a/a", "1", "MIT")]);
    let rulings = [ruling("deny = []\n", Applies::ToChanges)];
    let packages = [known("a/a", "2", "BUSL-1.1")];
    let judgement = judged(&packages, Some(&base), &rulings);
    assert_eq!(judgement.packages[0].relicensed.as_deref(), Some(&["MIT".to_owned()][..]));
}
