//! Runs a suite against one member: every step on a connection of its own, cookies and captures from one to the next.

use super::steps::faulty;
use super::{Expectations, Request, Run, Step};
use crate::event::{Cause, Fault, Miss, MissKind};
use crate::exchange::{Exchange, Response};
use crate::suite::{Capture, CaptureFrom, Suite, SuiteStep, template};
use cookie_store::CookieStore;
use std::collections::BTreeMap;

/// Bytes of a captured value; longer ones are pages, which no later request should carry.
const MAX_CAPTURE_BYTES: usize = 8 << 10;
/// Captured secrets that are shorter would be masked in every word.
const MIN_CAPTURED_SECRET_BYTES: usize = 6;

/// What one run of the suite has come to know.
struct State {
    values: BTreeMap<String, String>,
    secrets: Vec<String>,
    cookies: CookieStore,
}

impl Run<'_> {
    /// The steps of one run, up to the first that fails. Before the first of a member the suite is run [`super::Probe::warm`]
    /// times; of these runs a failure counts, and the time does not.
    pub(super) async fn suite(&self, suite: &Suite) -> Vec<Step> {
        let member = (self.index, self.member.id.clone());
        let is_warm = self.probe.warm == 0 || suite.warmed.lock().is_ok_and(|warmed| warmed.contains(&member));
        if !is_warm {
            for _ in 0..self.probe.warm {
                let steps = self.once(suite, false).await;
                if !steps.iter().all(Step::passed) {
                    return steps;
                }
            }
            if let Ok(mut warmed) = suite.warmed.lock() {
                warmed.insert(member);
            }
        }
        self.once(suite, true).await
    }

    async fn once(&self, suite: &Suite, time_counts: bool) -> Vec<Step> {
        let mut state =
            State { values: suite.variables.clone(), secrets: suite.secret_values(), cookies: CookieStore::default() };
        let mut steps = Vec::with_capacity(suite.steps.len());
        for one in &suite.steps {
            let mut step = self.suite_step(one, &mut state, time_counts).await;
            step.name.clone_from(&one.name);
            let step = self.cleaned(step, &[], &state.secrets);
            let passed = step.passed();
            steps.push(step);
            if !passed {
                break;
            }
        }
        if steps.is_empty() {
            let message = "the suite has no step to run".to_owned();
            steps.push(faulty(Fault { cause: Cause::CommandNotStarted, message }));
        }
        steps
    }

    async fn suite_step(&self, one: &SuiteStep, state: &mut State, time_counts: bool) -> Step {
        let prepared = self.suite_request(one, state).and_then(|request| {
            let expect = one.expectations(&state.values)?;
            Ok((request, self.with_flags(expect, time_counts)))
        });
        let (request, expect) = match prepared {
            Ok(prepared) => prepared,
            Err(why) => return not_prepared(why),
        };
        let exchange = self.network.http(&request, self.member.address, self.until()).await;
        let mut step = self.step(&exchange, Some(&request.url), &expect, false, &state.secrets);
        if let Some(response) = &exchange.response {
            for (url, line) in &response.set_cookies {
                // A cookie that a browser would not keep is not kept here either.
                let _ = state.cookies.parse(&String::from_utf8_lossy(line), url);
            }
        }
        if step.passed() {
            for capture in &one.captures {
                match captured(capture, &exchange) {
                    Ok(value) => {
                        if capture.secret && value.len() >= MIN_CAPTURED_SECRET_BYTES {
                            state.secrets.push(value.clone());
                        }
                        state.values.insert(capture.name.clone(), value);
                    }
                    Err((expected, got)) => step.misses.push(Miss { kind: MissKind::Capture, expected, got }),
                }
            }
        }
        step
    }

    /// What the flags ask for holds for each step, but for the status and the version, which a suite says itself.
    fn with_flags(&self, mut expect: Expectations, time_counts: bool) -> Expectations {
        let flags = &self.probe.expect;
        expect.headers.extend(flags.headers.iter().cloned());
        expect.body_contains.extend(flags.body_contains.iter().cloned());
        expect.body_matches.extend(flags.body_matches.iter().cloned());
        expect.json.extend(flags.json.iter().cloned());
        let least = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
        expect.min_body_bytes = expect.min_body_bytes.max(flags.min_body_bytes);
        expect.max_body_bytes = least(expect.max_body_bytes, flags.max_body_bytes);
        expect.final_url = expect.final_url.or_else(|| flags.final_url.clone());
        expect.certificate_days = expect.certificate_days.or(flags.certificate_days);
        expect.max_latency_us = least(expect.max_latency_us, flags.max_latency_us).filter(|_| time_counts);
        expect
    }

    fn suite_request(&self, one: &SuiteStep, state: &State) -> Result<Request, String> {
        let values = &state.values;
        let filled = template::path(&one.path, values)?;
        let base = self.http_request(&one.method, "/").map_err(|fault| fault.message)?;
        let url = if filled.starts_with("http://") || filled.starts_with("https://") {
            url::Url::parse(&filled).map_err(|err| format!("the path becomes no URL: {err}"))?
        } else if one.path.starts_with("{{") {
            self.http_request(&one.method, &filled).map_err(|fault| fault.message)?.url
        } else {
            let prefix = self.target.path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            self.http_request(&one.method, &format!("{prefix}{filled}")).map_err(|fault| fault.message)?.url
        };
        if url.origin() != base.url.origin() || !url.username().is_empty() || url.password().is_some() {
            return Err(format!("the path leads to {}, which is not the target", url.origin().ascii_serialization()));
        }
        let mut headers = Vec::new();
        for (name, text) in &one.headers {
            headers.push((name.clone(), template::header(text, values)?));
        }
        let mut add = |name: &str, value: String| {
            if !headers.iter().any(|(other, _): &(String, String)| other.eq_ignore_ascii_case(name)) {
                headers.push((name.to_owned(), value));
            }
        };
        for (name, value) in &self.probe.headers {
            add(name, value.clone());
        }
        let (body, kind) = content(one, values)?;
        if let Some(kind) = kind {
            add("Content-Type", kind.to_owned());
        }
        if let Some(cookies) = cookie_line(&state.cookies, &url) {
            add("Cookie", cookies);
        }
        Ok(Request { method: one.method.clone(), url, headers, body, redirects: one.redirects })
    }
}

/// A value made the request impossible: it has the wrong form for where it goes.
fn not_prepared(why: String) -> Step {
    let expected = "values that the request can carry".to_owned();
    Step {
        misses: vec![Miss { kind: MissKind::Capture, expected, got: why.chars().take(200).collect() }],
        ..Step::default()
    }
}

fn content(one: &SuiteStep, values: &BTreeMap<String, String>) -> Result<(Vec<u8>, Option<&'static str>), String> {
    if let Some(text) = &one.body {
        return Ok((template::fill(text, values, template::plain)?.into_bytes(), None));
    }
    if let Some(document) = &one.json {
        let text = template::json(document, values)?.to_string();
        return Ok((text.into_bytes(), Some("application/json")));
    }
    if one.form.is_empty() {
        return Ok((Vec::new(), None));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, text) in &one.form {
        form.append_pair(name, &template::fill(text, values, template::plain)?);
    }
    Ok((form.finish().into_bytes(), Some("application/x-www-form-urlencoded")))
}

/// `Cookie` for a URL: longer paths first, as RFC 6265, section 5.4, asks for; then by name, so that each run sends the same.
fn cookie_line(cookies: &CookieStore, url: &url::Url) -> Option<String> {
    let mut matching = cookies.matches(url);
    matching.sort_by(|one, other| {
        let length = |cookie: &cookie_store::Cookie<'_>| String::from(&cookie.path).len();
        length(other).cmp(&length(one)).then_with(|| one.name().cmp(other.name()))
    });
    let pairs: Vec<String> = matching.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    let line = pairs.join("; ");
    (!line.is_empty() && crate::expectation::is_header_value(&line)).then_some(line)
}

/// The value, or what was expected and what came.
pub(super) fn captured(capture: &Capture, exchange: &Exchange) -> Result<String, (String, String)> {
    let empty = Response::default();
    let response = exchange.response.as_ref().unwrap_or(&empty);
    let (place, value) = match &capture.from {
        CaptureFrom::Json(path) => {
            let document = serde_json::from_slice(&response.body).map_err(|_| "a body that is no JSON".to_owned());
            (format!("`{path}`"), document.and_then(|document| path.one_text(&document)))
        }
        CaptureFrom::Body(pattern) => (format!("`{}` in the body", pattern.as_str()), in_body(pattern, &response.body)),
        CaptureFrom::Header(name) => {
            let value = response.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            let value = value.map(|(_, value)| value.as_slice()).ok_or_else(|| "no such header".to_owned());
            (format!("header {name}"), value.and_then(text))
        }
        CaptureFrom::Cookie(name) => (format!("cookie {name}"), cookie(name, response)),
    };
    let value = value.and_then(|value| match value.len() {
        0 => Err("an empty value".to_owned()),
        bytes if bytes > MAX_CAPTURE_BYTES => Err(format!("a value of {bytes} bytes; at most {MAX_CAPTURE_BYTES}")),
        _ => Ok(value),
    });
    let shorter = |text: String| text.chars().take(200).collect::<String>();
    value.map_err(|got| (shorter(format!("{} from {place}", capture.name)), shorter(got)))
}

fn in_body(pattern: &regex::bytes::Regex, body: &[u8]) -> Result<String, String> {
    let groups = pattern.captures(body).ok_or_else(|| "a body without it".to_owned())?;
    // A group that took no part in the match has no value; the whole match is not what was meant.
    let found = if groups.len() > 1 { groups.get(1) } else { groups.get(0) };
    found.ok_or_else(|| "a match without the group".to_owned()).and_then(|found| text(found.as_bytes()))
}

fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "bytes that are no UTF-8".to_owned())
}

fn cookie(name: &str, response: &Response) -> Result<String, String> {
    let values = response.set_cookies.iter().rev().filter_map(|(_, line)| {
        let pair = line.split(|byte| *byte == b';').next()?;
        let at = pair.iter().position(|byte| *byte == b'=')?;
        (pair[..at].trim_ascii() == name.as_bytes()).then(|| pair[at + 1..].trim_ascii())
    });
    values.map(text).next().unwrap_or_else(|| Err("no such cookie".to_owned()))
}
