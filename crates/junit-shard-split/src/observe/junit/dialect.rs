//! What a file that is no JUnit report looks like, from its first bytes or its root element.

use super::error::Resembles;

/// How TAP begins: <https://testanything.org/tap-version-14-specification.html>.
const TAP: [&str; 4] = ["TAP version", "1..", "ok ", "not ok "];
/// The longest of these beginnings.
pub(super) const TEXT_BYTES: usize = TAP[0].len();

impl Resembles {
    /// The format of an XML document by the local name of its root element.
    pub(super) fn root(name: &str) -> Self {
        match name {
            "test-run" => Self::NUnit3,
            "test-results" => Self::NUnit2,
            "TestRun" => Self::Trx,
            "assemblies" | "assembly" => Self::XUnitNet,
            "testng-results" => Self::TestNg,
            "robot" => Self::Robot,
            "testExecutions" | "unitTest" => Self::SonarGeneric,
            "Site" => Self::CTest,
            "coverage" | "report" => Self::Coverage,
            "checkstyle" => Self::Checkstyle,
            _ if name.eq_ignore_ascii_case("html") => Self::Html,
            _ => Self::OtherXml,
        }
    }

    /// The format of a file that does not begin with `<`, from [`TEXT_BYTES`] behind its white space.
    pub(super) fn text(text: &str) -> Self {
        match text {
            "" => Self::Empty,
            text if text.starts_with(['{', '[']) => Self::Json,
            text if TAP.iter().any(|begin| text.starts_with(begin)) => Self::Tap,
            _ => Self::Text,
        }
    }

    /// What it is, and what to do instead.
    pub(super) fn sentence(self, root: &str) -> String {
        let advice = match self {
            Self::Empty => {
                return "the file is empty; the runner was killed before it wrote its report, or wrote none".to_owned();
            }
            Self::NUnit3 => "NUnit 3's own format; write JUnit with the JunitXml.TestLogger package or convert it",
            Self::NUnit2 => "NUnit 2's own format; write JUnit with the JunitXml.TestLogger package or convert it",
            Self::Trx => "Visual Studio's TRX; use `dotnet test --logger junit` (JunitXml.TestLogger)",
            Self::XUnitNet => "xUnit.net's own format; use `dotnet test --logger junit` (JunitXml.TestLogger)",
            Self::TestNg => "TestNG's own format; take the files in `junitreports/` beside it",
            Self::Robot => "Robot Framework's own format; run it with `--xunit FILE`",
            Self::SonarGeneric => "SonarQube's generic test data; let the runner write JUnit as well",
            Self::CTest => "CTest's own format; run it with `--output-junit FILE`",
            Self::Coverage => "a coverage report",
            Self::Checkstyle => "a Checkstyle report",
            Self::Html => "a web page; a download may have answered with an error page",
            Self::Json => "JSON; let the runner write JUnit XML",
            Self::Tap => "TAP; let the runner write JUnit XML",
            Self::Compressed => "a compressed file; unpack it first",
            Self::Text => return "this is no XML: it does not begin with `<`".to_owned(),
            Self::OtherXml => {
                return format!("the root element is <{}>, and JUnit has <testsuites> or <testsuite>", shortened(root));
            }
        };
        format!("this is no JUnit report but {advice}")
    }
}

/// A name from the report, short enough for one line.
pub(super) fn shortened(name: &str) -> String {
    const MAX_CHARS: usize = 60;
    match name.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}
