//! The lines that would settle a case.

use super::super::expression::family::{Family, family_of};
use super::super::license::State;
use super::super::policy::date::Date;
use super::super::policy::{Policy, lists};
use super::super::version_range::VersionRange;
use super::{PackageVerdict, Subject, key};
use crate::plan::package::Package;
use std::fmt::Write;

/// Days for which an exception is proposed.
pub const EXCEPTION_DAYS: u32 = 90;

/// TOML to append to the policy. What a person must decide is empty, and refused until it is filled in.
pub fn lines(policy: &Policy, subject: &Subject<'_>, found: &PackageVerdict) -> Option<String> {
    let has = |code: &str| found.because.iter().any(|reason| reason.code == code);
    if has("clarification-stale") {
        let line = found.because.iter().find(|reason| reason.code == "clarification-stale")?.line?;
        let old = policy.clarifications.iter().find(|clarification| clarification.line == line)?;
        let name = if subject.file_digests.contains_key(&old.file.name) { Some(&old.file.name) } else { None };
        let (name, digest) =
            name.or_else(|| text_file(subject)).and_then(|name| subject.file_digests.get_key_value(name))?;
        let note = format!("# Instead of that in line {line}, once somebody has read the text again.\n");
        return Some(note + &clarify(subject.package, name, digest)?);
    }
    let unclear = matches!(subject.state, State::Ambiguous | State::None) || has("license-mismatch");
    let text = text_file(subject).and_then(|name| subject.file_digests.get_key_value(name));
    if let (true, Some((name, digest)), None) = (unclear, text, found.clarification) {
        return clarify(subject.package, name, digest);
    }
    let mut out = String::new();
    if let Some(index) = found.exception {
        let _ = writeln!(out, "# Instead of that in line {}.", policy.exceptions[index].line);
    }
    if let Some(license) = &found.license {
        let permissive: Vec<String> = lists::leaves(license)
            .iter()
            .filter(|leaf| matches!(family_of(&leaf.id), Some(Family::Permissive | Family::PublicDomain)))
            .map(|leaf| quoted(&leaf.to_string()))
            .collect();
        if let [only] = permissive.as_slice()
            && has("license-unlisted")
        {
            let _ = writeln!(out, "# Or, for every package, in `allow`: {only}");
        }
    }
    let expires = subject.today.plus_days(EXCEPTION_DAYS);
    let proposed = Proposed {
        name: name(subject.package)?,
        versions: versions(subject.package),
        license: license(subject, found),
        file: terms(subject).map(|(name, digest)| (name.clone(), digest.clone())),
    };
    out.push_str(&proposed.to_toml("", "", expires));
    Some(out)
}

/// The range that a proposed entry is for.
pub fn versions(package: &Package) -> String {
    VersionRange::exactly(package.ecosystem, &package.version)
}

/// The licence file that most likely has the terms: the shortest name that says so, and else the shortest.
fn text_file<'a>(subject: &Subject<'a>) -> Option<&'a String> {
    let says = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["license", "licence", "copying"].iter().any(|word| lower.contains(word))
    };
    subject.file_digests.keys().min_by_key(|name| (!says(name), name.len(), *name))
}

/// The licence that an exception is to be granted for, as it is written in a policy.
pub fn license(subject: &Subject<'_>, found: &PackageVerdict) -> String {
    found.license.clone().unwrap_or_else(|| key(subject, found))
}

/// The text that says what terms of their own are: an exception is bound to it, for their name says nothing.
pub fn terms<'a>(subject: &Subject<'a>) -> Option<(&'a String, &'a String)> {
    let name = text_file(subject).filter(|_| subject.state == State::Custom)?;
    subject.file_digests.get_key_value(name)
}

/// An exception to be granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposed {
    /// As [`name`] writes it.
    pub name: String,
    /// A range.
    pub versions: String,
    /// As [`license`] writes it.
    pub license: String,
    /// A file of the package and its digest.
    pub file: Option<(String, String)>,
}

impl Proposed {
    /// `[[exception]]`.
    pub fn to_toml(&self, reason: &str, owner: &str, expires: Date) -> String {
        let mut out = String::from("[[exception]]\n");
        let mut line = |key: &str, text: &str, hint: &str| {
            let hint = if text.is_empty() { format!("  # {hint}") } else { String::new() };
            let _ = writeln!(out, "{key} = {}{hint}", quoted(text));
        };
        line("package", &self.name, "");
        line("versions", &self.versions, "");
        line("license", &self.license, "");
        if let Some((name, digest)) = &self.file {
            line("file", name, "");
            line("sha256", digest, "");
        }
        line("reason", reason, "why it may be used");
        line("owner", owner, "who answers for it");
        let _ = writeln!(out, "expires = {expires}");
        out
    }
}

fn clarify(package: &Package, file: &str, digest: &str) -> Option<String> {
    let name = name(package)?;
    Some(format!(
        "[[clarify]]\npackage = {}\nversions = {}\nlicense = \"\"  # what the file says, as an SPDX expression\nfile = {}\nsha256 = {}\nreason = \"\"  # how it was found out\nowner = \"\"  # who answers for it\n",
        quoted(&name),
        quoted(&versions(package)),
        quoted(file),
        quoted(digest),
    ))
}

/// `npm:@babel/core`, if a policy reads that and means this package.
pub fn name(package: &Package) -> Option<String> {
    use crate::plan::policy::pattern::Pattern;
    let text = format!("{}:{}", package.ecosystem, package.name);
    let pattern = Pattern::parse(&text).ok()?;
    (!package.name.contains('*') && pattern.has(package.ecosystem, &package.name)).then_some(text)
}

/// A TOML basic string (toml.io, "String").
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
