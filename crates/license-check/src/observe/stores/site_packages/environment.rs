//! Where virtual environments are, and where distributions lie in them.

use crate::observe::store::Ground;
use std::path::{Path, PathBuf};

/// Variables that name environments: the active one, uv's, conda's, and that of the action `setup-python`.
pub const VARIABLES: [&str; 4] = ["VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX", "pythonLocation"];

/// An environment.
pub(super) struct Environment {
    /// Its own folder.
    pub(super) folder: PathBuf,
    /// Where its distributions lie; there are two where `lib64` is no link to `lib`.
    pub(super) site_packages: Vec<PathBuf>,
    /// Whether it was found in or beside the project, and not by a variable.
    pub(super) near: bool,
}

impl Environment {
    /// Its folder for people.
    pub(super) fn shown(&self, ground: &Ground) -> String {
        let shown = ground.shown(&self.folder);
        if shown.is_empty() { ".".to_owned() } else { shown }
    }
}

/// The environments: the list's folder where that is one, those in the list's folder and in the root (`.venv` and `venv` first, then by name), `__pypackages__`
/// (PEP 582), then those of [`VARIABLES`]. Each once, whatever its names.
pub(super) fn environments(ground: &Ground) -> Vec<Environment> {
    let here = ground.here();
    let mut candidates = Vec::new();
    let mut near = Vec::new();
    if here.join("pyvenv.cfg").is_file() {
        near.push(here.clone());
    }
    for folder in if here == ground.root { vec![here.clone()] } else { vec![here.clone(), ground.root.clone()] } {
        near.extend(virtual_environments(&folder));
    }
    candidates.extend(near.into_iter().map(|folder| (folder, true)));
    candidates.push((here.join("__pypackages__"), true));
    candidates.extend(VARIABLES.iter().filter_map(|name| Some((here.join(ground.variable(name)?), false))));
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for (folder, near) in candidates {
        let mut site_packages = site_packages(&folder);
        site_packages.retain(|place| match std::fs::canonicalize(place) {
            Ok(real) if !seen.contains(&real) => {
                seen.push(real);
                true
            }
            _ => false,
        });
        if !site_packages.is_empty() {
            found.push(Environment { folder, site_packages, near });
        }
    }
    found
}

/// Folders directly below that have a `pyvenv.cfg`. Links are followed: `.venv` often is one.
fn virtual_environments(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<String> = names_in(folder);
    names.sort_by_key(|name| (name != ".venv", name != "venv", name.clone()));
    names.into_iter().map(|name| folder.join(name)).filter(|path| path.join("pyvenv.cfg").is_file()).collect()
}

/// `lib/python3.12/site-packages`, also below `lib64`; `Lib/site-packages` of Windows; `3.12/lib` of `__pypackages__`.
fn site_packages(environment: &Path) -> Vec<PathBuf> {
    let mut places = Vec::new();
    for library in ["lib", "lib64", "Lib"] {
        let library = environment.join(library);
        places.push(library.join("site-packages"));
        let mut names = names_in(&library);
        names.retain(|name| name.starts_with("python") || name.starts_with("pypy"));
        names.sort_unstable();
        places.extend(names.into_iter().map(|name| library.join(name).join("site-packages")));
    }
    if environment.ends_with("__pypackages__") {
        let mut names = names_in(environment);
        names.sort_unstable();
        places.extend(names.into_iter().map(|name| environment.join(name).join("lib")));
    }
    places.retain(|place| place.is_dir());
    places
}

/// Names in a folder; none when it can't be read.
pub(super) fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}
