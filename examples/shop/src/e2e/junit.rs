//! The JUnit report. PURE.
//!
//! The shape is the one that GitLab, Jenkins and dorny/test-reporter read: `testsuites` > `testsuite` (a flow file) >
//! `testcase` (a scenario), times in seconds with six decimals. A retried file has its scenarios once for each attempt,
//! as repeated test cases. The time of a suite is its wall time, so that it can exceed the sum of its cases.

#![warn(clippy::disallowed_methods)]

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::runner::{Case, FileResult, Outcome};

/// A number of nanoseconds as seconds with six decimals, rounded down.
pub fn seconds(time_ns: u64) -> String {
    format!("{}.{:06}", time_ns / 1_000_000_000, time_ns % 1_000_000_000 / 1_000)
}

/// The report over `results` as an XML document that ends with a line feed.
pub fn write(results: &[FileResult]) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    put(&mut writer, Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let time_ns = results.iter().map(FileResult::time_ns).sum();
    let cases = || results.iter().flat_map(reported);
    put(&mut writer, Event::Start(with_counts(BytesStart::new("testsuites"), "shop e2e", None, cases(), time_ns)));
    for result in results {
        let suite = with_counts(
            BytesStart::new("testsuite"),
            &result.name,
            Some(&result.path),
            reported(result),
            result.time_ns(),
        );
        put(&mut writer, Event::Start(suite));
        for case in reported(result) {
            test_case(&mut writer, result, case);
        }
        put(&mut writer, Event::End(BytesEnd::new("testsuite")));
    }
    put(&mut writer, Event::End(BytesEnd::new("testsuites")));
    let mut xml = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    xml.push('\n');
    xml
}

/// All cases of all attempts, but of the failed attempts before the last one only those that ran.
fn reported(result: &FileResult) -> impl Iterator<Item = &Case> {
    let last = result.attempts.len();
    let numbered = result.attempts.iter().zip(1..);
    numbered.flat_map(move |(attempt, number)| {
        attempt.cases.iter().filter(move |case| number == last || case.outcome != Outcome::Skipped)
    })
}

fn with_counts<'a>(
    mut element: BytesStart<'static>,
    name: &str,
    file: Option<&str>,
    cases: impl Iterator<Item = &'a Case>,
    time_ns: u64,
) -> BytesStart<'static> {
    let (mut tests, mut failures, mut errors, mut skipped) = (0_u64, 0_u64, 0_u64, 0_u64);
    for case in cases {
        tests += 1;
        match case.outcome {
            Outcome::Passed => {}
            Outcome::Failed { .. } => failures += 1,
            Outcome::Error { .. } => errors += 1,
            Outcome::Skipped => skipped += 1,
        }
    }
    attribute(&mut element, "name", name);
    if let Some(file) = file {
        attribute(&mut element, "file", file);
    }
    for (key, count) in [("tests", tests), ("failures", failures), ("errors", errors), ("skipped", skipped)] {
        attribute(&mut element, key, &count.to_string());
    }
    attribute(&mut element, "time", &seconds(time_ns));
    element
}

fn test_case(writer: &mut Writer<Vec<u8>>, result: &FileResult, case: &Case) {
    let mut element = BytesStart::new("testcase");
    attribute(&mut element, "classname", &result.class_name);
    attribute(&mut element, "name", &case.name);
    attribute(&mut element, "file", &result.path);
    attribute(&mut element, "line", &case.line.to_string());
    attribute(&mut element, "time", &seconds(case.time_ns));
    let (kind, line, messages) = match &case.outcome {
        Outcome::Passed => return put(writer, Event::Empty(element)),
        Outcome::Skipped => {
            put(writer, Event::Start(element));
            let mut skipped = BytesStart::new("skipped");
            attribute(&mut skipped, "message", "an earlier scenario of this file did not pass");
            put(writer, Event::Empty(skipped));
            return put(writer, Event::End(BytesEnd::new("testcase")));
        }
        Outcome::Failed { line, messages } => ("failure", line, messages),
        Outcome::Error { line, messages } => ("error", line, messages),
    };
    put(writer, Event::Start(element));
    let mut failure = BytesStart::new(kind);
    attribute(&mut failure, "message", messages.first().map_or("", String::as_str));
    attribute(&mut failure, "type", if kind == "failure" { "expectation" } else { "request" });
    put(writer, Event::Start(failure));
    let lines: Vec<String> = messages.iter().map(|message| format!("{}:{line}: {message}", result.path)).collect();
    put(writer, Event::Text(BytesText::new(&allowed(&lines.join("\n")))));
    put(writer, Event::End(BytesEnd::new(kind)));
    put(writer, Event::End(BytesEnd::new("testcase")));
}

fn attribute(element: &mut BytesStart<'static>, name: &'static str, value: &str) {
    element.push_attribute((name, allowed(value).as_str()));
}

/// `text` with the characters that XML 1.0 (section 2.2) forbids replaced.
fn allowed(text: &str) -> String {
    let is_allowed = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    text.chars().map(|letter| if is_allowed(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

fn put(writer: &mut Writer<Vec<u8>>, event: Event<'_>) {
    // Writing to memory can't fail.
    let _ = writer.write_event(event);
}

#[cfg(test)]
mod tests;
