//! Which flow files to run, and what is in them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::flow::parse::parse;
use crate::flow::{Flow, MAX_FILE_BYTES};
use crate::{Stop, args};

/// Most files in one run.
pub const MAX_FILES: usize = 10_000;
/// Deepest folder below the suite's that is looked into.
pub const MAX_DEPTH: usize = 16;
/// Largest list of files, in bytes: [`MAX_FILES`] of some 400 bytes.
pub const MAX_LIST_BYTES: u64 = 4 * 1024 * 1024;

/// One flow file, read.
#[derive(Debug, Clone)]
pub struct FlowFile {
    /// The path as it was named or found, with `/` between its parts.
    pub path: String,
    /// Test case class: the path below the suite folder, without `.toml`, with `.` between its parts.
    pub class_name: String,
    /// What is in it.
    pub flow: Flow,
}

/// The files that the command line chose, in the order named, or in the order of their paths when the suite is run
/// whole.
///
/// # Errors
/// Exit code 2 for a file that isn't there, is named twice or is no flow, and for a suite folder without any.
pub fn load(args: &args::E2e) -> Result<Vec<FlowFile>, Stop> {
    let paths = match &args.files_from {
        Some(list) => read_list(list)?,
        None if args.files.is_empty() => find_all(&args.suite_dir)?,
        None => args.files.clone(),
    };
    if paths.len() > MAX_FILES {
        return Err(Stop::bad_input(format!("{} files are more than {MAX_FILES}", paths.len())));
    }
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        let file = read(&path, &args.suite_dir)?;
        if !seen.insert(file.path.clone()) {
            return Err(Stop::bad_input(format!("{}: named twice", file.path)));
        }
        files.push(file);
    }
    Ok(files)
}

fn read_list(list: &Path) -> Result<Vec<PathBuf>, Stop> {
    let failed = |error: io::Error| Stop::bad_input(format!("--files-from {}: {error}", list.display()));
    let mut text = String::new();
    let reader: Box<dyn Read> =
        if list == Path::new("-") { Box::new(io::stdin()) } else { Box::new(File::open(list).map_err(failed)?) };
    reader.take(MAX_LIST_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_LIST_BYTES {
        return Err(Stop::bad_input(format!("--files-from {}: more than {MAX_LIST_BYTES} bytes", list.display())));
    }
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

fn find_all(suite_dir: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut paths = Vec::new();
    for entry in WalkDir::new(suite_dir).max_depth(MAX_DEPTH).sort_by_file_name() {
        let entry = entry.map_err(|error| Stop::bad_input(format!("--suite-dir {}: {error}", suite_dir.display())))?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension == "toml") {
            paths.push(entry.into_path());
        }
    }
    if paths.is_empty() {
        return Err(Stop::bad_input(format!("--suite-dir {}: there is no .toml file", suite_dir.display())));
    }
    // By the text of the whole path, so that the order is the same wherever and however the folder is stored.
    paths.sort_by_key(|path| slashed(path));
    Ok(paths)
}

fn read(path: &Path, suite_dir: &Path) -> Result<FlowFile, Stop> {
    let in_suite = suite_dir.join(path);
    let path = if !path.exists() && in_suite.exists() { &in_suite } else { path };
    let named = slashed(path);
    let failed = |error: io::Error| Stop::bad_input(format!("{named}: {error}"));
    let mut bytes = Vec::new();
    // One byte more than allowed is enough for the parser to see that the file is too large.
    File::open(path).map_err(failed)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        Stop::bad_input(format!("{named}:{line}: the file is not UTF-8"))
    })?;
    let flow = parse(&named, &text).map_err(|error| Stop::bad_input(error.to_string()))?;
    Ok(FlowFile { class_name: class_name(path, suite_dir), path: named, flow })
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn class_name(path: &Path, suite_dir: &Path) -> String {
    // `./e2e/a.toml` and `/home/me/e2e/a.toml` are the same file of the suite `e2e`.
    let absolute = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let whole = absolute(path);
    let relative = whole.strip_prefix(absolute(suite_dir)).unwrap_or(path).with_extension("");
    slashed(&relative).trim_matches('/').replace('/', ".")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};

    const FLOW: &str = "name = \"x\"\n[[step]]\npath = \"/\"\n";

    fn suite() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        for (name, text) in [("a.toml", FLOW), ("b/c/d.toml", FLOW), ("b/e.toml", FLOW), ("b/readme.md", "no flow")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn load_with(suite_dir: &Path, more: &[&str]) -> Result<Vec<FlowFile>, Stop> {
        let cli = Cli::try_parse_from(["shop", "e2e", "--suite-dir", suite_dir.to_str().unwrap()].iter().chain(more))
            .unwrap();
        let Command::E2e(args) = cli.command else { panic!("e2e") };
        load(&args)
    }

    #[test]
    fn the_whole_suite_is_found_in_order() {
        let folder = suite();
        let files = load_with(folder.path(), &[]).unwrap();
        assert_eq!(files.iter().map(|file| file.class_name.as_str()).collect::<Vec<_>>(), ["a", "b.c.d", "b.e"]);
        assert!(files[0].path.ends_with("/a.toml"));
    }

    #[test]
    fn files_are_found_below_the_suite_folder_and_run_in_the_order_named() {
        let folder = suite();
        let files = load_with(folder.path(), &["b/e.toml", "a.toml"]).unwrap();
        assert_eq!(files.iter().map(|file| file.class_name.as_str()).collect::<Vec<_>>(), ["b.e", "a"]);
    }

    #[test]
    fn an_empty_list_is_no_reason_to_run_everything() {
        let folder = suite();
        let list = folder.path().join("list.txt");
        fs::write(&list, "\n").unwrap();
        let option = format!("--files-from={}", list.display());
        assert_eq!(load_with(folder.path(), &[&option]).unwrap().len(), 0);
        fs::write(&list, "a.toml\nb/e.toml\n").unwrap();
        assert_eq!(load_with(folder.path(), &[&option]).unwrap().len(), 2);
    }

    #[test]
    fn bad_choices_are_refused() {
        let folder = suite();
        let refused = |more: &[&str]| load_with(folder.path(), more).unwrap_err();
        assert!(refused(&["a.toml", "a.toml"]).message.contains("named twice"));
        assert!(refused(&["none.toml"]).message.contains("none.toml: "));
        assert!(refused(&["--files-from=none.txt"]).message.contains("none.txt"));
        fs::write(folder.path().join("a.toml"), b"name = \"x\"\n\xff\n").unwrap();
        assert!(refused(&[]).message.contains("a.toml:2: the file is not UTF-8"));
        assert!(load_with(&folder.path().join("none"), &[]).unwrap_err().message.contains("--suite-dir"));
        fs::create_dir(folder.path().join("empty")).unwrap();
        assert!(load_with(&folder.path().join("empty"), &[]).unwrap_err().message.contains("no .toml file"));
    }
}
