//! One file for each command: observe, plan, apply, report, in this order and nothing else.

pub mod check;
pub mod explain;
pub mod identify;
pub mod init;
pub mod normalize;
mod world;
