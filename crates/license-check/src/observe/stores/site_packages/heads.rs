//! The heads of a distribution's Python files, by its `RECORD`.
//!
//! <https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file>

use crate::observe::store::{Ground, Source, bounded, lossy};
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

/// Files of a distribution that are read; of one with more none is, since one more could say something else.
const MAX_FILES: usize = 1000;
/// Bytes of a `RECORD`: twice that of the largest distributions.
const MAX_RECORD_BYTES: u64 = 4 << 20;
/// Bytes of a file in which its head is looked for. The longest licence that is met in heads has 2 KB.
const HEAD_BYTES: u64 = 8 << 10;

/// The heads of all Python files that belong to the distribution of that folder; none where one of them can't be read.
pub(super) fn of(dist_info: &Path, ground: &Ground) -> Vec<Source> {
    let site_packages = dist_info.parent().unwrap_or(dist_info);
    let record = bounded(&dist_info.join("RECORD"), MAX_RECORD_BYTES).unwrap_or_default();
    let record = lossy(&record);
    let names: Vec<String> = record.lines().filter_map(python_file).collect();
    if names.len() > MAX_FILES {
        return Vec::new();
    }
    let head = |name: &String| source(site_packages, name, ground);
    names.iter().map(head).collect::<Option<Vec<Source>>>().unwrap_or_default()
}

/// The file that a line of `RECORD` (path, hash, size) is about, where it is Python's and lies with the distributions.
fn python_file(line: &str) -> Option<String> {
    let name = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?.0,
        None => line.split_once(',').map_or(line, |(name, _)| name),
    };
    let name = name.replace('\\', "/");
    let inside = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
    (inside && (name.ends_with(".py") || name.ends_with(".pyi"))).then_some(name)
}

fn source(site_packages: &Path, name: &str, ground: &Ground) -> Option<Source> {
    let path = site_packages.join(name);
    let metadata = std::fs::symlink_metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    // Room for all that is read and one byte more: without it, the system would be asked for a few bytes at first, then for more.
    let room = usize::try_from(metadata.len().min(HEAD_BYTES)).ok()?;
    let mut bytes = Vec::with_capacity(room + 1);
    File::open(&path).ok()?.take(HEAD_BYTES).read_to_end(&mut bytes).ok()?;
    let head = head(&lossy(&bytes));
    let is_front = match name.split_once('/') {
        None => true,
        Some((_, inside)) => inside == "__init__.py",
    };
    Some(Source { path: ground.shown(&path), is_front, size_bytes: metadata.len(), head })
}

/// The comments and the documentation that a file begins with, up to its first line of code.
fn head(text: &str) -> String {
    let mut head = String::new();
    // The quotes that end the string which is being read.
    let mut inside: Option<&str> = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let bare = line.trim();
        let (shown, rest) = match inside {
            Some(quotes) => match bare.split_once(quotes) {
                Some((shown, rest)) => {
                    inside = None;
                    (shown, rest)
                }
                None => (bare, ""),
            },
            None if bare.is_empty() => ("", ""),
            None if bare.starts_with('#') => (bare.trim_start_matches('#').trim(), ""),
            None => match documentation(bare) {
                Some((quotes, behind)) => match behind.split_once(quotes) {
                    Some((shown, rest)) => (shown, rest),
                    None => {
                        inside = Some(quotes);
                        (behind, "")
                    }
                },
                None => break,
            },
        };
        head.push_str(shown);
        head.push('\n');
        if !rest.trim().trim_start_matches(['#', ';']).is_empty() {
            break;
        }
    }
    head
}

/// The quotes of a string of several lines that begins here, and what stands behind them.
fn documentation(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start_matches(['r', 'R', 'u', 'U', 'b', 'B']);
    ["\"\"\"", "'''"].into_iter().find_map(|quotes| Some((quotes, line.strip_prefix(quotes)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_where_code_begins() {
        for (text, expected) in [
            (
                "#!/usr/bin/env python\n# One\n#\n## two ##\n\nimport os\n# three\n",
                "!/usr/bin/env python\nOne\n\ntwo ##\n\n",
            ),
            ("\"\"\"Says one.\n\n  two\n\"\"\"\n# three\nx = 1\n", "Says one.\n\ntwo\n\nthree\n"),
            ("r'''one'''\nx = 1\n", "one\n"),
            ("\"\"\"one\"\"\"; x = 1\n# two\n", "one\n"),
            ("x = 1\n", ""),
            ("\u{feff}# one\r\n", "one\n"),
            ("\"\"\"never ends", "never ends\n"),
        ] {
            assert_eq!(head(text), expected, "{text}");
        }
    }

    #[test]
    fn files_of_a_record() {
        for (line, expected) in [
            ("thing/__init__.py,sha256=x,10", Some("thing/__init__.py")),
            ("\"thing/a,b.py\",sha256=x,10", Some("thing/a,b.py")),
            ("thing.py,,", Some("thing.py")),
            ("../../../bin/thing.py,,", None),
            ("/etc/thing.py,,", None),
            ("thing-1.0.dist-info/METADATA,,", None),
            ("thing/data.bin,,", None),
            ("", None),
        ] {
            assert_eq!(python_file(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn all_of_a_distribution_or_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        write("thing/__init__.py", "# one\n");
        write("thing/deep/part.py", "# two\nx = 1\n");
        write("thing-1.0.dist-info/RECORD", "thing/__init__.py,,\nthing/deep/part.py,,\nthing/data.bin,,\n");
        let ground = Ground { root: folder.path().to_path_buf(), ..Ground::default() };
        let found = of(&folder.path().join("thing-1.0.dist-info"), &ground);
        let shown: Vec<_> = found.iter().map(|file| (file.path.as_str(), file.is_front, file.size_bytes)).collect();
        assert_eq!(shown, [("thing/__init__.py", true, 6), ("thing/deep/part.py", false, 12)]);
        write("thing-1.0.dist-info/RECORD", "thing/__init__.py,,\nthing/gone.py,,\n");
        assert_eq!(of(&folder.path().join("thing-1.0.dist-info"), &ground), []);
    }
}
