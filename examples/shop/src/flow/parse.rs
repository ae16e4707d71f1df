//! Reads a flow file, and refuses with file and line whatever could not run. PURE.

#![warn(clippy::disallowed_methods)]

mod raw;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use hyper::header::HeaderName;
use serde_json::Value;
use toml::Spanned;

use super::capture::{Capture, Source};
use super::check::{Check, Expectation};
use super::template::{Template, check_name};
use super::{
    Body, DEFAULT_TIMEOUT_MS, Flow, FlowError, MAX_FILE_BYTES, MAX_REDIRECTS, MAX_REPEAT, MAX_REQUESTS, MAX_STEPS,
    MAX_TIMEOUT_MS, Scenario, Step,
};
use raw::{RawCapture, RawExpect, RawFlow, RawStep};

/// The methods that a step can use.
pub const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
/// Longest name of a flow, scenario or step in characters.
pub const MAX_TITLE_CHARS: usize = 200;
/// Headers that the client sets itself: a wrong one would break the connection instead of testing the shop.
const OWN_HEADERS: [&str; 3] = ["connection", "content-length", "transfer-encoding"];

/// Reads the flow in `text`; `file` is how messages name it.
///
/// # Errors
/// The first mistake, with its line: not TOML, an unknown or missing field, a value out of its range, a `${name}` that
/// no earlier step captured, two scenarios of one name.
pub fn parse(file: &str, text: &str) -> Result<Flow, FlowError> {
    let reader = Reader { file, text };
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(reader.error(0..0, format!("the file has {} bytes, more than {MAX_FILE_BYTES}", text.len())));
    }
    let raw: RawFlow = toml::from_str(text).map_err(|error| {
        let reason = error.message().lines().collect::<Vec<_>>().join("; ");
        reader.error(error.span().unwrap_or(0..0), reason)
    })?;
    reader.flow(raw)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

/// What the steps read so far have made known.
struct Known {
    vars: BTreeSet<String>,
    captures: BTreeSet<String>,
}

type Outcome<T> = Result<T, FlowError>;

impl Reader<'_> {
    fn error(&self, span: Range<usize>, message: impl Into<String>) -> FlowError {
        FlowError { file: self.file.to_owned(), line: self.line(span.start), message: message.into() }
    }

    fn line(&self, at: usize) -> u32 {
        let before = self.text.as_bytes().get(..at.min(self.text.len())).unwrap_or(&[]);
        let feeds = before.iter().filter(|byte| **byte == b'\n').count();
        u32::try_from(feeds).map_or(u32::MAX, |feeds| feeds.saturating_add(1))
    }

    fn flow(&self, raw: RawFlow) -> Outcome<Flow> {
        let name = self.title(&raw.name)?;
        let vars = self.vars(raw.vars)?;
        if raw.step.is_empty() {
            return Err(self.error(0..0, "the flow has no [[step]]"));
        }
        if raw.step.len() > MAX_STEPS {
            return Err(self.error(0..0, format!("the flow has {} steps, more than {MAX_STEPS}", raw.step.len())));
        }
        let mut known = Known { vars: vars.iter().map(|(name, _)| name.clone()).collect(), captures: BTreeSet::new() };
        let mut scenarios: Vec<Scenario> = Vec::new();
        let mut requests = 0_u64;
        for raw_step in raw.step {
            let span = raw_step.span();
            let mut raw_step = raw_step.into_inner();
            let (title, rounds) = (raw_step.scenario.take(), raw_step.rounds.take());
            if title.is_some() || scenarios.is_empty() {
                let scenario = self.scenario(&span, title, rounds, &name)?;
                if scenarios.iter().any(|other| other.name == scenario.name) {
                    let message =
                        format!("there are two scenarios {:?}; reports could not tell them apart", scenario.name);
                    return Err(self.error(span, message));
                }
                scenarios.push(scenario);
            } else if let Some(rounds) = rounds {
                return Err(self.error(rounds.span(), "rounds stands only in the first step of a scenario"));
            }
            let step = self.step(span.clone(), raw_step, &mut known)?;
            if let Some(scenario) = scenarios.last_mut() {
                requests += u64::from(step.repeat) * u64::from(scenario.rounds);
                scenario.steps.push(step);
            }
            if requests > MAX_REQUESTS {
                return Err(self.error(span, format!("the flow makes more than {MAX_REQUESTS} requests")));
            }
        }
        Ok(Flow { name, vars, scenarios })
    }

    fn scenario(
        &self,
        span: &Range<usize>,
        title: Option<Spanned<String>>,
        rounds: Option<Spanned<u64>>,
        flow_name: &str,
    ) -> Outcome<Scenario> {
        let name = title.map_or_else(|| Ok(flow_name.to_owned()), |title| self.title(&title))?;
        let rounds = self.number(rounds, 1, 1..=MAX_REPEAT, "rounds")?;
        Ok(Scenario { name, line: self.line(span.start), rounds, steps: Vec::new() })
    }

    fn vars(&self, raw: BTreeMap<Spanned<String>, String>) -> Outcome<Vec<(String, String)>> {
        let mut vars = Vec::new();
        for (name, value) in raw {
            self.name(&name)?;
            vars.push((name.into_inner(), value));
        }
        Ok(vars)
    }

    fn name(&self, name: &Spanned<String>) -> Outcome<()> {
        check_name(name.get_ref()).map_err(|reason| self.error(name.span(), reason))?;
        if ["run", "repeat", "round"].contains(&name.get_ref().as_str()) {
            return Err(self.error(name.span(), format!("{:?} is a built-in value", name.get_ref())));
        }
        Ok(())
    }

    fn title(&self, title: &Spanned<String>) -> Outcome<String> {
        let text = title.get_ref().trim();
        if text.is_empty() || text.chars().count() > MAX_TITLE_CHARS || text.contains(char::is_control) {
            return Err(self.error(title.span(), format!("a name has 1 to {MAX_TITLE_CHARS} characters on one line")));
        }
        Ok(text.to_owned())
    }

    fn step(&self, span: Range<usize>, raw: RawStep, known: &mut Known) -> Outcome<Step> {
        let method = raw.method.as_ref().map_or("GET", |method| method.get_ref().as_str()).to_owned();
        if !METHODS.contains(&method.as_str()) {
            let span = raw.method.as_ref().map_or(span, Spanned::span);
            return Err(self.error(span, format!("{method:?} is not a method; use one of {}", METHODS.join(", "))));
        }
        let path = self.template(&raw.path, known)?;
        // A path that begins with a variable is looked at when it is filled in.
        let prefix = path.literal_prefix();
        if prefix.starts_with("//") || !(prefix.starts_with('/') || prefix.is_empty() && path.names().next().is_some())
        {
            return Err(self.error(raw.path.span(), "the path begins with one `/`; the server is named by --base-url"));
        }
        let name = match &raw.name {
            Some(name) => self.title(name)?,
            None => format!("{method} {}", raw.path.get_ref()),
        };
        let body = self.body(&span, &method, &raw, known)?;
        let captures = self.captures(raw.capture)?;
        let mut step = Step {
            line: self.line(span.start),
            name,
            method,
            path,
            query: self.templates(&raw.query, known)?,
            headers: self.headers(&raw.headers, known)?,
            body,
            fresh_session: raw.fresh_session,
            follow_redirects: self.number(raw.follow_redirects, 0, 0..=u64::from(MAX_REDIRECTS), "follow_redirects")?
                as u8,
            repeat: self.number(raw.repeat, 1, 1..=MAX_REPEAT, "repeat")?,
            timeout_ms: self.number(raw.timeout_ms, DEFAULT_TIMEOUT_MS, 1..=MAX_TIMEOUT_MS, "timeout_ms")?,
            captures,
            expectations: Vec::new(),
        };
        // What a step captures can be expected by later steps only: its own expectations are checked first.
        step.expectations = self.expectations(step.line, raw.expect.unwrap_or_default(), known)?;
        for capture in &step.captures {
            if known.vars.contains(&capture.name) {
                let message = format!("{:?} is a constant of [vars] already", capture.name);
                return Err(FlowError { file: self.file.to_owned(), line: capture.line, message });
            }
            known.captures.insert(capture.name.clone());
        }
        Ok(step)
    }

    fn number<T: TryFrom<u64> + PartialOrd + std::fmt::Display>(
        &self,
        value: Option<Spanned<u64>>,
        default: T,
        range: RangeInclusive<T>,
        what: &str,
    ) -> Outcome<T> {
        let Some(value) = value else { return Ok(default) };
        let number = T::try_from(*value.get_ref()).ok().filter(|number| range.contains(number));
        number.ok_or_else(|| self.error(value.span(), format!("{what} is {} to {}", range.start(), range.end())))
    }

    fn template(&self, text: &Spanned<String>, known: &Known) -> Outcome<Template> {
        self.template_at(text.span(), text.get_ref(), known)
    }

    fn template_at(&self, span: Range<usize>, text: &str, known: &Known) -> Outcome<Template> {
        let template = Template::parse(text).map_err(|reason| self.error(span.clone(), reason))?;
        let unknown = template.names().find(|name| !known.vars.contains(*name) && !known.captures.contains(*name));
        match unknown {
            Some(name) => {
                Err(self.error(span, format!("`${{{name}}}` is not in [vars] and no earlier step captures it")))
            }
            None => Ok(template),
        }
    }

    fn templates(&self, raw: &BTreeMap<String, Spanned<String>>, known: &Known) -> Outcome<Vec<(String, Template)>> {
        raw.iter().map(|(name, value)| Ok((name.clone(), self.template(value, known)?))).collect()
    }

    fn headers(&self, raw: &BTreeMap<String, Spanned<String>>, known: &Known) -> Outcome<Vec<(String, Template)>> {
        for (name, value) in raw {
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return Err(self.error(value.span(), format!("{name:?} is not a header name")));
            }
            if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                return Err(self.error(value.span(), format!("the header {name:?} is set by the client itself")));
            }
        }
        self.templates(raw, known)
    }

    fn body(&self, span: &Range<usize>, method: &str, raw: &RawStep, known: &Known) -> Outcome<Body> {
        let body = match (&raw.form, &raw.json, &raw.body) {
            (None, None, None) => return Ok(Body::None),
            (Some(form), None, None) => Body::Form(self.templates(form, known)?),
            (None, Some(json), None) => {
                self.json(json.span(), json.get_ref(), known)?;
                Body::Json(json.get_ref().clone())
            }
            (None, None, Some(text)) => Body::Text(self.template(text, known)?),
            _ => return Err(self.error(span.clone(), "a step has one of form, json and body")),
        };
        if method == "GET" || method == "HEAD" {
            return Err(self.error(span.clone(), format!("a {method} request has no body")));
        }
        Ok(body)
    }

    fn json(&self, span: Range<usize>, value: &Value, known: &Known) -> Outcome<()> {
        match value {
            Value::String(text) => self.template_at(span, text, known).map(drop),
            Value::Array(items) => items.iter().try_for_each(|item| self.json(span.clone(), item, known)),
            // This is how the TOML reader hands over a date, which JSON doesn't have.
            Value::Object(members) if members.keys().any(|key| key.starts_with("$__toml")) => {
                Err(self.error(span, "JSON has no dates; write the date as a string"))
            }
            Value::Object(members) => members.values().try_for_each(|value| self.json(span.clone(), value, known)),
            _ => Ok(()),
        }
    }

    fn captures(&self, raw: BTreeMap<Spanned<String>, RawCapture>) -> Outcome<Vec<Capture>> {
        let mut captures = Vec::new();
        for (name, from) in raw {
            self.name(&name)?;
            let source = match (from.json, from.header, from.between) {
                (Some(pointer), None, None) => Source::Json(self.pointer(name.span(), pointer)?),
                (None, Some(header), None) => Source::Header(header),
                (None, None, Some([before, after])) if !before.is_empty() && !after.is_empty() => {
                    Source::Between(before, after)
                }
                (None, None, Some(_)) => {
                    return Err(self.error(name.span(), "between has two texts that are not empty"));
                }
                _ => return Err(self.error(name.span(), "a capture has one of json, header and between")),
            };
            captures.push(Capture { line: self.line(name.span().start), name: name.into_inner(), source });
        }
        // In the order of the file, so that messages come in the order in which people read.
        captures.sort_by_key(|capture| capture.line);
        Ok(captures)
    }

    fn pointer(&self, span: Range<usize>, pointer: String) -> Outcome<String> {
        if pointer.is_empty() || pointer.starts_with('/') {
            return Ok(pointer);
        }
        Err(self.error(span, format!("{pointer:?} is not a JSON Pointer: it begins with `/`, as in \"/items/0/sku\"")))
    }

    fn expectations(&self, step_line: u32, raw: RawExpect, known: &Known) -> Outcome<Vec<Expectation>> {
        let mut found: Vec<(Range<usize>, Check)> = Vec::new();
        match raw.status {
            None => {}
            Some(status)
                if status.get_ref().all().iter().all(|status| (100..600).contains(status))
                    && !status.get_ref().all().is_empty() =>
            {
                found.push((status.span(), Check::Status(status.get_ref().all().to_vec())));
            }
            Some(status) => return Err(self.error(status.span(), "a status is 100 to 599")),
        }
        let has_status = !found.is_empty();
        for text in raw.location.iter() {
            found.push((text.span(), Check::Location(self.template(text, known)?)));
        }
        for text in &raw.body_contains {
            found.push((text.span(), Check::BodyContains(self.template(text, known)?)));
        }
        for text in &raw.body_lacks {
            found.push((text.span(), Check::BodyLacks(self.template(text, known)?)));
        }
        for (name, text) in raw.headers {
            found.push((name.span(), Check::Header(name.into_inner(), self.template(&text, known)?)));
        }
        for (name, text) in raw.header_contains {
            found.push((name.span(), Check::HeaderContains(name.into_inner(), self.template(&text, known)?)));
        }
        for name in raw.header_absent {
            found.push((name.span(), Check::HeaderAbsent(name.into_inner())));
        }
        for (pointer, value) in raw.json {
            self.json(pointer.span(), &value, known)?;
            found.push((pointer.span(), Check::Json(self.pointer(pointer.span(), pointer.into_inner())?, value)));
        }
        for (pointer, length) in raw.json_length {
            found
                .push((pointer.span(), Check::JsonLength(self.pointer(pointer.span(), pointer.into_inner())?, length)));
        }
        for pointer in raw.json_absent {
            found.push((pointer.span(), Check::JsonAbsent(self.pointer(pointer.span(), pointer.into_inner())?)));
        }
        found.sort_by_key(|(span, _)| span.start);
        let found = found.into_iter().map(|(span, check)| Expectation { line: self.line(span.start), check });
        let default = (!has_status).then_some(Expectation { line: step_line, check: Check::Success });
        Ok(default.into_iter().chain(found).collect())
    }
}

#[cfg(test)]
mod tests;
