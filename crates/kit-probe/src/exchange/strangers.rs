//! Parsers of what strangers send while an exchange goes on, in the open for the fuzz targets.

use super::request::{self, Form};
use super::{Proxies, Request, certificates, cookies, grpc, proxy, redirect};
use crate::event::Fault;
use crate::expectation::Certificate;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// Headers as they were received.
pub type Headers = [(String, Vec<u8>)];

/// Where a redirect leads.
pub fn redirected(asked: &Request, status: u16, headers: &Headers) -> Result<Option<Request>, Fault> {
    redirect::follow(asked, status, headers)
}

/// Takes the cookies that `from` sets, and gives the request those that are for its URL.
pub fn with_cookies<'l>(from: &Url, set: impl IntoIterator<Item = &'l [u8]>, request: &mut Request) {
    let mut cookies = cookies::Cookies::default();
    set.into_iter().for_each(|line| cookies.set(from, line));
    cookies.give(request);
}

/// Whether a request can be sent, over HTTP/1.1, through a proxy and over HTTP/2.
pub fn sendable(asked: &Request, proxy: &Url) -> Result<(), Fault> {
    [Form::Origin, Form::Absolute(proxy), Form::Http2].into_iter().try_for_each(|form| {
        request::build(asked, form)?;
        Ok(())
    })
}

/// What a gRPC server told: its status, and its health. Headers that HTTP does not have are left out.
pub fn health(
    headers: &Headers,
    trailers: Option<&Headers>,
    status: u16,
    body: &[u8],
) -> Result<(u16, Option<String>), String> {
    grpc::told(&map(headers), trailers.map(map).as_ref(), status, body)
}

fn map(headers: &Headers) -> HeaderMap {
    let read = |(name, value): &(String, Vec<u8>)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(value).ok()?))
    };
    headers.iter().filter_map(read).collect()
}

/// A certificate, with its issuer, the names that it is for, and its end for people.
pub fn certificate(der: &[u8]) -> (Certificate, [String; 3]) {
    let read = certificates::read(der);
    let shown = [certificates::names_shown(&read), certificates::date(read.certificate.ends_s), read.issuer];
    (read.certificate, shown)
}

/// The proxy for an URL with what stands in its `Proxy-Authorization`.
pub fn proxied(proxies: &Proxies, url: &Url) -> Option<(String, Option<String>)> {
    proxy::choose(proxies, url).map(|proxy| (proxy::shown(proxy), proxy::credentials(proxy)))
}

/// The status of a proxy's answer.
pub fn proxy_status(head: &[u8]) -> Option<u16> {
    proxy::status(head)
}
