//! Which release to go back to.

use super::record::Pointer;
use super::release_id;

/// What a rollback does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rollback {
    /// The release is live already. Its pages may still have to be put in place.
    AlreadyLive {
        /// The release.
        release: String,
        /// Whether a run was killed before all pages were in place.
        pending: bool,
    },
    /// Go to this release.
    To {
        /// The release.
        release: String,
        /// When it was made, ms since 1970-01-01 UTC: its record's key follows.
        created_ms: u64,
        /// Whether somebody has to ask if `prune` has retired it. The one that was live before never is, as long as the pointer
        /// names it; the pointer is written only if nobody else has written it since.
        ask_if_retired: bool,
    },
}

/// Why there is nothing to go back to: the user's matter, nothing has been changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No pointer.
    #[error("nothing has been published here with a pointer, so nothing can be rolled back; publish with --pointer s3")]
    NoPointer,
    /// The first release.
    #[error("{live} is the first release, so there is none before it; name one with --to")]
    NoPrevious {
        /// The live release.
        live: String,
    },
    /// Not an id.
    #[error("`{to}` is no release; write its id, such as 20261123T164500.123Z-1a2b3c4d (`prune --dry-run` lists all)")]
    NotARelease {
        /// What was given.
        to: String,
    },
    /// No record.
    #[error("there is no release {release} here; `prune --dry-run` lists all")]
    Unknown {
        /// The release.
        release: String,
    },
    /// `prune` may have deleted files of it.
    #[error("{release} was retired by prune, and its files may be gone; publish its tree again")]
    Retired {
        /// The release.
        release: String,
    },
}

/// Where a rollback goes. `to` is what the user asked for; without it the release that was live before. Errors: see [`Refusal`].
pub fn rollback(pointer: Option<&Pointer>, to: Option<&str>) -> Result<Rollback, Refusal> {
    let pointer = pointer.ok_or(Refusal::NoPointer)?;
    let previous = pointer.previous.as_deref();
    let release = match to.map(str::trim) {
        Some(to) => to,
        None => previous.ok_or_else(|| Refusal::NoPrevious { live: pointer.release.clone() })?,
    };
    let created_ms = release_id::created_ms(release).ok_or_else(|| Refusal::NotARelease { to: release.to_owned() })?;
    let owned = release.to_owned();
    if release == pointer.release {
        return Ok(Rollback::AlreadyLive { release: owned, pending: pointer.pending });
    }
    Ok(Rollback::To { release: owned, created_ms, ask_if_retired: previous != Some(release) })
}

#[cfg(test)]
mod tests {
    use super::super::samples::pointer;
    use super::*;

    #[test]
    fn without_a_name_it_is_the_one_before() {
        let live = pointer(3, Some(2));
        let Ok(Rollback::To { created_ms, ask_if_retired, .. }) = rollback(Some(&live), None) else { panic!() };
        assert_eq!((created_ms, ask_if_retired), (2 * 3_600_000, false));
        assert_eq!(rollback(Some(&pointer(3, None)), None), Err(Refusal::NoPrevious { live: live.release }));
        assert_eq!(rollback(None, None), Err(Refusal::NoPointer));
    }

    #[test]
    fn a_named_release_is_asked_about() {
        let mut live = pointer(3, Some(2));
        let one = release_id::format(3_600_000, 7);
        let Ok(Rollback::To { release, ask_if_retired, .. }) = rollback(Some(&live), Some(&one)) else { panic!() };
        assert_eq!((release, ask_if_retired), (one, true));
        let three = live.release.clone();
        assert_eq!(
            rollback(Some(&live), Some(&three)),
            Ok(Rollback::AlreadyLive { release: three.clone(), pending: false })
        );
        live.pending = true;
        assert_eq!(rollback(Some(&live), Some(&three)), Ok(Rollback::AlreadyLive { release: three, pending: true }));
        assert!(matches!(rollback(Some(&live), Some("../x")), Err(Refusal::NotARelease { .. })));
    }
}
