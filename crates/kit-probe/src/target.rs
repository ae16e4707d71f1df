//! Whom to ask: targets as they are written, and the instances behind them. PURE.
#![warn(clippy::disallowed_methods)]

mod address;
mod instances;
mod parse;

#[cfg(test)]
mod tests;

pub use address::address;
pub use instances::{MAX_INSTANCES, MAX_TARGETS_BYTES, instances};

use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// How a target is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// HTTP without TLS.
    Http,
    /// HTTP over TLS.
    Https,
    /// A TCP connection that is accepted.
    Tcp,
    /// A TLS handshake with a certificate that holds.
    Tls,
    /// `grpc.health.v1.Health/Check` over HTTP/2 without TLS.
    Grpc,
    /// The same over TLS.
    Grpcs,
    /// A program on this machine that ends with 0.
    Command,
}

/// What is asked for: one of the positional arguments, or the command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As it is shown: the URL without its user part, or the command line.
    pub shown: String,
    /// How it is spoken to.
    pub scheme: Scheme,
    /// The public name: `Host` header, SNI and the name that the certificate must hold. An IP address in text form without
    /// brackets when the URL has one and no `--host` is given; empty for a command.
    pub host: String,
    /// The port of the URL; 0 for a command.
    pub port: u16,
    /// Path and query of an HTTP URL, beginning with `/`; the service of a gRPC target without the slash (empty: the server
    /// as a whole).
    pub path: String,
    /// Program and arguments of a command; empty otherwise. `{id}`, `{address}`, `{port}` and `{host}` stand for the
    /// instance's.
    pub command: Vec<String>,
}

/// What is wrong with a target, an address or a list of instances: what, and what to write instead. Never holds a password
/// of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(pub String);

/// One instance, as `--targets` and `--address` name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Such as `i-0abc`; the address where nobody gave one.
    pub id: String,
    /// Where it is connected to.
    pub address: IpAddr,
    /// The port when it is not the target's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Availability Zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Life-cycle state, such as `InService` or `Pending:Wait`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// How the members of a target come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Membership {
    /// The instances that were given.
    Given,
    /// Every address of the target's name, resolved anew in each round.
    Resolved,
    /// One member: a proxy or a command stands between us and whoever answers.
    Single,
}

/// One instance of one target: what a sample is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// [`Instance::id`], or the address where the name was resolved.
    pub id: String,
    /// Where it is connected to; `None` through a proxy and for a command without an instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<SocketAddr>,
    /// Availability Zone, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}
