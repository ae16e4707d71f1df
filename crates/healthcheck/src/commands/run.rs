//! `wait`, `hold`, `once` and `probe`: asks until there is a verdict.

use super::progress::Progress;
use crate::apply::Record;
use crate::args::options::{RequestOptions, TargetOptions, VerdictOptions, expectations, once_deadline_us};
use crate::args::{ExpectArguments, HoldArguments, OnceArguments, RequestArguments, TargetArguments, WaitArguments};
use crate::error::Error;
use crate::{observe, plan, report};
use kit_host::{Done, Failure, Host};
use kit_probe::event::Event;
use kit_probe::exchange::{Network, Proxies, Settings};
use kit_probe::probe::{Probe, Redaction, header_secrets, query_secrets};
use kit_probe::recording::{self, Header, event_line, header_line};
use kit_probe::rounds::{self, Plan};
use kit_probe::target::Target;
use kit_probe::verdict::{Mode, Percentile, Rules};
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Bytes of a body that are read; a health page has a few hundred.
const MAX_BODY_BYTES: u64 = 1 << 20;
/// Members from which on one thread could make the beginnings of a round late.
const MANY_MEMBERS: usize = 64;
/// Threads that probe, at most: the checks of a fleet share a machine with the pipeline.
const MAX_WORKERS: usize = 4;
/// Threads that wait for the resolver, two for each name; only those that are needed are started. A name that hangs holds its
/// two for as long as the system's resolver tries, and must not keep the names of other targets waiting.
const RESOLVER_THREADS: usize = 16;
/// How often is looked whether somebody wants the run to stop.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// Fewest bytes of a secret that is hidden: `1` would blacken half of every report.
const MIN_SECRET_BYTES: usize = 4;

/// What the three commands have in common.
struct Asked<'a> {
    targets: &'a TargetArguments,
    request: &'a RequestArguments,
    expect: &'a ExpectArguments,
    record: Option<&'a str>,
    emit_samples: bool,
    verdict: VerdictOptions,
}

/// `wait`, and `probe` with `emit_samples`.
pub fn wait(arguments: &WaitArguments, emit_samples: bool, host: &Host) -> Result<Done, Failure> {
    run(
        &Asked {
            targets: &arguments.targets,
            request: &arguments.request,
            expect: &arguments.expect,
            record: arguments.record.record.as_deref(),
            emit_samples: emit_samples || arguments.emit_samples,
            verdict: VerdictOptions::new(&arguments.verdict, Mode::Wait, &arguments.deadline)?,
        },
        host,
    )
}

/// `hold`
pub fn hold(arguments: &HoldArguments, host: &Host) -> Result<Done, Failure> {
    run(
        &Asked {
            targets: &arguments.targets,
            request: &arguments.request,
            expect: &arguments.expect,
            record: arguments.record.record.as_deref(),
            emit_samples: false,
            verdict: VerdictOptions::new(&arguments.verdict, Mode::Hold, &arguments.deadline)?,
        },
        host,
    )
}

/// `once`
pub fn once(arguments: &OnceArguments, host: &Host) -> Result<Done, Failure> {
    let timeout_us = RequestOptions::new(&arguments.request, u64::MAX)?.timeout_us;
    run(
        &Asked {
            targets: &arguments.targets,
            request: &arguments.request,
            expect: &arguments.expect,
            record: arguments.record.record.as_deref(),
            emit_samples: false,
            verdict: VerdictOptions::once(arguments.quorum.as_deref(), timeout_us)?,
        },
        host,
    )
}

fn run(asked: &Asked<'_>, host: &Host) -> Result<Done, Failure> {
    let (network, plan, header) = prepare(asked, host)?;
    let many = plan.members.iter().map(Vec::len).sum::<usize>() > MANY_MEMBERS;
    let mut runtime = if many {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(std::thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS));
        builder
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = runtime.max_blocking_threads(RESOLVER_THREADS).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::world("runtime-failed", format!("cannot begin: {error}")))?;
    for note in &header.notes {
        host.log.info(note);
    }
    let mut record = match (asked.record, host.permit()) {
        (Some(path), Some(permit)) => Some(Record::create(permit, path, &header_line(&header))?),
        _ => None,
    };
    let mut samples = asked.emit_samples.then(|| header_line(&header).into_bytes());
    let mut not_written: Option<Error> = None;
    let mut progress = Progress::new(&host.log, &header);
    let stop = stopped(host);
    let judge = runtime.block_on(rounds::run(network, Arc::new(plan), seed(), stop, |event: &Event, judge| {
        let line = if record.is_some() || samples.is_some() { event_line(event) } else { String::new() };
        if let Some(record) = &mut record
            && not_written.is_none()
        {
            not_written = record.line(&line).err();
        }
        if let Some(samples) = &mut samples {
            samples.extend_from_slice(line.as_bytes());
        }
        progress.heard(event, judge);
    }));
    drop(progress);
    // A lookup that hangs must not hold the verdict up.
    runtime.shutdown_background();
    if let Some(error) = not_written {
        return Err(error.into());
    }
    let verdict = judge.verdict();
    Ok(Done { report: report::report(&header, &verdict), exit: super::exit(verdict.health), stdout: samples })
}

/// Everything that is decided before the first probe.
fn prepare(asked: &Asked<'_>, host: &Host) -> Result<(Arc<Network>, Plan, Header), Failure> {
    hide_headers(&asked.request.header, host);
    let in_queries = in_queries(asked.targets.target.iter().chain(&asked.expect.version_path));
    host.hide(&in_queries);
    let targets = TargetOptions::new(asked.targets)?;
    let request = RequestOptions::new(asked.request, asked.verdict.deadline_us)?;
    let (expect, version_path, percentile) = expectations(asked.expect, &targets)?;
    if let Some(path) = &request.ca_file {
        observe::is_there(path)?;
    }
    if request.suite.is_some() && asked.expect.expect_status.is_some() {
        let what =
            "expect-status says nothing of a suite, whose steps say their own; write `expect = { status = … }` there";
        return Err(Error::Input(what.to_owned()).into());
    }
    if request.suite.is_some() && !targets.all_http() {
        return Err(Error::Input("a suite is run against http and https targets alone".to_owned()).into());
    }
    let suite = match &request.suite {
        Some(path) => Some(observe::suite(path, &request.tags, &host.env)?),
        None => None,
    };
    let mut secrets = secret_values(&request.headers);
    secrets.extend(in_queries);
    secrets.extend(suite.iter().flat_map(kit_probe::suite::Suite::secret_values));
    host.hide(&secrets);
    let proxies = if request.no_proxy { Proxies::default() } else { observe::proxies(&host.env)? };
    let of_proxies = proxy_secrets(&proxies);
    host.hide(&of_proxies);
    secrets.extend(of_proxies);
    let network = Network::new(Settings {
        timeout: Duration::from_micros(request.timeout_us),
        max_body_bytes: MAX_BODY_BYTES,
        ca_file: request.ca_file.clone().map(Into::into),
        proxies,
        http: request.http,
        family: targets.family,
    });
    let listed = targets.file.as_deref().map(observe::instances).transpose()?;
    let proxy: Vec<Option<String>> =
        targets.targets.iter().map(|(target, _)| rounds::proxy(&network, target)).collect();
    let who = plan::asked(&targets, listed, asked.targets.instance.as_deref(), &proxy)?;
    let mut rules = rules(&asked.verdict, percentile, who.memberships);
    if let (Mode::Once, Some(suite)) = (rules.mode, &suite) {
        let runs = usize::try_from(request.warm).unwrap_or(usize::MAX).saturating_add(1);
        let exchanges = suite.steps.len().saturating_mul(runs).saturating_add(1);
        rules.deadline_us = once_deadline_us(request.timeout_us, exchanges);
    }
    let redaction = Redaction::new(secrets.iter().map(String::as_str));
    let header = Header {
        recording: recording::VERSION,
        tool: format!("{} {}", crate::TOOL.name, crate::TOOL.version),
        started_s: now_s(),
        rules: rules.clone(),
        targets: who.targets.iter().map(|target| shown(target, &redaction)).collect(),
        expected_version: expect.version.as_ref().map(|version| version.version.clone()),
        notes: who.notes.iter().map(|note| redaction.of(note).into_owned()).collect(),
    };
    let probe = Probe {
        method: request.method,
        headers: request.headers,
        body: request.body,
        redirects: request.redirects,
        expect,
        version_path,
        suite,
        warm: request.warm,
        secrets,
    };
    let plan = Plan {
        targets: who.targets,
        members: who.members,
        names: who.names,
        probe,
        rules,
        interval: Duration::from_micros(asked.verdict.interval_us),
        jitter_per_mille: asked.verdict.jitter_per_mille,
    };
    Ok((Arc::new(network), plan, header))
}

fn rules(
    options: &VerdictOptions,
    percentile: Option<Percentile>,
    targets: Vec<kit_probe::target::Membership>,
) -> Rules {
    Rules {
        mode: options.mode,
        passes: options.passes,
        deadline_us: options.deadline_us,
        max_failures: options.max_failures,
        quorum: options.quorum,
        grace_us: options.grace_us,
        percentile,
        targets,
    }
}

/// Values of headers are never shown, whatever they are called.
fn secret_values(headers: &[(String, String)]) -> Vec<String> {
    let secret = headers.iter().filter(|(name, _)| !kit_probe::exchange::is_public_header(name));
    let parts = secret.flat_map(|(_, value)| header_secrets(value));
    parts.map(str::trim).filter(|value| value.len() >= MIN_SECRET_BYTES).map(str::to_owned).collect()
}

/// Passwords of proxies, alone and as the header has them.
fn proxy_secrets(proxies: &Proxies) -> Vec<String> {
    let urls = proxies.http.iter().chain(&proxies.https);
    let both = urls.filter_map(|url| Some((decoded(url.username())?, decoded(url.password()?)?)));
    both.flat_map(|(user, password)| [format!("{user}:{password}"), password])
        .filter(|secret| secret.len() >= MIN_SECRET_BYTES)
        .collect()
}

/// What a part of a URL stands for.
fn decoded(part: &str) -> Option<String> {
    let pair = format!("v={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, plain)| plain.into_owned())
}

/// A target as records and reports have it.
fn shown(target: &Target, redaction: &Redaction) -> Target {
    let clean = |text: &String| redaction.of(text).into_owned();
    Target {
        shown: clean(&target.shown),
        path: clean(&target.path),
        command: target.command.iter().map(clean).collect(),
        ..target.clone()
    }
}

/// Secrets in the queries of URLs, as they stand there and decoded.
fn in_queries<'t>(urls: impl Iterator<Item = &'t String>) -> Vec<String> {
    let forms = urls.flat_map(|url| query_secrets(url)).flat_map(|value| [Some(value.to_owned()), decoded(value)]);
    forms.flatten().filter(|value| value.len() >= MIN_SECRET_BYTES).collect()
}

/// Hides the values before anything is said about the arguments.
fn hide_headers(headers: &[String], host: &Host) {
    let split = headers.iter().filter_map(|text| text.split_once(':'));
    let split: Vec<(String, String)> =
        split.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    host.hide(&secret_values(&split));
}

fn stopped(host: &Host) -> impl Future<Output = ()> + use<> {
    let signals = host.signals.take();
    async move {
        while signals.try_recv().is_err() {
            tokio::time::sleep(STOP_INTERVAL).await;
        }
    }
}

pub(super) fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Only the jitter depends on it.
fn seed() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::from(since.subsec_nanos()) ^ u64::from(std::process::id()) << 32
}
