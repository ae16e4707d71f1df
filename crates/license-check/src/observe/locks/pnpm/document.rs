//! One document of a pnpm-lock.yaml.

use super::super::npm::graph::{Edge, Graph};
use super::super::npm::source;
use super::lines::Word;
use super::names::{self, base, is_version};
use super::{COMMAND, Fault, Lock, Pair, Value};
use crate::plan::package::{Ecosystem, Origin, Package, Place, Scope};
use rustc_hash::{FxHashMap, FxHashSet};

/// Why an importer needs something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Production,
    Optional,
    Development,
}

/// One dependency of an importer.
struct Wanted<'t> {
    /// Index of `importers`.
    by: usize,
    name: Word<'t>,
    /// `1.0.0(peer@1.0.0)`, `/a/1.0.0`, `a@1.0.0`, `link:../a`.
    reference: Word<'t>,
    need: Need,
    line: u32,
}

/// An entry of `packages`.
#[derive(Default)]
struct Entry<'t> {
    key: Word<'t>,
    line: u32,
    name: Option<Word<'t>>,
    version: Option<Word<'t>>,
    integrity: Option<Word<'t>>,
    tarball: Option<Word<'t>>,
    directory: Option<Word<'t>>,
    git: bool,
    development: bool,
    optional: bool,
}

/// An entry of `snapshots`.
struct Snapshot<'t> {
    key: Word<'t>,
    optional: bool,
    dependencies: Vec<Needed<'t>>,
}

/// A package that another one needs.
struct Needed<'t> {
    name: Word<'t>,
    /// As [`Wanted::reference`].
    reference: Word<'t>,
    optional: bool,
    line: u32,
}

/// What was read of it so far.
#[derive(Default)]
pub(super) struct Document<'t> {
    /// Keys of the blocks that the next line lies in.
    path: Vec<Word<'t>>,
    version: Option<(Word<'t>, u32)>,
    /// Folders with their lines.
    importers: Vec<(Word<'t>, u32)>,
    wanted: Vec<Wanted<'t>>,
    entries: Vec<Entry<'t>>,
    snapshots: Vec<Snapshot<'t>>,
    /// What entries of `packages` need, up to version 7; since then that stands in `snapshots`.
    needed: Vec<Needed<'t>>,
    /// Keys below `packages`, counted apart.
    listed: usize,
    any: bool,
}

impl<'t> Document<'t> {
    /// Takes one line.
    pub(super) fn take(&mut self, pair: Pair<'t>) -> Result<(), Fault> {
        self.any = true;
        self.path.truncate(pair.depth);
        let at: Vec<&str> = self.path.iter().map(|key| &**key).collect();
        let Pair { key, value, line, .. } = pair;
        match (at.as_slice(), &*key) {
            ([], "lockfileVersion") => {
                let Value::Word(version) = value else {
                    return Err(Fault::at(line, "has a `lockfileVersion` that is no version"));
                };
                self.version = Some((version, line));
                return Ok(());
            }
            (["importers"], _) => self.importers.push((key.clone(), line)),
            (["packages"], _) => {
                self.listed += 1;
                self.entries.push(Entry { key: key.clone(), line, ..Entry::default() });
                if matches!(value, Value::Word(_) | Value::Other) {
                    return Err(Fault::at(line, format!("has `{key:.80}` in `packages`, which is no mapping")));
                }
            }
            (["snapshots"], _) => {
                self.snapshots.push(Snapshot { key: key.clone(), optional: false, dependencies: Vec::new() });
            }
            (["importers", _, section], _) => {
                let section = need(section);
                self.want(section, &key, &value, line);
            }
            (["importers", _, section, _], "version") if need(section).is_some() => {
                self.wanted_version(&value, line);
            }
            // A project without workspace has them at the top up to version 6.
            ([section @ ("dependencies" | "devDependencies" | "optionalDependencies")], _) => {
                let section = need(section);
                self.single(line);
                self.want(section, &key, &value, line);
            }
            (["dependencies" | "devDependencies" | "optionalDependencies", _], "version") => {
                self.wanted_version(&value, line)
            }
            (["packages", _], _) => self.field(&key, &value),
            (["packages", _, "resolution"], _) => {
                if let (Value::Word(word), Some(entry)) = (&value, self.entries.last_mut()) {
                    entry.resolution(&key, word);
                }
            }
            (["packages", _, "dependencies"], _) => {
                if let Value::Word(word) = &value {
                    let (name, reference) = (key.clone(), word.clone());
                    self.needed.push(Needed { name, reference, optional: false, line });
                }
            }
            (["snapshots", _], "optional") => {
                if let Some(snapshot) = self.snapshots.last_mut() {
                    snapshot.optional = is_true(&value);
                }
            }
            (["snapshots", _, section @ ("dependencies" | "optionalDependencies")], _) => {
                let optional = *section == "optionalDependencies";
                if let (Value::Word(word), Some(snapshot)) = (&value, self.snapshots.last_mut()) {
                    let (name, reference) = (key.clone(), word.clone());
                    snapshot.dependencies.push(Needed { name, reference, optional, line });
                }
            }
            _ => {}
        }
        self.path.push(key);
        Ok(())
    }

    /// The only importer, when there is no workspace.
    fn single(&mut self, line: u32) {
        if self.importers.is_empty() {
            self.importers.push((".".into(), line));
        }
    }

    fn want(&mut self, need: Option<Need>, name: &Word<'t>, value: &Value<'t>, line: u32) {
        let Some(need) = need else { return };
        let reference = match value {
            Value::Word(reference) => reference.clone(),
            // Since version 6 it stands in the block below, beside what was asked for.
            _ => Word::default(),
        };
        let by = self.importers.len().saturating_sub(1);
        self.wanted.push(Wanted { by, name: name.clone(), reference, need, line });
    }

    fn wanted_version(&mut self, value: &Value<'t>, line: u32) {
        if let (Value::Word(reference), Some(wanted)) = (value, self.wanted.last_mut()) {
            (wanted.reference, wanted.line) = (reference.clone(), line);
        }
    }

    fn field(&mut self, key: &str, value: &Value<'t>) {
        let Some(entry) = self.entries.last_mut() else { return };
        match (key, value) {
            ("resolution", Value::Flow(all)) => all.iter().for_each(|(key, word)| entry.resolution(key, word)),
            ("name", Value::Word(word)) => entry.name = Some(word.clone()),
            ("version", Value::Word(word)) => entry.version = Some(word.clone()),
            ("dev", value) => entry.development = is_true(value),
            ("optional", value) => entry.optional = is_true(value),
            _ => {}
        }
    }

    /// Adds what it lists. A document that is empty lists nothing.
    pub(super) fn finish(self, path: &str, lock: &mut Lock) -> Result<(), Fault> {
        if !self.any {
            return Ok(());
        }
        let Some((version, line)) = &self.version else {
            return Err(Fault::at(1, format!("has no `lockfileVersion`; write it anew with `{COMMAND}`")));
        };
        let slashes = match version.split_once('.').map_or(&**version, |(major, _)| major) {
            "5" => true,
            "6" | "7" | "9" => false,
            _ => {
                let what = format!("has the unknown lockfileVersion {version:.20}; 5.x, 6.x, 7.0 and 9.0 are known");
                return Err(Fault::at(*line, what));
            }
        };
        self.whole(version.starts_with('9'))?;
        lock.format = format!("pnpm-lock.yaml v{version}");
        let mut folders = self.folders(path, lock);
        let first = lock.packages.len();
        for entry in &self.entries {
            let package = entry.package(path, slashes, &folders);
            lock.packages.push(package);
        }
        lock.listed += self.listed;
        let own_end = lock.packages.len();
        self.link(path, &mut folders, lock);
        lock.listed += lock.packages.len() - own_end;
        if !self.snapshots.is_empty() {
            self.walk(first, &mut lock.packages[first..]);
        }
        Ok(())
    }

    /// That nothing is missing which the rest names: a file can be cut off behind any line and still be YAML.
    fn whole(&self, has_snapshots: bool) -> Result<(), Fault> {
        let last = self.entries.last().map_or(1, |entry| entry.line);
        if has_snapshots && self.importers.is_empty() {
            return Err(Fault::at(
                last,
                format!("has no `importers`, so it is cut off; write it anew with `{COMMAND}`"),
            ));
        }
        let keys: FxHashSet<&str> = if has_snapshots {
            self.snapshots.iter().map(|snapshot| &*snapshot.key).collect()
        } else {
            self.entries.iter().map(|entry| &*entry.key).collect()
        };
        let bases: FxHashSet<&str> = self.entries.iter().map(|entry| base(&entry.key)).collect();
        let is_there = |name: &str, reference: &str| {
            let forms = [format!("{name}@{reference}"), format!("/{name}@{reference}"), format!("/{name}/{reference}")];
            let mut forms = forms.iter().map(String::as_str).chain([reference]);
            reference.starts_with("link:") || forms.any(|key| keys.contains(key) && bases.contains(base(key)))
        };
        let wanted = self.wanted.iter().map(|wanted| (&wanted.name, &wanted.reference, wanted.line));
        let inner = self.snapshots.iter().flat_map(|snapshot| &snapshot.dependencies).chain(&self.needed);
        let inner = inner.filter(|needed| !needed.optional);
        let mut all = wanted.chain(inner.map(|needed| (&needed.name, &needed.reference, needed.line)));
        match all.find(|(name, reference, _)| !is_there(name, reference)) {
            Some((name, reference, line)) => {
                let what = "is named here and is not in the file, so it is cut off or edited";
                Err(Fault::at(line, format!("{name:.80} {reference:.80} {what}; write it anew with `{COMMAND}`")))
            }
            None => Ok(()),
        }
    }

    /// Adds the importers; indices of packages by folder. One that another document had already is the same.
    fn folders(&self, path: &str, lock: &mut Lock) -> FxHashMap<String, usize> {
        let mut folders: FxHashMap<String, usize> = FxHashMap::default();
        for (at, package) in lock.packages.iter().enumerate().filter(|(_, package)| package.origin == Origin::Own) {
            folders.entry(package.installed_at.first().cloned().unwrap_or_else(|| ".".to_owned())).or_insert(at);
        }
        for (folder, line) in &self.importers {
            folders.entry(folder.to_string()).or_insert_with(|| {
                let mut package = Package::new(Ecosystem::Npm, folder.as_ref(), "", Place::new(path, Some(*line)));
                package.origin = Origin::Own;
                package.installed_at.extend((folder != ".").then(|| folder.to_string()));
                lock.packages.push(package);
                lock.listed += 1;
                lock.packages.len() - 1
            });
        }
        folders
    }

    /// Names members by what links to them, and adds folders that are linked to and no members.
    fn link(&self, path: &str, folders: &mut FxHashMap<String, usize>, lock: &mut Lock) {
        for wanted in &self.wanted {
            let Some(target) = wanted.reference.strip_prefix("link:") else { continue };
            let from = self.importers.get(wanted.by).map_or(".", |(folder, _)| &**folder);
            let folder = joined(from, target);
            let development = wanted.need == Need::Development;
            match folders.get(&folder) {
                Some(at) => {
                    let package = &mut lock.packages[*at];
                    if package.origin == Origin::Own && package.name == folder {
                        package.name = wanted.name.to_string();
                    } else if package.origin == Origin::Folder && !development {
                        package.scope = Scope::Production;
                    }
                }
                None => {
                    let mut package =
                        Package::new(Ecosystem::Npm, wanted.name.as_ref(), "", Place::new(path, Some(wanted.line)));
                    package.origin = Origin::Folder;
                    package.scope = if development { Scope::Development } else { Scope::Production };
                    package.installed_at.push(folder.clone());
                    folders.insert(folder, lock.packages.len());
                    lock.packages.push(package);
                }
            }
        }
    }

    /// Sets scopes by walking from the importers; `packages` begins with those of `entries`, in order.
    fn walk(&self, first: usize, packages: &mut [Package]) {
        let _ = first;
        let mut graph = Graph::new(packages.len());
        let entries: FxHashMap<&str, usize> =
            self.entries.iter().enumerate().map(|(at, entry)| (&*entry.key, at)).collect();
        let mut nodes: FxHashMap<&str, usize> = FxHashMap::default();
        for snapshot in &self.snapshots {
            let node = graph.node();
            nodes.insert(&*snapshot.key, node);
            if let Some(at) = entries.get(base(&snapshot.key)) {
                graph.edge(node, *at, false);
            }
        }
        let find = |name: &str, reference: &str| {
            let key = format!("{name}@{reference}");
            let node = nodes.get(key.as_str()).or_else(|| nodes.get(reference));
            node.or_else(|| entries.get(base(&key))).or_else(|| entries.get(base(reference))).copied()
        };
        for snapshot in &self.snapshots {
            let Some(from) = nodes.get(&*snapshot.key) else { continue };
            for needed in &snapshot.dependencies {
                if let Some(to) = find(&needed.name, &needed.reference) {
                    graph.edge(*from, to, needed.optional);
                }
            }
        }
        for wanted in &self.wanted {
            if let Some(to) = find(&wanted.name, &wanted.reference) {
                let roots =
                    if wanted.need == Need::Development { &mut graph.development } else { &mut graph.production };
                roots.push(Edge { to, optional: wanted.need == Need::Optional });
            }
        }
        graph.apply(packages);
        for snapshot in self.snapshots.iter().filter(|snapshot| snapshot.optional) {
            if let Some(at) = entries.get(base(&snapshot.key)) {
                packages[*at].optional = true;
            }
        }
    }
}

impl<'t> Entry<'t> {
    fn resolution(&mut self, key: &str, value: &Word<'t>) {
        match key {
            "integrity" => self.integrity = Some(value.clone()),
            "tarball" => self.tarball = Some(value.clone()),
            "directory" => self.directory = Some(value.clone()),
            "repo" | "commit" => self.git = true,
            "gitHosted" => self.git |= value == "true",
            "type" => self.git |= value == "git",
            _ => {}
        }
    }

    fn package(&self, path: &str, slashes: bool, folders: &FxHashMap<String, usize>) -> Package {
        let named = names::named(&self.key, slashes);
        let name = self.name.as_deref().or(named.as_ref().map(|named| named.name)).unwrap_or(base(&self.key));
        let reference = named.as_ref().map_or(base(&self.key), |named| named.reference);
        let version = match &self.version {
            Some(version) => version,
            // A path or an address is no version, but tells which package it is.
            None if named.is_some() => reference,
            None => "",
        };
        let mut package = Package::new(Ecosystem::Npm, name, version, Place::new(path, Some(self.line)));
        package.origin = match &self.directory {
            Some(folder) if folders.contains_key(&joined(".", folder)) => Origin::Own,
            Some(_) => Origin::Folder,
            None if self.git => Origin::Git,
            None if is_version(reference) => Origin::Registry,
            None => match source::origin(self.tarball.as_deref().unwrap_or(reference)) {
                Origin::Registry => Origin::Archive,
                other => other,
            },
        };
        if package.origin == Origin::Own {
            package.installed_at.extend(self.directory.as_ref().map(|folder| joined(".", folder)));
        }
        package.scope = if self.development { Scope::Development } else { Scope::Production };
        package.optional = self.optional;
        package.checksum = self.integrity.as_ref().map(ToString::to_string);
        package
    }
}

/// What a section of an importer means.
fn need(section: &str) -> Option<Need> {
    match section {
        "dependencies" => Some(Need::Production),
        "optionalDependencies" => Some(Need::Optional),
        // The last two are what pnpm itself runs with, and no part of what is shipped.
        "devDependencies" | "configDependencies" | "packageManagerDependencies" => Some(Need::Development),
        _ => None,
    }
}

fn is_true(value: &Value<'_>) -> bool {
    matches!(value, Value::Word(word) if word == "true")
}

/// A path relative to a folder, without `.` and, as far as can be, `..`.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
