//! What a request is answered, byte by byte.

use crate::class::Class;
use crate::instance::{Instance, ended, until_closed};
use crate::sequence::{Flapping, Seeded, is_slow};
use crate::{HOST, NEW_VERSION, OLD_VERSION};
use std::io::Result;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

/// An empty SETTINGS frame, then GOAWAY with no stream processed and no error. Source: RFC 9113, sections 6.5 and 6.8.
pub(crate) const GO_AWAY: &[u8] = &[
    0, 0, 0, 4, 0, 0, 0, 0, 0, // SETTINGS, empty
    0, 0, 8, 7, 0, 0, 0, 0, 0, // GOAWAY, 8 bytes
    0, 0, 0, 0, 0, 0, 0, 0, // last stream 0, NO_ERROR
];

/// What a server without TLS says to a client that begins with it.
pub(crate) const NO_TLS_HERE: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

const UP: &str = r#"{"status":"UP","app":"shop"}"#;
const SLOW: Duration = Duration::from_millis(400);
const SLOWER: Duration = Duration::from_secs(3);
const HUGE_HEAD_BYTES: usize = 10_000_000;

/// Answers a request whose head has been read.
pub(crate) async fn write<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    instance: &Instance,
    head: &str,
    has_right_name: bool,
) -> Result<()> {
    let path = head.split(' ').nth(1).unwrap_or("/");
    if path == "/version" {
        let n = instance.asked_version.fetch_add(1, Relaxed);
        return whole(stream, 200, version(instance, n)).await;
    }
    if path == "/login" {
        return whole(stream, 200, "<form>Log in</form>").await;
    }
    let n = instance.asked.fetch_add(1, Relaxed);
    let seed = instance.seed;
    match instance.class {
        Class::BodyDown => whole(stream, 200, r#"{"status":"DOWN","app":"shop"}"#).await,
        Class::DefaultHost => whole(stream, 200, "<h1>It works!</h1>").await,
        Class::VirtualHost if !(has_right_name && has_host(head)) => whole(stream, 404, "no such site").await,
        Class::Slow => after(stream, SLOW + Duration::from_millis(100)).await,
        Class::SlowTail if is_slow(seed, n, 10) => after(stream, SLOW).await,
        Class::SlowSeldom if is_slow(seed, n, 40) => after(stream, SLOWER).await,
        Class::LoginRedirect => {
            stream.write_all(&response(302, "Location: /login\r\n", "")).await?;
            ended(stream).await
        }
        Class::HalfClosed => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"status\":\"UP\"").await?;
            ended(stream).await
        }
        Class::Closed => ended(stream).await,
        // The answer is out before the connection, which lingers for no time, is closed by a reset.
        Class::ResetAfterHead => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok(())
        }
        Class::Drip => drip(stream).await,
        Class::EndlessBody => endless(stream).await,
        Class::HugeHead => huge_head(stream).await,
        Class::BadChunking => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n").await?;
            until_closed(stream).await
        }
        class if fails(class, instance, n) => whole(stream, 503, "starting").await,
        _ => whole(stream, 200, UP).await,
    }
}

/// Whether the `n`-th request (from 0) is answered 503.
fn fails(class: Class, instance: &Instance, n: u64) -> bool {
    let seed = instance.seed;
    let flapping = |failures, passes, longest| Flapping { failures, passes, longest }.fails(seed, n);
    match class {
        Class::UnavailableThenReady => instance.began.elapsed() < instance.ready_after,
        Class::FlapsThenReady => n < 10 && flapping(6, 4, 1),
        Class::Lucky => n > Seeded::new(seed).below(2),
        Class::Flapping10 => flapping(2, 18, 12),
        Class::Flapping30 => flapping(3, 7, 4),
        Class::Flapping50 => flapping(4, 4, 2),
        Class::FailsLater => n >= 10,
        _ => false,
    }
}

fn version(instance: &Instance, n: u64) -> &'static str {
    let is_old = match instance.class {
        Class::OldVersion => instance.is_odd,
        Class::VersionReplaced => instance.is_odd && n < 3,
        _ => false,
    };
    if is_old { OLD_VERSION } else { NEW_VERSION }
}

/// Whether the request is for the public name, with or without a port.
fn has_host(head: &str) -> bool {
    let mut hosts =
        head.lines().filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    hosts.next().is_some_and(|(_, host)| host.trim().split(':').next() == Some(HOST))
}

fn response(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let reason = match status {
        200 => "OK",
        302 => "Found",
        404 => "Not Found",
        _ => "Service Unavailable",
    };
    let length = body.len();
    format!("HTTP/1.1 {status} {reason}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}").into()
}

async fn whole<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, status: u16, body: &str) -> Result<()> {
    stream.write_all(&response(status, "", body)).await?;
    ended(stream).await
}

async fn after<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, time: Duration) -> Result<()> {
    tokio::time::sleep(time).await;
    whole(stream, 200, UP).await
}

async fn drip<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Result<()> {
    for byte in response(200, "", UP) {
        stream.write_all(&[byte]).await?;
        stream.flush().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    ended(stream).await
}

async fn endless<S: AsyncWrite + Unpin>(stream: &mut S) -> Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n").await?;
    stream.write_all(UP.as_bytes()).await?;
    let blanks = vec![b' '; 64 << 10];
    loop {
        stream.write_all(&blanks).await?;
    }
}

async fn huge_head<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
    let line = format!("X-Filler: {}\r\n", "a".repeat(988));
    let lines = line.repeat(64);
    for _ in 0..HUGE_HEAD_BYTES / lines.len() + 1 {
        stream.write_all(lines.as_bytes()).await?;
    }
    stream.write_all(format!("Content-Length: {}\r\n\r\n{UP}", UP.len()).as_bytes()).await?;
    ended(stream).await
}
