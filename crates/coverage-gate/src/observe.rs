//! Reads the world: reports, the repository, policies. EFFECTS, but changes nothing.

pub mod change;
pub mod diff_file;
pub mod earlier;
pub mod formats;
pub mod gather;
pub mod layout;
pub mod reading;
pub mod reports;
pub mod sources;
pub mod whole_lines;
