//! `check`: finds the packages, their licences, and judges them.

use super::world::{Wanted, World};
use crate::apply::{self, Text};
use crate::args::CheckArguments;
use crate::args::options::PackagesOptions;
use crate::plan::judgement::{Answer, Judgement};
use crate::report::{self, Written, comment, written};
use kit_host::{Done, Exit, Failure, Host};

/// Observes, judges, writes what was asked for, and reports. Exit 1 when a package may not be shipped, 4 when evidence is
/// missing.
pub fn check(arguments: &CheckArguments, host: &Host) -> Result<Done, Failure> {
    let options = PackagesOptions::new(&arguments.packages)?;
    let wanted = Wanted {
        base: arguments.change.base.as_deref(),
        full: arguments.change.full,
        texts: arguments.write.attribution.is_some(),
    };
    let world = World::observe(&options, wanted, host)?;
    let judgement = world.judge();
    let mut context = world.context();
    context.written = Written {
        sbom: arguments.write.sbom.clone(),
        attribution: arguments.write.attribution.clone(),
        comment: arguments.write.comment.clone(),
    };
    let texts = texts(arguments, &judgement, &context);
    match host.permit() {
        Some(permit) => apply::write(permit, &texts)?,
        None => texts.iter().for_each(|text| host.log.info(&format!("dry run: {} is not written", text.path))),
    }
    let done = Done { report: report::report(&judgement, &context), exit: exit(judgement.answer), stdout: None };
    // What is left to do is to print and to end: to take apart what was gathered, piece by piece, would only make that wait.
    std::mem::forget(judgement);
    std::mem::forget(world);
    Ok(done)
}

/// The exit code that goes with the worst answer.
fn exit(answer: Answer) -> Exit {
    match answer {
        Answer::Exempt | Answer::Pass | Answer::Warn => Exit::Done,
        Answer::Unproven => Exit::Unproven,
        Answer::Fail => Exit::No,
    }
}

/// The files that were asked for.
fn texts(arguments: &CheckArguments, judgement: &Judgement<'_>, context: &report::Context) -> Vec<Text> {
    let mut texts = Vec::new();
    if let Some(path) = &arguments.write.sbom {
        texts.push(Text { path: path.clone(), content: written::bill(judgement) });
    }
    if let Some(path) = &arguments.write.attribution {
        let markdown = path.ends_with(".md");
        texts.push(Text { path: path.clone(), content: written::credits(judgement, markdown) });
    }
    if let Some(path) = &arguments.write.comment {
        texts.push(Text { path: path.clone(), content: comment::comment(judgement, context) });
    }
    texts
}
