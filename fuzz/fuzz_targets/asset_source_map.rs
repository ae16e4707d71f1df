//! Any bytes as a source map. A new input that matters goes into `corpus/asset_source_map/`.
#![no_main]

#[path = "checks/asset_references.rs"]
#[allow(dead_code, reason = "formats that are JSON use all of it")]
mod asset_references;

use asset_hash_and_upload::plan::references::source_map;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    asset_references::check(data, source_map::references);
});
