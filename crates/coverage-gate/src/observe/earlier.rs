//! What earlier runs and the base branch left: the policy, the ratchet, the baseline.

use crate::error::Error;
use crate::plan::baseline::Baseline;
use crate::plan::judgement::Unproven;
use crate::plan::policy::{MAX_POLICY_BYTES, Policy};
use crate::plan::ratchet::Ratchet;
use kit_git::observe::file;
use kit_git::observe::judged_by::{Found, utf8};
use kit_git::observe::review::Review;
use std::path::Path;

/// Bytes of a policy.
const POLICY_BYTES: u64 = MAX_POLICY_BYTES as u64;
/// Bytes of a ratchet or a baseline; half a million files fit.
const STATE_BYTES: u64 = 512 << 20;

/// The policy.
pub fn policy(review: &Review, path: &str) -> Result<Option<Found<Policy>>, Error> {
    let found = review.policy_text(path, POLICY_BYTES)?;
    found.map(|found| found.try_map(|text| Policy::parse(&text, path))).transpose()
}

/// The ratchet. `Ok(Err(_))`: asked for, and nowhere to be found.
pub fn ratchet(review: &Review, path: &str) -> Result<Result<Found<Ratchet>, Unproven>, Error> {
    let missing = || Unproven {
        code: "ratchet-missing",
        what: format!("there is no ratchet at {path}; `coverage-gate init` writes one from today's state"),
        path: Some(path.to_owned()),
    };
    let Some(found) = review.policy_text(path, STATE_BYTES)? else { return Ok(Err(missing())) };
    found.try_map(|text| Ratchet::parse(&text, path)).map(Ok)
}

/// The baseline: a file, `git:REF:PATH`, or `note:REF` of the base commit. `Ok(Err(_))`: it is not there.
pub fn baseline(review: &Review, named: &str) -> Result<Result<Found<Baseline>, Unproven>, Error> {
    let missing = |what: String| Unproven { code: "baseline-missing", what, path: None };
    let no_repository = || Error::input(format!("`baseline` is `{named}`, but there is no repository here"));
    let bytes = if let Some(rest) = named.strip_prefix("git:") {
        let repository = review.repository.as_ref().ok_or_else(no_repository)?;
        let (name, path) = rest
            .rsplit_once(':')
            .ok_or_else(|| Error::input(format!("`baseline` is `{named}`; write git:REF:PATH")))?;
        let Some(commit) = repository.resolve(name)? else {
            return Ok(Err(missing(format!("the baseline's ref `{name}` is not in this clone; fetch it before"))));
        };
        repository.file_at(&commit, path)?
    } else if let Some(notes) = named.strip_prefix("note:") {
        let repository = review.repository.as_ref().ok_or_else(no_repository)?;
        let Some(base) = review.comparison.base() else {
            return Ok(Err(missing("a baseline in a note belongs to the base commit, and there is none".to_owned())));
        };
        repository.note(notes, &base.id)?
    } else if Path::new(named).exists() {
        Some(file::bytes(named, STATE_BYTES)?)
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
