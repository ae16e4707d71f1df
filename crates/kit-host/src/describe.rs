//! The tool's interface as data, for the generators of action.yml, pipe.yml, the GitLab component and the READMEs.

use crate::Tool;
use crate::arguments::{Kind, input_name, kind};
use clap::Command;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `--describe` prints as JSON.
#[derive(Debug, Serialize)]
pub struct Interface {
    /// The tool's name.
    pub name: &'static str,
    /// SemVer.
    pub version: &'static str,
    /// One sentence.
    pub about: String,
    /// The command that runs when none is named.
    pub default_command: &'static str,
    /// In order of declaration.
    pub commands: Vec<CommandInterface>,
    /// In order of declaration, the host layer's own last.
    pub inputs: Vec<Input>,
    /// In order of declaration.
    pub outputs: Vec<Output>,
}

/// One subcommand.
#[derive(Debug, Serialize)]
pub struct CommandInterface {
    /// Its name.
    pub name: String,
    /// One sentence.
    pub about: String,
}

/// One input, whichever commands take it.
#[derive(Debug, Serialize)]
pub struct Input {
    /// Kebab-case.
    pub name: String,
    /// What kind of value.
    pub kind: Kind,
    /// One sentence.
    pub help: String,
    /// What stands for the value in usage texts.
    pub value_name: Option<String>,
    /// The values that are accepted, when there is a list of them.
    pub values: Vec<String>,
    /// The default, for documentation only.
    pub default: Option<String>,
    /// The commands that take it; empty means all.
    pub commands: Vec<String>,
    /// Never shown.
    pub secret: bool,
    /// Given without a flag on the command line.
    pub positional: bool,
}

/// One output.
#[derive(Debug, Serialize)]
pub struct Output {
    /// Kebab-case.
    pub name: &'static str,
    /// One sentence.
    pub description: &'static str,
}

/// Describes a tool. `command` is the tool's command with the host layer's arguments.
pub fn describe(tool: &Tool, command: &Command) -> Interface {
    let mut inputs: Vec<Input> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for subcommand in command.get_subcommands() {
        // clap hands global arguments down to the subcommands; they are listed once, below.
        for arg in subcommand.get_arguments().filter(|arg| !arg.is_global_set()) {
            let Some(mut input) = input(tool, arg) else { continue };
            match seen.get(&input.name) {
                Some(&index) => inputs[index].commands.push(subcommand.get_name().to_owned()),
                None => {
                    input.commands.push(subcommand.get_name().to_owned());
                    seen.insert(input.name.clone(), inputs.len());
                    inputs.push(input);
                }
            }
        }
    }
    inputs.extend(command.get_arguments().filter(|arg| arg.is_global_set()).filter_map(|arg| input(tool, arg)));
    Interface {
        name: tool.name,
        version: tool.version,
        about: command.get_about().map(ToString::to_string).unwrap_or_default(),
        default_command: tool.default_subcommand,
        commands: command
            .get_subcommands()
            .map(|sub| CommandInterface {
                name: sub.get_name().to_owned(),
                about: sub.get_about().map(ToString::to_string).unwrap_or_default(),
            })
            .collect(),
        inputs,
        outputs: tool.outputs.iter().map(|o| Output { name: o.name, description: o.description }).collect(),
    }
}

fn input(tool: &Tool, arg: &clap::Arg) -> Option<Input> {
    let name = input_name(arg)?;
    let kind = kind(arg);
    let possible = if kind == Kind::Boolean { Vec::new() } else { arg.get_possible_values() };
    let default: Vec<String> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    Some(Input {
        kind,
        help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        value_name: arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string),
        values: possible.iter().map(|value| value.get_name().to_owned()).collect(),
        default: (kind != Kind::Boolean && !default.is_empty()).then(|| default.join(",")),
        commands: Vec::new(),
        secret: tool.secrets.contains(&name.as_str()),
        positional: arg.is_positional(),
        name,
    })
}
