//! `OpenCover` XML, as `OpenCover`, `AltCover` and coverlet write it.
//!
//! The format is <https://github.com/OpenCover/opencover/blob/master/main/OpenCover.Framework/Model/CoverageSession.cs>.
//! Statements are sequence points; a line ran if one of those that begin on it did. A branch arm is a way out of an
//! instruction, told apart by the method, the instruction's offset and the way's number.

mod method;
#[cfg(test)]
mod tests;

use super::xml::number::whole;
use super::xml::{Event, Scanner};
use crate::observe::reading::{Fault, MAX_PATH_BYTES, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use method::Method;
use rustc_hash::FxHashMap;
use std::io::Read;

/// Most files of one module; the largest known solutions have some ten thousand.
const MAX_FILES: usize = 1_000_000;

/// Reads one report.
/// Errors: see [`ReadError`]; what was added to `into` before then does not count.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("OpenCover", "CoverageSession")?;
    loop {
        match xml.advance()? {
            Event::End => return Ok(()),
            Event::Close => {}
            Event::Open => match xml.name() {
                b"Summary" if xml.depth() == 2 => into.declared = into.declared.plus(summary(&xml)),
                b"Module" => Module::default().read(&mut xml, into)?,
                _ => {}
            },
        }
    }
}

fn summary(xml: &Scanner<'_>) -> Totals {
    let share = |visited, all| {
        let number = |name| xml.attribute(name).and_then(|value| whole(&value.bytes()));
        let share = Share { covered: number(visited)?, coverable: number(all)? };
        (share.coverable > 0).then_some(share)
    };
    let branches = share("visitedBranchPoints", "numBranchPoints");
    let exact =
        |share: Share| BranchShare { covered: share.covered, covered_at_most: None, coverable: share.coverable };
    Totals {
        lines: None,
        branches: branches.map(exact),
        functions: share("visitedMethods", "numMethods"),
        statements: share("visitedSequencePoints", "numSequencePoints"),
    }
}

/// One assembly: its files by their numbers, which other modules use anew.
#[derive(Default)]
struct Module {
    name: String,
    files: Vec<(String, FileCoverage)>,
    by_number: FxHashMap<u64, usize>,
}

impl Module {
    fn read(mut self, xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
        let outer = xml.depth();
        let mut class = String::new();
        loop {
            match xml.advance()? {
                Event::Open => match xml.name() {
                    b"ModuleName" => self.name = xml.element_text()?,
                    b"File" => self.file(xml)?,
                    b"FullName" => class = xml.element_text()?,
                    b"Method" => {
                        let method = Method::read(xml, &class)?;
                        self.take(&method, xml, into)?;
                    }
                    // AltCover and OpenCover list the tests' own methods here.
                    b"TrackedMethods" => xml.skip()?,
                    _ => {}
                },
                _ if xml.depth() < outer => break,
                _ => {}
            }
        }
        for (path, coverage) in self.files {
            into.add(ReportedPath { path, module: self.name.clone() }, coverage)?;
        }
        Ok(())
    }

    fn file(&mut self, xml: &Scanner<'_>) -> Result<(), ReadError> {
        let number = xml.attribute("uid").and_then(|value| whole(&value.bytes()));
        let path = xml.attribute("fullPath").map(|value| value.text().into_owned()).unwrap_or_default();
        let Some(number) = number.filter(|_| !path.is_empty()) else {
            return Err(xml.malformed("a file has no `uid` or no `fullPath`"));
        };
        if self.files.len() == MAX_FILES || path.len() > MAX_PATH_BYTES {
            let what = "a module names more than 1,000,000 files, or one of more than 4096 bytes".to_owned();
            return Err(ReadError::new(Some(xml.line()), Fault::TooLarge(what)));
        }
        if self.by_number.insert(number, self.files.len()).is_some() {
            return Err(xml.malformed(format!("two files of a module have the number {number}")));
        }
        self.files.push((path, FileCoverage::default()));
        Ok(())
    }

    /// Adds a method's points to their files. The scanner stands behind the method.
    fn take(&mut self, method: &Method, xml: &Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
        let at = |number: Option<u64>| {
            let found = number.and_then(|number| self.by_number.get(&number));
            found.copied().ok_or_else(|| {
                xml.malformed(format!(
                    "method `{}` has points in a file that the module does not list",
                    quote(method.name.as_bytes())
                ))
            })
        };
        for point in &method.points {
            let file = at(point.file.or(method.file))?;
            if point.line == 0 {
                into.notice("line-zero", Some(xml.line()), || {
                    format!("method `{}` has a point on line 0; it is ignored", quote(method.name.as_bytes()))
                });
                continue;
            }
            method.push(point, &mut self.files[file].1);
        }
        if let Some((file, line, hit)) = method.function() {
            // A method that was only compiled for, without a file, is none that someone could test.
            if let Ok(file) = at(file) {
                method.push_function(line, hit, &mut self.files[file].1);
            }
        }
        Ok(())
    }
}
