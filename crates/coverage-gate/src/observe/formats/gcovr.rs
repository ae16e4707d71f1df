//! gcovr's JSON, formats 0.1 to 0.15 (<https://gcovr.com/en/stable/output/json.html>).
//!
//! As in gcovr's own totals, a line counts once for each function that has it, where the file has instances of templates; what
//! a comment or an option excluded does not count; ways out by an exception are arms unless gcovr left them out; a function is
//! what has one name on one line.

use super::gcov::file::SourceFile;
use super::json::{self, Fields, Refusal};
use crate::observe::reading::{ReadError, Reading};
use serde::de::{Error, MapAccess};
use std::io::Read;

/// Reads one report. Errors: a summary, no version, no `files`, a negative count, and what JSON itself refuses.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut report = Report { into, has_files: false, has_version: false };
    json::read_object(input, &mut report)?;
    if !report.has_files || !report.has_version {
        return Err(Refusal::not_a_report(
            "it has no `gcovr/format_version` and `files`: not what `gcovr --json` writes",
        )
        .into());
    }
    Ok(())
}

struct Report<'r> {
    into: &'r mut Reading,
    has_files: bool,
    has_version: bool,
}

impl Fields for Report<'_> {
    const WHAT: &'static str = "a report of gcovr's";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"gcovr/format_version" => {
                self.has_version = true;
                json::skip(map)
            }
            b"gcovr/summary_format_version" => {
                let why = "it is of `gcovr --json-summary` and has totals only; give the report of `gcovr --json`";
                Err(A::Error::custom(Refusal::not_a_report(why)))
            }
            b"files" => {
                self.has_files = true;
                map.next_value_seed(json::Objects {
                    state: &mut *self.into,
                    make: |_: &mut &mut Reading| SourceFile::default(),
                    take: |into: &mut &mut Reading, file: SourceFile| file.finish(into),
                })
            }
            _ => json::skip(map),
        }
    }
}

#[cfg(test)]
mod tests;
