//! What earlier runs and the base branch left: the policy, the ratchet, the baseline.

use super::repository::Repository;
use crate::error::Error;
use crate::plan::baseline::Baseline;
use crate::plan::judgement::Unproven;
use crate::plan::policy::{MAX_POLICY_BYTES, Policy};
use crate::plan::ratchet::Ratchet;
use std::path::Path;

/// Bytes of a policy.
const POLICY_BYTES: u64 = MAX_POLICY_BYTES as u64;
/// Bytes of a ratchet or a baseline; half a million files fit.
const STATE_BYTES: u64 = 512 << 20;

/// Where a file of the repository is read from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// The repository, when there is one.
    pub repository: Option<&'o Repository>,
    /// The base's commit, when there is one.
    pub base: Option<&'o str>,
    /// Why the base is not known though a change is under review.
    pub base_missing: Option<&'o Unproven>,
}

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

/// Reads a file of the repository as the base branch has it, so that a change can't loosen what it is judged by. A base
/// that doesn't have it yet: the head's, for reporting only. Without a base (a laptop, a tag): the head's.
/// Errors: exit 4 when the base can't be found though the file is there, exit 2 when it is too large or no UTF-8.
fn text(origin: Origin<'_>, path: &str, limit_bytes: u64) -> Result<Option<Found<String>>, Error> {
    let here = Path::new(path);
    let read_here = || -> Result<Option<String>, Error> {
        if !here.exists() {
            return Ok(None);
        }
        utf8(super::file::bytes(path, limit_bytes)?, path).map(Some)
    };
    if let Some(why) = origin.base_missing.filter(|_| here.exists()) {
        let what = format!("{path} counts as the base branch has it, and the base is not known: {}", why.what);
        return Err(Error::Unproven { code: why.code, what });
    }
    let (Some(repository), Some(base)) = (origin.repository, origin.base) else {
        let found = |content| Found { content, from: format!("{path} as it is here"), report_only: false };
        return Ok(read_here()?.map(found));
    };
    let short = &base[..base.len().min(7)];
    let Some(inside) = inside(repository, here) else {
        let found = |content| Found { content, from: format!("{path}, outside of the repository"), report_only: false };
        return Ok(read_here()?.map(found));
    };
    if let Some(bytes) = repository.file_at(base, &inside)? {
        let content = utf8(bytes, path)?;
        return Ok(Some(Found { content, from: format!("{path} of the base {short}"), report_only: false }));
    }
    let found = |content| Found {
        content,
        from: format!("{path} as it is here: the base {short} doesn't have it yet, so its gates only report"),
        report_only: true,
    };
    Ok(read_here()?.map(found))
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

fn utf8(bytes: Vec<u8>, path: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| Error::file(path, None, "it is no UTF-8 text"))
}

/// The policy.
pub fn policy(origin: Origin<'_>, path: &str) -> Result<Option<Found<Policy>>, Error> {
    let Some(found) = text(origin, path, POLICY_BYTES)? else { return Ok(None) };
    let content = Policy::parse(&found.content, path)?;
    Ok(Some(Found { content, from: found.from, report_only: found.report_only }))
}

/// The ratchet. `Ok(Err(_))`: asked for, and nowhere to be found.
pub fn ratchet(origin: Origin<'_>, path: &str) -> Result<Result<Found<Ratchet>, Unproven>, Error> {
    let missing = || Unproven {
        code: "ratchet-missing",
        what: format!("there is no ratchet at {path}; `coverage-gate init` writes one from today's state"),
        path: Some(path.to_owned()),
    };
    let Some(found) = text(origin, path, STATE_BYTES)? else { return Ok(Err(missing())) };
    let content = Ratchet::parse(&found.content, path)?;
    Ok(Ok(Found { content, from: found.from, report_only: found.report_only }))
}

/// The baseline: a file, `git:REF:PATH`, or `note:REF` of the base commit. `Ok(Err(_))`: it is not there.
pub fn baseline(origin: Origin<'_>, named: &str) -> Result<Result<Found<Baseline>, Unproven>, Error> {
    let missing = |what: String| Unproven { code: "baseline-missing", what, path: None };
    let no_repository = || Error::input(format!("`baseline` is `{named}`, but there is no repository here"));
    let bytes = if let Some(rest) = named.strip_prefix("git:") {
        let repository = origin.repository.ok_or_else(no_repository)?;
        let (name, path) = rest
            .rsplit_once(':')
            .ok_or_else(|| Error::input(format!("`baseline` is `{named}`; write git:REF:PATH")))?;
        let Some(commit) = repository.resolve(name)? else {
            return Ok(Err(missing(format!("the baseline's ref `{name}` is not in this clone; fetch it before"))));
        };
        repository.file_at(&commit, path)?
    } else if let Some(notes) = named.strip_prefix("note:") {
        let repository = origin.repository.ok_or_else(no_repository)?;
        let Some(base) = origin.base else {
            return Ok(Err(missing("a baseline in a note belongs to the base commit, and there is none".to_owned())));
        };
        repository.note(notes, base)?
    } else if Path::new(named).exists() {
        Some(super::file::bytes(named, STATE_BYTES)?)
    } else {
        None
    };
    match bytes {
        Some(bytes) => {
            let content = Baseline::parse(&utf8(bytes, named)?, named)?;
            Ok(Ok(Found { content, from: named.to_owned(), report_only: false }))
        }
        None => Ok(Err(missing(format!(
            "there is no baseline at {named}; a run on the base branch leaves one with `write-baseline`, or set `missing-baseline: skip`"
        )))),
    }
}
