//! `pylock.toml` and `pylock.*.toml`, version 1.0.
//!
//! <https://packaging.python.org/en/latest/specifications/pylock-toml/> (PEP 751).

#[cfg(test)]
mod tests;

use super::pdm::origin_of_path;
use super::poetry::named;
use super::python::document::{Piece, major, read};
use super::python::normalized_name;
use super::text::{conflict, text_of};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Package, Scope};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "lock-version")]
    lock_version: Option<Spanned<String>>,
    #[serde(default, rename = "default-groups")]
    default_groups: Vec<String>,
    #[serde(default)]
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: Spanned<String>,
    version: Option<String>,
    marker: Option<String>,
    vcs: Option<IgnoredAny>,
    directory: Option<Directory>,
    archive: Option<File>,
    sdist: Option<File>,
    #[serde(default)]
    wheels: Vec<File>,
}

#[derive(Deserialize)]
struct Directory {
    path: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

/// Reads it. Names are normalised. A package is for development when its marker is nothing but dependency groups that are
/// not installed by default. Errors: no TOML, no `lock-version`, one that is not 1.x.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let mut lock = Lock::default();
    let mut default_groups = Vec::new();
    let headers = read(text, "[[packages]]", |document: Document, piece| {
        if let Some(version) = document.lock_version {
            let line = piece.line(version.span().start);
            let version = version.into_inner();
            if major(&version) != Some(1) {
                return Err(Fault::at(line, format!("version {version} of pylock.toml is not known here; 1.x is")));
            }
            lock.format = format!("pylock.toml {version}");
        }
        default_groups.extend(document.default_groups.iter().map(|group| normalized_name(group)));
        for entry in document.packages {
            lock.listed += 1;
            lock.packages.push(package_of(entry, piece, path, &default_groups)?);
        }
        Ok(())
    })?;
    lock.listed = lock.listed.max(headers);
    if lock.format.is_empty() {
        return Err(conflict(text).unwrap_or_else(|| Fault::new("no `lock-version`: not a pylock.toml")));
    }
    Ok(lock)
}

fn package_of(
    entry: Entry,
    piece: &mut Piece<'_, '_>,
    path: &str,
    default_groups: &[String],
) -> Result<Package, Fault> {
    let line = piece.line(entry.name.span().start);
    let mut package = named(entry.name.as_ref(), entry.version.as_deref().unwrap_or_default(), path, line)?;
    if let Some(groups) = entry.marker.as_deref().and_then(groups_of)
        && !groups.iter().any(|group| default_groups.contains(group))
    {
        package.scope = Scope::Development;
    }
    if let Some(directory) = entry.directory {
        package.origin = match origin_of_path(&directory.path) {
            Origin::Own => Origin::Own,
            _ => Origin::Folder,
        };
        package.installed_at.push(directory.path);
    } else if entry.vcs.is_some() {
        package.origin = Origin::Git;
    } else if entry.archive.is_some() {
        package.origin = Origin::Archive;
    }
    let mut files = entry.archive.into_iter().chain(entry.sdist).chain(entry.wheels);
    if let (Some(file), None) = (files.next(), files.next()) {
        package.checksum = file.hashes.iter().next().map(|(algorithm, hash)| format!("{algorithm}:{hash}"));
    }
    Ok(package)
}

/// The groups of a marker such as `'dev' in dependency_groups or 'docs' in dependency_groups`. `None` when there is
/// anything else in it: then it may hold without them.
fn groups_of(marker: &str) -> Option<Vec<String>> {
    marker
        .split(" or ")
        .map(|term| {
            let group = term.trim().strip_suffix("dependency_groups")?.trim_end().strip_suffix(" in")?.trim();
            let quote = group.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
            let name = group.strip_prefix(quote)?.strip_suffix(quote)?;
            (!name.contains(quote)).then(|| normalized_name(name))
        })
        .collect()
}
