//! Files by name, glob or folder.

use crate::error::Error;
use fast_glob::glob_match;
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
                return Err(Error::input(format!(
                    "`{pattern}` is a folder; write a glob such as {}/**/*Test.php",
                    pattern.trim_end_matches('/')
                )));
            }
            (Ok(_), _) => found.push(pattern.clone()),
            (Err(_), _) => {
                let glob = Glob::new(pattern)?;
                let base = literal_folder(pattern);
                if Path::new(base).is_dir() {
                    walk(Path::new(base), &mut found, &mut |file| glob.is_match(file))?;
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

/// Bytes of a glob; longer ones are no globs that a person wrote.
const MAX_GLOB_BYTES: usize = 4096;

/// A glob, where `*` stays within a folder and `**` crosses folders.
pub struct Glob(String);

impl Glob {
    /// Errors: brackets or braces that are not closed, or far too long.
    pub fn new(pattern: &str) -> Result<Self, Error> {
        let glob = pattern.strip_prefix("./").unwrap_or(pattern);
        let open = |one: char, other: char| {
            let escaped = glob.replace("\\\\", "").replace(&format!("\\{one}"), "").replace(&format!("\\{other}"), "");
            escaped.matches(one).count() != escaped.matches(other).count()
        };
        if glob.len() > MAX_GLOB_BYTES {
            return Err(Error::input(format!("a glob of {} bytes is too long", glob.len())));
        }
        if open('{', '}') || open('[', ']') {
            return Err(Error::input(format!("`{pattern}` is not a glob: a bracket or brace is not closed")));
        }
        Ok(Glob(glob.to_owned()))
    }

    /// Whether a path, relative like the glob and without `./`, fits.
    pub fn is_match(&self, path: &str) -> bool {
        glob_match(&self.0, path)
    }
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
            return Err(Error::input(format!(
                "{} holds more than {MAX_ENTRIES} entries; narrow the glob",
                base.display()
            )));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, path, fits) in [
            ("tests/**/*Test.php", "tests/ATest.php", true),
            ("tests/**/*Test.php", "tests/a/b/ATest.php", true),
            ("tests/*Test.php", "tests/a/ATest.php", false),
            ("**/*.{test,spec}.[jt]s", "src/a.spec.ts", true),
            ("**/*.{test,spec}.[jt]s", "src/a.spec.py", false),
            ("./a?.xml", "a1.xml", true),
            ("a\\*.xml", "a*.xml", true),
            ("a\\*.xml", "ab.xml", false),
            ("**", "a/b", true),
        ] {
            assert_eq!(Glob::new(glob).unwrap().is_match(path), fits, "{glob} {path}");
        }
        assert!(Glob::new("a[b").is_err() && Glob::new("{a,b").is_err() && Glob::new(&"*".repeat(5000)).is_err());
    }

    #[test]
    fn the_folder_before_the_first_sign() {
        assert_eq!(
            [literal_folder("a/b/*.x"), literal_folder("*.x"), literal_folder("/*.x"), literal_folder("a/b[1]/c")],
            ["a/b", ".", "/", "a"]
        );
    }
}
