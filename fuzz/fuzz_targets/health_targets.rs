//! Any bytes as targets, an address and a list of instances. A new input that matters goes into `corpus/health_targets/`.
#![no_main]

#[path = "checks/health_targets.rs"]
mod health_targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    health_targets::check(data);
});
