//! Where gems are installed.

use super::folders_of;
use crate::observe::store::{Ground, bounded};
use crate::observe::within::within;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Bytes of the largest `.bundle/config` that is read.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// Folders that hold one gem home for each version of Ruby: Debian's, and those that Ruby's own build makes.
const SYSTEM_FOLDERS: [&str; 4] =
    ["/var/lib/gems", "/usr/share/rubygems-integration", "/usr/lib/ruby/gems", "/usr/local/lib/ruby/gems"];

/// Gem homes: folders with `specifications/`, `gems/` and `bundler/gems/`.
#[derive(Debug, Default)]
pub struct Homes {
    /// By the file's name without its ending; the first home's.
    specifications: BTreeMap<String, PathBuf>,
    checkouts: Vec<PathBuf>,
}

impl Homes {
    /// All that are here, in order of precedence.
    pub fn of(ground: &Ground) -> Homes {
        let mut found = Homes::default();
        let mut seen = BTreeSet::new();
        for home in homes(ground).into_iter().filter(|home| seen.insert(home.clone())) {
            let specifications = home.join("specifications");
            found.add(&specifications);
            found.add(&specifications.join("default"));
            found.checkouts.extend(folders_of(&home.join("bundler").join("gems")));
        }
        found
    }

    fn add(&mut self, folder: &Path) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            if let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(".gemspec")) {
                self.specifications.entry(stem.to_owned()).or_insert_with(|| entry.path());
            }
        }
    }

    /// Specifications named `FULL` or `FULL-PLATFORM`, in that order.
    pub fn specifications<'h>(&'h self, full: &'h str) -> impl Iterator<Item = (&'h str, &'h Path)> {
        let from_it = self.specifications.range(full.to_owned()..).take_while(move |(stem, _)| stem.starts_with(full));
        from_it
            .filter(move |(stem, _)| matches!(stem.as_bytes().get(full.len()), None | Some(b'-')))
            .map(|(stem, path)| (stem.as_str(), path.as_path()))
    }

    /// Versions of a gem that are installed, with their platforms, in order.
    pub fn versions(&self, name: &str) -> Vec<&str> {
        let prefix = format!("{name}-");
        let from_it = self.specifications.range(prefix.clone()..).take_while(|(stem, _)| stem.starts_with(&prefix));
        let versions = from_it.map(|(stem, _)| &stem[prefix.len()..]);
        versions.filter(|version| version.starts_with(|first: char| first.is_ascii_digit())).collect()
    }

    /// Folders of git checkouts.
    pub fn checkouts(&self) -> &[PathBuf] {
        &self.checkouts
    }
}

fn homes(ground: &Ground) -> Vec<PathBuf> {
    let here = ground.here();
    let mut homes = Vec::new();
    // Bundler puts `ruby/3.3.0` below its path, whatever the engine is called; GEM_HOME is a home itself.
    let mut bundled = |path: &Path| {
        homes.push(path.to_path_buf());
        for engine in folders_of(path) {
            if engine.file_name().is_some_and(|name| name.to_string_lossy().ends_with("ruby")) {
                homes.extend(folders_of(&engine));
            }
        }
    };
    if let Some(path) = ground.variable("BUNDLE_PATH") {
        bundled(&here.join(path));
    }
    if let Some(path) = configured(ground) {
        bundled(&path);
    }
    bundled(&here.join("vendor").join("bundle"));
    homes.extend(ground.variable("GEM_HOME"));
    if let Some(paths) = ground.variable("GEM_PATH") {
        homes.extend(std::env::split_paths(&paths).filter(|path| path.is_absolute()));
    }
    if let Some(user) = ground.variable("HOME") {
        for below in [".gem/ruby", ".local/share/gem/ruby"] {
            homes.extend(folders_of(&user.join(below)));
        }
        for ruby in folders_of(&user.join(".rbenv/versions")) {
            homes.extend(folders_of(&ruby.join("lib/ruby/gems")));
        }
    }
    homes.extend(SYSTEM_FOLDERS.iter().flat_map(|folder| folders_of(Path::new(folder))));
    homes
}

/// `BUNDLE_PATH` of `.bundle/config`, when that lies below the root: what a change can write must not choose what else of
/// the machine is read.
fn configured(ground: &Ground) -> Option<PathBuf> {
    let here = ground.here();
    let bytes = bounded(&here.join(".bundle").join("config"), MAX_CONFIG_BYTES)?;
    let text = String::from_utf8(bytes).ok()?;
    let path = text.lines().find_map(|line| line.strip_prefix("BUNDLE_PATH:"))?;
    within(&ground.root, &here, path.trim().trim_matches(['"', '\'']))
}
