//! Yarn: `yarn.lock` of version 1, and of Yarn 2 and later (`__metadata` with version 1 to 10).
//!
//! Each entry is a package, the project and its workspace members too where they are listed (Yarn 2 and later). A patched
//! package (`@patch:`) has an entry of its own beside the one that it patches, and stands here beside it.
//!
//! The file does not say what is for development: [`scopes`] finds out with the project's package.json files.

mod entries;
mod scopes;

use super::npm::source;
use super::npm::text;
use crate::observe::lock::{Fault, Lock};
use crate::plan::package::{Ecosystem, Origin, Package, Place};
use entries::Entry;
pub use scopes::scopes;

/// What writes a yarn.lock anew.
const COMMAND: &str = "yarn install";

/// The newest version of `__metadata` that is known: Yarn 4.18.
const NEWEST: u32 = 10;

/// Reads it. Errors: an unknown version; any line that Yarn would not have written.
pub fn parse(bytes: &[u8], path: &str) -> Result<Lock, Fault> {
    let text = text::checked(bytes, COMMAND)?;
    let (version, entries) = entries_of(text)?;
    let mut lock = Lock { format: format!("yarn.lock v{version}"), ..Lock::default() };
    lock.listed = heads(text, version != 1);
    for entry in &entries {
        lock.packages.push(if version == 1 { classic(entry, path)? } else { modern(entry, path)? });
    }
    scopes::optional(&entries, version != 1, &mut lock.packages);
    Ok(lock)
}

/// The version, and the entries that are packages.
fn entries_of(text: &str) -> Result<(u32, Vec<Entry<'_>>), Fault> {
    let modern = text.lines().any(|line| line.trim_end() == "__metadata:");
    if !modern {
        for (at, line) in text.lines().enumerate().take_while(|(_, line)| line.is_empty() || line.starts_with('#')) {
            if let Some(version) = line.strip_prefix("# yarn lockfile v").filter(|version| version.trim() != "1") {
                let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
                return Err(Fault::at(line, format!("has the unknown version {version:.20}; 1 is known")));
            }
        }
        return Ok((1, entries::read(text, false)?));
    }
    let mut entries = entries::read(text, true)?;
    let at = entries.iter().position(|entry| entry.specifiers == ["__metadata"]);
    let metadata = at.map(|at| entries.remove(at)).ok_or_else(|| Fault::new("has no `__metadata`"))?;
    let version = metadata.field("version").unwrap_or_default();
    match version.parse() {
        Ok(number @ 2..=NEWEST) => Ok((number, entries)),
        _ => Err(Fault::at(
            metadata.line,
            format!("has the unknown `__metadata` version `{version:.20}`; 2 to {NEWEST} are known"),
        )),
    }
}

/// Entries, counted by nothing but their first character.
fn heads(text: &str, modern: bool) -> usize {
    let head = |line: &&str| !matches!(line.trim_end(), "" | ":") && !line.starts_with([' ', '#']);
    text.lines().filter(head).count() - usize::from(modern)
}

/// The first specifier's name and range.
fn asked<'e>(entry: &'e Entry<'_>) -> Result<(&'e str, &'e str), Fault> {
    let first = entry.specifiers.first().map_or("", |word| &**word);
    source::name_and_rest(first)
        .ok_or_else(|| Fault::at(entry.line, format!("is no package: `{}`", first.escape_debug())))
}

fn field<'e>(entry: &'e Entry<'_>, name: &str) -> Result<&'e str, Fault> {
    entry.field(name).ok_or_else(|| {
        let first = entry.specifiers.first().map_or("", |word| &**word);
        Fault::at(entry.line, format!("`{first}` has no `{name}`; write it anew with `{COMMAND}`"))
    })
}

/// An entry of Yarn 1.
fn classic(entry: &Entry<'_>, path: &str) -> Result<Package, Fault> {
    let (name, range) = asked(entry)?;
    let version = field(entry, "version")?;
    let real = source::alias(range).map(|(name, _)| name);
    let mut package = Package::new(Ecosystem::Npm, real.unwrap_or(name), version, Place::new(path, Some(entry.line)));
    let resolved = entry.field("resolved").unwrap_or_default();
    package.origin = match asked_origin(range) {
        Origin::Registry => source::origin(resolved),
        other => other,
    };
    let digest = resolved.rsplit_once('#').map(|(_, digest)| digest).filter(|digest| digest.len() == 40);
    package.checksum = entry.field("integrity").or(digest).map(str::to_owned);
    if real.is_some_and(|real| real != name) {
        package.installed_at.push(format!("node_modules/{name}"));
    }
    Ok(package)
}

/// By what was asked for. A tarball's address is an archive even at a registry: the name is then whatever was asked for.
fn asked_origin(range: &str) -> Origin {
    match source::origin(range) {
        Origin::Registry if range.starts_with("http") => Origin::Archive,
        other => other,
    }
}

/// An entry of Yarn 2 and later.
fn modern(entry: &Entry<'_>, path: &str) -> Result<Package, Fault> {
    let resolution = field(entry, "resolution")?;
    let (name, reference) = source::name_and_rest(resolution)
        .ok_or_else(|| Fault::at(entry.line, format!("has the unknown resolution `{}`", resolution.escape_debug())))?;
    let version = field(entry, "version")?;
    // What Yarn writes where the folder's own manifest tells.
    let version = if version == "0.0.0-use.local" { "" } else { version };
    let mut package = Package::new(Ecosystem::Npm, name, version, Place::new(path, Some(entry.line)));
    package.checksum = entry.field("checksum").map(str::to_owned);
    package.optional = entry.field("conditions").is_some();
    package.origin = match reference.split_once(':') {
        Some(("workspace", folder)) => {
            if folder != "." {
                package.installed_at.push(folder.to_owned());
            }
            Origin::Own
        }
        Some(("npm", _)) => Origin::Registry,
        Some(("link" | "portal", target)) => {
            package.installed_at.extend(linked(target));
            Origin::Folder
        }
        // The patched one's resolution, its `:` written `%3A`.
        Some(("patch", inner)) => match source::name_and_rest(inner) {
            Some((_, inner)) => asked_origin(&inner.replace("%3A", ":")),
            None => Origin::Registry,
        },
        Some(("exec", _)) => Origin::Archive,
        _ => asked_origin(reference),
    };
    // An alias lies in node_modules under the name that was asked for.
    let (alias, _) = asked(entry)?;
    if alias != name && package.installed_at.is_empty() && package.origin != Origin::Own {
        package.installed_at.push(format!("node_modules/{alias}"));
    }
    Ok(package)
}

/// The folder of `./local::locator=shop%40workspace%3Apackages%2Fa`, which is relative to that member's.
fn linked(target: &str) -> Option<String> {
    let (path, parameters) = target.split_once("::").unwrap_or((target, ""));
    let locator = parameters.split('&').find_map(|one| one.strip_prefix("locator="))?;
    let locator = locator.replace("%40", "@").replace("%3A", ":").replace("%2F", "/");
    let (_, member) = locator.rsplit_once("@workspace:")?;
    let path = path.strip_prefix("./").unwrap_or(path);
    Some(if member == "." { path.to_owned() } else { format!("{member}/{path}") })
}

#[cfg(test)]
mod tests;
