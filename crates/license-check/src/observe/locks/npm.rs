//! npm: `package-lock.json`, `npm-shrinkwrap.json` and the hidden `node_modules/.package-lock.json`, lockfileVersion 1 to 3.
//! <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>
//!
//! The text is read in one pass and borrowed from, so that memory grows with the packages and not with the text.
//!
//! What counts as a package: the project itself (entry `""`, [`Origin::Own`]), each installed copy, and each folder that is
//! linked to. A `link: true` entry is only the way to its folder, which has an entry of its own; where it has none, the link
//! stands for it.

pub(crate) mod field;
pub(crate) mod graph;
mod legacy;
pub(crate) mod source;
pub(crate) mod text;
pub(crate) mod workspaces;

use crate::observe::lines::Lines;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place, Scope};
use crate::plan::statement::Statement;
use field::{Stated, Word};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use workspaces::Workspaces;

/// What writes a package-lock.json anew without installing.
const COMMAND: &str = "npm install --package-lock-only";

/// Reads it. Versions 2 and 3 by `packages`, version 1 by `dependencies`. Errors: anything that npm would not have written,
/// with its line.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text::checked(bytes, COMMAND)?;
    let mut reading = Reading::new(text, path);
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = reading.deserialize(&mut json).and_then(|()| json.end());
    match (outcome, reading.fault.take()) {
        (_, Some(fault)) => Err(fault),
        (Err(error), None) => Err(text::json_fault(&error, COMMAND)),
        (Ok(()), None) => reading.finish(),
    }
}

/// One entry of `packages`; the fields that matter here.
#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow)]
    name: Option<Word<'t>>,
    #[serde(borrow)]
    version: Option<Word<'t>>,
    #[serde(borrow)]
    resolved: Option<Word<'t>>,
    #[serde(borrow)]
    integrity: Option<Word<'t>>,
    #[serde(borrow)]
    license: Option<Stated<'t>>,
    #[serde(borrow)]
    licenses: Option<Stated<'t>>,
    #[serde(default)]
    dev: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default, rename = "devOptional")]
    dev_optional: bool,
    #[serde(default)]
    link: bool,
    workspaces: Option<Workspaces>,
}

/// A link whose folder's entry may come later.
struct Link {
    /// The folder, relative to the lock.
    target: String,
    /// As installed.
    name: String,
    place: Place,
    scope: Scope,
    optional: bool,
}

/// What has been read so far.
struct Reading<'t> {
    path: String,
    lines: Lines<'t>,
    /// Of the key that was read last, for what has no place of its own.
    line: u32,
    name: Option<String>,
    version: Option<String>,
    lock_version: Option<u64>,
    has_packages: bool,
    has_dependencies: bool,
    packages: Vec<Package>,
    listed: usize,
    /// Indices of `packages` that are folders, by path.
    folders: FxHashMap<String, usize>,
    links: Vec<Link>,
    workspaces: Workspaces,
    /// A fault of ours, which is clearer than the parser's.
    fault: Option<Fault>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, path: &str) -> Self {
        Reading {
            path: path.to_owned(),
            lines: Lines::new(text.as_bytes()),
            line: 1,
            name: None,
            version: None,
            lock_version: None,
            has_packages: false,
            has_dependencies: false,
            packages: Vec::new(),
            listed: 0,
            folders: FxHashMap::default(),
            links: Vec::new(),
            workspaces: Workspaces::default(),
            fault: None,
        }
    }

    /// The place of a word; of the last one that had a place for one with escapes.
    fn place(&mut self, slice: Option<&'t str>) -> Place {
        if let Some(slice) = slice {
            self.line = self.lines.of(slice);
        }
        Place::new(self.path.clone(), Some(self.line))
    }

    fn package(&mut self, name: String, version: String, place: Place) -> Package {
        Package::new(Ecosystem::Npm, name, version, place)
    }

    /// Takes one entry of `packages`.
    fn take(&mut self, key: &Word<'t>, entry: Entry<'t>) {
        let place = self.place(key.place());
        let at = key.0.trim_end_matches('/');
        let scope = if entry.dev { Scope::Development } else { Scope::Production };
        let optional = entry.optional || entry.dev_optional;
        let resolved = entry.resolved.as_ref().map_or("", |word| &*word.0);
        let name = entry.name.as_ref().map_or_else(|| name_of(at).to_owned(), |word| word.0.to_string());
        if entry.link {
            let target = resolved.strip_prefix("file:").unwrap_or(resolved);
            let target = target.strip_prefix("./").unwrap_or(target).trim_end_matches('/').to_owned();
            self.links.push(Link { target, name, place, scope, optional });
            return;
        }
        let version = entry.version.map_or_else(String::new, |word| word.0.into_owned());
        let mut package = self.package(name, version, place);
        package.scope = scope;
        package.optional = optional;
        package.origin = source::origin(resolved);
        package.checksum = entry.integrity.map(|word| word.0.into_owned());
        if at.is_empty() {
            package.origin = Origin::Own;
            if entry.name.is_none() {
                package.name = self.name.clone().unwrap_or_default();
            }
            self.workspaces = entry.workspaces.unwrap_or_default();
        } else {
            package.installed_at.push(at.to_owned());
            if !is_installed(at) {
                package.origin = Origin::Folder;
                self.folders.insert(at.to_owned(), self.packages.len());
            }
        }
        for (stated, field) in [(entry.license, "license"), (entry.licenses, "licenses")] {
            if let Some(Stated { value: Some(value), place, .. }) = stated {
                let place = self.place(place);
                package.statements.push(Statement { value, field, place });
            }
        }
        self.packages.push(package);
    }

    /// Brings links and folders together, and says what was read.
    fn finish(mut self) -> Result<Lock, Fault> {
        if !self.has_packages && !self.has_dependencies && self.lock_version.is_none() {
            return Err(Fault::at(1, "is no npm lock file: it has neither `lockfileVersion` nor `packages`"));
        }
        let version = match (self.lock_version, self.has_packages) {
            (Some(version @ 2..), false) if self.has_dependencies => version,
            (Some(version @ 2..), false) => {
                let what = format!("has lockfileVersion {version} and no `packages`; write it anew with `{COMMAND}`");
                return Err(Fault::at(1, what));
            }
            (Some(version), _) => version,
            (None, true) => 3,
            (None, false) => 1,
        };
        for link in std::mem::take(&mut self.links) {
            match self.folders.get(&link.target) {
                // Only the root's `name` is always written; a member's own is, where it differs from its folder's.
                Some(index) => {
                    self.listed -= 1;
                    let package = &mut self.packages[*index];
                    if package.name == name_of(&link.target) {
                        package.name = link.name;
                    }
                }
                None => {
                    self.folders.insert(link.target.clone(), self.packages.len());
                    let mut package = Package::new(Ecosystem::Npm, link.name, "", link.place);
                    package.origin = Origin::Folder;
                    (package.scope, package.optional) = (link.scope, link.optional);
                    package.installed_at.push(link.target);
                    self.packages.push(package);
                }
            }
        }
        for (folder, index) in &self.folders {
            if self.workspaces.has(folder) {
                self.packages[*index].origin = Origin::Own;
            }
        }
        let notices = Vec::new();
        let file = self.path.rsplit('/').next().unwrap_or_default();
        let format = format!("{file} v{version}");
        Ok(Lock { format, packages: self.packages, listed: self.listed, notices, incomplete: None })
    }

    /// Takes `lockfileVersion`.
    fn set_version(&mut self, version: &serde_json::value::RawValue) -> bool {
        let line = self.lines.of(version.get());
        match version.get().parse::<u64>() {
            Ok(number @ 1..=3) => {
                self.lock_version = Some(number);
                true
            }
            _ => {
                let what = format!("has the unknown lockfileVersion {:.20}; 1, 2 and 3 are known", version.get());
                self.fault = Some(Fault::at(line, what));
                false
            }
        }
    }
}

/// The name that a path ends with: what follows the last `node_modules/`, else the last segment.
fn name_of(at: &str) -> &str {
    match at.rfind("node_modules/") {
        Some(found) => &at[found + "node_modules/".len()..],
        None => at.rsplit('/').next().unwrap_or(at),
    }
}

/// Whether a path is that of an installed copy, and not of a folder of the checkout.
fn is_installed(at: &str) -> bool {
    let parent = match at.rfind("node_modules/") {
        Some(0) => true,
        Some(found) => at.as_bytes()[found - 1] == b'/',
        None => false,
    };
    parent
        && matches!(name_of(at).split('/').count(), 1 | 2)
        && name_of(at).contains('/') == name_of(at).starts_with('@')
}

impl<'de> DeserializeSeed<'de> for &mut Reading<'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Reading<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an npm lock file, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Word<'de>>()? {
            match &*key.0 {
                "name" => self.name = map.next_value::<field::Loose<'de>>()?.0.map(|word| word.0.into_owned()),
                "version" => self.version = map.next_value::<field::Loose<'de>>()?.0.map(|word| word.0.into_owned()),
                "lockfileVersion" => {
                    let version = map.next_value::<&serde_json::value::RawValue>()?;
                    if !self.set_version(version) {
                        return Err(A::Error::custom("unknown version"));
                    }
                }
                // Twice would leave one of them unread by npm; which one, nobody should have to guess.
                "packages" | "dependencies"
                    if (if key.0 == "packages" { self.has_packages } else { self.has_dependencies }) =>
                {
                    return Err(A::Error::custom(format!("`{}` stands there twice", key.0)));
                }
                "packages" => {
                    self.has_packages = true;
                    // Version 2 repeats all of it in `dependencies` for npm 6.
                    self.packages.clear();
                    self.listed = 0;
                    map.next_value_seed(Packages(self))?;
                }
                "dependencies" if self.has_packages => {
                    self.has_dependencies = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "dependencies" => {
                    self.has_dependencies = true;
                    legacy::project(self, &key);
                    map.next_value_seed(legacy::Dependencies::top(self))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The object `packages`.
struct Packages<'r, 't>(&'r mut Reading<'t>);

impl<'de> DeserializeSeed<'de> for Packages<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Packages<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`packages` to be an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Word<'de>>()? {
            self.0.listed += 1;
            let entry = map.next_value::<Entry<'de>>()?;
            self.0.take(&key, entry);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
