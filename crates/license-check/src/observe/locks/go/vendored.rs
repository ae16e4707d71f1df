//! `vendor/modules.txt`: what `go mod vendor` copied, module by module. Its format is that of
//! `cmd/go/internal/modload/vendor.go`.

use super::{is_folder, replacement, text_of};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Package, Place};
use rustc_hash::{FxHashMap, FxHashSet};

/// A module of `vendor/modules.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendored {
    /// 1-based.
    pub line: u32,
    /// As `go.mod` requires it; its folder in `vendor`.
    pub name: String,
    /// As required; empty for a replacement of all versions.
    pub version: String,
    /// What `replace` exchanged it for: a module with its version, or a folder without.
    pub by: Option<(String, Option<String>)>,
    /// Its packages that were copied; none when the build has none of it.
    pub packages: Vec<String>,
}

/// Reads `vendor/modules.txt`, module by module.
///
/// # Errors
/// A line that is neither a module, a mark nor a package; git's conflict markers.
pub fn modules(bytes: &[u8]) -> Result<Vec<Vendored>, Fault> {
    let text = text_of(bytes, "run `go mod vendor`")?;
    let mut modules: Vec<Vendored> = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let wrong = |what: &str| Err(Fault::at(line, format!("{what}; run `go mod vendor`")));
        if content.contains(|c: char| c.is_control() && c != '\t' && c != '\r') {
            return wrong("control characters");
        }
        let words: Vec<&str> = content.split_ascii_whitespace().collect();
        match words.as_slice() {
            // `## explicit; go 1.17` or `## workspace`.
            [] | ["##", ..] => {}
            ["#", words @ ..] => {
                let arrow = words.iter().position(|word| *word == "=>").unwrap_or(words.len());
                let (name, version) = match words[..arrow] {
                    [name] if arrow < words.len() => (name, ""),
                    [name, version] => (name, version),
                    _ => return wrong("no module and version"),
                };
                let by = match words.get(arrow + 1..).unwrap_or_default() {
                    [] if arrow == words.len() => None,
                    [folder] if is_folder(folder) => Some(((*folder).to_owned(), None)),
                    [name, version] => Some(((*name).to_owned(), Some((*version).to_owned()))),
                    _ => return wrong("no replacement"),
                };
                let (name, version) = (name.to_owned(), version.to_owned());
                modules.push(Vendored { line, name, version, by, packages: Vec::new() });
            }
            [package] => match modules.last_mut() {
                Some(module) => module.packages.push((*package).to_owned()),
                None => return wrong("a package before any module"),
            },
            _ => return wrong("neither a module nor a package"),
        }
    }
    Ok(modules)
}

/// Reads `vendor/modules.txt`. `module` is the main module's path, of `go.mod`; empty when it isn't known. A module of which
/// the build has no package is [`Package::optional`].
///
/// # Errors
/// As [`modules`].
pub fn parse_modules(bytes: &[u8], path: &str, module: &str) -> Result<Lock, Fault> {
    let mut lock = Lock { format: "vendor/modules.txt".to_owned(), ..Lock::default() };
    let mut seen = FxHashSet::default();
    for vendored in modules(bytes)? {
        // Replacements stand at the end once more, without packages; those of all versions without a version.
        if vendored.version.is_empty() {
            continue;
        }
        let place = Place::new(path, Some(vendored.line));
        let mut package = match vendored.by {
            Some((new, version)) => replacement(new, version, (vendored.name, vendored.version), module, place),
            None => Package::new(Ecosystem::Go, vendored.name, vendored.version, place),
        };
        package.optional = vendored.packages.is_empty();
        if seen.insert((package.name.clone(), package.version.clone())) {
            lock.listed += 1;
            lock.packages.push(package);
        }
    }
    Ok(lock)
}

/// What is vendored, with the lines of `go.mod` where that has the module. What `go.mod` requires and isn't vendored stays
/// listed, with a notice: go refuses to build then.
pub fn unite_vendored(module: Lock, vendored: Lock) -> Lock {
    let mut lock = vendored;
    let at: FxHashMap<(String, String), usize> =
        lock.packages.iter().enumerate().map(|(at, p)| ((p.name.clone(), p.version.clone()), at)).collect();
    lock.format = format!("{} and vendor/modules.txt", module.format);
    lock.notices.extend(module.notices);
    for package in module.packages {
        match at.get(&(package.name.clone(), package.version.clone())) {
            Some(at) => {
                let vendored = &mut lock.packages[*at];
                (vendored.place, vendored.origin) = (package.place, package.origin);
            }
            None => {
                let what = "is required and not in vendor/modules.txt; run `go mod vendor`";
                lock.notices.push(format!("{}: {} {} {what}", package.place, package.name, package.version));
                lock.listed += 1;
                lock.packages.push(package);
            }
        }
    }
    lock
}
