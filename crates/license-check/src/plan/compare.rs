//! What a change brings, list by list. PURE.
#![warn(clippy::disallowed_methods)]

use super::expression::{Normalized, normalize};
use super::package::{Ecosystem, Origin, Package, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// What happened to a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// No change is under review, or it leaves this package as it was.
    None,
    /// The base has no package of that name in this list.
    Added,
    /// The base has it in other versions.
    Version {
        /// Those versions, in order.
        from: Vec<String>,
        /// Their licences as far as the base's own list says so: SPDX expressions, in order.
        licensed: Vec<String>,
    },
    /// Only developers got it, and now it is shipped.
    Promoted,
}

/// A package that is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Removed {
    /// Whose package.
    pub ecosystem: Ecosystem,
    /// Its name.
    pub name: String,
    /// The list that had it.
    pub list: String,
}

/// The base's lists by path.
#[derive(Debug, Clone, Default)]
pub struct Base {
    lists: BTreeMap<String, Names>,
}

type Names = BTreeMap<(Ecosystem, String), Versions>;

#[derive(Debug, Clone, Default)]
struct Versions {
    versions: BTreeMap<String, Scope>,
    licensed: BTreeSet<String>,
}

impl Base {
    /// Adds a list as the base has it.
    pub fn add(&mut self, path: &str, packages: &[Package]) {
        let names = self.lists.entry(path.to_owned()).or_default();
        for package in packages.iter().filter(|package| package.origin != Origin::Own) {
            let versions = names.entry((package.ecosystem, package.name.clone())).or_default();
            let scope = versions.versions.entry(package.version.clone()).or_insert(package.scope);
            *scope = (*scope).min(package.scope);
            versions.licensed.extend(license_of(package));
        }
    }

    /// What happened to a package of the list at `path`.
    pub fn change(&self, path: &str, package: &Package) -> Change {
        let Some(names) = self.lists.get(path) else { return Change::Added };
        let Some(before) = names.get(&(package.ecosystem, package.name.clone())) else { return Change::Added };
        match before.versions.get(&package.version) {
            Some(scope) if *scope > package.scope => Change::Promoted,
            Some(_) => Change::None,
            None => Change::Version {
                from: before.versions.keys().cloned().collect(),
                licensed: before.licensed.iter().cloned().collect(),
            },
        }
    }

    /// What the head has no more: names that are gone from their list. `head` are all lists that it has.
    pub fn removed(&self, head: &BTreeMap<&str, BTreeSet<(Ecosystem, &str)>>) -> Vec<Removed> {
        let mut removed = Vec::new();
        for (list, names) in &self.lists {
            let now = head.get(list.as_str());
            for (ecosystem, name) in names.keys() {
                if !now.is_some_and(|now| now.contains(&(*ecosystem, name.as_str()))) {
                    removed.push(Removed { ecosystem: *ecosystem, name: name.clone(), list: list.clone() });
                }
            }
        }
        removed
    }
}

/// The licence that a list itself states.
fn license_of(package: &Package) -> Option<String> {
    package.statements.iter().find_map(|statement| match normalize(package.ecosystem, &statement.value) {
        Normalized::Expression(license) => Some(license),
        _ => None,
    })
}

/// Whether a new version has another licence than all versions before it, and which: nothing when the base says nothing.
pub fn relicensed<'c>(change: &'c Change, license: Option<&str>) -> Option<&'c [String]> {
    match change {
        Change::Version { licensed, .. } if !licensed.is_empty() => {
            (!licensed.iter().any(|before| Some(before.as_str()) == license)).then_some(licensed.as_slice())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::package::Place;
    use crate::plan::statement::{Statement, Value};

    fn package(name: &str, version: &str, license: &str) -> Package {
        let place = Place::new("composer.lock", Some(1));
        let statement =
            Statement { value: Value::Many(vec![license.to_owned()]), field: "license", place: place.clone() };
        let mut package = Package::new(Ecosystem::Composer, name, version, place);
        package.statements.push(statement);
        package
    }

    fn base(packages: &[Package]) -> Base {
        let mut base = Base::default();
        base.add("composer.lock", packages);
        base
    }

    #[test]
    fn a_new_name_a_new_version_and_nothing_new_are_told_apart() {
        let base = base(&[package("a/a", "1.0", "MIT"), package("a/b", "1.0", "MIT")]);
        assert_eq!(base.change("composer.lock", &package("a/a", "1.0", "MIT")), Change::None);
        assert_eq!(base.change("composer.lock", &package("a/c", "1.0", "MIT")), Change::Added);
        assert_eq!(base.change("other/composer.lock", &package("a/a", "1.0", "MIT")), Change::Added);
        let bumped = base.change("composer.lock", &package("a/b", "2.0", "MIT"));
        assert_eq!(bumped, Change::Version { from: vec!["1.0".into()], licensed: vec!["MIT".into()] });
        assert_eq!(relicensed(&bumped, Some("MIT")), None);
        assert_eq!(relicensed(&bumped, Some("BUSL-1.1")), Some(&["MIT".to_owned()][..]));
        assert_eq!(relicensed(&bumped, None), Some(&["MIT".to_owned()][..]));
    }

    #[test]
    fn what_only_developers_had_and_is_shipped_now_is_a_change() {
        let mut before = package("a/a", "1.0", "MIT");
        before.scope = Scope::Development;
        let base = base(&[before.clone()]);
        assert_eq!(base.change("composer.lock", &package("a/a", "1.0", "MIT")), Change::Promoted);
        assert_eq!(base.change("composer.lock", &before), Change::None);
    }

    #[test]
    fn what_is_gone_is_named() {
        let base = base(&[package("a/a", "1.0", "MIT"), package("a/b", "1.0", "MIT")]);
        let head = BTreeMap::from([("composer.lock", BTreeSet::from([(Ecosystem::Composer, "a/b")]))]);
        let removed = base.removed(&head);
        assert_eq!(removed.iter().map(|removed| removed.name.as_str()).collect::<Vec<_>>(), ["a/a"]);
    }
}
