//! Why a report could not be read: what, where, and what kind of mistake it is.

use std::fmt;
use std::io;

/// Why a report could not be read. `Display` is one line without the file's name: `line 12, column 7: …`.
#[derive(Debug)]
pub struct ReadError {
    /// What kind of mistake it is.
    pub class: Class,
    /// Line of the mistake, 1-based; for a truncated report its last line.
    pub line: u64,
    /// Byte column on that line, 1-based; `None` where the line began too far back to know.
    pub column: Option<u64>,
    /// One sentence without a full stop: what is wrong, and for common mistakes what to do.
    pub what: String,
}

/// The kinds of [`ReadError`].
#[derive(Debug)]
pub enum Class {
    /// This is another format.
    NotJunit(Resembles),
    /// The report ends in the middle, as after a killed job.
    Truncated,
    /// This is no well-formed XML.
    Malformed,
    /// A DOCTYPE or an entity that only a DTD could declare. Neither is ever processed.
    Dtd,
    /// An encoding that is not read.
    Encoding,
    /// A bound of [`super::Limits`] or of the visitor.
    Limit(Limit),
    /// The source failed.
    Io(io::Error),
}

/// What a file that is no JUnit report looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resembles {
    /// No byte, or only white space.
    Empty,
    /// NUnit 3 (`<test-run>`).
    NUnit3,
    /// NUnit 2 (`<test-results>`).
    NUnit2,
    /// Visual Studio's TRX (`<TestRun>`).
    Trx,
    /// xUnit.net v2 (`<assemblies>`, `<assembly>`).
    XUnitNet,
    /// TestNG's own format (`<testng-results>`).
    TestNg,
    /// Robot Framework's own format (`<robot>`).
    Robot,
    /// SonarQube's generic test data (`<testExecutions>`).
    SonarGeneric,
    /// CTest's own format (`<Site>`).
    CTest,
    /// A coverage report (`<coverage>`, `<report>`).
    Coverage,
    /// Checkstyle (`<checkstyle>`).
    Checkstyle,
    /// A web page.
    Html,
    /// JSON.
    Json,
    /// TAP (`TAP version`, `ok 1`, `1..4`).
    Tap,
    /// A compressed file or archive.
    Compressed,
    /// Something else that is no XML.
    Text,
    /// XML with another root element.
    OtherXml,
}

/// Which bound was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`super::Limits::report_bytes`].
    ReportBytes,
    /// [`super::Limits::depth`].
    Depth,
    /// [`super::Limits::tag_bytes`].
    TagBytes,
    /// [`super::Limits::cases`].
    Cases,
    /// A bound of the visitor's own, such as the number of distinct locations in one report.
    Visitor,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.class {
            Class::Io(error) => Some(error),
            _ => None,
        }
    }
}
