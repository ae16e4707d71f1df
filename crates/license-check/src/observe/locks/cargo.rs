//! `Cargo.lock`, versions 1 to 4.
//!
//! The format is TOML that cargo writes: <https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html>; its versions
//! are told apart in `cargo/core/resolver/encode.rs`. Each `[[package]]` is parsed on its own, so that memory follows the
//! packages and not a tree of the whole file.
//!
//! A package without `source` lies in this checkout: the project itself, a member of its workspace or another path
//! dependency. The lock says no more of it, so all of them are [`Origin::Own`]. The lock doesn't say either which packages
//! only tests or build scripts need: all are [`Scope::Production`](crate::plan::package::Scope::Production).

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[cfg(test)]
mod tests;

/// The newest version of the format that is known; cargo 1.78 brought it.
const NEWEST_VERSION: i64 = 4;

const RESTORE: &str = "restore the file, or run `cargo generate-lockfile`";

/// What stands between two `[[package]]` lines.
#[derive(Deserialize)]
struct Piece {
    version: Option<Spanned<i64>>,
    root: Option<Entry>,
    #[serde(default)]
    package: Vec<Entry>,
    #[serde(default)]
    metadata: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct Entry {
    name: Spanned<String>,
    version: Spanned<String>,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<Spanned<String>>,
}

/// Reads `Cargo.lock`. A git package's [`Package::checksum`] is `git:` and the commit.
///
/// # Errors
/// Anything that cargo would not have written: broken TOML, a version above 4, git's conflict markers, a package that others
/// name and that isn't there.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(
            line,
            "git's conflict markers; resolve them, then run `cargo metadata` to mend the file",
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::at(Lines::new(bytes).at(error.valid_up_to()), format!("no UTF-8; {RESTORE}")))?;
    let mut reading = Reading::new(text, path);
    let headers = headers(text);
    reading.listed = headers.len();
    let ends = headers.iter().copied().chain([text.len()]);
    let starts = [0].into_iter().chain(headers.iter().copied());
    for (number, (start, end)) in starts.zip(ends).enumerate() {
        reading.piece(start, end, number > 0)?;
    }
    reading.finish()
}

/// Offsets of the lines that begin a package, found without TOML.
fn headers(text: &str) -> Vec<usize> {
    let mut headers = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start_matches(['\u{feff}', ' ', '\t']);
        if trimmed.starts_with("[[") {
            let bare: String = trimmed.chars().filter(|c| !c.is_whitespace() && !"\"'".contains(*c)).take(11).collect();
            if bare == "[[package]]" {
                headers.push(start);
            }
        }
        start += line.len();
    }
    headers
}

struct Reading<'t> {
    text: &'t str,
    lines: Lines<'t>,
    path: &'t str,
    listed: usize,
    version: Option<i64>,
    packages: Vec<Package>,
    /// For the checksums of version 1, which names packages by their source too.
    sources: Vec<Option<String>>,
    names: FxHashSet<String>,
    /// Names of dependencies that have not come yet, with the offset of the first mention.
    awaited: FxHashMap<String, usize>,
    metadata: BTreeMap<String, String>,
    notices: Vec<String>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, path: &'t str) -> Self {
        Reading {
            text,
            lines: Lines::new(text.as_bytes()),
            path,
            listed: 0,
            version: None,
            packages: Vec::new(),
            sources: Vec::new(),
            names: FxHashSet::default(),
            awaited: FxHashMap::default(),
            metadata: BTreeMap::new(),
            notices: Vec::new(),
        }
    }

    fn fault(&mut self, offset: usize, what: impl Into<String>) -> Fault {
        Fault::at(self.lines.at(offset), what)
    }

    /// Reads what stands between two offsets; `headed` when it begins with `[[package]]`.
    fn piece(&mut self, start: usize, end: usize, headed: bool) -> Result<(), Fault> {
        let piece: Piece = match toml::from_str(&self.text[start..end]) {
            Ok(piece) => piece,
            Err(error) => {
                let at = start + error.span().map_or(0, |span| span.start);
                let what = error.message().lines().next().unwrap_or("invalid TOML").to_owned();
                return Err(self.fault(at, format!("{what}; {RESTORE}")));
            }
        };
        if piece.package.len() != usize::from(headed) {
            return Err(self.fault(start, format!("packages that don't stand below a `[[package]]` line; {RESTORE}")));
        }
        if let Some(version) = piece.version {
            if !(1..=NEWEST_VERSION).contains(version.get_ref()) {
                let what = format!("version {} is unknown; 1 to {NEWEST_VERSION} are read", version.get_ref());
                return Err(self.fault(start + version.span().start, what));
            }
            self.version = Some(*version.get_ref());
        }
        if let Some(root) = piece.root {
            self.listed += 1;
            self.entry(start, root)?;
        }
        for entry in piece.package {
            self.entry(start, entry)?;
        }
        for (key, value) in piece.metadata {
            if let (Some(package), toml::Value::String(digest)) = (key.strip_prefix("checksum "), value) {
                self.metadata.insert(package.to_owned(), digest);
            }
        }
        Ok(())
    }

    fn entry(&mut self, start: usize, entry: Entry) -> Result<(), Fault> {
        for (field, what) in [(&entry.name, "name"), (&entry.version, "version")] {
            if field.get_ref().is_empty() || field.get_ref().contains(char::is_control) {
                return Err(self.fault(start + field.span().start, format!("a package without a {what}; {RESTORE}")));
            }
        }
        let line = self.lines.at(start + entry.name.span().start);
        let name = entry.name.into_inner();
        let version = entry.version.into_inner();
        self.awaited.remove(&name);
        self.names.insert(name.clone());
        for dependency in &entry.dependencies {
            let named = dependency.get_ref().split(' ').next().unwrap_or_default();
            if !self.names.contains(named) && !self.awaited.contains_key(named) {
                self.awaited.insert(named.to_owned(), start + dependency.span().start);
            }
        }
        let mut package = Package::new(Ecosystem::Cargo, name, version, Place::new(self.path, Some(line)));
        package.checksum = entry.checksum.filter(|digest| !digest.is_empty());
        match entry.source.as_deref() {
            None => package.origin = Origin::Own,
            Some(source) if source.starts_with("git+") => {
                package.origin = Origin::Git;
                package.checksum = source.rsplit_once('#').map(|(_, commit)| format!("git:{commit}"));
            }
            Some(source) if source.starts_with("path+") => package.origin = Origin::Own,
            Some(source) => {
                let known = ["registry+", "sparse+", "local-registry+", "directory+"];
                if !known.iter().any(|scheme| source.starts_with(scheme)) {
                    let id = format!("{} {}", package.name, package.version);
                    self.notices
                        .push(format!("{}:{line}: {id} comes from an unknown kind of source: {source}", self.path));
                }
            }
        }
        self.packages.push(package);
        self.sources.push(entry.source);
        Ok(())
    }

    fn finish(mut self) -> Result<Lock, Fault> {
        if let Some((name, at)) = self.awaited.iter().min_by_key(|(_, at)| **at).map(|(n, at)| (n.clone(), *at)) {
            let what = format!("{name} is named here and is not in the file, so it is cut off or edited; {RESTORE}");
            return Err(self.fault(at, what));
        }
        if self.packages.is_empty() {
            return Err(Fault::new(format!("no package in it, not even the project's own; {RESTORE}")));
        }
        let digests =
            self.packages.iter().any(|package| package.origin == Origin::Registry && package.checksum.is_some());
        if !self.metadata.is_empty() {
            for (package, source) in self.packages.iter_mut().zip(&self.sources) {
                let Some(source) = source else { continue };
                let key = format!("{} {} ({source})", package.name, package.version);
                if package.checksum.is_none() {
                    package.checksum = self.metadata.remove(&key).filter(|digest| digest != "<none>");
                }
            }
        }
        // Versions 1 and 2 don't say so; version 2 moved the checksums to the packages.
        let version = self.version.unwrap_or(if digests { 2 } else { 1 });
        Ok(Lock {
            format: format!("Cargo.lock v{version}"),
            packages: self.packages,
            listed: self.listed,
            notices: self.notices,
            incomplete: None,
        })
    }
}
