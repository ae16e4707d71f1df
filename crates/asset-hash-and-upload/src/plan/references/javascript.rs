//! Being written.
use super::{Found, Unreadable};
/// Being written.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// .
    Module,
    /// .
    Script,
    /// .
    Unknown,
}
/// Being written.
pub fn references(_: &[u8], _: Kind) -> Result<Found, Unreadable> {
    Ok(Found::default())
}
