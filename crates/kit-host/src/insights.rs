//! Code Insights: the report on the pull request, through the proxy that Bitbucket runs beside each step.
//!
//! The proxy adds the authentication, so no token is needed; it takes plain HTTP in absolute form (RFC 9112, section
//! 3.2.2) and covers reports and build statuses only.
//! Source: support.atlassian.com/bitbucket-cloud/docs/code-insights, "without a token through the proxy".
//! The request is written by hand: the small HTTP clients speak to a forward proxy by CONNECT alone, which this one does
//! not understand.

use crate::Environment;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Where the proxy listens, seen from a pipe's container and from a step's script.
const PROXY_FROM_PIPE: &str = "host.docker.internal:29418";
const PROXY_FROM_SCRIPT: &str = "localhost:29418";
/// A report is a courtesy; the verdict must not wait for it.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer worth reading: the status line and an error's text.
const ANSWER_BYTES: u64 = 4096;

/// Sends the report and its annotations. `Err` says in one line why it could not.
pub fn send(env: &Environment, report: &kit_report::Report, in_own_image: bool) -> Result<(), String> {
    let need = |name: &str| env.get(name).map(path_segment).ok_or(format!("{name} is not set"));
    let (workspace, repo, commit) =
        (need("BITBUCKET_WORKSPACE")?, need("BITBUCKET_REPO_SLUG")?, need("BITBUCKET_COMMIT")?);
    let default = if in_own_image { PROXY_FROM_PIPE } else { PROXY_FROM_SCRIPT };
    let proxy = env.get("ROADCREW_BITBUCKET_PROXY").unwrap_or(default);
    let url = format!(
        "http://api.bitbucket.org/2.0/repositories/{workspace}/{repo}/commit/{commit}/reports/roadcrew-{}",
        report.tool
    );
    request(proxy, "PUT", &url, &kit_report::render::bitbucket::insights_report(report))?;
    for body in kit_report::render::bitbucket::insights_annotations(report) {
        request(proxy, "POST", &format!("{url}/annotations"), &body)?;
    }
    Ok(())
}

fn request(proxy: &str, method: &str, url: &str, body: &Value) -> Result<(), String> {
    let failed = |err: std::io::Error| format!("{proxy}: {err}");
    let address = proxy.to_socket_addrs().map_err(failed)?.next().ok_or(format!("{proxy} has no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).map_err(failed)?;
    stream.set_read_timeout(Some(TIMEOUT)).map_err(failed)?;
    stream.set_write_timeout(Some(TIMEOUT)).map_err(failed)?;
    let body = body.to_string();
    let head = format!(
        "{method} {url} HTTP/1.1\r\nHost: api.bitbucket.org\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).map_err(failed)?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES).read_to_end(&mut answer).map_err(failed)?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split_ascii_whitespace().nth(1).unwrap_or("no status");
    if status.starts_with('2') {
        Ok(())
    } else {
        let text = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        Err(format!("{method} of the report answered {status}: {}", text.chars().take(200).collect::<String>()))
    }
}

/// A value from the environment as one segment of a URL: everything but unreserved characters is percent-encoded
/// (RFC 3986, section 2.3).
fn path_segment(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
