//! Any bytes as a `packages.lock.json`. A new input that matters goes into `corpus/lock_nuget/`.
#![no_main]

#[path = "checks/license_list.rs"]
mod license_list;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_list::check(license_check::observe::locks::nuget::parse, data);
});
