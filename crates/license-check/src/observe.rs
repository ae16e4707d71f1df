//! Reads the world: lists of packages, and what lies on this machine. EFFECTS, but changes nothing.

pub mod asked;
pub mod find;
pub mod gather;
#[cfg(test)]
pub mod hostile;
pub mod lines;
pub mod lock;
pub mod locks;
pub mod parallel;
pub mod policies;
pub mod store;
pub mod stores;
pub mod within;
pub mod xml;
pub mod zip;

#[cfg(test)]
mod text_data;
