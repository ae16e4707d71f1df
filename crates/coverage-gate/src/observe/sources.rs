//! Reads the source of changed files, for the page.

use crate::plan::judgement::Patch;
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes of one source file that is shown; longer ones are data.
const SOURCE_BYTES: u64 = 4 << 20;
/// Bytes of all of them.
const ALL_BYTES: usize = 64 << 20;

/// The sources of the patch's files that can be read, as UTF-8 with what is none of it replaced. What can't be read is left
/// out, and the page says so. Links are not followed out of the repository: a link is no source file.
pub fn read(top: &Path, patch: &Patch) -> BTreeMap<String, String> {
    let mut sources = BTreeMap::new();
    let mut bytes = 0;
    for file in &patch.files {
        let path = top.join(&file.path);
        let plain = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() <= SOURCE_BYTES);
        if !plain || bytes > ALL_BYTES {
            continue;
        }
        if let Ok(content) = std::fs::read(&path) {
            bytes += content.len();
            sources.insert(file.path.clone(), String::from_utf8_lossy(&content).into_owned());
        }
    }
    sources
}
