//! One module for each way in which packages lie on a machine; each opens a [`super::store::Store`] with
//! `pub fn open(ground: &Ground, lock: &Lock) -> Box<dyn Store>`.

pub mod cargo;
pub mod composer;
pub mod gems;
pub mod go;
pub mod maven;
pub mod node_modules;
pub mod nuget;
pub mod site_packages;
pub mod yarn_cache;
