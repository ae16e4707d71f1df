//! Any bytes as a script and as a module. A new input that matters goes into `corpus/asset_javascript/`.
#![no_main]

#[path = "checks/asset_references.rs"]
#[allow(dead_code, reason = "formats that are JSON use all of it")]
mod asset_references;

use asset_hash_and_upload::plan::references::javascript::{self, Kind};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    asset_references::check(data, |data| javascript::references(data, Kind::Script));
    asset_references::check(data, |data| javascript::references(data, Kind::Module));
    asset_references::check(data, |data| javascript::references(data, Kind::Unknown));
});
