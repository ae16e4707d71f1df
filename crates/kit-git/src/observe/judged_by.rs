//! Files that a change is judged by: as the base branch has them, so that a change can't loosen what it is judged by.

use super::file;
use super::repository::Repository;
use super::review::Review;
use crate::error::Error;
use std::path::Path;

/// A file, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// What it says.
    pub content: T,
    /// For people: `coverage-gate.toml of the base 1a2b3c4`.
    pub from: String,
    /// Whether the base doesn't have it, so that it may report and not decide.
    pub report_only: bool,
}

impl<T> Found<T> {
    /// The same with its content read. Errors: those of `read`.
    pub fn try_map<U, E>(self, read: impl FnOnce(T) -> Result<U, E>) -> Result<Found<U>, E> {
        Ok(Found { content: read(self.content)?, from: self.from, report_only: self.report_only })
    }
}

impl Review {
    /// Reads a file of the repository as the base branch has it. A base that doesn't have it yet: the head's, for
    /// reporting only. Without a base (a laptop, a tag), and outside of the repository: what is here. `None` when it is
    /// nowhere. `path` is one of this machine, relative to the working directory; what the base has may hold
    /// no more than [`super::repository::MAX_BLOB_BYTES`] either.
    /// Errors: exit 4 when the base can't be found though the file is here, exit 2 when it is too large or no UTF-8.
    pub fn policy_text(&self, path: &str, limit_bytes: u64) -> Result<Option<Found<String>>, Error> {
        let here = Path::new(path);
        let read_here = |from: String, report_only: bool| -> Result<Option<Found<String>>, Error> {
            if !here.exists() {
                return Ok(None);
            }
            let content = utf8(file::bytes(path, limit_bytes)?, path)?;
            Ok(Some(Found { content, from, report_only }))
        };
        if let Some(why) = self.comparison.missing().filter(|_| here.exists()) {
            let what = format!("{path} counts as the base branch has it, and the base is not known: {}", why.what);
            return Err(Error::Unproven { code: why.code, what });
        }
        let (Some(repository), Some(base)) = (&self.repository, self.comparison.base()) else {
            return read_here(format!("{path} as it is here"), false);
        };
        let short = base.id.get(..7).unwrap_or(&base.id);
        let Some(inside) = inside(repository, here) else {
            return read_here(format!("{path}, outside of the repository"), false);
        };
        if let Some(bytes) = repository.file_at(&base.id, &inside)? {
            if bytes.len() as u64 > limit_bytes {
                return Err(Error::file(
                    path,
                    None,
                    format!("it is larger than {limit_bytes} bytes in the base {short}"),
                ));
            }
            let content = utf8(bytes, path)?;
            return Ok(Some(Found { content, from: format!("{path} of the base {short}"), report_only: false }));
        }
        let from = format!("{path} as it is here: the base {short} doesn't have it yet, so it only reports");
        read_here(from, true)
    }

    /// A file as the base has it; `path_in_repository` is `/`-separated and relative to the repository's top. `None` when
    /// there is no base, or the base has no such file.
    /// Errors: it is larger than [`super::repository::MAX_BLOB_BYTES`], or this clone lacks it.
    pub fn base_file(&self, path_in_repository: &str) -> Result<Option<Vec<u8>>, Error> {
        let (Some(repository), Some(base)) = (&self.repository, self.comparison.base()) else { return Ok(None) };
        repository.file_at(&base.id, path_in_repository)
    }
}

/// A path of this machine as one of the repository; `None` when it lies outside.
fn inside(repository: &Repository, path: &Path) -> Option<String> {
    let top = std::fs::canonicalize(repository.top()).ok()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The file itself may be gone from here, or be a link; what counts is where its name stands.
    let path = std::fs::canonicalize(folder).ok()?.join(path.file_name()?);
    let inside = path.strip_prefix(top).ok()?;
    let parts: Option<Vec<&str>> = inside.iter().map(std::ffi::OsStr::to_str).collect();
    Some(parts?.join("/"))
}

/// Bytes as text; `path` names them in the error. Error: exit 2 when they are no UTF-8.
pub fn utf8(bytes: Vec<u8>, path: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| Error::file(path, None, "it is no UTF-8 text"))
}
