//! Which policies decide.
//!
//! | base | policy file | what decides |
//! | --- | --- | --- |
//! | none | none | the default: known licences pass, unknown ones fail |
//! | none | here | it, on every package |
//! | a base | as it was | the base's, on what the change brings |
//! | a base | changed | the base's, on what the change brings; and the new one, on every package |
//! | a base | new | the default, on what the change brings; and the new one, on every package |
//!
//! With `full`, each of them decides on every package.
//!
//! So no change loosens what it is judged by, and a stricter policy is met before it is merged.

use crate::error::Error;
use crate::plan::judge::{Applies, Ruling};
use crate::plan::policy::{MAX_POLICY_BYTES, Policy};
use kit_git::observe::file;
use kit_git::observe::judged_by::utf8;
use kit_git::observe::review::Review;
use kit_report::{Finding, Level};
use std::path::Path;

/// What decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    /// Never empty.
    pub rulings: Vec<Ruling>,
    /// What is to be said about them.
    pub notices: Vec<Finding>,
}

/// Reads them. `path` is a path of this machine; with `full` they decide on every package.
/// Errors: a policy that makes no sense (exit 2), a base that should be there and isn't (exit 4).
pub fn read(review: &Review, path: &str, full: bool) -> Result<Policies, Error> {
    let limit_bytes = MAX_POLICY_BYTES as u64;
    let found = review.policy_text(path, limit_bytes)?;
    let has_base = review.comparison.base().is_some();
    let changes = if has_base && !full { Applies::ToChanges } else { Applies::ToAll };
    let Some(found) = found else {
        let what = format!("there is no {path}, so every known licence passes; `license-check init` writes one");
        let notice = Finding::new("policy-missing", Level::Notice, what);
        return Ok(Policies { rulings: vec![default(changes)?], notices: vec![notice] });
    };
    let policy = Policy::parse(&found.content, path)?;
    if found.report_only {
        let ruling =
            Ruling { policy, from: format!("{path}, which is new, on every package"), applies: Applies::ToAll };
        return Ok(Policies { rulings: vec![default(changes)?, ruling], notices: Vec::new() });
    }
    let mut rulings = vec![Ruling { policy, from: found.from, applies: changes }];
    if has_base && Path::new(path).exists() {
        let here = utf8(file::bytes(path, limit_bytes)?, path)?;
        if here != found.content {
            let policy = Policy::parse(&here, path)?;
            rulings.push(Ruling {
                policy,
                from: format!("{path}, which has changed, on every package"),
                applies: Applies::ToAll,
            });
        }
    }
    Ok(Policies { rulings, notices: Vec::new() })
}

fn default(applies: Applies) -> Result<Ruling, Error> {
    let policy = Policy::parse("deny = []", "no policy")?;
    Ok(Ruling { policy, from: "the default: known licences pass, unknown ones fail".to_owned(), applies })
}
