//! All assets on the CDN under immutable names, and the value that points to them last.
//!
//! Uploads what the bucket lacks, under names that never change their content; writes the release's record, and points to it
//! when all of it is there. A page never names a file that is not there, an old page keeps its files, nothing is sent twice, and
//! going back is one write. It changes the bucket's keys below the prefix, what a CDN keeps of them, and the files that it is
//! asked to write; it never deletes but in `prune`, and never what a kept release names.

mod apply;
pub mod args;
pub mod check;
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
    name: "asset-hash-and-upload",
    version: env!("CARGO_PKG_VERSION"),
    command: Arguments::command,
    default_subcommand: "publish",
    outputs: args::OUTPUTS,
    secrets: &["id-token", "cloudflare-token"],
    run,
};

fn run(matches: &clap::ArgMatches, host: &Host) -> Result<Done, Failure> {
    let arguments = Arguments::from_arg_matches(matches)
        .map_err(|err| Failure::refused("arguments-invalid", err.kind().to_string()))?;
    match &arguments.command {
        Command::Publish(arguments) => commands::publish::publish(arguments, false, host),
        Command::Plan(arguments) => commands::publish::publish(arguments, true, host),
        Command::Pull(arguments) => commands::started::pull(arguments, host),
        Command::Rollback(arguments) => commands::started::rollback(arguments, host),
        Command::Prune(arguments) => commands::started::prune(arguments, host),
        Command::Verify(arguments) => commands::started::verify(arguments, host),
    }
}
