//! Any bytes as a `JaCoCo` report. A new input that matters goes into `corpus/jacoco/`.
#![no_main]

#[path = "checks/coverage_reader.rs"]
mod coverage_reader;

use coverage_gate::plan::report_format::ReportFormat;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    coverage_reader::check(ReportFormat::Jacoco, data);
});
