//! Reads the world: the folder. EFFECTS, but changes nothing.

use crate::error::Error;
use crate::plan::Observed;
use std::path::Path;

/// Files that are counted at most: a folder with more is a mistake, and walking it would take minutes.
const FILES: u64 = 10_000_000;

/// Counts the files below `path`. Errors: exit 2 when it is no folder, exit 3 when the system refuses to read.
pub fn folder(path: &str) -> Result<Observed, Error> {
    if !Path::new(path).is_dir() {
        return Err(Error::Input(format!("folder is `{path}`, which is no folder; name one that exists")));
    }
    let mut files = 0;
    let mut open = vec![Path::new(path).to_owned()];
    while let Some(dir) = open.pop() {
        let failed = |err: std::io::Error| Error::World { path: dir.display().to_string(), why: err.to_string() };
        for entry in std::fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                files += 1;
            }
        }
        if files > FILES {
            return Err(Error::Input(format!("`{path}` holds more than {FILES} files; name a smaller folder")));
        }
    }
    Ok(Observed { files })
}
