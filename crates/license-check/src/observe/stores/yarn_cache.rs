//! The caches of Yarn 2 and later, read in place: `.yarn/unplugged`, then the zips of `.yarn/cache`, of the folder that
//! `.yarnrc.yml` or `YARN_CACHE_FOLDER` name, and of the global cache. Where a project has a `node_modules`, that too.
//!
//! Names of caches: <https://yarnpkg.com/configuration/yarnrc#cacheFolder>. Names of zips: `slugifyLocator` in
//! <https://github.com/yarnpkg/berry/blob/master/packages/yarnpkg-core/sources/structUtils.ts>.

use crate::observe::lock::Lock;
use crate::observe::store::{Evidence, Ground, Store, bounded, kind_of};
use crate::observe::stores::node_modules::{
    self,
    manifest::{MAX_MANIFEST_BYTES, Manifest},
};
use crate::observe::zip;
use crate::plan::package::{Ecosystem, Origin, Package};
use crate::plan::statement::{FileKind, LicenseFile, MAX_LICENSE_BYTES};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Bytes of the largest `.yarnrc.yml` that is read.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// Zips of one package that are tried: several versions of Yarn keep one each, and one for each patch.
const MAX_TRIES: usize = 16;

/// Licence files of one zip that are read; packages that gather many keep them in one file.
const MAX_FILES: usize = 64;

/// Opens it. Nothing is read before it is asked for.
pub fn open(ground: &Ground, lock: &Lock) -> Box<dyn Store> {
    Box::new(YarnCache {
        modules: node_modules::open(ground, lock),
        installed: ground.here().join("node_modules").is_dir(),
        ground: ground.clone(),
        index: OnceLock::new(),
    })
}

struct YarnCache {
    ground: Ground,
    /// For the project's own folders, and for what its linker put there.
    modules: Box<dyn Store>,
    /// Whether there is a `node_modules`.
    installed: bool,
    index: OnceLock<Index>,
}

/// What the caches hold.
#[derive(Default)]
struct Index {
    /// Folders of unplugged packages, by slug without hash: `@s-a-npm-1.0.0`.
    unplugged: FxHashMap<String, Vec<PathBuf>>,
    /// Zips, by the same.
    zips: FxHashMap<String, Vec<PathBuf>>,
    /// Caches that were looked at, for people.
    caches: Vec<String>,
}

impl Store for YarnCache {
    fn look(&self, package: &Package) -> Evidence {
        if package.ecosystem != Ecosystem::Npm || matches!(package.origin, Origin::Own) {
            return self.modules.look(package);
        }
        let index = self.index.get_or_init(|| Index::of(&self.ground));
        let mut notices = Vec::new();
        for slug in slugs(package) {
            for folder in index.unplugged.get(&slug).into_iter().flatten().take(MAX_TRIES) {
                match self.unplugged(folder, package) {
                    Ok(evidence) => return Evidence { notices, ..evidence },
                    Err(why) => notices.push(format!("{} {why}", self.ground.shown(folder))),
                }
            }
            for zip in index.zips.get(&slug).into_iter().flatten().take(MAX_TRIES) {
                match self.zipped(zip, package) {
                    Ok(mut evidence) => {
                        evidence.notices.splice(0..0, notices);
                        return evidence;
                    }
                    Err(why) => notices.push(format!("{} {why}", self.ground.shown(zip))),
                }
            }
        }
        if self.installed || package.origin == Origin::Folder {
            let evidence = self.modules.look(package);
            notices.extend(evidence.notices);
            return Evidence { notices, ..evidence };
        }
        let missing = match notices.first() {
            Some(what) => format!("{what}; run `yarn install --immutable`"),
            None => absent(package, &index.caches),
        };
        Evidence { missing: Some(missing), notices, ..Evidence::default() }
    }
}

fn absent(package: &Package, caches: &[String]) -> String {
    let id = format!("{}@{}", package.name, package.version);
    if package.optional {
        return format!(
            "{id} is optional and not in Yarn's cache, as a binary for another platform is not; run \
             `yarn install --immutable` on its platform"
        );
    }
    let looked = if caches.is_empty() { "there is none".to_owned() } else { caches.join(", ") };
    format!("{id} is not in Yarn's cache ({looked}); run `yarn install --immutable`")
}

/// The starts of the names that a package's zip may have.
fn slugs(package: &Package) -> Vec<String> {
    let ident = package.name.replacen('/', "-", usize::from(package.name.starts_with('@')));
    if package.origin == Origin::Registry {
        return vec![format!("{ident}-npm-{}", package.version)];
    }
    ["git", "https", "http", "file", "patch", "exec", "ssh", "git@github.com"]
        .iter()
        .map(|protocol| format!("{ident}-{protocol}"))
        .collect()
}

impl YarnCache {
    fn unplugged(&self, folder: &Path, package: &Package) -> Result<Evidence, String> {
        let folder = folder.join("node_modules").join(&package.name);
        let bytes = bounded(&folder.join("package.json"), MAX_MANIFEST_BYTES).ok_or("has no package.json to read")?;
        let manifest = Manifest::read(&bytes)?;
        manifest.confirm(package).map_err(|instead| format!("holds {instead}"))?;
        Ok(manifest.evidence(&folder, &self.ground))
    }

    fn zipped(&self, zip: &Path, package: &Package) -> Result<Evidence, String> {
        let file = std::fs::File::open(zip).map_err(|error| format!("can't be read: {error}"))?;
        let within = format!("node_modules/{}/", package.name);
        // Files deeper in it may be named by `SEE LICENSE IN`; the manifest is known only then.
        let wanted = |name: &str| {
            name.strip_prefix(&within).is_some_and(|rest| {
                rest == "package.json"
                    || rest.rsplit('/').next().is_some_and(|file| !rest.contains('/') || may_be_named(file))
            })
        };
        let mut archive = zip::Archive::open(std::io::BufReader::with_capacity(4096, file), wanted)?;
        let entries = std::mem::take(&mut archive.entries);
        let of = |name: &str| entries.iter().find(|entry| entry.name.strip_prefix(&within) == Some(name));
        let entry = of("package.json").ok_or_else(|| format!("has no {within}package.json"))?;
        let manifest = Manifest::read(&archive.read(entry, MAX_MANIFEST_BYTES)?)?;
        manifest.confirm(package).map_err(|instead| format!("holds {instead}"))?;
        let named = manifest.named_files();
        let shown = self.ground.shown(zip);
        let mut evidence =
            Evidence { statements: manifest.statements(&format!("{shown}/{}", entry.name)), ..Evidence::default() };
        for entry in &entries {
            let name = entry.name.strip_prefix(&within).unwrap_or(&entry.name);
            let kind = match kind_of(name).filter(|_| !name.contains('/')) {
                _ if named.iter().any(|named| named == name) => FileKind::License,
                Some(kind) => kind,
                None => continue,
            };
            if evidence.files.len() + evidence.notices.len() >= MAX_FILES {
                evidence
                    .notices
                    .push(format!("{shown} has more than {MAX_FILES} licence files; the others are not read"));
                break;
            }
            match archive.read(entry, MAX_LICENSE_BYTES) {
                Ok(bytes) => {
                    let (path, name) = (format!("{shown}/{}", entry.name), name.to_owned());
                    evidence.files.push(LicenseFile { path, name, kind, bytes });
                }
                Err(why) => evidence.notices.push(format!("{shown} {why}")),
            }
        }
        evidence.files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(evidence)
    }
}

/// Whether a file below the package's own folder may be one that its manifest names: texts, by their suffix.
fn may_be_named(file: &str) -> bool {
    kind_of(file).is_some()
        || matches!(file.rsplit_once('.').map_or("", |(_, suffix)| suffix), "" | "md" | "txt" | "html" | "rst" | "pdf")
}

impl Index {
    fn of(ground: &Ground) -> Self {
        let mut index = Index::default();
        let here = ground.here();
        for (name, path) in list(&here.join(".yarn/unplugged")) {
            if let Some((slug, _)) = name.rsplit_once('-') {
                index.unplugged.entry(slug.to_owned()).or_default().push(path);
            }
        }
        for cache in caches(ground, &here) {
            let zips = list(&cache);
            if !zips.is_empty() {
                index.caches.push(ground.shown(&cache));
            }
            for (name, path) in zips {
                // `SLUG-LOCATORHASH-CHECKSUM.zip`.
                let parts = name.strip_suffix(".zip").and_then(|name| name.rsplit_once('-'));
                if let Some((slug, _)) = parts.and_then(|(rest, _)| rest.rsplit_once('-')) {
                    index.zips.entry(slug.to_owned()).or_default().push(path);
                }
            }
        }
        index
    }
}

/// Caches in the order in which they are looked at.
fn caches(ground: &Ground, here: &Path) -> Vec<PathBuf> {
    let mut all = vec![here.join(".yarn/cache")];
    let settings = bounded(&here.join(".yarnrc.yml"), MAX_SETTINGS_BYTES).unwrap_or_default();
    for line in String::from_utf8_lossy(&settings).lines() {
        for (key, below) in [("cacheFolder:", ""), ("globalFolder:", "cache")] {
            if let Some(value) = line.strip_prefix(key) {
                let value = value.trim().trim_matches(['"', '\'']);
                let home = value.strip_prefix("~/").and_then(|rest| Some(ground.variable("HOME")?.join(rest)));
                // One with variables of its own is left out: Yarn replaces them.
                if !value.is_empty() && !value.contains('$') {
                    all.push(home.unwrap_or_else(|| here.join(value)).join(below));
                }
            }
        }
    }
    all.extend(ground.variable("YARN_CACHE_FOLDER").map(|folder| here.join(folder)));
    all.extend(ground.variable("YARN_GLOBAL_FOLDER").map(|folder| here.join(folder).join("cache")));
    all.extend(ground.variable("LOCALAPPDATA").map(|folder| folder.join("Yarn/Berry/cache")));
    all.extend(ground.variable("HOME").map(|folder| folder.join(".yarn/berry/cache")));
    let mut seen = Vec::new();
    all.retain(|cache| {
        let new = !seen.contains(cache);
        seen.push(cache.clone());
        new
    });
    all
}

/// The entries of a folder, in order of name.
fn list(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, entry.path()))
        })
        .collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests;
