//! Any bytes as a JUnit report. A new input that matters goes into `corpus/junit_reader/`.
#![no_main]

#[path = "checks/junit_reader.rs"]
mod junit_reader;

libfuzzer_sys::fuzz_target!(|data: &[u8]| junit_reader::check(data));
