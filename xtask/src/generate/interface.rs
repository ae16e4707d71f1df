//! A tool's interface, as its binary prints it with `--describe`, and how each host spells it. PURE but for
//! [`Interface::of`].

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// What `TOOL --describe` prints; kit-host's `describe` module makes it from the clap command.
#[derive(Debug, Clone, Deserialize)]
pub struct Interface {
    /// The tool's name.
    pub name: String,
    /// SemVer.
    pub version: String,
    /// One sentence.
    pub about: String,
    /// The command that runs when none is named.
    pub default_command: String,
    /// In order of declaration.
    pub commands: Vec<CommandLine>,
    /// In order of declaration, the host layer's own last.
    pub inputs: Vec<Input>,
    /// In order of declaration.
    pub outputs: Vec<Output>,
}

/// One command of the tool.
#[derive(Debug, Clone, Deserialize)]
pub struct CommandLine {
    /// Its name.
    pub name: String,
    /// One sentence, without a full stop.
    pub about: String,
}

/// What kind of value an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// Any number of values.
    List,
    /// One value.
    Text,
}

/// One input, whichever commands take it.
#[derive(Debug, Clone, Deserialize)]
pub struct Input {
    /// Kebab-case.
    pub name: String,
    /// What kind of value.
    pub kind: Kind,
    /// One sentence, without a full stop.
    pub help: String,
    /// The values that are accepted, when there is a list of them.
    #[serde(default)]
    pub values: Vec<String>,
    /// The default, for documentation only: it never becomes a host's default, which would beat the config file.
    #[serde(default)]
    pub default: Option<String>,
    /// The commands that take it; empty means all.
    #[serde(default)]
    pub commands: Vec<String>,
    /// Never shown.
    #[serde(default)]
    pub secret: bool,
    /// The tool refuses to run without it, from wherever it comes.
    #[serde(default)]
    pub required: bool,
}

/// One output.
#[derive(Debug, Clone, Deserialize)]
pub struct Output {
    /// Kebab-case.
    pub name: String,
    /// One sentence.
    pub description: String,
}

/// Variables that containers have anyway: in a pipe, where an input is a variable of its own name, an input of such a name
/// would be set always, and to something else.
const TAKEN: [&str; 12] =
    ["CI", "HOME", "HOSTNAME", "IFS", "LANG", "PATH", "PWD", "SHELL", "TERM", "TMPDIR", "TZ", "USER"];

/// Inputs that `uses: docker://IMAGE` has of its own. Source: docs.github.com, "Workflow syntax", `jobs.<id>.steps[*].with`.
const CONTAINER_INPUTS: [&str; 2] = ["args", "entrypoint"];

/// The input that chooses the command; kit-host reads it, so no tool declares it.
pub const COMMAND: &str = "command";

impl Interface {
    /// Asks the binary `program` and checks what it says. Errors: it does not answer, or [`Interface::check`] objects.
    pub fn of(program: &Path) -> Result<Interface> {
        let output = Command::new(program).arg("--describe").env_clear().output();
        let output = output.with_context(|| format!("cannot start {}", program.display()))?;
        ensure!(
            output.status.success(),
            "{} --describe: {}",
            program.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let mut interface: Interface =
            serde_json::from_slice(&output.stdout).with_context(|| format!("{} --describe", program.display()))?;
        interface.drop_propagated();
        interface.check()?;
        Ok(interface)
    }

    /// clap hands the arguments that all commands share down to each of them: such an input is listed with the commands
    /// and once more, at the end, for all. The last one is what it is.
    fn drop_propagated(&mut self) {
        let shared: Vec<String> =
            self.inputs.iter().filter(|i| i.commands.is_empty()).map(|i| i.name.clone()).collect();
        self.inputs.retain(|input| input.commands.is_empty() || !shared.contains(&input.name));
    }

    /// Errors: a name that some host would not take, or two inputs that one of them could not tell apart.
    pub fn check(&self) -> Result<()> {
        let mut variables = std::collections::BTreeSet::from([variable(COMMAND)]);
        for input in &self.inputs {
            ensure!(is_kebab(&input.name), "{}: `{}` is not a kebab-case name", self.name, input.name);
            ensure!(variables.insert(variable(&input.name)), "{}: two inputs are called `{}`", self.name, input.name);
            ensure!(
                !CONTAINER_INPUTS.contains(&input.name.as_str()),
                "{}: `{}` is an input of every container on GitHub; call it something else",
                self.name,
                input.name
            );
            ensure!(
                !TAKEN.contains(&variable(&input.name).as_str()),
                "{}: an input `{}` would be the variable {} of every container; call it something else",
                self.name,
                input.name,
                variable(&input.name)
            );
            ensure!(!input.help.is_empty(), "{}: input `{}` has no description", self.name, input.name);
            ensure!(
                !input.secret || input.default.is_none(),
                "{}: `{}` is a secret and has a default",
                self.name,
                input.name
            );
        }
        for list in self.inputs.iter().filter(|input| input.kind == Kind::List) {
            let element = |rest: &str| rest == "count" || rest.bytes().all(|b| b.is_ascii_digit());
            let clash = self.inputs.iter().find(|input| {
                input.name.strip_prefix(&list.name).and_then(|rest| rest.strip_prefix('-')).is_some_and(element)
            });
            ensure!(
                clash.is_none(),
                "{}: a pipe hands the list `{}` over as {}_COUNT and {}_0, which another input is called",
                self.name,
                list.name,
                variable(&list.name),
                variable(&list.name)
            );
        }
        for output in &self.outputs {
            ensure!(is_kebab(&output.name), "{}: `{}` is not a kebab-case name", self.name, output.name);
            ensure!(!output.description.is_empty(), "{}: output `{}` has no description", self.name, output.name);
        }
        Ok(())
    }

    /// `command` as an input like the others; `starts` is the command that a container without a shell can't run.
    pub fn command_input(&self, starts: Option<&str>) -> Input {
        let about = |command: &CommandLine| {
            let mut notes = Vec::new();
            if command.name == self.default_command {
                notes.push("the default");
            }
            if starts == Some(command.name.as_str()) {
                notes.push("needs an image or a runner that has your command, so not in this container");
            }
            let notes = if notes.is_empty() { String::new() } else { format!("; {}", notes.join("; ")) };
            format!("`{}` ({}{notes})", command.name, lower_first(sentence(&command.about).trim_end_matches('.')))
        };
        let commands: Vec<String> = self.commands.iter().map(about).collect();
        Input {
            name: COMMAND.to_owned(),
            kind: Kind::Text,
            help: format!("What to do: {}", commands.join(", ")),
            values: Vec::new(),
            default: None,
            commands: Vec::new(),
            secret: false,
            required: false,
        }
    }
}

impl Input {
    /// The whole description: the help, how lists and booleans are written, who takes it, the values and the default.
    pub fn description(&self) -> String {
        let mut text = sentence(&self.help);
        match self.kind {
            Kind::List => text.push_str(" One a line."),
            Kind::Boolean => text.push_str(" `true` or `false`."),
            Kind::Text => {}
        }
        if !self.values.is_empty() {
            text.push_str(&format!(" One of {}.", ticked(&self.values)));
        }
        if !self.commands.is_empty() {
            text.push_str(&format!(" Used by {}.", ticked(&self.commands)));
        }
        if self.secret {
            text.push_str(" A secret.");
        }
        if let Some(default) = self.shown_default() {
            text.push_str(&format!(" Default: `{default}`."));
        }
        text
    }

    /// The default as documentation shows it; `false` for a boolean.
    pub fn shown_default(&self) -> Option<&str> {
        match self.kind {
            Kind::Boolean => Some("false"),
            Kind::List | Kind::Text => self.default.as_deref(),
        }
    }
}

/// The name in the environment: `min-known` is `MIN_KNOWN` in a pipe, and `INPUT_MIN_KNOWN` elsewhere.
pub fn variable(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

/// `` `a`, `b` ``.
pub fn ticked(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The text with a full stop, on one line.
pub fn sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.ends_with(['.', '?', '!']) { line } else { line + "." }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_lowercase().to_string() + chars.as_str()).unwrap_or_default()
}

/// Whether a name fits every host: GitHub allows letters, digits, `-` and `_`; a pipe's variable is upper case with `_`.
fn is_kebab(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(allowed)
        && !name.ends_with('-')
        && !name.contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample;

    #[test]
    fn names_become_variables() {
        assert_eq!(variable("min-known"), "MIN_KNOWN");
        assert_eq!(variable("setup-s"), "SETUP_S");
    }

    #[test]
    fn the_description_says_kind_values_commands_and_default() {
        let interface = sample::interface();
        let described = |name: &str| interface.inputs.iter().find(|i| i.name == name).map(Input::description);
        assert_eq!(
            described("unit").as_deref(),
            Some("What is split. One of `file`, `test`. Used by `shard`, `plan`. Default: `file`.")
        );
        assert_eq!(described("test-globs").as_deref(), Some("Globs of the tests. One a line. Used by `shard`."));
        assert_eq!(described("advisory").as_deref(), Some("Show, but exit 0. `true` or `false`. Default: `false`."));
        assert_eq!(described("token").as_deref(), Some("API token. Used by `plan`. A secret."));
    }

    #[test]
    fn the_command_input_lists_the_commands() {
        assert_eq!(
            sample::interface().command_input(Some("run")).description(),
            "What to do: `shard` (print one shard; the default), `run` (take a shard and run a command; needs an image or \
             a runner that has your command, so not in this container), `plan` (decide)."
        );
    }

    #[test]
    fn shared_inputs_stand_once() {
        let mut interface = sample::interface();
        let mut propagated = interface.inputs.iter().find(|input| input.name == "advisory").cloned().unwrap();
        propagated.commands = vec!["shard".into(), "plan".into()];
        interface.inputs.insert(0, propagated);
        assert!(interface.check().is_err());
        interface.drop_propagated();
        assert!(interface.check().is_ok());
        assert!(interface.inputs.iter().all(|input| input.name != "advisory" || input.commands.is_empty()));
    }

    #[test]
    fn names_that_a_host_would_refuse_are_refused() {
        for name in ["Bad", "a_b", "a b", "-a", "a-", "a--b", "1a", "", "path", "home", "args", "entrypoint"] {
            let mut interface = sample::interface();
            interface.inputs[0].name = name.to_owned();
            assert!(interface.check().is_err(), "{name}");
        }
        let mut twice = sample::interface();
        twice.inputs[1].name = twice.inputs[0].name.clone();
        assert!(twice.check().is_err());
        let mut reserved = sample::interface();
        reserved.inputs[0].name = COMMAND.to_owned();
        assert!(reserved.check().is_err());
        for name in ["test-globs-count", "test-globs-0"] {
            let mut clash = sample::interface();
            clash.inputs[1].name = name.into();
            assert!(clash.check().is_err(), "{name}");
        }
        let mut leaky = sample::interface();
        leaky.inputs.iter_mut().filter(|input| input.secret).for_each(|input| input.default = Some("x".into()));
        assert!(leaky.check().is_err());
    }
}
