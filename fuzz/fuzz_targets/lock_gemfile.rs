//! Any bytes as a `Gemfile.lock`. A new input that matters goes into `corpus/lock_gemfile/`.
#![no_main]

#[path = "checks/license_list.rs"]
mod license_list;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_list::check(license_check::observe::locks::gemfile::parse, data);
});
