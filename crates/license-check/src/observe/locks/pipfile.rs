//! `Pipfile.lock`, specification 6 (Pipenv since 2017).
//!
//! <https://github.com/pypa/pipfile#pipfilelock>; further categories: <https://pipenv.pypa.io/en/latest/pipfile.html>.

#[cfg(test)]
mod tests;

use super::pdm::origin_of_path;
use super::poetry::named;
use super::text::{json_fault, text_of};
use crate::observe::lines::Lines;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Package, Scope};
use rustc_hash::FxHashSet;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use std::fmt;

/// An object's pairs in the order of the file, doubles included.
struct Pairs<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Pairs<'de>, E> {
                Ok(Pairs(Vec::new()))
            }
        }
        deserializer.deserialize_any(Collect)
    }
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "pipfile-spec")]
    specification: Option<u64>,
}

#[derive(Deserialize)]
struct Entry {
    version: Option<String>,
    path: Option<String>,
    file: Option<String>,
    git: Option<IgnoredAny>,
    hg: Option<IgnoredAny>,
    svn: Option<IgnoredAny>,
    bzr: Option<IgnoredAny>,
    #[serde(default)]
    hashes: Vec<String>,
}

/// Reads it: `default` is shipped, `develop` is for development but for what stands in `default` at the same version too,
/// and further categories count as shipped. Names are normalised. Errors: no JSON, another specification, neither
/// `default` nor `develop`.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let Pairs(top) = serde_json::from_str(text).map_err(|error| json_fault(text, text, &error))?;
    let mut lock = Lock { format: "Pipfile.lock".to_owned(), ..Lock::default() };
    let mut lines = Lines::new(text.as_bytes());
    let mut known = false;
    for (key, value) in top {
        if key == "_meta" {
            let meta: Meta =
                serde_json::from_str(value.get()).map_err(|error| json_fault(text, value.get(), &error))?;
            if let Some(specification) = meta.specification.filter(|specification| *specification != 6) {
                let what = format!("specification {specification} of Pipfile.lock is not known here; 6 is");
                return Err(Fault::at(lines.of(value.get()), what));
            }
            continue;
        }
        known |= matches!(key.as_str(), "default" | "develop");
        let Pairs(entries) =
            serde_json::from_str(value.get()).map_err(|error| json_fault(text, value.get(), &error))?;
        lock.listed += entries.len();
        if !entries.is_empty() && !matches!(key.as_str(), "default" | "develop") {
            lock.notices.push(format!("category {key} is neither `default` nor `develop`, and counts as shipped"));
        }
        for (name, raw) in entries {
            let mut package = package_of(&name, raw, text, path, &mut lines)?;
            if key == "develop" {
                package.scope = Scope::Development;
            }
            lock.packages.push(package);
        }
    }
    if !known {
        return Err(Fault::new("neither `default` nor `develop`: not a Pipfile.lock"));
    }
    let shipped: FxHashSet<(String, String)> = lock
        .packages
        .iter()
        .filter(|package| package.scope == Scope::Production)
        .map(|package| (package.name.clone(), package.version.clone()))
        .collect();
    for package in &mut lock.packages {
        if shipped.contains(&(package.name.clone(), package.version.clone())) {
            package.scope = Scope::Production;
        }
    }
    Ok(lock)
}

fn package_of(name: &str, raw: &RawValue, text: &str, path: &str, lines: &mut Lines<'_>) -> Result<Package, Fault> {
    let entry: Entry = serde_json::from_str(raw.get()).map_err(|error| json_fault(text, raw.get(), &error))?;
    let version = entry.version.as_deref().and_then(exact).unwrap_or_default();
    let mut package = named(name, version, path, lines.of(raw.get()))?;
    if entry.git.is_some() || entry.hg.is_some() || entry.svn.is_some() || entry.bzr.is_some() {
        package.origin = Origin::Git;
    } else if let Some(place) = entry.path {
        package.origin = origin_of_path(&place);
        if package.origin != Origin::Archive {
            package.installed_at.push(place);
        }
    } else if entry.file.is_some() {
        package.origin = Origin::Archive;
    }
    if let [only] = entry.hashes.as_slice() {
        package.checksum = Some(only.clone());
    }
    Ok(package)
}

/// The version of `==1.2.3` or `===1.2.3`. `None` for anything that leaves a choice.
pub(super) fn exact(specifier: &str) -> Option<&str> {
    let specifier = specifier.trim();
    let version = specifier.strip_prefix("===").or_else(|| specifier.strip_prefix("=="))?.trim();
    // `1!2.0` has an epoch before the mark.
    let release = match version.split_once('!') {
        Some((epoch, release)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => release,
        _ => version,
    };
    let exact = !release.is_empty() && !release.contains([',', '*', '=', '<', '>', '!', '~', ' ', ';']);
    exact.then_some(version)
}
