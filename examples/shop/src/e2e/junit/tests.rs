use proptest::prelude::*;
use quick_xml::Reader;

use super::*;
use crate::e2e::runner::Attempt;

fn case(name: &str, outcome: Outcome) -> Case {
    Case { name: name.to_owned(), line: 5, time_ns: 1_500_000, outcome }
}

fn failed(message: &str) -> Outcome {
    Outcome::Failed { line: 9, messages: vec![message.to_owned(), "second".to_owned()] }
}

fn file(attempts: Vec<Vec<Case>>) -> FileResult {
    let attempts = attempts.into_iter().map(|cases| Attempt { cases, time_ns: 2_000_000_999, requests: 3 });
    FileResult {
        path: "e2e/basket/add.toml".to_owned(),
        class_name: "basket.add".to_owned(),
        name: "Add".to_owned(),
        attempts: attempts.collect(),
    }
}

/// Names of all elements, in order; panics when the document is not well formed.
fn elements(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    attribute.unwrap();
                }
                names.push(element.name().as_ref().to_owned());
            }
            Event::Eof => return names,
            _ => {}
        }
    }
}

#[test]
fn a_report_has_this_shape() {
    let xml = write(&[file(vec![vec![
        case("a <b>", Outcome::Passed),
        case("c", failed("1 < 2 & \"x\"")),
        case("d", Outcome::Skipped),
    ]])]);
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop e2e" tests="3" failures="1" errors="0" skipped="1" time="2.000000">
  <testsuite name="Add" file="e2e/basket/add.toml" tests="3" failures="1" errors="0" skipped="1" time="2.000000">
    <testcase classname="basket.add" name="a &lt;b&gt;" file="e2e/basket/add.toml" line="5" time="0.001500"/>
    <testcase classname="basket.add" name="c" file="e2e/basket/add.toml" line="5" time="0.001500">
      <failure message="1 &lt; 2 &amp; &quot;x&quot;" type="expectation">e2e/basket/add.toml:9: 1 &lt; 2 &amp; &quot;x&quot;
e2e/basket/add.toml:9: second</failure>
    </testcase>
    <testcase classname="basket.add" name="d" file="e2e/basket/add.toml" line="5" time="0.001500">
      <skipped message="an earlier scenario of this file did not pass"/>
    </testcase>
  </testsuite>
</testsuites>
"#;
    assert_eq!(xml, expected);
}

#[test]
fn a_retried_file_repeats_its_cases_but_not_the_skipped_ones() {
    let first = vec![case("a", Outcome::Passed), case("b", failed("x")), case("c", Outcome::Skipped)];
    let second = vec![case("a", Outcome::Passed), case("b", Outcome::Passed), case("c", Outcome::Passed)];
    let result = file(vec![first, second]);
    assert!(result.has_passed());
    let xml = write(&[result]);
    assert_eq!(xml.matches("<testcase").count(), 5);
    assert!(xml.contains(r#"tests="5" failures="1" errors="0" skipped="0" time="4.000001""#), "{xml}");
}

#[test]
fn an_empty_run_is_a_valid_report() {
    assert_eq!(elements(&write(&[])), ["testsuites"]);
}

#[test]
fn a_request_that_got_no_response_is_an_error() {
    let xml = write(&[file(vec![vec![case("a", Outcome::Error { line: 7, messages: vec!["gone".to_owned()] })]])]);
    assert!(xml.contains(r#"<error message="gone" type="request">e2e/basket/add.toml:7: gone</error>"#), "{xml}");
    assert!(xml.contains(r#"failures="0" errors="1""#));
}

#[test]
fn seconds_have_six_decimals() {
    assert_eq!(seconds(0), "0.000000");
    assert_eq!(seconds(1_234_567_899), "1.234567");
    assert_eq!(seconds(u64::MAX), "18446744073.709551");
}

proptest! {
    #[test]
    fn any_text_gives_a_well_formed_report(text in any::<String>()) {
        let mut result = file(vec![vec![case(&text, failed(&text))]]);
        result.name = text.clone();
        result.path = text;
        let xml = write(&[result]);
        prop_assert_eq!(elements(&xml), ["testsuites", "testsuite", "testcase", "failure"]);
        prop_assert!(!xml.contains(|letter: char| letter < ' ' && !matches!(letter, '\t' | '\n' | '\r')));
    }
}
