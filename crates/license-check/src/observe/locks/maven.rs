//! `pom.xml`.
//!
//! A pom is no lock file: what it needs stands in its parents, in the poms that it imports and in those of its dependencies.
//! [`parse`] reads the file alone; [`resolve`] reads the others too, as far as they are on this machine, and follows Maven's
//! rules: <https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html>. Where a
//! pom that would be needed isn't here, the list is [`Lock::incomplete`].
//!
//! `test` and `provided` are [`Scope::Development`](crate::plan::package::Scope::Development): neither is part of what is
//! built. Profiles of the project's own poms may be active or not, so that their dependencies are
//! [`Package::optional`](crate::plan::package::Package::optional).

use crate::observe::lines::conflict_marker;
use crate::observe::lock::{Fault, Lock};
use crate::observe::store::Ground;
use crate::observe::stores::maven::Repositories;
use model::Pom;
use std::sync::Arc;

pub mod effective;
pub mod model;
mod reactor;
mod resolve;
#[cfg(test)]
mod tests;

use effective::{Coordinates, Poms};

/// Reads a pom by itself: its own dependencies, with the versions that it states.
///
/// # Errors
/// It is no pom; git's conflict markers; a DTD or entities.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let pom = read(bytes, path)?;
    resolve::resolve(Arc::new(pom), path, &Nowhere)
}

/// Reads a pom with its parents, imports and transitive dependencies, from the checkout (never above the root) and from the
/// local repositories. `path` is the pom's, relative to the root.
///
/// # Errors
/// As [`parse`].
pub fn resolve(ground: &Ground, bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let mut pom = read(bytes, path)?;
    pom.file = Some(ground.root.join(path));
    let pom = Arc::new(pom);
    let repositories = Repositories::of(ground);
    let reactor = reactor::Reactor::of(&pom, ground, &repositories);
    resolve::resolve(pom, path, &reactor)
}

fn read(bytes: &[u8], path: &str) -> Result<Pom, Fault> {
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(line, "git's conflict markers; resolve them"));
    }
    Pom::read(bytes, path)
}

/// No other pom.
struct Nowhere;

impl Poms for Nowhere {
    fn beside(&self, _pom: &Pom, _relative: &str) -> Option<Arc<Pom>> {
        None
    }

    fn of(&self, _coordinates: &Coordinates) -> Option<Arc<Pom>> {
        None
    }

    fn is_own(&self, _group: &str, _artifact: &str) -> bool {
        false
    }
}
