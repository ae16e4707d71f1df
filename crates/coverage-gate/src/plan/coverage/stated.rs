//! Totals that a report states of a file without saying what they are made of: `coverage-summary.json`, `llvm-cov export
//! --summary-only`, the methods and conditions of Istanbul's
//! Clover.
//!
//! They count where no report has records of their kind, and for branches where the records are a part of them. Of two reports that state the same it is taken once; what differs
//! can't be merged, and is kept as such.

use super::FileCoverage;
use super::totals::Share;
use std::sync::Arc;

/// What to do where totals are not enough; a clause.
pub const GIVE_LINES: &str = "give a report that knows lines: `coverage-final.json` (reporter `json`) in place of \
                              `coverage-summary.json`, or what `llvm-cov export` writes without `--summary-only`";
/// Reports that are named for one file.
const MAX_REPORTS: usize = 5;

/// What a total counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines.
    Lines,
    /// Branch arms.
    Branches,
    /// Functions and methods.
    Functions,
    /// Statements.
    Statements,
}

/// A stated total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedShare {
    /// The number; where reports differ the largest of both its parts.
    pub share: Share,
    /// Reports state different ones.
    pub differs: bool,
}

/// Totals of one file by reports' word alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// By [`Kind`]; `None` where nothing is said of it.
    kinds: [Option<StatedShare>; 4],
    /// The reports, in order, the first few; empty until they are known.
    pub reports: Vec<Arc<str>>,
}

impl Stated {
    /// States a total; `coverable` may be 0.
    pub fn set(&mut self, kind: Kind, share: Share) {
        self.kinds[kind as usize] = Some(StatedShare { share, differs: false });
    }

    /// What is said of a kind.
    pub fn get(&self, kind: Kind) -> Option<StatedShare> {
        self.kinds[kind as usize]
    }

    /// Takes in what another report states of the file.
    pub fn unite(&mut self, other: Stated) {
        for (mine, theirs) in self.kinds.iter_mut().zip(other.kinds) {
            *mine = match (*mine, theirs) {
                (Some(a), Some(b)) => Some(StatedShare {
                    share: Share {
                        covered: a.share.covered.max(b.share.covered),
                        coverable: a.share.coverable.max(b.share.coverable),
                    },
                    differs: a.differs || b.differs || a.share != b.share,
                }),
                (one, other) => one.or(other),
            };
        }
        for report in other.reports {
            if let Err(at) = self.reports.binary_search(&report) {
                self.reports.insert(at, report);
            }
        }
        self.reports.truncate(MAX_REPORTS);
    }
}

impl FileCoverage {
    /// What counts of a kind by reports' word alone, because there are no records of it.
    pub fn stated_only(&self, kind: Kind) -> Option<StatedShare> {
        let recorded = match kind {
            Kind::Lines => !self.lines.is_empty(),
            Kind::Branches => !self.arms.is_empty() || !self.arm_counts.is_empty(),
            Kind::Functions => !self.functions.is_empty(),
            Kind::Statements => !self.statements.is_empty() || !self.blocks.is_empty(),
        };
        self.stated.as_ref().filter(|_| !recorded)?.get(kind)
    }

    /// Whether nobody knows which lines ran, but only how many.
    pub fn by_totals_only(&self) -> bool {
        self.stated_only(Kind::Lines).is_some()
    }

    /// Whether a kind is known by totals alone, and reports state different ones.
    pub fn contradicted(&self, kind: Kind) -> bool {
        self.stated_only(kind).is_some_and(|stated| stated.differs)
    }

    /// The reports that state its totals, `a.json and b.json`; empty where there is none.
    pub fn stated_by(&self) -> String {
        self.stated.as_ref().map_or(String::new(), |stated| stated.reports.join(" and "))
    }
}
