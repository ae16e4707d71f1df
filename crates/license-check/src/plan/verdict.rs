//! Whether a package may be used, by the policy. PURE.
//!
//! The order of the questions: is it the team's own; does a clarification say what its licence is; is the licence known;
//! do the lists of its scope and folder allow it; and if not, does an exception. An exception or a clarification that no
//! longer fits what it was granted for counts for nothing, and is said.
#![warn(clippy::disallowed_methods)]

pub mod notices;
pub(super) mod paste;

use super::expression::evaluate::{Outcome, Standing};
use super::license::State;
use super::package::{Origin, Package};
use super::policy::date::Date;
use super::policy::lists::{self, Judged, Lists, asks_for_leave, is_label, license_key};
use super::policy::{BoundFile, Exception, Mismatch, Policy, Private, Severity, is_below};
use std::collections::BTreeMap;

/// Everything that is known of one package.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Which.
    pub package: &'a Package,
    /// Its licence, an SPDX expression, where the state has one.
    pub license: Option<&'a str>,
    /// How well it is known.
    pub state: State,
    /// What is known where there is no expression, as `license-check normalize` writes it: `NONE`, `AMBIGUOUS:BSD`,
    /// `FILE:LICENSE.txt`; may be empty.
    pub label: &'a str,
    /// What the package's own text is instead, an SPDX expression, where it disagrees with the declared licence.
    pub text_license: Option<&'a str>,
    /// Why there is no evidence and what would bring it, where the package isn't on this machine.
    pub missing: Option<&'a str>,
    /// SHA-256 (64 lower-case hexadecimal digits) of each licence file, by its name in the package.
    pub file_digests: &'a BTreeMap<String, String>,
    /// Today, in UTC.
    pub today: Date,
}

/// What comes of it; the worst is the greatest. The names are those of the JSON report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The policy doesn't judge it.
    Exempt,
    /// It may be used.
    Pass,
    /// It may be used, and something is to be looked at.
    Warn,
    /// The evidence isn't here.
    Unproven,
    /// It may not be used.
    Fail,
}

impl Verdict {
    /// The name, as in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Exempt => "exempt",
            Verdict::Pass => "pass",
            Verdict::Warn => "warn",
            Verdict::Unproven => "unproven",
            Verdict::Fail => "fail",
        }
    }
}

/// One step of the reasoning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Stable: one of [`CODES`].
    pub code: &'static str,
    /// For people: one sentence without the package's name.
    pub message: String,
    /// The line of the policy that decided, 1-based.
    pub line: Option<u32>,
}

/// Every code of a [`Reason`], with what it says; in the order in which they name what became of a package.
pub const CODES: &[(&str, &str)] = &[
    ("own-package", "the project's own package"),
    ("clarification-stale", "the file that was clarified has changed"),
    ("exception-expired", "the policy's exception has expired"),
    ("exception-reopened", "the licence is no longer the one that the exception was granted for"),
    ("exception-elsewhere", "the policy's exception is for a workspace, and the package lies elsewhere too"),
    ("exception", "an exception of the policy holds"),
    ("evidence-missing", "the package isn't here to be looked at"),
    ("license-denied", "a list denies the licence"),
    ("license-custom", "terms of their own that no list allows"),
    ("license-unlisted", "no list allows the licence"),
    ("license-ambiguous", "only a family of licences is known"),
    ("license-unknown", "nothing is known of the licence"),
    ("license-mismatch", "the declared licence is not the text's"),
    ("clarification", "a clarification of the policy says what the licence is"),
    ("license-allowed", "the lists allow the licence"),
];

/// What comes of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageVerdict {
    /// The answer.
    pub verdict: Verdict,
    /// Why, in the order of the questions.
    pub because: Vec<Reason>,
    /// The licence that was judged: the clarification's, or the package's.
    pub license: Option<String>,
    /// The arm of an `OR` by which it passes.
    pub chosen: Option<String>,
    /// Index in [`Policy::exceptions`] of the one by which it passes, or would if it hadn't expired.
    pub exception: Option<usize>,
    /// Index in [`Policy::clarifications`] of the one that says what the licence is.
    pub clarification: Option<usize>,
    /// TOML that would settle it when appended to the policy, once a person has filled in what is empty.
    pub paste: Option<String>,
}

impl PackageVerdict {
    /// The reason that names the verdict: the first by [`CODES`].
    pub fn main(&self) -> Option<&Reason> {
        let rank = |reason: &&Reason| CODES.iter().position(|(code, _)| *code == reason.code);
        let warns =
            |reason: &&Reason| ["license-mismatch", "license-ambiguous", "license-unknown"].contains(&reason.code);
        let warning = self.because.iter().filter(|_| self.verdict == Verdict::Warn).find(warns);
        warning.or_else(|| self.because.iter().min_by_key(rank))
    }
}

/// Judges one package. It depends on nothing but its arguments, and on no other package.
pub fn judge(policy: &Policy, subject: &Subject<'_>) -> PackageVerdict {
    let mut found = PackageVerdict {
        verdict: Verdict::Pass,
        because: Vec::new(),
        license: None,
        chosen: None,
        exception: None,
        clarification: None,
        paste: None,
    };
    if subject.package.origin == Origin::Own && policy.private == Private::Exempt {
        found.verdict = Verdict::Exempt;
        found.say("own-package", "it is the project's own", None);
        return found;
    }
    let stale = clarify(policy, subject, &mut found);
    if found.clarification.is_none() {
        // A licence of a state that has none is nobody's statement.
        let has_one = !matches!(subject.state, State::Ambiguous | State::None);
        let readable = subject.license.filter(|license| has_one && lists::is_expression(license));
        found.license = readable.map(str::to_owned);
    }
    judge_license(policy, subject, &mut found);
    if matches!(found.verdict, Verdict::Fail | Verdict::Warn) {
        except(policy, subject, &mut found);
    }
    if let Some(stale) = stale {
        stale.apply(subject, &mut found);
    }
    if matches!(found.verdict, Verdict::Fail | Verdict::Warn) {
        found.paste = paste::lines(policy, subject, &found);
    }
    found
}

impl PackageVerdict {
    fn say(&mut self, code: &'static str, message: impl Into<String>, line: Option<u32>) {
        self.because.push(Reason { code, message: message.into(), line });
    }

    fn at_least(&mut self, verdict: Verdict) {
        self.verdict = self.verdict.max(verdict);
    }
}

/// A clarification whose file is no longer what was read.
struct Stale {
    license: String,
    what: String,
    line: u32,
    is_elsewhere: bool,
}

impl Stale {
    /// The team once found that the package doesn't say what its licence is. Until somebody looks again it doesn't pass,
    /// unless it now says just that.
    fn apply(self, subject: &Subject<'_>, found: &mut PackageVerdict) {
        let same = found.license.as_deref().is_some_and(|license| license_key(license) == license_key(&self.license));
        if same && found.verdict == Verdict::Pass {
            return;
        }
        if self.is_elsewhere {
            found.at_least(Verdict::Unproven);
            let why = subject.missing.unwrap_or("the package isn't here");
            found.say("evidence-missing", format!("{}: {why}", self.what), Some(self.line));
        } else {
            found.at_least(Verdict::Fail);
            found.say("clarification-stale", self.what, Some(self.line));
        }
    }
}

/// What a clarification says. A stale one is returned.
fn clarify(policy: &Policy, subject: &Subject<'_>, found: &mut PackageVerdict) -> Option<Stale> {
    let candidates = policy.clarifications_for(subject.package);
    let holding = candidates.iter().find(|index| holds(&policy.clarifications[**index].file, subject));
    if let Some(index) = holding {
        let clarification = &policy.clarifications[*index];
        found.clarification = Some(*index);
        found.license = Some(clarification.license.clone());
        let message = format!("the policy reads {} as {}", clarification.file.name, clarification.license);
        found.say("clarification", message, Some(clarification.line));
        return None;
    }
    let clarification = &policy.clarifications[*candidates.first()?];
    let name = &clarification.file.name;
    let is_there = subject.file_digests.contains_key(name);
    let is_elsewhere = !is_there && subject.missing.is_some();
    let what = if is_there {
        format!("{name} is no longer the text that was clarified as {}", clarification.license)
    } else if is_elsewhere {
        format!("it was clarified as {} by its {name}, which isn't here to compare", clarification.license)
    } else {
        format!("it was clarified as {} by its {name}, which it no longer has", clarification.license)
    };
    Some(Stale { license: clarification.license.clone(), what, line: clarification.line, is_elsewhere })
}

fn holds(file: &BoundFile, subject: &Subject<'_>) -> bool {
    subject.file_digests.get(&file.name).is_some_and(|digest| digest.eq_ignore_ascii_case(&file.sha256))
}

/// What the lists say, without exceptions.
fn judge_license(policy: &Policy, subject: &Subject<'_>, found: &mut PackageVerdict) {
    let Some(license) = found.license.clone() else {
        return judge_unknown(policy, subject, found);
    };
    let disagrees = |text: &&str| found.clarification.is_none() && license_key(text) != license_key(&license);
    let text = subject.text_license.filter(disagrees);
    if let Some(text) = text.map(|text| if lists::is_expression(text) { text } else { "LicenseRef-unreadable" }) {
        let message = format!("{license} is declared, and the text is {text}'s");
        found.say("license-mismatch", message, None);
        found.at_least(if policy.mismatch == Mismatch::Fail { Verdict::Fail } else { Verdict::Warn });
        if policy.mismatch != Mismatch::Warn {
            found.license = Some(both(&license, text));
        }
    }
    let judged = found.license.clone().unwrap_or(license);
    let (at, layers) = worst(policy, subject, &judged);
    let chosen = at.outcome.as_ref().filter(|outcome| outcome.had_choice).map(Outcome::chosen_expression);
    match at.stand.standing {
        Standing::Allowed => {
            let message = match (&chosen, asks_for_leave(&layers)) {
                (Some(chosen), _) => format!("{chosen} of {judged} is allowed"),
                (None, true) => format!("{judged} is allowed"),
                (None, false) => format!("{judged} is not denied"),
            };
            found.say("license-allowed", message, at.stand.line);
            found.chosen = chosen;
        }
        Standing::Denied => {
            found.at_least(Verdict::Fail);
            found.say("license-denied", blame(&layers, &judged, &at), at.stand.line);
        }
        Standing::Unlisted => {
            found.at_least(Verdict::Fail);
            let own_terms = subject.state == State::Custom && found.clarification.is_none();
            let code = if own_terms { "license-custom" } else { "license-unlisted" };
            found.say(code, blame(&layers, &judged, &at), None);
        }
    }
}

fn both(declared: &str, text: &str) -> String {
    let wrap = |license: &str| if license.contains(' ') { format!("({license})") } else { license.to_owned() };
    format!("{} AND {}", wrap(declared), wrap(text))
}

fn judge_unknown(policy: &Policy, subject: &Subject<'_>, found: &mut PackageVerdict) {
    let by = |severity: Severity| if severity == Severity::Fail { Verdict::Fail } else { Verdict::Warn };
    let label = label(subject);
    if let Some(missing) = subject.missing {
        found.at_least(Verdict::Unproven);
        found.say("evidence-missing", missing, None);
    } else if subject.state == State::Ambiguous {
        found.at_least(by(policy.ambiguous));
        let family = label.strip_prefix("AMBIGUOUS:").unwrap_or("its licence");
        found.say("license-ambiguous", format!("`{family}` may be more than one licence"), None);
    } else if subject.state == State::Custom {
        found.at_least(Verdict::Fail);
        found.say("license-custom", format!("its terms are its own ({label})"), None);
    } else {
        found.at_least(by(policy.unknown));
        found.say("license-unknown", "it states no licence and has no text of one", None);
    }
}

/// What stands for the licence where there is no expression.
fn label<'a>(subject: &Subject<'a>) -> &'a str {
    let label = subject.label.trim();
    match subject.state {
        _ if is_label(label) => label,
        State::Ambiguous => "AMBIGUOUS",
        State::Custom => "FILE:LICENSE",
        _ => "NONE",
    }
}

/// What a licence is at each place where the package lies, and by which lists: the worst of them counts.
fn worst<'p>(policy: &'p Policy, subject: &Subject<'_>, license: &str) -> (Judged, Vec<&'p Lists>) {
    let package = subject.package;
    let mut layers = policy.layers(package.scope, &package.place.path);
    if policy.workspaces.is_empty() {
        return (lists::stand_expression(&layers, license), layers);
    }
    let mut worst: Option<Judged> = None;
    for path in package.places() {
        let here = policy.layers(package.scope, &path);
        let same = here.len() == layers.len() && here.iter().zip(&layers).all(|(a, b)| std::ptr::eq(*a, *b));
        if same && worst.is_some() {
            continue;
        }
        let judged = lists::stand_expression(&here, license);
        if worst.as_ref().is_none_or(|worst| judged.stand.standing < worst.stand.standing) {
            (worst, layers) = (Some(judged), here);
        }
    }
    let judged = worst.unwrap_or_else(|| lists::stand_expression(&layers, license));
    (judged, layers)
}

/// The sentence for what is denied or on no list.
fn blame(layers: &[&Lists], license: &str, at: &Judged) -> String {
    let standing = at.stand.standing;
    let blocking = at.outcome.iter().flat_map(|outcome| &outcome.blocking);
    let names: Vec<String> = blocking.filter(|(_, why)| *why == standing).map(|(leaf, _)| leaf.to_string()).collect();
    let verb = if names.len() < 2 { "is" } else { "are" };
    let what = match standing {
        Standing::Denied => "denied",
        _ if asks_for_leave(layers) => "not on the list of allowed licences",
        _ => "no licence of SPDX's list, and nothing allows it",
    };
    match at.outcome.as_ref().filter(|_| !names.iter().all(|name| name == license)) {
        Some(outcome) if outcome.had_choice => {
            format!("no choice of {license} is allowed; in the nearest, {} {verb} {what}", names.join(", "))
        }
        Some(_) => format!("{license}: {} {verb} {what}", names.join(", ")),
        None => format!("{license} is {what}"),
    }
}

/// The licence that an exception must have been granted for.
fn key(subject: &Subject<'_>, found: &PackageVerdict) -> String {
    found.license.as_deref().map_or_else(|| label(subject).to_owned(), license_key)
}

/// Whether an exception lets it pass.
fn except(policy: &Policy, subject: &Subject<'_>, found: &mut PackageVerdict) {
    let key = key(subject, found);
    let (candidates, elsewhere): (Vec<usize>, Vec<usize>) = policy
        .exceptions_for(subject.package)
        .into_iter()
        .partition(|index| policy.exceptions[*index].reaches(subject.package));
    let fits = |index: &&usize| {
        let exception = &policy.exceptions[**index];
        exception.license == key && exception.file.as_ref().is_none_or(|file| holds(file, subject))
    };
    // The text that a fitting one is bound to may not be here to compare.
    let waits = |index: &&usize| {
        let exception = &policy.exceptions[**index];
        let absent = |file: &BoundFile| !subject.file_digests.contains_key(&file.name);
        exception.license == key && subject.missing.is_some() && exception.file.as_ref().is_some_and(absent)
    };
    if let Some(index) = candidates.iter().filter(fits).max_by_key(|index| policy.exceptions[**index].expires) {
        found.exception = Some(*index);
        grant(policy, &policy.exceptions[*index], subject, found);
    } else if let Some(index) = candidates.iter().find(waits) {
        let exception = &policy.exceptions[*index];
        found.verdict = found.verdict.min(Verdict::Unproven);
        let name = exception.file.as_ref().map_or("", |file| file.name.as_str());
        let why = subject.missing.unwrap_or_default();
        let message = format!("its exception is bound to the text of {name}, which isn't here to compare: {why}");
        found.say("evidence-missing", message, Some(exception.line));
    } else if let Some(index) = candidates.first() {
        let exception = &policy.exceptions[*index];
        let message = match &exception.file {
            Some(file) if exception.license == key => {
                format!("its exception was granted for another text of {}", file.name)
            }
            _ => format!("its exception was granted for {}, and the licence is {key}", exception.license_text),
        };
        found.say("exception-reopened", message, Some(exception.line));
    } else if let Some(index) = elsewhere.first() {
        let exception = &policy.exceptions[*index];
        let workspace = exception.workspace.as_deref().unwrap_or_default();
        let place = subject.package.places().into_iter().find(|path| !is_below(path, workspace)).unwrap_or_default();
        let message = format!("its exception holds for {workspace} alone, and it lies in {place}");
        found.say("exception-elsewhere", message, Some(exception.line));
    }
}

/// What an exception does that fits, by the day.
fn grant(policy: &Policy, exception: &Exception, subject: &Subject<'_>, found: &mut PackageVerdict) {
    let (license, line) = (&exception.license_text, Some(exception.line));
    if subject.today > exception.expires {
        let message =
            format!("its exception for {license} held until {}; {} answers for it", exception.expires, exception.owner);
        return found.say("exception-expired", message, line);
    }
    // That the text disagrees is still to be said where only the declared licence was asked for.
    let disagrees = found.because.iter().any(|why| why.code == "license-mismatch");
    found.verdict = if disagrees && policy.mismatch == Mismatch::Warn { Verdict::Warn } else { Verdict::Pass };
    let Exception { owner, reason, expires, .. } = exception;
    found.say("exception", format!("an exception for {license} holds until {expires}, says {owner}: {reason}"), line);
}

#[cfg(test)]
mod tests;
