//! Decides. PURE.
#![warn(clippy::disallowed_methods)]

pub mod base;
pub mod diff;
