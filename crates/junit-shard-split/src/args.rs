//! The inputs and outputs, declared once. What was typed is here; what it means is in [`options`].

pub mod numbers;
pub mod options;

use crate::plan::lock::UnitKind;
use crate::plan::runner::Runner;
use clap::{Args, Parser, Subcommand, ValueEnum};
use kit_host::OutputDeclaration;

/// Which tests does this worker run, so that all workers finish together, none is forgotten and none runs twice?
#[derive(Debug, Parser)]
#[command(about, long_about = None, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the tests of one shard
    Shard(ShardArguments),
    /// Take a shard and run a command with its tests, leaving a receipt for `verify`
    Run(RunArguments),
    /// Decide all shards at once and lock them in a plan file
    Plan(PlanArguments),
    /// Say which report entry gave which file its time, and why the others gave none
    Explain(ExplainArguments),
    /// Fold reports into a timing store
    Record(RecordArguments),
    /// Make one JUnit report of all shards' reports
    Merge(MergeArguments),
    /// Judge the whole suite: every planned test ran exactly once, and none failed
    Verify(VerifyArguments),
}

/// Which tests there are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Tests")]
pub struct TestsArguments {
    /// Globs of the test files, relative to the working directory; `**` crosses folders
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub tests: Vec<String>,
    /// File that lists the tests, one a line or NUL-separated; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub tests_from: Option<String>,
    /// Globs of test files to leave out
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub exclude: Vec<String>,
    /// What is split: files, classes or single tests; classes and tests come from the list or from the timings
    #[arg(long, value_enum, default_value = "file")]
    pub unit: UnitKind,
}

/// How long they take.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Timings")]
pub struct TimingsArguments {
    /// JUnit reports of an earlier run: files, globs or folders
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub timings: Vec<String>,
    /// Timing store, as `record` keeps it
    #[arg(long, value_name = "FILE")]
    pub store: Option<String>,
    /// Class of machine whose timings in the store count
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub machine: String,
    /// Go on without reports that cannot be read, naming each
    #[arg(long)]
    pub skip_unreadable: bool,
}

/// How to decide.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Plan")]
pub struct PlanningArguments {
    /// Number of shards; the CI's own number of parallel workers when it has one
    #[arg(long, value_name = "N")]
    pub shards: Option<String>,
    /// Share of the tests that must have timings once there are any, such as 0.9 or 90%; below it the split is unproven
    #[arg(long, value_name = "SHARE", default_value = "50%")]
    pub min_known: String,
    /// Seconds that every shard spends before its first test
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    pub setup_s: String,
    /// Seconds that every file costs on top of its reported time
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    pub file_overhead_s: String,
    /// Plan to start from, moving as few tests as possible
    #[arg(long, value_name = "FILE")]
    pub previous_plan: Option<String>,
    /// How much longer than the best the longest shard may take when that moves fewer tests
    #[arg(long, value_name = "SHARE", default_value = "1%")]
    pub stay_within: String,
    /// Split a file that takes longer than a fair shard by its tests; the runner must be one that can select tests
    #[arg(long)]
    pub split_slow_files: bool,
}

/// Which worker this is, and what it gets.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Shard")]
pub struct WorkerArguments {
    /// Index of this shard, from 0; the CI's own index of this worker when it has one
    #[arg(long, value_name = "I")]
    pub shard: Option<String>,
    /// Plan file to take the shard from, as `plan` wrote it
    #[arg(long, value_name = "FILE")]
    pub plan: Option<String>,
    /// Test runner that the arguments are for
    #[arg(long, value_enum, default_value = "lines")]
    pub runner: Runner,
    /// The runner's configuration file, such as phpunit.xml, when it is not at its usual place
    #[arg(long, value_name = "FILE")]
    pub runner_config: Option<String>,
    /// Folder for files.txt, args.txt, the receipt and the runner's configuration; the shard's number is added
    #[arg(long, value_name = "DIR", default_value = ".roadcrew")]
    pub out_dir: String,
}

/// How the list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One a line
    Lines,
    /// Each followed by a NUL
    Nul,
    /// A JSON array
    Json,
    /// The argument list of the runner, one argument a line
    Args,
}

/// `shard`
#[derive(Debug, Args)]
pub struct ShardArguments {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub tests: TestsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub timings: TimingsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub planning: PlanningArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub worker: WorkerArguments,
    /// How the shard's tests are printed
    #[arg(long, value_enum, default_value = "lines", help_heading = "Shard")]
    pub format: Format,
    /// Write what is printed to FILE too
    #[arg(long, value_name = "FILE", help_heading = "Shard")]
    pub out: Option<String>,
}

/// `run`
#[derive(Debug, Args)]
pub struct RunArguments {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub tests: TestsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub timings: TimingsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub planning: PlanningArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub worker: WorkerArguments,
    /// The command; `{files}` or `{args}` is where the arguments go, else they are appended; `{shard}` is the index and
    /// `{dir}` the shard's folder
    #[arg(last = true, value_name = "COMMAND")]
    pub exec: Vec<std::ffi::OsString>,
}

/// `plan`
#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub tests: TestsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub timings: TimingsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub planning: PlanningArguments,
    /// Plan file to write
    #[arg(long, value_name = "FILE", help_heading = "Shard")]
    pub plan: Option<String>,
    /// Choose the number of shards so that each takes at most this long
    #[arg(long, value_name = "SECONDS", help_heading = "Plan")]
    pub target_s: Option<String>,
    /// The most shards that `target-s` may choose
    #[arg(long, value_name = "N", default_value = "20", help_heading = "Plan")]
    pub max_shards: String,
    /// Test runner, for `split-slow-files`
    #[arg(long, value_enum, default_value = "lines", help_heading = "Shard")]
    pub runner: Runner,
}

/// `explain`
#[derive(Debug, Args)]
pub struct ExplainArguments {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub tests: TestsArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub timings: TimingsArguments,
    /// Test runner, to be told the traps that its reports are known for
    #[arg(long, value_enum, default_value = "lines", help_heading = "Shard")]
    pub runner: Runner,
}

/// `record`
#[derive(Debug, Args)]
pub struct RecordArguments {
    /// JUnit reports of one run: files, globs or folders
    #[arg(value_name = "REPORTS", num_args = 0..)]
    pub reports: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group's own documentation says it")]
    pub tests: TestsArguments,
    /// Timing store to create or to fold into
    #[arg(long, value_name = "FILE", help_heading = "Timings")]
    pub store: Option<String>,
    /// Class of machine that the reports come from
    #[arg(long, value_name = "NAME", default_value = "default", help_heading = "Timings")]
    pub machine: String,
    /// Runs that the store keeps of each file
    #[arg(long, value_name = "N", default_value = "10", help_heading = "Timings")]
    pub keep_runs: String,
    /// Name of this run; the CI's own run id when it has one, else a digest of the reports
    #[arg(long, value_name = "ID", help_heading = "Timings")]
    pub run_id: Option<String>,
    /// Leave out samples that tell nothing new (within 10 % or 100 ms of the median), so that a committed store changes
    /// only when a test's time does
    #[arg(long, help_heading = "Timings")]
    pub only_changes: bool,
    /// Other stores to merge in
    #[arg(long, value_name = "FILE", num_args = 1.., action = clap::ArgAction::Append, help_heading = "Timings")]
    pub merge_store: Vec<String>,
    /// Go on without reports that cannot be read, naming each
    #[arg(long, help_heading = "Timings")]
    pub skip_unreadable: bool,
    /// Decide and report, but write nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `merge`
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// JUnit reports of all shards: files, globs or folders
    #[arg(value_name = "REPORTS", num_args = 0..)]
    pub reports: Vec<String>,
    /// Write the merged report to FILE
    #[arg(long, value_name = "FILE", help_heading = "Shard")]
    pub out: Option<String>,
    /// How many of the slowest tests are listed
    #[arg(long, value_name = "N", default_value = "10", help_heading = "Reports")]
    pub slowest: String,
    /// Go on without reports that cannot be read, naming each
    #[arg(long, help_heading = "Timings")]
    pub skip_unreadable: bool,
}

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// JUnit reports and receipts of all shards: files, globs or folders
    #[arg(value_name = "REPORTS", num_args = 0..)]
    pub reports: Vec<String>,
    /// Plan file that the shards used
    #[arg(long, value_name = "FILE", help_heading = "Shard")]
    pub plan: Option<String>,
    /// Where the receipts are, when not among the reports: files, globs or folders
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append, help_heading = "Reports")]
    pub receipts: Vec<String>,
    /// Judge by the reports alone, for workers that did not use `run`
    #[arg(long, help_heading = "Reports")]
    pub no_receipts: bool,
    /// Go on without reports that cannot be read, naming each
    #[arg(long, help_heading = "Timings")]
    pub skip_unreadable: bool,
}

/// What later steps get.
pub const OUTPUTS: &[OutputDeclaration] = &[
    OutputDeclaration { name: "verdict", description: "`pass`, `fail`, `unproven` or `error`." },
    OutputDeclaration {
        name: "files",
        description: "The shard's tests, one a line; cut at GitHub's limit of 1 MB with a notice, so prefer `files-path` for large suites.",
    },
    OutputDeclaration { name: "files-path", description: "File that lists the shard's tests, one a line." },
    OutputDeclaration { name: "args-file", description: "File that lists the runner's arguments, one a line." },
    OutputDeclaration { name: "empty", description: "`true` when the shard has no test, else `false`." },
    OutputDeclaration { name: "count", description: "How many tests the shard has." },
    OutputDeclaration { name: "shard", description: "Index of the shard, from 0." },
    OutputDeclaration { name: "shards", description: "Number of shards." },
    OutputDeclaration {
        name: "predicted-s",
        description: "Predicted time of the shard, or with `plan` of the longest shard, in seconds.",
    },
    OutputDeclaration { name: "digest", description: "Digest of the plan; equal in all workers that split alike." },
    OutputDeclaration { name: "plan-path", description: "The plan file that `plan` wrote." },
    OutputDeclaration {
        name: "matrix",
        description: "With `plan`: `{\"shard\":[0,1,…]}` for `fromJSON` in a GitHub matrix.",
    },
    OutputDeclaration { name: "merged-path", description: "With `merge`: the merged report." },
    OutputDeclaration { name: "total", description: "With `merge` and `verify`: how many tests there were." },
    OutputDeclaration { name: "failed", description: "With `merge` and `verify`: how many tests failed." },
    OutputDeclaration {
        name: "flaky",
        description: "With `merge` and `verify`: how many tests passed only after a failure.",
    },
];
