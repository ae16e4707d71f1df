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
    shipped: bool,
    optional: bool,
}

/// A dependency that waits for its turn.
struct Waiting {
    dependency: Dependency,
    parent: Option<usize>,
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
    let mut walk = Walk { root: &root, poms, maker, nodes: Vec::new(), winners: FxHashMap::default(), lacking };
    walk.all()?;
    let shipped: Vec<usize> =
        (0..root.dependencies.len()).filter(|at| is_shipped(&walk.nodes[*at].dependency)).collect();
    walk.ship(shipped);
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
    poms: &'w dyn Poms,
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
            // The project's own are all listed, even where two of them are at odds.
            self.nodes.push(Node {
                dependency: dependency.clone(),
                line: dependency.line,
                children: Vec::new(),
                shipped: false,
                optional: dependency.of_profile,
            });
            self.winners.entry(key_of(dependency)).or_insert(self.nodes.len() - 1);
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
                        shipped: false,
                        optional: next.parent.is_some_and(|parent| self.nodes[parent].optional),
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
            if dependency.scope.as_deref() != Some("system") && !self.nodes[at].optional {
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
            if let Some(managed) = self.root.managed.get(&key_of(&child)) {
                child.version = managed.version.clone().or(child.version);
                child.scope = managed.scope.clone().or(child.scope);
                child.exclusions.extend(managed.exclusions.iter().cloned());
            }
            if matches!(child.scope.as_deref(), Some("test" | "provided"))
                && !self.poms.is_own(&child.group, &child.artifact)
            {
                continue;
            }
            waiting.push_back(Waiting { dependency: child, parent: Some(at), line, exclusions: Rc::clone(&excluded) });
        }
    }

    /// Marks what can be reached from those.
    fn ship(&mut self, mut from: Vec<usize>) {
        while let Some(at) = from.pop() {
            if !std::mem::replace(&mut self.nodes[at].shipped, true) {
                from.extend(&self.nodes[at].children);
            }
        }
    }
}

fn is_excluded(dependency: &Dependency, exclusions: &BTreeSet<(String, String)>) -> bool {
    let has = |group: &str, artifact: &str| exclusions.contains(&(group.to_owned(), artifact.to_owned()));
    let (group, artifact) = (dependency.group.as_str(), dependency.artifact.as_str());
    !exclusions.is_empty() && (has(group, artifact) || has(group, "*") || has("*", artifact) || has("*", "*"))
}
