//! What is filled in with values that strangers send, in the open for the fuzz targets.

pub use super::template::{fill, header, json, names, path, percent_encoded, plain};
