//! Reads a suite's file.

use super::table::{Refused, Table, Value, integer, items, json, shown, string, wrong};
use super::{
    Capture, CaptureFrom, EnvironmentVariable, ExpectTemplates, MAX_STEPS, MAX_SUITE_BYTES, Suite, SuiteError,
    SuiteStep, template,
};
use crate::expectation::{
    Expectations, HeaderExpectation, JsonExpectation, JsonPath, StatusSet, is_header_name, is_header_value,
    parse_duration_us, parse_size_bounds, pattern, text_pattern,
};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::{DeTable, DeValue};

/// The keys of each table; the schema has the same.
pub(crate) mod keys {
    pub const FILE: &[&str] = &["name", "variables", "step"];
    pub const VARIABLE: &[&str] = &["env", "secret", "default"];
    pub const STEP: &[&str] = &[
        "name",
        "tags",
        "method",
        "path",
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "headers",
        "body",
        "form",
        "json",
        "redirects",
        "expect",
        "capture",
    ];
    pub const EXPECT: &[&str] = &["status", "body", "matches", "json", "header", "url", "max-latency", "size"];
    pub const EXPECT_JSON: &[&str] = &["path", "equals"];
    pub const CAPTURE: &[&str] = &["json", "body", "header", "cookie", "secret"];
}

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];
/// Headers that the connection's own code sets; another value would make two requests of one.
const FORBIDDEN_HEADERS: [&str; 6] = ["connection", "content-length", "host", "te", "transfer-encoding", "upgrade"];
/// Most redirects of a step.
const MAX_REDIRECTS: i64 = 20;

pub(super) fn parse(text: &str) -> Result<Suite, SuiteError> {
    if text.len() > MAX_SUITE_BYTES {
        return Err(SuiteError { line: None, why: format!("a suite has at most {MAX_SUITE_BYTES} bytes") });
    }
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line = |at: usize| {
        let before = bare.as_bytes().get(..at).unwrap_or(bare.as_bytes());
        u32::try_from(before.iter().filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
    };
    let table = DeTable::parse(bare).map_err(|err| SuiteError {
        line: err.span().map(|span| line(span.start)),
        why: shown(&err.message().replace('\n', ", ")),
    })?;
    suite(table.get_ref(), &line).map_err(|(at, why)| SuiteError { line: Some(line(at)), why })
}

fn suite(table: &DeTable<'_>, line: &dyn Fn(usize) -> u32) -> Result<Suite, Refused> {
    let file = Table { table, at: 0, name: "the suite" };
    file.known(keys::FILE)?;
    let mut suite = Suite { name: file.string("name")?.unwrap_or("suite").to_owned(), ..Suite::default() };
    variables(&file, &mut suite, line)?;
    let steps = file.get("step").ok_or((0, "a suite needs at least one [[step]]".to_owned()))?;
    let steps = items("step", steps)?;
    if steps.len() > MAX_STEPS {
        return Err((0, format!("the suite has {} steps; at most {MAX_STEPS} are allowed", steps.len())));
    }
    let environment: Vec<&str> = suite.environment.iter().map(|one| one.name.as_str()).collect();
    let defined: BTreeSet<String> =
        suite.variables.keys().map(String::as_str).chain(environment).map(str::to_owned).collect();
    let mut known = defined.clone();
    for value in steps {
        let step = step(&Table::of(value, "step")?, line)?;
        let at = value.span().start;
        if let Some(other) = suite.steps.iter().find(|other| other.name == step.name) {
            return Err((at, format!("the step `{}` stands in line {} already", shown(&step.name), other.line)));
        }
        if let Some(name) = names_of(&step).into_iter().find(|name| !known.contains(name)) {
            return Err((
                at,
                format!(
                    "the step `{}` uses `{{{{{name}}}}}`, which is no variable and which no earlier step captures",
                    shown(&step.name)
                ),
            ));
        }
        for capture in &step.captures {
            if defined.contains(&capture.name) {
                return Err((at, format!("`{}` is captured, and is a variable as well; rename one", capture.name)));
            }
            known.insert(capture.name.clone());
        }
        suite.steps.push(step);
    }
    Ok(suite)
}

fn variables(file: &Table<'_, '_>, suite: &mut Suite, line: &dyn Fn(usize) -> u32) -> Result<(), Refused> {
    let Some(value) = file.get("variables") else { return Ok(()) };
    for (key, value) in Table::of(value, "variables")?.table.iter() {
        let (name, at) = (key.get_ref().to_string(), key.span().start);
        if !template::is_name(&name) {
            return Err((at, format!("`{}` is no variable's name; use letters, digits, `_` and `-`", shown(&name))));
        }
        match value.get_ref() {
            DeValue::String(text) => {
                suite.variables.insert(name, text.to_string());
            }
            DeValue::Integer(_) | DeValue::Boolean(_) | DeValue::Float(_) => {
                suite.variables.insert(name.clone(), scalar(&name, value)?);
            }
            DeValue::Table(_) => {
                let table = Table::of(value, &name)?;
                table.known(keys::VARIABLE)?;
                let env = table.string("env")?.ok_or((at, format!("the variable `{name}` needs `env`")))?;
                if env.is_empty() || env.contains(['=', '\0']) {
                    return Err((at, format!("`env` of `{name}` is no name of an environment variable")));
                }
                let default = table.get("default").map(|value| scalar("default", value)).transpose()?;
                if table.boolean("secret")? {
                    suite.secrets.push(name.clone());
                }
                suite.environment.push(EnvironmentVariable {
                    name: name.clone(),
                    env: env.to_owned(),
                    default,
                    line: line(at),
                });
            }
            _ => return Err(wrong(value, &name, "a text, a number, true or false, or a table with `env`")),
        }
    }
    Ok(())
}

/// A value as the text that it is written with.
fn scalar(key: &str, value: &Value<'_>) -> Result<String, Refused> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(_) | DeValue::Boolean(_) | DeValue::Float(_) => Ok(json(key, value)?.to_string()),
        _ => Err(wrong(value, key, "a text, a number, true or false")),
    }
}

fn step(table: &Table<'_, '_>, line: &dyn Fn(usize) -> u32) -> Result<SuiteStep, Refused> {
    table.known(keys::STEP)?;
    let name = table.string("name")?.map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or((table.at, "a step needs a `name`".to_owned()))?;
    if name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err((table.at, "a step's `name` has at most 200 characters, and no control characters".to_owned()));
    }
    let (method, path) = method_and_path(table)?;
    let mut step = SuiteStep {
        name: name.to_owned(),
        tags: table.strings("tags")?.into_iter().map(|(_, tag)| tag.to_owned()).collect(),
        line: line(table.at),
        method,
        path,
        headers: headers(table)?,
        redirects: redirects(table)?,
        ..SuiteStep::default()
    };
    content(table, &mut step)?;
    let nothing = DeTable::new();
    let expect = match table.get("expect") {
        Some(value) => Table::of(value, "expect")?,
        None => Table { table: &nothing, at: table.at, name: "expect" },
    };
    (step.expect, step.templates) = expectations(&expect)?;
    if let Some(value) = table.get("capture") {
        step.captures = captures(&Table::of(value, "capture")?)?;
    }
    if step.method == "HEAD" && reads_body(&step) {
        return Err((table.at, format!("the step `{name}` reads the body of an answer to HEAD, which has none")));
    }
    Ok(step)
}

fn reads_body(step: &SuiteStep) -> bool {
    let (expect, templates) = (&step.expect, &step.templates);
    let texts = [&expect.body_contains, &templates.contains, &templates.matches];
    let asks = !expect.json.is_empty() || !expect.body_matches.is_empty() || !templates.json.is_empty();
    asks || texts.iter().any(|list| !list.is_empty())
        || step.captures.iter().any(|one| matches!(one.from, CaptureFrom::Json(_) | CaptureFrom::Body(_)))
}

fn method_and_path(table: &Table<'_, '_>) -> Result<(String, String), Refused> {
    let short: Vec<&str> = METHODS.into_iter().filter(|method| table.get(method).is_some()).collect();
    let long = (table.string("method")?, table.string("path")?);
    let (method, path) = match (short.as_slice(), long) {
        ([method], (None, None)) => ((*method).to_owned(), table.string(method)?.unwrap_or_default()),
        ([], (method, Some(path))) => (method.unwrap_or("GET").to_owned(), path),
        ([], (Some(_), None)) => return Err((table.at, "a step with `method` needs `path`".to_owned())),
        ([], (None, None)) => {
            return Err((table.at, "a step needs `get = \"/path\"`, or `method` and `path`".to_owned()));
        }
        _ => return Err((table.at, "a step has one method and one path".to_owned())),
    };
    let key = if short.is_empty() { "path" } else { short[0] };
    let at = table.get(key).map_or(table.at, |value| value.span().start);
    let method = method.to_ascii_uppercase();
    if !is_header_name(&method) || matches!(method.as_str(), "CONNECT" | "TRACE") || method.len() > 20 {
        return Err((at, "`method` is none that a suite can send".to_owned()));
    }
    let starts = path.starts_with('/') || path.starts_with("http://") || path.starts_with("https://");
    let is_one_name = path.starts_with("{{") && path.find("}}") == Some(path.len().wrapping_sub(2));
    if !(starts || is_one_name) || path.starts_with("//") {
        return Err((
            at,
            format!("`{key}` begins with one `/`, or is a URL of the target, or one `{{{{name}}}}` alone"),
        ));
    }
    readable(at, key, path)?;
    let samples = samples(path);
    template::path(path, &samples).map_err(|why| (at, format!("`{key}`: {why}")))?;
    Ok((method, path.to_owned()))
}

/// Values for trying out whether a text would do.
fn samples(text: &str) -> BTreeMap<String, String> {
    template::names(text).unwrap_or_default().into_iter().map(|name| (name, "x".to_owned())).collect()
}

fn readable(at: usize, key: &str, text: &str) -> Result<bool, Refused> {
    template::names(text).map(|names| !names.is_empty()).map_err(|why| (at, format!("`{key}`: {why}")))
}

fn headers(table: &Table<'_, '_>) -> Result<Vec<(String, String)>, Refused> {
    let Some(value) = table.get("headers") else { return Ok(Vec::new()) };
    let mut headers: Vec<(String, String)> = Vec::new();
    for (key, value) in Table::of(value, "headers")?.table.iter() {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        if !is_header_name(name) {
            return Err((at, format!("`{}` is no header's name", shown(name))));
        }
        if FORBIDDEN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return Err((at, format!("the header `{name}` is set by the connection itself; leave it out")));
        }
        if headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            return Err((at, format!("the header `{name}` stands twice")));
        }
        let text = string(name, value)?;
        readable(at, name, text)?;
        if !is_header_value(text) {
            return Err((at, format!("the header `{name}` has line ends or other control characters")));
        }
        headers.push((name.to_owned(), text.to_owned()));
    }
    Ok(headers)
}

fn redirects(table: &Table<'_, '_>) -> Result<u8, Refused> {
    let Some(value) = table.get("redirects") else { return Ok(0) };
    let number = integer(value).filter(|number| (0..=MAX_REDIRECTS).contains(number));
    let number = number.ok_or_else(|| wrong(value, "redirects", "a whole number from 0 to 20"))?;
    u8::try_from(number).map_err(|_| wrong(value, "redirects", "a whole number from 0 to 20"))
}

fn content(table: &Table<'_, '_>, step: &mut SuiteStep) -> Result<(), Refused> {
    if ["body", "form", "json"].into_iter().filter(|key| table.get(key).is_some()).count() > 1 {
        return Err((table.at, "a step has one of `body`, `form` and `json`".to_owned()));
    }
    if let Some(text) = table.string("body")? {
        readable(table.at, "body", text)?;
        step.body = Some(text.to_owned());
    }
    if let Some(value) = table.get("form") {
        for (name, value) in Table::of(value, "form")?.table.iter() {
            let text = scalar(name.get_ref(), value)?;
            readable(value.span().start, "form", &text)?;
            step.form.push((name.get_ref().to_string(), text));
        }
    }
    if let Some(value) = table.get("json") {
        let document = json("json", value)?;
        for text in strings_of(&document) {
            readable(value.span().start, "json", text)?;
        }
        step.json = Some(document);
    }
    Ok(())
}

/// Every string in a JSON value but the names of members, in which nothing is filled in.
fn strings_of(document: &serde_json::Value) -> Vec<&str> {
    use serde_json::Value as Json;
    let (mut open, mut texts) = (vec![document], Vec::new());
    while let Some(value) = open.pop() {
        match value {
            Json::String(text) => texts.push(text.as_str()),
            Json::Array(items) => open.extend(items),
            Json::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    texts
}

/// Every name that a step uses.
pub(crate) fn names_of(step: &SuiteStep) -> Vec<String> {
    let texts = std::iter::once(step.path.as_str())
        .chain(step.headers.iter().map(|(_, text)| text.as_str()))
        .chain(step.form.iter().map(|(_, text)| text.as_str()))
        .chain(step.body.as_deref())
        .chain(step.json.iter().flat_map(strings_of))
        .chain(step.templates.texts());
    texts.flat_map(|text| template::names(text).unwrap_or_default()).collect()
}

fn expectations(table: &Table<'_, '_>) -> Result<(Expectations, ExpectTemplates), Refused> {
    table.known(keys::EXPECT)?;
    let (mut expect, mut templates) = (Expectations::default(), ExpectTemplates::default());
    expect.status = statuses(table)?;
    for (at, text) in table.strings("body")? {
        if text.is_empty() {
            return Err((at, "`body` is empty, which any body contains".to_owned()));
        }
        let list = if readable(at, "body", text)? { &mut templates.contains } else { &mut expect.body_contains };
        list.push(text.to_owned());
    }
    for (at, text) in table.strings("matches")? {
        let has_names = readable(at, "matches", text)?;
        let compiled = pattern(&tried(text)).map_err(|err| (at, format!("`matches`: {err}")))?;
        if has_names { templates.matches.push(text.to_owned()) } else { expect.body_matches.push(compiled) }
    }
    for (at, text) in table.strings("header")? {
        let has_names = readable(at, "header", text)?;
        let header = HeaderExpectation::parse(&tried(text)).map_err(|err| (at, format!("`header`: {err}")))?;
        match text.split_once(':') {
            Some((name, value)) if has_names && !name.contains("{{") => {
                templates.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            _ if has_names => {
                return Err((at, "`header`: a name is written out; `{{…}}` stands behind the colon".to_owned()));
            }
            _ => expect.headers.push(header),
        }
    }
    for (at, text) in table.strings("url")? {
        let has_names = readable(at, "url", text)?;
        let compiled = text_pattern(&tried(text)).map_err(|err| (at, format!("`url`: {err}")))?;
        if expect.final_url.is_some() || templates.url.is_some() {
            return Err((at, "`url` is one pattern".to_owned()));
        }
        if has_names { templates.url = Some(text.to_owned()) } else { expect.final_url = Some(compiled) }
    }
    json_expectations(table, &mut expect, &mut templates)?;
    bounds(table, &mut expect)?;
    Ok((expect, templates))
}

/// A text with `x` for each name.
fn tried(text: &str) -> String {
    template::fill(text, &samples(text), template::plain).unwrap_or_default()
}

fn statuses(table: &Table<'_, '_>) -> Result<BTreeSet<u16>, Refused> {
    let Some(value) = table.get("status") else { return Ok(BTreeSet::from([200])) };
    let one = |value: &Value<'_>| {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(_) => integer(value).unwrap_or(-1).to_string(),
            _ => return Err(wrong(value, "status", "a number such as 200, or a text such as \"200-299\"")),
        };
        StatusSet::parse(&text).map_err(|err| (value.span().start, format!("`status`: {err}")))
    };
    match value.get_ref() {
        DeValue::Array(_) => {
            let sets = items("status", value)?.map(one).collect::<Result<Vec<_>, _>>()?;
            Ok(sets.into_iter().flatten().collect())
        }
        _ => one(value),
    }
}

fn json_expectations(
    table: &Table<'_, '_>,
    expect: &mut Expectations,
    templates: &mut ExpectTemplates,
) -> Result<(), Refused> {
    let Some(value) = table.get("json") else { return Ok(()) };
    for item in items("json", value)? {
        let at = item.span().start;
        let refused = |err: crate::expectation::ExpectationError| (at, format!("`json`: {err}"));
        if let Some(text) = item.get_ref().as_str() {
            if readable(at, "json", text)? {
                return Err((at, "`json`: write { path = \"…\", equals = \"{{…}}\" }".to_owned()));
            }
            expect.json.push(JsonExpectation::parse(text).map_err(refused)?);
            continue;
        }
        let entry = Table::of(item, "json")?;
        entry.known(keys::EXPECT_JSON)?;
        let path = entry.string("path")?.ok_or((at, "`json` needs `path`".to_owned()))?;
        let equals = entry.get("equals").map(|value| scalar("equals", value)).transpose()?;
        match equals {
            Some(text) if readable(at, "equals", &text)? => {
                templates.json.push((JsonPath::parse(path).map_err(refused)?, text));
            }
            // The empty text is written as JSON, so that it is not taken for nothing.
            Some(text) => expect.json.push(JsonExpectation::new(path, Some(&text)).map_err(refused)?),
            None => expect.json.push(JsonExpectation::new(path, None).map_err(refused)?),
        }
    }
    Ok(())
}

fn bounds(table: &Table<'_, '_>, expect: &mut Expectations) -> Result<(), Refused> {
    if let Some(value) = table.get("max-latency") {
        let text = string("max-latency", value)?;
        let us = parse_duration_us(text).map_err(|err| (value.span().start, format!("`max-latency`: {err}")))?;
        expect.max_latency_us = Some(us);
    }
    if let Some(value) = table.get("size") {
        let text = scalar("size", value)?;
        let (least, most) = parse_size_bounds(&text).map_err(|err| (value.span().start, format!("`size`: {err}")))?;
        (expect.min_body_bytes, expect.max_body_bytes) = (least, most);
    }
    Ok(())
}

fn captures(table: &Table<'_, '_>) -> Result<Vec<Capture>, Refused> {
    let mut captures = Vec::new();
    for (key, value) in table.table.iter() {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        if !template::is_name(name) {
            return Err((at, format!("`{}` is no name for a capture; use letters, digits, `_` and `-`", shown(name))));
        }
        let from = Table::of(value, name)?;
        from.known(keys::CAPTURE)?;
        let places = ["json", "body", "header", "cookie"];
        let given: Vec<&str> = places.into_iter().filter(|place| from.get(place).is_some()).collect();
        let &[place] = given.as_slice() else {
            return Err((at, format!("the capture `{name}` needs one of json, body, header and cookie")));
        };
        let text = from.string(place)?.unwrap_or_default();
        let refused = |err: crate::expectation::ExpectationError| (at, format!("`{name}`: {err}"));
        let source = match place {
            "json" => CaptureFrom::Json(JsonPath::parse(text).map_err(refused)?),
            "body" => CaptureFrom::Body(pattern(text).map_err(refused)?),
            _ if !is_header_name(text) => {
                return Err((at, format!("`{name}`: `{}` is no {place}'s name", shown(text))));
            }
            "header" => CaptureFrom::Header(text.to_owned()),
            _ => CaptureFrom::Cookie(text.to_owned()),
        };
        let secret = from.boolean("secret")? || place == "cookie" || sounds_secret(name) || sounds_secret(text);
        captures.push(Capture { name: name.to_owned(), from: source, secret });
    }
    Ok(captures)
}

/// Whether a name says that what it names is nobody's business.
pub(super) fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "passw", "session", "csrf", "auth", "cookie", "jwt", "api_key", "apikey", "credential"]
        .iter()
        .any(|word| name.contains(word))
}
