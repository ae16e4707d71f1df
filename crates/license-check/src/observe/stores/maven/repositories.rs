//! Folders of poms.
//!
//! Maven's layout: <https://maven.apache.org/repositories/layout.html>. Gradle's cache has `GROUP/ARTIFACT/VERSION/HASH/FILE`.

use crate::observe::locks::maven::effective::{Coordinates, group_and_version};
use crate::observe::locks::maven::model::Pom;
use crate::observe::store::{Ground, bounded};
use crate::observe::xml::{MAX_DOCUMENT_BYTES, read};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Where Debian's Java packages have their poms.
pub(super) const DEBIAN: &str = "/usr/share/maven-repo";

/// Local repositories. What was read is kept: a parent is asked for by each of its children.
#[derive(Debug, Default)]
pub struct Repositories {
    ground: Ground,
    maven: Vec<PathBuf>,
    gradle: Option<PathBuf>,
    read: Mutex<FxHashMap<Coordinates, Found>>,
}

/// A pom, none, or why it can't be read.
type Found = Result<Option<Arc<Pom>>, String>;

impl Repositories {
    /// Those of this machine.
    pub fn of(ground: &Ground) -> Repositories {
        let mut maven: Vec<PathBuf> = ground.variable("MAVEN_REPOSITORY").into_iter().collect();
        let home = ground.variable("HOME");
        if let Some(home) = &home {
            maven.extend(configured(&home.join(".m2/settings.xml"), home));
            maven.push(home.join(".m2/repository"));
        }
        maven.push(PathBuf::from(DEBIAN));
        let gradle = ground.variable("GRADLE_USER_HOME").or_else(|| Some(home?.join(".gradle")));
        let gradle = gradle.map(|gradle| gradle.join("caches/modules-2/files-2.1"));
        let is_there = |folder: &PathBuf| folder.is_dir();
        Repositories {
            ground: ground.clone(),
            maven: maven.into_iter().filter(is_there).collect(),
            gradle: gradle.filter(is_there),
            read: Mutex::default(),
        }
    }

    /// The pom of those coordinates, if it is here and can be read.
    pub fn pom(&self, coordinates: &Coordinates) -> Option<Arc<Pom>> {
        self.read(coordinates).ok().flatten()
    }

    /// The pom of those coordinates.
    ///
    /// # Errors
    /// A sentence, when what lies there is not that pom.
    pub fn read(&self, coordinates: &Coordinates) -> Found {
        if let Some(known) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(coordinates) {
            return known.clone();
        }
        let found = self.find(coordinates);
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(coordinates.clone(), found.clone());
        found
    }

    fn find(&self, coordinates: &Coordinates) -> Found {
        let Coordinates { group, artifact, version } = coordinates;
        let Some(below) = below(coordinates) else { return Ok(None) };
        let file = format!("{artifact}-{version}.pom");
        for repository in &self.maven {
            let folder = repository.join(&below);
            if let Some(bytes) = bounded(&folder.join(&file), MAX_DOCUMENT_BYTES) {
                return self.checked(&bytes, &folder.join(&file), coordinates).map(Some);
            }
            // What was fetched as a snapshot has the time in its name.
            if version.ends_with("-SNAPSHOT")
                && let Some(path) = last_pom(&folder)
                && let Some(bytes) = bounded(&path, MAX_DOCUMENT_BYTES)
            {
                return self.checked(&bytes, &path, coordinates).map(Some);
            }
        }
        let cached = self.gradle.as_ref().map(|cache| cache.join(group).join(artifact).join(version));
        for folder in cached.iter().flat_map(|folder| folders_of(folder)) {
            if let Some(bytes) = bounded(&folder.join(&file), MAX_DOCUMENT_BYTES) {
                return self.checked(&bytes, &folder.join(&file), coordinates).map(Some);
            }
        }
        Ok(None)
    }

    /// The jar of those coordinates, if it is here.
    pub(super) fn jar(&self, coordinates: &Coordinates) -> Option<PathBuf> {
        let Coordinates { group, artifact, version } = coordinates;
        let (below, file) = (below(coordinates)?, format!("{artifact}-{version}.jar"));
        let cached = self.gradle.as_ref().map(|cache| cache.join(group).join(artifact).join(version));
        let cached = cached.iter().flat_map(|folder| folders_of(folder));
        let mut folders = self.maven.iter().map(|repository| repository.join(&below)).chain(cached);
        folders.find_map(|folder| Some(folder.join(&file)).filter(|path| path.is_file()))
    }

    /// A path for people.
    pub(super) fn shown(&self, path: &Path) -> String {
        self.ground.shown(path)
    }

    fn checked(&self, bytes: &[u8], path: &Path, coordinates: &Coordinates) -> Result<Arc<Pom>, String> {
        let shown = self.ground.shown(path);
        let pom = Pom::read(bytes, &shown).map_err(|fault| {
            let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{shown}{line}: {}", fault.what)
        })?;
        let (group, version) = group_and_version(&pom);
        // What a property makes of them is not worked out: the folder's name is the repository's word for it.
        let is_other = |said: &str, wanted: &str| !said.is_empty() && !said.contains("${") && said != wanted;
        let Coordinates { group: wanted_group, artifact, version: wanted_version } = coordinates;
        let snapshot = wanted_version.ends_with("-SNAPSHOT");
        if is_other(&group, wanted_group)
            || is_other(&pom.artifact, artifact)
            || (is_other(&version, wanted_version) && !snapshot)
        {
            return Err(format!("{shown} is {group}:{} {version}", pom.artifact));
        }
        Ok(Arc::new(pom))
    }
}

/// Their folder in a repository. `None` for names that lead out of it: they come from poms, which may say `../../etc`.
fn below(coordinates: &Coordinates) -> Option<PathBuf> {
    let Coordinates { group, artifact, version } = coordinates;
    let parts = group.split('.').chain([artifact.as_str(), version.as_str()]);
    let is_name = |part: &str| !(part.is_empty() || part == ".." || part.contains(['/', '\\', '\0', '$']));
    parts.clone().all(is_name).then(|| parts.collect())
}

/// `localRepository` of Maven's settings.
fn configured(settings: &Path, home: &Path) -> Option<PathBuf> {
    let settings = read(&bounded(settings, MAX_DOCUMENT_BYTES)?, "settings").ok()?;
    let path = settings.value("localRepository")?;
    Some(match path.strip_prefix("${user.home}/") {
        Some(below) => home.join(below),
        None => PathBuf::from(path),
    })
}

fn folders_of(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort_unstable();
    folders
}

fn last_pom(folder: &Path) -> Option<PathBuf> {
    let poms = folders_of(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "pom"));
    poms.max()
}
