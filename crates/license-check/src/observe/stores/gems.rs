//! Gems on this machine. Their gemspecs are Ruby code and are never run: only what stands there as a literal is taken.
//!
//! Layout: <https://guides.rubygems.org/command-reference/#gem-environment>; bundler's folders:
//! <https://bundler.io/man/bundle-config.1.html>; `license` and `licenses`:
//! <https://guides.rubygems.org/specification-reference/#license=>.

use crate::observe::lock::Lock;
use crate::observe::store::{Evidence, Ground, Store, bounded, license_files};
use crate::observe::within::within;
use crate::plan::package::{Origin, Package, Place};
use crate::plan::statement::Statement;
use gemspec::{Gemspec, MAX_GEMSPEC_BYTES, Said};
use homes::Homes;
use std::path::{Path, PathBuf};

mod gemspec;
mod homes;
#[cfg(test)]
mod tests;

/// Looks up gems in the folders of `BUNDLE_PATH`, `.bundle/config`, `vendor/bundle`, `GEM_HOME`, `GEM_PATH`, the user's and
/// the system's.
pub fn open(ground: &Ground, _lock: &Lock) -> Box<dyn Store> {
    Box::new(Gems { ground: ground.clone(), homes: Homes::of(ground) })
}

struct Gems {
    ground: Ground,
    homes: Homes,
}

impl Store for Gems {
    fn look(&self, package: &Package) -> Evidence {
        if package.origin == Origin::Own {
            return Evidence::default();
        }
        let mut others = Vec::new();
        let found = if !is_file_name(&package.name) || !is_file_name(&package.version) {
            others.push(format!("{} {} is no name of a gem", package.name, package.version));
            None
        } else {
            match (package.origin, package.installed_at.first()) {
                (Origin::Folder, Some(folder)) => within(&self.ground.root, &self.ground.here(), folder)
                    .filter(|folder| folder.is_dir())
                    .and_then(|folder| self.in_source(package, &folder)),
                (Origin::Git, _) => self.in_checkout(package, &mut others),
                _ => self.installed(package, &mut others),
            }
        };
        found.unwrap_or_else(|| {
            let name = format!("{} {}", package.name, package.version);
            let why = match others.first() {
                Some(other) => other.clone(),
                None => format!("{name} is not installed"),
            };
            Evidence { missing: Some(format!("{why}; run `bundle install`")), notices: others, ..Evidence::default() }
        })
    }
}

/// Whether that can stand in a path: names come from the lock, which may say `../../etc`.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != "." && name != ".."
}

impl Gems {
    /// `specifications/NAME-VERSION.gemspec`, or `-PLATFORM` behind it.
    fn installed(&self, package: &Package, others: &mut Vec<String>) -> Option<Evidence> {
        let full = format!("{}-{}", package.name, package.version);
        for (stem, specification) in self.homes.specifications(&full) {
            let shown = self.ground.shown(specification);
            let Some(bytes) = bounded(specification, MAX_GEMSPEC_BYTES) else {
                others.push(format!("{shown} can't be read"));
                continue;
            };
            let gemspec = Gemspec::read(&String::from_utf8_lossy(&bytes));
            match gemspec.other_than(package) {
                // Another gem's file: `a-1.0-b` is the gem `a` for the platform `b`, or the gem `a-1.0`'s.
                Some(other) if stem == full => others.push(format!("{shown} is {other}, and not {full}")),
                Some(_) => {}
                None => {
                    let home = specification.ancestors().find(|folder| folder.ends_with("specifications"));
                    let folder = home.and_then(Path::parent).map(|home| home.join("gems").join(stem));
                    return Some(self.evidence(&gemspec, &shown, folder.as_deref()));
                }
            }
        }
        if others.is_empty() {
            let versions = self.homes.versions(&package.name);
            if !versions.is_empty() {
                others.push(format!("{} is installed as {}, and not {full}", package.name, versions.join(" and ")));
            }
        }
        None
    }

    /// `bundler/gems/REPOSITORY-COMMIT/`.
    fn in_checkout(&self, package: &Package, others: &mut Vec<String>) -> Option<Evidence> {
        let commit = package.checksum.as_deref().and_then(|digest| digest.strip_prefix("git:")).unwrap_or_default();
        for folder in self.homes.checkouts() {
            let short =
                folder.file_name().and_then(|name| name.to_str()?.rsplit_once('-')).map_or("", |(_, short)| short);
            // Bundler writes twelve digits of the commit.
            if short.len() < 7 || !commit.starts_with(short) {
                continue;
            }
            if let Some(evidence) = self.in_source(package, folder) {
                return Some(evidence);
            }
            others.push(format!("{} has no {}.gemspec", self.ground.shown(folder), package.name));
        }
        None
    }

    /// A folder with the gem's source: `NAME.gemspec` there, or one folder deeper in a repository of several gems.
    fn in_source(&self, package: &Package, folder: &Path) -> Option<Evidence> {
        let file = format!("{}.gemspec", package.name);
        let gem =
            [folder.to_path_buf(), folder.join(&package.name)].into_iter().find(|gem| gem.join(&file).is_file())?;
        let bytes = bounded(&gem.join(&file), MAX_GEMSPEC_BYTES)?;
        let gemspec = Gemspec::read(&String::from_utf8_lossy(&bytes));
        let shown = self.ground.shown(&gem.join(&file));
        let mut evidence = self.evidence(&gemspec, &shown, Some(&gem));
        if evidence.files.is_empty() && gem != folder {
            evidence.files = license_files(folder, &self.ground);
        }
        Some(evidence)
    }

    fn evidence(&self, gemspec: &Gemspec, shown: &str, folder: Option<&Path>) -> Evidence {
        let mut evidence = Evidence::default();
        match &gemspec.license {
            Said::Nothing => {}
            Said::Computed(line) => {
                evidence
                    .notices
                    .push(format!("{shown}:{line}: the licence is computed by Ruby code, which is not run"));
            }
            Said::Literal { field, value, line } => evidence.statements.push(Statement {
                value: value.clone(),
                field,
                place: Place::new(shown, Some(*line)),
            }),
        }
        if let Some(folder) = folder {
            evidence.files = license_files(folder, &self.ground);
        }
        evidence
    }
}

/// Folders directly in a folder, in order of name.
fn folders_of(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort_unstable();
    folders
}
