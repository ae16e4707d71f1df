//! The comment on the pull request as Markdown, and the small file by which a second workflow finds where it belongs.
//!
//! A workflow of a fork's pull request may not write comments. It leaves both files as an artifact, and a second workflow,
//! which may write and runs none of the fork's code, posts the one as the other says: it looks for the comment that begins
//! with [`MARKER`] and replaces it, so that there is one comment, whatever the verdict.

use super::phrases::{TEXT_CHARS, counts, cut, cut_sentence, label, plural, verdict};
use super::sections::{notes, partial_lines, ranked, ranked_files, uncovered, value};
use super::{Context, advice, headline, sections};
use crate::plan::fraction;
use crate::plan::judgement::{Gate, GateVerdict, Judgement, Patch, PatchFile};
use kit_report::escape::{markdown, markdown_code, markdown_message};
use kit_report::limits::GITHUB_COMMENT_CHARS;
use serde_json::json;

/// The first line of every comment of this tool. GitHub shows no HTML comments.
pub const MARKER: &str = "<!-- roadcrew:coverage-gate -->";
/// Version of the artifact's shape.
pub const ARTIFACT_SCHEMA: u32 = 1;

/// Gates in the comment; the summary of the run has more.
const GATES: usize = 20;
/// Reasons in the comment.
const REASONS: usize = 10;
/// Places that one reason names.
const PLACES: usize = 10;
/// Ranges of uncovered lines in a cell.
const RANGES: usize = 10;
/// Characters kept free for the footer: two texts of [`TEXT_CHARS`], each character of them written with twelve at most.
const RESERVE_CHARS: usize = 2 * 12 * TEXT_CHARS + 800;

/// The comment's body: at most [`GITHUB_COMMENT_CHARS`] characters, whatever the change.
pub fn comment(judgement: &Judgement, context: &Context) -> String {
    let mut page = Page { text: String::new(), left: GITHUB_COMMENT_CHARS - RESERVE_CHARS };
    let (mark, word) = match judgement.verdict {
        GateVerdict::Pass | GateVerdict::NotApplicable => ("✅", "passed"),
        GateVerdict::Fail => ("❌", "failed"),
        GateVerdict::Unproven => ("❔", "unproven"),
    };
    page.push(&format!("{MARKER}\n## {mark} Coverage: {word}\n\n"));
    page.push(&format!("{}\n\n", sentence(&headline::headline(judgement))));
    reasons(&mut page, judgement);
    gates(&mut page, judgement);
    if let Some(patch) = &judgement.patch {
        changed(&mut page, patch);
    }
    totals(&mut page, judgement);
    page.text.push_str(&footer(context));
    page.text
}

/// Text that grows as long as there is room.
struct Page {
    text: String,
    left: usize,
}

impl Page {
    /// Adds a part whole or not at all.
    fn push(&mut self, part: &str) -> bool {
        let chars = part.chars().count();
        let fits = chars <= self.left;
        if fits {
            self.left -= chars;
            self.text.push_str(part);
        }
        fits
    }

    /// Adds as many parts as fit, and says how many do not.
    fn push_all(&mut self, parts: impl ExactSizeIterator<Item = String>, most: usize, what: &str) {
        let all = parts.len();
        let shown = parts.take(most).take_while(|part| self.push(part)).count();
        if shown < all {
            let note = format!("\n{} not shown\n", plural((all - shown) as u64, &format!("more {what}")));
            self.push(&note);
        }
    }
}

/// Text from outside, cut and harmless.
fn outside(text: &str) -> String {
    markdown(&cut(text))
}

/// A sentence with names from outside, cut at its end and harmless.
fn sentence(text: &str) -> String {
    markdown_message(&cut_sentence(text))
}

/// A path from outside as code, cut and harmless.
fn code(text: &str) -> String {
    markdown_code(&cut(text))
}

/// What is against it, and what would help.
fn reasons(page: &mut Page, judgement: &Judgement) {
    let mut reasons: Vec<String> =
        judgement.unproven.iter().map(|unproven| format!("- {}\n", sentence(&unproven.what))).collect();
    let against = |gate: &&&Gate| matches!(gate.verdict, GateVerdict::Fail | GateVerdict::Unproven);
    for gate in ranked(judgement).iter().filter(against) {
        let mut reason = format!("- **{}**: {}\n", outside(&label(gate)), sentence(&gate.why));
        if let Some(advice) = &gate.advice {
            reason.push_str(&format!("  - {}\n", sentence(&advice::sentence(advice, PLACES))));
        }
        reasons.push(reason);
    }
    if !reasons.is_empty() {
        page.push_all(reasons.into_iter(), REASONS, "reason");
        page.push("\n");
    }
}

fn gates(page: &mut Page, judgement: &Judgement) {
    if judgement.gates.is_empty() {
        page.push("No thresholds are set; this run only reports.\n\n");
        return;
    }
    page.push("| gate | covered | threshold | verdict |\n| --- | --: | --: | --- |\n");
    let ranked = ranked(judgement);
    let rows = ranked.iter().map(|gate| {
        format!(
            "| {} | {} | {} | {} |\n",
            outside(&label(gate)),
            outside(&value(gate)),
            outside(&gate.threshold),
            mark(gate)
        )
    });
    page.push_all(rows, GATES, "gate");
    page.push("\n");
}

fn mark(gate: &Gate) -> String {
    let mark = match gate.verdict {
        GateVerdict::Pass | GateVerdict::NotApplicable => "✅",
        GateVerdict::Fail => "❌",
        GateVerdict::Unproven => "❔",
    };
    format!("{mark} {}", verdict(gate))
}

fn changed(page: &mut Page, patch: &Patch) {
    page.push("### Changed lines\n\n");
    if !patch.files.is_empty() {
        page.push("| file | lines | covered | not covered |\n| --- | --: | --: | --- |\n");
        let files = ranked_files(patch);
        page.push_all(files.iter().map(|file| file_row(file)), usize::MAX, "changed file");
        page.push("\n");
    }
    for note in notes(patch) {
        page.push(&format!("{}\n\n", sentence(&note)));
    }
}

fn file_row(file: &PatchFile) -> String {
    let name = match &file.old_path {
        Some(old) => format!("{} (was {})", code(&file.path), code(old)),
        None if file.added => format!("{} (new)", code(&file.path)),
        None => code(&file.path),
    };
    let share = fraction::display(file.lines, None);
    format!("| {name} | {} | {} | {} |\n", counts(file.lines), outside(&share), outside(&uncovered(file, RANGES)))
}

fn totals(page: &mut Page, judgement: &Judgement) {
    let rows: String = sections::kinds(&judgement.totals)
        .iter()
        .map(|row| format!("| {} |\n", row.iter().map(|cell| outside(cell)).collect::<Vec<_>>().join(" | ")))
        .collect();
    let reports = plural(judgement.reports.len() as u64, "report");
    let table = if rows.is_empty() { rows } else { format!("| total | covered |\n| --- | --: |\n{rows}\n") };
    let partial = sentence(&partial_lines(judgement));
    page.push(&format!("<details><summary>Total of {reports}</summary>\n\n{table}{partial}\n\n</details>\n\n"));
}

fn footer(context: &Context) -> String {
    let mut facts = vec![format!("{} {}", crate::TOOL.name, markdown(crate::TOOL.version))];
    facts.extend(head_sha(context).map(|sha| format!("commit {}", code(sha))));
    let origins = context.origins();
    facts.extend(origins.map(|(name, origin)| format!("{}: {}", name.to_ascii_lowercase(), outside(origin))));
    format!("<sub>{}</sub>\n", facts.join(" · "))
}

/// The commit, when it is one: 40 or 64 hexadecimal digits.
fn head_sha(context: &Context) -> Option<&str> {
    let is_sha = |sha: &&str| matches!(sha.len(), 40 | 64) && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    context.head_sha.as_deref().filter(is_sha)
}

/// What the second workflow has to know, as one JSON object: `schema`, `tool`, `marker`, `pull_request` and `head_sha`
/// (null where the host does not say), `comment_path` (a name beside this file, never a path, since the workflow that
/// wrote it may be a stranger's).
///
/// The reader must not trust it: the pull request's own head must be `head_sha`, and that must be the commit of the run
/// which left the artifact.
pub fn artifact(context: &Context) -> String {
    let name = context.written.comment.as_deref().and_then(|path| path.rsplit(['/', '\\']).next());
    let object = json!({
        "schema": ARTIFACT_SCHEMA,
        "tool": crate::TOOL.name,
        "marker": MARKER,
        "pull_request": context.pull_request,
        "head_sha": head_sha(context),
        "comment_path": name,
    });
    format!("{object:#}\n")
}
