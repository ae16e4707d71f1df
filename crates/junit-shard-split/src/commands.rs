//! One file for each command: observe, plan, apply, report, in this order and nothing else.

pub mod explain;
pub mod merge;
pub mod plan;
pub mod record;
pub mod shard;
pub mod verify;

use crate::error::Error;
use kit_host::ci::Worker;
use kit_host::{Done, Exit, Failure, Host, Permit};
use kit_report::Report;

/// What the CI says about parallel workers. Errors: it says something that makes no sense.
fn worker(host: &Host) -> Result<Option<Worker>, Error> {
    host.ci.worker(&host.env).map_err(Error::Input)
}

/// Leave to write, for commands that exist to write something.
fn permit(host: &Host) -> Result<&Permit, Failure> {
    host.permit().ok_or_else(|| Failure::refused("dry-run", "this command writes files, and --dry-run forbids it"))
}

/// Exit 4: nothing is printed that could be taken for a result.
fn unproven(report: Report) -> Done {
    Done { report, exit: Exit::Unproven, stdout: Some(Vec::new()) }
}
