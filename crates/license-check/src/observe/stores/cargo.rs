//! Crates on this machine: `vendor/`, cargo's registry and its git checkouts. cargo itself is not run.
//!
//! Where cargo keeps them: <https://doc.rust-lang.org/cargo/guide/cargo-home.html>; vendored folders and source replacement:
//! <https://doc.rust-lang.org/cargo/reference/source-replacement.html>.

use crate::observe::lock::Lock;
use crate::observe::store::{Evidence, Ground, Store, bounded, license_file, license_files};
use crate::observe::within::within;
use crate::plan::package::{Origin, Package};
use crate::plan::statement::{LicenseFile, Value};
use manifest::{MAX_MANIFEST_BYTES, Manifest};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

mod archive;
mod checkouts;
mod manifest;
mod replaced;
#[cfg(test)]
mod tests;

/// Looks up crates in `vendor` beside the lock or as `.cargo/config.toml` says, in `registry/src`, in `registry/cache` (the
/// archives are read in place) and in `git/checkouts` of `CARGO_HOME` or `~/.cargo`.
pub fn open(ground: &Ground, lock: &Lock) -> Box<dyn Store> {
    let home = ground.variable("CARGO_HOME").or_else(|| Some(ground.variable("HOME")?.join(".cargo")));
    let below = |part: &str| home.as_ref().map(|home| folders_of(&home.join(part))).unwrap_or_default();
    let from_git = lock.packages.iter().filter(|package| package.origin == Origin::Git);
    let commits: Vec<&str> = from_git.map(commit).collect();
    let (vendored, notices) = replaced::vendored_folders(ground);
    let checkouts = match &home {
        Some(home) if !commits.is_empty() => checkouts::index(&home.join("git").join("checkouts"), &commits),
        _ => FxHashMap::default(),
    };
    Box::new(Crates {
        ground: ground.clone(),
        vendored,
        notices,
        sources: below("registry/src"),
        archives: below("registry/cache"),
        checkouts,
    })
}

/// The commit that a git package is locked to; empty when the lock doesn't say.
fn commit(package: &Package) -> &str {
    package.checksum.as_deref().and_then(|digest| digest.strip_prefix("git:")).unwrap_or_default()
}

/// Folders directly in a folder, in order of name.
fn folders_of(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort_unstable();
    folders
}

struct Crates {
    ground: Ground,
    vendored: Vec<PathBuf>,
    /// What is odd about the configuration; told with packages that are missing.
    notices: Vec<String>,
    sources: Vec<PathBuf>,
    archives: Vec<PathBuf>,
    checkouts: FxHashMap<String, Vec<checkouts::Found>>,
}

impl Store for Crates {
    fn look(&self, package: &Package) -> Evidence {
        // What needs no licence from anybody isn't looked for: the lock doesn't say where it lies.
        if package.origin == Origin::Own {
            return Evidence::default();
        }
        if !is_file_name(&package.name) || !is_file_name(&package.version) {
            let what = format!("{} {} is no name of a crate", package.name, package.version);
            return Evidence { missing: Some(what), ..Evidence::default() };
        }
        let mut others = Vec::new();
        if let Some(evidence) = self.in_vendor(package, &mut others) {
            return evidence;
        }
        let found = match package.origin {
            Origin::Git => self.in_checkouts(package, &mut others),
            _ => self.in_registry(package, &mut others),
        };
        found.unwrap_or_else(|| {
            let why = match others.first() {
                Some(other) => format!("{other}, and not {} {}", package.name, package.version),
                None => format!("{} {} is not on this machine", package.name, package.version),
            };
            let bring = "run `cargo fetch --locked`";
            Evidence {
                missing: Some(format!("{why}; {bring}")),
                notices: others.into_iter().chain(self.notices.iter().cloned()).collect(),
                ..Evidence::default()
            }
        })
    }
}

/// Whether that can stand in a path: names come from the lock, which may say `../../etc`.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != "." && name != ".."
}

impl Crates {
    /// `cargo vendor` writes `NAME`, and `NAME-VERSION` for the older of two versions or with `--versioned-dirs`.
    fn in_vendor(&self, package: &Package, others: &mut Vec<String>) -> Option<Evidence> {
        self.vendored.iter().find_map(|vendor| {
            let versioned = vendor.join(format!("{}-{}", package.name, package.version));
            self.in_folder(package, &versioned, &versioned, others).or_else(|| {
                let plain = vendor.join(&package.name);
                self.in_folder(package, &plain, &plain, others)
            })
        })
    }

    fn in_registry(&self, package: &Package, others: &mut Vec<String>) -> Option<Evidence> {
        let versioned = format!("{}-{}", package.name, package.version);
        let archive_name = format!("{versioned}.crate");
        // The lock's source is a hash in the folder's name. Only when two registries have the same crate does it matter
        // which is meant, and then the digest of the archive tells.
        let mut sources: Vec<PathBuf> =
            self.sources.iter().map(|source| source.join(&versioned)).filter(|folder| folder.is_dir()).collect();
        if sources.len() > 1 {
            sources.retain(|folder| {
                let registry = folder.parent().and_then(Path::file_name).unwrap_or_default();
                let archive = self.archives.iter().find(|archives| archives.file_name() == Some(registry));
                archive.is_some_and(|archives| archive::has_digest(&archives.join(&archive_name), package))
            });
            if sources.is_empty() {
                others.push(format!("{versioned} lies here from several registries, none with the locked digest"));
                return None;
            }
        }
        if let Some(evidence) = sources.iter().find_map(|folder| self.in_folder(package, folder, folder, others)) {
            return Some(evidence);
        }
        let archives: Vec<PathBuf> =
            self.archives.iter().map(|archives| archives.join(&archive_name)).filter(|path| path.is_file()).collect();
        let one = archives.len() == 1;
        archives
            .iter()
            .filter(|archive| one || archive::has_digest(archive, package))
            .find_map(|archive| archive::read(archive, package, &self.ground, others))
    }

    fn in_checkouts(&self, package: &Package, others: &mut Vec<String>) -> Option<Evidence> {
        for found in self.checkouts.get(&package.name)? {
            if !checkouts::is_of(&found.checkout, commit(package)) {
                let other = found.checkout.file_name().unwrap_or_default().to_string_lossy();
                others.push(format!("{} is here at commit {other}", self.ground.shown(&found.folder)));
            } else if let Some(evidence) = self.in_folder(package, &found.folder, &found.checkout, others) {
                return Some(evidence);
            }
        }
        None
    }

    /// What the crate in that folder says, if it is the one that is locked. `top` bounds the search for its workspace.
    fn in_folder(&self, package: &Package, folder: &Path, top: &Path, others: &mut Vec<String>) -> Option<Evidence> {
        let path = folder.join("Cargo.toml");
        let bytes = bounded(&path, MAX_MANIFEST_BYTES)?;
        let shown = self.ground.shown(&path);
        let manifest = match Manifest::read(&bytes, &shown) {
            Ok(manifest) => manifest.inheriting(folder, top, &self.ground),
            Err(why) => {
                others.push(format!("{shown}: {why}"));
                return None;
            }
        };
        if let Some(other) = manifest.other_than(package) {
            others.push(format!("{shown} is {other}"));
            return None;
        }
        let mut files = license_files(folder, &self.ground);
        let mut notices = manifest.notices;
        for statement in &manifest.statements {
            let Value::File(name) = &statement.value else { continue };
            match self.named(manifest.file_folder.as_deref().unwrap_or(folder), top, name) {
                Some(file) => {
                    files.retain(|other| other.name != file.name);
                    files.push(file);
                }
                None => notices.push(format!("{}: {name} can't be read", statement.place)),
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Evidence { statements: manifest.statements, files, missing: None, notices })
    }

    /// A file that a manifest names. Within a repository that may be one of a folder above.
    fn named(&self, folder: &Path, top: &Path, name: &str) -> Option<LicenseFile> {
        let path = within(top, folder, name)?;
        let mut file = license_file(path.parent()?, path.file_name()?.to_str()?, &self.ground)?;
        file.name = name.to_owned();
        Some(file)
    }
}
