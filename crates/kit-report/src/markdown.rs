//! The sections of a report as Markdown, for hosts that show it.

use crate::escape;
use crate::report::{Block, Section, Table};
use std::fmt::Write;

/// One section: a heading of the third level and its blocks.
pub fn section(section: &Section) -> String {
    format!("### {}\n\n{}", escape::markdown(&section.title), blocks(&section.blocks, true))
}

/// Blocks one after another, each followed by an empty line. `fold` is whether `Details` fold here.
fn blocks(blocks: &[Block], fold: bool) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Text(text) => {
                let _ = writeln!(out, "{}\n", escape::markdown_message(text));
            }
            Block::Table(rows) => out.push_str(&table(rows)),
            Block::Preformatted(text) => {
                let _ = writeln!(out, "{}\n", escape::markdown_preformatted(text));
            }
            Block::Details { summary, blocks } => out.push_str(&details(summary, blocks, fold)),
        }
    }
    out
}

fn details(summary: &str, content: &[Block], fold: bool) -> String {
    if !fold {
        return format!("{}\n\n{}", escape::markdown(summary), blocks(content, false));
    }
    // The empty lines end the HTML blocks, so that what stands between is read as Markdown again.
    format!("<details><summary>{}</summary>\n\n{}</details>\n\n", escape::html(summary), blocks(content, false))
}

/// A table, followed by an empty line.
pub fn table(table: &Table) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", table.columns.iter().map(|c| escape::markdown(c)).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(table.columns.len()));
    for row in &table.rows {
        let _ = writeln!(out, "| {} |", row.iter().map(|cell| escape::markdown(cell)).collect::<Vec<_>>().join(" | "));
    }
    out.push('\n');
    out
}
