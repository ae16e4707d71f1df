//! Any bytes as a JUnit report that is merged. A new input that matters goes into `corpus/junit_reader/`, which this target
//! shares: `cargo +nightly fuzz run merge corpus/junit_reader`.
#![no_main]

#[path = "checks/merge.rs"]
mod merge;

libfuzzer_sys::fuzz_target!(|data: &[u8]| merge::check(data));
