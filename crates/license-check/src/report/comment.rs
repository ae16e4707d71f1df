//! The comment on the pull request as Markdown: at most fifteen lines, since nobody reads more.

use super::headline::headline;
use super::sections::{figures, license, ranked};
use super::{Context, phrases};
use crate::plan::compare::Change;
use crate::plan::judgement::{Answer, Judgement};
use kit_report::escape::{markdown, markdown_code};

/// The first line of every comment of this tool. GitHub shows no HTML comments.
pub const MARKER: &str = "<!-- roadcrew:license-check -->";
/// Packages that are named.
const PACKAGES: usize = 6;
/// Characters of a reason.
const REASON_CHARS: usize = 160;

/// The comment's body.
pub fn comment(judgement: &Judgement<'_>, context: &Context) -> String {
    let (mark, word) = match judgement.answer {
        Answer::Exempt | Answer::Pass | Answer::Warn => ("✅", "passed"),
        Answer::Unproven => ("❔", "unproven"),
        Answer::Fail => ("❌", "failed"),
    };
    let mut text = format!("{MARKER}\n## {mark} Licences: {word}\n{}.\n", markdown(&headline(judgement)));
    let bad = ranked(judgement, |judged| judged.counts && judged.answer >= Answer::Warn);
    let shown = if bad.is_empty() { ranked(judgement, |judged| judged.change == Change::Added) } else { bad };
    for judged in shown.iter().take(PACKAGES) {
        // Why something passes nobody asks.
        let why = judged.why.first().filter(|_| judged.answer >= Answer::Warn);
        let why: String = why.map_or_else(String::new, |why| why.what.chars().take(REASON_CHARS).collect());
        let why = if why.is_empty() { String::new() } else { format!(": {}", markdown(&phrases::one_line(&why))) };
        let line = format!(
            "- {} {} **{}**{why}\n",
            markdown_code(&phrases::one_line(&judged.known.package.id())),
            markdown(&license(judged)),
            judged.answer.as_str()
        );
        text.push_str(&line);
    }
    if shown.len() > PACKAGES {
        text.push_str(&format!("- {} more\n", phrases::plural(shown.len() - PACKAGES, "package")));
    }
    if context.base.is_some() {
        text.push_str(&format!("\n{}\n", markdown(&figures(judgement))));
    }
    text
}
