//! Where packages lie on this machine, and what their own files say of their licence.

use crate::plan::package::Package;
use crate::plan::statement::{FileKind, LicenseFile, MAX_LICENSE_BYTES, Statement};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What is around a list.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// The root, as an absolute path.
    pub root: PathBuf,
    /// The list's folder, relative to the root; empty for the root itself.
    pub folder: String,
    /// Variables that name caches (`HOME`, `CARGO_HOME`, `GOMODCACHE`, `VIRTUAL_ENV`, `NUGET_PACKAGES`…).
    pub variables: BTreeMap<String, String>,
}

impl Ground {
    /// The list's folder on this machine.
    pub fn here(&self) -> PathBuf {
        self.root.join(&self.folder)
    }

    /// A variable that is set and not empty, as a path.
    pub fn variable(&self, name: &str) -> Option<PathBuf> {
        self.variables.get(name).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    /// A path for people and for [`crate::plan::package::Place`]: relative to the root where it lies below it.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

/// What a package's own files say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The best first.
    pub statements: Vec<Statement>,
    /// In order of name.
    pub files: Vec<LicenseFile>,
    /// Why there is none, and what would bring it, for people: `node_modules/left-pad is not installed; run npm ci`.
    /// `None` when the package was found, whatever its files say.
    pub missing: Option<String>,
    /// What is odd, for people: another version lies there, a manifest that can't be read.
    pub notices: Vec<String>,
}

/// Packages on this machine: `node_modules`, a virtual environment, cargo's registry.
pub trait Store: Sync {
    /// What is known of that package. Called once for each package.
    fn look(&self, package: &Package) -> Evidence;

    /// The heads of all source files of that package; empty where the kind of store has none to show, or where not all of them
    /// can be read. Called only where everything else leaves the licence open.
    fn sources(&self, _package: &Package) -> Vec<Source> {
        Vec::new()
    }
}

/// The head of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As [`crate::plan::package::Place::path`].
    pub path: String,
    /// Whether it is loaded when the package is imported by its name.
    pub is_front: bool,
    /// Of the whole file.
    pub size_bytes: u64,
    /// Its first comments, without their marks and without code.
    pub head: String,
}

/// Files directly in `folder` that may hold a licence, by their names, in order of name. `names` adds those that a
/// statement names. Links are followed only to plain files; a file that can't be read is left out.
pub fn license_files(folder: &Path, ground: &Ground) -> Vec<LicenseFile> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| kind_of(name).is_some())
        .collect();
    names.sort_unstable();
    names.iter().filter_map(|name| license_file(folder, name, ground)).collect()
}

/// One file of a package by its name in it. `None` when it is no plain file, too large, can't be read, or lies outside of
/// the package.
pub fn license_file(folder: &Path, name: &str, ground: &Ground) -> Option<LicenseFile> {
    let inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !inside {
        return None;
    }
    let path = folder.join(name);
    // A package may link to the licence of the repository around it, and to nothing else of this machine.
    let metadata = std::fs::symlink_metadata(&path).ok()?;
    let bytes = if metadata.is_symlink() {
        path.canonicalize().ok()?.file_name().and_then(|name| kind_of(name.to_str()?))?;
        bounded(&path, MAX_LICENSE_BYTES)?
    } else {
        bounded_as(&metadata, &path, MAX_LICENSE_BYTES)?
    };
    let kind = kind_of(path.file_name()?.to_str()?).unwrap_or(FileKind::License);
    Some(LicenseFile { path: ground.shown(&path), name: name.replace('\\', "/"), kind, bytes })
}

/// A plain file's bytes, unless it has more than `limit_bytes` or can't be read. Opening a pipe would wait for its writer.
pub fn bounded(path: &Path, limit_bytes: u64) -> Option<Vec<u8>> {
    bounded_as(&std::fs::metadata(path).ok()?, path, limit_bytes)
}

/// As [`bounded`], of a file of which that is known.
fn bounded_as(metadata: &Metadata, path: &Path, limit_bytes: u64) -> Option<Vec<u8>> {
    if !metadata.is_file() || metadata.len() > limit_bytes {
        return None;
    }
    let file = std::fs::File::open(path).ok()?;
    // Room for all of it and one byte more, so that the first reading is the last but for the one that finds the end.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).ok()?.saturating_add(1));
    file.take(limit_bytes + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= limit_bytes).then_some(bytes)
}

/// A text's bytes; what is no UTF-8 in them becomes `U+FFFD`.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly all are UTF-8, which takes a tenth of the time to see.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// What a file's name says it is. Source code (`license.js`, `copying.rs`) is none.
pub fn kind_of(name: &str) -> Option<FileKind> {
    let lower = name.to_ascii_lowercase();
    let (stem, suffix) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    const CODE: [&str; 22] = [
        "js", "ts", "jsx", "tsx", "mjs", "cjs", "json", "php", "py", "pyc", "rs", "go", "rb", "java", "class", "cs",
        "c", "h", "css", "svg", "png", "map",
    ];
    if CODE.contains(&suffix) {
        return None;
    }
    let is = |word: &str| {
        memchr::memmem::find(stem.as_bytes(), word.as_bytes()).is_some_and(|at| {
            let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
            let bytes = stem.as_bytes();
            edge(at.checked_sub(1).and_then(|before| bytes.get(before))) && edge(bytes.get(at + word.len()))
        })
    };
    if ["license", "licence", "licenses", "licences", "copying", "unlicense", "unlicence", "lesser", "copyright", "ofl"]
        .iter()
        .any(|word| is(word))
        || lower.starts_with("license")
        || lower.starts_with("licence")
        || lower.starts_with("copying")
    {
        return Some(FileKind::License);
    }
    is("notice").then_some(FileKind::Notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_file_is() {
        for name in [
            "LICENSE",
            "LICENCE.md",
            "license-mit",
            "MIT-LICENSE.txt",
            "COPYING.LESSER",
            "LICENSE.APACHE2",
            "UNLICENSE",
        ] {
            assert_eq!(kind_of(name), Some(FileKind::License), "{name}");
        }
        assert_eq!(kind_of("NOTICE.txt"), Some(FileKind::Notice));
        for name in ["license.js", "index.js", "README.md", "noticeable.txt", "sublicensed.txt"] {
            assert_eq!(kind_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_file_outside_of_the_package_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("package")).expect("written");
        std::fs::write(folder.path().join("LICENSE"), "secret").expect("written");
        let package = folder.path().join("package");
        assert_eq!(license_file(&package, "../LICENSE", &Ground::default()), None);
        assert_eq!(license_file(&package, "/etc/hostname", &Ground::default()), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_a_licence_or_nowhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let package = folder.path().join("package");
        std::fs::create_dir(&package).expect("written");
        std::fs::write(folder.path().join("LICENSE"), "terms").expect("written");
        std::fs::write(folder.path().join("environ"), "secret").expect("written");
        std::os::unix::fs::symlink("../LICENSE", package.join("LICENSE")).expect("linked");
        std::os::unix::fs::symlink("../environ", package.join("COPYING")).expect("linked");
        let files = license_files(&package, &Ground::default());
        assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["LICENSE"]);
    }
}
