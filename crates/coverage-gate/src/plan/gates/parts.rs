//! Minimums of parts: each file, directories, components.

use super::super::advice;
use super::super::globs::Globs;
use super::super::judge::counted;
use super::super::judgement::{Gate, GateKind, GateVerdict};
use super::super::measured::MeasuredFile;
use super::super::thresholds::{Part, Percent};
use super::{Context, with_advice};

/// Gates of one kind that are told one by one; the rest are one gate together.
pub const MAX_GATES: usize = 100;

pub fn gates(context: &Context<'_>) -> Vec<Gate> {
    let thresholds = context.thresholds();
    let mut gates = Vec::new();
    if let Some(min) = thresholds.min_file {
        gates.extend(files(context, min));
    }
    let parts = [(GateKind::Directory, &thresholds.directories), (GateKind::Component, &thresholds.components)];
    for (kind, parts) in parts {
        for part in parts {
            gates.extend(part.min.map(|min| of_part(context, kind, part, min)));
        }
    }
    gates
}

/// Each file below the minimum, or one gate that says that there is none.
fn files(context: &Context<'_>, min: Percent) -> Vec<Gate> {
    let measured = context.measured;
    let unit = measured.unit;
    let unjudged = |verdict, why| context.gate(GateKind::File, None, min.to_string(), verdict, why);
    let share = |file: &MeasuredFile<'_>| unit.share(&file.totals);
    let with_lines: Vec<&MeasuredFile<'_>> = measured.all().filter(|file| share(file).coverable > 0).collect();
    let mut failing: Vec<&MeasuredFile<'_>> =
        with_lines.iter().copied().filter(|file| !min.met_by(share(file))).collect();
    if failing.is_empty() {
        return vec![match with_lines.len() {
            0 => unjudged(GateVerdict::Unproven, "no file has anything that could be covered".to_owned()),
            1 => unjudged(GateVerdict::Pass, "the only file is covered as needed".to_owned()),
            count => unjudged(GateVerdict::Pass, format!("each of {count} files is covered as needed")),
        }];
    }
    failing.sort_by_key(|file| file.path);
    let mut gates: Vec<Gate> = failing
        .iter()
        .take(MAX_GATES)
        .map(|file| {
            let of_what = format!("of the file's {} are covered", unit.name());
            let gate = context.minimum(GateKind::File, Some(file.path), min, share(file), &of_what);
            with_advice(gate, || {
                let needed = min.count_of(share(file).coverable).saturating_sub(share(file).covered);
                advice::advise(
                    needed,
                    &advice::candidates(std::iter::once(**file), measured, measured.unit, context.changes),
                )
            })
        })
        .collect();
    if failing.len() > MAX_GATES {
        let more = counted(failing.len() - MAX_GATES, "more file");
        gates.push(unjudged(GateVerdict::Fail, format!("{more} not named here are below it too")));
    }
    gates
}

fn of_part(context: &Context<'_>, kind: GateKind, part: &Part, min: Percent) -> Gate {
    let measured = context.measured;
    let globs = Globs::new(&part.globs);
    let unjudged = |verdict, why| context.gate(kind, Some(&part.name), min.to_string(), verdict, why);
    let files: Vec<MeasuredFile<'_>> =
        measured.files.iter().filter(|file| globs.is_match(file.path)).copied().collect();
    if files.is_empty() {
        let tracked = context.evidence.tracked.iter().filter(|path| globs.is_match(path)).count();
        let why = match (tracked, context.evidence.tracked.is_empty()) {
            (_, true) => "no report holds a file of it; is its path right?".to_owned(),
            (0, _) => "the repository has no file in it; is its path right?".to_owned(),
            (1, _) => "the repository has 1 file in it, and no report that counts holds it".to_owned(),
            (count, _) => {
                format!("the repository has {count} files in it, and no report that counts holds one of them")
            }
        };
        return unjudged(GateVerdict::Unproven, why);
    }
    let share = measured.share_of(files.iter());
    if share.coverable == 0 {
        let why = format!("{} measured in it, and nothing in them can run", counted(files.len(), "file"));
        return unjudged(GateVerdict::NotApplicable, why);
    }
    let gate =
        context.minimum(kind, Some(&part.name), min, share, &format!("of its {} are covered", measured.unit.name()));
    with_advice(gate, || {
        let needed = min.count_of(share.coverable).saturating_sub(share.covered);
        advice::advise(needed, &advice::candidates(files.into_iter(), measured, measured.unit, context.changes))
    })
}
