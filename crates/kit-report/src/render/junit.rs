//! The verdict as JUnit XML, for hosts and dashboards that read nothing else.

use crate::escape::xml;
use crate::report::{Level, Report, Verdict};
use std::fmt::Write;

/// One suite named after the tool: a case `verdict`, and a case for every finding that is an error.
/// Source of the shape: github.com/testmoapp/junitxml (the conventions that CI hosts read).
pub fn render(report: &Report) -> String {
    if !report.cases.is_empty() {
        return render_cases(report);
    }
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

/// One suite named after the tool: a case `verdict`, and the report's own.
fn render_cases(report: &Report) -> String {
    let failed = !matches!(report.verdict, Verdict::Pass | Verdict::Superseded);
    let verdict = crate::report::Case {
        name: "verdict".to_owned(),
        time_us: 0,
        failure: failed.then(|| report.headline.clone()),
    };
    let cases: Vec<_> = std::iter::once(&verdict).chain(&report.cases).collect();
    let failures = cases.iter().filter(|case| case.failure.is_some()).count();
    let name = xml(report.tool);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites tests=\"{}\" failures=\"{failures}\">", cases.len());
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">",
        cases.len()
    );
    for case in cases {
        let time = format!("{}.{:06}", case.time_us / 1_000_000, case.time_us % 1_000_000);
        let _ = write!(out, "    <testcase classname=\"{name}\" name=\"{}\" time=\"{time}\"", xml(&case.name));
        match &case.failure {
            None => out.push_str("/>\n"),
            Some(why) => {
                let _ = writeln!(
                    out,
                    ">\n      <failure type=\"{}\" message=\"{}\"/>\n    </testcase>",
                    report.verdict.as_str(),
                    xml(why)
                );
            }
        }
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
