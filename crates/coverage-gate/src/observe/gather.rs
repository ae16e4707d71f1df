//! Reads all reports and puts what they say in its place, one report at a time, so that memory holds the sum and not the
//! parts.

use super::reading::{Fault, ReadError, Reading};
use super::reports;
use crate::args::options::ReportsOptions;
use crate::error::{Error, Unreadable};
use crate::plan::coverage::stated::Kind;
use crate::plan::coverage::totals::{PartialLines, Share, Totals};
use crate::plan::coverage::{self, FileCoverage, Files, ReportedPath, Runs};
use crate::plan::judge::Evidence;
use crate::plan::judgement::{ReadReport, Unproven};
use crate::plan::merge::{self, ByFormat, Disagreement};
use crate::plan::paths::normal::normal;
use crate::plan::paths::{Index, Layout, Place, likely_map, place};
use crate::plan::report_format::ReportFormat;
use crate::report::LyingFile;
use kit_report::{Finding, Level};
use std::path::Path;
use std::sync::Arc;

/// Files whose place is ambiguous that are named one by one; the rest are counted.
const AMBIGUOUS_NAMED: usize = 20;
/// Candidates that one message names.
const CANDIDATES_NAMED: usize = 5;

/// What all reports say together.
#[derive(Debug, Default)]
pub struct Gathered {
    /// By path in the repository; without a repository by the report's own path.
    pub files: Files<String>,
    /// Files of the reports that are no files of the repository.
    pub unmatched: Files<ReportedPath>,
    /// Each report, in order of path.
    pub reports: Vec<ReadReport>,
    /// Oddities that don't stop anything.
    pub findings: Vec<Finding>,
    /// Files whose own totals disagree with their records.
    pub lying: Vec<LyingFile>,
    /// Files that could be in several places.
    pub ambiguous: Vec<Unproven>,
    /// What `path-map` would probably have to be, where nothing matched.
    pub likely_path_map: Option<String>,
    /// Formats that say different things of the same file.
    pub disagreements: Vec<Disagreement<String>>,
}

impl Gathered {
    /// What the reports say, for the judge.
    pub fn evidence(&self) -> Evidence<'_> {
        let ambiguous = self.ambiguous.clone();
        let likely_path_map = self.likely_path_map.as_deref();
        let of_reports = Evidence::of_reports(&self.files, &self.unmatched, self.reports.clone());
        Evidence { ambiguous, likely_path_map, ..of_reports }
    }
}

/// The repository's files, and how paths lead to them.
pub struct Ground<'g> {
    /// Paths to match with: the repository's, or without one those of the diff.
    pub paths: &'g [String],
    /// Whether a path that is none of them is outside (a repository), or just not among those known (a diff).
    pub complete: bool,
    /// What else helps.
    pub layout: Layout,
}

/// Reads and places. Errors: nothing matches a pattern (exit 4), a report can't be read (exit 2, all of them named).
pub fn gather(options: &ReportsOptions, ground: &Ground<'_>) -> Result<Gathered, Error> {
    let (paths, stray) = reports::find(&options.patterns, Path::new("."))?;
    if let Some(pattern) = stray.first() {
        return Err(Error::Unproven {
            code: "reports-not-found",
            what: format!("`{pattern}` matches no report; did the tests run, and did they leave their report there?"),
        });
    }
    let mut gathering = Gathering {
        index: Index::new(ground.paths),
        ground,
        placed: ByFormat::new(),
        unmatched: ByFormat::new(),
        gathered: Gathered::default(),
        unreadable: Vec::new(),
        ambiguous: 0,
        stated: Vec::new(),
    };
    reports::read_all(&paths, options.format, &mut |path, outcome| gathering.take(&path, outcome));
    gathering.finish()
}

struct Gathering<'g> {
    index: Index<'g>,
    ground: &'g Ground<'g>,
    placed: ByFormat<String>,
    unmatched: ByFormat<ReportedPath>,
    gathered: Gathered,
    unreadable: Vec<Unreadable>,
    ambiguous: usize,
    /// Totals without lines, to be compared with lines that other reports may know: path, report, lines.
    stated: Vec<(String, Arc<str>, Share)>,
}

impl Gathering<'_> {
    fn take(&mut self, path: &Path, outcome: Result<(ReportFormat, Reading), ReadError>) {
        let name = path.display().to_string();
        match outcome {
            Ok((format, reading)) => self.add(&name, format, reading),
            Err(error) => self.unreadable.push(unreadable(&name, &error)),
        }
    }

    fn add(&mut self, name: &str, format: ReportFormat, reading: Reading) {
        self.note(name, &reading);
        let totals =
            reading.files.values().fold(Totals::default(), |sum, file| sum.plus(file.totals(PartialLines::Hit)));
        self.gathered.reports.push(ReadReport {
            path: name.to_owned(),
            format,
            files: reading.files.len() as u64,
            totals_only: !reading.files.is_empty() && reading.files.values().all(FileCoverage::by_totals_only),
            copies: reading.copies,
            totals,
            declared: reading.declared,
            timestamp_s: reading.timestamp_s,
        });
        let reported: Vec<&ReportedPath> = reading.files.keys().collect();
        let places = place(&reported, &reading.roots, &self.index, &self.ground.layout);
        let report: Arc<str> = Arc::from(name);
        for ((reported, mut file), place) in reading.files.into_iter().zip(places) {
            if let Some(stated) = &mut file.stated {
                stated.reports = vec![report.clone()];
            }
            let path = match place {
                Place::At(at) => self.index.path(at).to_owned(),
                Place::Nowhere if !self.ground.complete => normal(&reported.path).text(),
                Place::Nowhere => {
                    coverage::add(self.unmatched.entry(format).or_default(), reported, file, Runs::Different);
                    continue;
                }
                Place::Ambiguous(candidates) => {
                    self.name_ambiguous(name, &reported, &candidates);
                    coverage::add(self.unmatched.entry(format).or_default(), reported, file, Runs::Different);
                    continue;
                }
            };
            // LLVM counts a line of two functions twice in its totals, so that they don't compare.
            let stated = file.stated_only(Kind::Lines).filter(|_| format != ReportFormat::LlvmCov);
            if let Some(stated) = stated {
                self.stated.push((path.clone(), report.clone(), stated.share));
            }
            coverage::add(self.placed.entry(format).or_default(), path, file, Runs::Different);
        }
    }

    fn name_ambiguous(&mut self, report: &str, reported: &ReportedPath, candidates: &[usize]) {
        self.ambiguous += 1;
        if self.ambiguous > AMBIGUOUS_NAMED {
            return;
        }
        let named: Vec<&str> = candidates.iter().take(CANDIDATES_NAMED).map(|at| self.index.path(*at)).collect();
        let more = match candidates.len().saturating_sub(CANDIDATES_NAMED) {
            0 => String::new(),
            more => format!(" or {more} more"),
        };
        self.gathered.ambiguous.push(Unproven {
            code: "path-ambiguous",
            what: format!(
                "{} in {report} could be {}{more}; say which with `path-map`, such as FOLDER-OF-THE-REPORT=FOLDER-OF-THE-REPOSITORY",
                reported.path,
                named.join(" or ")
            ),
            path: Some(reported.path.clone()),
        });
    }

    /// What is odd about a report.
    fn note(&mut self, name: &str, reading: &Reading) {
        for notice in &reading.notices {
            let line = notice.line.and_then(|line| u32::try_from(line).ok());
            self.gathered.findings.push(Finding::new(notice.code, Level::Notice, notice.what.clone()).at(name, line));
        }
        if reading.notices_dropped > 0 {
            let message = format!("{} more oddities of this report are not shown", reading.notices_dropped);
            self.gathered.findings.push(Finding::new("oddities-not-shown", Level::Notice, message).at(name, None));
        }
        let lying = |(path, declared, derived): &(String, Share, Share)| LyingFile {
            report: name.to_owned(),
            path: path.clone(),
            declared: *declared,
            derived: *derived,
        };
        self.gathered.lying.extend(reading.lying.iter().map(lying));
    }

    fn finish(mut self) -> Result<Gathered, Error> {
        if !self.unreadable.is_empty() {
            return Err(Error::Reports(self.unreadable));
        }
        if self.ambiguous > AMBIGUOUS_NAMED {
            self.gathered.ambiguous.push(Unproven {
                code: "path-ambiguous",
                what: format!("{} more files could be in several places", self.ambiguous - AMBIGUOUS_NAMED),
                path: None,
            });
        }
        let (files, disagreements) = merge::formats(self.placed);
        let (unmatched, _) = merge::formats(self.unmatched);
        for (path, report, declared) in self.stated {
            let Some(file) = files.get(&path).filter(|file| !file.by_totals_only()) else { continue };
            let derived = file.totals(PartialLines::Hit).lines.unwrap_or_default();
            if derived != declared {
                self.gathered.lying.push(LyingFile { report: report.to_string(), path, declared, derived });
            }
        }
        if self.ground.complete && files.is_empty() {
            self.gathered.likely_path_map = likely_map(unmatched.keys(), &self.index);
        }
        Ok(Gathered { files, unmatched, disagreements, ..self.gathered })
    }
}

fn unreadable(path: &str, error: &ReadError) -> Unreadable {
    Unreadable {
        path: path.to_owned(),
        line: error.line.and_then(|line| u32::try_from(line).ok()),
        what: error.what(),
        world: matches!(error.fault, Fault::Io(_)),
        empty: matches!(error.fault, Fault::Empty),
    }
}
