//! One request on a socket of its own, each phase timed apart. EFFECTS.
//!
//! Everything is bounded: time, bytes of the head, bytes of the body, redirects. A connection is never used twice.

use crate::event::{Fault, Phases};
use crate::expectation::Certificate;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

/// What one machine needs for exchanges; made once, shared by all.
pub struct Network {
    /// Filled in by the owner of this file: resolver, TLS configurations (made at the first use), proxies, limits.
    pub settings: Settings,
}

/// How exchanges are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The longest time of one exchange with all its redirects.
    pub timeout: Duration,
    /// Most bytes of a body that are read.
    pub max_body_bytes: u64,
    /// A file of certificates (PEM) that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The proxies.
    pub proxies: Proxies,
    /// Which HTTP is spoken.
    pub http: HttpVersion,
    /// Which addresses of a name count.
    pub family: Family,
}

/// Proxies, as the usual variables name them.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// `http_proxy`.
    pub http: Option<url::Url>,
    /// `https_proxy`.
    pub https: Option<url::Url>,
    /// `no_proxy`, split at commas.
    pub exceptions: Vec<String>,
}

/// Which HTTP is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HttpVersion {
    /// What ALPN settles over TLS; HTTP/1.1 without TLS.
    #[default]
    Negotiated,
    /// HTTP/1.1 alone.
    Http1,
    /// HTTP/2 alone; without TLS with prior knowledge.
    Http2,
}

/// Which addresses of a name count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// All.
    #[default]
    Any,
    /// IPv4 alone.
    V4,
    /// IPv6 alone.
    V6,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method; upper case.
    pub method: String,
    /// Absolute, `http` or `https`; its host is the public name.
    pub url: url::Url,
    /// `Host`, `User-Agent` and `Accept` are set when they are not here.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Redirects that are followed; further ones are the answer.
    pub redirects: u8,
}

/// What came of an exchange.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Times.
    pub phases: Phases,
    /// Where the first socket was connected to.
    pub connected: Option<SocketAddr>,
    /// The proxy, `host:port`.
    pub proxy: Option<String>,
    /// Certificates as presented by the first hop, leaf first; also when the handshake failed because of them.
    pub certificates: Vec<Certificate>,
    /// The answer, when there is one.
    pub response: Option<Response>,
    /// Why there is none, or only a part of one.
    pub fault: Option<Fault>,
}

/// An HTTP answer, or what a gRPC server told, or how a command ended.
#[derive(Debug, Default)]
pub struct Response {
    /// HTTP status; gRPC: `grpc-status`; a command: its exit code.
    pub status: u16,
    /// `HTTP/1.1`, `HTTP/2`, or empty.
    pub protocol: &'static str,
    /// Names in lower case, in the order received; with those of earlier hops left out.
    pub headers: Vec<(String, Vec<u8>)>,
    /// `Set-Cookie` of every hop with the URL that set it.
    pub set_cookies: Vec<(url::Url, Vec<u8>)>,
    /// The body; a command's standard output and error in the order written.
    pub body: Vec<u8>,
    /// The URL that gave the answer.
    pub final_url: String,
    /// gRPC: the health that was told, such as `SERVING`.
    pub serving: Option<String>,
}

impl Network {
    /// A network with these settings. Cheap: certificates are read when the first TLS connection needs them.
    pub fn new(settings: Settings) -> Network {
        Network { settings }
    }

    /// Every address of a name, sorted, without duplicates, and how long it took in µs. An IP address is its own answer.
    pub async fn resolve(&self, _host: &str, _until: Instant) -> Result<(Vec<std::net::IpAddr>, u64), Fault> {
        Ok((Vec::new(), 0))
    }

    /// Which proxy an URL is fetched through, `host:port`.
    pub fn proxy_of(&self, _url: &url::Url) -> Option<String> {
        None
    }

    /// HTTP. `pin`: where the URL's own host and port is connected to; `None`: the proxy that applies, or the first address
    /// that the name resolves to. A redirect to another origin is resolved by itself and loses `Authorization` and `Cookie`.
    pub async fn http(&self, _request: &Request, _pin: Option<SocketAddr>, _until: Instant) -> Exchange {
        Exchange::default()
    }

    /// A TCP connection that is accepted, and closed again.
    pub async fn tcp(&self, _to: SocketAddr, _until: Instant) -> Exchange {
        Exchange::default()
    }

    /// A TLS handshake with `host` as SNI and as the name that the certificate must hold.
    pub async fn tls(&self, _to: SocketAddr, _host: &str, _until: Instant) -> Exchange {
        Exchange::default()
    }

    /// `grpc.health.v1.Health/Check` for `service`. Over TLS when `tls`. `authority`: host and port for `:authority`.
    pub async fn grpc(
        &self,
        _to: SocketAddr,
        _host: &str,
        _authority: &str,
        _service: &str,
        _tls: bool,
        _until: Instant,
    ) -> Exchange {
        Exchange::default()
    }

    /// Runs a program without a shell in a process group of its own, which is killed at the end of the time.
    pub async fn command(&self, _line: &[String], _until: Instant) -> Exchange {
        Exchange::default()
    }
}
