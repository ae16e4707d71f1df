//! Any bytes as a licence's text. A new input that matters goes into `corpus/license_text/`.
#![no_main]

#[path = "checks/license_text.rs"]
mod license_text;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_text::check(data);
});
