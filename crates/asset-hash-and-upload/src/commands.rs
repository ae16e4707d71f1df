//! The commands: each observes, plans, acts and reports.

pub mod connection;
pub mod live;
pub mod progress;
pub mod prune;
pub mod publish;
pub mod pull;
pub mod rollback;
pub mod started;
pub mod together;
pub mod verify;
