//! `JaCoCo` XML, as `JaCoCo`, Kover, Pester and gcovr write it.
//!
//! The format is <https://www.jacoco.org/jacoco/trunk/coverage/report.dtd>. It knows no folders: a file is its package and
//! its name, and groups are the modules of a build. A line has counts of instructions, not of runs; it ran if one of its
//! instructions did (<https://www.jacoco.org/jacoco/trunk/doc/counters.html>).

mod class;
mod sourcefile;
#[cfg(test)]
mod tests;

use super::xml::Scanner;
use super::xml::number::{unix_time_s, whole};
use crate::observe::reading::{MAX_PATH_BYTES, ReadError, Reading};
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use std::collections::BTreeMap;
use std::io::Read;

/// The name that gcovr gives its report when not told otherwise (its option `--jacoco-report-name`).
const GCOVR_NAME: &str = "GCOVR report";

/// Reads one report.
/// Errors: see [`ReadError`]; what was added to `into` before then does not count.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("JaCoCo", "report")?;
    let is_gcovr = xml.attribute("name").is_some_and(|name| name.text() == GCOVR_NAME);
    Report { module: String::new(), is_gcovr }.group(&mut xml, into)?;
    xml.finish()
}

struct Report {
    /// Names of the groups that are open, joined by `/`.
    module: String,
    is_gcovr: bool,
}

impl Report {
    /// What is in the report or in a group of it.
    fn group(&mut self, xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
        let is_report = xml.depth() == 1;
        while xml.child()? {
            match xml.name() {
                b"package" => {
                    self.package(xml, into)?;
                    continue;
                }
                b"group" => {
                    let outer = self.module.len();
                    if outer > 0 {
                        self.module.push('/');
                    }
                    self.module.push_str(&text(xml, "name"));
                    if self.module.len() > MAX_PATH_BYTES {
                        return Err(xml.malformed("the names of nested groups are longer than 4096 bytes"));
                    }
                    self.group(xml, into)?;
                    self.module.truncate(outer);
                    continue;
                }
                b"counter" if is_report => declare(into, counter(xml)?),
                b"sessioninfo" => {
                    let time = xml.attribute("dump").and_then(|value| unix_time_s(&value.bytes()));
                    into.timestamp_s = into.timestamp_s.max(time);
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(())
    }

    fn package(&self, xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
        let package = text(xml, "name");
        let mut files = BTreeMap::<String, Source>::new();
        let mut orphans = Vec::new();
        while xml.child()? {
            match xml.name() {
                b"class" => class::read(xml, &mut files, &mut orphans)?,
                b"sourcefile" => {
                    let name = text(xml, "name");
                    if name.is_empty() || name.len() + package.len() >= MAX_PATH_BYTES {
                        return Err(xml.malformed("a source file has no name, or one of more than 4096 bytes"));
                    }
                    let source = files.entry(name).or_default();
                    sourcefile::read(xml, source, into)?;
                }
                _ => xml.skip()?,
            }
        }
        class::place(orphans, &mut files, into);
        for (name, source) in files {
            let path = self.path(&package, &name, source.is_uncounted);
            if let Some((declared, derived)) = source.lie {
                into.lying.push((path.clone(), declared, derived));
            }
            into.add(ReportedPath { path, module: self.module.clone() }, source.coverage)?;
        }
        Ok(())
    }

    fn path(&self, package: &str, name: &str, is_uncounted: bool) -> String {
        let starts = name.strip_prefix(package).is_some_and(|rest| rest.starts_with(['/', '\\']));
        // Pester's variant for editors has the folder in both.
        if package.is_empty() || starts {
            return name.to_owned();
        }
        // gcovr writes folders with points between them, which no other writer does.
        if (self.is_gcovr || is_uncounted) && !package.contains('/') {
            return format!("{}/{name}", package.replace('.', "/"));
        }
        format!("{package}/{name}")
    }
}

/// What a package says of one file.
#[derive(Default)]
struct Source {
    coverage: FileCoverage,
    /// Its lines have no counts: gcovr.
    is_uncounted: bool,
    /// Lines as its counter and as its records have them, when these differ.
    lie: Option<(Share, Share)>,
}

/// One `<counter>`.
struct Counter {
    kind: Kind,
    share: Share,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Branch,
    Method,
    Instruction,
    Other,
}

fn counter(xml: &Scanner<'_>) -> Result<Counter, ReadError> {
    let (mut kind, mut missed, mut covered) = (Kind::Other, None, None);
    for (name, value) in xml.attributes() {
        match name {
            b"type" => {
                kind = match &*value.bytes() {
                    b"LINE" => Kind::Line,
                    b"BRANCH" => Kind::Branch,
                    b"METHOD" => Kind::Method,
                    b"INSTRUCTION" => Kind::Instruction,
                    _ => Kind::Other,
                }
            }
            b"missed" => missed = whole(&value.bytes()),
            b"covered" => covered = whole(&value.bytes()),
            _ => {}
        }
    }
    let share = missed
        .zip(covered)
        .and_then(|(missed, covered)| Some(Share { covered, coverable: covered.checked_add(missed)? }));
    match share {
        Some(share) => Ok(Counter { kind, share }),
        None => Err(xml.malformed("a counter lacks one of `missed` and `covered`, or one is no count")),
    }
}

fn declare(into: &mut Reading, Counter { kind, share }: Counter) {
    let Share { covered, coverable } = share;
    let totals = match kind {
        Kind::Line => Totals { lines: Some(share), ..Totals::default() },
        Kind::Branch if coverable > 0 => {
            let branches = Some(BranchShare { covered, covered_at_most: None, coverable });
            Totals { branches, ..Totals::default() }
        }
        Kind::Method if coverable > 0 => Totals { functions: Some(share), ..Totals::default() },
        _ => Totals::default(),
    };
    into.declared = into.declared.plus(totals);
}

/// An attribute, empty when it is not there.
fn text(xml: &Scanner<'_>, name: &str) -> String {
    xml.attribute(name).map(|value| value.text().into_owned()).unwrap_or_default()
}
