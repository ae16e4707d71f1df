//! A package that is a folder of the checkout: its `pyproject.toml`.
//!
//! <https://packaging.python.org/en/latest/specifications/pyproject-toml/>; Poetry's own table:
//! <https://python-poetry.org/docs/pyproject/#license>.

use crate::observe::lines::Lines;
use crate::observe::locks::python::{normalized_name, same_version};
use crate::observe::store::{Evidence, Ground, bounded, license_file, license_files};
use crate::plan::package::{Package, Place};
use crate::plan::statement::{Statement, Value};
use std::path::{Component, Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Bytes of the largest `pyproject.toml` that is read: they are written by hand.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// What the folder says that the list names. `None` when it names none below the root, or there is nothing of that package
/// and version.
pub(super) fn read(package: &Package, ground: &Ground) -> Option<Evidence> {
    let folder = below_the_root(&ground.here().join(package.installed_at.first()?), ground)?;
    let manifest = folder.join("pyproject.toml");
    let bytes = bounded(&manifest, MAX_MANIFEST_BYTES)?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let document = DeTable::parse(text).ok()?;
    let shown = ground.shown(&manifest);
    let tables = [table(document.get_ref(), &["project"]), table(document.get_ref(), &["tool", "poetry"])];
    let mut evidence = Evidence { files: license_files(&folder, ground), ..Evidence::default() };
    let mut named = false;
    for project in tables.into_iter().flatten() {
        let is = |key: &str| project.get(key).and_then(|value| value.get_ref().as_str());
        if is("name").is_some_and(|name| normalized_name(name) != package.name) {
            return None;
        }
        named |= is("name").is_some();
        if is("version").is_some_and(|version| !package.version.is_empty() && !same_version(version, &package.version))
        {
            return None;
        }
        let mut lines = Lines::new(text.as_bytes());
        if let Some(license) = project.get("license") {
            evidence.statements.extend(license_statement(license, &shown, &mut lines));
        }
        if let Some(classifiers) = project.get("classifiers") {
            evidence.statements.extend(classifier_statement(classifiers, &shown, &mut lines));
        }
    }
    if !named {
        return None;
    }
    for statement in &evidence.statements {
        if let Value::File(name) = &statement.value
            && !evidence.files.iter().any(|file| file.name == *name)
        {
            evidence.files.extend(license_file(&folder, name, ground));
        }
    }
    evidence.files.sort_by(|one, other| one.name.cmp(&other.name));
    Some(evidence)
}

/// A string (PEP 639), or a table with `text` or `file`.
fn license_statement(license: &Spanned<DeValue<'_>>, shown: &str, lines: &mut Lines<'_>) -> Option<Statement> {
    let value = match license.get_ref() {
        DeValue::String(text) => Value::One(text.to_string()),
        DeValue::Table(table) => {
            let of = |key: &str| Some(table.get(key)?.get_ref().as_str()?.to_owned());
            of("text").map(Value::One).or_else(|| of("file").map(Value::File))?
        }
        _ => return None,
    };
    Some(Statement { value, field: "license", place: Place::new(shown, Some(lines.at(license.span().start))) })
}

fn classifier_statement(list: &Spanned<DeValue<'_>>, shown: &str, lines: &mut Lines<'_>) -> Option<Statement> {
    let names: Vec<String> = list
        .get_ref()
        .as_array()?
        .iter()
        .filter_map(|classifier| classifier.get_ref().as_str()?.strip_prefix("License ::"))
        .map(|license| license.rsplit("::").next().unwrap_or(license).trim().to_owned())
        .collect();
    let place = Place::new(shown, Some(lines.at(list.span().start)));
    (!names.is_empty()).then_some(Statement { value: Value::Classifiers(names), field: "classifiers", place })
}

fn table<'t, 'd>(from: &'t DeTable<'d>, path: &[&str]) -> Option<&'t DeTable<'d>> {
    path.iter().try_fold(from, |table, key| table.get(*key)?.get_ref().as_table())
}

/// A path without `..`, if it lies below the root.
fn below_the_root(path: &Path, ground: &Ground) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain.starts_with(&ground.root).then_some(plain)
}
