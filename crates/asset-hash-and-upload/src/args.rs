//! The inputs and outputs, declared once: action.yml, pipe.yml, the component and the READMEs follow from here.

use crate::error::Error;
use clap::{Args, Parser, Subcommand};
use kit_host::OutputDeclaration;

/// Are there enough files in a folder?
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
    /// Count the files and judge their number
    Check(CheckArguments),
}

/// `check`
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Folder whose files are counted
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: String,
    /// The least number of files
    #[arg(long, value_name = "N", default_value = "1")]
    pub at_least: String,
}

/// What later steps get.
pub const OUTPUTS: &[OutputDeclaration] = &[
    OutputDeclaration { name: "verdict", description: "`pass`, `fail` or `error`." },
    OutputDeclaration { name: "count", description: "How many files there are." },
];

/// What was asked for, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The folder.
    pub folder: String,
    /// The least number of files.
    pub at_least: u64,
}

impl TryFrom<&CheckArguments> for Options {
    type Error = Error;

    /// Errors: `at-least` is not a whole number.
    fn try_from(arguments: &CheckArguments) -> Result<Options, Error> {
        let at_least = arguments.at_least.parse().map_err(|_| {
            Error::Input(format!("at-least is `{}`; write a whole number such as 10", arguments.at_least))
        })?;
        Ok(Options { folder: arguments.folder.clone(), at_least })
    }
}
