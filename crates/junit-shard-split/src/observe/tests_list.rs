//! Which tests there are.

use super::globs::{Folders, Glob, expand};
use crate::args::options::TestsOptions;
use crate::error::Error;
use crate::plan::lock::UnitKind;
use std::io::Read;

/// Bytes of a list of tests: a million long paths.
const LIST_BYTES: u64 = 256 << 20;
/// Units of one split; see the planner's bounds.
pub const MAX_UNITS: usize = 1_000_000;

/// The tests, sorted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestList {
    /// File paths, or `path::Class`, `path::Class::name`, `path::name` for finer units.
    pub units: Vec<String>,
    /// Names that the list holds more than once, with the lines, or the positions of a NUL-separated list; from 1.
    pub duplicates: Vec<(String, Vec<u32>)>,
    /// Whether the list is separated by NULs, and so has no lines.
    pub by_nul: bool,
    /// Where the list came from, for messages.
    pub source: String,
}

/// Reads the list or expands the globs. Errors: nothing found, a name that no runner or log could carry.
pub fn read(options: &TestsOptions) -> Result<TestList, Error> {
    let mut list = match &options.list {
        Some(path) => from_list(path)?,
        None => from_globs(options)?,
    };
    if !options.exclude.is_empty() {
        let excluded = options.exclude.iter().map(|glob| Glob::new(glob)).collect::<Result<Vec<_>, _>>()?;
        list.units.retain(|unit| !excluded.iter().any(|glob| glob.is_match(unit.strip_prefix("./").unwrap_or(unit))));
    }
    if list.units.is_empty() {
        return Err(Error::input(format!("{} holds no tests", list.source)));
    }
    if list.units.len() > MAX_UNITS {
        return Err(Error::input(format!(
            "{} holds {} tests; at most {MAX_UNITS} are supported",
            list.source,
            list.units.len()
        )));
    }
    if options.unit == UnitKind::File
        && let Some(unit) = list.units.iter().find(|unit| unit.contains("::") && !std::path::Path::new(unit).exists())
    {
        return Err(Error::input(format!(
            "{}: `{unit}` is a single test; set `unit` to `test`, or list files",
            list.source
        )));
    }
    Ok(list)
}

fn from_globs(options: &TestsOptions) -> Result<TestList, Error> {
    let mut unmatched = Vec::new();
    let units = expand(&options.globs, &Folders::Refused, &mut unmatched)?;
    let source = format!("`tests` ({})", options.globs.join(" "));
    if let Some(glob) = unmatched.first() {
        return Err(Error::input(format!("the glob `{glob}` of `tests` matches no file in {}", working_folder())));
    }
    for unit in &units {
        check_name(unit).map_err(|why| Error::file(unit.clone(), None, why))?;
    }
    Ok(TestList { units, source, ..TestList::default() })
}

fn working_folder() -> String {
    std::env::current_dir().map_or_else(|_| "the working directory".to_owned(), |path| path.display().to_string())
}

fn from_list(path: &str) -> Result<TestList, Error> {
    let name = if path == "-" { "standard input" } else { path };
    let mut bytes = Vec::new();
    let read = if path == "-" {
        std::io::stdin().lock().take(LIST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        match std::fs::File::open(path) {
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::input(format!("the list of tests {path} does not exist")));
            }
            opened => opened.and_then(|file| file.take(LIST_BYTES + 1).read_to_end(&mut bytes)),
        }
    };
    read.map_err(|err| Error::world("read", name, err))?;
    if bytes.len() as u64 > LIST_BYTES {
        return Err(Error::file(name, None, format!("the list is larger than {LIST_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|err| {
        let valid = &err.as_bytes()[..err.utf8_error().valid_up_to()];
        Error::file(name, line_number(valid.iter().filter(|byte| **byte == b'\n').count()), "the name is not UTF-8")
    })?;
    parse(name, &text)
}

/// Splits a list at NULs when it holds any, else at line ends.
fn parse(name: &str, text: &str) -> Result<TestList, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let nul = memchr::memchr(0, text.as_bytes()).is_some();
    let separator = if nul { 0 } else { b'\n' };
    // Name, line and spelling of each entry; most lists are sorted already, so that sorting costs one pass.
    let mut entries: Vec<(&str, u32, &str)> = Vec::new();
    let mut begin = 0;
    for (index, end) in memchr::memchr_iter(separator, text.as_bytes()).chain([text.len()]).enumerate() {
        let entry = &text[begin..end];
        begin = end + 1;
        let entry = if nul { entry } else { entry.strip_suffix('\r').unwrap_or(entry) };
        if entry.is_empty() {
            continue;
        }
        let line = line_number(index);
        check_name(entry).map_err(|why| match nul {
            true => Error::file(name, None, format!("entry {}: {why}", index + 1)),
            false => Error::file(name, line, why),
        })?;
        entries.push((normal(entry), line.unwrap_or(u32::MAX), entry));
    }
    entries.sort();
    let mut list = TestList { source: name.to_owned(), by_nul: nul, ..TestList::default() };
    for same in entries.chunk_by(|one, other| one.0 == other.0) {
        let Some((key, _, spelling)) = same.first() else { continue };
        list.units.push((*spelling).to_owned());
        if same.len() > 1 {
            list.duplicates.push(((*key).to_owned(), same.iter().map(|entry| entry.1).collect()));
        }
    }
    // Spellings such as `./b` sort elsewhere than the names that they stand for.
    list.units.sort_unstable();
    Ok(list)
}

/// `./a` and `a` are one file.
fn normal(entry: &str) -> &str {
    let mut entry = entry;
    while let Some(rest) = entry.strip_prefix("./") {
        entry = rest.trim_start_matches('/');
    }
    entry
}

fn line_number(index: usize) -> Option<u32> {
    u32::try_from(index + 1).ok()
}

/// A name that could end a line, control a terminal or command a CI runner is refused: it would have to be changed on
/// its way to the test runner, and a changed name is another file.
fn check_name(name: &str) -> Result<(), String> {
    // Nearly every name is of plain signs and begins with a letter; nothing in it needs a second look.
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
    if name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) && name.bytes().all(plain) {
        return Ok(());
    }
    let shown: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    if name.chars().any(char::is_control) {
        return Err(format!("the name \"{shown}\" holds a control character; rename the file"));
    }
    if name.contains("##[") || name.trim_start().starts_with("::") {
        return Err(format!("the name \"{shown}\" reads as a workflow command in a CI log; rename the file"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_at_lines_or_nuls_and_sorted() {
        let list = parse("l", "\u{feff}b\r\n\na\n").unwrap();
        assert_eq!(list.units, ["a", "b"]);
        assert_eq!(parse("l", "b b\0a\0").unwrap().units, ["a", "b b"]);
    }

    #[test]
    fn duplicates_are_named_with_their_lines() {
        let list = parse("l", "a\nb\n./a\na\n").unwrap();
        assert_eq!(list.units, ["a", "b"]);
        assert_eq!(list.duplicates, [("a".to_owned(), vec![1, 3, 4])]);
    }

    #[test]
    fn names_that_could_command_a_log_are_refused_with_their_line() {
        for bad in ["::error::x", "a\u{1b}[1m", "x##[group]y", " ::x"] {
            match parse("list.txt", &format!("ok\n{bad}\n")) {
                Err(Error::File { line, .. }) => assert_eq!(line, Some(2), "{bad:?}"),
                other => panic!("{bad:?}: {other:?}"),
            }
        }
    }
}
