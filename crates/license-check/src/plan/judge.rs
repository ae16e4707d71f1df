//! Judges every package by every policy that applies. PURE.
#![warn(clippy::disallowed_methods)]

#[cfg(test)]
mod tests;

use super::compare::{Base, Change, relicensed};
use super::decide::{Decision, decide};
use super::judgement::{Answer, Judged, Judgement, PolicyNote, ReadList, Unproven, Why};
use super::known::Known;
use super::license::State;
use super::package::{Ecosystem, Origin, Place};
use super::policy::Policy;
use super::policy::date::Date;
use super::text::Identifier;
use super::verdict::{self, PackageVerdict, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// Which packages a policy decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// Every one.
    ToAll,
    /// Those that the change under review brings.
    ToChanges,
}

/// A policy that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What it says.
    pub policy: Policy,
    /// Where it comes from, for people.
    pub from: String,
    /// On what.
    pub applies: Applies,
}

/// All that counts.
#[derive(Debug)]
pub struct Evidence<'e> {
    /// Every entry of every list, with its list's path.
    pub packages: Vec<(&'e str, &'e Known)>,
    /// The base's lists; `None` when no change is under review.
    pub base: Option<&'e Base>,
    /// Never empty.
    pub rulings: &'e [Ruling],
    /// Recognises texts that stand in fields.
    pub identifier: &'e Identifier,
    /// What is missing as a whole.
    pub unproven: Vec<Unproven>,
    /// The lists.
    pub lists: Vec<ReadList>,
    /// The day, in UTC.
    pub today: Date,
}

/// Judges.
pub fn judge<'e>(evidence: &Evidence<'e>) -> Judgement<'e> {
    judge_decided(evidence, decisions(evidence))
}

fn decisions(evidence: &Evidence<'_>) -> Vec<Decision> {
    evidence.packages.iter().map(|(_, known)| decide(known, evidence.identifier)).collect()
}

/// Judges with the decision on each package, in order: it depends on nothing but the package, so that a caller may have made
/// several at once.
pub fn judge_decided<'e>(evidence: &Evidence<'e>, decisions: Vec<Decision>) -> Judgement<'e> {
    let mut packages = begun(evidence, decisions);
    let digests: Vec<BTreeMap<String, String>> = evidence.packages.iter().map(|(_, known)| digests(known)).collect();
    let labels: Vec<String> = packages.iter().map(|judged| label(&judged.decision)).collect();
    let mut policy_notes = Vec::new();
    for (at, ruling) in evidence.rulings.iter().enumerate() {
        let subjects = subjects(&packages, &digests, &labels, evidence.today);
        let verdicts: Vec<PackageVerdict> =
            subjects.iter().map(|subject| verdict::judge(&ruling.policy, subject)).collect();
        let judged: Vec<(Subject<'_>, PackageVerdict)> = subjects.into_iter().zip(verdicts).collect();
        // The last policy is the one that counts from now on.
        if at + 1 == evidence.rulings.len() {
            policy_notes = notes(ruling, &judged, evidence.today);
        }
        let verdicts: Vec<PackageVerdict> = judged.into_iter().map(|(_, verdict)| verdict).collect();
        for (judged, verdict) in packages.iter_mut().zip(verdicts) {
            take(judged, ruling, verdict);
        }
    }
    let counting = packages.iter().filter(|judged| judged.counts).map(|judged| judged.answer);
    let whole = if evidence.unproven.is_empty() { Answer::Exempt } else { Answer::Unproven };
    let answer = counting.max().unwrap_or(Answer::Exempt).max(whole);
    Judgement {
        removed: evidence.base.map(|base| base.removed(&names(evidence))).unwrap_or_default(),
        answer,
        unproven: evidence.unproven.clone(),
        policy_notes,
        lists: evidence.lists.clone(),
        packages,
    }
}

/// What a policy is asked about each package, for a first policy.
pub fn with_subjects<T>(evidence: &Evidence<'_>, use_them: impl FnOnce(&[Subject<'_>]) -> T) -> T {
    let packages = begun(evidence, decisions(evidence));
    let digests: Vec<BTreeMap<String, String>> = evidence.packages.iter().map(|(_, known)| digests(known)).collect();
    let labels: Vec<String> = packages.iter().map(|judged| label(&judged.decision)).collect();
    use_them(&subjects(&packages, &digests, &labels, evidence.today))
}

fn subjects<'s>(
    packages: &'s [Judged<'_>],
    digests: &'s [BTreeMap<String, String>],
    labels: &'s [String],
    today: Date,
) -> Vec<Subject<'s>> {
    let parts = packages.iter().zip(digests).zip(labels);
    parts.map(|((judged, digests), label)| subject(judged, label, digests, today)).collect()
}

fn names<'e>(evidence: &Evidence<'e>) -> BTreeMap<&'e str, BTreeSet<(Ecosystem, &'e str)>> {
    let mut names: BTreeMap<&str, BTreeSet<(Ecosystem, &str)>> = BTreeMap::new();
    for (list, known) in &evidence.packages {
        names.entry(list).or_default().insert((known.package.ecosystem, &known.package.name));
    }
    names
}

fn digests(known: &Known) -> BTreeMap<String, String> {
    known.files.iter().map(|file| (file.name.clone(), file.sha256.clone())).collect()
}

fn begun<'e>(evidence: &Evidence<'e>, decisions: Vec<Decision>) -> Vec<Judged<'e>> {
    let packages = evidence.packages.iter().zip(decisions);
    packages.map(|((list, known), decision)| begin(evidence, list, known, decision)).collect()
}

/// A package before any policy was asked.
fn begin<'e>(evidence: &Evidence<'e>, list: &'e str, known: &'e Known, decision: Decision) -> Judged<'e> {
    let change = match evidence.base {
        Some(base) if known.package.origin != Origin::Own => base.change(list, &known.package),
        _ => Change::None,
    };
    // Of a licence that isn't known nobody can say that it is another.
    let before = decision.license.as_deref().and_then(|license| relicensed(&change, Some(license)));
    let relicensed = before.map(<[String]>::to_vec);
    Judged {
        known,
        list,
        change,
        relicensed,
        counts: false,
        answer: Answer::Exempt,
        why: Vec::new(),
        clarified: None,
        chosen: None,
        paste: None,
        decision,
    }
}

/// What is known where there is no expression, as `normalize` writes it.
fn label(decision: &Decision) -> String {
    match (&decision.family, decision.state) {
        (Some(family), _) => format!("AMBIGUOUS:{family}"),
        (None, State::None) => "NONE".to_owned(),
        (None, _) => String::new(),
    }
}

fn subject<'j>(
    judged: &'j Judged<'_>,
    label: &'j str,
    file_digests: &'j BTreeMap<String, String>,
    today: Date,
) -> Subject<'j> {
    let decision = &judged.decision;
    // Terms that stand in a file which is not here are not known, though the file has a name.
    let waits = decision.waits_for_file && judged.known.missing.is_some();
    Subject {
        package: &judged.known.package,
        license: decision.license.as_deref().filter(|_| !waits),
        state: decision.state,
        label,
        text_license: decision.disagreement.as_ref().map(|(_, says)| says.as_str()),
        missing: judged.known.missing.as_deref(),
        file_digests,
        today,
    }
}

/// One policy's word on one package. A package that does not count is judged too, for those who read the report; but what
/// counts wins over it, and of what counts the worst.
fn take(judged: &mut Judged<'_>, ruling: &Ruling, verdict: PackageVerdict) {
    let is_first = judged.why.is_empty();
    let counts =
        verdict.verdict != Answer::Exempt && (ruling.applies == Applies::ToAll || judged.change != Change::None);
    let is_worse = verdict.verdict > judged.answer;
    if !(is_first || (counts && (!judged.counts || is_worse))) {
        return;
    }
    judged.counts |= counts;
    judged.answer = verdict.verdict;
    judged.chosen = verdict.chosen.clone();
    judged.clarified = verdict.clarification.and(verdict.license.clone());
    let place = |line: u32| Place::new(ruling.policy.path.clone(), Some(line));
    let why = |reason: &verdict::Reason| Why {
        code: reason.code,
        what: reason.message.clone(),
        policy: reason.line.map(place),
    };
    let main = verdict.main().map(why);
    let others = verdict.because.iter().filter(|reason| Some(*reason) != verdict.main()).map(why);
    judged.why = main.into_iter().chain(others).collect();
    judged.paste = verdict.paste;
}

fn notes(ruling: &Ruling, judged: &[(Subject<'_>, PackageVerdict)], today: Date) -> Vec<PolicyNote> {
    let note = |notice: verdict::notices::Notice| PolicyNote {
        code: notice.code,
        what: notice.message,
        place: Place::new(ruling.policy.path.clone(), Some(notice.line)),
    };
    verdict::notices::notices(&ruling.policy, judged, today).into_iter().map(note).collect()
}
