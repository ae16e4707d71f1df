//! Go modules on this machine: `vendor/` and the module cache. Modules declare no licence: their files are all there is.
//!
//! Layout of the cache: <https://go.dev/ref/mod#module-cache>; names in it: <https://go.dev/ref/mod#module-proxy>.

use crate::observe::lock::Lock;
use crate::observe::locks::go::modules;
use crate::observe::store::{Evidence, Ground, Store, bounded, license_files};
use crate::observe::within::within;
use crate::plan::package::{Origin, Package};
use crate::plan::statement::LicenseFile;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

#[cfg(test)]
mod tests;

/// Bytes of the largest `vendor/modules.txt` that is read.
const MAX_MODULES_BYTES: u64 = 64 << 20;

/// Looks up modules in `vendor` beside `go.mod`, as its `modules.txt` lists them, and in `GOMODCACHE`, the `pkg/mod` of the
/// first folder of `GOPATH`, or `~/go/pkg/mod`.
pub fn open(ground: &Ground, _lock: &Lock) -> Box<dyn Store> {
    let home = || Some(ground.variable("HOME")?.join("go"));
    let go_path = || std::env::split_paths(&ground.variable("GOPATH")?).find(|path| path.is_absolute());
    let cache = ground.variable("GOMODCACHE").or_else(|| Some(go_path().or_else(home)?.join("pkg/mod")));
    let vendor = vendor_of(ground);
    let mut store = Modules {
        ground: ground.clone(),
        cache,
        vendor: vendor.clone(),
        vendored: FxHashMap::default(),
        versions: FxHashMap::default(),
        notices: Vec::new(),
    };
    let path = vendor.join("modules.txt");
    if let Some(bytes) = bounded(&path, MAX_MODULES_BYTES) {
        match modules(&bytes) {
            Ok(modules) => {
                for module in modules.into_iter().filter(|module| !module.version.is_empty()) {
                    let (name, version) = match &module.by {
                        Some((name, Some(version))) => (name.clone(), version.clone()),
                        _ => (module.name.clone(), module.version.clone()),
                    };
                    store.versions.insert(name.clone(), version.clone());
                    // The replacements of one version stand at the end once more, without packages.
                    store.vendored.entry((name, version)).or_insert((module.name, module.packages));
                }
            }
            Err(fault) => {
                let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
                store.notices.push(format!("{}{line}: {}", ground.shown(&path), fault.what));
            }
        }
    }
    Box::new(store)
}

/// `vendor` beside the list, else that of the workspace around it (`go work vendor`).
fn vendor_of(ground: &Ground) -> PathBuf {
    let here = ground.here();
    let mut above = here.ancestors().take_while(|folder| folder.starts_with(&ground.root));
    let workspace = above.find(|folder| folder.join("go.work").is_file()).map(|folder| folder.join("vendor"));
    let own = here.join("vendor");
    let has_modules = |folder: &PathBuf| folder.join("modules.txt").is_file();
    workspace.filter(|folder| !has_modules(&own) && has_modules(folder)).unwrap_or(own)
}

struct Modules {
    ground: Ground,
    cache: Option<PathBuf>,
    vendor: PathBuf,
    /// Folder in `vendor` and packages, by the module's name and version.
    vendored: FxHashMap<(String, String), (String, Vec<String>)>,
    versions: FxHashMap<String, String>,
    notices: Vec<String>,
}

impl Store for Modules {
    fn look(&self, package: &Package) -> Evidence {
        if package.origin == Origin::Own {
            return Evidence::default();
        }
        let missing =
            |what: String| Evidence { missing: Some(what), notices: self.notices.clone(), ..Evidence::default() };
        let key = (package.name.clone(), package.version.clone());
        let vendored = self.vendored.get(&key);
        let copy = vendored
            .filter(|(folder, packages)| is_plain(folder) && !packages.is_empty())
            .map(|(folder, packages)| (self.vendor.join(folder), folder, packages))
            .filter(|(path, ..)| path.is_dir());
        if let Some(folder) = package.installed_at.first() {
            let path = within(&self.ground.root, &self.ground.here(), folder).filter(|folder| folder.is_dir());
            return match (path, copy) {
                (Some(path), _) => found(license_files(&path, &self.ground)),
                (None, Some((path, folder, packages))) => found(self.of_vendored(&path, folder, packages)),
                (None, None) => {
                    missing(format!("{folder} is no folder below the root, and go.mod takes {} from it", package.name))
                }
            };
        }
        let name = format!("{} {}", package.name, package.version);
        if !is_plain(&package.name) || !is_plain(&package.version) {
            return missing(format!("{name} is no name of a module"));
        }
        if let Some((path, folder, packages)) = copy {
            return found(self.of_vendored(&path, folder, packages));
        }
        let cached = self
            .cache
            .as_ref()
            .map(|cache| cache.join(format!("{}@{}", escaped(&package.name), escaped(&package.version))));
        if let Some(path) = cached.filter(|path| path.is_dir()) {
            return found(license_files(&path, &self.ground));
        }
        let modules = self.ground.shown(&self.vendor.join("modules.txt"));
        match (vendored, self.versions.get(&package.name)) {
            (Some((_, packages)), _) if packages.is_empty() => {
                missing(format!("{name}: the build has no package of it, so it isn't vendored; run `go mod download`"))
            }
            (None, Some(other)) => missing(format!(
                "{modules} has {} {other}, and not {}; run `go mod vendor`",
                package.name, package.version
            )),
            (Some(_), _) => {
                missing(format!("{modules} lists {name}, and its folder is not there; run `go mod vendor`"))
            }
            (None, None) => missing(format!("{name} is not in the module cache; run `go mod download`")),
        }
    }
}

fn found(files: Vec<LicenseFile>) -> Evidence {
    Evidence { files, ..Evidence::default() }
}

impl Modules {
    /// The module's own licence, else those of its packages and of the folders between.
    fn of_vendored(&self, module: &Path, name: &str, packages: &[String]) -> Vec<LicenseFile> {
        let files = license_files(module, &self.ground);
        if !files.is_empty() {
            return files;
        }
        let mut folders = BTreeSet::new();
        for package in packages.iter().filter(|package| is_plain(package)) {
            let Some(inside) = package.strip_prefix(name).and_then(|rest| rest.strip_prefix('/')) else { continue };
            folders.extend(Path::new(inside).ancestors().filter(|folder| *folder != Path::new("")));
        }
        let mut files = Vec::new();
        for folder in folders {
            let inside = folder.to_string_lossy();
            files.extend(license_files(&module.join(folder), &self.ground).into_iter().map(|mut file| {
                file.name = format!("{inside}/{}", file.name);
                file
            }));
        }
        files
    }
}

/// Whether that can stand in a path without leading out of it: names come from the list, which may say `../../etc`.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['\\', '\0'])
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Upper-case letters as `!` and the lower-case one: the cache must work where file names know no case.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(letter.to_ascii_lowercase());
    }
    escaped
}
