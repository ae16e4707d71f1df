//! Any bytes as a gcov report. A new input that matters goes into `corpus/gcov/`.
#![no_main]

#[path = "checks/coverage_reader.rs"]
#[allow(dead_code, reason = "formats that are lines use all of it")]
mod coverage_reader;

use coverage_gate::plan::report_format::ReportFormat;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    coverage_reader::check(ReportFormat::Gcov, data);
});
