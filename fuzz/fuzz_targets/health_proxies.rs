//! Any bytes as the variables of proxies. A new input that matters goes into `corpus/health_proxies/`.
#![no_main]

#[path = "checks/health_proxies.rs"]
mod health_proxies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    health_proxies::check(data);
});
