//! Finds the lists of a project: lock files, and installed trees where there is no lock file.

use super::asked::{MAX_MANIFEST_BYTES, asks_for_any};
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use walkdir::WalkDir;

/// Entries that are walked over at most; a checkout without its dependencies has a thousandth of that.
const MAX_ENTRIES: usize = 2_000_000;
/// Depth of the deepest folder that is looked into.
const MAX_DEPTH: usize = 64;
/// Lists that are read at most.
const MAX_LISTS: usize = 10_000;

/// What a list is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `composer.lock`
    Composer,
    /// `vendor/composer/installed.json`, without a lock file
    ComposerInstalled,
    /// `package-lock.json`, `npm-shrinkwrap.json`
    Npm,
    /// `yarn.lock`
    Yarn,
    /// `pnpm-lock.yaml`
    Pnpm,
    /// `bun.lock`, `bun.lockb`
    Bun,
    /// `node_modules`, without a lock file
    NodeModules,
    /// `Cargo.lock`
    Cargo,
    /// `poetry.lock`
    Poetry,
    /// `uv.lock`
    Uv,
    /// `pdm.lock`
    Pdm,
    /// `Pipfile.lock`
    Pipfile,
    /// `pylock.toml`
    Pylock,
    /// `requirements.txt` and its like
    Requirements,
    /// A virtual environment, without a lock file
    SitePackages,
    /// `go.mod`, with its `go.sum`
    GoMod,
    /// `go.work`, with its `go.work.sum`
    GoWork,
    /// `Gemfile.lock`, `gems.locked`
    Gemfile,
    /// `pom.xml`
    Pom,
    /// `gradle.lockfile`, `buildscript-gradle.lockfile`
    Gradle,
    /// `packages.lock.json`
    NuGet,
    /// `obj/project.assets.json`, without a lock file
    NuGetAssets,
    /// `CycloneDX` JSON
    CycloneDx,
    /// SPDX JSON
    SpdxJson,
}

/// A list that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct List {
    /// Relative to the root, `/`-separated; of a tree its folder.
    pub path: String,
    /// What it is.
    pub kind: Kind,
}

impl List {
    /// Whether it is a file, and no installed tree.
    pub fn is_file(&self) -> bool {
        !matches!(self.kind, Kind::NodeModules | Kind::SitePackages)
    }

    /// Its folder, relative to the root; empty for the root itself.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// A path beside it, relative to the root.
    pub fn beside(&self, name: &str) -> String {
        if self.folder().is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder()) }
    }
}

/// What there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In order of path.
    pub lists: Vec<List>,
    /// Manifests with dependencies that no list covers, and what would make one.
    pub without_list: Vec<(String, &'static str)>,
    /// Every package.json, in order of path: some lock files say only together with them what is for development.
    pub manifests: Vec<String>,
}

/// Folders that hold what others wrote, or what a build made.
const SKIPPED: [&str; 14] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "vendor",
    "target",
    ".yarn",
    ".venv",
    "venv",
    "__pypackages__",
    "__pycache__",
    ".tox",
    "bower_components",
    ".gradle",
];

/// Folders of a virtual environment that hold what is installed. One that is the root may be the project's folder as well
/// (`python -m venv .`).
const OF_ENVIRONMENT: [&str; 6] = ["lib", "lib64", "Lib", "bin", "Scripts", "include"];

/// Looks through the project. `exclude` are globs of folders, relative to the root.
/// Errors: the root is no folder (exit 2), cannot be listed (exit 3), or holds more than is believable (exit 2).
pub fn find(root: &Path, exclude: &[String]) -> Result<Found, Error> {
    if !root.is_dir() {
        return Err(Error::input(format!("`root` is `{}`, which is no folder", root.display())));
    }
    let mut seen = Seen::default();
    let is_environment = is_environment(root);
    if is_environment {
        seen.trees.push(List { path: ".".to_owned(), kind: Kind::SitePackages });
    }
    let walk = WalkDir::new(root).max_depth(MAX_DEPTH).sort_by_file_name().into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let is_folder = entry.depth() > 0 && entry.file_type().is_dir();
        let installed = is_environment && entry.depth() == 1 && OF_ENVIRONMENT.contains(&name.as_ref());
        let skipped =
            is_folder && (SKIPPED.contains(&name.as_ref()) || installed || self::is_environment(entry.path()));
        !skipped && !is_excluded(&below(root, entry.path()), exclude)
    });
    for (count, entry) in walk.enumerate() {
        let entry = entry.map_err(|err| Error::World {
            what: "list",
            path: err.path().unwrap_or(root).display().to_string(),
            why: err.io_error().map_or_else(|| err.to_string(), ToString::to_string),
        })?;
        if count > MAX_ENTRIES {
            return Err(Error::input(format!(
                "`{}` holds more than {MAX_ENTRIES} files; name a smaller `root`, or `exclude` folders",
                root.display()
            )));
        }
        let path = below(root, entry.path());
        if entry.file_type().is_dir() {
            seen.folder(root, &path);
        } else if let Some(name) = entry.file_name().to_str() {
            seen.file(&path, name);
        }
    }
    seen.close(root)
}

/// Adds what lists name: requirements that others include, modules of a Go workspace.
/// Errors: one that is not there (exit 2), since what it lists would go unseen.
pub fn include(root: &Path, found: &mut Found, exclude: &[String]) -> Result<(), Error> {
    let mut at = 0;
    while let Some(list) = found.lists.get(at) {
        at += 1;
        for (path, kind) in named(root, list, exclude)? {
            if !found.lists.iter().any(|list| list.path == path) {
                found.lists.push(List { path, kind });
            }
        }
        if found.lists.len() > MAX_LISTS {
            return Err(Error::input(format!("there are more than {MAX_LISTS} lists; name a smaller `root`")));
        }
    }
    found.lists.sort_unstable();
    Ok(())
}

/// Lists that a list names, by their paths.
fn named(root: &Path, list: &List, exclude: &[String]) -> Result<Vec<(String, Kind)>, Error> {
    let read = || super::store::bounded(&root.join(&list.path), super::lines::MAX_LIST_BYTES);
    let is_file = |path: Option<String>| path.filter(|path| root.join(path).is_file());
    let mut paths = Vec::new();
    match list.kind {
        Kind::Requirements => {
            for name in read().map(|bytes| super::locks::requirements::included(&bytes)).unwrap_or_default() {
                let what = format!("it includes `{name}`, which is not a file of the project");
                let path = is_file(normal(&list.beside(&name))).ok_or_else(|| Error::file(&list.path, None, what))?;
                paths.push((path, Kind::Requirements));
            }
        }
        Kind::GoWork => {
            // One that can't be read is refused when its turn comes.
            let work = read().and_then(|bytes| super::locks::go::work::parse_work(&bytes).ok()).unwrap_or_default();
            for used in work.uses {
                let folder = normal(&list.beside(&used.folder)).filter(|_| !used.folder.starts_with('/'));
                let above = |folder: &String| {
                    Path::new(folder).ancestors().any(|above| is_excluded(&above.to_string_lossy(), exclude))
                };
                if folder.as_ref().is_some_and(above) {
                    continue;
                }
                let module =
                    folder.map(|folder| if folder.is_empty() { "go.mod".to_owned() } else { folder + "/go.mod" });
                let what = format!("it uses `{}`, where no go.mod of the project is", used.folder);
                let path = is_file(module).ok_or_else(|| Error::file(&list.path, Some(used.line), what))?;
                paths.push((path, Kind::GoMod));
            }
        }
        _ => {}
    }
    Ok(paths)
}

/// <https://docs.python.org/3/library/venv.html>
fn is_environment(folder: &Path) -> bool {
    folder.join("pyvenv.cfg").is_file()
}

/// A path without `.` and `..`; `None` when it leaves the root.
pub(super) fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!path.starts_with('/')).then(|| parts.join("/"))
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn is_excluded(path: &str, exclude: &[String]) -> bool {
    let matches = |glob: &String| {
        let glob = glob.trim_end_matches('/').trim_end_matches("/**");
        fast_glob::glob_match(glob, path)
    };
    !path.is_empty() && exclude.iter().any(matches)
}

/// What a file's name says.
pub fn kind_of(name: &str) -> Option<Kind> {
    Some(match name {
        "composer.lock" => Kind::Composer,
        "installed.json" => Kind::ComposerInstalled,
        "package-lock.json" | "npm-shrinkwrap.json" | ".package-lock.json" => Kind::Npm,
        "yarn.lock" => Kind::Yarn,
        "pnpm-lock.yaml" => Kind::Pnpm,
        "bun.lock" | "bun.lockb" => Kind::Bun,
        "Cargo.lock" => Kind::Cargo,
        "poetry.lock" => Kind::Poetry,
        "uv.lock" => Kind::Uv,
        "pdm.lock" => Kind::Pdm,
        "Pipfile.lock" => Kind::Pipfile,
        "pylock.toml" => Kind::Pylock,
        "go.mod" => Kind::GoMod,
        "go.work" => Kind::GoWork,
        "Gemfile.lock" | "gems.locked" => Kind::Gemfile,
        "pom.xml" => Kind::Pom,
        "gradle.lockfile" | "buildscript-gradle.lockfile" => Kind::Gradle,
        "packages.lock.json" => Kind::NuGet,
        "project.assets.json" => Kind::NuGetAssets,
        "bom.json" => Kind::CycloneDx,
        name if name.ends_with(".cdx.json") => Kind::CycloneDx,
        name if name.ends_with(".spdx.json") => Kind::SpdxJson,
        name if name.starts_with("pylock.") && name.ends_with(".toml") => Kind::Pylock,
        name if name.starts_with("requirements") && name.ends_with(".txt") => Kind::Requirements,
        _ => return None,
    })
}

/// Whether a list of that kind counts only when it is named: bills of materials in a checkout are as often what a build
/// wrote as what it reads.
fn only_when_named(kind: Kind) -> bool {
    matches!(kind, Kind::CycloneDx | Kind::SpdxJson | Kind::ComposerInstalled)
}

#[derive(Default)]
struct Seen {
    lists: Vec<List>,
    /// Folders that hold `node_modules`, a virtual environment, `vendor/composer/installed.json`.
    trees: Vec<List>,
    manifests: Vec<(String, &'static str)>,
}

impl Seen {
    fn folder(&mut self, root: &Path, path: &str) {
        let here = root.join(path);
        let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        if here.join("node_modules").is_dir() {
            self.trees.push(List { path: join("node_modules"), kind: Kind::NodeModules });
        }
        if here.join("vendor/composer/installed.json").is_file() {
            self.trees.push(List { path: join("vendor/composer/installed.json"), kind: Kind::ComposerInstalled });
        }
        let Ok(entries) = std::fs::read_dir(&here) else { return };
        let environments = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut environments: Vec<String> = environments.filter(|name| is_environment(&here.join(name))).collect();
        environments.sort_unstable();
        self.trees.extend(environments.iter().map(|name| List { path: join(name), kind: Kind::SitePackages }));
    }

    fn file(&mut self, path: &str, name: &str) {
        match name {
            "composer.json" => self.manifests.push((path.to_owned(), "run composer install, or commit composer.lock")),
            "package.json" => self.manifests.push((path.to_owned(), "run npm install, or commit package-lock.json")),
            _ => {}
        }
        match kind_of(name).filter(|kind| !only_when_named(*kind)) {
            // What a restore found, which its lock file has too.
            Some(Kind::NuGetAssets) => self.trees.push(List { path: path.to_owned(), kind: Kind::NuGetAssets }),
            Some(kind) => self.lists.push(List { path: path.to_owned(), kind }),
            None => {}
        }
    }

    fn close(mut self, root: &Path) -> Result<Found, Error> {
        let mut covered: BTreeMap<Ground, BTreeSet<String>> = BTreeMap::new();
        // The same lock file twice over: the shrink-wrap is the one that npm obeys, and so is what lies in its folder.
        let shrinkwraps: BTreeSet<String> = self
            .lists
            .iter()
            .filter(|list| list.path.ends_with("npm-shrinkwrap.json"))
            .map(|l| l.folder().to_owned())
            .collect();
        self.lists.retain(|list| !(list.path.ends_with("package-lock.json") && shrinkwraps.contains(list.folder())));
        // A list of requirements seldom holds all that is installed for it.
        for list in self.lists.iter().filter(|list| list.kind != Kind::Requirements) {
            covered.entry(ground(list.kind)).or_default().insert(list.folder().to_owned());
        }
        for tree in std::mem::take(&mut self.trees) {
            let ground = ground(tree.kind);
            let folder = match tree.kind {
                Kind::ComposerInstalled => {
                    tree.path.trim_end_matches("vendor/composer/installed.json").trim_end_matches('/').to_owned()
                }
                Kind::NuGetAssets => tree.folder().trim_end_matches("obj").trim_end_matches('/').to_owned(),
                _ => tree.folder().to_owned(),
            };
            if !is_covered(covered.get(&ground), &folder) {
                covered.entry(ground).or_default().insert(folder);
                self.lists.push(tree);
            }
        }
        let has_dependencies = |path: &str| {
            let bytes = super::store::bounded(&root.join(path), MAX_MANIFEST_BYTES);
            bytes.is_some_and(|bytes| asks_for_any(path, &bytes))
        };
        let of_npm = self.manifests.iter().filter(|(path, _)| !path.ends_with("composer.json"));
        let manifests = of_npm.map(|(path, _)| path.clone()).collect();
        let without_list = self
            .manifests
            .into_iter()
            .filter(|(path, _)| {
                let ground = if path.ends_with("composer.json") { Ground::Php } else { Ground::JavaScript };
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                !is_covered(covered.get(&ground), folder) && has_dependencies(path)
            })
            .collect();
        self.lists.sort_unstable();
        if self.lists.len() > MAX_LISTS {
            return Err(Error::input(format!("there are more than {MAX_LISTS} lock files; name a smaller `root`")));
        }
        Ok(Found { lists: self.lists, without_list, manifests })
    }
}

/// Whose lists cover each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    Php,
    JavaScript,
    Python,
    DotNet,
    Other,
}

fn ground(kind: Kind) -> Ground {
    match kind {
        Kind::Composer | Kind::ComposerInstalled => Ground::Php,
        Kind::Npm | Kind::Yarn | Kind::Pnpm | Kind::Bun | Kind::NodeModules => Ground::JavaScript,
        Kind::Poetry
        | Kind::Uv
        | Kind::Pdm
        | Kind::Pipfile
        | Kind::Pylock
        | Kind::Requirements
        | Kind::SitePackages => Ground::Python,
        Kind::NuGet | Kind::NuGetAssets => Ground::DotNet,
        _ => Ground::Other,
    }
}

/// Whether a folder or one above it has a list.
fn is_covered(folders: Option<&BTreeSet<String>>, folder: &str) -> bool {
    let Some(folders) = folders else { return false };
    let mut folder = folder;
    loop {
        if folders.contains(folder) {
            return true;
        }
        if folder.is_empty() {
            return false;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, content) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("written");
            fs::write(path, content).expect("written");
        }
        folder
    }

    fn paths(found: &Found) -> Vec<&str> {
        found.lists.iter().map(|list| list.path.as_str()).collect()
    }

    #[test]
    fn lists_of_a_monorepo_are_found_and_those_of_dependencies_are_not() {
        let project = project(&[
            ("composer.lock", "{}"),
            ("apps/web/package-lock.json", "{}"),
            ("apps/web/node_modules/a/package-lock.json", "{}"),
            ("vendor/a/b/composer.lock", "{}"),
            ("old/Gemfile.lock", ""),
            ("bom.json", "{}"),
        ]);
        let found = find(project.path(), &["old/**".to_owned()]).expect("found");
        assert_eq!(paths(&found), ["apps/web/package-lock.json", "composer.lock"]);
    }

    #[test]
    fn a_tree_is_a_list_where_no_lock_file_covers_it() {
        let project = project(&[
            ("a/package.json", r#"{"dependencies": {"x": "1"}}"#),
            ("a/node_modules/x/package.json", "{}"),
            ("b/yarn.lock", ""),
            ("b/node_modules/x/package.json", "{}"),
            ("b/packages/c/package.json", r#"{"dependencies": {"x": "1"}}"#),
            ("b/packages/c/node_modules/y/package.json", "{}"),
            ("p/env/pyvenv.cfg", ""),
            ("p/env/lib/python3.11/site-packages/requirements.txt", ""),
            ("php/vendor/composer/installed.json", "[]"),
            ("net/obj/project.assets.json", "{}"),
            ("net2/obj/project.assets.json", "{}"),
            ("net2/packages.lock.json", "{}"),
        ]);
        let found = find(project.path(), &[]).expect("found");
        let expected = [
            "a/node_modules",
            "b/yarn.lock",
            "net/obj/project.assets.json",
            "net2/packages.lock.json",
            "p/env",
            "php/vendor/composer/installed.json",
        ];
        assert_eq!(paths(&found), expected);
        assert!(found.without_list.is_empty());
    }

    #[test]
    fn a_virtual_environment_may_be_the_root_itself() {
        let project = project(&[
            ("pyvenv.cfg", ""),
            ("lib/python3.11/site-packages/x-1.dist-info/METADATA", ""),
            ("lib/python3.11/site-packages/x/package-lock.json", "{}"),
        ]);
        let found = find(project.path(), &[]).expect("found");
        assert_eq!(found.lists, [List { path: ".".to_owned(), kind: Kind::SitePackages }]);
        assert_eq!(found.lists[0].folder(), "");
        // One that was made where the project is.
        fs::write(project.path().join("package-lock.json"), "{}").expect("written");
        let found = find(project.path(), &[]).expect("found");
        assert_eq!(paths(&found), [".", "package-lock.json"]);
    }

    #[test]
    fn what_requirements_include_is_read_too() {
        let project = project(&[
            ("requirements.txt", "-r deps/base.in.txt\n"),
            ("deps/base.in.txt", "-r ../more.txt\na==1\n"),
            ("more.txt", "b==1\n"),
        ]);
        let mut found = find(project.path(), &[]).expect("found");
        include(project.path(), &mut found, &[]).expect("all there");
        assert_eq!(paths(&found), ["deps/base.in.txt", "more.txt", "requirements.txt"]);
        fs::write(project.path().join("more.txt"), "-r ../outside.txt\n").expect("written");
        assert!(include(project.path(), &mut found, &[]).is_err());
    }

    #[test]
    fn a_manifest_without_a_list_is_not_passed_over() {
        let project = project(&[
            ("composer.json", r#"{"require": {"php": ">=8", "monolog/monolog": "^3"}}"#),
            ("tools/package.json", r#"{"name": "tools"}"#),
            ("ui/package.json", r#"{"devDependencies": {"vite": "5"}}"#),
        ]);
        let found = find(project.path(), &[]).expect("found");
        let manifests: Vec<&str> = found.without_list.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(manifests, ["composer.json", "ui/package.json"]);
    }
}
