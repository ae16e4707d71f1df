//! For tests only: drive a tool as its users do.
//!
//! [`cli`] starts the binary with a scrubbed environment; [`cases`] runs folders of cases through every front door:
//! flags, an action's inputs, a pipe's variables, a component's variables, on the binary and on the built image;
//! [`files`] serves a folder on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails by panic")]

pub mod cases;
pub mod cli;
pub mod files;

pub use cli::{Cli, Ran};
