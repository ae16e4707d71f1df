//! One call: sent, judged, sent again while that may help.

use std::fmt::Display;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::{DateTime, Format};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_body_util::BodyExt;

use crate::body::Body;
use crate::error::shown;
use crate::http::Http;
use crate::recorder::Kind;
use crate::retry::{self, Course, Fault, Next};
use crate::s3::{checksum, xml};
use crate::sign::{self, Payload, Scope};
use crate::{Aws, Error};

/// S3's error documents are below 2 KB; a proxy's page may be longer and tells nothing.
const ERROR_BODY_BYTES: u64 = 64 * 1024;
/// The slowest line that we wait for: a body may take a second for each of these.
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;

/// What becomes of the answer's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Read whole, up to this many bytes.
    Buffered(u64),
    /// Handed to the caller when the call succeeded.
    Streamed,
}

/// A request that can be sent any number of times.
pub(crate) struct Call<'a> {
    pub(crate) kind: Kind,
    /// The call in the words of errors, as `PUT s3://bucket/key`.
    pub(crate) what: &'a (dyn Display + Sync),
    pub(crate) method: Method,
    /// Absolute and encoded.
    pub(crate) url: &'a str,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Body,
    pub(crate) payload: Payload,
    pub(crate) limit: Limit,
    /// 200 may be followed by an `<Error>` (COPY, Complete).
    pub(crate) hides_errors: bool,
    /// The body is compared with the checksums that the answer tells.
    pub(crate) verified: bool,
    /// What the service may take beyond the usual time-out.
    pub(crate) patience: Duration,
}

/// An answer of any status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Empty when it is streamed.
    pub(crate) body: Bytes,
    pub(crate) stream: Option<SdkBody>,
    /// The service's error, when it is one.
    pub(crate) refusal: Option<xml::Refusal>,
    pub(crate) attempts: u32,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Why an attempt brought no answer.
enum Trouble {
    Fault(Fault, String),
    Error(Error),
}

/// Sends a signed call and gives a success, or the error that the refusal stands for.
pub(crate) async fn send(aws: &Aws, scope: Scope<'_>, call: &Call<'_>) -> Result<Answer, Error> {
    let answer = run(aws.http(), Some((aws, scope)), call).await?;
    match &answer.refusal {
        None => Ok(answer),
        Some(_) => Err(refused(aws, scope, call, &answer)),
    }
}

/// Sends `call` until an answer is final. Answers of all statuses are `Ok`.
pub(crate) async fn run(http: &Http, signer: Option<(&Aws, Scope<'_>)>, call: &Call<'_>) -> Result<Answer, Error> {
    let mut course = Course::default();
    loop {
        course.attempts += 1;
        http.0.recorder.attempt(call.kind, course.attempts > 1, call.body.len());
        let (outcome, generation) = attempt(http, signer, call).await;
        let (fault, asked_s, end) = match outcome {
            Err(Trouble::Error(error)) => return Err(error),
            Err(Trouble::Fault(fault, why)) => {
                let times = course.attempts;
                (fault, None, Err(Error::Network(format!("{}: {why} ({times} attempts)", call.what))))
            }
            Ok(mut answer) => {
                answer.attempts = course.attempts;
                if let Some((aws, _)) = signer {
                    aws.hear_clock(|| skew(&answer));
                }
                let Some(refusal) = &answer.refusal else {
                    http.0.budget.lock().unwrap_or_else(PoisonError::into_inner).succeeded(course.cost);
                    return Ok(answer);
                };
                let fault = judged(&answer, refusal, signer);
                (fault, answer.header("retry-after").and_then(|seconds| seconds.parse().ok()), Ok(answer))
            }
        };
        let next = {
            let mut budget = http.0.budget.lock().unwrap_or_else(PoisonError::into_inner);
            retry::next(fault, &mut course, &mut budget, asked_s, random())
        };
        match (next, signer) {
            (Next::Again(wait), _) => tokio::time::sleep(wait).await,
            (Next::CorrectClock, Some((aws, _))) => {
                let Ok(Some(skew_s)) = end.as_ref().map(skew) else { return end };
                aws.correct_clock(skew_s);
            }
            (Next::RenewSession, Some((aws, _))) => aws.credentials().expire(generation),
            _ => return end,
        }
    }
}

/// What an answer that is no success means for a repetition. HEAD has no body that tells, so that a clock which is off and a
/// session that may have ended are guessed from what there is.
fn judged(answer: &Answer, refusal: &xml::Refusal, signer: Option<(&Aws, Scope<'_>)>) -> Fault {
    let fault = retry::fault(answer.status, &refusal.code);
    let Some((aws, _)) = signer else { return fault };
    if fault != Fault::Final || !refusal.code.is_empty() {
        return fault;
    }
    let off = skew(answer).is_some_and(|skew_s| (skew_s - aws.clock_skew_s()).abs() > retry::SKEW_SUSPECT_S);
    match answer.status {
        403 if off => Fault::ClockSkew,
        400 if aws.credentials().can_renew() => Fault::Expired,
        _ => fault,
    }
}

/// The service's clock minus ours in seconds, by the answer's Date.
fn skew(answer: &Answer) -> Option<i64> {
    let theirs = DateTime::from_str(answer.header("date")?, Format::HttpDate).ok()?.secs();
    let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(theirs - i64::try_from(ours).ok()?)
}

/// Any 64 bits, for jitter.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Sends once. Also gives the generation of the credentials that signed it.
async fn attempt(http: &Http, signer: Option<(&Aws, Scope<'_>)>, call: &Call<'_>) -> (Result<Answer, Trouble>, u64) {
    let (request, generation) = match request(http, signer, call).await {
        Ok(made) => made,
        Err(error) => return (Err(Trouble::Error(error)), 0),
    };
    (exchange(http, call, request).await, generation)
}

/// Builds and signs.
async fn request(http: &Http, signer: Option<(&Aws, Scope<'_>)>, call: &Call<'_>) -> Result<(HttpRequest, u64), Error> {
    let mut request = http::Request::builder()
        .method(call.method.clone())
        .uri(call.url)
        .body(call.body.sdk())
        .map_err(|error| Error::Input(format!("{}: {error}", call.what)))?;
    for (name, value) in &call.headers {
        request.headers_mut().append(name.clone(), value.clone());
    }
    let mut generation = 0;
    if let Some((aws, scope)) = signer {
        let session = aws.credentials().current(aws.now()).await?;
        sign::sign(&mut request, &session.identity, scope, &call.payload, aws.now())?;
        generation = session.generation;
    }
    if call.body.is_empty() && matches!(call.method, Method::PUT | Method::POST) {
        // The client sends no length for a body of none, which S3 refuses for an object (411).
        request.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request.headers_mut().entry(http::header::USER_AGENT).or_insert_with(|| http.0.user_agent.clone());
    let request = HttpRequest::try_from(request).map_err(|error| Error::Input(format!("{}: {error}", call.what)))?;
    Ok((request, generation))
}

/// One request and its answer.
async fn exchange(http: &Http, call: &Call<'_>, request: HttpRequest) -> Result<Answer, Trouble> {
    let line = Duration::from_secs(call.body.len() as u64 / SLOWEST_BYTES_PER_S);
    let patience = http.0.timeouts.attempt + call.patience + line;
    let sent = tokio::time::timeout(patience, http.0.connector.call(request)).await;
    let response = match sent {
        Err(_) => return Err(Trouble::Fault(Fault::Timeout, format!("no answer within {} s", patience.as_secs()))),
        Ok(Err(error)) => return Err(connection(&error)),
        Ok(Ok(response)) => response,
    };
    let response =
        response.try_into_http1x().map_err(|error| Trouble::Fault(Fault::Connection, format!("no HTTP: {error}")))?;
    let (head, mut body) = response.into_parts();
    let status = head.status.as_u16();
    let mut answer =
        Answer { status, headers: head.headers, body: Bytes::new(), stream: None, refusal: None, attempts: 0 };
    let success = (200..300).contains(&status);
    if success && call.limit == Limit::Streamed {
        answer.stream = Some(body);
        return Ok(answer);
    }
    let limit_bytes = match call.limit {
        Limit::Buffered(limit_bytes) if success => limit_bytes,
        Limit::Buffered(limit_bytes) => limit_bytes.max(ERROR_BODY_BYTES),
        Limit::Streamed => ERROR_BODY_BYTES,
    };
    let idle = http.0.timeouts.attempt + call.patience;
    let length = answer.header("content-length").and_then(|length| length.parse::<u64>().ok());
    if call.method != Method::HEAD && length.is_some_and(|length| length > limit_bytes) {
        return Err(Trouble::Error(Error::BodyTooLarge { what: call.what.to_string(), limit_bytes }));
    }
    answer.body = match whole(http, &mut body, length, limit_bytes, idle).await? {
        Some(whole) => whole,
        None => return Err(Trouble::Error(Error::BodyTooLarge { what: call.what.to_string(), limit_bytes })),
    };
    if success && call.verified && !checksum::fits(&answer.headers, &answer.body) {
        return Err(Trouble::Fault(Fault::Connection, "the answer's bytes are not those of its checksum".to_owned()));
    }
    if !success || call.hides_errors {
        answer.refusal = xml::refusal(&answer.body).or_else(|| (!success).then(xml::Refusal::default));
    }
    Ok(answer)
}

/// Bytes that are set aside on a server's word for it, at most; longer bodies grow as they come.
const TRUSTED_LENGTH_BYTES: u64 = 64 << 20;

/// The whole body, or `None` when it is longer than the limit. `length`: what the server has said.
async fn whole(
    http: &Http,
    body: &mut SdkBody,
    length: Option<u64>,
    limit_bytes: u64,
    idle: Duration,
) -> Result<Option<Bytes>, Trouble> {
    let Some(first) = piece(http, body, idle).await? else { return Ok(Some(Bytes::new())) };
    if first.len() as u64 > limit_bytes {
        return Ok(None);
    }
    // Most answers come in one piece, which needs no copy.
    let Some(mut next) = piece(http, body, idle).await? else { return Ok(Some(first)) };
    // A buffer that grows as the pieces come ends up twice as large as a body of megabytes.
    let length = usize::try_from(length.unwrap_or(0).min(TRUSTED_LENGTH_BYTES)).unwrap_or(0);
    let mut whole = BytesMut::with_capacity(length.max(first.len() + next.len()));
    whole.extend_from_slice(&first);
    drop(first);
    loop {
        if (whole.len() + next.len()) as u64 > limit_bytes {
            return Ok(None);
        }
        whole.extend_from_slice(&next);
        next = match piece(http, body, idle).await? {
            Some(piece) => piece,
            None => return Ok(Some(whole.freeze())),
        };
    }
}

/// The next piece of a body, waited for at most `idle`.
async fn piece(http: &Http, body: &mut SdkBody, idle: Duration) -> Result<Option<Bytes>, Trouble> {
    loop {
        let frame = match tokio::time::timeout(idle, body.frame()).await {
            Err(_) => {
                let why = format!("the answer stood still for {} s", idle.as_secs());
                return Err(Trouble::Fault(Fault::Timeout, why));
            }
            Ok(None) => return Ok(None),
            Ok(Some(Err(error))) => {
                return Err(Trouble::Fault(Fault::Connection, format!("the answer broke off: {}", causes(&*error))));
            }
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(data) = frame.into_data() {
            http.0.recorder.received(data.len());
            return Ok(Some(data));
        }
    }
}

/// The next piece of a streamed answer.
pub(crate) async fn streamed(http: &Http, body: &mut SdkBody) -> Result<Option<Bytes>, String> {
    match piece(http, body, http.0.timeouts.attempt).await {
        Ok(piece) => Ok(piece),
        Err(Trouble::Fault(_, why)) => Err(why),
        Err(Trouble::Error(error)) => Err(error.to_string()),
    }
}

/// rustls begins so when it does not trust the server. It will not at the next attempt either.
const UNTRUSTED: &str = "invalid peer certificate";

/// What a connector's error means. A name that does not resolve may be a passing fault or not; the attempts end soon.
fn connection(error: &ConnectorError) -> Trouble {
    let why = causes(error);
    if error.is_user() {
        return Trouble::Error(Error::Input(why));
    }
    let fault = match error.is_timeout() {
        true => Fault::Timeout,
        false if why.contains(UNTRUSTED) => Fault::Final,
        false => Fault::Connection,
    };
    Trouble::Fault(fault, why)
}

/// An error with its causes on one line.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        next = cause.source();
    }
    shown(&line)
}

/// The error that a refusal stands for.
fn refused(aws: &Aws, scope: Scope<'_>, call: &Call<'_>, answer: &Answer) -> Error {
    let what = call.what.to_string();
    let refusal = answer.refusal.clone().unwrap_or_default();
    let (code, message) = (shown(&refusal.code), shown(&refusal.message));
    let fault = retry::fault(answer.status, &code);
    let region = answer.header("x-amz-bucket-region").map(str::to_owned).or(refusal.region);
    let elsewhere = region.as_deref().is_some_and(|region| region != scope.region);
    match (answer.status, code.as_str()) {
        (_, "PermanentRedirect" | "TemporaryRedirect" | "IllegalLocationConstraintException") | (301 | 307, _) => {
            Error::WrongRegion { what, asked: scope.region.to_owned(), region: region.filter(|_| elsewhere) }
        }
        (_, "AuthorizationHeaderMalformed") | (400, "") if elsewhere => {
            Error::WrongRegion { what, asked: scope.region.to_owned(), region }
        }
        (412, _) => Error::PreconditionFailed { what, attempts: answer.attempts },
        (_, "NoSuchBucket") => Error::NoSuchBucket { what },
        (404, "NoSuchKey" | "NoSuchUpload" | "") => Error::NoSuchKey { what },
        _ if fault == Fault::Conflict => Error::Conflict { what },
        _ if fault == Fault::Expired => Error::Expired { what },
        _ if fault == Fault::ClockSkew => {
            Error::ClockSkew { what, skew_s: skew(answer).unwrap_or(0) - aws.clock_skew_s() }
        }
        (401 | 403, _) => Error::Denied { what, code, message },
        (status, _) => Error::Refused { what, status, code, message },
    }
}
