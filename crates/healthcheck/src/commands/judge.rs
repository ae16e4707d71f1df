//! `judge`: one verdict over the samples that each machine took of itself.

use crate::args::JudgeArguments;
use crate::args::options::{max_age_s, quorum};
use crate::error::Error;
use crate::plan::merge::{Samples, merge};
use crate::{observe, plan, report};
use kit_host::{Done, Failure};
use kit_probe::event::Event;
use kit_probe::recording::Header;
use kit_probe::verdict::Judge;

/// By how much the clock of another machine may be ahead, s; time servers keep machines closer.
const MAX_AHEAD_S: i64 = 300;

/// Errors: no samples, or none of a listed instance; samples that were taken too long ago or for another version; a file that is
/// none; files that asked for different things or speak of the same instance.
pub fn judge(arguments: &JudgeArguments) -> Result<Done, Failure> {
    if arguments.samples.is_empty() {
        return Err(Error::Input("no samples are given; name the files that `probe` printed".to_owned()).into());
    }
    let max_age_s = max_age_s(&arguments.max_age)?;
    let now_s = super::run::now_s();
    let mut all = Vec::new();
    for path in &arguments.samples {
        let mut events = Vec::new();
        let header = observe::recording(path, |_, event| events.push(event))?;
        of_this_release(path, &header, arguments.expect_version.as_deref())?;
        of_this_time(path, now_s.saturating_sub(header.started_s), max_age_s)?;
        all.push(Samples { path: path.clone(), header, events });
    }
    if let Some(path) = &arguments.targets {
        let ids = all.iter().flat_map(|samples| &samples.events).filter_map(|event| match event {
            Event::Members { members, .. } => Some(members.iter().map(|member| member.id.as_str())),
            _ => None,
        });
        plan::all_sampled(&observe::instances(path)?, &arguments.states, &ids.flatten().collect())?;
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

/// Errors: samples for which another version was expected, or none.
fn of_this_release(path: &str, header: &Header, expected: Option<&str>) -> Result<(), Error> {
    let Some(expected) = expected.map(str::trim) else { return Ok(()) };
    if expected.is_empty() {
        let what = "the expected version is empty; is the variable that holds it set?";
        return Err(Error::Input(what.to_owned()));
    }
    match header.expected_version.as_deref() {
        Some(version) if version == expected => Ok(()),
        Some(version) => Err(Error::Stale(format!("{path} was taken for version {version}, not for {expected}"))),
        None => Err(Error::Stale(format!(
            "{path} was taken without expect-version; probe with --expect-version {expected}"
        ))),
    }
}

/// Errors: samples of another time.
fn of_this_time(path: &str, age_s: i64, max_age_s: i64) -> Result<(), Error> {
    if age_s > max_age_s {
        return Err(Error::Stale(format!(
            "{path} was begun {age_s} s ago and says nothing of now; probe again, or allow it with max-age"
        )));
    }
    if age_s < -MAX_AHEAD_S {
        return Err(Error::Stale(format!("{path} begins {} s from now; one of the clocks is wrong", -age_s)));
    }
    Ok(())
}
