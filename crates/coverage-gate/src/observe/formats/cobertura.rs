//! Cobertura XML, in the dialects of coverage.py, gcovr, coverlet, dotnet-coverage, `PHPUnit`, Istanbul,
//! JaCoCo-to-Cobertura converters and `VectorCAST`.
//!
//! The format is <https://github.com/cobertura/web/blob/master/htdocs/xml/coverage-04.dtd>. Lines are those of a class, not
//! those that are repeated below its methods; one file may be spread over many classes (C# partial and nested ones, C++
//! templates). Rates are rounded and often wrong, so that only records count.

mod line;
mod method;
#[cfg(test)]
mod tests;

use super::xml::number::{unix_time_s, whole};
use super::xml::{Event, Scanner};
use crate::observe::reading::{Fault, MAX_PATH_BYTES, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use method::Methods;
use std::io::Read;

/// Most `<source>` folders; a report that names more is none of a real project.
const MAX_SOURCES: usize = 10_000;
/// Lines after which a file is deduplicated in between, so that lines that are repeated millions of times don't fill memory.
const COMPACT_EVERY_LINES: u32 = 1 << 20;

/// Reads one report.
/// Errors: see [`ReadError`]; what was added to `into` before then does not count.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("Cobertura", "coverage")?;
    let declared = declared_totals(&xml);
    into.declared = into.declared.plus(declared);
    into.timestamp_s = into.timestamp_s.max(xml.attribute("timestamp").and_then(|value| unix_time_s(&value.bytes())));
    let mut classes = Classes::default();
    loop {
        match xml.advance()? {
            Event::End => break,
            Event::Close => {}
            Event::Open => match xml.name() {
                b"class" => classes.class(&mut xml, into)?,
                b"source" => source(&mut xml, into)?,
                b"project" if xml.depth() == 2 => {
                    return Err(xml.not_a_report("it is a Clover report, not a Cobertura one"));
                }
                _ => {}
            },
        }
    }
    classes.flush(into)?;
    classes.methods.finish(into)?;
    if let Some(branches) = declared.branches.filter(|_| !classes.has_arms) {
        into.notice("branches-without-lines", None, || {
            let BranchShare { covered, coverable, .. } = branches;
            format!("its header declares {covered} of {coverable} branches, but no line says which; they do not count")
        });
    }
    Ok(())
}

fn declared_totals(xml: &Scanner<'_>) -> Totals {
    let share = |covered, valid| {
        let number = |name| xml.attribute(name).and_then(|value| whole(&value.bytes()));
        Some(Share { covered: number(covered)?, coverable: number(valid)? })
    };
    // 0 of 0 branches is what writers say that did not measure any.
    let branches = share("branches-covered", "branches-valid").filter(|share| share.coverable > 0);
    let exact =
        |share: Share| BranchShare { covered: share.covered, covered_at_most: None, coverable: share.coverable };
    Totals { lines: share("lines-covered", "lines-valid"), branches: branches.map(exact), ..Totals::default() }
}

fn source(xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
    let line = xml.line();
    let root = xml.element_text()?;
    // Cobertura's own command line puts its option among the folders.
    if root.is_empty() || root == "--source" || into.roots.contains(&root) {
        return Ok(());
    }
    if into.roots.len() == MAX_SOURCES || root.len() > MAX_PATH_BYTES {
        let what = "it names more than 10,000 source folders, or one of more than 4096 bytes".to_owned();
        return Err(ReadError::new(Some(line), Fault::TooLarge(what)));
    }
    into.roots.push(root);
    Ok(())
}

/// Gathers classes to files. Classes of one file mostly follow each other, so that one file is kept open.
#[derive(Default)]
struct Classes {
    pending: Option<(String, FileCoverage)>,
    methods: Methods,
    lines: u32,
    has_arms: bool,
}

impl Classes {
    fn flush(&mut self, into: &mut Reading) -> Result<(), ReadError> {
        match self.pending.take() {
            Some((path, file)) => into.add(ReportedPath::new(path), file),
            None => Ok(()),
        }
    }

    fn class(&mut self, xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
        let path = xml.attribute("filename").map(|value| value.text().into_owned()).unwrap_or_default();
        if path.len() > MAX_PATH_BYTES {
            return Err(xml.malformed("a file name is longer than 4096 bytes"));
        }
        let class = xml.attribute("name").map(|value| value.text().into_owned()).unwrap_or_default();
        if self.pending.as_ref().is_some_and(|(pending, _)| *pending != path) {
            self.flush(into)?;
        }
        let (path, mut file) = self.pending.take().unwrap_or_else(|| (path, FileCoverage::default()));
        while xml.child()? {
            let is_method = match xml.name() {
                b"methods" => true,
                b"lines" => false,
                _ => {
                    xml.skip()?;
                    continue;
                }
            };
            while xml.child()? {
                match xml.name() {
                    b"line" | b"method" if path.is_empty() => {
                        return Err(xml.malformed(format!(
                            "class `{}` has lines but no file name, so that nobody knows what they belong to",
                            quote(class.as_bytes())
                        )));
                    }
                    b"line" if !is_method => {
                        line::class_line(xml, into, &mut file)?;
                        self.lines = self.lines.wrapping_add(1);
                        if self.lines.is_multiple_of(COMPACT_EVERY_LINES) {
                            file.finish();
                        }
                    }
                    b"method" if is_method => {
                        self.methods.read(xml, &class, &path, &mut file)?;
                        continue;
                    }
                    _ => {}
                }
                xml.skip()?;
            }
        }
        self.has_arms |= !file.arm_counts.is_empty();
        if !path.is_empty() {
            self.pending = Some((path, file));
        }
        Ok(())
    }
}
