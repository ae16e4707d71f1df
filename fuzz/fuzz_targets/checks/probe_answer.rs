//! What must hold for any answer of a stranger; used by the fuzz target and by the replay of its corpus.

use kit_probe::exchange::strangers::{redirected, sendable, with_cookies};
use kit_probe::exchange::{Request, Response};
use kit_probe::expectation::{JsonPath, is_header_value, pattern};
use kit_probe::probe::Redaction;
use kit_probe::probe::strangers::{captured, cookie_value};
use kit_probe::suite::strangers::{fill, header, path, percent_encoded, plain};
use kit_probe::suite::{Capture, CaptureFrom};
use std::collections::BTreeMap;
use url::Url;

const STATUSES: [u16; 6] = [301, 302, 303, 307, 308, 200];
const HOME: &str = "http://app.test/shop/login?next=1";

/// A head's lines, a blank line, and the body: redirects, cookies, captures and what is filled in with them. No secret is told to
/// another origin, no value makes two headers of one, and no value leads out of a path.
pub fn check(data: &[u8]) {
    let end = data.windows(2).position(|pair| pair == b"\n\n").unwrap_or(data.len());
    let headers: Vec<(String, Vec<u8>)> = data[..end].split(|byte| *byte == b'\n').filter_map(line).collect();
    let body = data.get(end + 2..).unwrap_or_default().to_vec();
    let cookies: Vec<&[u8]> =
        headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_slice()).collect();
    for status in STATUSES {
        follow(status, &headers, &cookies);
    }
    let home = Url::parse(HOME).expect("a URL");
    let set_cookies = || cookies.iter().map(|value| (home.clone(), value.to_vec())).collect();
    let secrets: Vec<String> = cookies.iter().filter_map(|line| cookie_value(line)).collect();
    for capture in captures() {
        let response = Response {
            headers: headers.clone(),
            set_cookies: set_cookies(),
            body: body.clone(),
            ..Response::default()
        };
        match captured(&capture, response) {
            Ok(value) => filled(&value, &secrets),
            Err((expected, got)) => {
                assert!(!got.is_empty() && expected.chars().count() <= 200 && got.chars().count() <= 200);
            }
        }
    }
}

/// What a reader of HTTP gives on: a name, and a value without control characters but the tab.
fn line(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let at = line.iter().position(|byte| *byte == b':')?;
    let name = std::str::from_utf8(&line[..at]).ok()?.trim().to_ascii_lowercase();
    let value = line[at + 1..].trim_ascii();
    let is_value = value.iter().all(|byte| *byte == b'\t' || !byte.is_ascii_control());
    (!name.is_empty() && is_value).then(|| (name, value.to_vec()))
}

fn follow(status: u16, headers: &[(String, Vec<u8>)], cookies: &[&[u8]]) {
    let asked = Request {
        method: "POST".to_owned(),
        url: Url::parse(HOME).expect("a URL"),
        headers: ["Authorization", "Cookie", "X-Own"].map(|name| (name.to_owned(), "own-secret=1".to_owned())).to_vec(),
        body: b"body".to_vec(),
        redirects: 3,
    };
    let mut next = match redirected(&asked, status, headers) {
        Ok(Some(next)) => next,
        Ok(None) => return,
        Err(fault) => {
            assert!(!fault.message.contains(['\n', '\r']) && fault.message.chars().count() <= 2000, "{fault:?}");
            return;
        }
    };
    assert!(status != 200 && matches!(next.url.scheme(), "http" | "https") && next.url.has_host());
    assert!(next.url.username().is_empty() && next.url.password().is_none(), "{}", next.url);
    with_cookies(&asked.url, cookies.iter().copied(), &mut next);
    if next.url.origin() != asked.url.origin() {
        let told = next.headers.iter().any(|(name, value)| name != "X-Own" && value.contains("own-secret=1"));
        assert!(!told || cookies.iter().any(|line| line.windows(10).any(|part| part == b"own-secret")), "{}", next.url);
    }
    assert!(next.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie")).count() <= 1);
    assert!(next.headers.iter().all(|(_, value)| is_header_value(value)), "{:?}", next.headers);
    let proxy = Url::parse("http://proxy.test:3128").expect("a URL");
    if let Err(fault) = sendable(&next, &proxy) {
        assert!(!fault.message.contains(['\n', '\r']), "{fault:?}");
    }
}

fn captures() -> Vec<Capture> {
    let from = [
        CaptureFrom::Json(JsonPath::parse("$.a").expect("a path")),
        CaptureFrom::Json(JsonPath::parse("$..b[?@.c]").expect("a path")),
        CaptureFrom::Body(pattern("t=(\\w+|\\W)").expect("a pattern")),
        CaptureFrom::Body(pattern("(?s)^.{0,40}").expect("a pattern")),
        CaptureFrom::Header("x-token".to_owned()),
        CaptureFrom::Cookie("s".to_owned()),
    ];
    from.into_iter().map(|from| Capture { name: "a".to_owned(), from, secret: true }).collect()
}

/// A captured value in whatever a later step sends.
fn filled(value: &str, secrets: &[String]) {
    assert!(!value.is_empty() && value.len() <= 8 << 10);
    let values = BTreeMap::from([("a".to_owned(), value.to_owned())]);
    assert_eq!(fill("<{{a}}>{{ a }}", &values, plain).as_deref(), Ok(format!("<{value}>{value}").as_str()));
    if let Ok(line) = header("Bearer {{a}}", &values) {
        assert!(is_header_value(&line), "{line:?}");
    }
    let encoded = percent_encoded(value);
    assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{encoded}");
    if let Ok(path) = path("/items/{{a}}/price", &values) {
        let url = Url::parse("http://a.test").and_then(|base| base.join(&path)).expect("a URL");
        assert!(url.path().starts_with("/items/") && url.path().ends_with("/price"), "{url}");
        assert_eq!((url.host_str(), url.query()), (Some("a.test"), None), "{url}");
    }
    // A mask of stars would hide that a secret of stars is still there.
    if !value.contains('*') && !value.trim().is_empty() {
        let redaction = Redaction::new(secrets.iter().map(String::as_str).chain([value]));
        let text = format!("got {value}, {encoded} and {value}");
        assert!(!redaction.of(&text).contains(value) || "got , and ***".contains(value), "{value:?}");
    }
}
