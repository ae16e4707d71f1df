//! What a uv.lock's packages need, and what follows for their scopes.

use super::Requirement;
use crate::observe::lock::Fault;
use crate::observe::locks::python::normalized_name;
use crate::plan::package::{Origin, Package, Scope};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One dependency of a package. A version stands there only where the lock has several of that name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct Dependency {
    name: String,
    version: Option<String>,
    #[serde(default)]
    extra: Vec<String>,
}

impl From<Requirement> for Dependency {
    fn from(requirement: Requirement) -> Self {
        Dependency { name: requirement.name, version: None, extra: requirement.extras }
    }
}

/// What is looked for: all packages of a name, or those of one version, and one of their extras or none.
type Wanted = (String, Option<String>, Option<String>);

/// Who needs what. Everything is kept by what it is looked up with, so that each list is walked at most twice however the
/// file is made.
#[derive(Default)]
pub(super) struct Graph {
    /// Positions of packages, by name, and again by name and version.
    places: FxHashMap<(String, Option<String>), Vec<usize>>,
    /// Dependencies of each package.
    needs: Vec<Vec<Dependency>>,
    /// Dependencies of each package's extras: by position and extra.
    extras: FxHashMap<(usize, String), Vec<Dependency>>,
    /// Positions of the packages that have an extra, as `places`.
    with_extra: FxHashMap<Wanted, Vec<usize>>,
    shipped: Vec<Dependency>,
    development: Vec<Dependency>,
    own: Vec<usize>,
}

impl Graph {
    /// Adds the next package. What the project's own packages need is where the walk begins: their dependencies and
    /// extras are shipped, their groups are for development.
    pub(super) fn add(
        &mut self,
        package: &Package,
        dependencies: Vec<Dependency>,
        optional: BTreeMap<String, Vec<Dependency>>,
        groups: BTreeMap<String, Vec<Dependency>>,
    ) {
        let at = self.needs.len();
        self.places.entry((package.name.clone(), None)).or_default().push(at);
        self.places.entry((package.name.clone(), Some(package.version.clone()))).or_default().push(at);
        if package.origin == Origin::Own {
            self.own.push(at);
            self.shipped.extend(dependencies.iter().chain(optional.values().flatten()).cloned());
            self.development.extend(groups.into_values().flatten());
        }
        self.needs.push(dependencies);
        for (extra, dependencies) in optional {
            let extra = normalized_name(&extra);
            for version in [None, Some(package.version.clone())] {
                self.with_extra.entry((package.name.clone(), version, Some(extra.clone()))).or_default().push(at);
            }
            self.extras.insert((at, extra), dependencies);
        }
    }

    /// Adds what the workspace or script itself needs.
    pub(super) fn root(
        &mut self,
        shipped: impl Iterator<Item = Dependency>,
        development: impl Iterator<Item = Dependency>,
    ) {
        self.shipped.extend(shipped);
        self.development.extend(development);
    }

    /// Marks the packages that only development leads to. What nothing leads to counts as shipped.
    /// Errors: a dependency of a package that the file doesn't list.
    pub(super) fn scopes(&self, packages: &mut [Package]) -> Result<(), Fault> {
        for (package, needs) in packages.iter().zip(&self.needs) {
            for need in needs {
                if !self.places.contains_key(&(normalized_name(&need.name), None)) {
                    let what =
                        format!("{} needs {}, which is not listed: the file is cut off", package.name, need.name);
                    return Err(Fault { line: package.place.line, what });
                }
            }
        }
        for need in self.shipped.iter().chain(&self.development) {
            if !self.places.contains_key(&(normalized_name(&need.name), None)) {
                return Err(Fault::new(format!(
                    "the project needs {}, which is not listed: the file is cut off",
                    need.name
                )));
            }
        }
        let mut shipped = self.reached(&self.shipped);
        for own in &self.own {
            shipped[*own] = true;
        }
        let development = self.reached(&self.development);
        for ((package, shipped), development) in packages.iter_mut().zip(shipped).zip(development) {
            if development && !shipped {
                package.scope = Scope::Development;
            }
        }
        Ok(())
    }

    /// Which packages these lead to, by position.
    fn reached(&self, from: &[Dependency]) -> Vec<bool> {
        let mut reached = vec![false; self.needs.len()];
        let mut asked: FxHashSet<Wanted> = FxHashSet::default();
        let mut open: Vec<&Dependency> = from.iter().collect();
        while let Some(dependency) = open.pop() {
            let name = normalized_name(&dependency.name);
            let plain = (name.clone(), dependency.version.clone(), None);
            if asked.insert(plain) {
                let found = self.places.get(&(name.clone(), dependency.version.clone()));
                for at in found.into_iter().flatten() {
                    if !reached[*at] {
                        reached[*at] = true;
                        open.extend(&self.needs[*at]);
                    }
                }
            }
            for extra in &dependency.extra {
                let wanted = (name.clone(), dependency.version.clone(), Some(normalized_name(extra)));
                if !asked.insert(wanted.clone()) {
                    continue;
                }
                for at in self.with_extra.get(&wanted).into_iter().flatten() {
                    open.extend(self.extras.get(&(*at, normalized_name(extra))).into_iter().flatten());
                }
            }
        }
        reached
    }
}
