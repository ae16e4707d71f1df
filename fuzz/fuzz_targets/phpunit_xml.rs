//! Any bytes as a file's part of `PHPUnit`'s XML. A new input that matters goes into `corpus/phpunit_xml/`.
#![no_main]

#[path = "checks/coverage_reader.rs"]
mod coverage_reader;

use coverage_gate::plan::report_format::ReportFormat;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    coverage_reader::check(ReportFormat::PhpunitXml, data);
});
