//! What must hold for any bytes that are given as a report; used by the fuzz target and by the replay of its corpus.

use std::io::Read;

use junit_shard_split::observe::junit::{Limits, ReadError, Summary, collect};
use junit_shard_split::plan::timing::{Granularity, ReportTimings, explain, match_reports};

/// Gives its bytes seven at a time, so that every tag and character is cut somewhere.
struct Pieces<'b>(&'b [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(out.len()).min(7);
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn collected(source: impl Read, granularity: Granularity) -> Result<(ReportTimings, Summary), String> {
    let text = |error: ReadError| error.to_string();
    collect("report.xml", source, &Limits::default(), granularity).map_err(text)
}

/// Reading, adding up, matching and explaining never panic; each case counts once; how the bytes arrive makes no
/// difference.
pub fn check(data: &[u8]) {
    for granularity in [Granularity::File, Granularity::Class, Granularity::Test] {
        let whole = collected(data, granularity);
        assert_eq!(whole, collected(Pieces(data), granularity), "in pieces it reads differently");
        let Ok((report, summary)) = whole else { continue };
        let cases: u64 = report.entries.iter().map(|entry| entry.cases).sum();
        assert_eq!(cases, summary.cases, "each case counts once");
        // What the report itself names is listed, so that the rules have something to find.
        let files = report.entries.iter().filter_map(|entry| entry.file.as_deref().or(entry.classname.as_deref()));
        let usual = ["tests/a_test.py", "tests/alpha.rs", "more/tests/alpha.rs"];
        let listed: Vec<String> = files.take(20).chain(usual).map(ToOwned::to_owned).collect();
        let reports = [report];
        let timings = match_reports(&listed, &reports);
        let matched: u64 = timings.by_file.iter().flatten().map(|timing| timing.cases).sum();
        assert!(matched <= cases, "a case counts for two files");
        explain(&listed, &reports, &timings);
    }
}
