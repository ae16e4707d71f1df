//! Any bytes as a timing store. A new input that matters goes into `corpus/store/`.
#![no_main]

#[path = "checks/store.rs"]
mod store;

libfuzzer_sys::fuzz_target!(|data: &[u8]| store::check(data));
