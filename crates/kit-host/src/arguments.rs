//! The arguments that every tool has, and how a clap argument looks as an input of a host.

use clap::{Arg, ArgAction, Command};

/// Adds what every tool has: reports, the config file, `--debug`.
pub fn with_host_arguments(command: Command) -> Command {
    let file = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("FILE").global(true).help_heading("Reports").help(help)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).global(true).help(help)
    };
    command
        .arg(file("json", "Write the versioned JSON report to FILE; `-` is standard output"))
        .arg(file("junit", "Write the verdict as JUnit XML to FILE"))
        .arg(file("code-quality", "Write the findings as a GitLab code quality report to FILE"))
        .arg(file("sarif", "Write the findings as SARIF 2.1.0 to FILE, for GitHub code scanning"))
        .arg(file("dotenv", "Write the outputs as a GitLab dotenv report to FILE"))
        .arg(
            file("config", "Read inputs from this TOML file [default: .roadcrew.toml, when there is one]")
                .help_heading("Inputs"),
        )
        .arg(flag("advisory", "Show the verdict, but exit 0 when it is no or unproven").help_heading("Inputs"))
        .arg(flag("debug", "Say where each input came from").help_heading("Inputs"))
        .arg(
            Arg::new("completions")
                .long("completions")
                .value_name("SHELL")
                .help("Print a completion script for SHELL (bash, fish, zsh) and exit; stands alone"),
        )
        .arg(Arg::new("describe").long("describe").action(ArgAction::SetTrue).hide(true))
}

/// What kind of value an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// Any number of values.
    List,
    /// One value.
    Text,
}

/// The kind of a clap argument.
pub fn kind(arg: &Arg) -> Kind {
    match arg.get_action() {
        ArgAction::SetTrue | ArgAction::SetFalse => Kind::Boolean,
        ArgAction::Append => Kind::List,
        _ if arg.get_num_args().is_some_and(|range| range.max_values() > 1) => Kind::List,
        _ => Kind::Text,
    }
}

/// The name of a clap argument as an input; `None` for what only the command line has (help, version, hidden arguments and
/// the command that `run` starts).
pub fn input_name(arg: &Arg) -> Option<String> {
    const COMMAND_LINE_ONLY: [&str; 4] = ["help", "version", "completions", "describe"];
    let id = arg.get_id().as_str();
    if COMMAND_LINE_ONLY.contains(&id) || arg.is_hide_set() || arg.is_last_set() {
        return None;
    }
    Some(arg.get_long().map_or_else(|| id.replace('_', "-"), str::to_owned))
}
