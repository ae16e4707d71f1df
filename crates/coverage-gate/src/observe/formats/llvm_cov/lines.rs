//! Lines out of segments, as LLVM's `LineCoverageStats` and `LineCoverageIterator` have them (`CoverageMapping.cpp`).

use super::super::json::{Budget, Refusal, Step};
use super::regions::Segment;
use crate::plan::coverage::lines::LineSet;

/// The line that segments are being read of.
#[derive(Debug, Clone, Copy)]
struct OpenLine {
    line: u32,
    /// Its first segment begins a region without a count: code that the preprocessor left out.
    begins_skipped: bool,
    /// A region with a count begins on it, gap or not.
    has_entry: bool,
    /// A region with a count that is no gap begins on it.
    has_start: bool,
    /// One of those ran.
    start_ran: bool,
    last: Segment,
}

/// Takes a file's segments in order and makes its lines.
#[derive(Debug, Default)]
pub struct SegmentLines {
    lines: LineSet,
    /// What the line being read begins within: the last segment of an earlier line.
    wrapped: Option<Segment>,
    open: Option<OpenLine>,
    budget: Budget,
}

impl SegmentLines {
    /// The next segment. Errors: it is on an earlier line than the one before, or there are too many lines.
    pub fn segment(&mut self, segment: Segment) -> Step {
        let line = segment.place.line.0;
        match self.open {
            Some(open) if open.line > line => return Err(Refusal::malformed("segments are out of order")),
            Some(open) if open.line == line => {}
            Some(open) => {
                self.close(open);
                self.fill(open.line + 1, line)?;
                self.open = None;
            }
            None => {}
        }
        let open = self.open.get_or_insert(OpenLine {
            line,
            begins_skipped: segment.is_region_entry && !segment.has_count,
            has_entry: false,
            has_start: false,
            start_ran: false,
            last: segment,
        });
        let is_entry = segment.is_region_entry && segment.has_count;
        open.has_entry |= is_entry;
        open.has_start |= is_entry && !segment.is_gap;
        open.start_ran |= is_entry && !segment.is_gap && segment.hits.0;
        open.last = segment;
        Ok(())
    }

    fn close(&mut self, open: OpenLine) {
        let is_within = self.wrapped.is_some_and(|wrapped| wrapped.has_count);
        let is_mapped = open.has_entry || !open.begins_skipped && (is_within || open.has_start);
        if is_mapped {
            let ran_before = self.wrapped.is_some_and(|wrapped| wrapped.hits.0);
            self.lines.push(open.line, ran_before || open.start_ran);
        }
        self.wrapped = Some(open.last);
    }

    /// Lines without segments of their own, from `first` to before `end`.
    fn fill(&mut self, first: u32, end: u32) -> Step {
        let Some(wrapped) = self.wrapped.filter(|wrapped| wrapped.has_count) else { return Ok(()) };
        if first < end {
            self.budget.take_many((end - first) / 64 + 1)?;
            self.lines.push_range(first, end - 1, wrapped.hits.0);
        }
        Ok(())
    }

    /// The lines. The last segment ends the last region.
    pub fn finish(mut self) -> LineSet {
        if let Some(open) = self.open.take() {
            self.close(open);
        }
        self.lines
    }
}
