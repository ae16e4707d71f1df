//! How figures, gates and places are put into words, the same ones everywhere.

use crate::plan::coverage::totals::Share;
use crate::plan::diff::LineRange;
use crate::plan::fraction;
use crate::plan::judgement::{Gate, GateKind, GateVerdict, Judgement};
use crate::plan::measured::Unit;
use crate::plan::ranges;
use crate::plan::thresholds::Percent;
pub(super) use kit_report::plural;
use std::borrow::Cow;

/// What the total counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Total {
    /// How much of it ran.
    pub share: Share,
    /// `lines` or `statements`.
    pub unit: &'static str,
}

/// The share that stands for the whole: lines, or statements where Go reports alone count.
pub(super) fn total(judgement: &Judgement) -> Total {
    let unit = Unit::of_reports(&judgement.reports);
    Total { share: unit.share(&judgement.totals), unit: unit.name() }
}

/// The gate of a kind that has no subject.
pub(super) fn gate(judgement: &Judgement, kind: GateKind) -> Option<&Gate> {
    judgement.gates.iter().find(|gate| gate.gate == kind && gate.subject.is_none())
}

/// A share in percent that never rounds across the threshold of a gate.
pub(super) fn percent(share: Share, gate: Option<&Gate>) -> String {
    fraction::display(share, gate.and_then(threshold))
}

/// The threshold as a percentage; `None` where it is points or a count.
pub(super) fn threshold(gate: &Gate) -> Option<Percent> {
    match gate.gate {
        GateKind::Drop | GateKind::Ratchet => None,
        _ => Percent::parse(&gate.threshold).ok(),
    }
}

/// `24 of 26`.
pub(super) fn counts(share: Share) -> String {
    format!("{} of {}", share.covered, share.coverable)
}

/// The name of a kind as the options spell it.
pub(super) fn kind(kind: GateKind) -> &'static str {
    match kind {
        GateKind::Total => "total",
        GateKind::Patch => "patch",
        GateKind::Drop => "drop",
        GateKind::Branches => "branches",
        GateKind::Functions => "functions",
        GateKind::Statements => "statements",
        GateKind::File => "file",
        GateKind::NewFile => "new file",
        GateKind::Directory => "directory",
        GateKind::Component => "component",
        GateKind::Ratchet => "ratchet",
    }
}

/// `patch`, `file src/Order.php`.
pub(super) fn label(gate: &Gate) -> String {
    match &gate.subject {
        Some(subject) => format!("{} {subject}", kind(gate.gate)),
        None => kind(gate.gate).to_owned(),
    }
}

/// The verdict of one gate in a word or two.
pub(super) fn verdict(gate: &Gate) -> &'static str {
    match (gate.verdict, gate.report_only) {
        (GateVerdict::Pass, _) => "pass",
        (GateVerdict::NotApplicable, _) => "nothing to judge",
        (GateVerdict::Fail, false) => "fail",
        (GateVerdict::Fail, true) => "fail (only reported)",
        (GateVerdict::Unproven, false) => "unproven",
        (GateVerdict::Unproven, true) => "unproven (only reported)",
    }
}

/// `41`, `41-42`.
pub(super) fn range(range: LineRange) -> String {
    if range.first == range.last { range.first.to_string() } else { format!("{}-{}", range.first, range.last) }
}

/// The first ranges, and how many more there are: `1-4, 7, 9-11 and 3 more`.
pub(super) fn some_ranges(all: &[LineRange], most: usize) -> String {
    let shown = all.iter().take(most).map(|one| range(*one)).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Lines in a range.
pub(super) fn length(range: LineRange) -> u64 {
    ranges::count(&[range])
}

/// Characters of one text from outside in a table or a comment.
pub(super) const TEXT_CHARS: usize = 300;

/// A text cut to [`TEXT_CHARS`]. It loses its beginning, since the end of a path tells more.
pub(super) fn cut(text: &str) -> String {
    let chars = text.chars().count();
    if chars <= TEXT_CHARS {
        return text.to_owned();
    }
    format!("…{}", text.chars().skip(chars + 1 - TEXT_CHARS).collect::<String>())
}

/// Characters of one sentence; a message of thousands of characters is read by nobody, and the JSON report has it whole.
const SENTENCE_CHARS: usize = 1000;

/// A sentence cut to [`SENTENCE_CHARS`] at its end.
pub(super) fn cut_sentence(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SENTENCE_CHARS) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{} …", &text[..end])),
    }
}
