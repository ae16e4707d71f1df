//! The tool as its users run it: one test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod bad_input;
mod cases;
mod change;
mod fuzz_corpus;
mod network;
mod project;
mod real;
mod workspaces;
mod written;
