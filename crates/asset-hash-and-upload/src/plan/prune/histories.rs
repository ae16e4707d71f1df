//! Ten thousand random histories of a site in a model bucket: publishes, rollbacks and prunes that run at the same time, step by step,
//! die anywhere, and have clocks that go wrong. After every step each release that is not retired, and the one that the pointer
//! leads to, has all its files.

use super::GRACE_MS;
use crate::plan::digest::Digest;
use crate::plan::place::Place;
use crate::plan::record::{Pointer, Record};
use std::collections::BTreeMap;
use std::rc::Rc;

mod agents;

use agents::Agent;

const HISTORIES: u64 = 10_000;
const TICKS: u64 = 120;
const HOUR_MS: u64 = 3_600_000;

/// SplitMix64 (Steele, Lea and Flood, 2014): the same histories on every machine.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

#[derive(Clone)]
pub enum Body {
    Bytes(Digest),
    Record(Rc<Record>),
    Pointer(Pointer),
    Empty,
}

#[derive(Clone)]
pub struct Object {
    body: Body,
    written_ms: u64,
    etag: u64,
}

/// A bucket with S3's promises: each request happens at one moment, and everyone sees it at once.
pub struct Bucket {
    place: Place,
    now_ms: u64,
    etags: u64,
    removals: u64,
    objects: BTreeMap<String, Object>,
    /// Whether somebody died who had put pages in place for a release that was no longer the live one.
    stale_pages: bool,
    counts: Counts,
}

/// What happened, so that a test that tests nothing is seen.
#[derive(Debug, Default)]
struct Counts {
    published: u64,
    superseded: u64,
    rescued: u64,
    sent_again: u64,
    rolled_back: u64,
    retired: u64,
    deleted: u64,
    forgotten: u64,
    planned_again: u64,
    lapsed: u64,
    died: u64,
    settled: u64,
    repaired: u64,
    pages_checked: u64,
}

impl Bucket {
    fn put(&mut self, key: &str, body: Body) -> u64 {
        self.etags += 1;
        self.objects.insert(key.to_owned(), Object { body, written_ms: self.now_ms, etag: self.etags });
        self.etags
    }

    fn put_if_absent(&mut self, key: &str, body: Body) -> bool {
        let absent = !self.objects.contains_key(key);
        if absent {
            self.put(key, body);
        }
        absent
    }

    /// `etag`: what was read; `None` when nothing was there.
    fn swap(&mut self, key: &str, etag: Option<u64>, body: Body) -> Option<u64> {
        (self.objects.get(key).map(|object| object.etag) == etag).then(|| self.put(key, body))
    }

    fn copy(&mut self, from: &str, to: &str) -> bool {
        let Some(body) = self.objects.get(from).map(|object| object.body.clone()) else { return false };
        self.put(to, body);
        true
    }

    fn remove(&mut self, key: &str) -> u64 {
        self.removals += 1;
        u64::from(self.objects.remove(key).is_some())
    }

    fn bytes(&self, key: &str) -> Option<Digest> {
        match self.objects.get(key)?.body {
            Body::Bytes(digest) => Some(digest),
            _ => None,
        }
    }

    fn pointer(&self) -> Option<(Pointer, u64)> {
        let object = self.objects.get(&self.place.pointer())?;
        match &object.body {
            Body::Pointer(pointer) => Some((pointer.clone(), object.etag)),
            _ => None,
        }
    }

    fn record(&self, key: &str) -> Option<Rc<Record>> {
        match &self.objects.get(key)?.body {
            Body::Record(record) => Some(record.clone()),
            _ => None,
        }
    }

    fn below<'b>(&'b self, prefix: &'b str) -> impl Iterator<Item = (&'b String, &'b Object)> {
        self.objects.range(prefix.to_owned()..).take_while(move |(key, _)| key.starts_with(prefix))
    }

    /// Every record that is not retired, or has been for less than a day, and the live one, has all its files.
    fn assert_whole(&self, seed: u64) {
        let live = self.pointer().map(|(pointer, _)| pointer);
        if let Some(live) = &live {
            assert!(self.record(&live.manifest).is_some(), "history {seed}: the pointer leads nowhere");
        }
        let releases = self.place.releases();
        for (key, object) in self.below(&releases) {
            let Body::Record(record) = &object.body else { panic!("history {seed}: {key} is no record") };
            let mark = self.objects.get(&format!("{}{}", self.place.retired(), record.release));
            let is_live = live.as_ref().is_some_and(|live| live.release == record.release);
            if !is_live && mark.is_some_and(|mark| self.now_ms - mark.written_ms >= GRACE_MS) {
                continue;
            }
            for entry in record.files.values() {
                let there = self.bytes(&self.place.key(&entry.key));
                assert_eq!(there, Some(entry.sha256), "history {seed}: {} lacks {}", record.release, entry.key);
            }
        }
    }

    /// When nobody is at work and no page was left stale by a dead run, the live release's pages stand at their paths.
    fn assert_pages(&mut self, seed: u64) {
        let Some((pointer, _)) = self.pointer().filter(|(pointer, _)| !pointer.pending && !self.stale_pages) else {
            return;
        };
        let record = self.record(&pointer.manifest).unwrap();
        for (path, entry) in record.files.iter().filter(|(_, entry)| entry.page) {
            self.counts.pages_checked += 1;
            assert_eq!(
                self.bytes(&self.place.key(path)),
                Some(entry.sha256),
                "history {seed}: {path} is another release's"
            );
        }
    }
}

fn elapse(random: &mut Random) -> u64 {
    match random.below(100) {
        0..92 => random.below(5_000),
        92..96 => random.below(600_000),
        96..99 => random.below(8 * HOUR_MS),
        _ => random.below(72 * HOUR_MS),
    }
}

fn history(seed: u64) -> Counts {
    let mut random = Random(seed);
    let place = Place { prefix: "p/".into(), site: "default".into() };
    let now_ms = 20_000 * 24 * HOUR_MS;
    let mut bucket = Bucket {
        place,
        now_ms,
        etags: 0,
        removals: 0,
        objects: BTreeMap::new(),
        stale_pages: false,
        counts: Counts::default(),
    };
    let mut agents: Vec<Agent> = Vec::new();
    let mut checked = 0;
    for _ in 0..TICKS {
        bucket.now_ms += elapse(&mut random);
        if agents.is_empty() {
            bucket.assert_pages(seed);
        }
        if agents.is_empty() || (agents.len() < 4 && random.chance(10)) {
            agents.push(Agent::any(&mut random));
        }
        let at = usize::try_from(random.below(agents.len() as u64)).unwrap();
        let dies = random.chance(1);
        if dies {
            bucket.counts.died += 1;
            agents.swap_remove(at).die(&mut bucket);
        } else if agents[at].step(&mut bucket, &mut random) {
            agents.swap_remove(at);
        }
        // Nothing but a write or a delete can break it, and marks that grow old only allow more.
        let changes = bucket.etags + bucket.removals;
        if changes != checked {
            bucket.assert_whole(seed);
            checked = changes;
        }
    }
    bucket.counts
}

#[test]
fn ten_thousand_histories_lose_nothing_that_is_kept() {
    let mut sum = Counts::default();
    for seed in 0..HISTORIES {
        let counts = history(seed);
        sum.published += counts.published;
        sum.superseded += counts.superseded;
        sum.rescued += counts.rescued;
        sum.sent_again += counts.sent_again;
        sum.rolled_back += counts.rolled_back;
        sum.retired += counts.retired;
        sum.deleted += counts.deleted;
        sum.forgotten += counts.forgotten;
        sum.planned_again += counts.planned_again;
        sum.lapsed += counts.lapsed;
        sum.died += counts.died;
        sum.settled += counts.settled;
        sum.repaired += counts.repaired;
        sum.pages_checked += counts.pages_checked;
    }
    println!("{sum:?}");
    let Counts { published, superseded, rescued, sent_again, rolled_back, .. } = sum;
    let Counts { retired, deleted, forgotten, planned_again, lapsed, settled, repaired, pages_checked, .. } = sum;
    for (what, count, least) in [
        ("published", published, 30_000),
        ("superseded", superseded, 100),
        ("rescued", rescued, 1_000),
        ("sent again", sent_again, 1),
        ("rolled back", rolled_back, 2_000),
        ("retired", retired, 10_000),
        ("deleted", deleted, 3_000),
        ("forgotten", forgotten, 100),
        ("planned again", planned_again, 100),
        ("lapsed", lapsed, 100),
        ("settled", settled, 10_000),
        ("repaired", repaired, 10),
        ("pages checked", pages_checked, 10_000),
    ] {
        assert!(count >= least, "{what}: {count} of at least {least}; the histories do not reach it");
    }
}
