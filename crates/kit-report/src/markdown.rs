//! The sections of a report as Markdown, for hosts that show it.

use crate::escape;
use crate::report::{Block, Section, Table};
use std::fmt::Write;

/// One section: a heading of the third level and its blocks.
pub fn section(section: &Section) -> String {
    let mut out = format!("### {}\n\n", escape::markdown(&section.title));
    for block in &section.blocks {
        match block {
            Block::Text(text) => {
                let _ = writeln!(out, "{}\n", escape::markdown(text));
            }
            Block::Table(rows) => out.push_str(&table(rows)),
        }
    }
    out
}

fn table(table: &Table) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", table.columns.iter().map(|c| escape::markdown(c)).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(table.columns.len()));
    for row in &table.rows {
        let _ = writeln!(out, "| {} |", row.iter().map(|cell| escape::markdown(cell)).collect::<Vec<_>>().join(" | "));
    }
    out.push('\n');
    out
}
