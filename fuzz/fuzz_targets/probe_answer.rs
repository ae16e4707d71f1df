//! Any bytes as the head and the body of an HTTP answer. A new input that matters goes into `corpus/probe_answer/`.
#![no_main]

#[path = "checks/probe_answer.rs"]
mod probe_answer;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    probe_answer::check(data);
});
