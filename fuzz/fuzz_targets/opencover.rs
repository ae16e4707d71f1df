//! Any bytes as an `OpenCover` report. A new input that matters goes into `corpus/opencover/`.
#![no_main]

#[path = "checks/coverage_reader.rs"]
mod coverage_reader;

use coverage_gate::plan::report_format::ReportFormat;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    coverage_reader::check(ReportFormat::Opencover, data);
});
