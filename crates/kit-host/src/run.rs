//! From `main` to the exit code.

use crate::arguments::with_host_arguments;
use crate::ci::{self, Ci};
use crate::exit::{Exit, Failure};
use crate::inputs::{self, Given, Sources};
use crate::log::Log;
use crate::publish;
use crate::signals::Signals;
use crate::{Environment, Permit, Tool, describe};
use clap::{ArgMatches, Command};
use clap_complete::shells::{Bash, Fish, Zsh};
use kit_report::{Finding, Level, Report, Verdict};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// The config file that is read when none is named.
const CONFIG_FILE: &str = ".roadcrew.toml";
/// Bytes of a config file; it holds a few dozen settings.
const CONFIG_BYTES: u64 = 1 << 20;

/// What a tool gets from its host.
pub struct Host {
    /// Which CI this is.
    pub ci: Ci,
    /// The environment.
    pub env: Environment,
    /// Whether this is one of the tools' own images, without any other command in it.
    pub in_own_image: bool,
    /// stderr.
    pub log: Log,
    /// SIGINT and SIGTERM.
    pub signals: Signals,
    permit: Option<Permit>,
}

impl Host {
    /// Leave to change the world; `None` in a dry run.
    pub fn permit(&self) -> Option<&Permit> {
        self.permit.as_ref()
    }

    /// Hides further secrets from every stream and report: values that an input or a file only names or holds in part. Call
    /// it before anything is said about them.
    pub fn hide(&self, secrets: &[String]) {
        let secrets: Vec<String> = secrets.iter().filter(|secret| !secret.trim().is_empty()).cloned().collect();
        if self.ci == Ci::GitHub {
            log_masks(&secrets);
        }
        self.log.hide(&secrets);
    }
}

/// What a tool has to say when it has an answer.
pub struct Done {
    /// The report, for everyone.
    pub report: Report,
    /// The exit code that goes with it.
    pub exit: Exit,
    /// The result that belongs on stdout; without one the report itself stands there.
    pub stdout: Option<Vec<u8>>,
}

/// Runs a tool. The whole of a tool's `main`.
pub fn run(tool: &Tool) -> ExitCode {
    // A panic is a bug of ours: one line, no backtrace, exit 101. The hook may only print what was escaped.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        let text = format!("bug: {} at {place}; please report this line", info.payload_as_str().unwrap_or("panic"));
        let _ = writeln!(std::io::stderr().lock(), "{}", kit_report::escape::log_line(&text));
    }));
    let exit = std::panic::catch_unwind(|| run_tool(tool)).unwrap_or(Exit::Bug);
    ExitCode::from(exit.code())
}

/// Ends the process at a signal that nobody took over: nothing has been changed by a tool that does not take them.
#[expect(clippy::exit, reason = "the one place where a signal ends the process from another thread")]
pub(crate) fn stop_at_once(signal: &str) {
    let _ = writeln!(std::io::stderr().lock(), "error: stopped by {signal}; nothing was left behind, run it again");
    std::process::exit(i32::from(Exit::World.code()));
}

fn run_tool(tool: &Tool) -> Exit {
    let env = Environment::of_process();
    let command = with_host_arguments((tool.command)().name(tool.name).version(tool.version));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let ci = Ci::detect(&env);
    let color = env.get("NO_COLOR").is_none();
    let parsed = match parse(tool, &command, &env, arguments) {
        Ok(parsed) => parsed,
        Err(Stop::Failed(failure)) => {
            let log = Log::new(Vec::new(), false, color);
            return conclude(tool, &log, ci, &env, None, Err(failure));
        }
        Err(Stop::Printed(text)) => {
            return match std::io::stdout().lock().write_all(text.as_bytes()) {
                Ok(()) => Exit::Done,
                Err(_) => Exit::World,
            };
        }
    };
    let matches = parsed.matches.subcommand().map_or(&parsed.matches, |(_, matches)| matches);
    let secrets = secrets(tool, matches);
    let log = Log::new(secrets.clone(), matches.get_flag("debug"), color);
    if ci == Ci::GitHub {
        log_masks(&secrets);
    }
    for given in &parsed.given {
        let secret = tool.secrets.contains(&given.name.as_str());
        let value = if secret { "***".to_owned() } else { given.values.join(" ") };
        log.debug(&format!("{} = {value} (from {})", given.name, given.origin));
    }
    log.debug(&format!("host: {}", ci.as_str()));
    let signals = match Signals::install() {
        Ok(signals) => signals,
        Err(err) => {
            let failure = Failure::world("signals-not-installed", format!("cannot install signal handlers: {err}"));
            return conclude(tool, &log, ci, &env, Some(matches), Err(failure));
        }
    };
    let dry_run = matches.try_get_one::<bool>("dry-run").ok().flatten().copied().unwrap_or(false);
    let permit = (!dry_run).then_some(Permit(()));
    let in_own_image = ci::in_own_image(&env);
    let host = Host { ci, env, in_own_image, log, signals, permit };
    let outcome = (tool.run)(&parsed.matches, &host);
    conclude(tool, &host.log, ci, &host.env, Some(matches), outcome)
}

struct Parsed {
    matches: ArgMatches,
    given: Vec<Given>,
}

enum Stop {
    Failed(Failure),
    Printed(String),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

fn parse(tool: &Tool, command: &Command, env: &Environment, mut line: Vec<OsString>) -> Result<Parsed, Stop> {
    if line.is_empty() {
        line.push(tool.name.into());
    }
    if line.get(1).is_some_and(|arg| arg == "--describe") {
        let mut built = command.clone();
        built.build();
        let text = serde_json::to_string_pretty(&describe::describe(tool, &built)).unwrap_or_default();
        return Err(Stop::Printed(text + "\n"));
    }
    if line.get(1).is_some_and(|arg| arg == "--completions") {
        let shell = line.get(2).and_then(|shell| shell.to_str()).unwrap_or_default();
        return Err(completions(tool, command, shell));
    }
    let no_config = BTreeMap::new();
    let pipe_variables = ci::in_own_image(env) && Ci::detect(env) == Ci::Bitbucket;
    let before = Sources { env, pipe_variables, config: &no_config };
    choose_command(tool, command, &before, &mut line)?;
    let explicit = command.clone().try_get_matches_from(&line).map_err(|err| clap_stop(&err, &[]))?;
    let Some((name, chosen_matches)) = explicit.subcommand() else {
        return Err(Failure::refused("command-missing", "no command given; see --help").into());
    };
    let Some(chosen) = command.find_subcommand(name) else {
        return Err(Failure::refused("command-unknown", format!("unknown command `{name}`; see --help")).into());
    };
    let config = read_config(command, chosen_matches, &before)?;
    let sources = Sources { config: &config, ..before };
    let given = inputs::collect(command, chosen, chosen_matches, &sources)?;
    let line = inputs::arguments(command, chosen, &line, &given)?;
    let matches = command.clone().try_get_matches_from(&line).map_err(|err| clap_stop(&err, &given))?;
    Ok(Parsed { matches, given })
}

/// Puts the subcommand in its place when the command line names none.
fn choose_command(
    tool: &Tool,
    command: &Command,
    sources: &Sources<'_>,
    line: &mut Vec<OsString>,
) -> Result<(), Failure> {
    let is_command = |arg: &OsString| {
        arg == "help" || arg.to_str().is_some_and(|arg| command.get_subcommands().any(|sub| sub.get_name() == arg))
    };
    let flags = line[1..].iter().take_while(|arg| *arg == "--debug" || *arg == "--advisory").count();
    let first = line.get(1 + flags);
    let top_level = ["--help", "-h", "--version", "-V"];
    if first.is_some_and(|arg| {
        is_command(arg) || arg.to_str().is_some_and(|arg| top_level.iter().any(|t| arg.starts_with(t)))
    }) {
        return Ok(());
    }
    let wanted = inputs::host_command(sources);
    let name = wanted.as_ref().and_then(|given| given.values.first()).map_or(tool.default_subcommand, String::as_str);
    if !command.get_subcommands().any(|sub| sub.get_name() == name) {
        let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        return Err(Failure::refused(
            "command-unknown",
            format!("unknown command `{name}`; one of: {}", names.join(", ")),
        ));
    }
    line.insert(1, name.into());
    Ok(())
}

fn read_config(
    command: &Command,
    explicit: &ArgMatches,
    sources: &Sources<'_>,
) -> Result<BTreeMap<String, Given>, Failure> {
    let named = explicit.get_one::<String>("config").cloned().or_else(|| {
        let arg = command.get_arguments().find(|arg| arg.get_id() == "config")?;
        let name = crate::arguments::input_name(arg)?;
        sources.env.get(&format!("INPUT_{}", name.to_ascii_uppercase())).map(str::to_owned)
    });
    let path = named.as_deref().unwrap_or(CONFIG_FILE);
    let failed = |err: std::io::Error| {
        Failure::refused("config-unreadable", format!("cannot read the config file {path}: {err}"))
    };
    match std::fs::metadata(path) {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound && named.is_none() => return Ok(BTreeMap::new()),
        Err(err) => return Err(failed(err)),
        Ok(metadata) if metadata.len() > CONFIG_BYTES => {
            return Err(Failure::refused(
                "config-invalid",
                format!("the config file {path} is larger than {CONFIG_BYTES} bytes"),
            ));
        }
        Ok(_) => {}
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    inputs::config(path, &text, command)
}

fn clap_stop(err: &clap::Error, given: &[Given]) -> Stop {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if matches!(err.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Stop::Printed(err.render().to_string());
    }
    let text = err.render().to_string();
    // clap's first paragraph says what is wrong; usage and hints belong to --help.
    let what: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let mut message = what.join(" ").trim_start_matches("error: ").to_owned();
    if let Some(ContextValue::String(arg)) = err.get(ContextKind::InvalidArg) {
        let name = arg.trim_start_matches('-').split([' ', '=']).next().unwrap_or_default();
        if let Some(source) = given.iter().find(|given| given.name == name) {
            message.push_str(&format!(" (from {})", source.origin));
        }
    }
    Stop::Failed(Failure::refused("arguments-invalid", format!("{message}; see --help")))
}

fn completions(tool: &Tool, command: &Command, shell: &str) -> Stop {
    let (mut command, mut script) = (command.clone(), Vec::new());
    // The shells of the machines that the tools run on; each further one would weigh on every image.
    match shell {
        "bash" => clap_complete::generate(Bash, &mut command, tool.name, &mut script),
        "fish" => clap_complete::generate(Fish, &mut command, tool.name, &mut script),
        "zsh" => clap_complete::generate(Zsh, &mut command, tool.name, &mut script),
        _ => return Failure::refused("arguments-invalid", "--completions takes bash, fish or zsh").into(),
    }
    Stop::Printed(String::from_utf8_lossy(&script).into_owned())
}

fn secrets(tool: &Tool, matches: &ArgMatches) -> Vec<String> {
    let ids = tool.secrets.iter().map(|name| name.replace('-', "_"));
    ids.flat_map(|id| matches.try_get_raw(&id).ok().flatten().into_iter().flatten())
        .map(|value| value.to_string_lossy().into_owned())
        .filter(|value| !value.trim().is_empty())
        .collect()
}

/// GitHub hides a value from the log once it is told, a line at a time; so every line of a secret is told.
/// Source: docs.github.com, "Workflow commands: masking a value in a log".
fn log_masks(secrets: &[String]) {
    let mut stderr = std::io::stderr().lock();
    for line in masks(secrets) {
        // A log that can't be written shows no secret either.
        let _ = writeln!(stderr, "{line}");
    }
}

fn masks(secrets: &[String]) -> Vec<String> {
    let lines = secrets.iter().flat_map(|secret| secret.lines()).filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("::add-mask::{}", line.replace('%', "%25").replace('\r', "%0D"))).collect()
}

/// Hands the outcome to everyone who wants it and settles the exit code.
fn conclude(
    tool: &Tool,
    log: &Log,
    ci: Ci,
    env: &Environment,
    matches: Option<&ArgMatches>,
    outcome: Result<Done, Failure>,
) -> Exit {
    let done = outcome.unwrap_or_else(|failure| failed(tool, failure));
    let advisory = matches.is_some_and(|matches| matches.get_flag("advisory"));
    let exit = match publish::publish(log, ci, env, matches, &done) {
        Err(failure) => {
            log.error(&failure.message);
            failure.exit
        }
        Ok(()) => done.exit,
    };
    match exit {
        Exit::No | Exit::Unproven if advisory => {
            log.info(&format!("advisory: the verdict is {}, the exit code 0", done.report.verdict.as_str()));
            Exit::Done
        }
        exit => exit,
    }
}

fn failed(tool: &Tool, failure: Failure) -> Done {
    let verdict = if failure.exit == Exit::Unproven { Verdict::Unproven } else { Verdict::Error };
    let mut report = Report::new(tool.name, tool.version, verdict, failure.message.clone());
    report.findings = failure.findings;
    report
        .findings
        .push(Finding { location: failure.location, ..Finding::new(failure.code, Level::Error, failure.message) });
    report.set_output("verdict", verdict.as_str());
    // A failure has no result, and whatever reads stdout must not take the message for one.
    Done { report, exit: failure.exit, stdout: Some(Vec::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_a_secret_is_masked_on_its_own() {
        let secrets = ["one\n\n  \ntwo%".to_owned(), "three".to_owned()];
        assert_eq!(masks(&secrets), ["::add-mask::one", "::add-mask::two%25", "::add-mask::three"]);
    }
}
