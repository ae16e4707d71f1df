//! From the times of report entries to the times of units: files, classes or single tests.
#![warn(clippy::disallowed_methods)]

use super::lock::{LOCK_SCHEMA, PlanFile, PlannedShard, UnitKind};
use super::runner::{Runner, test_unit};
use super::timing::{Entry, Outcome, ReportTimings, Timings};
use super::verify::{ReceiptFile, ReportEvidence, SeenUnit};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The units with their times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimedUnits {
    /// Sorted by name.
    pub units: Vec<String>,
    /// In microseconds.
    pub known_us: Vec<Option<u64>>,
    /// The tests of each file with their times in microseconds, sorted by name; only when reports were read by test.
    pub tests_of: BTreeMap<String, Vec<(String, u64)>>,
}

/// The file of a unit: `tests/a.py::TestX::test_p` is in `tests/a.py`.
pub fn file_of(unit: &str) -> &str {
    unit.find("::").map_or(unit, |end| &unit[..end])
}

/// The distinct files of listed units, sorted as the units are.
pub fn files(units: &[String]) -> Vec<String> {
    if !units.iter().any(|unit| unit.contains("::")) {
        return units.to_vec();
    }
    let mut files: Vec<String> = units.iter().map(|unit| file_of(unit).to_owned()).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Gives units their times. `files` is what [`files`] made of `listed`, and `timings` the match of `reports` to it.
///
/// A list of files is split by class or test with the names that the reports know; a file that they don't know stays
/// whole. A list that names classes or tests is taken as it is, and each entry counts for the name that fits it.
pub fn time(
    listed: &[String],
    files: &[String],
    (kind, runner): (UnitKind, Runner),
    reports: &[ReportTimings],
    timings: &Timings,
) -> TimedUnits {
    if kind == UnitKind::File {
        let known_us = timings.by_file.iter().map(|timing| timing.as_ref().map(|timing| us(timing.total_ns())));
        return TimedUnits {
            units: listed.to_vec(),
            known_us: known_us.collect(),
            tests_of: tests_of(files, runner, reports, timings),
        };
    }
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    let named = listed.iter().any(|unit| unit.contains("::"));
    let mut timed_files: BTreeMap<&str, bool> = BTreeMap::new();
    for (file, entry) in matched(files, reports, timings) {
        let names = names(file, entry, kind, runner);
        let name = if named { names.iter().find(|name| listed.binary_search(name).is_ok()) } else { names.first() };
        let Some(name) = name else { continue };
        *sums.entry(name.clone()).or_default() += us(entry.time_ns.saturating_add(entry.overhead_ns));
        timed_files.insert(file, true);
    }
    if named {
        let known_us = listed.iter().map(|unit| sums.get(unit).copied()).collect();
        return TimedUnits { units: listed.to_vec(), known_us, tests_of: BTreeMap::new() };
    }
    // What a file costs beyond its tests is no unit beside them: every worker that runs one of them loads the file.
    let extras: Vec<(String, u64)> = listed
        .iter()
        .filter_map(|file| {
            let begin = format!("{file}::");
            let is_split = sums.range(begin.clone()..).next().is_some_and(|(unit, _)| unit.starts_with(&begin));
            is_split.then(|| sums.remove(file).map(|us| (begin, us))).flatten()
        })
        .collect();
    for (begin, extra_us) in extras {
        let count = sums.range(begin.clone()..).take_while(|(unit, _)| unit.starts_with(&begin)).count() as u64;
        for (_, us) in sums.range_mut(begin.clone()..).take_while(|(unit, _)| unit.starts_with(&begin)) {
            *us = us.saturating_add(extra_us / count.max(1));
        }
    }
    let whole = listed.iter().filter(|file| !timed_files.contains_key(file.as_str())).map(|file| (file.clone(), None));
    let mut pairs: Vec<(String, Option<u64>)> =
        sums.into_iter().map(|(unit, us)| (unit, Some(us))).chain(whole).collect();
    pairs.sort_unstable();
    let (units, known_us) = pairs.into_iter().unzip();
    TimedUnits { units, known_us, tests_of: BTreeMap::new() }
}

fn tests_of(
    files: &[String],
    runner: Runner,
    reports: &[ReportTimings],
    timings: &Timings,
) -> BTreeMap<String, Vec<(String, u64)>> {
    let mut sums: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (file, entry) in matched(files, reports, timings) {
        if entry.name.is_none() {
            continue;
        }
        if let Some(name) = names(file, entry, UnitKind::Test, runner).into_iter().next() {
            *sums.entry(file.to_owned()).or_default().entry(name).or_default() += us(entry.time_ns);
        }
    }
    sums.into_iter().map(|(file, tests)| (file, tests.into_iter().collect())).collect()
}

fn matched<'r>(
    files: &'r [String],
    reports: &'r [ReportTimings],
    timings: &'r Timings,
) -> impl Iterator<Item = (&'r str, &'r Entry)> {
    timings.matches.iter().filter_map(|found| {
        let Outcome::Matched { file, .. } = found.outcome else { return None };
        let entry = reports.get(found.report as usize)?.entries.get(found.entry as usize)?;
        Some((files.get(file as usize)?.as_str(), entry))
    })
}

/// The names that an entry may have as a unit, the runner's own form first: pytest's `path::TestX::test_p`, or
/// `path::name` where the class is only another spelling of the file or a title.
fn names(file: &str, entry: &Entry, kind: UnitKind, runner: Runner) -> Vec<String> {
    let class = entry.classname.as_deref().unwrap_or_default();
    let inner = class_in_file(file, class);
    let last = class.rsplit(['.', '\\', '/']).next().unwrap_or_default();
    let name = entry.name.as_deref().unwrap_or_default();
    let mut names = match kind {
        UnitKind::File => vec![file.to_owned()],
        UnitKind::Class if inner.is_empty() => {
            vec![file.to_owned(), format!("{file}::{last}"), format!("{file}::{class}")]
        }
        UnitKind::Class => vec![format!("{file}::{inner}"), format!("{file}::{last}"), format!("{file}::{class}")],
        UnitKind::Test if name.is_empty() => vec![file.to_owned()],
        UnitKind::Test if inner.is_empty() => vec![format!("{file}::{name}"), format!("{file}::{last}::{name}")],
        UnitKind::Test => {
            vec![format!("{file}::{inner}::{name}"), format!("{file}::{last}::{name}"), format!("{file}::{name}")]
        }
    };
    if kind == UnitKind::Test {
        // The runner's own form is the one that it can be told.
        names.splice(0..0, test_unit(runner, file, entry.classname.as_deref(), name));
    }
    names
}

/// What a dotted class name says beyond its file: `tests.pkg.test_a.TestX` in `tests/pkg/test_a.py` is `TestX`.
fn class_in_file(file: &str, class: &str) -> String {
    let base = file.rsplit('/').next().unwrap_or(file);
    let stem = base.split('.').next().unwrap_or(base);
    let parts: Vec<&str> = class.split(['.', '\\']).collect();
    match parts.iter().position(|part| *part == stem) {
        Some(at) => parts[at + 1..].join("::"),
        None => String::new(),
    }
}

/// What each report shows of the planned units, and how many entries belong to none.
pub fn seen(
    planned: &[String],
    files: &[String],
    kind: UnitKind,
    reports: &[ReportTimings],
    timings: &Timings,
) -> Vec<ReportEvidence> {
    let planned: BTreeSet<&str> = planned.iter().map(String::as_str).collect();
    let mut evidence: Vec<ReportEvidence> = reports
        .iter()
        .map(|report| ReportEvidence { path: report.report.clone(), ..ReportEvidence::default() })
        .collect();
    for found in &timings.matches {
        let Some(of_report) = evidence.get_mut(found.report as usize) else { continue };
        let entry = reports.get(found.report as usize).and_then(|report| report.entries.get(found.entry as usize));
        let Some(entry) = entry else { continue };
        let Outcome::Matched { file, .. } = found.outcome else {
            of_report.unattributed += 1;
            continue;
        };
        let Some(file) = files.get(file as usize) else { continue };
        let unit = if planned.contains(file.as_str()) {
            file.clone()
        } else {
            // The plan does not say which runner's spelling it holds, so each is tried.
            let spellings = [Runner::Pytest, Runner::Phpunit, Runner::Lines];
            let mut names = spellings.iter().flat_map(|runner| {
                let finest = if kind == UnitKind::Class { UnitKind::Class } else { UnitKind::Test };
                names(file, entry, finest, *runner)
            });
            names.find_map(|name| covered(&planned, &name)).unwrap_or_else(|| file.clone())
        };
        of_report.units.push(SeenUnit { unit, cases: entry.cases });
    }
    evidence
}

/// The planned unit that a reported name belongs to: itself, the test whose parameters (`test_p[x]`) or data set
/// (`testP with data set #0`) it names, or the class around it.
fn covered(planned: &BTreeSet<&str>, name: &str) -> Option<String> {
    let spelled =
        [Some(name), name.find('[').map(|end| &name[..end]), name.find(" with data set ").map(|end| &name[..end])];
    let mut around: Vec<&str> = name.match_indices("::").map(|(end, _)| &name[..end]).collect();
    around.reverse();
    spelled.into_iter().flatten().chain(around).find(|name| planned.contains(name)).map(str::to_owned)
}

/// The plan that workers without a plan file agreed on, as their receipts tell it: the first receipt's digest, and the units
/// of each shard that left one. `None` without receipts.
pub fn plan_of_receipts(receipts: &[ReceiptFile]) -> Option<PlanFile> {
    let first = &receipts.first()?.receipt;
    let shards = receipts.iter().map(|file| file.receipt.shards).max().unwrap_or(0).min(super::partition::MAX_SHARDS);
    let mut planned: Vec<PlannedShard> =
        (0..shards).map(|shard| PlannedShard { shard, predicted_us: 0, units: Vec::new() }).collect();
    for file in receipts {
        if let Some(shard) = planned.get_mut(file.receipt.shard) {
            shard.units.clone_from(&file.receipt.units);
        }
    }
    let fine = planned.iter().flat_map(|shard| &shard.units).any(|unit| unit.contains("::"));
    Some(PlanFile {
        schema: LOCK_SCHEMA,
        digest: first.digest.clone(),
        inputs: String::new(),
        tree: None,
        unit: if fine { UnitKind::Test } else { UnitKind::File },
        shards: planned,
        lower_bound_us: 0,
        makespan_us: 0,
        proof: String::new(),
        estimated: Vec::new(),
    })
}

/// The files that reports name, as a list to match against when the user gave none. Sorted.
pub fn reported_files(reports: &[ReportTimings]) -> Vec<String> {
    let of_entries = reports.iter().flat_map(|report| &report.entries).filter_map(|entry| entry.file.as_deref());
    let of_suites = reports.iter().flat_map(|report| &report.suites).filter_map(|suite| suite.file.as_deref());
    let clean = |file: &str| file.split("::").next().unwrap_or(file).trim_start_matches("./").replace('\\', "/");
    let mut files: Vec<String> = of_entries.chain(of_suites).map(clean).filter(|file| !file.is_empty()).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// A name for a run that nobody named: the same reports give the same name, in whatever order they were given.
pub fn digest(reports: &[ReportTimings]) -> String {
    let mut hash = Sha256::new();
    for entry in reports.iter().flat_map(|report| &report.entries) {
        hash.update(entry.time_ns.to_le_bytes());
        hash.update(entry.cases.to_le_bytes());
        hash.update(entry.sample.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Nanoseconds to the nearest microsecond.
fn us(ns: u64) -> u64 {
    ns / 1000 + u64::from(ns % 1000 >= 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_data_sets_and_classes_belong_to_what_was_planned() {
        let planned = BTreeSet::from(["a.py::test_p", "a.py::TestX", "b.php::C::testD", "a.py::test_q[1]"]);
        for (name, unit) in [
            ("a.py::test_p[x]", Some("a.py::test_p")),
            ("a.py::test_q[1]", Some("a.py::test_q[1]")),
            ("a.py::TestX::test_m", Some("a.py::TestX")),
            ("b.php::C::testD with data set #0", Some("b.php::C::testD")),
            ("a.py::other", None),
        ] {
            assert_eq!(covered(&planned, name).as_deref(), unit, "{name}");
        }
    }

    #[test]
    fn classes_inside_their_file() {
        assert_eq!(class_in_file("tests/pkg/test_a.py", "tests.pkg.test_a.TestX.Inner"), "TestX::Inner");
        assert_eq!(class_in_file("tests/pkg/test_a.py", "tests.pkg.test_a"), "");
        assert_eq!(class_in_file("tests/FooTest.php", "App\\Tests\\FooTest"), "");
        assert_eq!(class_in_file("src/a.test.js", "outer inner one"), "");
    }

    #[test]
    fn microseconds_are_rounded_to_the_nearest() {
        assert_eq!((us(1_499), us(1_500), us(0), us(u64::MAX)), (1, 2, 0, u64::MAX / 1000 + 1));
    }
}
