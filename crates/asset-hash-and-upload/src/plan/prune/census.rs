//! Which object is needed by whom.

use super::{Fate, GRACE_MS, Standing};
use crate::plan::place::Place;
use crate::plan::record::Record;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A key that some kept release names, or one that is not retired yet.
const NEEDED: u64 = u64::MAX;

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// A kept release names it, or it is none of ours to judge: a record, a mark, something of another site.
    Kept,
    /// No kept release names it, but less than a day has passed since the last of them was retired, or since it was written.
    Waits,
    /// Nobody needs it.
    Delete,
    /// No record names it, and it is older than a day. It is deleted only if its own metadata says that it is of this site.
    Orphan,
}

/// Hears all records, then judges all objects below the prefix.
#[derive(Debug)]
pub struct Census {
    place: Place,
    now_ms: u64,
    /// By key below the prefix.
    keys: FxHashMap<Box<str>, u32>,
    /// For each key: when the last release that names it was retired, or [`NEEDED`].
    needs_ms: Vec<u64>,
    /// For each key: whether an object that nobody needs is still there.
    remains: Vec<bool>,
    /// Retired releases with the keys that they name.
    retired: Vec<(Fate, Vec<u32>)>,
    /// Keys below the prefix that begin with these belong to others, who have their own prefix there.
    others: BTreeSet<String>,
}

impl Census {
    /// An empty one. `now_ms`: by the bucket's clock.
    pub fn new(place: &Place, now_ms: u64) -> Self {
        Census {
            place: place.clone(),
            now_ms,
            keys: FxHashMap::default(),
            needs_ms: Vec::new(),
            remains: Vec::new(),
            retired: Vec::new(),
            others: BTreeSet::new(),
        }
    }

    /// Hears the record of one of the site's releases. All of them have to be heard before an object is judged.
    pub fn hear(&mut self, fate: &Fate, record: &Record) {
        let need_ms = match fate.standing {
            Standing::Kept(_) | Standing::Retire => NEEDED,
            Standing::Retired { since_ms } => since_ms.min(NEEDED - 1),
        };
        let ids = self.name(record, need_ms);
        if need_ms != NEEDED {
            self.retired.push((fate.clone(), ids));
        }
    }

    /// Hears a record of another site below the same prefix: what it names is kept, whatever its standing, until that site's own
    /// prune has forgotten it.
    pub fn hear_other(&mut self, record: &Record) {
        self.name(record, NEEDED);
    }

    /// Learns that somebody publishes below `prefix` (from the bucket's root, `/` at its end), which lies within ours.
    pub fn hear_nested(&mut self, prefix: &str) {
        if let Some(below) = prefix.strip_prefix(self.place.prefix.as_str()).filter(|below| !below.is_empty()) {
            self.others.insert(below.to_owned());
        }
    }

    fn name(&mut self, record: &Record, need_ms: u64) -> Vec<u32> {
        let mut ids = Vec::new();
        for (path, entry) in &record.files {
            ids.push(self.need(&entry.key, need_ms));
            // A page stands at its path too.
            if entry.page {
                ids.push(self.need(path, need_ms));
            }
        }
        ids
    }

    fn need(&mut self, key: &str, need_ms: u64) -> u32 {
        let id = match self.keys.get(key) {
            Some(id) => *id,
            None => {
                let id = u32::try_from(self.needs_ms.len()).unwrap_or(u32::MAX);
                self.keys.insert(key.into(), id);
                self.needs_ms.push(0);
                self.remains.push(false);
                id
            }
        };
        if let Some(need) = at(&mut self.needs_ms, id) {
            *need = need_ms.max(*need);
        }
        id
    }

    /// Judges an object. `key`: from the bucket's root; `written_ms`: its LastModified.
    pub fn judge(&mut self, key: &str, written_ms: u64) -> Judgement {
        let Some(below) = key.strip_prefix(self.place.prefix.as_str()) else { return Judgement::Kept };
        let young = self.now_ms.saturating_sub(written_ms) < GRACE_MS;
        match self.keys.get(below).copied() {
            Some(id) => {
                let need_ms = at(&mut self.needs_ms, id).map_or(NEEDED, |need| *need);
                if need_ms == NEEDED {
                    return Judgement::Kept;
                }
                if young || self.now_ms.saturating_sub(need_ms) < GRACE_MS {
                    self.remains(id);
                    return Judgement::Waits;
                }
                Judgement::Delete
            }
            None if self.of_others(below) => Judgement::Kept,
            None if young => Judgement::Waits,
            None => Judgement::Orphan,
        }
    }

    /// Whether a key that no record names is none of ours to judge.
    fn of_others(&self, below: &str) -> bool {
        if self.others.iter().any(|other| below.starts_with(other.as_str())) {
            return true;
        }
        // Of what lies in our own folder only pages are files; the rest is records, marks and the pointer.
        let pages = format!(".roadcrew/{}/pages/", self.place.site);
        below.starts_with(".roadcrew/") && !below.starts_with(&pages)
    }

    /// Learns that a key (from the bucket's root) could not be deleted.
    pub fn stays(&mut self, key: &str) {
        let id = key.strip_prefix(self.place.prefix.as_str()).and_then(|below| self.keys.get(below).copied());
        if let Some(id) = id {
            self.remains(id);
        }
    }

    fn remains(&mut self, id: u32) {
        if let Some(remains) = at(&mut self.remains, id) {
            *remains = true;
        }
    }

    /// The releases of which no file is left that only retired releases need: their records and marks can go, the record first, so
    /// that no release ever looks as if it had not been retired. Call it when all objects have been judged and deleted.
    pub fn forget(&self) -> Vec<&Fate> {
        let over = |fate: &Fate| match fate.standing {
            Standing::Retired { since_ms } => self.now_ms.saturating_sub(since_ms) >= GRACE_MS,
            Standing::Kept(_) | Standing::Retire => false,
        };
        let gone =
            |id: &u32| usize::try_from(*id).ok().and_then(|id| self.remains.get(id)).is_some_and(|remains| !remains);
        self.retired.iter().filter(|(fate, ids)| over(fate) && ids.iter().all(gone)).map(|(fate, _)| fate).collect()
    }
}

/// The element of an id.
fn at<T>(all: &mut [T], id: u32) -> Option<&mut T> {
    all.get_mut(usize::try_from(id).ok()?)
}

/// The site and prefix whose record or pointer a key is, for every place in the bucket: `(prefix, site)`. `None` for any other
/// key.
pub fn place_of(key: &str) -> Option<(&str, &str)> {
    let at = key.rfind(".roadcrew/").filter(|at| *at == 0 || key.as_bytes()[at - 1] == b'/')?;
    let (prefix, rest) = (&key[..at], &key[at + ".roadcrew/".len()..]);
    let (site, name) = rest.split_once('/')?;
    (name == "current.json" || name.starts_with("releases/")).then_some((prefix, site))
}

#[cfg(test)]
mod tests {
    use super::super::{Reason, Stored};
    use super::*;
    use crate::plan::samples::{asset, page, page_key, record};

    const DAY_MS: u64 = GRACE_MS;
    const NOW_MS: u64 = 100 * DAY_MS;

    fn fate(standing: Standing, hour: u64) -> Fate {
        let release = record(hour, vec![]).release;
        Fate { stored: Stored { key: format!("p/{release}"), release, written_ms: hour * 3_600_000 }, standing }
    }

    fn census() -> Census {
        let mut census = Census::new(&Place { prefix: "p/".into(), site: "default".into() }, NOW_MS);
        let kept = record(5, vec![asset("kept.js", "1"), page("index.html", "2")]);
        census.hear(&fate(Standing::Kept(Reason::Newest), 5), &kept);
        let new = record(4, vec![asset("new.js", "1")]);
        census.hear(&fate(Standing::Retire, 4), &new);
        let fresh = record(3, vec![asset("fresh.js", "1"), asset("old.js", "1")]);
        census.hear(&fate(Standing::Retired { since_ms: NOW_MS - DAY_MS + 1 }, 3), &fresh);
        let old = record(
            2,
            vec![asset("kept.js", "1"), asset("gone.js", "1"), page("old.html", "3"), page("index.html", "4")],
        );
        census.hear(&fate(Standing::Retired { since_ms: NOW_MS - DAY_MS }, 2), &old);
        let shared = record(1, vec![asset("old.js", "1"), asset("kept.js", "1")]);
        census.hear(&fate(Standing::Retired { since_ms: 0 }, 1), &shared);
        census
    }

    #[test]
    fn a_file_goes_when_nobody_has_needed_it_for_a_day() {
        let mut census = census();
        let mut judge = |key: &str, age_ms: u64| census.judge(&format!("p/{key}"), NOW_MS - age_ms);
        assert_eq!(judge("kept.js-1", 9 * DAY_MS), Judgement::Kept);
        assert_eq!(judge("new.js-1", 9 * DAY_MS), Judgement::Kept);
        assert_eq!(judge("fresh.js-1", 9 * DAY_MS), Judgement::Waits);
        assert_eq!(judge("old.js-1", 9 * DAY_MS), Judgement::Waits, "one of two was retired today");
        assert_eq!(judge("gone.js-1", 9 * DAY_MS), Judgement::Delete);
        assert_eq!(judge("gone.js-1", DAY_MS), Judgement::Delete);
        assert_eq!(judge("gone.js-1", DAY_MS - 1), Judgement::Waits);
        assert_eq!(judge("index.html", 9 * DAY_MS), Judgement::Kept, "the page of a kept release stands there");
        assert_eq!(judge("old.html", 9 * DAY_MS), Judgement::Delete);
        assert_eq!(judge(&page_key("3"), 9 * DAY_MS), Judgement::Delete);
        assert_eq!(judge(&page_key("2"), 9 * DAY_MS), Judgement::Kept);
    }

    #[test]
    fn what_no_record_names_is_looked_at_or_left() {
        let mut census = census();
        census.hear_nested("p/sub/");
        let mut other = record(9, vec![asset("theirs.js", "1")]);
        other.site = "other".into();
        census.hear_other(&other);
        let mut judge = |key: &str| census.judge(key, 0);
        assert_eq!(judge("p/unknown.js"), Judgement::Orphan);
        assert_eq!(judge(&format!("p/{}", page_key("unknown"))), Judgement::Orphan);
        assert_eq!(judge("p/theirs.js-1"), Judgement::Kept);
        assert_eq!(judge("p/sub/unknown.js"), Judgement::Kept);
        assert_eq!(judge("unknown.js"), Judgement::Kept);
        assert_eq!(judge("p/.roadcrew/default/current.json"), Judgement::Kept);
        assert_eq!(judge("p/.roadcrew/default/releases/x.json"), Judgement::Kept);
        assert_eq!(judge("p/.roadcrew/other/pages/x"), Judgement::Kept);
    }

    #[test]
    fn a_release_is_forgotten_when_its_files_are_gone() {
        let mut census = census();
        for key in ["p/gone.js-1", "p/kept.js-1", "p/old.js-1"] {
            census.judge(key, 0);
        }
        let forgotten: Vec<u64> = census.forget().iter().map(|fate| fate.stored.written_ms / 3_600_000).collect();
        assert_eq!(forgotten, [2], "old.js of the first release is still there");
        census.stays("p/gone.js-1");
        assert!(census.forget().is_empty());
    }

    #[test]
    fn places_are_read_from_keys() {
        assert_eq!(place_of("a/b/.roadcrew/s/releases/x.json"), Some(("a/b/", "s")));
        assert_eq!(place_of(".roadcrew/s/current.json"), Some(("", "s")));
        assert_eq!(place_of("x.roadcrew/s/current.json"), None);
        assert_eq!(place_of(".roadcrew/s/pages/x"), None);
    }
}
