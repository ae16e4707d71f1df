//! What a run asks of the world. EFFECTS.

use super::Plan;
use crate::event::{Fault, Sample};
use crate::exchange::Network;
use crate::probe::probe;
use crate::target::Member;
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Whom a run asks; the tests have one of their own.
pub(super) trait Asker: Send + Sync + 'static {
    /// The longest time of one answer.
    fn timeout(&self) -> Duration;

    /// Every address of a name, and how long it took, µs.
    fn resolve(&self, name: &str, until: Instant) -> impl Future<Output = Result<(Vec<IpAddr>, u64), Fault>> + Send;

    /// One probe of a member of a target.
    fn probe(
        &self,
        target: usize,
        member: &Member,
        round: u32,
        began: Instant,
        until: Instant,
    ) -> impl Future<Output = Sample> + Send;
}

/// Asks over the network, or starts commands.
pub(super) struct OverNetwork {
    pub(super) network: Arc<Network>,
    pub(super) plan: Arc<Plan>,
}

impl Asker for OverNetwork {
    fn timeout(&self) -> Duration {
        self.network.settings.timeout
    }

    async fn resolve(&self, name: &str, until: Instant) -> Result<(Vec<IpAddr>, u64), Fault> {
        self.network.resolve(name, until).await
    }

    async fn probe(&self, target: usize, member: &Member, round: u32, began: Instant, until: Instant) -> Sample {
        let of = (target, &self.plan.targets[target]);
        probe(&self.network, &self.plan.probe, of, member, round, began, until).await
    }
}
