//! Licence texts within a jar: in its top folder or in `META-INF`, where Maven's builds put them.
//! <https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html>

use crate::observe::store::{Evidence, kind_of};
use crate::observe::zip::Archive;
use crate::plan::statement::{LicenseFile, MAX_LICENSE_BYTES};
use std::path::Path;

/// Texts of one jar that are read; those that gather many keep them in one file.
const MAX_FILES: usize = 64;

/// What a jar holds. `shown` is its path for people. One that can't be read holds nothing, with a notice.
pub(super) fn read(path: &Path, shown: &str) -> Evidence {
    let mut evidence = Evidence::default();
    match texts(path, shown, &mut evidence.notices) {
        Ok(files) => evidence.files = files,
        Err(why) => evidence.notices.push(format!("{shown} {why}")),
    }
    evidence
}

fn texts(path: &Path, shown: &str, notices: &mut Vec<String>) -> Result<Vec<LicenseFile>, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("can't be read: {error}"))?;
    let wanted = |name: &str| kind_of(file_name(name)).is_some() && !file_name(name).contains('/');
    let mut archive = Archive::open(std::io::BufReader::with_capacity(4096, file), wanted)?;
    let mut entries = std::mem::take(&mut archive.entries);
    entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    if entries.len() > MAX_FILES {
        notices.push(format!("{shown} has more than {MAX_FILES} licence files; the others are not read"));
    }
    let mut files = Vec::new();
    for entry in entries.iter().take(MAX_FILES) {
        let Some(kind) = kind_of(file_name(&entry.name)) else { continue };
        match archive.read(entry, MAX_LICENSE_BYTES) {
            Ok(bytes) => {
                files.push(LicenseFile {
                    path: format!("{shown}/{}", entry.name),
                    name: entry.name.clone(),
                    kind,
                    bytes,
                });
            }
            Err(why) => notices.push(format!("{shown} {why}")),
        }
    }
    Ok(files)
}

/// A name without `META-INF/`.
fn file_name(name: &str) -> &str {
    name.strip_prefix("META-INF/").unwrap_or(name)
}
