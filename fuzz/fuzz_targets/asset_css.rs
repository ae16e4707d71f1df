//! Any bytes as a style sheet, and as declarations. A new input that matters goes into `corpus/asset_css/`.
#![no_main]

#[path = "checks/asset_references.rs"]
#[allow(dead_code, reason = "formats that are JSON use all of it")]
mod asset_references;

use asset_hash_and_upload::plan::references::css;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    asset_references::check(data, css::references);
    asset_references::check(data, css::declarations);
});
