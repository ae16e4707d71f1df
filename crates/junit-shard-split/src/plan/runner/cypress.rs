//! Cypress: one `--spec` with globs between commas.
//!
//! Read in Cypress's documentation and issues, not tried, since its program comes from a server of its own: names with
//! brackets, braces or parentheses are read as globs and not found (cypress-io/cypress#20175, #22865, #28509), and once a
//! bracket is in the list, escaped or not, it is cut at wrong commas (#20794). So every character with a meaning is
//! replaced by `?`, which stands for any one character, and a name that such a pattern can't tell from another is refused.

use super::selection::Selection;
use super::{EmptyShard, MAX_ARGUMENT_BYTES, Runner, RunnerError, RunnerInput, RunnerOutput, names, unit};
use std::collections::BTreeMap;

pub(super) fn prepare(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    selection.whole_files_only(Runner::Cypress, "; split by file")?;
    if selection.files.is_empty() {
        let args = vec!["--help".to_owned()];
        return Ok(RunnerOutput { args, files: Vec::new(), empty: EmptyShard::PrintsUsage, notices: Vec::new() });
    }
    refuse_collisions(input, selection)?;
    let specs: Vec<String> = selection.files.keys().map(|path| pattern(&names::not_an_option(path))).collect();
    let list = specs.join(",");
    if list.len() > MAX_ARGUMENT_BYTES {
        return Err(RunnerError::TooLong {
            runner: Runner::Cypress.name(),
            argument: "--spec",
            bytes: list.len(),
            limit: MAX_ARGUMENT_BYTES,
            hint: "",
        });
    }
    let args = vec!["--spec".to_owned(), list];
    Ok(RunnerOutput { args, files: Vec::new(), empty: EmptyShard::PrintsUsage, notices: Vec::new() })
}

/// The glob that matches this path and those that differ from it in special characters only.
fn pattern(path: &str) -> String {
    let special = |c: char| {
        matches!(c, ',' | '[' | ']' | '{' | '}' | '(' | ')' | '*' | '?' | '!' | '+' | '@' | '|' | '\\')
            || c.is_whitespace()
    };
    path.chars().map(|c| if special(c) { '?' } else { c }).collect()
}

/// Whether the pattern matches the path: equal but for `?`, which stands for any character but `/`.
fn matches(pattern: &str, path: &str) -> bool {
    let mut path = path.chars();
    pattern.chars().all(|p| path.next().is_some_and(|c| p == c || (p == '?' && c != '/'))) && path.next().is_none()
}

/// Patterns with `?` are few; those of the other shards' files that have as many characters are compared one by one.
fn refuse_collisions(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<(), RunnerError> {
    let mut by_length: BTreeMap<usize, Vec<(&str, String)>> = BTreeMap::new();
    for path in selection.files.keys() {
        let pattern = pattern(path);
        if pattern != *path {
            by_length.entry(path.chars().count()).or_default().push((path, pattern));
        }
    }
    if by_length.is_empty() {
        return Ok(());
    }
    for other in input.others.iter().map(|other| unit::UnitId::of(other).path) {
        let candidates = by_length.get(&other.chars().count()).map_or(&[][..], Vec::as_slice);
        if let Some((path, _)) = candidates.iter().find(|(_, pattern)| matches(pattern, other)) {
            return Err(RunnerError::Collision {
                runner: Runner::Cypress.name(),
                unit: (*path).to_owned(),
                other: other.to_owned(),
                why: "`--spec` takes globs between commas, and the two names differ only in characters that mean something there; rename one",
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_its_own_path_and_no_folder_more() {
        assert_eq!(pattern("e2e/[id]/a b(1).cy.ts"), "e2e/?id?/a?b?1?.cy.ts");
        assert!(matches("e2e/?id?/a.cy.ts", "e2e/[id]/a.cy.ts"));
        assert!(!matches("e2e?a.cy.ts", "e2e/a.cy.ts"));
        assert!(!matches("a?", "a"));
        assert!(!matches("a", "ab"));
    }
}
