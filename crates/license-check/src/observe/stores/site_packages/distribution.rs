//! One installed distribution.

use super::environment::names_in;
use super::metadata::{Metadata, headers_of};
use crate::observe::locks::python::normalized_name;
use crate::observe::store::{Ground, kind_of, license_file};
use crate::plan::statement::LicenseFile;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Folders of a `dist-info` that hold licences: PEP 639's, and that of early hatchling.
const LICENSE_FOLDERS: [&str; 2] = ["licenses", "license_files"];
/// Levels below such a folder, and files that are taken from one distribution. The largest seen have 5 and 60.
const MAX_DEPTH: usize = 8;
const MAX_FILES: usize = 500;

/// A distribution by its folder.
pub(super) struct Distribution {
    /// Normalised, from the folder's name.
    pub(super) name: String,
    /// From the folder's name.
    pub(super) version: Option<String>,
    /// `METADATA` or `PKG-INFO`.
    pub(super) manifest: PathBuf,
    /// What holds the licences.
    pub(super) folder: PathBuf,
    /// What the manifest says, or why it can't be read, from when it was first asked for.
    metadata: OnceLock<Result<Metadata, String>>,
}

/// All distributions of these folders, in order of the folders' names.
pub(super) fn distributions(site_packages: &[PathBuf]) -> Vec<Distribution> {
    let mut found = Vec::new();
    for place in site_packages {
        let mut names = names_in(place);
        names.sort_unstable();
        found.extend(names.iter().filter_map(|name| distribution(place, name)));
    }
    found
}

fn distribution(place: &Path, entry: &str) -> Option<Distribution> {
    // What pip couldn't remove begins with `~`, and is not installed.
    if entry.starts_with('~') {
        return None;
    }
    let path = place.join(entry);
    let (stem, folder, manifest) = if let Some(stem) = entry.strip_suffix(".dist-info") {
        let manifest = path.join("METADATA");
        (stem, path, manifest)
    } else if let Some(stem) = entry.strip_suffix(".egg-info") {
        // distutils wrote a file of that name, setuptools a folder.
        let manifest = if path.is_file() { path.clone() } else { path.join("PKG-INFO") };
        (stem, path, manifest)
    } else {
        let stem = entry.strip_suffix(".egg")?;
        let folder = path.join("EGG-INFO");
        if !folder.is_dir() {
            return None;
        }
        let manifest = folder.join("PKG-INFO");
        (stem, folder, manifest)
    };
    let (name, version) = name_and_version(stem);
    Some(Distribution { name, version, manifest, folder, metadata: OnceLock::new() })
}

/// `name-1.0`, `name-1.0-py3.12`, `name`. Names and versions are escaped, so that neither has a `-` of its own.
fn name_and_version(stem: &str) -> (String, Option<String>) {
    let (rest, python) = stem.rsplit_once('-').unwrap_or((stem, ""));
    let stem = if python.starts_with("py") && rest.contains('-') { rest } else { stem };
    match stem.rsplit_once('-') {
        Some((name, version)) => (normalized_name(name), Some(version.to_owned())),
        None => (normalized_name(stem), None),
    }
}

impl Distribution {
    /// Its metadata. Errors: why there is none, for people.
    pub(super) fn metadata(&self) -> Result<&Metadata, &str> {
        let read = || headers_of(&self.manifest).map(|bytes| Metadata::read(&bytes));
        self.metadata.get_or_init(read).as_ref().map_err(String::as_str)
    }

    /// Whether it was installed from an address or a folder (PEP 610), and not from an index.
    pub(super) fn has_address(&self) -> bool {
        self.folder.join("direct_url.json").is_file()
    }

    /// Files of its folder that are listed as licences, or look like them by name, in order of name.
    pub(super) fn license_files(&self, listed: &[String], ground: &Ground) -> Vec<LicenseFile> {
        // The folder is listed once: what isn't in it need not be looked for.
        let names = names_in(&self.folder);
        let mut wanted: BTreeSet<String> = names.iter().filter(|name| kind_of(name).is_some()).cloned().collect();
        for folder in LICENSE_FOLDERS.iter().filter(|folder| names.iter().any(|name| name == *folder)) {
            let named = |name: &String| kind_of(name.rsplit('/').next().unwrap_or(name)).is_some();
            wanted.extend(self.names_below(folder).into_iter().filter(named));
        }
        let take = |name: &String| license_file(&self.folder, name, ground);
        let mut files: BTreeMap<String, LicenseFile> = BTreeMap::new();
        files.extend(wanted.into_iter().take(MAX_FILES).filter_map(|name| Some((name.clone(), take(&name)?))));
        for name in listed.iter().filter(|name| may_be_license(name)).take(MAX_FILES) {
            let bare = name.rsplit('/').next().unwrap_or(name);
            let places: Vec<String> = LICENSE_FOLDERS
                .iter()
                .map(|folder| format!("{folder}/{name}"))
                .chain([name.clone(), bare.to_owned()])
                .collect();
            if !places.iter().any(|place| files.contains_key(place)) {
                files.extend(places.into_iter().find_map(|place| Some((place.clone(), take(&place)?))));
            }
        }
        files.into_values().collect()
    }

    /// Plain files below a folder of the distribution, by their names in it. Links are not followed.
    fn names_below(&self, folder: &str) -> Vec<String> {
        let mut names = Vec::new();
        collect_names(&self.folder.join(folder), folder, 1, &mut names);
        names
    }
}

/// Adds the plain files of a folder that is so many levels deep, and of those below it, in order of name. `shown` is the
/// folder's own name.
fn collect_names(folder: &Path, shown: &str, depth: usize, into: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<(String, FileType)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, entry.file_type().ok()?))
        })
        .collect();
    entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    for (name, kind) in entries {
        if into.len() == MAX_FILES {
            return;
        }
        let shown = format!("{shown}/{name}");
        if kind.is_file() {
            into.push(shown.replace('\\', "/"));
        } else if kind.is_dir() && depth < MAX_DEPTH {
            collect_names(&folder.join(&name), &shown, depth + 1, into);
        }
    }
}

/// setuptools lists `AUTHORS` among the licence files of its own accord. It grants nothing.
fn may_be_license(listed: &str) -> bool {
    let bare = listed.rsplit('/').next().unwrap_or(listed).to_ascii_lowercase();
    !["author", "contributor", "credit", "maintainer", "acknowledg", "thanks"].iter().any(|word| bare.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_after_name_and_version() {
        for (stem, name, version) in [
            ("Django-5.1.6", "django", Some("5.1.6")),
            ("ruamel.yaml-0.18.6", "ruamel-yaml", Some("0.18.6")),
            ("old-1.0-py3.12", "old", Some("1.0")),
            ("python_dateutil-2.9.0.post0", "python-dateutil", Some("2.9.0.post0")),
            ("two-words-1.0", "two-words", Some("1.0")),
            ("local", "local", None),
            ("x-pyver", "x", Some("pyver")),
        ] {
            assert_eq!(name_and_version(stem), (name.to_owned(), version.map(str::to_owned)), "{stem}");
        }
    }
}
