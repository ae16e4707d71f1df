//! Runs one flow file: its scenarios in order, each until its first unmet expectation.

use std::collections::BTreeMap;
use std::time::Duration;

use super::clock::Clock;

use super::client::{Client, Outgoing};
use super::suite::FlowFile;
use crate::flow::check::{check, fill_json};
use crate::flow::template::{Template, Values};
use crate::flow::{Body, Flow, Response, Scenario, Step};

/// What came of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileResult {
    /// The file as it was named.
    pub path: String,
    /// Test case class of its scenarios.
    pub class_name: String,
    /// The flow's name.
    pub name: String,
    /// The first run and its retries; the last one decides.
    pub attempts: Vec<Attempt>,
}

impl FileResult {
    /// Whether the last attempt passed.
    pub fn has_passed(&self) -> bool {
        self.attempts.last().is_some_and(Attempt::has_passed)
    }

    /// Wall time of all attempts, in nanoseconds.
    pub fn time_ns(&self) -> u64 {
        self.attempts.iter().map(|attempt| attempt.time_ns).sum()
    }
}

/// One run of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its scenarios, in the order of the file.
    pub cases: Vec<Case>,
    /// By the chosen clock, in nanoseconds.
    pub time_ns: u64,
    /// Requests sent, redirects not counted.
    pub requests: u64,
}

impl Attempt {
    /// Whether all scenarios passed.
    pub fn has_passed(&self) -> bool {
        self.cases.iter().all(|case| case.outcome == Outcome::Passed)
    }
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The scenario's name.
    pub name: String,
    /// Line of its first step, from 1.
    pub line: u32,
    /// By the chosen clock, in nanoseconds.
    pub time_ns: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a scenario ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything expected was so.
    Passed,
    /// The shop answered otherwise.
    Failed {
        /// Line of the first expectation that was not met, from 1.
        line: u32,
        /// One line each: what was expected and what came.
        messages: Vec<String>,
    },
    /// The shop didn't answer.
    Error {
        /// Line of the step, from 1.
        line: u32,
        /// One line: why not.
        messages: Vec<String>,
    },
    /// Not run, since an earlier scenario of the file, on which this one builds, didn't pass.
    Skipped,
}

/// Runs `file`, and again at most `retries` times while it fails. Each attempt is a new visitor; `${run}` is
/// `RUN_ID-ATTEMPT` in it.
pub async fn run_file(client: &mut Client, file: &FlowFile, retries: u32, run_id: &str, clock: Clock) -> FileResult {
    let mut attempts: Vec<Attempt> = Vec::new();
    for number in 1..=retries + 1 {
        let attempt = run_attempt(client, &file.flow, &format!("{run_id}-{number}"), clock).await;
        let has_passed = attempt.has_passed();
        attempts.push(attempt);
        if has_passed {
            break;
        }
    }
    FileResult { path: file.path.clone(), class_name: file.class_name.clone(), name: file.flow.name.clone(), attempts }
}

async fn run_attempt(client: &mut Client, flow: &Flow, run: &str, clock: Clock) -> Attempt {
    let start = clock.now();
    client.forget_cookies();
    let mut named: BTreeMap<String, String> = flow.vars.iter().cloned().collect();
    named.insert("run".to_owned(), run.to_owned());
    let mut values = Values { named, repeat: 1, round: 1 };
    let mut attempt = Attempt { cases: Vec::new(), time_ns: 0, requests: 0 };
    for scenario in &flow.scenarios {
        let case = if attempt.has_passed() {
            run_scenario(client, scenario, &mut values, &mut attempt.requests, clock).await
        } else {
            Case { name: scenario.name.clone(), line: scenario.line, time_ns: 0, outcome: Outcome::Skipped }
        };
        attempt.cases.push(case);
    }
    attempt.time_ns = nanoseconds(clock.now().saturating_sub(start));
    attempt
}

async fn run_scenario(
    client: &mut Client,
    scenario: &Scenario,
    values: &mut Values,
    requests: &mut u64,
    clock: Clock,
) -> Case {
    let start = clock.now();
    let mut outcome = Outcome::Passed;
    for round in 1..=scenario.rounds {
        values.round = round;
        outcome = run_round(client, &scenario.steps, values, requests).await;
        if outcome != Outcome::Passed {
            break;
        }
    }
    Case {
        name: scenario.name.clone(),
        line: scenario.line,
        time_ns: nanoseconds(clock.now().saturating_sub(start)),
        outcome,
    }
}

async fn run_round(client: &mut Client, steps: &[Step], values: &mut Values, requests: &mut u64) -> Outcome {
    for step in steps {
        if step.fresh_session {
            client.forget_cookies();
        }
        for repeat in 1..=step.repeat {
            values.repeat = repeat;
            *requests += 1;
            let outcome = run_request(client, step, values, repeat == step.repeat).await;
            if outcome != Outcome::Passed {
                return outcome;
            }
        }
    }
    Outcome::Passed
}

async fn run_request(client: &mut Client, step: &Step, values: &mut Values, is_last: bool) -> Outcome {
    let in_step = |message: &str| {
        let repetition =
            if step.repeat > 1 { format!(" ({} of {})", values.repeat, step.repeat) } else { String::new() };
        format!("{}{repetition}: {message}", step.name)
    };
    let error = |message: &str| Outcome::Error { line: step.line, messages: vec![in_step(message)] };
    let outgoing = match outgoing(step, values) {
        Ok(outgoing) => outgoing,
        Err(message) => return error(&message),
    };
    let response =
        tokio::time::timeout(Duration::from_millis(step.timeout_ms), follow(client, outgoing, step.follow_redirects))
            .await;
    let response = match response {
        Ok(Ok(response)) => response,
        Ok(Err(message)) => return error(&message),
        Err(_) => return error(&format!("no response within {} ms", step.timeout_ms)),
    };
    let unmet = check(&step.expectations, &response, values);
    if let Some(first) = unmet.first() {
        return Outcome::Failed {
            line: first.line,
            messages: unmet.iter().map(|mismatch| in_step(&mismatch.message)).collect(),
        };
    }
    for capture in step.captures.iter().filter(|_| is_last) {
        match capture.take(&response) {
            Ok(value) => drop(values.named.insert(capture.name.clone(), value)),
            Err(message) => {
                let message = in_step(&format!("capture {}: {message}", capture.name));
                return Outcome::Failed { line: capture.line, messages: vec![message] };
            }
        }
    }
    Outcome::Passed
}

fn outgoing(step: &Step, values: &Values) -> Result<Outgoing, String> {
    let fill_all = |pairs: &[(String, Template)]| -> Result<Vec<(String, String)>, String> {
        pairs.iter().map(|(name, template)| Ok((name.clone(), template.fill(values)?))).collect()
    };
    let encode =
        |pairs: Vec<(String, String)>| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mut target = step.path.fill(values)?;
    if !target.starts_with('/') || target.starts_with("//") {
        return Err(format!("{target:?} is not a path: it begins with one `/`"));
    }
    if !step.query.is_empty() {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(&encode(fill_all(&step.query)?));
    }
    let (content_type, body) = match &step.body {
        Body::None => (None, Vec::new()),
        Body::Form(fields) => (Some("application/x-www-form-urlencoded"), encode(fill_all(fields)?).into_bytes()),
        Body::Json(value) => (Some("application/json"), fill_json(value, values)?.to_string().into_bytes()),
        Body::Text(text) => (None, text.fill(values)?.into_bytes()),
    };
    let mut headers = fill_all(&step.headers)?;
    let is_named = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(content_type) = content_type.filter(|_| !is_named) {
        headers.push(("Content-Type".to_owned(), content_type.to_owned()));
    }
    Ok(Outgoing { method: step.method.clone(), target, headers, body })
}

/// Sends a request and follows at most `redirects` redirects, as browsers do: with GET after 301, 302 and 303 (but HEAD
/// stays HEAD), the same again after 307 and 308 (RFC 9110, section 15.4).
async fn follow(client: &mut Client, mut outgoing: Outgoing, redirects: u8) -> Result<Response, String> {
    let mut landed_on = None;
    for left in (0..=redirects).rev() {
        let mut response = client.send(&outgoing).await?;
        let location = response.header("location").filter(|_| matches!(response.status, 301 | 302 | 303 | 307 | 308));
        let Some(location) = location.filter(|_| left > 0) else {
            response.landed_on = landed_on;
            return Ok(response);
        };
        let target = same_site(location, client)?;
        if !matches!(response.status, 307 | 308) {
            outgoing.body.clear();
            outgoing.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            if outgoing.method != "HEAD" {
                "GET".clone_into(&mut outgoing.method);
            }
        }
        landed_on = Some(target.clone());
        outgoing.target = target;
    }
    Err("the loop over redirects always returns".to_owned())
}

/// Path and query of a `Location` that stays at the shop.
fn same_site(location: &str, client: &Client) -> Result<String, String> {
    let base = client.base().to_string();
    let target = location.strip_prefix(base.trim_end_matches('/')).unwrap_or(location);
    match target {
        "" => Ok("/".to_owned()),
        path if path.starts_with('/') && !path.starts_with("//") => Ok(path.to_owned()),
        _ => Err(format!(
            "the redirect to {location:?} leaves the shop; expect.location can look at it with follow_redirects = 0"
        )),
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::parse::parse;

    fn first_outgoing(step: &str) -> Outgoing {
        let flow = parse("x", &format!("name = \"x\"\nvars.v = \"a b&c\"\n[[step]]\n{step}")).unwrap();
        let values = Values { named: flow.vars.iter().cloned().collect(), repeat: 3, round: 1 };
        outgoing(&flow.scenarios[0].steps[0], &values).unwrap()
    }

    #[test]
    fn queries_forms_and_json_are_encoded_after_filling_in() {
        let get = first_outgoing("path = \"/s?a=1\"\nquery = { q = \"${v}\" }");
        assert_eq!(get.target, "/s?a=1&q=a+b%26c");
        let post = first_outgoing("method = \"POST\"\npath = \"/\"\nform = { x = \"${v}\", n = \"${repeat:2}\" }");
        assert_eq!(String::from_utf8(post.body).unwrap(), "n=03&x=a+b%26c");
        let put = first_outgoing(
            "method = \"PUT\"\npath = \"/\"\njson = { x = [\"${v}\", 1] }\nheaders = { content-type = \"text/json\" }",
        );
        assert_eq!(String::from_utf8(put.body).unwrap(), r#"{"x":["a b&c",1]}"#);
        assert_eq!(put.headers, [("content-type".to_owned(), "text/json".to_owned())]);
    }

    #[test]
    fn redirects_stay_at_the_shop() {
        let client = Client::new(hyper::Uri::from_static("http://127.0.0.1:9"));
        assert_eq!(same_site("/a?b", &client).as_deref(), Ok("/a?b"));
        assert_eq!(same_site("http://127.0.0.1:9/a", &client).as_deref(), Ok("/a"));
        assert_eq!(same_site("http://127.0.0.1:9", &client).as_deref(), Ok("/"));
        for other in ["http://127.0.0.1:99/a", "//other.example/", "https://other.example/", "a"] {
            assert!(same_site(other, &client).is_err(), "{other}");
        }
    }
}
