//! Are there enough files in a folder?
//!
//! Counts the files below a folder and compares their number with the least that is asked for. It changes nothing, and
//! never follows a link.

pub mod args;
pub mod error;
pub mod observe;
pub mod plan;
pub mod report;

use args::{Arguments, Command, Options};
use clap::{CommandFactory, FromArgMatches};
use kit_host::{Done, Exit, Failure, Host, Tool};
use kit_report::Verdict;

/// The tool as the host layer runs it.
pub const TOOL: Tool = Tool {
    name: "asset-hash-and-upload",
    version: env!("CARGO_PKG_VERSION"),
    command: Arguments::command,
    default_subcommand: "check",
    outputs: args::OUTPUTS,
    secrets: &[],
    run,
};

fn run(matches: &clap::ArgMatches, _host: &Host) -> Result<Done, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|err| Failure::refused("arguments-invalid", err.kind().to_string()))?;
    let Command::Check(arguments) = &arguments.command;
    let options = Options::try_from(arguments)?;
    let observed = observe::folder(&options.folder)?;
    let plan = plan::plan(&options, &observed);
    let report = report::report(&options, &plan);
    let exit = if report.verdict == Verdict::Pass { Exit::Done } else { Exit::No };
    Ok(Done { report, exit, stdout: None })
}
