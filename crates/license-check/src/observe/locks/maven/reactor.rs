//! The project's own modules, and the repositories beside them.

use super::effective::{Coordinates, Poms, group_and_version, lineage};
use super::model::Pom;
use crate::observe::store::{Ground, bounded};
use crate::observe::stores::maven::Repositories;
use crate::observe::within::within;
use crate::observe::xml::MAX_DOCUMENT_BYTES;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Modules of a project that are read: the largest open ones have some fifteen hundred.
const MAX_MODULES: usize = 10_000;

/// The poms of the checkout, and those of the repositories.
pub struct Reactor<'r> {
    ground: &'r Ground,
    repositories: &'r Repositories,
    /// By group and artifact.
    modules: BTreeMap<(String, String), Arc<Pom>>,
    read: Mutex<BTreeMap<PathBuf, Option<Arc<Pom>>>>,
}

impl<'r> Reactor<'r> {
    /// The modules of the pom's uppermost parent in the checkout.
    pub fn of(pom: &Arc<Pom>, ground: &'r Ground, repositories: &'r Repositories) -> Reactor<'r> {
        let mut reactor = Reactor { ground, repositories, modules: BTreeMap::new(), read: Mutex::default() };
        if let Some(file) = &pom.file {
            reactor.read.get_mut().unwrap_or_else(PoisonError::into_inner).insert(file.clone(), Some(Arc::clone(pom)));
        }
        let (chain, _) = lineage(pom, &reactor);
        let mut waiting: Vec<Arc<Pom>> = chain.into_iter().filter(|pom| pom.file.is_some()).collect();
        let mut modules = BTreeMap::new();
        while let Some(pom) = waiting.pop() {
            let (group, _) = group_and_version(&pom);
            if modules.len() >= MAX_MODULES || modules.contains_key(&(group.clone(), pom.artifact.clone())) {
                continue;
            }
            waiting.extend(pom.modules.iter().filter_map(|module| reactor.beside(&pom, module)));
            modules.insert((group, pom.artifact.clone()), pom);
        }
        reactor.modules = modules;
        reactor
    }

    fn read(&self, file: &Path) -> Option<Arc<Pom>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(file) {
            return known.clone();
        }
        let pom = bounded(file, MAX_DOCUMENT_BYTES).and_then(|bytes| {
            let mut pom = Pom::read(&bytes, &self.ground.shown(file)).ok()?;
            pom.file = Some(file.to_path_buf());
            Some(Arc::new(pom))
        });
        read.insert(file.to_path_buf(), pom.clone());
        pom
    }
}

impl Poms for Reactor<'_> {
    fn beside(&self, pom: &Pom, relative: &str) -> Option<Arc<Pom>> {
        let mut path = within(&self.ground.root, pom.file.as_ref()?.parent()?, relative)?;
        // A folder stands for the pom in it.
        if path.is_dir() {
            path.push("pom.xml");
        }
        self.read(&path)
    }

    fn of(&self, coordinates: &Coordinates) -> Option<Arc<Pom>> {
        let own = self.modules.get(&(coordinates.group.clone(), coordinates.artifact.clone()));
        own.cloned().or_else(|| self.repositories.pom(coordinates))
    }

    fn is_own(&self, group: &str, artifact: &str) -> bool {
        self.modules.contains_key(&(group.to_owned(), artifact.to_owned()))
    }
}
