//! One request on a socket of its own, each phase timed apart. EFFECTS.
//!
//! Everything is bounded: time, bytes of the head, bytes of the body, redirects. A connection is never used twice.

mod certificates;
mod clock;
mod command;
mod connect;
mod cookies;
mod grpc;
mod hop;
mod http;
mod proxy;
mod redirect;
mod request;
mod resolve;
#[cfg(any(test, feature = "fuzz"))]
pub mod strangers;
mod tls;

use crate::event::{Fault, Phases};
use crate::expectation::Certificate;
use clock::Clock;
use connect::Stream;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tls::Tls;
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;

/// What one machine needs for exchanges; made once, shared by all.
pub struct Network {
    /// How exchanges are made. They hold for all that begin from now on, but for the file of certificates, which is read
    /// once, at the first TLS connection.
    pub settings: Settings,
    tls: Tls,
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

/// Whether the value of a request's header is nobody's secret. All but a few may hold a key, whatever they are called.
pub fn is_public_header(name: &str) -> bool {
    redirect::is_public(name)
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
        Network { settings, tls: Tls::default() }
    }

    /// Every address of a name, sorted, without duplicates, and how long it took in µs. An IP address is its own answer.
    /// Never an empty list: a name without an address is a fault.
    pub async fn resolve(&self, host: &str, until: Instant) -> Result<(Vec<std::net::IpAddr>, u64), Fault> {
        resolve::resolve(host, self.settings.family, &self.clock(until)).await
    }

    /// Which proxy an URL is fetched through, `host:port`.
    pub fn proxy_of(&self, url: &url::Url) -> Option<String> {
        proxy::choose(&self.settings.proxies, url).map(proxy::shown)
    }

    /// HTTP. `pin`: where the URL's own host and port is connected to; `None`: the proxy that applies, or the first address
    /// that the name resolves to. A redirect to another port of the same name stays at the pinned address; one to another name is
    /// resolved by itself. At another origin only headers are sent that are [public](is_public_header).
    pub async fn http(&self, request: &Request, pin: Option<SocketAddr>, until: Instant) -> Exchange {
        let clock = self.clock_for(request.url.scheme() == "https", until).await;
        hop::follow(self, request, pin, &clock).await
    }

    /// A TCP connection that is accepted, and closed again.
    pub async fn tcp(&self, to: SocketAddr, until: Instant) -> Exchange {
        let clock = self.clock(until);
        let mut exchange = Exchange::default();
        match connect::connect(to, &clock).await {
            Ok((_, took_us)) => {
                exchange.phases.connect_us = Some(took_us);
                exchange.connected = Some(to);
            }
            Err(fault) => exchange.fault = Some(fault),
        }
        exchange.phases.total_us = clock.elapsed_us();
        exchange
    }

    /// A TLS handshake with `host` as SNI and as the name that the certificate must hold.
    pub async fn tls(&self, to: SocketAddr, host: &str, until: Instant) -> Exchange {
        let clock = self.clock_for(true, until).await;
        let mut exchange = Exchange::default();
        match self.secure(to, host, &[], &clock, &mut exchange).await {
            // The end mark is a courtesy; a server that does not take it at once is not waited for.
            Ok((mut stream, _)) => drop(tokio::time::timeout(Duration::ZERO, stream.shutdown()).await),
            Err(fault) => exchange.fault = Some(fault),
        }
        exchange.phases.total_us = clock.elapsed_us();
        exchange
    }

    /// `grpc.health.v1.Health/Check` for `service`. Over TLS when `tls`. `authority`: host and port for `:authority`.
    pub async fn grpc(
        &self,
        to: SocketAddr,
        host: &str,
        authority: &str,
        service: &str,
        tls: bool,
        until: Instant,
    ) -> Exchange {
        let clock = self.clock_for(tls, until).await;
        let mut exchange = Exchange::default();
        let opened = if tls {
            self.secure(to, host, &[b"h2"], &clock, &mut exchange).await
        } else {
            self.plain(to, &clock, &mut exchange).await.map(|stream| (stream, true))
        };
        match opened {
            Ok((stream, _)) => grpc::check(stream, to, authority, service, tls, &clock, &mut exchange).await,
            Err(fault) => exchange.fault = Some(fault),
        }
        exchange.phases.total_us = clock.elapsed_us();
        exchange
    }

    /// Runs a program without a shell in a process group of its own, which is killed at the end of the time.
    pub async fn command(&self, line: &[String], until: Instant) -> Exchange {
        command::run(line, self.settings.max_body_bytes, &self.clock(until)).await
    }

    fn clock(&self, until: Instant) -> Clock {
        Clock::new(self.settings.timeout, until)
    }

    /// A clock that begins when TLS is ready, so that reading certificates does not count as the target's time.
    async fn clock_for(&self, tls: bool, until: Instant) -> Clock {
        if !tls {
            return self.clock(until);
        }
        let began = Instant::now();
        self.tls.prepare(self.settings.ca_file.as_deref(), &self.clock(until)).await;
        self.clock(until + began.elapsed())
    }

    async fn plain(&self, to: SocketAddr, clock: &Clock, exchange: &mut Exchange) -> Result<Stream, Fault> {
        let (stream, took_us) = connect::connect(to, clock).await?;
        exchange.phases.connect_us = Some(took_us);
        exchange.connected = Some(to);
        Ok(Box::new(stream))
    }

    async fn secure(
        &self,
        to: SocketAddr,
        host: &str,
        alpn: &[&[u8]],
        clock: &Clock,
        exchange: &mut Exchange,
    ) -> Result<(Stream, bool), Fault> {
        let stream = self.plain(to, clock, exchange).await?;
        let ca_file = self.settings.ca_file.as_deref();
        let handshake = self.tls.handshake(stream, host, alpn, ca_file, clock, &to.to_string()).await;
        exchange.certificates = handshake.certificates;
        if handshake.result.is_ok() {
            exchange.phases.tls_us = Some(handshake.took_us);
        }
        handshake.result
    }
}
