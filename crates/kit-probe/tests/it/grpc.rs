//! `grpc.health.v1` against servers that answer it in every way.

use crate::server::{fault, later, listen, network};
use crate::tls::Authority;
use http_body_util::BodyExt;
use hyper::HeaderMap;
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use kit_probe::event::Cause;
use kit_probe::exchange::Exchange;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

/// The frames of an answer.
struct Frames(VecDeque<Frame<Bytes>>);

impl hyper::body::Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

fn trailers(status: &str) -> HeaderMap {
    let mut map = HeaderMap::new();
    map.insert("grpc-status", status.parse().unwrap());
    map
}

/// The service's name says what is answered.
async fn answer(request: hyper::Request<Incoming>) -> Result<hyper::Response<Frames>, Infallible> {
    assert_eq!(request.uri().path(), "/grpc.health.v1.Health/Check");
    assert_eq!(request.headers()["te"], "trailers");
    assert!(request.headers()["grpc-timeout"].to_str().unwrap().ends_with('m'));
    let authority = request.uri().authority().unwrap().to_string();
    let asked = request.into_body().collect().await.unwrap().to_bytes();
    let service = match &asked[5..] {
        [] => "",
        [0x0a, length, name @ ..] if name.len() == usize::from(*length) => std::str::from_utf8(name).unwrap(),
        other => panic!("{other:?}"),
    };
    let mut response =
        hyper::Response::builder().header("content-type", "application/grpc").header("x-asked", authority);
    let (message, status): (&[u8], Option<&str>) = match service {
        "" => (b"\0\0\0\0\x02\x08\x01", Some("0")),
        "down" => (b"\0\0\0\0\x02\x08\x02", Some("0")),
        "unknown" => (b"\0\0\0\0\0", Some("0")),
        "new" => (b"\0\0\0\0\x02\x08\x09", Some("0")),
        "bare" => (b"", Some("0")),
        "cut" => (b"\0\0\0\0\x02\x08", Some("0")),
        "twice" => (b"\0\0\0\0\x02\x08\x01\0\0\0\0\x02\x08\x02", Some("0")),
        "compressed" => (b"\x01\0\0\0\x02\x08\x01", Some("0")),
        "garbage" => (b"\0\0\0\0\x02\xff\xff", Some("0")),
        "statusless" => (b"\0\0\0\0\x02\x08\x01", None),
        "failing" => (b"\0\0\0\0\x02\x08\x01", Some("14")),
        "odd" => (b"\0\0\0\0\x02\x08\x01", Some("+0")),
        "html" => {
            let response = hyper::Response::builder().status(404).header("content-type", "text/html");
            return Ok(response.body(Frames(VecDeque::new())).unwrap());
        }
        trailers_only => {
            response = response.header("grpc-status", trailers_only);
            return Ok(response.body(Frames(VecDeque::new())).unwrap());
        }
    };
    let mut frames = VecDeque::new();
    if !message.is_empty() {
        frames.push_back(Frame::data(Bytes::copy_from_slice(message)));
    }
    frames.extend(status.map(|status| Frame::trailers(trailers(status))));
    Ok(response.body(Frames(frames)).unwrap())
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
    let service = service_fn(answer);
    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

async fn check(to: SocketAddr, service: &str) -> Exchange {
    network().grpc(to, "app.test", "app.test:50051", service, false, later()).await
}

#[tokio::test]
async fn what_is_told() {
    let to = listen(speak).await;
    for (service, status, serving) in [
        ("", 0, Some("SERVING")),
        ("down", 0, Some("NOT_SERVING")),
        ("unknown", 0, Some("UNKNOWN")),
        ("new", 0, Some("UNKNOWN(9)")),
        ("5", 5, Some("SERVICE_UNKNOWN")),
        ("12", 12, None),
        ("failing", 14, None),
    ] {
        let exchange = check(to, service).await;
        assert_eq!(exchange.fault, None, "{service}");
        assert_eq!(exchange.connected, Some(to));
        assert!(exchange.phases.first_byte_us.is_some());
        let response = exchange.response.unwrap();
        assert_eq!((response.status, response.serving.as_deref()), (status, serving), "{service}");
        assert_eq!((response.protocol, response.final_url), ("HTTP/2", format!("grpc://app.test:50051/{service}")));
        assert!(response.headers.contains(&("x-asked".to_owned(), b"app.test:50051".to_vec())));
        assert!(response.headers.iter().any(|(name, _)| name == "grpc-status"));
    }
}

#[tokio::test]
async fn what_is_no_answer() {
    let to = listen(speak).await;
    for (service, text) in [
        ("bare", "only 0 bytes of a message"),
        ("0", "only 0 bytes of a message"),
        ("cut", "cut short"),
        ("twice", "more than one"),
        ("compressed", "compressed"),
        ("garbage", "cannot be read"),
        ("statusless", "without a grpc-status"),
        ("odd", "no number"),
        ("html", "HTTP status 404 with content of type `text/html`"),
    ] {
        let exchange = check(to, service).await;
        let (cause, message) = fault(&exchange);
        assert_eq!(cause, Cause::ProtocolError, "{service}");
        assert!(message.contains(text) && message.contains(&to.to_string()), "{message}");
        assert!(exchange.response.is_none());
    }
}

#[tokio::test]
async fn over_tls() {
    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(Arc::new(authority.identity(&["app.test"]).config(&["h2"])));
    let to = listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                speak(stream).await;
            }
        }
    })
    .await;
    let exchange = authority.network().grpc(to, "app.test", "app.test", "", true, later()).await;
    assert_eq!(exchange.fault, None);
    assert_eq!(exchange.certificates.len(), 1);
    assert!(exchange.phases.tls_us.is_some());
    assert_eq!(exchange.response.unwrap().serving.as_deref(), Some("SERVING"));
    let exchange = authority.network().grpc(to, "other.test", "other.test", "", true, later()).await;
    assert_eq!(fault(&exchange).0, Cause::CertificateWrongName);
    assert_eq!(exchange.certificates.len(), 1);
}
