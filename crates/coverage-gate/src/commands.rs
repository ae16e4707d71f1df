//! One file for each command: observe, plan, apply, report, in this order and nothing else.

pub mod gate;
pub mod init;
mod world;
