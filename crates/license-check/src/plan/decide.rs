//! Which licence a package has, and why. PURE.
//!
//! 1. The first statement that is an SPDX expression is the licence: *declared*.
//! 2. A statement that names a family is settled by a later statement of that family, else by the package's text, by what its
//!    licence file says in words of its own, or by the heads of its source files: *detected*; else it stays *ambiguous*.
//! 3. A statement that names a file is what that file holds: *detected*, or *custom* when the text is no known one. No other
//!    file is looked at.
//! 4. Without a statement the package's texts are the licence: *detected*. Several texts all hold, since nothing says that they
//!    are a choice.
//! 5. Terms without a name are *custom*; nothing at all is *none*.
//!
//! The GNU licences' texts don't say whether later versions may be chosen, and neither does this: with nothing but such a text
//! the licence is *ambiguous*.
#![warn(clippy::disallowed_methods)]

mod closer;
mod fields;
#[cfg(test)]
mod tests;

pub use fields::decide_fields;

use super::expression::agreement::{Agreement, same_or_covered};
use super::expression::{Normalized, normalize, settles};
use super::known::{FoundFile, Known};
use super::license::State;
use super::package::Place;
use super::statement::{FileKind, Statement, Value};
use super::text::{How, Identified, Identifier};
use std::collections::BTreeSet;

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The field, or `text` for a licence's text.
    pub field: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What stands there; of a text, what it is.
    pub value: String,
    /// How sure a text is, in thousandths; `None` for a field.
    pub score_permille: Option<u16>,
}

/// What a package's licence is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// An SPDX expression; `None` when it is ambiguous or there is none.
    pub license: Option<String>,
    /// How well it is known.
    pub state: State,
    /// The family of an ambiguous licence, as [`Normalized::Ambiguous`].
    pub family: Option<String>,
    /// What led to it, the deciding piece first.
    pub proofs: Vec<Proof>,
    /// A text of the package that says something else than the field, and what it says.
    pub disagreement: Option<(Place, String)>,
    /// Whether a field names a file, and that file is not here.
    pub waits_for_file: bool,
    /// Licences of bundled code whose texts stand in the package's own licence file.
    pub bundled: Vec<String>,
}

impl Decision {
    fn new(state: State, license: Option<String>) -> Self {
        Decision {
            license,
            state,
            family: None,
            proofs: Vec::new(),
            disagreement: None,
            waits_for_file: false,
            bundled: Vec::new(),
        }
    }
}

/// Decides.
pub fn decide(known: &Known, identifier: &Identifier) -> Decision {
    let ecosystem = known.package.ecosystem;
    let mut families = Vec::new();
    let mut custom: Option<(Normalized, &Statement)> = None;
    for statement in known.stated() {
        match normalize(ecosystem, &statement.value) {
            Normalized::Expression(license) => {
                if families.first().is_some_and(|(family, _): &(String, _)| !settles(family, &license)) {
                    continue;
                }
                let proofs = families.iter().map(|(_, proof)| proof);
                let proofs = std::iter::once(&proof(statement)).chain(proofs).cloned().collect();
                return declared(known, license, proofs);
            }
            Normalized::Ambiguous { family } => families.push((family, proof(statement))),
            Normalized::None => {}
            Normalized::Text(text) if custom.is_none() && families.is_empty() => {
                let identified = identifier.identify(text.as_bytes());
                if let Some(decision) = by_text(&identified, proof_of_text(&statement.place, &identified)) {
                    return decision;
                }
                custom = Some((Normalized::Text(text), statement));
            }
            other => {
                custom.get_or_insert((other, statement));
            }
        }
    }
    // A family and terms without a name contradict each other; the one that was stated first counts.
    if let Some((family, first)) = families.into_iter().next() {
        return settled(known, family, first);
    }
    match custom {
        Some((normalized, statement)) => without_name(known, &normalized, statement),
        None => detected(known),
    }
}

/// Whether the heads of the package's source files could settle what everything else leaves open.
pub fn sources_may_settle(known: &Known, identifier: &Identifier) -> bool {
    // Deciding may mean to identify a text that stands in a field, which a head wouldn't settle.
    if !closer::is_open_by_names(known) {
        return false;
    }
    let decision = decide(known, identifier);
    decision.family.is_some_and(|family| closer::sources_may_settle(known, &family))
}

fn proof(statement: &Statement) -> Proof {
    let value = match &statement.value {
        Value::One(text) | Value::File(text) | Value::Url(text) => shortened(text),
        Value::Many(texts) | Value::Classifiers(texts) => format!("[{}]", texts.join(", ")),
        Value::Named { name, url } => format!("{name} <{url}>"),
    };
    Proof { field: statement.field, place: statement.place.clone(), value, score_permille: None }
}

/// The first line of a text, at most 120 characters.
fn shortened(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let cut: String = line.chars().take(120).collect();
    if cut.len() < text.trim().len() { format!("{cut}…") } else { cut }
}

fn proof_of_text(place: &Place, identified: &Identified) -> Proof {
    Proof {
        field: "text",
        place: place.clone(),
        value: identified.expression.clone().unwrap_or_else(|| "no known text".to_owned()),
        score_permille: Some(identified.score_permille),
    }
}

fn proof_of_file(file: &FoundFile) -> Option<Proof> {
    Some(proof_of_text(&Place::new(&file.path, None), file.identified.as_deref()?))
}

/// The package's own licence texts.
fn texts(known: &Known) -> impl Iterator<Item = (&FoundFile, &Identified)> {
    let licenses = known.files.iter().filter(|file| file.kind == FileKind::License);
    licenses.filter_map(|file| Some((file, file.identified.as_deref()?)))
}

fn declared(known: &Known, license: String, proofs: Vec<Proof>) -> Decision {
    let mut decision = Decision { proofs, ..Decision::new(State::Declared, Some(license.clone())) };
    let mut other: Option<(Place, String)> = None;
    let mut agrees = false;
    for (file, identified) in texts(known) {
        let Some(expression) = &identified.expression else { continue };
        decision.proofs.extend(proof_of_file(file));
        decision.bundled.extend(identified.others.iter().cloned());
        match same_or_covered(&license, expression) {
            Agreement::Agrees => agrees = true,
            // Only a text that is beyond doubt may contradict its author.
            Agreement::Disagrees if identified.how == How::Exact => {
                other.get_or_insert((Place::new(&file.path, None), expression.clone()));
            }
            Agreement::Disagrees | Agreement::Unclear => {}
        }
    }
    decision.bundled.sort_unstable();
    decision.bundled.dedup();
    decision.disagreement = other.filter(|_| !agrees);
    decision
}

/// A family, settled by the package's own texts where they name one licence of it: by what they are as a whole, else by the
/// licence that they begin with.
fn settled(known: &Known, family: String, first: Proof) -> Decision {
    let named: BTreeSet<&str> =
        texts(known).filter_map(|(_, text)| text.expression.as_deref().or(text.leading.as_deref())).collect();
    let mut proofs = vec![first];
    proofs.extend(texts(known).filter_map(|(file, text)| {
        let proof = proof_of_file(file)?;
        let leading = text.leading.as_deref().filter(|_| text.expression.is_none());
        Some(match leading {
            Some(id) => Proof { value: format!("{id}, and more"), ..proof },
            None => proof,
        })
    }));
    if let (1, Some(id)) = (named.len(), named.first())
        && settles(&family, id)
        && gnu_version(id).is_none()
    {
        return Decision { proofs, ..Decision::new(State::Detected, Some((*id).to_owned())) };
    }
    if let Some((license, proof)) = closer::by_prose(known, &family).or_else(|| closer::by_sources(known, &family)) {
        proofs.retain(|other| other.place.path != proof.place.path || other.field != proof.field);
        proofs.insert(1, proof);
        return Decision { proofs, ..Decision::new(State::Detected, Some(license)) };
    }
    Decision { family: Some(family), proofs, ..Decision::new(State::Ambiguous, None) }
}

/// Terms that have no name.
fn without_name(known: &Known, normalized: &Normalized, statement: &Statement) -> Decision {
    let mut proofs = vec![proof(statement)];
    let mut waits_for_file = false;
    if let Normalized::File(name) = normalized {
        let wanted = name.trim_start_matches("./");
        let named = known.files.iter().find(|file| file.name.eq_ignore_ascii_case(wanted));
        waits_for_file = named.is_none();
        if let Some((file, identified)) = named.and_then(|file| Some((file, file.identified.as_deref()?))) {
            let text = proof_of_text(&Place::new(&file.path, None), identified);
            if let Some(mut decision) = by_text(identified, text.clone()) {
                decision.proofs.extend(proofs);
                return decision;
            }
            proofs.push(text);
        }
    }
    Decision { proofs, waits_for_file, ..Decision::new(State::Custom, Some(reference(normalized))) }
}

/// The `LicenseRef-…` of terms without a name: letters, digits, `-` and `.`
/// (<https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>, D.2).
fn reference(normalized: &Normalized) -> String {
    match normalized {
        Normalized::File(name) => super::expression::reference(name),
        Normalized::Text(_) => "LicenseRef-text".to_owned(),
        other => other.to_string(),
    }
}

/// What a single text decides; `None` when it is no known one.
fn by_text(identified: &Identified, proof: Proof) -> Option<Decision> {
    let expression = identified.expression.clone()?;
    let bundled = identified.others.clone();
    if let Some(family) = gnu_version(&expression) {
        let family = Some(family.to_owned());
        return Some(Decision { family, bundled, proofs: vec![proof], ..Decision::new(State::Ambiguous, None) });
    }
    Some(Decision { bundled, proofs: vec![proof], ..Decision::new(State::Detected, Some(expression)) })
}

/// `GPL-3.0` of `GPL-3.0-only`, as a text is called that doesn't say whether later versions hold too. A notice that says so makes
/// it `-or-later`, which is no matter of doubt.
fn gnu_version(expression: &str) -> Option<&str> {
    expression.strip_suffix("-only").filter(|version| version.contains("GPL-") || version.starts_with("GFDL-"))
}

/// Nothing is stated: the texts speak.
fn detected(known: &Known) -> Decision {
    let found: Vec<(&FoundFile, &Identified)> = texts(known).collect();
    let proofs: Vec<Proof> = found.iter().filter_map(|(file, _)| proof_of_file(file)).collect();
    let unknown = found.iter().any(|(_, text)| text.expression.is_none());
    let ids: BTreeSet<&str> = found.iter().filter_map(|(_, text)| text.expression.as_deref()).collect();
    let open = ids.iter().find_map(|id| gnu_version(id));
    let bundled: BTreeSet<String> = found.iter().flat_map(|(_, text)| text.others.iter().cloned()).collect();
    let decision = match (ids.len(), unknown, open) {
        (0, false, _) => Decision::new(State::None, None),
        (0, true, _) => Decision::new(State::Custom, Some(reference_of_files(&found))),
        (_, _, Some(version)) => Decision { family: Some(version.to_owned()), ..Decision::new(State::Ambiguous, None) },
        // A known text beside an unknown one: which of them holds for what, nobody says.
        (_, true, None) => Decision { family: Some(join(&ids)), ..Decision::new(State::Ambiguous, None) },
        (_, false, None) => Decision::new(State::Detected, Some(join(&ids))),
    };
    Decision { proofs, bundled: bundled.into_iter().collect(), ..decision }
}

fn reference_of_files(found: &[(&FoundFile, &Identified)]) -> String {
    found.first().map_or_else(|| "LicenseRef-text".to_owned(), |(file, _)| super::expression::reference(&file.name))
}

/// All of them hold.
fn join(ids: &BTreeSet<&str>) -> String {
    let part = |id: &&str| if ids.len() > 1 && id.contains(" OR ") { format!("({id})") } else { (*id).to_owned() };
    ids.iter().map(part).collect::<Vec<_>>().join(" AND ")
}
