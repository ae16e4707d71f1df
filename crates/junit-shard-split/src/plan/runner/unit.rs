//! Unit ids, and how a report's entry becomes one.

use super::Runner;

/// A unit's two halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnitId<'a> {
    /// The file.
    pub path: &'a str,
    /// What stands behind the first `::`; `None` for a whole file.
    pub part: Option<&'a str>,
}

impl<'a> UnitId<'a> {
    /// Splits at the first `::`: paths never hold it in practice (on Windows they can't), names of tests do.
    pub fn of(unit: &'a str) -> Self {
        match unit.split_once("::") {
            Some((path, part)) if !path.is_empty() && !part.is_empty() => UnitId { path, part: Some(part) },
            _ => UnitId { path: unit, part: None },
        }
    }
}

/// The id of a single test, from the file that a report's entry was matched to and the entry's own `classname` (or `class`)
/// and `name`, in the form that [`super::prepare`] understands:
///
/// | runner | id |
/// | --- | --- |
/// | pytest | `path::Class::test[parameters]`, the class taken from the dotted classname behind the module's name |
/// | phpunit | `path::Name\Space\Class::method with data set "x"`, the dots of `classname` made into backslashes |
/// | jest | `path::describe titles and test title`, as jest-junit writes `name` by default |
/// | playwright | `path::describe › test` |
/// | rspec | `path::full description` |
///
/// `None` when the runner can't select tests, or the entry's name is empty.
pub fn test_unit(runner: Runner, path: &str, classname: Option<&str>, name: &str) -> Option<String> {
    let name = name.trim();
    if !super::can_select_tests(runner) || name.is_empty() {
        return None;
    }
    let class = match (runner, classname) {
        (Runner::Phpunit, Some(class)) if !class.is_empty() => Some(class.replace('.', "\\")),
        (Runner::Pytest, Some(class)) => classes_behind_module(path, class),
        _ => None,
    };
    Some(match class {
        Some(class) => format!("{path}::{class}::{name}"),
        None => format!("{path}::{name}"),
    })
}

/// `TestA::TestInner` of `tests.test_a.TestA.TestInner` in `backend/tests/test_a.py`: pytest puts the path, dots for
/// slashes, before the classes. The module's own name may hold dots, and the path in the classname may begin further down
/// than the listed one, so the longest end of the path that the classname begins with is taken off.
fn classes_behind_module(path: &str, classname: &str) -> Option<String> {
    let module = path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
    let begins = std::iter::once(0).chain(module.match_indices('.').map(|(at, _)| at + 1));
    let classes = begins.filter_map(|begin| classname.strip_prefix(&module[begin..])).find_map(|rest| match rest {
        "" => Some(""),
        rest => rest.strip_prefix('.'),
    })?;
    (!classes.is_empty()).then(|| classes.replace('.', "::"))
}
