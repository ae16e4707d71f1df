//! Writing files so that a reader sees the old content or the new, never half.

use crate::{Failure, Permit};
use std::io::Write;
use std::path::Path;

/// Writes a file whole: its folders are made, a neighbour is written and renamed over it. A file that can't be renamed
/// over (`/dev/stdout`, a pipe) is written in place. Errors: exit 3 with the path and the system's reason.
pub fn write(_permit: &Permit, path: &Path, content: &[u8]) -> Result<(), Failure> {
    write_unchecked(path, content)
}

/// Like [`write`], for the reports that the user asked for by name, which a dry run writes too.
pub(crate) fn write_unchecked(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let failed =
        |err: std::io::Error| Failure::world("file-not-written", format!("cannot write {}: {err}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if special {
        return std::fs::write(path, content).map_err(failed);
    }
    let mut neighbour = path.as_os_str().to_owned();
    neighbour.push(format!(".{}.tmp", std::process::id()));
    let neighbour = Path::new(&neighbour);
    let written = std::fs::File::create(neighbour)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(neighbour, path));
    if written.is_err() {
        // The first error is the one to tell; a neighbour that can't be removed either changes nothing about it.
        let _ = std::fs::remove_file(neighbour);
    }
    written.map_err(failed)
}

/// Appends to one of the files that a host names for outputs and summaries.
pub(crate) fn append(path: &Path, content: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(content.as_bytes())
}
