//! Is this change tested well enough, and is that proven?
//!
//! Reads coverage reports of any format, puts their files in their place in the repository, finds the change under review
//! and judges it. It changes nothing but the files that it is asked to write. It never talks to a network but for
//! Bitbucket's own report proxy, never runs a program, and never passes over missing evidence.

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
    name: "coverage-gate",
    version: env!("CARGO_PKG_VERSION"),
    command: Arguments::command,
    default_subcommand: "gate",
    outputs: args::OUTPUTS,
    secrets: &[],
    run,
};

fn run(matches: &clap::ArgMatches, host: &Host) -> Result<Done, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|err| Failure::refused("arguments-invalid", err.kind().to_string()))?;
    match &arguments.command {
        Command::Gate(arguments) => commands::gate::gate(arguments, host),
        Command::Init(arguments) => commands::init::init(arguments, host),
    }
}
