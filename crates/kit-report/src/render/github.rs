//! GitHub: annotations, the step summary and outputs.

use crate::escape;
use crate::limits::{GITHUB_ANNOTATIONS_PER_LEVEL, GITHUB_OUTPUTS_UTF16_BYTES, GITHUB_STEP_SUMMARY_BYTES};
use crate::markdown;
use crate::report::{Finding, Level, Output, Report, Verdict};
use std::fmt::Write;

/// Workflow commands, one a line, each ready to print. Places are those of the commit that GitHub hangs annotations on, a
/// pull request's own last one, where that is not the commit that was checked out. GitHub shows only so many of a level and drops the rest without a
/// word, so the last place of a level that overflows says how many are not shown.
pub fn annotations(report: &Report) -> Vec<String> {
    let ranked = report.ranked_findings();
    let mut lines = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Notice] {
        let of_level: Vec<&&Finding> = ranked.iter().filter(|finding| finding.level == level).collect();
        let shown = if of_level.len() > GITHUB_ANNOTATIONS_PER_LEVEL {
            GITHUB_ANNOTATIONS_PER_LEVEL - 1
        } else {
            of_level.len()
        };
        lines.extend(of_level[..shown].iter().map(|finding| annotation(finding)));
        if shown < of_level.len() {
            let rest = format!(
                "{} more not shown: GitHub shows {GITHUB_ANNOTATIONS_PER_LEVEL} of a kind; the step summary has more",
                of_level.len() - shown
            );
            lines.push(format!(
                "::{} title={}::{}",
                word(level),
                escape::github_property(report.tool),
                escape::github_data(&rest)
            ));
        }
    }
    lines
}

fn annotation(finding: &Finding) -> String {
    let mut properties = Vec::new();
    if let Some(location) = finding.commit_location.as_ref().or(finding.location.as_ref()) {
        properties.push(format!("file={}", escape::github_property(&location.path)));
        if let Some(line) = location.line {
            properties.push(format!("line={line}"));
        }
        if let Some(end) = location.range_end() {
            properties.push(format!("endLine={end}"));
        }
    }
    properties.push(format!("title={}", escape::github_property(finding.code)));
    format!("::{} {}::{}", word(finding.level), properties.join(","), escape::github_data(&finding.message))
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    }
}

/// Findings above the sections of a step summary; the others stand below, so that the sections are seen at all.
const FINDINGS_FIRST: usize = 50;

/// The step summary as Markdown, at most [`GITHUB_STEP_SUMMARY_BYTES`] less `used_bytes` (what other tools of the same
/// step have already written). It is cut at the borders of findings and sections and says what was cut.
pub fn summary(report: &Report, used_bytes: usize) -> String {
    let budget = GITHUB_STEP_SUMMARY_BYTES.saturating_sub(used_bytes);
    let mark = match report.verdict {
        Verdict::Pass | Verdict::Superseded => "✅",
        Verdict::Unproven => "❔",
        Verdict::Fail | Verdict::Error => "❌",
    };
    let mut parts = vec![format!("## {mark} {}\n\n{}\n\n", report.tool, escape::markdown_message(&report.headline))];
    let ranked = report.ranked_findings();
    let (first, rest) = ranked.split_at(ranked.len().min(FINDINGS_FIRST));
    parts.extend(first.iter().map(|finding| finding_item(finding)));
    if !first.is_empty() {
        parts.push("\n".to_owned());
    }
    parts.extend(report.sections.iter().map(markdown::section));
    if !rest.is_empty() {
        parts.push(format!("### {} more findings\n\n", rest.len()));
        parts.extend(rest.iter().map(|finding| finding_item(finding)));
    }
    fit(&parts, budget)
}

fn finding_item(finding: &Finding) -> String {
    let mut item = format!("- **{}** ", word(finding.level));
    if let Some(location) = &finding.location {
        let _ = write!(item, "{} ", escape::markdown_code(&location.place()));
    }
    let _ = writeln!(item, "{} ({})", escape::markdown_message(&finding.message), escape::markdown_code(finding.code));
    item
}

/// Joins parts up to a budget. When some do not fit, a closing line counts them, and that line fits too.
fn fit(parts: &[String], budget_bytes: usize) -> String {
    let total: usize = parts.iter().map(String::len).sum();
    if total <= budget_bytes {
        return parts.concat();
    }
    let closing = |left: usize| format!("\n{left} more parts not shown: the summary reached its limit.\n");
    let room = budget_bytes.saturating_sub(closing(parts.len()).len());
    let mut out = String::new();
    let mut shown = 0;
    for part in parts {
        if out.len() + part.len() > room {
            break;
        }
        out.push_str(part);
        shown += 1;
    }
    let closing = closing(parts.len() - shown);
    if out.len() + closing.len() <= budget_bytes {
        out.push_str(&closing);
    }
    out
}

/// Outputs that fit GitHub's limit, and the names of those that had to be cut. The longest value is cut, at a line's end.
pub fn outputs(outputs: &[Output]) -> (Vec<Output>, Vec<&'static str>) {
    let mut fitting = outputs.to_vec();
    let mut cut = Vec::new();
    while utf16_bytes(&fitting) > GITHUB_OUTPUTS_UTF16_BYTES {
        let excess = utf16_bytes(&fitting) - GITHUB_OUTPUTS_UTF16_BYTES;
        let Some(longest) = fitting.iter_mut().max_by_key(|output| output.value.len()) else {
            break;
        };
        if longest.value.is_empty() {
            break;
        }
        longest.value = cut_at_line(&longest.value, excess);
        if !cut.contains(&longest.name) {
            cut.push(longest.name);
        }
    }
    (fitting, cut)
}

/// Size of outputs as GitHub counts it: names and values in UTF-16, two bytes a unit.
fn utf16_bytes(outputs: &[Output]) -> usize {
    outputs.iter().map(|output| 2 * (output.name.len() + output.value.encode_utf16().count())).sum()
}

fn cut_at_line(value: &str, excess_bytes: usize) -> String {
    let mut dropped = 0;
    let mut end = value.len();
    for (index, c) in value.char_indices().rev() {
        if dropped >= excess_bytes {
            break;
        }
        dropped += 2 * c.len_utf16();
        end = index;
    }
    let kept = &value[..end];
    match kept.rfind('\n') {
        Some(line_end) => kept[..line_end].to_owned(),
        // A single long line has no border to cut at, and half a value is worse than none.
        None => String::new(),
    }
}

/// One entry of the file that `GITHUB_OUTPUT` names. The heredoc form serves every value; `delimiter` must not occur in
/// it, and the caller checks that with [`delimiter_is_safe`].
/// Source: docs.github.com, "Workflow commands: multiline strings".
pub fn output_entry(output: &Output, delimiter: &str) -> String {
    if output.value.contains(['\n', '\r']) {
        format!("{}<<{delimiter}\n{}\n{delimiter}\n", output.name, output.value)
    } else {
        format!("{}={}\n", output.name, output.value)
    }
}

/// Whether a heredoc with this delimiter ends where it should.
pub fn delimiter_is_safe(value: &str, delimiter: &str) -> bool {
    !value.contains(delimiter)
}
