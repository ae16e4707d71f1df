//! Any bytes as JSON, as an import map and as a web manifest. A new input that matters goes into `corpus/asset_json/`.
#![no_main]

#[path = "checks/asset_references.rs"]
mod asset_references;

use asset_hash_and_upload::plan::references::{import_map, web_manifest};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    asset_references::check_json(data);
    asset_references::check(data, import_map::references);
    asset_references::check(data, web_manifest::references);
});
