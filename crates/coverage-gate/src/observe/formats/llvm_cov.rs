//! `llvm-cov export -format=text`, and with it cargo-llvm-cov, Swift and Zig
//! (<https://llvm.org/docs/CommandGuide/llvm-cov.html>; `CoverageExporterJson.cpp`).
//!
//! Lines are what `llvm-cov show` and LLVM's LCOV have: a file's segments, read as `LineCoverageStats` does. LLVM's own
//! total of lines adds up functions instead, and counts a line with two of them (a closure) twice, so it is not compared.
//! A function is its instantiations together, and ran when one did. Each branch region has an arm for true and one for
//! false. Regions are no statements.
//!
//! An export with `--summary-only` has totals alone; LLVM's own are taken then.

mod lines;
mod regions;

use super::json::{self, Budget, Fields, Hits, Name, Refusal, StatedTotal, Step};
use crate::observe::reading::{ReadError, Reading};
use crate::plan::coverage::items::{ItemId, Items};
use crate::plan::coverage::stated::{Kind, Stated};
use crate::plan::coverage::totals::{BranchShare, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use lines::SegmentLines;
use regions::{BranchRegion, CodeRegion, Place, Segment};
use serde::Deserialize;
use serde::de::{Error, MapAccess};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// The `type` of an export.
const TYPE: &str = "llvm.coverage.json.export";

/// Reads one report. Errors: another `type`, segments out of order, totals that can't be, and what JSON itself refuses.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut report = Report { into, has_data: false };
    json::read_object(input, &mut report)?;
    if !report.has_data {
        return Err(Refusal::not_a_report("it has no `data`: not what `llvm-cov export` writes").into());
    }
    Ok(())
}

struct Report<'r> {
    into: &'r mut Reading,
    has_data: bool,
}

impl Fields for Report<'_> {
    const WHAT: &'static str = "an export of llvm-cov's";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"data" => {
                self.has_data = true;
                map.next_value_seed(json::Objects {
                    state: &mut *self.into,
                    make: |_: &mut &mut Reading| Export::default(),
                    take: |into: &mut &mut Reading, export: Export| export.finish(into),
                })
            }
            b"type" => {
                let kind: String = map.next_value()?;
                if kind == TYPE {
                    return Ok(());
                }
                Err(A::Error::custom(Refusal::not_a_report(format!("its `type` is `{kind}`, not `{TYPE}`"))))
            }
            _ => json::skip(map),
        }
    }
}

/// `totals`, or a file's `summary`.
#[derive(Deserialize, Default)]
struct Summary {
    lines: Option<StatedTotal>,
    branches: Option<StatedTotal>,
    functions: Option<StatedTotal>,
}

impl Summary {
    fn stated(&self, place: &str) -> Result<Stated, Refusal> {
        let mut stated = Stated::default();
        let kinds = [
            (Kind::Lines, "lines", self.lines),
            (Kind::Branches, "branches", self.branches),
            (Kind::Functions, "functions", self.functions),
        ];
        for (kind, name, total) in kinds {
            if let Some(total) = total {
                stated.set(kind, total.share(&format!("{place}.{name}"))?);
            }
        }
        Ok(stated)
    }
}

/// One element of `data`.
#[derive(Default)]
struct Export {
    files: Reading,
    /// There are files, and none with segments.
    summary_only: bool,
    /// Functions of each file; a file's own entry may come after them, or be left out by a filter.
    functions: BTreeMap<Vec<u8>, Items>,
    function_count: Budget,
    totals: Summary,
}

impl Export {
    fn function(&mut self, function: Function) -> Step {
        self.function_count.take()?;
        let ran = function.ran;
        let Some((file, start)) = function.place() else { return Ok(()) };
        self.functions.entry(file).or_default().push(start.line.0, ItemId::Number(start.column), ran);
        Ok(())
    }

    fn finish(mut self, into: &mut Reading) -> Step {
        for (path, functions) in std::mem::take(&mut self.functions) {
            let path = ReportedPath::new(json::path_of(&path)?);
            if self.files.files.contains_key(&path) {
                self.files.add(path, FileCoverage { functions, ..FileCoverage::default() })?;
            }
        }
        let files = self.files.take_files();
        self.summary_only = !files.is_empty() && files.values().all(FileCoverage::by_totals_only);
        for (path, file) in files {
            into.add(path, file)?;
        }
        for notice in self.files.notices {
            into.notice(notice.code, notice.line, || notice.what);
        }
        let stated = self.totals.stated("totals")?;
        let share = |kind| stated.get(kind).map(|stated| stated.share);
        let mut declared = Totals { functions: share(Kind::Functions), ..Totals::default() };
        // Of its own totals only functions count as lines and branches do here, unless there is nothing else: lines are
        // added up over functions, and of branches of several instantiations the largest number counts, though one may have
        // run one arm and another the other.
        if self.summary_only {
            declared.lines = share(Kind::Lines);
            declared.branches = share(Kind::Branches).map(|share| BranchShare {
                covered: share.covered,
                covered_at_most: None,
                coverable: share.coverable,
            });
        }
        into.declared = into.declared.plus(declared);
        Ok(())
    }
}

impl Fields for Export {
    const WHAT: &'static str = "the coverage of a program";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"files" => map.next_value_seed(json::Objects {
                state: &mut self.files,
                make: |_: &mut &mut Reading| Entry::default(),
                take: |files: &mut &mut Reading, entry: Entry| entry.finish(files),
            }),
            b"functions" => map.next_value_seed(json::Objects {
                state: self,
                make: |_: &mut &mut Export| Function::default(),
                take: |export: &mut &mut Export, function: Function| export.function(function),
            }),
            b"totals" => {
                self.totals = map.next_value()?;
                Ok(())
            }
            _ => json::skip(map),
        }
    }
}

/// One file.
#[derive(Default)]
struct Entry {
    path: Option<String>,
    file: FileCoverage,
    lines: SegmentLines,
    has_segments: bool,
    summary: Summary,
    budget: Budget,
}

impl Entry {
    fn arms(&mut self, branch: &BranchRegion) -> Step {
        self.budget.take_many(2)?;
        let line = branch.start.line.0;
        for (hits, side) in [(branch.taken, 0), (branch.not_taken, 1)] {
            match branch.number(side) {
                Some(number) => self.file.arms.push(line, ItemId::Number(number), hits.0),
                None => self.file.arms.push(line, ItemId::Text(branch.text(side).as_bytes()), hits.0),
            }
        }
        Ok(())
    }

    fn finish(self, files: &mut Reading) -> Step {
        let path = self.path.ok_or_else(|| Refusal::malformed("a file has no `filename`"))?;
        let mut file = self.file;
        if self.has_segments {
            file.lines = self.lines.finish();
        } else if self.summary.lines.is_some() {
            file.stated = Some(Box::new(self.summary.stated(&format!("`{path}`.summary"))?));
        } else {
            return Err(Refusal::not_a_report(format!("`{path}` has neither `segments` nor a `summary` with `lines`")));
        }
        files.add(ReportedPath::new(path), file).map_err(Refusal::from)
    }
}

impl Fields for Entry {
    const WHAT: &'static str = "a file's coverage";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"filename" => {
                let name: Name = map.next_value()?;
                self.path = Some(json::path_of(&name.0).map_err(A::Error::custom)?);
                Ok(())
            }
            b"segments" => {
                self.has_segments = true;
                map.next_value_seed(json::each("an array of segments", |segment: Segment| {
                    self.budget.take()?;
                    self.lines.segment(segment)
                }))
            }
            b"summary" => {
                self.summary = map.next_value()?;
                Ok(())
            }
            b"branches" => {
                map.next_value_seed(json::each("an array of branch regions", |branch: BranchRegion| self.arms(&branch)))
            }
            _ => json::skip(map),
        }
    }
}

/// A function, which is one instantiation of what the source has.
#[derive(Default)]
struct Function {
    ran: bool,
    files: Vec<Name>,
    regions: FunctionRegions,
}

impl Function {
    /// The file whose text it is and where it begins there: of its files the first that nothing expands into, and there
    /// the first region, as LLVM groups instantiations (`findMainViewFileID`, `getInstantiationGroups`).
    fn place(self) -> Option<(Vec<u8>, Place)> {
        let main = (0..self.files.len()).find(|file| !self.regions.expanded.contains(&(*file as u64)))?;
        let start = *self.regions.first.get(&(main as u64)).filter(|start| start.line.0 > 0)?;
        self.files.into_iter().nth(main).map(|file| (file.0, start))
    }
}

/// What of a function's regions says where it is.
#[derive(Default)]
struct FunctionRegions {
    expanded: BTreeSet<u64>,
    first: BTreeMap<u64, Place>,
}

impl Fields for Function {
    const WHAT: &'static str = "a function";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"count" => {
                self.ran = map.next_value::<Hits>()?.0;
                Ok(())
            }
            b"filenames" => {
                let mut budget = Budget::default();
                map.next_value_seed(json::each("an array of paths", |file: Name| {
                    self.files.push(file);
                    budget.take()
                }))
            }
            b"regions" => {
                let mut budget = Budget::default();
                map.next_value_seed(json::each("an array of regions", |region: CodeRegion| {
                    if region.kind == CodeRegion::EXPANSION {
                        self.regions.expanded.insert(region.expanded_file);
                    }
                    self.regions.first.entry(region.file).or_insert(region.start);
                    budget.take()
                }))
            }
            _ => json::skip(map),
        }
    }
}

#[cfg(test)]
mod tests;
