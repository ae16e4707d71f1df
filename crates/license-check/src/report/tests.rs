//! The report of a small world: one package of each answer.

use super::*;
use crate::plan::compare::Base;
use crate::plan::judge::{Applies, Evidence, Ruling, judge};
use crate::plan::judgement::{ReadList, Unproven};
use crate::plan::known::Known;
use crate::plan::package::{Ecosystem, Package, Place};
use crate::plan::policy::Policy;
use crate::plan::policy::date::Date;
use crate::plan::statement::{Statement, Value};
use crate::plan::text::Identifier;
use std::sync::LazyLock;

static IDENTIFIER: LazyLock<Identifier> = LazyLock::new(Identifier::new);

fn known(name: &str, line: u32, license: &str, missing: Option<&str>) -> Known {
    let place = Place::new("package-lock.json", Some(line));
    let mut package = Package::new(Ecosystem::Npm, name, "1.0.0", place.clone());
    if !license.is_empty() {
        package.statements.push(Statement { value: Value::One(license.to_owned()), field: "license", place });
    }
    Known {
        package,
        statements: Vec::new(),
        files: Vec::new(),
        sources: Vec::new(),
        missing: missing.map(str::to_owned),
        notices: Vec::new(),
    }
}

fn rulings() -> Vec<Ruling> {
    let policy = Policy::parse("allow = [\"MIT\"]\ndeny = [\"family:network-copyleft\"]\n", "license-policy.toml");
    vec![Ruling {
        policy: policy.expect("a policy"),
        from: "license-policy.toml of the base".into(),
        applies: Applies::ToAll,
    }]
}

fn judged<'e>(packages: &'e [Known], rulings: &'e [Ruling], base: Option<&'e Base>) -> Judgement<'e> {
    judge(&Evidence {
        packages: packages.iter().map(|known| ("package-lock.json", known)).collect(),
        base,
        rulings,
        identifier: &IDENTIFIER,
        unproven: Vec::<Unproven>::new(),
        lists: vec![ReadList {
            path: "package-lock.json".into(),
            format: "package-lock.json v3".into(),
            packages: packages.len(),
        }],
        today: Date::parse("2026-11-23").expect("a day"),
    })
}

#[test]
fn the_worst_stands_first_and_at_its_line() {
    let packages = [
        known("fine", 3, "MIT", None),
        known("away", 7, "", Some("away is not installed; run `npm ci`")),
        known("shared", 11, "AGPL-3.0-only", None),
        known("shared", 99, "AGPL-3.0-only", None),
    ];
    let rulings = rulings();
    let judgement = judged(&packages, &rulings, None);
    let context = Context { prefix: "apps/web/".to_owned(), ..Context::default() };
    let report = report(&judgement, &context);
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(report.headline, "1 of 3 packages may not be shipped: npm:shared@1.0.0 (AGPL-3.0-only)");
    let findings: Vec<(&str, String)> = report
        .ranked_findings()
        .into_iter()
        .map(|finding| (finding.code, finding.location.as_ref().map(kit_report::Location::place).unwrap_or_default()))
        .collect();
    assert_eq!(
        findings,
        [
            ("evidence-missing", "apps/web/package-lock.json:7".to_owned()),
            ("license-denied", "apps/web/package-lock.json:11".to_owned())
        ]
    );
    assert!(report.findings.iter().any(|finding| finding.message.contains("at 1 place more")), "{:?}", report.findings);
    assert_eq!(report.lists["packages"].len(), 4, "nothing is dropped");
}

#[test]
fn the_comment_is_short_whatever_there_is_to_say() {
    let packages: Vec<Known> = (0..300).map(|n| known(&format!("p{n}`<b>"), n + 1, "AGPL-3.0-only", None)).collect();
    let rulings = rulings();
    let base = Base::default();
    let judgement = judged(&packages, &rulings, Some(&base));
    let context = Context { base: Some("main".to_owned()), ..Context::default() };
    let comment = comment::comment(&judgement, &context);
    assert!(comment.lines().count() <= 15, "{comment}");
    assert!(comment.contains("294 packages more"), "{comment}");
    assert!(!comment.contains("<b>"), "{comment}");
}

#[test]
fn every_code_that_a_verdict_can_have_is_explained() {
    for (code, _) in crate::plan::verdict::CODES {
        let is_good = matches!(*code, "own-package" | "license-allowed" | "exception" | "clarification");
        assert!(is_good || codes::RULES.iter().any(|rule| rule.code == *code), "{code}");
    }
}

#[test]
fn an_explanation_names_the_line_and_the_way_out() {
    let packages = [known("shared", 11, "AGPL-3.0-only", None)];
    let rulings = rulings();
    let judgement = judged(&packages, &rulings, None);
    let text = explain::explain(&judgement.packages.iter().collect::<Vec<_>>());
    for words in ["package-lock.json:11", "AGPL-3.0-only is denied (license-policy.toml:2)", "[[exception]]"] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn what_speaks_for_a_package_is_no_warning() {
    let mut package = known("mixed", 11, "MIT", None);
    let text = crate::plan::text::Identified {
        expression: Some("Apache-2.0".to_owned()),
        score_permille: 1000,
        how: crate::plan::text::How::Exact,
        others: Vec::new(),
        leading: None,
        parts: Vec::new(),
        prose: None,
    };
    package.files.push(crate::plan::known::FoundFile {
        path: "node_modules/mixed/LICENSE".to_owned(),
        name: "LICENSE".to_owned(),
        kind: crate::plan::statement::FileKind::License,
        sha256: String::new(),
        identified: Some(std::sync::Arc::new(text)),
        text: None,
    });
    let policy = Policy::parse("allow = [\"MIT\", \"Apache-2.0\"]\n", "license-policy.toml").expect("a policy");
    let rulings = [Ruling { policy, from: "license-policy.toml".into(), applies: Applies::ToAll }];
    let packages = [package];
    let report = report(&judged(&packages, &rulings, None), &Context::default());
    let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["license-mismatch"]);
}
