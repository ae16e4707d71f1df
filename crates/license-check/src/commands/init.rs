//! `init`: a policy that today's packages pass.

use super::world::{Wanted, World};
use crate::apply::{self, Text};
use crate::args::InitArguments;
use crate::args::options::PackagesOptions;
use crate::error::Error;
use crate::plan::first_policy::first_policy;
use crate::plan::judge::with_subjects;
use crate::plan::judgement::Answer;
use crate::report;
use kit_host::{Done, Exit, Failure, Host, files};
use std::path::Path;

/// Whoever the policy's first exceptions belong to, until somebody else's name stands there.
const OWNER: &str = "whoever began this policy";

/// Reads the packages and writes the policy. Exit 4, and nothing written, when evidence is missing.
pub fn init(arguments: &InitArguments, host: &Host) -> Result<Done, Failure> {
    let options = PackagesOptions::new(&arguments.packages)?;
    let world = World::observe(&options, Wanted { full: true, ..Wanted::default() }, host)?;
    if let Some(unproven) = world.unproven().first() {
        return Err(Error::Unproven { code: unproven.code, what: unproven.what.clone() }.into());
    }
    let judgement = world.judge();
    if let Some(judged) = judgement.packages.iter().find(|judged| judged.answer == Answer::Unproven) {
        let why = judged.why.first().map_or("", |why| why.what.as_str());
        return Err(Error::Unproven {
            code: "evidence-missing",
            what: format!("{}: {why}", judged.known.package.id()),
        }
        .into());
    }
    let evidence = world.evidence();
    let content = with_subjects(&evidence, |subjects| first_policy(subjects, evidence.today, OWNER))?;
    let text = Text { path: options.policy.clone(), content };
    match host.permit() {
        Some(permit) if arguments.force => files::write(permit, Path::new(&text.path), text.content.as_bytes())?,
        Some(permit) => apply::write_new(permit, &text)?,
        None => host.log.info(&format!("dry run: {} is not written", text.path)),
    }
    let report = report::started::started(&judgement, &text.path, &text.content);
    Ok(Done { report, exit: Exit::Done, stdout: None })
}
