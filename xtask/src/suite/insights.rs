//! A stand-in for the proxy of Bitbucket Pipelines that takes Code Insights reports without a token. It refuses what
//! Bitbucket's API refuses.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/> (PUT of a report, POST of annotations) and
//! <https://support.atlassian.com/bitbucket-cloud/docs/code-insights/> (the proxy). Of a summary longer than 450 characters the
//! page says nothing; the API answers 400 (github.com/reviewdog/reviewdog/issues/1285).

use crate::suite::loopback::{self, Answer, Request};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where the proxy listens on the machine of a step.
const ADDRESS: &str = "127.0.0.1:29418";

/// Another checkout's tests may have the port for as long as a pipe runs.
const PORT_LIMIT: Duration = Duration::from_secs(120);

const MAX_ANNOTATIONS: usize = 1000;
const MAX_ANNOTATIONS_PER_POST: usize = 100;
const MAX_DATA: usize = 10;
const MAX_TITLE_CHARS: usize = 450;
const MAX_SUMMARY_CHARS: usize = 450;
const MAX_DETAILS_CHARS: usize = 2000;

/// What was sent.
#[derive(Debug, Default, Clone)]
pub(super) struct Sent {
    /// The last report.
    pub report: Option<Value>,
    /// Annotations of that report.
    pub annotations: Vec<Value>,
    /// The commit that the report hangs on.
    pub commit: String,
    /// What was refused, each with the reason.
    pub refused: Vec<String>,
}

/// The running stand-in; it ends with the process.
pub(super) struct Insights {
    sent: Arc<Mutex<Sent>>,
    address: SocketAddr,
}

impl Insights {
    /// Starts it where steps expect it. One at a time in a process: [`Insights::the`].
    fn start() -> Result<Insights> {
        let started = Instant::now();
        let listener = loop {
            match TcpListener::bind(ADDRESS) {
                Ok(listener) => break listener,
                Err(_) if started.elapsed() < PORT_LIMIT => std::thread::sleep(Duration::from_millis(200)),
                Err(err) => return Err(err).context(ADDRESS),
            }
        };
        let address = listener.local_addr()?;
        let sent: Arc<Mutex<Sent>> = Arc::default();
        let noted = Arc::clone(&sent);
        loopback::serve(listener, move |request| {
            let mut sent = noted.lock().unwrap_or_else(PoisonError::into_inner);
            match sent.take(request) {
                Ok(()) => Answer::new(200, "{}"),
                Err(err) => {
                    sent.refused.push(format!("{} {}: {err:#}", request.method, request.target));
                    Answer::error(400, &format!("{err:#}"))
                }
            }
        });
        Ok(Insights { sent, address })
    }

    /// The one of this process, with nothing sent yet. Errors: the port is taken.
    pub(super) fn the() -> Result<&'static Insights> {
        static ONE: Mutex<Option<&'static Insights>> = Mutex::new(None);
        let mut one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let insights = match *one {
            Some(insights) => insights,
            None => one.insert(Box::leak(Box::new(Insights::start()?))),
        };
        *insights.sent.lock().unwrap_or_else(PoisonError::into_inner) = Sent::default();
        Ok(insights)
    }

    /// What was sent since.
    pub(super) fn sent(&self) -> Sent {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Host and port.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Sent {
    /// Takes a request, or says what is wrong with it.
    fn take(&mut self, request: &Request) -> Result<()> {
        // A proxy is asked with the whole address.
        let path =
            request.target.strip_prefix("http://api.bitbucket.org/2.0/repositories/").context("another address")?;
        ensure!(request.header("host") == "api.bitbucket.org", "another host");
        ensure!(request.header("content-type") == "application/json", "the body is not said to be JSON");
        ensure!(request.header("authorization").is_empty(), "the proxy adds the authorization itself");
        let body: Value = serde_json::from_slice(&request.body).context("the body is no JSON")?;
        let parts: Vec<&str> = path.split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("PUT", [_, _, "commit", commit, "reports", id]) => {
                ensure!(!id.is_empty() && id.len() <= 256, "an id of {} characters", id.len());
                report(&body)?;
                *self = Sent { report: Some(body), commit: (*commit).to_owned(), ..Sent::default() };
            }
            ("POST", [_, _, "commit", commit, "reports", _, "annotations"]) => {
                ensure!(self.report.is_some() && self.commit == *commit, "there is no such report");
                let list = body.as_array().context("annotations are a list")?;
                ensure!((1..=MAX_ANNOTATIONS_PER_POST).contains(&list.len()), "{} annotations in one POST", list.len());
                list.iter().try_for_each(annotation)?;
                self.annotations.extend(list.iter().cloned());
                ensure!(self.annotations.len() <= MAX_ANNOTATIONS, "{} annotations", self.annotations.len());
                let ids: BTreeSet<&str> =
                    self.annotations.iter().filter_map(|each| each["external_id"].as_str()).collect();
                ensure!(ids.len() == self.annotations.len(), "an external_id stands twice");
            }
            _ => anyhow::bail!("the proxy takes no such request"),
        }
        Ok(())
    }
}

/// A required text of at most so many characters.
fn text(body: &Value, key: &str, limit_chars: usize) -> Result<()> {
    let text = body[key].as_str().with_context(|| format!("no {key}"))?;
    ensure!(!text.is_empty(), "{key} is empty");
    let chars = text.chars().count();
    ensure!(chars <= limit_chars, "{key} has {chars} characters");
    Ok(())
}

/// An optional text, which is none of `known` when these are given.
fn one_of(body: &Value, key: &str, known: &[&str]) -> Result<()> {
    let Some(value) = body.get(key) else { return Ok(()) };
    let value = value.as_str().with_context(|| format!("{key} is no text"))?;
    ensure!(known.contains(&value), "{key} is {value}");
    Ok(())
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<()> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => anyhow::bail!("`{key}` is unknown"),
        None => Ok(()),
    }
}

fn report(body: &Value) -> Result<()> {
    let object = body.as_object().context("a report is an object")?;
    only(
        object,
        &[
            "title",
            "details",
            "report_type",
            "reporter",
            "result",
            "data",
            "link",
            "logo_url",
            "remote_link_enabled",
            "external_id",
        ],
    )?;
    text(body, "title", MAX_TITLE_CHARS)?;
    text(body, "details", MAX_DETAILS_CHARS)?;
    ensure!(body.get("report_type").is_some(), "no report_type");
    one_of(body, "report_type", &["SECURITY", "COVERAGE", "TEST", "BUG"])?;
    ensure!(body.get("result").is_some(), "a verdict has a result");
    one_of(body, "result", &["PASSED", "FAILED", "PENDING"])?;
    let empty = Vec::new();
    let data = body["data"].as_array().unwrap_or(&empty);
    ensure!(data.len() <= MAX_DATA, "{} data fields", data.len());
    for field in data {
        only(field.as_object().context("a data field is an object")?, &["title", "type", "value"])?;
        text(field, "title", MAX_TITLE_CHARS)?;
        one_of(field, "type", &["BOOLEAN", "DATE", "DURATION", "LINK", "NUMBER", "PERCENTAGE", "TEXT"])?;
        let value = &field["value"];
        let fits = match field["type"].as_str() {
            Some("BOOLEAN") => value.is_boolean(),
            Some("PERCENTAGE") => value.as_f64().is_some_and(|share| (0.0..=100.0).contains(&share)),
            Some("NUMBER" | "DATE" | "DURATION") => value.is_number(),
            Some("LINK") => value.is_object(),
            _ => value.is_string(),
        };
        ensure!(fits, "the value {value} is no {}", field["type"]);
    }
    Ok(())
}

fn annotation(body: &Value) -> Result<()> {
    let object = body.as_object().context("an annotation is an object")?;
    only(
        object,
        &["external_id", "annotation_type", "path", "line", "summary", "details", "result", "severity", "link"],
    )?;
    text(body, "external_id", 450)?;
    text(body, "summary", MAX_SUMMARY_CHARS)?;
    ensure!(body.get("annotation_type").is_some(), "no annotation_type");
    one_of(body, "annotation_type", &["VULNERABILITY", "CODE_SMELL", "BUG"])?;
    one_of(body, "severity", &["LOW", "MEDIUM", "HIGH", "CRITICAL"])?;
    one_of(body, "result", &["PASSED", "FAILED", "IGNORED", "SKIPPED"])?;
    if body.get("details").is_some() {
        text(body, "details", MAX_DETAILS_CHARS)?;
    }
    if body.get("path").is_some() {
        let path = body["path"].as_str().context("path is no text")?;
        ensure!(!path.is_empty() && !path.starts_with('/') && !path.contains('\\'), "path is {path}");
    }
    if let Some(line) = body.get("line") {
        ensure!(line.as_u64().is_some_and(|line| line >= 1), "line is {line}");
        ensure!(body.get("path").is_some(), "a line without a path");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_bitbucket_refuses_is_refused() {
        let good = json!({"title": "t", "details": "d", "report_type": "COVERAGE", "result": "FAILED", "data": []});
        assert!(report(&good).is_ok());
        for (key, value) in [
            ("title", json!("")),
            ("details", json!("x".repeat(2001))),
            ("report_type", json!("LICENSE")),
            ("result", json!("BAD")),
            ("data", json!(vec![json!({"title": "t", "type": "NUMBER", "value": 1}); 11])),
            ("data", json!([{"title": "t", "type": "PERCENTAGE", "value": 101}])),
            ("colour", json!("red")),
        ] {
            let mut bad = good.clone();
            bad[key] = value;
            assert!(report(&bad).is_err(), "{key}");
        }
        let good = json!({"external_id": "1", "annotation_type": "BUG", "summary": "s", "path": "a/b", "line": 1});
        assert!(annotation(&good).is_ok());
        for (key, value) in [
            ("summary", json!("")),
            ("summary", json!("é".repeat(451))),
            ("line", json!(0)),
            ("path", json!("/a")),
            ("severity", json!("low")),
        ] {
            let mut bad = good.clone();
            bad[key] = value;
            assert!(annotation(&bad).is_err(), "{key}");
        }
    }
}
