//! Finds the files below a folder. Whatever can't be published is named, all of it at once.

use crate::error::Error;
use crate::plan::globs;
use crate::plan::tree::{MAX_FILES, MAX_OBJECT_BYTES, SourceFile};
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Folders of version control, which no browser has any business in.
const LEFT_OUT_FOLDERS: [&str; 4] = [".git", ".hg", ".svn", ".bzr"];
/// What desktops leave behind.
const LEFT_OUT_FILES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
/// Files that hold secrets by their names.
const SECRET_FILES: [&str; 8] =
    [".env", ".npmrc", ".htpasswd", ".netrc", ".pypirc", "id_rsa", "id_ed25519", "auth.json"];
/// Linux's number for too many links in a row: errno(3).
const ELOOP: i32 = 40;
/// How many are named of what can't be published.
const NAMED: usize = 20;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// In the order of their paths' bytes.
    pub files: Vec<SourceFile>,
    /// How many files were left out because a pattern says so, or because they are no part of any site.
    pub left_out: u64,
}

/// Which files count.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Globs of paths that are left out.
    pub exclude: Vec<String>,
    /// Globs of paths that count although their names speak against it.
    pub include: Vec<String>,
}

impl Choice {
    fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|glob| globs::fits(glob, path))
    }

    fn includes(&self, path: &str) -> bool {
        self.include.iter().any(|glob| globs::fits(glob, path))
    }
}

/// Finds the files. Errors: exit 2 with every name that can't be published (links that lead nowhere, in a circle, out of the
/// tree or to a folder; what is no file; names that are no UTF-8; files that look like secrets), exit 3 when a folder can't be
/// read.
pub fn find(root: &Path, choice: &Choice) -> Result<Tree, Error> {
    let is_none = || Error::input(format!("{} is no folder; name the folder that holds the assets", root.display()));
    let within = fs::canonicalize(root).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => is_none(),
        _ => Error::world("read", root, &error),
    })?;
    if !within.is_dir() {
        return Err(is_none());
    }
    let mut finder = Finder { within, choice, tree: Tree { files: Vec::new(), left_out: 0 }, refused: Vec::new() };
    finder.walk(root)?;
    if !finder.refused.is_empty() {
        // Folders are listed in no order.
        finder.refused.sort_unstable();
        return Err(refusal(&finder.refused));
    }
    let mut tree = finder.tree;
    if tree.files.is_empty() {
        return Err(Error::input(format!("{} holds no file to publish", root.display())));
    }
    tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

struct Finder<'c> {
    within: PathBuf,
    choice: &'c Choice,
    tree: Tree,
    refused: Vec<String>,
}

impl Finder<'_> {
    fn walk(&mut self, root: &Path) -> Result<(), Error> {
        let mut entries = WalkDir::new(root).min_depth(1).into_iter();
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(root).to_owned();
                Error::World { what: "read", path: path.display().to_string(), why: walk_error(&error) }
            })?;
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let Some(path) = relative.to_str() else {
                self.refused.push(format!("{} (its name is no UTF-8)", relative.to_string_lossy()));
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            };
            let name = entry.file_name().to_str().unwrap_or_default();
            let included = self.choice.includes(path);
            if entry.file_type().is_dir() {
                if (LEFT_OUT_FOLDERS.contains(&name) && !included) || self.choice.excludes(path) {
                    self.tree.left_out += 1;
                    entries.skip_current_dir();
                }
                continue;
            }
            if self.choice.excludes(path) || (LEFT_OUT_FILES.contains(&name) && !included) {
                self.tree.left_out += 1;
                continue;
            }
            if looks_secret(name) && !included {
                self.refused.push(format!("{path} (it looks like a secret; exclude it, or include it by name)"));
                continue;
            }
            match self.size_bytes(entry.path(), entry.file_type()) {
                Ok(size_bytes) => self.tree.files.push(SourceFile { path: path.to_owned(), size_bytes }),
                Err(why) => self.refused.push(format!("{path} ({why})")),
            }
            if self.tree.files.len() > MAX_FILES {
                return Err(Error::input(format!("{} holds more than {MAX_FILES} files", root.display())));
            }
        }
        Ok(())
    }

    /// The size of a file or of what a link leads to; or why it can't be published.
    fn size_bytes(&self, path: &Path, kind: fs::FileType) -> Result<u64, String> {
        if kind.is_symlink() {
            let target = fs::canonicalize(path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => "a link that leads nowhere".to_owned(),
                // C libraries have different words for it.
                _ if error.raw_os_error() == Some(ELOOP) => "a link that leads in a circle".to_owned(),
                _ => format!("a link that can't be followed: {error}"),
            })?;
            if !target.starts_with(&self.within) {
                return Err("a link that leads out of the tree".to_owned());
            }
        }
        let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
        if metadata.is_dir() {
            return Err("a link to a folder".to_owned());
        }
        if !metadata.is_file() {
            return Err("no regular file".to_owned());
        }
        if metadata.len() > MAX_OBJECT_BYTES {
            return Err("larger than any object of S3".to_owned());
        }
        Ok(metadata.len())
    }
}

fn looks_secret(name: &str) -> bool {
    SECRET_FILES.contains(&name) || name.starts_with(".env.") || name.ends_with(".pem") || name.ends_with(".p12")
}

fn walk_error(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

fn refusal(refused: &[String]) -> Error {
    let named = refused.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
    let more = refused.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Error::input(format!("can't be published: {named}{more}. Mend them, or leave them out with --exclude"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(dir.path().join("js/.git")).expect("folders");
        for (path, text) in [("js/app.js", "a"), ("js/.git/config", "c"), (".well-known", "w"), ("a b+%#?.txt", "")] {
            fs::write(dir.path().join(path), text).expect("a file");
        }
        dir
    }

    fn paths(tree: &Tree) -> Vec<&str> {
        tree.files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn files_come_in_the_order_of_their_bytes() {
        let dir = tree();
        symlink("app.js", dir.path().join("js/link.js")).expect("a link");
        let found = find(dir.path(), &Choice::default()).expect("a tree");
        assert_eq!(paths(&found), [".well-known", "a b+%#?.txt", "js/app.js", "js/link.js"]);
        assert_eq!((found.files[3].size_bytes, found.left_out), (1, 1));
    }

    #[test]
    fn what_cant_be_published_is_named_all_at_once() {
        let dir = tree();
        let outside = tempfile::NamedTempFile::new().expect("a file");
        for (name, target) in [
            ("dangling.js", Path::new("missing.js")),
            ("loop", Path::new(".")),
            ("circle", Path::new("circle")),
            ("out.js", outside.path()),
        ] {
            symlink(target, dir.path().join(name)).expect("a link");
        }
        fs::write(dir.path().join(".env.production"), "SECRET=1").expect("a file");
        let error = find(dir.path(), &Choice::default()).expect_err("links").to_string();
        for word in [
            "dangling.js (a link that leads nowhere)",
            "loop (a link to a folder)",
            "circle (a link that leads in a circle)",
            "out.js (a link that leads out of the tree)",
            ".env.production (it looks like a secret",
        ] {
            assert!(error.contains(word), "{word}: {error}");
        }
        let choice = Choice {
            exclude: ["dangling.js", "loop", "c*", "out.js"].map(str::to_owned).to_vec(),
            include: vec![".env.*".to_owned()],
        };
        let found = find(dir.path(), &choice).expect("a tree");
        assert_eq!(paths(&found), [".env.production", ".well-known", "a b+%#?.txt", "js/app.js"]);
    }

    #[test]
    fn an_empty_tree_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(find(dir.path(), &Choice::default()).is_err());
        assert!(find(&dir.path().join("none"), &Choice::default()).is_err());
    }
}
