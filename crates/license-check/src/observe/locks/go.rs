//! `go.mod`, `go.sum`, `vendor/modules.txt` and `go.work`.
//!
//! <https://go.dev/ref/mod#go-mod-file>, <https://go.dev/ref/mod#go-sum-files>, <https://go.dev/ref/mod#go-mod-vendor>
//!
//! # Which modules are listed
//! What `go.mod` requires, direct or not, after its `replace` lines: since Go 1.17 that is every module that gives a package
//! to the build or to its tests. Further those of which `go.sum` has the digest of the module itself; a line with `/go.mod`
//! only says that a module was asked for its requirements, and its code is in no build. A module that only `go.sum` has may be
//! a test of a dependency or a version of the past, so it is [`Package::optional`]. Where `vendor/modules.txt` exists, it is
//! what is built, and `go.sum` isn't asked.
//!
//! A module that `replace` exchanges for another is listed as the other one: its code is what is shipped. One that is
//! exchanged for a folder is [`Origin::Own`] when host and owner are those of the main module, else [`Origin::Folder`]:
//! somebody's code that was copied in. Nothing says which modules only tests or tools need.

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use directives::{Directive, Directives};
use rustc_hash::FxHashMap;

mod directives;
#[cfg(test)]
mod tests;
pub mod vendored;
pub mod work;

pub use vendored::{Vendored, modules, parse_modules, unite_vendored};

/// Directives that say nothing of the packages of a build.
/// `godebug`, `tool` and `ignore` came with Go 1.23, 1.24 and 1.25.
const OTHER_DIRECTIVES: [&str; 6] = ["toolchain", "exclude", "retract", "godebug", "tool", "ignore"];

/// Reads `go.mod`.
///
/// # Errors
/// What the go command would refuse as well: an unknown directive, a block without end, a line with too few words; and git's
/// conflict markers.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes, "restore the file")?;
    let (mut module, mut requires, mut replaces, mut is_whole) = (None, Vec::new(), Vec::new(), false);
    let mut directives = Directives::new(text);
    while let Some(directive) = directives.next()? {
        match (directive.verb, directive.words.as_slice()) {
            ("module", [name]) => module = Some(name.clone()),
            ("go", [version]) => is_whole = lists_all(version),
            ("require", [name, version]) => {
                requires.push((directive.line, checked(&directive, name)?, version.clone()))
            }
            ("replace", _) => replaces.push(Replace::of(&directive)?),
            (verb, _) if OTHER_DIRECTIVES.contains(&verb) => {}
            (verb @ ("module" | "require" | "go"), words) => {
                let what = format!("`{verb}` with {} words; restore the line, or run `go mod tidy`", words.len());
                return Err(Fault::at(directive.line, what));
            }
            (verb, _) => return Err(Fault::at(directive.line, format!("unknown directive `{verb}`"))),
        }
    }
    let Some(module) = module else {
        return Err(Fault::new("no `module` line, so it is no go.mod, or cut off; restore the file"));
    };
    let mut lock = Lock { format: "go.mod".to_owned(), ..Lock::default() };
    let mut seen = FxHashMap::default();
    for (line, name, version) in requires {
        // go itself takes a module that is required twice at one version as one.
        if seen.insert((name.clone(), version.clone()), line).is_some() {
            continue;
        }
        lock.listed += 1;
        lock.packages.push(replaced(&replaces, &module, name, version, line, path));
    }
    once(&mut lock);
    if !is_whole && !lock.packages.is_empty() {
        let what = "before Go 1.17 it names only what the project itself imports; commit go.sum, or run `go mod tidy -go=1.17`";
        lock.incomplete = Some(what.to_owned());
    }
    Ok(lock)
}

/// Reads `go.sum`: the modules with a digest of their own.
///
/// # Errors
/// A line that isn't module, version and digest; git's conflict markers.
pub fn parse_sum(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes, "restore the file, or run `go mod tidy`")?;
    let file = path.rsplit('/').next().unwrap_or(path);
    let mut lock = Lock { format: file.to_owned(), ..Lock::default() };
    let mut seen: FxHashMap<(&str, &str), &str> = FxHashMap::default();
    for (line, content) in (1..).zip(text.lines()) {
        let mut words = content.split_ascii_whitespace();
        let (name, version, digest) = match (words.next(), words.next(), words.next(), words.next()) {
            (None, ..) => continue,
            (Some(name), Some(version), Some(digest), None) if digest.contains(':') => (name, version, digest),
            _ => return Err(Fault::at(line, "no module, version and digest; restore the line, or run `go mod tidy`")),
        };
        if content.contains(|c: char| c.is_control() && c != '\t' && c != '\r') {
            return Err(Fault::at(line, "control characters; restore the line, or run `go mod tidy`"));
        }
        if version.ends_with("/go.mod") {
            continue;
        }
        match seen.insert((name, version), digest) {
            None => {
                let mut package = Package::new(Ecosystem::Go, name, version, Place::new(path, Some(line)));
                package.checksum = Some(digest.to_owned());
                lock.packages.push(package);
                lock.listed += 1;
            }
            Some(other) if other != digest => {
                lock.notices.push(format!("{path}:{line}: {name} {version} has two digests"));
            }
            Some(_) => {}
        }
    }
    Ok(lock)
}

/// The modules of `go.mod` with their digests, then those that only `go.sum` has.
pub fn unite(module: Lock, sum: Lock) -> Lock {
    let mut lock = module;
    let at: FxHashMap<(String, String), usize> =
        lock.packages.iter().enumerate().map(|(at, p)| ((p.name.clone(), p.version.clone()), at)).collect();
    lock.format = format!("{} and {}", lock.format, sum.format);
    lock.notices.extend(sum.notices);
    lock.incomplete = None;
    for mut package in sum.packages {
        match at.get(&(package.name.clone(), package.version.clone())) {
            Some(at) => lock.packages[*at].checksum = package.checksum,
            None => {
                package.optional = true;
                lock.listed += 1;
                lock.packages.push(package);
            }
        }
    }
    lock
}

/// Whether a `go.mod` of that version of Go requires all modules of the build, indirect ones too: since 1.17.
/// <https://go.dev/ref/mod#go-mod-file-go>
fn lists_all(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (1, 17)
}

fn text_of<'b>(bytes: &'b [u8], restore: &str) -> Result<&'b str, Fault> {
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(line, "git's conflict markers; resolve them, then run `go mod tidy`"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::at(Lines::new(bytes).at(error.valid_up_to()), format!("no UTF-8; {restore}")))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn checked(directive: &Directive<'_>, name: &str) -> Result<String, Fault> {
    if name.is_empty() || name.contains(char::is_control) {
        return Err(Fault::at(directive.line, "a module without a name; restore the line"));
    }
    Ok(name.to_owned())
}

/// A `replace` line.
#[derive(Debug, Clone)]
struct Replace {
    line: u32,
    old: String,
    /// Of the module that is replaced; none stands for all of its versions.
    old_version: Option<String>,
    new: String,
    /// None: `new` is a folder.
    new_version: Option<String>,
}

impl Replace {
    fn of(directive: &Directive<'_>) -> Result<Replace, Fault> {
        let wrong =
            || Fault::at(directive.line, "`replace` is no `module [version] => module version` or `=> ./folder`");
        let arrow = directive.words.iter().position(|word| word == "=>").ok_or_else(wrong)?;
        let (old, new) = (&directive.words[..arrow], &directive.words[arrow + 1..]);
        let (old, old_version) = match old {
            [old] => (old, None),
            [old, version] => (old, Some(version.clone())),
            _ => return Err(wrong()),
        };
        let (new, new_version) = match new {
            [new] if is_folder(new) => (new, None),
            [new, version] => (new, Some(version.clone())),
            _ => return Err(wrong()),
        };
        let (old, new) = (checked(directive, old)?, checked(directive, new)?);
        Ok(Replace { line: directive.line, old, old_version, new, new_version })
    }
}

impl Replace {
    /// Whether it is for that module at that version.
    fn fits(&self, name: &str, version: &str) -> bool {
        self.old == name && self.old_version.as_ref().is_none_or(|old| old == version)
    }
}

/// Whether that is a path and no module: <https://go.dev/ref/mod#go-mod-file-replace>.
fn is_folder(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    drive || matches!(name, "." | "..") || ["./", "../", "/", ".\\", "..\\"].iter().any(|start| name.starts_with(start))
}

fn replaced(replaces: &[Replace], module: &str, name: String, version: String, line: u32, path: &str) -> Package {
    // A replacement of that very version goes before one of all versions.
    let fitting = |replace: &&Replace| replace.old_version.is_some() && replace.fits(&name, &version);
    let any = |replace: &&Replace| replace.fits(&name, &version);
    match replaces.iter().rfind(fitting).or_else(|| replaces.iter().rfind(any)) {
        None => Package::new(Ecosystem::Go, name, version, Place::new(path, Some(line))),
        Some(replace) => replacement(replace.new.clone(), replace.new_version.clone(), (name, version), module, {
            Place::new(path, Some(replace.line))
        }),
    }
}

/// The package that stands in for `old` (name and version) in the build of `module`; `version` is none for a folder.
fn replacement(new: String, version: Option<String>, old: (String, String), module: &str, place: Place) -> Package {
    if let Some(version) = version {
        return Package::new(Ecosystem::Go, new, version, place);
    }
    let own = owner(&old.0) == owner(module);
    let mut package = Package::new(Ecosystem::Go, old.0, old.1, place);
    package.origin = if own { Origin::Own } else { Origin::Folder };
    package.installed_at.push(new.replace('\\', "/"));
    package
}

/// Host and owner of a module path: `github.com/cli` of `github.com/cli/cli/v2`; `shop` of `shop/api`.
fn owner(module: &str) -> &str {
    let parts = if module.split('/').next().is_some_and(|host| host.contains('.')) { 2 } else { 1 };
    let end = module.match_indices('/').nth(parts - 1).map_or(module.len(), |(at, _)| at);
    &module[..end]
}

/// Two modules may be replaced by the same one: it is one package.
fn once(lock: &mut Lock) {
    let mut seen = rustc_hash::FxHashSet::default();
    let before = lock.packages.len();
    lock.packages.retain(|package| seen.insert((package.name.clone(), package.version.clone())));
    lock.listed -= before - lock.packages.len();
}
