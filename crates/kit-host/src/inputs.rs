//! Where each input comes from: explicit flag, then host input, then config file, then default.
//!
//! | host | how an input arrives |
//! | --- | --- |
//! | GitHub | `INPUT_MIN-KNOWN`; the hyphen is kept (actions/toolkit#219), `INPUT_MIN_KNOWN` is accepted too; lists by line |
//! | Bitbucket | `MIN_KNOWN` in a pipe's container; lists as `TIMINGS_0`, `TIMINGS_1`, `TIMINGS_COUNT`, or by line |
//! | GitLab | the component sets `INPUT_MIN_KNOWN` |
//! | config file | `min-known = 0.9` in the table of the tool's name; lists as arrays |
//!
//! An empty value is an unset one. The outcome is an argument list, so that clap alone decides what a value means.

use crate::arguments::{Kind, input_name, kind};
use crate::{Environment, Failure};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use std::collections::BTreeMap;
use std::ffi::OsString;

/// Values of one list that a host may hand over; `X_COUNT` is a stranger's number.
const LIST_VALUES: usize = 100_000;

/// One input that did not come from the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The input's name.
    pub name: String,
    /// The values; one unless it is a list.
    pub values: Vec<String>,
    /// Where it came from, for messages and `--debug`.
    pub origin: String,
}

/// Everything that inputs are read from.
pub struct Sources<'s> {
    /// The environment.
    pub env: &'s Environment,
    /// Whether pipe variables count: only inside one of the tools' own images, since in any other container `SHARDS` may
    /// be a variable of the user's own.
    pub pipe_variables: bool,
    /// The table of the config file that bears the tool's name.
    pub config: &'s BTreeMap<String, Given>,
}

/// The subcommand that the host asks for, when the command line names none.
pub fn host_command(sources: &Sources<'_>) -> Option<Given> {
    host_value("command", Kind::Text, sources)
}

/// Finds the inputs that `explicit` does not hold. Errors (exit 2): a host input that the chosen command does not know.
pub fn collect(
    tool: &Command,
    chosen: &Command,
    explicit: &ArgMatches,
    sources: &Sources<'_>,
) -> Result<Vec<Given>, Failure> {
    let mut given = Vec::new();
    for arg in arguments_of(tool, chosen) {
        let Some(name) = input_name(arg) else { continue };
        let id = arg.get_id().as_str();
        let typed = explicit.try_contains_id(id).is_ok() && explicit.value_source(id) == Some(ValueSource::CommandLine);
        if typed {
            continue;
        }
        if let Some(found) = host_value(&name, kind(arg), sources).or_else(|| sources.config.get(&name).cloned()) {
            given.push(found);
        }
    }
    for other in tool.get_subcommands().filter(|other| other.get_name() != chosen.get_name()) {
        for arg in other.get_arguments() {
            let Some(name) = input_name(arg) else { continue };
            let known = arguments_of(tool, chosen).any(|arg| input_name(arg).as_ref() == Some(&name));
            if let Some(stray) = (!known).then(|| host_value(&name, kind(arg), sources)).flatten() {
                return Err(Failure::refused(
                    "input-not-used",
                    format!(
                        "input `{name}` ({}) is not used by the command `{}`; remove it",
                        stray.origin,
                        chosen.get_name()
                    ),
                ));
            }
        }
    }
    Ok(given)
}

fn arguments_of<'c>(tool: &'c Command, chosen: &'c Command) -> impl Iterator<Item = &'c Arg> {
    chosen.get_arguments().chain(tool.get_arguments().filter(|arg| arg.is_global_set()))
}

fn host_value(name: &str, kind: Kind, sources: &Sources<'_>) -> Option<Given> {
    let upper = name.to_ascii_uppercase();
    let underscored = upper.replace('-', "_");
    let mut variables = vec![format!("INPUT_{upper}"), format!("INPUT_{underscored}")];
    if sources.pipe_variables {
        variables.push(underscored);
    }
    variables.into_iter().find_map(|variable| {
        if kind == Kind::List
            && let Some(values) = indexed(&variable, sources.env)
        {
            return Some(Given { name: name.to_owned(), values, origin: format!("{variable}_COUNT") });
        }
        let value = sources.env.get(&variable)?;
        let values = split(value, kind);
        (!values.is_empty()).then(|| Given { name: name.to_owned(), values, origin: variable.clone() })
    })
}

/// The values of a list in Bitbucket's spelling: `X_COUNT`, `X_0`, `X_1`, ….
/// Source: support.atlassian.com, "Advanced techniques for writing pipes".
fn indexed(variable: &str, env: &Environment) -> Option<Vec<String>> {
    let count: usize = env.get(&format!("{variable}_COUNT"))?.parse().ok()?;
    let values: Vec<String> =
        (0..count.min(LIST_VALUES)).filter_map(|i| env.get(&format!("{variable}_{i}")).map(str::to_owned)).collect();
    (!values.is_empty()).then_some(values)
}

fn split(value: &str, kind: Kind) -> Vec<String> {
    match kind {
        Kind::List => {
            value.lines().map(str::trim).filter(|line| !line.is_empty()).take(LIST_VALUES).map(str::to_owned).collect()
        }
        // YAML block scalars end in a line feed that nobody meant.
        Kind::Text | Kind::Boolean => {
            let value = value.trim_end_matches(['\n', '\r']);
            if value.is_empty() { Vec::new() } else { vec![value.to_owned()] }
        }
    }
}

/// The command line that says what was given: the explicit arguments and, before any `--`, the rest.
pub fn arguments(
    tool: &Command,
    chosen: &Command,
    explicit: &[OsString],
    given: &[Given],
) -> Result<Vec<OsString>, Failure> {
    let rest = explicit.iter().position(|arg| arg == "--").unwrap_or(explicit.len());
    let mut line: Vec<OsString> = explicit[..rest].to_vec();
    let mut positional: Vec<OsString> = Vec::new();
    for input in given {
        let Some(arg) = arguments_of(tool, chosen).find(|arg| input_name(arg).as_ref() == Some(&input.name)) else {
            continue;
        };
        match (kind(arg), arg.is_positional()) {
            (_, true) => positional.extend(input.values.iter().map(OsString::from)),
            (Kind::Boolean, false) => {
                if boolean(input)? {
                    line.push(format!("--{}", input.name).into());
                }
            }
            // `--name=value` keeps a value that begins with a hyphen a value.
            (_, false) => line.extend(input.values.iter().map(|value| format!("--{}={value}", input.name).into())),
        }
    }
    if !positional.is_empty() {
        line.push("--".into());
        line.extend(positional);
    }
    line.extend(explicit[rest..].iter().cloned());
    Ok(line)
}

fn boolean(input: &Given) -> Result<bool, Failure> {
    match input.values.first().map(|value| value.trim().to_ascii_lowercase()).as_deref() {
        Some("true" | "1" | "yes" | "on") => Ok(true),
        Some("false" | "0" | "no" | "off") => Ok(false),
        other => Err(Failure::refused(
            "input-invalid",
            format!("input `{}` ({}) is `{}`; write true or false", input.name, input.origin, other.unwrap_or("")),
        )),
    }
}

/// Reads the table of the tool's name from a config file's text. Errors (exit 2): not TOML, a key that no command of the
/// tool knows, a value that is neither text, number, boolean nor a list of these; each with file and line.
pub fn config(path: &str, text: &str, tool: &Command) -> Result<BTreeMap<String, Given>, Failure> {
    let line_of = |offset: usize| {
        u32::try_from(text.as_bytes()[..offset.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1).ok()
    };
    let refused =
        |message: String, offset: usize| Failure::refused("config-invalid", message).at(path, line_of(offset));
    let table = toml::de::DeTable::parse(text).map_err(|err| {
        refused(format!("not valid TOML: {}", err.message()), err.span().map_or(0, |span| span.start))
    })?;
    let mut given = BTreeMap::new();
    let Some(section) = table.get_ref().get(tool.get_name()) else { return Ok(given) };
    let toml::de::DeValue::Table(section_table) = section.get_ref() else {
        return Err(refused(format!("`{}` must be a table", tool.get_name()), section.span().start));
    };
    for (key, value) in section_table {
        let name = key.get_ref().to_string();
        let known = tool
            .get_arguments()
            .chain(tool.get_subcommands().flat_map(Command::get_arguments))
            .any(|arg| input_name(arg).as_ref() == Some(&name));
        if !known {
            return Err(refused(format!("`{name}` is not an input of {}", tool.get_name()), key.span().start));
        }
        let values = match value.get_ref() {
            toml::de::DeValue::Array(items) => items.iter().map(|item| scalar(item.get_ref())).collect(),
            single => scalar(single).map(|value| vec![value]),
        };
        let values: Option<Vec<String>> = values;
        let values = values.ok_or_else(|| {
            refused(format!("`{name}` must be text, a number, a boolean or a list"), value.span().start)
        })?;
        let line = line_of(key.span().start).unwrap_or_default();
        given.insert(name.clone(), Given { name, values, origin: format!("{path}:{line}") });
    }
    Ok(given)
}

fn scalar(value: &toml::de::DeValue<'_>) -> Option<String> {
    match value {
        toml::de::DeValue::String(text) => Some(text.to_string()),
        toml::de::DeValue::Integer(number) => Some(number.to_string()),
        toml::de::DeValue::Float(number) => Some(number.to_string()),
        toml::de::DeValue::Boolean(value) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
