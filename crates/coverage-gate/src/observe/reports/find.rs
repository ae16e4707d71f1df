//! Which files are meant: by name, by glob, or by folder.

use super::input::Input;
use super::recognise::recognise;
use crate::error::Error;
use crate::observe::reading::Fault;
use fast_glob::glob_match;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Entries of the file system that one pattern may look at; a repository with all its dependencies stays below it.
const MAX_ENTRIES: usize = 5_000_000;
/// Reports of one run; the largest test suites have some thousand shards.
const MAX_REPORTS: usize = 100_000;
/// Bytes of a glob; longer ones are no globs that a person wrote.
const MAX_GLOB_BYTES: usize = 4096;
/// Names that only reports have: such a file in a folder is meant, even if it is empty or damaged.
const REPORT_ENDINGS: [&str; 4] = [".info", ".lcov", ".resultset.json", "coverage-final.json"];
/// Names that reports have as well as other files: such a file is meant even if it is empty.
const OTHER_ENDINGS: [&str; 2] = [".xml", ".out"];

/// Finds the files that patterns mean, relative to `root`: sorted, each file once whatever links lead to it. A pattern that
/// names a file is that file, whatever glob signs its name holds; a folder stands for all reports in it. Also gives the
/// patterns that mean nothing.
/// Errors: a glob that is none; a folder that can't be listed; far too many files.
pub fn find(patterns: &[String], root: &Path) -> Result<(Vec<PathBuf>, Vec<String>), Error> {
    let mut found: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut unmatched = Vec::new();
    for pattern in patterns {
        let of_pattern = matching(pattern, root)?;
        if of_pattern.is_empty() {
            unmatched.push(pattern.clone());
        }
        for path in of_pattern {
            // What has no canonical path can't be read either; reading it says why.
            let identity = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            let name = found.entry(identity).or_insert_with(|| path.clone());
            if path < *name {
                *name = path;
            }
        }
        if found.len() > MAX_REPORTS {
            return Err(Error::input(format!("`{pattern}` leads to more than {MAX_REPORTS} reports; narrow it")));
        }
    }
    let mut paths: Vec<PathBuf> = found.into_values().collect();
    paths.sort_unstable();
    Ok((paths, unmatched))
}

fn matching(pattern: &str, root: &Path) -> Result<Vec<PathBuf>, Error> {
    let pattern = without_dots(pattern);
    let path = under(root, pattern);
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => {
            let mut found = Vec::new();
            walk(root, if pattern.is_empty() { "." } else { pattern }, &mut |name| {
                let path = under(root, name);
                if is_meant(name, &path) {
                    found.push(path);
                }
            })?;
            Ok(found)
        }
        // A link that leads nowhere was named all the same: reading it says what is wrong.
        Ok(_) => Ok(vec![path]),
        Err(_) if path.is_symlink() => Ok(vec![path]),
        Err(_) => {
            let glob = checked_glob(pattern)?;
            let base = literal_folder(glob);
            let mut found = Vec::new();
            if under(root, base).is_dir() {
                walk(root, base, &mut |name| {
                    if glob_match(glob, name) {
                        found.push(under(root, name));
                    }
                })?;
            }
            Ok(found)
        }
    }
}

/// Whether a file of a folder that was given as a whole is a report.
fn is_meant(name: &str, path: &Path) -> bool {
    if REPORT_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    match Input::open(path).and_then(|input| recognise(input.front())).map_err(|err| err.fault) {
        Err(Fault::NotAReport(_)) => false,
        Err(Fault::Empty) => OTHER_ENDINGS.iter().any(|ending| name.ends_with(ending)),
        // What can't be looked into may be one: reading it says why it can't.
        Ok(_) | Err(_) => true,
    }
}

fn without_dots(pattern: &str) -> &str {
    let mut pattern = pattern;
    while let Some(rest) = pattern.strip_prefix("./") {
        pattern = rest.trim_start_matches('/');
    }
    if pattern == "." { "" } else { pattern }
}

/// A path below the root, without a `./` in messages when the root is the working directory.
fn under(root: &Path, name: &str) -> PathBuf {
    if name.is_empty() {
        root.to_path_buf()
    } else if root == Path::new(".") {
        PathBuf::from(name)
    } else {
        root.join(name)
    }
}

fn checked_glob(glob: &str) -> Result<&str, Error> {
    let open = |one: char, other: char| {
        let escaped = glob.replace("\\\\", "").replace(&format!("\\{one}"), "").replace(&format!("\\{other}"), "");
        escaped.matches(one).count() != escaped.matches(other).count()
    };
    if glob.starts_with('!') {
        return Err(Error::input(format!("`{glob}` would mean every file but these; write which reports are meant")));
    }
    if glob.len() > MAX_GLOB_BYTES {
        return Err(Error::input(format!("a glob of {} bytes is too long", glob.len())));
    }
    if open('{', '}') || open('[', ']') {
        return Err(Error::input(format!("`{glob}` is not a glob: a bracket or brace is not closed")));
    }
    Ok(glob)
}

/// The folder before the first glob sign.
fn literal_folder(pattern: &str) -> &str {
    let literal = pattern.find(['*', '?', '[', '{', '\\', '!']).map_or(pattern, |end| &pattern[..end]);
    match literal.rfind('/') {
        Some(0) => "/",
        Some(end) => &literal[..end],
        None => ".",
    }
}

/// Gives all files below a folder, named like the folder: `base/…`, or without it when it is `.`.
fn walk(root: &Path, base: &str, wanted: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let folder = under(root, base);
    let entries =
        WalkDir::new(&folder).follow_links(false).into_iter().filter_entry(|entry| entry.file_name() != ".git");
    for (count, entry) in entries.enumerate() {
        if count >= MAX_ENTRIES {
            return Err(Error::input(format!("{base} holds more than {MAX_ENTRIES} entries; narrow the pattern")));
        }
        let entry = match entry {
            Ok(entry) => entry,
            // What vanishes while it is walked was no report; a folder that can't be entered may hold one.
            Err(err) if err.io_error().is_some_and(|io| io.kind() == std::io::ErrorKind::NotFound) => continue,
            Err(err) => {
                let path = err.path().unwrap_or(&folder).display().to_string();
                return Err(Error::World { what: "list", path, why: err.to_string() });
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        // Names that are not UTF-8 match no pattern that could be written.
        let Some(below) = entry.path().strip_prefix(&folder).ok().and_then(Path::to_str) else { continue };
        let name = match base {
            "." => below.to_owned(),
            base => format!("{}/{below}", base.trim_end_matches('/')),
        };
        // A link that leads nowhere is left to the reading, which says so.
        if std::fs::metadata(entry.path()).map_or(entry.path_is_symlink(), |metadata| metadata.is_file()) {
            wanted(&name);
        }
    }
    Ok(())
}
