//! `gcov --json-format`, versions 1 and 2 (<https://gcc.gnu.org/onlinedocs/gcc/Invoking-Gcov.html>): what one object file says
//! of the sources that went into it. Several may follow each other in one report, as `gcov --stdout *.o` writes them.
//!
//! Lines, branches and functions count as in gcovr, which reads the same: see [`super::gcovr`]. Paths are made absolute with
//! the folder of the compiler, since two objects may name different files alike.

pub(super) mod file;

use super::json::{self, Fields, Name, Refusal};
use crate::observe::reading::{ReadError, Reading};
use crate::plan::coverage::ReportedPath;
use file::SourceFile;
use serde::de::{Error, MapAccess};
use std::collections::BTreeSet;
use std::io::Read;

/// Folders that compilers ran in, in one report; a report that names more is none.
const MAX_ROOTS: usize = 100_000;

/// Reads one report. Errors: no `files`, a negative count, and what JSON itself refuses.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut roots = BTreeSet::new();
    json::read_objects(input, Unit::default, |unit| unit.finish(&mut roots, into))?;
    into.roots.extend(roots);
    Ok(())
}

/// One object file's document.
#[derive(Default)]
struct Unit {
    root: Option<String>,
    files: Reading,
    has_files: bool,
}

impl Unit {
    fn finish(mut self, roots: &mut BTreeSet<String>, into: &mut Reading) -> Result<(), ReadError> {
        if !self.has_files {
            return Err(Refusal::not_a_report("it has no `files`: not what `gcov --json-format` writes").into());
        }
        let root = self.root.unwrap_or_default();
        for (path, file) in self.files.take_files() {
            into.add(ReportedPath::new(joined(&root, &path.path)), file)?;
        }
        for notice in self.files.notices {
            into.notice(notice.code, notice.line, || notice.what);
        }
        if !root.is_empty() {
            roots.insert(root);
        }
        if roots.len() > MAX_ROOTS {
            return Err(Refusal::too_large(format!("more than {MAX_ROOTS} working directories")).into());
        }
        Ok(())
    }
}

/// A path within a folder, without `.` and `..`.
fn joined(root: &str, path: &str) -> String {
    if root.is_empty() || json::is_absolute(path) {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = root.trim_end_matches(['/', '\\']).split(['/', '\\']).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            // The root itself, `""` or `C:`, stays.
            ".." if parts.len() > 1 => {
                parts.pop();
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl Fields for Unit {
    const WHAT: &'static str = "a report of gcov's";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"current_working_directory" => {
                let root: Name = map.next_value()?;
                self.root = Some(json::path_of(&root.0).map_err(A::Error::custom)?);
                Ok(())
            }
            b"files" => {
                self.has_files = true;
                map.next_value_seed(json::Objects {
                    state: &mut self.files,
                    make: |_: &mut &mut Reading| SourceFile::default(),
                    take: |files: &mut &mut Reading, file: SourceFile| file.finish(files),
                })
            }
            _ => json::skip(map),
        }
    }
}

#[cfg(test)]
mod tests;
