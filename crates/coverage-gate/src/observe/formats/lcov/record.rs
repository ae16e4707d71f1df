//! One record: what stands between `SF` and `end_of_record`.

use super::functions::Functions;
use crate::observe::reading::{Fault, MAX_PATH_BYTES, ReadError, Reading};
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::totals::Share;
use crate::plan::coverage::{FileCoverage, ReportedPath};

/// Branch arms of one record; generated parsers have some hundred thousand.
const MAX_ARMS: u32 = 1 << 24;

/// A total that a record declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    LinesFound,
    LinesHit,
    FunctionsFound,
    FunctionsHit,
    ArmsFound,
    ArmsHit,
}

impl Declared {
    /// By the kind of record.
    pub fn of(kind: &[u8]) -> Option<Self> {
        Some(match kind {
            b"LF" => Declared::LinesFound,
            b"LH" => Declared::LinesHit,
            b"FNF" => Declared::FunctionsFound,
            b"FNH" => Declared::FunctionsHit,
            b"BRF" => Declared::ArmsFound,
            b"BRH" => Declared::ArmsHit,
            _ => return None,
        })
    }
}

/// The record being read; its memory serves the next one.
#[derive(Default)]
pub struct Record {
    /// As the report has it.
    pub path: Vec<u8>,
    /// The report's line with its `SF`.
    pub begun: u64,
    /// Lines and arms.
    pub file: FileCoverage,
    /// Functions.
    pub functions: Functions,
    arms: u32,
    declared: [Option<u64>; 6],
}

impl Record {
    /// Begins at a report's line.
    /// Errors: a path that is empty, too long or no path.
    pub fn begin(&mut self, path: &[u8], line: u64) -> Result<(), ReadError> {
        if path.trim_ascii().is_empty() {
            return Err(ReadError::malformed(line, "`SF:` names no file"));
        }
        if path.len() > MAX_PATH_BYTES {
            return Err(ReadError::malformed(line, format!("`SF:` has a path of more than {MAX_PATH_BYTES} bytes")));
        }
        if path.contains(&0) {
            return Err(ReadError::malformed(line, "`SF:` has a NUL byte in its path, so the report is damaged"));
        }
        self.path.clear();
        self.path.extend_from_slice(path);
        self.begun = line;
        self.arms = 0;
        self.declared = [None; 6];
        Ok(())
    }

    /// Notes a branch arm.
    /// Errors: too many.
    #[inline]
    pub fn arm(&mut self, line: u32, id: ItemId<'_>, taken: bool) -> Result<(), ReadError> {
        self.arms += 1;
        if self.arms > MAX_ARMS {
            let what = format!("one of its records has more than {MAX_ARMS} branch arms");
            return Err(ReadError::new(Some(self.begun), Fault::TooLarge(what)));
        }
        self.file.arms.push(line, id, taken);
        Ok(())
    }

    /// Notes a declared total.
    pub fn declare(&mut self, total: Declared, number: u64) {
        self.declared[total as usize] = Some(number);
    }

    /// Adds the file, and compares what the record declared with what it holds.
    pub fn end(&mut self, line: u64, into: &mut Reading) -> Result<(), ReadError> {
        let by_place = self.functions.are_by_place();
        self.functions.finish(&mut self.file.functions);
        let file = self.file.take_finished();
        let path = String::from_utf8_lossy(&self.path).into_owned();

        let share = |found, hit| self.share(found, hit);
        let lines = share(Declared::LinesFound, Declared::LinesHit);
        let functions = share(Declared::FunctionsFound, Declared::FunctionsHit);
        let arms = share(Declared::ArmsFound, Declared::ArmsHit);
        let derived = Share { covered: file.lines.covered(), coverable: file.lines.coverable() };
        if let Some(declared) = lines.filter(|declared| *declared != derived) {
            into.lying.push((path.clone(), declared, derived));
        }
        // LCOV 2 declares functions by place, several instances of a template as one, and lists each instance.
        let others = [("functions", functions.filter(|_| !by_place), &file.functions), ("arms", arms, &file.arms)];
        for (what, declared, items) in others {
            let Some(declared) = declared else { continue };
            let derived = Share::from(items.totals());
            if declared != derived {
                into.notice("totals-disagree", Some(line), || {
                    format!(
                        "{path}: the report declares {} of {} {what} and lists {} of {}",
                        declared.covered, declared.coverable, derived.covered, derived.coverable
                    )
                });
            }
        }
        let totals = &mut into.declared;
        add(&mut totals.lines, lines);
        add(&mut totals.functions, functions);
        if let Some(arms) = arms {
            let sum = totals.branches.get_or_insert_default();
            sum.covered = sum.covered.saturating_add(arms.covered);
            sum.coverable = sum.coverable.saturating_add(arms.coverable);
        }
        into.add(ReportedPath::new(path), file)
    }

    fn share(&self, found: Declared, hit: Declared) -> Option<Share> {
        Some(Share { covered: self.declared[hit as usize]?, coverable: self.declared[found as usize]? })
    }
}

/// Declared numbers can be anything, so their sum stops at the largest.
fn add(sum: &mut Option<Share>, share: Option<Share>) {
    if let Some(share) = share {
        let sum = sum.get_or_insert_default();
        sum.covered = sum.covered.saturating_add(share.covered);
        sum.coverable = sum.coverable.saturating_add(share.coverable);
    }
}
