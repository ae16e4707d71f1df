//! The visitor of one report.

use super::across::Record;
use super::case::{Ending, Identity, SUITE_FAILURE, is_failure};
use super::lists::{CaseRef, Lists};
use super::retry::{Attempt, Retries};
use super::segment::Segmenter;
use crate::observe::junit::{Case, Detail, DetailKind, Flow, Suite, Visitor};
use crate::plan::results::outline::{ReportOutline, Segment};
use crate::plan::results::place::{self, Place};
use crate::plan::results::{MAX_MESSAGE_BYTES, MAX_NAME_BYTES, TestName, TestResult, cut};

/// 64 KiB of a failure's text are searched for the place: a stack trace names it in its first lines, and a longer text
/// is a dump.
const SEARCHED_BYTES: usize = 64 << 10;

/// Reads one report for a [`super::Collection`].
#[derive(Debug)]
pub struct Collector {
    pub(super) number: u32,
    group: Option<u32>,
    outline: ReportOutline,
    segmenter: Segmenter,
    segment: u32,
    retries: Retries,
    lists: Lists,
    folds: Vec<Vec<(u32, Attempt)>>,
    records: Vec<Record>,
    /// Records of the open segment, before its retries are folded.
    open_records: Vec<Record>,
    case: OpenCase,
}

/// What was read of a report.
pub(super) struct Read {
    pub(super) outline: ReportOutline,
    pub(super) lists: Lists,
    pub(super) folds: Vec<Vec<(u32, Attempt)>>,
    pub(super) records: Vec<Record>,
}

/// The open case. Its buffers are used again for the next one.
#[derive(Debug, Default)]
struct OpenCase {
    is_open: bool,
    /// A failure of the suite itself, which ends with its detail.
    is_of_suite: bool,
    name: Option<String>,
    classname: Option<String>,
    file: Option<String>,
    line: Option<u64>,
    time_ns: u64,
    report_line: u64,
    ending: Ending,
    has_failure: bool,
    is_kept: bool,
    message: String,
    text: String,
    place: Option<Place>,
}

impl Collector {
    pub(super) fn new(number: u32, path: &str, group: Option<u32>, slowest: usize) -> Self {
        Collector {
            number,
            group,
            outline: ReportOutline { path: path.to_owned(), ..ReportOutline::default() },
            segmenter: Segmenter::default(),
            segment: 0,
            retries: Retries::default(),
            lists: Lists::new(slowest),
            folds: Vec::new(),
            records: Vec::new(),
            open_records: Vec::new(),
            case: OpenCase::default(),
        }
    }

    pub(super) fn finish(self) -> Read {
        Read { outline: self.outline, lists: self.lists, folds: self.folds, records: self.records }
    }

    fn touch(&mut self) -> &mut Segment {
        let (segment, is_new) = self.segmenter.touch();
        self.segment = segment;
        if is_new {
            self.outline.segments.push(Segment::default());
        }
        // A new segment has the next number, so it is the last one.
        let last = self.outline.segments.len() - 1;
        &mut self.outline.segments[(segment as usize).min(last)]
    }

    /// The segment holds more than tests.
    fn keep_segment(&mut self) {
        let segment = self.touch();
        segment.is_written = true;
        segment.has_more = true;
    }

    fn close(&mut self, segment: Option<u32>) {
        let Some(segment) = segment else { return };
        let folds = self.retries.drain();
        if self.group.is_some() {
            let mut records = std::mem::take(&mut self.open_records);
            for attempts in &folds {
                let Some((last, dropped)) = attempts.split_last() else { continue };
                records.retain(|record| !dropped.iter().any(|attempt| attempt.case == record.place.case));
                for record in records.iter_mut().filter(|record| record.place.case == last.case) {
                    record.attempt.is_flaky = !last.outcome.is_bad();
                    record.attempt.attempts = attempts.iter().map(|attempt| attempt.attempts).sum();
                }
            }
            self.records.append(&mut records);
        }
        for attempts in &folds {
            let placed: Vec<(CaseRef, Attempt)> = attempts
                .iter()
                .map(|attempt| (CaseRef { report: self.number, case: attempt.case }, *attempt))
                .collect();
            self.lists.fold(&placed, placed.len().saturating_sub(1), &self.outline.path);
        }
        self.folds
            .extend(folds.into_iter().map(|attempts| attempts.into_iter().map(|attempt| (segment, attempt)).collect()));
    }

    fn end_case(&mut self) {
        let outcome = self.case.ending.outcome();
        let is_flaky = self.case.ending.is_flaky();
        let number = self.outline.cases;
        self.outline.cases = self.outline.cases.saturating_add(1);
        let attempt = Attempt {
            case: number,
            outcome,
            is_flaky,
            time_ns: self.case.time_ns,
            attempts: self.case.ending.attempts(),
            report_line: self.case.report_line,
        };
        let segment = self.touch();
        segment.is_written = true;
        segment.totals.count(outcome, is_flaky);
        segment.totals.time_ns = segment.totals.time_ns.saturating_add(attempt.time_ns);
        self.segmenter.add_case(attempt.time_ns);
        let identity = self.case.identity();
        self.retries.add(&identity, attempt);
        let place = CaseRef { report: self.number, case: number };
        if let Some(group) = self.group {
            let identity = identity.hash_with(self.segmenter.path());
            self.open_records.push(Record { group, identity, place, segment: self.segment, attempt });
        }
        if outcome.is_bad() || is_flaky {
            let result = self.result(attempt);
            if outcome.is_bad() { self.lists.failed(place, result) } else { self.lists.flaky(place, result) }
        }
        if self.lists.is_slow(attempt.time_ns) {
            let result = self.result(attempt);
            self.lists.slow(place, result);
        }
        self.case.is_open = false;
    }

    fn result(&self, attempt: Attempt) -> TestResult {
        let case = &self.case;
        let kept = |text: &str| cut(text, MAX_NAME_BYTES).to_owned();
        let first_line = case.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let message = if case.message.trim().is_empty() { first_line } else { case.message.trim() };
        TestResult {
            name: TestName {
                suite: kept(self.segmenter.path()),
                file: case.file.as_deref().map(kept),
                classname: case.classname.as_deref().map(kept),
                name: kept(case.name.as_deref().unwrap_or_default()),
            },
            outcome: attempt.outcome,
            attempts: attempt.attempts,
            time_ns: attempt.time_ns,
            report: self.outline.path.clone(),
            report_line: case.report_line,
            message: cut(message, MAX_MESSAGE_BYTES).to_owned(),
            place: if case.has_failure || attempt.outcome.is_bad() { self.failure_place() } else { None },
        }
    }

    /// What the failure says of itself, else what its text names, else the test's own place.
    fn failure_place(&self) -> Option<Place> {
        let case = &self.case;
        if let Some(place) = &case.place {
            return Some(place.clone());
        }
        let found = place::find(&case.text, case.file.as_deref(), case.classname.as_deref())
            .or_else(|| place::find(&case.message, case.file.as_deref(), case.classname.as_deref()));
        let file = case.file.as_deref().filter(|file| !file.is_empty());
        match (found, file) {
            (Some(found), Some(file)) if !place::is_same_file(&found.file, file) => Some(Place::new(file, case.line)),
            (Some(found), _) => Some(found),
            (None, Some(file)) => Some(Place::new(file, case.line)),
            (None, None) => None,
        }
    }
}

impl OpenCase {
    fn identity(&self) -> Identity<'_> {
        Identity {
            name: self.name.as_deref(),
            classname: self.classname.as_deref(),
            file: self.file.as_deref(),
            line: self.line,
        }
    }

    fn open(&mut self, report_line: u64, ending: Ending) {
        self.is_open = true;
        self.is_of_suite = false;
        self.report_line = report_line;
        self.ending = ending;
        self.has_failure = false;
        self.is_kept = false;
        self.message.clear();
        self.text.clear();
        self.place = None;
    }

    /// The first failure is the one that is told.
    fn add(&mut self, detail: &Detail<'_>) {
        self.ending.add(detail);
        self.is_kept = is_failure(detail.kind) && !self.has_failure;
        if !self.is_kept {
            return;
        }
        self.has_failure = true;
        self.message.push_str(cut(detail.message.as_deref().unwrap_or_default(), SEARCHED_BYTES));
        let file = detail.file.as_deref().filter(|file| !file.is_empty()).or(self.file.as_deref());
        if let (Some(file), Some(line)) = (file, detail.line) {
            self.place = Some(Place::new(file, Some(line)));
        }
    }
}

fn refill(buffer: &mut Option<String>, value: Option<&str>) {
    match (buffer.as_mut(), value) {
        (Some(buffer), Some(value)) => {
            buffer.clear();
            buffer.push_str(value);
        }
        (_, value) => *buffer = value.map(str::to_owned),
    }
}

impl Visitor for Collector {
    fn wants_text(&mut self, _kind: DetailKind) -> bool {
        self.case.is_open && self.case.is_kept
    }

    fn suite_start(&mut self, suite: &Suite<'_>) -> Flow {
        let closed = self.segmenter.suite_start(suite);
        self.close(closed);
        Ok(())
    }

    fn suite_end(&mut self) -> Flow {
        if self.segmenter.is_bare() {
            self.keep_segment();
        }
        let ended = self.segmenter.suite_end();
        self.close(ended.closed);
        if let Some((segment, beside_ns)) = ended.beside_ns
            && let Some(segment) = self.outline.segments.get_mut(segment as usize)
        {
            segment.totals.time_ns = segment.totals.time_ns.saturating_add(beside_ns);
        }
        Ok(())
    }

    fn property(&mut self, _name: &str, _value: &str) -> Flow {
        if !self.case.is_open {
            self.keep_segment();
        }
        Ok(())
    }

    fn case_start(&mut self, case: &Case<'_>) -> Flow {
        self.touch();
        let open = &mut self.case;
        open.open(case.report_line, Ending::of(case));
        refill(&mut open.name, case.name.as_deref());
        refill(&mut open.classname, case.classname.as_deref());
        refill(&mut open.file, case.file.as_deref());
        open.line = case.line;
        open.time_ns = case.time_ns.unwrap_or(0);
        Ok(())
    }

    fn case_end(&mut self) -> Flow {
        self.end_case();
        Ok(())
    }

    fn detail_start(&mut self, detail: &Detail<'_>) -> Flow {
        if self.case.is_open {
            self.case.add(detail);
            return Ok(());
        }
        match detail.kind {
            DetailKind::Failure | DetailKind::Error => {
                self.touch();
                let open = &mut self.case;
                open.open(detail.report_line, Ending::default());
                open.is_of_suite = true;
                refill(&mut open.name, Some(SUITE_FAILURE));
                refill(&mut open.classname, None);
                refill(&mut open.file, None);
                open.line = None;
                open.time_ns = 0;
                open.add(detail);
            }
            DetailKind::SystemOut | DetailKind::SystemErr => self.keep_segment(),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, piece: &str) -> Flow {
        let room = SEARCHED_BYTES.saturating_sub(self.case.text.len());
        self.case.text.push_str(cut(piece, room));
        Ok(())
    }

    fn detail_end(&mut self) -> Flow {
        if self.case.is_open {
            self.case.is_kept = false;
            if self.case.is_of_suite {
                self.end_case();
            }
        }
        Ok(())
    }
}
