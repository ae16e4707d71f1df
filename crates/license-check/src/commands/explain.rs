//! `explain`: the whole reasoning for one package.

use super::world::{Wanted, World};
use crate::args::ExplainArguments;
use crate::args::options::PackagesOptions;
use crate::error::Error;
use crate::plan::judgement::Judged;
use crate::report;
use kit_host::{Done, Exit, Failure, Host};

/// Every entry of that package, with its evidence. Exit 2 when there is none of that name.
pub fn explain(arguments: &ExplainArguments, host: &Host) -> Result<Done, Failure> {
    let asked = arguments.package.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let asked =
        asked.ok_or_else(|| Error::input("no package given; name one, such as npm:left-pad or symfony/console"))?;
    let options = PackagesOptions::new(&arguments.packages)?;
    let world = World::observe(&options, Wanted { full: true, ..Wanted::default() }, host)?;
    let judgement = world.judge();
    let found: Vec<&Judged<'_>> = judgement.packages.iter().filter(|judged| is_meant(judged, asked)).collect();
    if found.is_empty() {
        return Err(
            Error::input(format!("no list names a package `{asked}`; is it spelled as in the lock file?")).into()
        );
    }
    let text = report::explain::explain(&found);
    let report = report::explain::report(&found);
    Ok(Done { report, exit: Exit::Done, stdout: Some(text.into_bytes()) })
}

/// `left-pad`, `npm:left-pad`, `left-pad@1.3.0` or `npm:left-pad@1.3.0`.
fn is_meant(judged: &Judged<'_>, asked: &str) -> bool {
    let package = &judged.known.package;
    let asked = asked.strip_prefix(&format!("{}:", package.ecosystem)).unwrap_or(asked);
    asked == package.name
        || asked.strip_prefix(package.name.as_str()).and_then(|rest| rest.strip_prefix('@')) == Some(&package.version)
}
