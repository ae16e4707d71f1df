//! Files by name, glob or folder.

use crate::error::Error;
use globset::{GlobBuilder, GlobMatcher};
use std::path::Path;
use walkdir::WalkDir;

/// Entries of the file system that one glob may look at; a repository with all its dependencies stays below it.
const MAX_ENTRIES: usize = 5_000_000;

/// What a folder stands for.
pub enum Folders<'e> {
    /// Nothing: it is an input error that names the glob to write instead.
    Refused,
    /// All files below it whose name ends so.
    FilesEndingIn(&'e [&'e str]),
}

/// Expands patterns into existing files, sorted, each once, with `/` as the separator. A pattern that names a file is
/// that file, whatever glob signs its name holds. `unmatched` gets the patterns that match nothing.
pub fn expand(patterns: &[String], folders: &Folders<'_>, unmatched: &mut Vec<String>) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for pattern in patterns {
        let before = found.len();
        let path = Path::new(pattern);
        let metadata = std::fs::metadata(path);
        match (&metadata, folders) {
            (Ok(metadata), Folders::FilesEndingIn(endings)) if metadata.is_dir() => {
                walk(path, &mut found, &mut |file| endings.iter().any(|ending| file.ends_with(ending)))?;
            }
            (Ok(metadata), Folders::Refused) if metadata.is_dir() => {
                return Err(Error::input(format!("`{pattern}` is a folder; write a glob such as {}/**/*Test.php", pattern.trim_end_matches('/'))));
            }
            (Ok(_), _) => found.push(pattern.clone()),
            (Err(_), _) => {
                let matcher = matcher(pattern)?;
                let base = literal_folder(pattern);
                if Path::new(base).is_dir() {
                    walk(Path::new(base), &mut found, &mut |file| matcher.is_match(file))?;
                }
            }
        }
        if found.len() == before {
            unmatched.push(pattern.clone());
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// One glob, where `*` stays within a folder and `**` crosses folders. Errors: not a glob.
pub fn matcher(pattern: &str) -> Result<GlobMatcher, Error> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|err| Error::input(format!("`{pattern}` is not a glob: {}", err.kind())))
}

/// The folder before the first glob sign.
fn literal_folder(pattern: &str) -> &str {
    let literal = pattern.find(['*', '?', '[', '{', '\\']).map_or(pattern, |end| &pattern[..end]);
    match literal.rfind('/') {
        Some(0) => "/",
        Some(end) => &literal[..end],
        None => ".",
    }
}

fn walk(base: &Path, found: &mut Vec<String>, wanted: &mut dyn FnMut(&str) -> bool) -> Result<(), Error> {
    let entries = WalkDir::new(base).follow_links(false).into_iter().filter_entry(|entry| entry.file_name() != ".git");
    for (count, entry) in entries.enumerate() {
        if count >= MAX_ENTRIES {
            return Err(Error::input(format!("{} holds more than {MAX_ENTRIES} entries; narrow the glob", base.display())));
        }
        // A folder that vanishes or can't be entered while it is walked holds nothing that could be read later either.
        let Ok(entry) = entry else { continue };
        if entry.file_type().is_dir() {
            continue;
        }
        // Names that are not UTF-8 can't stand in any report or list.
        let Some(name) = entry.path().to_str() else { continue };
        let name = name.strip_prefix("./").unwrap_or(name);
        if wanted(name) && entry.path().is_file() {
            found.push(name.to_owned());
        }
    }
    Ok(())
}
