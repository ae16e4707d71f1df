//! What a reader of reports is told, in the order of the document.

use std::borrow::Cow;

use super::error::Limit;
use super::notice::Notices;
use super::tag::{self, RawAttribute};

/// Receives what stands in a report, in document order:
///
/// ```text
/// document = suite(testsuites or testsuite)+
/// suite    = suite_start (property | detail | case | suite)* suite_end
/// case     = case_start  (property | detail)*                case_end
/// detail   = detail_start text* detail_end
/// ```
///
/// An element that is closed in its own tag (`<testcase …/>`) gives both calls. The text of a detail arrives in pieces
/// of any size; a visitor that keeps it must bound it. Every call may refuse, which ends the reading with
/// [`super::Class::Limit`].
pub trait Visitor {
    /// Whether the text of this detail is wanted. When it is not, the text is skipped without being decoded.
    fn wants_text(&mut self, _kind: DetailKind) -> bool {
        false
    }

    /// Whether properties are wanted at all; asked once for each `<properties>`.
    fn wants_properties(&mut self) -> bool {
        true
    }

    /// A `<testsuites>` or `<testsuite>` opens. Nested ones follow before its [`Visitor::suite_end`].
    fn suite_start(&mut self, suite: &Suite<'_>) -> Flow;

    /// The innermost open suite closes.
    fn suite_end(&mut self) -> Flow;

    /// `<property name= value=>` of the open case, or else of the innermost open suite. The value of an element without
    /// `value=` is its text, cut at [`MAX_PROPERTY_TEXT_BYTES`].
    fn property(&mut self, _name: &str, _value: &str) -> Flow {
        Ok(())
    }

    /// A `<testcase>` opens.
    fn case_start(&mut self, case: &Case<'_>) -> Flow;

    /// The open case closes.
    fn case_end(&mut self) -> Flow;

    /// A failure, skip, retry or output opens, of the open case, or else of the innermost open suite.
    fn detail_start(&mut self, _detail: &Detail<'_>) -> Flow {
        Ok(())
    }

    /// A piece of the open detail's text, references decoded. Only when [`Visitor::wants_text`] said so.
    fn text(&mut self, _piece: &str) -> Flow {
        Ok(())
    }

    /// The open detail closes.
    fn detail_end(&mut self) -> Flow {
        Ok(())
    }
}

/// 64 KiB: properties with text hold a description or a small table; a visitor gets no more of them than this.
pub const MAX_PROPERTY_TEXT_BYTES: usize = 64 << 10;

/// What a visitor's call returns.
pub type Flow = Result<(), Refusal>;

/// A visitor's bound is reached; the sentence goes into the error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which bound; [`Limit::Visitor`] unless one of the reader's fits.
    pub limit: Limit,
    /// One sentence without a full stop.
    pub what: String,
}

/// Which of the two containers a [`Suite`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuiteKind {
    /// `<testsuites>`: the container of a whole run. Its time is often the wall clock's.
    Suites,
    /// `<testsuite>`.
    Suite,
}

/// The attributes of a `<testsuites>` or `<testsuite>`. `None`: the attribute is absent; an empty one is `Some("")`.
#[derive(Debug)]
pub struct Suite<'a> {
    /// Which of the two.
    pub kind: SuiteKind,
    /// `name`.
    pub name: Option<Cow<'a, str>>,
    /// `file`, or else `filepath` (minitest), as written.
    pub file: Option<Cow<'a, str>>,
    /// `classname`.
    pub classname: Option<Cow<'a, str>>,
    /// `package`.
    pub package: Option<Cow<'a, str>>,
    /// `hostname`.
    pub hostname: Option<Cow<'a, str>>,
    /// `timestamp`, as written.
    pub timestamp: Option<Cow<'a, str>>,
    /// `time`, in nanoseconds; `None` when absent or unreadable, see [`super::time`].
    pub time_ns: Option<u64>,
    /// Line of the tag in the report, 1-based.
    pub report_line: u64,
    /// All attributes.
    pub attributes: Attributes<'a>,
}

/// The attributes of a `<testcase>`. `None`: the attribute is absent; an empty one is `Some("")`.
#[derive(Debug)]
pub struct Case<'a> {
    /// `name`.
    pub name: Option<Cow<'a, str>>,
    /// `classname`.
    pub classname: Option<Cow<'a, str>>,
    /// `class` (PHPUnit writes it beside `classname`).
    pub class: Option<Cow<'a, str>>,
    /// `file`, or else `filepath`, as written.
    pub file: Option<Cow<'a, str>>,
    /// `line`, or else `lineno` (minitest): a line of the test file.
    pub line: Option<u64>,
    /// `time`, or else `duration`, in nanoseconds; `None` when absent or unreadable, see [`super::time`].
    pub time_ns: Option<u64>,
    /// `status` (GoogleTest: `run`, `notrun`; others: `passed`, `failed`, …), as written.
    pub status: Option<Cow<'a, str>>,
    /// Line of the tag in the report, 1-based.
    pub report_line: u64,
    /// All attributes.
    pub attributes: Attributes<'a>,
}

/// The elements of a case or suite that say how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DetailKind {
    /// `<failure>`: an assertion failed.
    Failure,
    /// `<error>`: the test broke.
    Error,
    /// `<skipped>`.
    Skipped,
    /// `<flakyFailure>`: an attempt failed, a later one passed (Surefire).
    FlakyFailure,
    /// `<flakyError>`: an attempt broke, a later one passed (Surefire).
    FlakyError,
    /// `<rerunFailure>`: a further attempt failed, and none passed (Surefire).
    RerunFailure,
    /// `<rerunError>`: a further attempt broke, and none passed (Surefire).
    RerunError,
    /// `<system-out>`.
    SystemOut,
    /// `<system-err>`.
    SystemErr,
}

impl DetailKind {
    /// The element's name.
    pub fn element(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::FlakyFailure => "flakyFailure",
            Self::FlakyError => "flakyError",
            Self::RerunFailure => "rerunFailure",
            Self::RerunError => "rerunError",
            Self::SystemOut => "system-out",
            Self::SystemErr => "system-err",
        }
    }
}

/// The attributes of a detail. Elements inside it (Surefire's `<stackTrace>`) give their text to it, but for outputs
/// inside a retry, which are skipped.
#[derive(Debug)]
pub struct Detail<'a> {
    /// Which element.
    pub kind: DetailKind,
    /// `message`.
    pub message: Option<Cow<'a, str>>,
    /// `type`.
    pub type_name: Option<Cow<'a, str>>,
    /// `file`, or else `filepath`, as written (Catch2, Playwright).
    pub file: Option<Cow<'a, str>>,
    /// `line`, or else `lineno`.
    pub line: Option<u64>,
    /// `time` of an attempt, in nanoseconds (Surefire's retries).
    pub time_ns: Option<u64>,
    /// Line of the tag in the report, 1-based.
    pub report_line: u64,
    /// All attributes.
    pub attributes: Attributes<'a>,
}

/// All attributes of one tag, decoded while they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a> {
    pub(super) text: &'a str,
    pub(super) list: &'a [RawAttribute],
}

impl<'a> Attributes<'a> {
    /// Names without their namespace prefix, and values, in the order of the tag. Namespace declarations are left out,
    /// and so are values that cannot be decoded; the reader has refused the report already when it needed them.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        // The reader has counted the repairs of the fields it knows; these are for a visitor that copies.
        let mut uncounted = Notices::default();
        tag::each_qualified(self.text, self.list).filter_map(move |(name, value)| {
            if name == "xmlns" || name.starts_with("xmlns:") {
                return None;
            }
            Some((tag::local(name), value.decode(&mut uncounted, 0).ok()?))
        })
    }
}
