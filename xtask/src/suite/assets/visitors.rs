//! Visitors: they load a page and everything that it names, and what that names, as a browser does.

use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A server on loopback answers at once.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two rounds of a visitor.
const PAUSE: Duration = Duration::from_millis(20);
/// What stands before a reference in the example's files, and what ends it.
const REFERENCES: [(&str, char); 7] = [
    ("href=\"", '"'),
    ("src=\"", '"'),
    ("srcset=\"", '"'),
    ("url(\"", '"'),
    ("from '", '\''),
    ("from \"", '"'),
    ("import '", '\''),
];

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Got {
    pub status: u16,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// `GET` of an address `http://127.0.0.1:PORT/…`.
pub(super) fn get(url: &str) -> Result<Got> {
    ask("GET", url, "")
}

/// A request with a body, or an empty one.
pub(super) fn ask(method: &str, url: &str, body: &str) -> Result<Got> {
    let rest = url.strip_prefix("http://").with_context(|| format!("{url} is no address of http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).with_context(|| host.to_owned())?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // moto asks who wants a bucket, and believes everybody.
    let signature =
        "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let authorization = if method == "GET" { String::new() } else { format!("Authorization: {signature}\r\n") };
    let length = body.len();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{authorization}\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without a head")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
    let pair =
        |line: &str| line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    let headers: BTreeMap<String, String> = head.lines().skip(1).filter_map(pair).collect();
    ensure!(!headers.contains_key("transfer-encoding"), "{url} comes in pieces, which nobody here puts together");
    Ok(Got { status, headers, body: answer[end + 4..].to_vec() })
}

/// A page as it was loaded: each address that was asked for, with its bytes.
pub(super) type Loaded = BTreeMap<String, Vec<u8>>;

/// Loads a page and everything below it. Errors: anything that it names does not answer 200 with the right type.
pub(super) fn load(base_url: &str, page: &str) -> Result<Loaded> {
    let url = format!("{base_url}{page}");
    let got = get(&url)?;
    ensure!(got.status == 200, "{url} answers {}", got.status);
    let cached = got.headers.get("cache-control").map_or("", String::as_str);
    ensure!(!cached.contains("immutable"), "the page {url} is kept for ever: {cached}");
    below(&url, got.body)
}

/// Loads everything that a page, whose bytes somebody kept, names. Errors: as above.
pub(super) fn below(url: &str, body: Vec<u8>) -> Result<Loaded> {
    let mut loaded = Loaded::new();
    let mut waiting: Vec<(String, Vec<u8>)> = vec![(url.to_owned(), body)];
    while let Some((url, body)) = waiting.pop() {
        let text = String::from_utf8_lossy(&body).into_owned();
        let named = if is_text(&url) { references(&text) } else { BTreeSet::new() };
        loaded.insert(url.clone(), body);
        for reference in named {
            let target = resolved(&url, &reference)?;
            if loaded.contains_key(&target) || waiting.iter().any(|(known, _)| *known == target) {
                continue;
            }
            let got = get(&target)?;
            ensure!(got.status == 200, "{url} names {reference}, which answers {}", got.status);
            let kind = got.headers.get("content-type").map_or("", String::as_str);
            ensure!(kind.starts_with(expected(&target)), "{target} is of type {kind:?}");
            waiting.push((target, got.body));
        }
    }
    Ok(loaded)
}

/// What a text names.
fn references(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (before, after) in REFERENCES {
        for part in text.split(before).skip(1) {
            let value = part.split(after).next().unwrap_or_default();
            let candidates: Vec<&str> =
                if before.starts_with("srcset") { value.split(',').collect() } else { vec![value] };
            let urls = candidates.into_iter().filter_map(|candidate| candidate.split_whitespace().next());
            found.extend(urls.filter(|url| !url.starts_with('#') && !url.starts_with("data:")).map(str::to_owned));
        }
    }
    found
}

fn resolved(url: &str, reference: &str) -> Result<String> {
    if reference.starts_with("http://") {
        return Ok(reference.to_owned());
    }
    if let Some(path) = reference.strip_prefix('/') {
        let host = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        return Ok(format!("{host}/{path}"));
    }
    let mut parts: Vec<&str> = url.split('/').collect();
    parts.pop();
    for part in reference.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    ensure!(parts.len() > 3, "{reference} in {url} leads nowhere");
    Ok(parts.join("/"))
}

fn extension(url: &str) -> &str {
    url.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn is_text(url: &str) -> bool {
    matches!(extension(url), "html" | "css" | "js" | "svg")
}

/// What the type of an address begins with.
fn expected(url: &str) -> &'static str {
    match extension(url) {
        "html" => "text/html",
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        _ => "",
    }
}

/// Does `work` while a visitor loads the pages again and again. Errors: of the work, or of the visitor; a visitor that saw nothing.
pub(super) fn during<T>(base_url: &str, pages: &[&str], work: impl FnOnce() -> Result<T>) -> Result<T> {
    let end = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let visitor = scope.spawn(|| -> Result<usize> {
            let mut rounds = 0;
            while !end.load(Ordering::Relaxed) {
                for page in pages {
                    load(base_url, page).with_context(|| format!("round {rounds} of a visitor"))?;
                }
                rounds += 1;
                std::thread::sleep(PAUSE);
            }
            Ok(rounds)
        });
        let done = work();
        end.store(true, Ordering::Relaxed);
        let Ok(rounds) = visitor.join() else { bail!("the visitor panicked") };
        // What broke the pages is told rather than what came of it.
        ensure!(rounds? > 0, "the visitor saw nothing");
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_resolved() -> Result<()> {
        let text = "<img src=\"img/a.svg\" srcset=\"img/a.svg 1x, img/b.svg 2x\"> @import url(\"c.css\"); import { x } from './d.js';";
        let found: Vec<String> = references(text).into_iter().collect();
        assert_eq!(found, ["./d.js", "c.css", "img/a.svg", "img/b.svg"]);
        let page = "http://127.0.0.1:1/cdn/shop/css/a.css";
        assert_eq!(resolved(page, "../img/b.svg")?, "http://127.0.0.1:1/cdn/shop/img/b.svg");
        assert_eq!(resolved(page, "/x.js")?, "http://127.0.0.1:1/x.js");
        assert_eq!(resolved(page, "./y.js")?, "http://127.0.0.1:1/cdn/shop/css/y.js");
        Ok(())
    }
}
