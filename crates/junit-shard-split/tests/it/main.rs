//! The tool as its users run it: one test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod bad_input;
mod cases;
mod fuzz_corpus;
mod hosts;
mod project;
mod run;
mod runners;
mod split;
mod streams;
