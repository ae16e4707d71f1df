//! The visitor of the second pass.

use super::held::{Attempt, Held};
use super::xml::{Xml, is_name, render_attribute};
use super::{seconds, write_totals};
use crate::observe::junit::error::Limit;
use crate::observe::junit::visit::Attributes;
use crate::observe::junit::{Case, Detail, DetailKind, Flow, Refusal, Suite, Visitor};
use crate::observe::results::case::{Ending, SUITE_FAILURE, is_failure};
use crate::observe::results::segment::Segmenter;
use crate::plan::results::outline::{Fold, ReportOutline, Role, Segment};
use std::io::{self, Write};

/// Attributes of a suite that are written anew or mean nothing in another report.
const SUITE_LEFT_OUT: [&str; 19] = [
    "name",
    "time",
    "tests",
    "failures",
    "errors",
    "skipped",
    "skips",
    "skip",
    "disabled",
    "assertions",
    "warnings",
    "ignored",
    "flakes",
    "id",
    "xmlns",
    "xsi",
    "noNamespaceSchemaLocation",
    "schemaLocation",
    "version",
];
/// Attributes of a case that are written first, under one name.
const CASE_WRITTEN: [&str; 7] = ["name", "classname", "file", "filepath", "line", "lineno", "time"];

/// Copies one report after the other.
pub(super) struct Copier<'o, W: Write> {
    xml: Xml<W>,
    folds: &'o [Fold],
    held: Held,
    report: Report<'o>,
    case: Option<OpenCase>,
    is_in_properties: bool,
    /// The element of the open detail when it is written, `stackTrace` included.
    detail: Option<DetailKind>,
    error: Option<io::Error>,
}

/// The report that is being copied.
#[derive(Default)]
struct Report<'o> {
    outline: Option<&'o ReportOutline>,
    segmenter: Segmenter,
    /// Rendered attributes of the open suites.
    suites: Vec<Vec<u8>>,
    /// The open segment is written.
    is_writing: bool,
    segments: usize,
    cases: u32,
    changed: bool,
}

/// The open case.
struct OpenCase {
    ending: Ending,
    role: Role,
    /// Attempts of other cases that this one takes over.
    taken: Vec<Attempt>,
    /// Its own failed attempts, when it is not written.
    own: Vec<Attempt>,
    /// Whether text goes to the last of `own`.
    is_holding: bool,
    /// A failure of the suite itself.
    is_of_suite: bool,
}

impl OpenCase {
    fn is_written(&self) -> bool {
        self.role.gives.is_none()
    }
}

impl<'o, W: Write> Copier<'o, W> {
    pub(super) fn new(xml: Xml<W>, folds: &'o [Fold]) -> Self {
        Copier {
            xml,
            folds,
            held: Held::default(),
            report: Report::default(),
            case: None,
            is_in_properties: false,
            detail: None,
            error: None,
        }
    }

    /// The next report.
    pub(super) fn begin(&mut self, outline: &'o ReportOutline) {
        self.report = Report { outline: Some(outline), ..Report::default() };
    }

    /// The error of the output, when it was the one that ended the reading.
    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Whether the report was what it was in the first pass.
    pub(super) fn is_as_outlined(&self) -> bool {
        !self.report.changed
            && self.report.outline.is_some_and(|outline| {
                outline.segments.len() == self.report.segments && outline.cases == self.report.cases
            })
    }

    pub(super) fn into_xml(self) -> Xml<W> {
        self.xml
    }

    fn flow(&mut self, result: io::Result<()>) -> Flow {
        result.map_err(|error| {
            let what = format!("the merged report cannot be written: {error}");
            self.error = Some(error);
            Refusal { limit: Limit::Visitor, what }
        })
    }

    /// Opens the segment of the innermost suite unless it is open.
    fn touch(&mut self) -> io::Result<()> {
        let (segment, is_new) = self.report.segmenter.touch();
        if is_new { self.start_segment(segment) } else { Ok(()) }
    }

    fn start_segment(&mut self, number: u32) -> io::Result<()> {
        self.report.segments += 1;
        let segments = self.report.outline.map_or(&[][..], |outline| &outline.segments[..]);
        let Some(Segment { totals, is_written, .. }) = segments.get(number as usize) else {
            self.report.changed = true;
            return Ok(());
        };
        self.report.is_writing = *is_written;
        if !is_written {
            return Ok(());
        }
        self.xml.start(2, "testsuite")?;
        self.xml.attribute("name", self.report.segmenter.path())?;
        write_totals(&mut self.xml, totals)?;
        self.xml.attributes(self.report.suites.last().map_or(&[][..], Vec::as_slice))
    }

    fn end_segment(&mut self, segment: Option<u32>) -> io::Result<()> {
        self.end_properties()?;
        if segment.is_some() && std::mem::take(&mut self.report.is_writing) {
            self.xml.end(2, "testsuite")?;
        }
        Ok(())
    }

    fn indent(&self) -> usize {
        if self.case.is_some() { 6 } else { 4 }
    }

    fn end_properties(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_in_properties) {
            self.xml.end(self.indent(), "properties")?;
        }
        Ok(())
    }

    fn write_property(&mut self, name: &str, value: &str) -> io::Result<()> {
        match &self.case {
            Some(case) if !case.is_written() => return Ok(()),
            Some(_) => {}
            None => self.touch()?,
        }
        if !self.is_in_properties {
            self.xml.start(self.indent(), "properties")?;
            self.is_in_properties = true;
        }
        self.xml.start(self.indent() + 2, "property")?;
        self.xml.attribute("name", name)?;
        self.xml.attribute("value", value)?;
        self.xml.end_inline("property")
    }

    /// The role of the next case, and what it takes over.
    fn open_case(&mut self, ending: Ending, is_of_suite: bool) -> io::Result<()> {
        self.touch()?;
        let roles = self.report.outline.map(|outline| &outline.roles);
        let role = roles.and_then(|roles| roles.get(&self.report.cases)).cloned().unwrap_or_default();
        if role.gives.is_none() {
            self.end_properties()?;
        }
        self.report.cases += 1;
        let taken = role.takes.iter().flat_map(|fold| self.held.take(*fold)).collect();
        self.case = Some(OpenCase { ending, role, taken, own: Vec::new(), is_holding: false, is_of_suite });
        Ok(())
    }

    fn write_case(&mut self, case: &Case<'_>) -> io::Result<()> {
        self.open_case(Ending::of(case), false)?;
        if self.case.as_ref().is_some_and(|case| !case.is_written()) {
            return Ok(());
        }
        self.xml.start(4, "testcase")?;
        self.xml.attribute("name", case.name.as_deref().or(case.classname.as_deref()).unwrap_or_default())?;
        if let Some(classname) = &case.classname {
            self.xml.attribute("classname", classname)?;
        }
        if let Some(file) = &case.file {
            self.xml.attribute("file", file)?;
        }
        if let Some(line) = case.line {
            self.xml.attribute("line", &line.to_string())?;
        }
        self.xml.attribute("time", &seconds(case.time_ns.unwrap_or(0)))?;
        self.xml.attributes(&rendered(case.attributes, &CASE_WRITTEN))
    }

    fn write_suite_failure(&mut self) -> io::Result<()> {
        self.open_case(Ending::default(), true)?;
        if self.case.as_ref().is_some_and(|case| !case.is_written()) {
            return Ok(());
        }
        self.xml.start(4, "testcase")?;
        self.xml.attribute("name", SUITE_FAILURE)?;
        self.xml.attribute("time", &seconds(0))
    }

    fn end_case(&mut self) -> io::Result<()> {
        if self.case.as_ref().is_some_and(OpenCase::is_written) {
            self.end_properties()?;
        }
        let Some(mut case) = self.case.take() else { return Ok(()) };
        if let Some(fold) = case.role.gives {
            case.taken.append(&mut case.own);
            self.held.hold(fold, case.taken);
            return Ok(());
        }
        let is_recovered = self.is_recovered(&case);
        let missing = case.ending.missing();
        if let Some(missing) = missing {
            write_taken(&mut self.xml, &mut case.taken, is_recovered, rank(missing))?;
            self.xml.start(6, missing.element())?;
            self.xml.attribute("message", "the report gives no more than the status")?;
            self.xml.end_inline(missing.element())?;
        }
        write_taken(&mut self.xml, &mut case.taken, is_recovered, u8::MAX)?;
        self.xml.end(4, "testcase")
    }

    fn is_recovered(&self, case: &OpenCase) -> bool {
        let fold = case.role.takes.last().and_then(|fold| self.folds.get(*fold as usize));
        fold.is_none_or(|fold| fold.is_recovered)
    }

    fn start_detail(&mut self, detail: &Detail<'_>) -> io::Result<()> {
        if self.case.is_none() {
            match detail.kind {
                DetailKind::Failure | DetailKind::Error => self.write_suite_failure()?,
                DetailKind::SystemOut | DetailKind::SystemErr => self.touch()?,
                // Retries and skips of a suite mean nothing to anybody.
                _ => return Ok(()),
            }
        }
        if let Some(case) = self.case.as_mut().filter(|case| !case.is_written()) {
            hold_detail(case, detail);
            return Ok(());
        }
        self.end_properties()?;
        if let Some(mut case) = self.case.take() {
            case.ending.add(detail);
            let is_recovered = self.is_recovered(&case);
            write_taken(&mut self.xml, &mut case.taken, is_recovered, rank(detail.kind))?;
            self.case = Some(case);
        }
        let indent = self.indent();
        self.xml.start(indent, detail.kind.element())?;
        self.xml.attributes(&rendered(detail.attributes, &[]))?;
        if is_attempt(detail.kind) {
            self.xml.start_inline("stackTrace")?;
        }
        self.detail = Some(detail.kind);
        Ok(())
    }

    fn end_detail(&mut self) -> io::Result<()> {
        if let Some(kind) = self.detail.take() {
            if is_attempt(kind) {
                self.xml.end_inline("stackTrace")?;
            }
            self.xml.end_inline(kind.element())?;
        }
        let Some(case) = &mut self.case else { return Ok(()) };
        case.is_holding = false;
        if case.is_of_suite { self.end_case() } else { Ok(()) }
    }

    fn add_text(&mut self, piece: &str) -> io::Result<()> {
        if self.detail.is_some() {
            return self.xml.text(piece);
        }
        if let Some(case) = &mut self.case
            && case.is_holding
            && let Some(attempt) = case.own.last_mut()
        {
            self.held.append(attempt, piece);
        }
        Ok(())
    }
}

/// What of a case that is not written goes into the case that takes it over: its failures, and its output behind them.
fn hold_detail(case: &mut OpenCase, detail: &Detail<'_>) {
    if is_failure(detail.kind) {
        case.own.push(Attempt::of(detail, rendered(detail.attributes, &[])));
        case.is_holding = true;
    } else if let (DetailKind::SystemOut | DetailKind::SystemErr, Some(attempt)) = (detail.kind, case.own.last_mut()) {
        attempt.text.push_str(&format!("\n--- {} ---\n", detail.kind.element()));
        case.is_holding = true;
    }
}

/// Writes those of the taken attempts that stand before an element of this rank.
fn write_taken<W: Write>(xml: &mut Xml<W>, taken: &mut Vec<Attempt>, is_recovered: bool, before: u8) -> io::Result<()> {
    let (mut now, later): (Vec<Attempt>, Vec<Attempt>) =
        std::mem::take(taken).into_iter().partition(|attempt| rank(attempt.kind(is_recovered)) < before);
    *taken = later;
    now.sort_by_key(|attempt| rank(attempt.kind(is_recovered)));
    for attempt in now {
        let name = attempt.kind(is_recovered).element();
        xml.start(6, name)?;
        xml.attributes(&attempt.attributes)?;
        xml.start_inline("stackTrace")?;
        if !attempt.text.is_empty() {
            xml.text(&attempt.text)?;
        }
        xml.end_inline("stackTrace")?;
        xml.end_inline(name)?;
    }
    Ok(())
}

fn is_attempt(kind: DetailKind) -> bool {
    is_failure(kind) && !matches!(kind, DetailKind::Failure | DetailKind::Error)
}

/// The order of the elements of a case in Surefire's schema.
fn rank(kind: DetailKind) -> u8 {
    match kind {
        DetailKind::Failure => 0,
        DetailKind::RerunFailure => 1,
        DetailKind::FlakyFailure => 2,
        DetailKind::Skipped => 3,
        DetailKind::Error => 4,
        DetailKind::RerunError => 5,
        DetailKind::FlakyError => 6,
        DetailKind::SystemOut => 7,
        DetailKind::SystemErr => 8,
    }
}

/// The attributes but for some, each once and only those that every parser takes.
fn rendered(attributes: Attributes<'_>, left_out: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in attributes.iter() {
        if !left_out.contains(&name) && is_name(name) && !seen.contains(&name) {
            render_attribute(&mut out, name, &value);
            seen.push(name);
        }
    }
    out
}

impl<W: Write> Visitor for Copier<'_, W> {
    fn wants_text(&mut self, _kind: DetailKind) -> bool {
        self.detail.is_some() || self.case.as_ref().is_some_and(|case| case.is_holding)
    }

    fn suite_start(&mut self, suite: &Suite<'_>) -> Flow {
        let closed = self.report.segmenter.suite_start(suite);
        self.report.suites.push(rendered(suite.attributes, &SUITE_LEFT_OUT));
        let result = self.end_segment(closed);
        self.flow(result)
    }

    fn suite_end(&mut self) -> Flow {
        let touched = if self.report.segmenter.is_bare() { self.touch() } else { Ok(()) };
        let ended = self.report.segmenter.suite_end();
        let result = touched.and_then(|()| self.end_segment(ended.closed));
        self.report.suites.pop();
        self.flow(result)
    }

    fn property(&mut self, name: &str, value: &str) -> Flow {
        let result = self.write_property(name, value);
        self.flow(result)
    }

    fn case_start(&mut self, case: &Case<'_>) -> Flow {
        let result = self.write_case(case);
        self.flow(result)
    }

    fn case_end(&mut self) -> Flow {
        let result = self.end_case();
        self.flow(result)
    }

    fn detail_start(&mut self, detail: &Detail<'_>) -> Flow {
        let result = self.start_detail(detail);
        self.flow(result)
    }

    fn text(&mut self, piece: &str) -> Flow {
        let result = self.add_text(piece);
        self.flow(result)
    }

    fn detail_end(&mut self) -> Flow {
        let result = self.end_detail();
        self.flow(result)
    }
}
