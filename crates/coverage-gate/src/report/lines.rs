//! Lines of a changed file, sorted by what became of them.

use crate::plan::coverage::FileCoverage;
use crate::plan::coverage::totals::is_partial;
use crate::plan::diff::{ChangedFile, LineRange};
use crate::plan::ranges;

/// Lines of one file by what became of them, each list in order and without overlaps. `covered`, `partial` and
/// `uncovered` share no line; what is in none of them can't run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedLines {
    /// Added or changed by the change under review.
    pub changed: Vec<LineRange>,
    /// Ran.
    pub covered: Vec<LineRange>,
    /// Ran, but not all of their branch arms.
    pub partial: Vec<LineRange>,
    /// Did not run.
    pub uncovered: Vec<LineRange>,
}

impl ChangedLines {
    /// Of a changed file and what the reports say of it; `None` when no report knows it.
    pub fn new(file: &ChangedFile, coverage: Option<&FileCoverage>) -> Self {
        let hunks = file.hunks.iter();
        let changed = hunks.flat_map(|hunk| (hunk.new_first..).take(hunk.new.len()));
        let mut lines = ChangedLines { changed: ranges::exact(changed), ..ChangedLines::default() };
        let Some(coverage) = coverage else { return lines };
        let arms = coverage.arms_by_line();
        let of = |wanted: fn(bool, bool) -> bool| {
            let states = coverage.lines.iter().map(|(line, ran)| (line, ran, is_partial(line, &arms)));
            ranges::exact(states.filter(|(_, ran, partial)| wanted(*ran, *partial)).map(|(line, ..)| line))
        };
        lines.covered = of(|ran, partial| ran && !partial);
        lines.partial = of(|ran, partial| ran && partial);
        lines.uncovered = of(|ran, _| !ran);
        lines
    }

    /// What became of a line; `None` when it can't run.
    pub fn state(&self, line: u32) -> Option<LineState> {
        let states = [
            (&self.uncovered, LineState::Uncovered),
            (&self.partial, LineState::Partial),
            (&self.covered, LineState::Covered),
        ];
        states.into_iter().find(|(ranges, _)| ranges::contains(ranges, line)).map(|(_, state)| state)
    }
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// It ran.
    Covered,
    /// It ran, but not all of its branch arms.
    Partial,
    /// It did not run.
    Uncovered,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::coverage::items::ItemId;
    use crate::plan::diff::{Change, Hunk};

    #[test]
    fn each_line_is_what_became_of_it() {
        let mut coverage = FileCoverage::default();
        for (line, ran) in [(2, true), (3, true), (5, false), (6, false)] {
            coverage.lines.push(line, ran);
        }
        coverage.arms.push(3, ItemId::Number(0), true);
        coverage.arms.push(3, ItemId::Number(1), false);
        coverage.arms.push(6, ItemId::Number(0), false);
        coverage.finish();
        let hunks = vec![
            Hunk { old_first: 1, old: vec!["gone".into()], ..Hunk::default() },
            Hunk { new_first: 3, new: vec!["a".into(), "b".into()], ..Hunk::default() },
        ];
        let file = ChangedFile { path: "a".into(), old_path: None, change: Change::Modified, hunks };
        let lines = ChangedLines::new(&file, Some(&coverage));
        assert_eq!(lines.changed, [LineRange { first: 3, last: 4 }]);
        let states: Vec<Option<LineState>> = (1..=6).map(|line| lines.state(line)).collect();
        use LineState::{Covered, Partial, Uncovered};
        assert_eq!(states, [None, Some(Covered), Some(Partial), None, Some(Uncovered), Some(Uncovered)]);
        assert_eq!(ChangedLines::new(&file, None).state(3), None);
    }
}
