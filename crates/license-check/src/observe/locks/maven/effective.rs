//! A pom with what it inherits and imports: Maven's "effective pom", as far as dependencies go.
//!
//! <https://maven.apache.org/ref/3.9.9/maven-model-builder/>

use super::model::{Dependency, Parent, Pom};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Parents of parents, and imports of imports, that are followed: real chains have up to eight.
const MAX_CHAIN: usize = 32;

/// Properties within properties that are followed.
const MAX_INTERPOLATIONS: usize = 64;

/// Bytes of the longest name or version after its properties are put in: a few properties could otherwise double each other
/// beyond any memory.
const MAX_INTERPOLATED_BYTES: usize = 4096;

/// Which pom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coordinates {
    /// `org.slf4j`
    pub group: String,
    /// `slf4j-api`
    pub artifact: String,
    /// `2.0.13`
    pub version: String,
}

/// Where other poms are.
pub trait Poms {
    /// The pom at a path relative to another's, in the checkout.
    fn beside(&self, pom: &Pom, relative: &str) -> Option<Arc<Pom>>;
    /// The pom of those coordinates, of the project's own modules or of a repository.
    fn of(&self, coordinates: &Coordinates) -> Option<Arc<Pom>>;
    /// Whether that is one of the project's own modules.
    fn is_own(&self, group: &str, artifact: &str) -> bool;
}

/// Group, artifact, type and classifier: of these a build has one version.
pub type Key = (String, String, String, String);

/// The dependency's key.
pub fn key_of(dependency: &Dependency) -> Key {
    let Dependency { group, artifact, kind, classifier, .. } = dependency;
    (group.clone(), artifact.clone(), kind.clone(), classifier.clone())
}

/// A pom with all that it inherits.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// Its own and inherited dependencies, with what is managed put in. `version` is none where nothing says it.
    pub dependencies: Vec<Dependency>,
    /// What it manages, by key.
    pub managed: BTreeMap<Key, Dependency>,
    /// Parents that are not here.
    pub lacking: Vec<Coordinates>,
    /// Imports that are not here, and properties that nobody defines.
    pub notices: Vec<String>,
}

/// The pom and its parents, the nearest first; and the parent that isn't here, if one isn't.
pub fn lineage(pom: &Arc<Pom>, poms: &dyn Poms) -> (Vec<Arc<Pom>>, Option<Coordinates>) {
    let mut chain = vec![Arc::clone(pom)];
    while chain.len() < MAX_CHAIN {
        let Some(last) = chain.last() else { break };
        let Some(parent) = &last.parent else { return (chain, None) };
        // A parent's version may be a property such as `${revision}`, which the child or its parents state.
        let coordinates = coordinates_of(parent, &chain);
        let fits = |found: &Arc<Pom>| {
            found.artifact == coordinates.artifact
                && found.group.as_ref().is_none_or(|group| *group == coordinates.group)
        };
        let beside = Some(&parent.relative_path).filter(|path| !path.is_empty());
        let found = beside.and_then(|path| poms.beside(last, path)).filter(fits).or_else(|| poms.of(&coordinates));
        let Some(found) = found else { return (chain, Some(coordinates)) };
        if chain.iter().any(|known| Arc::ptr_eq(known, &found) || **known == *found) {
            return (chain, None);
        }
        chain.push(found);
    }
    (chain, None)
}

fn coordinates_of(parent: &Parent, chain: &[Arc<Pom>]) -> Coordinates {
    let mut properties = BTreeMap::new();
    for pom in chain.iter().rev() {
        properties.extend(pom.properties.iter().cloned());
    }
    let text = |text: &str| interpolated(text, &properties);
    Coordinates { group: text(&parent.group), artifact: text(&parent.artifact), version: text(&parent.version) }
}

/// Which of a pom's managed dependencies are put together.
enum Wanted {
    /// All: others import them, or the project's own pom manages what it brings.
    All,
    /// Those of its own dependencies: poms have a handful of these and may inherit thousands of managed ones.
    Of(BTreeSet<Key>),
}

impl Wanted {
    fn has(&self, key: &Key) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Of(keys) => keys.contains(key),
        }
    }

    /// Whether an artifact of that name, as written, may be among them.
    fn may_have(&self, artifact: &str) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Of(keys) => artifact.contains("${") || keys.iter().any(|(_, name, ..)| name == artifact),
        }
    }
}

/// Makes effective poms, each once.
pub struct Maker<'p> {
    poms: &'p dyn Poms,
    made: FxHashMap<Coordinates, Arc<Effective>>,
    imported: FxHashMap<Coordinates, Arc<Effective>>,
}

impl<'p> Maker<'p> {
    /// With those poms at hand.
    pub fn new(poms: &'p dyn Poms) -> Self {
        Maker { poms, made: FxHashMap::default(), imported: FxHashMap::default() }
    }

    /// That of some coordinates, if their pom is here; `managed` has only what its own dependencies need.
    pub fn of(&mut self, coordinates: &Coordinates) -> Option<Arc<Effective>> {
        if let Some(made) = self.made.get(coordinates) {
            return Some(Arc::clone(made));
        }
        let pom = self.poms.of(coordinates)?;
        let made = Arc::new(self.make(&pom, false, 0));
        self.made.insert(coordinates.clone(), Arc::clone(&made));
        Some(made)
    }

    /// That of the project's own pom.
    pub fn own(&mut self, pom: &Arc<Pom>) -> Effective {
        self.make(pom, true, 0)
    }

    /// `depth` counts the imports on the way to it.
    fn make(&mut self, pom: &Arc<Pom>, all: bool, depth: usize) -> Effective {
        let (chain, lacking) = lineage(pom, self.poms);
        let properties = properties_of(&chain);
        let mut effective = Effective {
            dependencies: dependencies_of(pom, &chain, &properties),
            lacking: lacking.into_iter().collect(),
            ..Effective::default()
        };
        let wanted = match all {
            true => Wanted::All,
            false => Wanted::Of(effective.dependencies.iter().map(key_of).collect()),
        };
        let mut imports = Vec::new();
        for managed in chain.iter().flat_map(|ancestor| &ancestor.managed) {
            let is_import = managed.kind == "pom" && managed.scope.is_some();
            if !is_import && !wanted.may_have(&managed.artifact) {
                continue;
            }
            let managed = interpolated_dependency(managed, &properties);
            let key = key_of(&managed);
            if managed.scope.as_deref() == Some("import") && managed.kind == "pom" {
                imports.push(managed);
            } else if wanted.has(&key) {
                effective.managed.entry(key).or_insert(managed);
            }
        }
        for import in imports {
            self.import(&import, &wanted, depth, pom, &mut effective);
        }
        for dependency in &mut effective.dependencies {
            if let Some(managed) = effective.managed.get(&key_of(dependency)) {
                manage(dependency, managed);
            }
        }
        effective
    }

    fn import(&mut self, import: &Dependency, wanted: &Wanted, depth: usize, pom: &Pom, effective: &mut Effective) {
        let coordinates = Coordinates {
            group: import.group.clone(),
            artifact: import.artifact.clone(),
            version: import.version.clone().unwrap_or_default(),
        };
        let name = format!("{}:{}:{}", coordinates.group, coordinates.artifact, coordinates.version);
        if depth >= MAX_CHAIN {
            effective.notices.push(format!("{}:{}: imports are too deep at {name}", pom.path, import.line));
            return;
        }
        let imported = match self.imported.get(&coordinates) {
            Some(imported) => Some(Arc::clone(imported)),
            None => self.poms.of(&coordinates).map(|found| {
                // While it is made it is empty, which ends circles.
                self.imported.insert(coordinates.clone(), Arc::default());
                let imported = Arc::new(self.make(&found, true, depth + 1));
                self.imported.insert(coordinates.clone(), Arc::clone(&imported));
                imported
            }),
        };
        let Some(imported) = imported else {
            effective.lacking.push(coordinates);
            return;
        };
        effective.lacking.extend(imported.lacking.iter().cloned());
        match wanted {
            Wanted::All => {
                for (key, managed) in &imported.managed {
                    effective.managed.entry(key.clone()).or_insert_with(|| managed.clone());
                }
            }
            Wanted::Of(keys) => {
                for (key, managed) in keys.iter().filter_map(|key| imported.managed.get_key_value(key)) {
                    effective.managed.entry(key.clone()).or_insert_with(|| managed.clone());
                }
            }
        }
    }
}

/// The dependencies of a pom and of its parents, the nearest first, with what is managed not yet put in.
fn dependencies_of(pom: &Arc<Pom>, chain: &[Arc<Pom>], properties: &BTreeMap<String, String>) -> Vec<Dependency> {
    let mut seen = BTreeSet::new();
    let mut dependencies = Vec::new();
    for ancestor in chain {
        let is_itself = Arc::ptr_eq(ancestor, pom);
        // A parent's dependency that the child has too is the child's. Whether a profile is active is not known; those of
        // other people's poms are for their own builds.
        let inherited: Vec<Dependency> = ancestor
            .dependencies
            .iter()
            .filter(|dependency| !dependency.of_profile || ancestor.file.is_some() || is_itself)
            .map(|dependency| interpolated_dependency(dependency, properties))
            .filter(|dependency| !seen.contains(&key_of(dependency)))
            .collect();
        seen.extend(inherited.iter().map(key_of));
        // Lines are the project's own; what a parent brings is at the line that names it.
        let parent_line = pom.parent.as_ref().map_or(1, |parent| parent.line);
        dependencies.extend(inherited.into_iter().map(|dependency| Dependency {
            line: if is_itself { dependency.line } else { parent_line },
            ..dependency
        }));
    }
    dependencies
}

/// Puts in what a dependency leaves open.
pub fn manage(dependency: &mut Dependency, managed: &Dependency) {
    if dependency.version.is_none() {
        dependency.version.clone_from(&managed.version);
    }
    if dependency.scope.is_none() {
        dependency.scope.clone_from(&managed.scope);
    }
    if dependency.exclusions.is_empty() {
        dependency.exclusions.clone_from(&managed.exclusions);
    }
}

fn properties_of(chain: &[Arc<Pom>]) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::new();
    for pom in chain.iter().rev() {
        properties.extend(pom.properties.iter().cloned());
    }
    let Some(pom) = chain.first() else { return properties };
    let (group, version) = group_and_version(pom);
    let own = [("groupId", Some(group)), ("artifactId", Some(pom.artifact.clone())), ("version", Some(version))];
    let of_parent = pom.parent.as_ref();
    let parent = [
        ("parent.groupId", of_parent.map(|parent| parent.group.clone())),
        ("parent.artifactId", of_parent.map(|parent| parent.artifact.clone())),
        ("parent.version", of_parent.map(|parent| parent.version.clone())),
    ];
    for (name, value) in own.into_iter().chain(parent) {
        let Some(value) = value else { continue };
        // `pom.` and none are the names of Maven 1 and 2, which poms of that time still have.
        for prefix in ["project.", "pom.", ""] {
            properties.entry(format!("{prefix}{name}")).or_insert_with(|| value.clone());
        }
    }
    properties
}

/// The pom's own or its parent's, as written.
pub fn group_and_version(pom: &Pom) -> (String, String) {
    let parent = pom.parent.as_ref();
    let group = pom.group.clone().or_else(|| parent.map(|parent| parent.group.clone()));
    let version = pom.version.clone().or_else(|| parent.map(|parent| parent.version.clone()));
    (group.unwrap_or_default(), version.unwrap_or_default())
}

fn interpolated_dependency(dependency: &Dependency, properties: &BTreeMap<String, String>) -> Dependency {
    let text = |text: &str| interpolated(text, properties);
    Dependency {
        group: text(&dependency.group),
        artifact: text(&dependency.artifact),
        version: dependency.version.as_deref().map(text),
        scope: dependency.scope.as_deref().map(text),
        kind: text(&dependency.kind),
        classifier: text(&dependency.classifier),
        exclusions: dependency.exclusions.iter().map(|(group, artifact)| (text(group), text(artifact))).collect(),
        ..dependency.clone()
    }
}

/// The text with its properties put in; those that nobody defines stay as written.
pub fn interpolated(text: &str, properties: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    let mut from = 0;
    for _ in 0..MAX_INTERPOLATIONS {
        let Some(start) = text[from..].find("${").map(|at| from + at) else { break };
        let Some(end) = text[start..].find('}').map(|at| start + at) else { break };
        match properties.get(text[start + 2..end].trim()) {
            Some(value) if text.len() + value.len() <= MAX_INTERPOLATED_BYTES => {
                text.replace_range(start..=end, value);
                from = start;
            }
            _ => from = end + 1,
        }
    }
    text
}
