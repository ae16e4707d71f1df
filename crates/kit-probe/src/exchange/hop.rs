//! An HTTP exchange: hop after hop, each on a connection of its own.

use super::clock::Clock;
use super::connect::{self, Stream};
use super::cookies::Cookies;
use super::request::{self, Form};
use super::{Exchange, HttpVersion, Network, Request, Response, http, proxy, redirect, resolve};
use crate::event::{Cause, Fault, Phases};
use crate::expectation::Certificate;
use hyper::Version;
use hyper::http::response::Parts;
use std::net::SocketAddr;
use url::Url;

/// What came of one hop.
#[derive(Default)]
struct Hop {
    phases: Phases,
    connected: Option<SocketAddr>,
    proxy: Option<String>,
    certificates: Vec<Certificate>,
    answer: http::Answer,
}

/// Asks, and follows redirects as far as the request allows. When there is one more, its answer is kept and is a fault;
/// a request that allows none has the redirect as its answer.
pub(super) async fn follow(network: &Network, asked: &Request, pin: Option<SocketAddr>, clock: &Clock) -> Exchange {
    let mut current = with_own_credentials(asked);
    let origin = current.url.clone();
    let mut exchange = Exchange::default();
    let mut set_cookies = Vec::new();
    let mut cookies = Cookies::default();
    for hop_index in 0u16.. {
        let pin = redirect::pinned(pin, &origin, &current.url);
        let hop = ask(network, &current, pin, clock).await;
        if hop_index == 0 {
            exchange.phases = hop.phases;
            exchange.connected = hop.connected;
            exchange.certificates = hop.certificates;
        }
        exchange.proxy = exchange.proxy.or(hop.proxy);
        exchange.fault = hop.answer.fault;
        let Some(head) = hop.answer.head else {
            if hop_index > 0
                && let Some(fault) = &mut exchange.fault
            {
                // Where to was the server's idea.
                if fault.cause == Cause::RequestInvalid {
                    fault.cause = Cause::RedirectFailed;
                }
                fault.message = format!("after a redirect to {}: {}", request::shown(&current.url), fault.message);
            }
            break;
        };
        let headers = headers_of(&head);
        for (_, value) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            cookies.set(&current.url, value);
            set_cookies.push((current.url.clone(), value.clone()));
        }
        let status = head.status.as_u16();
        let next = if exchange.fault.is_some() || asked.redirects == 0 {
            None
        } else {
            redirect::follow(&current, status, &headers).unwrap_or_else(|fault| {
                exchange.fault = Some(fault);
                None
            })
        };
        if let Some(next) = &next
            && hop_index >= u16::from(asked.redirects)
        {
            exchange.fault = Some(too_many(asked.redirects, &current.url, &next.url));
        }
        match next {
            Some(next) if exchange.fault.is_none() => {
                current = next;
                cookies.give(&mut current);
            }
            _ => {
                exchange.response = Some(Response {
                    status,
                    protocol: protocol(head.version),
                    headers,
                    set_cookies,
                    body: hop.answer.body,
                    final_url: current.url.as_str().to_owned(),
                    serving: None,
                });
                break;
            }
        }
    }
    exchange.phases.total_us = clock.elapsed_us();
    exchange
}

/// The user part of the URL becomes a header, and is in no URL that is shown.
fn with_own_credentials(asked: &Request) -> Request {
    let mut request = asked.clone();
    if let Some(credentials) = proxy::credentials(&asked.url) {
        request.url = request::without_user(&asked.url);
        if !asked.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            request.headers.push(("Authorization".to_owned(), credentials));
        }
    }
    request
}

async fn ask(network: &Network, asked: &Request, pin: Option<SocketAddr>, clock: &Clock) -> Hop {
    let mut hop = Hop::default();
    match open(network, &asked.url, pin, clock, &mut hop).await {
        Ok(opened) => {
            let form = match opened.absolute {
                Some(proxy) => Form::Absolute(proxy),
                None if opened.http2 => Form::Http2,
                None => Form::Origin,
            };
            match request::build(asked, form) {
                Ok(request) => {
                    let manner = http::Manner {
                        http2: opened.http2,
                        max_body_bytes: network.settings.max_body_bytes,
                        clock,
                        place: &opened.place,
                    };
                    hop.answer = http::ask(opened.stream, request, manner).await;
                    hop.phases.first_byte_us = hop.answer.first_byte_us;
                    refused_by_proxy(&mut hop, opened.absolute);
                }
                Err(fault) => hop.answer.fault = Some(fault),
            }
        }
        Err(fault) => hop.answer.fault = Some(fault),
    }
    hop
}

/// A stream to whoever answers an URL.
struct Opened<'a> {
    stream: Stream,
    http2: bool,
    /// The proxy that wants the whole URL.
    absolute: Option<&'a Url>,
    place: String,
}

async fn open<'a>(
    network: &'a Network,
    url: &Url,
    pin: Option<SocketAddr>,
    clock: &Clock,
    hop: &mut Hop,
) -> Result<Opened<'a>, Fault> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let settings = &network.settings;
    let proxy = if pin.is_some() { None } else { proxy::choose(&settings.proxies, url) };
    let (stream, place) = match (proxy, pin) {
        (Some(proxy), _) => {
            hop.proxy = Some(proxy::shown(proxy));
            let stream = to_proxy(network, proxy, clock, hop).await?;
            let place = format!("{} through the proxy {}", request::authority(url), proxy::shown(proxy));
            (stream, place)
        }
        (None, Some(to)) => {
            let (stream, took_us) = connect::connect(to, clock).await?;
            hop.phases.connect_us = Some(took_us);
            hop.connected = Some(to);
            (Box::new(stream) as Stream, to.to_string())
        }
        (None, None) => {
            let stream = to_name(network, host, port, clock, hop).await?;
            let place = hop.connected.map_or_else(|| host.to_owned(), |to| to.to_string());
            (stream, place)
        }
    };
    if url.scheme() != "https" {
        // Proxies speak HTTP/1.1 on their own connection, whatever the server behind them speaks.
        let http2 = settings.http == HttpVersion::Http2 && proxy.is_none();
        return Ok(Opened { stream, http2, absolute: proxy, place });
    }
    let stream = match proxy {
        Some(proxy) => proxy::tunnel(stream, proxy, &format!("{host}:{port}"), clock).await?,
        None => stream,
    };
    let alpn: &[&[u8]] = match settings.http {
        HttpVersion::Negotiated => &[b"h2", b"http/1.1"],
        HttpVersion::Http1 => &[b"http/1.1"],
        HttpVersion::Http2 => &[b"h2"],
    };
    let handshake = network.tls.handshake(stream, host, alpn, settings.ca_file.as_deref(), clock, &place).await;
    hop.certificates = handshake.certificates;
    let (stream, http2) = handshake.result?;
    hop.phases.tls_us = Some(handshake.took_us);
    if settings.http == HttpVersion::Http2 && !http2 {
        let message = format!("{place} did not agree to speak HTTP/2 (ALPN), which is asked for");
        return Err(Fault { cause: Cause::ProtocolError, message });
    }
    Ok(Opened { stream, http2, absolute: None, place })
}

async fn to_name(network: &Network, host: &str, port: u16, clock: &Clock, hop: &mut Hop) -> Result<Stream, Fault> {
    let (addresses, dns_us) = resolve::resolve(host, network.settings.family, clock).await?;
    hop.phases.dns_us = resolve::literal(host).is_none().then_some(dns_us);
    let (stream, to, took_us) = connect::connect_any(&addresses, port, clock).await?;
    hop.phases.connect_us = Some(took_us);
    hop.connected = Some(to);
    Ok(Box::new(stream))
}

async fn to_proxy(network: &Network, proxy: &Url, clock: &Clock, hop: &mut Hop) -> Result<Stream, Fault> {
    let shown = proxy::shown(proxy);
    let failed = |fault: Fault| match fault.cause {
        // These say nothing about the proxy.
        Cause::SocketFailed | Cause::ResolverFailed | Cause::RootsMissing => fault,
        _ => Fault {
            cause: Cause::ProxyFailed,
            message: format!("the proxy {shown} could not be used: {}", fault.message),
        },
    };
    let host = proxy.host_str().unwrap_or_default();
    if !matches!(proxy.scheme(), "http" | "https") {
        let message = format!("the proxy {shown} is one of {}, and only http and https are known", proxy.scheme());
        return Err(Fault { cause: Cause::ProxyFailed, message });
    }
    let stream = to_name(network, host, proxy::port(proxy), clock, hop).await.map_err(failed)?;
    if proxy.scheme() == "http" {
        return Ok(stream);
    }
    let ca_file = network.settings.ca_file.as_deref();
    let handshake = network.tls.handshake(stream, host, &[b"http/1.1"], ca_file, clock, &shown).await;
    Ok(handshake.result.map_err(failed)?.0)
}

/// An answer that only a proxy gives for itself is no answer of the target.
fn refused_by_proxy(hop: &mut Hop, proxy: Option<&Url>) {
    let status = hop.answer.head.as_ref().map(|head| head.status.as_u16());
    if let (Some(proxy), Some(407)) = (proxy, status) {
        hop.answer.head = None;
        hop.answer.fault = Some(Fault {
            cause: Cause::ProxyFailed,
            message: format!(
                "the proxy {} wants a user and a password, or others than it was given (407)",
                proxy::shown(proxy)
            ),
        });
    } else if let (Some(_), Some(fault)) = (proxy, &mut hop.answer.fault)
        && hop.answer.head.is_none()
    {
        // Whether the proxy or the target failed cannot be told from here.
        fault.cause = Cause::ProxyFailed;
    }
}

fn too_many(allowed: u8, from: &Url, to: &Url) -> Fault {
    Fault {
        cause: Cause::RedirectFailed,
        message: format!(
            "more than {allowed} redirects; the last leads from {} to {}",
            request::shown(from),
            request::shown(to)
        ),
    }
}

/// Headers as the expectations see them.
pub(super) fn headers_of(head: &Parts) -> Vec<(String, Vec<u8>)> {
    head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

/// The name of a version of HTTP.
pub(super) fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}
