//! Exchanges against real little servers on loopback. Faults are written byte by byte, so that they are exact.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod command;
mod grpc;
mod http;
mod http2;
mod proxy;
mod redirect;
mod server;
mod tls;
