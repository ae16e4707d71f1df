//! RSpec: paths, `path:LINE` and `path[1:2]` are arguments; single tests are told by a file that is required first.
//!
//! Tried with RSpec 3.12. JUnit reports of RSpec have no example ids, only full descriptions, and `--example` is global:
//! the same description in another file of the shard would run too. So a generated file leaves out, of the files that
//! are split, every example whose description is not the shard's. A filter on inclusion would not do: RSpec treats
//! `full_description` there as one that stands alone and forgets all others.

use super::selection::{Part, Selection};
use super::{EmptyShard, Runner, RunnerError, RunnerInput, RunnerOutput, names};

const FILTER_FILE: &str = "rspec_tests.rb";
const TESTS_FILE: &str = "rspec_tests.json";
const FILTER: &str = include_str!("rspec/rspec_tests.rb");

pub(super) fn prepare(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    selection.no_classes(Runner::Rspec)?;
    let mut output =
        RunnerOutput { args: Vec::new(), files: Vec::new(), empty: EmptyShard::PrintsVersion, notices: Vec::new() };
    if selection.files.is_empty() {
        output.args.push("--version".to_owned());
        return Ok(output);
    }
    let tests: serde_json::Map<String, serde_json::Value> =
        selection.parts().map(|(path, parts)| (names::normalised(path), serde_json::json!(parts))).collect();
    if !tests.is_empty() {
        let folder = if input.out_dir.starts_with('/') {
            input.out_dir.to_owned()
        } else {
            format!("./{}", names::normalised(input.out_dir))
        };
        output.args.extend(["--require".to_owned(), format!("{folder}/{FILTER_FILE}")]);
        output.files.push((FILTER_FILE.to_owned(), FILTER.as_bytes().to_vec()));
        output.files.push((TESTS_FILE.to_owned(), format!("{:#}\n", serde_json::Value::Object(tests)).into_bytes()));
    }
    output.args.extend(selection.files.iter().map(|(path, part)| match part {
        Part::Whole | Part::Some(_) => names::not_an_option(path),
    }));
    Ok(output)
}
