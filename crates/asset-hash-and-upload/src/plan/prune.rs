//! Which releases are kept, and which objects nobody needs any more.
//!
//! In two steps, so that a thousand releases of a hundred thousand files need no more memory than the names of the files:
//! [`fates`] decides by the names and times of records alone, then [`Census`] hears one record after the other, and after that
//! every object of the bucket.
//!
//! Publishes lock nothing out. One trusts the files of the newest release for twelve hours, and the newest is never retired; a file is
//! deleted only when every release that names it has been retired for a day, and when it is a day old itself. A key that was taken by
//! the same bytes, though no trusted record names it, is copied onto itself, so that it is young again; then the publish waits until no
//! prune is between its LIST and its deletes (see [`guard_key`]) and looks whether the key is still there, all before its record is
//! written. So whatever a record names is there from the moment on when the record is, wherever a run is killed.

use super::place::Place;
use super::record::Pointer;
use super::release_id;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

mod census;
#[cfg(test)]
mod histories;

pub use census::{Census, Judgement, place_of};

/// For how long a release has to be retired, and an object unchanged, before anything is deleted, ms: twice what a publish may
/// take between its reading of the last record and the writing of its own.
pub const GRACE_MS: u64 = 24 * 3_600_000;
/// For how long a publish may trust what it has read, ms.
pub const TRUST_MS: u64 = 12 * 3_600_000;
/// How old the guard of a prune may become, ms: a prune writes it anew before each batch and deletes only while it is younger than
/// half of this; whoever finds an older one takes it for the trace of a prune that died.
pub const GUARD_MS: u64 = 10 * 60_000;
/// The header that every object of ours carries: which site it belongs to, as [`owner`] writes it.
pub const OWNER_HEADER: &str = "x-amz-meta-roadcrew";

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The last releases, counted; the newest one is kept with 0 too.
    pub keep_releases: u64,
    /// Releases that are younger than this, ms.
    pub keep_ms: u64,
    /// Releases that instances still run, by id.
    pub live: Vec<String>,
}

/// The record of a release as a LIST shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// The release.
    pub release: String,
    /// Key of its record, from the bucket's root.
    pub key: String,
    /// When the record was written, ms since 1970-01-01 UTC by the bucket's clock.
    pub written_ms: u64,
}

/// Why a release is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The pointer leads to it.
    Live,
    /// It was live before the one that the pointer leads to.
    Previous,
    /// It is the newest.
    Newest,
    /// An instance still runs it.
    Named,
    /// It is one of the last N.
    Last,
    /// It is younger than T.
    Young,
}

impl Reason {
    /// In words that go on from `kept: `.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Live => "live",
            Reason::Previous => "live before",
            Reason::Newest => "the newest",
            Reason::Named => "an instance runs it",
            Reason::Last => "one of the last",
            Reason::Young => "young",
        }
    }
}

/// What becomes of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It stays, with all its files.
    Kept(Reason),
    /// It is marked as retired now; its files stay for a day.
    Retire,
    /// It was retired at this time, ms since 1970-01-01 UTC by the bucket's clock.
    Retired {
        /// When.
        since_ms: u64,
    },
}

/// A release and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// The release.
    pub stored: Stored,
    /// What becomes of it.
    pub standing: Standing,
}

/// Why nothing is pruned: nothing has been changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The pointer leads nowhere.
    #[error("the pointer leads to {release}, whose record is gone; publish again before anything is pruned")]
    PointerLost {
        /// The release.
        release: String,
    },
    /// A live release without a record.
    #[error("there is no release {release} here; was it pruned, or is it of another site?")]
    Unknown {
        /// What was given.
        release: String,
    },
}

/// Decides for each release, newest first.
///
/// `marks`: when releases were retired, by id, ms. `now_ms`: the time by the bucket's clock, ms since 1970-01-01 UTC. A release that is
/// kept again after it was retired keeps its mark, so that no rollback leads to it: files of it may be gone.
///
/// Errors: see [`Refusal`].
pub fn fates(
    records: &[Stored],
    marks: &BTreeMap<String, u64>,
    pointer: Option<&Pointer>,
    rules: &Rules,
    now_ms: u64,
) -> Result<Vec<Fate>, Refusal> {
    // A LIST is in this order already: keys of later releases are smaller.
    let sorted: BTreeSet<(&str, &Stored)> = records.iter().map(|stored| (stored.key.as_str(), stored)).collect();
    let known: BTreeSet<&str> = records.iter().map(|stored| stored.release.as_str()).collect();
    if let Some(pointer) = pointer.filter(|pointer| !known.contains(pointer.release.as_str())) {
        return Err(Refusal::PointerLost { release: pointer.release.clone() });
    }
    if let Some(release) = rules.live.iter().find(|release| !known.contains(release.as_str())) {
        return Err(Refusal::Unknown { release: release.clone() });
    }
    let mut fates = Vec::with_capacity(records.len());
    for (place, (_, stored)) in (0..).zip(sorted) {
        let standing = match reason(place, stored, pointer, rules, now_ms) {
            Some(reason) => Standing::Kept(reason),
            None => marks
                .get(&stored.release)
                .map_or(Standing::Retire, |since_ms| Standing::Retired { since_ms: *since_ms }),
        };
        fates.push(Fate { stored: stored.clone(), standing });
    }
    Ok(fates)
}

fn reason(place: u64, stored: &Stored, pointer: Option<&Pointer>, rules: &Rules, now_ms: u64) -> Option<Reason> {
    let release = stored.release.as_str();
    // The later of both clocks: the machine that published may be slow.
    let made_ms = release_id::created_ms(release).unwrap_or(0).max(stored.written_ms);
    let reasons = [
        (pointer.is_some_and(|pointer| pointer.release == release), Reason::Live),
        (pointer.is_some_and(|pointer| pointer.previous.as_deref() == Some(release)), Reason::Previous),
        (place == 0, Reason::Newest),
        (rules.live.iter().any(|live| live == release), Reason::Named),
        (place < rules.keep_releases, Reason::Last),
        (now_ms.saturating_sub(made_ms) < rules.keep_ms, Reason::Young),
    ];
    reasons.into_iter().find_map(|(holds, reason)| holds.then_some(reason))
}

/// The value of [`OWNER_HEADER`]: the site's name and 16 hex digits of SHA-256 over prefix, 0, site, so that two sites of the same name
/// below different prefixes of a bucket are never taken for one. Printable ASCII whatever the names are.
pub fn owner(place: &Place) -> String {
    let mut hash = Sha256::new();
    hash.update(place.prefix.as_bytes());
    hash.update([0]);
    hash.update(place.site.as_bytes());
    let hex = super::digest::Digest(hash.finalize().into()).hex();
    let plain: String =
        place.site.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(32).collect();
    format!("{plain}-{}", &hex[..16])
}

/// The key of the guard, from the bucket's root: it is there from before a prune's LIST to the end of its deletes, and keeps other
/// prunes away. Who has just made an object young, or has just written a record, and finds no guard, is seen by every prune
/// that comes after; who finds one waits until it is gone and looks what has been deleted.
pub fn guard_key(place: &Place) -> String {
    format!("{}.roadcrew/{}/pruning", place.prefix, place.site)
}

#[cfg(test)]
mod tests {
    use super::super::samples::pointer;
    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    fn stored(hour: u64) -> Stored {
        let place = Place { prefix: String::new(), site: "default".into() };
        let release = release_id::format(hour * HOUR_MS, 7);
        Stored { key: place.record(&release, hour * HOUR_MS), release, written_ms: hour * HOUR_MS }
    }

    fn rules(keep_releases: u64, keep_hours: u64) -> Rules {
        Rules { keep_releases, keep_ms: keep_hours * HOUR_MS, live: Vec::new() }
    }

    #[test]
    fn each_rule_keeps_its_own() {
        let records: Vec<Stored> = (1..=9).map(stored).collect();
        let marks = BTreeMap::from([(stored(1).release, 5 * HOUR_MS), (stored(4).release, 6 * HOUR_MS)]);
        let mut rules = rules(2, 3);
        rules.live.push(stored(2).release);
        let fates = fates(&records, &marks, Some(&pointer(5, Some(4))), &rules, 10 * HOUR_MS).unwrap();
        let standings: Vec<Standing> = fates.iter().map(|fate| fate.standing).collect();
        use Reason::{Last, Live, Named, Newest, Previous};
        use Standing::{Kept, Retire, Retired};
        assert_eq!(
            standings,
            [
                Kept(Newest),
                Kept(Last),
                Retire,
                Retire,
                Kept(Live),
                Kept(Previous),
                Retire,
                Kept(Named),
                Retired { since_ms: 5 * HOUR_MS }
            ]
        );
        assert_eq!(fates[0].stored, stored(9));
    }

    #[test]
    fn the_newest_stays_whatever_is_asked() {
        let fates = fates(&[stored(1), stored(2)], &BTreeMap::new(), None, &rules(0, 0), u64::MAX).unwrap();
        assert_eq!(fates[0].standing, Standing::Kept(Reason::Newest));
        assert_eq!(fates[1].standing, Standing::Retire);
    }

    #[test]
    fn age_is_by_the_later_clock() {
        let mut late = stored(1);
        late.written_ms = 8 * HOUR_MS;
        let fates = fates(&[late, stored(9)], &BTreeMap::new(), None, &rules(0, 3), 10 * HOUR_MS).unwrap();
        assert_eq!(fates[1].standing, Standing::Kept(Reason::Young));
    }

    #[test]
    fn what_is_not_understood_stops_it() {
        let lost = fates(&[stored(1)], &BTreeMap::new(), Some(&pointer(2, None)), &rules(1, 0), 0);
        assert!(matches!(lost, Err(Refusal::PointerLost { .. })));
        let live = Rules { live: vec!["20200101T000000.000Z-00000000".into()], ..rules(1, 0) };
        assert!(matches!(fates(&[stored(1)], &BTreeMap::new(), None, &live, 0), Err(Refusal::Unknown { .. })));
    }

    #[test]
    fn sites_of_one_name_differ_by_their_prefix() {
        let place = |prefix: &str, site: &str| Place { prefix: prefix.into(), site: site.into() };
        assert_ne!(owner(&place("", "default")), owner(&place("sub/", "default")));
        assert_eq!(owner(&place("", "default")), owner(&place("", "default")));
        assert!(owner(&place("ü/", "site ö")).is_ascii());
    }
}
