//! What happened, as plain data: members, samples, and what went wrong on the way. PURE.
//!
//! All times are whole microseconds of a monotonic clock since the run began. All text is redacted before it gets here.
#![warn(clippy::disallowed_methods)]

use crate::target::Member;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;

/// One line of a recording after its header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Who is behind a target from now on. Whoever is no longer named no longer counts.
    Members {
        /// When, µs.
        at_us: u64,
        /// Index of the target.
        target: usize,
        /// At least one, sorted.
        members: Vec<Member>,
    },
    /// The name of a target could not be resolved in this round; its earlier members stay.
    NotResolved {
        /// When, µs.
        at_us: u64,
        /// Index of the target.
        target: usize,
        /// Why.
        fault: Fault,
    },
    /// One probe of one member.
    Sample(Sample),
    /// The run is over. A recording without this line was cut off.
    End {
        /// When, µs.
        at_us: u64,
        /// Why.
        why: End,
    },
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The verdict could not change any more, or what was asked for was there.
    Decided,
    /// The deadline (`wait`), or the whole time (`hold`), was over.
    Deadline,
    /// Somebody stopped it: SIGINT or SIGTERM.
    Stopped,
}

/// One probe of one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Index of the target.
    pub target: usize,
    /// The member.
    pub member: Member,
    /// 1-based count of the probes of this member.
    pub round: u32,
    /// When it began, µs.
    pub at_us: u64,
    /// How long it took as a whole, µs.
    pub took_us: u64,
    /// What was done, in order: the request, then the version, or the steps of a suite. Never empty. It stops at the first
    /// step that fails.
    pub steps: Vec<Step>,
}

impl Sample {
    /// Whether every step came out as expected.
    pub fn passed(&self) -> bool {
        self.steps.iter().all(Step::passed)
    }

    /// When it was over, µs.
    pub fn ended_us(&self) -> u64 {
        self.at_us.saturating_add(self.took_us)
    }

    /// The first step that failed.
    pub fn failed_step(&self) -> Option<&Step> {
        self.steps.iter().find(|step| !step.passed())
    }

    /// The deployed version that the member named, when one was asked for.
    pub fn version(&self) -> Option<&str> {
        self.steps.iter().find_map(|step| step.version.as_deref())
    }
}

/// One request of a probe and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `request`, `version`, or the name of a suite's step.
    pub name: String,
    /// Times of its first hop; a redirect's further hops count for `total_us` alone.
    pub phases: Phases,
    /// Where the socket was connected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected: Option<SocketAddr>,
    /// The proxy in between, `host:port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// HTTP status of the last hop, or the exit code of a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `HTTP/1.1`, `HTTP/2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The URL that was asked, where it is not the target's own, for a failure alone: at most [`URL_CHARS`] characters, then an
    /// ellipsis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// Where redirects led, when they led anywhere: at most [`URL_CHARS`] characters, then an ellipsis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_url: Option<String>,
    /// Bytes of the body as received, after removing the transfer coding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_bytes: Option<u64>,
    /// The deployed version that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When the first certificate of the chain ends, seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_ends_s: Option<i64>,
    /// The body's first [`BODY_START_CHARS`] characters, for a failure alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_start: Option<String>,
    /// What answered otherwise than expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// Why there is no whole answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

impl Step {
    /// Whether it came out as expected.
    pub fn passed(&self) -> bool {
        self.misses.is_empty() && self.fault.is_none()
    }

    /// What went wrong, with the step's name where it tells more: a version that is wrong says itself what it is.
    pub fn named(&self, what: &str) -> String {
        let is_version = self.misses.first().is_some_and(|miss| miss.kind == MissKind::Version);
        match self.name.as_str() {
            "request" => what.to_owned(),
            "version" if self.fault.is_none() && is_version => what.to_owned(),
            name => format!("{name}: {what}"),
        }
    }
}

/// Characters of a body that a failure shows.
pub const BODY_START_CHARS: usize = 300;

/// Characters of a URL that a sample keeps: a server may lead to one of 64 KiB with each of 200 steps, for each of thousands of
/// instances.
pub const URL_CHARS: usize = 500;

/// The parts of an exchange, each timed apart, µs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Resolving the name, when this exchange resolved one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_us: Option<u64>,
    /// Until the connection was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_us: Option<u64>,
    /// The TLS handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_us: Option<u64>,
    /// From the request's first byte sent to the head of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte_us: Option<u64>,
    /// From the beginning to the end of the body.
    pub total_us: u64,
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Miss {
    /// Which.
    pub kind: MissKind,
    /// What was expected, in words: `status 200`.
    pub expected: String,
    /// What came: `status 503`.
    pub got: String,
}

impl fmt::Display for Miss {
    /// `status 503 instead of 200`: what both sides begin with is said once.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = self.got.split(' ').zip(self.expected.split(' ')).take_while(|(got, expected)| got == expected);
        let bytes: usize = shared.map(|(word, _)| word.len() + 1).sum();
        // Where all of the expectation is shared there would be nothing left to say.
        let expected = self.expected.get(bytes..).filter(|rest| !rest.is_empty()).unwrap_or(&self.expected);
        write!(f, "{} instead of {expected}", self.got)
    }
}

/// The expectations that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissKind {
    /// The status.
    Status,
    /// A header.
    Header,
    /// A substring, a pattern or a JSON path of the body.
    Body,
    /// The body's size.
    BodySize,
    /// The final URL.
    Url,
    /// Days left on a certificate.
    CertificateDays,
    /// The time of one probe.
    Latency,
    /// The deployed version.
    Version,
    /// The health that a gRPC server told.
    GrpcStatus,
    /// The exit code of a command.
    ExitCode,
    /// A value that a later step of the suite needs could not be captured.
    Capture,
}

/// Why an exchange did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What kind; decides whose fault it is.
    pub cause: Cause,
    /// One line for people: what, where, and what to do if there is something.
    pub message: String,
}

/// What kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The resolver says that there is no such name, or that it has no address.
    NameNotFound,
    /// The resolver could not be asked, or could not tell.
    ResolverFailed,
    /// The port is closed.
    ConnectRefused,
    /// Nobody answered the connection attempt in time.
    ConnectTimedOut,
    /// A router or this machine says that there is no way to the host.
    HostUnreachable,
    /// This machine has no route to the network.
    NetworkUnreachable,
    /// This machine could not make a socket: descriptors, memory, permission.
    SocketFailed,
    /// The proxy could not be reached or refused.
    ProxyFailed,
    /// The connection was reset or closed before the answer was whole.
    Reset,
    /// Connected, but the answer was not whole in time.
    TimedOut,
    /// What came is no valid HTTP, or over a bound of its head.
    ProtocolError,
    /// The TLS handshake failed for a reason other than the certificate.
    TlsFailed,
    /// The certificate is over.
    CertificateExpired,
    /// The certificate is not valid yet.
    CertificateNotYetValid,
    /// The certificate is for another name.
    CertificateWrongName,
    /// Nobody that we trust has signed it; self-signed included.
    CertificateUntrusted,
    /// The certificate is broken in another way.
    CertificateInvalid,
    /// More redirects than allowed, or one that leads nowhere.
    RedirectFailed,
    /// The program could not be started.
    CommandNotStarted,
    /// The program was ended by a signal, or by us after its time.
    CommandKilled,
    /// The body is larger than the bound on what is read.
    BodyTooLarge,
    /// This machine has no root certificates, or the file that was named holds none.
    RootsMissing,
    /// The request itself cannot be made: a header with a line's end, a name that no certificate can hold.
    RequestInvalid,
}

/// Whose fault a [`Cause`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The target's: unhealthy.
    Target,
    /// The machine's that checks: no answer.
    Checker,
    /// Perhaps nobody's: there may be no way from here.
    Path,
}

impl Cause {
    /// Whose fault it is.
    pub fn blame(self) -> Blame {
        match self {
            Cause::ResolverFailed
            | Cause::SocketFailed
            | Cause::ProxyFailed
            | Cause::CommandNotStarted
            | Cause::RootsMissing
            | Cause::RequestInvalid => Blame::Checker,
            Cause::ConnectTimedOut | Cause::HostUnreachable | Cause::NetworkUnreachable => Blame::Path,
            _ => Blame::Target,
        }
    }
}
