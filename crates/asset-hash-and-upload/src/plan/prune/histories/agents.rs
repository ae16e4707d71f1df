//! Those who are at work: each does one request a step.

use super::{Body, Bucket, HOUR_MS, Random};
use crate::plan::activation::activation;
use crate::plan::delta::{Step, delta};
use crate::plan::digest::Digest;
use crate::plan::pointer::{Take, lead, take};
use crate::plan::prune::{Census, Fate, GUARD_MS, Judgement, Rules, Standing, Stored, TRUST_MS, fates, guard_key};
use crate::plan::record::{Entry, Files, Headers, Pointer, RECORD_SCHEMA, Record};
use crate::plan::release_id;
use crate::plan::rollback::{Rollback, rollback};
use std::collections::VecDeque;
use std::rc::Rc;

/// Keys that are deleted with one request.
const BATCH: usize = 2;

pub enum Agent {
    Publish(Box<Publish>),
    Rollback(Option<String>, Option<(Pointer, u64)>),
    Switch(Box<Switch>),
    Prune(Box<Prune>),
}

impl Agent {
    pub fn any(random: &mut Random) -> Agent {
        match random.below(10) {
            0..6 => Agent::Publish(Box::new(Publish { tree: tree(random), ..Publish::default() })),
            6 => Agent::Rollback(None, None),
            7 => Agent::Rollback(Some(String::new()), None),
            _ => {
                let keep_ms = [0, HOUR_MS, 48 * HOUR_MS][random.below(3) as usize];
                let rules = Rules { keep_releases: random.below(4), keep_ms, live: Vec::new() };
                Agent::Prune(Box::new(Prune { rules, ..Prune::default() }))
            }
        }
    }

    /// Whether it is done.
    pub fn step(&mut self, bucket: &mut Bucket, random: &mut Random) -> bool {
        let next = match self {
            Agent::Publish(publish) => publish.step(bucket, random),
            Agent::Rollback(to, read) => step_back(to, read, bucket, random),
            Agent::Switch(switch) => switch.step(bucket),
            Agent::Prune(prune) => prune.step(bucket, random),
        };
        match next {
            Next::Go => false,
            Next::Stop => true,
            Next::Switch(switch) => {
                *self = Agent::Switch(switch);
                false
            }
        }
    }

    pub fn die(&self, bucket: &mut Bucket) {
        // What nobody can repair but the next activation of all pages: the pointer went on while this one still copied.
        if let Agent::Switch(switch) = self {
            let overtaken = bucket.pointer().is_some_and(|(pointer, _)| pointer.release != switch.target.release);
            bucket.stale_pages |= switch.copied && (overtaken || switch.repairs);
        }
    }
}

pub enum Next {
    Go,
    Stop,
    Switch(Box<Switch>),
}

type Tree = Files;

fn tree(random: &mut Random) -> Tree {
    let mut tree = Tree::default();
    for name in ["a.js", "b.js", "c.css", "d.png", "index.html", "about.html"] {
        if random.chance(75) {
            let sha256 = Digest::of(&[name.as_bytes()[0], random.below(3) as u8]);
            let page = name.ends_with("html");
            let key = if page {
                format!(".roadcrew/default/pages/{}", sha256.hex())
            } else {
                format!("{name}-{}", &sha256.hex()[..8])
            };
            let entry = Entry { key, sha256, size: 1, source: None, headers: 0, page, names: vec![], misses: vec![] };
            tree.extend([(name.to_owned(), entry)]);
        }
    }
    tree
}

/// Whether a prune is between its LIST and its deletes.
fn guarded(bucket: &Bucket) -> bool {
    let guard = bucket.objects.get(&guard_key(&bucket.place));
    guard.is_some_and(|guard| bucket.now_ms - guard.written_ms < GUARD_MS)
}

#[derive(Default)]
pub struct Publish {
    tree: Tree,
    started: bool,
    read_ms: u64,
    record: Option<Rc<Record>>,
    sends: VecDeque<(String, Digest)>,
    /// Keys that were taken by the same bytes, to be made young.
    taken: VecDeque<(String, Digest)>,
    /// Keys that are young, to be looked at when no prune is deleting.
    rescued: VecDeque<(String, Digest)>,
    quiet: bool,
}

impl Publish {
    fn step(&mut self, bucket: &mut Bucket, random: &mut Random) -> Next {
        let Some(record) = self.record.clone() else {
            self.read(bucket, random);
            return Next::Go;
        };
        if let Some((key, digest)) = self.sends.pop_front() {
            if !bucket.put_if_absent(&key, Body::Bytes(digest)) {
                assert_eq!(bucket.bytes(&key), Some(digest), "the model's keys hold their contents");
                self.taken.push_back((key, digest));
            }
        } else if let Some((key, digest)) = self.taken.pop_front() {
            bucket.counts.rescued += 1;
            if !bucket.copy(&key, &key) {
                self.sends.push_back((key.clone(), digest));
            }
            self.rescued.push_back((key, digest));
        } else if !self.rescued.is_empty() && !self.quiet {
            self.quiet = !guarded(bucket);
        } else if let Some((key, digest)) = self.rescued.pop_front() {
            if bucket.bytes(&key).is_none() {
                bucket.counts.sent_again += 1;
                self.sends.push_back((key, digest));
            }
        } else {
            if bucket.now_ms - self.read_ms >= TRUST_MS {
                return Next::Stop;
            }
            let manifest = bucket.place.record(&record.release, record.created_ms);
            assert!(bucket.put_if_absent(&manifest, Body::Record(record.clone())));
            bucket.counts.published += 1;
            return Next::Switch(Box::new(Switch::to(record, true)));
        }
        Next::Go
    }

    fn read(&mut self, bucket: &mut Bucket, random: &mut Random) {
        self.read_ms = if self.started { self.read_ms } else { bucket.now_ms };
        self.started = true;
        // One LIST finds the newest, one GET reads it.
        let releases = bucket.place.releases();
        let last = bucket.below(&releases).next().map(|(key, _)| key.clone()).and_then(|key| bucket.record(&key));
        // The clock of this machine is up to ten minutes wrong.
        let created_ms = bucket.now_ms + random.below(HOUR_MS / 3) - HOUR_MS / 6;
        let next = Record {
            schema: RECORD_SCHEMA,
            release: release_id::format(created_ms, random.next() as u32),
            site: "default".into(),
            version: "v".into(),
            created_ms,
            previous: last.as_ref().map(|last| last.release.clone()),
            options: Digest::of(b""),
            headers: vec![Headers::default()],
            files: self.tree.clone(),
        };
        for step in delta(last.as_deref(), &next) {
            let Step::Put { path, key } = step else { panic!("nothing is copied in this model") };
            self.sends.push_back((bucket.place.key(key), next.files[path].sha256));
        }
        self.record = Some(Rc::new(next));
    }
}

fn step_back(
    to: &mut Option<String>,
    read: &mut Option<(Pointer, u64)>,
    bucket: &mut Bucket,
    random: &mut Random,
) -> Next {
    if read.is_none() {
        *read = bucket.pointer();
        if to.is_some() {
            let releases = bucket.place.releases();
            let all: Vec<&String> = bucket.below(&releases).map(|(key, _)| key).collect();
            let Some(key) = all.get(random.below(all.len().max(1) as u64) as usize) else { return Next::Stop };
            *to = bucket.place.release_of(key).map(str::to_owned);
        }
        return if read.is_some() { Next::Go } else { Next::Stop };
    }
    let (pointer, etag) = read.clone().unwrap();
    match rollback(Some(&pointer), to.as_deref()) {
        Ok(Rollback::To { release, created_ms, ask_if_retired }) => {
            let mark = format!("{}{release}", bucket.place.retired());
            let retired = ask_if_retired && bucket.objects.contains_key(&mark);
            match bucket.record(&bucket.place.record(&release, created_ms)).filter(|_| !retired) {
                Some(record) => {
                    let mut switch = Switch::to(record, false);
                    switch.read = Some((Some(pointer), Some(etag)));
                    Next::Switch(Box::new(switch))
                }
                None => Next::Stop,
            }
        }
        _ => Next::Stop,
    }
}

/// Takes the pointer for a release and puts its pages in place.
pub struct Switch {
    target: Rc<Record>,
    /// Whether a later release wins, as with a publish.
    yields: bool,
    /// The pointer that was read.
    read: Option<(Option<Pointer>, Option<u64>)>,
    /// The pointer that was written.
    written: Option<(Pointer, u64)>,
    copies: VecDeque<(String, String)>,
    quiet: bool,
    copied: bool,
    /// Whether it puts another release's pages in place, over those that it had copied too late.
    repairs: bool,
}

impl Switch {
    fn to(target: Rc<Record>, yields: bool) -> Switch {
        let copies = VecDeque::new();
        Switch { target, yields, read: None, written: None, copies, quiet: false, copied: false, repairs: false }
    }

    fn step(&mut self, bucket: &mut Bucket) -> Next {
        if self.written.is_some() {
            return self.activate(bucket);
        }
        let Some((current, etag)) = self.read.clone() else {
            let read = bucket.pointer();
            self.read = Some((read.as_ref().map(|read| read.0.clone()), read.map(|read| read.1)));
            return Next::Go;
        };
        let live =
            current.as_ref().filter(|current| !current.pending).and_then(|current| bucket.record(&current.manifest));
        let manifest = bucket.place.record(&self.target.release, self.target.created_ms);
        let target = self.target.clone();
        let pages = activation(&target, live.as_deref(), None);
        let pointer = if self.yields {
            match take(current.as_ref(), &target, &manifest, "", !pages.is_empty()) {
                Take::Write(pointer) => pointer,
                Take::Ours { .. } => return Next::Stop,
                Take::Superseded { .. } => {
                    bucket.counts.superseded += 1;
                    return Next::Stop;
                }
            }
        } else {
            lead(current.as_ref(), &target, &manifest, "", !pages.is_empty())
        };
        let key = bucket.place.pointer();
        match bucket.swap(&key, etag, Body::Pointer(pointer.clone())) {
            Some(etag) => {
                bucket.counts.rolled_back += u64::from(!self.yields);
                // Every page that stands nowhere yet may be in a prune's list.
                self.quiet = pages.is_empty();
                self.copies =
                    pages.iter().map(|page| (bucket.place.key(page.from), bucket.place.key(page.path))).collect();
                self.written = Some((pointer, etag));
                Next::Go
            }
            None if self.yields => {
                self.read = None;
                Next::Go
            }
            None => Next::Stop,
        }
    }

    fn activate(&mut self, bucket: &mut Bucket) -> Next {
        let Some((pointer, etag)) = self.written.clone() else { return Next::Stop };
        if !self.quiet {
            self.quiet = !guarded(bucket);
            return Next::Go;
        }
        if let Some((from, to)) = self.copies.pop_front() {
            // The bytes of a release that went on to be retired meanwhile may be gone; then others are live.
            bucket.copy(&from, &to);
            self.copied = true;
            return Next::Go;
        }
        if !self.copied {
            return Next::Stop;
        }
        let key = bucket.place.pointer();
        let settled = Pointer { pending: false, ..pointer };
        if bucket.swap(&key, Some(etag), Body::Pointer(settled)).is_some() {
            bucket.counts.settled += 1;
            return Next::Stop;
        }
        // Somebody went on while pages were copied: put those of the release that is live now over them.
        let Some((pointer, etag)) = bucket.pointer() else { return Next::Stop };
        let Some(target) = bucket.record(&pointer.manifest) else { return Next::Stop };
        let pages = activation(&target, None, None);
        bucket.counts.repaired += 1;
        self.repairs = true;
        self.copies = pages.iter().map(|page| (bucket.place.key(page.from), bucket.place.key(page.path))).collect();
        self.target = target.clone();
        self.written = Some((pointer, etag));
        Next::Go
    }
}

#[derive(Default)]
pub struct Prune {
    rules: Rules,
    guard: Option<u64>,
    guard_ms: u64,
    seen: Option<Seen>,
    marks: VecDeque<String>,
    deletes: Vec<String>,
    census: Option<Census>,
    listed: bool,
    checked: bool,
    forget: Option<VecDeque<String>>,
}

#[derive(Clone, PartialEq)]
struct Seen {
    pointer: Option<Pointer>,
    records: Vec<Stored>,
    fates: Vec<Fate>,
}

fn look(bucket: &Bucket, rules: &Rules, now_ms: u64) -> Seen {
    let releases = bucket.place.releases();
    let stored = |(key, object): (&String, &super::Object)| Stored {
        release: bucket.place.release_of(key).unwrap().to_owned(),
        key: key.clone(),
        written_ms: object.written_ms,
    };
    let records: Vec<Stored> = bucket.below(&releases).map(stored).collect();
    let retired = bucket.place.retired();
    let marks = bucket.below(&retired).map(|(key, mark)| (key[retired.len()..].to_owned(), mark.written_ms)).collect();
    let pointer = bucket.pointer().map(|(pointer, _)| pointer);
    let fates = fates(&records, &marks, pointer.as_ref(), rules, now_ms).unwrap();
    Seen { pointer, records, fates }
}

impl Prune {
    fn guard(&mut self, bucket: &mut Bucket) -> bool {
        let key = guard_key(&bucket.place);
        let there = bucket.objects.get(&key).map(|guard| (guard.etag, bucket.now_ms - guard.written_ms));
        let etag = match (self.guard, there) {
            (Some(mine), _) => Some(mine),
            (None, None) => None,
            (None, Some((etag, age_ms))) if age_ms >= GUARD_MS => Some(etag),
            (None, Some(_)) => return false,
        };
        self.guard = bucket.swap(&key, etag, Body::Empty);
        self.guard_ms = bucket.now_ms;
        self.guard.is_some()
    }

    fn again(&mut self) -> Next {
        let (rules, guard, guard_ms) = (self.rules.clone(), self.guard, self.guard_ms);
        *self = Prune { rules, guard, guard_ms, ..Prune::default() };
        Next::Go
    }

    fn step(&mut self, bucket: &mut Bucket, random: &mut Random) -> Next {
        if self.guard.is_none() {
            return if self.guard(bucket) { Next::Go } else { Next::Stop };
        }
        let Some(seen) = self.seen.clone() else {
            if !self.guard(bucket) {
                return Next::Stop;
            }
            self.seen = Some(look(bucket, &self.rules, self.guard_ms));
            return Next::Go;
        };
        if !self.listed {
            return self.list(bucket, &seen);
        }
        if let Some(mark) = self.marks.pop_front() {
            let key = format!("{}{mark}", bucket.place.retired());
            bucket.counts.retired += u64::from(bucket.put_if_absent(&key, Body::Empty));
            return Next::Go;
        }
        if !self.deletes.is_empty() {
            return self.delete(bucket, &seen);
        }
        self.forget(bucket, random)
    }

    fn list(&mut self, bucket: &mut Bucket, seen: &Seen) -> Next {
        let mut census = Census::new(&bucket.place, self.guard_ms);
        for fate in &seen.fates {
            // Another prune has forgotten it meanwhile.
            let Some(record) = bucket.record(&fate.stored.key) else { return self.again() };
            census.hear(fate, &record);
        }
        let keys: Vec<(String, u64)> =
            bucket.below("p/").map(|(key, object)| (key.clone(), object.written_ms)).collect();
        for (key, written_ms) in keys {
            if matches!(census.judge(&key, written_ms), Judgement::Delete | Judgement::Orphan) {
                self.deletes.push(key);
            }
        }
        let retire = seen.fates.iter().filter(|fate| fate.standing == Standing::Retire);
        self.marks = retire.map(|fate| fate.stored.release.clone()).collect();
        self.census = Some(census);
        self.listed = true;
        Next::Go
    }

    fn delete(&mut self, bucket: &mut Bucket, seen: &Seen) -> Next {
        // Whoever found the guard too old went on without waiting: what was listed under it says nothing any more.
        if bucket.now_ms - self.guard_ms >= GUARD_MS / 2 {
            bucket.counts.lapsed += 1;
            return self.again();
        }
        if !self.checked {
            if !self.guard(bucket) {
                return Next::Stop;
            }
            let now = look(bucket, &self.rules, self.guard_ms);
            if (&now.pointer, &now.records) != (&seen.pointer, &seen.records) {
                bucket.counts.planned_again += 1;
                return self.again();
            }
            self.checked = true;
            return Next::Go;
        }
        self.checked = false;
        let end = self.deletes.len().min(BATCH);
        for key in self.deletes.drain(..end) {
            bucket.counts.deleted += bucket.remove(&key);
        }
        Next::Go
    }

    fn forget(&mut self, bucket: &mut Bucket, random: &mut Random) -> Next {
        let (census, place) = (self.census.take(), bucket.place.clone());
        let forget = self.forget.get_or_insert_with(|| {
            let over = census.iter().flat_map(|census| census.forget());
            over.flat_map(|fate| [fate.stored.key.clone(), format!("{}{}", place.retired(), fate.stored.release)])
                .collect()
        });
        if let Some(key) = forget.pop_front() {
            bucket.remove(&key);
            bucket.counts.forgotten += u64::from(key.ends_with(".json"));
            return Next::Go;
        }
        if random.chance(90) {
            bucket.remove(&guard_key(&bucket.place));
        }
        Next::Stop
    }
}
