//! One line that says the answer.

use super::phrases::{one_line, plural};
use crate::plan::compare::Change;
use crate::plan::judgement::{Answer, Judged, Judgement};
use std::collections::BTreeSet;

/// Counts of packages; one that stands in several lists or places at the same version counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Somebody else's packages.
    pub packages: usize,
    /// Those that count in this run.
    pub judged: usize,
    /// May not be shipped.
    pub failed: usize,
    /// Evidence is missing.
    pub unproven: usize,
    /// Somebody should look.
    pub warned: usize,
    /// New by the change.
    pub added: usize,
    /// Another licence in a new version.
    pub relicensed: usize,
}

impl Counts {
    /// Of that judgement.
    pub fn of(judgement: &Judgement<'_>) -> Counts {
        let count = |keep: &dyn Fn(&Judged<'_>) -> bool| {
            let ids: BTreeSet<_> = judgement.foreign().filter(|judged| keep(judged)).map(identity).collect();
            ids.len()
        };
        Counts {
            packages: count(&|_| true),
            judged: count(&|judged| judged.counts),
            failed: count(&|judged| judged.counts && judged.answer == Answer::Fail),
            unproven: count(&|judged| judged.counts && judged.answer == Answer::Unproven),
            warned: count(&|judged| judged.counts && judged.answer == Answer::Warn),
            added: count(&|judged| judged.change == Change::Added),
            relicensed: count(&|judged| judged.relicensed.is_some()),
        }
    }
}

/// What makes two entries the same package.
pub fn identity<'j>(judged: &'j Judged<'_>) -> (crate::plan::package::Ecosystem, &'j str, &'j str) {
    let package = &judged.known.package;
    (package.ecosystem, &package.name, &package.version)
}

/// `2 of 93 packages may not be shipped: composer:a/b@1.0 (AGPL-3.0-only), …`.
pub fn headline(judgement: &Judgement<'_>) -> String {
    one_line(&sentence(judgement))
}

fn sentence(judgement: &Judgement<'_>) -> String {
    let counts = Counts::of(judgement);
    let of = format!("{} of {}", counts.judged, plural(counts.packages, "package"));
    match judgement.answer {
        Answer::Fail => {
            let judged = if counts.judged == counts.packages {
                plural(counts.judged, "package")
            } else {
                format!("{} that the change brings", plural(counts.judged, "package"))
            };
            format!("{} of {judged} may not be shipped: {}", counts.failed, names(judgement, Answer::Fail))
        }
        Answer::Unproven if counts.unproven > 0 => {
            format!(
                "unproven: the licences of {} are not here: {}",
                plural(counts.unproven, "package"),
                names(judgement, Answer::Unproven)
            )
        }
        Answer::Unproven => judgement.unproven.first().map_or_else(
            || "unproven".to_owned(),
            |unproven| match &unproven.path {
                Some(path) => format!("unproven: {path}: {}", unproven.what),
                None => format!("unproven: {}", unproven.what),
            },
        ),
        _ if counts.judged == 0 && counts.packages > 0 => {
            format!("the change brings no package; there are {}", counts.packages)
        }
        _ if counts.packages == 1 && counts.judged == 1 => "the one package may be shipped".to_owned(),
        _ if counts.judged == counts.packages => format!("all {} may be shipped", plural(counts.packages, "package")),
        _ => format!("what the change brings may be shipped ({of})"),
    }
}

/// Packages in a headline.
const NAMES: usize = 3;

fn names(judgement: &Judgement<'_>, answer: Answer) -> String {
    let mut ids = BTreeSet::new();
    for judged in judgement.packages.iter().filter(|judged| judged.counts && judged.answer == answer) {
        let license = judged.decision.license.as_deref().or(judged.decision.family.as_deref());
        let license = license.map_or_else(String::new, |license| format!(" ({license})"));
        ids.insert(format!("{}{license}", judged.known.package.id()));
    }
    let more = ids.len().saturating_sub(NAMES);
    let mut text = ids.into_iter().take(NAMES).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
