//! May we ship these dependencies?
//!
//! Reads lock files and installed trees of eight ecosystems, finds each package's licence with its evidence, and judges it by
//! the team's policy; on a pull request only what the change brings. It changes nothing but the files that it is asked to
//! write. It never talks to a network but for Bitbucket's own report proxy, never runs a program, and never drops a package.

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
    name: "license-check",
    version: env!("CARGO_PKG_VERSION"),
    command: Arguments::command,
    default_subcommand: "check",
    outputs: args::OUTPUTS,
    secrets: &[],
    run,
};

fn run(matches: &clap::ArgMatches, host: &Host) -> Result<Done, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|err| Failure::refused("arguments-invalid", err.kind().to_string()))?;
    match &arguments.command {
        Command::Check(arguments) => commands::check::check(arguments, host),
        Command::Init(arguments) => commands::init::init(arguments, host),
        Command::Explain(arguments) => commands::explain::explain(arguments, host),
        Command::Identify(arguments) => commands::identify::identify(arguments),
        Command::Normalize(arguments) => commands::normalize::normalize(arguments),
    }
}
