//! Reads JUnit XML as a stream: whatever dialect a runner writes, in memory that does not grow with the report.
//!
//! There is no standard for JUnit XML; the attributes and elements known here are those that runners really write, see
//! <https://github.com/testmoapp/junitxml> and, for the retries, the schema of Maven Surefire
//! (<https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd>).
//!
//! [`read`] drives a [`Visitor`]; [`collect`] is the visitor that gathers timings. The only effect is reading from the
//! source that the caller opened.
//!
//! # What is accepted, and what is refused
//! | in the report | what happens |
//! | --- | --- |
//! | UTF-8, with or without a byte order mark | read |
//! | `encoding="ISO-8859-1"`, `windows-1252` and their other names | read as windows-1252 |
//! | UTF-16, UTF-32 | refused ([`Class::Encoding`]) |
//! | bytes that are no UTF-8, characters that XML 1.0 forbids (raw or as `&#x1;`) | U+FFFD and a [`Notice`] |
//! | a bare `&` | kept, with a [`Notice`] |
//! | any `<!DOCTYPE`, an entity beyond the five of XML | refused ([`Class::Dtd`]): no entity is ever expanded |
//! | an attribute given twice | the first one counts, with a [`Notice`] |
//! | several documents in one file | all of them are read, with a [`Notice`] |
//! | text before, between or after the documents | refused ([`Class::Malformed`]) |
//! | an unknown element | skipped with all that it holds |
//! | a `<testcase>` inside a `<testcase>` | skipped, since its time is part of the outer one's, with a [`Notice`] |
//! | another format (NUnit, TRX, xUnit.net, HTML, JSON, an empty file) | refused by name ([`Class::NotJunit`]) |

pub mod collect;
pub mod error;
pub mod notice;
pub mod time;
pub mod visit;

mod attributes;
mod chars;
mod dialect;
mod escape;
mod machine;
mod source;
mod tag;
mod walk;

pub use collect::collect;
pub use error::{Class, Limit, ReadError, Resembles};
pub use machine::read;
pub use notice::{Notice, NoticeKind};
pub use visit::{Attributes, Case, Detail, DetailKind, Flow, Refusal, Suite, SuiteKind, Visitor};

/// What one report may cost. The defaults are the tool's limits; tests lower them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one report. Default [`MAX_REPORT_BYTES`].
    pub report_bytes: u64,
    /// Open elements at one time. Default [`MAX_DEPTH`].
    pub depth: usize,
    /// Bytes of one tag with all its attributes. Default [`MAX_TAG_BYTES`].
    pub tag_bytes: usize,
    /// Test cases in one report. Default [`MAX_CASES`].
    pub cases: u64,
}

/// 4 GiB: twice the largest report that anyone was seen to feed to such a tool; beyond it something else is wrong.
pub const MAX_REPORT_BYTES: u64 = 4 << 30;
/// 64 open elements: runners that mirror `describe` blocks as nested suites stay below 20.
pub const MAX_DEPTH: usize = 64;
/// 8 MiB for one tag: failure messages with whole snapshot diffs stand in an attribute; the reader must hold one tag
/// twice (as read and as decoded), which keeps it far below the 64 MiB that the tool promises.
pub const MAX_TAG_BYTES: usize = 8 << 20;
/// 50 million cases: 4 GiB of the shortest useful `<testcase>` elements.
pub const MAX_CASES: u64 = 50_000_000;
/// 200,000 reports in one call: twice the directory of 100,000 reports that the tool promises to survive. For callers:
/// the reader sees one report at a time.
pub const MAX_REPORTS: usize = 200_000;

impl Default for Limits {
    fn default() -> Self {
        Self { report_bytes: MAX_REPORT_BYTES, depth: MAX_DEPTH, tag_bytes: MAX_TAG_BYTES, cases: MAX_CASES }
    }
}

/// What [`read`] saw in one report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `<testcase>` elements, retries as repeated elements included.
    pub cases: u64,
    /// `<testsuite>` elements.
    pub suites: u64,
    /// Root elements; more than one means that documents were appended to each other.
    pub documents: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What was repaired while reading, at most one notice of each kind, in the order of [`NoticeKind`].
    pub notices: Vec<Notice>,
}

#[cfg(test)]
mod tests;
