//! The verdict as JUnit XML, for hosts and dashboards that read nothing else.

use crate::escape::xml;
use crate::report::{Level, Report, Verdict};
use std::fmt::Write;

/// One suite named after the tool: a case `verdict`, and a case for every finding that is an error.
/// Source of the shape: github.com/testmoapp/junitxml (the conventions that CI hosts read).
pub fn render(report: &Report) -> String {
    let errors: Vec<_> = report.ranked_findings().into_iter().filter(|finding| finding.level == Level::Error).collect();
    let failed = !matches!(report.verdict, Verdict::Pass | Verdict::Superseded);
    let failures = errors.len() + usize::from(failed);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites tests=\"{}\" failures=\"{failures}\">", errors.len() + 1);
    let name = xml(report.tool);
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">",
        errors.len() + 1
    );
    if failed {
        let _ = writeln!(out, "    <testcase classname=\"{name}\" name=\"verdict\" time=\"0\">");
        let _ = writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\"/>\n    </testcase>",
            report.verdict.as_str(),
            xml(&report.headline)
        );
    } else {
        let _ = writeln!(out, "    <testcase classname=\"{name}\" name=\"verdict\" time=\"0\"/>");
    }
    for finding in errors {
        let mut place = String::new();
        if let Some(location) = &finding.location {
            let _ = write!(place, " file=\"{}\"", xml(&location.path));
            if let Some(line) = location.line {
                let _ = write!(place, " line=\"{line}\"");
            }
        }
        let title = finding.location.as_ref().map_or(finding.code, |location| location.path.as_str());
        let _ = writeln!(
            out,
            "    <testcase classname=\"{name}.{}\" name=\"{}\"{place} time=\"0\">",
            finding.code,
            xml(title)
        );
        let _ = writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\"/>\n    </testcase>",
            finding.code,
            xml(&finding.message)
        );
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
