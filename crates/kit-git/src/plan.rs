//! Decides. PURE.
#![warn(clippy::disallowed_methods)]

pub mod base;
pub mod commit_lines;
pub mod diff;
