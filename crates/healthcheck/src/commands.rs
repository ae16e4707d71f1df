//! The commands: each observes, plans, asks and reports.

pub mod judge;
pub mod progress;
pub mod replay;
pub mod run;
