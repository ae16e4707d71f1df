//! `llvm-cov export -format=text`, and with it cargo-llvm-cov, Swift and Zig
//! (<https://llvm.org/docs/CommandGuide/llvm-cov.html>; `CoverageExporterJson.cpp`).
//!
//! Lines are what `llvm-cov show` and LLVM's LCOV have: a file's segments, read as `LineCoverageStats` does. LLVM's own
//! total of lines adds up functions instead, and counts a line with two of them (a closure) twice, so it is not compared.
//! A function is its instantiations together, and ran when one did. Each branch region has an arm for true and one for
//! false. Regions are no statements.

mod lines;
mod regions;

use super::json::{self, Budget, Fields, Hits, Name, Refusal, Step};
use crate::observe::reading::{ReadError, Reading};
use crate::plan::coverage::items::{ItemId, Items};
use crate::plan::coverage::totals::{Share, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use lines::SegmentLines;
use regions::{BranchRegion, CodeRegion, Place, Segment};
use serde::Deserialize;
use serde::de::{Error, MapAccess};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// The `type` of an export.
const TYPE: &str = "llvm.coverage.json.export";

/// Reads one report. Errors: another `type`, a `--summary-only` export, segments out of order, and what JSON itself refuses.
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

/// A number of the totals.
#[derive(Deserialize, Clone, Copy)]
struct DeclaredTotal {
    count: u64,
    covered: u64,
}

/// `totals`.
#[derive(Deserialize, Default)]
struct DeclaredTotals {
    functions: Option<DeclaredTotal>,
}

/// One element of `data`.
#[derive(Default)]
struct Export {
    files: Reading,
    /// Functions of each file; a file's own entry may come after them, or be left out by a filter.
    functions: BTreeMap<Vec<u8>, Items>,
    function_count: Budget,
    totals: DeclaredTotals,
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
        for (path, file) in self.files.take_files() {
            into.add(path, file)?;
        }
        for notice in self.files.notices {
            into.notice(notice.code, notice.line, || notice.what);
        }
        // Of its own totals only functions count as they do here: lines are added up over functions, and of branches of
        // several instantiations the largest number counts, though one may have run one arm and another the other.
        let functions = self.totals.functions.map(|total| Share { covered: total.covered, coverable: total.count });
        let declared = Totals { functions, ..Totals::default() };
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
        if !self.has_segments {
            let why = "it is of `llvm-cov export --summary-only` and has totals only; export without that option";
            return Err(Refusal::not_a_report(why));
        }
        let mut file = self.file;
        file.lines = self.lines.finish();
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
