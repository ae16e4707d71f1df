//! Any bytes as a smoke suite. A new input that matters goes into `corpus/health_suite/`.
#![no_main]

#[path = "checks/health_suite.rs"]
mod health_suite;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    health_suite::check(data);
});
