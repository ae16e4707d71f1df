//! Writes one JUnit report from all reports of a run. EFFECTS: writes what [`Outline`] says, and decides nothing.
//!
//! Two passes over the reports, so that memory does not grow with them: [`crate::observe::results::Collection`] finds
//! the retries and adds up the totals, since a suite's totals stand before its cases; this pass copies.
//!
//! # The shape of the merged report
//! - `<testsuites>` with one level of `<testsuite>`: see [`crate::observe::results::segment`] for why, and for the names.
//! - Totals (`tests`, `failures`, `errors`, `skipped`, `time`) are counted anew. A suite's time holds what it took beside
//!   its cases, as far as the report told.
//! - Every suite and case has a `name` and a `time`: dorny/test-reporter calls `trim()` on the one and `parseFloat` on the
//!   other without asking. Times are exact to the nanosecond, so that merging again changes nothing.
//! - Attempts that were folded stand as `<flakyFailure>` or `<rerunFailure>` (or `…Error`) in the test, in the order of
//!   Surefire's schema (<https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd>). The
//!   output of such an attempt is appended to its stack trace.
//! - A failure or an error of a suite itself becomes a test case, since GitLab and dorny/test-reporter read test cases
//!   only. A case whose `status` alone says that it failed or was skipped gets the element that says so, too.
//! - Properties, output and all other attributes are kept, but for counters of a suite, its `id` (unique in one report
//!   only) and references to schemas.
//! - Characters that XML forbids became U+FFFD.
//!
//! Merging a merged report gives the same bytes again.

mod copier;
mod held;
mod xml;

use crate::observe::junit::{self, Limits, ReadError};
use crate::plan::results::Totals;
use crate::plan::results::outline::Outline;
use copier::Copier;
use kit_host::Permit;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use xml::Xml;

/// Bytes that are written at once.
const BUFFER_BYTES: usize = 256 << 10;

/// Why there is no merged report.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A report cannot be opened any more.
    #[error("cannot read {path}: {why}")]
    Open {
        /// The report.
        path: String,
        /// The system's reason.
        why: io::Error,
    },
    /// A report cannot be read any more.
    #[error("{path}: {why}")]
    Report {
        /// The report.
        path: String,
        /// What and where.
        why: ReadError,
    },
    /// A report is not what it was in the first pass.
    #[error("{path} changed while it was merged; merge again when the runs that write it have ended")]
    Changed {
        /// The report.
        path: String,
    },
    /// The merged report cannot be written.
    #[error("cannot write {path}: {why}")]
    Write {
        /// The merged report.
        path: String,
        /// The system's reason.
        why: io::Error,
    },
}

/// Writes the merged report to a file: its folders are made, a neighbour is written and renamed over it, so that a reader
/// sees the old report or the new, never half. What cannot be renamed over (`/dev/stdout`) is written in place.
///
/// # Errors
/// See [`MergeError`]; the file is as it was before.
pub fn to_file(_permit: &Permit, outline: &Outline, limits: &Limits, path: &Path) -> Result<(), MergeError> {
    let name = path.display().to_string();
    let failed = |why| MergeError::Write { path: name.clone(), why };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let is_special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if is_special {
        let file = std::fs::OpenOptions::new().write(true).open(path).map_err(failed)?;
        return write(outline, limits, &mut open, &name, file).map(drop);
    }
    let mut neighbour = path.as_os_str().to_owned();
    neighbour.push(format!(".{}.tmp", std::process::id()));
    let neighbour = Path::new(&neighbour);
    let written = std::fs::File::create(neighbour).map_err(failed).and_then(|file| {
        let file = write(outline, limits, &mut open, &name, file)?;
        file.sync_all().and_then(|()| std::fs::rename(neighbour, path)).map_err(failed)
    });
    if written.is_err() {
        // The first error is the one to tell; a neighbour that can't be removed either changes nothing about it.
        let _ = std::fs::remove_file(neighbour);
    }
    written
}

fn open(path: &str) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(std::fs::File::open(path)?))
}

/// Writes the merged report to `out`, which errors call `name`. `open` opens a report of the outline by its path, a second
/// time.
///
/// # Errors
/// See [`MergeError`].
pub fn write<W: Write>(
    outline: &Outline,
    limits: &Limits,
    open: &mut dyn FnMut(&str) -> io::Result<Box<dyn Read>>,
    name: &str,
    out: W,
) -> Result<W, MergeError> {
    let failed = |why| MergeError::Write { path: name.to_owned(), why };
    let mut xml = Xml::new(BufWriter::with_capacity(BUFFER_BYTES, out)).map_err(failed)?;
    start(&mut xml, &outline.totals).map_err(failed)?;
    let mut copier = Copier::new(xml, &outline.folds);
    for report in &outline.reports {
        let source = open(&report.path).map_err(|why| MergeError::Open { path: report.path.clone(), why })?;
        copier.begin(report);
        let read = junit::read(source, limits, &mut copier);
        if let Some(error) = copier.take_error() {
            return Err(failed(error));
        }
        read.map_err(|why| MergeError::Report { path: report.path.clone(), why })?;
        if !copier.is_as_outlined() {
            return Err(MergeError::Changed { path: report.path.clone() });
        }
    }
    let mut xml = copier.into_xml();
    let written = xml.end(0, "testsuites").and_then(|()| xml.finish());
    written.and_then(|buffer| buffer.into_inner().map_err(io::IntoInnerError::into_error)).map_err(failed)
}

fn start<W: Write>(xml: &mut Xml<W>, totals: &Totals) -> io::Result<()> {
    xml.start(0, "testsuites")?;
    write_totals(xml, totals)
}

fn write_totals<W: Write>(xml: &mut Xml<W>, totals: &Totals) -> io::Result<()> {
    for (name, count) in
        [("tests", totals.tests), ("failures", totals.failures), ("errors", totals.errors), ("skipped", totals.skipped)]
    {
        xml.attribute(name, &count.to_string())?;
    }
    xml.attribute("time", &seconds(totals.time_ns))
}

/// Exact seconds with at least three decimals.
fn seconds(ns: u64) -> String {
    let (whole, fraction) = (ns / 1_000_000_000, ns % 1_000_000_000);
    let digits = format!("{fraction:09}");
    let significant = digits.trim_end_matches('0').len().max(3);
    format!("{whole}.{}", &digits[..significant])
}

#[cfg(test)]
mod tests;
