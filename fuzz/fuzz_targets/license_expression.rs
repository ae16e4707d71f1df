//! Any bytes as a licence field of every ecosystem. A new input that matters goes into `corpus/license_expression/`.
#![no_main]

#[path = "checks/license_expression.rs"]
mod license_expression;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    license_expression::check(data);
});
