//! Composer's vendor folder, and folders of the checkout that `path` repositories name.
//!
//! Where it is: <https://getcomposer.org/doc/06-config.md#vendor-dir>. What lies in it: `vendor/composer/installed.json`.

#[cfg(test)]
mod tests;

use crate::observe::lines::{Lines, MAX_LIST_BYTES};
use crate::observe::lock::Lock;
use crate::observe::locks::composer::{License, license_value, parse_installed};
use crate::observe::store::{Evidence, Ground, Store, bounded, license_files};
use crate::plan::package::{Origin, Package, Place};
use crate::plan::statement::Statement;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::{Component, Path, PathBuf};

/// Bytes of the largest `composer.json` that is read: they are written by hand and have a few kilobytes.
const MAX_MANIFEST_BYTES: u64 = 4 << 20;

/// Opens the vendor folder of the list. The list may be a `composer.lock` or an `installed.json`, whose own folder is
/// `vendor/composer`.
pub fn open(ground: &Ground, lock: &Lock) -> Box<dyn Store> {
    let here = ground.here();
    let is_lock = !lock.format.starts_with("installed.json");
    let (project, vendor) = if !is_lock {
        let vendor = here.parent().map_or_else(|| here.clone(), Path::to_path_buf);
        (vendor.parent().map_or_else(|| vendor.clone(), Path::to_path_buf), vendor)
    } else {
        let vendor = vendor_of(&here, ground);
        (here, vendor)
    };
    let list = vendor.join("composer").join("installed.json");
    let shown = ground.shown(&list);
    let mut store = Vendor {
        ground: ground.clone(),
        is_lock,
        project,
        vendor,
        installed: FxHashMap::default(),
        absent: Some(format!("{shown} is not there")),
    };
    if let Some(bytes) = bounded(&list, MAX_LIST_BYTES) {
        match parse_installed(&bytes, &shown) {
            Ok(installed) => {
                store.absent = None;
                for package in installed.packages {
                    store.installed.insert(package.name.to_ascii_lowercase(), package);
                }
            }
            Err(fault) => {
                let line = fault.line.map_or_else(String::new, |line| format!(":{line}"));
                store.absent = Some(format!("{shown}{line} can't be read ({})", fault.what));
            }
        }
    }
    Box::new(store)
}

/// `COMPOSER_VENDOR_DIR`, else `config.vendor-dir` of the `composer.json` beside the lock, else `vendor`.
fn vendor_of(here: &Path, ground: &Ground) -> PathBuf {
    #[derive(Deserialize)]
    struct Manifest {
        config: Option<Config>,
    }
    #[derive(Deserialize)]
    struct Config {
        #[serde(rename = "vendor-dir")]
        vendor_dir: Option<String>,
    }
    let asked = ground.variable("COMPOSER_VENDOR_DIR").or_else(|| {
        let bytes = bounded(&here.join("composer.json"), MAX_MANIFEST_BYTES)?;
        let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
        manifest.config?.vendor_dir.map(PathBuf::from)
    });
    lexical(&here.join(asked.unwrap_or_else(|| PathBuf::from("vendor"))))
}

struct Vendor {
    ground: Ground,
    /// Whether the list is a lock, whose `installed_at` are relative to the project, and not `installed.json` itself.
    is_lock: bool,
    project: PathBuf,
    vendor: PathBuf,
    /// By lower-case name: Composer's names know no case.
    installed: FxHashMap<String, Package>,
    /// Why `installed` is not what the folder holds.
    absent: Option<String>,
}

impl Store for Vendor {
    fn look(&self, package: &Package) -> Evidence {
        if self.is_lock
            && package.origin == Origin::Folder
            && let Some(folder) = package.installed_at.first()
        {
            return self.folder_of_the_checkout(package, folder);
        }
        let missing = |what: String| Evidence { missing: Some(what), ..Evidence::default() };
        if let Some(absent) = &self.absent {
            return missing(format!("{} is not installed: {absent}; run `composer install`", package.name));
        }
        let Some(installed) = self.installed.get(&package.name.to_ascii_lowercase()) else {
            return missing(format!(
                "{} is not installed in {}; run `composer install`",
                package.name,
                self.ground.shown(&self.vendor)
            ));
        };
        if !same_version(&installed.version, &package.version) {
            return missing(format!(
                "{} of {} lies in {}, and {} is locked; run `composer install`",
                installed.version,
                package.name,
                self.ground.shown(&self.vendor),
                package.version
            ));
        }
        let Some(folder) = self.folder(installed) else {
            let mut evidence = Evidence { statements: installed.statements.clone(), ..Evidence::default() };
            evidence
                .notices
                .push(format!("{}: `install-path` leads out of the project and is not followed", installed.place));
            return evidence;
        };
        let mut evidence = self.read(&folder);
        if evidence.statements.is_empty() {
            evidence.statements.clone_from(&installed.statements);
        }
        evidence
    }
}

impl Vendor {
    /// Where a package lies. `None` when `installed.json` names a folder outside of the project.
    fn folder(&self, installed: &Package) -> Option<PathBuf> {
        let folder = match installed.installed_at.first() {
            Some(path) => lexical(&self.vendor.join("composer").join(path)),
            None => lexical(&self.vendor.join(&installed.name)),
        };
        (folder.starts_with(&self.vendor) || folder.starts_with(&self.project)).then_some(folder)
    }

    /// A package of a `path` repository. Its version follows from the checkout, so there is none to be checked.
    fn folder_of_the_checkout(&self, package: &Package, folder: &str) -> Evidence {
        let path = lexical(&self.project.join(folder));
        if !path.starts_with(&self.ground.root) {
            let what =
                format!("{} lies in {folder}, outside of the root; check that folder out below it", package.name);
            return Evidence { missing: Some(what), ..Evidence::default() };
        }
        if !path.is_dir() {
            let what = format!("{} lies in {folder}, which is not there; check it out", package.name);
            return Evidence { missing: Some(what), ..Evidence::default() };
        }
        self.read(&path)
    }

    /// What the package's own files say.
    fn read(&self, folder: &Path) -> Evidence {
        let mut evidence = Evidence { files: license_files(folder, &self.ground), ..Evidence::default() };
        let manifest = folder.join("composer.json");
        let Some(bytes) = bounded(&manifest, MAX_MANIFEST_BYTES) else { return evidence };
        let shown = self.ground.shown(&manifest);
        match license_of(&bytes, &shown) {
            Ok(statement) => evidence.statements.extend(statement),
            Err(notice) => evidence.notices.push(notice),
        }
        evidence
    }
}

/// The field `license` of a `composer.json`. Errors: why it can't be read, for people.
fn license_of(bytes: &[u8], shown: &str) -> Result<Option<Statement>, String> {
    #[derive(Deserialize)]
    struct Manifest<'t> {
        #[serde(borrow)]
        license: Option<&'t RawValue>,
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let manifest: Manifest<'_> =
        serde_json::from_slice(bytes).map_err(|error| format!("{shown} can't be read: {error}"))?;
    let Some(license) = manifest.license else { return Ok(None) };
    let place = Place::new(shown, Some(Lines::new(bytes).of(license.get())));
    match license_value(license.get()) {
        License::Stated(value) => Ok(Some(Statement { value, field: "license", place })),
        License::Nothing => Ok(None),
        License::Odd => Err(format!("{place}: `license` is neither a string nor an array of strings")),
    }
}

/// Whether two spellings are one version: `v1.2.3` and `1.2.3` are.
fn same_version(one: &str, other: &str) -> bool {
    let bare = |version: &str| {
        let version = version.trim().to_ascii_lowercase();
        version
            .strip_prefix('v')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            .map(str::to_owned)
            .unwrap_or(version)
    };
    bare(one) == bare(other)
}

/// A path without `.` and `..`, by its text alone: the folders on the way may be missing.
fn lexical(path: &Path) -> PathBuf {
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
    plain
}
