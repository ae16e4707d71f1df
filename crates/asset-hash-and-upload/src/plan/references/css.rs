//! Being written.
use super::{Found, Unreadable};
/// Being written.
pub fn references(_: &[u8]) -> Result<Found, Unreadable> {
    Ok(Found::default())
}
/// Being written.
pub fn declarations(_: &[u8]) -> Result<Found, Unreadable> {
    Ok(Found::default())
}
