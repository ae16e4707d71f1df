//! For the tests of the readers: a report's text in, what it says out.

use crate::observe::reading::{Fault, ReadError, Reading};
use crate::plan::coverage::items::{ItemId, Items};
use crate::plan::coverage::totals::{PartialLines, Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use std::io::Read;

/// A reader of some format.
pub type Reader = fn(&mut dyn Read, &mut Reading) -> Result<(), ReadError>;

/// Gives its bytes a few at a time, so that everything is cut somewhere.
pub struct Pieces<'b>(pub &'b [u8], pub usize);

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(out.len()).min(self.1);
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Reads a whole report.
pub fn try_read(read: Reader, report: impl AsRef<[u8]>) -> Result<Reading, ReadError> {
    let mut into = Reading::default();
    read(&mut report.as_ref(), &mut into)?;
    into.settle();
    Ok(into)
}

/// Reads a whole report that is in order.
pub fn reading(read: Reader, report: impl AsRef<[u8]>) -> Reading {
    try_read(read, report).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Line and text of a refusal, with the name of its fault.
pub fn refusal(read: Reader, report: impl AsRef<[u8]>) -> String {
    let error = try_read(read, report).map(|reading| reading.files).expect_err("it is refused");
    let name = match error.fault {
        Fault::Empty => "empty",
        Fault::NotAReport(_) => "not a report",
        Fault::Truncated(_) => "truncated",
        Fault::Malformed(_) => "malformed",
        Fault::TooLarge(_) => "too large",
        Fault::Io(_) => "io",
    };
    let line = error.line.map_or_else(|| "?".to_owned(), |line| line.to_string());
    format!("{name}:{line}: {}", error.what())
}

/// One file of a reading.
pub fn file<'r>(reading: &'r Reading, path: &str) -> &'r FileCoverage {
    reading.files.get(&ReportedPath::new(path)).unwrap_or_else(|| panic!("{path} is not in {:?}", reading.files.keys()))
}

/// `lines 1/2 branches 3/4 functions 5/6 statements 7/8`, without what there is none of.
pub fn totals(reading: &Reading) -> String {
    let all = reading.files.values().fold(Totals::default(), |sum, file| sum.plus(file.totals(PartialLines::Hit)));
    let kinds: [(&str, Option<Share>); 4] = [
        ("lines", all.lines),
        ("branches", all.branches.map(|share| share.lower())),
        ("functions", all.functions),
        ("statements", all.statements),
    ];
    let kinds = kinds.iter().filter_map(|(kind, share)| Some((kind, (*share)?)));
    kinds.map(|(kind, share)| format!("{kind} {}/{}", share.covered, share.coverable)).collect::<Vec<_>>().join(" ")
}

/// `1+ 3-`: lines that ran and lines that did not.
pub fn lines(file: &FileCoverage) -> String {
    let sign = |ran| if ran { '+' } else { '-' };
    file.lines.iter().map(|(line, ran)| format!("{line}{}", sign(ran))).collect::<Vec<_>>().join(" ")
}

/// `3:id+`, in order.
pub fn items(items: &Items) -> String {
    let text = |id: ItemId<'_>| match id {
        ItemId::Number(number) => number.to_string(),
        ItemId::Text(text) => format!("`{}`", String::from_utf8_lossy(text)),
    };
    let sign = |hit| if hit { '+' } else { '-' };
    items.iter().map(|(line, id, hit)| format!("{line}:{}{}", text(id), sign(hit))).collect::<Vec<_>>().join(" ")
}

/// Every proper beginning of the report is refused, as broken off wherever it may be, and none panics.
pub fn no_beginning_is_a_report(read: Reader, report: &str) {
    let report = report.trim_end().as_bytes();
    for end in 0..report.len() {
        let error = try_read(read, &report[..end]).map(|reading| reading.files).expect_err("half a report is none");
        assert!(matches!(error.fault, Fault::Truncated(_) | Fault::Empty), "{error:?} for {end} bytes");
    }
}
