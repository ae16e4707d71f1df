//! Jest: `--runTestsByPath`, without which positional arguments are regular expressions.
//!
//! Tried with Jest 30.5: `--runTestsByPath` without a path runs everything; a positional `$^` matches no path, and with
//! `--passWithNoTests` that exits with 0. Single tests are told by a test runner of ours around Jest's own, since
//! `--testNamePattern` is one pattern for all files.

use super::selection::Selection;
use super::{EmptyShard, Runner, RunnerError, RunnerInput, RunnerOutput, names, unit};
use std::collections::BTreeSet;

const RUNNER_FILE: &str = "jest_runner.cjs";
const TESTS_FILE: &str = "jest_tests.json";
const RUNNER: &str = include_str!("jest/jest_runner.cjs");

pub(super) fn prepare(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    selection.no_classes(Runner::Jest)?;
    let mut output =
        RunnerOutput { args: Vec::new(), files: Vec::new(), empty: EmptyShard::Passes, notices: Vec::new() };
    if selection.files.is_empty() {
        output.args.extend(["--passWithNoTests".to_owned(), "$^".to_owned()]);
        return Ok(output);
    }
    if !selection.is_whole() {
        refuse_collisions(input, selection)?;
        let patterns: serde_json::Map<String, serde_json::Value> =
            selection.parts().map(|(path, parts)| (names::normalised(path), pattern(parts).into())).collect();
        let folder = if input.out_dir.starts_with('/') {
            input.out_dir.to_owned()
        } else {
            format!("./{}", names::normalised(input.out_dir))
        };
        output.args.push(format!("--testRunner={folder}/{RUNNER_FILE}"));
        output.files.push((RUNNER_FILE.to_owned(), RUNNER.as_bytes().to_vec()));
        output.files.push((TESTS_FILE.to_owned(), format!("{:#}\n", serde_json::Value::Object(patterns)).into_bytes()));
        output.notices.push("Single tests are selected by a `testRunner` around jest-circus; a `testRunner` in your configuration is not used for this shard, and `rootDir` must be the working directory.".to_owned());
    }
    output.args.push("--runTestsByPath".to_owned());
    output.args.extend(selection.files.keys().map(|path| names::not_an_option(path)));
    Ok(output)
}

/// One expression for the tests of a file. Reports lose what kind of space stood in a name, and around it.
fn pattern(parts: &[&str]) -> String {
    let names: Vec<String> = parts.iter().map(|part| names::regex_escape(part.trim()).replace(' ', "\\s")).collect();
    format!("^\\s*(?:{})\\s*$", names.join("|"))
}

/// Jest compares names without regard to case.
fn refuse_collisions(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<(), RunnerError> {
    let folded: BTreeSet<(&str, String)> = selection
        .parts()
        .flat_map(|(path, parts)| parts.iter().map(move |part| (path, part.trim().to_lowercase())))
        .collect();
    for other in input.others {
        let id = unit::UnitId::of(other);
        let Some(part) = id.part else { continue };
        if folded.contains(&(id.path, part.trim().to_lowercase())) {
            return Err(RunnerError::Collision {
                runner: Runner::Jest.name(),
                unit: input
                    .units
                    .iter()
                    .find(|unit| unit.to_lowercase() == other.to_lowercase())
                    .cloned()
                    .unwrap_or_default(),
                other: (*other).to_owned(),
                why: "it compares names without regard to case; rename one",
            });
        }
    }
    Ok(())
}
