//! One probe of one member: the requests it takes, and the sample they make. EFFECTS.

use crate::event::Sample;
use crate::exchange::Network;
use crate::expectation::Expectations;
use crate::suite::Suite;
use crate::target::{Member, Target};
use tokio::time::Instant;

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

/// Probes a member. `began` is the run's beginning, `until` the end of its time. Never fails: what goes wrong is in the
/// sample.
pub async fn probe(
    _network: &Network,
    _probe: &Probe,
    _target: (usize, &Target),
    _member: &Member,
    _round: u32,
    _began: Instant,
    _until: Instant,
) -> Sample {
    unreachable!("filled in")
}
