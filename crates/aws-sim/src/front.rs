//! In front of every service: counts, faults, kill points. What is then left of a request goes to whom its path names.

pub(crate) mod access;
mod answer;
mod s3;

pub(crate) use answer::{Answer, json, text, xml, xml_text};

use crate::faults::{Fault, KillMode};
use crate::kind::{self, Kind, Target};
use crate::life::Cut;
use crate::server::Shared;
use crate::{cdn, cloudflare, cloudfront, control, oidc, sts};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use std::sync::Arc;
use std::time::Duration;

/// The most of a small request (form, XML, JSON) that is read.
pub(crate) const MAX_SMALL_BODY_BYTES: usize = 4 << 20;

/// Which service a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    S3,
    Sts,
    Oidc,
    CloudFront,
    Cloudflare,
}

fn service(method: &Method, path: &str) -> Service {
    match path {
        "/" | "/_sts" if *method == Method::POST => Service::Sts,
        _ if path.starts_with(oidc::PATH) => Service::Oidc,
        _ if path.starts_with(cloudfront::PATH) => Service::CloudFront,
        _ if path.starts_with(cloudflare::PATH) => Service::Cloudflare,
        _ => Service::S3,
    }
}

fn target(service: Service, request: &Request<Incoming>) -> Target {
    let kind = match service {
        Service::S3 => {
            let uri = request.uri();
            return kind::of_s3(request.method(), uri.path(), uri.query(), request.headers());
        }
        Service::Sts => Kind::Sts,
        Service::Oidc => Kind::Oidc,
        Service::CloudFront => Kind::Invalidation,
        Service::Cloudflare => Kind::Purge,
    };
    Target { kind, bucket: String::new(), key: request.uri().path().to_owned() }
}

/// What the faults do with one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The answer instead of the operation.
    refusal: Option<Refusal>,
    cut_before: bool,
    lost_response: bool,
    truncated_body: bool,
    corrupt_body: bool,
    pub(crate) slow_write: Option<Duration>,
    kill: Option<(KillMode, bool)>,
}

/// An answer of S3's that is not its operation's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

fn refusal(fault: &Fault) -> Option<Refusal> {
    let (status, code, message) = match fault {
        Fault::SlowDown => (503, "SlowDown", "Please reduce your request rate."),
        Fault::InternalError => (500, "InternalError", "We encountered an internal error. Please try again."),
        Fault::ServiceUnavailable => (503, "ServiceUnavailable", "Service is unable to handle request."),
        Fault::RequestTimeout => (
            400,
            "RequestTimeout",
            "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
        ),
        Fault::Conflict => (
            409,
            "ConditionalRequestConflict",
            "The conditional request cannot succeed due to a conflicting operation against this resource.",
        ),
        Fault::AccessDenied => (403, "AccessDenied", "Access Denied"),
        Fault::ExpiredToken => (400, "ExpiredToken", "The provided token has expired."),
        Fault::ErrorIn200 => (200, "InternalError", "We encountered an internal error. Please try again."),
        _ => return None,
    };
    Some(Refusal { status, code, message })
}

/// Serves one request. An error cuts its connection.
pub(crate) async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Answer, Cut> {
    let path = request.uri().path();
    if path.starts_with(control::PATH) {
        return Ok(control::serve(&shared, request).await);
    }
    if path.starts_with(cdn::PATH) {
        shared.life.pass().await?;
        return Ok(cdn::serve(&shared, &request));
    }
    let service = service(request.method(), path);
    let target = target(service, &request);
    shared.life.pass().await?;
    let bytes_in = request.body().size_hint().exact().unwrap_or(0);
    let number = shared.ledger.begin(&target, bytes_in);
    let faults = shared.faults.strike(target.kind, &target.key);
    let names: Vec<String> = faults.iter().map(|fault| fault.name().to_owned()).collect();
    let plan = plan(&shared, &faults).await;
    let is_head = request.method() == Method::HEAD;
    match execute(&shared, service, request, &target, &plan, number).await {
        Ok(answer) => {
            let bytes_out = if is_head { 0 } else { answer.body().size_hint().lower() };
            shared.ledger.end(number, answer.status().as_u16(), bytes_out, names);
            Ok(finish(&shared, answer, number))
        }
        Err(cut) => {
            shared.ledger.end(number, 0, 0, names);
            Err(cut)
        }
    }
}

async fn plan(shared: &Shared, faults: &[Fault]) -> Plan {
    let mut plan = Plan::default();
    for fault in faults {
        match fault {
            Fault::Latency { wait_ms } => tokio::time::sleep(Duration::from_millis(*wait_ms)).await,
            Fault::SlowWrite { wait_ms } => plan.slow_write = Some(Duration::from_millis(*wait_ms)),
            Fault::ExpireSessions => shared.credentials.expire_sessions(shared.clock.now_s()),
            Fault::LostResponse => plan.lost_response = true,
            Fault::CutBefore => plan.cut_before = true,
            Fault::TruncatedBody => plan.truncated_body = true,
            Fault::CorruptBody => plan.corrupt_body = true,
            Fault::Kill { mode, after } => plan.kill = Some((*mode, *after)),
            other => plan.refusal = plan.refusal.or_else(|| refusal(other)),
        }
    }
    plan
}

async fn execute(
    shared: &Shared,
    service: Service,
    request: Request<Incoming>,
    target: &Target,
    plan: &Plan,
    number: u64,
) -> Result<Answer, Cut> {
    if let Some((mode, false)) = plan.kill {
        shared.life.kill(mode, number);
        shared.life.pass().await?;
    }
    if plan.cut_before {
        drain(request.into_body()).await;
        return Err(Cut);
    }
    let answer = match (&plan.refusal, service) {
        (Some(refusal), _) => {
            // The body is read first, so that the client reads the answer and not a reset of its connection.
            let resource = request.uri().path().to_owned();
            drain(request.into_body()).await;
            refused(service, refusal, &resource)
        }
        (None, Service::S3) => s3::serve(shared, request, target, plan).await?,
        (None, Service::Sts) => sts::serve(shared, request).await,
        (None, Service::Oidc) => oidc::serve(shared, &request),
        (None, Service::CloudFront) => cloudfront::serve(shared, request).await,
        (None, Service::Cloudflare) => cloudflare::serve(shared, request).await,
    };
    if let Some((mode, true)) = plan.kill {
        shared.life.kill(mode, number);
    }
    // Whoever was under way when the server died is not answered either.
    shared.life.pass().await?;
    if plan.lost_response {
        return Err(Cut);
    }
    let answer = if plan.corrupt_body { answer::corrupted(answer).await } else { answer };
    Ok(if plan.truncated_body { answer::truncated(answer).await } else { answer })
}

fn refused(service: Service, refusal: &Refusal, resource: &str) -> Answer {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match service {
        Service::S3 => answer::s3_error(status, refusal.code, refusal.message, resource, &[]),
        Service::Sts => sts::error(status, refusal.code, refusal.message),
        Service::CloudFront => cloudfront::error(status, refusal.code, refusal.message),
        Service::Oidc => text(status, refusal.message),
        Service::Cloudflare => cloudflare::error(status, 10_000, refusal.message),
    }
}

/// Reads a body to its end and forgets it.
pub(crate) async fn drain(mut body: Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}

/// Reads a small body whole. `None`: it broke off or is larger than [`MAX_SMALL_BODY_BYTES`].
pub(crate) async fn small_body(body: Incoming) -> Option<bytes::Bytes> {
    let body = http_body_util::Limited::new(body, MAX_SMALL_BODY_BYTES).collect().await.ok()?;
    Some(body.to_bytes())
}

fn finish(shared: &Shared, mut answer: Answer, number: u64) -> Answer {
    let headers = answer.headers_mut();
    let id = format!("SIM{number:013}");
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("x-amz-request-id", value.clone());
        headers.insert("x-amz-id-2", value);
    }
    if shared.clock.offset_s() != 0
        && let Ok(value) = HeaderValue::from_str(&crate::clock::http_date(shared.clock.now_s()))
    {
        headers.insert(http::header::DATE, value);
    }
    answer
}
