//! Any bytes as an answer to a gRPC health check. A new input that matters goes into `corpus/probe_grpc/`.
#![no_main]

#[path = "checks/probe_grpc.rs"]
mod probe_grpc;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    probe_grpc::check(data);
});
