//! Bun: `bun.lock`, the text format; lockfileVersion 0 to 2. <https://bun.sh/docs/pm/lockfile>
//!
//! Packages are the entries of `packages`, which are arrays: `["name@1.0.0", registry, {…}, "sha512-…"]`, and the project and
//! its members, the entries of `workspaces`; a member that stands in both is one. A package's key is its path through the
//! tree that hoisting makes (`a/b`: the `b` in a's `node_modules`), whose edges tell what is for development only.

mod jsonc;
mod tree;

use super::npm::field::{Loose, Word};
use super::npm::{source, text};
use crate::observe::lines::Lines;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What writes a bun.lock anew.
const COMMAND: &str = "bun install --lockfile-only";

/// The newest lockfileVersion that is known: Bun 1.3.
const NEWEST: u64 = 2;

/// Reads it. Errors: the binary `bun.lockb`, an unknown version, anything that Bun would not have written.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    if path.ends_with(".lockb") || bytes.starts_with(b"#!/usr/bin/env bun\nbun-lockfile-format") {
        return Err(Fault::new(
            "is Bun's binary lock file, which only Bun reads; run `bun install --save-text-lockfile`, commit bun.lock, and \
             remove bun.lockb",
        ));
    }
    let text = text::checked(bytes, COMMAND)?;
    let json = jsonc::to_json(text);
    let file: File<'_> = serde_json::from_str(&json).map_err(|error| text::json_fault(&error, COMMAND))?;
    let mut lines = Lines::new(json.as_bytes());
    let version = match &file.version {
        Some(word) => match word.get().parse::<u64>() {
            Ok(version @ 0..=NEWEST) => version,
            _ => {
                let what = format!("has the unknown lockfileVersion {:.20}; 0 to {NEWEST} are known", word.get());
                return Err(Fault::at(lines.of(word.get()), what));
            }
        },
        None => return Err(Fault::at(1, "is no bun.lock: it has no `lockfileVersion`")),
    };
    let mut lock = Lock { format: format!("bun.lock v{version}"), ..Lock::default() };
    list_own(&file, path, &mut lines, &mut lock);
    let members = lock.packages.len();
    let mut at: FxHashMap<&str, usize> = FxHashMap::default();
    let own = Own::of(&file);
    for (key, entry) in &file.packages.0 {
        let place = Place::new(path, Some(key.place().map_or(1, |slice| lines.of(slice))));
        if key.0.len() > tree::MAX_KEY_BYTES {
            let what = format!("has a key of {} bytes in `packages`; write it anew with `{COMMAND}`", key.0.len());
            return Err(Fault { line: place.line, what });
        }
        match package(key, entry, &own, place) {
            // It stands under `workspaces` already.
            Err(member) => {
                at.insert(&key.0, member);
            }
            Ok(package) => {
                at.insert(&key.0, lock.packages.len());
                lock.packages.push(package);
                lock.listed += 1;
            }
        }
    }
    lock.listed += members;
    tree::walk(&file, &at, &mut lock.packages);
    lock.named()
}

/// The project and its members, in the order of `workspaces`.
fn list_own<'t>(file: &File<'t>, path: &str, lines: &mut Lines<'_>, lock: &mut Lock) {
    for (folder, workspace) in &file.workspaces.0 {
        let line = folder.place().map_or(1, |slice| lines.of(slice));
        let text = |loose: &Loose<'t>| loose.0.as_ref().map_or_else(String::new, |word| word.0.to_string());
        let (name, version) = (text(&workspace.name), text(&workspace.version));
        let mut package = Package::new(Ecosystem::Npm, name, version, Place::new(path, Some(line)));
        package.origin = Origin::Own;
        package.installed_at.extend((!folder.0.is_empty()).then(|| folder.0.to_string()));
        lock.packages.push(package);
    }
}

/// The project and its members, to be found.
struct Own<'f> {
    /// Indices by folder.
    by_folder: FxHashMap<&'f str, usize>,
    /// Folders by name.
    folders: FxHashMap<&'f str, &'f str>,
}

impl<'f> Own<'f> {
    fn of(file: &'f File<'_>) -> Self {
        let all = &file.workspaces.0;
        let named = |one: &'f Workspace<'_>| one.name.0.as_ref().map(|word| &*word.0);
        Own {
            by_folder: all.iter().enumerate().map(|(at, (folder, _))| (&*folder.0, at)).collect(),
            folders: all.iter().filter_map(|(folder, one)| Some((named(one)?, &*folder.0))).collect(),
        }
    }
}

/// A package; `Err` is the index of the member that it is.
fn package(key: &Word<'_>, entry: &Entry<'_>, own: &Own<'_>, place: Place) -> Result<Package, usize> {
    let whole = &*entry.resolution.0;
    let (name, rest) = source::name_and_rest(whole).unwrap_or((whole, ""));
    if let Some(at) = rest.strip_prefix("workspace:").and_then(|folder| own.by_folder.get(folder)) {
        return Err(*at);
    }
    let registry = rest.starts_with(|first: char| first.is_ascii_digit());
    let mut package = Package::new(Ecosystem::Npm, name, rest, place);
    package.origin = match source::origin(rest) {
        _ if registry => Origin::Registry,
        _ if rest.starts_with("workspace:") || rest.starts_with("root:") => Origin::Own,
        Origin::Registry if rest.contains(".tgz") || rest.starts_with("http") => Origin::Archive,
        other => other,
    };
    package.optional = entry.info.platform;
    package.checksum = entry.integrity.as_ref().map(|word| word.0.to_string());
    let within = tree::parts(&key.0).collect::<Vec<_>>().join("/node_modules/");
    let member = tree::parts(&key.0).next().and_then(|first| {
        let folder = own.folders.get(first)?;
        within.strip_prefix(first).map(|rest| format!("{folder}{rest}"))
    });
    let hoisted = format!("node_modules/{within}");
    package.installed_at.push(member.map_or(hoisted, |at| at.trim_start_matches('/').to_owned()));
    Ok(package)
}

/// The whole file.
#[derive(Deserialize)]
struct File<'t> {
    #[serde(borrow, rename = "lockfileVersion")]
    version: Option<&'t serde_json::value::RawValue>,
    #[serde(borrow, default = "Pairs::default")]
    workspaces: Pairs<'t, Workspace<'t>>,
    #[serde(borrow, default = "Pairs::default")]
    packages: Pairs<'t, Entry<'t>>,
}

/// A member of the workspace.
#[derive(Deserialize)]
struct Workspace<'t> {
    #[serde(borrow, default)]
    name: Loose<'t>,
    #[serde(borrow, default)]
    version: Loose<'t>,
    #[serde(borrow, default = "Pairs::default")]
    dependencies: Pairs<'t, IgnoredAny>,
    #[serde(borrow, default = "Pairs::default", rename = "devDependencies")]
    development: Pairs<'t, IgnoredAny>,
    #[serde(borrow, default = "Pairs::default", rename = "optionalDependencies")]
    optional: Pairs<'t, IgnoredAny>,
    #[serde(borrow, default = "Pairs::default", rename = "peerDependencies")]
    peers: Pairs<'t, IgnoredAny>,
    #[serde(borrow, default, rename = "optionalPeers")]
    optional_peers: Vec<Word<'t>>,
}

/// One entry of `packages`.
struct Entry<'t> {
    resolution: Word<'t>,
    info: Info<'t>,
    integrity: Option<Word<'t>>,
}

/// The object in an entry.
#[derive(Default)]
struct Info<'t> {
    /// Names, and whether it can do without.
    dependencies: Vec<(Word<'t>, bool)>,
    /// Whether it is for some platforms only.
    platform: bool,
}

/// An object's entries in their order, equal keys too.
struct Pairs<'t, T>(Vec<(Word<'t>, T)>);

impl<T> Default for Pairs<'_, T> {
    fn default() -> Self {
        Pairs(Vec::new())
    }
}

impl<'de: 't, 't, T: Deserialize<'de>> Deserialize<'de> for Pairs<'t, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Vec<(Word<'de>, T)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    all.push(pair);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_map(Object(std::marker::PhantomData)).map(Pairs)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Entry<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Array;
        impl<'de> Visitor<'de> for Array {
            type Value = Entry<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a package as an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let resolution =
                    seq.next_element()?.ok_or_else(|| A::Error::custom("a package's array has no name in it"))?;
                let mut entry = Entry { resolution, info: Info::default(), integrity: None };
                while let Some(element) = seq.next_element::<Element<'de>>()? {
                    match element {
                        Element::Info(info) => entry.info = info,
                        Element::Word(word) if word.0.starts_with("sha") => entry.integrity = Some(word),
                        Element::Word(_) => {}
                    }
                }
                Ok(entry)
            }
        }
        deserializer.deserialize_seq(Array)
    }
}

/// What may follow the name in an entry.
enum Element<'t> {
    Word(Word<'t>),
    Info(Info<'t>),
}

impl<'de: 't, 't> Deserialize<'de> for Element<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Element<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an object")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Element::Word(Word(text.into())))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Element::Word(Word(text.to_owned().into())))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut info, mut peers, mut can_miss) = (Info::default(), Vec::new(), Vec::new());
                while let Some(key) = map.next_key::<Word<'de>>()? {
                    let (optional, into) = match &*key.0 {
                        "dependencies" => (false, &mut info.dependencies),
                        "optionalDependencies" => (true, &mut info.dependencies),
                        "peerDependencies" => (false, &mut peers),
                        "optionalPeers" => {
                            can_miss = map.next_value::<Vec<Word<'de>>>()?;
                            continue;
                        }
                        "os" | "cpu" | "libc" => {
                            info.platform = true;
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    let all = map.next_value::<Pairs<'de, IgnoredAny>>()?;
                    into.extend(all.0.into_iter().map(|(name, _)| (name, optional)));
                }
                can_miss.sort_unstable();
                let peers = peers.into_iter().map(|(name, _)| {
                    let optional = can_miss.binary_search(&name).is_ok();
                    (name, optional)
                });
                info.dependencies.extend(peers);
                Ok(Element::Info(info))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests;
