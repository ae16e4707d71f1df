//! Vitest: positional arguments are looked for anywhere in the path, without regard to case: `a.test.ts` runs
//! `data.test.ts` too, and nothing makes them exact (tried with Vitest 4.1 and 5.1; absolute paths are made relative
//! first). So what the filters match besides, of all that the plan lists, is taken out by `--exclude`, which adds to the
//! configuration's own.

use super::selection::Selection;
use super::{EmptyShard, Runner, RunnerError, RunnerInput, RunnerOutput, names, unit};
use std::collections::{BTreeSet, HashSet};

/// No path holds it, so that an empty shard matches nothing.
const NO_FILE: &str = "::this-shard-is-empty::";

pub(super) fn prepare(input: &RunnerInput<'_>, selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    selection.whole_files_only(Runner::Vitest, "; split by file")?;
    let mut output =
        RunnerOutput { args: Vec::new(), files: Vec::new(), empty: EmptyShard::Passes, notices: Vec::new() };
    if selection.files.is_empty() {
        output.args.extend(["--passWithNoTests".to_owned(), NO_FILE.to_owned()]);
        return Ok(output);
    }
    if let Some(path) = selection.files.keys().find(|path| is_file_and_line(path)) {
        return Err(RunnerError::Name {
            runner: Runner::Vitest.name(),
            unit: (*path).to_owned(),
            why: "it takes the number behind the last colon for a line; rename the file",
        });
    }
    let paths: Vec<String> = selection.files.keys().map(|path| names::normalised(path)).collect();
    let excluded = matched_besides(&paths, input.others);
    if !excluded.is_empty() {
        output.notices.push(format!(
            "Vitest's filters match parts of paths: {} file(s) of other shards are taken out by `--exclude`, relative to Vitest's `root` (or `dir`), which must be the working directory.",
            excluded.len()
        ));
    }
    output.args.extend(excluded.iter().map(|path| format!("--exclude={}", glob_escape(path))));
    output.args.extend(paths.iter().map(|path| names::not_an_option(path)));
    Ok(output)
}

fn is_file_and_line(path: &str) -> bool {
    path.rsplit_once(':').is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()))
}

/// The other shards' files that hold one of the filters somewhere, sorted. For each file every stretch that is as long as
/// some filter is looked up, so that the work grows with the files and not with their product with the filters.
fn matched_besides<'o>(filters: &[String], others: &[&'o str]) -> BTreeSet<&'o str> {
    let folded: HashSet<String> = filters.iter().map(|filter| filter.to_lowercase()).collect();
    let lengths: BTreeSet<usize> = filters.iter().map(|filter| filter.to_lowercase().len()).collect();
    let own: HashSet<&str> = filters.iter().map(String::as_str).collect();
    let matched = |path: &str| {
        let path = path.to_lowercase();
        lengths.iter().any(|length| {
            path.char_indices()
                .any(|(begin, _)| path.get(begin..begin + length).is_some_and(|part| folded.contains(part)))
        })
    };
    let paths = others.iter().map(|other| unit::UnitId::of(other).path);
    paths.filter(|path| !own.contains(path) && matched(path)).collect()
}

/// The glob that matches this path only.
fn glob_escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 4);
    for c in path.chars() {
        if matches!(c, '\\' | '*' | '?' | '[' | ']' | '{' | '}' | '(' | ')' | '!' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_that_hold_a_filter_are_found_in_any_case() {
        let others =
            ["src/tests/a.test.ts", "tests/A.TEST.ts", "tests/b.test.ts", "tests/a.test.tsx", "tests/ä.test.ts"];
        let found = matched_besides(&["tests/a.test.ts".to_owned()], &others);
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["src/tests/a.test.ts", "tests/A.TEST.ts", "tests/a.test.tsx"]
        );
    }
}
