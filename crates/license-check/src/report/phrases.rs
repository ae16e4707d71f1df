//! Words that several parts of the report use.

pub use kit_report::plural;

/// Characters of a name that a table's cell shows: registries allow 214 and less.
const CELL_CHARS: usize = 160;

/// A text from outside on one line: control characters (line breaks too) as escapes, `\n`.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
            line.extend(letter.escape_debug());
        } else {
            line.push(letter);
        }
    }
    line
}

/// A text that fits into a cell, on one line.
pub fn cut(text: &str) -> String {
    let text = &one_line(text);
    if text.chars().count() <= CELL_CHARS {
        return text.to_owned();
    }
    let head: String = text.chars().take(CELL_CHARS - 1).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_line_breaks_stays_on_its_line() {
        assert_eq!(one_line("a\nb\r\0\u{85}\u{2028}c\\"), "a\\nb\\r\\0\\u{85}\\u{2028}c\\");
        assert_eq!(cut("a\nb"), "a\\nb");
    }
}
