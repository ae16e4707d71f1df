//! Which tests does this worker run, so that all workers finish together, none is forgotten and none runs twice?
//!
//! Reads the tests' list and the timings of earlier runs, decides a split, prints one worker's part, runs a command with
//! it, merges what the workers report and judges the whole suite. It changes nothing but the files that it is asked to
//! write: the shard's folder, plan, store and merged report. It never talks to a network but for Bitbucket's own report
//! proxy, never runs a shell, and never splits silently without timings.

pub mod apply;
pub mod args;
mod commands;
pub mod error;
pub mod observe;
pub mod plan;
pub mod report;

use args::{Arguments, Command};
use clap::{CommandFactory, FromArgMatches};
use kit_host::{Done, Failure, Host, Tool};

/// The tool as the host layer runs it.
pub const TOOL: Tool = Tool {
    name: "junit-shard-split",
    version: env!("CARGO_PKG_VERSION"),
    command: Arguments::command,
    default_subcommand: "shard",
    outputs: args::OUTPUTS,
    secrets: &[],
    run,
};

fn run(matches: &clap::ArgMatches, host: &Host) -> Result<Done, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|err| Failure::refused("arguments-invalid", err.kind().to_string()))?;
    match &arguments.command {
        Command::Shard(arguments) => commands::shard::shard(arguments, host),
        Command::Run(arguments) => commands::shard::run(arguments, host),
        Command::Plan(arguments) => commands::plan::plan(arguments, host),
        Command::Explain(arguments) => commands::explain::explain(arguments, host),
        Command::Record(arguments) => commands::record::record(arguments, host),
        Command::Merge(arguments) => commands::merge::merge(arguments, host),
        Command::Verify(arguments) => commands::verify::verify(arguments, host),
    }
}
