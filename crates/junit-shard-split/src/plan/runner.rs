//! What a shard's units become for a test runner: an argument list, and the files that the list names. PURE.
//!
//! What each runner does with its arguments was tried with the runner itself; `tests/it/runners` does so again. The three
//! rules that all of them obey: the runner executes exactly the shard's units and nothing else that the plan lists; what
//! it can't be told exactly is refused by name, never approximated; the arguments of an empty shard never mean «run
//! everything», which is what an empty argument list means to every runner.
#![warn(clippy::disallowed_methods)]

mod cypress;
mod jest;
mod names;
mod phpunit;
mod playwright;
mod pytest;
mod reporting;
mod rspec;
mod selection;
mod unit;
mod vitest;

pub use reporting::{ReportRequest, report_args, report_env, traps};
pub use unit::test_unit;

use crate::plan::lock::UnitKind;
use selection::Selection;

/// Linux refuses a single argument of 128 KiB or more (`MAX_ARG_STRLEN`, execve(2)), its closing NUL included.
pub const MAX_ARGUMENT_BYTES: usize = 128 * 1024 - 1;

/// Above this a notice offers the runner's own file form: shells, `xargs`, `docker run` and remote agents have limits that
/// are lower than the kernel's (`xargs` splits at 128 KiB into several commands, and each runs without the others' tests).
pub const LONG_LIST_BYTES: usize = 100 * 1024;

/// A test runner, as `--runner` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
#[value(rename_all = "kebab-case")]
pub enum Runner {
    /// PHPUnit, any version that reads `<testsuites>`: a configuration file with the shard's files
    Phpunit,
    /// Pest 2.24 or later: the files as arguments
    Pest,
    /// Jest: the files after `--runTestsByPath`
    Jest,
    /// Vitest: the files as filters, and what they would match besides as `--exclude`
    Vitest,
    /// pytest: files and node ids as arguments
    Pytest,
    /// Playwright: the files as anchored regular expressions, or a test list
    Playwright,
    /// Cypress: the files in one `--spec`
    Cypress,
    /// RSpec: files and example ids as arguments
    Rspec,
    /// Any other runner that takes paths: the units as they are
    Lines,
}

impl Runner {
    /// The name on the command line, such as `phpunit`.
    pub fn name(self) -> &'static str {
        match self {
            Runner::Phpunit => "phpunit",
            Runner::Pest => "pest",
            Runner::Jest => "jest",
            Runner::Vitest => "vitest",
            Runner::Pytest => "pytest",
            Runner::Playwright => "playwright",
            Runner::Cypress => "cypress",
            Runner::Rspec => "rspec",
            Runner::Lines => "lines",
        }
    }
}

/// What is needed to tell a runner its shard.
#[derive(Debug, Clone, Copy)]
pub struct RunnerInput<'a> {
    /// The shard's units, sorted: paths relative to the working directory with `/`, or `path::Class`,
    /// `path::Class::test` and `path::test` for finer ones; files and tests may be mixed.
    pub units: &'a [String],
    /// What the plan splits. It decides what `path::Name` is: a class, or (for `file` and `test`) a test.
    pub unit: UnitKind,
    /// The units of all other shards, in any order. Runners that select by patterns are kept from matching them.
    pub others: &'a [&'a str],
    /// 0-based.
    pub shard: usize,
    /// Path (relative to the working directory, or absolute) and text of the runner's configuration file, when there is
    /// one; only PHPUnit's is used.
    pub runner_config: Option<(&'a str, &'a str)>,
    /// The shard's folder, such as `.roadcrew/shard-3`, to which [`RunnerOutput::files`] are written; relative to the
    /// working directory, in which the runner will start, or absolute.
    pub out_dir: &'a str,
}

/// What to tell the runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerOutput {
    /// The arguments, each an element of its own, to be appended to the runner's command. None holds a line break or a
    /// NUL, and each fits into a process's arguments.
    pub args: Vec<String>,
    /// Files that the arguments name: name inside of [`RunnerInput::out_dir`], and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the arguments do when the shard has no units.
    pub empty: EmptyShard,
    /// What the user should know, each a sentence or two.
    pub notices: Vec<String>,
}

/// What a runner does with the arguments of an empty shard. `run` never starts the command then; this is for those who pass
/// `args.txt` on themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyShard {
    /// It runs no test and exits with 0; its report, if it writes one, has no test.
    Passes,
    /// It prints its version and exits with 0, since it knows no way to pass without a test; it writes no report.
    PrintsVersion,
    /// It prints its usage and exits with 0; it writes no report.
    PrintsUsage,
    /// There are no arguments, with which most runners run everything: ask the output `empty` before starting it.
    MustNotStart,
}

/// Why a runner can't be told its shard. All are the user's matter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunnerError {
    /// A name that an argument, or a file with one argument a line, can't hold.
    #[error("`{}` has a line break or a NUL in its name; rename it", .unit.escape_debug())]
    ControlCharacter {
        /// The unit.
        unit: String,
    },
    /// The runner can't be told a part of a file.
    #[error("{runner} cannot be told `{unit}`, which is a part of a file{hint}")]
    PartOfFile {
        /// The runner's name.
        runner: &'static str,
        /// The unit.
        unit: String,
        /// What to do, beginning with a separator; may be empty.
        hint: &'static str,
    },
    /// The runner can't be told this name.
    #[error("{runner} cannot be told `{unit}`: {why}")]
    Name {
        /// The runner's name.
        runner: &'static str,
        /// The unit.
        unit: String,
        /// Why not, and what to do.
        why: &'static str,
    },
    /// What selects one unit of the shard would select another one as well.
    #[error("{runner} cannot tell `{unit}` from `{other}`, which is not to run with it: {why}")]
    Collision {
        /// The runner's name.
        runner: &'static str,
        /// The unit that is to run.
        unit: String,
        /// The unit that would run too.
        other: String,
        /// Why, and what to do.
        why: &'static str,
    },
    /// One argument is longer than a process or the runner takes.
    #[error(
        "the argument `{argument}` for {runner} would take {bytes} bytes, but {limit} are the most it can have; use more shards{hint}"
    )]
    TooLong {
        /// The runner's name.
        runner: &'static str,
        /// The argument's name.
        argument: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
        /// What else to do, beginning with a separator; may be empty.
        hint: &'static str,
    },
    /// The runner's configuration file can't be used.
    #[error("{path}: {why}")]
    Config {
        /// As the user named it.
        path: String,
        /// 1-based.
        line: Option<u32>,
        /// What is wrong and what to do.
        why: String,
    },
    /// The shard's folder stands where no relative path leads back from.
    #[error("`{out_dir}` must be inside of the working directory, since {runner} reads `{path}` relative to it")]
    OutDir {
        /// The runner's name.
        runner: &'static str,
        /// The shard's folder.
        out_dir: String,
        /// What the runner reads.
        path: String,
    },
}

/// Whether single tests of a file can be told to the runner exactly, so that a slow file can be split. The ids are those
/// of [`test_unit`].
pub fn can_select_tests(runner: Runner) -> bool {
    match runner {
        Runner::Phpunit | Runner::Jest | Runner::Pytest | Runner::Playwright | Runner::Rspec => true,
        Runner::Pest | Runner::Vitest | Runner::Cypress | Runner::Lines => false,
    }
}

/// Whether single classes of a file can be told to the runner exactly.
pub fn can_select_classes(runner: Runner) -> bool {
    matches!(runner, Runner::Phpunit | Runner::Pytest | Runner::Playwright)
}

/// Makes the arguments and files. Errors: a unit that the runner can't be told exactly, a configuration file that can't be
/// used, or a folder from which no relative path leads back.
pub fn prepare(runner: Runner, input: &RunnerInput<'_>) -> Result<RunnerOutput, RunnerError> {
    if let Some(unit) = input.units.iter().find(|unit| names::has_line_break(unit)) {
        return Err(RunnerError::ControlCharacter { unit: unit.clone() });
    }
    let mut output = if runner == Runner::Lines {
        lines(input)
    } else {
        let selection = Selection::of(input.units, input.unit);
        match runner {
            Runner::Phpunit => phpunit::prepare(input, &selection),
            Runner::Pest => pest(&selection),
            Runner::Jest => jest::prepare(input, &selection),
            Runner::Vitest => vitest::prepare(input, &selection),
            Runner::Pytest => pytest::prepare(input, &selection),
            Runner::Playwright => playwright::prepare(input, &selection),
            Runner::Cypress => cypress::prepare(input, &selection),
            Runner::Rspec | Runner::Lines => rspec::prepare(input, &selection),
        }?
    };
    check_lengths(runner, &mut output)?;
    Ok(output)
}

/// Units as they are; only those that look like an option are kept from being one.
fn lines(input: &RunnerInput<'_>) -> RunnerOutput {
    RunnerOutput {
        args: input.units.iter().map(|unit| names::not_an_option(unit)).collect(),
        files: Vec::new(),
        empty: EmptyShard::MustNotStart,
        notices: Vec::new(),
    }
}

/// Pest reads phpunit.xml itself and, since it stands on PHPUnit 10.4, takes several paths. A generated configuration
/// file in another folder would not do: Pest's loader compares the paths of test files as text, and knows none by a path
/// with `..` in it (read in the source of Pest 3.5.0, `overrides/Runner/TestSuiteLoader.php`).
fn pest(selection: &Selection<'_>) -> Result<RunnerOutput, RunnerError> {
    selection.whole_files_only(Runner::Pest, "; split by file")?;
    let empty = selection.files.is_empty();
    let paths = selection.files.keys().map(|path| names::not_an_option(path));
    Ok(RunnerOutput {
        args: if empty { vec!["--version".to_owned()] } else { paths.collect() },
        files: Vec::new(),
        empty: EmptyShard::PrintsVersion,
        notices: Vec::new(),
    })
}

fn check_lengths(runner: Runner, output: &mut RunnerOutput) -> Result<(), RunnerError> {
    if let Some(long) = output.args.iter().find(|arg| arg.len() > MAX_ARGUMENT_BYTES) {
        return Err(RunnerError::TooLong {
            runner: runner.name(),
            argument: "PATH",
            bytes: long.len(),
            limit: MAX_ARGUMENT_BYTES,
            hint: "",
        });
    }
    let total_bytes: usize = output.args.iter().map(|arg| arg.len() + 1).sum();
    if total_bytes > LONG_LIST_BYTES {
        let instead = match runner {
            Runner::Pytest => "; pytest 8.2 and later read them from a file: `pytest @args.txt`",
            Runner::Phpunit => "; split by class or by file, which takes no argument a unit",
            _ => "; start the runner by `run`, which needs no shell, or use more shards",
        };
        output.notices.push(format!(
            "The arguments take {} KiB, more than some shells and `xargs` pass on in one command{instead}.",
            total_bytes / 1024
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
