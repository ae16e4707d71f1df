//! Playwright: positional arguments are regular expressions on absolute paths; `--test-list` (1.56 and later) names tests.
//!
//! Tried with Playwright 1.65. An expression between slashes is taken with its own flags, so without `i` it minds the
//! case; a bare one never does. The working directory is not known here, so an expression begins at a folder: it also
//! matches a path that ends in the whole of the unit's path, and then the test list is used. That list's paths are
//! relative to `testDir`, which stands in a program (`playwright.config.ts`): each unit gets a line for every folder that
//! `testDir` can be, when no two units can be meant by one line.

use super::selection::{Part, Selection};
use super::{EmptyShard, Runner, RunnerError, RunnerInput, RunnerOutput, names, unit};
use std::collections::{BTreeMap, BTreeSet};

const LIST_FILE: &str = "playwright_tests.txt";
const LIST_HEADER: &str =
    "# Playwright reads these paths relative to its testDir; there is a line for each folder that it can be.\n";

pub(super) fn prepare(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    let mut output =
        RunnerOutput { args: Vec::new(), files: Vec::new(), empty: EmptyShard::Passes, notices: Vec::new() };
    if selection.files.is_empty() {
        output.args.extend(["--pass-with-no-tests".to_owned(), "/$^/".to_owned()]);
        return Ok(output);
    }
    if selection.is_whole() && !ends_in_own_path(input, selection) {
        output.args.extend(selection.files.keys().map(|path| expression(path)));
        return Ok(output);
    }
    let list = test_list(input, selection)?;
    output.args.push(format!("--test-list={}/{LIST_FILE}", input.out_dir.trim_end_matches('/')));
    output.files.push((LIST_FILE.to_owned(), list.into_bytes()));
    output.notices.push("Playwright is told its tests by `--test-list`, which needs Playwright 1.56 or later and passes silently when nothing matches; `verify` names what did not run.".to_owned());
    Ok(output)
}

/// Matches exactly the absolute paths that end in this one.
fn expression(path: &str) -> String {
    let absolute = path.starts_with('/');
    let steps: Vec<&str> = names::components(path).into_iter().skip_while(|step| *step == "..").collect();
    let path = names::regex_escape(&steps.join("/"));
    format!("/{}\\/{path}$/", if absolute { "^" } else { "" })
}

/// Whether another shard's file ends in the path of one of ours, so that its expression would match it too.
fn ends_in_own_path(input: &RunnerInput<'_>, selection: &Selection<'_>) -> bool {
    let ours: BTreeSet<String> = selection.files.keys().map(|path| names::normalised(path)).collect();
    input.others.iter().any(|other| {
        let other = names::normalised(unit::UnitId::of(other).path);
        other.match_indices('/').any(|(at, _)| ours.contains(&other[at + 1..]))
    })
}

fn test_list(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<String, RunnerError> {
    let mut all: BTreeSet<String> = selection.files.keys().map(|path| names::normalised(path)).collect();
    all.extend(input.others.iter().map(|other| names::normalised(unit::UnitId::of(other).path)));
    let folders = possible_folders(&all);
    let mut meant: BTreeMap<&str, &str> = BTreeMap::new();
    for path in &all {
        for folder in &folders {
            let shown = below(path, folder);
            if let Some(other) = meant.insert(shown, path)
                && other != path
            {
                return Err(RunnerError::Collision {
                    runner: Runner::Playwright.name(),
                    unit: path.clone(),
                    other: other.to_owned(),
                    why: "its test list is relative to `testDir`, and one path ends in the other; rename one of the folders",
                });
            }
        }
    }
    let mut list = LIST_HEADER.to_owned();
    for (path, part) in &selection.files {
        let normalised = names::normalised(path);
        for shown in folders.iter().map(|folder| below(&normalised, folder)) {
            refuse_syntax(path, shown)?;
            match part {
                Part::Whole => list.push_str(&format!("{shown}\n")),
                Part::Some(titles) => {
                    titles.iter().for_each(|title| list.push_str(&format!("{shown} › {}\n", title.trim())))
                }
            }
        }
    }
    Ok(list)
}

/// The folders that hold all files, from the working directory down.
fn possible_folders(paths: &BTreeSet<String>) -> Vec<String> {
    let mut shared: Option<Vec<&str>> = None;
    for path in paths {
        let mut folders = names::components(path);
        folders.pop();
        let keep = shared
            .as_ref()
            .map_or(folders.len(), |shared| shared.iter().zip(&folders).take_while(|(a, b)| a == b).count());
        folders.truncate(keep);
        shared = Some(folders);
    }
    let shared = shared.unwrap_or_default();
    (0..=shared.len()).map(|depth| shared[..depth].iter().map(|folder| format!("{folder}/")).collect()).collect()
}

fn below<'p>(path: &'p str, folder: &str) -> &'p str {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_prefix(folder).unwrap_or(path)
}

/// A line is trimmed, `#` begins a comment, `[` a project's name, and `›` (or without one `>`) a title.
fn refuse_syntax(unit: &str, shown: &str) -> Result<(), RunnerError> {
    if shown.starts_with(['#', '[']) || shown.contains(['›', '>']) || shown.trim() != shown {
        return Err(RunnerError::Name {
            runner: Runner::Playwright.name(),
            unit: unit.to_owned(),
            why: "its test list takes `#` and `[` at the beginning of a path, and `›` and `>` in it, for syntax; rename the file or its folder",
        });
    }
    Ok(())
}
