//! Decides. PURE.
#![warn(clippy::disallowed_methods)]

pub mod advice;
pub mod baseline;
pub mod coverage;
pub mod first_policy;
pub mod fraction;
pub mod gates;
pub mod globs;
pub mod judge;
pub mod judgement;
pub mod measured;
pub mod merge;
pub mod moved;
pub mod patch;
pub mod paths;
pub mod policy;
pub mod ranges;
pub mod ratchet;
pub mod report_format;
pub mod scope;
#[cfg(test)]
mod testing;
pub mod thresholds;

/// What the change under review changes, as plain data.
pub use kit_git::plan::diff;
