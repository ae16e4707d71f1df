//! Any bytes as a `pylock.toml`. A new input that matters goes into `corpus/lock_pylock/`.
#![no_main]

#[path = "checks/license_list.rs"]
mod license_list;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_list::check(license_check::observe::locks::pylock::parse, data);
});
