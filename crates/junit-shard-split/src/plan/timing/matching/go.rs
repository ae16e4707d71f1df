//! Go: reports name the package and the test, never the file.

use rustc_hash::FxHashMap;

use super::listing::Listing;
use super::path::base_name;
use super::{Found, Rule};

/// The listed test files of each directory.
#[derive(Default)]
pub(super) struct Packages {
    directories: FxHashMap<String, Vec<TestFile>>,
}

struct TestFile {
    file: u32,
    /// The words of the file's name, without `_test.go`.
    words: Vec<String>,
}

impl Packages {
    pub(super) fn new(listing: &Listing<'_>) -> Self {
        let mut packages = Self::default();
        for (file, path) in listing.paths() {
            let Some(name) = base_name(path).strip_suffix("_test.go") else { continue };
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let words = words(name);
            packages.directories.entry(directory.to_owned()).or_default().push(TestFile { file, words });
        }
        packages
    }

    /// The files in the longest directory that the import path ends with.
    fn of(&self, package: &str) -> &[TestFile] {
        if self.directories.is_empty() {
            return &[];
        }
        let mut rest = Some(package);
        while let Some(directory) = rest {
            if let Some(files) = self.directories.get(directory) {
                return files;
            }
            rest = directory.split_once('/').map(|(_, behind)| behind);
        }
        // The module's own directory has no name in the import path; it is only meant when there is no other.
        match self.directories.get("") {
            Some(files) if self.directories.len() == 1 => files,
            _ => &[],
        }
    }
}

/// The file of a test in a package. Without a test, the only file.
pub(super) fn by_package(listing: &Listing<'_>, package: &str, test: Option<&str>) -> (Rule, Found) {
    // An import path holds neither: https://go.dev/ref/mod#go-mod-file-ident. Rust's `a::b` is no package of Go.
    if package.contains([' ', ':']) {
        return (Rule::GoPackage, Found::Nothing);
    }
    let files = listing.go_packages().of(package);
    let all = || files.iter().map(|file| file.file).collect();
    let Some(test) = test else {
        return (Rule::GoPackage, Found::from_candidates(all()));
    };
    let mut name = words(test);
    if !name.is_empty() {
        name.remove(0);
    }
    let longest = files.iter().map(|file| agreeing(&name, &file.words)).max().unwrap_or(0);
    if longest > 0 {
        let best = files.iter().filter(|file| agreeing(&name, &file.words) == longest);
        return (Rule::GoTestName, Found::from_candidates(best.map(|file| file.file).collect()));
    }
    // `Test_parser_test_case_1` says that it stands in parser_test.go; when that is not listed, no other file has it.
    if name.iter().skip(1).any(|word| word == "test") {
        return (Rule::GoTestName, Found::Nothing);
    }
    (Rule::GoPackage, Found::from_candidates(all()))
}

/// How many bytes of a test's words are the file's words, when it begins with all of them: `TestHTTPServerClose` begins
/// with `http_server` and with `httpserver`.
fn agreeing(test: &[String], file: &[String]) -> usize {
    let file = file.concat();
    let mut begin = String::new();
    for word in test {
        begin.push_str(word);
        if begin.len() >= file.len() {
            break;
        }
    }
    if !file.is_empty() && begin == file { file.len() } else { 0 }
}

/// Lower-case words of a name in camel case or with underscores.
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| characters[at]);
        let behind = characters.get(at + 1);
        let begins = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_numeric())
                || (before.is_some_and(char::is_uppercase) && behind.is_some_and(|b| b.is_lowercase())));
        if (begins || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        for (name, expected) in [
            ("TestHTTPServerClose", "test http server close"),
            ("Test_t00300_test_case 0", "test t00300 test case 0"),
            ("http_server2", "http server2"),
            ("parseURL", "parse url"),
            ("", ""),
        ] {
            assert_eq!(words(name).join(" "), expected);
        }
    }
}
