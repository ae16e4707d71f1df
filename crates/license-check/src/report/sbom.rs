//! A bill of materials: `CycloneDX` 1.6 as JSON <https://cyclonedx.org/docs/1.6/json/>. PURE.
//!
//! The same packages give the same bytes: no serial number, no time, components in order of their package URLs.
#![warn(clippy::disallowed_methods)]

use crate::plan::expression::family_of;
use crate::plan::expression::grammar::{self, Expr, Slash};
use crate::plan::package::{Ecosystem, Place, Scope};
use crate::plan::purl::Purl;
use serde::Serialize;
use std::collections::BTreeMap;

mod digest;
#[cfg(test)]
mod tests;

/// One package of the bill. The same package may be given several times, once for each list that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SbomPackage {
    /// Whose package.
    pub ecosystem: Ecosystem,
    /// As [`crate::plan::package::Package::name`].
    pub name: String,
    /// Empty for none.
    pub version: String,
    /// An SPDX expression.
    pub license: Option<String>,
    /// Words for a licence that has no expression, such as the family of an ambiguous one; used without `license`.
    pub license_name: Option<String>,
    /// Whether somebody concluded the licence (a text that was recognised, a clarification), and not the package declared it.
    pub concluded: bool,
    /// As [`crate::plan::package::Package::checksum`].
    pub checksum: Option<String>,
    /// Whether it is shipped.
    pub scope: Scope,
    /// Whether an installation may lack it.
    pub optional: bool,
    /// Where it is listed.
    pub place: Place,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bill<'p> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    version: u32,
    metadata: Metadata<'p>,
    components: Vec<Component<'p>>,
}

#[derive(Serialize)]
struct Metadata<'p> {
    tools: Tools<'p>,
}

#[derive(Serialize)]
struct Tools<'p> {
    components: [Tool<'p>; 1],
}

#[derive(Serialize)]
struct Tool<'p> {
    r#type: &'static str,
    name: &'static str,
    version: &'p str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'p> {
    r#type: &'static str,
    #[serde(rename = "bom-ref")]
    bom_ref: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'p str,
    scope: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<digest::Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<Choice>,
    purl: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
}

/// Either a licence or an expression; an expression stands alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Choice {
    License(License),
    #[serde(untagged)]
    Expression {
        expression: String,
        acknowledgement: &'static str,
    },
}

#[derive(Serialize)]
struct License {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    acknowledgement: &'static str,
}

#[derive(Serialize)]
struct Evidence {
    occurrences: Vec<Occurrence>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Occurrence {
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// The package URL, the expression, and the words in its place.
type Key<'p> = (String, Option<&'p str>, Option<&'p str>);

/// Writes the bill, with a line end after it. Packages that are the same by ecosystem, name, version and licence are one
/// component with several occurrences, shipped if one of them is; the same package with two licences is two components.
pub fn cyclonedx(packages: &[SbomPackage], tool_version: &str) -> String {
    let mut merged: BTreeMap<Key<'_>, Vec<&SbomPackage>> = BTreeMap::new();
    for package in packages {
        let purl = Purl::of(package.ecosystem, &package.name, &package.version).to_string();
        let name = package.license_name.as_deref().filter(|_| package.license.is_none());
        merged.entry((purl, package.license.as_deref(), name)).or_default().push(package);
    }
    let mut components: Vec<Component<'_>> = Vec::with_capacity(merged.len());
    for ((purl, ..), mut same) in merged {
        same.sort_by(|one, other| {
            (&one.place, &one.checksum, one.concluded).cmp(&(&other.place, &other.checksum, other.concluded))
        });
        let seen = components.iter().rev().take_while(|before| before.purl == purl).count();
        let bom_ref = if seen == 0 { purl.clone() } else { format!("{purl}#{}", seen + 1) };
        components.extend(component(&same, purl, bom_ref));
    }
    let bill = Bill {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        version: 1,
        metadata: Metadata {
            tools: Tools { components: [Tool { r#type: "application", name: "license-check", version: tool_version }] },
        },
        components,
    };
    // Strings and numbers: writing them to memory can't fail.
    let mut text = serde_json::to_string_pretty(&bill).unwrap_or_default();
    text.push('\n');
    text
}

fn component<'p>(same: &[&'p SbomPackage], purl: String, bom_ref: String) -> Option<Component<'p>> {
    let first = *same.first()?;
    let (group, name) = split(first);
    let mut occurrences: Vec<Occurrence> = same
        .iter()
        .filter(|package| !package.place.path.is_empty())
        .map(|package| Occurrence { location: package.place.path.clone(), line: package.place.line })
        .collect();
    occurrences.sort();
    occurrences.dedup();
    Some(Component {
        r#type: "library",
        bom_ref,
        group,
        name,
        version: &first.version,
        scope: scope(same),
        hashes: same.iter().find_map(|package| package.checksum.as_deref()).map(digest::read).unwrap_or_default(),
        licenses: license(first).into_iter().collect(),
        purl,
        evidence: (!occurrences.is_empty()).then_some(Evidence { occurrences }),
    })
}

/// `excluded` is what only those who develop the project get; `optional` only where no list needs it.
fn scope(same: &[&SbomPackage]) -> &'static str {
    if same.iter().all(|package| package.scope == Scope::Development) {
        "excluded"
    } else if same.iter().all(|package| package.optional || package.scope == Scope::Development) {
        "optional"
    } else {
        "required"
    }
}

/// The group and the name, as each ecosystem's own writers split them.
fn split(package: &SbomPackage) -> (Option<String>, String) {
    let parts = match package.ecosystem {
        Ecosystem::Maven => package.name.split_once(':'),
        Ecosystem::Composer | Ecosystem::Npm => package.name.split_once('/'),
        _ => None,
    };
    match parts.filter(|(group, name)| !group.is_empty() && !name.is_empty()) {
        Some((group, name)) => (Some(group.to_owned()), name.to_owned()),
        None => (None, package.name.clone()),
    }
}

fn license(package: &SbomPackage) -> Option<Choice> {
    let acknowledgement = if package.concluded { "concluded" } else { "declared" };
    let Some(expression) = &package.license else {
        let name = package.license_name.clone()?;
        return Some(Choice::License(License { id: None, name: Some(name), acknowledgement }));
    };
    match grammar::parse(expression, Slash::IsNothing) {
        // The schema lists the identifiers of its day. Those in a family here are old enough to be in every copy of it; the
        // others are written as expressions, which it doesn't compare with its list.
        Ok(Expr::Leaf(leaf))
            if !leaf.is_ref() && !leaf.plus && leaf.exception.is_none() && family_of(&leaf.id).is_some() =>
        {
            Some(Choice::License(License { id: Some(leaf.id), name: None, acknowledgement }))
        }
        Ok(read) => Some(Choice::Expression { expression: read.to_string(), acknowledgement }),
        Err(_) => Some(Choice::License(License { id: None, name: Some(expression.clone()), acknowledgement })),
    }
}
