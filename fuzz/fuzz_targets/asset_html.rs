//! Any bytes as a page. A new input that matters goes into `corpus/asset_html/`.
#![no_main]

#[path = "checks/asset_references.rs"]
#[allow(dead_code, reason = "formats that are JSON use all of it")]
mod asset_references;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    asset_references::check(data, asset_hash_and_upload::plan::references::html::references);
});
