//! `packages.lock.json`, versions 1 and 2, and `obj/project.assets.json`, versions 2 and 3.
//!
//! <https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies>; version 2
//! came with central package management (`NuGet.ProjectModel/ProjectLockFile/PackagesLockFileFormat.cs`). A package that is
//! locked at one version for several frameworks is one package. `Project` entries are the team's own. Nothing says which
//! packages are for development only.

use crate::observe::lines::{Lines, conflict_marker};
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use pairs::Pairs;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

mod pairs;
#[cfg(test)]
mod tests;

const RESTORE: &str = "restore the file, or run `dotnet restore --force-evaluate`";

#[derive(Deserialize)]
struct Document<'t> {
    #[serde(borrow)]
    version: &'t RawValue,
    #[serde(borrow)]
    dependencies: Pairs<Pairs<&'t RawValue>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'t, str>,
    #[serde(borrow)]
    resolved: Option<Cow<'t, str>>,
    #[serde(borrow, rename = "contentHash")]
    content_hash: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct Assets<'t> {
    #[serde(borrow)]
    version: &'t RawValue,
    #[serde(borrow)]
    libraries: Pairs<&'t RawValue>,
}

#[derive(Deserialize)]
struct Library<'t> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'t, str>,
    #[serde(borrow)]
    sha512: Option<Cow<'t, str>>,
}

/// Reads `packages.lock.json`.
///
/// # Errors
/// Broken JSON, another version, a package without a version; git's conflict markers.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let version = version(text, document.version, [1, 2])?;
    let mut reading = Reading::new(text, path, format!("packages.lock.json v{version}"));
    for (_, packages) in document.dependencies.0 {
        for (name, raw) in packages.0 {
            let line = reading.lines.of(raw.get());
            let entry: Entry<'_> = entry(raw, line)?;
            let version = match (entry.kind.as_ref(), entry.resolved) {
                ("Project", version) => version.unwrap_or_default(),
                (_, Some(version)) if !version.is_empty() => version,
                _ => return Err(Fault::at(line, format!("{name} has no resolved version; {RESTORE}"))),
            };
            reading.package(&name, &version, line, &entry.kind, entry.content_hash.as_deref());
        }
    }
    Ok(reading.lock)
}

/// Reads `project.assets.json`: what was restored, for projects without a lock file.
///
/// # Errors
/// Broken JSON, another version, a library without a version; git's conflict markers.
pub fn parse_assets(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text_of(bytes)?;
    let document: Assets<'_> = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let version = version(text, document.version, [2, 3])?;
    let mut reading = Reading::new(text, path, format!("project.assets.json v{version}"));
    for (key, raw) in document.libraries.0 {
        let line = reading.lines.of(raw.get());
        let library: Library<'_> = entry(raw, line)?;
        let (name, version) = match key.split_once('/') {
            Some((name, version)) if !name.is_empty() && !version.is_empty() => (name, version),
            _ => return Err(Fault::at(line, format!("{key} is no NAME/VERSION; run `dotnet restore`"))),
        };
        reading.package(name, version, line, &library.kind, library.sha512.as_deref());
    }
    Ok(reading.lock)
}

fn text_of(bytes: &[u8]) -> Result<&str, Fault> {
    if let Some(line) = conflict_marker(bytes) {
        return Err(Fault::at(
            line,
            "git's conflict markers; resolve them, then run `dotnet restore --force-evaluate`",
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::at(Lines::new(bytes).at(error.valid_up_to()), format!("no UTF-8; {RESTORE}")))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The version, if it is one of those that are read.
fn version(text: &str, raw: &RawValue, known: [i64; 2]) -> Result<i64, Fault> {
    let version = raw.get().parse().ok().filter(|version| known.contains(version));
    version.ok_or_else(|| {
        let shown: String = raw.get().chars().take(20).collect();
        let what = format!("version {shown} is unknown; {} and {} are read", known[0], known[1]);
        Fault::at(Lines::new(text.as_bytes()).of(raw.get()), what)
    })
}

fn broken(error: &serde_json::Error) -> Fault {
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    Fault { line: u32::try_from(error.line()).ok().filter(|line| *line > 0), what: format!("{what}; {RESTORE}") }
}

fn entry<'t, T: Deserialize<'t>>(raw: &'t RawValue, line: u32) -> Result<T, Fault> {
    serde_json::from_str(raw.get()).map_err(|error| {
        let fault = broken(&error);
        // Lines of an entry are counted from its own.
        Fault { line: Some(line + fault.line.unwrap_or(1) - 1), ..fault }
    })
}

struct Reading<'t> {
    lines: Lines<'t>,
    path: &'t str,
    seen: FxHashSet<(String, String)>,
    lock: Lock,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, path: &'t str, format: String) -> Self {
        let lock = Lock { format, ..Lock::default() };
        Reading { lines: Lines::new(text.as_bytes()), path, seen: FxHashSet::default(), lock }
    }

    fn package(&mut self, name: &str, version: &str, line: u32, kind: &str, digest: Option<&str>) {
        // Names and versions know no case.
        if !self.seen.insert((name.to_lowercase(), version.to_lowercase())) {
            return;
        }
        let mut package = Package::new(Ecosystem::NuGet, name, version, Place::new(self.path, Some(line)));
        match kind {
            "Project" | "project" => package.origin = Origin::Own,
            "Direct" | "Transitive" | "CentralTransitive" | "package" => {}
            other => self.lock.notices.push(format!("{}:{line}: {name} is of an unknown kind: {other}", self.path)),
        }
        package.checksum = digest.filter(|digest| !digest.is_empty()).map(|digest| format!("sha512-{digest}"));
        self.lock.packages.push(package);
        self.lock.listed += 1;
    }
}
