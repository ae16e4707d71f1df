//! `gate`: reads reports, finds the change under review and judges both.

use super::world::World;
use crate::apply::{self, Text};
use crate::args::GateArguments;
use crate::args::options::{ReportsOptions, policy_of_flags};
use crate::error::Error;
use crate::observe::change;
use crate::observe::sources;
use crate::plan::baseline::Baseline;
use crate::plan::judgement::{GateVerdict, Judgement};
use crate::report::{self, Context, Written};
use kit_host::{Done, Exit, Failure, Host};

/// Observes, judges, writes what was asked for, and reports. Exit 1 when a gate says no, 4 when evidence is missing.
pub fn gate(arguments: &GateArguments, host: &Host) -> Result<Done, Failure> {
    let options = ReportsOptions::new(&arguments.reports)?;
    let flags = policy_of_flags(&arguments.reports, &arguments.thresholds, &arguments.earlier)?;
    if arguments.earlier.tighten && host.permit().is_none() {
        return Err(Error::input("`tighten` writes, and --dry-run forbids it").into());
    }
    let change = change::observe(&arguments.change, &options.root, &host.env)?;
    let world = World::observe(arguments, &options, flags, change)?;
    let judgement = world.judge();
    let mut context = world.context(&judgement);
    context.written = Written {
        html: arguments.write.html.clone(),
        comment: arguments.write.comment.clone(),
        baseline: arguments.earlier.write_baseline.clone(),
        ratchet: None,
    };
    let texts = texts(arguments, &world, &judgement, &mut context)?;
    match host.permit() {
        Some(permit) => apply::write(permit, &texts)?,
        None => texts.iter().for_each(|text| host.log.info(&format!("dry run: {} is not written", text.path))),
    }
    let report = report::report(&judgement, &context);
    let exit = match judgement.verdict {
        GateVerdict::Pass | GateVerdict::NotApplicable => Exit::Done,
        GateVerdict::Fail => Exit::No,
        GateVerdict::Unproven => Exit::Unproven,
    };
    Ok(Done { report, exit, stdout: None })
}

/// The files that were asked for.
fn texts(
    arguments: &GateArguments,
    world: &World<'_>,
    judgement: &Judgement,
    context: &mut Context,
) -> Result<Vec<Text>, Error> {
    let mut texts = Vec::new();
    if let Some(path) = &arguments.earlier.write_baseline {
        let commit = world.change.review.head.as_ref().map(|head| head.id.as_str());
        let content = Baseline::from(judgement, &world.gathered.files, commit).to_text();
        texts.push(Text { path: path.clone(), content });
    }
    if arguments.earlier.tighten {
        let Some((path, ratchet)) = world.tightened(judgement)? else {
            return Err(Error::input("`tighten` needs a `ratchet`"));
        };
        context.written.ratchet = Some(path.clone());
        texts.push(Text { path, content: ratchet.to_text() });
    }
    if let Some(path) = &arguments.write.html {
        let sources =
            judgement.patch.as_ref().map(|patch| sources::read(&world.change.top(), patch)).unwrap_or_default();
        texts.push(Text { path: path.clone(), content: report::html::page(judgement, &sources, context) });
    }
    if let Some(path) = &arguments.write.comment {
        texts.push(Text { path: path.clone(), content: report::comment::comment(judgement, context) });
        texts.push(Text { path: format!("{path}.json"), content: report::comment::artifact(context) });
    }
    Ok(texts)
}
