//! Any bytes as a `license-policy.toml`. A new input that matters goes into `corpus/license_policy/`.
#![no_main]

#[path = "checks/license_policy.rs"]
mod license_policy;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_policy::check(data);
});
