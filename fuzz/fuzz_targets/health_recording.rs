//! Any bytes as a recording. A new input that matters goes into `corpus/health_recording/`.
#![no_main]

#[path = "checks/health_recording.rs"]
mod health_recording;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    health_recording::check(data);
});
