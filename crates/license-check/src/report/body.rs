//! The tool's own part of the JSON report.

use super::Context;
use crate::plan::compare::Change;
use crate::plan::judgement::{Judged, Judgement};
use serde_json::{Map, Value, json as value};

/// Everything but the packages.
pub(super) fn body(judgement: &Judgement<'_>, context: &Context) -> Map<String, Value> {
    let lists: Vec<Value> = judgement
        .lists
        .iter()
        .map(|list| value!({ "path": list.path, "format": list.format, "packages": list.packages }))
        .collect();
    let removed: Vec<Value> = judgement
        .removed
        .iter()
        .map(|removed| value!({ "ecosystem": removed.ecosystem.as_str(), "name": removed.name, "list": removed.list }))
        .collect();
    let mut body = Map::new();
    body.insert("lists".into(), lists.into());
    body.insert("removed".into(), removed.into());
    body.insert("policies".into(), value!(context.policies));
    body.insert("base".into(), value!(context.base));
    body
}

/// The packages, each as JSON text.
pub(super) fn packages(judgement: &Judgement<'_>) -> Vec<String> {
    judgement.packages.iter().map(|judged| package(judged).to_string()).collect()
}

pub(super) fn package(judged: &Judged<'_>) -> Value {
    let package = &judged.known.package;
    let decision = &judged.decision;
    let evidence: Vec<Value> = decision
        .proofs
        .iter()
        .map(|proof| {
            let mut object = value!({ "field": proof.field, "path": proof.place.path, "value": proof.value });
            if let Some(line) = proof.place.line {
                object["line"] = line.into();
            }
            if let Some(score) = proof.score_permille {
                object["score"] = value!(f64::from(score) / 1000.0);
            }
            object
        })
        .collect();
    let mut object = value!({
        "ecosystem": package.ecosystem.as_str(),
        "name": package.name,
        "version": package.version,
        "license": decision.license,
        "state": decision.state.as_str(),
        "evidence": evidence,
        "path": package.place.path,
        "line": package.place.line,
        "scope": package.scope.as_str(),
        "verdict": judged.answer.as_str(),
        "judged": judged.counts,
    });
    if let Some(family) = &decision.family {
        object["family"] = family.as_str().into();
    }
    if !judged.why.is_empty() {
        let why = |why: &crate::plan::judgement::Why| value!({ "code": why.code, "message": why.what });
        object["reasons"] = judged.why.iter().map(why).collect();
    }
    if let Some(clarified) = &judged.clarified {
        object["clarified"] = clarified.as_str().into();
    }
    if let Some(paste) = &judged.paste {
        object["paste"] = paste.as_str().into();
    }
    if let Some(chosen) = &judged.chosen {
        object["chosen"] = chosen.as_str().into();
    }
    if !decision.bundled.is_empty() {
        object["bundled"] = value!(decision.bundled);
    }
    match &judged.change {
        Change::None => {}
        Change::Added => object["change"] = "added".into(),
        Change::Promoted => object["change"] = "promoted".into(),
        Change::Version { from, .. } => {
            object["change"] = "version".into();
            object["from"] = value!(from);
        }
    }
    if let Some(before) = &judged.relicensed {
        object["relicensed_from"] = value!(before);
    }
    object
}
