//! `replay`: the verdict of a recorded run, once more.

use crate::args::ReplayArguments;
use crate::error::Error;
use crate::{observe, report};
use kit_host::{Done, Failure};
use kit_probe::verdict::Judge;

/// The same report as the run's own, byte for byte.
pub fn replay(arguments: &ReplayArguments) -> Result<Done, Failure> {
    let Some(path) = &arguments.recording else {
        return Err(Error::Input("no recording is given; name the file that --record wrote".to_owned()).into());
    };
    let mut judge: Option<Judge> = None;
    let header = observe::recording(path, |header, event| {
        judge.get_or_insert_with(|| Judge::new(header.rules.clone())).hear(&event);
    })?;
    let verdict = judge.unwrap_or_else(|| Judge::new(header.rules.clone())).verdict();
    Ok(Done { report: report::report(&header, &verdict), exit: super::exit(verdict.health), stdout: None })
}
