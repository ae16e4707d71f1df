//! `<sourcefile>`: lines and branches.

use super::super::xml::Scanner;
use super::super::xml::number::{Count, whole};
use super::{Kind, Source, counter};
use crate::observe::reading::{MAX_LINE, ReadError, Reading};
use crate::observe::whole_lines::quote;
use crate::plan::coverage::FileCoverage;
use crate::plan::coverage::arm_counts::LineArms;
use crate::plan::coverage::items::ItemId;
use crate::plan::coverage::totals::Share;

/// Most branch arms of a line; generated switches reach thousands.
const MAX_ARMS: u64 = 1_000_000;

/// What a line says of its instructions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    Yes,
    No,
    /// It has none: not coverable.
    Never,
    /// It does not say: gcovr. Whether one of its arms ran is all that is known.
    Unsaid {
        arm_ran: bool,
    },
}

/// Reads a source file.
pub(super) fn read(xml: &mut Scanner<'_>, source: &mut Source, into: &mut Reading) -> Result<(), ReadError> {
    let line_of_report = xml.line();
    let mut declared = None;
    let mut unsaid = Vec::new();
    let coverage = &mut source.coverage;
    while xml.child()? {
        match xml.name() {
            b"line" => match line(xml, coverage)? {
                (0, _) => {
                    into.notice("line-zero", Some(xml.line()), || "a line has the number 0; it is ignored".to_owned())
                }
                (_, Ran::Never) => {}
                (number, Ran::Unsaid { arm_ran }) => unsaid.push((number, arm_ran)),
                (number, ran) => coverage.lines.push(number, ran == Ran::Yes),
            },
            b"counter" => {
                let counter = counter(xml)?;
                if counter.kind == Kind::Line {
                    declared = Some(counter.share);
                }
            }
            _ => {}
        }
        xml.skip()?;
    }
    if !unsaid.is_empty() {
        source.is_uncounted = true;
        return guess(coverage, &unsaid, declared, line_of_report, into);
    }
    coverage.lines.finish();
    let derived = Share { covered: coverage.lines.covered(), coverable: coverage.lines.coverable() };
    source.lie = declared.filter(|declared| *declared != derived).map(|declared| (declared, derived));
    Ok(())
}

/// Reads one line: its number and whether it ran. Its arms go into `coverage`.
fn line(xml: &Scanner<'_>, coverage: &mut FileCoverage) -> Result<(u32, Ran), ReadError> {
    let (mut number, mut missed, mut covered, mut arms) = (None, None, None, [0; 2]);
    let count = |value: &[u8]| match Count::of(value) {
        Count::Zero => Ok(Some(false)),
        Count::Positive => Ok(Some(true)),
        Count::Negative | Count::NoNumber => {
            Err(xml.malformed(format!("`{}` is no count of instructions", quote(value))))
        }
    };
    let arm_count = |value: &[u8]| {
        whole(value)
            .filter(|count| *count <= MAX_ARMS)
            .and_then(|count| u32::try_from(count).ok())
            .ok_or_else(|| xml.malformed(format!("`{}` is no count of branches up to 1,000,000", quote(value))))
    };
    for (name, value) in xml.attributes() {
        match name {
            b"nr" => number = whole(&value.bytes()).filter(|number| *number <= u64::from(MAX_LINE)),
            b"mi" => missed = count(&value.bytes())?,
            b"ci" => covered = count(&value.bytes())?,
            b"mb" => arms[0] = arm_count(&value.bytes())?,
            b"cb" => arms[1] = arm_count(&value.bytes())?,
            _ => {}
        }
    }
    let number = number.and_then(|number| u32::try_from(number).ok());
    let Some(number) = number else { return Err(xml.malformed("a line has no number `nr` up to 100,000,000")) };
    let [missed_arms, covered_arms] = arms;
    if number > 0 && missed_arms + covered_arms > 0 {
        coverage.arm_counts.push(LineArms::exact(number, covered_arms, missed_arms + covered_arms));
    }
    let ran = match (missed, covered) {
        (None, None) => Ran::Unsaid { arm_ran: covered_arms > 0 },
        (_, Some(true)) => Ran::Yes,
        (Some(true), _) => Ran::No,
        _ => Ran::Never,
    };
    Ok((number, ran))
}

/// Lines of gcovr's dialect, which does not say which of them ran, and lists excluded ones too. The file's counter gives its
/// total; a single line counts as run only when that is certain.
fn guess(
    coverage: &mut FileCoverage,
    unsaid: &[(u32, bool)],
    declared: Option<Share>,
    line_of_report: u64,
    into: &mut Reading,
) -> Result<(), ReadError> {
    into.notice("lines-without-counts", Some(line_of_report), || {
        "gcovr's JaCoCo report does not say which lines ran, only how many: single lines count as not covered; \
         give its --cobertura or --json report to see the changed lines"
            .to_owned()
    });
    let listed = unsaid.len() as u64;
    if declared.is_some_and(|declared| declared.coverable > listed) {
        return Err(ReadError::malformed(line_of_report, "a source file declares more lines than it lists"));
    }
    let all_ran = declared.is_some_and(|declared| declared == Share { covered: listed, coverable: listed });
    for &(number, arm_ran) in unsaid {
        coverage.lines.push(number, all_ran || arm_ran);
    }
    // Two reports that are united give the larger of both, which is what surely ran.
    let Share { covered, coverable } = declared.unwrap_or_default();
    for instance in 0..coverable {
        let id = ItemId::Number(u32::try_from(instance).unwrap_or(u32::MAX));
        coverage.line_instances.push(0, id, instance < covered);
    }
    Ok(())
}
