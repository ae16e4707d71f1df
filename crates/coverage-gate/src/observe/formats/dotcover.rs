//! `dotCover` `DetailedXML`.
//!
//! JetBrains documents the report, not its schema (<https://www.jetbrains.com/help/dotcover/Coverage-Analysis-with-Command-Line-Tool.html>):
//! a list of files with numbers, then assemblies, namespaces, types and methods, and in them the statements with their
//! places. A line ran if one of the statements that begin on it did.

#[cfg(test)]
mod tests;

use super::xml::Scanner;
use super::xml::number::whole;
use crate::observe::reading::{Fault, MAX_LINE, MAX_PATH_BYTES, ReadError, Reading};
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::totals::{Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::Read;

/// Most files; the largest known solutions have some ten thousand.
const MAX_FILES: usize = 1_000_000;
/// Longest path of nested namespaces, types and members.
const MAX_NAME_BYTES: usize = 64 << 10;

/// Reads one report.
/// Errors: see [`ReadError`]; what was added to `into` before then does not count.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("dotCover", "Root")?;
    let kind = xml.attribute("ReportType").map(|value| value.text().into_owned()).unwrap_or_default();
    if !kind.eq_ignore_ascii_case("DetailedXml") {
        let what = "it is a dotCover report without lines; have it made with --ReportType=DetailedXML";
        return Err(xml.not_a_report(what));
    }
    let number = |name| xml.attribute(name).and_then(|value| whole(&value.bytes()));
    let declared = number("CoveredStatements").zip(number("TotalStatements"));
    into.declared = into.declared.plus(Totals { statements: declared.map(Share::from), ..Totals::default() });
    let mut report = Report::default();
    while xml.child()? {
        match xml.name() {
            b"FileIndices" => report.paths(&mut xml)?,
            b"Assembly" => report.assembly(&mut xml, into)?,
            _ => xml.skip()?,
        }
    }
    xml.finish()
}

#[derive(Default)]
struct Report {
    paths: FxHashMap<u64, String>,
    /// Files of the assembly that is being read, by their numbers.
    files: BTreeMap<u64, FileCoverage>,
    /// Namespace, type and member that are open.
    name: String,
}

/// A member that is open: where its first statement is, and whether one of its statements ran.
#[derive(Default)]
struct Member {
    first: Option<(u64, u32)>,
    ran: bool,
}

impl Report {
    fn paths(&mut self, xml: &mut Scanner<'_>) -> Result<(), ReadError> {
        while xml.child()? {
            let number = xml.attribute("Index").and_then(|value| whole(&value.bytes()));
            let path = xml.attribute("Name").map(|value| value.text().into_owned()).unwrap_or_default();
            let Some(number) = number.filter(|_| !path.is_empty()) else {
                return Err(xml.malformed("a file has no `Index` or no `Name`"));
            };
            if self.paths.len() == MAX_FILES || path.len() > MAX_PATH_BYTES {
                let what = "it names more than 1,000,000 files, or one of more than 4096 bytes".to_owned();
                return Err(ReadError::new(Some(xml.line()), Fault::TooLarge(what)));
            }
            if self.paths.insert(number, path).is_some() {
                return Err(xml.malformed(format!("two files have the number {number}")));
            }
            xml.skip()?;
        }
        Ok(())
    }

    fn assembly(&mut self, xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
        let module = xml.attribute("Name").map(|value| value.text().into_owned()).unwrap_or_default();
        self.scope(xml, &mut Member::default(), into)?;
        for (number, file) in std::mem::take(&mut self.files) {
            let path = self.paths.get(&number).cloned().unwrap_or_default();
            into.add(ReportedPath { path, module: module.clone() }, file)?;
        }
        Ok(())
    }

    /// What is in an assembly, a namespace, a type or a member.
    fn scope(&mut self, xml: &mut Scanner<'_>, member: &mut Member, into: &mut Reading) -> Result<(), ReadError> {
        while xml.child()? {
            if xml.name() == b"Statement" {
                self.statement(xml, member, into)?;
                xml.skip()?;
                continue;
            }
            let is_member = is_member(xml.name());
            let outer = self.name.len();
            if let Some(name) = xml.attribute("Name") {
                self.name.push('.');
                self.name.push_str(&name.text());
            }
            if self.name.len() > MAX_NAME_BYTES {
                return Err(xml.malformed("the names of nested types are longer than 64 KiB"));
            }
            if is_member {
                let mut inner = Member::default();
                self.scope(xml, &mut inner, into)?;
                if let Some((file, line)) = inner.first {
                    let name = self.name.trim_start_matches('.').as_bytes();
                    self.files.entry(file).or_default().functions.push(line, ItemId::Text(name), inner.ran);
                }
            } else {
                self.scope(xml, member, into)?;
            }
            self.name.truncate(outer);
        }
        Ok(())
    }

    fn statement(&mut self, xml: &Scanner<'_>, member: &mut Member, into: &mut Reading) -> Result<(), ReadError> {
        let (mut file, mut line, mut covered, mut place) = (None, None, None, [0; 3]);
        for (name, value) in xml.attributes() {
            let text = value.bytes();
            match name {
                b"FileIndex" => file = whole(&text),
                b"Line" => line = whole(&text).filter(|line| *line <= u64::from(MAX_LINE)),
                b"Column" => place[0] = whole(&text).unwrap_or(0),
                b"EndLine" => place[1] = whole(&text).unwrap_or(0),
                b"EndColumn" => place[2] = whole(&text).unwrap_or(0),
                b"Covered" if text.eq_ignore_ascii_case(b"true") => covered = Some(true),
                b"Covered" if text.eq_ignore_ascii_case(b"false") => covered = Some(false),
                _ => {}
            }
        }
        let line = line.and_then(|line| u32::try_from(line).ok());
        let (Some(file), Some(line), Some(covered)) = (file, line, covered) else {
            return Err(xml.malformed("a statement lacks `FileIndex`, `Line` or `Covered`, or one is no such value"));
        };
        if !self.paths.contains_key(&file) {
            return Err(xml.malformed(format!("a statement is in file {file}, which is not listed")));
        }
        if line == 0 {
            into.notice("line-zero", Some(xml.line()), || "a statement is on line 0; it is ignored".to_owned());
            return Ok(());
        }
        let of_file = self.files.entry(file).or_default();
        of_file.lines.push(line, covered);
        let [column, end_line, end_column] = place;
        let identity = format!("{column}-{end_line}:{end_column}");
        of_file.statements.push(line, ItemId::Text(identity.as_bytes()), covered);
        member.first = member.first.or(Some((file, line)));
        member.ran |= covered;
        Ok(())
    }
}

/// Elements that are functions; the others are namespaces, types, and the properties and events that hold methods.
fn is_member(name: &[u8]) -> bool {
    matches!(name, b"Method" | b"Constructor" | b"AnonymousMethod" | b"LocalFunction" | b"InternalCompiledMethod")
}
