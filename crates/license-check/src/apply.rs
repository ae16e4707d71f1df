//! Writes the files that were asked for; takes no decisions.

use crate::error::Error;
use kit_host::{Failure, Permit, files};
use std::path::Path;

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where.
    pub path: String,
    /// What.
    pub content: String,
}

/// Writes each file whole or not at all, in order. Errors: exit 3 with the path; the files before it are written.
pub fn write(permit: &Permit, texts: &[Text]) -> Result<(), Failure> {
    texts.iter().try_for_each(|text| files::write(permit, Path::new(&text.path), text.content.as_bytes()))
}

/// Writes a file that is not there yet. Errors: it is (exit 2).
pub fn write_new(permit: &Permit, text: &Text) -> Result<(), Failure> {
    if Path::new(&text.path).exists() {
        return Err(Error::input(format!("{} is there already; set `force` to replace it", text.path)).into());
    }
    files::write(permit, Path::new(&text.path), text.content.as_bytes())
}
