//! The walk through the elements of a report: which element means what where, and that each end has its beginning.

use super::attributes::{self, Context};
use super::dialect::shortened;
use super::error::{Class, Limit, ReadError, Resembles};
use super::notice::{NoticeKind, Notices};
use super::tag::Tag;
use super::time::{self, Unit};
use super::visit::{DetailKind, Flow, SuiteKind, Visitor};
use super::{Limits, Summary};

/// An open element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Suite,
    Case,
    /// Failure, skip, retry or output; whether its text is wanted.
    Detail(bool),
    /// An element inside a detail, whose text is the detail's.
    Inner(bool),
    /// Whether they are wanted.
    Properties(bool),
    /// A property whose value is its text.
    Property,
    Ignored,
}

impl Element {
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Suite => "a test suite",
            Self::Case => "a test case",
            Self::Detail(_) | Self::Inner(_) => "the details of a test case",
            Self::Properties(_) | Self::Property => "properties",
            Self::Ignored => "an element",
        }
    }
}

/// Who gets the text at the current position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTo {
    Nowhere,
    Visitor,
    Property,
    /// Outside of all elements, where no text may be.
    NoElement,
}

#[derive(Debug)]
struct Open {
    element: Element,
    line: u64,
    /// Where its name begins in [`Walk::names`].
    name: usize,
}

pub(super) struct Walk<'v, V: ?Sized> {
    pub(super) visitor: &'v mut V,
    pub(super) summary: Summary,
    pub(super) notices: Notices,
    pub(super) property_text: String,
    property_name: String,
    limits: Limits,
    open: Vec<Open>,
    /// The names of the open elements, one behind the other.
    names: String,
    unit: Unit,
    /// The root's time when it can only be nanoseconds, until the first suite decides.
    unit_claimed: Option<String>,
}

impl<'v, V: Visitor + ?Sized> Walk<'v, V> {
    pub(super) fn new(limits: Limits, visitor: &'v mut V) -> Self {
        Self {
            visitor,
            summary: Summary::default(),
            notices: Notices::default(),
            property_text: String::new(),
            property_name: String::new(),
            limits,
            open: Vec::with_capacity(16),
            names: String::with_capacity(128),
            unit: Unit::Seconds,
            unit_claimed: None,
        }
    }

    /// The innermost open element and its line.
    pub(super) fn innermost(&self) -> Option<(Element, u64)> {
        self.open.last().map(|open| (open.element, open.line))
    }

    #[inline]
    pub(super) fn text_to(&self) -> TextTo {
        match self.open.last().map(|open| open.element) {
            None => TextTo::NoElement,
            Some(Element::Detail(true) | Element::Inner(true)) => TextTo::Visitor,
            Some(Element::Property) => TextTo::Property,
            Some(_) => TextTo::Nowhere,
        }
    }

    /// A tag opens an element. Errors have no column yet.
    pub(super) fn start(&mut self, tag: Tag<'_>, line: u64) -> Result<(), ReadError> {
        let element = self.element(tag, line)?;
        self.open.push(Open { element, line, name: self.names.len() });
        self.names.push_str(tag.name);
        Ok(())
    }

    /// A tag opens and closes an element.
    pub(super) fn empty(&mut self, tag: Tag<'_>, line: u64) -> Result<(), ReadError> {
        let element = self.element(tag, line)?;
        self.close(element, line)
    }

    fn element(&mut self, tag: Tag<'_>, line: u64) -> Result<Element, ReadError> {
        if self.open.len() >= self.limits.depth {
            let what = format!("elements are nested more than {} deep", self.limits.depth);
            return Err(refused(Class::Limit(Limit::Depth), line, what));
        }
        let top = self.open.last().map(|open| open.element);
        let element = match (top, tag.local_name) {
            (Some(Element::Suite), "testcase") => self.start_case(tag, line)?,
            (None | Some(Element::Suite), "testsuite") => self.start_suite(SuiteKind::Suite, tag, line)?,
            (None | Some(Element::Suite), "testsuites") => self.start_suite(SuiteKind::Suites, tag, line)?,
            (None, root) => {
                let resembles = Resembles::root(root);
                return Err(refused(Class::NotJunit(resembles), line, resembles.sentence(root)));
            }
            (Some(Element::Case), "testcase") => {
                self.notices.add(NoticeKind::NestedCase, line, "");
                Element::Ignored
            }
            (Some(Element::Suite | Element::Case), "properties") => {
                Element::Properties(self.visitor.wants_properties())
            }
            (Some(Element::Properties(true)), "property") => self.start_property(tag, line)?,
            (Some(Element::Suite | Element::Case), name) => match detail_kind(name) {
                Some(kind) => self.start_detail(kind, tag, line)?,
                None => Element::Ignored,
            },
            (Some(Element::Detail(_)), "system-out" | "system-err") => Element::Ignored,
            (Some(Element::Detail(wanted) | Element::Inner(wanted)), _) => Element::Inner(wanted),
            _ => Element::Ignored,
        };
        Ok(element)
    }

    /// A tag closes the innermost element.
    pub(super) fn end(&mut self, name: &str, line: u64) -> Result<(), ReadError> {
        let Some(open) = self.open.pop() else {
            let what = format!("</{}> closes nothing; two runs may have written to the same file", shortened(name));
            return Err(refused(Class::Malformed, line, what));
        };
        let expected = &self.names[open.name..];
        if name != expected {
            let what = format!("</{}> closes <{}> of line {}", shortened(name), shortened(expected), open.line);
            return Err(refused(Class::Malformed, line, what));
        }
        self.names.truncate(open.name);
        self.close(open.element, line)
    }

    #[inline]
    fn close(&mut self, element: Element, line: u64) -> Result<(), ReadError> {
        let flow = match element {
            Element::Suite => self.visitor.suite_end(),
            Element::Case => self.visitor.case_end(),
            Element::Detail(_) => self.visitor.detail_end(),
            Element::Property => self.visitor.property(&self.property_name, &self.property_text),
            Element::Inner(_) | Element::Properties(_) | Element::Ignored => Ok(()),
        };
        visited(flow, line)
    }

    fn start_suite(&mut self, kind: SuiteKind, tag: Tag<'_>, line: u64) -> Result<Element, ReadError> {
        let is_root = self.open.is_empty();
        if is_root {
            self.begin_document(kind, tag, line)?;
        } else if let Some(time) = self.unit_claimed.take() {
            // container-structure-test gives its one suite no name.
            let mut context = Context { notices: &mut self.notices, line };
            let nameless = attributes::one(tag, "name", &mut context)?.is_none_or(|name| name.is_empty());
            if nameless && kind == SuiteKind::Suite {
                self.unit = Unit::Nanoseconds;
                self.notices.add(NoticeKind::NanosecondTimes, line, &time);
            } else {
                self.notices.add(NoticeKind::AbsurdTime, line, &time);
            }
        }
        // A root whose time is in doubt gets its notice when the doubt is settled.
        let mut settled_later = Notices::default();
        let notices = if self.unit_claimed.is_some() { &mut settled_later } else { &mut self.notices };
        let suite = attributes::suite(tag, kind, self.unit, &mut Context { notices, line })?;
        self.summary.suites += u64::from(kind == SuiteKind::Suite);
        visited(self.visitor.suite_start(&suite), line)?;
        Ok(Element::Suite)
    }

    /// A root element: counts documents, and finds out whether its times can be seconds.
    fn begin_document(&mut self, kind: SuiteKind, tag: Tag<'_>, line: u64) -> Result<(), ReadError> {
        self.summary.documents += 1;
        self.unit = Unit::Seconds;
        self.unit_claimed = None;
        if self.summary.documents > 1 {
            self.notices.add(NoticeKind::SeveralDocuments, line, "");
        }
        if kind == SuiteKind::Suites {
            let mut context = Context { notices: &mut self.notices, line };
            let time = attributes::one(tag, "time", &mut context)?;
            self.unit_claimed = time.filter(|time| time::only_nanoseconds(time)).map(|time| time.into_owned());
        }
        Ok(())
    }

    fn start_case(&mut self, tag: Tag<'_>, line: u64) -> Result<Element, ReadError> {
        self.summary.cases += 1;
        if self.summary.cases > self.limits.cases {
            let what = format!("there are more than {} test cases", self.limits.cases);
            return Err(refused(Class::Limit(Limit::Cases), line, what));
        }
        let case = attributes::case(tag, self.unit, &mut Context { notices: &mut self.notices, line })?;
        visited(self.visitor.case_start(&case), line)?;
        Ok(Element::Case)
    }

    fn start_detail(&mut self, kind: DetailKind, tag: Tag<'_>, line: u64) -> Result<Element, ReadError> {
        let detail = attributes::detail(tag, kind, self.unit, &mut Context { notices: &mut self.notices, line })?;
        visited(self.visitor.detail_start(&detail), line)?;
        Ok(Element::Detail(self.visitor.wants_text(kind)))
    }

    fn start_property(&mut self, tag: Tag<'_>, line: u64) -> Result<Element, ReadError> {
        let mut context = Context { notices: &mut self.notices, line };
        let name = attributes::one(tag, "name", &mut context)?.unwrap_or_default();
        let Some(value) = attributes::one(tag, "value", &mut context)? else {
            self.property_name = name.into_owned();
            self.property_text.clear();
            return Ok(Element::Property);
        };
        visited(self.visitor.property(&name, &value), line)?;
        Ok(Element::Ignored)
    }
}

#[cold]
fn refused(class: Class, line: u64, what: String) -> ReadError {
    ReadError { class, line, column: None, what }
}

/// Turns a visitor's refusal into the error of the tag that it saw.
#[inline]
fn visited(flow: Flow, line: u64) -> Result<(), ReadError> {
    flow.map_err(|refusal| refused(Class::Limit(refusal.limit), line, refusal.what))
}

fn detail_kind(name: &str) -> Option<DetailKind> {
    Some(match name {
        "failure" => DetailKind::Failure,
        "error" => DetailKind::Error,
        "skipped" => DetailKind::Skipped,
        "flakyFailure" => DetailKind::FlakyFailure,
        "flakyError" => DetailKind::FlakyError,
        "rerunFailure" => DetailKind::RerunFailure,
        "rerunError" => DetailKind::RerunError,
        "system-out" => DetailKind::SystemOut,
        "system-err" => DetailKind::SystemErr,
        _ => return None,
    })
}
