//! The host layer. EFFECTS. Everything between a tool and the CI it runs on.
//!
//! Which CI is this ([`ci`]); where each input comes from ([`inputs`]: flag, host input, config file, default); secrets
//! masked before the first line; the two streams ([`log`]); signals ([`signals`]); the report handed to whoever wants it
//! ([`publish`]); the exit code ([`exit`]). It links no TLS: the only request it ever makes is plain HTTP to the proxy
//! that Bitbucket runs beside each step.
//!
//! It is a library of functions: a tool is a [`Tool`] value whose `run` gets its parsed arguments and a [`Host`].

pub mod arguments;
pub mod ci;
pub mod describe;
pub mod environment;
pub mod exit;
pub mod files;
pub mod inputs;
pub mod insights;
pub mod log;
pub mod publish;
pub mod run;
pub mod signals;

pub use environment::Environment;
pub use exit::{Exit, Failure};
pub use log::Log;
pub use run::{Done, Host, run};

/// A tool as the host layer sees it: plain data and two functions.
pub struct Tool {
    /// Crate, binary, image, action folder and pipe folder: one name.
    pub name: &'static str,
    /// SemVer.
    pub version: &'static str,
    /// The clap command with all subcommands. None of its arguments may be `required`: inputs come from hosts and files
    /// too, so the tool itself says what is missing.
    pub command: fn() -> clap::Command,
    /// The subcommand that runs when none is named.
    pub default_subcommand: &'static str,
    /// What the tool hands to later steps.
    pub outputs: &'static [OutputDeclaration],
    /// Names of the inputs that are secrets: masked before the first line, never shown.
    pub secrets: &'static [&'static str],
    /// Does the work.
    pub run: fn(&clap::ArgMatches, &Host) -> Result<Done, Failure>,
}

/// An output as it stands in action.yml and in the READMEs.
pub struct OutputDeclaration {
    /// Kebab-case.
    pub name: &'static str,
    /// One sentence: what it holds, its unit, when it is empty.
    pub description: &'static str,
}

/// Proof that this run may change the world. Only kit-host makes one, and only outside `--dry-run`, so that a function
/// that takes it cannot run in a dry run.
#[derive(Debug)]
pub struct Permit(());
