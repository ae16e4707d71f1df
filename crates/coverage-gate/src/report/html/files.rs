//! The changed files of the page: an index, then each with its changed lines and a few around them.

use super::super::lines::{ChangedLines, LineState};
use super::super::phrases::{counts, plural, range};
use super::super::{Context, ranges_around};
use super::highlight::{Highlighter, Piece};
use super::summary::bar;
use super::{PAGE_BYTES, RESERVE_BYTES, languages, outside};
use crate::plan::diff::LineRange;
use crate::plan::fraction;
use crate::plan::judgement::PatchFile;
use crate::plan::ranges;
use kit_report::escape;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Files of the index.
const INDEXED: usize = 500;
/// Ranges of uncovered lines in a row of the index.
const RANGES: usize = 12;
/// Unchanged lines shown before and after changed ones.
const AROUND: u32 = 3;
/// Lines shown of one file.
const FILE_LINES: usize = 4_000;
/// Characters shown of one line; what is longer was made by a machine.
const LINE_CHARS: usize = 500;

/// Adds the index.
pub(super) fn push_index(out: &mut String, files: &[&PatchFile]) {
    if files.is_empty() {
        return;
    }
    out.push_str(
        "<h2>Changed files</h2>\n<table class=\"list\">\n<tr><th>file</th><th class=\"figure\">changed lines</th>\
         <th class=\"figure\">covered</th><th></th><th>not covered</th></tr>\n",
    );
    for (number, file) in files.iter().take(INDEXED).enumerate() {
        let links: Vec<String> = file
            .uncovered
            .iter()
            .take(RANGES)
            .map(|lines| format!("<a href=\"#f{number}-{}\">{}</a>", lines.first, range(*lines)))
            .collect();
        let more = match file.uncovered.len().saturating_sub(RANGES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let _ = writeln!(
            out,
            "<tr><td><a href=\"#f{number}\"><code>{}</code></a></td><td class=\"figure\">{}</td>\
             <td class=\"figure\">{}</td><td>{}</td><td>{}{more}</td></tr>",
            outside(&file.path),
            counts(file.lines),
            fraction::display(file.lines, None),
            bar(file.lines),
            links.join(", ")
        );
    }
    out.push_str("</table>\n");
    if files.len() > INDEXED {
        let _ = writeln!(out, "<p class=\"faint\">{} not listed</p>", more_files(files.len() - INDEXED));
    }
    out.push_str(
        "<p class=\"legend faint\"><span class=\"c\">✔ ran</span><span class=\"p\">◐ ran, but not all branch arms</span>\
         <span class=\"u\">✖ did not run</span><span>can't run</span><span>+ changed; unchanged lines are paler</span></p>\n",
    );
}

fn more_files(count: usize) -> String {
    plural(count as u64, "more file")
}

/// Adds the files one after another, as long as the page has room.
pub(super) fn push(out: &mut String, files: &[&PatchFile], sources: &BTreeMap<String, String>, context: &Context) {
    let none = ChangedLines::default();
    for (number, file) in files.iter().enumerate() {
        let lines = context.lines.get(&file.path).unwrap_or(&none);
        let section = section(number, file, sources.get(&file.path).map(String::as_str), lines);
        if out.len() + section.len() + RESERVE_BYTES > PAGE_BYTES {
            let more = more_files(files.len() - number);
            let _ = writeln!(out, "<p class=\"faint\">{more} not shown: the page is full</p>");
            return;
        }
        out.push_str(&section);
    }
}

fn section(number: usize, file: &PatchFile, source: Option<&str>, lines: &ChangedLines) -> String {
    let mut out = format!("<section class=\"file\" id=\"f{number}\">\n<header><code>{}</code>", outside(&file.path));
    if let Some(old) = &file.old_path {
        let _ = write!(out, "<span class=\"faint\">was <code>{}</code></span>", outside(old));
    }
    if file.added {
        out.push_str("<span class=\"faint\">new</span>");
    }
    let _ = writeln!(
        out,
        "<span>{}</span><span class=\"faint\">{} changed lines</span>{}</header>",
        fraction::display(file.lines, None),
        counts(file.lines),
        bar(file.lines)
    );
    match source {
        Some(source) => table(&mut out, number, file, source, lines),
        None => out.push_str("<p class=\"faint\">The source is not at hand.</p>\n"),
    }
    out.push_str("</section>\n");
    out
}

/// The changed lines with those around them; what lies between is left out.
fn table(out: &mut String, number: usize, file: &PatchFile, source: &str, lines: &ChangedLines) {
    let shown = ranges_around(&lines.changed, AROUND);
    let mut highlighter = Highlighter::new(languages::of_path(&file.path));
    let mut left = FILE_LINES;
    let mut hidden = 0u64;
    let mut parts = shown.iter().peekable();
    out.push_str("<div class=\"scroll\"><table class=\"source\">\n");
    for (line, text) in (1u32..).zip(source_lines(source)) {
        // Every line goes through the highlighter, since comments and strings may begin far above.
        let pieces = highlighter.line(text);
        while parts.peek().is_some_and(|part| part.last < line) {
            parts.next();
        }
        let Some(part) = parts.peek().filter(|part| part.first <= line) else {
            if parts.peek().is_none() {
                break;
            }
            continue;
        };
        if left == 0 {
            hidden += 1;
            continue;
        }
        if line == part.first {
            gap(out, part);
        }
        row(out, number, file, lines, line, &pieces);
        left -= 1;
    }
    out.push_str("</table></div>\n");
    if hidden > 0 {
        let _ = writeln!(out, "<p class=\"faint\">{} not shown</p>", plural(hidden, "more line"));
    }
}

/// Lines without their ends; the last line feed begins none.
fn source_lines(source: &str) -> impl Iterator<Item = &str> {
    let source = source.strip_suffix('\n').unwrap_or(source);
    source.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
}

fn gap(out: &mut String, part: &LineRange) {
    let _ = writeln!(out, "<tr class=\"gap\"><td colspan=\"4\">from line {}</td></tr>", part.first);
}

fn row(out: &mut String, number: usize, file: &PatchFile, lines: &ChangedLines, line: u32, pieces: &[(Piece, &str)]) {
    let (class, mark) = match lines.state(line) {
        Some(LineState::Covered) => ("c", "✔"),
        Some(LineState::Partial) => ("p", "◐"),
        Some(LineState::Uncovered) => ("u", "✖"),
        None => ("", ""),
    };
    let changed = ranges::contains(&lines.changed, line);
    let (pale, plus) = if changed { ("", "+") } else { (" x", "") };
    let anchor = match file.uncovered.iter().any(|range| range.first == line) {
        true => format!(" id=\"f{number}-{line}\""),
        false => String::new(),
    };
    let _ = write!(
        out,
        "<tr class=\"{class}{pale}\"{anchor}><td class=\"n\">{line}</td><td class=\"m\">{mark}</td>\
         <td class=\"m\">{plus}</td><td class=\"s\">"
    );
    code(out, pieces);
    out.push_str("</td></tr>\n");
}

/// A line of source, coloured and cut.
fn code(out: &mut String, pieces: &[(Piece, &str)]) {
    let mut left = LINE_CHARS;
    for (piece, text) in pieces {
        let class = match piece {
            Piece::Plain => None,
            Piece::Comment => Some("o"),
            Piece::Text => Some("t"),
            Piece::Keyword => Some("k"),
        };
        if left == 0 && !text.is_empty() {
            out.push('…');
            return;
        }
        let cut: String = text.chars().take(left).collect();
        left -= cut.chars().count();
        let whole = cut.len() == text.len();
        let text = escape::html(&cut);
        let _ = match class {
            Some(class) => write!(out, "<span class=\"{class}\">{text}</span>"),
            None => write!(out, "{text}"),
        };
        if !whole {
            out.push('…');
            return;
        }
    }
}
