//! What must hold for every reader of coverage reports, whatever the bytes; used by their fuzz targets and by the replay of
//! the corpora.

use std::io::Read;

use coverage_gate::observe::formats;
use coverage_gate::observe::reading::{Fault, ReadError, Reading};
use coverage_gate::observe::reports;
use coverage_gate::plan::coverage::totals::PartialLines;
use coverage_gate::plan::coverage::{self, Files, ReportedPath, Runs};
use coverage_gate::plan::report_format::ReportFormat;

/// Gives its bytes seven at a time, so that every record and character is cut somewhere.
struct Pieces<'b>(&'b [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(out.len()).min(7);
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn read(format: ReportFormat, input: &mut dyn Read) -> Result<Reading, ReadError> {
    let mut reading = Reading::default();
    formats::read(format, input, &mut reading).map(|()| reading)
}

/// Reading and recognising never panic, how the bytes arrive makes no difference, no total says that more ran than could,
/// and a report united with itself is the report. Gives what the report says when it can be read.
pub fn check(format: ReportFormat, data: &[u8]) -> Option<Files<ReportedPath>> {
    let _ = reports::recognise(data);
    let (whole, pieces) = (read(format, &mut &*data), read(format, &mut Pieces(data)));
    let reading = match (whole, pieces) {
        (Ok(whole), Ok(pieces)) => {
            assert_eq!(whole.files, pieces.files, "in pieces it reads differently");
            assert_eq!(whole.notices, pieces.notices, "in pieces other oddities are told");
            assert_eq!((&whole.declared, &whole.lying), (&pieces.declared, &pieces.lying));
            whole
        }
        (whole, pieces) => {
            let whole = whole.map(|_| ());
            assert_eq!(whole, pieces.map(|_| ()), "in pieces it fails differently");
            let Err(error) = whole else { return None };
            assert!(!error.what().contains('\n'), "one line says what is wrong: {}", error.what());
            assert!(!matches!(error.fault, Fault::Io(_)), "the system had no part in it");
            return None;
        }
    };
    let mut united = reading.files.clone();
    for (path, file) in &reading.files {
        assert!(file.lines.covered() <= file.lines.coverable());
        for partial in [PartialLines::Hit, PartialLines::Miss] {
            let totals = file.totals(partial);
            for share in [totals.lines, totals.functions, totals.statements].into_iter().flatten() {
                assert!(share.covered <= share.coverable);
            }
            if let Some(arms) = totals.branches {
                assert!(arms.covered <= arms.covered_at_most.unwrap_or(arms.covered));
                assert!(arms.covered_at_most.unwrap_or(arms.covered) <= arms.coverable);
            }
        }
        coverage::add(&mut united, path.clone(), file.clone(), Runs::Same);
    }
    assert_eq!(united, reading.files, "united with itself it changes");
    Some(reading.files)
}

/// [`check`] for formats that are lines: besides, a report that stands twice in one file is the report.
pub fn check_lines(format: ReportFormat, data: &[u8]) {
    let Some(once) = check(format, data) else { return };
    let text = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    let twice = [text, b"\n", text].concat();
    let twice = read(format, &mut twice.as_slice()).map(|reading| reading.files);
    assert_eq!(twice, Ok(once), "said twice it reads differently");
}
