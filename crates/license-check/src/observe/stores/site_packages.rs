//! Python's installed distributions: `*.dist-info` and `*.egg-info` of virtual environments.
//!
//! <https://packaging.python.org/en/latest/specifications/recording-installed-packages/>; the fields of `METADATA`:
//! <https://packaging.python.org/en/latest/specifications/core-metadata/>.

mod distribution;
mod environment;
mod heads;
mod metadata;
mod source_tree;
#[cfg(test)]
mod tests;

use crate::observe::lock::{Fault, Lock};
use crate::observe::locks::python::{normalized_name, same_version, satisfies};
use crate::observe::parallel;
use crate::observe::store::{Evidence, Ground, Source, Store};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use distribution::{Distribution, distributions};
use environment::{Environment, environments};
use metadata::Metadata;
use rustc_hash::FxHashMap;

pub use environment::VARIABLES;

/// Opens the environments in and beside the list's folder, and those that [`VARIABLES`] name. What lies in them is listed
/// here, once; its metadata is read when it is asked for.
pub fn open(ground: &Ground, lock: &Lock) -> Box<dyn Store> {
    Box::new(SitePackages::new(ground, remedy_of(&lock.format)))
}

/// What installs what a list has, into a place where it is found.
fn remedy_of(format: &str) -> &'static str {
    match format.split([' ', '.']).next().unwrap_or_default() {
        "poetry" => "run `POETRY_VIRTUALENVS_IN_PROJECT=true poetry sync --all-groups --all-extras`",
        "uv" => "run `uv sync --all-packages --all-groups --all-extras`",
        "pdm" => "run `pdm sync -G :all`",
        "Pipfile" => "run `PIPENV_VENV_IN_PROJECT=1 pipenv sync --dev`",
        "pylock" => "run `python -m venv .venv && .venv/bin/pip install -r pylock.toml`",
        _ => "run `python -m venv .venv && .venv/bin/pip install -r requirements.txt`",
    }
}

/// All distributions of the project's environments (or else of those that [`VARIABLES`] name), as a list, for projects
/// without a lock, and the environments themselves, so that none is read twice. What came with the environment (pip, setuptools)
/// is listed too, as it can't be told apart.
/// Errors: there is no environment.
pub fn walk(ground: &Ground) -> Result<(Lock, Box<dyn Store>), Fault> {
    let all = SitePackages::new(ground, remedy_of(""));
    let near = all.environments.iter().any(|environment| environment.near);
    let found = || all.environments.iter().zip(&all.distributions).filter(|(environment, _)| environment.near == near);
    // What is asked for one by one below is read here on all threads.
    let every: Vec<&Distribution> = found().flat_map(|(_, distributions)| distributions).collect();
    parallel::map(every, |found| found.metadata().is_ok());
    let mut lock = Lock::default();
    let mut shown = Vec::new();
    for (environment, distributions) in found() {
        shown.push(environment.shown(ground));
        for found in distributions {
            lock.listed += 1;
            let place = ground.shown(&found.manifest);
            match found.metadata() {
                Ok(metadata) => {
                    let place = Place::new(place, metadata.name.as_ref().map(|name| name.line));
                    let name = metadata.name.as_ref();
                    let name = name.map_or_else(|| found.name.clone(), |name| normalized_name(&name.text));
                    let version = metadata.version.as_ref().map(|version| &version.text).or(found.version.as_ref());
                    let version = version.cloned().unwrap_or_default();
                    lock.packages.push(Package::new(Ecosystem::Pip, name, version, place));
                }
                Err(why) => {
                    lock.notices.push(format!("{place}: {why}"));
                    let (name, version) = (found.name.clone(), found.version.clone().unwrap_or_default());
                    lock.packages.push(Package::new(Ecosystem::Pip, name, version, Place::new(place, None)));
                }
            }
        }
    }
    if shown.is_empty() {
        return Err(Fault::new(format!("there is no virtual environment here; {}", remedy_of(""))));
    }
    lock.format = format!("Python environment {}", shown.join(", "));
    lock.notices.push(format!(
        "{} is read in place of a lock: packages that the environment brings itself (pip, setuptools) are listed too",
        shown.join(", ")
    ));
    Ok((lock, Box::new(all)))
}

struct SitePackages {
    ground: Ground,
    environments: Vec<Environment>,
    /// Of each environment.
    distributions: Vec<Vec<Distribution>>,
    /// Environment and number of the distributions that go by a name, the nearest first.
    by_name: FxHashMap<String, Vec<(usize, usize)>>,
    remedy: &'static str,
}

impl SitePackages {
    fn new(ground: &Ground, remedy: &'static str) -> Self {
        let environments = environments(ground);
        let distributions: Vec<Vec<Distribution>> =
            environments.iter().map(|environment| distributions(&environment.site_packages)).collect();
        let mut by_name: FxHashMap<String, Vec<(usize, usize)>> = FxHashMap::default();
        for (environment, distributions) in distributions.iter().enumerate() {
            for (number, distribution) in distributions.iter().enumerate() {
                by_name.entry(distribution.name.clone()).or_default().push((environment, number));
            }
        }
        SitePackages { ground: ground.clone(), environments, distributions, by_name, remedy }
    }

    /// The distributions that go by that name.
    fn called(&self, name: &str) -> impl Iterator<Item = &Distribution> {
        let places = self.by_name.get(name).into_iter().flatten();
        places.filter_map(|&(environment, number)| self.distributions.get(environment)?.get(number))
    }
}

impl Store for SitePackages {
    fn look(&self, package: &Package) -> Evidence {
        let mut notices = Vec::new();
        let mut other = None;
        for found in self.called(&package.name) {
            match self.read(package, found) {
                Look::Is(evidence) => return *evidence,
                Look::Other(version) => {
                    other.get_or_insert((version, found));
                }
                Look::Broken(why) => notices.push(format!("{}: {why}", self.ground.shown(&found.manifest))),
            }
        }
        if matches!(package.origin, Origin::Folder | Origin::Own)
            && let Some(evidence) = source_tree::read(package, &self.ground)
        {
            return evidence;
        }
        Evidence { missing: Some(self.missing(package, other)), notices, ..Evidence::default() }
    }

    fn sources(&self, package: &Package) -> Vec<Source> {
        let found = self.called(&package.name).find(|found| self.check(package, found).is_ok());
        found.map_or_else(Vec::new, |found| heads::of(&found.folder, &self.ground))
    }
}

/// What a distribution of the right name is.
enum Look {
    Is(Box<Evidence>),
    Other(String),
    Broken(String),
}

impl SitePackages {
    fn read(&self, package: &Package, found: &Distribution) -> Look {
        let (metadata, mut notices) = match self.check(package, found) {
            Ok(found) => found,
            Err(look) => return look,
        };
        let shown = self.ground.shown(&found.manifest);
        notices.extend(metadata.odd.iter().map(|odd| format!("{shown}: {odd}")));
        let files = found.license_files(&metadata.license_files, &self.ground);
        let statements = metadata.statements(&shown);
        Look::Is(Box::new(Evidence { statements, files, missing: None, notices }))
    }

    /// The metadata of a distribution that is that package, and what is odd about it, for people. Errors: what it is else.
    fn check<'d>(&self, package: &Package, found: &'d Distribution) -> Result<(&'d Metadata, Vec<String>), Look> {
        let metadata = found.metadata().map_err(|why| Look::Broken(why.to_owned()))?;
        let (Some(name), Some(version)) = (&metadata.name, &metadata.version) else {
            return Err(Look::Broken("neither `Name` nor `Version` may be missing".to_owned()));
        };
        if normalized_name(&name.text) != package.name {
            return Err(Look::Broken(format!("it is of {}, unlike its folder's name", name.text)));
        }
        let mut notices = Vec::new();
        if package.version.is_empty() {
            // A folder or repository has no version in most lists; that it was installed from there is on record.
            if package.origin == Origin::Registry || !found.has_address() {
                return Err(Look::Other(version.text.clone()));
            }
            notices
                .push(format!("{} lists no version of {}; {} is installed", package.place, package.name, version.text));
        } else if !satisfies(&version.text, &package.version) {
            return Err(Look::Other(version.text.clone()));
        } else if !same_version(&version.text, &package.version) {
            notices.push(format!("{} of {} is installed for {}", version.text, package.name, package.version));
        }
        Ok((metadata, notices))
    }

    fn missing(&self, package: &Package, other: Option<(String, &Distribution)>) -> String {
        let (name, remedy) = (&package.name, self.remedy);
        if let Some((version, found)) = other {
            let place = self.ground.shown(&found.manifest);
            if package.version.is_empty() {
                return format!(
                    "{name} is not pinned; pin it to what is installed ({version}, {place}) or to another version"
                );
            }
            return format!("{version} of {name} lies there ({place}), and {} is locked; {remedy}", package.version);
        }
        if self.environments.is_empty() {
            return format!(
                "{name} is not installed: there is no virtual environment here; {remedy}, or set VIRTUAL_ENV"
            );
        }
        let places: Vec<String> = self.environments.iter().map(|environment| environment.shown(&self.ground)).collect();
        format!("{name} is not installed in {}; {remedy}", places.join(", "))
    }
}
