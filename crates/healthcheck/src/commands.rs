//! The commands: each observes, plans, asks and reports.

pub mod judge;
pub mod progress;
pub mod replay;
pub mod run;

use kit_host::Exit;
use kit_probe::verdict::Health;

/// The exit code that goes with the answer.
pub fn exit(health: Health) -> Exit {
    match health {
        Health::Healthy => Exit::Done,
        Health::Unhealthy => Exit::No,
        Health::CheckerFailed => Exit::World,
        Health::Unreachable | Health::NothingFound | Health::Cut => Exit::Unproven,
    }
}
