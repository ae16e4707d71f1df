//! Probes and suites against a real little server on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../it/server.rs"]
#[allow(dead_code, reason = "shared with the tests of exchanges")]
mod server;

mod plain;
mod suites;

use kit_probe::event::Sample;
use kit_probe::exchange::Network;
use kit_probe::expectation::{Expectations, StatusSet};
use kit_probe::probe::{Probe, probe};
use kit_probe::target::{Member, Scheme, Target};
use std::net::SocketAddr;
use tokio::time::Instant;

/// What a plain check asks for.
fn asking() -> Probe {
    Probe {
        method: "GET".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        redirects: 0,
        expect: Expectations { status: StatusSet::parse("200").unwrap(), ..Expectations::default() },
        version_path: None,
        suite: None,
        warm: 0,
        secrets: Vec::new(),
    }
}

fn target(scheme: Scheme, path: &str) -> Target {
    Target {
        shown: String::new(),
        scheme,
        host: "app.example".to_owned(),
        port: 8080,
        path: path.to_owned(),
        command: Vec::new(),
    }
}

/// Probes once.
async fn once(network: &Network, asked: &Probe, target: &Target, address: Option<SocketAddr>) -> Sample {
    let member = Member { id: "i-1".to_owned(), address, zone: None };
    let now = Instant::now();
    let sample = probe(network, asked, (0, target), &member, 1, now, server::later()).await;
    assert!(!sample.steps.is_empty());
    assert!(sample.took_us > 0);
    sample
}

/// An answer with these header lines.
fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
        .into_bytes()
}
