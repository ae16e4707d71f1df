//! The clients against servers that lose, delay, refuse and lie.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod clock_and_session;
mod files;
mod objects;
mod plain;
mod roles;
mod server;
mod simulator;
mod tls;
mod trouble;
