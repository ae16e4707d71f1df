//! What must hold for any bytes that are given as a smoke suite; used by the fuzz target and by the replay of its corpus.

use kit_probe::suite::{MAX_STEPS, Suite, SuiteError, parse};
use std::collections::BTreeMap;

/// Values that a service may send for the next step.
const VALUES: [&str; 5] = ["x", "a\r\nHost: b", "(((", "../..", "{{name}}"];

fn one_line(error: &SuiteError, lines: usize) {
    assert!(!error.why.is_empty() && !error.why.contains('\n'), "{error:?}");
    assert!(error.why.chars().count() <= 1000, "{error:?}");
    assert!(error.line.is_none_or(|line| line >= 1 && line as usize <= lines), "{error:?} of {lines}");
}

/// Reading never panics; an error is one line at a line of the file; every name has a value; whatever the values, a pattern stays
/// one. Gives the suite when it can be read.
pub fn check(data: &[u8]) -> Option<Suite> {
    let text = std::str::from_utf8(data).ok()?;
    let lines = text.split('\n').count();
    let mut suite = match parse(text) {
        Ok(suite) => suite,
        Err(error) => {
            one_line(&error, lines);
            return None;
        }
    };
    assert!((1..=MAX_STEPS).contains(&suite.steps.len()));
    let mut names: Vec<&str> = suite.steps.iter().map(|step| step.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), suite.steps.len(), "two steps of one name");
    if let Err(error) = suite.clone().resolve(|_| None) {
        one_line(&error, lines);
    }
    suite.resolve(|name| Some(name.to_owned())).expect("every variable has a value");
    assert!(suite.secret_values().len() <= suite.secrets.len());
    for value in VALUES {
        values(&suite, value);
    }
    for tag in suite.steps.iter().flat_map(|step| &step.tags).take(5) {
        let mut chosen = suite.clone();
        chosen.select(std::slice::from_ref(tag)).expect("the tag is there");
        assert!(!chosen.steps.is_empty());
        values(&chosen, "x");
    }
    Some(suite)
}

fn values(suite: &Suite, value: &str) {
    let mut values: BTreeMap<String, String> = suite.variables.clone();
    for step in &suite.steps {
        if let Err(why) = step.expectations(&values) {
            let known = ["longer than", "became empty", "more than", "digits"];
            assert!(known.iter().any(|word| why.contains(word)), "{}: {why}", step.name);
        }
        values.extend(step.captures.iter().map(|capture| (capture.name.clone(), value.to_owned())));
    }
}
