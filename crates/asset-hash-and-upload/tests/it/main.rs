//! The tool as its users run it: one test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod cases;
mod concurrent;
mod faults;
mod fuzz_references;
mod kept;
mod kill;
mod odd;
mod publish;
mod releases;
mod retention;
mod site;
mod stage;
