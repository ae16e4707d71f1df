//! What the hosts show as annotations: one finding for each package and reason, at its line in the lock file.

use super::headline::identity;
use super::phrases::{one_line, plural};
use super::{Context, codes};
use crate::plan::compare::Change;
use crate::plan::judgement::{Answer, Judged, Judgement};
use kit_report::{Finding, Level};
use std::collections::BTreeMap;

/// All of them.
pub(super) fn findings(judgement: &Judgement<'_>, context: &Context) -> Vec<Finding> {
    let mut findings = context.notices.clone();
    for unproven in &judgement.unproven {
        let finding = Finding::new(unproven.code, Level::Error, unproven.what.clone());
        findings.push(match &unproven.path {
            Some(path) => finding.at(path.clone(), None),
            None => finding,
        });
    }
    packages(judgement, context, &mut findings);
    evidence(judgement, context, &mut findings);
    for note in &judgement.policy_notes {
        let level = if note.code.ends_with("-expiring") { Level::Warning } else { Level::Notice };
        findings.push(Finding::new(note.code, level, note.what.clone()).at(note.place.path.clone(), note.place.line));
    }
    for finding in &mut findings {
        finding.message = one_line(&finding.message);
    }
    findings
}

/// One package may stand in a lock file many times; its finding stands at the first place and counts the others.
fn packages(judgement: &Judgement<'_>, context: &Context, findings: &mut Vec<Finding>) {
    let mut places: BTreeMap<_, Vec<&Judged<'_>>> = BTreeMap::new();
    let counting = judgement.packages.iter().filter(|judged| judged.counts && judged.answer != Answer::Unproven);
    for judged in counting.filter(|judged| judged.answer >= Answer::Warn || judged.relicensed.is_some()) {
        places.entry((judged.list, identity(judged))).or_default().push(judged);
    }
    for entries in places.values() {
        let first = entries[0];
        let also = match entries.len() - 1 {
            0 => String::new(),
            more => format!(" (and at {} more)", plural(more, "place")),
        };
        let level = if first.answer == Answer::Fail { Level::Error } else { Level::Warning };
        // What speaks for a package stands in its explanation, and is nobody's warning.
        for why in first.why.iter().filter(|why| codes::RULES.iter().any(|rule| rule.code == why.code)) {
            let message = format!("{}: {}{also}", first.known.package.id(), why.what);
            findings.push(at(context, first, Finding::new(why.code, level, message)));
        }
        if let Some(before) = &first.relicensed {
            let now = first.decision.license.as_deref().unwrap_or("not known");
            let what = format!("{}: the licence was {} and is {now} now", first.known.package.id(), before.join(", "));
            findings.push(at(context, first, Finding::new("license-changed", Level::Warning, what)));
        }
    }
}

fn at(context: &Context, judged: &Judged<'_>, finding: Finding) -> Finding {
    let place = &judged.known.package.place;
    let mut finding = finding.at(format!("{}{}", context.prefix, place.path), place.line);
    finding.on_changed_line = judged.change != Change::None;
    finding
}

/// Packages whose evidence is missing, together for each list: nobody wants a thousand lines that say "install".
fn evidence(judgement: &Judgement<'_>, context: &Context, findings: &mut Vec<Finding>) {
    let mut lists: BTreeMap<&str, Vec<&Judged<'_>>> = BTreeMap::new();
    for judged in judgement.packages.iter().filter(|judged| judged.counts && judged.answer == Answer::Unproven) {
        lists.entry(judged.list).or_default().push(judged);
    }
    for (list, missing) in lists {
        let first = missing[0];
        let why = first.why.first().map_or("", |why| why.what.as_str());
        let code = first.why.first().map_or("evidence-missing", |why| why.code);
        let message = match missing.len() - 1 {
            0 => format!("{}: {why}", first.known.package.id()),
            more => {
                format!("{}: {why}; and {} of this list besides", first.known.package.id(), plural(more, "package"))
            }
        };
        findings.push(
            Finding::new(code, Level::Error, message)
                .at(format!("{}{list}", context.prefix), first.known.package.place.line),
        );
    }
}
