//! Words that several parts of the report use.

/// `1 package`, `2 packages`.
pub fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// Characters of a name that a table's cell shows: registries allow 214 and less.
const CELL_CHARS: usize = 160;

/// A text that fits into a cell.
pub fn cut(text: &str) -> String {
    if text.chars().count() <= CELL_CHARS {
        return text.to_owned();
    }
    let head: String = text.chars().take(CELL_CHARS - 1).collect();
    format!("{head}…")
}
