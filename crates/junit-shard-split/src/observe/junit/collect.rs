//! Gathers the timings of one report: one entry for each distinct location, however many cases it has.

use std::hash::{Hash, Hasher};
use std::io::Read;

use rustc_hash::{FxHashMap, FxHasher};

use super::error::{Limit, ReadError};
use super::visit::{Case, Detail, DetailKind, Flow, Refusal, Suite, SuiteKind, Visitor};
use super::{Limits, Summary, read};
use crate::plan::timing::{Entry, Granularity, ReportTimings, SuiteName};

/// Two million distinct locations in one report. An entry takes about 400 bytes with its texts, so that the promise of
/// 64 MiB holds for 100,000, more test files than any known repository has; beyond that memory grows, and here it ends.
pub const MAX_ENTRIES: usize = 2_000_000;
/// Five million tests in one report, where the user asks for times by class or test and accepts the memory.
pub const MAX_TEST_ENTRIES: usize = 5_000_000;
/// 50,000 Go tests are told apart by name in one report; the rest of them count for their package as a whole.
/// Kubernetes has about 30,000.
const MAX_GO_TESTS: usize = 50_000;
/// Four million distinct suites: twice the entries, since nested suites may hold no case of their own.
const MAX_SUITES: usize = 4_000_000;

/// Reads one report and adds it up. `name` is the report's path for messages.
///
/// # Errors
/// As [`read`]; [`Limit::Visitor`] when the report has more than [`MAX_ENTRIES`] (or [`MAX_TEST_ENTRIES`]) locations.
pub fn collect<R: Read>(
    name: &str,
    source: R,
    limits: &Limits,
    granularity: Granularity,
) -> Result<(ReportTimings, Summary), ReadError> {
    let mut collector = Collector::new(granularity);
    let summary = read(source, limits, &mut collector)?;
    // Empty entries come from cases whose file was named by a property only.
    collector.entries.retain(|entry| entry.cases > 0 || entry.overhead_ns > 0);
    let timings = ReportTimings {
        report: name.to_owned(),
        suites: collector.suites,
        entries: collector.entries,
        shared_overhead_ns: collector.shared_overhead_ns,
    };
    Ok((timings, summary))
}

/// Whether two optional texts are equal, eight bytes at a time: nearly every case is at its predecessor's place, and musl
/// compares byte by byte.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return one.is_none() && other.is_none() };
    if one.len() != other.len() {
        return false;
    }
    let (one, one_rest) = one.as_bytes().as_chunks::<8>();
    let (other, other_rest) = other.as_bytes().as_chunks::<8>();
    one_rest == other_rest && one.iter().zip(other).all(|(a, b)| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b))
}

/// What all the cases of a suite have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Common {
    Nothing,
    One(u32),
    Many,
}

impl Common {
    fn add(&mut self, other: Self, same: impl Fn(u32, u32) -> bool) {
        *self = match (*self, other) {
            (Self::Nothing, other) => other,
            (mine, Self::Nothing) => mine,
            (Self::One(a), Self::One(b)) if a == b || same(a, b) => Self::One(a),
            _ => Self::Many,
        };
    }
}

/// An open suite.
#[derive(Debug)]
struct Frame {
    /// `None` for `<testsuites>` and for suites of a session.
    suite: Option<u32>,
    line: u64,
    time_ns: Option<u64>,
    /// Its cases and the totals of its suites.
    inside_ns: u64,
    own_cases: u64,
    all_cases: u64,
    own_file: bool,
    /// The entry of all cases.
    entry: Common,
    /// An entry with the file of all cases that have one.
    file: Common,
    /// Some case has no file.
    fileless: bool,
    /// The file that an empty suite before left for the suites to come.
    carried: Option<Box<str>>,
}

#[derive(Debug)]
struct Open {
    entry: u32,
    time_ns: Option<u64>,
    attempts_ns: u64,
    skipped: bool,
    has_file: bool,
}

/// What makes two cases the same location.
#[derive(Debug, Clone, Copy, Default, Hash, PartialEq, Eq)]
struct Location<'a> {
    suite: Option<u32>,
    file: Option<&'a str>,
    property_file: Option<&'a str>,
    classname: Option<&'a str>,
    name: Option<&'a str>,
}

struct Collector {
    granularity: Granularity,
    suites: Vec<SuiteName>,
    entries: Vec<Entry>,
    /// For each entry: its class belongs to its identity.
    by_class: Vec<bool>,
    /// Hash of the identity -> index; a hash that is taken by another identity moves on by one.
    entry_index: FxHashMap<u64, u32>,
    suite_index: FxHashMap<u64, u32>,
    /// The entry that was asked for last.
    last: u32,
    open: Vec<Frame>,
    case: Option<Open>,
    go_tests: usize,
    shared_overhead_ns: u64,
}

impl Collector {
    fn new(granularity: Granularity) -> Self {
        Self {
            granularity,
            suites: Vec::new(),
            entries: Vec::new(),
            by_class: Vec::new(),
            entry_index: FxHashMap::default(),
            suite_index: FxHashMap::default(),
            last: 0,
            open: Vec::with_capacity(8),
            case: None,
            go_tests: 0,
            shared_overhead_ns: 0,
        }
    }

    fn entry(&mut self, location: Location<'_>, report_line: u64) -> Result<u32, Refusal> {
        // The cases of a file stand together.
        if self.entries.get(self.last as usize).is_some() && self.is_at(self.last as usize, &location) {
            return Ok(self.last);
        }
        let mut hash = hash_of(&location);
        while let Some(&index) = self.entry_index.get(&hash) {
            if self.is_at(index as usize, &location) {
                self.last = index;
                return Ok(index);
            }
            hash = hash.wrapping_add(1);
        }
        let max = if self.granularity == Granularity::File { MAX_ENTRIES } else { MAX_TEST_ENTRIES };
        if self.entries.len() >= max {
            return Err(Refusal {
                limit: Limit::Visitor,
                what: format!("there are more than {max} distinct locations"),
            });
        }
        let index = index_of(self.entries.len());
        self.last = index;
        self.entry_index.insert(hash, index);
        self.by_class.push(location.classname.is_some());
        self.entries.push(Entry {
            suite: location.suite,
            file: location.file.map(Into::into),
            property_file: location.property_file.map(Into::into),
            failure_file: None,
            classname: location.classname.map(Into::into),
            name: location.name.map(Into::into),
            sample: "".into(),
            report_line,
            cases: 0,
            skipped: 0,
            timed: 0,
            time_ns: 0,
            overhead_ns: 0,
        });
        Ok(index)
    }

    fn is_at(&self, index: usize, location: &Location<'_>) -> bool {
        let entry = &self.entries[index];
        entry.suite == location.suite
            && same(entry.file.as_deref(), location.file)
            && same(entry.property_file.as_deref(), location.property_file)
            && same(entry.name.as_deref(), location.name)
            && match self.by_class[index] {
                true => same(entry.classname.as_deref(), location.classname),
                false => location.classname.is_none(),
            }
    }

    fn suite(&mut self, wanted: SuiteName) -> Result<u32, Refusal> {
        let mut hash = hash_of(&(wanted.parent, &wanted.name, &wanted.file, wanted.carried));
        while let Some(&index) = self.suite_index.get(&hash) {
            if self.suites[index as usize] == wanted {
                return Ok(index);
            }
            hash = hash.wrapping_add(1);
        }
        if self.suites.len() >= MAX_SUITES {
            let what = format!("there are more than {MAX_SUITES} distinct suites");
            return Err(Refusal { limit: Limit::Visitor, what });
        }
        let index = index_of(self.suites.len());
        self.suite_index.insert(hash, index);
        self.suites.push(wanted);
        Ok(index)
    }

    /// The innermost suite that has a record.
    #[inline]
    fn innermost(&self) -> Option<u32> {
        self.open.iter().rev().find_map(|frame| frame.suite)
    }

    /// Gives the time of a suite beyond what it holds to the file that it belongs to.
    fn add_overhead(&mut self, frame: &Frame, overhead_ns: u64) -> Result<(), Refusal> {
        let suite = frame.suite.filter(|&suite| !is_session(&self.suites[suite as usize].name));
        // A suite of suites without a file of its own is a group of tests or a wall clock.
        let is_place = frame.own_cases > 0 || frame.all_cases == 0 || frame.own_file;
        let entry = match (suite.filter(|_| is_place), frame.entry, frame.file) {
            (Some(_), Common::One(entry), _) => entry,
            (Some(suite), _, Common::One(sample)) if !frame.fileless => {
                let file = self.entries[sample as usize].file.clone();
                let property_file = self.entries[sample as usize].property_file.clone();
                let location = Location {
                    suite: Some(suite),
                    file: file.as_deref(),
                    property_file: property_file.as_deref(),
                    ..Location::default()
                };
                self.entry(location, frame.line)?
            }
            (Some(suite), _, Common::Nothing) => {
                self.entry(Location { suite: Some(suite), ..Location::default() }, frame.line)?
            }
            _ => {
                self.shared_overhead_ns = self.shared_overhead_ns.saturating_add(overhead_ns);
                return Ok(());
            }
        };
        let sum = &mut self.entries[entry as usize].overhead_ns;
        *sum = sum.saturating_add(overhead_ns);
        Ok(())
    }

    /// The parts of a case that tell its location from others.
    fn location<'c>(&self, case: &'c Case<'_>) -> Location<'c> {
        let suite = self.innermost();
        let file = filled(case.file.as_deref());
        if self.granularity == Granularity::File && file.is_some() {
            return Location { suite, file, ..Location::default() };
        }
        let classname = filled(case.classname.as_deref()).or(filled(case.class.as_deref()));
        let name = filled(case.name.as_deref());
        let suite_name = suite.map_or("", |suite| &*self.suites[suite as usize].name);
        let suite_file = suite.is_some_and(|suite| self.suites[suite as usize].file.is_some());
        let has_file = file.is_some() || suite_file;
        let (by_class, name) = match self.granularity {
            Granularity::Test => (true, name),
            Granularity::Class => (true, None),
            Granularity::File if has_file => (false, None),
            Granularity::File => {
                let go = name
                    .filter(|_| self.go_tests < MAX_GO_TESTS)
                    .and_then(|name| go_test(name, suite_name, classname.unwrap_or_default()));
                (classname.is_some_and(may_locate), go)
            }
        };
        Location { suite, file, classname: classname.filter(|_| by_class), name, ..Location::default() }
    }
}

impl Visitor for Collector {
    fn suite_start(&mut self, suite: &Suite<'_>) -> Flow {
        let mut frame = Frame {
            suite: None,
            line: suite.report_line,
            time_ns: suite.time_ns,
            inside_ns: 0,
            own_cases: 0,
            all_cases: 0,
            own_file: false,
            entry: Common::Nothing,
            file: Common::Nothing,
            fileless: false,
            carried: None,
        };
        if suite.kind == SuiteKind::Suite {
            let name = suite.name.as_deref().unwrap_or_default();
            let file = filled(suite.file.as_deref());
            let parent = self.innermost();
            if let Some(above) = self.open.last_mut().filter(|_| name == MOCHA_ROOT) {
                above.carried = file.map(Into::into);
            }
            let carried = self.open.last().and_then(|above| above.carried.clone()).filter(|_| file.is_none());
            frame.own_file = file.is_some() || carried.is_some();
            let record = SuiteName {
                parent,
                name: name.into(),
                carried: carried.is_some(),
                file: file.map(Into::into).or(carried),
            };
            frame.suite = Some(self.suite(record)?);
        }
        self.open.push(frame);
        Ok(())
    }

    fn suite_end(&mut self) -> Flow {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let overhead_ns = frame.time_ns.unwrap_or(0).saturating_sub(frame.inside_ns);
        if overhead_ns > 0 && frame.suite.is_some() {
            self.add_overhead(&frame, overhead_ns)?;
        }
        let Self { open, entries, suites, .. } = self;
        if let Some(above) = open.last_mut() {
            above.inside_ns = above.inside_ns.saturating_add(frame.inside_ns.saturating_add(overhead_ns));
            above.all_cases += frame.all_cases;
            above.fileless |= frame.fileless;
            above.entry.add(frame.entry, |_, _| false);
            above.file.add(frame.file, |a, b| same_file(entries, a, b));
            // mocha-junit-reporter lets users rename its root suite; it stays empty and has the file.
            if let Some(suite) = frame.suite.filter(|_| frame.all_cases == 0 && overhead_ns == 0) {
                let record = &suites[suite as usize];
                if record.file.is_some() && !record.carried {
                    above.carried.clone_from(&record.file);
                }
            }
        }
        Ok(())
    }

    fn property(&mut self, name: &str, value: &str) -> Flow {
        let Some(case) = self.case.as_ref().filter(|case| !case.has_file) else { return Ok(()) };
        if !FILE_PROPERTIES.contains(&name) || value.is_empty() {
            return Ok(());
        }
        let entry = &self.entries[case.entry as usize];
        let (test, line, sample) = (entry.name.clone(), entry.report_line, entry.sample.clone());
        let location = Location {
            suite: entry.suite,
            property_file: Some(value),
            name: test.as_deref().filter(|_| self.granularity == Granularity::Test),
            ..Location::default()
        };
        let index = self.entry(location, line)?;
        let moved = &mut self.entries[index as usize];
        if moved.sample.is_empty() {
            moved.sample = sample;
        }
        if let Some(case) = &mut self.case {
            (case.entry, case.has_file) = (index, true);
        }
        Ok(())
    }

    fn case_start(&mut self, case: &Case<'_>) -> Flow {
        let location = self.location(case);
        let index = self.entry(location, case.report_line)?;
        let entry = &mut self.entries[index as usize];
        let is_new = entry.cases == 0 && entry.sample.is_empty();
        if is_new {
            entry.sample = case.name.as_deref().unwrap_or_default().into();
            self.go_tests += usize::from(location.name.is_some());
        }
        if !self.by_class[index as usize] {
            let classname = filled(case.classname.as_deref()).or(filled(case.class.as_deref()));
            if is_new {
                entry.classname = classname.map(Into::into);
            } else if entry.classname.is_some() && entry.classname.as_deref() != classname {
                entry.classname = None;
            }
        }
        let status = case.status.as_deref();
        self.case = Some(Open {
            entry: index,
            time_ns: case.time_ns,
            attempts_ns: 0,
            skipped: matches!(status, Some("notrun" | "skipped" | "disabled")),
            has_file: location.file.is_some(),
        });
        Ok(())
    }

    fn case_end(&mut self) -> Flow {
        let Some(case) = self.case.take() else { return Ok(()) };
        let entry = &mut self.entries[case.entry as usize];
        let time_ns = case.time_ns.unwrap_or(0).saturating_add(case.attempts_ns);
        entry.cases += 1;
        entry.skipped += u64::from(case.skipped);
        entry.timed += u64::from(case.time_ns.is_some());
        entry.time_ns = entry.time_ns.saturating_add(time_ns);
        let Self { open, entries, .. } = self;
        if let Some(frame) = open.last_mut() {
            frame.inside_ns = frame.inside_ns.saturating_add(time_ns);
            frame.own_cases += 1;
            frame.all_cases += 1;
            frame.entry.add(Common::One(case.entry), |_, _| false);
            if case.has_file {
                frame.file.add(Common::One(case.entry), |a, b| same_file(entries, a, b));
            } else {
                frame.fileless = true;
            }
        }
        Ok(())
    }

    fn detail_start(&mut self, detail: &Detail<'_>) -> Flow {
        let Some(case) = &mut self.case else { return Ok(()) };
        match detail.kind {
            DetailKind::Skipped => case.skipped = true,
            DetailKind::FlakyFailure | DetailKind::FlakyError | DetailKind::RerunFailure | DetailKind::RerunError => {
                case.attempts_ns = case.attempts_ns.saturating_add(detail.time_ns.unwrap_or(0));
            }
            DetailKind::Failure | DetailKind::Error => {
                if let Some(file) = filled(detail.file.as_deref()).filter(|_| !case.has_file) {
                    let entry = &mut self.entries[case.entry as usize];
                    entry.failure_file.get_or_insert_with(|| file.into());
                }
            }
            DetailKind::SystemOut | DetailKind::SystemErr => {}
        }
        Ok(())
    }
}

/// The suite that mocha-junit-reporter writes before those of a file
/// (<https://github.com/michaelleeallen/mocha-junit-reporter>, option `rootSuiteTitle`).
const MOCHA_ROOT: &str = "Root Suite";

/// Properties of a case that name its file: @web/test-runner's `test.fileName`, and what others were seen to write.
const FILE_PROPERTIES: [&str; 4] = ["test.fileName", "file", "filename", "filepath"];

/// Whether a suite stands for the whole session of a runner: its time is a wall clock with start and collection in it.
fn is_session(name: &str) -> bool {
    name.starts_with("rspec") || name.starts_with("pytest") || matches!(name, "Mocha Tests" | "nextest-run")
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn same_file(entries: &[Entry], a: u32, b: u32) -> bool {
    let (a, b) = (&entries[a as usize], &entries[b as usize]);
    a.file == b.file && a.property_file == b.property_file
}

/// Whether a classname can lead to a file: a class, a module or a path, but not the title of a test, of which there are
/// as many as cases (Jest's default).
fn may_locate(classname: &str) -> bool {
    if !classname.bytes().any(|b| b.is_ascii_whitespace()) {
        return true;
    }
    let extension = classname.rsplit('.').next().unwrap_or_default();
    classname.contains('.')
        && (1..=5).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The top-level test of a Go package: `TestFoo` of `TestFoo/case_1`.
fn go_test<'a>(name: &'a str, suite: &str, classname: &str) -> Option<&'a str> {
    let is_package = suite.contains('/') || classname.contains('/') || (suite == classname && !suite.contains('.'));
    let behind = ["Test", "Benchmark", "Example", "Fuzz"].iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let is_test = !behind.starts_with(|c: char| c.is_lowercase());
    (is_package && is_test).then(|| name.split('/').next().unwrap_or(name))
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The bounds on entries and suites are far below 2^32.
fn index_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
