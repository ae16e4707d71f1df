//! What the inputs mean, validated. PURE but for nothing: text in, values out.

use super::{ExpectArguments, RequestArguments, TargetArguments, VerdictArguments};
use crate::error::Error;
use kit_probe::exchange::{Family, HttpVersion};
use kit_probe::expectation::{
    ExpectationError, Expectations, HeaderExpectation, JsonExpectation, JsonPath, StatusSet, VersionExpectation,
    VersionPlace, is_header_name, is_header_value, parse_duration_us, parse_percentile, parse_size_bounds, pattern,
    text_pattern,
};
use kit_probe::target::{Instance, Target, address};
use kit_probe::verdict::{Mode, Percentile, Quorum};
use std::net::IpAddr;

/// The longest run, µs: a day. A typing mistake must not occupy a runner for years.
const MAX_RUN_US: u64 = 86_400_000_000;
/// The shortest interval, µs.
const MIN_INTERVAL_US: u64 = 1_000;
/// Most redirects that anybody follows; browsers stop at 20.
const MAX_REDIRECTS: u8 = 20;
/// Most characters of an instance's id; a list of instances has the same bound.
const MAX_ID_CHARS: usize = 256;
/// Most runs of a suite before it counts.
const MAX_WARM: u32 = 1_000;

/// Whom to ask.
#[derive(Debug, Clone)]
pub struct TargetOptions {
    /// The targets with their public name, and the name or address that each URL itself has.
    pub targets: Vec<(Target, String)>,
    /// Instances that were given by address.
    pub addresses: Vec<Instance>,
    /// File of instances; `-` is standard input.
    pub file: Option<String>,
    /// Life-cycle states that count.
    pub states: Vec<String>,
    /// Which addresses count.
    pub family: Family,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// Upper case.
    pub method: String,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Redirects that are followed.
    pub redirects: u8,
    /// Which HTTP.
    pub http: HttpVersion,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<String>,
    /// Use no proxy.
    pub no_proxy: bool,
    /// The longest time of one probe, µs.
    pub timeout_us: u64,
    /// Suite that is run instead of the one request.
    pub suite: Option<String>,
    /// Its steps.
    pub tags: Vec<String>,
    /// How often it is run first.
    pub warm: u32,
}

/// What makes an instance healthy.
#[derive(Debug, Clone)]
pub struct VerdictOptions {
    /// Which question.
    pub mode: Mode,
    /// Passes in a row.
    pub passes: u32,
    /// Between two probes, µs.
    pub interval_us: u64,
    /// Thousandths of the interval.
    pub jitter_per_mille: u32,
    /// Failures that are forgiven.
    pub max_failures: Option<u32>,
    /// How many must be healthy.
    pub quorum: Option<Quorum>,
    /// Time in which failures do not count, µs.
    pub grace_us: u64,
    /// The longest time, µs.
    pub deadline_us: u64,
}

fn refused(input: &str, text: &str, error: &ExpectationError) -> Error {
    Error::Input(format!("{input} is `{}`: {error}", shorten(text)))
}

/// A value as messages show it: of its first 100 characters.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn number(input: &str, text: &str, least: u32, most: u32) -> Result<u32, Error> {
    let value = text.trim().parse::<u32>().ok().filter(|value| (least..=most).contains(value));
    value.ok_or_else(|| {
        Error::Input(format!("{input} is `{}`; write a whole number from {least} to {most}", shorten(text)))
    })
}

fn time_us(input: &str, text: &str, least_us: u64) -> Result<u64, Error> {
    let us = parse_duration_us(text).map_err(|error| refused(input, text, &error))?;
    if us < least_us {
        return Err(Error::Input(format!("{input} is `{}`, which is too short", shorten(text))));
    }
    if us > MAX_RUN_US {
        return Err(Error::Input(format!("{input} is `{}`; at most a day, 24h", shorten(text))));
    }
    Ok(us)
}

/// Reads `6` or `80%`.
pub fn quorum(text: &str) -> Result<Quorum, Error> {
    match text.trim().strip_suffix('%') {
        Some(share) => Ok(Quorum::Percent(number("quorum", share, 1, 100)?)),
        None => Ok(Quorum::Count(number("quorum", text, 1, 10_000)?)),
    }
}

/// How old samples may be, s. Errors: no time.
pub fn max_age_s(text: &str) -> Result<i64, Error> {
    let us = parse_duration_us(text).map_err(|error| refused("max-age", text, &error))?;
    Ok(i64::try_from(us / 1_000_000).unwrap_or(i64::MAX))
}

impl TargetOptions {
    /// Errors: no target, a target, an address or a combination that makes no sense.
    pub fn new(arguments: &TargetArguments) -> Result<TargetOptions, Error> {
        let mut targets = Vec::new();
        for text in &arguments.target {
            let target = Target::parse(text).map_err(|error| Error::Input(error.0))?;
            let own = target.host.clone();
            let target = match &arguments.host {
                Some(host) => target.with_host(host).map_err(|error| Error::Input(format!("host: {error}")))?,
                None => target,
            };
            if targets.iter().any(|(other, _)| *other == target) {
                return Err(Error::Input(format!("the target {} stands there twice", target.shown)));
            }
            targets.push((target, own));
        }
        if !arguments.exec.is_empty() {
            let target = Target::of_command(&arguments.exec).map_err(|error| Error::Input(format!("exec: {error}")))?;
            targets.push((target, String::new()));
        }
        if targets.is_empty() {
            let what =
                "no target is given; name a URL such as https://shop.example/health, and each instance with --address";
            return Err(Error::Input(what.to_owned()));
        }
        let mut addresses: Vec<Instance> = Vec::new();
        for text in &arguments.address {
            let (ip, port) = address(text).map_err(|error| Error::Input(format!("address: {error}")))?;
            let id = arguments.instance.clone().unwrap_or_else(|| text.trim().to_owned());
            if addresses.iter().any(|other| (other.address, other.port) == (ip, port)) {
                return Err(Error::Input(format!("the address {} stands there twice", shorten(text))));
            }
            addresses.push(Instance { id, address: ip, port, zone: None, state: None });
        }
        if let Some(id) = &arguments.instance
            && (id.trim().is_empty() || id.chars().any(char::is_control) || id.chars().count() > MAX_ID_CHARS)
        {
            return Err(Error::Input(format!(
                "instance is `{}`, which is no id; is the variable that holds it set?",
                shorten(id)
            )));
        }
        if let Some(state) = arguments.states.iter().find(|state| state.trim().is_empty() || state.contains("://")) {
            let why = if state.trim().is_empty() {
                "an empty state; is the variable that holds it set?"
            } else {
                "a URL, which is no state of an instance; targets stand before it, or behind `--`"
            };
            return Err(Error::Input(format!("states has {why}")));
        }
        if arguments.instance.is_some() && (addresses.len() > 1 || arguments.targets.is_some()) {
            return Err(Error::Input("instance names one instance, and several are given".to_owned()));
        }
        let family = match (arguments.ipv4, arguments.ipv6) {
            (true, _) => Family::V4,
            (_, true) => Family::V6,
            _ => Family::Any,
        };
        Ok(TargetOptions {
            targets,
            addresses,
            file: arguments.targets.clone(),
            states: arguments.states.clone(),
            family,
        })
    }

    /// Whether every target is spoken to by HTTP.
    pub fn all_http(&self) -> bool {
        use kit_probe::target::Scheme::{Http, Https};
        self.targets.iter().all(|(target, _)| matches!(target.scheme, Http | Https))
    }
}

impl RequestOptions {
    /// Errors: a header with a line end, a method that is none, numbers out of range.
    pub fn new(arguments: &RequestArguments, timeout_most_us: u64) -> Result<RequestOptions, Error> {
        let method = arguments.method.trim().to_ascii_uppercase();
        // CONNECT asks for a tunnel: its answer says nothing of the path.
        if method.is_empty()
            || method == "CONNECT"
            || method.len() > 32
            || !method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
        {
            return Err(Error::Input(format!(
                "method is `{}`; write a method such as GET",
                shorten(&arguments.method)
            )));
        }
        let mut headers = Vec::new();
        for (index, text) in arguments.header.iter().enumerate() {
            // The value may be a secret, so that messages count headers and never quote one.
            let place = format!("header {}", index + 1);
            let (name, value) = text
                .split_once(':')
                .ok_or_else(|| Error::Input(format!("{place} has no colon; write `Name: value`")))?;
            let (name, value) = (name.trim(), value.trim_matches([' ', '\t']));
            // A list of values takes all that follows: the target behind a header would not be asked, and nobody told.
            if value.starts_with("//") && Target::parse(text).is_ok() {
                return Err(Error::Input(format!(
                    "{place} is a URL; targets stand before the headers, or behind `--`"
                )));
            }
            if !is_header_name(name) {
                return Err(Error::Input(format!("{place}: its name is no header name")));
            }
            if !is_header_value(value) {
                return Err(Error::Input(format!("{place} ({name}): its value has a line end or a control character")));
            }
            headers.push((name.to_owned(), value.to_owned()));
        }
        let http = match arguments.http.trim() {
            "auto" => HttpVersion::Negotiated,
            "1.1" | "1" => HttpVersion::Http1,
            "2" => HttpVersion::Http2,
            other => return Err(Error::Input(format!("http is `{}`; write auto, 1.1 or 2", shorten(other)))),
        };
        if arguments.suite.is_none() && (!arguments.tags.is_empty() || arguments.warm.trim() != "0") {
            return Err(Error::Input("tags and warm are about a suite, and none is given".to_owned()));
        }
        Ok(RequestOptions {
            method,
            headers,
            body: arguments.body.clone().unwrap_or_default().into_bytes(),
            redirects: u8::try_from(number("redirects", &arguments.redirects, 0, u32::from(MAX_REDIRECTS))?)
                .unwrap_or(MAX_REDIRECTS),
            http,
            ca_file: arguments.ca_file.clone(),
            no_proxy: arguments.no_proxy,
            timeout_us: time_us("timeout", &arguments.timeout, 1_000)?.min(timeout_most_us),
            suite: arguments.suite.clone(),
            tags: arguments.tags.clone(),
            warm: number("warm", &arguments.warm, 0, MAX_WARM)?,
        })
    }
}

/// What a healthy answer looks like, the path of the version, and the bound on the percentile.
/// Errors: what is no pattern, path, status or time; expectations that the targets cannot meet.
pub fn expectations(
    arguments: &ExpectArguments,
    targets: &TargetOptions,
) -> Result<(Expectations, Option<String>, Option<Percentile>), Error> {
    let mut expect = Expectations::default();
    let given = of_the_answer(arguments);
    if !targets.all_http() && !given.is_empty() {
        return Err(Error::Input(format!(
            "{} can't be asked of a target that is not http or https; check those in a run of its own",
            given.join(", ")
        )));
    }
    let status = arguments.expect_status.as_deref().unwrap_or("200");
    expect.status = StatusSet::parse(status).map_err(|error| refused("expect-status", status, &error))?;
    for text in &arguments.expect_header {
        expect.headers.push(HeaderExpectation::parse(text).map_err(|error| refused("expect-header", text, &error))?);
    }
    for text in &arguments.expect_body {
        expect.body_matches.push(pattern(text).map_err(|error| refused("expect-body", text, &error))?);
    }
    if arguments.expect_text.iter().any(|text| text.trim().is_empty()) {
        let what = "expect-text is empty, which any body contains; is the variable that holds it set?";
        return Err(Error::Input(what.to_owned()));
    }
    expect.body_contains.clone_from(&arguments.expect_text);
    for text in &arguments.expect_json {
        expect.json.push(JsonExpectation::parse(text).map_err(|error| refused("expect-json", text, &error))?);
    }
    if let Some(text) = &arguments.expect_size {
        let (least, most) = parse_size_bounds(text).map_err(|error| refused("expect-size", text, &error))?;
        (expect.min_body_bytes, expect.max_body_bytes) = (least, most);
    }
    if let Some(text) = &arguments.expect_url {
        expect.final_url = Some(text_pattern(text).map_err(|error| refused("expect-url", text, &error))?);
    }
    if let Some(text) = &arguments.expect_certificate_days {
        expect.certificate_days = Some(number("expect-certificate-days", text, 0, 100_000)?);
        let plain = targets.targets.iter().find(|(target, _)| !has_tls(target));
        if let Some((target, _)) = plain {
            return Err(Error::Input(format!("expect-certificate-days: {} has no certificate", target.shown)));
        }
    }
    if let Some(text) = &arguments.max_latency {
        expect.max_latency_us = Some(time_us("max-latency", text, 1)?);
    }
    expect.version = version(arguments)?;
    let percentile = arguments.percentile.as_deref();
    let percentile = percentile
        .map(|text| parse_percentile(text).map_err(|error| refused("percentile", text, &error)))
        .transpose()?;
    Ok((expect, version_path(arguments)?, percentile))
}

fn has_tls(target: &Target) -> bool {
    use kit_probe::target::Scheme::{Grpcs, Https, Tls};
    matches!(target.scheme, Https | Tls | Grpcs)
}

/// Names of the given inputs that are about an HTTP answer.
fn of_the_answer(arguments: &ExpectArguments) -> Vec<&'static str> {
    let given = [
        ("expect-status", arguments.expect_status.is_some()),
        ("expect-header", !arguments.expect_header.is_empty()),
        ("expect-body", !arguments.expect_body.is_empty()),
        ("expect-text", !arguments.expect_text.is_empty()),
        ("expect-json", !arguments.expect_json.is_empty()),
        ("expect-size", arguments.expect_size.is_some()),
        ("expect-url", arguments.expect_url.is_some()),
        ("expect-version", arguments.expect_version.is_some()),
    ];
    given.into_iter().filter_map(|(name, given)| given.then_some(name)).collect()
}

fn version(arguments: &ExpectArguments) -> Result<Option<VersionExpectation>, Error> {
    let place = match (&arguments.version_json, &arguments.version_header) {
        (Some(path), _) => {
            VersionPlace::Json(JsonPath::parse(path).map_err(|error| refused("version-json", path, &error))?)
        }
        (None, Some(name)) if is_header_name(name.trim()) => VersionPlace::Header(name.trim().to_owned()),
        (None, Some(name)) => {
            return Err(Error::Input(format!("version-header is `{}`, which is no header name", shorten(name))));
        }
        (None, None) => VersionPlace::Body,
    };
    let Some(text) = &arguments.expect_version else {
        let others = [&arguments.version_path, &arguments.version_json, &arguments.version_header];
        if others.iter().any(|other| other.is_some()) {
            let what = "where the version stands is said, and not which; set expect-version, such as the commit";
            return Err(Error::Input(what.to_owned()));
        }
        return Ok(None);
    };
    VersionExpectation::new(text, place).map(Some).map_err(|error| refused("expect-version", text, &error))
}

fn version_path(arguments: &ExpectArguments) -> Result<Option<String>, Error> {
    match arguments.version_path.as_deref().map(str::trim) {
        None => Ok(None),
        Some(path) if path.starts_with('/') && !path.contains(|c: char| c.is_control() || c == ' ') => {
            Ok(Some(path.to_owned()))
        }
        Some(path) => Err(Error::Input(format!("version-path is `{}`; it begins with `/`", shorten(path)))),
    }
}

impl VerdictOptions {
    /// Errors: numbers and times out of range, a deadline that leaves no time for the passes.
    pub fn new(arguments: &VerdictArguments, mode: Mode, deadline: &str) -> Result<VerdictOptions, Error> {
        let jitter = arguments.jitter.trim();
        let jitter = jitter.strip_suffix('%').unwrap_or(jitter);
        let options = VerdictOptions {
            mode,
            passes: number("passes", &arguments.passes, 1, 10_000)?,
            interval_us: time_us("interval", &arguments.interval, MIN_INTERVAL_US)?,
            jitter_per_mille: number("jitter", jitter, 0, 100)? * 10,
            max_failures: arguments
                .max_failures
                .as_deref()
                .map(|text| number("max-failures", text, 0, 1_000_000))
                .transpose()?,
            quorum: arguments.quorum.as_deref().map(quorum).transpose()?,
            grace_us: time_us("grace", &arguments.grace, 0)?,
            deadline_us: time_us("deadline", deadline, 1_000)?,
        };
        if options.grace_us > 0 && options.grace_us >= options.deadline_us {
            return Err(Error::Input(format!(
                "the grace time of {} is not over before the deadline of {deadline}, so that no failure would count",
                arguments.grace
            )));
        }
        if mode == Mode::Hold && options.interval_us >= options.deadline_us {
            return Err(Error::Input(format!(
                "one probe every {} says nothing of the whole time of {deadline}; choose a shorter interval",
                arguments.interval
            )));
        }
        let least_us = options.interval_us.saturating_mul(u64::from(options.passes) - 1);
        if least_us >= options.deadline_us {
            return Err(Error::Input(format!(
                "the deadline of {deadline} leaves no time for {} passes every {}",
                options.passes, arguments.interval
            )));
        }
        Ok(options)
    }

    /// One round with one pass.
    pub fn once(quorum_text: Option<&str>, timeout_us: u64) -> Result<VerdictOptions, Error> {
        Ok(VerdictOptions {
            mode: Mode::Once,
            passes: 1,
            interval_us: timeout_us.max(MIN_INTERVAL_US),
            jitter_per_mille: 0,
            max_failures: None,
            quorum: quorum_text.map(quorum).transpose()?,
            grace_us: 0,
            deadline_us: once_deadline_us(timeout_us, 2),
        })
    }
}

/// The time that `once` has for so many exchanges one after the other: resolving and each of them have the time of a probe, and
/// the loop needs a moment. It is over as soon as everybody answered.
pub fn once_deadline_us(timeout_us: u64, exchanges: usize) -> u64 {
    let each = u64::try_from(exchanges).unwrap_or(u64::MAX).saturating_add(1);
    timeout_us.saturating_mul(each).saturating_add(1_000_000).min(MAX_RUN_US)
}

/// The address that a URL itself has, when it has one.
pub fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
