//! `plan`: decide all shards at once.

use super::{permit, unproven, worker};
use crate::apply;
use crate::args::PlanArguments;
use crate::args::options::{PlanOptions, TestsOptions, TimingsOptions};
use crate::observe;
use crate::plan;
use crate::report;
use kit_host::{Done, Exit, Failure, Host};

/// Writes the plan file when one is named, and hands out the matrix either way.
pub fn plan(arguments: &PlanArguments, host: &Host) -> Result<Done, Failure> {
    let tests = TestsOptions::new(&arguments.tests)?;
    let options = PlanOptions::of_plan(arguments, worker(host)?)?;
    let timings = TimingsOptions::from(&arguments.timings);
    let observed = observe::for_plan(&tests, &timings, &options, &host.log)?;
    let decision = match plan::plan(&options, &observed.for_plan) {
        Ok(decision) => decision,
        Err(too_few) => return Ok(unproven(report::too_few_known(&too_few, &observed))),
    };
    if let Some(path) = &arguments.plan {
        apply::write_plan(permit(host)?, path, &decision.plan)?;
    }
    let report = report::planned(&decision, &observed, arguments.plan.as_deref());
    Ok(Done { report, exit: Exit::Done, stdout: None })
}
