//! act's JSON log (`--json`), one object a line, as jobs and steps.
//!
//! Seen in act 0.2.89: every line has `msg`; lines of a job have `job` (workflow/name, padded), `jobID`, `matrix`; lines of a
//! step have `step` and `stepID` (a list: the path through composite actions); a step's own print has `raw_output`; workflow
//! commands have `command`, `arg`, `kvPairs`; a result has `stepResult` or `jobResult`.

use std::collections::BTreeMap;

use serde_json::Value;

/// One job of a run.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// `workflow/name`; a matrix adds `-1`, `-2`, ...
    pub name: String,
    /// Its key under `jobs:`.
    pub id: String,
    /// The values of its matrix, an empty object without one.
    pub matrix: Value,
    /// `success`, `failure`; empty when it was stopped.
    pub result: String,
    /// The steps that ran, in order, those of composite actions included.
    pub steps: Vec<Step>,
}

/// One step of a job.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Its `id:`, or its number from 0; inside a composite action `outer/inner`.
    pub id: String,
    /// Its name, or what it runs.
    pub name: String,
    /// `success`, `failure` or `skipped`; empty when it was stopped.
    pub result: String,
    /// What it printed, workflow commands included, secrets masked by act.
    pub print: String,
    /// Outputs that it set, by GITHUB_OUTPUT or by command.
    pub outputs: BTreeMap<String, String>,
    /// What it wrote to GITHUB_STEP_SUMMARY.
    pub summary: String,
    /// `::error::`, `::warning::`, `::notice::` lines.
    pub annotations: Vec<Annotation>,
}

/// One annotation, unescaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotation {
    /// `error`, `warning`, `notice`.
    pub level: String,
    /// The text.
    pub message: String,
    /// `file`, `line`, `title`, ...
    pub properties: BTreeMap<String, String>,
}

/// Reads the log into jobs and a plain text of it. Lines that are no JSON go to the text as they are.
pub(super) fn read(json_lines: &str) -> (Vec<Job>, String) {
    let (mut jobs, mut plain) = (Vec::new(), String::new());
    for line in json_lines.lines() {
        let Ok(entry) = serde_json::from_str::<Value>(line) else {
            plain += &format!("{line}\n");
            continue;
        };
        let (name, message) = (text(&entry, "job").trim().to_owned(), text(&entry, "msg"));
        plain += &format!("[{name}] {}\n", message.trim_end());
        if name.is_empty() {
            continue;
        }
        let job = find_or_add(&mut jobs, |job: &Job| job.name == name);
        job.name = name;
        job.id = text(&entry, "jobID");
        job.matrix = entry["matrix"].clone();
        if let Some(result) = entry["jobResult"].as_str() {
            job.result = result.to_owned();
        }
        add_to_step(job, &entry, &message);
    }
    (jobs, plain)
}

fn add_to_step(job: &mut Job, entry: &Value, message: &str) {
    // Before and after their main run, actions have a stage of their own that is of no interest here.
    if text(entry, "stage") != "Main" {
        return;
    }
    let Some(path) = entry["stepID"].as_array() else { return };
    let id = path.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("/");
    let step = find_or_add(&mut job.steps, |step: &Step| step.id == id);
    step.id = id;
    if step.name.is_empty() {
        step.name = text(entry, "step");
    }
    if let Some(result) = entry["stepResult"].as_str() {
        step.result = result.to_owned();
    }
    if entry["raw_output"] == Value::Bool(true) {
        step.print += message;
    }
    let argument = text(entry, "arg");
    match text(entry, "command").as_str() {
        "set-output" => drop(step.outputs.insert(text(entry, "name"), argument)),
        "summary" => step.summary += &text(entry, "content"),
        level @ ("error" | "warning" | "notice") => {
            step.print += &text(entry, "raw");
            let properties = entry["kvPairs"].as_object().into_iter().flatten();
            let properties = properties.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
            let (level, properties) = (level.to_owned(), properties.collect());
            step.annotations.push(Annotation { level, message: argument, properties });
        }
        "" => (),
        _ => step.print += &text(entry, "raw"),
    }
}

fn find_or_add<T: Default>(list: &mut Vec<T>, matches: impl Fn(&T) -> bool) -> &mut T {
    let at = list.iter().position(matches).unwrap_or_else(|| {
        list.push(T::default());
        list.len() - 1
    });
    &mut list[at]
}

fn text(entry: &Value, key: &str) -> String {
    entry[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_summaries_and_annotations_are_read() {
        let log = concat!(
            r#"{"job":"e2e/a  ","jobID":"a","matrix":{"index":1},"msg":"hi\n","raw_output":true,"stage":"Main","step":"s","stepID":["c","in"]}"#,
            "\n",
            r#"{"job":"e2e/a  ","jobID":"a","matrix":{"index":1},"msg":"x","command":"set-output","name":"k","arg":"a\nb","stage":"Main","step":"s","stepID":["c","in"]}"#,
            "\n",
            r###"{"job":"e2e/a  ","jobID":"a","matrix":{"index":1},"msg":"x","command":"summary","content":"## t\n","stage":"Main","step":"s","stepID":["c","in"]}"###,
            "\n",
            r#"{"job":"e2e/a  ","jobID":"a","matrix":{"index":1},"msg":"x","command":"error","arg":"m","raw":"::error file=f::m\n","kvPairs":{"file":"f"},"stage":"Main","step":"s","stepID":["c","in"]}"#,
            "\n",
            r#"{"job":"e2e/a  ","jobID":"a","matrix":{"index":1},"msg":"x","stepResult":"failure","stage":"Main","step":"s","stepID":["c","in"]}"#,
            "\nError: plain\n",
        );
        let (jobs, plain) = read(log);
        assert_eq!((jobs.len(), jobs[0].name.as_str(), jobs[0].steps.len()), (1, "e2e/a", 1));
        let step = &jobs[0].steps[0];
        assert_eq!((step.id.as_str(), step.print.as_str()), ("c/in", "hi\n::error file=f::m\n"));
        assert_eq!((step.outputs["k"].as_str(), step.summary.as_str()), ("a\nb", "## t\n"));
        assert_eq!((step.result.as_str(), step.annotations[0].properties["file"].as_str()), ("failure", "f"));
        assert!(plain.ends_with("Error: plain\n"));
    }
}
