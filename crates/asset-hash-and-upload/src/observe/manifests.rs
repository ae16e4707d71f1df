//! Reads the manifests that build tools left in the tree.

use crate::error::Error;
use crate::plan::manifests::{self, Manifest};
use crate::plan::tree::SourceFile;
use std::path::Path;

/// The longest manifest that is read, bytes: a hundred thousand files of 300 bytes each.
const MANIFEST_LIMIT_BYTES: u64 = 32 << 20;

/// The manifests of a tree, in the order of their paths. Errors: exit 3 when one can't be read.
pub fn read(root: &Path, files: &[SourceFile]) -> Result<Vec<Manifest>, Error> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| manifests::may_be(&file.path) && file.size_bytes <= MANIFEST_LIMIT_BYTES) {
        let path = root.join(&file.path);
        let bytes = std::fs::read(&path).map_err(|error| Error::world("read", &path, &error))?;
        found.extend(manifests::read(&file.path, &bytes));
    }
    Ok(found)
}
