//! What of a yarn.lock is for development only.

use super::super::npm::field::{Loose, Word};
use super::super::npm::graph::{Edge, Graph};
use super::super::npm::source;
use super::super::npm::text;
use super::entries::Entry;
use super::{COMMAND, entries_of};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Origin, Package};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A package.json's dependencies.
#[derive(Default, Deserialize)]
struct Manifest<'t> {
    #[serde(borrow, default)]
    dependencies: BTreeMap<Word<'t>, Loose<'t>>,
    #[serde(borrow, default, rename = "devDependencies")]
    development: BTreeMap<Word<'t>, Loose<'t>>,
    #[serde(borrow, default, rename = "optionalDependencies")]
    optional: BTreeMap<Word<'t>, Loose<'t>>,
}

/// Sets `scope` and `optional` of the packages that [`super::parse`] read from `bytes`, by walking from the dependencies of
/// the project and of all members of its workspace: `manifests` are their package.json files as (folder relative to the lock,
/// bytes), the project's own folder being `""`. A member of Yarn 2 and later that has none here counts as shipped with all it
/// needs. Packages that the walk doesn't reach stay production. Errors: those of `parse`, and a package.json that can't be
/// read.
pub fn scopes(lock: &mut Lock, bytes: &[u8], manifests: &[(String, Vec<u8>)]) -> Result<(), Fault> {
    let text = text::checked(bytes, COMMAND)?;
    let (_, entries) = entries_of(text)?;
    if entries.len() != lock.packages.len() || manifests.is_empty() {
        return Ok(());
    }
    for (package, entry) in lock.packages.iter_mut().zip(&entries) {
        package.optional = entry.field("conditions").is_some();
    }
    let folders: Vec<&str> = manifests.iter().map(|(folder, _)| folder.trim_matches('/')).collect();
    let (mut graph, names) = graph(&entries, &lock.packages, &folders);
    for (folder, bytes) in manifests {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let manifest: Manifest<'_> = serde_json::from_str(text)
            .map_err(|error| Fault::new(format!("package.json in `{folder}` can't be read: {error}")))?;
        // What stands in both places is optional, as npm and Yarn have it.
        let mut take = |all: &BTreeMap<Word<'_>, Loose<'_>>, development: bool, optional: bool| {
            for (name, range) in all {
                let range = range.0.as_ref().map_or("", |word| &*word.0);
                let optional = optional || manifest.optional.contains_key(name);
                let roots = if development { &mut graph.development } else { &mut graph.production };
                roots.extend(names.find(&name.0, range).map(|to| Edge { to, optional }));
            }
        };
        take(&manifest.dependencies, false, false);
        take(&manifest.optional, false, true);
        take(&manifest.development, true, false);
    }
    graph.apply(&mut lock.packages);
    Ok(())
}

/// Sets `optional` as far as the lock alone tells, with all that nothing in it asks for being required by the project.
pub(super) fn optional(entries: &[Entry<'_>], modern: bool, packages: &mut [Package]) {
    let (mut graph, names) = graph(entries, packages, &[]);
    if !modern {
        let asked: FxHashSet<String> = entries
            .iter()
            .flat_map(|entry| &entry.dependencies)
            .map(|one| format!("{}@{}", one.name, one.range))
            .collect();
        let by_project = names.exact.iter().filter(|(specifier, _)| !asked.contains(**specifier));
        graph.production.extend(by_project.map(|(_, at)| Edge { to: *at, optional: false }));
    }
    graph.apply(packages);
}

/// Who depends on whom. Members of the workspace whose folder is in `known` lead nowhere: what they need is in their
/// manifests, apart by purpose, and the lock has it all in one. The others are shipped with all they need.
fn graph<'e>(entries: &'e [Entry<'_>], packages: &[Package], known: &[&str]) -> (Graph, Names<'e>) {
    let mut names = Names::default();
    let mut graph = Graph::new(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        for specifier in &entry.specifiers {
            names.exact.entry(specifier).or_insert(at);
            if let Some((name, _)) = source::name_and_rest(specifier) {
                let node = *names.any.entry(name).or_insert_with(|| graph.node());
                graph.edge(node, at, false);
            }
        }
    }
    let known: FxHashSet<&str> = known.iter().copied().collect();
    for (at, (entry, package)) in entries.iter().zip(packages).enumerate() {
        let own = package.origin == Origin::Own;
        if own && known.contains(package.installed_at.first().map_or("", String::as_str)) {
            continue;
        }
        for one in &entry.dependencies {
            if let Some(to) = names.find(&one.name, &one.range) {
                graph.edge(at, to, one.optional);
            }
        }
        if own {
            graph.production.push(Edge { to: at, optional: false });
        }
    }
    (graph, names)
}

/// Entries by what they answer.
#[derive(Default)]
struct Names<'t> {
    exact: FxHashMap<&'t str, usize>,
    /// Nodes that lead to all entries of a name.
    any: FxHashMap<&'t str, usize>,
}

impl Names<'_> {
    /// The entry that answers `name@range`; where none does (`resolutions` in a package.json change what is asked for), all
    /// of that name.
    fn find(&self, name: &str, range: &str) -> Option<usize> {
        let exact = |specifier: String| self.exact.get(specifier.as_str()).copied();
        exact(format!("{name}@{range}"))
            .or_else(|| exact(format!("{name}@npm:{range}")))
            .or_else(|| self.any.get(name).copied())
    }
}
