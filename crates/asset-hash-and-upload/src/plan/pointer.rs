//! Who gets the pointer when several want it. There is no lock: the pointer is written only if it still is what was read, and
//! whoever loses looks again.

use super::record::{Pointer, RECORD_SCHEMA, Record};
use super::release_id;

/// What a publish does with the pointer that it has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// Write this one, on the condition that the pointer is what was read.
    Write(Pointer),
    /// It leads to this release already: the answer to an earlier write was lost, or somebody went there.
    Ours {
        /// Whether pages may still have to be put in place.
        pending: bool,
    },
    /// A release that was made later is live: this one has nothing to do any more.
    Superseded {
        /// The later release.
        by: String,
    },
}

/// Decides for the release `next`, whose record lies at `manifest` (key from the bucket's root). `pages`: whether any page has to be
/// put in place afterwards. The release that is live now becomes the one before.
pub fn take(current: Option<&Pointer>, next: &Record, manifest: &str, base_url: &str, pages: bool) -> Take {
    match current {
        Some(current) if current.release == next.release => Take::Ours { pending: current.pending },
        Some(current) if release_id::newer(&current.release, &next.release) => {
            Take::Superseded { by: current.release.clone() }
        }
        _ => Take::Write(lead(current, next, manifest, base_url, pages)),
    }
}

/// The pointer that leads to `next`, whatever is live now: what a rollback writes.
pub fn lead(current: Option<&Pointer>, next: &Record, manifest: &str, base_url: &str, pages: bool) -> Pointer {
    let previous = current.and_then(|current| {
        if current.release == next.release { current.previous.clone() } else { Some(current.release.clone()) }
    });
    Pointer {
        schema: RECORD_SCHEMA,
        release: next.release.clone(),
        version: next.version.clone(),
        manifest: manifest.to_owned(),
        base_url: base_url.to_owned(),
        previous,
        // Pages of an activation that was cut short are in nobody's record: they have to be put in place whole.
        pending: pages,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{asset, pointer, record};
    use super::*;

    #[test]
    fn the_later_release_wins() {
        let next = record(3, vec![asset("a.js", "1")]);
        let Take::Write(first) = take(None, &next, "m", "", false) else { panic!() };
        assert_eq!((first.previous, first.pending), (None, false));
        let Take::Write(second) = take(Some(&pointer(2, Some(1))), &next, "m", "u", true) else { panic!() };
        assert_eq!(second.previous, Some(pointer(2, None).release));
        assert!(second.pending);
        assert_eq!(
            take(Some(&pointer(4, Some(2))), &next, "m", "", false),
            Take::Superseded { by: pointer(4, None).release }
        );
        assert_eq!(take(Some(&second), &next, "m", "", false), Take::Ours { pending: true });
    }

    #[test]
    fn who_leads_to_what_is_live_keeps_the_one_before() {
        let next = record(3, vec![]);
        assert_eq!(lead(Some(&pointer(3, Some(1))), &next, "m", "", false).previous, Some(pointer(1, None).release));
    }
}
