//! `PHPUnit`'s own XML (`--coverage-xml`): a folder with an `index.xml` and one document for each source file.
//!
//! The format is <https://github.com/sebastianbergmann/php-code-coverage>, `src/Report/Xml`. A file's document lists the
//! lines that ran and how many could, but not which of them did not run. So totals are those that it gives, and every line
//! with code that may be one of those that did not run counts as such.

mod build_time;
mod file;
#[cfg(test)]
mod tests;

use super::xml::Scanner;
use super::xml::number::whole;
use crate::observe::reading::{Fault, MAX_PATH_BYTES, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::totals::{Share, Totals};
use file::Document;
use std::io::Read;
use std::path::{Component, Path};

/// Most source files; the largest known projects have some ten thousand.
const MAX_FILES: usize = 1_000_000;

/// Reads the document of one source file, whose path is then relative to the folder that was measured.
/// Errors: see [`ReadError`]; the index is refused, since it holds no lines.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("PHPUnit XML", "phpunit")?;
    while xml.child()? {
        match xml.name() {
            b"file" => Document::read(&mut xml)?.add("", into)?,
            b"project" => {
                let what = "it is the index of PHPUnit's XML, whose lines are in the files beside it; give its path";
                return Err(xml.not_a_report(what));
            }
            _ => xml.skip()?,
        }
    }
    xml.finish()
}

/// Reads a report by its `index.xml` and the files that this names, all of them in its folder.
/// Errors: see [`ReadError`]; a file that the index names and that is not there is one.
pub fn read_folder(index: &Path, into: &mut Reading) -> Result<(), ReadError> {
    let found = Index::read(&mut std::fs::File::open(index)?)?;
    let folder = index.parent().unwrap_or(Path::new(""));
    into.declared = into.declared.plus(found.declared);
    into.timestamp_s = into.timestamp_s.max(found.time_s);
    for href in &found.files {
        let of_file = |mut error: ReadError| {
            error.fault = within(href, error.fault);
            error
        };
        let mut input = std::fs::File::open(folder.join(href)).map_err(|error| of_file(error.into()))?;
        read_file(&mut input, &found.source, into).map_err(of_file)?;
    }
    Ok(())
}

/// Reads the document of one source file below the folder `source`.
fn read_file(input: &mut dyn Read, source: &str, into: &mut Reading) -> Result<(), ReadError> {
    let mut xml = Scanner::new(input);
    xml.root("PHPUnit XML", "phpunit")?;
    while xml.child()? {
        if xml.name() == b"file" {
            Document::read(&mut xml)?.add(source, into)?;
        } else {
            xml.skip()?;
        }
    }
    xml.finish()
}

/// A fault in a file that the index names: said with its name.
fn within(href: &str, fault: Fault) -> Fault {
    let named = |what: String| format!("{}: {what}", quote(href.as_bytes()));
    match fault {
        Fault::Empty => Fault::Malformed(named("it is empty".to_owned())),
        Fault::NotAReport(what) => Fault::NotAReport(named(what)),
        Fault::Truncated(what) => Fault::Truncated(named(what)),
        Fault::Malformed(what) => Fault::Malformed(named(what)),
        Fault::TooLarge(what) => Fault::TooLarge(named(what)),
        Fault::Io(what) => Fault::Io(named(what)),
    }
}

/// `index.xml`.
#[derive(Debug, Default)]
struct Index {
    /// The folder that was measured.
    source: String,
    files: Vec<String>,
    declared: Totals,
    time_s: Option<i64>,
}

impl Index {
    fn read(input: &mut dyn Read) -> Result<Index, ReadError> {
        let mut xml = Scanner::new(input);
        xml.root("PHPUnit XML", "phpunit")?;
        let mut index = Index::default();
        while xml.child()? {
            match xml.name() {
                b"build" => {
                    index.time_s = xml.attribute("time").and_then(|time| build_time::unix_time_s(&time.text()));
                    xml.skip()?;
                }
                b"project" => {
                    index.source = xml.attribute("source").map(|value| value.text().into_owned()).unwrap_or_default();
                    if index.source.len() > MAX_PATH_BYTES {
                        return Err(xml.malformed("the folder that was measured has a path of more than 4096 bytes"));
                    }
                    index.directory(&mut xml, false)?;
                }
                _ => xml.skip()?,
            }
        }
        xml.finish()?;
        Ok(index)
    }

    /// What is in the project or in a directory of it. `inner` is false for the project.
    fn directory(&mut self, xml: &mut Scanner<'_>, inner: bool) -> Result<(), ReadError> {
        let is_top = inner && xml.depth() == 3;
        while xml.child()? {
            match xml.name() {
                b"directory" => self.directory(xml, true)?,
                b"totals" if is_top => {
                    if let Some(lines) = lines_total(xml)? {
                        self.declared = self.declared.plus(Totals { lines: Some(lines), ..Totals::default() });
                    }
                }
                b"file" => {
                    let href = xml.attribute("href").map(|value| value.text().into_owned()).unwrap_or_default();
                    let inside = Path::new(&href).components().all(|part| matches!(part, Component::Normal(_)));
                    if href.is_empty() || !inside || href.len() > MAX_PATH_BYTES {
                        return Err(xml
                            .malformed(format!("`{}` is no file in the folder of the index", quote(href.as_bytes()))));
                    }
                    if self.files.len() == MAX_FILES {
                        return Err(xml.malformed("it names more than 1,000,000 files"));
                    }
                    self.files.push(href);
                    xml.skip()?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }
}

/// Lines that ran and lines that could, of the `<totals>` that has just begun; goes to its end.
fn lines_total(xml: &mut Scanner<'_>) -> Result<Option<Share>, ReadError> {
    let mut lines = None;
    while xml.child()? {
        if xml.name() == b"lines" {
            lines = Some(executed(xml)?);
        }
        xml.skip()?;
    }
    Ok(lines)
}

/// `executed` of `executable`.
fn executed(xml: &Scanner<'_>) -> Result<Share, ReadError> {
    let number = |name| xml.attribute(name).and_then(|value| whole(&value.bytes()));
    match (number("executed"), number("executable")) {
        (Some(covered), Some(coverable)) if covered <= coverable => Ok(Share { covered, coverable }),
        _ => Err(xml.malformed("`executed` or `executable` is missing or no count, or more ran than could")),
    }
}
