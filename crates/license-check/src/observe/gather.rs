//! Reads every list, and for each package what lies on this machine.

use super::asked::unanswered;
use super::find::{Kind, List, normal};
use super::lines::MAX_LIST_BYTES;
use super::lock::{Fault, Lock};
use super::locks;
use super::parallel;
use super::store::{Evidence, Ground, Source, Store, bounded, lossy};
use super::stores;
use crate::error::Error;
use crate::plan::decide::sources_may_settle;
use crate::plan::known::{FoundFile, Known, SourceHead};
use crate::plan::package::{Origin, Package};
use crate::plan::statement::{FileKind, LicenseFile};
use crate::plan::text::{Claims, Identified, Identifier};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// The lists alone.
    pub lock_only: bool,
    /// Variables that name package caches.
    pub variables: BTreeMap<String, String>,
    /// As [`super::find::Found::manifests`].
    pub manifests: Vec<String>,
}

impl How {
    /// What is around a list.
    pub fn ground(&self, root: &Path, list: &List) -> Ground {
        Ground { root: root.to_owned(), folder: list.folder().to_owned(), variables: self.variables.clone() }
    }
}

/// A list, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// The list.
    pub list: List,
    /// Its format, for people.
    pub format: String,
    /// Its packages, in its order.
    pub packages: Vec<Known>,
    /// What was odd about it.
    pub notices: Vec<String>,
    /// As [`Lock::incomplete`].
    pub incomplete: Option<String>,
}

/// Reads one list from bytes alone.
/// Errors: exit 2 with the line.
fn read(list: &List, bytes: &[u8]) -> Result<Lock, Error> {
    let path = &list.path;
    let lock = match list.kind {
        Kind::Composer => locks::composer::parse(bytes, path),
        Kind::ComposerInstalled => locks::composer::parse_installed(bytes, path),
        Kind::Npm => locks::npm::parse(bytes, path),
        Kind::Yarn => locks::yarn::parse(bytes, path),
        Kind::Pnpm => locks::pnpm::parse(bytes, path),
        Kind::Bun => locks::bun::parse(bytes, path),
        Kind::Cargo => locks::cargo::parse(bytes, path),
        Kind::Poetry => locks::poetry::parse(bytes, path),
        Kind::Uv => locks::uv::parse(bytes, path),
        Kind::Pdm => locks::pdm::parse(bytes, path),
        Kind::Pipfile => locks::pipfile::parse(bytes, path),
        Kind::Pylock => locks::pylock::parse(bytes, path),
        Kind::Requirements => locks::requirements::parse(bytes, path),
        Kind::GoMod => locks::go::parse(bytes, path),
        Kind::GoWork => {
            locks::go::work::parse_work(bytes).map(|_| Lock { format: "go.work".to_owned(), ..Lock::default() })
        }
        Kind::Gemfile => locks::gemfile::parse(bytes, path),
        Kind::Pom => locks::maven::parse(bytes, path),
        Kind::Gradle => locks::gradle::parse(bytes, path),
        Kind::NuGet => locks::nuget::parse(bytes, path),
        Kind::NuGetAssets => locks::nuget::parse_assets(bytes, path),
        Kind::CycloneDx => locks::cyclonedx::parse(bytes, path),
        Kind::SpdxJson => locks::spdx_json::parse(bytes, path),
        Kind::NodeModules | Kind::SitePackages => Err(Fault::new("it is an installed tree, and no file")),
    };
    let lock = lock.map_err(|fault| Error::file(path, fault.line, fault.what))?;
    counted(path, lock)
}

/// A package that a reader loses would be one that nobody judges.
fn counted(path: &str, lock: Lock) -> Result<Lock, Error> {
    if lock.listed != lock.packages.len() {
        let what = format!(
            "it lists {} packages, and {} of them were read: this is a bug of ours, please report it with the file",
            lock.listed,
            lock.packages.len()
        );
        return Err(Error::file(path, None, what));
    }
    Ok(lock)
}

/// Reads a list of the project and what is installed of it. Errors: a list that can't be read; more texts than can be kept
/// (exit 2).
pub fn gather(root: &Path, list: &List, how: &How, texts: &Texts<'_>) -> Result<Gathered, Error> {
    let ground = how.ground(root, list);
    let mut walked: Option<Box<dyn Store>> = None;
    let lock = match list.kind {
        Kind::NodeModules => tree(&list.path, stores::node_modules::walk(&ground))?,
        Kind::SitePackages => tree(
            &list.path,
            stores::site_packages::walk(&ground).map(|(lock, store)| {
                walked = Some(store);
                lock
            }),
        )?,
        _ => {
            let beside = |path: &str| bounded(&root.join(path), MAX_LIST_BYTES);
            let mut lock = read_with(list, &bytes(root, list)?, &Around { ground: &ground, how, beside: &beside })?;
            if lock.incomplete.is_none() {
                lock.incomplete = unanswered(list, &lock, &how.manifests, &beside);
            }
            lock
        }
    };
    let stores = match walked {
        _ if how.lock_only => Vec::new(),
        Some(store) => vec![store],
        None => open(list.kind, &ground, &lock),
    };
    let Lock { format, packages, notices, incomplete, .. } = lock;
    let known = |package: Package| known(package, &stores, texts);
    let mut packages: Vec<Known> = match stores.as_slice() {
        // Nothing is read.
        [] => packages.into_iter().map(known).collect(),
        _ => parallel::map(packages, known),
    };
    texts.within_limit()?;
    // Nobody looked for more than the list says, which is no word on whether there is more.
    if how.lock_only && !matches!(list.kind, Kind::CycloneDx | Kind::SpdxJson) {
        for known in packages.iter_mut().filter(|known| known.package.origin != Origin::Own) {
            known.missing = Some(format!("{} does not state it, and `lock-only` is set; run without it", list.path));
        }
    }
    Ok(Gathered { list: list.clone(), format, packages, notices, incomplete })
}

fn tree(path: &str, lock: Result<Lock, Fault>) -> Result<Lock, Error> {
    counted(path, lock.map_err(|fault| Error::file(path, fault.line, fault.what))?)
}

/// What some formats need besides their own bytes.
pub struct Around<'a> {
    /// Where the list lies.
    pub ground: &'a Ground,
    /// How to read.
    pub how: &'a How,
    /// A file's bytes by its path relative to the root, as it is in the project or in the base.
    pub beside: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

/// Reads one list from bytes, with what its format needs around it.
pub fn read_with(list: &List, bytes: &[u8], around: &Around<'_>) -> Result<Lock, Error> {
    match list.kind {
        Kind::GoMod => go(list, in_workspace(list, read(list, bytes)?, around.beside)?, around.beside),
        Kind::GoWork => go(list, read(list, bytes)?, around.beside),
        Kind::Requirements => constrained(list, bytes, read(list, bytes)?, around.beside),
        Kind::Yarn => scoped(list, bytes, read(list, bytes)?, &around.how.manifests, around.beside),
        Kind::Pom => tree(&list.path, locks::maven::resolve(around.ground, bytes, &list.path)),
        _ => read(list, bytes),
    }
}

/// Requirements whose versions stand in files of constraints.
fn constrained(
    list: &List,
    bytes: &[u8],
    mut lock: Lock,
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<Lock, Error> {
    for name in locks::requirements::constraints(bytes) {
        let path = list.beside(&name);
        let Some(bytes) = beside(&path) else { continue };
        let constraints = locks::requirements::parse(&bytes, &path);
        let constraints = constraints.map_err(|fault| Error::file(&path, fault.line, fault.what))?;
        locks::requirements::constrain(&mut lock, &constraints);
    }
    Ok(lock)
}

/// A yarn.lock with what the package.json files say of development. A file that can't be read could be that of a member, and
/// without it what is shipped would look as if it weren't; then all counts as shipped.
fn scoped(
    list: &List,
    bytes: &[u8],
    mut lock: Lock,
    manifests: &[String],
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<Lock, Error> {
    let top = if list.folder().is_empty() { String::new() } else { format!("{}/", list.folder()) };
    let mut below = Vec::new();
    for path in manifests {
        let Some(inside) = path.strip_prefix(&top) else { continue };
        let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
        let object = beside(path).filter(|bytes| serde_json::from_slice::<serde_json::Map<_, _>>(bytes).is_ok());
        let Some(bytes) = object else { return Ok(lock) };
        below.push((folder.to_owned(), bytes));
    }
    let scoped = locks::yarn::scopes(&mut lock, bytes, &below);
    scoped.map_err(|fault| Error::file(&list.path, fault.line, fault.what))?;
    Ok(lock)
}

/// A go.mod as the go.work above it makes it, where that uses it.
fn in_workspace(list: &List, lock: Lock, beside: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<Lock, Error> {
    let mut above = Some(list.folder());
    let found = std::iter::from_fn(|| {
        let here = above?;
        above = if here.is_empty() { None } else { Some(here.rsplit_once('/').map_or("", |(above, _)| above)) };
        Some(List {
            path: if here.is_empty() { "go.work".to_owned() } else { format!("{here}/go.work") },
            kind: Kind::GoWork,
        })
    });
    let Some((work_list, bytes)) = found.into_iter().find_map(|work| beside(&work.path).map(|bytes| (work, bytes)))
    else {
        return Ok(lock);
    };
    let path = &work_list.path;
    let work = locks::go::work::parse_work(&bytes).map_err(|fault| Error::file(path, fault.line, fault.what))?;
    let up = "../".repeat(if list.folder().is_empty() { 0 } else { list.folder().split('/').count() });
    let mut members = Vec::new();
    let mut own = None;
    for used in &work.uses {
        let Some(folder) = normal(&work_list.beside(&used.folder)) else { continue };
        let inside = if folder.is_empty() { "go.mod".to_owned() } else { format!("{folder}/go.mod") };
        let Some(module) = beside(&inside).and_then(|bytes| locks::go::work::module_of(&bytes)) else { continue };
        if folder == list.folder() {
            own = Some(module.clone());
        }
        members.push(locks::go::work::Member { line: used.line, module, folder: format!("{up}./{folder}") });
    }
    // Without a `use` the go command builds it on its own.
    let Some(own) = own else { return Ok(lock) };
    Ok(work.exchange(lock, &members, path, &format!("{up}{}", work_list.beside("")), &own))
}

/// A go.mod with what is vendored beside it, else with the sums, which name more modules than it does; a go.work as well.
fn go(list: &List, lock: Lock, beside: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<Lock, Error> {
    let vendored = list.beside("vendor/modules.txt");
    if let Some(bytes) = beside(&vendored) {
        let read = locks::go::vendored::parse_modules(&bytes, &vendored, "");
        let read = read.map_err(|fault| Error::file(&vendored, fault.line, fault.what))?;
        return counted(&list.path, locks::go::vendored::unite_vendored(lock, read));
    }
    let path = list.beside(if list.kind == Kind::GoWork { "go.work.sum" } else { "go.sum" });
    let Some(sums) = beside(&path) else { return Ok(lock) };
    let sums = locks::go::parse_sum(&sums, &path).map_err(|fault| Error::file(&path, fault.line, fault.what))?;
    counted(&list.path, locks::go::unite(lock, sums))
}

/// A list's bytes. Errors: exit 2 when it is larger than any list is, no plain file or not there, exit 3 when the system
/// refuses.
pub fn bytes(root: &Path, list: &List) -> Result<Vec<u8>, Error> {
    let path = root.join(&list.path);
    // Opening a pipe would wait for its writer.
    if std::fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(Error::file(&list.path, None, "it is no plain file"));
    }
    let bytes = kit_git::observe::file::bytes(&path.display().to_string(), MAX_LIST_BYTES).map_err(Error::from)?;
    Ok(bytes)
}

/// Where packages of that kind of list lie, the best place first.
fn open(kind: Kind, ground: &Ground, lock: &Lock) -> Vec<Box<dyn Store>> {
    match kind {
        Kind::Composer | Kind::ComposerInstalled => vec![stores::composer::open(ground, lock)],
        Kind::Yarn => vec![stores::yarn_cache::open(ground, lock)],
        Kind::Npm | Kind::Pnpm | Kind::Bun | Kind::NodeModules => vec![stores::node_modules::open(ground, lock)],
        Kind::Cargo => vec![stores::cargo::open(ground, lock)],
        Kind::Poetry
        | Kind::Uv
        | Kind::Pdm
        | Kind::Pipfile
        | Kind::Pylock
        | Kind::Requirements
        | Kind::SitePackages => vec![stores::site_packages::open(ground, lock)],
        Kind::GoMod | Kind::GoWork => vec![stores::go::open(ground, lock)],
        Kind::Gemfile => vec![stores::gems::open(ground, lock)],
        Kind::Pom | Kind::Gradle => vec![stores::maven::open(ground, lock)],
        Kind::NuGet | Kind::NuGetAssets => vec![stores::nuget::open(ground, lock)],
        Kind::CycloneDx | Kind::SpdxJson => Vec::new(),
    }
}

/// What a text is, and the text where it is kept.
type Seen = (Option<Arc<Identified>>, Option<Arc<str>>);

/// Bytes of all texts that are kept for an attribution, each counted once: the 1,700 packages of a large tree have four
/// million. Writing them takes four times as much memory.
const MAX_KEPT_BYTES: usize = 64 << 20;

/// Texts that were seen before: trees hold the same few a thousand times, and so do several lists of a project. Shared between
/// threads.
pub struct Texts<'i> {
    identifier: &'i Identifier,
    keep: bool,
    limit_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    bytes: usize,
    known: FxHashMap<(FileKind, [u8; 32]), Seen>,
}

impl<'i> Texts<'i> {
    /// None so far. `keep` keeps the texts, for an attribution.
    pub fn new(identifier: &'i Identifier, keep: bool) -> Self {
        Texts { identifier, keep, limit_bytes: MAX_KEPT_BYTES, kept: Mutex::default() }
    }

    /// What is kept is whole at all times: it is only ever added to.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Errors: there are more than can be held (exit 2), for an attribution that lacks some would be none.
    fn within_limit(&self) -> Result<(), Error> {
        if self.kept().bytes <= self.limit_bytes {
            return Ok(());
        }
        Err(Error::input(format!(
            "the licence texts for the attribution have more than {} bytes together; name a smaller `root`, or fewer `lists`",
            self.limit_bytes
        )))
    }

    fn file(&self, file: LicenseFile) -> FoundFile {
        let digest: [u8; 32] = Sha256::digest(&file.bytes).into();
        let mut sha256 = String::with_capacity(digest.len() * 2);
        let digits = digest.iter().flat_map(|&byte| [byte >> 4, byte & 0xf]);
        sha256.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
        let seen = self.kept().known.get(&(file.kind, digest)).cloned();
        let (identified, text) = seen.unwrap_or_else(|| {
            let identified = (file.kind == FileKind::License).then(|| Arc::new(self.identifier.identify(&file.bytes)));
            let mut kept = self.kept();
            // Another thread may have read the same text meanwhile, and each counts once.
            if let Some(seen) = kept.known.get(&(file.kind, digest)) {
                return seen.clone();
            }
            if self.keep {
                kept.bytes = kept.bytes.saturating_add(file.bytes.len());
            }
            let keep = self.keep && kept.bytes <= self.limit_bytes;
            let text = keep.then(|| Arc::from(lossy(&file.bytes)));
            let found = (identified, text);
            kept.known.insert((file.kind, digest), found.clone());
            found
        });
        FoundFile { path: file.path, name: file.name, kind: file.kind, sha256, identified, text }
    }
}

fn known(package: Package, stores: &[Box<dyn Store>], texts: &Texts<'_>) -> Known {
    let mut evidence: Option<Evidence> = None;
    let mut found_in: Option<&dyn Store> = None;
    // The project's own code needs nobody's licence.
    if package.origin != Origin::Own {
        for store in stores {
            let found = store.look(&package);
            let here = found.missing.is_none();
            if here || evidence.is_none() {
                evidence = Some(found);
            }
            if here {
                found_in = Some(store.as_ref());
                break;
            }
        }
    }
    let evidence = evidence.unwrap_or_default();
    let files = evidence.files.into_iter().map(|file| texts.file(file)).collect();
    let mut known = Known {
        package,
        statements: evidence.statements,
        files,
        sources: Vec::new(),
        missing: evidence.missing,
        notices: evidence.notices,
    };
    if let Some(store) = found_in
        && sources_may_settle(&known, texts.identifier)
    {
        // Most files of a package have one of a few heads.
        let mut read: FxHashMap<String, Claims> = FxHashMap::default();
        let head = |source: Source| {
            let claims = read.entry(source.head).or_insert_with_key(|head| texts.identifier.claims(head)).clone();
            SourceHead { path: source.path, is_front: source.is_front, size_bytes: source.size_bytes, claims }
        };
        known.sources = store.sources(&known.package).into_iter().map(head).collect();
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> LicenseFile {
        LicenseFile { path: "p".into(), name: "LICENSE".into(), kind: FileKind::Notice, bytes: text.into() }
    }

    #[test]
    fn each_text_is_kept_once_and_not_more_than_the_limit() {
        let identifier = Identifier::new();
        let texts = Texts { limit_bytes: 6, ..Texts::new(&identifier, true) };
        let first = texts.file(file("abc")).text.expect("kept");
        assert!(Arc::ptr_eq(&first, &texts.file(file("abc")).text.expect("kept")));
        assert!(texts.file(file("def")).text.is_some() && texts.within_limit().is_ok());
        assert_eq!(texts.file(file("g")).text, None);
        assert!(texts.within_limit().is_err_and(|error| error.to_string().contains("more than 6 bytes")));
        let unkept = Texts { limit_bytes: 0, ..Texts::new(&identifier, false) };
        assert_eq!(unkept.file(file("abc")).text, None);
        assert!(unkept.within_limit().is_ok());
    }
}
