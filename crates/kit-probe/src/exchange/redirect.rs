//! Where a redirect leads, and what of the request goes along. RFC 9110 section 15.4, RFC 3986 section 5.

use super::{Request, request};
use crate::event::{Cause, Fault};
use std::net::SocketAddr;
use url::Url;

/// Headers that any origin may see. All others may hold a key, whatever they are called.
const PUBLIC: [&str; 5] = ["accept", "accept-language", "cache-control", "content-type", "user-agent"];

/// Headers that describe a body, which go with it.
const OF_BODY: [&str; 5] = ["content-type", "content-encoding", "content-language", "content-location", "digest"];

/// The request that a redirect leads to. `None`: the answer is no redirect, or one that says not where to.
pub(super) fn follow(asked: &Request, status: u16, headers: &[(String, Vec<u8>)]) -> Result<Option<Request>, Fault> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some((_, location)) = headers.iter().find(|(name, _)| name == "location") else { return Ok(None) };
    let from = request::shown(&asked.url);
    let nowhere = |what: &str| {
        let location = location.get(..location.len().min(200)).unwrap_or_default().escape_ascii();
        Fault {
            cause: Cause::RedirectFailed,
            message: format!("{from} redirects (status {status}) to `{location}`, {what}"),
        }
    };
    let text = std::str::from_utf8(location).map_err(|_| nowhere("which is no URL"))?;
    let mut url = asked.url.join(text).map_err(|error| nowhere(&format!("which is no URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(nowhere("which is not HTTP"));
    }
    // RFC 9110 section 10.2.2: a fragment goes along when the new place has none.
    if url.fragment().is_none() {
        url.set_fragment(asked.url.fragment());
    }
    // Credentials that a server writes into a redirect are its own idea, and are not sent anywhere.
    url = request::without_user(&url);
    let mut next = Request { url, ..asked.clone() };
    let becomes_get = match status {
        303 => asked.method != "HEAD" && asked.method != "GET",
        301 | 302 => asked.method == "POST",
        _ => false,
    };
    if becomes_get {
        "GET".clone_into(&mut next.method);
        next.body.clear();
        next.headers.retain(|(name, _)| !OF_BODY.iter().any(|of_body| name.eq_ignore_ascii_case(of_body)));
    }
    if !same_origin(&asked.url, &next.url) {
        let goes_along = |name: &str| PUBLIC.iter().chain(&OF_BODY).any(|kept| name.eq_ignore_ascii_case(kept));
        next.headers.retain(|(name, _)| goes_along(name));
    }
    Ok(Some(next))
}

/// Whether a header's value is no secret.
pub(super) fn is_public(name: &str) -> bool {
    PUBLIC.iter().chain(&["host"]).any(|public| name.eq_ignore_ascii_case(public))
}

/// Where the next hop is connected to when `pin` answers for `origin`: an instance answers for its name at every port, and
/// another name is looked up.
pub(super) fn pinned(pin: Option<SocketAddr>, origin: &Url, to: &Url) -> Option<SocketAddr> {
    let pin = pin.filter(|_| origin.host() == to.host())?;
    if same_origin(origin, to) {
        return Some(pin);
    }
    Some(SocketAddr::new(pin.ip(), to.port_or_known_default()?))
}

/// Whether two URLs have scheme, host and port in common.
pub(super) fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, url: &str) -> Request {
        Request {
            method: method.to_owned(),
            url: Url::parse(url).unwrap(),
            headers: ["Authorization", "Cookie", "Host", "Content-Type", "X-Own"]
                .map(|name| (name.to_owned(), "v".to_owned()))
                .to_vec(),
            body: b"body".to_vec(),
            redirects: 5,
        }
    }

    fn led(method: &str, url: &str, status: u16, location: &str) -> Result<Option<Request>, Fault> {
        follow(&asked(method, url), status, &[("location".to_owned(), location.as_bytes().to_vec())])
    }

    fn to(location: &str) -> Request {
        led("POST", "http://a.test/x/y?z", 307, location).unwrap().unwrap()
    }

    #[test]
    fn places_are_joined() {
        assert_eq!(to("w").url.as_str(), "http://a.test/x/w");
        assert_eq!(to("/w?q").url.as_str(), "http://a.test/w?q");
        assert_eq!(to("//b.test/").url.as_str(), "http://b.test/");
        assert_eq!(to("https://u:p@b.test/").url.as_str(), "https://b.test/");
        assert_eq!(to("?q").url.as_str(), "http://a.test/x/y?q");
        assert_eq!(led("GET", "http://a.test/#f", 302, "/w").unwrap().unwrap().url.as_str(), "http://a.test/w#f");
        for nowhere in ["ftp://a.test/", "http://", "javascript:alert(1)", "http://[::1", "\u{1}://"] {
            let outcome = led("GET", "http://a.test/", 302, nowhere);
            match outcome {
                Err(fault) => assert_eq!(fault.cause, Cause::RedirectFailed),
                Ok(next) => assert_eq!(next.unwrap().url.host_str(), Some("a.test"), "{nowhere}"),
            }
        }
        assert!(led("GET", "http://a.test/", 302, "ftp://a.test/").is_err());
    }

    #[test]
    fn another_origin_sees_no_secrets() {
        for other in ["http://b.test/", "https://a.test/", "http://a.test:81/", "http://sub.a.test/"] {
            let names: Vec<_> = to(other).headers.into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["Content-Type"], "{other}");
        }
        assert_eq!(to("http://a.test:80/").headers.len(), 5);
    }

    #[test]
    fn an_instance_is_asked_itself_after_a_redirect_to_another_port_of_its_name() {
        let url = |text: &str| Url::parse(text).unwrap();
        let pin = Some("10.0.0.5:8080".parse().unwrap());
        let to = |other: &str| pinned(pin, &url("http://a.test/"), &url(other)).map(|to| to.to_string());
        assert_eq!(to("http://a.test/login").unwrap(), "10.0.0.5:8080");
        assert_eq!(to("https://a.test/").unwrap(), "10.0.0.5:443");
        assert_eq!(to("http://a.test:81/").unwrap(), "10.0.0.5:81");
        assert_eq!(to("http://b.test/"), None);
        assert_eq!(pinned(None, &url("http://a.test/"), &url("https://a.test/")), None);
    }

    #[test]
    fn methods_change_as_browsers_do() {
        let method = |method, status| {
            let next = led(method, "http://a.test/", status, "/").unwrap().unwrap();
            (next.method, next.body.len(), next.headers.iter().any(|(name, _)| name == "Content-Type"))
        };
        assert_eq!(method("POST", 301), ("GET".to_owned(), 0, false));
        assert_eq!(method("POST", 302), ("GET".to_owned(), 0, false));
        assert_eq!(method("PUT", 302), ("PUT".to_owned(), 4, true));
        assert_eq!(method("PUT", 303), ("GET".to_owned(), 0, false));
        assert_eq!(method("HEAD", 303), ("HEAD".to_owned(), 4, true));
        assert_eq!(method("POST", 307), ("POST".to_owned(), 4, true));
        assert_eq!(method("POST", 308), ("POST".to_owned(), 4, true));
    }

    #[test]
    fn other_answers_lead_nowhere() {
        for status in [200, 300, 304, 305, 306, 404] {
            assert!(led("GET", "http://a.test/", status, "/w").unwrap().is_none());
        }
        assert!(follow(&asked("GET", "http://a.test/"), 302, &[]).unwrap().is_none());
    }
}
