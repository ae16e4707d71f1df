//! The clock that tests are timed by.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Which clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Clock {
    /// Time that passes.
    Wall,
    /// Processor time of this process, client and own server together.
    Cpu,
}

impl Clock {
    /// Time since some fixed moment; only differences mean anything.
    pub fn now(self) -> Duration {
        let id = match self {
            Clock::Wall => ClockId::Monotonic,
            Clock::Cpu => ClockId::ProcessCPUTime,
        };
        let time = clock_gettime(id);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
    }
}
