//! `poetry.lock`, formats 1.x (Poetry 1.0 to 1.4), 2.0 and 2.1.
//!
//! Written by `poetry.packages.locker`. What the formats say of development: 1.x has a `category`, 2.0 nothing, 2.1
//! `groups`. Poetry: groups other than `main` "must only contain dependencies you need in your development process"
//! <https://python-poetry.org/docs/managing-dependencies/>.

#[cfg(test)]
mod tests;

use super::python::document::{Piece, major, read};
use super::python::{is_name, normalized_name};
use super::text::{conflict, text_of};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place, Scope};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    package: Vec<Entry>,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "lock-version")]
    lock_version: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    name: Spanned<String>,
    version: String,
    category: Option<String>,
    #[serde(default)]
    optional: bool,
    groups: Option<Vec<String>>,
    source: Option<Source>,
    files: Option<Vec<File>>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "type")]
    kind: Option<String>,
    url: Option<String>,
}

/// One file of a release, in Poetry's and PDM's words.
#[derive(Deserialize)]
pub(super) struct File {
    hash: Option<String>,
}

/// Reads it. Names are normalised. Folders of the checkout have theirs in `installed_at`. The project itself is not
/// listed by Poetry. Errors: no TOML, no `[metadata]` (which stands last: the file is cut off), a format newer than 2.x.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let mut lock = Lock::default();
    let mut metadata = None;
    let mut silent = false;
    let headers = read(text, "[[package]]", |document: Document, piece| {
        if let Some(found) = document.metadata {
            if metadata.is_some() {
                return Err(Fault::new("`metadata` stands there twice"));
            }
            metadata = Some(found);
        }
        for entry in document.package {
            lock.listed += 1;
            silent |= entry.category.is_none() && entry.groups.is_none();
            lock.packages.push(package_of(entry, piece, path)?);
        }
        Ok(())
    })?;
    lock.listed = lock.listed.max(headers);
    let Some(metadata) = metadata else {
        return Err(conflict(text).unwrap_or_else(|| Fault::new("no `[metadata]`: cut off, or not a poetry.lock")));
    };
    lock.format = "poetry.lock".to_owned();
    if let Some(version) = metadata.lock_version {
        if !matches!(major(&version), Some(1 | 2)) {
            return Err(Fault::new(format!("format {version} of poetry.lock is not known here; 1.x and 2.x are")));
        }
        lock.format = format!("poetry.lock {version}");
    }
    if silent {
        let format = &lock.format;
        lock.notices.push(format!(
            "{format} does not record which packages are for development: all count as shipped (Poetry 2 records it)"
        ));
    }
    Ok(lock)
}

fn package_of(entry: Entry, piece: &mut Piece<'_, '_>, path: &str) -> Result<Package, Fault> {
    let line = piece.line(entry.name.span().start);
    let mut package = named(entry.name.as_ref(), &entry.version, path, line)?;
    package.optional = entry.optional;
    let grouped = entry
        .groups
        .as_deref()
        .is_some_and(|groups| !groups.is_empty() && groups.iter().all(|group| normalized_name(group) != "main"));
    if grouped || entry.category.as_deref() == Some("dev") {
        package.scope = Scope::Development;
    }
    if let Some(source) = entry.source {
        package.origin = match source.kind.as_deref() {
            Some("git") => Origin::Git,
            Some("directory") => Origin::Folder,
            Some("file" | "url") => Origin::Archive,
            _ => Origin::Registry,
        };
        if package.origin == Origin::Folder {
            package.installed_at.extend(source.url);
        }
    }
    package.checksum = only_hash(entry.files.unwrap_or_default());
    Ok(package)
}

/// A package by its name as written. Errors: that is no name of a distribution.
pub(super) fn named(name: &str, version: &str, path: &str, line: u32) -> Result<Package, Fault> {
    if !is_name(name) {
        return Err(Fault::at(line, format!("`{name}` is no name of a Python package")));
    }
    Ok(Package::new(Ecosystem::Pip, normalized_name(name), version, Place::new(path, Some(line))))
}

/// The digest of a release that has a single file. Which of several is installed depends on the machine.
pub(super) fn only_hash(mut files: Vec<File>) -> Option<String> {
    if files.len() == 1 { files.pop()?.hash } else { None }
}
