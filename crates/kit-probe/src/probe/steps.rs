//! The steps of one probe.

use super::{
    Answer, Certificate, Exchange, Expectations, Fault, Miss, Redaction, Request, Run, Scheme, Step, Target,
    VersionPlace, body_start, command, header_secrets, misses, now_s, version_of,
};
use crate::event::{Cause, MissKind, URL_CHARS};
use crate::exchange::Response;
use std::collections::BTreeSet;
use tokio::time::Instant;

/// Bytes of a body of which the beginning is shown once secrets are taken out.
const SHOWN_BODY_BYTES: usize = 16 << 10;
/// Cookies of an answer that are taken for secrets; browsers keep 50 of a domain (RFC 6265, section 6.1).
const MAX_COOKIES: usize = 50;
/// Bytes of such a cookie that are looked for: its beginning masks the part of it that a report could show.
const MAX_COOKIE_BYTES: usize = 1 << 10;
/// Headers whose values are secrets whoever sets them; compared in lower case.
const SECRET_HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token", "private-token"];

/// What an answer of the version's own request has to be.
const VERSION_STATUS: std::ops::RangeInclusive<u16> = 200..=299;

impl Run<'_> {
    pub(super) async fn steps(&self) -> Vec<Step> {
        let http = matches!(self.target.scheme, Scheme::Http | Scheme::Https);
        if let Some(suite) = self.probe.suite.as_ref().filter(|_| http) {
            let mut steps = self.suite(suite).await;
            if steps.iter().all(Step::passed) && self.probe.expect.version.is_some() {
                steps.push(self.version().await);
            }
            return steps;
        }
        let mut step = match self.target.scheme {
            Scheme::Http | Scheme::Https => self.request().await,
            Scheme::Tcp | Scheme::Tls => self.connection().await,
            Scheme::Grpc | Scheme::Grpcs => self.grpc().await,
            Scheme::Command => self.command().await,
        };
        "request".clone_into(&mut step.name);
        let goes_on = step.passed() && http && self.asks_version_apart();
        let mut steps = vec![step];
        if goes_on {
            steps.push(self.version().await);
        }
        steps
    }

    /// Whether the version stands somewhere else than in the target's own answer.
    fn asks_version_apart(&self) -> bool {
        let Some(expected) = &self.probe.expect.version else { return false };
        let same_path = self.probe.version_path.as_deref().is_none_or(|path| path == self.target.path);
        // The answer to HEAD has headers alone.
        let has_it = self.probe.method != "HEAD" || matches!(expected.place, VersionPlace::Header(_));
        !(same_path && has_it)
    }

    async fn request(&self) -> Step {
        let request = match self.http_request(&self.probe.method, &self.target.path) {
            Ok(request) => Request { body: self.probe.body.clone(), ..request },
            Err(fault) => return faulty(fault),
        };
        let exchange = self.network.http(&request, self.member.address, self.until()).await;
        let takes_version = !self.asks_version_apart();
        self.step(&exchange, Some(&request.url), &self.probe.expect, takes_version, &[])
    }

    async fn version(&self) -> Step {
        let path = self.probe.version_path.as_deref().unwrap_or(&self.target.path);
        let mut step = match self.http_request("GET", path) {
            Ok(request) => {
                let exchange = self.network.http(&request, self.member.address, self.until()).await;
                let expect = Expectations {
                    status: VERSION_STATUS.collect(),
                    version: self.probe.expect.version.clone(),
                    ..Expectations::default()
                };
                self.step(&exchange, Some(&request.url), &expect, true, &[])
            }
            Err(fault) => faulty(fault),
        };
        "version".clone_into(&mut step.name);
        step
    }

    async fn connection(&self) -> Step {
        let Some(to) = self.member.address else { return faulty(no_address()) };
        let exchange = match self.target.scheme {
            Scheme::Tls => self.network.tls(to, &self.target.host, self.until()).await,
            _ => self.network.tcp(to, self.until()).await,
        };
        self.step(&exchange, None, &without_status(&self.probe.expect), true, &[])
    }

    async fn grpc(&self) -> Step {
        let Some(to) = self.member.address else { return faulty(no_address()) };
        let (host, tls) = (&self.target.host, self.target.scheme == Scheme::Grpcs);
        let authority = authority(self.target);
        let exchange = self.network.grpc(to, host, &authority, &self.target.path, tls, self.until()).await;
        self.health(&exchange)
    }

    /// What a gRPC server told: nothing but SERVING is health.
    pub(super) fn health(&self, exchange: &Exchange) -> Step {
        let mut step = self.step(exchange, None, &without_status(&self.probe.expect), true, &[]);
        if step.fault.is_none() {
            let response = exchange.response.as_ref();
            let serving = response.and_then(|response| response.serving.as_deref());
            let status = response.map(|response| response.status);
            if serving != Some("SERVING") || status != Some(0) {
                let got = match (serving, status) {
                    (Some(serving), Some(0)) => format!("health {serving}"),
                    (_, Some(status)) => grpc_status(status, &self.target.path),
                    (_, None) => "no health".to_owned(),
                };
                let miss = Miss { kind: MissKind::GrpcStatus, expected: "health SERVING".to_owned(), got };
                step.misses.push(self.clean_miss(miss));
            }
        }
        step
    }

    async fn command(&self) -> Step {
        let line = match command::filled(self.target, self.member) {
            Ok(line) => line,
            Err(fault) => return self.cleaned(faulty(fault), &[], &[]),
        };
        let exchange = self.network.command(&line, self.until()).await;
        // HTTP statuses are no exit codes: what a set holds beyond one byte is not meant for the command.
        let mut expect = self.probe.expect.clone();
        expect.status.retain(|status| *status <= 255);
        if expect.status.is_empty() || expect.status == BTreeSet::from([200]) {
            expect.status = BTreeSet::from([0]);
        }
        let mut step = self.step(&exchange, None, &expect, true, &[]);
        for miss in &mut step.misses {
            if miss.kind == MissKind::Status {
                miss.kind = MissKind::ExitCode;
                miss.expected = miss.expected.replacen("status", "exit code", 1);
                miss.got = miss.got.replacen("status", "exit code", 1);
            }
        }
        step
    }

    /// The end of the next exchange's time.
    pub(super) fn until(&self) -> Instant {
        Instant::now().checked_add(self.network.settings.timeout).map_or(self.until, |end| end.min(self.until))
    }

    /// A request to the target's origin. Errors: the path makes no URL.
    pub(super) fn http_request(&self, method: &str, path: &str) -> Result<Request, Fault> {
        let scheme = if self.target.scheme == Scheme::Https { "https" } else { "http" };
        let origin = format!("{scheme}://{}", authority(self.target));
        let url = url::Url::parse(&format!("{origin}{path}")).map_err(|err| Fault {
            cause: Cause::RequestInvalid,
            message: format!("{origin}{path} is no URL: {err}"),
        })?;
        // `//other.example/` and `@other.example/` would lead away from the target.
        let expected = url::Url::parse(&origin).map(|url| url.origin());
        if !path.starts_with('/')
            || expected != Ok(url.origin())
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(Fault {
                cause: Cause::RequestInvalid,
                message: format!(
                    "the path `{path}` leads away from {origin}; write one that begins with a single slash"
                ),
            });
        }
        Ok(Request {
            method: method.to_owned(),
            url,
            headers: self.probe.headers.clone(),
            body: Vec::new(),
            redirects: self.probe.redirects,
        })
    }

    /// What came of an exchange as a step without a name. `asked`: the URL of the request; `takes_version`: whether this answer says the version.
    pub(super) fn step(
        &self,
        exchange: &Exchange,
        asked: Option<&url::Url>,
        expect: &Expectations,
        takes_version: bool,
        secrets: &[String],
    ) -> Step {
        let response = exchange.response.as_ref();
        let mut step = Step {
            phases: exchange.phases,
            connected: exchange.connected,
            proxy: exchange.proxy.clone(),
            certificate_ends_s: exchange.certificates.iter().map(|one: &Certificate| one.ends_s).min(),
            fault: exchange.fault.clone(),
            ..Step::default()
        };
        if let Some(response) = response {
            self.describe(&mut step, response, asked);
        }
        let needs_answer = !matches!(self.target.scheme, Scheme::Tcp | Scheme::Tls);
        if step.fault.is_none() && needs_answer && response.is_none() {
            step.fault =
                Some(Fault { cause: Cause::Reset, message: "the connection ended without an answer".to_owned() });
        }
        if step.fault.is_none() {
            let empty = Response::default();
            let from = response.unwrap_or(&empty);
            let answer = Answer {
                status: response.map(|response| response.status),
                headers: &from.headers,
                body: &from.body,
                final_url: &from.final_url,
                certificates: &exchange.certificates,
                phases: &exchange.phases,
                now_s: now_s(),
            };
            step.misses = misses(expect, &answer);
            if let Some(version) = expect.version.as_ref().filter(|_| takes_version) {
                match elsewhere(self.member.address.and(asked), &answer) {
                    Some(host) => step.misses.push(Miss {
                        kind: MissKind::Version,
                        expected: format!("version {}", version.version),
                        got: format!("a redirect to {host}, whose version says nothing of this instance"),
                    }),
                    None => {
                        let (found, miss) = version_of(version, &answer);
                        step.version = found;
                        step.misses.extend(miss);
                    }
                }
            }
        }
        let own = |asked: &url::Url| asked[url::Position::BeforePath..url::Position::AfterQuery] == self.target.path;
        if let Some(asked) = asked.filter(|asked| !step.passed() && !own(asked)) {
            step.asked = Some(shortened(asked.as_str(), URL_CHARS));
        }
        let cookies = response.map(|response| response.set_cookies.as_slice()).unwrap_or_default();
        if !step.passed()
            && let Some(response) = response
        {
            let body = &response.body;
            let part = body.get(..SHOWN_BODY_BYTES).unwrap_or(body);
            step.body_start = body_start(&self.redaction(cookies, secrets).of_bytes(part));
        }
        self.cleaned(step, cookies, secrets)
    }

    fn describe(&self, step: &mut Step, response: &Response, asked: Option<&url::Url>) {
        let speaks_http = matches!(self.target.scheme, Scheme::Http | Scheme::Https);
        if speaks_http || self.target.scheme == Scheme::Command {
            step.status = Some(response.status);
            step.body_bytes = Some(response.body.len() as u64);
        }
        step.protocol = (!response.protocol.is_empty()).then(|| response.protocol.to_owned());
        let led_away = asked.is_some_and(|asked| asked.as_str() != response.final_url);
        if speaks_http && led_away && !response.final_url.is_empty() {
            step.final_url = Some(shortened(&response.final_url, URL_CHARS));
        }
    }

    /// The secrets of this run, those of its headers, and the cookies that were set, which are as good as passwords.
    pub(super) fn redaction(&self, cookies: &[(url::Url, Vec<u8>)], more: &[String]) -> Redaction {
        let headers = self.probe.headers.iter().filter(|(name, _)| is_secret_header(name));
        let headers = headers.flat_map(|(_, value)| header_secrets(value));
        let cookies: Vec<String> =
            cookies.iter().rev().filter_map(|(_, line)| cookie_value(line)).take(MAX_COOKIES).collect();
        let secrets = self.probe.secrets.iter().chain(more).map(String::as_str).chain(headers);
        Redaction::new(secrets.chain(cookies.iter().map(String::as_str)))
    }

    pub(super) fn cleaned(&self, mut step: Step, cookies: &[(url::Url, Vec<u8>)], more: &[String]) -> Step {
        self.redaction(cookies, more).clean(&mut step);
        step
    }

    fn clean_miss(&self, miss: Miss) -> Miss {
        let redaction = self.redaction(&[], &[]);
        Miss { expected: redaction.of(&miss.expected).into_owned(), got: redaction.of(&miss.got).into_owned(), ..miss }
    }
}

/// The host that answered when it is another than that which was asked.
fn elsewhere(asked: Option<&url::Url>, answer: &Answer<'_>) -> Option<String> {
    let last = url::Url::parse(answer.final_url).ok()?;
    (last.host() != asked?.host()).then(|| last.host_str().unwrap_or_default().to_owned())
}

/// The first characters, and an ellipsis when there are more.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn is_secret_header(name: &str) -> bool {
    SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// The value of a `Set-Cookie` line when it is long enough to be a session.
pub(super) fn cookie_value(line: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    let (_, value) = text.split(';').next()?.split_once('=')?;
    let value = value.trim().trim_matches('"');
    let end = value.floor_char_boundary(MAX_COOKIE_BYTES);
    (value.len() >= 8).then(|| value[..end].to_owned())
}

/// Host and port of a target's URL; IPv6 addresses in brackets.
fn authority(target: &Target) -> String {
    if target.host.contains(':') && !target.host.starts_with('[') {
        format!("[{}]:{}", target.host, target.port)
    } else {
        format!("{}:{}", target.host, target.port)
    }
}

/// What is expected where there is no HTTP status. What asks for a body or headers stays, and is not met.
fn without_status(expect: &Expectations) -> Expectations {
    Expectations { status: BTreeSet::new(), ..expect.clone() }
}

pub(super) fn faulty(fault: Fault) -> Step {
    Step { fault: Some(fault), ..Step::default() }
}

fn no_address() -> Fault {
    Fault {
        cause: Cause::SocketFailed,
        message: "this kind of target needs an address to connect to; a proxy can't stand in between".to_owned(),
    }
}

/// Names of <https://grpc.io/docs/guides/status-codes/> that a health check meets.
fn grpc_status(status: u16, service: &str) -> String {
    let shown = if service.is_empty() { "the server".to_owned() } else { format!("service `{service}`") };
    match status {
        0 => "an answer without a health".to_owned(),
        5 => format!("grpc-status 5 (NOT_FOUND): {shown} is not known to its health check"),
        7 => "grpc-status 7 (PERMISSION_DENIED)".to_owned(),
        12 => "grpc-status 12 (UNIMPLEMENTED): the server has no grpc.health.v1.Health".to_owned(),
        14 => "grpc-status 14 (UNAVAILABLE)".to_owned(),
        16 => "grpc-status 16 (UNAUTHENTICATED)".to_owned(),
        other => format!("grpc-status {other}"),
    }
}
