//! `grpc.health.v1.Health/Check` over HTTP/2, as the gRPC project describes it (`doc/health-checking.md`,
//! `doc/PROTOCOL-HTTP2.md`).

use super::clock::Clock;
use super::connect::Stream;
use super::{Exchange, Response, hop, http};
use crate::event::{Cause, Fault};
use http_body_util::Full;
use hyper::HeaderMap;
use hyper::body::Bytes;
use prost::Message;
use std::net::SocketAddr;

/// Most bytes of an answer; it has a handful.
const MAX_ANSWER_BYTES: u64 = 64 << 10;

/// `grpc-status` OK.
const OK: u16 = 0;
/// `grpc-status` NOT_FOUND: the server does not know the service.
const NOT_FOUND: u16 = 5;

#[derive(Clone, PartialEq, Message)]
struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    service: String,
}

#[derive(Clone, PartialEq, Message)]
struct HealthCheckResponse {
    #[prost(int32, tag = "1")]
    status: i32,
}

/// Asks, and puts what came into `exchange`.
pub(super) async fn check(
    stream: Stream,
    to: SocketAddr,
    authority: &str,
    service: &str,
    tls: bool,
    clock: &Clock,
    exchange: &mut Exchange,
) {
    let place = to.to_string();
    let request = match build(authority, service, tls, clock) {
        Ok(request) => request,
        Err(fault) => {
            exchange.fault = Some(fault);
            return;
        }
    };
    let manner = http::Manner { http2: true, max_body_bytes: MAX_ANSWER_BYTES, clock, place: &place };
    let answer = http::ask(stream, request, manner).await;
    exchange.phases.first_byte_us = answer.first_byte_us;
    exchange.fault = answer.fault;
    let Some(head) = answer.head else { return };
    let mut response = Response {
        status: head.status.as_u16(),
        protocol: hop::protocol(head.version),
        headers: hop::headers_of(&head),
        final_url: format!("{}://{authority}/{service}", if tls { "grpcs" } else { "grpc" }),
        ..Response::default()
    };
    if let Some(trailers) = &answer.trailers {
        let trailers = trailers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
        response.headers.extend(trailers);
    }
    if exchange.fault.is_none() {
        match told(&head.headers, answer.trailers.as_ref(), head.status.as_u16(), &answer.body) {
            Ok((status, serving)) => {
                response.status = status;
                response.serving = serving;
            }
            Err(what) => {
                let message = format!("{place} gave no valid gRPC answer, {} in: {what}", clock.elapsed());
                exchange.fault = Some(Fault { cause: Cause::ProtocolError, message });
            }
        }
    }
    // The status of HTTP must not be taken for one of gRPC.
    if exchange.fault.is_some() {
        return;
    }
    response.body = answer.body;
    exchange.response = Some(response);
}

fn build(authority: &str, service: &str, tls: bool, clock: &Clock) -> Result<hyper::Request<Full<Bytes>>, Fault> {
    let message = HealthCheckRequest { service: service.to_owned() }.encode_to_vec();
    let length = u32::try_from(message.len()).map_err(|_| invalid("the name of the service is too long".to_owned()))?;
    let mut body = vec![0];
    body.extend(length.to_be_bytes());
    body.extend(message);
    // At most eight digits are allowed.
    let left_ms = clock.left().as_millis().clamp(1, 99_999_999);
    hyper::Request::builder()
        .method("POST")
        .uri(format!("{}://{authority}/grpc.health.v1.Health/Check", if tls { "https" } else { "http" }))
        .header("te", "trailers")
        .header("content-type", "application/grpc")
        .header("grpc-timeout", format!("{left_ms}m"))
        .header("user-agent", concat!("roadcrew-probe/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| invalid(format!("{authority} cannot be asked: {error}")))
}

fn invalid(message: String) -> Fault {
    Fault { cause: Cause::RequestInvalid, message }
}

/// `grpc-status` and the health that was told.
pub(super) fn told(
    headers: &HeaderMap,
    trailers: Option<&HeaderMap>,
    http_status: u16,
    body: &[u8],
) -> Result<(u16, Option<String>), String> {
    // An answer without a message has everything in its headers (Trailers-Only).
    let status = match trailers.and_then(|trailers| trailers.get("grpc-status")) {
        None if body.is_empty() => headers.get("grpc-status"),
        found => found,
    };
    let status = status.map(|status| {
        let text = status.to_str().unwrap_or_default();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| digits).ok_or_else(|| "its grpc-status is no number".to_owned())
    });
    let kind = headers.get("content-type").map(|kind| kind.as_bytes()).unwrap_or_default();
    let is_grpc =
        kind == b"application/grpc" || kind.starts_with(b"application/grpc+") || kind.starts_with(b"application/grpc;");
    if http_status != 200 || !is_grpc {
        return Err(format!("HTTP status {http_status} with content of type `{}`", kind.escape_ascii()));
    }
    match status.transpose()? {
        None => Err("it ended without a grpc-status".to_owned()),
        Some(OK) => Ok((OK, Some(health(body)?))),
        Some(NOT_FOUND) => Ok((NOT_FOUND, Some("SERVICE_UNKNOWN".to_owned()))),
        Some(status) => Ok((status, None)),
    }
}

fn health(body: &[u8]) -> Result<String, String> {
    let Some(([compressed, length @ ..], message)) = body.split_first_chunk::<5>() else {
        return Err(format!("it says OK, but has only {} bytes of a message", body.len()));
    };
    if *compressed != 0 {
        return Err("its message is compressed, which was not asked for".to_owned());
    }
    if u32::from_be_bytes(*length) as usize != message.len() {
        return Err("its message is cut short, or there is more than one".to_owned());
    }
    let response =
        HealthCheckResponse::decode(message).map_err(|error| format!("its message cannot be read: {error}"))?;
    Ok(match response.status {
        0 => "UNKNOWN".to_owned(),
        1 => "SERVING".to_owned(),
        2 => "NOT_SERVING".to_owned(),
        3 => "SERVICE_UNKNOWN".to_owned(),
        other => format!("UNKNOWN({other})"),
    })
}
