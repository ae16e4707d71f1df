//! Java packages on this machine: Maven's local repository, Debian's, Gradle's cache.
//!
//! A pom's `licenses`: <https://maven.apache.org/pom.html#Licenses>: "If multiple licenses are listed, it is assumed that the
//! user can select any of them, not that they must accept all." A pom without any has its parent's. Where none of them has
//! one, the texts within the jar speak.

use crate::observe::lock::Lock;
use crate::observe::locks::maven::effective::{Coordinates, Poms, lineage};
use crate::observe::locks::maven::model::{License, Pom};
use crate::observe::store::{Evidence, Ground, Store};
use crate::plan::package::{Origin, Package, Place};
use crate::plan::statement::{Statement, Value};
use std::path::Path;
use std::sync::Arc;

mod jar;
mod repositories;
#[cfg(test)]
mod tests;

pub use repositories::Repositories;

/// Looks up poms in `MAVEN_REPOSITORY`, the `localRepository` of `~/.m2/settings.xml`, `~/.m2/repository`, Gradle's
/// `caches/modules-2/files-2.1` in `GRADLE_USER_HOME` or `~/.gradle`, and Debian's `/usr/share/maven-repo`.
pub fn open(ground: &Ground, _lock: &Lock) -> Box<dyn Store> {
    Box::new(Artifacts { repositories: Repositories::of(ground) })
}

struct Artifacts {
    repositories: Repositories,
}

impl Store for Artifacts {
    fn look(&self, package: &Package) -> Evidence {
        if package.origin == Origin::Own {
            return Evidence::default();
        }
        let Some((group, artifact)) = package.name.split_once(':') else {
            return missing(format!("{} is no group:artifact", package.name));
        };
        let name = format!("{} {}", package.name, package.version);
        if package.version.is_empty() {
            return missing(format!("which version of {} is meant is not known here", package.name));
        }
        let coordinates =
            Coordinates { group: group.to_owned(), artifact: artifact.to_owned(), version: package.version.clone() };
        match self.repositories.read(&coordinates) {
            Ok(Some(pom)) => self.said(&pom, &coordinates),
            Ok(None) => missing(format!("the pom of {name} is not in a local repository")),
            Err(why) => missing(format!("the pom of {name} can't be read: {why}")),
        }
    }
}

impl Artifacts {
    fn said(&self, pom: &Arc<Pom>, coordinates: &Coordinates) -> Evidence {
        let (chain, lacking) = lineage(pom, &self.repositories);
        if let Some(from) = chain.iter().find(|pom| !pom.licenses.is_empty()) {
            return Evidence { statements: vec![statement(from)], ..Evidence::default() };
        }
        // Debian takes the licences out of its poms, so that these say nothing of what the authors state.
        if let Some(stripped) = chain.iter().find(|pom| Path::new(&pom.path).starts_with(repositories::DEBIAN)) {
            return missing(format!("{} has no licence, as no pom of Debian's has one", stripped.path));
        }
        // The parent may state one: where it isn't here, nobody knows yet that there is none, and the jar may be one that
        // holds others.
        let mut notices = Vec::new();
        if lacking.is_none()
            && let Some(jar) = self.repositories.jar(coordinates)
        {
            let evidence = jar::read(&jar, &self.repositories.shown(&jar));
            if !evidence.files.is_empty() {
                return evidence;
            }
            notices = evidence.notices;
        }
        let Some(Coordinates { group, artifact, version }) = lacking else {
            return Evidence { notices, ..Evidence::default() };
        };
        missing(format!("{} has no licence, and its parent {group}:{artifact} {version} is not here", pom.path))
    }
}

fn missing(why: String) -> Evidence {
    let bring = "run `mvn dependency:resolve` or `gradle dependencies`";
    Evidence { missing: Some(format!("{why}; {bring}")), ..Evidence::default() }
}

fn statement(pom: &Pom) -> Statement {
    let value = match pom.licenses.as_slice() {
        [License { name: Some(name), url: Some(url), .. }] => Value::Named { name: name.clone(), url: url.clone() },
        [License { name: Some(name), url: None, .. }] => Value::One(name.clone()),
        [License { name: None, url: Some(url), .. }] => Value::Url(url.clone()),
        several => {
            let shown = several.iter().filter_map(|license| license.name.clone().or_else(|| license.url.clone()));
            Value::Many(shown.collect())
        }
    };
    let line = pom.licenses.first().map(|license| license.line);
    Statement { value, field: "licenses", place: Place::new(pom.path.clone(), line) }
}

impl Poms for Repositories {
    fn beside(&self, _pom: &Pom, _relative: &str) -> Option<Arc<Pom>> {
        None
    }

    fn of(&self, coordinates: &Coordinates) -> Option<Arc<Pom>> {
        self.pom(coordinates)
    }

    fn is_own(&self, _group: &str, _artifact: &str) -> bool {
        false
    }
}
