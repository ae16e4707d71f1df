//! `uv.lock`, version 1.
//!
//! <https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile>. Which packages are for development follows from the
//! graph: those that only `dev-dependencies` of the project or of its members lead to.

mod graph;
#[cfg(test)]
mod tests;

use super::pdm::origin_of_path;
use super::poetry::{File, named, only_hash};
use super::python::document::{Piece, read};
use super::python::normalized_name;
use super::text::{conflict, text_of};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Package};
use graph::{Dependency, Graph};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
struct Document {
    version: Option<Spanned<u32>>,
    revision: Option<u32>,
    manifest: Option<Manifest>,
    #[serde(default)]
    package: Vec<Entry>,
    /// What `package` was called before uv 0.2.36.
    distribution: Option<Spanned<IgnoredAny>>,
}

#[derive(Default, Deserialize)]
struct Manifest {
    members: Option<Vec<String>>,
    #[serde(default)]
    requirements: Vec<Requirement>,
    #[serde(default, rename = "dependency-groups")]
    dependency_groups: BTreeMap<String, Vec<Requirement>>,
}

/// What a script or a workspace without a project of its own needs.
#[derive(Deserialize)]
struct Requirement {
    name: String,
    #[serde(default)]
    extras: Vec<String>,
}

#[derive(Deserialize)]
struct Entry {
    name: Spanned<String>,
    version: Option<String>,
    #[serde(default)]
    source: Source,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    #[serde(default, rename = "optional-dependencies")]
    optional_dependencies: BTreeMap<String, Vec<Dependency>>,
    #[serde(default, rename = "dev-dependencies")]
    dev_dependencies: BTreeMap<String, Vec<Dependency>>,
    sdist: Option<File>,
    #[serde(default)]
    wheels: Vec<File>,
}

#[derive(Default, Deserialize)]
struct Source {
    git: Option<String>,
    url: Option<String>,
    path: Option<String>,
    directory: Option<String>,
    editable: Option<String>,
    #[serde(rename = "virtual")]
    without_build: Option<String>,
}

/// Reads it. The project and the members of its workspace are [`Origin::Own`]; other folders are [`Origin::Folder`], with
/// the folder in `installed_at`. Errors: no TOML, no or another `version`, a dependency that the file doesn't list (it is
/// cut off).
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let mut lock = Lock::default();
    let mut graph = Graph::default();
    let mut manifest = Manifest::default();
    let mut members: Option<FxHashSet<String>> = None;
    let headers = read(text, "[[package]]", |document: Document, piece| {
        if let Some(version) = document.version {
            lock.format = format_of(&version, document.revision, piece)?;
        }
        if let Some(old) = document.distribution {
            let line = piece.line(old.span().start);
            return Err(Fault::at(line, "`distribution` is of a uv before 0.2.36: run `uv lock` with a newer one"));
        }
        if let Some(found) = document.manifest {
            members = found.members.as_ref().map(|all| all.iter().map(|name| normalized_name(name)).collect());
            manifest = found;
        }
        for entry in document.package {
            lock.listed += 1;
            let package = package_of(entry, piece, path, members.as_ref(), &mut graph)?;
            lock.packages.push(package);
        }
        Ok(())
    })?;
    lock.listed = lock.listed.max(headers);
    if lock.format.is_empty() {
        return Err(conflict(text).unwrap_or_else(|| Fault::new("no `version`: not a uv.lock")));
    }
    let groups = manifest.dependency_groups.into_values().flatten();
    graph.root(manifest.requirements.into_iter().map(Dependency::from), groups.map(Dependency::from));
    graph.scopes(&mut lock.packages)?;
    Ok(lock)
}

fn format_of(version: &Spanned<u32>, revision: Option<u32>, piece: &mut Piece<'_, '_>) -> Result<String, Fault> {
    let line = piece.line(version.span().start);
    let version = *version.as_ref();
    if version != 1 {
        return Err(Fault::at(line, format!("version {version} of uv.lock is not known here; 1 is")));
    }
    Ok(revision.map_or_else(|| "uv.lock 1".to_owned(), |revision| format!("uv.lock 1.{revision}")))
}

fn package_of(
    entry: Entry,
    piece: &mut Piece<'_, '_>,
    path: &str,
    members: Option<&FxHashSet<String>>,
    graph: &mut Graph,
) -> Result<Package, Fault> {
    let line = piece.line(entry.name.span().start);
    let mut package = named(entry.name.as_ref(), entry.version.as_deref().unwrap_or_default(), path, line)?;
    let source = entry.source;
    if let Some(folder) = source.editable.or(source.without_build).or(source.directory) {
        package.origin = own_or_folder(&package.name, &folder, members);
        package.installed_at.push(folder);
    } else if source.git.is_some() {
        package.origin = Origin::Git;
    } else if source.url.is_some() || source.path.is_some() {
        package.origin = Origin::Archive;
    }
    package.checksum = only_hash(entry.sdist.into_iter().chain(entry.wheels).collect());
    graph.add(&package, entry.dependencies, entry.optional_dependencies, entry.dev_dependencies);
    Ok(package)
}

/// A workspace names its members; without a workspace only `.` is the project. Folders outside of it are never members.
fn own_or_folder(name: &str, folder: &str, members: Option<&FxHashSet<String>>) -> Origin {
    let outside = folder.starts_with("..") || folder.starts_with('/') || folder.contains(':');
    let own = match members {
        Some(members) => members.contains(name) && !outside,
        None => origin_of_path(folder) == Origin::Own,
    };
    if own { Origin::Own } else { Origin::Folder }
}
