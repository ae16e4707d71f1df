//! Istanbul's `coverage-final.json` (nyc, c8, Jest, Vitest, Karma, Cypress): an object from path to a file's coverage
//! (<https://github.com/gotwarlost/istanbul/blob/master/coverage.json.md>, istanbul-lib-coverage).
//!
//! A line runs as often as the statement on it that runs most, counting the statements that start on it. Statements, functions
//! and branches are told apart by their places, never by their ids, which two runs number differently. A report that was
//! made of V8's coverage has other statements than one made by instrumentation: merged, lines agree and statements add up.
//!
//! `coverage-summary.json` (istanbul-reports, `lib/json-summary`) is read as well: an object from path to totals, with the sum
//! under `total`. It says of no line whether it ran.

mod ids;
mod places;

use super::json::{self, Budget, Fields, Hits, LineNumber, Name, Object, Refusal, StatedTotal, Step};
use crate::observe::reading::{ReadError, Reading};
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::stated::{Kind, Stated};
use crate::plan::coverage::totals::{BranchShare, Totals};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use ids::ById;
use places::{Branch, Counts, Function, Location, Ordinals};
use serde::de::{Error, MapAccess};
use std::io::Read;

/// Reads one report. Errors: totals of which more is covered than there is, counts for what has no place, and what JSON itself refuses.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    json::read_object(input, &mut Report { into })
}

struct Report<'r> {
    into: &'r mut Reading,
}

impl Fields for Report<'_> {
    const WHAT: &'static str = "an object with an entry for each file";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        let path = json::path_of(key).map_err(A::Error::custom)?;
        let mut entry = Entry::default();
        map.next_value_seed(Object(&mut entry))?;
        entry.finish(path, self.into).map_err(A::Error::custom)
    }
}

/// What a summary has totals of.
const KINDS: [(&str, Kind); 4] = [
    ("lines", Kind::Lines),
    ("branches", Kind::Branches),
    ("functions", Kind::Functions),
    ("statements", Kind::Statements),
];

/// One file.
#[derive(Default)]
struct Entry {
    path: Option<String>,
    statement_map: ById<Location>,
    function_map: ById<Function>,
    branch_map: ById<Branch>,
    statements: ById<bool>,
    functions: ById<bool>,
    branches: ById<Counts>,
    budget: Budget,
    has_maps: bool,
    /// As a summary has them.
    totals: [Option<StatedTotal>; 4],
}

impl Entry {
    fn finish(mut self, key: String, into: &mut Reading) -> Step {
        let path = self.path.take().filter(|path| !path.is_empty()).unwrap_or(key);
        if !self.has_maps {
            return self.finish_summary(path, into);
        }
        let mut file = FileCoverage::default();
        let uncounted = self.place_statements(&path, &mut file, into)?
            + self.place_functions(&path, &mut file, into)?
            + self.place_branches(&path, &mut file, into)?;
        if uncounted > 0 {
            into.notice("count-missing", None, || {
                format!("{path}: {uncounted} statements, functions or arms have no count and are taken as not run")
            });
        }
        into.add(ReportedPath::new(path), file).map_err(Refusal::from)
    }

    /// An entry of totals alone.
    fn finish_summary(self, path: String, into: &mut Reading) -> Step {
        if self.totals[0].is_none() {
            let why = format!("its entry `{path}` has neither a `statementMap` nor totals: not an Istanbul report");
            return Err(Refusal::not_a_report(why));
        }
        let mut stated = Stated::default();
        for ((name, kind), total) in KINDS.into_iter().zip(self.totals) {
            if let Some(total) = total {
                stated.set(kind, total.share(&format!("`{path}`.{name}"))?);
            }
        }
        if path != "total" {
            let file = FileCoverage { stated: Some(Box::new(stated)), ..FileCoverage::default() };
            return into.add(ReportedPath::new(path), file).map_err(Refusal::from);
        }
        let share = |kind| stated.get(kind).map(|stated| stated.share);
        let branches = share(Kind::Branches).map(|share| BranchShare {
            covered: share.covered,
            covered_at_most: None,
            coverable: share.coverable,
        });
        let (lines, functions) = (share(Kind::Lines), share(Kind::Functions));
        into.declared = into.declared.plus(Totals { lines, branches, functions, statements: share(Kind::Statements) });
        Ok(())
    }

    /// Returns how many had no count.
    fn place_statements(&mut self, path: &str, file: &mut FileCoverage, into: &mut Reading) -> Result<u64, Refusal> {
        let mut ordinals = Ordinals::default();
        let (statements, stray) = std::mem::take(&mut self.statement_map).joined(std::mem::take(&mut self.statements));
        let mut uncounted = 0;
        for (place, count) in statements {
            uncounted += u64::from(count.is_none());
            let covered = count.unwrap_or(false);
            let Some(line) = place.start.line() else {
                into.notice("line-zero", None, || format!("{path}: a statement has no line and is left out"));
                continue;
            };
            file.lines.push(line, covered);
            let ordinal = ordinals.next(line, place.columns());
            match place.number(ordinal) {
                Some(number) => file.statements.push(line, ItemId::Number(number), covered),
                None => file.statements.push(line, ItemId::Text(place.text(ordinal).as_bytes()), covered),
            }
        }
        no_stray("statement", path, stray).map(|()| uncounted)
    }

    fn place_functions(&mut self, path: &str, file: &mut FileCoverage, into: &mut Reading) -> Result<u64, Refusal> {
        let mut ordinals = Ordinals::default();
        let (functions, stray) = std::mem::take(&mut self.function_map).joined(std::mem::take(&mut self.functions));
        let mut uncounted = 0;
        for (function, count) in functions {
            uncounted += u64::from(count.is_none());
            let Some((line, columns)) = function.place() else {
                into.notice("line-zero", None, || format!("{path}: a function has no line and is left out"));
                continue;
            };
            let name = json::name_id(function.name.as_ref().map_or(b"", |name| name.0.as_slice()));
            let ordinal = ordinals.next(line, columns);
            let mut text = name.into_owned();
            text.extend_from_slice(format!("@{}", columns.0).as_bytes());
            if ordinal > 0 {
                text.extend_from_slice(format!("#{ordinal}").as_bytes());
            }
            file.functions.push(line, ItemId::Text(&text), count.unwrap_or(false));
        }
        no_stray("function", path, stray).map(|()| uncounted)
    }

    fn place_branches(&mut self, path: &str, file: &mut FileCoverage, into: &mut Reading) -> Result<u64, Refusal> {
        let mut ordinals = Ordinals::default();
        let (branches, stray) = std::mem::take(&mut self.branch_map).joined(std::mem::take(&mut self.branches));
        let mut uncounted = 0;
        let mut id = Vec::new();
        for (branch, counts) in branches {
            let taken = counts.unwrap_or_default().0;
            let arms = taken.len().max(branch.arms);
            uncounted += (arms - taken.len()) as u64;
            let Some((line, place)) = branch.place() else {
                into.notice("line-zero", None, || format!("{path}: a branch has no line and is left out"));
                continue;
            };
            let kind = json::name_id(&branch.kind.0);
            let ordinal = ordinals.next(line, place.columns());
            id.clear();
            id.extend_from_slice(&kind);
            id.extend_from_slice(format!(":{}/", place.text(ordinal)).as_bytes());
            let of_branch = id.len();
            for arm in 0..arms {
                id.truncate(of_branch);
                // Of a few arms the numbers are digits, and a digit is quickly written.
                match u8::try_from(arm) {
                    Ok(digit @ 0..10) => id.push(b'0' + digit),
                    _ => id.extend_from_slice(arm.to_string().as_bytes()),
                }
                file.arms.push(line, ItemId::Text(&id), taken.get(arm).copied().unwrap_or(false));
            }
        }
        no_stray("branch", path, stray).map(|()| uncounted)
    }

    fn note<T>(&mut self, into: fn(&mut Self) -> &mut ById<T>, id: &[u8], value: T) -> Step {
        self.budget.take()?;
        into(self).push(id, value);
        Ok(())
    }
}

/// Errors: there is a count of something whose place nobody knows.
fn no_stray(what: &str, path: &str, stray: Option<String>) -> Step {
    stray.map_or(Ok(()), |id| {
        Err(Refusal::malformed(format!("{path}: {what} `{id}` has a count, but no place in the {what} map")))
    })
}

impl Fields for Entry {
    const WHAT: &'static str = "a file's coverage";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            // Older versions of istanbul-lib-coverage wrap what they write.
            b"data" => map.next_value_seed(Object(self)),
            b"path" => {
                let path: Name = map.next_value()?;
                self.path = Some(json::path_of(&path.0).map_err(A::Error::custom)?);
                Ok(())
            }
            b"statementMap" => {
                self.has_maps = true;
                let note = |id: &[u8], place| self.note(|entry| &mut entry.statement_map, id, place);
                map.next_value_seed(json::each_pair("an object of places", note))
            }
            b"fnMap" => {
                let note = |id: &[u8], function| self.note(|entry| &mut entry.function_map, id, function);
                map.next_value_seed(json::each_pair("an object of functions", note))
            }
            b"branchMap" => {
                let note = |id: &[u8], branch: Branch| {
                    self.budget.take_many(u32::try_from(branch.arms).unwrap_or(u32::MAX))?;
                    self.note(|entry| &mut entry.branch_map, id, branch)
                };
                map.next_value_seed(json::each_pair("an object of branches", note))
            }
            b"s" => {
                let note = |id: &[u8], count: Hits| self.note(|entry| &mut entry.statements, id, count.0);
                map.next_value_seed(json::each_pair("an object of counts", note))
            }
            b"f" => {
                let note = |id: &[u8], count: Hits| self.note(|entry| &mut entry.functions, id, count.0);
                map.next_value_seed(json::each_pair("an object of counts", note))
            }
            b"b" => {
                let note = |id: &[u8], counts: Counts| {
                    self.budget.take_many(u32::try_from(counts.0.len()).unwrap_or(u32::MAX))?;
                    self.note(|entry| &mut entry.branches, id, counts)
                };
                map.next_value_seed(json::each_pair("an object of arrays of counts", note))
            }
            _ => match KINDS.iter().position(|(name, _)| name.as_bytes() == key) {
                Some(at) => {
                    self.totals[at] = Some(map.next_value()?);
                    Ok(())
                }
                None => json::skip(map),
            },
        }
    }
}

#[cfg(test)]
mod tests;
