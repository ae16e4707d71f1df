//! Rust: cargo-nextest's reports name the test binary, never the file. Its id is `package::target` for an integration test
//! (`package` alone for the library's unit tests, `package::bin/name` and the like for others), and stands both in the
//! suite's `name` and in the cases' `classname`: <https://nexte.st/docs/glossary/#binary-id>. Cargo makes the target
//! `alpha` from `tests/alpha.rs` or `tests/alpha/main.rs` in the package's folder:
//! <https://doc.rust-lang.org/cargo/guide/project-layout.html>.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::super::{Entry, ReportTimings};
use super::listing::Listing;
use super::path::base_name;
use super::{Found, Outcome, Reason, Rule, enclosing};

/// The binary id of an integration test, where the entry has one: other dialects write `A::B` as a class too (Perl, Ruby,
/// Pest), but not as the name of the suite and of nothing else, and their files are none of Rust's.
fn binary_id<'r>(report: &'r ReportTimings, entry: &'r Entry) -> Option<(&'r str, &'r str)> {
    let classname = entry.classname.as_deref()?;
    let (package, target) = classname.split_once("::")?;
    let suite = enclosing(report, entry).next()?;
    (&*suite.name == classname && is_name(package) && is_name(target)).then_some((package, target))
}

/// What Cargo takes for the name of a package, and nearly all that it takes for one of a target:
/// <https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field>.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// The listed files that are test targets, by the target's name.
#[derive(Default)]
pub(super) struct Targets {
    targets: FxHashMap<String, Vec<TargetFile>>,
}

struct TargetFile {
    file: u32,
    /// The name of the package's folder; empty at the root of the list.
    folder: String,
}

impl Targets {
    pub(super) fn new(listing: &Listing<'_>) -> Self {
        let mut targets = Self::default();
        for (file, path) in listing.paths() {
            for (folder, target) in places(path).into_iter().flatten() {
                let folder = base_name(folder).to_owned();
                targets.targets.entry(target.to_owned()).or_default().push(TargetFile { file, folder });
            }
        }
        targets
    }

    fn of(&self, target: &str) -> &[TargetFile] {
        self.targets.get(target).map_or(&[], Vec::as_slice)
    }
}

/// The package's folder and the target's name, for each way in which Cargo could take a path for a test target.
fn places(path: &str) -> [Option<(&str, &str)>; 2] {
    let Some(stem) = path.strip_suffix(".rs") else { return [None, None] };
    let in_tests = |stem| {
        let (tests, target) = str::rsplit_once(stem, '/')?;
        let folder = tests.strip_suffix("tests")?;
        let is_whole_name = folder.is_empty() || folder.ends_with('/');
        (is_whole_name && is_name(target)).then(|| (folder.trim_end_matches('/'), target))
    };
    [in_tests(stem), stem.strip_suffix("/main").and_then(in_tests)]
}

/// The files of the test target; those in a folder with the package's name when there are several.
pub(super) fn by_binary_id(listing: &Listing<'_>, report: &ReportTimings, entry: &Entry) -> Found {
    match binary_id(report, entry) {
        Some((package, target)) => Found::from_candidates(candidates(listing.cargo_targets().of(target), package)),
        None => Found::Nothing,
    }
}

fn candidates(files: &[TargetFile], package: &str) -> Vec<u32> {
    let is_any_named = files.iter().any(|file| file.folder == package);
    files.iter().filter(|file| !is_any_named || file.folder == package).map(|file| file.file).collect()
}

/// A target of one name in more packages than this is not looked at twice: the work grows with its square.
const MAX_SHARED: usize = 1000;

/// One file is one target of one package; over all reports at once, so that it does not matter which report has which
/// binary. A file in a folder with a package's name is that package's, so it is none of the others': what is left may be a
/// single one (the package at the root has no folder with a name). Where several packages came to one file, since only one
/// of their targets is listed, it is nobody's but that package's.
pub(super) fn settle(listing: &Listing<'_>, reports: &[ReportTimings], outcomes: &mut [Vec<Outcome>]) {
    let mut binaries: BTreeMap<(&str, &str), Vec<u32>> = BTreeMap::new();
    for (report, outcomes) in reports.iter().zip(&*outcomes) {
        for (entry, outcome) in report.entries.iter().zip(outcomes) {
            if let Some((package, target)) = binary_id(report, entry).filter(|_| is_by_binary_id(outcome)) {
                let files = listing.cargo_targets().of(target);
                if files.len() <= MAX_SHARED {
                    binaries.entry((package, target)).or_insert_with(|| candidates(files, package));
                }
            }
        }
    }
    let mut owners: BTreeMap<u32, &str> = BTreeMap::new();
    for ((package, target), files) in &binaries {
        let is_named =
            |file: u32| listing.cargo_targets().of(target).iter().any(|of| of.file == file && of.folder == *package);
        if let Some(file) = only(files).filter(|file| is_named(*file)) {
            owners.insert(file, package);
        }
    }
    // The package of each file that is the only one left of some binary's; `None` where there are several.
    let mut packages: BTreeMap<u32, Option<&str>> = BTreeMap::new();
    for ((package, _), files) in &mut binaries {
        if files.len() > 1 {
            files.retain(|file| owners.get(file).is_none_or(|owner| owner == package));
        }
        if let Some(file) = only(files) {
            let of_file = packages.entry(file).or_insert(Some(package));
            *of_file = of_file.filter(|other| other == package);
        }
    }
    for (report, outcomes) in reports.iter().zip(outcomes) {
        for (entry, outcome) in report.entries.iter().zip(outcomes) {
            let Some(id) = binary_id(report, entry).filter(|_| is_by_binary_id(outcome)) else { continue };
            let Some(file) = binaries.get(&id).and_then(|files| only(files)) else { continue };
            let is_alone = packages.get(&file).is_some_and(Option::is_some);
            *outcome = if is_alone || owners.get(&file) == Some(&id.0) {
                Outcome::Matched { file, rule: Rule::CargoTarget }
            } else {
                Outcome::Unmatched(Reason::Ambiguous { rule: Rule::CargoTarget, candidates: vec![file] })
            };
        }
    }
}

/// Whether a binary id led here, to one file or to several.
pub(super) fn is_by_binary_id(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Matched { rule, .. } | Outcome::Unmatched(Reason::Ambiguous { rule, .. }) => {
            *rule == Rule::CargoTarget
        }
        Outcome::Unmatched(_) => false,
    }
}

fn only(files: &[u32]) -> Option<u32> {
    match files {
        [file] => Some(*file),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_targets() {
        for (path, places_of) in [
            ("tests/alpha.rs", vec![("", "alpha")]),
            ("tests/alpha/main.rs", vec![("", "alpha")]),
            ("crates/demo/tests/alpha.rs", vec![("crates/demo", "alpha")]),
            ("/app/demo/tests/it/main.rs", vec![("/app/demo", "it")]),
            ("tests/main.rs", vec![("", "main")]),
            ("tests/tests/main.rs", vec![("tests", "main"), ("", "tests")]),
            ("tests/it/alpha.rs", vec![]),
            ("xtests/alpha.rs", vec![]),
            ("src/alpha.rs", vec![]),
            ("tests/alpha.py", vec![]),
            ("tests/.rs", vec![]),
            ("alpha.rs", vec![]),
            ("main.rs", vec![]),
        ] {
            assert_eq!(places(path).into_iter().flatten().collect::<Vec<_>>(), places_of, "{path}");
        }
    }
}
