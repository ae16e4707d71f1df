//! Is this release healthy on every instance?
//!
//! Asks every instance at its own address, under the public name, as often as it takes to know; never calls one lucky answer
//! healthy, never one instance the fleet, and never an old version the new one. It changes nothing but the recording that it
//! is asked to write. It runs no program but the one that `--exec` names.

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
    name: "healthcheck",
    version: env!("CARGO_PKG_VERSION"),
    command: Arguments::command,
    default_subcommand: "wait",
    outputs: args::OUTPUTS,
    secrets: &["header"],
    run,
};

fn run(matches: &clap::ArgMatches, host: &Host) -> Result<Done, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|err| Failure::refused("arguments-invalid", err.kind().to_string()))?;
    match &arguments.command {
        Command::Wait(arguments) => commands::run::wait(arguments, false, host),
        Command::Hold(arguments) => commands::run::hold(arguments, host),
        Command::Once(arguments) => commands::run::once(arguments, host),
        Command::Probe(arguments) => commands::run::wait(arguments, true, host),
        Command::Judge(arguments) => commands::judge::judge(arguments),
        Command::Replay(arguments) => commands::replay::replay(arguments),
    }
}
