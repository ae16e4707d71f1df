//! The inputs and outputs, declared once. What was typed is here; what it means is in [`options`].

pub mod options;

use crate::plan::package::Ecosystem;
use clap::{Args, Parser, Subcommand};
use kit_host::OutputDeclaration;

/// May we ship these dependencies?
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
    /// Find the packages and their licences, and judge them by the policy
    Check(Box<CheckArguments>),
    /// Write a policy that today's packages pass, so that a project in any state can start
    Init(Box<InitArguments>),
    /// Show how a package's licence and its verdict came about
    Explain(Box<ExplainArguments>),
    /// Tell which licences texts are: one line a file with the SPDX id or `-`, the score and the path
    Identify(IdentifyArguments),
    /// Tell what a licence field means: the SPDX expression, or why there is none
    Normalize(NormalizeArguments),
}

/// Where the packages are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Packages")]
pub struct PackagesArguments {
    /// The project: lock files and installed trees below it are found
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: String,
    /// Lock files to read instead of finding them; also SBOMs (`CycloneDX` or SPDX, JSON)
    #[arg(long, value_name = "FILE", num_args = 1.., action = clap::ArgAction::Append)]
    pub lists: Vec<String>,
    /// Globs of folders below the root that are not looked into
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub exclude: Vec<String>,
    /// Read the lock files alone, and nothing that is installed
    #[arg(long)]
    pub lock_only: bool,
    /// Policy file, read from the base branch so that a change can't loosen it
    #[arg(long, value_name = "FILE", default_value = "license-policy.toml")]
    pub policy: String,
}

/// Which change is under review.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Change")]
pub struct ChangeArguments {
    /// Commit, branch or tag that the change is compared with; the CI says when it knows
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,
    /// Judge every package, also when a change is under review
    #[arg(long)]
    pub full: bool,
}

/// What is written.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Reports to write")]
pub struct WriteArguments {
    /// Write a bill of materials (`CycloneDX` 1.6, JSON) to FILE
    #[arg(long, value_name = "FILE")]
    pub sbom: Option<String>,
    /// Write the licence texts and notices of what is shipped to FILE; Markdown when it ends in `.md`, else text
    #[arg(long, value_name = "FILE")]
    pub attribution: Option<String>,
    /// Write a short comment for the pull request to FILE (Markdown)
    #[arg(long, value_name = "FILE")]
    pub comment: Option<String>,
    /// Decide and report, but write nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `check`
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Where the packages are.
    #[command(flatten)]
    pub packages: PackagesArguments,
    /// Which change is under review.
    #[command(flatten)]
    pub change: ChangeArguments,
    /// What is written.
    #[command(flatten)]
    pub write: WriteArguments,
}

/// `init`
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Where the packages are.
    #[command(flatten)]
    pub packages: PackagesArguments,
    /// Replace a policy that is there
    #[arg(long)]
    pub force: bool,
    /// Decide and report, but write nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `explain`
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Where the packages are.
    #[command(flatten)]
    pub packages: PackagesArguments,
    /// The package: its name, or with its ecosystem and version `npm:@babel/core@7.26.0`
    #[arg(value_name = "PACKAGE")]
    pub package: Option<String>,
}

/// `identify`
#[derive(Debug, Args)]
pub struct IdentifyArguments {
    /// Files with licence texts
    #[arg(value_name = "FILE", num_args = 1..)]
    pub files: Vec<String>,
}

/// `normalize`
#[derive(Debug, Args)]
pub struct NormalizeArguments {
    /// Whose field it is: its rules count
    #[arg(long, value_enum, value_name = "ECOSYSTEM")]
    pub ecosystem: Option<Ecosystem>,
    /// The field's content: text, or a JSON array or object where the ecosystem has one; of a Python package also its
    /// fields together, as in {"license":"GPL","classifiers":["…"]}
    #[arg(value_name = "STRING")]
    pub field: Option<String>,
}

/// What later steps get.
pub const OUTPUTS: &[OutputDeclaration] = &[
    OutputDeclaration { name: "verdict", description: "`pass`, `fail`, `unproven` or `error`." },
    OutputDeclaration {
        name: "packages",
        description: "How many packages the lists hold, the project's own left out.",
    },
    OutputDeclaration { name: "judged", description: "How many of them were judged: all, or what the change brings." },
    OutputDeclaration { name: "failed", description: "How many may not be shipped." },
    OutputDeclaration { name: "unproven", description: "How many have their evidence somewhere else." },
    OutputDeclaration { name: "added", description: "How many packages the change adds." },
    OutputDeclaration {
        name: "relicensed",
        description: "How many packages have another licence in their new version.",
    },
    OutputDeclaration { name: "sbom-path", description: "The bill of materials." },
    OutputDeclaration { name: "attribution-path", description: "The licence texts and notices." },
    OutputDeclaration { name: "comment-path", description: "The comment for the pull request." },
];
