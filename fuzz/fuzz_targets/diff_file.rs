//! Any bytes as a unified diff. A new input that matters goes into `corpus/diff_file/`.
#![no_main]

#[path = "checks/diff_file.rs"]
mod diff_file;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    diff_file::check(data);
});
