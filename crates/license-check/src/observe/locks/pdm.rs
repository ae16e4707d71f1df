//! `pdm.lock`, formats up to 4.x.
//!
//! <https://pdm-project.org/en/latest/usage/lockfile/>. Its `groups` are the project's optional dependencies and its
//! development groups in one list, and nothing tells the one from the other but the name `dev`, which is PDM's own for
//! development.

#[cfg(test)]
mod tests;

use super::poetry::{File, named, only_hash};
use super::python::document::{Piece, major, read};
use super::text::{conflict, text_of};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Package, Scope};
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    package: Vec<Entry>,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    lock_version: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    name: Spanned<String>,
    version: Option<String>,
    groups: Option<Vec<String>>,
    path: Option<String>,
    url: Option<String>,
    git: Option<String>,
    hg: Option<String>,
    svn: Option<String>,
    bzr: Option<String>,
    files: Option<Vec<File>>,
}

/// Reads it. Names are normalised. A package that is needed with extras (`coverage[toml]`) stands there twice in the
/// file, and so it does here. Errors: no TOML, no `[metadata]`, a format newer than 4.x.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let mut lock = Lock::default();
    let mut metadata = None;
    let mut unclear = BTreeSet::new();
    let headers = read(text, "[[package]]", |document: Document, piece| {
        if let Some(found) = document.metadata {
            if metadata.is_some() {
                return Err(Fault::new("`metadata` stands there twice"));
            }
            metadata = Some(found);
        }
        for entry in document.package {
            lock.listed += 1;
            lock.packages.push(package_of(entry, piece, path, &mut unclear)?);
        }
        Ok(())
    })?;
    lock.listed = lock.listed.max(headers);
    let Some(metadata) = metadata else {
        return Err(conflict(text).unwrap_or_else(|| Fault::new("no `[metadata]`: not a pdm.lock")));
    };
    lock.format = "pdm.lock".to_owned();
    if let Some(version) = metadata.lock_version {
        if !matches!(major(&version), Some(0..=4)) {
            return Err(Fault::new(format!("format {version} of pdm.lock is not known here; those up to 4.x are")));
        }
        lock.format = format!("pdm.lock {version}");
    }
    if !unclear.is_empty() {
        let groups: Vec<String> = unclear.into_iter().collect();
        lock.notices.push(format!(
            "pdm.lock does not record which groups are for development: {} count as shipped",
            groups.join(", ")
        ));
    }
    Ok(lock)
}

fn package_of(
    entry: Entry,
    piece: &mut Piece<'_, '_>,
    path: &str,
    unclear: &mut BTreeSet<String>,
) -> Result<Package, Fault> {
    let line = piece.line(entry.name.span().start);
    let mut package = named(entry.name.as_ref(), entry.version.as_deref().unwrap_or_default(), path, line)?;
    let groups = entry.groups.unwrap_or_default();
    if !groups.is_empty() && !groups.iter().any(|group| group == "default") {
        package.optional = true;
        if groups.iter().all(|group| group == "dev") {
            package.scope = Scope::Development;
        } else {
            unclear.extend(groups.into_iter().filter(|group| group != "dev"));
        }
    }
    let repository = entry.git.or(entry.hg).or(entry.svn).or(entry.bzr);
    if let Some(folder) = entry.path {
        package.origin = origin_of_path(&folder);
        if package.origin != Origin::Archive {
            package.installed_at.push(folder);
        }
    } else if repository.is_some() {
        package.origin = Origin::Git;
    } else if entry.url.is_some() {
        package.origin = Origin::Archive;
    }
    package.checksum = only_hash(entry.files.unwrap_or_default());
    Ok(package)
}

/// A path that a list names: an archive, the project itself (`.`), or another folder.
pub(super) fn origin_of_path(path: &str) -> Origin {
    let lower = path.to_ascii_lowercase();
    if [".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".egg"].iter().any(|end| lower.ends_with(end)) {
        return Origin::Archive;
    }
    let bare = path.trim_end_matches('/');
    if matches!(bare, "." | "") && !path.starts_with('/') { Origin::Own } else { Origin::Folder }
}
