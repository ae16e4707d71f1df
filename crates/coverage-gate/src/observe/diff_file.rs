//! A change given as a unified diff: `git diff BASE HEAD > FILE`, or `diff -ruN`.
//!
//! The format is git-diff(1), "Generating patch text with -p" (<https://git-scm.com/docs/diff-format>), and GNU diff's
//! "Detailed Description of Unified Format". Any amount of context will do. What is read must be one whole diff between
//! two states: several commits in a row number their lines each for itself, and what breaks off hides changes, so both are
//! refused.

mod hunk;
mod names;

#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::plan::diff::{Change, ChangedFile, Hunk};
use std::collections::BTreeMap;

/// Files that one diff may name.
const MAX_FILES: usize = 2_000_000;

/// Reads a diff; `name` is the file's, for messages. The files are in order of path; an empty diff has none.
/// Errors: with the line, what is wrong and what to do: no unified diff, a hunk that is not as long as it says, a combined
/// diff of a merge, Subversion's or a context diff, several diffs in one, paths that lead out of the repository.
pub fn parse(bytes: &[u8], name: &str) -> Result<Vec<ChangedFile>, Error> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let what = "is UTF-16, which PowerShell's `>` writes; make it with `git diff --output=FILE BASE HEAD`";
        return Err(Error::file(name, Some(1), what));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = Lines { rest: bytes, number: 0, name };
    let mut files = Files { by_path: BTreeMap::new(), name };
    while let Some(line) = lines.next() {
        read_section(line, &mut lines, &mut files)?;
    }
    if files.by_path.is_empty() {
        return Err(Error::file(name, None, "holds no unified diff; make it with `git diff BASE HEAD > FILE`"));
    }
    files.finish()
}

/// The lines of the diff, without their ends.
struct Lines<'d> {
    rest: &'d [u8],
    /// Of the line given last, 1-based.
    number: u32,
    name: &'d str,
}

impl<'d> Lines<'d> {
    fn peek(&self) -> Option<&'d [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let line = self.rest.get(..end)?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn next(&mut self) -> Option<&'d [u8]> {
        let line = self.peek()?;
        let end = memchr::memchr(b'\n', self.rest).map_or(self.rest.len(), |end| end + 1);
        self.rest = self.rest.get(end..).unwrap_or_default();
        self.number = self.number.saturating_add(1);
        Some(line)
    }

    /// What is wrong at the line given last.
    fn error(&self, what: impl Into<String>) -> Error {
        Error::file(self.name, Some(self.number), what)
    }
}

/// Reads what begins at a line that is outside of everything; a line that begins nothing is passed over: what mail, `git
/// show` and `git format-patch` put around a diff.
fn read_section(line: &[u8], lines: &mut Lines<'_>, files: &mut Files<'_>) -> Result<(), Error> {
    if let Some(paths) = line.strip_prefix(b"diff --git ") {
        let start = lines.number;
        let section = read_git(paths, lines)?;
        return files.add(section, start);
    }
    if line.starts_with(b"diff --cc ") || line.starts_with(b"diff --combined ") || line.starts_with(b"@@@") {
        return Err(lines.error(
            "is the combined diff of a merge, which compares with two sides at once; give `git diff BASE HEAD`",
        ));
    }
    if line.starts_with(b"--- ") && lines.peek().is_some_and(|next| next.starts_with(b"+++ ")) {
        let start = lines.number;
        let section = read_plain(line, lines)?;
        return files.add(section, start);
    }
    if line.starts_with(b"Index: ") && lines.peek().is_some_and(|next| next.starts_with(b"=====")) {
        return Err(lines.error("is a diff by Subversion or CVS, whose paths are not git's; give `git diff BASE HEAD`"));
    }
    if line.starts_with(b"*** ") && lines.peek().is_some_and(|next| next.starts_with(b"--- ")) {
        return Err(lines.error("is a context diff; give a unified one (`diff -u`)"));
    }
    if line.starts_with(b"Only in ") {
        return Err(lines.error("says that a file is on one side only, and not what it holds; give `diff -ruN`"));
    }
    if line.starts_with(b"\x1b[") {
        return Err(lines.error("holds colour codes; make it with `git diff --no-color`"));
    }
    if line.starts_with(b"@@ ") {
        return Err(lines.error("is a hunk of no file: the lines `--- a/PATH` and `+++ b/PATH` are missing before it"));
    }
    if let Some(text) = line.strip_prefix(b"Submodule ") {
        return files.add_submodule(text, lines);
    }
    if let Some(text) = line.strip_prefix(b"Binary files ").and_then(|text| text.strip_suffix(b" differ")) {
        let start = lines.number;
        let path = names::of_binary(text).map_err(|what| lines.error(what))?;
        return files.add(Section { new: Some(path), is_binary: true, ..Section::default() }, start);
    }
    Ok(())
}

/// One file as the diff tells it, paths without prefixes.
#[derive(Debug, Default)]
struct Section {
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
    is_new: bool,
    is_deleted: bool,
    is_rename: bool,
    is_copy: bool,
    is_binary: bool,
    /// The mode that the file has, or had when it is gone.
    mode: Option<Vec<u8>>,
    /// What the index line names: both sides' ids, each shortened.
    ids: Option<(Vec<u8>, Vec<u8>)>,
    hunks: Vec<Hunk>,
}

/// Reads what follows `diff --git `.
fn read_git(paths: &[u8], lines: &mut Lines<'_>) -> Result<Section, Error> {
    let start = lines.number;
    let mut section = Section::default();
    let mut sides: Option<(Vec<u8>, Vec<u8>)> = None;
    while let Some(line) = lines.peek() {
        if let Some(value) = line.strip_prefix(b"--- ") {
            lines.next();
            sides = Some(read_sides(value, lines)?);
            section.hunks = hunk::read(lines)?.hunks;
            break;
        }
        if !read_extended(line, &mut section, lines)? {
            break;
        }
    }
    section.set_names(paths, sides).map_err(|what| Error::file(lines.name, Some(start), what))?;
    if section.hunks.is_empty() && section.lacks_hunks() {
        return Err(lines.error("breaks off: the file differs and its changes are not here"));
    }
    Ok(section)
}

/// One of git's extended header lines; `false` when the line is none, which ends the section.
fn read_extended(line: &[u8], section: &mut Section, lines: &mut Lines<'_>) -> Result<bool, Error> {
    let value = |prefix: &[u8]| line.strip_prefix(prefix);
    let path = |value: &[u8], lines: &mut Lines<'_>| {
        lines.next();
        names::unquote(value).map_err(|what| lines.error(what))
    };
    if let Some(mode) = value(b"new file mode ") {
        (section.is_new, section.mode) = (true, Some(mode.to_vec()));
    } else if let Some(mode) = value(b"deleted file mode ") {
        (section.is_deleted, section.mode) = (true, Some(mode.to_vec()));
    } else if let Some(mode) = value(b"new mode ") {
        section.mode = Some(mode.to_vec());
    } else if let Some(from) = value(b"rename from ").or_else(|| value(b"rename old ")) {
        (section.is_rename, section.old) = (true, Some(path(from, lines)?));
        return Ok(true);
    } else if let Some(to) = value(b"rename to ").or_else(|| value(b"rename new ")) {
        (section.is_rename, section.new) = (true, Some(path(to, lines)?));
        return Ok(true);
    } else if let Some(from) = value(b"copy from ") {
        (section.is_copy, section.old) = (true, Some(path(from, lines)?));
        return Ok(true);
    } else if let Some(to) = value(b"copy to ") {
        (section.is_copy, section.new) = (true, Some(path(to, lines)?));
        return Ok(true);
    } else if let Some(index) = value(b"index ") {
        section.set_index(index);
    } else if line.starts_with(b"Binary files ") || line == b"GIT binary patch" {
        section.is_binary = true;
        if line == b"GIT binary patch" {
            skip_binary_patch(lines);
            return Ok(true);
        }
    } else if ![&b"old mode "[..], b"similarity index ", b"dissimilarity index "]
        .iter()
        .any(|known| line.starts_with(known))
    {
        return Ok(false);
    }
    lines.next();
    Ok(true)
}

/// Passes over `GIT binary patch` and its lines, which hold no blanks.
fn skip_binary_patch(lines: &mut Lines<'_>) {
    lines.next();
    while lines.peek().is_some_and(|line| {
        line.is_empty() || line.starts_with(b"literal ") || line.starts_with(b"delta ") || !line.contains(&b' ')
    }) {
        lines.next();
    }
}

/// The two names of `--- ` and `+++ `, as written.
fn read_sides(old: &[u8], lines: &mut Lines<'_>) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let old = names::of_side(old).map_err(|what| lines.error(what))?;
    let Some(new) = lines.next().and_then(|line| line.strip_prefix(b"+++ ")) else {
        return Err(lines.error("`+++ ` has to follow `--- `: the diff breaks off"));
    };
    let new = names::of_side(new).map_err(|what| lines.error(what))?;
    Ok((old, new))
}

/// Reads a file of a diff that is not git's, from its line `--- `.
fn read_plain(line: &[u8], lines: &mut Lines<'_>) -> Result<Section, Error> {
    let (old, new) = read_sides(line.get(4..).unwrap_or_default(), lines)?;
    let body = hunk::read(lines)?;
    let (old, new) = names::of_plain(&old, &new);
    // `diff -N` gives a file that is on one side only a name on both.
    Ok(Section {
        is_new: old.is_none() || body.old_is_empty,
        is_deleted: new.is_none() || body.new_is_empty,
        old,
        new,
        hunks: body.hunks,
        ..Section::default()
    })
}

impl Section {
    /// `ID..ID`, or `ID..ID MODE`.
    fn set_index(&mut self, index: &[u8]) {
        let mut words = index.split(|byte| *byte == b' ');
        let ids = words.next().unwrap_or_default();
        if let Some(dots) = memchr::memmem::find(ids, b"..") {
            let (old, new) = ids.split_at(dots);
            self.ids = Some((old.to_vec(), new.get(2..).unwrap_or_default().to_vec()));
        }
        if let Some(mode) = words.next() {
            self.mode = Some(mode.to_vec());
        }
    }

    /// Whether the content differs by the section's own word, so that there have to be hunks.
    fn lacks_hunks(&self) -> bool {
        // git's ids of the empty file: `git hash-object /dev/null`, by SHA-1 and SHA-256.
        let is_empty = |id: &[u8]| {
            [
                &b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"[..],
                b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
            ]
            .iter()
            .any(|empty| empty.starts_with(id))
        };
        let is_none = |id: &[u8]| id.iter().all(|byte| *byte == b'0');
        self.ids.as_ref().is_some_and(|(old, new)| {
            let nothing = |id: &[u8]| is_none(id) || is_empty(id);
            !self.is_binary && old != new && !(nothing(old) && nothing(new))
        })
    }

    /// Settles the paths: renames and copies name them as they are; else those of `---` and `+++`, else of `diff --git`.
    fn set_names(&mut self, header: &[u8], sides: Option<(Vec<u8>, Vec<u8>)>) -> Result<(), String> {
        if self.is_rename || self.is_copy {
            return match (&self.old, &self.new) {
                (Some(_), Some(_)) => Ok(()),
                _ => Err("names only one side of a rename or copy: the diff breaks off".to_owned()),
            };
        }
        let path = names::of_git(header, sides.as_ref())?;
        (self.old, self.new) = (Some(path.clone()), Some(path));
        Ok(())
    }

    fn change(&self) -> Change {
        let has_mode = |mode: &[u8]| self.mode.as_deref() == Some(mode);
        match self {
            _ if self.is_deleted => Change::Deleted,
            _ if has_mode(b"160000") => Change::Submodule,
            _ if has_mode(b"120000") => Change::Link,
            _ if self.is_binary => Change::Binary,
            _ if self.is_new => Change::Added,
            _ if self.is_rename => Change::Renamed,
            _ if self.is_copy => Change::Copied,
            _ => Change::Modified,
        }
    }
}

/// What the diff names so far.
struct Files<'d> {
    by_path: BTreeMap<String, (ChangedFile, u32)>,
    name: &'d str,
}

impl Files<'_> {
    /// Adds a section that began at a line.
    fn add(&mut self, section: Section, line: u32) -> Result<(), Error> {
        let wrong = |what: String| Error::file(self.name, Some(line), what);
        let change = section.change();
        let is_gone_link = change == Change::Deleted && matches!(section.mode.as_deref(), Some(b"120000" | b"160000"));
        let has_lines = !matches!(change, Change::Submodule | Change::Link | Change::Binary) && !is_gone_link;
        let path = if change == Change::Deleted { &section.old } else { &section.new };
        let path = names::checked(path.as_deref().unwrap_or_default()).map_err(wrong)?;
        let from = section.old.as_deref().filter(|_| section.is_rename || section.is_copy);
        let old_path = from.map(names::checked).transpose().map_err(wrong)?;
        let hunks = if has_lines { section.hunks } else { Vec::new() };
        let file = ChangedFile { path, old_path, change, hunks };
        if self.by_path.len() >= MAX_FILES {
            return Err(wrong(format!("is the diff's file number {MAX_FILES}, and more are not read")));
        }
        match self.by_path.get(&file.path) {
            None => {}
            // A file that becomes a link, or the other way round, is told as gone and new.
            Some((earlier, _)) if earlier.change == Change::Deleted && is_new(file.change) => {}
            Some((_, earlier)) => {
                let path = names::shown(file.path.as_bytes());
                return Err(wrong(format!(
                    "names {path} again after line {earlier}: these are several diffs in a row, whose line numbers are not \
                     those of the last state; give one `git diff BASE HEAD`"
                )));
            }
        }
        self.by_path.insert(file.path.clone(), (file, line));
        Ok(())
    }

    /// `git diff --submodule`: `NAME ID..ID:`, and in words what is in it.
    fn add_submodule(&mut self, text: &[u8], lines: &Lines<'_>) -> Result<(), Error> {
        let mut words: Vec<&[u8]> = text.split(|byte| *byte == b' ').collect();
        let range = words.iter().rposition(|word| memchr::memmem::find(word, b"..").is_some());
        let contains = words.iter().rposition(|word| *word == b"contains");
        let Some(end) = range.or(contains).filter(|end| *end > 0) else { return Ok(()) };
        words.truncate(end);
        let path = words.join(&b' ');
        // A submodule that holds changes of its own and has moved has two lines.
        if self.by_path.contains_key(&*String::from_utf8_lossy(&path)) {
            return Ok(());
        }
        let section = Section { new: Some(path), mode: Some(b"160000".to_vec()), ..Section::default() };
        self.add(section, lines.number)
    }

    /// The files in order. Error: a file that is somewhere else and is changed where it was.
    fn finish(self) -> Result<Vec<ChangedFile>, Error> {
        for (file, line) in self.by_path.values() {
            let Some(old) = file.old_path.as_ref().filter(|_| file.change == Change::Renamed) else { continue };
            let stays = self
                .by_path
                .get(old)
                .is_some_and(|(there, _)| matches!(there.change, Change::Modified | Change::Deleted));
            if stays {
                return Err(Error::file(
                    self.name,
                    Some(*line),
                    format!(
                        "renames {}, which another part changes: these are several diffs in a row; give one `git diff \
                         BASE HEAD`",
                        names::shown(old.as_bytes())
                    ),
                ));
            }
        }
        Ok(self.by_path.into_values().map(|(file, _)| file).collect())
    }
}

fn is_new(change: Change) -> bool {
    matches!(change, Change::Added | Change::Link | Change::Submodule | Change::Binary)
}
