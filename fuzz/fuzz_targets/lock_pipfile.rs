//! Any bytes as a `Pipfile.lock`. A new input that matters goes into `corpus/lock_pipfile/`.
#![no_main]

#[path = "checks/license_list.rs"]
mod license_list;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_list::check(license_check::observe::locks::pipfile::parse, data);
});
