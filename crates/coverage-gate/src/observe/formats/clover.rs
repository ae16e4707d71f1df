//! Clover XML, as `OpenClover`, `PHPUnit`, Istanbul and gcovr write it.
//!
//! The format is `etc/schema/clover.xsd` of <https://bitbucket.org/atlassian/clover>; Istanbul means other things by
//! `truecount` and `falsecount`. Lines of the types `stmt` and `cond` are statements, those of `method` are functions.

mod file;
#[cfg(test)]
mod tests;

use super::xml::number::{unix_time_s, whole};
use super::xml::{Event, Scanner};
use crate::observe::reading::{ReadError, Reading};
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use file::FileReader;
use std::io::Read;

/// The version that Istanbul has put into `clover` since its first release.
const ISTANBUL_VERSION: &[u8] = b"3.2.0";

/// Reads one report.
/// Errors: see [`ReadError`]; what was added to `into` before then does not count.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("Clover", "coverage")?;
    note_time(&xml, "generated", into);
    let may_be_istanbul = xml.attribute("clover").is_some_and(|version| *version.bytes() == *ISTANBUL_VERSION);
    let mut files = FileReader::new(may_be_istanbul);
    while xml.child()? {
        match xml.name() {
            b"project" => {
                note_time(&xml, "timestamp", into);
                package(&mut xml, "", &mut files, into)?;
                continue;
            }
            b"testproject" => {
                test_project(&mut xml, into)?;
                continue;
            }
            b"packages" => return Err(xml.not_a_report("it is a Cobertura report, not a Clover one")),
            _ => {}
        }
        xml.skip()?;
    }
    into.settle();
    if let Some(branches) = into.declared.branches
        && into.files.values().all(|file| file.arm_counts.is_empty())
    {
        into.notice("branches-without-lines", None, || {
            let (covered, all) = (branches.covered, branches.coverable);
            format!("it declares {covered} of {all} conditionals, but no line says which; they do not count")
        });
    }
    xml.finish()
}

/// The sources of the tests themselves, which other formats leave out and the declared totals do too.
fn test_project(xml: &mut Scanner<'_>, into: &mut Reading) -> Result<(), ReadError> {
    let (outer, line, mut files) = (xml.depth(), xml.line(), 0_u64);
    while xml.advance()? == Event::Open || xml.depth() >= outer {
        files += u64::from(xml.name() == b"file");
    }
    if files > 0 {
        into.notice("test-sources-left-out", Some(line), || {
            format!("it has coverage of {files} source files of the tests themselves, which does not count")
        });
    }
    Ok(())
}

fn note_time(xml: &Scanner<'_>, name: &str, into: &mut Reading) {
    let time = xml.attribute(name).and_then(|value| unix_time_s(&value.bytes()));
    into.timestamp_s = into.timestamp_s.max(time);
}

/// What is in the project or in a package of it.
fn package(xml: &mut Scanner<'_>, name: &str, files: &mut FileReader, into: &mut Reading) -> Result<(), ReadError> {
    let is_project = xml.depth() == 2;
    while xml.child()? {
        match xml.name() {
            b"file" => files.read(xml, name, into)?,
            b"package" => {
                let name = xml.attribute("name").map(|value| value.text().into_owned()).unwrap_or_default();
                package(xml, &name, files, into)?;
            }
            b"metrics" if is_project => {
                let totals = metrics(xml);
                into.declared = into.declared.plus(totals);
                xml.skip()?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// Totals of a `<metrics>`; none is 0 of 0, which is what writers say that did not measure a kind.
fn metrics(xml: &Scanner<'_>) -> Totals {
    let share = |covered, all| {
        let number = |name| xml.attribute(name).and_then(|value| whole(&value.bytes()));
        let share = Share { covered: number(covered)?, coverable: number(all)? };
        (share.coverable > 0).then_some(share)
    };
    let branches = share("coveredconditionals", "conditionals");
    let exact =
        |share: Share| BranchShare { covered: share.covered, covered_at_most: None, coverable: share.coverable };
    Totals {
        lines: None,
        branches: branches.map(exact),
        functions: share("coveredmethods", "methods"),
        statements: share("coveredstatements", "statements"),
    }
}
