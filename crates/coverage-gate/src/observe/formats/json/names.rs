//! Names and paths of reports: bytes that ought to be UTF-8.

use super::Refusal;
use crate::observe::reading::MAX_PATH_BYTES;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use std::fmt;

/// Bytes of a function's name that are kept as they are as an identity; longer ones are kept as their hash, since mangled
/// names of C++ and Rust run to kilobytes.
pub const MAX_NAME_BYTES: usize = 64;

/// Reads a string's bytes into a buffer. Bytes that are no UTF-8, and lone surrogates, are taken as they are.
pub struct Bytes<'b>(pub &'b mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Bytes<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Bytes<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.0.clear();
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// A string's bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub Vec<u8>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut name = Name::default();
        Bytes(&mut name.0).deserialize(deserializer)?;
        Ok(name)
    }
}

/// A path as a report has it; bytes that are no UTF-8 become U+FFFD. Errors: longer than [`MAX_PATH_BYTES`].
pub fn path_of(bytes: &[u8]) -> Result<String, Refusal> {
    if bytes.len() > MAX_PATH_BYTES {
        return Err(Refusal::too_large(format!("a path of {} bytes", bytes.len())));
    }
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether a path names its place by itself, on any system.
pub fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    let has_drive = bytes.len() > 1 && bytes[1] == b':' && bytes[0].is_ascii_alphabetic();
    has_drive || path.starts_with(['/', '\\'])
}

/// What tells a name from others: itself, or when longer than [`MAX_NAME_BYTES`], `#` and its hash.
pub fn name_id(name: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if name.len() <= MAX_NAME_BYTES {
        return name.into();
    }
    // FNV-1a of 128 bits (draft-eastlake-fnv): the same on every machine.
    let hash = name.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    format!("#{hash:032x}").into_bytes().into()
}
