//! SimpleCov's `.resultset.json`, with the runs of several commands, and its `coverage.json` (SimpleCov 1, and the
//! formatters simplecov_json and simplecov_json_formatter; schema: <https://github.com/simplecov-ruby/simplecov/tree/main/schemas>).
//!
//! Line n is the n-th element of an array: a count, `null` for what cannot run, `"ignored"` for what a comment excludes. A line
//! that one run says cannot run and another counts can run, as SimpleCov 1 merges. Branches and methods are told apart by
//! their places, never by Ruby's numbers, which differ between processes. `.resultset.json` knows nothing of `:nocov:`
//! comments: SimpleCov finds them in the source later, so `coverage.json` is the report to give where there are such.

mod ruby;

use super::json::{self, Budget, Fields, Hits, Instant, LineNumber, Name, Object, Refusal, Step};
use crate::observe::reading::{MAX_LINE, ReadError, Reading};
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::totals::{BranchShare, Share};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use ruby::{Counted, LineCount, Moment};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

/// Reads one report. Errors: no coverage in it, a branch without a line, and what JSON itself refuses.
pub fn read(input: &mut dyn Read, into: &mut Reading) -> Result<(), ReadError> {
    let mut report = Report { into, has_coverage: false, is_resultset: false, empty_command: None };
    json::read_object(input, &mut report)?;
    if !report.has_coverage {
        let why = "it has no `coverage`: not a report of SimpleCov's (`.last_run.json` has only a percentage); \
                   give `.resultset.json` or `coverage.json`";
        return Err(Refusal::not_a_report(why).into());
    }
    match report.empty_command.filter(|_| report.is_resultset) {
        Some(command) => Err(Refusal::malformed(format!("the run `{command}` has no `coverage`")).into()),
        None => Ok(()),
    }
}

struct Report<'r> {
    into: &'r mut Reading,
    has_coverage: bool,
    is_resultset: bool,
    /// A command without coverage, if it was one.
    empty_command: Option<String>,
}

/// `meta` of `coverage.json`.
#[derive(Deserialize)]
struct Meta {
    timestamp: Option<Moment>,
    root: Option<String>,
}

/// A number of SimpleCov's `total`.
#[derive(Deserialize)]
struct Total {
    covered: u64,
    total: u64,
}

/// `total`. SimpleCov before 1 has only percentages there, or nothing.
#[derive(Deserialize)]
struct TotalTable {
    lines: Option<Total>,
    branches: Option<Total>,
    methods: Option<Total>,
}

impl Fields for Report<'_> {
    const WHAT: &'static str = "a report of SimpleCov's";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"coverage" => {
                self.has_coverage = true;
                map.next_value_seed(Object(&mut FileTable { into: self.into }))
            }
            b"files" => {
                self.has_coverage = true;
                map.next_value_seed(json::Objects {
                    state: &mut *self.into,
                    make: |_: &mut &mut Reading| Entry::default(),
                    take: |into: &mut &mut Reading, entry: Entry| {
                        let path = entry.filename.clone();
                        let path = path.ok_or_else(|| Refusal::malformed("a file has no `filename`"))?;
                        entry.finish(path, into)
                    },
                })
            }
            b"meta" => {
                let meta: Meta = map.next_value()?;
                self.note_moment(meta.timestamp);
                self.into.roots.extend(meta.root);
                Ok(())
            }
            b"timestamp" => {
                let moment = map.next_value()?;
                self.note_moment(moment);
                Ok(())
            }
            b"total" => {
                let total: TotalTable = map.next_value()?;
                self.note_total(&total);
                Ok(())
            }
            b"groups" | b"errors" | b"metrics" | b"command_name" | b"$schema" | b"contexts" => json::skip(map),
            name => {
                let mut command = Command { into: self.into, has_coverage: false, moment: None };
                map.next_value_seed(Lenient(&mut command))?;
                let (has_coverage, moment) = (command.has_coverage, command.moment);
                self.has_coverage |= has_coverage;
                self.is_resultset |= has_coverage;
                if !has_coverage {
                    self.empty_command = Some(String::from_utf8_lossy(name).into_owned());
                }
                self.note_moment(moment);
                Ok(())
            }
        }
    }
}

impl Report<'_> {
    fn note_moment(&mut self, moment: Option<Moment>) {
        self.into.timestamp_s = self.into.timestamp_s.max(moment.and_then(|moment| moment.0));
    }

    fn note_total(&mut self, total: &TotalTable) {
        let share = |total: &Option<Total>| Some(Share::from((total.as_ref()?.covered, total.as_ref()?.total)));
        self.into.declared.lines = share(&total.lines);
        self.into.declared.functions = share(&total.methods);
        self.into.declared.branches = share(&total.branches).map(|share| BranchShare {
            covered: share.covered,
            covered_at_most: None,
            coverable: share.coverable,
        });
    }
}

/// One command's run in a resultset.
struct Command<'r> {
    into: &'r mut Reading,
    has_coverage: bool,
    moment: Option<Moment>,
}

impl Fields for Command<'_> {
    const WHAT: &'static str = "a command's run";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"coverage" => {
                self.has_coverage = true;
                map.next_value_seed(Object(&mut FileTable { into: self.into }))
            }
            b"timestamp" => {
                self.moment = map.next_value()?;
                Ok(())
            }
            _ => json::skip(map),
        }
    }
}

/// Files by path.
struct FileTable<'r> {
    into: &'r mut Reading,
}

impl Fields for FileTable<'_> {
    const WHAT: &'static str = "an object with an entry for each file";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        let path = json::path_of(key).map_err(A::Error::custom)?;
        let mut entry = Entry::default();
        map.next_value_seed(FileValue(&mut entry))?;
        entry.finish(path, self.into).map_err(A::Error::custom)
    }
}

/// One file.
#[derive(Default)]
struct Entry {
    filename: Option<String>,
    file: FileCoverage,
    budget: Budget,
    line: u32,
    has_counts: bool,
    lines_zero: u64,
}

impl Entry {
    fn count(&mut self, count: LineCount) -> Step {
        self.budget.take()?;
        self.line += 1;
        if self.line > MAX_LINE {
            return Err(Refusal::too_large(format!("a file of more than {MAX_LINE} lines")));
        }
        if let LineCount::Hits(hit) = count {
            self.file.lines.push(self.line, hit);
        }
        Ok(())
    }

    /// An arm of a condition, both as Ruby writes them.
    fn arm(&mut self, condition: &[u8], arm: &[u8], hits: Hits) -> Step {
        self.budget.take()?;
        let place = |text: &[u8]| {
            let why = || Refusal::malformed(format!("the branch `{}` has no place", String::from_utf8_lossy(text)));
            ruby::Place::parse(text).ok_or_else(why)
        };
        let (of, is) = (place(condition)?, place(arm)?);
        let id = format!("{} {} {} {}", of.kind, of.columns(), is.kind, is.whole());
        self.push_arm(of.line, id.as_bytes(), hits.0);
        Ok(())
    }

    fn push_arm(&mut self, line: u32, id: &[u8], hit: bool) {
        match line {
            0 => self.lines_zero += 1,
            _ => self.file.arms.push(line, ItemId::Text(id), hit),
        }
    }

    fn push_function(&mut self, line: u32, id: &[u8], hit: bool) {
        match line {
            0 => self.lines_zero += 1,
            _ => self.file.functions.push(line, ItemId::Text(id), hit),
        }
    }

    /// A branch of `coverage.json`. Its columns are not there, so that arms of one kind on the same lines are numbered.
    fn branch(&mut self, branch: Counted, twins: &mut BTreeMap<String, u32>) -> Step {
        self.budget.take()?;
        let Some(hit) = branch.coverage.hit() else { return Ok(()) };
        let kind = branch.kind.unwrap_or_default();
        let line = branch.report_line.unwrap_or(branch.start_line).0;
        let place = format!("{line} {kind} {}-{}", branch.start_line.0, branch.end_line.0);
        let ordinal = twins.entry(place.clone()).or_default();
        self.push_arm(line, format!("{place} {ordinal}").as_bytes(), hit);
        *ordinal += 1;
        Ok(())
    }

    fn finish(self, path: String, into: &mut Reading) -> Step {
        if !self.has_counts {
            return Err(Refusal::malformed(format!("`{path}` has no `lines`")));
        }
        if self.lines_zero > 0 {
            let count = self.lines_zero;
            into.notice("line-zero", None, || format!("{path}: {count} branches on line 0 are left out"));
        }
        into.add(ReportedPath::new(path), self.file).map_err(Refusal::from)
    }
}

impl Fields for Entry {
    const WHAT: &'static str = "a file's coverage";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            // simplecov_json has the array in `coverage`; what old versions of it wrap has `lines` within.
            b"lines" | b"coverage" => map.next_value_seed(FileValue(self)),
            b"filename" => {
                let name: Name = map.next_value()?;
                self.filename = Some(json::path_of(&name.0).map_err(A::Error::custom)?);
                Ok(())
            }
            b"branches" => {
                self.has_counts = true;
                map.next_value_seed(Branches(self))
            }
            b"methods" => {
                self.has_counts = true;
                map.next_value_seed(Methods(self))
            }
            _ => json::skip(map),
        }
    }
}

/// A file's value: an array of lines (SimpleCov before 0.18), an object with such, or nothing.
struct FileValue<'e>(&'e mut Entry);

impl<'de> DeserializeSeed<'de> for FileValue<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FileValue<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of counts, or an object with `lines`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.has_counts = true;
        self.0.line = 0;
        while let Some(count) = seq.next_element()? {
            self.0.count(count).map_err(A::Error::custom)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Object(self.0).visit_map(map)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// `branches`: in a resultset by condition and arm, in `coverage.json` an array.
struct Branches<'e>(&'e mut Entry);

impl<'de> DeserializeSeed<'de> for Branches<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branches<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of branches")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(condition) = map.next_key::<Name>()? {
            let note = |arm: &[u8], hits: Hits| self.0.arm(&condition.0, arm, hits);
            map.next_value_seed(json::each_pair("an object of counts", note))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut twins = BTreeMap::new();
        while let Some(branch) = seq.next_element::<Counted>()? {
            self.0.branch(branch, &mut twins).map_err(A::Error::custom)?;
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// `methods`: in a resultset by class, name and place, in `coverage.json` an array.
struct Methods<'e>(&'e mut Entry);

impl<'de> DeserializeSeed<'de> for Methods<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Methods<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of methods")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(method) = map.next_key::<Name>()? {
            let hits: Hits = map.next_value()?;
            self.0.budget.take().map_err(A::Error::custom)?;
            let Some(place) = ruby::Place::parse(&method.0) else {
                let name = String::from_utf8_lossy(&method.0).into_owned();
                return Err(A::Error::custom(Refusal::malformed(format!("the method `{name}` has no place"))));
            };
            self.0.push_function(place.line, place.columns().as_bytes(), hits.0);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(method) = seq.next_element::<Counted>()? {
            self.0.budget.take().map_err(A::Error::custom)?;
            let Some(hit) = method.coverage.hit() else { continue };
            let name = method.name.as_ref().map_or(b"".as_slice(), |name| name.0.as_slice());
            self.0.push_function(method.start_line.0, &json::name_id(name), hit);
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads an object into its fields and passes over anything else.
struct Lenient<'f, F>(&'f mut F);

impl<'de, F: Fields> DeserializeSeed<'de> for Lenient<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: Fields> Visitor<'de> for Lenient<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(F::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Object(self.0).visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
