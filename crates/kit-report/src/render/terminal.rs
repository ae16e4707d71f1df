//! The report for people, on a terminal or in a plain log.

use crate::escape;
use crate::report::{Block, Finding, Level, Report, Table, Verdict};
use std::fmt::Write;

/// Findings shown in full before the rest is only counted; a log of thousands of lines is read by nobody, and the JSON
/// report holds them all.
pub const FINDINGS_SHOWN: usize = 50;
/// Characters of one table cell; longer ones are cut with an ellipsis, since a row must fit on a screen.
const CELL_CHARS: usize = 100;

/// The whole report as text that ends with a line feed. `color` adds ANSI colours to the marks.
pub fn render(report: &Report, color: bool) -> String {
    let mut out = String::new();
    for section in &report.sections {
        let _ = writeln!(out, "{}", escape::log_line(&section.title));
        blocks(&mut out, &section.blocks);
        out.push('\n');
    }
    let ranked = report.ranked_findings();
    for finding in ranked.iter().take(FINDINGS_SHOWN) {
        let _ = writeln!(out, "{}", finding_line(finding, color));
    }
    if ranked.len() > FINDINGS_SHOWN {
        let _ = writeln!(out, "... {} more findings not shown; --json has them all", ranked.len() - FINDINGS_SHOWN);
    }
    if ranked.iter().any(|finding| finding.message == report.headline) {
        // A failure is its own headline; once is enough.
        return out;
    }
    let (mark, code) = match report.verdict {
        Verdict::Pass => ("✔", "32"),
        Verdict::Superseded => ("✔", "36"),
        Verdict::Unproven => ("?", "33"),
        Verdict::Fail | Verdict::Error => ("✖", "31"),
    };
    let _ = writeln!(out, "{} {}: {}", paint(mark, code, color), report.tool, escape::log_line(&report.headline));
    out
}

fn blocks(out: &mut String, content: &[Block]) {
    for block in content {
        match block {
            Block::Text(text) | Block::Preformatted(text) => {
                for line in text.split('\n') {
                    let _ = writeln!(out, "  {}", escape::log_line(line));
                }
            }
            Block::Table(rows) => out.push_str(&table(rows)),
            Block::Details { summary, blocks: content } => {
                let _ = writeln!(out, "  {}", escape::log_line(summary));
                blocks(out, content);
            }
        }
    }
}

/// One finding as one line: `error: path:line: message [code]`.
pub fn finding_line(finding: &Finding, color: bool) -> String {
    let (word, code) = match finding.level {
        Level::Error => ("error", "31"),
        Level::Warning => ("warning", "33"),
        Level::Notice => ("notice", "36"),
    };
    let place = match &finding.location {
        Some(location) => format!("{}: ", escape::log_line(&location.place())),
        None => String::new(),
    };
    format!("{}: {place}{} [{}]", paint(word, code, color), escape::log_line(&finding.message), finding.code)
}

fn paint(text: &str, code: &str, color: bool) -> String {
    if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn table(table: &Table) -> String {
    let rows: Vec<Vec<String>> = std::iter::once(table.columns.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>())
        .chain(table.rows.iter().map(|row| row.iter().map(|cell| cut(&escape::log_line(cell))).collect()))
        .collect();
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|i| rows.iter().map(|row| row.get(i).map_or(0, |cell| cell.chars().count())).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            // Figures line up on the right, names on the left.
            let figure = cell.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
                && cell.chars().all(|c| c.is_ascii_digit() || ".,%+-s ".contains(c));
            let blanks = " ".repeat(width - cell.chars().count());
            if figure {
                let _ = write!(line, " {blanks}{cell}");
            } else {
                let _ = write!(line, " {cell}{blanks}");
            }
            line.push(' ');
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn cut(cell: &str) -> String {
    if cell.chars().count() <= CELL_CHARS {
        return cell.to_owned();
    }
    // A sentence without its beginning may say the opposite.
    if cell.contains(' ') {
        let head: String = cell.chars().take(CELL_CHARS - 1).collect();
        return format!("{head}…");
    }
    // The end of a path tells more than its beginning.
    let tail: String = cell.chars().skip(cell.chars().count() - (CELL_CHARS - 1)).collect();
    format!("…{tail}")
}
