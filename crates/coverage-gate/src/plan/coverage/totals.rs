//! Sums over lines and files: how many of how many.

use super::arm_counts::LineArms;
use super::stated::Kind;
use super::{FileCoverage, Runs};
use serde::{Deserialize, Serialize};

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// What ran.
    pub covered: u64,
    /// What could run.
    pub coverable: u64,
}

impl Share {
    /// The sum of two.
    pub fn plus(self, other: Share) -> Share {
        Share { covered: self.covered + other.covered, coverable: self.coverable + other.coverable }
    }

    /// What did not run.
    pub fn uncovered(self) -> u64 {
        self.coverable.saturating_sub(self.covered)
    }
}

impl From<(u64, u64)> for Share {
    fn from((covered, coverable): (u64, u64)) -> Self {
        Share { covered, coverable }
    }
}

/// Branch arms: a share whose `covered` is the lower bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchShare {
    /// Arms that surely ran.
    pub covered: u64,
    /// Arms that may have run; `None` when that is known exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_at_most: Option<u64>,
    /// Arms that there are.
    pub coverable: u64,
}

impl BranchShare {
    /// The lower bound as a plain share, which is what gates compare.
    pub fn lower(self) -> Share {
        Share { covered: self.covered, coverable: self.coverable }
    }
}

/// What a line counts as that ran, but not all of its branch arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum PartialLines {
    /// Covered, as in Istanbul, LCOV and diff-cover
    #[default]
    Hit,
    /// Not covered, as in Codecov and pycobertura
    Miss,
}

/// Totals of one file or of many; a kind that no format had is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Share>,
    /// Branch arms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branches: Option<BranchShare>,
    /// Functions and methods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functions: Option<Share>,
    /// Statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statements: Option<Share>,
}

impl Totals {
    /// The sum of two.
    pub fn plus(self, other: Totals) -> Totals {
        Totals {
            lines: sum(self.lines, other.lines),
            branches: sum_branches(self.branches, other.branches),
            functions: sum(self.functions, other.functions),
            statements: sum(self.statements, other.statements),
        }
    }
}

fn sum(a: Option<Share>, b: Option<Share>) -> Option<Share> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.plus(b)),
        (one, other) => one.or(other),
    }
}

fn sum_branches(a: Option<BranchShare>, b: Option<BranchShare>) -> Option<BranchShare> {
    let (Some(a), Some(b)) = (a, b) else { return a.or(b) };
    let bounded = a.covered_at_most.is_some() || b.covered_at_most.is_some();
    let at_most = |share: BranchShare| share.covered_at_most.unwrap_or(share.covered);
    Some(BranchShare {
        covered: a.covered + b.covered,
        covered_at_most: bounded.then(|| at_most(a) + at_most(b)),
        coverable: a.coverable + b.coverable,
    })
}

impl FileCoverage {
    /// Arms of each line in order, known by identity or by count; a line with both has the bounds of both.
    pub fn arms_by_line(&self) -> Vec<LineArms> {
        let exact = |(line, hit, arms)| LineArms::exact(line, hit, arms);
        let mut of_lines: Vec<LineArms> = self.arms.by_line().map(exact).collect();
        if !self.arm_counts.is_empty() {
            of_lines.extend(self.arm_counts.iter());
            of_lines.sort_unstable();
            of_lines.dedup_by(|next, kept| {
                let same = next.line == kept.line;
                if same {
                    *kept = kept.unite(*next, Runs::Different);
                }
                same
            });
        }
        of_lines
    }

    /// Whether a line counts as covered; `None` when it can't run. `arms` is [`FileCoverage::arms_by_line`].
    pub fn line_state(&self, line: u32, arms: &[LineArms], partial: PartialLines) -> Option<bool> {
        let ran = self.lines.state(line)?;
        Some(ran && (partial == PartialLines::Hit || !is_partial(line, arms)))
    }

    /// The file's totals; what its format did not say is `None`.
    pub fn totals(&self, partial: PartialLines) -> Totals {
        let arms = self.arms_by_line();
        let mut lines = Share { covered: self.lines.covered(), coverable: self.lines.coverable() };
        let mut instances = self.line_instances.by_line().peekable();
        // At line 0 stands a total of which nobody knows the lines.
        if instances.peek().is_some_and(|(line, _, _)| *line == 0) {
            lines = self.line_instances.totals().into();
        } else {
            // A line with instances counts once for each of them; one that another report brought in counts as it is.
            for (line, ran, of) in instances {
                let counted = self.lines.state(line);
                lines.covered = lines.covered + u64::from(ran) - u64::from(counted == Some(true));
                lines.coverable = lines.coverable + u64::from(of) - u64::from(counted.is_some());
            }
        }
        if partial == PartialLines::Miss {
            let half_run = |line: &&LineArms| line.covered < line.arms && self.lines.state(line.line) == Some(true);
            lines.covered = lines.covered.saturating_sub(arms.iter().filter(half_run).count() as u64);
        }
        let sum = |of: fn(&LineArms) -> u32| arms.iter().map(|line| u64::from(of(line))).sum::<u64>();
        let covered = sum(|line| line.covered);
        let branches = BranchShare {
            covered,
            covered_at_most: Some(sum(|line| line.covered_at_most)).filter(|most| *most != covered),
            coverable: sum(|line| line.arms),
        };
        let statements = if self.blocks.is_empty() { self.statements.totals() } else { self.blocks.totals() };
        let mut totals = Totals {
            lines: (!self.lines.is_empty()).then_some(lines),
            branches: (!arms.is_empty()).then_some(branches),
            functions: (!self.functions.is_empty()).then(|| self.functions.totals().into()),
            statements: (!self.statements.is_empty() || !self.blocks.is_empty()).then(|| statements.into()),
        };
        if self.stated.is_some() {
            self.add_stated(&mut totals);
        }
        totals
    }

    /// Fills in kinds of which there are totals alone. 0 of 0 is what a report says that knows nothing of a kind.
    fn add_stated(&self, totals: &mut Totals) {
        let stated = |kind| self.stated_only(kind).filter(|stated| stated.share.coverable > 0);
        let share = |kind| stated(kind).map(|stated| stated.share);
        totals.lines = totals.lines.or(share(Kind::Lines));
        totals.functions = totals.functions.or(share(Kind::Functions));
        totals.statements = totals.statements.or(share(Kind::Statements));
        totals.branches =
            totals.branches.map(|listed| self.with_unlisted(listed)).or(stated(Kind::Branches).map(|stated| {
                BranchShare {
                    covered: stated.share.covered,
                    covered_at_most: stated.differs.then_some(stated.share.coverable),
                    coverable: stated.share.coverable,
                }
            }));
    }

    /// Branches that are listed, and those that are only counted beside them, where they can be a part of what is stated by
    /// a report that has lines. One that has none may be of another run.
    fn with_unlisted(&self, listed: BranchShare) -> BranchShare {
        let Some(stated) = self.stated.as_ref().and_then(|stated| stated.get(Kind::Branches)) else { return listed };
        let Share { covered, coverable } = stated.share;
        let holds = covered >= listed.covered && stated.share.uncovered() >= listed.lower().uncovered();
        if stated.differs || !holds || self.stated.as_ref().is_some_and(|stated| stated.get(Kind::Lines).is_some()) {
            return listed;
        }
        let covered_at_most = listed.covered_at_most.map(|most| coverable - (listed.coverable - most));
        BranchShare { covered, covered_at_most: covered_at_most.filter(|most| *most != covered), coverable }
    }
}

/// Whether a line has an arm that did not surely run. `arms` is sorted by line.
pub fn is_partial(line: u32, arms: &[LineArms]) -> bool {
    arms.binary_search_by_key(&line, |of_line| of_line.line).is_ok_and(|at| arms[at].covered < arms[at].arms)
}

#[cfg(test)]
mod tests {
    use super::super::items::ItemId;
    use super::*;

    #[test]
    fn a_partial_line_counts_as_asked() {
        let mut file = FileCoverage::default();
        file.lines.push(1, true);
        file.lines.push(2, true);
        file.arms.push(2, ItemId::Number(0), true);
        file.arms.push(2, ItemId::Number(1), false);
        file.finish();
        let arms = file.arms_by_line();
        assert_eq!(file.totals(PartialLines::Hit).lines, Some(Share { covered: 2, coverable: 2 }));
        assert_eq!(file.totals(PartialLines::Miss).lines, Some(Share { covered: 1, coverable: 2 }));
        assert_eq!(file.line_state(2, &arms, PartialLines::Miss), Some(false));
        assert_eq!(file.line_state(3, &arms, PartialLines::Hit), None);
    }
}
