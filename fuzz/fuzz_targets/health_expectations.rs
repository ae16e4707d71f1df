//! Any bytes as an expectation and the body that it is held against. A new input that matters goes into `corpus/health_expectations/`.
#![no_main]

#[path = "checks/health_expectations.rs"]
mod health_expectations;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    health_expectations::check(data);
});
