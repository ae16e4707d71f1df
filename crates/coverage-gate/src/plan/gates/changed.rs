//! Minimums of the change: its lines, and the files that it adds.

use super::super::advice::{self, Candidate};
use super::super::coverage::stated::GIVE_LINES;
use super::super::coverage::totals::Share;
use super::super::globs::Globs;
use super::super::judge::{counted, listed};
use super::super::judgement::{Gate, GateKind, GateVerdict, PatchFile};
use super::super::patch::{Changes, Missing, MissingFile};
use super::super::scope;
use super::super::thresholds::Percent;
use super::parts::MAX_GATES;
use super::{Context, with_advice};

pub fn gates(context: &Context<'_>) -> Vec<Gate> {
    let thresholds = context.thresholds();
    let mut gates = Vec::new();
    gates.extend(thresholds.min_patch.map(|min| patch(context, min, None, &|_| true)));
    for part in thresholds.components.iter().chain(&thresholds.directories) {
        let globs = Globs::new(&part.globs);
        gates.extend(part.min_patch.map(|min| patch(context, min, Some(&part.name), &|path| globs.is_match(path))));
    }
    if let Some(min) = thresholds.min_new_file {
        gates.extend(new_files(context, min));
    }
    gates
}

fn patch(context: &Context<'_>, min: Percent, subject: Option<&str>, within: &dyn Fn(&str) -> bool) -> Gate {
    let unjudged = |verdict, why: String| context.gate(GateKind::Patch, subject, min.to_string(), verdict, why);
    let Some(changes) = context.changes else { return unjudged(GateVerdict::Unproven, context.no_diff()) };
    let missing: Vec<&MissingFile> = changes.missing.iter().filter(|file| within(&file.path)).collect();
    let files: Vec<&PatchFile> = changes.patch.files.iter().filter(|file| within(&file.path)).collect();
    let share = files.iter().fold(Share::default(), |sum, file| sum.plus(file.lines));
    if !missing.is_empty() {
        let value = Some(share).filter(|share| share.coverable > 0);
        return Gate { value, ..unjudged(GateVerdict::Unproven, what_is_missing(context, &missing)) };
    }
    if share.coverable == 0 {
        let why = match files.len() {
            0 => "no source file that needs coverage has changed".to_owned(),
            count => format!(
                "{} measured, and none of the changed lines can run or is more than moved",
                match count {
                    1 => "the changed file is".to_owned(),
                    more => format!("the {more} changed files are"),
                }
            ),
        };
        return unjudged(GateVerdict::NotApplicable, why);
    }
    let gate = context.minimum(GateKind::Patch, subject, min, share, "of the changed lines are covered");
    with_advice(gate, || {
        let needed = min.count_of(share.coverable).saturating_sub(share.covered);
        let owed = changes.owed.iter().filter(|owed| within(&changes.patch.files[owed.file].path));
        let mut candidates: Vec<(u64, Candidate<'_>)> = owed
            .map(|owed| (changes.patch.files[owed.file].lines.uncovered(), Candidate::of_patch(changes, owed)))
            .collect();
        candidates.sort_by_key(|(uncovered, _)| std::cmp::Reverse(*uncovered));
        let candidates: Vec<Candidate<'_>> = candidates.into_iter().map(|(_, candidate)| candidate).collect();
        advice::advise(needed, &candidates)
    })
}

/// Files that the change adds. What is only moved into them owes nothing.
fn new_files(context: &Context<'_>, min: Percent) -> Vec<Gate> {
    let unjudged = |verdict, why| context.gate(GateKind::NewFile, None, min.to_string(), verdict, why);
    let Some(changes) = context.changes else { return vec![unjudged(GateVerdict::Unproven, context.no_diff())] };
    // A file without lines in the diff may be new; nobody knows.
    let is_new = |file: &&MissingFile| file.why == Missing::NoLines || changes.new_files.contains(&file.path);
    let missing: Vec<&MissingFile> = changes.missing.iter().filter(is_new).collect();
    let shares: Vec<(&str, Share)> = changes
        .new_files
        .iter()
        .filter_map(|path| Some((path.as_str(), share_of_new(changes, path)?)))
        .filter(|(_, share)| share.coverable > 0)
        .collect();
    let mut gates: Vec<Gate> = Vec::new();
    let mut failing = 0;
    for (path, share) in shares.iter().filter(|(_, share)| !min.met_by(*share)) {
        failing += 1;
        if failing > MAX_GATES {
            continue;
        }
        let gate = context.minimum(GateKind::NewFile, Some(path), min, *share, "of the new file's lines are covered");
        gates.push(with_advice(gate, || {
            let owed = changes.owed.iter().filter(|owed| changes.patch.files[owed.file].path == *path);
            let candidates: Vec<Candidate<'_>> = owed.map(|owed| Candidate::of_patch(changes, owed)).collect();
            advice::advise(min.count_of(share.coverable).saturating_sub(share.covered), &candidates)
        }));
    }
    if failing > MAX_GATES {
        let why = format!("{} more have too little", counted(failing - MAX_GATES, "new file"));
        gates.push(unjudged(GateVerdict::Fail, why));
    }
    if !missing.is_empty() {
        gates.push(unjudged(GateVerdict::Unproven, what_is_missing(context, &missing)));
    }
    if gates.is_empty() {
        gates.push(match shares.len() {
            0 => unjudged(GateVerdict::NotApplicable, "no new file has lines to cover".to_owned()),
            count => unjudged(GateVerdict::Pass, format!("{} covered as needed", are(count, "new file"))),
        });
    }
    gates
}

fn are(count: usize, what: &str) -> String {
    format!("{} {}", counted(count, what), if count == 1 { "is" } else { "are" })
}

/// All that a new file holds is changed, so that its changed lines are its lines less the moved ones.
fn share_of_new(changes: &Changes, path: &str) -> Option<Share> {
    changes.patch.files.iter().find(|file| file.path == path).map(|file| file.lines)
}

/// One sentence for each reason, with what to do.
fn what_is_missing(context: &Context<'_>, missing: &[&MissingFile]) -> String {
    let of = |why| missing.iter().filter(|file| file.why == why).map(|file| file.path.as_str()).collect::<Vec<_>>();
    let mut sentences = Vec::new();
    let absent = of(Missing::NotInReports);
    if let Some(first) = absent.first() {
        let reported = reported_elsewhere(context, first);
        let elsewhere = reported.map_or(String::new(), |path| {
            format!(" (a report names `{path}`, which matches no file of the repository)")
        });
        sentences.push(format!(
            "{} changed, but {} in no report: {}{elsewhere}; {}, or exclude what needs no coverage",
            counted(absent.len(), "source file"),
            if absent.len() == 1 { "it is" } else { "they are" },
            listed(&absent),
            scope::advice(scope::language(first)),
        ));
    }
    let unknown = of(Missing::NoReportOfLanguage);
    if let Some(first) = unknown.first() {
        let language = scope::language(first).unwrap_or("its language's");
        sentences.push(format!(
            "{} changed, but no report holds any {language} file: {}; give the report of its tests too, or exclude what \
             needs no coverage",
            counted(unknown.len(), "source file"),
            listed(&unknown),
        ));
    }
    let by_totals = of(Missing::TotalsOnly);
    if let Some(known) = by_totals.first().and_then(|first| context.measured.find(first)) {
        sentences.push(format!(
            "{} changed, but {} known by totals alone ({}), which do not say which lines ran: {}; {GIVE_LINES}",
            counted(by_totals.len(), "source file"),
            if by_totals.len() == 1 { "is" } else { "are" },
            known.coverage.stated_by(),
            listed(&by_totals),
        ));
    }
    let hidden = of(Missing::NoLines);
    if !hidden.is_empty() {
        sentences.push(format!(
            "the diff does not show which lines of {} changed: git takes it for a binary file, or it is too large; see \
             .gitattributes, or exclude it",
            listed(&hidden)
        ));
    }
    sentences.join("; ")
}

/// A reported path with the same name that matched nothing: most likely the same file under a prefix.
fn reported_elsewhere<'c>(context: &Context<'c>, path: &str) -> Option<&'c str> {
    let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let wanted = name(path);
    context.measured.unmatched.iter().map(|file| file.path).find(|reported| name(reported) == wanted)
}
