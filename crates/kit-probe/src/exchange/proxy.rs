//! Proxies: which one applies, and a tunnel through it.

use super::clock::Clock;
use super::connect::{Stream, cause};
use super::{Proxies, resolve};
use crate::event::{Cause, Fault};
use std::net::IpAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

/// Most bytes of a proxy's answer before the tunnel begins.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// The proxy that `url` is fetched through. As Go's and curl's: exceptions are `*`, a domain with all below it, a domain
/// with a leading dot for those below it alone, an address, a network as `10.0.0.0/8`, each with or without `:port`. This
/// machine itself (`localhost`, loopback addresses) is never asked through a proxy.
pub(super) fn choose<'a>(proxies: &'a Proxies, url: &Url) -> Option<&'a Url> {
    let proxy = match url.scheme() {
        "https" => proxies.https.as_ref(),
        "http" => proxies.http.as_ref(),
        _ => None,
    }?;
    let host = url.host_str()?.trim_end_matches('.');
    let port = url.port_or_known_default()?;
    let address = resolve::literal(host);
    if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
        return None;
    }
    let excepted = proxies.exceptions.iter().any(|rule| excepts(rule, host, address, port));
    (!excepted).then_some(proxy)
}

/// `host:port` of a proxy, without its user part.
pub(super) fn shown(proxy: &Url) -> String {
    format!("{}:{}", proxy.host_str().unwrap_or_default(), port(proxy))
}

/// The port of a proxy: the scheme's when none is written, as Go does.
pub(super) fn port(proxy: &Url) -> u16 {
    proxy.port_or_known_default().unwrap_or(80)
}

/// `Basic …` from the user part of an URL.
pub(super) fn credentials(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut plain = decoded(url.username());
    plain.push(b':');
    plain.extend(decoded(url.password().unwrap_or_default()));
    Some(format!("Basic {}", base64(&plain)))
}

/// Asks the proxy for a tunnel to `authority` (`host:port`) and gives the stream back when it stands.
pub(super) async fn tunnel(mut stream: Stream, proxy: &Url, authority: &str, clock: &Clock) -> Result<Stream, Fault> {
    let place = format!("the proxy {}", shown(proxy));
    let failed = |message| Fault { cause: Cause::ProxyFailed, message };
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some(credentials) = credentials(proxy) {
        request.push_str(&format!("Proxy-Authorization: {credentials}\r\n"));
    }
    request.push_str("\r\n");
    let conversation = async {
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        read_head(&mut stream).await
    };
    let head = match clock.within(conversation).await {
        None => return Err(failed(format!("{place} opened no tunnel to {authority} within {}", clock.elapsed()))),
        Some(Err(error)) => {
            let how = if cause(&error, Cause::ProxyFailed) == Cause::Reset { "it closed the connection" } else { "" };
            let how = if how.is_empty() { error.to_string() } else { how.to_owned() };
            return Err(failed(format!("{place} opened no tunnel to {authority}: {how} after {}", clock.elapsed())));
        }
        Some(Ok(head)) => head,
    };
    match status(&head) {
        // What a server says before TLS begins is no TLS; bytes after the head are kept out of the tunnel by refusing.
        Some(200..=299) if head.ends_with(b"\r\n\r\n") => Ok(stream),
        Some(407) => Err(failed(format!("{place} wants a user and a password, or others than it was given (407)"))),
        Some(status) => Err(failed(format!("{place} refused a tunnel to {authority} with status {status}"))),
        None => Err(failed(format!("{place} did not answer in HTTP when asked for a tunnel to {authority}"))),
    }
}

async fn read_head(stream: &mut Stream) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > MAX_HEAD_BYTES {
            return Err(std::io::Error::other(format!("the head of its answer is larger than {MAX_HEAD_BYTES} bytes")));
        }
        if stream.read_buf(&mut head).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}

pub(super) fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    let mut words = line.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next().filter(|status| status.len() == 3)?.parse().ok()
}

fn excepts(rule: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    let rule = rule.trim().to_ascii_lowercase();
    if rule == "*" {
        return true;
    }
    let (name, rule_port) = split_port(&rule);
    if name.is_empty() || rule_port.is_some_and(|rule_port| rule_port != port) {
        return false;
    }
    if let Some(address) = address {
        return match name.split_once('/') {
            Some((network, bits)) => contains(network, bits, address),
            None => resolve::literal(name) == Some(address),
        };
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    match name.strip_prefix('.') {
        Some(domain) => host.strip_suffix(domain).is_some_and(|below| below.ends_with('.')),
        None => host == name || host.strip_suffix(name).is_some_and(|below| below.ends_with('.')),
    }
}

/// A rule's port, when it has one. The colons of an IPv6 address without brackets are its own.
fn split_port(rule: &str) -> (&str, Option<u16>) {
    match rule.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (rule, None),
        },
        _ => (rule, None),
    }
}

fn contains(network: &str, bits: &str, address: IpAddr) -> bool {
    let (Some(network), Ok(bits)) = (resolve::literal(network), bits.parse::<u32>()) else { return false };
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            u32::from(network) & mask == u32::from(address) & mask
        }
        (IpAddr::V6(network), IpAddr::V6(address)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            u128::from(network) & mask == u128::from(address) & mask
        }
        _ => false,
    }
}

/// Percent-decodes; `%` that begins no byte stands for itself.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = bytes.get(index + 1..index + 3).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| bytes[index] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                index += 3;
            }
            None => {
                out.push(bytes[index]);
                index += 1;
            }
        }
    }
    out
}

/// Base64 with padding, RFC 4648 section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let six = (bits >> (18 - 6 * place)) & 63;
            out.push(if place > group.len() { '=' } else { char::from(ALPHABET[six as usize]) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(exceptions: &str, url: &str) -> bool {
        let proxies = Proxies {
            http: Some(Url::parse("http://proxy.test:3128").unwrap()),
            https: Some(Url::parse("http://proxy.test:3129").unwrap()),
            exceptions: exceptions.split(',').map(str::to_owned).collect(),
        };
        choose(&proxies, &Url::parse(url).unwrap()).is_some()
    }

    #[test]
    fn exceptions_are_those_of_go_and_curl() {
        let direct = [
            ("*", "http://a.test/"),
            ("a.test", "http://a.test/"),
            (" A.test ", "http://A.Test./"),
            ("a.test", "https://b.a.test/"),
            (".a.test", "http://b.a.test/"),
            ("*.a.test", "http://b.a.test/"),
            ("a.test:8080", "http://a.test:8080/"),
            ("10.0.0.0/8", "http://10.200.3.4/"),
            ("10.1.2.3", "http://10.1.2.3/"),
            ("fd00::/8", "http://[fd12::1]/"),
            ("fd12::1", "http://[fd12::1]:8080/"),
            ("[fd12::1]:8080", "http://[fd12::1]:8080/"),
            ("0.0.0.0/0", "http://192.0.2.1/"),
            ("", "http://localhost:80/"),
            ("", "http://127.3.2.1/"),
            ("", "http://[::1]/"),
        ];
        for (rules, url) in direct {
            assert!(!through(rules, url), "{rules} {url}");
        }
        let proxied = [
            ("", "http://a.test/"),
            ("b.test, ,", "http://a.test/"),
            ("a.test", "http://ba.test/"),
            (".a.test", "http://a.test/"),
            ("a.test:8080", "http://a.test/"),
            ("10.0.0.0/8", "http://11.0.0.1/"),
            ("10.0.0.0/33", "http://10.0.0.1/"),
            ("10.0.0", "http://10.0.0.1/"),
            ("fd12::1", "http://[fd12::2]/"),
        ];
        for (rules, url) in proxied {
            assert!(through(rules, url), "{rules} {url}");
        }
    }

    #[test]
    fn credentials_are_those_of_the_url() {
        let of = |url: &str| credentials(&Url::parse(url).unwrap());
        assert_eq!(of("http://proxy.test"), None);
        assert_eq!(of("http://a:b@proxy.test").unwrap(), "Basic YTpi");
        assert_eq!(of("http://us%40er:p%3As%zz@proxy.test").unwrap(), "Basic dXNAZXI6cDpzJXp6");
        assert_eq!(of("http://a:%+5@proxy.test").unwrap(), "Basic YTolKzU=");
        assert_eq!(shown(&Url::parse("http://a:b@proxy.test").unwrap()), "proxy.test:80");
        // RFC 4648 section 10.
        let vectors = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, encoded) in vectors {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
