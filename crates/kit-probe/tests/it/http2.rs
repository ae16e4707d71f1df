//! HTTP/2: over TLS as ALPN settles it, and with prior knowledge.

use crate::server::{fault, get, later, listen, settings};
use crate::tls::Authority;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use kit_probe::event::Cause;
use kit_probe::exchange::{HttpVersion, Network, Request, Settings};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

/// Answers with what was asked; `/big` with 20,000 bytes, `/head` with a large head, `/slow` never.
async fn answer(request: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let response = hyper::Response::builder().header("set-cookie", "a=b");
    let text = match request.uri().path() {
        "/big" => "a".repeat(20_000),
        "/slow" => std::future::pending().await,
        "/head" => {
            let response = response.header("x-large", "a".repeat(100_000));
            return Ok(response.body(Full::default()).unwrap());
        }
        _ => {
            let names: Vec<_> = request.headers().keys().map(|name| name.as_str()).collect();
            format!("{} {} {}", request.method(), request.uri(), names.join(","))
        }
    };
    Ok(response.body(Full::new(Bytes::from(text))).unwrap())
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
    let service = service_fn(answer);
    let mut server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    let _ = server.max_header_list_size(1 << 20).serve_connection(TokioIo::new(stream), service).await;
}

async fn plain() -> SocketAddr {
    listen(speak).await
}

fn prior_knowledge() -> Network {
    Network::new(Settings { http: HttpVersion::Http2, ..settings() })
}

#[tokio::test]
async fn with_prior_knowledge() {
    let to = plain().await;
    let headers = [("X-A", "1"), ("Host", "other.test:81"), ("Connection", "close")];
    let request = Request {
        method: "POST".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: b"hello".to_vec(),
        ..get("http://app.test/p?q")
    };
    let exchange = prior_knowledge().http(&request, Some(to), later()).await;
    assert_eq!(exchange.fault, None);
    assert!(exchange.phases.first_byte_us.is_some());
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.protocol), (200, "HTTP/2"));
    let body = String::from_utf8(response.body).unwrap();
    assert_eq!(body, "POST http://other.test:81/p?q user-agent,accept,x-a,content-length");
    assert_eq!(response.set_cookies.len(), 1);
}

#[tokio::test]
async fn over_tls_as_it_is_settled() {
    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(Arc::new(authority.identity(&["app.test"]).config(&["h2", "http/1.1"])));
    let to = listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                speak(stream).await;
            } else {
                let service = service_fn(answer);
                let _ =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            }
        }
    })
    .await;
    for (http, protocol) in
        [(HttpVersion::Negotiated, "HTTP/2"), (HttpVersion::Http2, "HTTP/2"), (HttpVersion::Http1, "HTTP/1.1")]
    {
        let network = Network::new(Settings { http, ..authority.settings() });
        let exchange = network.http(&get("https://app.test/"), Some(to), later()).await;
        assert_eq!(exchange.fault, None);
        assert_eq!(exchange.response.unwrap().protocol, protocol);
        assert_eq!(exchange.certificates.len(), 1);
    }
}

#[tokio::test]
async fn bounds_hold() {
    let to = plain().await;
    let exchange = prior_knowledge().http(&get("http://app.test/big"), Some(to), later()).await;
    assert_eq!(fault(&exchange).0, Cause::BodyTooLarge);
    assert_eq!(exchange.response.unwrap().body.len(), 10_000);
    let exchange = prior_knowledge().http(&get("http://app.test/head"), Some(to), later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::ProtocolError, "{message}");
    assert!(message.ends_with("(a head of more than 65536 bytes is refused)"), "{message}");
    let network =
        Network::new(Settings { http: HttpVersion::Http2, timeout: Duration::from_millis(200), ..settings() });
    let exchange = network.http(&get("http://app.test/slow"), Some(to), later()).await;
    assert_eq!(fault(&exchange).0, Cause::TimedOut);
}

#[tokio::test]
async fn faults_of_the_connection() {
    let closing = listen(|mut stream| async move { drop(stream.read(&mut [0; 1000]).await) }).await;
    let exchange = prior_knowledge().http(&get("http://app.test/"), Some(closing), later()).await;
    assert_eq!(fault(&exchange).0, Cause::Reset);
    // Settings, then GOAWAY.
    let leaving = listen(|mut stream| async move {
        let _ = stream.read(&mut [0; 1000]).await;
        let _ = stream.write_all(b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0b").await;
        drop(stream.read_to_end(&mut Vec::new()).await);
    })
    .await;
    let exchange = prior_knowledge().http(&get("http://app.test/"), Some(leaving), later()).await;
    let (cause, message) = fault(&exchange);
    assert_eq!(cause, Cause::ProtocolError, "{message}");
    let silent = listen(|mut stream| async move { drop(stream.read_to_end(&mut Vec::new()).await) }).await;
    let network =
        Network::new(Settings { http: HttpVersion::Http2, timeout: Duration::from_millis(200), ..settings() });
    let exchange = network.http(&get("http://app.test/"), Some(silent), later()).await;
    assert_eq!(fault(&exchange).0, Cause::TimedOut);
}

#[tokio::test]
async fn a_socket_ends_with_a_request_that_nobody_takes() {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = Arc::new(std::sync::Mutex::new(Some(sender)));
    let to = listen(move |mut stream| {
        let sender = sender.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(600)).await;
            let read = stream.read_to_end(&mut Vec::new()).await;
            let _ = sender.lock().unwrap().take().unwrap().send(read.is_ok());
        }
    })
    .await;
    let request = Request { body: vec![b'a'; 50_000_000], method: "POST".to_owned(), ..get("http://app.test/") };
    let network =
        Network::new(Settings { http: HttpVersion::Http2, timeout: Duration::from_millis(200), ..settings() });
    assert_eq!(fault(&network.http(&request, Some(to), later()).await).0, Cause::TimedOut);
    tokio::time::timeout(Duration::from_secs(5), receiver).await.unwrap().unwrap();
}

#[tokio::test]
async fn no_socket_outlives_its_exchange() {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = Arc::new(std::sync::Mutex::new(Some(sender)));
    let to = listen(move |stream| {
        let sender = sender.clone();
        async move {
            speak(stream).await;
            let _ = sender.lock().unwrap().take().unwrap().send(());
        }
    })
    .await;
    let exchange = prior_knowledge().http(&get("http://app.test/"), Some(to), later()).await;
    assert_eq!(exchange.fault, None);
    tokio::time::timeout(Duration::from_secs(5), receiver).await.unwrap().unwrap();
}
