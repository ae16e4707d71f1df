//! The timing store: what the last runs measured of each test file, on each class of machine. PURE.
//!
//! ```text
//! {"schema":1,"files":{
//!
//! "tests/cart.test.js":{"default":[[1764000000,"9f86d081",1230],[1764086400,"60303ae2",1250]]},
//!
//! "tests/login.test.js":{"default":[[1764000000,"9f86d081",48]],"large":[[1764000000,"9f86d081",31]]},
//!
//! "":{}}}
//! ```
//!
//! A sample is the run's sequence number (seconds since 1970, or any other number that grows), the run's id, and the
//! file's time in that run in milliseconds, rounded to three significant digits. Samples are sorted, oldest first.
//!
//! # Made to be committed
//! - Files are sorted, each on a line of its own with an empty line behind it: Git joins changes without a conflict when
//!   an unchanged line lies between them, so branches that measured neighbouring files merge. The empty last entry spares
//!   the last file a comma that comes and goes.
//! - With `timings.json merge=union` in `.gitattributes` nothing ever conflicts: Git keeps the lines of both branches, and
//!   entries that stand twice are joined here, in whatever order they stand.
//! - [`Store::merge`] joins two stores that did conflict: it is commutative, associative and idempotent, since samples are
//!   a set of runs.
//! - With [`Quiet`], a run that measured what was known leaves the store as it is.
//!
//! # What the order of runs means
//! Without [`Quiet`] nothing: a store is the set of the newest runs of each file by sequence and id, whatever order they
//! were recorded in. With it, the runs that are kept depend on the order, but the medians of two orders of two runs differ
//! by no more than the tolerance.
#![warn(clippy::disallowed_methods)]

mod read;

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Version of the file's shape.
pub const STORE_SCHEMA: u32 = 1;
/// 64 MiB: a store of 10 runs of 100,000 files, twice over.
pub const MAX_STORE_BYTES: usize = 64 << 20;
/// 500,000 files: half the unit limit of the planner's worst case, and more than any repository has tests.
pub const MAX_FILES: usize = 500_000;
/// Runs kept of each file unless the user says otherwise: enough that one odd run in three does not move the median.
pub const DEFAULT_KEEP: usize = 10;
/// 100 runs kept of each file at most; older ones measured another program.
pub const MAX_KEEP: usize = 100;
/// 4096 bytes: the longest path that Linux knows (`PATH_MAX`).
pub const MAX_NAME_BYTES: usize = 4096;
/// 64 characters for the name of a class of machine.
pub const MAX_MACHINE_CHARS: usize = 64;
/// 7 days in milliseconds: no CI host lets a job run longer.
pub const MAX_MS: u32 = 7 * 24 * 3600 * 1000;

/// Which run a sample is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// Grows from run to run; seconds since 1970 do.
    pub sequence: u64,
    /// Tells runs of the same sequence apart, and a run that is recorded again from a new one.
    pub id: u32,
}

impl Run {
    /// A run by its name (the CI's id of the run, or a digest of its reports), of which 32 bits of the SHA-256 are kept.
    pub fn new(sequence: u64, name: &str) -> Self {
        let digest = Sha256::digest(name.as_bytes());
        let id = digest.iter().take(4).fold(0_u32, |id, byte| id << 8 | u32::from(*byte));
        Run { sequence, id }
    }
}

/// What a file took in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sample {
    run: Run,
    ms: u32,
}

/// When a new sample leaves the store as it is: when it and all samples that the file has lie within the tolerance of
/// their median. So one odd run is recorded, and as long as it is among the kept ones, the normal runs are recorded too
/// and outvote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Percent of the median.
    pub percent: u32,
    /// Milliseconds; the larger of the two tolerances counts.
    pub ms: u32,
}

impl Quiet {
    /// 10 % or 100 ms: below what two runs on one machine differ by anyway.
    pub const DEFAULT: Quiet = Quiet { percent: 10, ms: 100 };

    fn is_near(self, ms: u32, median: u32) -> bool {
        let tolerance = (u64::from(median) * u64::from(self.percent) / 100).max(u64::from(self.ms));
        u64::from(ms.abs_diff(median)) <= tolerance
    }
}

/// How runs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// The newest runs of each file that are kept, 1 to [`MAX_KEEP`].
    pub keep: usize,
    /// Whether samples that tell nothing new are left out.
    pub quiet: Option<Quiet>,
}

impl Default for Keeping {
    fn default() -> Self {
        Keeping { keep: DEFAULT_KEEP, quiet: None }
    }
}

/// What a recording changed, in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Without a sample of this class of machine before.
    pub new: usize,
    /// With a further sample.
    pub updated: usize,
    /// As they were: nothing new by [`Quiet`], or the run is known or older than those that are kept.
    pub unchanged: usize,
}

/// Why a text is no store. One line without the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct StoreError {
    /// 1-based; `None` when the whole file is wrong.
    pub line: Option<u32>,
    /// What is wrong and what to do.
    pub what: String,
}

/// The timing store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Store {
    /// By file, then by class of machine. No map and no list in it is empty; lists are sorted and name each run once.
    files: BTreeMap<String, BTreeMap<String, Vec<Sample>>>,
}

/// Whether a class of machine can be called so: 1 to [`MAX_MACHINE_CHARS`] ASCII letters, digits, `.`, `_` and `-`.
pub fn is_machine(name: &str) -> bool {
    (1..=MAX_MACHINE_CHARS).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

impl Store {
    /// Reads a store.
    ///
    /// # Errors
    /// [`StoreError`] with the line: no JSON, another shape or version, a bound of this module, a merge conflict.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        read::parse(text)
    }

    /// The store as a file: the same bytes for the same content on every machine.
    pub fn render(&self) -> String {
        let mut out = format!("{{\"schema\":{STORE_SCHEMA},\"files\":{{\n\n");
        for (file, machines) in &self.files {
            let _ = write!(out, "{}:{{", quoted(file));
            for (index, (machine, samples)) in machines.iter().enumerate() {
                let samples: Vec<String> = samples
                    .iter()
                    .map(|sample| format!("[{},\"{:08x}\",{}]", sample.run.sequence, sample.run.id, sample.ms))
                    .collect();
                let comma = if index > 0 { "," } else { "" };
                let _ = write!(out, "{comma}{}:[{}]", quoted(machine), samples.join(","));
            }
            out.push_str("},\n\n");
        }
        out.push_str("\"\":{}}}\n");
        out
    }

    /// Adds one run: the time of each file in nanoseconds, in any order; a file that stands several times is summed.
    /// A run that is known already is not counted twice: the longer of the two times stays. Files whose name is empty or
    /// longer than [`MAX_NAME_BYTES`], and those beyond [`MAX_FILES`], are left out.
    pub fn record<'f>(
        &mut self,
        run: Run,
        machine: &str,
        times_ns: impl IntoIterator<Item = (&'f str, u64)>,
        keeping: &Keeping,
    ) -> Recorded {
        let mut by_file: BTreeMap<&str, u64> = BTreeMap::new();
        for (file, time_ns) in times_ns {
            let sum = by_file.entry(file).or_default();
            *sum = sum.saturating_add(time_ns);
        }
        let mut recorded = Recorded::default();
        for (file, time_ns) in by_file {
            let is_known = self.files.contains_key(file);
            if file.is_empty() || file.len() > MAX_NAME_BYTES || (!is_known && self.files.len() >= MAX_FILES) {
                continue;
            }
            let samples = self.files.entry(file.to_owned()).or_default().entry(machine.to_owned()).or_default();
            let before = samples.clone();
            if !says_nothing_new(samples, run, rounded_ms(time_ns), keeping.quiet) {
                let sequence = samples.iter().find(|s| s.run.id == run.id).map_or(run.sequence, |s| s.run.sequence);
                samples.push(Sample { run: Run { sequence, ..run }, ms: rounded_ms(time_ns) });
                keep_newest(samples, keeping.keep);
            }
            match (before.is_empty(), before == *samples) {
                (true, _) => recorded.new += 1,
                (_, false) => recorded.updated += 1,
                (_, true) => recorded.unchanged += 1,
            }
        }
        recorded
    }

    /// Adds everything that another store knows. Of one run and file that both know differently (the two recorded
    /// different reports of it), the newer entry stays, and of one sequence the longer time.
    pub fn merge(&mut self, other: &Store, keep: usize) {
        for (file, machines) in &other.files {
            if !self.files.contains_key(file) && self.files.len() >= MAX_FILES {
                continue;
            }
            let own = self.files.entry(file.clone()).or_default();
            for (machine, samples) in machines {
                let own = own.entry(machine.clone()).or_default();
                own.extend_from_slice(samples);
                keep_newest(own, keep);
            }
        }
        // What only this store knows is held to the same bound, or the order of the two would show.
        for samples in self.files.values_mut().flat_map(BTreeMap::values_mut) {
            keep_newest(samples, keep);
        }
    }

    /// Forgets the files that are gone and returns their names, sorted.
    pub fn prune(&mut self, is_there: impl Fn(&str) -> bool) -> Vec<String> {
        let gone: Vec<String> = self.files.keys().filter(|file| !is_there(file)).cloned().collect();
        for file in &gone {
            self.files.remove(file);
        }
        gone
    }

    /// The median of the file's newest `last` runs on a class of machine, in nanoseconds; of an even number the mean of the
    /// two in the middle. `None` when the store has no run of it.
    pub fn median_ns(&self, machine: &str, file: &str, last: usize) -> Option<u64> {
        let samples = self.files.get(file)?.get(machine)?;
        let newest = &samples[samples.len() - last.min(samples.len())..];
        median(newest).map(|half_ms| half_ms * 500_000)
    }

    /// The median of all runs that are kept of the file on a class of machine, in microseconds.
    pub fn median_us(&self, machine: &str, file: &str) -> Option<u64> {
        self.median_ns(machine, file, MAX_KEEP).map(|ns| ns / 1000)
    }

    /// The files with runs on a class of machine, sorted, each with the median of its newest `last` runs in nanoseconds.
    pub fn medians<'s>(&'s self, machine: &'s str, last: usize) -> impl Iterator<Item = (&'s str, u64)> {
        self.files.keys().filter_map(move |file| Some((file.as_str(), self.median_ns(machine, file, last)?)))
    }

    /// The classes of machine that the store knows, sorted.
    pub fn machines(&self) -> Vec<&str> {
        let mut machines: Vec<&str> = self.files.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
        machines.sort_unstable();
        machines.dedup();
        machines
    }

    /// How many files the store knows.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// Whether it knows no file on a class of machine.
    pub fn is_empty(&self, machine: &str) -> bool {
        !self.files.values().any(|machines| machines.contains_key(machine))
    }
}

/// Milliseconds with three significant digits, rounded half up: half a percent is far below the noise of a run, and
/// digits that mean nothing would change with every one.
fn rounded_ms(time_ns: u64) -> u32 {
    const NS_PER_MS: u64 = 1_000_000;
    let time_ns = time_ns.min(u64::from(MAX_MS) * NS_PER_MS);
    let mut unit_ns = NS_PER_MS;
    while time_ns / unit_ns >= 1000 {
        unit_ns *= 10;
    }
    let rounded = (time_ns + unit_ns / 2) / unit_ns * (unit_ns / NS_PER_MS);
    u32::try_from(rounded).unwrap_or(MAX_MS).min(MAX_MS)
}

fn says_nothing_new(samples: &[Sample], run: Run, ms: u32, quiet: Option<Quiet>) -> bool {
    let (Some(quiet), Some(half_ms)) = (quiet, median(samples)) else { return false };
    let median = u32::try_from(half_ms / 2).unwrap_or(u32::MAX);
    samples.iter().all(|sample| sample.run.id != run.id && quiet.is_near(sample.ms, median))
        && quiet.is_near(ms, median)
}

/// Each run once, as the newest sequence and then the longest time tell it; sorted; the newest of them.
///
/// The greatest by one order of both, and not the greatest of each: else a sample that was dropped as too old could have
/// been the one with the longest time, and the order of merges would show.
fn keep_newest(samples: &mut Vec<Sample>, keep: usize) {
    samples.sort_unstable_by_key(|sample| (sample.run.id, std::cmp::Reverse((sample.run.sequence, sample.ms))));
    samples.dedup_by_key(|sample| sample.run.id);
    samples.sort_unstable();
    samples.drain(..samples.len().saturating_sub(keep.clamp(1, MAX_KEEP)));
}

/// Twice the median in milliseconds, so that the mean of two stays whole.
fn median(samples: &[Sample]) -> Option<u64> {
    let mut times: Vec<u64> = samples.iter().map(|sample| u64::from(sample.ms)).collect();
    times.sort_unstable();
    let upper = *times.get(times.len() / 2)?;
    let lower = *times.get((times.len() - 1) / 2)?;
    Some(lower + upper)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
