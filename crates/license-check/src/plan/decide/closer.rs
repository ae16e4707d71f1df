//! A licence that is still open when fields and texts have been read: what the prose of the licence file says, and what the
//! heads of the package's own source files say. PURE.
//!
//! Both only settle what the fields state. The answer must cover each licence and each family that a field names, so that
//! nothing the author said is lost; of several licences all hold, unless the package's own words leave a choice.
#![warn(clippy::disallowed_methods)]

use super::{Proof, gnu_version, texts};
use crate::plan::expression::grammar::{self, Expr, Slash};
use crate::plan::expression::{Agreement, Normalized, meanings, same_or_covered, settles};
use crate::plan::known::{Known, SourceHead};
use crate::plan::package::{Ecosystem, Place};
use std::collections::BTreeSet;

/// What the one licence file that speaks of licences in its own words says, and the proof of it.
pub(super) fn by_prose(known: &Known, family: &str) -> Option<(String, Proof)> {
    let mut speaking = texts(known).filter_map(|(file, text)| Some((file, text, text.prose.as_ref()?)));
    let (file, text, prose) = speaking.next()?;
    if speaking.next().is_some() {
        return None;
    }
    let expression = grammar::parse(&prose.expression, Slash::IsNothing).ok()?;
    let leaves: Vec<String> = expression.leaves().into_iter().map(ToString::to_string).collect();
    // Further files may hold the texts of what it names, and nothing else.
    let others = texts(known).filter(|(other, _)| other.path != file.path);
    let repeated = |id: &str| leaves.iter().any(|leaf| same_or_covered(leaf, id) == Agreement::Agrees);
    if !others.into_iter().all(|(_, text)| text.expression.as_deref().is_some_and(repeated)) {
        return None;
    }
    if family != "dual" && !leaves.iter().any(|leaf| settles(family, leaf)) {
        return None;
    }
    let stated = stated(known);
    let covered = stated.iter().all(|meaning| leaves.iter().any(|leaf| covers(leaf, meaning)));
    // An arm of a choice that no field names would be more than the author offers elsewhere.
    let offered = |leaf: &String| stated.iter().any(|meaning| covers(leaf, meaning));
    let choice = matches!(expression, Expr::Or(_));
    (covered && (!choice || leaves.iter().all(offered))).then(|| {
        let proof = Proof {
            field: "text",
            place: Place::new(&file.path, None),
            value: format!("{} ({})", prose.expression, prose.places),
            score_permille: Some(text.score_permille),
        };
        (expression.to_string(), proof)
    })
}

/// What the fields name; `dual` names nothing.
fn stated(known: &Known) -> Vec<Normalized> {
    let ecosystem = known.package.ecosystem;
    let all = known.stated().flat_map(|statement| meanings(ecosystem, &statement.value));
    let open = |meaning: &Normalized| *meaning == Normalized::Ambiguous { family: "dual".to_owned() };
    all.filter(|meaning| *meaning != Normalized::None && !open(meaning)).collect()
}

fn covers(leaf: &str, meaning: &Normalized) -> bool {
    match meaning {
        Normalized::Expression(id) => same_or_covered(id, leaf) == Agreement::Agrees,
        Normalized::Ambiguous { family } => settles(family, leaf),
        _ => false,
    }
}

/// Whether the heads of source files could settle what is open: one licence of a family.
pub(super) fn sources_may_settle(known: &Known, family: &str) -> bool {
    family != "dual" && is_open_by_names(known)
}

/// Whether the fields of a package whose files are here have nothing but names of families. A text that is no known one speaks
/// for itself.
pub(super) fn is_open_by_names(known: &Known) -> bool {
    known.package.ecosystem == Ecosystem::Pip
        && texts(known).all(|(_, text)| text.expression.is_some())
        && stated(known).iter().all(|meaning| matches!(meaning, Normalized::Ambiguous { .. }))
}

/// Whether three quarters of the code have a head that speaks of a licence, and lie beside the package's front: what is deeper
/// may be somebody else's.
fn is_most(sources: &[SourceHead], fronts: &[&SourceHead]) -> bool {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let beside = |source: &&SourceHead| fronts.iter().any(|front| folder(&front.path) == folder(&source.path));
    let claiming = sources.iter().filter(|source| !source.claims.ids.is_empty());
    let bytes: u64 = claiming.filter(beside).map(|source| source.size_bytes).fold(0, u64::saturating_add);
    let all: u64 = sources.iter().map(|source| source.size_bytes).fold(0, u64::saturating_add);
    bytes / 3 >= all / 4
}

/// What all heads that speak of a licence agree on, where the package's front is among them or nearly all of its code has that head.
pub(super) fn by_sources(known: &Known, family: &str) -> Option<(String, Proof)> {
    if !sources_may_settle(known, family) || !known.sources.iter().all(|source| source.claims.is_clear) {
        return None;
    }
    let ids: BTreeSet<&String> = known.sources.iter().flat_map(|source| &source.claims.ids).collect();
    let (1, Some(id)) = (ids.len(), ids.first()) else { return None };
    let claiming = || known.sources.iter().filter(|source| !source.claims.ids.is_empty());
    let fronts: Vec<&SourceHead> = known.sources.iter().filter(|source| source.is_front).collect();
    let by_front = !fronts.is_empty() && fronts.iter().all(|front| !front.claims.ids.is_empty());
    let agrees = |text: &str| same_or_covered(id, text) == Agreement::Agrees;
    let texts_agree = texts(known).all(|(_, text)| text.expression.as_deref().is_some_and(agrees));
    let covered = stated(known).iter().all(|meaning| covers(id, meaning));
    if !(texts_agree && covered && settles(family, id)) || !(by_front || is_most(&known.sources, &fronts)) {
        return None;
    }
    let first = claiming().find(|source| source.is_front).or_else(|| claiming().next())?;
    let value = format!("{id} by the head of this file and of {} more", claiming().count() - 1);
    let place = Place::new(&first.path, Some(1));
    let proof = Proof { field: "source", place, value, score_permille: None };
    // GNU's "only" would have to be said, and a head that says it is not told apart from one that says nothing.
    gnu_version(id).is_none().then(|| ((*id).clone(), proof))
}

#[cfg(test)]
mod tests;
