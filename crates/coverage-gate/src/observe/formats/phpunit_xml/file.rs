//! The document of one source file.

use super::super::xml::Scanner;
use super::super::xml::number::whole;
use super::{executed, lines_total};
use crate::observe::reading::{MAX_LINE, MAX_PATH_BYTES, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::totals::Share;
use crate::plan::coverage::{FileCoverage, ReportedPath};

/// Most lines of one source file, methods included.
const MAX_LINES: usize = 10_000_000;

/// A method or function.
#[derive(Debug)]
struct Unit {
    identity: String,
    /// First and last line; functions have no last one.
    first: u32,
    last: Option<u32>,
    lines: Share,
}

/// What a document says.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Path below the folder that was measured, beginning with `/`.
    path: String,
    total: Share,
    units: Vec<Unit>,
    ran: Vec<u32>,
    /// Lines that hold more than space and comments.
    code: Vec<u32>,
}

impl Document {
    /// Reads the `<file>` that has just begun.
    pub(super) fn read(xml: &mut Scanner<'_>) -> Result<Document, ReadError> {
        let text = |name| xml.attribute(name).map(|value| value.text().into_owned()).unwrap_or_default();
        let (name, folder) = (text("name"), text("path"));
        let path = format!("{}/{name}", folder.trim_end_matches('/'));
        if name.is_empty() || path.len() > MAX_PATH_BYTES {
            return Err(xml.malformed("a file has no name, or a path of more than 4096 bytes"));
        }
        let mut document = Document { path, ..Document::default() };
        while xml.child()? {
            match xml.name() {
                b"totals" => document.total = lines_total(xml)?.unwrap_or_default(),
                b"class" | b"trait" => {
                    let class = xml.attribute("name").map(|value| value.text().into_owned()).unwrap_or_default();
                    while xml.child()? {
                        if xml.name() == b"method" {
                            document.unit(xml, &class)?;
                        }
                        xml.skip()?;
                    }
                }
                b"function" => {
                    document.unit(xml, "")?;
                    xml.skip()?;
                }
                b"coverage" => document.coverage(xml)?,
                b"source" => document.source(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(document)
    }

    fn unit(&mut self, xml: &Scanner<'_>, class: &str) -> Result<(), ReadError> {
        if self.units.len() == MAX_LINES {
            return Err(xml.malformed("a file has more than 10,000,000 methods"));
        }
        let name = xml.attribute("name").map(|value| value.text().into_owned()).unwrap_or_default();
        let identity = if class.is_empty() { name } else { format!("{class}::{name}") };
        let last = xml.attribute("end").is_some().then(|| line(xml, "end")).transpose()?;
        self.units.push(Unit { identity, first: line(xml, "start")?, last, lines: executed(xml)? });
        Ok(())
    }

    fn coverage(&mut self, xml: &mut Scanner<'_>) -> Result<(), ReadError> {
        while xml.child()? {
            if xml.name() == b"line" {
                push(&mut self.ran, line(xml, "nr")?, xml)?;
            }
            xml.skip()?;
        }
        Ok(())
    }

    fn source(&mut self, xml: &mut Scanner<'_>) -> Result<(), ReadError> {
        while xml.child()? {
            if xml.name() != b"line" {
                xml.skip()?;
                continue;
            }
            let number = line(xml, "no")?;
            let mut has_code = false;
            while xml.child()? {
                let token = xml.attribute("name").map(|value| value.bytes().into_owned()).unwrap_or_default();
                has_code |= !matches!(&*token, b"T_WHITESPACE" | b"T_COMMENT" | b"T_DOC_COMMENT");
                xml.skip()?;
            }
            if has_code {
                push(&mut self.code, number, xml)?;
            }
        }
        Ok(())
    }

    /// Adds the file, which is below `source`.
    pub(super) fn add(mut self, source: &str, into: &mut Reading) -> Result<(), ReadError> {
        for lines in [&mut self.ran, &mut self.code] {
            lines.sort_unstable();
            lines.dedup();
        }
        let relative = self.path.trim_start_matches('/');
        let path = if source.is_empty() { relative.to_owned() } else { format!("{source}/{relative}") };
        let ran = self.ran.len() as u64;
        if ran != self.total.covered {
            // More lines ran than the file says can: its total is of no use.
            if ran > self.total.coverable {
                let what = format!(
                    "{} lists {ran} lines that ran, of {} that could",
                    quote(path.as_bytes()),
                    self.total.coverable
                );
                return Err(ReadError::malformed(1, what));
            }
            let derived = Share { covered: ran, coverable: self.total.coverable };
            into.lying.push((path.clone(), self.total, derived));
            self.total = derived;
        }
        let mut file = FileCoverage::default();
        for unit in self.units.iter().filter(|unit| unit.lines.coverable > 0) {
            let hit = unit.lines.covered > 0;
            file.functions.push(unit.first, ItemId::Text(unit.identity.as_bytes()), hit);
        }
        self.ran.iter().for_each(|line| file.lines.push(*line, true));
        if self.total.uncovered() > 0 {
            self.add_uncovered(&path, &mut file, into)?;
        }
        into.add(ReportedPath::new(path), file)
    }

    /// Adds the lines that may be those that did not run. Where they are more than those that did not, the total is kept
    /// apart.
    fn add_uncovered(&self, path: &str, file: &mut FileCoverage, into: &mut Reading) -> Result<(), ReadError> {
        let missing = self.total.uncovered();
        let candidates = self.candidates();
        if (candidates.len() as u64) < missing {
            let what = format!(
                "of {} {missing} lines did not run, but its source is not in the report",
                quote(path.as_bytes())
            );
            return Err(ReadError::malformed(1, what));
        }
        candidates.iter().for_each(|line| file.lines.push(*line, false));
        if candidates.len() as u64 > missing {
            into.notice("uncovered-lines-unlisted", None, || {
                format!(
                    "of {} {missing} lines did not run, but PHPUnit's XML does not list them: every line that may be \
                     one counts as not covered; give --coverage-clover or --coverage-cobertura to see the lines themselves",
                    quote(path.as_bytes())
                )
            });
            for instance in 0..self.total.coverable {
                let id = ItemId::Number(u32::try_from(instance).unwrap_or(u32::MAX));
                file.line_instances.push(0, id, instance < self.total.covered);
            }
        }
        Ok(())
    }

    /// Lines of code that may be those that did not run, sorted.
    fn candidates(&self) -> Vec<u32> {
        let open = self.open_units();
        let mut at = 0;
        let mut candidates = self.code.clone();
        candidates.retain(|line| {
            while open.get(at).is_some_and(|(_, last)| last < line) {
                at += 1;
            }
            open.get(at).is_some_and(|(first, _)| first <= line) && self.ran.binary_search(line).is_err()
        });
        candidates
    }

    /// Lines of the methods and functions in which not everything ran, sorted and apart from each other; all lines when
    /// something did not run outside of them, or when one is within another, so that sums don't add up.
    fn open_units(&self) -> Vec<(u32, u32)> {
        let mut units: Vec<&Unit> = self.units.iter().collect();
        units.sort_by_key(|unit| unit.first);
        let nexts = units.iter().skip(1).map(|unit| unit.first).chain([u32::MAX]);
        let (mut open, mut missing) = (Vec::new(), 0);
        for (unit, next) in units.iter().zip(nexts) {
            let last = unit.last.unwrap_or(next);
            if last > next || last < unit.first {
                return vec![(0, u32::MAX)];
            }
            if unit.lines.uncovered() > 0 {
                missing += unit.lines.uncovered();
                open.push((unit.first, last));
            }
        }
        if missing == self.total.uncovered() { open } else { vec![(0, u32::MAX)] }
    }
}

fn push(lines: &mut Vec<u32>, line: u32, xml: &Scanner<'_>) -> Result<(), ReadError> {
    if lines.len() == MAX_LINES {
        return Err(xml.malformed("a file has more than 10,000,000 lines"));
    }
    if line > 0 {
        lines.push(line);
    }
    Ok(())
}

fn line(xml: &Scanner<'_>, name: &str) -> Result<u32, ReadError> {
    let number = xml.attribute(name).and_then(|value| whole(&value.bytes()));
    let number = number.filter(|number| *number <= u64::from(MAX_LINE)).and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| xml.malformed(format!("`{name}` is missing or no line number up to 100,000,000")))
}
