//! `--filter`: one regular expression over `Name\Space\Class::method with data set …`, for all files of the shard.

use crate::plan::lock::UnitKind;
use crate::plan::runner::selection::{Part, Selection};
use crate::plan::runner::{Runner, RunnerError, names};
use std::collections::BTreeMap;

/// The longest expression. PCRE can't compile one of more than 64 KiB of its own code, which is reached at 28,880 bytes of
/// short names and later with others; PHPUnit (9.6 and 11.5) then executes no test and exits with 0.
const MAX_FILTER_BYTES: usize = 24_000;

/// What runs of a class.
#[derive(Debug)]
enum Tests<'a> {
    All,
    Some(Vec<&'a str>),
}

/// The expression, or `None` when all files run whole.
pub(super) fn filter(selection: &Selection<'_>) -> Result<Option<String>, RunnerError> {
    if selection.is_whole() {
        return Ok(None);
    }
    let mut classes: BTreeMap<String, (&str, Tests<'_>)> = BTreeMap::new();
    for (path, part) in &selection.files {
        match part {
            Part::Whole => add(&mut classes, path, class_of_file(path), Tests::All)?,
            Part::Some(parts) => {
                for part in parts {
                    let (class, tests) = class_and_test(path, part, selection.kind);
                    add(&mut classes, path, class, tests)?;
                }
            }
        }
    }
    refuse_ambiguous(&classes)?;
    let alternatives: Vec<String> = classes.iter().map(|(class, (_, tests))| expression(class, tests)).collect();
    let filter = format!("/^(?:{})$/", alternatives.join("|"));
    if filter.len() > MAX_FILTER_BYTES {
        return Err(RunnerError::TooLong {
            runner: Runner::Phpunit.name(),
            argument: "--filter",
            bytes: filter.len(),
            limit: MAX_FILTER_BYTES,
            hint: ", or split by class or by file",
        });
    }
    Ok(Some(filter))
}

/// PHPUnit demands that a file's class bears the file's name.
fn class_of_file(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name).to_owned()
}

/// A part is `Class`, `Class::method` or `method`; classes may be written with dots, as reports do.
fn class_and_test<'a>(path: &str, part: &'a str, kind: UnitKind) -> (String, Tests<'a>) {
    let named = |class: &str| class.trim_start_matches('\\').replace('.', "\\");
    // Names of data sets may hold `::`; class names can't.
    match (part.split_once("::"), kind) {
        (Some((class, test)), _) => (named(class), Tests::Some(vec![test])),
        (None, UnitKind::Class) => (named(part), Tests::All),
        (None, UnitKind::File | UnitKind::Test) => (class_of_file(path), Tests::Some(vec![part])),
    }
}

fn add<'a>(
    classes: &mut BTreeMap<String, (&'a str, Tests<'a>)>,
    path: &'a str,
    class: String,
    tests: Tests<'a>,
) -> Result<(), RunnerError> {
    match (classes.get_mut(&class), tests) {
        (None, tests) => drop(classes.insert(class, (path, tests))),
        (Some((known, _)), _) if *known != path => return Err(ambiguous(known, path)),
        (Some((_, known)), Tests::All) => *known = Tests::All,
        (Some((_, Tests::Some(known))), Tests::Some(tests)) => known.extend(tests),
        (Some((_, Tests::All)), Tests::Some(_)) => {}
    }
    Ok(())
}

/// A class without its namespace stands for every class of that name.
fn refuse_ambiguous(classes: &BTreeMap<String, (&str, Tests<'_>)>) -> Result<(), RunnerError> {
    for (class, (path, _)) in classes.iter().filter(|(class, _)| class.contains('\\')) {
        let short = class.rsplit('\\').next().unwrap_or(class);
        if let Some((other, _)) = classes.get(short)
            && other != path
        {
            return Err(ambiguous(path, other));
        }
    }
    Ok(())
}

fn ambiguous(path: &str, other: &str) -> RunnerError {
    RunnerError::Collision {
        runner: Runner::Phpunit.name(),
        unit: path.to_owned(),
        other: other.to_owned(),
        why: "both have a class of this name; list units of both with the namespace, as `path::Name\\Space\\Class::method`, or split by file",
    }
}

fn expression(class: &str, tests: &Tests<'_>) -> String {
    let name = names::regex_escape(class);
    // Where the namespace isn't known any will do; a listed one must be all of it.
    let class = if class.contains('\\') { name } else { format!("(?:.*\\\\)?{name}") };
    match tests {
        Tests::All => format!("{class}::.*"),
        Tests::Some(tests) => {
            let tests: Vec<String> = tests.iter().map(|test| method(test)).collect();
            format!("{class}::(?:{})", tests.join("|"))
        }
    }
}

/// A method stands for all of its data sets unless one is named.
fn method(test: &str) -> String {
    let name = names::regex_escape(test);
    if test.contains(" with data set ") { name } else { format!("{name}(?: with data set .*)?") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter_of(units: &[&str], kind: UnitKind) -> Result<Option<String>, RunnerError> {
        let units: Vec<String> = units.iter().map(|unit| (*unit).to_owned()).collect();
        filter(&Selection::of(&units, kind))
    }

    #[test]
    fn whole_files_need_no_filter() {
        assert_eq!(filter_of(&["tests/ATest.php"], UnitKind::File), Ok(None));
    }

    #[test]
    fn tests_and_whole_files_are_told_in_one_expression() {
        let filter = filter_of(
            &[
                "tests/ATest.php",
                "tests/BTest.php::App\\BTest::testA",
                "tests/BTest.php::App\\BTest::testB with data set \"x::y\"",
            ],
            UnitKind::File,
        );
        assert_eq!(
            filter.unwrap().unwrap(),
            r#"/^(?:(?:.*\\)?ATest::.*|App\\BTest::(?:testA(?: with data set .*)?|testB with data set "x::y"))$/"#
        );
    }

    #[test]
    fn classes_are_told_with_all_their_tests() {
        assert_eq!(filter_of(&["tests/A.php::App.A"], UnitKind::Class).unwrap().unwrap(), r"/^(?:App\\A::.*)$/");
    }

    #[test]
    fn equal_class_names_in_two_files_are_refused() {
        assert!(matches!(
            filter_of(&["tests/Feature/ATest.php", "tests/Unit/ATest.php::testA"], UnitKind::File),
            Err(RunnerError::Collision { .. })
        ));
        assert!(matches!(
            filter_of(&["tests/Feature/ATest.php", "tests/Unit/ATest.php::Unit\\ATest::testA"], UnitKind::File),
            Err(RunnerError::Collision { .. })
        ));
        assert!(filter_of(&["a/ATest.php::F\\ATest::testA", "b/ATest.php::U\\ATest::testA"], UnitKind::Test).is_ok());
    }

    #[test]
    fn an_expression_that_phpunit_would_silently_drop_is_refused() {
        let units: Vec<String> = (0..2000).map(|n| format!("tests/ATest.php::ATest::testNumber{n:05}")).collect();
        assert!(matches!(
            filter(&Selection::of(&units, UnitKind::Test)),
            Err(RunnerError::TooLong { argument: "--filter", .. })
        ));
    }
}
