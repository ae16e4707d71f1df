//! The inputs and outputs, declared once. What was typed is here; what it means is in [`options`].

pub mod options;

use crate::plan::coverage::totals::PartialLines;
use crate::plan::ratchet::RatchetBy;
use crate::plan::report_format::ReportFormat;
use crate::plan::thresholds::MissingBaseline;
use clap::{Args, Parser, Subcommand};
use kit_host::OutputDeclaration;

/// Is this change tested well enough, and is that proven?
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
    /// Read reports, find the change under review and judge both
    Gate(Box<GateArguments>),
    /// Write a policy and a ratchet from today's state, so that a project at any coverage can start
    Init(Box<InitArguments>),
}

/// Where the coverage comes from.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportsArguments {
    /// Coverage reports: files, globs or folders
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub reports: Vec<String>,
    /// Format of all reports; without it each is recognised by its content
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<ReportFormat>,
    /// How many reports there must be; with fewer the result is unproven
    #[arg(long, value_name = "N")]
    pub expect_reports: Option<String>,
    /// The repository, or a folder in it
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: String,
    /// Prefix of the reports' paths to replace, as FROM=TO; not needed for containers, monorepos, Go and `JaCoCo`
    #[arg(long, value_name = "FROM=TO", num_args = 1.., action = clap::ArgAction::Append)]
    pub path_map: Vec<String>,
    /// Globs of files that need no coverage
    #[arg(long, value_name = "GLOB", num_args = 1.., action = clap::ArgAction::Append)]
    pub exclude: Vec<String>,
    /// What a line counts as that ran, but not all of its branch arms; default `hit`
    #[arg(long, value_enum, value_name = "HOW")]
    pub partial_lines: Option<PartialLines>,
}

/// Which change is under review.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Change")]
pub struct ChangeArguments {
    /// Commit, branch or tag that the change is compared with; the CI says when it knows
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,
    /// Unified diff of the change, instead of the repository's own; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub diff_file: Option<String>,
}

/// What must be met.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Gates")]
pub struct ThresholdArguments {
    /// Minimum of all lines, in percent; of all statements, where only Go reports are given
    #[arg(long, value_name = "PERCENT")]
    pub min_total: Option<String>,
    /// Minimum of the changed lines, in percent
    #[arg(long, value_name = "PERCENT")]
    pub min_patch: Option<String>,
    /// Percentage points that the total may lose against the baseline
    #[arg(long, value_name = "POINTS")]
    pub max_drop: Option<String>,
    /// Minimum of all branch arms, in percent
    #[arg(long, value_name = "PERCENT")]
    pub min_branches: Option<String>,
    /// Minimum of all functions, in percent
    #[arg(long, value_name = "PERCENT")]
    pub min_functions: Option<String>,
    /// Minimum of all statements, in percent
    #[arg(long, value_name = "PERCENT")]
    pub min_statements: Option<String>,
    /// Minimum of the lines of each file, in percent
    #[arg(long, value_name = "PERCENT")]
    pub min_file: Option<String>,
    /// Minimum of the lines of each file that the change adds, in percent
    #[arg(long, value_name = "PERCENT")]
    pub min_new_file: Option<String>,
    /// Minimum of the lines of a directory, as DIR=PERCENT
    #[arg(long, value_name = "DIR=PERCENT", num_args = 1.., action = clap::ArgAction::Append)]
    pub min_directory: Vec<String>,
    /// Policy file, read from the base branch so that a change can't loosen it; flags win over it
    #[arg(long, value_name = "FILE", default_value = "coverage-gate.toml")]
    pub policy: String,
}

/// What earlier runs left.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Earlier runs")]
pub struct EarlierArguments {
    /// Baseline that `max-drop` compares with: a file, `git:REF:PATH` in the repository, or `note:REF` of the base commit
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// What a missing baseline means; default `unproven`
    #[arg(long, value_enum, value_name = "WHAT")]
    pub missing_baseline: Option<MissingBaseline>,
    /// Write this run's coverage to FILE, as the baseline of later runs
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<String>,
    /// Ratchet file: uncovered lines of each file or directory, which may not grow; read from the base branch
    #[arg(long, value_name = "FILE")]
    pub ratchet: Option<String>,
    /// Write the ratchet file anew where today's state is better
    #[arg(long)]
    pub tighten: bool,
}

/// What is written.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Reports to write")]
pub struct WriteArguments {
    /// Write a page of the change with its source, coloured, to FILE
    #[arg(long, value_name = "FILE")]
    pub html: Option<String>,
    /// Write a comment for the pull request to FILE (Markdown), and beside it FILE.json, which says where it belongs
    #[arg(long, value_name = "FILE")]
    pub comment: Option<String>,
    /// Decide and report, but write nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// `gate`
#[derive(Debug, Args)]
pub struct GateArguments {
    /// Where the coverage comes from.
    #[command(flatten)]
    pub reports: ReportsArguments,
    /// Which change is under review.
    #[command(flatten)]
    pub change: ChangeArguments,
    /// What must be met.
    #[command(flatten)]
    pub thresholds: ThresholdArguments,
    /// What earlier runs left.
    #[command(flatten)]
    pub earlier: EarlierArguments,
    /// What is written.
    #[command(flatten)]
    pub write: WriteArguments,
}

/// `init`
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Where the coverage comes from.
    #[command(flatten)]
    pub reports: ReportsArguments,
    /// Policy file to write
    #[arg(long, value_name = "FILE", default_value = "coverage-gate.toml", help_heading = "Gates")]
    pub policy: String,
    /// Ratchet file to write
    #[arg(long, value_name = "FILE", default_value = "coverage-ratchet.txt", help_heading = "Earlier runs")]
    pub ratchet: String,
    /// What the ratchet has a line for
    #[arg(long, value_enum, value_name = "WHAT", default_value = "file", help_heading = "Earlier runs")]
    pub ratchet_by: RatchetBy,
    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
    /// Decide and report, but write nothing
    #[arg(long = "dry-run", id = "dry-run")]
    pub dry_run: bool,
}

/// What later steps get.
pub const OUTPUTS: &[OutputDeclaration] = &[
    OutputDeclaration { name: "verdict", description: "`pass`, `fail`, `unproven` or `error`." },
    OutputDeclaration {
        name: "total-lines",
        description: "Percentage of all lines, rounded down, without its sign; of all statements, where only Go reports are given.",
    },
    OutputDeclaration { name: "total-covered", description: "How many lines ran." },
    OutputDeclaration { name: "total-coverable", description: "How many lines could run." },
    OutputDeclaration {
        name: "patch-lines",
        description: "Percentage of the changed lines, rounded down; empty when no change is known or none of its lines can run.",
    },
    OutputDeclaration { name: "patch-covered", description: "How many changed lines ran." },
    OutputDeclaration { name: "patch-coverable", description: "How many changed lines could run." },
    OutputDeclaration {
        name: "uncovered-lines",
        description: "How many changed lines did not run, though they could.",
    },
    OutputDeclaration { name: "html-path", description: "The page of the change." },
    OutputDeclaration { name: "comment-path", description: "The comment for the pull request." },
    OutputDeclaration { name: "baseline-path", description: "The baseline for later runs." },
    OutputDeclaration { name: "ratchet-path", description: "The ratchet, when it was tightened." },
];
