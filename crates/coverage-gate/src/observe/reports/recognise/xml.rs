//! XML reports by their root element, its attributes and its first child. This looks at shapes only; whether it is well
//! formed is the reader's matter.

use crate::plan::report_format::ReportFormat;

/// The front of a document.
#[derive(Default)]
struct Front<'x> {
    /// Name in `<!DOCTYPE name`, and the declaration up to its end.
    doctype: &'x str,
    /// The root's name without its prefix.
    root: &'x str,
    /// The root's attributes as written.
    attributes: &'x str,
    /// The name of the root's first child.
    child: &'x str,
}

/// Errors: what it is.
pub fn recognise(front: &[u8]) -> Result<ReportFormat, String> {
    // The front may end within a character.
    let text = match str::from_utf8(front) {
        Ok(text) => text,
        Err(err) => str::from_utf8(&front[..err.valid_up_to()]).unwrap_or(""),
    };
    let front = Front::of(text);
    let attribute = |name: &str| {
        front.attributes.match_indices(name).any(|(at, _)| {
            let before = front.attributes[..at].chars().next_back();
            let after = front.attributes[at + name.len()..].trim_start();
            before.is_none_or(char::is_whitespace) && after.starts_with('=')
        })
    };
    let root = if front.root.is_empty() { doctype_name(front.doctype) } else { front.root };
    match root {
        "coverage" if attribute("clover") || attribute("generated") => Ok(ReportFormat::Clover),
        "coverage" if attribute("line-rate") || attribute("branch-rate") || attribute("lines-valid") => {
            Ok(ReportFormat::Cobertura)
        }
        "coverage" if matches!(front.child, "project" | "testproject") => Ok(ReportFormat::Clover),
        "coverage" if matches!(front.child, "packages" | "sources") => Ok(ReportFormat::Cobertura),
        "coverage" if front.child == "file" => {
            Err("it is SonarQube's generic coverage; give the report that it was made \
                                                    from, or LCOV or Cobertura"
                .to_owned())
        }
        // Its declaration is longer than any report's: the reader will say so.
        "coverage" if front.root.is_empty() => Ok(ReportFormat::Cobertura),
        "report" if matches!(front.child, "sessioninfo" | "package" | "group" | "counter") => Ok(ReportFormat::Jacoco),
        "report" if front.doctype.contains("JACOCO") => Ok(ReportFormat::Jacoco),
        "CoverageSession" => Ok(ReportFormat::Opencover),
        "Root" if ["CoveredStatements", "DotCoverVersion", "ReportType"].into_iter().any(attribute) => {
            Ok(ReportFormat::Dotcover)
        }
        "phpunit" if matches!(front.child, "build" | "project") => Ok(ReportFormat::PhpunitXml),
        _ => Err(other(root, &front)),
    }
}

fn other(root: &str, front: &Front<'_>) -> String {
    let known = match root {
        "phpunit" if front.child == "file" => "it is one file's part of PHPUnit's `--coverage-xml`; give its index.xml",
        "phpunit" => "it is PHPUnit's configuration; give what `--coverage-clover` or `--coverage-cobertura` writes",
        "testsuites" | "testsuite" => {
            "it is a JUnit test report, which says nothing of coverage; give the coverage report"
        }
        "test-run" | "test-results" => {
            "it is an NUnit test report, which says nothing of coverage; give the coverage report"
        }
        "assemblies" => "it is an xUnit test report, which says nothing of coverage; give the coverage report",
        "TestRun" => "it is a Visual Studio test report, which says nothing of coverage; give the coverage report",
        "results" if front.child == "modules" => {
            "it is Visual Studio's coverage XML; give what `dotnet-coverage merge -f cobertura` makes of it"
        }
        "CoverageDSPriv" => {
            "it is Visual Studio's coverage XML; give what `dotnet-coverage merge -f cobertura` makes of it"
        }
        "scoverage" => "it is scoverage's own XML; give its cobertura.xml",
        "mutations" => "it is a report of mutation tests, which says nothing of coverage; give the coverage report",
        name if name.eq_ignore_ascii_case("html") => {
            "it is a web page, not a report: an error page that was downloaded, or the report for people; give the XML, \
             JSON or LCOV file"
        }
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let name: String = root.chars().take(60).filter(|char| !char.is_control()).collect();
    match root {
        "" => "it begins as XML and has no root element in its first 64 KiB".to_owned(),
        "coverage" | "report" | "Root" => format!(
            "its root element `{name}` has neither the attributes nor the children of a coverage report; if it is one, name \
             its kind with `input-format`"
        ),
        _ => format!("it is XML with the root element `{name}`, which is no coverage report of a known kind"),
    }
}

fn doctype_name(doctype: &str) -> &str {
    let name = doctype.trim_start();
    &name[..name.find(|char: char| char.is_whitespace() || matches!(char, '[' | '>')).unwrap_or(name.len())]
}

impl<'x> Front<'x> {
    fn of(text: &'x str) -> Self {
        let mut front = Front::default();
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = after(comment, "-->");
            } else if rest.starts_with("<?") {
                rest = after(rest, "?>");
            } else if let Some(doctype) = strip_prefix_ignoring_case(rest, "<!doctype") {
                let end = doctype_end(doctype);
                front.doctype = &doctype[..end];
                rest = &doctype[end..];
            } else if rest.starts_with("<!") {
                rest = after(rest, ">");
            } else {
                let (name, attributes, after) = tag(&rest[1..]);
                if front.root.is_empty() {
                    (front.root, front.attributes) = (name, attributes);
                    if attributes.ends_with('/') {
                        break;
                    }
                } else {
                    // The root's closing tag is no child.
                    front.child = name;
                    break;
                }
                rest = after;
            }
        }
        front
    }
}

fn after<'x>(text: &'x str, end: &str) -> &'x str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

fn strip_prefix_ignoring_case<'x>(text: &'x str, prefix: &str) -> Option<&'x str> {
    let (front, rest) = text.split_at_checked(prefix.len())?;
    front.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Where a document type declaration ends: at the `>` that is in no quotes and no brackets.
fn doctype_end(doctype: &str) -> usize {
    let (mut quote, mut brackets) = (None, 0u32);
    for (at, byte) in doctype.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => brackets += 1,
            (None, b']') => brackets = brackets.saturating_sub(1),
            (None, b'>') if brackets == 0 => return at,
            _ => {}
        }
    }
    doctype.len()
}

/// A tag behind its `<`: its name without prefix, its attributes, and what comes after it.
fn tag(text: &str) -> (&str, &str, &str) {
    let mut quote = None;
    let end = text.bytes().position(|byte| match (quote, byte) {
        (Some(open), _) if open == byte => {
            quote = None;
            false
        }
        (Some(_), _) => false,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, byte) => byte == b'>',
    });
    let inside = &text[..end.unwrap_or(text.len())];
    let name_end = inside.find(|char: char| char.is_whitespace() || char == '/').unwrap_or(inside.len());
    let name = &inside[..name_end];
    let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
    (local, &inside[name_end..], end.map_or("", |end| &text[end + 1..]))
}
