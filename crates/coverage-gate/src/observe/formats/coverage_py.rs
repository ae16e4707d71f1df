//! coverage.py's `coverage json`, formats 1 to 3 (<https://coverage.readthedocs.io/en/latest/commands/cmd_json.html>), and
//! Slipcover's, which has the same shape.
//!
//! An arm of a branch is its jump from a line to a line, where a negative line is the way out of the function or class that
//! begins there. Functions are there since coverage.py 7.6; one counts that has a statement, as in coverage.py's own LCOV.
//! The timestamp is the local time of the machine that ran the tests, without its zone: it is taken to be as late as it can
//! be (UTC-12:00), so that no fresh report is ever called outdated.

use super::json::{self, Budget, Fields, Instant, LineNumber, Object, Refusal, Step};
use crate::observe::reading::{ReadError, Reading};
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::totals::{BranchShare, Share};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use serde::Deserialize;
use serde::de::{Error, MapAccess};
use std::io::Read;

/// The newest format that is known.
const NEWEST_FORMAT: u64 = 3;

/// Reads one report. Errors: no `files`, a file without its lines, and what JSON itself refuses.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut report = Report { into, has_files: false };
    json::read_object(input, &mut report)?;
    if !report.has_files {
        return Err(Refusal::not_a_report("it has no `files`: not what `coverage json` writes").into());
    }
    Ok(())
}

struct Report<'r> {
    into: &'r mut Reading,
    has_files: bool,
}

/// `meta`.
#[derive(Deserialize)]
struct Meta {
    format: Option<u64>,
    timestamp: Option<String>,
}

/// A summary's numbers of lines and branches.
#[derive(Deserialize, Clone, Copy)]
struct Summary {
    covered_lines: Option<u64>,
    num_statements: Option<u64>,
    covered_branches: Option<u64>,
    num_branches: Option<u64>,
}

impl Summary {
    fn lines(&self) -> Option<Share> {
        Some(Share { covered: self.covered_lines?, coverable: self.num_statements? })
    }

    fn branches(&self) -> Option<BranchShare> {
        Some(BranchShare { covered: self.covered_branches?, covered_at_most: None, coverable: self.num_branches? })
    }
}

impl Fields for Report<'_> {
    const WHAT: &'static str = "a report of coverage.py's";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"meta" => {
                let meta: Meta = map.next_value()?;
                self.note_meta(&meta);
                Ok(())
            }
            b"files" => {
                self.has_files = true;
                map.next_value_seed(Object(&mut FileTable { into: self.into }))
            }
            b"totals" => {
                let totals: Summary = map.next_value()?;
                self.into.declared.lines = totals.lines();
                self.into.declared.branches = totals.branches();
                Ok(())
            }
            _ => json::skip(map),
        }
    }
}

impl Report<'_> {
    fn note_meta(&mut self, meta: &Meta) {
        if let Some(format) = meta.format.filter(|format| *format > NEWEST_FORMAT) {
            let what =
                || format!("it is of coverage.py's format {format}; {NEWEST_FORMAT} is the newest that is known");
            self.into.notice("format-newer", None, what);
        }
        let written = meta.timestamp.as_deref().and_then(Instant::parse).map(Instant::latest_s);
        self.into.timestamp_s = self.into.timestamp_s.max(written);
    }
}

/// `files`: what is said of each.
struct FileTable<'r> {
    into: &'r mut Reading,
}

impl Fields for FileTable<'_> {
    const WHAT: &'static str = "an object with an entry for each file";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        let path = json::path_of(key).map_err(A::Error::custom)?;
        let mut entry = Entry::default();
        map.next_value_seed(Object(&mut entry))?;
        entry.finish(path, self.into).map_err(A::Error::custom)
    }
}

/// One file.
#[derive(Default)]
struct Entry {
    file: FileCoverage,
    budget: Budget,
    lines_zero: u64,
    has_lines: [bool; 2],
    has_branches: bool,
    summary: Option<Summary>,
}

impl Entry {
    fn line(&mut self, line: u32, covered: bool) -> Step {
        self.budget.take()?;
        if line == 0 {
            self.lines_zero += 1;
        } else {
            self.file.lines.push(line, covered);
        }
        Ok(())
    }

    fn arm(&mut self, (from, to): (LineNumber, i64), taken: bool) -> Step {
        self.budget.take()?;
        if from.0 == 0 {
            self.lines_zero += 1;
            return Ok(());
        }
        match u32::try_from(to).ok().filter(|to| *to < 1 << 31) {
            Some(to) => self.file.arms.push(from.0, ItemId::Number(to), taken),
            None => self.file.arms.push(from.0, ItemId::Text(to.to_string().as_bytes()), taken),
        }
        Ok(())
    }

    fn finish(mut self, path: String, into: &mut Reading) -> Step {
        if self.has_lines != [true; 2] {
            return Err(Refusal::malformed(format!("`{path}` has no `executed_lines` and `missing_lines`")));
        }
        if self.lines_zero > 0 {
            let count = self.lines_zero;
            into.notice("line-zero", None, || format!("{path}: {count} entries for line 0 are left out"));
        }
        self.file.finish();
        if let Some(summary) = self.summary {
            let derived = Share { covered: self.file.lines.covered(), coverable: self.file.lines.coverable() };
            if let Some(declared) = summary.lines().filter(|declared| *declared != derived) {
                into.lying.push((path.clone(), declared, derived));
            }
            if let Some(branches) = summary.num_branches.filter(|branches| *branches > 0 && !self.has_branches) {
                into.notice("branches-not-listed", None, || {
                    format!(
                        "{path}: its {branches} branches are only a total; use coverage.py 7 or newer to have them read"
                    )
                });
            }
        }
        into.add(ReportedPath::new(path), self.file).map_err(Refusal::from)
    }
}

impl Fields for Entry {
    const WHAT: &'static str = "a file's entry";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        const LINES: &str = "an array of line numbers";
        const ARMS: &str = "an array of pairs of lines";
        match key {
            b"executed_lines" | b"missing_lines" => {
                let covered = key == b"executed_lines";
                self.has_lines[usize::from(covered)] = true;
                map.next_value_seed(json::each(LINES, |line: LineNumber| self.line(line.0, covered)))
            }
            b"executed_branches" | b"missing_branches" => {
                let taken = key == b"executed_branches";
                self.has_branches = true;
                map.next_value_seed(json::each(ARMS, |arm| self.arm(arm, taken)))
            }
            b"functions" => map.next_value_seed(Object(&mut FunctionTable { entry: self })),
            b"summary" => {
                self.summary = map.next_value()?;
                Ok(())
            }
            _ => json::skip(map),
        }
    }
}

/// `functions`: by name; the name `""` is what is in none.
struct FunctionTable<'e> {
    entry: &'e mut Entry,
}

impl Fields for FunctionTable<'_> {
    const WHAT: &'static str = "an object with an entry for each function";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        let mut function = Function::default();
        map.next_value_seed(Object(&mut function))?;
        let Some(first) = function.first.filter(|_| !key.is_empty()) else { return Ok(()) };
        self.entry.budget.take().map_err(A::Error::custom)?;
        let line = function.start.unwrap_or(first);
        self.entry.file.functions.push(line, ItemId::Text(&json::name_id(key)), function.ran);
        Ok(())
    }
}

/// One function.
#[derive(Default)]
struct Function {
    start: Option<u32>,
    /// Its first statement.
    first: Option<u32>,
    ran: bool,
}

impl Fields for Function {
    const WHAT: &'static str = "a function's entry";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"executed_lines" | b"missing_lines" => {
                let executed = key == b"executed_lines";
                map.next_value_seed(json::each("an array of line numbers", |line: LineNumber| {
                    self.ran |= executed;
                    self.first = Some(self.first.map_or(line.0, |first| first.min(line.0)));
                    Ok(())
                }))
            }
            b"start_line" => {
                self.start = map.next_value::<Option<LineNumber>>()?.map(|line| line.0);
                Ok(())
            }
            _ => json::skip(map),
        }
    }
}

#[cfg(test)]
mod tests;
