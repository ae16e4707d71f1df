//! `judge`: one verdict over the samples that each machine took of itself.

use crate::args::JudgeArguments;
use crate::args::options::quorum;
use crate::error::Error;
use crate::plan::merge::{Samples, merge};
use crate::{observe, report};
use kit_host::{Done, Failure};
use kit_probe::recording;
use kit_probe::verdict::Judge;

/// Errors: no samples, a file that is none, files that asked for different things or speak of the same instance.
pub fn judge(arguments: &JudgeArguments) -> Result<Done, Failure> {
    if arguments.samples.is_empty() {
        return Err(Error::Input("no samples are given; name the files that `probe` printed".to_owned()).into());
    }
    let mut all = Vec::new();
    for path in &arguments.samples {
        let bytes = observe::recording(path)?;
        let mut events = Vec::new();
        let header = recording::read(&bytes, |_, event| events.push(event));
        let header = header.map_err(|error| Error::File {
            path: path.clone(),
            line: u32::try_from(error.line).ok(),
            what: error.why,
        })?;
        all.push(Samples { path: path.clone(), header, events });
    }
    let quorum = arguments.quorum.as_deref().map(quorum).transpose()?;
    let (header, events) = merge(all, quorum)?;
    let mut judge = Judge::new(header.rules.clone());
    for event in &events {
        judge.hear(event);
    }
    let verdict = judge.verdict();
    Ok(Done { report: report::report(&header, &verdict), exit: super::exit(verdict.health), stdout: None })
}
