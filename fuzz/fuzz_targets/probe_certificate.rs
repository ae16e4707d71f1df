//! Any bytes as a certificate. A new input that matters goes into `corpus/probe_certificate/`.
#![no_main]

#[path = "checks/probe_certificate.rs"]
mod probe_certificate;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    probe_certificate::check(data);
});
