//! Which tests a JUnit report says were executed; read apart from the tool's own reader.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// Class and name of a test, and the file where the report has it.
pub type Case = (String, String, String);

/// Every test that was not skipped, with how often the report has it.
pub fn executed(report: &str) -> BTreeMap<Case, usize> {
    let mut cases = BTreeMap::new();
    let mut reader = Reader::from_str(report);
    let mut suites: Vec<String> = Vec::new();
    let mut open: Option<(Case, bool)> = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "testcase" => open = Some((case(&tag, &suites), false)),
            Event::Empty(tag) if tag.name().as_ref() == "testcase" => {
                *cases.entry(case(&tag, &suites)).or_default() += 1
            }
            Event::Start(tag) if tag.name().as_ref() == "testsuite" => suites.push(attribute(&tag, "name")),
            Event::End(tag) if tag.name().as_ref() == "testsuite" => drop(suites.pop()),
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "skipped" => {
                if let Some((_, is_skipped)) = &mut open {
                    *is_skipped = true;
                }
            }
            Event::End(tag) if tag.name().as_ref() == "testcase" => {
                if let Some((case, false)) = open.take() {
                    *cases.entry(case).or_default() += 1;
                }
            }
            Event::Eof => return cases,
            _ => {}
        }
    }
}

/// The suite's name stands in for a file that is not there; PHPUnit's outermost ones hold the shard's name and are no help.
fn case(tag: &BytesStart<'_>, suites: &[String]) -> Case {
    let file = attribute(tag, "file");
    let place = if file.is_empty() { suites.last().cloned().unwrap_or_default() } else { file };
    (attribute(tag, "classname"), attribute(tag, "name"), place)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.try_get_attribute(name).unwrap();
    found.map(|found| quick_xml::escape::unescape(&found.value).unwrap().into_owned()).unwrap_or_default()
}
