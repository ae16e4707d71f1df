//! The policy that a project starts with: what is there passes today, and what isn't plainly free does so for a while. PURE.
#![warn(clippy::disallowed_methods)]

use super::expression::evaluate::Standing;
use super::expression::family::{Family, family_of};
use super::package::{Ecosystem, Origin, Package};
use super::policy::date::Date;
use super::policy::lists::{self, license_key};
use super::policy::pattern::Pattern;
use super::policy::{Policy, pattern, shown};
use super::verdict::paste::{EXCEPTION_DAYS, Proposed, license, name, quoted, terms, versions};
use super::verdict::{PackageVerdict, Subject, Verdict, judge};
use super::version_range::VersionRange;
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Bytes of one exception's versions; the rest goes into another.
const MAX_VERSIONS_BYTES: usize = 2000;

/// Packages of one scope that share an exception: fewer are read more easily one by one.
const MANY: usize = 4;

/// Exceptions for one package and licence: the spelling in which it is compared, the file it is bound to.
type Group = (String, String, Option<(String, String)>);

/// The text of a policy with which nothing fails today but what isn't here to be looked at.
///
/// Permissive licences that are found are allowed; every other package gets an exception for 90 days, and its licence a line
/// that is commented out.
/// Errors: so many packages need an exception that the policy would be too large to read.
pub fn first_policy(subjects: &[Subject<'_>], today: Date, owner: &str) -> Result<String, Error> {
    let allowed = free_licenses(subjects);
    let list: Vec<String> = allowed.iter().map(|id| quoted(id)).collect();
    let begun = Policy::parse(&format!("allow = [{}]", list.join(", ")), "license-policy.toml")?;
    let failing: Vec<(&Subject<'_>, PackageVerdict)> = subjects
        .iter()
        .map(|subject| (subject, judge(&begun, subject)))
        .filter(|(_, found)| matches!(found.verdict, Verdict::Fail | Verdict::Warn))
        .collect();
    let expires = today.plus_days(EXCEPTION_DAYS);
    let mut text = String::from(
        "# Written by `license-check init`; now yours. It counts as the base branch has it, so that a change can't loosen what\n\
         # it is judged by.\n\n\
         # Licences that anybody may use. `\"family:permissive\"` would stand for all of their kind.\n\
         allow = [\n",
    );
    for id in &list {
        let _ = writeln!(text, "  {id},");
    }
    text.push_str(&undecided(&begun, &failing, expires));
    text.push_str("]\n");
    let exceptions = exceptions(subjects, &failing);
    if !exceptions.is_empty() {
        let _ = write!(
            text,
            "\n# What was there when the policy was begun. Each lapses after {expires}: allow its licence, replace the\n\
             # package, or say here why it stays and who answers for it.\n"
        );
    }
    let reason = format!("found on {today} when the policy was begun");
    let owner = if owner.trim().is_empty() { "to be named" } else { owner };
    for exception in &exceptions {
        text.push('\n');
        text.push_str(&exception.to_toml(&reason, owner, expires));
    }
    let nameless = failing.iter().filter(|(subject, _)| name(subject.package).is_none());
    let nameless: BTreeSet<String> = nameless.map(|(subject, _)| shown(&subject.package.id(), 200)).collect();
    for id in nameless {
        let _ = write!(text, "\n# {id} can't be named in a policy, and fails.\n");
    }
    // Whoever starts with a policy that can't be read would not know why.
    match Policy::parse(&text, "license-policy.toml") {
        Ok(_) => Ok(text),
        Err(why) => Err(Error::input(format!(
            "{} packages need an exception, more than a policy can have ({why}): write its `allow` by hand",
            failing.len()
        ))),
    }
}

/// Permissive licences and dedications to the public that are found, one by one.
fn free_licenses(subjects: &[Subject<'_>]) -> BTreeSet<String> {
    let foreign = subjects.iter().filter(|subject| subject.package.origin != Origin::Own);
    let all = foreign.flat_map(|subject| subject.license.into_iter().chain(subject.text_license));
    let distinct: BTreeSet<&str> = all.collect();
    let leaves = distinct.into_iter().flat_map(lists::leaves);
    leaves
        .filter(|leaf| !leaf.is_ref() && matches!(family_of(&leaf.id), Some(Family::Permissive | Family::PublicDomain)))
        .map(|leaf| leaf.to_string())
        .filter(|leaf| Policy::parse(&format!("allow = [{}]", quoted(leaf)), "license-policy.toml").is_ok())
        .collect()
}

/// A commented line for each licence that isn't allowed.
fn undecided(begun: &Policy, failing: &[(&Subject<'_>, PackageVerdict)], expires: Date) -> String {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (subject, verdict) in failing {
        let Some(license) = &verdict.license else { continue };
        for leaf in lists::leaves(license) {
            if !lists::is_nameless(&leaf) && lists::stand(&[&begun.lists], &leaf).standing != Standing::Allowed {
                found.entry(leaf.to_string()).or_default().insert(subject.package.id());
            }
        }
    }
    let mut text = String::new();
    if !found.is_empty() {
        let _ = writeln!(text, "  # To be decided. What has them passes until {expires}, by the exceptions below.");
    }
    for (id, packages) in &found {
        let family = lists::leaves(id).first().and_then(|leaf| family_of(&leaf.id)).map_or("no family", Family::as_str);
        let first = packages.first().map(|id| shown(id, 200)).unwrap_or_default();
        let more = if packages.len() > 1 { format!(" and {} more", packages.len() - 1) } else { String::new() };
        let _ = writeln!(text, "  # {},  # {family}: {first}{more}", quoted(id));
    }
    text
}

/// One for each package and licence; for a scope with many packages of one licence, one for all of them.
fn exceptions(subjects: &[Subject<'_>], failing: &[(&Subject<'_>, PackageVerdict)]) -> Vec<Proposed> {
    let mut groups: BTreeMap<Group, Vec<(&Subject<'_>, String, String)>> = BTreeMap::new();
    let together = scopes(subjects, failing);
    for (subject, found) in failing {
        let Some(name) = name(subject.package) else { continue };
        let license = license(subject, found);
        let scope = scope(subject.package).filter(|scope| together.contains(scope));
        let pattern = scope.map(|(ecosystem, scope)| format!("{ecosystem}:{scope}*"));
        let normal = pattern.clone().unwrap_or_else(|| normal_id(subject.package));
        // A version never changes; only what has none is told by its text.
        let file = terms(subject).filter(|_| versions(subject.package) == "*");
        let file = file.map(|(name, digest)| (name.clone(), digest.clone()));
        groups.entry((normal, license_key(&license), file)).or_default().push((
            subject,
            pattern.unwrap_or(name),
            license,
        ));
    }
    let mut proposed = Vec::new();
    for ((_, _, file), mut members) in groups {
        members.sort_by_key(|(subject, name, _)| (subject.package.version.clone(), name.clone()));
        let Some((first, name, license)) = members.first() else { continue };
        for versions in ranges(first, members.iter().map(|(subject, ..)| *subject)) {
            let (name, license) = (name.clone(), license.clone());
            proposed.push(Proposed { name, versions, license, file: file.clone() });
        }
    }
    proposed
}

type Scope = (Ecosystem, String);

/// Everything up to and with a name's last `/` or `:`.
fn scope(package: &Package) -> Option<Scope> {
    let normal = pattern::normal(package.ecosystem, &package.name);
    let end = normal.rfind(['/', ':'])? + 1;
    Some((package.ecosystem, normal[..end].to_owned()))
}

fn normal_id(package: &Package) -> String {
    format!("{}:{}", package.ecosystem, pattern::normal(package.ecosystem, &package.name))
}

/// Scopes all of whose packages need an exception for one licence.
fn scopes(subjects: &[Subject<'_>], failing: &[(&Subject<'_>, PackageVerdict)]) -> BTreeSet<Scope> {
    let needs: BTreeMap<String, String> = failing
        .iter()
        .map(|(subject, found)| (normal_id(subject.package), license_key(&license(subject, found))))
        .collect();
    let mut licenses: BTreeMap<Scope, BTreeSet<Option<String>>> = BTreeMap::new();
    let mut names: BTreeMap<Scope, BTreeSet<String>> = BTreeMap::new();
    let foreign = subjects.iter().filter(|subject| subject.package.origin != Origin::Own);
    for subject in foreign {
        let Some(scope) = scope(subject.package) else { continue };
        let id = normal_id(subject.package);
        let nameable = name(subject.package).is_some() && !subject.package.version.is_empty();
        licenses.entry(scope.clone()).or_default().insert(needs.get(&id).filter(|_| nameable).cloned());
        names.entry(scope).or_default().insert(id);
    }
    let of_one = |(scope, licenses): (Scope, BTreeSet<Option<String>>)| {
        let many = names.get(&scope).is_some_and(|names| names.len() >= MANY);
        let pattern = Pattern::parse(&format!("{}:{}*", scope.0, scope.1)).is_ok();
        (many && pattern && licenses.len() == 1 && !licenses.contains(&None)).then_some(scope)
    };
    licenses.into_iter().filter_map(of_one).collect()
}

/// Ranges that have those versions, and don't meet.
fn ranges<'a>(first: &Subject<'_>, members: impl Iterator<Item = &'a Subject<'a>>) -> Vec<String> {
    let ecosystem = first.package.ecosystem;
    let mut ranges: Vec<String> = Vec::new();
    let mut read: Vec<VersionRange> = Vec::new();
    for subject in members {
        let one = versions(subject.package);
        if one == "*" {
            return vec![one];
        }
        let Ok(range) = VersionRange::parse(ecosystem, &one) else { continue };
        if read.iter().any(|other| other.has(&subject.package.version)) {
            continue;
        }
        read.push(range);
        match ranges.last_mut() {
            Some(last) if last.len() + one.len() < MAX_VERSIONS_BYTES => {
                last.push_str(" || ");
                last.push_str(&one);
            }
            _ => ranges.push(one),
        }
    }
    ranges
}

#[cfg(test)]
mod tests;
