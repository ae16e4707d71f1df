use super::*;
use crate::plan::activation::activation;
use crate::plan::delta::same;
use crate::plan::pointer::{Take, take};
use crate::plan::record::{Headers, RECORD_SCHEMA};
use crate::plan::release_id;
use crate::plan::samples::{asset, page, page_key};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn place() -> Place {
    Place { prefix: "p/".into(), site: "default".into() }
}

/// How files are named.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Names {
    Hashed,
    Versioned,
}

/// A tree: by path, contents and which of two sets of headers.
type Tree = BTreeMap<&'static str, (u8, bool)>;

const PATHS: [&str; 8] =
    ["a.js", "b/c.css", "d.png", "e.woff2", "index.html", "f/index.html", "about.html", "robots.txt"];

fn release(number: u64, names: Names, tree: &Tree) -> Record {
    let created_ms = number * 1000;
    let version = format!("version-{tree:?}").replace('/', "-");
    let file = |(path, (content, short)): (&&'static str, &(u8, bool))| {
        let sha256 = Digest::of(&[*content]);
        let page = path.ends_with(".html") || *path == "robots.txt";
        let key = match names {
            _ if page => place().page(&sha256),
            Names::Hashed => format!("{path}-{content}"),
            Names::Versioned => format!("{version}/{path}"),
        };
        let headers = u32::from(*short);
        let entry = Entry { key, sha256, size: 1, source: None, headers, page, names: vec![], misses: vec![] };
        ((*path).to_owned(), entry)
    };
    let headers = |cache: &str| Headers { cache_control: cache.into(), ..Headers::default() };
    Record {
        schema: RECORD_SCHEMA,
        release: release_id::format(created_ms, 1),
        site: "default".into(),
        files: tree.iter().map(file).collect(),
        version,
        created_ms,
        previous: None,
        options: Digest::of(b""),
        headers: vec![headers("immutable"), headers("short")],
    }
}

/// A bucket: by key below the prefix, contents and headers; the records; the pointer.
#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, (Digest, Headers)>,
    records: Vec<Record>,
    pointer: Option<Pointer>,
}

impl Bucket {
    fn write(&mut self, next: &Record, write: &Write<'_>) {
        let of = |path: &str| (next.files[path].sha256, next.headers[next.files[path].headers as usize].clone());
        match write {
            Write::Send(Step::Put { path, key }) => {
                let there = self.objects.entry((*key).to_owned()).or_insert_with(|| of(path));
                assert_eq!(there.0, of(path).0, "a key has one content");
                // What the bucket's copy onto itself does when the key was taken by the same bytes.
                there.1 = of(path).1;
            }
            Write::Send(Step::CopyHeaders { path, key, .. }) => {
                self.objects.get_mut(*key).expect("what is copied is there").1 = of(path).1;
            }
            Write::Send(Step::CopyFrom { path, from, key, .. }) => {
                let bytes = self.objects[*from].0;
                self.objects.insert((*key).to_owned(), (bytes, of(path).1));
            }
            Write::Record => self.records.push(next.clone()),
            Write::Pointer(pointer) => self.pointer = Some(pointer.clone()),
            Write::Activate(page) => {
                let bytes = self.objects[page.from].0;
                self.objects.insert(page.path.to_owned(), (bytes, of(page.path).1));
            }
            Write::Settle => self.pointer.as_mut().expect("it was written").pending = false,
        }
    }

    fn record_of(&self, release: &str) -> Option<Record> {
        self.records.iter().find(|record| record.release == release).cloned()
    }

    /// The pointer leads to a record whose files are all there.
    fn assert_led(&self) {
        let Some(pointer) = &self.pointer else { return };
        let record = self.record_of(&pointer.release).expect("the pointer's record is there");
        assert_eq!(pointer.manifest, place().record(&record.release, record.created_ms));
        for entry in record.files.values() {
            assert_eq!(self.objects.get(&entry.key).map(|object| object.0), Some(entry.sha256), "{}", entry.key);
        }
    }

    /// All is as the tree wants it.
    fn assert_complete(&self, next: &Record) {
        self.assert_led();
        let pointer = self.pointer.as_ref().unwrap();
        assert!(!pointer.pending);
        let live = self.record_of(&pointer.release).unwrap();
        assert!(same(&live, next));
        for (path, entry) in &next.files {
            let (key, wanted) = if entry.page { (path, entry.sha256) } else { (&entry.key, entry.sha256) };
            let headers = &next.headers[entry.headers as usize];
            assert_eq!(self.objects.get(key), Some(&(wanted, headers.clone())), "{path}");
        }
    }

    /// One publish, killed after `kill` writes. Returns how many writes it would have made.
    fn publish(&mut self, number: u64, names: Names, tree: &Tree, kill: usize) -> usize {
        let last = self.records.last().cloned();
        let mut next = release(number, names, tree);
        let known = last.as_ref().filter(|last| same(last, &next)).cloned();
        // The same tree again: its record is there, and what may be missing is all that comes after it.
        if let Some(known) = &known {
            next = known.clone();
        }
        let live = self.pointer.as_ref().filter(|live| !live.pending).and_then(|live| self.record_of(&live.release));
        let pages = activation(&next, live.as_ref(), None);
        let manifest = place().record(&next.release, next.created_ms);
        let pointer = match take(self.pointer.as_ref(), &next, &manifest, "", !pages.is_empty()) {
            Take::Write(pointer) => Some(pointer),
            Take::Ours { pending: true } => self.pointer.clone(),
            Take::Ours { pending: false } => return 0,
            Take::Superseded { by } => panic!("nobody else is there, but {by}"),
        };
        let mut writes = writes(last.as_ref(), &next, pointer.as_ref(), &pages);
        if known.is_some() {
            writes.retain(|write| *write != Write::Record);
        } else {
            assert_eq!(order(&place(), &next, &writes), []);
            let sends: Vec<Step<'_>> = writes
                .iter()
                .filter_map(|write| if let Write::Send(step) = write { Some(*step) } else { None })
                .collect();
            assert_eq!(steps(last.as_ref(), &next, &sends), []);
            assert_eq!(record(&place(), &next), []);
        }
        for write in writes.iter().take(kill) {
            self.write(&next, write);
            self.assert_led();
        }
        writes.len()
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    proptest::collection::btree_map(proptest::sample::select(&PATHS[..]), (0..4_u8, any::<bool>()), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Five publishes, each killed somewhere and run again: 20,000 kill points. Nothing ever leads to what is not there, and the
    /// second run completes what the first left.
    #[test]
    fn killed_anywhere_nothing_leads_nowhere_and_a_rerun_completes(
        trees in proptest::collection::vec((trees(), 0..20_usize, 0..20_usize), 5),
        versioned: bool,
    ) {
        let names = if versioned { Names::Versioned } else { Names::Hashed };
        let mut bucket = Bucket::default();
        let mut number = 1_000_000;
        for (tree, first, second) in trees {
            for kill in [first, second, usize::MAX] {
                number += 1;
                bucket.publish(number, names, &tree, kill);
                bucket.assert_led();
            }
            bucket.assert_complete(&release(number, names, &tree));
            let again = bucket.publish(number + 1, names, &tree, usize::MAX);
            prop_assert_eq!(again, 0, "the same tree again writes nothing");
        }
    }

    /// Whatever is taken away from a plan, or moved in it, is seen.
    #[test]
    fn a_broken_plan_is_seen(a in trees(), b in trees(), at in any::<prop::sample::Index>(), versioned: bool) {
        let names = if versioned { Names::Versioned } else { Names::Hashed };
        let (last, next) = (release(1, names, &a), release(2, names, &b));
        let plan = delta(Some(&last), &next);
        prop_assert_eq!(steps(Some(&last), &next, &plan), vec![]);
        if !plan.is_empty() {
            let at = at.index(plan.len());
            let mut less = plan.clone();
            let step = less.remove(at);
            let missing = !matches!(step, Step::CopyHeaders { .. });
            prop_assert_eq!(!steps(Some(&last), &next, &less).is_empty(), missing);
            less.push(step);
            less.push(step);
            prop_assert!(!steps(Some(&last), &next, &less).is_empty());
        }
        let pages = activation(&next, None, None);
        let manifest = place().record(&next.release, next.created_ms);
        let Take::Write(pointer) = take(None, &next, &manifest, "", !pages.is_empty()) else { panic!() };
        let good = writes(Some(&last), &next, Some(&pointer), &pages);
        prop_assert_eq!(order(&place(), &next, &good), vec![]);
        let mut early = good.clone();
        let pointer_at = early.iter().position(|write| matches!(write, Write::Pointer(_))).unwrap();
        let pointer = early.remove(pointer_at);
        early.insert(0, pointer);
        prop_assert!(!order(&place(), &next, &early).is_empty());
    }
}

#[test]
fn keys_that_somebody_needs_are_not_deleted() {
    let kept = crate::plan::samples::record(1, vec![asset("a.js", "1"), page("index.html", "2")]);
    let page_key = page_key("2");
    let mut needs = Needs::default();
    needs.hear(&place(), &kept);
    for below in ["a.js-1", "index.html", page_key.as_str()] {
        assert!(!deletes(&place(), &needs, &[place().key(below)]).is_empty(), "{below}");
    }
    assert!(!deletes(&place(), &needs, &[place().record(&kept.release, kept.created_ms)]).is_empty());
    assert!(!deletes(&place(), &Needs::default(), &[place().pointer()]).is_empty());
    assert_eq!(deletes(&place(), &needs, &[place().key("a.js-2"), "a.js-1".to_owned()]), []);
}

#[test]
fn a_record_has_a_key_for_each_file() {
    let sample = |files| crate::plan::samples::record(1, files);
    let names = |record_of: &Record| record(&place(), record_of).len();
    assert_eq!(names(&sample(vec![asset("a.js", "1"), page("b.html", "2"), page("c.html", "2")])), 0);
    assert_eq!(names(&sample(vec![("a.js", ".roadcrew/default/current.json", "1", false)])), 1);
    assert_eq!(names(&sample(vec![("a.js", "same", "1", false), ("b.js", "same", "2", false)])), 1);
    assert_eq!(names(&sample(vec![("a.js", "same", "1", false), ("b.js", "same", "1", false)])), 0);
    assert_eq!(names(&sample(vec![("a.js", "b.html", "1", false), page("b.html", "2")])), 1);
    assert_eq!(names(&sample(vec![("b.html", "elsewhere", "1", true)])), 1);
    let mut broken = sample(vec![asset("a.js", "1")]);
    broken.headers.clear();
    assert_eq!(names(&broken), 1);
}

#[test]
fn a_pointer_leads_to_the_record_before_it() {
    let next = crate::plan::samples::record(3, vec![asset("a.js", "1")]);
    let Take::Write(mut pointer) = take(None, &next, "elsewhere", "", false) else { panic!() };
    let leads = |pointer: &Pointer| order(&place(), &next, &writes(None, &next, Some(pointer), &[]));
    assert!(matches!(leads(&pointer)[..], [Violation::PointerLeadsNowhere { .. }]));
    pointer.manifest = place().record(&next.release, next.created_ms);
    assert_eq!(leads(&pointer), []);
    assert!(!order(&place(), &next, &[Write::Pointer(pointer), Write::Record]).is_empty());
}
