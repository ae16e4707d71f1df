//! `composer.lock`, and `vendor/composer/installed.json` where there is no lock.
//!
//! Format: <https://getcomposer.org/doc/04-schema.md> for a package's fields; `Composer\Package\Locker` and
//! `Composer\Repository\FilesystemRepository` write the files. The licence stands in each entry, so that nothing needs to be
//! installed. Requirements of the platform (`php`, `ext-json`) stand apart and are no packages.

mod entry;
#[cfg(test)]
mod tests;

use super::text::{json_fault as fault, text_of};
use crate::observe::lines::Lines;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::Scope;
use entry::Cursor;
pub(crate) use entry::{License, license_value};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A lock file's outermost object. Entries stay raw here, so that they are counted before any of them is understood.
#[derive(Deserialize)]
struct Document<'t> {
    #[serde(borrow)]
    packages: Option<&'t RawValue>,
    #[serde(borrow, rename = "packages-dev")]
    packages_dev: Option<&'t RawValue>,
    #[serde(borrow, rename = "plugin-api-version")]
    plugin_api_version: Option<&'t RawValue>,
}

/// Reads a `composer.lock`. Packages of `packages-dev` are for development; those of `path` repositories are folders of
/// the checkout (`installed_at` has the folder). Errors: no JSON, no array `packages`, an entry without name or version, a
/// field of the wrong type.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| fault(text, text, &error))?;
    let Some(packages) = document.packages else {
        return Err(Fault::new("no array `packages`: not a composer.lock"));
    };
    let mut lock = Lock { format: format_of("composer.lock", document.plugin_api_version), ..Lock::default() };
    let mut cursor = Cursor::new(text, path);
    for (list, scope) in [(Some(packages), Scope::Production), (document.packages_dev, Scope::Development)] {
        let Some(list) = list else { continue };
        let entries = entries_of(text, list)?;
        lock.listed += entries.len();
        for entry in entries {
            let read = cursor.read(entry, &mut lock.notices)?;
            let mut package = read.package;
            package.scope = scope;
            lock.packages.push(package);
        }
    }
    Ok(lock)
}

/// `installed.json` of Composer 2. Composer 1 wrote the array alone.
#[derive(Deserialize)]
struct Installed<'t> {
    #[serde(borrow)]
    packages: Option<&'t RawValue>,
    #[serde(borrow, default, rename = "dev-package-names")]
    dev_package_names: Option<Vec<Cow<'t, str>>>,
}

/// Reads a `vendor/composer/installed.json`. `installed_at` is its `install-path` as written, that is, relative to the
/// folder of the file itself (`../symfony/console`); Composer 1 wrote none, nor which packages are for development. Errors:
/// as [`parse`].
pub fn parse_installed(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let mut lock = Lock::default();
    let (entries, development) = if text.trim_start().starts_with('[') {
        lock.format = "installed.json of Composer 1".to_owned();
        lock.notices.push("Composer 1 does not record which packages are for development: all count as shipped".into());
        let whole: &RawValue = serde_json::from_str(text).map_err(|error| fault(text, text, &error))?;
        (entries_of(text, whole)?, FxHashSet::default())
    } else {
        let document: Installed<'_> = serde_json::from_str(text).map_err(|error| fault(text, text, &error))?;
        let Some(packages) = document.packages else {
            return Err(Fault::new("no array `packages`: not an installed.json of Composer"));
        };
        lock.format = "installed.json of Composer 2".to_owned();
        (entries_of(text, packages)?, document.dev_package_names.unwrap_or_default().into_iter().collect())
    };
    lock.listed = entries.len();
    let mut cursor = Cursor::new(text, path);
    for entry in entries {
        let read = cursor.read(entry, &mut lock.notices)?;
        let mut package = read.package;
        if development.contains(package.name.as_str()) {
            package.scope = Scope::Development;
        }
        package.installed_at = read.install_path.into_iter().collect();
        lock.packages.push(package);
    }
    Ok(lock)
}

/// The elements of a list of packages. PHP writes an empty array for an empty object and the other way round, so `{}` is
/// an empty list.
fn entries_of<'t>(text: &str, list: &'t RawValue) -> Result<Vec<&'t RawValue>, Fault> {
    if list.get().strip_prefix('{').is_some_and(|rest| rest.trim() == "}") {
        return Ok(Vec::new());
    }
    serde_json::from_str(list.get()).map_err(|error| fault(text, list.get(), &error))
}

fn format_of(name: &str, version: Option<&RawValue>) -> String {
    match version.and_then(|version| serde_json::from_str::<String>(version.get()).ok()) {
        Some(version) if !version.is_empty() => format!("{name} (plugin API {version})"),
        _ => name.to_owned(),
    }
}

/// The 1-based line of a slice of the text.
fn line_of(lines: &mut Lines<'_>, raw: &RawValue) -> Option<u32> {
    Some(lines.of(raw.get()))
}
