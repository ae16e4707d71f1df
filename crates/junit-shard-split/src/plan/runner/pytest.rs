//! pytest: paths and node ids are arguments.
//!
//! Tried with pytest 9.2: a path that holds `[` is refused by pytest itself («path cannot contain [] parametrization»);
//! a session that collects nothing exits with 5, and has no option to pass.

use super::selection::{Part, Selection};
use super::{EmptyShard, Runner, RunnerError, RunnerInput, RunnerOutput, names};

pub(super) fn prepare(_input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    if let Some(path) = selection.files.keys().find(|path| path.contains('[')) {
        return Err(RunnerError::Name {
            runner: Runner::Pytest.name(),
            unit: (*path).to_owned(),
            why: "it takes what stands between brackets in an argument for a test's parameters; rename the file or its folder",
        });
    }
    let mut args = Vec::new();
    for (path, part) in &selection.files {
        let path = names::not_an_option(path);
        match part {
            Part::Whole => args.push(path),
            Part::Some(parts) => args.extend(parts.iter().map(|part| format!("{path}::{part}"))),
        }
    }
    if args.is_empty() {
        args.push("--version".to_owned());
    }
    Ok(RunnerOutput { args, files: Vec::new(), empty: EmptyShard::PrintsVersion, notices: Vec::new() })
}
