//! Reads the world: the repository, the host's event, files as the base branch has them. EFFECTS, but changes nothing.

pub mod base;
pub mod event;
pub mod file;
pub mod judged_by;
pub mod repository;
pub mod review;
