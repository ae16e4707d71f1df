//! Hands a report to everyone who wants it: streams, the host's files, the files that the user named.

use crate::ci::{self, Ci};
use crate::exit::Failure;
use crate::log::Log;
use crate::run::Done;
use crate::{Environment, files, insights};
use clap::ArgMatches;
use kit_report::render::{bitbucket, github, gitlab, json, junit, sarif, terminal};
use kit_report::{Block, InsightsValue, Output, Report};
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Publishes. Errors (exit 3): stdout or a file that the user named can't be written. A host's own file that is missing
/// or unwritable only costs a warning: an action must survive runners that don't mount it.
pub fn publish(log: &Log, ci: Ci, env: &Environment, matches: Option<&ArgMatches>, done: &Done) -> Result<(), Failure> {
    let file = |id: &str| matches.and_then(|matches| matches.get_one::<String>(id)).map(String::as_str);
    let report = &*redacted(log, &done.report);
    let json_text = || json::text(report);
    let json_on_stdout = file("json") == Some("-");
    let stdout = match (&done.stdout, json_on_stdout) {
        (_, true) => Some(json_text().into_bytes()),
        (Some(result), false) => Some(result.clone()),
        (None, false) => None,
    };
    match stdout {
        Some(result) => {
            log.raw(&terminal::render(report, log.color()));
            print(&result)?;
        }
        None => {
            let color = std::io::stdout().is_terminal() && env.get("NO_COLOR").is_none();
            print(terminal::render(report, color).as_bytes())?;
        }
    }
    match ci {
        Ci::GitHub => to_github(log, env, report),
        Ci::Bitbucket => to_bitbucket(log, env, report),
        _ => {}
    }
    if let Some(path) = file("json").filter(|path| *path != "-") {
        files::write_unchecked(Path::new(path), json_text().as_bytes())?;
    }
    if let Some(path) = file("junit") {
        files::write_unchecked(Path::new(path), junit::render(report).as_bytes())?;
    }
    if let Some(path) = file("code-quality") {
        files::write_unchecked(Path::new(path), format!("{:#}\n", gitlab::code_quality(report)).as_bytes())?;
    }
    if let Some(path) = file("sarif") {
        files::write_unchecked(Path::new(path), format!("{:#}\n", sarif::render(report)).as_bytes())?;
    }
    if let Some(path) = file("dotenv") {
        let (text, left_out) = gitlab::dotenv(report);
        warn_left_out(log, "GitLab's dotenv report", &left_out);
        files::write_unchecked(Path::new(path), text.as_bytes())?;
    }
    Ok(())
}

/// The report without secrets, in whatever part of it a stranger may have echoed one.
fn redacted<'r>(log: &Log, report: &'r Report) -> Cow<'r, Report> {
    if !log.has_secrets() {
        return Cow::Borrowed(report);
    }
    let mut report = report.clone();
    report.headline = log.redact(&report.headline);
    for finding in &mut report.findings {
        finding.message = log.redact(&finding.message);
    }
    for output in &mut report.outputs {
        output.value = log.redact(&output.value);
    }
    for section in &mut report.sections {
        section.title = log.redact(&section.title);
        redact_blocks(log, &mut section.blocks);
    }
    for case in &mut report.cases {
        case.name = log.redact(&case.name);
        case.failure = case.failure.as_deref().map(|why| log.redact(why));
    }
    for value in report.body.values_mut() {
        redact_value(log, value);
    }
    for element in report.lists.values_mut().flatten() {
        *element = log.redact(element);
    }
    for datum in &mut report.insights.data {
        if let InsightsValue::Text(text) = &mut datum.value {
            *text = log.redact(text);
        }
    }
    Cow::Owned(report)
}

fn redact_value(log: &Log, value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = log.redact(text),
        serde_json::Value::Array(values) => values.iter_mut().for_each(|value| redact_value(log, value)),
        serde_json::Value::Object(values) => values.values_mut().for_each(|value| redact_value(log, value)),
        _ => {}
    }
}

fn redact_blocks(log: &Log, blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Text(text) | Block::Preformatted(text) => *text = log.redact(text),
            Block::Table(table) => {
                table.rows.iter_mut().flatten().for_each(|cell| *cell = log.redact(cell));
            }
            Block::Details { summary, blocks } => {
                *summary = log.redact(summary);
                redact_blocks(log, blocks);
            }
        }
    }
}

fn print(result: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(result).and_then(|()| stdout.flush()).map_err(|err| {
        Failure::world("stdout-not-written", format!("cannot write the result to standard output: {err}"))
    })
}

fn to_github(log: &Log, env: &Environment, report: &Report) {
    for line in github::annotations(report) {
        log.raw(&format!("{line}\n"));
    }
    if let Some(path) = env.get("GITHUB_STEP_SUMMARY").map(Path::new) {
        let used_bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let text = github::summary(report, usize::try_from(used_bytes).unwrap_or(usize::MAX));
        if let Err(err) = files::append(path, &text) {
            log.warning(&format!("cannot write the step summary to {}: {err}", path.display()));
        }
    }
    let (outputs, cut) = github::outputs(&report.outputs);
    for name in cut {
        log.warning(&format!(
            "output `{name}` was cut: GitHub takes 1 MB of outputs from a job; read the file instead"
        ));
    }
    let Some(path) = env.get("GITHUB_OUTPUT").map(Path::new) else {
        log.warning("GITHUB_OUTPUT is not set; the outputs are lost to later steps");
        return;
    };
    let text: String = outputs.iter().map(|output| github::output_entry(output, &delimiter(output))).collect();
    if let Err(err) = files::append(path, &text) {
        log.warning(&format!("cannot write the outputs to {}: {err}", path.display()));
    }
}

/// A random delimiter that the value does not hold, so that no value can end its own entry and start another. It grows until
/// that is so, which also ends without a source of randomness: no text holds a longer one.
fn delimiter(output: &Output) -> String {
    let mut random = [0u8; 16];
    // Without randomness the zeros stay; what counts is the check against the value.
    let _ = getrandom::fill(&mut random);
    let mut delimiter = random.iter().fold(String::from("ghadelimiter_"), |text, byte| text + &format!("{byte:02x}"));
    while !github::delimiter_is_safe(&output.value, &delimiter) {
        delimiter.push('x');
    }
    delimiter
}

fn to_bitbucket(log: &Log, env: &Environment, report: &Report) {
    if report.on_commit
        && let Err(why) = insights::send(env, report, ci::in_own_image(env))
    {
        log.warning(&format!("Code Insights has no report: {why}"));
    }
    if report.outputs.is_empty() {
        return;
    }
    let (text, left_out) = bitbucket::variables(&report.outputs);
    let path = env.get("BITBUCKET_PIPELINES_VARIABLES_PATH").map(Path::new).filter(|path| path.exists());
    let Some(path) = path else {
        // Pipes don't always get the file, so the values stand in the log and the user learns how to hand them on.
        log.info("Bitbucket's variables file is not here; to hand the outputs on, append these lines to");
        log.info("$BITBUCKET_PIPELINES_VARIABLES_PATH and add to the step:");
        log.info(&bitbucket::output_variables_yaml(&report.outputs));
        for line in text.lines() {
            log.info(&format!("  {line}"));
        }
        return;
    };
    warn_left_out(log, "Bitbucket's variables file", &left_out);
    if let Err(err) = files::append(path, &text) {
        log.warning(&format!("cannot write the outputs to {}: {err}", path.display()));
    }
}

fn warn_left_out(log: &Log, place: &str, names: &[&str]) {
    for name in names {
        log.warning(&format!("output `{name}` does not fit into {place}; read it from its file or from --json"));
    }
}
