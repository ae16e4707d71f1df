//! One probe of one member: the requests it takes, and the sample they make. EFFECTS.
//!
//! What goes over the wire is [`crate::exchange`]'s; here is decided what is asked and what an answer has to be. No answer and
//! no fault is a fault: a pass needs proof.

mod command;
mod redaction;
mod steps;
#[cfg(any(test, feature = "fuzz"))]
pub mod strangers;
mod suite_run;

#[cfg(test)]
mod tests;

use crate::event::{Fault, Miss, Sample, Step};
use crate::exchange::{Exchange, Network, Request};
use crate::expectation::{Answer, Certificate, Expectations, VersionPlace, body_start, misses, version_of};
use crate::suite::Suite;
use crate::target::{Member, Scheme, Target};
use std::time::SystemTime;
use tokio::time::Instant;

pub use redaction::{MASK, Redaction, header_secrets, query_secrets};

/// What is asked of every member.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Method of an HTTP target.
    pub method: String,
    /// Headers of an HTTP target.
    pub headers: Vec<(String, String)>,
    /// The body of the request.
    pub body: Vec<u8>,
    /// Redirects that are followed.
    pub redirects: u8,
    /// What is expected of an answer.
    pub expect: Expectations,
    /// Path of the request that tells the version, when it is not the target's own answer that tells it.
    pub version_path: Option<String>,
    /// A suite that is run instead of the target's own request.
    pub suite: Option<Suite>,
    /// How often a suite is run before its verdict counts, to warm caches.
    pub warm: u32,
    /// Texts that no sample may hold.
    pub secrets: Vec<String>,
}

/// One probe while it is made.
struct Run<'p> {
    network: &'p Network,
    probe: &'p Probe,
    index: usize,
    target: &'p Target,
    member: &'p Member,
    until: Instant,
}

/// Probes a member. `began` is the run's beginning, `until` the end of its time. Never fails: what goes wrong is in the
/// sample.
pub async fn probe(
    network: &Network,
    probe: &Probe,
    target: (usize, &Target),
    member: &Member,
    round: u32,
    began: Instant,
    until: Instant,
) -> Sample {
    let start = Instant::now();
    let run = Run { network, probe, index: target.0, target: target.1, member, until };
    let steps = run.steps().await;
    Sample {
        target: target.0,
        member: member.clone(),
        round,
        at_us: micros(start.saturating_duration_since(began)),
        took_us: micros(start.elapsed()),
        steps,
    }
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Seconds since 1970, for certificates alone.
fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
