//! Which packages a pom's dependencies bring: of each the nearest, and of equally near ones the first.
//!
//! <https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html#transitive-dependencies>

use super::effective::{Coordinates, Effective, Key, Maker, Poms, key_of};
use super::model::{Dependency, Pom};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place, Scope};
use rustc_hash::FxHashMap;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// Packages that are followed; the largest builds have some thousands.
const MAX_PACKAGES: usize = 200_000;

/// Names of poms that a sentence gives.
const SHOWN: usize = 3;

/// A package on its way into the list.
struct Node {
    dependency: Dependency,
    /// Line of the project's own dependency that brings it.
    line: u32,
    /// What it depends on.
    children: Vec<usize>,
    /// Whether its scope is its own, and not that of what brings it: the project depends on it itself, or manages it.
    is_fixed: bool,
    shipped: bool,
    optional: bool,
}

/// A dependency that waits for its turn.
struct Waiting {
    dependency: Dependency,
    parent: Option<usize>,
    /// Whether the project manages its scope.
    is_managed: bool,
    line: u32,
    exclusions: Rc<BTreeSet<(String, String)>>,
}

/// Lists what the pom brings.
///
/// # Errors
/// More packages than any build has.
pub fn resolve(pom: Arc<Pom>, path: &str, poms: &dyn Poms) -> Result<Lock, Fault> {
    let mut maker = Maker::new(poms);
    let root = maker.own(&pom);
    let lacking = root.lacking.iter().cloned().collect();
    let mut walk = Walk { root: &root, maker, nodes: Vec::new(), winners: FxHashMap::default(), lacking };
    walk.all()?;
    walk.ship();
    walk.need();
    let mut lock = Lock { format: "pom.xml".to_owned(), notices: root.notices.clone(), ..Lock::default() };
    let mut at: FxHashMap<(String, String), usize> = FxHashMap::default();
    for node in &walk.nodes {
        let Dependency { group, artifact, .. } = &node.dependency;
        let name = format!("{group}:{artifact}");
        let version = locked(&node.dependency);
        let scope = if node.shipped { Scope::Production } else { Scope::Development };
        if let Some(at) = at.get(&(name.clone(), version.clone())) {
            let known: &mut Package = &mut lock.packages[*at];
            if node.shipped {
                known.scope = Scope::Production;
            }
            known.optional &= node.optional;
            continue;
        }
        if version.is_empty() && !poms.is_own(group, artifact) {
            let line = node.line;
            lock.notices.push(format!("{path}:{line}: nothing here says which version of {name} is meant"));
        }
        at.insert((name.clone(), version.clone()), lock.packages.len());
        let mut package = Package::new(Ecosystem::Maven, name, version, Place::new(path, Some(node.line)));
        package.scope = scope;
        package.optional = node.optional;
        package.origin = match node.dependency.scope.as_deref() {
            _ if poms.is_own(group, artifact) => Origin::Own,
            Some("system") => Origin::Archive,
            _ => Origin::Registry,
        };
        lock.packages.push(package);
    }
    lock.incomplete = incomplete(&walk.lacking);
    lock.listed = lock.packages.len();
    Ok(lock)
}

/// Why there may be more packages: poms that are needed and not here.
fn incomplete(lacking: &BTreeSet<Coordinates>) -> Option<String> {
    let shown = lacking.iter().take(SHOWN).map(|pom| {
        let version = if pom.version.is_empty() { "of an unknown version" } else { &pom.version };
        format!("{}:{} {version}", pom.group, pom.artifact)
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = lacking.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let what = format!(
        "the poms of {shown}{more} are not here, so what they bring is not known; run `mvn dependency:resolve`"
    );
    (!lacking.is_empty()).then_some(what)
}

/// The version that a dependency is locked to; empty when nothing says it. `[1.2]` means exactly that one.
fn locked(dependency: &Dependency) -> String {
    let version = dependency.version.as_deref().unwrap_or_default();
    if version.contains("${") {
        return String::new();
    }
    let hard = version.strip_prefix('[').and_then(|version| version.strip_suffix(']'));
    hard.filter(|version| !version.contains(',')).unwrap_or(version).to_owned()
}

/// `provided` is what the container or the JDK brings.
fn is_shipped(dependency: &Dependency) -> bool {
    !matches!(dependency.scope.as_deref(), Some("test" | "provided"))
}

struct Walk<'w> {
    root: &'w Effective,
    maker: Maker<'w>,
    nodes: Vec<Node>,
    winners: FxHashMap<Key, usize>,
    /// Poms that are needed and not here.
    lacking: BTreeSet<Coordinates>,
}

impl Walk<'_> {
    fn all(&mut self) -> Result<(), Fault> {
        let none = Rc::new(BTreeSet::new());
        let mut waiting: VecDeque<Waiting> = VecDeque::new();
        for dependency in &self.root.dependencies {
            let mut dependency = dependency.clone();
            if let Some(managed) = self.root.managed.get(&key_of(&dependency)) {
                dependency.exclusions.extend(managed.exclusions.iter().cloned());
            }
            self.winners.entry(key_of(&dependency)).or_insert(self.nodes.len());
            // The project's own are all listed, even where two of them are at odds.
            self.nodes.push(Node {
                line: dependency.line,
                children: Vec::new(),
                is_fixed: true,
                shipped: false,
                optional: dependency.of_profile,
                dependency,
            });
        }
        for at in 0..self.nodes.len() {
            self.expand(at, &none, &mut waiting);
        }
        while let Some(next) = waiting.pop_front() {
            let key = key_of(&next.dependency);
            let at = match self.winners.get(&key) {
                Some(at) => *at,
                None => {
                    let at = self.nodes.len();
                    if at >= MAX_PACKAGES {
                        return Err(Fault::new(format!("more than {MAX_PACKAGES} packages")));
                    }
                    self.winners.insert(key, at);
                    self.nodes.push(Node {
                        dependency: next.dependency,
                        line: next.line,
                        children: Vec::new(),
                        is_fixed: next.is_managed,
                        shipped: false,
                        optional: true,
                    });
                    self.expand(at, &next.exclusions, &mut waiting);
                    at
                }
            };
            if let Some(parent) = next.parent {
                self.nodes[parent].children.push(at);
            }
        }
        Ok(())
    }

    /// Queues what a package depends on.
    fn expand(&mut self, at: usize, exclusions: &Rc<BTreeSet<(String, String)>>, waiting: &mut VecDeque<Waiting>) {
        let (line, dependency) = (self.nodes[at].line, &self.nodes[at].dependency);
        let coordinates = Coordinates {
            group: dependency.group.clone(),
            artifact: dependency.artifact.clone(),
            version: locked(dependency),
        };
        let Some(effective) = self.maker.of(&coordinates) else {
            // A file of the system has no pom, and an inactive profile's may never have been asked for.
            if dependency.scope.as_deref() != Some("system") && !dependency.of_profile {
                self.lacking.insert(coordinates);
            }
            return;
        };
        self.lacking.extend(effective.lacking.iter().cloned());
        let mut excluded = Rc::clone(exclusions);
        if !dependency.exclusions.is_empty() {
            excluded = Rc::new(exclusions.iter().chain(&dependency.exclusions).cloned().collect());
        }
        for child in &effective.dependencies {
            let transitive = matches!(child.scope.as_deref(), None | Some("compile" | "runtime"));
            if !transitive || child.optional || child.of_profile || is_excluded(child, &excluded) {
                continue;
            }
            let mut child = child.clone();
            // What the project manages holds for all that it brings.
            let managed = self.root.managed.get(&key_of(&child));
            if let Some(managed) = managed {
                child.version = managed.version.clone().or(child.version);
                child.scope = managed.scope.clone().or(child.scope);
                child.exclusions.extend(managed.exclusions.iter().cloned());
            }
            let is_managed = managed.is_some_and(|managed| managed.scope.is_some());
            let exclusions = Rc::clone(&excluded);
            waiting.push_back(Waiting { dependency: child, parent: Some(at), is_managed, line, exclusions });
        }
    }

    /// Marks what no profile is needed for.
    fn need(&mut self) {
        let mut from: Vec<usize> = (0..self.nodes.len()).filter(|at| !self.nodes[*at].optional).collect();
        let mut seen = vec![false; self.nodes.len()];
        while let Some(at) = from.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                self.nodes[at].optional = false;
                from.extend(&self.nodes[at].children);
            }
        }
    }

    /// Marks what is shipped: what has such a scope of its own, and what can be reached from there.
    fn ship(&mut self) {
        let is_own = |node: &Node| node.is_fixed && is_shipped(&node.dependency);
        let mut from: Vec<usize> = (0..self.nodes.len()).filter(|at| is_own(&self.nodes[*at])).collect();
        while let Some(at) = from.pop() {
            if !std::mem::replace(&mut self.nodes[at].shipped, true) {
                let children = self.nodes[at].children.iter().copied();
                from.extend(children.filter(|child| !self.nodes[*child].is_fixed));
            }
        }
    }
}

fn is_excluded(dependency: &Dependency, exclusions: &BTreeSet<(String, String)>) -> bool {
    let has = |group: &str, artifact: &str| exclusions.contains(&(group.to_owned(), artifact.to_owned()));
    let (group, artifact) = (dependency.group.as_str(), dependency.artifact.as_str());
    !exclusions.is_empty() && (has(group, artifact) || has(group, "*") || has("*", artifact) || has("*", "*"))
}
