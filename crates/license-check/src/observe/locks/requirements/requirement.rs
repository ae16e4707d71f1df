//! One logical line.

use super::logical::LogicalLine;
use crate::observe::lock::Fault;
use crate::observe::locks::pdm::origin_of_path;
use crate::observe::locks::pipfile::exact;
use crate::observe::locks::python::{is_name, normalized_name};
use crate::plan::package::{Ecosystem, Origin, Package, Place};

/// What a line is.
pub(super) enum Line {
    Package(Box<Requirement>),
    /// `-r FILE`
    Includes(String),
    /// `-c FILE`
    Constrains(String),
    /// Another option of pip.
    Setting,
    /// An option that pip may have by now.
    Unknown(String),
}

/// A requirement.
pub(super) struct Requirement {
    pub(super) package: Package,
    /// Whether it has hashes: pip then demands them, and a line, of every package.
    pub(super) hashed: bool,
}

/// Options of a line of their own, besides `-r`, `-c` and `-e`.
const SETTINGS: [&str; 14] = [
    "-i",
    "--index-url",
    "--pypi-url",
    "--extra-index-url",
    "--no-index",
    "-f",
    "--find-links",
    "--no-binary",
    "--only-binary",
    "--prefer-binary",
    "--require-hashes",
    "--pre",
    "--trusted-host",
    "--use-feature",
];

/// Reads a line. Errors: it is neither a requirement nor an option.
pub(super) fn read(line: &LogicalLine<'_>, path: &str) -> Result<Line, Fault> {
    let text = line.text.as_ref();
    if !text.starts_with('-') {
        return requirement(text, line.number, path).map(|found| Line::Package(Box::new(found)));
    }
    let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
    let (mut option, mut value) = text.split_at(end);
    // Short options may have their value right behind them: `-rother.txt`.
    if !option.starts_with("--") && option.len() > 2 && option.is_char_boundary(2) {
        (option, value) = text.split_at(2);
    }
    let value = value.trim_start_matches('=').trim().trim_matches(['"', '\'']).to_owned();
    let named = |value: String| {
        if value.is_empty() { Err(Fault::at(line.number, format!("`{option}` without a file"))) } else { Ok(value) }
    };
    match option {
        "-r" | "--requirement" => named(value).map(Line::Includes),
        "-c" | "--constraint" => named(value).map(Line::Constrains),
        "-e" | "--editable" => {
            requirement(&named(value)?, line.number, path).map(|found| Line::Package(Box::new(found)))
        }
        known if SETTINGS.contains(&known) => Ok(Line::Setting),
        other => Ok(Line::Unknown(other.to_owned())),
    }
}

/// `name[extra]==1.0 ; marker --hash=…`, `name @ address`, an address, or a path.
fn requirement(text: &str, line: u32, path: &str) -> Result<Requirement, Fault> {
    let (text, hashes) = without_options(text);
    let mut package = match by_address(text, line, path)? {
        Some(package) => package,
        None => by_name(text, line, path)?,
    };
    // Several hashes are those of several files; which one is installed depends on the machine.
    if let [only] = hashes.as_slice() {
        package.checksum = Some((*only).to_owned());
    }
    Ok(Requirement { package, hashed: !hashes.is_empty() })
}

/// A requirement that begins with a name.
fn by_name(text: &str, line: u32, path: &str) -> Result<Package, Fault> {
    let refused = || {
        let shown: String = text.chars().take(60).collect();
        Fault::at(line, format!("`{shown}` is no requirement"))
    };
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !is_name(name) {
        return Err(refused());
    }
    let rest = without_extras(rest.trim_start()).ok_or_else(refused)?.trim_start();
    let mut package = Package::new(Ecosystem::Pip, normalized_name(name), "", Place::new(path, Some(line)));
    if let Some(address) = rest.strip_prefix('@') {
        let address = address.split_once(" ;").map_or(address, |(address, _)| address).trim();
        if address.is_empty() {
            return Err(refused());
        }
        settle_address(&mut package, address);
        return Ok(package);
    }
    let specifiers = rest.split_once(';').map_or(rest, |(specifiers, _)| specifiers).trim();
    let specifiers = specifiers.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifiers);
    if !specifiers.is_empty() && !specifiers.split(',').all(is_specifier) {
        return Err(refused());
    }
    // One exact clause decides, whatever stands beside it.
    package.version = specifiers.split(',').find_map(exact).unwrap_or_default().to_owned();
    Ok(package)
}

/// Takes the options off the end (`--hash=…`, `--config-settings=…`), and gives the hashes.
fn without_options(text: &str) -> (&str, Vec<&str>) {
    let Some(at) = text.find(" --").or_else(|| text.find("\t--")) else { return (text, Vec::new()) };
    let (requirement, options) = text.split_at(at);
    let mut words = options.split_whitespace();
    let mut hashes = Vec::new();
    while let Some(word) = words.next() {
        if let Some(value) = word.strip_prefix("--hash") {
            hashes.extend(value.strip_prefix('=').or_else(|| words.next()));
        }
    }
    (requirement.trim_end(), hashes)
}

/// What follows `[…]`. `None` when the bracket is never closed.
fn without_extras(text: &str) -> Option<&str> {
    match text.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map(|(_, rest)| rest),
        None => Some(text),
    }
}

fn is_specifier(clause: &str) -> bool {
    let clause = clause.trim();
    ["===", "==", "~=", "!=", "<=", ">=", "<", ">"].iter().any(|operator| {
        clause.strip_prefix(operator).is_some_and(|version| {
            let version = version.trim();
            !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".*+!-_".contains(&byte))
        })
    })
}

/// A requirement that is an address or a path, and says its name by the way. `None` for any other.
/// Errors: an address that says no name.
fn by_address(text: &str, line: u32, path: &str) -> Result<Option<Package>, Fault> {
    let target = text.split_once(" ;").map_or(text, |(target, _)| target).trim();
    let first = target.split([' ', '@', '[', ';']).next().unwrap_or_default();
    let scheme = target.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    let remote = scheme && !target.starts_with("file:");
    let is_path = target.starts_with('.') || first.contains(['/', '\\']) || origin_of_path(first) == Origin::Archive;
    if !scheme && !target.starts_with("file:") && !is_path {
        return Ok(None);
    }
    let bare = target.split(['#', '?']).next().unwrap_or(target);
    let last = bare.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(bare);
    let said = egg(target).or_else(|| name_and_version(last).map(|(name, _)| name)).filter(|name| is_name(name));
    let name = match said {
        Some(name) => normalized_name(name),
        None if is_repository(target) => {
            // `https://host/team/tool.git@v1`: the repository's name is the best that the line has.
            let name = last.split('@').next().unwrap_or(last).trim_end_matches(".git");
            if !is_name(name) {
                return Err(nameless(target, line));
            }
            normalized_name(name)
        }
        None if remote || origin_of_path(bare) == Origin::Archive => return Err(nameless(target, line)),
        // A folder: its own files say its name, and the line only where it is.
        None => {
            let last = last.split('[').next().unwrap_or(last);
            if is_name(last) { normalized_name(last) } else { ".".to_owned() }
        }
    };
    let mut package = Package::new(Ecosystem::Pip, name, "", Place::new(path, Some(line)));
    settle_address(&mut package, target);
    Ok(Some(package))
}

fn nameless(target: &str, line: u32) -> Fault {
    let shown: String = target.chars().take(80).collect();
    Fault::at(line, format!("{shown} does not say whose package it is: write `NAME @ ADDRESS`"))
}

fn is_repository(address: &str) -> bool {
    ["git+", "hg+", "svn+", "bzr+"].iter().any(|kind| address.starts_with(kind))
}

/// What an address says of origin and version.
fn settle_address(package: &mut Package, address: &str) {
    let bare = address.split(['#', '?']).next().unwrap_or(address);
    let local = bare
        .strip_prefix("file://")
        .or_else(|| bare.strip_prefix("file:"))
        .or_else(|| (!bare.contains("://")).then_some(bare));
    match local {
        _ if is_repository(address) => package.origin = Origin::Git,
        Some(folder) if origin_of_path(folder) != Origin::Archive => {
            let folder = folder.split('[').next().unwrap_or(folder);
            package.origin = origin_of_path(folder);
            package.installed_at.push(folder.to_owned());
        }
        _ => {
            package.origin = Origin::Archive;
            let file = bare.rsplit(['/', '\\']).next().unwrap_or(bare);
            package.version = name_and_version(file).map(|(_, version)| version.to_owned()).unwrap_or_default();
        }
    }
}

/// The name behind `#egg=`.
fn egg(address: &str) -> Option<&str> {
    let (_, fragment) = address.split_once('#')?;
    let name = fragment.split('&').find_map(|part| part.strip_prefix("egg="))?;
    Some(name.split(['[', '=']).next().unwrap_or(name))
}

/// What a wheel (`name-1.0-py3-none-any.whl`) or a source archive (`name-1.0.tar.gz`) is called after.
fn name_and_version(file: &str) -> Option<(&str, &str)> {
    let (name, version) = match file.strip_suffix(".whl") {
        Some(wheel) => {
            let (name, rest) = wheel.split_once('-')?;
            (name, rest.split('-').next()?)
        }
        None => [".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".zip"]
            .iter()
            .find_map(|end| file.strip_suffix(end))?
            .rsplit_once('-')?,
    };
    version.starts_with(|c: char| c.is_ascii_digit()).then_some((name, version))
}
