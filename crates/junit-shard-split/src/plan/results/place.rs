//! Where a failure happened, as far as a report tells: from attributes, or from the text of the failure.

use std::collections::BTreeMap;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// With `/` between folders and without `./` or `file://` before it; else as the report has it.
    pub file: String,
    /// 1-based; `None` when the report gives none that makes sense.
    pub line: Option<u32>,
}

impl Place {
    /// A file as a report names it, and a line of it.
    pub fn new(file: &str, line: Option<u64>) -> Self {
        Place { file: normalised(file), line: line.filter(|line| *line > 0).and_then(|line| u32::try_from(line).ok()) }
    }
}

fn normalised(file: &str) -> String {
    let file = file.trim();
    let file = file.strip_prefix("file://").unwrap_or(file);
    let mut file = file.replace('\\', "/");
    while let Some(rest) = file.strip_prefix("./") {
        file = rest.to_owned();
    }
    file
}

/// Endings of source files; a host and port (`db.example:5432`) or a version is no place.
const SOURCES: [&str; 46] = [
    "bash", "bats", "c", "cc", "cjs", "clj", "coffee", "cpp", "cs", "cts", "cxx", "dart", "erl", "ex", "exs",
    "feature", "fs", "go", "groovy", "h", "hpp", "hs", "java", "jl", "js", "jsx", "kt", "kts", "lua", "m", "mjs", "mm",
    "mts", "php", "phpt", "pl", "py", "rb", "rs", "scala", "sh", "swift", "ts", "tsx", "vb", "vue",
];

/// Folders of code that is not the project's own.
const FOREIGN: [&str; 12] = [
    "node_modules/",
    "vendor/",
    "site-packages/",
    "dist-packages/",
    "/usr/",
    "/rustc/",
    "/gems/",
    "/opt/hostedtoolcache/",
    "node:",
    "internal/process/",
    "lib/python",
    "/go/pkg/mod/",
];

/// Finds the place in the text of a failure. `file` is what the report gives as the test's file, `classname` as its class;
/// a line in that file wins over everything else, then a line in a file whose path fits the class, then the first line
/// in a file of the project itself. `None` when the text names no line.
pub fn find(text: &str, file: Option<&str>, classname: Option<&str>) -> Option<Place> {
    let file = file.map(normalised).filter(|file| !file.is_empty());
    let mut by_class = None;
    let mut first = None;
    for place in (Places { text, at: 0 }) {
        if file.as_deref().is_some_and(|file| is_same_file(&place.file, file)) {
            return Some(place);
        }
        if FOREIGN.iter().any(|folder| place.file.contains(folder)) {
            continue;
        }
        if by_class.is_none() && classname.is_some_and(|class| fits_class(&place.file, class)) {
            by_class = Some(place);
        } else if first.is_none() {
            first = Some(place);
        }
    }
    by_class.or(first)
}

/// Whether two spellings can mean the same file: one ends in the other, at a folder.
pub fn is_same_file(a: &str, b: &str) -> bool {
    let (a, b) = (normalised(a), normalised(b));
    let (long, short) = if a.len() >= b.len() { (&a, &b) } else { (&b, &a) };
    long == short || long.strip_suffix(short.as_str()).is_some_and(|rest| rest.ends_with('/') || short.starts_with('/'))
}

/// `tests/unit/test_a.py` fits `tests.unit.test_a.TestA`; `FooTest.java` fits `com.acme.FooTest`.
fn fits_class(file: &str, class: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut names = class.split(['.', '\\', ':', '/']).filter(|name| !name.is_empty());
    let last_folder = stem.rsplit('/').next().unwrap_or_default();
    !last_folder.is_empty() && names.any(|name| name == last_folder)
}

/// The places that a text names, in order: `path/file.ext:12`, `File "path/file.ext", line 12`, `path.ext on line 12`.
struct Places<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Places<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        while let Some(found) = self.text.as_bytes().get(self.at..).and_then(|rest| memchr::memchr(b'.', rest)) {
            let dot = self.at + found;
            self.at = dot + 1;
            if let Some(place) = place_around(self.text, dot) {
                return Some(place);
            }
        }
        None
    }
}

/// The place whose file's ending stands behind the dot at `dot`.
fn place_around(text: &str, dot: usize) -> Option<Place> {
    let bytes = text.as_bytes();
    let ending = bytes[dot + 1..].iter().take(8).take_while(|b| b.is_ascii_alphanumeric()).count();
    let end = dot + 1 + ending;
    if !SOURCES.contains(&&text[dot + 1..end]) {
        return None;
    }
    let line = line_behind(&text[end..])?;
    // 512 bytes: no path of a project is longer, and a text of dots must not be searched again and again.
    let begin = text[..dot]
        .char_indices()
        .rev()
        .take(512)
        .take_while(|(_, c)| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '\\' | '@' | '+' | '~' | '[' | ']' | '$' | ':')
        })
        .last()
        .map(|(at, _)| at)?;
    let path = &text[begin..end];
    let path = match path.find("file://") {
        Some(scheme) => &path[scheme + "file://".len()..],
        None => path,
    };
    // What stands before a colon is no part of the path, but for a drive (`C:\a`) and Node's own `node:` modules.
    let path = match path.rfind(':') {
        Some(colon) if path[colon..].starts_with(":/") && path[colon..].starts_with("://") => return None,
        Some(1) if path.as_bytes()[0].is_ascii_alphabetic() => path,
        Some(colon) if !path[..colon].ends_with("node") => &path[colon + 1..],
        _ => path,
    };
    let path = path.trim_start_matches('[');
    (!path.is_empty() && !path.starts_with('.')
        || path.starts_with("./")
        || path.starts_with("../")
        || path.starts_with(".\\"))
    .then(|| Place::new(path, Some(line)))
    .filter(|place| place.line.is_some())
}

/// The line number right behind a path.
fn line_behind(rest: &str) -> Option<u64> {
    let begin = [":", "\", line ", "', line ", ", line ", " on line ", " line ", "(", "#L"]
        .iter()
        .find_map(|between| rest.strip_prefix(between))?;
    let digits = begin.bytes().take(10).take_while(u8::is_ascii_digit).count();
    begin[..digits].parse().ok()
}

/// Brings places to the spelling of the repository, so that a host can show them beside the code.
#[derive(Debug, Default)]
pub struct Repository {
    roots: Vec<String>,
    /// Known files by their last name.
    files: BTreeMap<String, Vec<String>>,
}

impl Repository {
    /// `roots` are folders in which workers check the repository out; `files` are known paths in it, relative with `/`.
    pub fn new(roots: &[String], files: &[String]) -> Self {
        let mut roots: Vec<String> = roots
            .iter()
            .map(|root| format!("{}/", normalised(root).trim_end_matches('/')))
            .filter(|root| root.len() > 1)
            .collect();
        // The longest first: a root inside another root is the better one.
        roots.sort_unstable_by_key(|root| (std::cmp::Reverse(root.len()), root.clone()));
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in files {
            let name = file.rsplit('/').next().unwrap_or(file);
            by_name.entry(name.to_owned()).or_default().push(file.clone());
        }
        Repository { roots, files: by_name }
    }

    /// The same place relative to the repository, when a root or exactly one known file says how.
    pub fn locate(&self, place: &Place) -> Place {
        let rest = self.roots.iter().find_map(|root| place.file.strip_prefix(root.as_str()));
        let file = rest.unwrap_or(&place.file);
        let name = file.rsplit('/').next().unwrap_or(file);
        let known = self.files.get(name).map_or(&[][..], Vec::as_slice);
        let mut fitting = known.iter().filter(|known| is_same_file(known, file));
        let file = match (known.iter().any(|known| known == file), fitting.next(), fitting.next()) {
            (false, Some(only), None) => only.as_str(),
            _ => file,
        };
        Place { file: file.to_owned(), line: place.line }
    }
}

#[cfg(test)]
mod tests;
